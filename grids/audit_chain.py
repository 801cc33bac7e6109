"""Looking over the chain of the audit log, from its first row to its last, a bounded number in memory."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .audit import is_sealed
from .models import AuditRow

CHUNK = 2000


@dataclass(frozen=True)
class Verdict:
    """`count` rows are whole; `seal` is that of the last of them; `problem` says what is wrong with the next one."""

    count: int
    seal: str
    problem: str = ""


def verify_chain(noted=None):
    """Walk the chain; `noted` is (number, seal) of a row that somebody wrote down earlier."""
    count, seal, is_met = 0, "", noted is None
    for row in AuditRow.objects.order_by("id").iterator(chunk_size=CHUNK):
        if problem := _problem_of(row, count, seal):
            return Verdict(count, seal, problem)
        count, seal = row.id, row.seal
        if noted is not None and count == noted[0]:
            if seal != noted[1]:
                return Verdict(count, seal, _("第 %d 条与记下的封签不同：这是另一条链。") % count)
            is_met = True
    if not is_met:
        problem = _("到第 %(count)d 条就没有了，而记下的是第 %(noted)d 条：末尾被截掉了。")
        return Verdict(count, seal, problem % {"count": count, "noted": noted[0]})
    return Verdict(count, seal)


def _problem_of(row, count, seal):
    if row.id != count + 1:
        return _("第 %(first)d 条到第 %(last)d 条缺失。") % {"first": count + 1, "last": row.id - 1}
    if not is_sealed(row):
        return _("第 %d 条被改过：内容与封签不符。") % row.id
    if row.previous != seal:
        return _("第 %d 条没有接在上一条之后：次序被动过。") % row.id
    return ""
