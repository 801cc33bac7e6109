"""docs/roles.md holds tables written from the code; run with REWRITE_DOCS=1 to write them anew, prose stays."""

import ast
import os
import re
from collections import defaultdict
from pathlib import Path

from django.contrib.auth.models import Permission
from django.utils import translation

from canvass.roles import (
    AREA_READERS,
    GRANTABLE,
    HANDS_OUT,
    PERMISSIONS,
    PIN_ROLES,
    REPORT_READERS,
    ROSTER_READERS,
    VISITING,
    Role,
)

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "roles.md"
PART = re.compile(r"(<!-- from code: (\w+) -->\n).*?(<!-- end -->\n)", re.S)
GROUPS = {
    "AREA_READERS": AREA_READERS,
    "VISITING": VISITING,
    "REPORT_READERS": REPORT_READERS,
    "ROSTER_READERS": ROSTER_READERS,
    "PIN_ROLES": PIN_ROLES,
}
VERBS = ("view", "add", "change")


def _labels(roles):
    return "、".join(str(Role(role).label) for role in Role if role in roles) or "—"


def _table(head, rows):
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows]) + "\n"


def _of_app(codenames):
    """ "view, add, change visit": what a role may do to one app's rows; a permission of its own as it is called."""
    verbs, others = defaultdict(list), []
    for name in codenames:
        verb, _dash, model = name.partition("_")
        if verb in VERBS:
            verbs[model].append(verb)
        else:
            others.append(name)
    by_verbs = defaultdict(list)
    for model, found in verbs.items():
        by_verbs[tuple(verb for verb in VERBS if verb in found)].append(model)
    told = [f"{', '.join(found)}: {', '.join(sorted(models))}" for found, models in sorted(by_verbs.items())]
    return "; ".join([*(f"**{name}**" for name in sorted(others)), *told])


def permissions():
    rows = []
    for role in Role:
        apps = defaultdict(list)
        for permission in PERMISSIONS[role]:
            app, _dot, codename = permission.partition(".")
            apps[app].append(codename)
        told = [f"`{app}` {_of_app(apps[app])}" for app in sorted(apps)]
        rows.append((str(role.label), f"`{role.value}`", "<br>".join(told)))
    return _table(("role", "key", "permissions"), rows)


def granting():
    rows = [
        (str(role.label), _labels(GRANTABLE.get(role, ())), _labels(HANDS_OUT.get(role, ())))
        for role in Role
        if role in GRANTABLE or role in HANDS_OUT
    ]
    return _table(("who", "gives by hand (`GRANTABLE`)", "hands out sign-ins of (`HANDS_OUT`)"), rows)


def groups():
    return _table(
        ("group in `canvass/roles.py`", "roles"), [(f"`{n}`", _labels(r)) for n, r in GROUPS.items()]
    )


def questions():
    """Every `can_…` of the code and what it says of itself."""
    rows = []
    for app in ("grids", "campaigns", "visits", "issues", "reports"):
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef) and node.name.startswith("can_"):
                    said = (ast.get_docstring(node) or "").partition("\n\n")[0].replace("\n", " ")
                    rows.append((f"`{node.name}`", f"`{path.relative_to(ROOT)}`", said or "—"))
    return _table(("asks", "in", "says of itself"), rows)


PARTS = {"permissions": permissions, "granting": granting, "groups": groups, "questions": questions}


def document(text):
    """The page with its generated parts as the code gives them."""
    with translation.override("zh-hans"):
        return PART.sub(lambda part: f"{part[1]}\n{PARTS[part[2]]()}\n{part[3]}", text)


def test_document_says_what_the_code_says():
    text = DOCUMENT.read_text()
    if os.environ.get("REWRITE_DOCS"):
        DOCUMENT.write_text(document(text))

    assert DOCUMENT.read_text() == document(text)


def test_document_has_every_part_once():
    assert sorted(found[1] for found in PART.findall(DOCUMENT.read_text())) == sorted(PARTS)


def test_every_permission_of_a_role_exists(db):
    known = {
        f"{app}.{name}" for app, name in Permission.objects.values_list("content_type__app_label", "codename")
    }
    assert set().union(*PERMISSIONS.values()) - known == set()


def test_no_role_deletes():
    assert [name for names in PERMISSIONS.values() for name in names if ".delete_" in name] == []
