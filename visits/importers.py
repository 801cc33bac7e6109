"""Loads the sheets of visits, gatherings and materials."""

from collections import defaultdict

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from canvass import bulk
from canvass.importing import Importer
from grids.importers import known_cadres, known_entries, refer_to_places
from grids.models import Cadre, RegisterEntry, RegisterPeriod

from .models import Gathering, GatheringSpeaker, Handout, Visit, VisitCadre, VisitStep
from .sheets import GATHERINGS, MATERIALS, VISITS
from .snapshots import role_on

_ENTRY, _VISIT = F("entry__number"), F("visit__number")
_SNAPSHOT = ["cadre_id", "name", "department_id", "department_name", "category", "role"]


class RecordImporter(Importer):
    """Records of a campaign, known by their number: stated twice they must say the same."""

    model = None

    def warn_of_early(self, rows):
        """Rows dated before the campaign are kept, but no figure counts them."""
        first_on = self.load.first_on
        if first_on is None:
            return
        for row in rows:
            value = row[self.sheet.dated_by]
            if value is not None and (value.date() if hasattr(value, "hour") else value) < first_on:
                row.warn(
                    self.sheet.dated_by,
                    _("早于活动第一天 %s。照样导入，但不计入任何数字。") % first_on.isoformat(),
                )

    @property
    def stored_rows(self):
        campaign = self.load.campaign
        if campaign is None or campaign.pk is None:
            return self.model.objects.none()
        return self.model.objects.filter(campaign=campaign)

    def find(self, numbers):
        return set(self.stored_rows.filter(number__in=numbers).values_list("number", flat=True))

    def ids(self, numbers):
        """{number: primary key} of this campaign's records."""
        wanted = {number for number in numbers if number}
        return dict(self.stored_rows.filter(number__in=wanted).values_list("number", "pk")) if wanted else {}

    def refer_to_cadres(self, rows, key):
        self.refer(
            rows, key, "cadres", known_cadres, _("没有这个工号。请核对，或在“人员”表补上；多个工号用分号隔开。")
        )  # fmt: skip

    def refer_to_visits(self, rows):
        visits = self.load.importers["visits"]
        self.refer(rows, "visit", "visits", visits.find, _("没有这次走访。请核对走访编号。"))

    def refer_to_entries(self, rows):
        self.refer(
            rows, "entry", "register", known_entries, _("没有这个走访对象。请核对编号，或在“走访对象”表补上。")
        )  # fmt: skip

    def stored_lists(self, ids, model, owner, value):
        """{owner's primary key: tuple of values} of the rows that hang on these records."""
        found = defaultdict(list)
        for pk, item in model.objects.filter(**{f"{owner}__in": ids}).values_list(owner, value):
            found[pk].append(item)
        return found

    @property
    def people(self):
        """The cadres that records name, shared by all importers of the load."""
        importer = self.load.importers["visits"]
        if not hasattr(importer, "snapshots"):
            importer.snapshots = Snapshots()
        return importer.snapshots


class Snapshots:
    """Cadres as they are now, with their postings, read once each. Used when all people are written."""

    def __init__(self):
        self._known = {}

    def add(self, numbers):
        wanted = {number for number in numbers if number not in self._known}
        if not wanted:
            return
        cadres = Cadre.objects.filter(staff_number__in=wanted).select_related("department")
        for cadre in cadres.prefetch_related("postings"):
            department = cadre.department.name if cadre.department_id else ""
            values = (cadre.pk, cadre.name, cadre.department_id, department, cadre.category)
            self._known[cadre.staff_number] = (values, list(cadre.postings.all()))

    def pk(self, number):
        return self._known[number][0][0] if number else None

    def on(self, number, day, code):
        """The columns of a snapshot of a cadre, on duty at a place on a day."""
        values, postings = self._known[number]
        return (*values, role_on(postings, day, code))


class VisitImporter(RecordImporter):
    sheet = VISITS
    model = Visit

    def inspect(self, rows):
        self.refer_to_entries(rows)
        self.refer_to_cadres(rows, "cadres")
        self._refuse_elsewhere(rows)
        self.warn_of_early(rows)
        for row in rows:
            if row["ended_at"] and row["started_at"] and row["ended_at"] < row["started_at"]:
                row.error("ended_at", _("结束时间早于开始时间。请核对。"))

    def _refuse_elsewhere(self, rows):
        """Entries of this workbook lie inside the area already; the others where they stood on the day."""
        on_sheet = self.load.importers["register"].first
        others = [row for row in rows if row["entry"] and row["started_at"] and row["entry"] not in on_sheet]
        grids = grids_on([(row["entry"], _day(row)) for row in others])
        for row, found in zip(others, grids, strict=True):
            if found and not self.load.lies_inside(found[1]):
                row.error(
                    "entry",
                    _("这个走访对象在网格 %(grid)s，不在活动区划 %(area)s 之内。请核对编号。")
                    % {"grid": found[1], "area": self.load.area},
                )

    def stored(self, keys):
        columns = ("pk", "number", "started_at", "outcome", "way", "people_met", "ended_at", "note")
        rows = list(self.stored_rows.filter(number__in=keys).values(*columns, entry_number=_ENTRY))
        cadres = self.stored_lists([row["pk"] for row in rows], VisitCadre, "visit", "cadre__staff_number")
        return {
            row["number"]: row | {"entry": row["entry_number"], "cadres": tuple(cadres[row["pk"]])}
            for row in rows
        }

    def create(self, rows):
        load, people = self.load, self.people
        entries = grids_on([(row["entry"], _day(row)) for row in rows])
        people.add(number for row in rows for number in row["cadres"])
        by = load.by.pk if load.by else None
        ids = bulk.insert(
            Visit,
            ["campaign_id", "number", "entry_id", "grid_id", "started_at", "ended_at", "outcome", "way",
             "people_met", "note", "origin", "filed_at", "filed_by_id"],
            [
                (load.campaign.pk, row["number"], *entry, row["started_at"], row.get("ended_at"),
                 row["outcome"], row.get("way", ""), row.get("people_met"), row.get("note", ""),
                 Visit.Origin.WORKBOOK.value, load.now, by)
                for row, entry in zip(rows, entries, strict=True)
            ],
        )  # fmt: skip
        snapshots = [
            (pk, *people.on(number, _day(row), grid))
            for pk, row, (_entry, grid) in zip(ids, rows, entries, strict=True)
            for number in row["cadres"]
        ]
        bulk.insert(VisitCadre, ["visit_id", *_SNAPSHOT], snapshots)
        filed = VisitStep.Move.FILED.value
        bulk.insert(VisitStep, ["visit_id", "move", "at", "by_id"], [(pk, filed, load.now, by) for pk in ids])


