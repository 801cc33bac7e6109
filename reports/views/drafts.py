"""A report being made: what it would say, what is typed for it, what was checked; and the button that issues it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reports.edition_asking import asked_period
from reports.edition_pages import Paper
from reports.report_forms import LinesForm, TypedFigureFormSet, typed_of
from reports.services import draft_of, issue_report, overrule_check, prepare_report, save_draft

SAVE, OVERRULE, ISSUE = "save", "overrule", "issue"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("reports.issue_report", raise_exception=True)
def report_draft(request, kind, period):
    """Type, check, overrule, issue: for the campaign's own office."""
    question = asked_period(request, kind, period)
    if not question.may_issue:
        raise Http404
    draft = draft_of(question.campaign, question.period)
    forms = _forms(request, question, draft)
    refusals = []
    if request.method == "POST":
        try:
            if done := _do(request, question, draft, forms):
                return redirect(done)
        except ValidationError as refusal:
            refusals = refusal.messages
    prepared = prepare_report(question.campaign, question.period)
    context = {
        "question": question,
        "prepared": prepared,
        "paper": Paper(prepared.content, question.campaign),
        "lines": forms[0],
        "figures": forms[1],
        "refusals": refusals,
        # A form with a slip keeps the version that it was made from; one that came too late begins from the latest.
        "version": prepared.draft.version if refusals or not request.POST else _version(request),
        "correction": request.POST.get("correction", ""),
    }
    return render(request, "reports/report_draft.html", context, status=422 if request.POST else 200)


def _forms(request, question, draft):
    """(lines, figures): as sent when they were sent, else as the draft has them."""
    sent = request.POST if request.POST.get("action") == SAVE else None
    initial = draft.lines | {"version": draft.version}
    return (
        LinesForm(sent, kind=question.period.kind, initial=initial),
        TypedFigureFormSet(sent, initial=None if sent else draft.figures, prefix="figures"),
    )


def _do(request, question, draft, forms):
    """Do what the button says; gives the address to go to, or None when a form has to be filled in anew."""
    here = f"{request.path}?campaign={question.campaign.code}"
    campaign, period, user = question.campaign, question.period, request.user
    action = request.POST.get("action")
    if action == SAVE:
        lines, figures = forms
        if not (lines.is_valid() and figures.is_valid()):
            return None
        typed = typed_of(figures, before=draft.figures, author=user.display_name)
        version = lines.cleaned_data["version"]
        save_draft(campaign, period, by=user, version=version, lines=lines.lines, figures=typed)
        messages.success(request, _("草稿已存下，数字已重新计算。"))
        return here
    prepared = prepare_report(campaign, period)
    if action == OVERRULE:
        key, reason = request.POST.get("check", ""), request.POST.get("reason", "")
        overrule_check(prepared, key, by=user, reason=reason, version=_version(request))
        messages.success(request, _("已记下照发的理由，会印在报告里。"))
        return here
    if action == ISSUE:
        if prepared.draft.version != _version(request):
            raise ValidationError(_("草稿刚刚被别人改过，请对照下面最新的内容再发。"))
        report = issue_report(prepared, by=user, correction=request.POST.get("correction", ""))
        messages.success(request, _("已发出：%s。") % report)
        address = reverse("reports:edition", kwargs={"kind": period.kind, "period": period.key})
        return f"{address}?campaign={campaign.code}"
    return None


def _version(request):
    try:
        return int(request.POST.get("version", ""))
    except ValueError:
        return -1
