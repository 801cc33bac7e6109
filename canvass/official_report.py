"""Official reports as .docx: the page of `official`, with levels, tables whose headings repeat, and annexes.

No font is embedded: the office machine supplies them.
"""

from dataclasses import dataclass, field
from io import BytesIO

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from .official import (
    BODY,
    BODY_SIZE,
    LEVEL_1,
    LEVEL_2,
    NUMBERS,
    NUMERALS,
    TEXT_WIDTH_MM,
    TITLE,
    TITLE_SIZE,
    add_field,
    add_line,
    add_run,
    clean,
    set_body_style,
    set_page,
    set_properties,
)

CELL_SIZE, SMALL_CELL_SIZE = Pt(12), Pt(10.5)
CELL_SIZES = (CELL_SIZE, SMALL_CELL_SIZE, Pt(9), Pt(8))
FOOTER_SIZE = Pt(9)
CELL_MARGIN_MM = 0.8
LINE = 1.25  # of small print, in its letters
DIGIT = 0.56  # of a Chinese letter, with some room for a wider font
MANY_ROWS = 20  # on a report of one page
MANY_COLUMNS = 6  # from here on the cells are set smaller, whatever they hold


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Table:
    """`columns` are (heading, share of the width, is a number); `rows` lists of texts; the last may be a total."""

    caption: str
    columns: list
    rows: list
    has_total: bool = False


@dataclass(frozen=True)
class Section:
    heading: str
    blocks: list


@dataclass(frozen=True)
class OfficialReport:
    """A report on paper; each annex begins a page. `statement` stands at the end and, short, on every page."""

    title: str
    number: str
    subject: str
    sections: list
    annexes: list = field(default_factory=list)
    statement: list = field(default_factory=list)
    footer: str = ""
    is_compact: bool = False  # everything on one page


def official_report(report):
    """The bytes of the report's .docx."""
    document = Document()
    set_page(document)
    set_body_style(document)
    set_properties(document, f"{report.title} {report.number}", report.subject)
    _set_footer(document, report.footer)
    centred = WD_ALIGN_PARAGRAPH.CENTER
    add_line(document, report.title, align=centred, font=TITLE, size=TITLE_SIZE)
    add_line(document, report.number, align=centred, font=LEVEL_2)
    body = SMALL_CELL_SIZE if report.is_compact else BODY_SIZE
    for place, section in enumerate(report.sections):
        line = add_line(
            document, f"{NUMERALS[place]}、{section.heading}", font=LEVEL_1, size=body, indent=True, keep=True
        )
        if report.is_compact:
            _off_grid(line)
        _add_blocks(document, section.blocks, body)
    for text in report.statement:
        _off_grid(add_line(document, text, size=SMALL_CELL_SIZE))
    for place, annex in enumerate(report.annexes, 1):
        heading = document.add_paragraph()
        heading.paragraph_format.page_break_before = True
        heading.paragraph_format.keep_with_next = True
        add_run(heading, f"附件{place}", LEVEL_1, BODY_SIZE)
        add_line(document, annex.heading, align=centred, font=TITLE, size=TITLE_SIZE, keep=True)
        _add_blocks(document, annex.blocks, body)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_footer(document, text):
    """第 x 页 共 y 页, and under it in small what the report covers, as of when, made by whom."""
    footer = document.sections[0].footer
    paragraph = _off_grid(footer.paragraphs[0])
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    size = Pt(14)
    for words, name in (("— 第 ", "PAGE"), (" 页 共 ", "NUMPAGES")):
        add_run(paragraph, words, NUMBERS, size)
        add_field(paragraph, name, size)
    add_run(paragraph, " 页 —", NUMBERS, size)
    if text:
        small = _off_grid(footer.add_paragraph())
        small.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(small, clean(text), NUMBERS, FOOTER_SIZE)


def _off_grid(paragraph):
    """Small print: as high as its letters, not a 22nd of the page, and as high in every font."""
    sizes = [run.font.size for run in paragraph.runs]
    if sizes:
        paragraph.paragraph_format.line_spacing = Pt(max(sizes).pt * LINE)
    else:
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    paragraph._p.pPr.insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:rPr")
    return paragraph


def _add_blocks(document, blocks, size):
    tables = sum(isinstance(block, Table) for block in blocks)
    place = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            line = add_line(document, block.text, size=size, indent=True)
            if size != BODY_SIZE:
                _off_grid(line)
            continue
        place += 1
        caption = f"（{NUMERALS[place - 1]}）{block.caption}" if tables > 1 else block.caption
        line = add_line(document, caption, font=LEVEL_2, size=size, indent=True, keep=True)
        if size != BODY_SIZE:
            _off_grid(line)
        _add_table(document, block, is_compact=size != BODY_SIZE)


def _add_table(document, block, *, is_compact):
    """The heading repeats on every page, and no row is torn in two."""
    table = document.add_table(rows=len(block.rows) + 1, cols=len(block.columns), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    shares = [share for _heading, share, _number in block.columns]
    widths = [Mm(TEXT_WIDTH_MM * share / sum(shares)) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    size = _fitting_size(block, widths, is_compact=is_compact)
    _set_margins(table)
    headings = [heading for heading, _share, _number in block.columns]
    rows = [headings, *block.rows]
    total = len(rows) - 1 if block.has_total else None
    for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        _keep_whole(row, is_heading=number == 0)
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = widths[place]
            is_number = block.columns[place][2]
            font = LEVEL_1 if number in (0, total) else BODY
            _fill(cell, text, font, size, is_centred=number == 0, is_number=is_number)


def _fitting_size(block, widths, *, is_compact):
    """The largest size in which no number is torn in two."""
    sizes = CELL_SIZES[1:] if len(block.columns) >= MANY_COLUMNS else CELL_SIZES
    if is_compact and len(block.rows) > MANY_ROWS:
        sizes = CELL_SIZES[-1:]
    rooms = [width.pt - 2 * Mm(CELL_MARGIN_MM).pt for width in widths]
    needs = [
        (max((_letters(row[place]) for row in block.rows), default=0), rooms[place])
        for place, (_heading, _share, is_number) in enumerate(block.columns)
        if is_number
    ]
    fitting = (size for size in sizes if all(letters * size.pt <= room for letters, room in needs))
    return next(fitting, sizes[-1])


def _letters(text):
    """How many Chinese letters wide a text is."""
    return sum(1 if ord(one) > 0x2E80 else DIGIT for one in text)


def _set_margins(table):
    """Narrow ones to the left and right: the columns are many and the page is what it is."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(Mm(CELL_MARGIN_MM).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _keep_whole(row, *, is_heading):
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_heading:
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        properties.append(repeated)


def _fill(cell, text, font, size, *, is_centred, is_number):
    paragraph = cell.paragraphs[0]
    if is_centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    add_run(paragraph, clean(text), font, size)
    _off_grid(paragraph)
