"""docs/workflow.md is written from the move table; run with REWRITE_DOCS=1 to write it anew."""

import os
from pathlib import Path

from django.utils import translation

from issues.enums import IssueState
from issues.workflow import DEPARTMENT, HEAD, KEEPERS, LEADERS, MOVES, OFFICE

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "workflow.md"
WHO = {
    OFFICE: "活动办",
    DEPARTMENT: "承办单位",
    HEAD: "承办负责人",
    LEADERS: "领导小组",
    KEEPERS: "网格长、村社办、活动办",
}
CLOCKS = {
    "": "",
    "begins": "first response and answers begin",
    "responds": "first response is met",
    "stops": "stand still",
    "runs": "run on, due later by as much",
    "extends": "the lead's answer is due later",
    "contributes": "the own answer is met",
    "answers": "the lead's answer is met, the closing begins",
    "awaits": "the closing begins",
    "again": "review or answer begins anew",
    "closes": "the closing is met",
    "ends": "all are dropped",
}
HEAD_OF_PAGE = """# The moves of an issue

Written from `issues/workflow.py` by `REWRITE_DOCS=1 pytest tests/issues/test_workflow.py`; limits of days and times
stand in `issues/move_rules.py`. Every move goes through `issues.moves.move_issue`: it locks the issue, checks version,
state, role, separation of duties and a pending request, moves the clock and leaves one append-only step. A move without
a target leaves the state as it is.

"""


def document():
    """The page: a diagram of the states, then the table."""
    with translation.override("zh-hans"):
        lines = ["```mermaid", "stateDiagram-v2"]
        lines += [f'    state "{state.label}" as {state.value}' for state in IssueState]
        lines += ["    [*] --> accepted: 受理"]
        # Withdrawing and voiding are possible nearly everywhere; drawn once, they would hide the rest.
        drawn = [m for m in MOVES.values() if m.target and m.sources and m.name not in ("withdraw", "void")]
        lines += [
            f"    {source.value} --> {move.target.value}: {move.label}"
            for move in drawn
            for source in move.sources
        ]
        lines += [
            "```",
            "",
            "| move | 名称 | from | to | who | records | may record | by others than | needs | clocks |",
        ]
        lines += ["|---|---|---|---|---|---|---|---|---|---|"]
        lines += [_row(move) for move in MOVES.values() if move.permission]
    return HEAD_OF_PAGE + "\n".join(lines) + "\n"


def _row(move):
    every = len(move.sources) > 6
    cells = [
        f"`{move.name}`",
        str(move.label),
        "任何未了结的" if every else "、".join(str(state.label) for state in move.sources) or "（诉求）",
        str(move.target.label) if move.target else "—",
        "协办单位" if move.by_support else WHO[move.permission],
        ", ".join(move.required),
        ", ".join(move.optional),
        _others(move),
        f"`{move.request}` by somebody else" if move.request else "",
        CLOCKS[move.clock],
    ]
    return "| " + " | ".join(cells) + " |"


def _others(move):
    asked = ", whoever asked or closed before" if move.afresh else ""
    return f"handler, first visitor{asked}" if move.independent else ""


def test_document_says_what_the_table_says():
    if os.environ.get("REWRITE_DOCS"):
        DOCUMENT.write_text(document(), encoding="utf-8")

    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_every_request_is_a_move_that_changes_no_state():
    requests = {move.request for move in MOVES.values() if move.request}

    assert {MOVES[name].target for name in requests} == {None}
    assert requests == {"ask_extension", "ask_parking", "ask_procedural", "ask_void"}


def test_every_state_can_be_reached():
    targets = {move.target for move in MOVES.values() if move.target}

    assert set(IssueState) <= targets
