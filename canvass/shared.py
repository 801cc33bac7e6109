"""Ask the database the same question once. A page of figures asks many twice: lots, denominators, weeks."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import EmptyResultSet

_answers = ContextVar("answers", default=None)


@contextmanager
def shared_queries():
    """Within it, a query that was asked is not asked again. For reading only: nothing may be written inside."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(queryset, ask, *more):
    """The answer of `ask()`, which depends on the queryset's SQL and on `more` alone."""
    answers = _answers.get()
    if answers is None:
        return ask()
    try:
        key = (*map(repr, more), *queryset.query.sql_with_params())
    except EmptyResultSet:
        return ask()
    if key not in answers:
        answers[key] = ask()
    return answers[key]
