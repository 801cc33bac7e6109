"""The queue of what somebody has to ask, look at again or decide; and taking up a closed matter as a new issue."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from canvass.admin_verbs import VerbForm
from canvass.opens import opens

from .enums import IssueLevel, Urgency
from .follow_up_queue import Desk
from .models import Category, Issue
from .permissions import can_accept_issue, can_continue_issue
from .services import continue_issue
from .triage_forms import category_choices
from .voices import voices_of

PAGE = 20


@require_safe
def follow_up(request):
    """One lot at a time, the longest waiting first, in small pages."""
    desk = Desk(request.user)
    lots = {lot.key: lot for lot in desk.lots}
    if not lots:
        raise PermissionDenied
    lot = lots.get(request.GET.get("lot", next(iter(lots))))
    if lot is None:
        raise Http404
    page = Paginator(desk.ordered(lot), PAGE).get_page(request.GET.get("page"))
    context = {
        "lot": lot,
        "lots": [
            (one, page.paginator.count if one is lot else desk.offered(one).count()) for one in lots.values()
        ],
        "page": page,
        "rows": desk.told(lot, list(page.object_list)),
        "left": desk.left(lot),
    }
    return render(request, "issues/follow_up.html", context)


class ContinueForm(VerbForm):
    """What the new issue takes over from the one that was struck off, to be looked over."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=Issue._meta.get_field("title").max_length)
    category = forms.ChoiceField(label=gettext_lazy("类别"))
    level = forms.ChoiceField(label=gettext_lazy("层级"))
    urgency = forms.ChoiceField(label=gettext_lazy("紧急程度"), choices=Urgency.choices)
    opinions = forms.ModelMultipleChoiceField(
        queryset=None,
        label=gettext_lazy("还没有解决的诉求"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("留下勾选的诉求，新问题办结后再给这些群众回音。"),
    )

    def __init__(self, *args, subject, request, **kwargs):
        initial = {"title": subject.title, "category": subject.category_id, "level": subject.level}
        initial["urgency"] = subject.urgency
        super().__init__(*args, subject=subject, request=request, initial=initial, **kwargs)
        self.fields["category"].choices = category_choices()
        self.fields["level"].choices = [
            (level.value, level.label)
            for level in IssueLevel
            if can_accept_issue(request.user, subject.place_id, level)
        ]
        words = self.fields["opinions"]
        words.queryset = voices_of(subject) & voices_of(subject).model.objects.visible_to(request.user)
        words.label_from_instance = lambda opinion: f"{opinion.number} {opinion.words_verbatim[:60]}"
        words.initial = [opinion.pk for opinion in words.queryset]
        if not words.initial:
            del self.fields["opinions"]

    def clean_category(self):
        return Category.objects.get(pk=self.cleaned_data["category"])


@opens(Issue)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_continue(request, pk):
    """A struck-off issue that cannot be reopened any more is taken up again as a new one that names it."""
    seen = Issue.objects.visible_to(request.user).select_related("campaign", "place")
    issue = get_object_or_404(seen, pk=pk)
    if not can_continue_issue(request.user, issue):
        raise Http404
    form = ContinueForm(request.POST or None, subject=issue, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            new = continue_issue(issue, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(
                request, _("已受理新问题：%(new)s，接续 %(old)s。") % {"new": new, "old": issue.number}
            )
            return redirect("issues:issue_detail", pk=new.pk)
    return render(request, "issues/issue_continue.html", {"issue": issue, "form": form})
