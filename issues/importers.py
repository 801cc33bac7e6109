"""Loads the sheets of opinions (with the answers to suggestions), issues and deeds."""

from django.db.models import F
from django.utils.translation import gettext as _

from canvass import bulk
from canvass.importing import listed
from grids.importers import department_ids, known_departments, refer_to_places
from visits.enums import OpinionNature
from visits.importers import RecordImporter
from visits.models import Opinion, OpinionMark

from .enums import IssueState
from .history import follow_up_of, imported_steps, state_since
from .models import (
    Category,
    Deed,
    FollowUp,
    Issue,
    IssueOpinion,
    IssueStep,
    IssueSupport,
    SuggestionAnswer,
)
from .models.issues import ASSIGNED_ON, REPLIED_ON, RESTRICTED_CATEGORY
from .sheets import DEEDS, ISSUES, OPINIONS

# A suggestion gets an answer and praise needs none; a report becomes a restricted issue.
_BECOME_ISSUES = {
    OpinionNature.PROBLEM.value,
    OpinionNature.QUESTION.value,
    OpinionNature.REQUEST.value,
    OpinionNature.COMPLAINT.value,
    OpinionNature.REPORT.value,
}
_REPORT = OpinionNature.REPORT.value


class OpinionImporter(RecordImporter):
    sheet = OPINIONS
    model = Opinion

    def __init__(self, load):
        super().__init__(load)
        self.facts = {}  # number -> (nature, place), for the issues that refer to it

    def inspect(self, rows):
        refer_to_places(self, rows, "place")
        self.inside_area(rows, "place")
        self.refer_to_visits(rows)
        self.refer_to_entries(rows)
        self.refer_to_cadres(rows, "collector")
        self.warn_of_early(rows)
        for row in rows:
            if row["answer"] and row["nature"] and row["nature"] != OpinionNature.SUGGESTION:
                row.error("answer", _("只有性质为“建议”的才有建议答复。请删去答复，或改正性质。"))
            if row["number"]:
                self.facts.setdefault(row["number"], (row["nature"], row["place"]))

    def facts_of(self, numbers):
        """{number: (nature, place, whether it is restricted)} from this sheet or the database."""
        found = {}
        for number in numbers:
            if number in self.facts:
                nature, place = self.facts[number]
                found[number] = (nature, place, nature == _REPORT)
        unknown = set(numbers) - found.keys()
        rows = self.stored_rows.filter(number__in=unknown) if unknown else ()
        marked = self._restricted(rows) if unknown else ()
        for pk, number, nature, place in (
            rows.values_list("pk", "number", "nature", "place_id") if unknown else ()
        ):
            found[number] = (nature, place, nature == _REPORT or pk in marked)
        return found

    @staticmethod
    def _restricted(opinions):
        marks = OpinionMark.objects.filter(opinion__in=opinions, kind=OpinionMark.Kind.RESTRICTED)
        return set(marks.values_list("opinion_id", flat=True))

    def stored(self, keys):
        columns = ("pk", "number", "nature", "source", "place", "heard_at", "words_verbatim")
        linked = {
            "visit_number": F("visit__number"),
            "entry_number": F("entry__number"),
            "collector_number": F("collector__staff_number"),
        }
        rows = list(self.stored_rows.filter(number__in=keys).values(*columns, **linked))
        ids = [row["pk"] for row in rows]
        answers = self.stored_lists(ids, SuggestionAnswer, "opinion", "answer")
        restricted = self._restricted(ids) if ids else ()
        return {
            row["number"]: row
            | {
                "visit": row["visit_number"],
                "entry": row["entry_number"],
                "collector": row["collector_number"],
                "answer": answers[row["pk"]][-1] if row["pk"] in answers else None,
                "is_restricted": row["pk"] in restricted,
            }
            for row in rows
        }

    def create(self, rows):
        load, people = self.load, self.people
        by = load.by.pk if load.by else None
        people.add(row["collector"] for row in rows if row.get("collector"))
        visits = load.importers["visits"].ids(row.get("visit") for row in rows)
        entries = load.importers["register"].ids(row.get("entry") for row in rows)
        ids = bulk.insert(
            Opinion,
            ["campaign_id", "number", "nature", "source", "place_id", "heard_at", "words_verbatim",
             "visit_id", "entry_id", "collector_id", "created_at", "created_by_id"],
            [
                (load.campaign.pk, row["number"], row["nature"], row["source"], row["place"],
                 row["heard_at"], row["words_verbatim"], visits.get(row.get("visit")),
                 entries.get(row.get("entry")), people.pk(row.get("collector")), load.now, by)
                for row in rows
            ],
        )  # fmt: skip
        rows = list(zip(ids, rows, strict=True))
        restrict_opinions(load, [pk for pk, row in rows if row["nature"] == _REPORT])
        answers = [(pk, row["answer"], row["heard_at"], by) for pk, row in rows if row.get("answer")]
        bulk.insert(SuggestionAnswer, ["opinion_id", "answer", "at", "by_id"], answers)


