"""The demo campaign: invented rows for a workbook, and what is done to them afterwards.

`campaign_sheets(plan, now)` gives the rows of a campaign workbook, the same ones for the same plan and day;
`history` and `accounts` add what no workbook carries. Nobody and nothing in it is real except the codes and
names of province, city, district and town.
"""

from .plan import FULL, QUICK, Plan
from .rows import campaign_sheets

__all__ = ["FULL", "QUICK", "Plan", "campaign_sheets"]
