"""All sheets of the campaign workbook, each after those it refers to."""

from campaigns.sheets import CADRES, CAMPAIGN, TEAMS
from grids.sheets import AREAS, DEPARTMENTS, GRIDS, REGISTER
from issues.sheets import DEEDS, ISSUES, OPINIONS
from visits.sheets import GATHERINGS, MATERIALS, VISITS

SHEETS = (
    CAMPAIGN,
    AREAS,
    DEPARTMENTS,
    GRIDS,
    TEAMS,
    CADRES,
    REGISTER,
    VISITS,
    GATHERINGS,
    MATERIALS,
    OPINIONS,
    ISSUES,
    DEEDS,
)
