"""An export with names and numbers: one asks and says why, another one releases it, the asker fetches it, soon and seldom.

Who asks holds the campaign's whole area as its office. Who releases is another person, of the office or the leading
group, whose posting holds the place of the one by which it was asked: nobody releases for somebody above.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign
from canvass import places

from .models import ExportRequest, ExportStep

ASK, RELEASE = "reports.export_campaign", "reports.release_export"
# A request that nobody decided lapses; a released file is there for a day, three times.
WAITS, OPEN_FOR, MOST_DOWNLOADS = timedelta(days=3), timedelta(hours=24), 3

WAITING, READY, REFUSED, WITHDRAWN, LAPSED, USED_UP = (
    "waiting",
    "ready",
    "refused",
    "withdrawn",
    "lapsed",
    "used_up",
)
LABELS = {
    WAITING: gettext_lazy("等另一人放行"),
    READY: gettext_lazy("已放行，可以下载"),
    REFUSED: gettext_lazy("没有放行"),
    WITHDRAWN: gettext_lazy("已撤回"),
    LAPSED: gettext_lazy("已过期"),
    USED_UP: gettext_lazy("次数已用完"),
}


@dataclass(frozen=True)
class Standing:
    """How a request stands at a moment."""

    state: str
    until: object = None
    released: ExportStep | None = None
    left: int = 0

    @property
    def label(self):
        return LABELS[self.state]


def standing_of(request, now=None):
    """From its steps alone: nothing about a request is stored twice."""
    now = now or timezone.now()
    steps = {}
    for step in sorted(request.steps.all(), key=lambda step: (step.at, step.pk)):
        steps.setdefault(step.kind, []).append(step)
    if "withdrawn" in steps:
        return Standing(WITHDRAWN)
    if "refused" in steps:
        return Standing(REFUSED)
    if "released" not in steps:
        until = request.asked_at + WAITS
        return Standing(WAITING if now < until else LAPSED, until)
    released = steps["released"][0]
    until, left = released.at + OPEN_FOR, MOST_DOWNLOADS - len(steps.get("downloaded", []))
    if now >= until:
        return Standing(LAPSED, until, released)
    return Standing(READY if left > 0 else USED_UP, until, released, left)


def askable_campaigns(user):
    """Campaigns whose whole area this office holds."""
    mine = places.inside("area_id", *user.reach.codes_with(ASK))
    return Campaign.objects.visible_to(user).filter(mine)


def can_release(user, request):
    return request.asked_by_id != user.pk and places.is_inside(
        request.place_id, *user.reach.codes_with(RELEASE)
    )


@transaction.atomic
def ask_for_export(campaign, *, by, reason):
    """One request at a time: a second one would let somebody wait for whoever looks less closely."""
    # One after the other: the campaign's row is what two windows of one person meet at.
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    codes = [code for code in by.reach.codes_with(ASK) if places.is_inside(campaign.area_id, code)]
    if not codes:
        raise ValidationError(_("只有管理整个活动范围的活动办可以申请。"))
    for former in ExportRequest.objects.filter(campaign=campaign, asked_by=by).order_by("-pk")[:20]:
        if standing_of(former).state in (WAITING, READY):
            raise ValidationError(_("您的申请 %s 还在等放行或可以下载，请先用完或撤回。") % former.number)
    return ExportRequest.objects.create(campaign=campaign, place_id=codes[0], reason=reason, asked_by=by)


def decide(request, *, by, release, reason=""):
    """Release or refuse; of two at once one wins and the other is told."""
    with transaction.atomic():
        request = _locked(request)
        if not can_release(by, request):
            raise ValidationError(_("须由申请人以外、同级或上级的活动办或领导小组来放行。"))
        if standing_of(request).state != WAITING:
            raise ValidationError(_("这份申请已经有人决定、已撤回或已过期。"))
        kind = ExportStep.Kind.RELEASED if release else ExportStep.Kind.REFUSED
        if not release and not reason:
            raise ValidationError(_("不放行请写明原因。"))
        return ExportStep.objects.create(request=request, kind=kind, by=by, reason=reason)


def withdraw(request, *, by):
    """Whoever asked takes it back, also when it is released: nothing can be fetched from then on."""
    with transaction.atomic():
        request = _locked(request)
        if request.asked_by_id != by.pk:
            raise ValidationError(_("只有申请人可以撤回。"))
        if standing_of(request).state not in (WAITING, READY):
            raise ValidationError(_("这份申请已经撤回、过期或用完。"))
        return ExportStep.objects.create(request=request, kind=ExportStep.Kind.WITHDRAWN, by=by)


def begin_download(request, *, by):
    """Count one download; gives the Standing by which it may go on. Before the file is made, so that none goes uncounted."""
    with transaction.atomic():
        request = _locked(request)
        if request.asked_by_id != by.pk:
            raise ValidationError(_("只有申请人可以下载。"))
        if not askable_campaigns(by).filter(pk=request.campaign_id).exists():
            raise ValidationError(_("您现在不再管理整个活动范围，不能下载。"))
        standing = standing_of(request)
        if standing.state != READY:
            raise ValidationError(_("现在不能下载：%s。") % standing.label)
        ExportStep.objects.create(request=request, kind=ExportStep.Kind.DOWNLOADED, by=by)
        return standing


def check_still_open(request):
    """Asked again once the file is made: withdrawn meanwhile, it is not handed out."""
    if request.steps.filter(kind=ExportStep.Kind.WITHDRAWN).exists():
        raise ValidationError(_("这份申请刚才已撤回，没有下载。"))


def watermark(request, standing, now=None):
    """What stands on every sheet: number, who asked, who released, when it was made."""
    now = timezone.localtime(now)
    return _("%(number)s 申请 %(asked)s 放行 %(released)s %(at)s 含个人信息，不得转发") % {
        "number": request.number,
        "asked": request.asked_by.display_name,
        "released": standing.released.by.display_name,
        "at": f"{now:%Y-%m-%d %H:%M}",
    }


def _locked(request):
    return ExportRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
