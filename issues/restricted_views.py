"""Misconduct reports that are no issue yet: discipline reads them here, and nobody else learns that there are any."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visits.models import Opinion

from .contacts import contact_of
from .models import Issue, IssueOpinion

PAGE = 30

read_reports = permission_required("issues.view_restricted", raise_exception=True)


def _reports(user):
    """The valid reports of the places of this person's duty."""
    reports = Opinion.objects.visible_to(user).restricted().valid_at(timezone.now())
    return reports.select_related("place__parent")


def _waiting(user):
    """Those that no restricted issue carries. What still stands under an open one is not to be read there."""
    links = IssueOpinion.objects.standing().filter(opinion=OuterRef("pk"), issue__is_restricted=True)
    return _reports(user).filter(~Exists(links))


@read_reports
@require_safe
@never_cache
def restricted_list(request):
    """The reports that wait, the newest first."""
    page = Paginator(_waiting(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "issues/restricted_list.html", {"page": page})


@read_reports
@require_safe
@never_cache
def restricted_detail(request, pk):
    """One report word for word, who heard it, and the restricted issue that it became meanwhile."""
    reports = _reports(request.user).select_related("collector", "answer_wish", "entry")
    opinion = get_object_or_404(reports, pk=pk)
    carried = IssueOpinion.objects.standing().filter(opinion=opinion, issue__is_restricted=True)
    context = {
        "opinion": opinion,
        "contact": contact_of(opinion, request.user, is_seen=True, is_handler=False),
        "issues": Issue.objects.visible_to(request.user)
        .filter(pk__in=carried.values("issue"))
        .order_by("pk"),
    }
    return render(request, "issues/restricted_detail.html", context)
