"""What the residents' bulletin says: the catalogue's figures at the end of the last whole day, without small numbers."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from canvass.figures import VILLAGE, Scope
from canvass.moments import last_moment
from canvass.reading import consistent_reads
from canvass.shared import shared_queries
from issues.models import Category
from issues.models.issues import RESTRICTED_CATEGORY

from .breakdown import rows_by
from .catalogue import FIGURES
from .models import BulletinDay, BulletinExample, BulletinSwitch
from .small_cells import column_sums, public_number, public_share, split_rows

NUMBERS = ("households", "households_visited", "opinions", "issues", "issues_resolved", "issues_started")
SHARES = ("confirmed_solved_rate", "satisfaction_rate")
COLUMNS = ("households", "households_visited", "opinions", "issues", "issues_resolved")
RESOLVED_OR_STARTED = "issues_resolved_or_started"


# --- Whether it is public --------------------------------------------------------------------------------------------


def is_public(campaign):
    """What the latest switch says; never switched is not public."""
    latest = BulletinSwitch.objects.filter(campaign=campaign).values_list("is_public", flat=True).first()
    return bool(latest)


def public_campaign(code):
    """The campaign of a code whose bulletin residents may read, or None."""
    campaign = Campaign.objects.select_related("area").prefetch_related("outcomes").filter(code=code).first()
    return campaign if campaign and is_public(campaign) else None


# --- The numbers of a day --------------------------------------------------------------------------------------------


def last_whole_day(now=None):
    return timezone.localdate(now) - timedelta(days=1)


def figures_of_day(campaign, day):
    """The BulletinDay of a day, made when nobody has looked before; None before the campaign has a whole day."""
    if day < campaign.first_on:
        return None
    stored = BulletinDay.objects.filter(campaign=campaign, day=day).first()
    if stored is None:
        content = content_of(campaign, day)
        stored, _made = BulletinDay.objects.get_or_create(
            campaign=campaign, day=day, defaults={"content": content}
        )
    return stored


def content_of(campaign, day):
    """The figures at the end of a day as the page may print them; what is small is not in it any more."""
    scope = Scope(campaign, last_moment(day), place=campaign.area_id)
    with consistent_reads(), shared_queries():
        results = {key: FIGURES[key].result(scope) for key in (*NUMBERS, *SHARES, RESOLVED_OR_STARTED)}
        return {
            "numbers": _numbers(results),
            "shares": {key: public_share(results[key].numerator, results[key].denominator) for key in SHARES},
            "places": _places(scope),
            "categories": _categories(scope),
        }


def _numbers(results):
    """{key: number, or None for fewer than three}. A sum goes with its parts, and is left out where one is small."""
    numbers = {key: public_number(results[key].value) for key in NUMBERS}
    parts = (numbers["issues_resolved"], numbers["issues_started"])
    if None not in parts:
        numbers[RESOLVED_OR_STARTED] = results[RESOLVED_OR_STARTED].value
    return numbers


def _places(scope):
    """The rows by village. What belongs to no single village is a row too, so that the rows add up to the whole."""
    *rows, above = rows_by(scope, VILLAGE, [FIGURES[key] for key in COLUMNS])
    if any(result.value for result in above.figures.values()):
        rows.append(above)
    return _table(
        [(row.name if row.code else "", [row.figures[key].value for key in COLUMNS]) for row in rows]
    )


def _categories(scope):
    """The issues by their first two digits. Misconduct reports are in no figure, so that their row is left out."""
    found = FIGURES["issues_by_category"].result(scope).value
    return _table([(code, [found[code]]) for code in sorted(found) if code != RESTRICTED_CATEGORY])


def _table(rows):
    """{rows: [[name, numbers]], rest: {names, numbers} or None}; both empty when no breakdown is safe."""
    shown, hidden = split_rows(rows)
    rest = {"names": [name for name, _numbers in hidden], "numbers": column_sums(hidden)} if hidden else None
    return {"rows": [list(row) for row in shown], "rest": rest}


# --- The page --------------------------------------------------------------------------------------------------------


class Bulletin:
    """What the page of one campaign shows."""

    def __init__(self, campaign, now=None):
        self.campaign = campaign
        self.day = last_whole_day(now)
        stored = figures_of_day(campaign, self.day)
        self.content = stored and stored.content
        self.examples = BulletinExample.objects.filter(issue__campaign=campaign).shown()

    @property
    def figures(self):
        """For the labels and units: the catalogue's words are those of the page."""
        return FIGURES

    @property
    def numbers(self):
        return self.content["numbers"]

    @property
    def shares(self):
        return [{"figure": FIGURES[key], **self.content["shares"][key]} for key in SHARES]

    @property
    def columns(self):
        return [FIGURES[key] for key in COLUMNS]

    @property
    def category_columns(self):
        return [FIGURES["issues"]]

    @property
    def places(self):
        """(name, numbers) of the table by village, the sum of the others last."""
        other = _("不属于某一个村")
        return self._rows("places", lambda name: name or other)

    @property
    def categories(self):
        labels = {category.code: str(category) for category in Category.objects.filter(parent=None)}
        return self._rows("categories", lambda code: labels.get(code, code))

    def _rows(self, table, label):
        rows, rest = self.content[table]["rows"], self.content[table]["rest"]
        lines = [{"name": label(name), "numbers": numbers} for name, numbers in rows]
        if rest:
            names = "、".join(label(name) for name in rest["names"])
            lines.append({"name": _("其余合计"), "names": names, "numbers": rest["numbers"]})
        return lines
