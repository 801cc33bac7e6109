"""One move for many issues: each row through the write door in a transaction of its own, and each told about."""

import logging
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from .models import Issue
from .moves import move_issue

# What one page can show and one request can do; nothing closes in bulk.
MOST = 500
BULK_MOVES = ("assign", "remind")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusal:
    """A row that was not moved, and why. `issue` is None when the person may not see it any more."""

    issue: Issue | None
    sentence: str


@dataclass
class Result:
    """What became of every row that was asked for."""

    done: list = field(default_factory=list)
    refused: list = field(default_factory=list)


def as_seen(issues):
    """The rows and the version of each that the person saw, as one text for a form."""
    return ",".join(f"{issue.pk}:{issue.version}" for issue in issues)


def read_seen(text):
    """{pk: version}, or None when the text is not one of ours."""
    if not re.fullmatch(r"[0-9]{1,18}:[0-9]{1,9}(,[0-9]{1,18}:[0-9]{1,9})*", text):
        return None
    pairs = (row.split(":") for row in text.split(","))
    rows = {int(pk): int(version) for pk, version in pairs}
    return rows if len(rows) <= MOST else None


def move_each(rows, *, move, by, values_for):
    """Make one move of every row in {pk: version seen}; `values_for(issue)` is what the move records."""
    if move not in BULK_MOVES:
        raise ValueError(move)
    issues = Issue.objects.visible_to(by).select_related("campaign").in_bulk(rows)
    result = Result()
    for pk, version in rows.items():
        issue = issues.get(pk)
        if issue is None:
            result.refused.append(Refusal(None, _("有一件已不在您可以查看的范围。")))
        elif sentence := _refusal(issue, move, by, version, values_for):
            result.refused.append(Refusal(issue, sentence))
        else:
            result.done.append(issue)
    return result


def _refusal(issue, move, by, version, values_for):
    """Make the move; "" when it was made, else the sentence that stopped it."""
    try:
        move_issue(issue, move=move, by=by, version=version, **values_for(issue))
    except ValidationError as error:
        return " ".join(error.messages)
    except DatabaseError:  # one busy row must not hide what became of the others
        logger.exception("A row of a bulk move failed")
        return _("系统正忙，这一件没有办，请稍后再试。")
    return ""
