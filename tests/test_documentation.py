"""Stale documents fail here: what the code offers, the documents name."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from canvass.roles import Role

ROOT = Path(__file__).resolve().parent.parent
APPS = ("grids", "campaigns", "visits", "issues", "reports")
README = ROOT / "README.md"
DOCUMENTS = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _text(*names: str) -> str:
    return "\n".join((ROOT / name).read_text() for name in names if (ROOT / name).exists())


def _environment_variables():
    """Names that settings.py reads: the first argument of each env.<type>("NAME", …)."""
    for node in ast.walk(ast.parse((ROOT / "canvass/settings.py").read_text())):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "env"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.args[0].value


def _commands():
    for app in APPS:
        for path in (ROOT / app).glob("management/commands/[!_]*.py"):
            yield path.stem


def test_every_environment_variable_is_explained():
    names = set(_environment_variables())
    assert names, "settings.py reads nothing?"
    operations = _text("docs/operations.md")
    assert {name for name in names if f"`{name}`" not in operations} == set()


def test_every_command_is_explained():
    documents = _text("README.md", "docs/operations.md")
    assert {name for name in _commands() if f"manage.py {name}" not in documents} == set()


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_every_role_is_explained(role):
    documents = _text("README.md", "docs/roles.md")
    assert str(role.label) in documents
    assert f"`{role.value}`" in documents


def test_every_model_is_in_the_glossary():
    glossary = _text("docs/glossary.md")
    models = {model.__name__ for app in APPS for model in apps.get_app_config(app).get_models()}
    assert {name for name in models if f"`{name}`" not in glossary} == set()


def test_glossary_gives_each_term_one_word():
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|", _text("docs/glossary.md"), re.M)
    terms = [term for term, _ in rows if term != "术语" and not set(term) <= set("-: ")]
    assert len(terms) == len(set(terms))


def test_quick_start_is_two_commands_of_one_line():
    section = re.search(r"^## Quick start$(.*?)(?=^## |\Z)", README.read_text(), re.M | re.S)[1]
    blocks = [block.strip() for block in re.findall(r"^```[a-z]*\n(.*?)^```", section, re.M | re.S)]
    assert [len(block.splitlines()) for block in blocks] == [1, 1]
    assert blocks[0].endswith("manage.py demo")
    assert blocks[1] in (ROOT / ".ci/run").read_text(), "CI runs the same command as a newcomer"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_local_links_resolve(document):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text())
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (document.parent / target).exists()] == []


def test_decisions_are_numbered_and_listed():
    decisions = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    index = _text("docs/adr/README.md")
    assert [path.name for path in decisions if path.name not in index] == []


def test_each_measure_of_the_impact_assessment_has_its_test():
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", _text("docs/privacy.md")))
    assert len(named) > 15
    assert {name for name in named if not (ROOT / name).exists()} == set()
