"""What a page of figures is asked by its address: which campaign, place, cut-off and period."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from campaigns.enums import CampaignState
from campaigns.models import Campaign
from canvass.asking import asked
from canvass.figures import Scope
from canvass.moments import last_moment
from canvass.places import is_inside
from grids.models import Place

from .breakdown import level_below
from .readers import readable_campaigns, reader_codes
from .weeks import Week

YEARS = range(2000, 2101)  # a date outside them is a slip of the pen
RANK = {CampaignState.RUNNING: 0, CampaignState.CLOSED: 1, CampaignState.ARCHIVED: 2, CampaignState.DRAFT: 3}


class UnclearError(ValueError):
    """The address holds a value that makes no sense; the text says so to the person."""


@dataclass(frozen=True)
class Question:
    """One campaign and place that the person may read, one cut-off, one week.

    `known_at`: by what moment's knowledge rows are void; the links of an issued report name it.
    """

    campaign: Campaign
    campaigns: list
    place: Place
    places: list
    as_of: datetime
    as_of_day: date | None
    week: Week
    as_of_text: str = ""
    known_at: datetime | None = None
    trend: str = "week"  # what a bar of the charts is: a week or a day

    @property
    def scope(self):
        """The campaign to date."""
        return self.scope_of(None, None)

    @property
    def week_scope(self):
        """The week, as known at the same cut-off."""
        return self.scope_of(self.week.monday, self.week.sunday)

    def scope_of(self, first, last):
        return Scope(self.campaign, self.as_of, first, last, place=self.place.code, known_at=self.known_at)

    @property
    def is_midweek(self):
        """Whether the cut-off lies inside the week: it has fewer days than the one it is compared with."""
        return self.week.monday <= self.scope.day < self.week.sunday

    @property
    def level(self):
        """The level of the rows below the place, the towns of a county, the villages of a town; "" for none."""
        return level_below(self.place.code)

    def address(self, **parameters):
        """The query string that asks the same again, with more parameters."""
        asked = {"campaign": self.campaign.code, "place": self.place.code}
        if self.as_of_text:
            asked["as_of"] = self.as_of_text
        if self.known_at:
            asked["known_at"] = self.known_at.isoformat()
        return urlencode(asked | parameters)


def ask(request):
    """The Question of a request; None when there is no campaign at all whose figures the person may read.

    A campaign or place outside the person's reach does not exist (404); a value that makes no sense raises
    UnclearError.
    """
    campaigns = readable_campaigns(request.user)
    campaign = _campaign(asked(request, "campaign"), campaigns)
    if campaign is None:
        return None
    place, choices = _place(request, campaign)
    as_of_text = asked(request, "as_of")
    moment = moment_of(request, "as_of") if "T" in as_of_text else None
    as_of_day = None if moment else day_of(request, "as_of")
    as_of = moment or (last_moment(as_of_day) if as_of_day else timezone.now())
    week = _week(asked(request, "week"), campaign, timezone.localdate(as_of))
    known_at = moment_of(request, "known_at")
    trend = "day" if asked(request, "trend") == "day" else "week"
    return Question(campaign, campaigns, place, choices, as_of, as_of_day, week, as_of_text, known_at, trend)


def day_of(request, name):
    """The day that a parameter names, None when it is absent."""
    text = asked(request, name)
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise UnclearError(_("“%(text)s”不是日期：请写成 2018-09-10 的样子。") % {"text": text})
    return day


def last_days(request, question, days):
    """The scope of the days from and to; without them, so many days until the cut-off."""
    last = day_of(request, "to") or question.scope.day
    first = day_of(request, "from") or last - timedelta(days=days - 1)
    if last < first:
        raise UnclearError(_("时段的最后一天不能早于第一天。"))
    return question.scope_of(first, last)


def moment_of(request, name):
    """The moment that a parameter names, None when it is absent."""
    text = asked(request, name)
    if not text:
        return None
    try:
        # A plus in an address that nobody escaped arrives as a blank.
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.year not in YEARS:
        raise UnclearError(_("“%(text)s”不是时间：请写成 2018-09-10T17:30 的样子。") % {"text": text})
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _campaign(code, campaigns):
    """The campaign of a code, else the newest running one, else the newest that is over."""
    if code:
        found = [campaign for campaign in campaigns if campaign.code == code]
        if not found:
            raise Http404
        return found[0]
    return min(campaigns, key=lambda campaign: RANK[campaign.state], default=None)


def _place(request, campaign):
    """The place that is asked for, else the widest of the person's own; and all of these to choose from."""
    codes = reader_codes(request.user, campaign)
    own = list(Place.objects.filter(code__in=codes))
    own.sort(key=lambda place: (len(place.code), place.code))
    code = asked(request, "place")
    if not code:
        return own[0], own
    place = Place.objects.filter(code=code).first() if is_inside(code, *codes) else None
    if place is None:
        raise Http404
    return place, own


def _week(text, campaign, day):
    """The week of a label, else the week of the day, kept between the campaign's first and last."""
    if not text:
        return Week.of(min(max(day, campaign.first_on), campaign.last_on))
    try:
        week = Week.parse(text)
    except ValueError:
        week = None
    if week is None or week.monday.year not in YEARS:
        raise UnclearError(_("“%(text)s”不是一周：请写成 2018-W36 的样子。") % {"text": text})
    return week
