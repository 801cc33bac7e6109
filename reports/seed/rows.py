"""A campaign as the rows of its workbook."""

from . import gatherings, people, places, visits, words
from .calendar import first_day, last_day
from .plan import CODE, TOWN


def campaign_sheets(plan, now):
    """{sheet: rows} of a running campaign whose ninth week is on; `now` is a local time without a zone."""
    today = now.date()
    sheets = {
        "活动": [
            {
                "活动代码": CODE,
                "活动名称": "王店镇“大走访、大宣讲、大解放”活动",
                "区划代码": TOWN,
                "开始日期": first_day(today),
                "结束日期": last_day(today),
                "主题": "走访到户、宣讲到人、解决到位（演示数据）",
            }
        ],
        "区划": places.areas(plan),
    }
    sheets["单位"] = people.departments(sheets)
    sheets["网格"] = places.grids(plan, sheets)
    sheets["队伍"] = people.teams(plan, sheets)
    sheets["人员"] = people.cadres(plan, sheets)
    sheets["走访对象"] = places.register(plan, sheets)
    sheets["走访记录"] = visits.visits(plan, sheets, today)
    sheets["宣讲活动"] = gatherings.gatherings(plan, sheets, today)
    sheets["资料发放"] = gatherings.materials(plan, sheets, today)
    sheets["诉求"], meant = words.opinions(plan, sheets, now)
    sheets["问题"] = words.issues(plan, sheets, meant, now)
    sheets["实事"] = gatherings.deeds(plan, sheets, today)
    return {name: [_cells(row) for row in rows] for name, rows in sheets.items()}


def _cells(row):
    """What belongs into the sheet: no notes of the generator, no blanks."""
    return {
        header: value for header, value in row.items() if value is not None and not header.startswith("_")
    }
