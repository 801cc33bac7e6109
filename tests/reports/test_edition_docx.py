"""The .docx of an edition: /reports/editions/<pk>.docx, on paper as GB/T 9704-2012 wants it."""

import hashlib
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

from tests import people
from tests.factories import assigned, cadre, campaign, department, household, issue, visit

from .issuing import figure_runs, issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def of():
    made = campaign()
    visit(made, household(), by=[cadre()])
    issue(made, state="in_progress", title="=SUM(A1)\x08路灯不亮", **assigned(department()))
    return made


@pytest.fixture
def report(of):
    return issued(of)


@pytest.fixture
def document(report):
    return Document(BytesIO(bytes(report.docx)))


def every_text(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def east_asian(paragraph):
    return {run._r.rPr.rFonts.get(qn("w:eastAsia")) for run in paragraph.runs}


def test_download_is_the_stored_bytes(client, report):
    client.force_login(people.leader())

    response = client.get(f"/reports/editions/{report.pk}.docx")

    assert response.content == bytes(report.docx)
    assert hashlib.sha256(response.content).hexdigest() == report.docx_sha256
    assert "wangdian-2018-weekly-2018-W36-1.docx" in response["Content-Disposition"]


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
@pytest.mark.parametrize(
    ("stranger", "status"),
    [
        (people.alice, 403),
        (people.clerk, 403),
        (people.village_office, 404),
        (lambda: people.bob("330411106"), 404),
    ],
)
def test_stranger_finds_no_file(client, report, stranger, status, ending):
    client.force_login(stranger())

    response = client.get(f"/reports/editions/{report.pk}.{ending}")

    assert response.status_code == status
    assert not response.content.startswith(b"PK")


def test_page_is_a4_with_22_lines_of_28_characters(document):
    page = document.sections[0]
    near = lambda length, millimetres: abs(length - Mm(millimetres)) < Mm(0.1)  # noqa: E731

    assert near(page.page_width, 210)
    assert near(page.page_height, 297)
    assert near(page.top_margin, 37)
    assert near(page.left_margin, 28)
    assert near(page.page_width - page.left_margin - page.right_margin, 156)
    text_height = page.page_height - page.top_margin - page.bottom_margin
    assert near(text_height, 225)
    pitch = int(page._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")))
    assert Emu(text_height).twips // pitch == 22
    normal = document.styles["Normal"]
    spacing = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val")))
    character = normal.font.size.twips + spacing
    assert Emu(page.page_width - page.left_margin - page.right_margin).twips // character == 28


def test_fonts_are_named_and_none_is_embedded(document, report):
    title, number, heading, body = document.paragraphs[:4]

    assert (east_asian(title), title.runs[0].font.size) == ({"方正小标宋简体"}, Pt(22))
    assert title.alignment == 1
    assert east_asian(number) == {"楷体_GB2312"}
    assert (heading.text, east_asian(heading)) == ("一、走访情况", {"黑体"})
    assert (east_asian(body), body.runs[0].font.size) == ({"仿宋_GB2312"}, Pt(16))
    parts = {str(part.partname) for part in document.part.package.iter_parts()}
    assert {name for name in parts if "font" in name} == {"/word/fontTable.xml"}


def test_tables_repeat_their_headings_and_tear_no_row(document):
    for table in document.tables:
        first = table.rows[0]._tr.trPr
        assert first.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_annexes_begin_a_page_and_the_foot_counts_pages(document, report):
    annexes = [one for one in document.paragraphs if one.text in ("附件1", "附件2")]
    assert [one.paragraph_format.page_break_before for one in annexes] == [True, True]

    footer = document.sections[0].footer
    fields = [one.text for one in footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert footer.paragraphs[1].text.startswith("王店镇大走访　截至 2018-09-09 23:59　命令行 ")


def test_every_figure_of_the_content_stands_in_the_text(document, report):
    text = "\n".join(every_text(document))

    assert [run["text"] for run in figure_runs(report.content) if run["text"] not in text] == []


def test_statement_says_what_is_covered_as_of_when_by_whom(document):
    [line] = [text for text in every_text(document) if text.startswith("说明：")]

    assert (
        "范围为王店镇大走访（王店镇，330411105），2018-09-03 至 2018-09-09；数据截至 2018-09-09 23:59" in line
    )
    assert "由 命令行 于 " in line


def test_words_of_people_come_in_without_what_xml_cannot_hold(document):
    assert "=SUM(A1)路灯不亮（生态环境）" in every_text(document)


def test_file_name_leads_into_no_other_folder(report):
    report.campaign.code = "../../etc/2018 秋"
    assert report.file_name("docx") == f"....etc2018_秋-{report.kind}-{report.period}-1.docx"
