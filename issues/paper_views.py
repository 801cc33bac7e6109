"""The papers of an issue, for the browser's print and as .docx. What stands on them: papers.py."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from canvass.official import CONTENT_TYPE, official_document
from canvass.opens import opens

from .models import Issue
from .papers import paper_of, trail_of
from .views import view_issues, visible_issues


def _paper(request, pk, kind):
    """The paper of an issue that one may see; what the issue's state does not give is not found."""
    issue = get_object_or_404(visible_issues(request.user), pk=pk)
    paper = paper_of(trail_of(issue, request.user), kind)
    if paper is None:
        raise Http404
    return issue, paper


@opens(Issue)
@view_issues
@require_safe
@never_cache
def issue_paper(request, pk, kind):
    issue, paper = _paper(request, pk, kind)
    return render(request, "issues/issue_paper.html", {"issue": issue, "paper": paper, "kind": kind})


@opens(Issue)
@view_issues
@require_safe
@never_cache
def issue_paper_docx(request, pk, kind):
    _issue, paper = _paper(request, pk, kind)
    response = HttpResponse(official_document(paper), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{paper.title} {paper.number}.docx")
    return response
