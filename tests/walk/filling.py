"""What stands in the gap of an address: a row of somebody's, a word of a list, or nothing that exists."""

import os
from dataclasses import dataclass
from itertools import product

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models

from canvass.opens import opened_by
from grids.models import User
from issues.models import AnswerTemplate, ConductSlip, Deed, Issue, IssueOpinion, Receipt, SupervisionSlip
from issues.papers import TITLES
from issues.workflow import MOVES
from reports.catalogue import FIGURES
from reports.hints import HINTS
from reports.models import InspectionSample, PublishedReport
from reports.redaction_texts import SUBJECTS
from reports.uploads import Upload
from tests.workbooks import GRID_A1
from visits.models import AnswerWish, Gathering, Handout, Opinion, StayLog, Visit

from .secrets import Secret

NOBODYS = 987_654_321
# Of a long list of words, as of figures or moves, about so many are tried; WALK_WORDS=999 tries all.
MOST_WORDS = int(os.environ.get("WALK_WORDS", "8"))
APPS = ("grids", "campaigns", "visits", "issues", "reports")

# Pages that are not called after the model whose key stands in their address.
MODEL_OF = {
    "inspection_record": Visit,
    "sample_detail": InspectionSample,
    "edition_docx": PublishedReport,
    "edition_xlsx": PublishedReport,
    "bulletin_example": Issue,
    "triage_opinion": Opinion,
    "spot_check": Opinion,
    "opinion_take_out": IssueOpinion,
    "receipt_slip": Opinion,
    "receipt_show": Receipt,
    "contact_show": AnswerWish,
    "answer_tell": Opinion,
    "restricted_detail": Opinion,
    "slip_answer": SupervisionSlip,
    "slip_lift": SupervisionSlip,
    "case_take": Issue,
    "case_review": Issue,
    "entry_detail": apps.get_model("grids", "RegisterEntry"),
    "phone_photo": Visit,
    "visit_photo_add": Visit,
    "workbook_check": Upload,
}
# The gap that names a row, with the attribute that fills it and what fills it for nobody's.
ROW_GAPS = {
    "pk": ("pk", NOBODYS),
    "id": ("pk", NOBODYS),
    "object_id": ("pk", NOBODYS),
    "identity": ("client_id", "00000000-0000-4000-8000-000000000000"),
    "number": ("number", "nobodys"),
    "code": ("code", "0" * 12),
    "sha256": ("sha256", "f" * 64),
}
# Gaps with a word of a list; where several pages call theirs alike, by the name of the page.
CHOICES = {
    "move": lambda: [move.name for move in MOVES.values() if move.sources],
    "issue_paper.kind": lambda: list(TITLES),
    "issue_paper_docx.kind": lambda: list(TITLES),
    "figure_rows.key": lambda: list(FIGURES),
    "quality_rows.key": lambda: list(HINTS),
    "issues_issue_bulk.verb": lambda: ["assign", "remind"],
    "app_label": lambda: ["grids", "visits", "issues"],
    "url": lambda: ["nowhere/"],
}
# Gaps that go together.
TOGETHER = {
    ("kind", "period"): [
        {"kind": "daily", "period": "2018-09-04"},
        {"kind": "weekly", "period": "2018-W35"},
        {"kind": "circular", "period": "2018-W35"},
    ],
}
# A page that composes and checks a whole report takes seconds: once each.
COSTLY = {"reports:report_draft"}
# Whoever has these in hand is let in; what they open is asked by the tests of those pages.
BEARER = {
    "grids:welcome": [{"token": "0123456789ABCDEFGHJKMNPQRS"}],
    "campaigns:notice_show": [
        {"code": "wangdian-2018", "version": 1},
        {"code": "wangdian-2018", "version": 99},
        {"code": "nobodys", "version": 1},
    ],
    "reports:bulletin": [{"code": "wangdian-2018"}, {"code": "nobodys"}],
}
# Doors whose address says the kind of the row before its key.
KINDS_OF = {
    "visits:record_detail": {"gathering": Gathering, "handout": Handout, "staylog": StayLog},
    "reports:redaction": {
        "opinion": Opinion,
        "visit": Visit,
        "issue": Issue,
        "gathering": Gathering,
        "staylog": StayLog,
        "deed": Deed,
        "edition": PublishedReport,
        "conduct": ConductSlip,
    },
}


@dataclass(frozen=True)
class Key:
    """One way to fill the gaps. `secret` None: what it leads to is nobody's in particular."""

    values: tuple
    secret: Secret | None = None
    is_missing: bool = False

    def __str__(self):
        return " ".join(f"{name}={value}" for name, value in self.values)


class CannotFillError(Exception):
    pass