def restrict_opinions(load, opinions):
    """Only discipline sees these words from now on."""
    restricted = OpinionMark.Kind.RESTRICTED.value
    known = set()
    if opinions:
        marks = OpinionMark.objects.filter(opinion__in=opinions, kind=restricted)
        known = set(marks.values_list("opinion_id", flat=True))
    by = load.by.pk if load.by else None
    rows = [(pk, restricted, load.now, by) for pk in dict.fromkeys(opinions) if pk not in known]
    bulk.insert(OpinionMark, ["opinion_id", "kind", "at", "by_id"], rows)


class IssueImporter(RecordImporter):
    sheet = ISSUES
    model = Issue

    def inspect(self, rows):
        opinions = self.load.importers["opinions"]
        self.refer(
            rows, "opinions", "opinions", opinions.find, _("没有这条诉求。请核对编号；多个编号用分号隔开。")
        )
        for key in ("lead_department", "supports"):
            self.refer(
                rows, key, "departments", known_departments,
                _("没有这个单位。请核对名称，或在“单位”表补上；多个单位用分号隔开。"),
            )  # fmt: skip
        self._inspect_categories(rows)
        refer_to_places(self, rows, "place")
        self.inside_area(rows, "place")
        self._inspect_opinions(
            rows, opinions
        )  # after the places: those that opinions supply are judged there
        self.warn_of_early(rows)
        for row in rows:
            _inspect_state(row)
            _inspect_dates(row)

    def _inspect_categories(self, rows):
        codes = {row["category"] for row in rows if row["category"]}
        known = (
            set(Category.objects.filter(code__in=codes).values_list("code", flat=True)) if codes else set()
        )
        for row in rows:
            if row["category"] and row["category"] not in known:
                row.error("category", _("没有这个类别。请填 2 位或 4 位类别代码，开头的 0 不能丢。"))

    def _inspect_opinions(self, rows, opinions):
        facts = opinions.facts_of({number for row in rows for number in listed(row["opinions"])})
        for row in rows:
            found = [(number, *facts[number]) for number in listed(row["opinions"]) if number in facts]
            for number, nature, _place, _restricted in found:
                if nature is not None and nature not in _BECOME_ISSUES:
                    label = OpinionNature(nature).label
                    row.error("opinions", _("性质是“%s”，不能转为问题。请改正编号。") % label, number)
            if row["place"] is None and found and found[0][2]:
                row.values["place"] = found[0][2]
                row.values["place_given"] = True
            elif row["place"] is None and not row["opinions"]:
                row.error("place", _("没有诉求编号时必须填写范围。"))
            if any(restricted for *_fact, restricted in found) or (row["category"] or "").startswith(
                RESTRICTED_CATEGORY
            ):
                row.values["restricted"] = True

    def stored(self, keys):
        columns = (
            "pk", "number", "title", "category", "level", "registered_at", "state", "place", "assigned_at",
            "due_at", "replied_at", "closed_at", "outcome", "result", "is_spot_resolved", "is_restricted",
        )  # fmt: skip
        lead = F("lead_department__name")
        rows = list(self.stored_rows.filter(number__in=keys).values(*columns, lead=lead))
        ids = [row["pk"] for row in rows]
        opinions = self._stored_opinions(ids)
        supports = self.stored_lists(ids, IssueSupport, "issue", "department__name")
        results = self.stored_lists(ids, FollowUp, "issue", "result")
        verdicts = self.stored_lists(ids, FollowUp, "issue", "satisfaction")
        return {
            row["number"]: row
            | {
                "lead_department": row["lead"],
                "opinions": opinions[row["pk"]][0],
                "loaded_opinions": opinions[row["pk"]][1],
                "supports": tuple(supports[row["pk"]]),
                "follow_up": (results[row["pk"]] or [None])[-1],
                "satisfaction": (verdicts[row["pk"]] or [None])[-1],
            }
            for row in rows
        }

    def _stored_opinions(self, ids):
        """{issue: (numbers of the words that stand, numbers of those it was registered with)}."""
        found = {pk: ([], []) for pk in ids}
        links = IssueOpinion.objects.filter(issue__in=ids).order_by("position", "pk")
        columns = ("issue", "opinion__number", "removed_at", "at", "issue__registered_at")
        for pk, number, removed_at, at, registered_at in links.values_list(*columns):
            standing, loaded = found[pk]
            standing += [number] if removed_at is None else []
            loaded += [number] if at == registered_at else []
        return {pk: (tuple(standing), tuple(loaded)) for pk, (standing, loaded) in found.items()}

    def differences(self, values, stored):
        """A blank 范围 says nothing, even where the first opinion supplied one for a new issue.

        Words joined or taken out since the first load are the office's sorting: the same file is no other content.
        """
        silent = {"place"} if values.get("place_given") else set()
        if values.get("opinions") and set(values["opinions"]) == set(stored["loaded_opinions"]):
            silent.add("opinions")
        return super().differences({k: v for k, v in values.items() if k not in silent}, stored)

    def create(self, rows):
        load = self.load
        by = load.by.pk if load.by else None
        names = {
            name for row in rows for name in (row.get("lead_department"), *row.get("supports", ())) if name
        }
        departments = department_ids(names)
        ids = bulk.insert(Issue, _ISSUE_COLUMNS, [_issue_row(load, row, departments) for row in rows])
        rows = list(zip(ids, rows, strict=True))
        bulk.insert(
            IssueStep,
            [
                "issue_id",
                "move",
                "from_state",
                "to_state",
                "at",
                "by_id",
                "department_id",
                "outcome",
                "due_at",
            ],
            [
                (pk, *step[:4], by, *step[4:])
                for pk, row in rows
                for step in imported_steps(row, departments.get(row.get("lead_department")))
            ],
        )
        follow_ups = [(pk, *follow_up, by) for pk, row in rows if (follow_up := follow_up_of(row))]
        bulk.insert(FollowUp, ["issue_id", "at", "result", "satisfaction", "by_id"], follow_ups)
        supports = [(pk, departments[name]) for pk, row in rows for name in row.get("supports", ())]
        bulk.insert(IssueSupport, ["issue_id", "department_id"], supports)
        self._link_opinions(rows, by)

    def _link_opinions(self, rows, by):
        load = self.load
        numbers = (number for _pk, row in rows for number in row.get("opinions", ()))
        opinions = load.importers["opinions"].ids(numbers)
        links = [
            (pk, opinions[number], position, row["registered_at"], by)
            for pk, row in rows
            for position, number in enumerate(row.get("opinions", ()))
        ]
        bulk.insert(IssueOpinion, ["issue_id", "opinion_id", "position", "at", "by_id"], links)
        restricted = {pk for pk, row in rows if row.get("restricted")}
        restrict_opinions(load, [opinion for pk, opinion, *_rest in links if pk in restricted])


