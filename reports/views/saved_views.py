"""Saved views: the question of a breakdown under a name."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from canvass.opens import opens
from reports.breakdown_asking import ask_breakdown
from reports.models import SavedView
from reports.permissions import can_share_view
from reports.questions import UnclearError
from reports.saved_views import query_for
from reports.view_forms import SavedViewForm

from .breakdown import read_figures


@require_http_methods(["GET", "HEAD", "POST"])
@read_figures
def saved_view_list(request):
    """One's own views and the shared ones; posted with a question as its address, that question is saved."""
    form, status = None, 200
    if request.method == "POST":
        try:
            asked = ask_breakdown(request)
        except UnclearError as problem:
            return render(request, "reports/breakdown.html", {"problem": problem}, status=400)
        if asked is None:
            raise Http404
        campaign = asked.question.campaign
        view = SavedView(owner=request.user, campaign=campaign, query=asked.address())
        form = SavedViewForm(request.POST, instance=view, may_share=can_share_view(request.user, campaign))
        if form.is_valid() and (saved := form.stored()):
            messages.success(request, _("已保存视图“%(name)s”。") % {"name": saved.name})
            return redirect(f"{reverse('reports:breakdown')}?{saved.query}")
        status = 422
    views = SavedView.objects.readable_by(request.user).select_related("campaign", "owner__cadre")
    return render(request, "reports/saved_view_list.html", {"views": views, "form": form}, status=status)


@opens(SavedView)
@require_safe
@read_figures
def saved_view_open(request, pk):
    """The question of a view; a shared one asks about the reader's own place where its place is out of reach."""
    view = get_object_or_404(SavedView.objects.readable_by(request.user).select_related("campaign"), pk=pk)
    return redirect(f"{reverse('reports:breakdown')}?{query_for(request.user, view)}")


@opens(SavedView)
@require_http_methods(["GET", "HEAD", "POST"])
@read_figures
def saved_view_edit(request, pk):
    """Rename, share or throw away an own view."""
    view = get_object_or_404(SavedView.objects.filter(owner=request.user), pk=pk)
    if request.POST.get("action") == "delete":
        name = view.name
        view.delete()
        messages.success(request, _("已删除视图“%(name)s”。") % {"name": name})
        return redirect("reports:saved_view_list")
    may_share = can_share_view(request.user, view.campaign)
    form = SavedViewForm(request.POST or None, instance=view, may_share=may_share)
    if form.is_valid() and form.stored():
        messages.success(request, _("已保存视图“%(name)s”。") % {"name": view.name})
        return redirect("reports:saved_view_list")
    context = {"form": form, "view": view}
    return render(request, "reports/saved_view_edit.html", context, status=422 if form.errors else 200)
