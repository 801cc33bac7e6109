"""The ledger as a workbook that goes out to a department and comes back: compared first, applied when confirmed.

Every row carries a mark signed by us over the issue and its version: a row of somebody else's making is refused,
and one that was overtaken is shown as such. What the open cells say becomes moves of the table, and nothing else.
"""

import hashlib
import os
import re
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from canvass import places
from canvass.sealed import opened_bytes, seal_bytes
from canvass.workbook import YES, Column, Kind
from canvass.workbook_cells import BadCellError, display, reader
from canvass.workbook_reader import UnreadableError, open_workbook
from canvass.workbook_writer import clean_text

from .enums import IssueOutcome, IssueState
from .models import Issue
from .models.issues import OUT, REFUSED
from .moves import move_issue
from .workflow import HEAD, MOVES, OFFICE

SHEET, COVER = "问题台账", "说明"
MOST_ROWS = 2_000
KEPT = 24 * 60 * 60  # seconds
MARK_SALT, TOKEN_SALT = "issues.ledger_row", "issues.ledger_upload"

LOCKED = (
    Column("问题编号", "number", Kind.CODE),
    Column("标题", "title"),
    Column("状态", "state", choices=IssueState),
    Column("期限", "due"),
    Column("行标记", "mark"),
)
OPEN = (
    Column("签收", "sign", Kind.YES_NO),
    Column("进展", "progress", max_length=2000),
    Column("答复内容", "reason", max_length=2000),
    Column("办结方式", "outcome", Kind.CHOICE, choices=IssueOutcome),
    Column("给群众的答复", "reply", max_length=2000),
    Column("待补充原因", "wait_reason", max_length=2000),
    Column("待补充至", "until_on", Kind.DATE),
)
# move: {field of the move: key of the open column}, in the order in which one row makes them
ANSWERS = {
    "sign": {"is_signed": "sign"},
    "note": {"reason": "progress"},
    "reply": {"reason": "reason", "outcome": "outcome", "reply": "reply"},
    "wait": {"reason": "wait_reason", "until_on": "until_on"},
}


def own_issues(user):
    """What a person may hand back: the own department's issues; the office's, those of its area."""
    condition = Q(lead_department__in=user.reach.department_ids)
    if user.has_perm(OFFICE):
        condition |= places.inside("place_id", *user.reach.codes_with(OFFICE))
    return Issue.objects.visible_to(user).filter(condition, is_restricted=False)


def open_issues(user, *, state="", department=None):
    """Those that still ask for something, the nearest due date first."""
    issues = own_issues(user).exclude(state__in=[*OUT, *REFUSED, IssueState.CLOSED])
    if state:
        issues = issues.filter(state=state)
    if department:
        issues = issues.filter(lead_department=department)
    return issues.order_by("due_at", "pk")


def open_columns(user):
    """Only the head of a department answers for it; nobody else gets the columns of the reply."""
    if user.has_perm(HEAD):
        return OPEN
    return tuple(column for column in OPEN if column.key not in ANSWERS["reply"].values())


# --- Out --------------------------------------------------------------------------------------------------------


def mark_of(issue):
    return signing.Signer(salt=MARK_SALT).sign(f"{issue.pk}:{issue.version}")


def _locked_texts(issue):
    return {
        "number": issue.number,
        "title": issue.title,
        "state": LOCKED[2].labels[issue.state],
        "due": timezone.localdate(issue.due_at).isoformat() if issue.due_at else "",
    }


def write_ledger(user, target, issues):
    """The open issues as a protected sheet: only the cells to fill in can be typed into.

    A second sheet says what the first one holds; it is the one that opens when rows had to be left out.
    """
    book = Workbook()
    worksheet = book.active
    worksheet.title = SHEET
    columns = (*LOCKED, *open_columns(user))
    for number, column in enumerate(columns, 1):
        _lay_out(worksheet, number, column)
    total = issues.count()
    for row, issue in enumerate(issues[:MOST_ROWS], 2):
        texts = _locked_texts(issue) | {"mark": mark_of(issue)}
        for number, column in enumerate(columns, 1):
            cell = worksheet.cell(row, number)
            cell.number_format = "yyyy-mm-dd" if column.kind is Kind.DATE else "@"
            cell.protection = Protection(locked=column in LOCKED)
            cell.alignment = Alignment(vertical="top", wrap_text=column.key != "mark")
            if text := texts.get(column.key):
                cell.value = clean_text(text)
                cell.data_type = "s"  # what a person typed never becomes a formula
    worksheet.freeze_panes = "B2"
    worksheet.protection.sheet = True
    worksheet.protection.formatColumns = worksheet.protection.formatRows = False
    _cover(book, user, total)
    book.save(target)


