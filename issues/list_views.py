"""The ledger: every issue a person may see, by progress, filtered and searched."""

from datetime import datetime

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from canvass.asking import asked

from .desk_views import desk, has_desk
from .enums import IssueState
from .list_forms import FilterForm
from .models import Issue
from .models.issues import OUT, REFUSED
from .search import excerpts, search
from .views import view_issues, visible_issues

PAGE = 30
MOST_COUNTED = 100
NOT_OPEN = [*OUT, *REFUSED, IssueState.CLOSED]

LOTS = {
    "open": (gettext_lazy("在办"), ~Q(state__in=NOT_OPEN)),
    "overdue": (gettext_lazy("超期"), Q()),
    "answered": (gettext_lazy("待回访"), Q(state__in=[IssueState.REPLIED, IssueState.FOLLOW_UP])),
    "closed": (gettext_lazy("已销号"), Q(state=IssueState.CLOSED)),
    "all": (gettext_lazy("全部"), Q()),
}


@view_issues
def issue_list(request):
    if not request.GET and has_desk(request.user):
        return desk(request)
    lot, words = request.GET.get("lot", "open"), asked(request, "q")
    if lot not in LOTS:
        raise Http404
    form = FilterForm(request)
    issues = Issue.objects.visible_to(request.user).filter(LOTS[lot][1], form.condition())
    if lot == "overdue":
        issues = issues.overdue_at(timezone.now())
    is_few = False
    if words:
        issues, is_few = search(issues, words, request.user)
    # The keys of the page first, without what hangs on an issue: joins lead SQLite away from the index of the order.
    keys = list(_after(issues, request.GET.get("after", "")).values_list("pk", flat=True)[: PAGE + 1])
    rows = list(visible_issues(request.user).filter(pk__in=keys[:PAGE]))
    said = excerpts(keys[:PAGE], words, request.user) if words and rows else {}
    context = {
        "rows": [(issue, issue.is_overdue_at(timezone.now()), said.get(issue.pk, "")) for issue in rows],
        "next_key": _key(rows[-1]) if len(keys) > PAGE else "",
        "lots": [(key, label) for key, (label, _condition) in LOTS.items()],
        "lot": lot,
        "words": words,
        "form": form,
        "found": issues[: MOST_COUNTED + 1].count() if is_few else None,
        "most_counted": MOST_COUNTED,
    }
    return render(request, "issues/issue_list.html", context)


def _key(issue):
    """Where the next page begins: a key, not an offset, so that page 1,000 is as fast as page 1."""
    return f"{issue.registered_at.timestamp():.6f}_{issue.pk}"


def _after(issues, key):
    """The first condition alone leads into the index; an OR of both would read it from its top."""
    if not key:
        return issues
    try:
        seconds, pk = key.split("_")
        moment = datetime.fromtimestamp(float(seconds), timezone.get_current_timezone())
        pk = int(pk)
    except (ValueError, OverflowError, OSError) as error:
        raise Http404 from error
    return issues.filter(registered_at__lte=moment).exclude(registered_at=moment, pk__gte=pk)
