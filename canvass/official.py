"""Official papers as .docx, in the format of GB/T 9704-2012: A4, 22 lines of 28 characters, fonts by name.

No font is embedded: the office machine supplies them.
"""

from dataclasses import dataclass, field
from io import BytesIO
from math import floor

from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

BODY, TITLE, LEVEL_1, LEVEL_2 = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
NUMBERS, LATIN = "宋体", "Times New Roman"
BODY_SIZE, TITLE_SIZE, TABLE_SIZE, SMALL_SIZE = Pt(16), Pt(22), Pt(14), Pt(12)

TEXT_WIDTH_MM, TEXT_HEIGHT_MM = 156, 225
TOP_MM, LEFT_MM = 37, 28
LINES, CHARACTERS = 22, 28
LABEL_WIDTH_MM = 42
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Receipt:
    """The lower part of a paper, cut off and sent back: what it answers, and blanks to fill in by hand."""

    rows: list
    signatures: list


@dataclass(frozen=True)
class Paper:
    """What stands on a paper; the page for print and the .docx show the same.

    `rows` are (label, value), `sections` (heading, [paragraphs]); `signatures` are labels with a blank line.
    """

    title: str
    number: str
    campaign: str
    made: str
    rows: list
    sections: list = field(default_factory=list)
    signatures: list = field(default_factory=list)
    receipt: Receipt | None = None


def official_document(paper):
    """The bytes of the paper's .docx."""
    document = Document()
    set_page(document)
    _number_pages(document.sections[0].footer.paragraphs[0])
    set_body_style(document)
    set_properties(document, f"{paper.title} {paper.number}", paper.campaign)
    add_line(document, paper.campaign, align=WD_ALIGN_PARAGRAPH.CENTER, font=LEVEL_2)
    add_line(document, paper.title, align=WD_ALIGN_PARAGRAPH.CENTER, font=TITLE, size=TITLE_SIZE)
    add_line(document, paper.number, align=WD_ALIGN_PARAGRAPH.CENTER)
    _table(document, paper.rows)
    for place, (heading, paragraphs) in enumerate(paper.sections):
        add_line(document, f"{NUMERALS[place]}、{heading}", font=LEVEL_1, indent=True, keep=True)
        for text in paragraphs:
            add_line(document, text, indent=True)
    _sign(document, paper.signatures)
    add_line(document, paper.made, size=SMALL_SIZE)
    if paper.receipt:
        add_line(document, "-" * 20 + _("裁开") + "-" * 20, align=WD_ALIGN_PARAGRAPH.CENTER, keep=True)
        add_line(document, _("回执"), align=WD_ALIGN_PARAGRAPH.CENTER, font=TITLE, size=TITLE_SIZE, keep=True)
        _table(document, paper.receipt.rows)
        _sign(document, paper.receipt.signatures)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def set_page(document):
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.left_margin = Mm(TOP_MM), Mm(LEFT_MM)
    page.bottom_margin, page.right_margin = (
        Mm(297 - TOP_MM - TEXT_HEIGHT_MM),
        Mm(210 - LEFT_MM - TEXT_WIDTH_MM),
    )
    page.footer_distance = Mm(22)  # the number stands 7 mm below the text
    for grid in page._sectPr.findall(qn("w:docGrid")):
        page._sectPr.remove(grid)
    grid = OxmlElement("w:docGrid")
    # Lines alone: 16 pt is a little more than a 28th of the line, and some programs give a character that
    # does not fit its cell two of them. The body style draws the characters together instead.
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(Mm(TEXT_HEIGHT_MM).twips // LINES))
    page._sectPr.append(grid)


def _number_pages(paragraph):
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_run(paragraph, "— ", NUMBERS, Pt(14))
    add_field(paragraph, "PAGE", Pt(14))
    add_run(paragraph, " —", NUMBERS, Pt(14))


def add_field(paragraph, name, size):
    """PAGE or NUMPAGES: the program that opens the file fills it in."""
    run = add_run(paragraph, "", NUMBERS, size)
    for kind, text in (("begin", ""), (None, name), ("end", "")):
        part = OxmlElement("w:instrText" if kind is None else "w:fldChar")
        if kind is None:
            part.text = text
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def set_body_style(document):
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, BODY_SIZE
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    spacing = OxmlElement("w:spacing")  # in twips, rounded so that the last character still fits
    spacing.set(qn("w:val"), str(floor((Mm(TEXT_WIDTH_MM).pt / CHARACTERS - BODY_SIZE.pt) * 20)))
    style.element.rPr.find(qn("w:sz")).addprevious(spacing)
    style.paragraph_format.space_after = Pt(0)


def set_properties(document, title, subject):
    properties, now = document.core_properties, timezone.now().replace(tzinfo=None)
    properties.title, properties.subject = title, subject
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = now


def add_run(paragraph, text, font, size):
    run = paragraph.add_run(text)
    run.font.name, run.font.size = LATIN, size
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def add_line(document, text, *, align=None, font=BODY, size=BODY_SIZE, indent=False, keep=False):
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = size * 2
    if size != BODY_SIZE:
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.paragraph_format.keep_with_next = keep
    add_run(paragraph, clean(text), font, size)
    return paragraph


def _table(document, rows):
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    widths = Mm(LABEL_WIDTH_MM), Mm(TEXT_WIDTH_MM - LABEL_WIDTH_MM)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for label, value in rows:
        cells = table.add_row().cells
        for cell, width, text, font in zip(cells, widths, (label, value), (LEVEL_1, BODY), strict=True):
            cell.width = width
            add_run(cell.paragraphs[0], clean(text), font, TABLE_SIZE)


def _sign(document, labels):
    for label in labels:
        add_line(document, _("%s：") % label + "_" * 20, align=WD_ALIGN_PARAGRAPH.LEFT)


def clean(text):
    """Without the control characters that XML cannot hold; a line break stays."""
    return "".join(one for one in str(text) if one in "\n\t" or ord(one) >= 32)
