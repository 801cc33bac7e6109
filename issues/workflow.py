"""The moves of an issue, as data. The write door, the buttons, the diagram and the tests read this table alone.

docs/workflow.md draws it. Who moves what from where, and what the move must record.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .enums import IssueState as S

# The workbook's own rows of history; no button leads there.
IMPORTED = "imported"
# The calendar's: a provisional due date became definite. No button leads there either.
RECKONED = "reckoned"
# Moves whose steps are counted by name in figures.py.
SEND_BACK, EXTEND, REWORK, REOPEN, SPOT = "send_back", "extend", "rework", "reopen", "spot"
REMIND, CONTRIBUTE = "remind", "contribute"
# Somebody asks one resident of several, or asks once more after the closing; and the office's word on what it heard.
HEARD, LOOK_BACK, SECOND_CHECK, KEEP_CLOSED = "heard", "look_back", "second_check", "keep_closed"

OFFICE, DEPARTMENT, HEAD = "issues.handle_issue", "issues.answer_issue", "issues.approve_reply"
LEADERS, KEEPERS = "issues.approve_parking", "visits.check_visit"

RUNS = (S.IN_PROGRESS,)
OPEN = (S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS, S.WAITING, S.PARKED, S.REPLIED, S.FOLLOW_UP)
ANY = tuple(state for state in S if state != S.VOID)


@dataclass(frozen=True)
class Move:
    """One allowed move.

    `target` None: the state stays. `permission` is what the person must hold; with DEPARTMENT or HEAD also a
    posting to the lead department, with the others a posting over the issue's place. `required` and `optional`
    name what the move records. `independent`: neither the handler nor a visitor of the matter may do it.
    `afresh`: nor may whoever asked the resident before the closing. `request`: the move that must be pending,
    asked by somebody else. `clock`: what it does to the clocks, a key of clock_effects.EFFECTS, or "" (nothing).
    `by_support`: the supporting departments' move, not the lead's.
    """

    name: str
    label: str
    sources: tuple
    target: str | None
    permission: str
    required: tuple = ()
    optional: tuple = ()
    independent: bool = False
    afresh: bool = False
    request: str = ""
    clock: str = ""
    by_support: bool = False

    @property
    def fields(self):
        return (*self.required, *self.optional)

    @property
    def by_department(self):
        return self.permission in (DEPARTMENT, HEAD)


_TABLE = [
    Move("accept", _("受理"), (), S.ACCEPTED, OFFICE),
    Move(IMPORTED, _("表格导入"), (), "", ""),
    Move(RECKONED, _("按公布的放假安排重算期限"), (), None, ""),
    # --- Sorting: what is ours to solve, and whose it is ---
    Move(
        "assign",
        _("交办"),
        (S.ACCEPTED,),
        S.ASSIGNED,
        OFFICE,
        ("lead_department", "due_on"),
        ("supports", "is_final", "reason"),
        clock="begins",
    ),
    # The visitor did it at the door; the grid leader, who was not there, vouches for it; the resident is asked all the
    # same.
    Move(
        SPOT,
        _("当场解决"),
        (S.ACCEPTED,),
        S.FOLLOW_UP,
        KEEPERS,
        ("reason",),
        independent=True,
        clock="awaits",
    ),
    # A refusal says why and where to go, and that the resident was told.
    Move(
        "not_accept",
        pgettext_lazy("verb", "不予受理"),
        (S.ACCEPTED,),
        S.NOT_ACCEPTED,
        OFFICE,
        ("reason", "route", "told"),
    ),
    Move(
        "transfer",
        pgettext_lazy("verb", "移交"),
        (S.ACCEPTED,),
        S.TRANSFERRED,
        OFFICE,
        ("reason", "route", "told"),
    ),
    Move(
        "merge",
        pgettext_lazy("verb", "并案"),
        (S.ACCEPTED,),
        S.MERGED,
        OFFICE,
        ("main_issue",),
        ("reason",),
        clock="ends",
    ),
    Move("unmerge", _("撤销并案"), (S.MERGED,), S.ACCEPTED, OFFICE, ("reason",)),
    # --- The department ---
    Move("sign", _("签收"), (S.ASSIGNED,), S.IN_PROGRESS, DEPARTMENT, clock="responds"),
    # A word to the department that nothing is seen to happen; neither its clock nor its slips change.
    Move(REMIND, _("催办"), (S.ASSIGNED, S.IN_PROGRESS), None, OFFICE, ("reason",)),
    # Within one working day of the assignment, and not once the office has ruled.
    Move(
        SEND_BACK,
        _("退单"),
        (S.ASSIGNED,),
        S.ACCEPTED,
        DEPARTMENT,
        ("reason", "proposed_department"),
        clock="ends",
    ),
    Move("note", _("记进展"), (S.IN_PROGRESS, S.WAITING, S.PARKED), None, DEPARTMENT, ("reason",)),
    Move(
        CONTRIBUTE,
        _("协办反馈"),
        (S.ASSIGNED, S.IN_PROGRESS, S.WAITING, S.PARKED),
        None,
        DEPARTMENT,
        ("reason",),
        clock="contributes",
        by_support=True,
    ),
    Move(
        "wait",
        pgettext_lazy("verb", "待补充"),
        RUNS,
        S.WAITING,
        DEPARTMENT,
        ("reason", "until_on"),
        clock="stops",
    ),
    Move("resume", _("恢复办理"), (S.WAITING,), S.IN_PROGRESS, DEPARTMENT, (), ("reason",), clock="runs"),
    Move("ask_extension", _("申请延期"), RUNS, None, DEPARTMENT, ("reason", "due_on")),
    Move(
        EXTEND,
        _("批准延期"),
        RUNS,
        None,
        OFFICE,
        ("due_on",),
        ("reason",),
        request="ask_extension",
        clock="extends",
    ),
    Move("refuse_extension", _("不同意延期"), RUNS, None, OFFICE, ("reason",), request="ask_extension"),
    # The plan goes up, the explanation goes to the resident.
    Move(
        "ask_parking",
        _("申请挂账"),
        RUNS,
        None,
        DEPARTMENT,
        ("reason", "plan", "milestone", "review_on", "explanation"),
    ),
    Move(
        "park", _("批准挂账"), RUNS, S.PARKED, LEADERS, (), ("reason",), request="ask_parking", clock="stops"
    ),
    Move("refuse_parking", _("不同意挂账"), RUNS, None, LEADERS, ("reason",), request="ask_parking"),
    Move("review_parking", _("挂账复核"), (S.PARKED,), None, OFFICE, ("reason", "review_on")),
    Move("unpark", _("结束挂账"), (S.PARKED,), S.IN_PROGRESS, OFFICE, ("reason",), clock="runs"),
    # The department's word goes on record before anybody asks the resident; its head answers for it.
    Move(
        "reply",
        _("答复"),
        RUNS,
        S.REPLIED,
        HEAD,
        ("reason", "outcome", "reply"),
        ("evidence",),
        clock="answers",
    ),
    # --- Somebody else asks the resident ---
    Move("ask", _("转回访"), (S.REPLIED,), S.FOLLOW_UP, OFFICE, (), ("reason",), independent=True),
    # Paper closing is what kills such campaigns.
    Move(
        "close",
        _("销号"),
        (S.FOLLOW_UP,),
        S.CLOSED,
        OFFICE,
        ("outcome", "way", "result", "satisfaction"),
        ("reason", "review_on", "voice"),
        independent=True,
        clock="closes",
    ),
    Move(
        "not_reached",
        _("未联系上"),
        (S.FOLLOW_UP,),
        None,
        OFFICE,
        ("way",),
        ("reason", "voice"),
        independent=True,
    ),
    # One resident of several was asked; the others still wait.
    Move(
        HEARD,
        _("记回访"),
        (S.FOLLOW_UP,),
        None,
        OFFICE,
        ("way", "result", "satisfaction"),
        ("reason", "voice"),
        independent=True,
    ),
    # Not solved, or badly: the same department works on; the second time the matter goes one level up.
    Move(
        REWORK,
        _("重办"),
        (S.REPLIED, S.FOLLOW_UP),
        S.IN_PROGRESS,
        OFFICE,
        ("reason",),
        ("way", "result", "satisfaction", "voice"),
        independent=True,
        clock="again",
    ),
    # Three tries without reaching anybody, or explained and lawful: the office asks, the leading group closes.
    Move("ask_procedural", _("申请程序性办结"), (S.FOLLOW_UP,), None, OFFICE, ("reason",), independent=True),
    Move(
        "close_procedural",
        _("批准程序性办结"),
        (S.FOLLOW_UP,),
        S.CLOSED,
        LEADERS,
        (),
        ("reason",),
        independent=True,
        request="ask_procedural",
        clock="closes",
    ),
    Move(
        "refuse_procedural",
        _("不同意程序性办结"),
        (S.FOLLOW_UP,),
        None,
        LEADERS,
        ("reason",),
        request="ask_procedural",
    ),
    # --- Struck off is not the end ---
    # A project under way was closed for the time being: on the day that was fixed somebody goes and asks.
    Move(
        LOOK_BACK,
        _("回头看"),
        (S.CLOSED,),
        None,
        OFFICE,
        ("way", "result", "satisfaction"),
        ("reason", "review_on", "voice"),
        independent=True,
    ),
    # Drawn by chance: the one thing that whoever closes a matter on paper cannot foresee.
    Move(
        SECOND_CHECK,
        _("二次回访"),
        (S.CLOSED,),
        None,
        OFFICE,
        ("way", "result", "satisfaction"),
        ("reason", "voice"),
        independent=True,
        afresh=True,
    ),
    # The resident says it is not solved, and the office says why it stays closed all the same.
    Move(KEEP_CLOSED, _("不予重开"), (S.CLOSED,), None, OFFICE, ("reason",), independent=True),
    # New facts, a look-back, or the resident: within 90 days; later it is a new, linked issue.
    Move(REOPEN, _("重开"), (S.CLOSED,), S.IN_PROGRESS, OFFICE, ("reason",), clock="again"),
    # --- Out of the figures, but not of the books ---
    Move("withdraw", pgettext_lazy("verb", "撤回"), OPEN, S.WITHDRAWN, OFFICE, ("reason",), clock="ends"),
    Move("ask_void", _("申请作废"), ANY, None, OFFICE, ("reason",)),
    Move(
        "void",
        pgettext_lazy("verb", "作废"),
        ANY,
        S.VOID,
        OFFICE,
        (),
        ("reason",),
        request="ask_void",
        clock="ends",
    ),
]
MOVES = {move.name: move for move in _TABLE}
# What a department itself does to an issue.
BY_DEPARTMENT = [move.name for move in _TABLE if move.by_department]


def moves_from(state):
    """The moves that a button may offer in a state, in table order."""
    return [move for move in _TABLE if state in move.sources]


def answers_to(request):
    """Names of the moves that settle a request."""
    return [move.name for move in _TABLE if move.request == request]
