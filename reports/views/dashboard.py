"""The dashboard: what the campaign has done, as a whole and in one week."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from canvass.shared import shared_queries
from reports.board import Board
from reports.questions import UnclearError, ask


@require_safe
@permission_required("reports.view_dashboard", raise_exception=True)
def dashboard(request):
    """Totals, the table by place, the weeks; every value leads to its rows."""
    try:
        question = ask(request)
    except UnclearError as problem:
        return render(request, "reports/dashboard.html", {"problem": problem}, status=400)
    if question is None:
        return render(request, "reports/dashboard.html")
    with shared_queries():
        context = {"question": question, "campaign": question.campaign, "board": Board(question)}
        return render(request, "reports/dashboard.html", context)
