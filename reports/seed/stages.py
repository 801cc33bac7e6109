"""The demo campaign, stage by stage: each is all or nothing and leaves alone what is there already."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from campaigns.models import Campaign
from reports.loading import load

from .accounts import add_accounts
from .history import add_history
from .plan import CODE, QUICK
from .rows import campaign_sheets

# No sheet holds it: the office types it. An invented number, as all of the demo.
DUTY = ("值班室 老陈", "0573-80000110")


class DemoError(Exception):
    """The demo does not fit into this database; the text says why."""


def build(plan=QUICK, *, now=None, tell=lambda text: None):
    """Make whatever is missing of the demo campaign. Returns (campaign, its SignIns).

    The workbook goes through the same door as everybody's; its one transaction makes an interrupted first
    run begin anew. A campaign that exists is never loaded again: people may have changed it.
    """
    now = now or timezone.localtime()
    campaign = Campaign.objects.filter(code=CODE).first()
    if campaign is None:
        tell("正在生成并导入活动表格……")
        campaign = _load(plan, now)
    else:
        tell("演示活动已在数据库里，原样保留。")
    sign_ins = add_accounts(campaign)
    try:
        if add_history(campaign, now):
            tell("已由演示人员登记今天的走访，办理几件问题。")
    except ValidationError as error:
        # Only when somebody worked in the campaign before an interrupted first run was taken up again.
        tell(f"没有补登演示人员的走访：{'；'.join(error.messages)}")
    return campaign, sign_ins


def _load(plan, now):
    sheets = campaign_sheets(plan, now.replace(tzinfo=None, second=0, microsecond=0))
    outcome = load(sheets, file_name="演示活动.xlsx")
    if not outcome.ok:
        problems = "\n".join(str(problem) for problem in outcome.errors[:5])
        raise DemoError(f"数据库里已有的数据与演示活动冲突（请换一个空数据库）：\n{problems}")
    campaign = Campaign.objects.get(code=CODE)
    campaign.duty_name, campaign.duty_phone = DUTY
    campaign.save(update_fields=["duty_name", "duty_phone"])
    return campaign
