"""Taking words out of an issue again: one page that shows both and asks why."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from canvass.opens import opens
from visits.models import Opinion

from .models import Issue, IssueOpinion
from .permissions import can_accept_issue
from .sorting import take_out, waiting_opinions, why_not_take_out
from .triage_forms import TakeOutForm


@opens(IssueOpinion)
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_take_out(request, pk):
    """Ask why, then take the words out. Whoever may not accept issues like this one finds no such page."""
    link = _link(request.user, pk)
    refusal = why_not_take_out(link, link.issue, request.user)
    form = TakeOutForm(request.POST or None, subject=link, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            take_out(link, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            refusal = error
        else:
            told = {"number": link.opinion.number, "issue": link.issue}
            messages.success(request, _("诉求 %(number)s 已从问题“%(issue)s”移出，等待重新分拣。") % told)
            return _onward(request.user, link)
    if refusal is not None and refusal.code == "sorted":
        messages.warning(request, refusal.message)
        return redirect("issues:issue_detail", pk=link.issue_id)
    context = {"link": link, "form": form, "refusal": refusal and refusal.message}
    return render(request, "issues/opinion_take_out.html", context, status=409 if refusal else 200)


def _link(user, pk):
    seen = Issue.objects.visible_to(user).unrestricted()
    heard = Opinion.objects.visible_to(user).unrestricted()
    links = IssueOpinion.objects.filter(issue__in=seen, opinion__in=heard)
    links = links.select_related("issue__campaign", "opinion", "removed_by__cadre")
    link = get_object_or_404(links, pk=pk)
    if not can_accept_issue(user, link.issue.place_id, link.issue.level):
        raise Http404
    return link


def _onward(user, link):
    """To sort the words anew, when they wait on this person's own desk."""
    if waiting_opinions(user).filter(pk=link.opinion_id).exists():
        return redirect("issues:triage_opinion", pk=link.opinion_id)
    return redirect("issues:issue_detail", pk=link.issue_id)