def _day(row):
    return timezone.localdate(row["started_at"])


def grids_on(wanted):
    """For (entry number, day) pairs: (the entry's primary key, its grid on that day), None for unknown ones.

    Before the first period on record the first one answers.
    """
    numbers = {number for number, _day in wanted}
    found = RegisterEntry.objects.filter(number__in=numbers) if numbers else ()
    entries = (
        {e[0]: e[1:] for e in found.values_list("number", "pk", "grid_id", "from_on")} if numbers else {}
    )
    past = {entries[number][0] for number, day in wanted if number in entries and day < entries[number][2]}
    periods = defaultdict(list)
    for period in RegisterPeriod.objects.filter(entry__in=past).order_by("-from_on") if past else ():
        periods[period.entry_id].append(period)

    def grid(pk, present, from_on, day):
        if day >= from_on or pk not in periods:
            return present
        held = [period for period in periods[pk] if period.from_on <= day]
        return (held[0] if held else periods[pk][-1]).grid_id

    return [
        (entries[number][0], grid(*entries[number], day)) if number in entries else None
        for number, day in wanted
    ]


class GatheringImporter(RecordImporter):
    sheet = GATHERINGS
    model = Gathering

    def inspect(self, rows):
        refer_to_places(self, rows, "place")
        self.inside_area(rows, "place")
        self.refer_to_cadres(rows, "speakers")
        self.warn_of_early(rows)

    def stored(self, keys):
        columns = (
            "pk",
            "number",
            "kind",
            "held_on",
            "place",
            "topic",
            "venue",
            "speaker_level",
            "attendance",
        )
        rows = list(self.stored_rows.filter(number__in=keys).values(*columns))
        ids = [row["pk"] for row in rows]
        speakers = self.stored_lists(ids, GatheringSpeaker, "gathering", "cadre__staff_number")
        return {row["number"]: row | {"speakers": tuple(speakers[row["pk"]])} for row in rows}

    def create(self, rows):
        load, people = self.load, self.people
        people.add(number for row in rows for number in row.get("speakers", ()))
        ids = bulk.insert(
            Gathering,
            ["campaign_id", "number", "kind", "held_on", "place_id", "topic", "venue", "speaker_level",
             "attendance", "created_at", "created_by_id"],
            [
                (load.campaign.pk, row["number"], row["kind"], row["held_on"], row["place"],
                 row.get("topic", ""), row.get("venue", ""), row.get("speaker_level", ""),
                 row.get("attendance"), load.now, load.by.pk if load.by else None)
                for row in rows
            ],
        )  # fmt: skip
        speakers = [
            (pk, *people.on(number, row["held_on"], row["place"]))
            for pk, row in zip(ids, rows, strict=True)
            for number in row.get("speakers", ())
        ]
        bulk.insert(GatheringSpeaker, ["gathering_id", *_SNAPSHOT], speakers)


class MaterialImporter(RecordImporter):
    sheet = MATERIALS
    model = Handout

    def inspect(self, rows):
        refer_to_places(self, rows, "place")
        self.inside_area(rows, "place")
        self.refer_to_visits(rows)
        self.warn_of_early(rows)

    def stored(self, keys):
        columns = ("number", "given_on", "kind", "place", "copies")
        rows = self.stored_rows.filter(number__in=keys).values(*columns, visit_number=_VISIT)
        return {row["number"]: row | {"visit": row["visit_number"]} for row in rows}

    def create(self, rows):
        load = self.load
        visits = load.importers["visits"].ids(row.get("visit") for row in rows)
        bulk.insert(
            Handout,
            ["campaign_id", "number", "given_on", "kind", "place_id", "copies", "visit_id", "created_at",
             "created_by_id"],
            [
                (load.campaign.pk, row["number"], row["given_on"], row["kind"], row["place"],
                 row["copies"], visits.get(row.get("visit")), load.now, load.by.pk if load.by else None)
                for row in rows
            ],
        )  # fmt: skip
