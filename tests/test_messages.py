"""The English catalogue: complete, and compiled from what it says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import django
import polib
import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/en/LC_MESSAGES/django.po"
DJANGO_TEXTS = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
SOURCES = ("canvass", "grids", "campaigns", "visits", "issues", "reports", "templates", "manage.py")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The catalogue as it would be if the messages were collected from the sources now."""
    if not shutil.which("xgettext"):
        message = "gettext is not installed: cannot collect messages"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    copy = tmp_path_factory.mktemp("collected")
    skip = shutil.ignore_patterns("__pycache__", "*.pyc")
    for source in SOURCES:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, copy / source, ignore=skip)
        else:
            shutil.copy(ROOT / source, copy / source)
    catalogue = copy / CATALOGUE.relative_to(ROOT)
    catalogue.parent.mkdir(parents=True)
    if CATALOGUE.exists():
        shutil.copy(CATALOGUE, catalogue)
    collect = [
        sys.executable,
        "manage.py",
        "makemessages",
        "-l",
        "en",
        "--no-location",
        "--no-wrap",
        "-v",
        "0",
    ]
    subprocess.run(collect, cwd=copy, check=True, env=os.environ | {"DATABASE_URL": "", "SECRET_KEY": "x"})
    return polib.pofile(str(catalogue))


def test_every_message_has_an_english_translation(collected):
    open_ones = [e.msgid for e in collected if not e.obsolete and (not e.translated() or e.fuzzy)]
    assert open_ones == [], "run `make messages`, translate, run it again"


def test_no_translation_is_left_over_from_a_message_that_is_gone(collected):
    """xgettext marks them obsolete; `make messages` drops them."""
    assert [entry.msgid for entry in collected if entry.obsolete] == []


def test_messages_are_written_in_chinese(collected):
    """Our msgids are Chinese. An English one would be shown to Chinese readers as it is."""
    english = [e.msgid for e in collected if not re.search(r"[\u4e00-\u9fff]", e.msgid)]
    assert [m for m in english if re.search("[A-Za-z]{3}", re.sub(r"%\(\w+\)\w|\{\w*\}", "", m))] == []


def test_placeholders_are_the_same_in_both_languages(collected):
    def names(text):
        return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", text))

    different = []
    for entry in collected:
        texts = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())[-1:]
        different += [entry.msgid for text in texts if text and names(text) != names(entry.msgid)]
    assert different == []


@pytest.mark.parametrize("catalogue", [CATALOGUE, DJANGO_TEXTS])
def test_compiled_catalogue_says_what_the_source_says(catalogue):
    compiled = catalogue.with_suffix(".mo")
    assert compiled.exists(), "run `make messages`"

    def content(catalogue):
        texts = {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in catalogue if not e.obsolete}
        return {key: (text, plural) for key, (text, plural) in texts.items() if text or plural}

    assert content(polib.mofile(str(compiled))) == content(polib.pofile(str(catalogue)))


def test_a_short_password_is_refused_in_chinese():
    """Django's own catalogue lacks this one; a line of ours goes when Django has it."""
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refusal:
        validate_password("qX7")

    assert refusal.value.messages == ["密码太短，至少要有 8 个字符。"]


def test_chinese_catalogue_holds_only_what_django_lacks():
    ours = polib.pofile(str(DJANGO_TEXTS))
    found = []
    for part in ("conf", "contrib/admin", "contrib/auth"):
        own = polib.pofile(str(Path(django.__file__).parent / part / "locale/zh_Hans/LC_MESSAGES/django.po"))
        found += [entry.msgid for entry in ours if (same := own.find(entry.msgid)) and same.translated()]

    assert found == []
