"""The page that each duty begins with. The front door sends people there; the demo prints it."""

from canvass.roles import Role

# The widest duty first: a person with several begins where most of the day's work waits.
PAGES = (
    ((Role.CAMPAIGN_OFFICE, Role.VILLAGE_OFFICE), "/admin/"),
    ((Role.LEADING_GROUP, Role.INSPECTOR), "/reports/"),
    ((Role.UNIT_CLERK, Role.UNIT_HEAD), "/issues/"),
    ((Role.DISCIPLINE,), "/issues/restricted/"),
    ((Role.VISITOR, Role.GRID_LEADER), "/visits/"),
    ((Role.AUDITOR,), "/audit/"),
    ((Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN), "/admin/"),
)
