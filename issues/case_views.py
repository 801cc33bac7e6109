"""A leader takes the case, and the review by three parties: two forms on an issue."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canvass.opens import opens

from .cases import can_take_case, case_of, leaders_for, review_case, take_case, teams_for
from .models import CaseReview, Issue, LeaderCase

MATTER_NOT_PERSON = gettext_lazy("写事，不写群众姓名。")


def _style(form):
    for field in form.fields.values():
        field.widget.attrs["class"] = "input"


class CaseForm(forms.ModelForm):
    class Meta:
        model = LeaderCase
        fields = ["leader", "team", "plan"]
        widgets = {"plan": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"plan": MATTER_NOT_PERSON}

    def __init__(self, *args, issue, **kwargs):
        super().__init__(*args, **kwargs)
        _style(self)
        self.fields["leader"].queryset = leaders_for(issue)
        self.fields["team"].queryset = teams_for(issue)


class ReviewForm(forms.ModelForm):
    class Meta:
        model = CaseReview
        fields = ["held_on", "task_force", "legal_expert", "conclusion"]
        widgets = {
            "held_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "conclusion": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {"conclusion": MATTER_NOT_PERSON}

    def __init__(self, *args, issue, **kwargs):
        super().__init__(*args, initial={"held_on": timezone.localdate()}, **kwargs)
        _style(self)


def _issue(request, pk):
    issues = Issue.objects.visible_to(request.user).select_related("campaign")
    issue = get_object_or_404(issues, pk=pk)
    if not can_take_case(request.user, issue):
        raise Http404
    return issue


def _is_done(request, form, verb, issue):
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        verb(issue, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    return True


@opens(Issue)
def case_take(request, pk):
    """Name the leader, the team and the plan of an issue."""
    issue = _issue(request, pk)
    form = CaseForm(request.POST or None, issue=issue)
    if _is_done(request, form, take_case, issue):
        messages.success(request, _("已确定包案领导。"))
        return redirect("issues:issue_detail", pk=pk)
    return render(request, "issues/case_take.html", {"issue": issue, "form": form, "case": case_of(issue)})


@opens(Issue)
def case_review(request, pk):
    """Record a review by three parties."""
    issue = _issue(request, pk)
    case = case_of(issue)
    if case is None:
        raise Http404
    form = ReviewForm(request.POST or None, issue=issue)
    if _is_done(request, form, review_case, issue):
        messages.success(request, _("已记录三方会审。"))
        return redirect("issues:issue_detail", pk=pk)
    return render(request, "issues/case_review.html", {"issue": issue, "form": form, "case": case})
