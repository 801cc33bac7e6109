"""What is late and with whom: the overdue issues of the figure, department by department."""

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.calendar import exceptions_between, working_days
from canvass.figures import DEPARTMENT, Result

from .catalogue import FIGURES
from .shown import Shown


def overdue_by_department(question):
    """[{name, shown, days}] of the departments with overdue issues, the most first, then by name.

    `days`: for how many working days the issue that waits longest has been overdue at the cut-off. Two
    statements, whatever the number of departments.
    """
    figure = FIGURES["issues_overdue"]
    measure = figure.measure(question.scope)
    counts = measure.by(DEPARTMENT)
    rows = measure.rows.queryset.order_by().values(name=measure.rows.key(DEPARTMENT))
    due = dict(rows.annotate(first=Min("due_then")).values_list("name", "first"))
    days = _days_late(due, question.scope.day)
    return [
        {
            "name": name or _("未定主办单位"),
            "shown": Shown(
                figure,
                Result(counts[name].value),
                question.address(level=DEPARTMENT, part=name),
                level=DEPARTMENT,
                part=name,
            ),
            "days": days[name],
        }
        for name in sorted(counts, key=lambda name: (-counts[name].value, name))
    ]


def _days_late(due, today):
    """{name: working days since the day of its due date}; the office's calendar rows are read once."""
    if not due:
        return {}
    first = {name: timezone.localdate(moment) for name, moment in due.items()}
    exceptions = exceptions_between(min(first.values()), today)
    return {name: working_days(day, today, exceptions) for name, day in first.items()}
