"""A report's content as files: the .docx on official paper, the .xlsx of its ledger.

Both say what the content says and nothing else. The stamp tells who issued which edition when, and stands in both.
"""

from io import BytesIO

from django.utils.translation import override

from canvass.official_report import OfficialReport, Paragraph, Section, Table, official_report
from canvass.workbook_writer import WorkbookWriter

from .enums import ReportKind
from .facts import CAMPAIGN
from .report_tables import PERIOD_LABELS
from .sentences import CHINESE, label_of, unit_of


def number_text(content):
    """第3期（第2版）: the number of the series, and the edition where it is not the first."""
    stamp = content["stamp"]
    edition = f"（第{stamp['edition']}版）" if stamp["edition"] > 1 else ""
    serial = "" if content["kind"] == ReportKind.FINAL else f"第{stamp['serial']}期"
    return f"{serial}{edition}　{content['first_on']} 至 {content['last_on']}".strip("　")


def statement(content):
    """What the report covers, as of when, made by whom and when; corrections and what was issued all the same."""
    stamp, campaign = content["stamp"], content["campaign"]
    lines = [
        f"说明：范围为{campaign['name']}（{campaign['area']}，{campaign['area_code']}），"
        f"{content['first_on']} 至 {content['last_on']}；数据截至 {moment_text(content['as_of'])}，"
        f"作废与更正以 {moment_text(content['known_at'])} 所知为准；由 {stamp['by']} 于 "
        f"{moment_text(stamp['at'])} 编制。未知的数印作“—”，比率均附分子和分母。"
    ]
    if stamp["correction"]:
        lines.append(f"更正：本版更正第{stamp['edition'] - 1}版。{stamp['correction']}")
        lines += [f"更正：{line}" for line in stamp["differences"]]
    for one in stamp["overruled"]:
        lines.append(f"核对未通过而照发：{one['sentence']}理由：{one['reason']}（{one['who']}）")
    return lines


def moment_text(iso):
    return iso[:16].replace("T", " ")


def _footer(content):
    stamp = content["stamp"]
    return (
        f"{content['campaign']['name']}　截至 {moment_text(content['as_of'])}　"
        f"{stamp['by']} {moment_text(stamp['at'])} 编制"
    )


# --- Word -------------------------------------------------------------------------------------------------------


def docx_of(content):
    """The bytes of the .docx."""
    with override(CHINESE):
        return official_report(
            OfficialReport(
                title=content["title"],
                number=number_text(content),
                subject=content["campaign"]["name"],
                sections=[_section(one) for one in content["sections"]],
                annexes=[_section(one) for one in content["annexes"]],
                statement=statement(content),
                footer=_footer(content),
                is_compact=content["kind"] == ReportKind.DAILY,
            )
        )


def _section(section):
    return Section(section["heading"], [_block(block) for block in section["blocks"]])


def _block(block):
    if block["type"] == "paragraph":
        return Paragraph(cell_text(block["runs"]))
    columns = [(column_text(one), one["weight"], one["number"]) for one in block["columns"]]
    rows = [[cell_text(cell) for cell in row] for row in block["rows"]]
    return Table(block["caption"], columns, rows, block["has_total"])


def cell_text(runs):
    return "".join(run["text"] for run in runs)


def column_text(column):
    """A heading with its unit: units never mix."""
    return f"{column['label']}（{column['unit']}）" if column["unit"] else column["label"]


# --- Excel ------------------------------------------------------------------------------------------------------

FIGURES_SHEET = "本期数字"


def xlsx_of(content):
    """The bytes of the ledger workbook: the figures of the report, then its eight sheets."""
    with override(CHINESE):
        writer = WorkbookWriter(footer=_footer(content))
        line = statement(content)[0]
        writer.write_figures(FIGURES_SHEET, line, *_figures(content))
        for one in content["ledger"]:
            rows = one["rows"] + (_outcomes(content) if one["key"] == "quality" else [])
            writer.write_figures(one["name"], f"{one['covers']}。{line}", one["columns"], rows)
        stream = BytesIO()
        writer.save(stream)
        return stream.getvalue()


def _figures(content):
    """(headings, rows): a line a figure, or a key of a grouped one; value and both sides for each period."""
    periods = content["periods"]
    headings = ["项目", "代码", "分组", "单位"]
    for period in periods:
        label = PERIOD_LABELS[period]
        headings += [label, f"{label}·分子", f"{label}·分母"]
    rows = []
    for key, result in content["figures"][CAMPAIGN].items():
        parts = list(result[0]) if isinstance(result[0], dict) else [None]
        for part in parts:
            row = [label_of(key), key, part, unit_of(key)]
            for period in periods:
                value, numerator, denominator = content["figures"][period][key]
                row += [(value or {}).get(part) if part is not None else value, numerator, denominator]
            rows.append(row)
    rows += [
        [f"{one['label']}（人工填写：{one['author']}；{one['reason']}）", "", "", one["unit"], one["value"]]
        for one in content["typed"]
    ]
    rows += [[line] for line in statement(content)[1:]]
    return headings, rows


def _outcomes(content):
    """The checks before the issue, in the sheet of data quality."""
    return [["核对", "结果", None, None]] + [
        [one["sentence"], one["outcome"], None, None] for one in content["stamp"]["checks"]
    ]
