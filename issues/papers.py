"""The papers of an issue: what stands on each, and which of them its state gives.

An address names a kind and, where there are several, which: "supervision-2"; without it, the latest. Numbers
are derived from the issue's own (交办〔2026〕WT000012-1); a supervision slip keeps the one it was issued with.
No paper names a resident: words stand without who said them, and whom an answer was told to stays out.
"""

from dataclasses import dataclass, field

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from canvass import places
from canvass.official import Paper, Receipt
from canvass.roles import REPORT_READERS

from .enums import IssueOutcome, IssueState
from .joins import joinings_of, words_of
from .models.issues import ASSIGNED_ON
from .step_words import ANSWERED_FIELDS, FIELD_WORDS, LABELS, RESIDENTS_WORDS, told
from .supervision import slips_of
from .voices import voice_asked, voices_to_ask
from .workflow import answers_to

TITLES = {
    "assignment": gettext_lazy("问题交办单"),
    "supervision": gettext_lazy("问题督办单"),
    "extension": gettext_lazy("延期申请单"),
    "parking": gettext_lazy("挂账申请单"),
    "follow-up": gettext_lazy("问题回访单"),
    "closing": gettext_lazy("问题销号单"),
    "case": gettext_lazy("问题办理档案"),
}
KIND_WORDS = {
    "assignment": pgettext_lazy("paper", "交办"),
    "extension": pgettext_lazy("paper", "延期"),
    "parking": pgettext_lazy("paper", "挂账"),
    "follow-up": gettext_lazy("回访"),
    "closing": pgettext_lazy("paper", "销号"),
    "case": pgettext_lazy("paper", "档案"),
}
MOVES_OF = {
    "assignment": ["assign"],
    "extension": ["ask_extension"],
    "parking": ["ask_parking"],
    "closing": ["close", "close_procedural"],
}
# What the issue's present state must be for a paper about it.
STATES_OF = {"assignment": ASSIGNED_ON, "closing": [IssueState.CLOSED]}
# A blank slip to take along to the resident.
ASKED_NOW = [IssueState.REPLIED, IssueState.FOLLOW_UP]
# May hold a resident's name.
KEPT_BACK = ["told"]


@dataclass
class Trail:
    """What the papers of an issue are made of, as one person may see it."""

    issue: object
    user: object
    steps: list = field(default_factory=list)
    follow_ups: list = field(default_factory=list)
    slips: list = field(default_factory=list)  # oldest first


def trail_of(issue, user):
    """Read everything that papers need; the issue was fetched through `visible_to`."""
    steps = list(issue.steps.select_related("by__cadre", "department"))
    follow_ups = list(issue.follow_ups.select_related("by__cadre"))
    return Trail(issue, user, steps, follow_ups, slips_of(issue, user)[::-1])


def offered_papers(trail):
    """[(kind as in the address, title)] of the papers that exist now."""
    offered = []
    for kind, title in TITLES.items():
        subjects = _subjects(trail, kind)
        several = len(subjects) > 1
        for count in range(1, len(subjects) + 1):
            offered.append((f"{kind}-{count}", f"{title} {count}") if several else (kind, str(title)))
    return offered


def paper_of(trail, address):
    """The paper at an address, or None when there is none such now."""
    kind, count = _parsed(address)
    subjects = _subjects(trail, kind) if kind else []
    count = len(subjects) if count is None else count
    if not 1 <= count <= len(subjects):
        return None
    subject = subjects[count - 1]
    fields = _WRITERS[kind](trail, subject)
    return Paper(
        title=str(TITLES[kind]),
        number=subject.number if kind == "supervision" else _number(trail.issue, kind, count, subject),
        campaign=trail.issue.campaign.name,
        made=_made(trail),
        **fields,
    )


def _parsed(address):
    """(kind, count): "follow-up-2" → ("follow-up", 2); without a count, None."""
    if address in TITLES:
        return address, None
    kind, _dash, count = address.rpartition("-")
    known = kind in TITLES and count.isascii() and count.isdecimal() and len(count) < 6
    return (kind, int(count)) if known else (None, None)