def _cover(book, user, total):
    sheet = book.create_sheet(COVER)
    rows = [
        (_("在办问题"), _("%(total)d 件") % {"total": total}),
        (_("本表列出"), _("%(listed)d 件") % {"listed": min(total, MOST_ROWS)}),
        (_("截至"), f"{timezone.localtime():%Y-%m-%d %H:%M}"),
        (_("导出人"), user.display_name),
    ]
    if told := left_out(total):
        rows.append((_("注意"), told))
        book.active = sheet
    for number, (word, text) in enumerate(rows, 1):
        sheet.cell(number, 1, str(word)).font = Font(bold=True)
        cell = sheet.cell(number, 2, clean_text(str(text)))
        cell.data_type, cell.alignment = "s", Alignment(vertical="top", wrap_text=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 60


def left_out(total):
    """What to tell about a ledger of so many issues: nothing, or that the last ones do not fit and what to do."""
    if total <= MOST_ROWS:
        return ""
    told = {"most": MOST_ROWS, "total": total, "more": total - MOST_ROWS}
    return (
        _(
            "共 %(total)d 件，一张台账最多 %(most)d 件：先列期限最近的，另有 %(more)d 件没有列出。"
            "请按状态或主办单位分几次导出。"
        )
        % told
    )


def _lay_out(worksheet, number, column):
    head = worksheet.cell(1, number, column.zh)
    head.font = Font(bold=True)
    if column in OPEN:
        head.fill = PatternFill("solid", fgColor="FFF2CC")
    letter = get_column_letter(number)
    wide = column.key == "title" or column.max_length
    worksheet.column_dimensions[letter].width = 36 if wide else 14
    if column.kind in (Kind.CHOICE, Kind.YES_NO):
        words = column.listed if column.choices else [YES]
        rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
        worksheet.data_validations.append(rule)


# --- Back: the bytes, sealed and kept privately for a day -------------------------------------------------------------------


def _directory():
    directory = Path(settings.MEDIA_ROOT) / "ledgers"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def _file(sha256, user):
    return _directory() / f"{sha256}-{user.pk}.sealed"


def old_files():
    """What nobody came back for within a day."""
    oldest = time.time() - KEPT
    return [path for path in _directory().iterdir() if path.stat().st_mtime < oldest]


def remove_old():
    """They go. Returns how many."""
    paths = old_files()
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


def keep(content, user):
    """Store what was handed back; the token is our word that these bytes were shown to this person."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = _file(sha256, user)
    remove_old()
    handle, fresh = tempfile.mkstemp(dir=target.parent, suffix=".part")  # 0600 from the start
    with os.fdopen(handle, "wb") as file:
        file.write(seal_bytes(content))
    Path(fresh).replace(target)
    return signing.dumps({"sha256": sha256, "user": user.pk}, salt=TOKEN_SALT)


def kept(token, user):
    """The very bytes that the token was given for, or None."""
    try:
        said = signing.loads(token, salt=TOKEN_SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    if said["user"] != user.pk or not re.fullmatch("[0-9a-f]{64}", said["sha256"]):
        return None
    try:
        content = opened_bytes(_file(said["sha256"], user).read_bytes())
    except FileNotFoundError:
        return None
    return content if content and hashlib.sha256(content).hexdigest() == said["sha256"] else None


# --- Back: what the rows say -------------------------------------------------------------------------------------


@dataclass
class Row:
    """One row handed back, and what became of it: `refusal` is the sentence that stopped it."""

    line: int
    number: str = ""
    title: str = ""
    moves: list = field(default_factory=list)  # [(name, values)]
    told: list = field(default_factory=list)  # [(label of the move, words)]
    notices: list = field(default_factory=list)
    refusal: str = ""
    is_conflict: bool = False
    issue: Issue | None = None
    version: int = 0


def compare(content, user):
    """What applying the file would do, row by row; nothing is written. Raises UnreadableError."""
    return _run(content, user, is_dry=True)


def apply(content, user):
    """Make the moves of every row, each row in a transaction of its own."""
    return _run(content, user, is_dry=False)


def _run(content, user, *, is_dry):
    rows, seen = [], {}
    for row in _rows(content, user):
        if not row.refusal and row.issue.pk in seen:
            row.refusal = _("与第 %(line)d 行是同一件问题，只按前一行办理。") % {"line": seen[row.issue.pk]}
        if not row.refusal:
            seen[row.issue.pk] = row.line
            _move(row, user, is_dry)
        rows.append(row)
    return rows


def _move(row, user, is_dry):
    try:
        with transaction.atomic():
            for step, (name, values) in enumerate(row.moves):
                move_issue(row.issue, move=name, by=user, version=row.version + step, **values)
            transaction.set_rollback(is_dry)  # the same checks, without the writing
    except ValidationError as error:
        row.refusal = " ".join(error.messages)
        row.is_conflict = getattr(error, "code", "") == "stale"


def _rows(content, user):
    """The rows that say something. A row left blank is not a row."""
    with open_workbook(content) as sheets:
        sheet = next((one for one in sheets if one.name == SHEET), None)
        if sheet is None:
            raise UnreadableError(_("文件里没有“问题台账”表。请用从本页导出的表格填写。"))
        lines = iter(sheet.rows())
        _number, header = next(lines, (1, []))
        header = [str(one).strip() if one is not None else "" for one in header]
        if "行标记" not in header:
            raise UnreadableError(_("表里没有“行标记”一列。请用从本页导出的表格填写。"))
        found = []
        for line, values in lines:
            cells = dict(zip(header, values, strict=False))
            if any(cells.get(column.zh) not in (None, "") for column in OPEN):
                found.append((line, cells))
            if len(found) > MOST_ROWS:
                raise UnreadableError(_("填写的行超过 %(most)d 行，请分几次交回。") % {"most": MOST_ROWS})
    for line, cells in found:
        yield _row(line, cells, user)


def _row(line, cells, user):
    row = Row(line, number=display(cells.get("问题编号")))
    mark = str(cells.get("行标记") or "").strip()
    try:
        pk, version = signing.Signer(salt=MARK_SALT).unsign(mark).split(":")
    except signing.BadSignature:
        row.refusal = _("行标记不是本系统发出的或被改动过。请重新导出后填写。")
        return row
    row.version = int(version)
    row.issue = own_issues(user).filter(pk=pk).first()
    if row.issue is None:
        row.refusal = _("这一行不是您可以办理的问题。")
        return row
    row.title = row.issue.title
    try:
        answers = {column.key: reader(column)(cells.get(column.zh)) for column in OPEN}
    except BadCellError as error:
        row.refusal = str(error)
        return row
    _check_locked(row, cells)
    _read_moves(row, answers)
    return row


def _check_locked(row, cells):
    """A locked cell that says something else: told, and ignored; another number means that rows were mixed up."""
    if row.version != row.issue.version:
        return  # the conflict is told by the move itself
    for column in LOCKED[:-1]:
        stored = clean_text(_locked_texts(row.issue)[column.key])
        said = cells.get(column.zh)
        said = said.date().isoformat() if hasattr(said, "date") else str(said if said is not None else "")
        if said.strip() == stored.strip():
            continue
        if column.key == "number":
            row.refusal = _("问题编号与行标记不符，这一行可能粘贴错了位置。")
        else:
            row.notices.append(_("“%(column)s”不能在表里改，已按系统里的办。") % {"column": column.zh})


def _read_moves(row, answers):
    for name, keys in ANSWERS.items():
        values = {name: answers[key] for name, key in keys.items() if answers[key]}
        if not values:
            continue
        row.moves.append((name, {key: value for key, value in values.items() if key in MOVES[name].fields}))
        words = [display(IssueOutcome(v).label if k == "outcome" else v) for k, v in values.items()]
        row.told.append((MOVES[name].label, "" if name == "sign" else "；".join(words)))
    if not row.moves:  # the only thing said was that it is not signed for
        row.refusal = row.refusal or _("没有要办的事项。")
