"""What the office desk lists on its first page and in its side bar."""

from django.utils.translation import gettext_lazy as _

# The index and the side bar, in the order in which a clerk works: today's records first.
GROUPS = [
    (
        _("日常工作"),
        (
            *("visits.Visit", "visits.Opinion", "issues.Issue"),
            *("visits.Gathering", "visits.Handout", "issues.Deed", "visits.StayLog"),
        ),
    ),
    (
        _("登记册"),
        (
            "grids.RegisterEntry",
            "grids.Grid",
            "grids.Cadre",
            "grids.Posting",
            "grids.Department",
            "grids.Area",
            "grids.User",
        ),
    ),
    (
        _("活动安排"),
        (
            "campaigns.Campaign",
            "campaigns.PrivacyNotice",
            "campaigns.Team",
            "campaigns.CalendarDay",
            "issues.Category",
            "issues.TimeLimit",
            "issues.AnswerTemplate",
            "reports.WorkbookLoad",
            "reports.PurgeRun",
        ),
    ),
]
# Pages outside the admin that the index offers: URL name, permission, label, explanation.
LINKS = [
    ("issues:triage", "issues.add_issue", _("诉求分拣"), _("群众的话逐条受理、归入、答复或留存")),
    (
        "visits:paper_type",
        "visits.type_paper",
        _("补录纸质表"),
        _("把手写的走访表用键盘录进来，一户一行"),
    ),
    (
        "grids:sign_in_sheet",
        "grids.hand_out_sign_in",
        _("发放登录二维码"),
        _("打印一次性二维码，剪开发给本人"),
    ),
    (
        "reports:rights_list",
        "reports.handle_rights",
        _("个人信息请求"),
        _("群众要查看、更正或删除自己的信息，15 天内答复"),
    ),
    (
        "reports:redaction_list",
        "reports.redact_words",
        _("隐去记录"),
        _("原话里的姓名、电话由谁、为什么隐去"),
    ),
    (
        "issues:hand_over_list",
        "grids.view_cadre",
        _("工作交接"),
        _("有人离开：户、诉求、待更正的记录一次交给接手人"),
    ),
    (
        "issues:conduct_slip_list",
        "issues.view_conductslip",
        _("作风效能反馈单"),
        _("群众怎样看单位办事，逐张读；被评的单位看不到"),
    ),
    (
        "grids:feedback_list",
        "grids.view_feedback",
        _("对本系统的意见"),
        _("哪里不好用，大家说了什么；答复一句"),
    ),
    (
        "grids:audit_list",
        "grids.view_auditrow",
        _("审计日志"),
        _("谁在什么时候打开、更改过什么，从哪里来"),
    ),
    (
        "reports:workbook_load",
        "reports.load_workbook",
        _("导入表格"),
        _("先试读，列出错误和变化，确认后才写入"),
    ),
    (
        "reports:workbook_export",
        "reports.export_campaign",
        _("导出表格"),
        _("把整个活动导出为同样格式的表格"),
    ),
    (
        "reports:release_list",
        "reports.release_export",
        _("含姓名电话的导出"),
        _("一人申请、另一人放行，一天内下载"),
    ),
]
