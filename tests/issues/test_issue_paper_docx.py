"""The papers of an issue as .docx, read back: /issues/<pk>/papers/<kind>.docx. Strangers: test_issue_paper."""

import io
import zipfile
from urllib.parse import quote

import pytest
from docx import Document
from docx.oxml.ns import qn

from tests import factories, people

from .filing import SECRETS, filed
from .test_issue_paper import KINDS, asked_apart, get, issue

__all__ = ["asked_apart", "issue"]  # the same issues, as fixtures
pytestmark = pytest.mark.django_db


def document(client, user, issue, kind):
    return Document(io.BytesIO(get(client, user, issue, kind, ".docx").content))


def texts(document):
    """Every text of the paper in reading order."""
    return [line.text for block in document.iter_inner_content() for line in _lines(block)]


def _lines(block):
    return [cell for row in block.rows for cell in row.cells] if hasattr(block, "rows") else [block]


def test_page_is_a4_with_the_margins_of_the_standard(client, issue):
    page = document(client, people.bob(), issue, "assignment").sections[0]

    sizes = (page.page_width, page.page_height, page.top_margin, page.left_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 28]
    assert round((page.page_width - page.left_margin - page.right_margin) / 36000) == 156
    assert round((page.page_height - page.top_margin - page.bottom_margin) / 36000) == 225
    grid = page._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    assert "PAGE" in page.footer._element.xml


def test_fonts_are_named_and_none_is_embedded(client, issue):
    content = get(client, people.bob(), issue, "assignment", ".docx").content
    read = Document(io.BytesIO(content))
    normal = read.styles["Normal"]

    assert normal.font.size.pt == 16
    assert normal.element.rPr.find(qn("w:spacing")).get(qn("w:val")) == "-5"  # 28 × 15.75 pt in 156 mm
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    title = next(line for line in read.paragraphs if line.text == "问题交办单")
    assert title.runs[0].font.size.pt == 22
    assert title.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    heading = next(line for line in read.paragraphs if line.text == "一、群众原话")
    assert heading.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    assert [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if "fonts/" in name] == []


@pytest.mark.parametrize("kind", KINDS)
def test_document_says_what_the_page_says(client, issue, kind):
    bob = people.bob()
    shown = get(client, bob, issue, kind).context["paper"]

    said = texts(document(client, bob, issue, kind))

    assert said[:3] == [shown.campaign, shown.title, shown.number]
    rows = [str(text) for row in shown.rows for text in row]
    assert said[3 : 3 + len(rows)] == rows
    paragraphs = [text for _heading, lines in shown.sections for text in lines]
    assert [text for text in paragraphs if text not in said] == []
    assert [
        label for label in shown.signatures if not any(line.startswith(f"{label}：") for line in said)
    ] == []
    assert ("回执" in said) == (shown.receipt is not None)
    assert [what for what, text in SECRETS.items() if text in "".join(said)] == []


def test_document_names_the_words_asked_about(client, asked_apart):
    issue, first, _second = asked_apart
    bob = people.bob()

    assert f"{first.number}：" in "".join(texts(document(client, bob, issue, "follow-up-1")))
    assert "SQ-22：路灯也坏了" in texts(document(client, bob, issue, "follow-up"))


def test_file_is_named_after_the_paper_and_kept_by_no_cache(client, issue):
    response = get(client, people.bob(), issue, "closing", ".docx")

    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert quote(f"问题销号单 销号〔2018〕{issue.number}-1.docx") in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]


def test_control_characters_in_a_text_do_not_break_the_file(client):
    issue = filed(factories.campaign())
    issue.result = "换了\x0b雨水管\x1f"
    issue.save()

    assert "换了雨水管" in texts(document(client, people.bob(), issue, "closing"))