_ISSUE_COLUMNS = [
    "campaign_id", "number", "title", "category_id", "level", "place_id", "registered_at", "state", "state_since",
    "lead_department_id", "assigned_at", "first_assigned_at", "due_at", "replied_at", "first_replied_at",
    "closed_at", "first_closed_at", "outcome", "result", "is_spot_resolved", "is_restricted",
]  # fmt: skip


def _issue_row(load, row, departments):
    assigned, replied, closed = row.get("assigned_at"), row.get("replied_at"), row.get("closed_at")
    return (
        load.campaign.pk, row["number"], row["title"], row["category"], row["level"], row["place"],
        row["registered_at"], row["state"], state_since(row), departments.get(row.get("lead_department")),
        assigned, assigned, row.get("due_at"), replied, replied, closed, closed, row.get("outcome", ""),
        row.get("result", ""), row.get("is_spot_resolved", False), row.get("restricted", False),
    )  # fmt: skip


def _inspect_state(row):
    """What a state needs to be filled; 当场解决 needs no department."""
    state = row["state"]
    if state is None:
        return
    needed = []
    if state in ASSIGNED_ON and not row["is_spot_resolved"]:
        needed += ["lead_department", "assigned_at", "due_at"]
    if state in REPLIED_ON:
        needed.append("replied_at")
    if state == IssueState.CLOSED:
        needed += ["closed_at", "outcome", "follow_up"]
    for key in needed:
        if row[key] is None and key not in row.unreadable:
            label = row.sheet.by_key["state"].labels[state]
            row.error(key, _("状态为“%s”时必填，这里是空的。请填写，或改正状态。") % label)


