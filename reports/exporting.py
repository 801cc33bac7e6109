"""The campaign workbook going out: the empty template and the export of a campaign."""

from functools import partial
from itertools import chain

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import exporters as campaigns
from canvass.reading import consistent_reads
from canvass.workbook_writer import WorkbookWriter
from grids import exporters as grids
from grids.models import RegisterEntry
from issues import exporters as issues
from issues.models import Category
from visits import exporters as visits

from .sheets import SHEETS

WIDTHS = (12, 14, 8, 20, 50, 60)


def write_template(target):
    """The workbook with headers, drop-downs and explanations, and no row."""
    writer = WorkbookWriter()
    for sheet in SHEETS:
        writer.write_sheet(sheet)
    writer.explain(_explanations(), WIDTHS)
    writer.save(target)


def _explanations():
    """What each column holds; then the codes of the categories, too many for a drop-down."""
    yield True, (_("表"), _("列"), _("必填"), _("类型"), _("可填的值"), _("说明"))
    for sheet in SHEETS:
        yield False, (sheet.zh, "", "", "", "", str(sheet.help))
        for column in sheet.columns:
            listed = "；".join(column.listed) if column.choices or column.kind.name == "YES_NO" else ""
            kind = _("%s，多个用分号隔开") % column.kind.value if column.many else str(column.kind.value)
            must = _("必填") if column.required else ""
            yield False, (sheet.zh, column.zh, must, kind, listed, str(column.help))
    yield True, ("", _("类别代码"), "", "", _("类别"), "")
    for category in Category.objects.filter(is_active=True).order_by("code"):
        yield False, ("", category.code, "", "", category.name, "")


def write_export(target, campaign, user, *, watermark=""):
    """Everything of a campaign that this person may see, as one moment shows it. Returns the rows per sheet.

    With a watermark, of two people who released it (see `releasing`), names and numbers are filled in too.
    """
    with consistent_reads():
        footer = f"{campaign.name} {timezone.localtime():%Y-%m-%d %H:%M}"
        writer = WorkbookWriter(footer=footer, watermark=watermark)
        contents = _contents(campaign, user, personal=bool(watermark))
        ended = grids.ended_grids(campaign.area_id, timezone.localdate())
        counts = {
            sheet.zh: writer.write_sheet(sheet, _in_known_places(contents[sheet.key](), ended))
            for sheet in SHEETS
        }
        writer.explain(_cover(campaign, user, counts, watermark), (24, 90))
    writer.save(target)
    return counts


def _in_known_places(rows, ended):
    """What happened in a grid that is no longer in use, and so not in the workbook, is told of its village."""
    for row in rows:
        if ended and "place" in row:
            row["place"] = ended.get(row["place"], row["place"])
        if ended and "places" in row:
            row["places"] = sorted({ended.get(code, code) for code in row["places"]})
        yield row


def _contents(campaign, user, *, personal):
    """{sheet key: function that gives its rows}."""
    area, today = campaign.area_id, timezone.localdate()
    handling = issues.handling_departments(campaign, user)
    roster = campaigns.Roster(
        campaign, visits.took_part(campaign, user), handling, on=today, personal=personal
    )
    entries = RegisterEntry.objects.visible_to(user).inside(area)
    return {
        "campaign": partial(campaigns.campaign_rows, campaign),
        "areas": partial(grids.area_rows, area),
        "departments": partial(grids.department_rows, roster.departments | handling, personal=personal),
        "grids": partial(grids.grid_rows, area, today),
        "teams": partial(campaigns.team_rows, campaign),
        "cadres": roster.rows,
        "register": lambda: chain(
            grids.register_rows(entries, personal=personal), visits.gone_entry_rows(campaign, user, entries)
        ),
        "visits": partial(visits.visit_rows, campaign, user),
        "gatherings": partial(visits.gathering_rows, campaign, user),
        "materials": partial(visits.material_rows, campaign, user),
        "opinions": partial(issues.opinion_rows, campaign, user, entries),
        "issues": partial(issues.issue_rows, campaign, user),
        "deeds": partial(issues.deed_rows, campaign, user),
    }


def _cover(campaign, user, counts, watermark=""):
    """What the export covers, as of when, made by whom and when."""
    now = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    if watermark:
        yield True, (_("放行"), watermark)
    yield True, (_("本表"), "")
    yield False, (_("活动"), f"{campaign.name}（{campaign.code}）")
    yield False, (_("区划"), f"{campaign.area.name}（{campaign.area_id}）")
    yield False, (_("日期"), f"{campaign.first_on} – {campaign.last_on}")
    yield False, (_("截至"), now)
    yield False, (_("导出人"), user.display_name)
    yield False, (_("导出时间"), now)
    yield (
        False,
        (
            _("不含"),
            _("作废的记录、限阅的举报、更正前的原话。")
            if watermark
            else _("作废的记录、限阅的举报、更正前的原话；户名、手机、联系人和联系电话一律留空。"),
        ),
    )
    yield (
        False,
        (
            _("再导入后不同的数字"),
            _("逾期录入率、退单、延期、督办、重办率、重开率、抽查属实率：表格不带这些过程。"),
        ),
    )
    yield (
        False,
        (
            _("没有岗位的人员"),
            _("参加过走访、现在这里没有岗位的人员，角色写作“督查”（只能查看），范围为参加过的一处。"),
        ),
    )
    yield True, (_("表"), _("行数"))
    for name, count in counts.items():
        yield False, (name, str(count))
