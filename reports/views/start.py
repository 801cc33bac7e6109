"""The front door: everybody is sent to the page that their duty begins with."""

from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from reports.start_pages import PAGES


@require_safe
def start(request):
    """Each to the own start page; who has no duty today is told whom to ask."""
    reach = request.user.reach
    for roles, page in PAGES:
        if reach.has(*roles) and _exists(page):
            return redirect(page)
    if request.user.is_superuser and not reach.postings:
        return redirect("/admin/")
    return render(request, "reports/start.html", {"has_duty": bool(reach.postings)})


def _exists(page):
    try:
        resolve(page)
    except Resolver404:
        return False
    return True
