"""What there is to visit: the register as one campaign sees it, and the pages of such lists."""

import base64
import binascii
import json
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Case, Count, DateField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject, TruncDate
from django.db.models.lookups import StartsWith
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from canvass import places
from canvass.figures import Scope
from grids.enums import RegisterState
from grids.models import RegisterEntry

from .enums import Outcome
from .figures import VISITED, household_lots
from .models import Visit

PAGE_SIZE = 50
GONE_STATES = [RegisterState.MOVED, RegisterState.DEMOLISHED]
GONE_OUTCOMES = [Outcome.MOVED, Outcome.DEMOLISHED]
# The filters of my list, in the order of their buttons.
FILTERS = {
    "": _("全部"),
    "unvisited": _("未走访"),
    "not_in": _("未遇"),
    "due": _("到期再访"),
    "visited": _("已走访"),
}
# Sorts after every day on which somebody is to come back.
LATER = date.max


def targets(user, campaign):
    """Entries that the person may see in the campaign's area, with how they stand in it.

    Annotates `last_at` and `last_outcome` (the last valid visit), `is_visited` (one counts) and `turn_on`:
    nothing for a door where nobody was yet, the day on which it was due again for one that is due by today,
    LATER for all others.
    """
    visits = Visit.objects.filter(entry=OuterRef("pk"), campaign=campaign).valid_at(timezone.now())
    last = visits.order_by("-started_at", "-pk")
    return (
        RegisterEntry.objects.visible_to(user)
        .inside(campaign.area_id)
        .annotate(
            last_at=Subquery(last.values("started_at")[:1]),
            last_outcome=Subquery(last.values("outcome")[:1]),
            is_visited=Exists(visits.counting(campaign)),
            turn_on=Case(
                When(state__in=GONE_STATES, then=Value(LATER)),
                default=Subquery(_with_turn(last, campaign).values("turn")[:1]),
                output_field=DateField(),
            ),
        )
    )


def return_days(campaign):
    """{outcome: after how many days one comes back}; nobody comes back once the campaign is closed."""
    if not campaign.is_writable:
        return {}
    rows = [row for row in campaign.outcomes.all() if not row.closes_target]
    return {row.outcome: row.return_after_days for row in rows if row.return_after_days is not None}


def _with_turn(visits, campaign):
    """Whole days in Shanghai: a door found empty on Monday evening is due from Thursday's first minute."""
    returns = [
        When(outcome=outcome, then=TruncDate(F("started_at") + timedelta(days=days)))
        for outcome, days in return_days(campaign).items()
    ]
    due = Case(*returns, default=Value(None), output_field=DateField())
    is_due = When(due__lte=timezone.localdate(), then=F("due"))
    return visits.annotate(due=due).annotate(
        turn=Case(is_due, default=Value(LATER), output_field=DateField())
    )


class ReturnDay(NamedTuple):
    """When somebody is to come back to a door; `late` days ago, or negative while there is time."""

    on: date
    late: int


def return_day(campaign, entry, last_at, last_outcome):
    """The ReturnDay after the last visit to a door, or None when nobody needs to come back."""
    days = return_days(campaign).get(last_outcome)
    if last_at is None or days is None or entry.state in GONE_STATES:
        return None
    on = timezone.localdate(last_at) + timedelta(days=days)
    return ReturnDay(on, (timezone.localdate() - on).days)


def _conditions():
    """What each of FILTERS asks of a row."""
    never = Q(last_outcome__isnull=True) | ~Q(last_outcome__in=GONE_OUTCOMES)
    return {
        "": Q(),
        "unvisited": never & Q(is_visited=False) & ~Q(state__in=GONE_STATES),
        "not_in": Q(last_outcome=Outcome.NOT_IN, is_visited=False),
        "due": Q(turn_on__lte=timezone.localdate()),
        "visited": Q(is_visited=True),
    }


def find_targets(rows, *, words="", show=""):
    """Narrow by words (door number, householder's name, number) and by one of FILTERS."""
    for word in words.split():
        rows = rows.filter(
            Q(address__icontains=word) | Q(holder_name__icontains=word) | Q(number__icontains=word)
        )
    return rows.filter(_conditions()[show])


def count_targets(rows):
    """{filter: how many rows its list has}, in one statement."""
    counts = {key or "all": Count("pk", filter=condition) for key, condition in _conditions().items()}
    counts["all"] = Count("pk")
    found = rows.aggregate(**counts)
    return {key: found[key or "all"] for key in FILTERS}