def _subjects(trail, kind):
    """What there is one paper each about, oldest first. The issue stands in for an event without a step."""
    issue = trail.issue
    if kind == "case":
        return [issue]
    if kind == "supervision":
        return trail.slips
    if kind == "follow-up":
        return [*trail.follow_ups, *([issue] if issue.state in ASKED_NOW else [])]
    if kind in STATES_OF and issue.state not in STATES_OF[kind]:
        return []
    if kind == "assignment" and not (issue.lead_department_id and issue.assigned_at):
        return []
    steps = [step for step in trail.steps if step.move in MOVES_OF[kind]]
    return steps or ([issue] if kind in STATES_OF else [])


def _number(issue, kind, count, subject):
    when = getattr(subject, "at", None)
    if when is None:  # from the ledger, or still blank
        dates = {"assignment": issue.assigned_at, "closing": issue.closed_at, "case": issue.registered_at}
        when = dates.get(kind) or timezone.now()
    return f"{KIND_WORDS[kind]}〔{timezone.localtime(when).year}〕{issue.number}-{count}"


def _made(trail):
    return _("本件涵盖问题 %(issue)s，数据截至 %(now)s，由 %(person)s 于 %(now)s 生成。") % {
        "issue": trail.issue.number,
        "now": _moment(timezone.now()),
        "person": trail.user.display_name,
    }


# --- What stands on each ----------------------------------------------------------------------------------------


def _assignment(trail, step):
    issue, is_step = trail.issue, step is not trail.issue
    department = step.department if is_step and step.department else issue.lead_department
    due = step.due_at if is_step and step.due_at else issue.due_at
    rows = [*_matter(issue), (_("主办单位"), department)]
    supports = "、".join(str(support.department) for support in issue.supports.select_related("department"))
    rows += _given((_("协办单位"), supports))
    rows += [(_("交办时间"), _moment(step.at if is_step else issue.assigned_at)), (_("期限"), _day(due))]
    sections = _sections((_("群众原话"), _words(trail)), (_("交办意见"), [step.reason] if is_step else []))
    return {
        "rows": rows,
        "sections": sections,
        "signatures": [_("签发人"), _("签发日期")],
        "receipt": Receipt(_answered_by(issue, department), [_("签收人"), _("签收时间")]),
    }


def _supervision(trail, slip):
    issue = trail.issue
    rows = [
        *_matter(issue),
        (_("被督办单位"), slip.department or ""),
        (_("颜色"), slip.get_colour_display()),
        (_("督办原因"), slip.get_cause_display()),
        (_("办理期限"), _day(slip.due_at)),
        (_("发出时间"), _moment(slip.issued_at)),
        (_("回复期限"), _day(slip.answer_due_on)),
        (_("目前情况"), slip.ending or _("未解除")),
    ]
    said = [
        f"{_moment(step.at)} {step.get_kind_display()}：{step.words}"
        for step in slip.steps.all()
        if step.words
    ]
    return {
        "rows": [row for row in rows if row[1]],
        "sections": _sections((_("督办经过"), said)),
        "signatures": [_("签发人"), _("签发日期")],
        "receipt": Receipt(
            [(_("督办单编号"), slip.number), *_answered_by(issue, slip.department or "")],
            [_("签收人"), _("签收时间"), _("整改情况和完成时间"), _("单位负责人")],
        ),
    }


def _request(trail, step):
    """An extension or parking that the department asked for, and what was decided."""
    after = trail.steps[trail.steps.index(step) + 1 :]
    # Asked anew, the first request is no longer the one decided on.
    later = next((one for one in after if one.move in (step.move, *answers_to(step.move))), None)
    decided = later if later is not None and later.move != step.move else None
    rows = [
        *_matter(trail.issue),
        (_("申请单位"), step.department or trail.issue.lead_department or ""),
        (_("申请时间"), _moment(step.at)),
        *_told(trail, step),
        (_("审批情况"), f"{_moment(decided.at)} {decided.move_label}" if decided else _("尚未审批")),
    ]
    opinion = [decided.reason] if decided else []
    return {
        "rows": rows,
        "sections": _sections((_("申请理由"), [step.reason]), (_("审批意见"), opinion)),
        "signatures": [_("申请单位负责人"), _("审批人"), _("审批日期")],
    }