def keys_of(door, world):
    """Every key of a door; CannotFillError says what to do about a new gap."""
    if door.name in BEARER:
        return [Key(tuple(values.items())) for values in BEARER[door.name]]
    if not door.gaps:
        return [Key(())]
    if door.is_open:
        return _bearer_keys(door, world)
    for together, choices in TOGETHER.items():
        if set(together) == set(door.gaps):
            few = choices[:1] if door.name in COSTLY else choices
            return [Key(tuple(values.items())) for values in few]
    if set(door.gaps) == {"content_type_id", "object_id"}:
        return _any_row(world)
    if door.name in KINDS_OF:
        kinds = KINDS_OF[door.name].items()
        if door.name == "reports:redaction" and set(SUBJECTS) != set(KINDS_OF[door.name]):
            raise CannotFillError(f"Say in KINDS_OF of tests/walk/filling.py whose rows {set(SUBJECTS)} are.")
        return [key for kind, model in kinds for key in _rows(door, world, model, {"kind": kind})]
    row_gaps = [gap for gap in door.gaps if gap in ROW_GAPS]
    choices = [_choices(door, gap) for gap in door.gaps if gap not in ROW_GAPS]
    words = [dict(chosen) for chosen in product(*choices)]
    few = [words[0], *words[1 :: max(1, len(words) // MOST_WORDS)]]
    if not row_gaps:
        return [Key(tuple(chosen.items())) for chosen in few]
    rows = _rows(door, world, _model(door), words[0])
    # The first word with every row; each other one with the first row and one more, another each time.
    for number, chosen in enumerate(few[1:], 1):
        others = _rows(door, world, _model(door), chosen)
        rows += [others[0], others[number % len(others)]]
    return rows


def _bearer_keys(door, world):
    """Whoever has the key in hand is let in, whoever it is: those of home, where all marks are known."""
    rows = _rows(door, world, _model(door), {})
    return [
        Key(key.values, None, key.is_missing) for key in rows if key.is_missing or key.secret.code == GRID_A1
    ]


def _choices(door, gap):
    for name in (f"{door.short}.{gap}", gap):
        if name in CHOICES:
            return [(gap, word) for word in CHOICES[name]()]
    if gap == "verb" and (model := _admin_model(door)):
        verbs = [verb.name for verb in admin.site.get_model_admin(model).verbs]
        return [(gap, word) for word in verbs or ["void"]]
    raise CannotFillError(
        f"The walk does not know what stands for <{gap}> in {door}: name its words in CHOICES of "
        "tests/walk/filling.py, or the attribute of the row in ROW_GAPS."
    )


def _model(door):
    """The model of a door: as the table says, as the admin says, or after which the page is called."""
    if door.short in MODEL_OF:
        return MODEL_OF[door.short]
    if (said := opened_by(door.view)) and said.model:
        return said.model
    if model := _admin_model(door):
        return model
    if door.short == "auth_user_password_change":
        return User
    named = {
        _snake(model.__name__): model for label in APPS for model in apps.get_app_config(label).get_models()
    }
    fitting = [name for name in named if door.short == name or door.short.startswith(f"{name}_")]
    if fitting:
        return named[max(fitting, key=len)]
    raise CannotFillError(
        f"The walk does not know whose key stands in {door}: call the page after its model (issue_detail), or "
        "name the model in MODEL_OF of tests/walk/filling.py."
    )


def _admin_model(door):
    parts = door.route.split("/")
    if parts[0] != "admin" or len(parts) < 4:
        return None
    try:
        return apps.get_model(parts[1], parts[2])
    except LookupError:
        return None


def _snake(name):
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).strip("_")


def _rows(door, world, model, chosen):
    [gap] = [gap for gap in door.gaps if gap in ROW_GAPS]
    attribute, nobodys = ROW_GAPS[gap]
    if isinstance(model, type) and issubclass(model, models.Model) and model._meta.proxy:
        model = model._meta.concrete_model
    rows = world.rows.get(model)
    if rows is None:
        rows = _common(door, model)
    keys = [
        Key(((gap, getattr(row, attribute)), *chosen.items()), secret)
        for row, secret in ((row.object, row.secret) for row in rows)
        if getattr(row, attribute) is not None
    ]
    return [*keys, Key(((gap, nobodys), *chosen.items()), is_missing=True)]


@dataclass(frozen=True)
class _Common:
    object: object
    secret: None = None


# Rows that belong to no place and hold nothing of a resident: whoever may open the list may open any.
COMMON = {
    "grids.Department",
    "grids.Place",
    "campaigns.CalendarDay",
    "issues.Category",
    "issues.TimeLimit",
    "issues.AnswerTemplate",
}


def _common(door, model):
    if model._meta.label not in COMMON:
        raise CannotFillError(
            f"The walk has no row of {model._meta.label} for {door}: plant one in tests/walk/furniture.py and say "
            "who may read it, or name the model in COMMON of tests/walk/filling.py if its rows are nobody's."
        )
    return [_Common(row) for row in model._default_manager.all()[:1]]


def _any_row(world):
    """The admin's way to a row of any model."""
    keys = []
    for model in (Visit, Issue):
        kind = ContentType.objects.get_for_model(model).pk
        keys += [
            Key((("content_type_id", kind), ("object_id", row.object.pk)), row.secret)
            for row in world.rows[model]
        ]
    return [*keys, Key((("content_type_id", kind), ("object_id", NOBODYS)), is_missing=True)]


def common_rows():
    """What COMMON needs to have one of."""
    from datetime import date

    from campaigns.models import CalendarDay

    CalendarDay.objects.get_or_create(day=date(2018, 10, 1), defaults={"is_working": False, "name": "国庆"})
    AnswerTemplate.objects.create(name="范本", move="reply", field="reply", text="已经办好。")
