"""The house rules of docs/architecture.md, held with the standard library alone.

import-linter holds the direction of imports too; here inline and TYPE_CHECKING imports count as well.
"""

import ast
import importlib
import importlib.util
import inspect
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"

# Lowest first: a package may import those before it.
PACKAGES = ("canvass", "grids", "campaigns", "visits", "issues", "reports")
APPS = PACKAGES[1:]

# Inside an app, lowest first. Modules of one shelf do not import each other; modules that are not
# named here (backends, apps, migrations …) are free.
SHELVES = (
    ("enums",),
    ("workflow",),
    ("models",),
    ("permissions",),
    ("figures",),
    ("move_rules",),
    ("moves",),
    ("services",),
    ("sheets",),
    ("forms", "importers", "exporters", "seed"),
    ("views", "admin", "management"),
    ("urls",),
)
SHELF = {name: number for number, shelf in enumerate(SHELVES) for name in shelf}

LONGEST_FILE = 400
LONGEST_FUNCTION = 60

# Nothing that was recorded is ever deleted. Whoever has to delete something else says here why.
DELETIONS: dict[str, str] = {
    "grids/open_sign_ins.py": "an open sign-in is no record: it is there while it lasts, and the audit log tells of it",
    "issues/moves.py": "supporting departments are a present list; each assignment's step keeps the names",
    "campaigns/importers.py": "a team's range of duty is a present list without dates, not a record",
    "reports/views/saved_views.py": "a saved view is its owner's bookmark, not a record",
    "visits/services.py": "a correction takes a cadre off a visit; the step keeps the names it had before",
}


def _sources():
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


SOURCES = _sources()
TREES = {path: ast.parse(path.read_text()) for path in SOURCES}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path):
    """Dotted names that a module imports anywhere in its text; "from a import b" gives a.b."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_between_apps_only_go_down():
    upward = []
    for path in SOURCES:
        own = PACKAGES.index(_name(path).split(".")[0])
        for target in _imports(path):
            package = target.split(".")[0]
            if package in PACKAGES and PACKAGES.index(package) > own:
                upward.append(f"{_relative(path)} imports {target}")
    assert upward == []


def test_imports_inside_an_app_only_go_down():
    wrong = []
    for path in SOURCES:
        own = _name(path).split(".")
        if own[0] not in APPS or len(own) < 2 or own[1] not in SHELF:
            continue
        for target in _imports(path):
            parts = target.split(".")
            if parts[0] != own[0] or len(parts) < 2 or parts[1] not in SHELF or parts[1] == own[1]:
                continue
            if SHELF[parts[1]] >= SHELF[own[1]]:
                wrong.append(f"{_relative(path)} imports {target}")
    assert wrong == []


def test_nothing_imports_an_app_by_a_string():
    """importlib and get_model would go around the direction of imports."""
    wrong = []
    for path in SOURCES:
        own = PACKAGES.index(_name(path).split(".")[0])
        above = "|".join(PACKAGES[own + 1 :]) or "$."
        for match in re.finditer(rf"(import_module|get_model)\(\s*f?['\"]({above})\b", path.read_text()):
            wrong.append(f"{_relative(path)}: {match[0]}")
    assert wrong == []


def test_files_are_short():
    long = {
        _relative(path): lines for path in SOURCES if (lines := path.read_text().count("\n")) > LONGEST_FILE
    }
    assert long == {}


def test_functions_are_short():
    long = {
        f"{_relative(path)}:{node.name}": lines
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := node.end_lineno - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_nothing_recorded_is_deleted():
    found = {
        _relative(path)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"delete", "_raw_delete"}
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id in {"cache", "storage"})
    }
    assert found == set(DELETIONS)


# --- One name from the URL to the test ----------------------------------------------------------------------


def _pages():
    """(app, url name, view) of every page of our apps."""
    for app in APPS:
        if importlib.util.find_spec(f"{app}.urls") is None:
            continue
        for pattern in importlib.import_module(f"{app}.urls").urlpatterns:
            yield pytest.param(app, pattern.name, pattern.callback, id=f"{app}:{pattern.name}")


def pytest_generate_tests(metafunc):
    # Found when the tests are collected, not when this module is imported: urls need a ready Django.
    if "url_name" in metafunc.fixturenames:
        metafunc.parametrize(("app", "url_name", "view"), list(_pages()))


def test_view_is_named_like_its_url(app, url_name, view):
    cls = getattr(view, "view_class", None)
    named = cls.__name__ if cls else inspect.unwrap(view).__name__
    assert named.lower().removesuffix("view") == url_name.replace("_", "") if cls else named == url_name


def test_page_has_a_test_file_of_its_name(app, url_name, view):
    assert (ROOT / f"tests/{app}/test_{url_name}.py").exists()


def test_page_renders_the_template_of_its_name(app, url_name, view):
    source = inspect.getsource(getattr(view, "view_class", None) or inspect.unwrap(view))
    if re.search(r"\brender\(|template_name", source):
        assert (TEMPLATES / app / f"{url_name}.html").exists()


def test_urls_of_an_app_are_under_its_name():
    for app in APPS:
        if importlib.util.find_spec(f"{app}.urls"):
            assert importlib.import_module(f"{app}.urls").app_name == app


# --- Templates under the strict content security policy -----------------------------------------------------

FORBIDDEN = {
    "inline script": r"<script(?![^>]*\bsrc=)(?![^>]*application/json)",
    "inline style sheet": r"<style\b",
    "style attribute": r"<[a-z][^>]*\sstyle\s*=",
    "event attribute": r"<[a-z][^>]*\son[a-z]+\s*=",
    "script address": r"javascript:",
    "foreign host": r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]",
}


def _without_comments(text: str) -> str:
    text = re.sub(r"\{#.*?#\}|<!--.*?-->", "", text, flags=re.S)
    return re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.S)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_templates_obey_the_content_security_policy(what):
    found = [
        f"{_relative(path)}: {match[0]}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for match in re.finditer(FORBIDDEN[what], _without_comments(path.read_text()), re.IGNORECASE)
    ]
    assert found == []


def test_static_files_ask_no_other_host():
    found = [
        f"{_relative(path)}: {match[0]}"
        for path in sorted((ROOT / "static").rglob("*"))
        if path.suffix in {".css", ".js", ".svg"} and "vendor" not in path.parts
        for match in re.finditer(
            r"(?:url\(|['\"])\s*(?:https?:)?//(?!www\.w3\.org/)[\w.-]+", path.read_text()
        )
    ]
    assert found == []