def _follow_up(trail, asked):
    issue, blank = trail.issue, asked is trail.issue
    rows = [
        *_matter(issue),
        *_given((_("主办单位"), issue.lead_department), (_("答复时间"), _moment(issue.replied_at))),
    ]
    if blank:
        rows += [(_("回访时间"), ""), *((word, _choices(LABELS[name])) for name, word in _ASKED.items())]
    else:
        rows += [(_("回访时间"), _moment(asked.at)), (_("回访人"), asked.by.display_name if asked.by else "")]
        known = [name for name in _ASKED if name != "satisfaction" or reads_follow_ups(trail)]
        rows += [(_ASKED[name], getattr(asked, f"get_{name}_display")()) for name in known]
    # Whose words were asked about, or are still to be asked about: not for the department that is judged by them.
    reads = reads_follow_ups(trail)
    voices = (voices_to_ask(issue, trail.user) if blank else voice_asked(asked, trail.user)) if reads else []
    about = _("还没有问到的诉求") if blank else _("问的是哪条诉求")
    return {
        "rows": rows,
        "sections": _sections(
            (about, [f"{one.number}：{one.words_verbatim}" for one in voices]),
            (_("答复"), _reply(trail)),
            (_("群众原话"), [asked.words_verbatim] if reads and not blank else []),
        ),
        "signatures": [_("回访人签字"), _("回访日期")],
    }


def _closing(trail, step):
    issue = trail.issue
    outcome = getattr(step, "outcome", "") or issue.outcome
    rows = [
        *_matter(issue),
        *_given((_("主办单位"), issue.lead_department), (_("交办时间"), _moment(issue.assigned_at))),
        *_given((_("期限"), _day(issue.due_at)), (_("答复时间"), _moment(issue.replied_at))),
        (_("办结时间"), _moment(issue.closed_at if step is issue else step.at)),
        (_("办结方式"), IssueOutcome(outcome).label if outcome else ""),
        *(_told(trail, step) if step is not issue else []),
    ]
    sections = _sections(
        (_("办理结果"), [issue.result]),
        (_("答复"), _reply(trail)),
        (_("销号说明"), [told_on(trail, step)[0]] if step is not issue else []),
    )
    return {"rows": rows, "sections": sections, "signatures": [_("经办人"), _("审核人"), _("销号日期")]}


def _case(trail, issue):
    state = (_("状态"), issue.get_state_display())
    rows = [
        *_matter(issue),
        state,
        *_given((_("主办单位"), issue.lead_department), (_("期限"), _day(issue.due_at))),
    ]
    slips = [
        f"{_moment(slip.issued_at)} {slip.number} {slip.get_colour_display()} {slip.get_cause_display()}"
        f"（{slip.ending or _('未解除')}）"
        for slip in trail.slips
    ]
    sections = _sections(
        (_("群众原话"), _words(trail)),
        (_("办理过程"), _past(trail)),
        (_("督办"), slips),
        (_("回访"), [_follow_up_in_words(trail, one) for one in trail.follow_ups]),
        (_("办理结果"), [issue.result]),
    )
    return {"rows": rows, "sections": sections, "signatures": [_("归档人"), _("归档日期")]}


_WRITERS = {
    "assignment": _assignment,
    "supervision": _supervision,
    "extension": _request,
    "parking": _request,
    "follow-up": _follow_up,
    "closing": _closing,
    "case": _case,
}
_ASKED = {name: FIELD_WORDS[name] for name in ("way", "result", "satisfaction")}


