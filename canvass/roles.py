"""Who may do what: each role of a posting and the Django permissions it gives. docs/roles.md tells it in prose."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """The duty a posting gives a cadre."""

    VISITOR = "visitor", _("走访人员")
    GRID_LEADER = "grid_leader", _("网格长")
    VILLAGE_OFFICE = "village_office", _("村社办")
    CAMPAIGN_OFFICE = "campaign_office", _("活动办")
    UNIT_CLERK = "unit_clerk", pgettext_lazy("role", "承办单位")
    UNIT_HEAD = "unit_head", _("承办负责人")
    LEADING_GROUP = "leading_group", _("领导小组")
    INSPECTOR = "inspector", _("督查")
    DISCIPLINE = "discipline", _("纪检")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDITOR = "auditor", _("审计员")


# Roles that read residents' records of their places (restricted reports excepted).
AREA_READERS = (
    Role.VISITOR,
    Role.GRID_LEADER,
    Role.VILLAGE_OFFICE,
    Role.CAMPAIGN_OFFICE,
    Role.LEADING_GROUP,
    Role.INSPECTOR,
)
# Roles whose postings make somebody a visitor in the figures ("cadres").
VISITING = (Role.VISITOR, Role.GRID_LEADER)
# Roles that see the dashboard and the reports of their area.
REPORT_READERS = (Role.VILLAGE_OFFICE, Role.CAMPAIGN_OFFICE, Role.LEADING_GROUP, Role.INSPECTOR)

# Roles that read the roster (cadres, postings) of their area at a desk.
ROSTER_READERS = (
    Role.VILLAGE_OFFICE,
    Role.CAMPAIGN_OFFICE,
    Role.LEADING_GROUP,
    Role.INSPECTOR,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
)
# Who may post somebody to which role by hand. Nobody gives himself a posting, and the office gives no role
# above its own or outside its work: misconduct reports and accounts stay out of its hands.
GRANTABLE = {
    Role.CAMPAIGN_OFFICE: (
        Role.VISITOR,
        Role.GRID_LEADER,
        Role.VILLAGE_OFFICE,
        Role.UNIT_CLERK,
        Role.UNIT_HEAD,
        Role.LEADING_GROUP,
        Role.INSPECTOR,
    ),
    Role.SECURITY_ADMIN: tuple(Role),
}
# Whose sign-ins a role hands out, renews and takes back. Narrower than GRANTABLE, because whoever prints a
# one-time link could open it: the office stays away from its leaders and inspectors, a system admin from
# misconduct reports, roles and logs. What is in no line here is a superuser's.
HANDS_OUT = {
    Role.CAMPAIGN_OFFICE: (
        Role.VISITOR,
        Role.GRID_LEADER,
        Role.VILLAGE_OFFICE,
        Role.UNIT_CLERK,
        Role.UNIT_HEAD,
    ),
    Role.SYSTEM_ADMIN: (
        Role.VISITOR,
        Role.GRID_LEADER,
        Role.VILLAGE_OFFICE,
        Role.CAMPAIGN_OFFICE,
        Role.UNIT_CLERK,
        Role.UNIT_HEAD,
        Role.LEADING_GROUP,
        Role.INSPECTOR,
    ),
}
# Accounts, roles and logs: three people, so that none of them alone gives, uses and hides a right.
THREE_ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
# Whoever has no other duty may sign in with digits alone, on the phone that they were set on.
PIN_ROLES = (Role.VISITOR, Role.GRID_LEADER)
# Who can change what many see, or open what few may: a password alone is not enough where SECOND_FACTOR_REQUIRED is on.
SECOND_FACTOR_ROLES = (
    Role.CAMPAIGN_OFFICE,
    Role.DISCIPLINE,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
    Role.AUDITOR,
)


def _crud(app, *models, verbs=("view", "add", "change")):
    return {f"{app}.{verb}_{model}" for model in models for verb in verbs}


_PHONE = {"visits.add_visit", "visits.change_visit", "visits.type_paper", "issues.view_issue"} | _crud(
    "visits", "visit", "opinion", verbs=("view",)
)
# Gatherings, materials, deeds and stay logs from the phone; no permission of Django's, so that no desk opens by it.
_SHORT_FORMS = {"visits.file_record"}
_PLACES = ("place", "area", "grid", "department", "cadre", "posting", "registerentry")
_RECORDS_VISITS = ("visit", "gathering", "handout", "opinion")
_RECORDS_ISSUES = ("issue", "deed", "category", "timelimit")
_CAMPAIGN = ("campaign", "team", "calendarday")

_READ_ALL = (
    _crud("grids", *_PLACES, verbs=("view",))
    | _crud("campaigns", *_CAMPAIGN, "privacynotice", verbs=("view",))
    | _crud("visits", *_RECORDS_VISITS, "staylog", verbs=("view",))
    | _crud("issues", *_RECORDS_ISSUES, verbs=("view",))
    | {"reports.view_dashboard"}
)

# Role -> Django permissions. No role may delete anything.
PERMISSIONS = {
    Role.VISITOR: _PHONE | _SHORT_FORMS,
    Role.GRID_LEADER: _PHONE | _SHORT_FORMS | {"visits.check_visit"},
    # A village takes on what it can solve itself; issues.permissions says which level that is.
    Role.VILLAGE_OFFICE: _PHONE
    | _READ_ALL
    | {"visits.check_visit", "grids.use_office_desk", "issues.add_issue"},
    Role.CAMPAIGN_OFFICE: _PHONE
    | _READ_ALL
    | _crud("grids", *_PLACES)
    | _crud("campaigns", *_CAMPAIGN)
    | _crud("visits", *_RECORDS_VISITS)
    | _crud("issues", *_RECORDS_ISSUES)
    # Whoever answers uses the templates; the office alone writes them.
    | _crud("issues", "answertemplate")
    | {
        "grids.use_office_desk",
        "grids.hand_out_sign_in",
        "grids.view_feedback",
        "grids.add_feedbackanswer",
        "campaigns.add_privacynotice",
        "visits.check_visit",
        "visits.void_record",
        "issues.handle_issue",
        "issues.view_conductslip",
        "issues.add_suggestionanswer",
        "reports.load_workbook",
        "reports.export_campaign",
        "reports.view_workbookload",
        "reports.view_purgerun",
        "reports.issue_report",
        "reports.inspect_visits",
        "reports.redact_words",
        "reports.release_export",
        "reports.handle_rights",
    },
    Role.UNIT_CLERK: {"issues.view_issue", "issues.answer_issue"},
    Role.UNIT_HEAD: {"issues.view_issue", "issues.answer_issue", "issues.approve_reply"},
    # Two people release names and numbers: whoever asks is of the office, whoever releases of either.
    Role.LEADING_GROUP: _READ_ALL | {"issues.approve_parking", "reports.release_export"},
    Role.INSPECTOR: _READ_ALL | {"grids.use_office_desk", "reports.inspect_visits"},
    # A name inside the words of a misconduct report is blanked by those who read it.
    Role.DISCIPLINE: {
        "issues.view_issue",
        "issues.view_restricted",
        "issues.view_conductslip",
        "reports.redact_words",
        "reports.handle_rights",
    },
    Role.SYSTEM_ADMIN: _crud("grids", "user", "place", "area", "grid", "department", "cadre")
    | {"grids.use_office_desk", "grids.hand_out_sign_in", "grids.view_posting", "campaigns.view_campaign"}
    | {"grids.view_feedback", "grids.add_feedbackanswer"},
    Role.SECURITY_ADMIN: _crud("grids", "posting")
    | _crud("grids", "cadre", "user", "place", "area", "grid", "department", verbs=("view",))
    | {"grids.use_office_desk"},
    Role.AUDITOR: {
        "grids.use_office_desk",
        "grids.view_auditrow",
        "reports.view_workbookload",
        "reports.view_purgerun",
    },
}


def permissions_of(roles):
    """All permissions that a set of roles gives together."""
    return set().union(*(PERMISSIONS[role] for role in roles))