def page_of_targets(rows, after=""):
    """(one page, the key of the next one or ""): never visited first, then the longest due, then the others.

    Within that by number, as the roster has them: as text, door 10 would come before door 2.
    """
    key = _read_key(after, date.fromisoformat, str, str)
    if key:
        rows = rows.filter(_targets_after(*key))
    rows = rows.order_by(F("turn_on").asc(nulls_first=True), "grid_id", "number")
    return _cut(rows, lambda row: [row.turn_on, row.grid_id, row.number])


def _targets_after(turn_on, grid, number):
    same = Q(grid_id__gt=grid) | Q(grid_id=grid, number__gt=number)
    if turn_on is None:
        return Q(turn_on__isnull=False) | (Q(turn_on__isnull=True) & same)
    return Q(turn_on__gt=turn_on) | (Q(turn_on=turn_on) & same)


def page_of_visits(rows, after=""):
    """(one page, the key of the next one or ""): newest first."""
    key = _read_key(after, _read_moment, int)
    if key and key[0]:
        rows = rows.filter(Q(started_at__lt=key[0]) | Q(started_at=key[0], pk__lt=key[1]))
    return _cut(rows.order_by("-started_at", "-pk"), lambda row: [row.started_at, row.pk])


def _cut(rows, key_of):
    """By key and not by OFFSET: page 400 costs what page 1 costs, and nothing is shown twice."""
    found = list(rows[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    return page, _write_key(key_of(page[-1])) if len(found) > PAGE_SIZE else ""


def _write_key(values):
    return base64.urlsafe_b64encode(json.dumps(values, cls=ExactEncoder).encode()).decode()


def _read_key(text, read_first, *kinds):
    """The values of a page key: what `read_first` reads or None, then values of these kinds.

    None when it was invented.
    """
    try:
        first, *rest = json.loads(base64.urlsafe_b64decode(text.encode()))
        first = read_first(first) if first else None
    except (binascii.Error, UnicodeError, ValueError, TypeError):
        return None
    fits = [type(value) for value in rest] == list(kinds) and "\0" not in str(rest)
    return [first, *rest] if fits else None


def _read_moment(text):
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment


class ExactEncoder(DjangoJSONEncoder):
    """Moments with their microseconds, which Django's own encoder cuts off."""

    def default(self, o):
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


class Progress(NamedTuple):
    """How far the visits of one grid are; `lots`: (word, households) of those not visited, only what there is."""

    grid: object
    visited: int
    to_visit: int
    lots: list


LOT_WORDS = {
    Outcome.NOT_IN: Outcome.NOT_IN.label,
    Outcome.VACANT: Outcome.VACANT.label,
    Outcome.REFUSED: Outcome.REFUSED.label,
    Outcome.REMOTE: _("只远程联系过"),
    RegisterState.ACTIVE: _("还没去过"),
}


def grid_progress(user, campaign):
    """Progress of the grids one is posted to: of grids, never of persons. One statement a grid.

    Offices with whole villages read the dashboard instead.
    """
    grids = {posting.place_id: posting.place for posting in user.reach.postings if posting.place_id}
    codes = [code for code in user.reach.area_codes if places.is_inside(code, campaign.area_id)]
    rows = []
    for code in [code for code in codes if len(code) == places.GRID][:4]:
        lots = household_lots(Scope(campaign, as_of=timezone.now(), place=code))
        others = [(word, lots[str(lot)]) for lot, word in LOT_WORDS.items() if lots[str(lot)]]
        rows.append(Progress(grids[code], lots[VISITED], sum(lots.values()), others))
    return rows


# What filing needs of a campaign, in the order of the model's fields; the rest is read when asked for.
HEADER = ("id", "code", "name", "first_on", "state", "notice_version")


def find_target(user, number, campaign_code=""):
    """(entry, campaign) of a number, in one statement; None for what is not there or not to be seen.

    The campaign is the newest running one that the person sees and whose area holds the entry.
    """
    running = Campaign.objects.running().visible_to(user)
    if campaign_code:
        running = running.filter(code=campaign_code)
    holding = running.filter(StartsWith(OuterRef("grid_id"), F("area_id"))).order_by("-first_on", "code")
    entry = (
        RegisterEntry.objects.visible_to(user)
        .filter(number=number)
        .annotate(
            campaign_row=Subquery(holding.values(row=JSONObject(**{name: name for name in HEADER}))[:1])
        )
        .first()
    )
    if entry is None or entry.campaign_row is None:
        return entry, None
    values = [Campaign._meta.get_field(c).to_python(entry.campaign_row[c]) for c in HEADER]
    return entry, Campaign.from_db(entry._state.db, HEADER, values)