# --- Pieces -----------------------------------------------------------------------------------------------------


def _matter(issue):
    return [
        (_("问题编号"), issue.number),
        (_("标题"), issue.title),
        (_("类别"), str(issue.category)),
        (_("层级"), issue.get_level_display()),
        (_("范围"), str(issue.place)),
        (_("登记时间"), _moment(issue.registered_at)),
    ]


def _answered_by(issue, department):
    return [(_("问题编号"), issue.number), (_("标题"), issue.title), (_("单位"), str(department))]


def _words(trail):
    """What was said, without who, from which household or to whom. Like the issue's own page."""
    words, _more = words_of(trail.issue, trail.user)
    return [f"{_day(one.opinion.heard_at)}{_origin(one)}：{one.opinion.words_verbatim}" for one in words]


def _origin(joined):
    """The number of the issue that the words came with, when it was merged into this one."""
    return _("（%s 并入）") % joined.merged.number if joined.merged else ""


def _reply(trail):
    """The latest reply to the resident."""
    replies = [step.details["reply"] for step in trail.steps if step.details.get("reply")]
    return replies[-1:]


def told_on(trail, step, without=()):
    """What a step recorded, as this person may read it: (its reason, [(word, text)])."""
    if reads_follow_ups(trail):
        return step.reason, told(step, without)
    reason = "" if step.move in RESIDENTS_WORDS else step.reason
    return reason, told(step, (*without, *ANSWERED_FIELDS))


def _told(trail, step):
    return told_on(trail, step, KEPT_BACK)[1]


def _past(trail):
    """Steps, and words joined or taken out between them, in the order in which they happened."""
    lines = [(step.at, _step_in_words(trail, step)) for step in trail.steps]
    for one in joinings_of(trail.issue, trail.user):
        who = f"（{one.by.display_name}）" if one.by else ""
        why = f"；{one.reason}" if one.reason else ""
        lines.append((one.at, f"{_moment(one.at)} {one.move_label} {one.number}{who}{why}"))
    return [text for _at, text in sorted(lines, key=lambda line: line[0])]


def _step_in_words(trail, step):
    head = f"{_moment(step.at)} {step.move_label} → {step.get_to_state_display()}"
    who = "，".join(str(one) for one in (step.department, step.by and step.by.display_name) if one)
    reason, recorded = told_on(trail, step, KEPT_BACK)
    said = [reason, *(f"{word}：{text}" for word, text in recorded)]
    return head + (f"（{who}）" if who else "") + "".join(f"；{one}" for one in said if one)


def _follow_up_in_words(trail, one):
    parts = [_moment(one.at), one.by.display_name if one.by else ""]
    parts += [one.get_way_display(), one.get_result_display()]
    if not reads_follow_ups(trail):
        return " ".join(part for part in parts if part)
    parts.append(one.get_satisfaction_display())
    said = f"：{one.words_verbatim}" if one.words_verbatim else ""
    return " ".join(part for part in parts if part) + said


def reads_follow_ups(trail):
    """What a resident said on a call back is for those over the place, not for the department that is judged."""
    reach, issue = trail.user.reach, trail.issue
    judged = {issue.lead_department_id, *(step.department_id for step in trail.steps)} - {None}
    over = places.is_inside(issue.place_id, *reach.codes(*REPORT_READERS))
    return over and not judged & set(reach.department_ids) and not issue.is_restricted


def _choices(choices):
    return "　".join(f"□ {label}" for label in choices.labels)


def _given(*rows):
    return [row for row in rows if row[1]]


def _sections(*sections):
    """Those that say something."""
    kept = [(str(heading), [text for text in texts if text]) for heading, texts in sections]
    return [(heading, texts) for heading, texts in kept if texts]


def _moment(at):
    return formats.date_format(timezone.localtime(at), "Y-m-d H:i") if at else ""


def _day(day):
    if not day:
        return ""
    return formats.date_format(timezone.localtime(day) if hasattr(day, "hour") else day, "Y-m-d")
