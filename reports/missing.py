"""What a day's or a week's report still waits for: villages without a record, late filings, red slips not answered."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canvass.figures import VILLAGE, Scope, count
from canvass.moments import last_moment
from grids.models import Place
from issues.enums import SlipStepKind, SupervisionColour
from issues.models import SupervisionSlip
from visits.figures import gathering_rows, handout_rows, visit_rows
from visits.models import Visit

VILLAGE_CODE = r"^[0-9]{12}$"
MOST_NAMES = 10


@dataclass(frozen=True)
class Missing:
    """`villages`: names of those without any valid visit, gathering or handout of the period, as known now.

    `late`: valid visits of the period that were filed after its end; what a workbook brought is not late.
    `slips`: numbers of the red slips of now whose department has not answered.
    """

    villages: list = field(default_factory=list)
    late: int = 0
    slips: list = field(default_factory=list)

    @property
    def texts(self):
        """A clause for each thing that is missing, or one that nothing is."""
        texts = []
        if n := len(self.villages):
            names = "、".join(self.villages[:MOST_NAMES]) + ("…" if n > MOST_NAMES else "")
            text = ngettext("%(n)d 个村没有填报（%(names)s）", "%(n)d 个村没有填报（%(names)s）", n)
            texts.append(text % {"n": n, "names": names})
        if self.late:
            texts.append(ngettext("事后补录走访 %d 次", "事后补录走访 %d 次", self.late) % self.late)
        if n := len(self.slips):
            text = ngettext("%(n)d 张红色督办单没有回复", "%(n)d 张红色督办单没有回复", n)
            texts.append(text % {"n": n})
        return texts or [_("各村都有填报，没有补录，红色督办单都已回复")]


def missing_of(campaign, period):
    """What is missing of a period that is over, as known now. The same few queries for any number of villages."""
    end = last_moment(period.last)
    days = {"first": period.first, "last": period.last}
    scope = Scope(campaign, end, place=campaign.area_id, known_at=timezone.now(), **days)
    rows = [visit_rows(scope), gathering_rows(scope), handout_rows(scope)]
    filed = set().union(*(count(each).by(VILLAGE) for each in rows))
    villages = Place.objects.inside(campaign.area_id).active_on(period.last).filter(code__regex=VILLAGE_CODE)
    late = rows[0].queryset.filter(origin__in=[Visit.Origin.FORM, Visit.Origin.PAPER], filed_at__gt=end)
    slips = (
        SupervisionSlip.objects.open()
        .filter(campaign=campaign, colour=SupervisionColour.RED, issue__is_restricted=False)
        .exclude(steps__kind=SlipStepKind.ANSWERED)
        .order_by("number")
    )
    return Missing(
        [name for code, name in villages.order_by("code").values_list("code", "name") if code not in filed],
        late.count(),
        list(slips.values_list("number", flat=True)),
    )