# (the later one, the earlier one)
_ORDER = [
    ("assigned_at", "registered_at"),
    ("replied_at", "registered_at"),
    ("closed_at", "registered_at"),
    ("closed_at", "replied_at"),
]


def _inspect_dates(row):
    for later, earlier in _ORDER:
        if row[later] and row[earlier] and _is_before(row[later], row[earlier]):
            row.error(
                later,
                _("早于%(earlier)s。请核对两个时间。") % {"earlier": row.sheet.by_key[earlier].zh},
            )


def _is_before(later, earlier):
    """A date alone says nothing about the hour: it may be any moment of that day."""
    if later.hour == later.minute == later.second == 0:
        return later.date() < earlier.date()
    return later < earlier


class DeedImporter(RecordImporter):
    sheet = DEEDS
    model = Deed

    def inspect(self, rows):
        refer_to_places(self, rows, "place")
        self.inside_area(rows, "place")
        issues = self.load.importers["issues"]
        self.refer(rows, "issue", "issues", issues.find, _("没有这个问题。请核对问题编号。"))
        self.warn_of_early(rows)

    def stored(self, keys):
        columns = ("number", "done_on", "content", "place", "kind", "amount", "households_helped", "donor")
        rows = self.stored_rows.filter(number__in=keys).values(*columns, issue_number=F("issue__number"))
        return {row["number"]: row | {"issue": row["issue_number"]} for row in rows}

    def create(self, rows):
        load = self.load
        issues = load.importers["issues"].ids(row.get("issue") for row in rows)
        bulk.insert(
            Deed,
            ["campaign_id", "number", "done_on", "content", "place_id", "kind", "amount", "households_helped",
             "donor", "issue_id", "created_at", "created_by_id"],
            [
                (load.campaign.pk, row["number"], row["done_on"], row["content"], row["place"],
                 row.get("kind", ""), row.get("amount"), row.get("households_helped"), row.get("donor", ""),
                 issues.get(row.get("issue")), load.now, load.by.pk if load.by else None)
                for row in rows
            ],
        )  # fmt: skip
