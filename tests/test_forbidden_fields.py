"""What is asked of nobody: no field, column, form or choice is made for it (docs/privacy.md, what is never asked).

Words that tell what not to write may name it; categories of matters ("医疗健康") are no fields of a person.
"""

import re
from importlib import import_module

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test.utils import isolate_apps
from django.urls import get_resolver

from reports.sheets import SHEETS

OURS = ("canvass", "grids", "campaigns", "visits", "issues", "reports")
CHINESE = (
    "身份证|证件号|出生|生日|民族|种族|宗教|信仰|收入|工资|存款|健康|病|残疾|血型|党员|党籍|政治面貌|人脸|指纹|虹膜|基因"
    "|婚姻|性别|年龄|周岁|学历|低保"
)
ENGLISH = (
    r"identity|id_?card|id_?number|passport|birth|ethnic|\brace\b|religio|belief|income|salary|wage|health|illness"
    r"|disease|medical|disab|blood|party_member|political|face|fingerprint|biometric|marital|gender|\bsex\b|\bage\b"
)
FORBIDDEN = re.compile(f"{CHINESE}|{ENGLISH}", re.IGNORECASE)
# "不写身份证号、病情、收入。": up to the end of the sentence it says what is not wanted.
_NOT_WANTED = re.compile("不要?[写填登记收集][^。；]*")

ALLOWED = {
    # Teams are of cadres: a public office of theirs, and of no resident.
    ("campaigns.Team.kind", "party_members"): "one of the six teams of a grid",
    ("campaigns.Team.kind", "普通党员"): "one of the six teams of a grid",
    ("reports.RightsStep.ground", "identity"): "why a request is refused: nobody's papers are kept",
    ("RefusalForm.ground", "identity"): "the same, as a form",
    ("workbook teams.类别", "party_members"): "the same, as a column",
    ("workbook teams.类别", "普通党员"): "the same, as a column",
}


def labels(choices):
    for key, label in choices or ():
        if isinstance(label, list | tuple):
            yield from labels(label)
        else:
            yield from (str(key), str(label))


def of_models(found):
    """(where, text) of every name, label, help text and choice."""
    for model in found:
        for field in model._meta.get_fields():
            where = f"{model._meta.label}.{field.name}"
            yield where, field.name
            for name in ("verbose_name", "help_text"):
                yield where, str(getattr(field, name, ""))
            for text in labels(getattr(field, "choices", None)):
                yield where, text


def every_form(base=forms.BaseForm):
    for form in base.__subclasses__():
        if form.__module__.split(".")[0] in OURS:
            yield form
        yield from every_form(form)


def of_forms(found):
    for form in found:
        for name, field in getattr(form, "base_fields", {}).items():
            where = f"{form.__name__}.{name}"
            yield from ((where, text) for text in (name, str(field.label or ""), str(field.help_text)))
            choices = getattr(field, "choices", None)
            if isinstance(choices, list | tuple):
                yield from ((where, text) for text in labels(choices))


def of_desks():
    for model, desk in admin.site._registry.items():
        if model._meta.app_label in OURS:
            named = [*desk.list_display, *(desk.fields or ()), *desk.search_fields, *desk.list_filter]
            named += [name for _title, part in desk.fieldsets or () for name in part["fields"]]
            yield from ((f"desk of {model._meta.label}", name) for name in named if isinstance(name, str))


def of_workbook():
    for sheet in SHEETS:
        for column in sheet.columns:
            where = f"workbook {sheet.key}.{column.zh}"
            texts = (column.zh, column.key, str(column.help), *labels(column.labels.items()))
            yield from ((where, text) for text in texts)


def forbidden(texts):
    """{(where, the word)} of what nobody may be asked."""
    return {
        (where, text)
        for where, text in texts
        if FORBIDDEN.search(_NOT_WANTED.sub("", text)) and (where, text) not in ALLOWED
    }


@pytest.fixture(scope="module", autouse=True)
def every_module():
    """Forms are found once their modules are loaded: those of every page, and of the desk."""
    assert get_resolver().url_patterns
    for app in OURS[1:]:
        import_module(f"{app}.urls")
    assert admin.site._registry


def test_no_column_of_the_database_is_made_for_it():
    found = [model for model in apps.get_models() if model._meta.app_label in OURS]
    assert len(found) > 40
    assert forbidden(of_models(found)) == set()


def test_no_form_asks_for_it():
    found = list(every_form())
    assert {"FileVisitForm", "OpinionForm", "EntryForm"} <= {form.__name__ for form in found}
    assert forbidden(of_forms(found)) == set()


def test_no_desk_shows_it():
    texts = list(of_desks())
    assert ("desk of grids.RegisterEntry", "holder_masked") in texts
    assert forbidden(texts) == set()


def test_no_workbook_has_a_column_for_it():
    texts = list(of_workbook())
    assert ("workbook entries.户名", "户名") in texts or any("户名" in text for _where, text in texts)
    assert forbidden(texts) == set()


def test_what_is_allowed_is_still_there():
    """A reason for something that is gone would let it come back unseen."""
    found = [model for model in apps.get_models() if model._meta.app_label in OURS]
    texts = {*of_models(found), *of_forms(every_form()), *of_workbook()}
    assert set(ALLOWED) - texts == set()


# --- That these tests can fail ----------------------------------------------------------------------------------------


@isolate_apps("grids")
def test_a_new_column_would_be_found():
    class Resident(models.Model):  # noqa: DJ008 nobody prints it
        birthday = models.DateField("生日")
        note = models.CharField("备注", max_length=9, help_text="写上民族")
        kind = models.CharField(max_length=9, choices=[("a", "残疾人")])

        class Meta:
            app_label = "grids"

    assert {where for where, _text in forbidden(of_models([Resident]))} == {
        f"grids.Resident.{name}" for name in ("birthday", "note", "kind")
    }


def test_a_new_question_of_a_form_would_be_found():
    form = type(
        "AskForm", (forms.Form,), {"x": forms.CharField(label="身份证号"), "__module__": "visits.forms"}
    )
    assert form in every_form()
    assert forbidden(of_forms([form])) == {("AskForm.x", "身份证号")}
    del form


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("不要写身份证号、健康等个人情况。", False),
        ("不写病情、收入。最多 500 字。", False),
        ("不写病情。写上收入", True),
        ("家庭年收入", True),
        ("face_image", True),
        ("surface", True),
        ("手机", False),
    ],
)
def test_words_that_are_found_and_words_that_are_not(text, is_found):
    assert bool(forbidden([("here", text)])) == is_found
