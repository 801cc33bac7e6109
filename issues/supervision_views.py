"""The supervision desk: the slips that stand, a department's answer, the office's signed reason."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Count, Prefetch, Q, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import CampaignState
from canvass.asking import came_from
from canvass.opens import opens
from canvass.roles import REPORT_READERS

from .enums import SupervisionColour
from .models import SlipStep, SupervisionSlip
from .supervision import GRAVITY, answer_slip, can_answer_slip, can_lift_slip, days_late, lift_slip

PAGE = 30


def _reads_slips(user):
    if user.reach.department_ids or user.reach.has(*REPORT_READERS):
        return True
    raise PermissionDenied


reads_slips = user_passes_test(_reads_slips)


class WordsForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "class": "input"}),
        error_messages={"required": gettext_lazy("请写明说明。")},
    )

    def __init__(self, *args, hint, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = hint


@reads_slips
def supervision(request):
    """The slips that stand, the gravest first and then the oldest."""
    colour = request.GET.get("colour", "")
    if colour and colour not in SupervisionColour.values:
        raise Http404
    slips = (
        SupervisionSlip.objects.visible_to(request.user).filter(campaign__state=CampaignState.RUNNING).open()
    )
    counts = dict(slips.order_by().values_list("colour").annotate(Count("pk")))
    if colour:
        slips = slips.filter(colour=colour)
    page = list(_ordered(slips, request.GET.get("after", ""))[: PAGE + 1])
    context = {
        "rows": _rows(request.user, page[:PAGE]),
        "next_key": _key(page[PAGE - 1]) if len(page) > PAGE else "",
        "colours": [(one.value, one.label, counts.get(one.value, 0)) for one in reversed(SupervisionColour)],
        "total": sum(counts.values()),
        "colour": colour,
    }
    return render(request, "issues/supervision.html", context)


def _key(slip):
    return f"{slip.gravity}_{slip.pk}"


def _ordered(slips, key):
    """The gravest first; after a key that names the last row of the page before."""
    whens = [When(colour=colour, then=Value(number)) for colour, number in GRAVITY.items()]
    slips = slips.annotate(gravity=Case(*whens, default=Value(0))).order_by("-gravity", "pk")
    steps = Prefetch("steps", SlipStep.objects.select_related("by__cadre"))
    slips = slips.select_related("campaign", "department", "issue__place").prefetch_related(steps)
    if not key:
        return slips
    try:
        gravity, pk = map(int, key.split("_"))
    except ValueError as error:
        raise Http404 from error
    return slips.filter(Q(gravity__lt=gravity) | Q(gravity=gravity, pk__gt=pk))


def _rows(user, slips):
    late, today = days_late(slips), timezone.localdate()
    return [
        {
            "slip": slip,
            "days_late": late.get(slip.pk, 0),
            "answers": slip.steps.all(),
            "is_answer_late": not slip.steps.all() and slip.answer_due_on and slip.answer_due_on < today,
            "can_answer": can_answer_slip(user, slip),
            "can_lift": can_lift_slip(user, slip),
        }
        for slip in slips
    ]


@opens(SupervisionSlip)
@reads_slips
def slip_answer(request, pk):
    """The department's own words; whoever may not answer finds no such page."""
    slip = _slip(request, pk, can_answer_slip)
    hint = _("写明进展、原因和下一步。督办要到问题答复以后才解除。")
    form = WordsForm(request.POST or None, hint=hint)
    back = came_from(request, reverse("issues:supervision"))
    if _done(request, form, answer_slip, slip):
        messages.success(request, _("已回复督办单 %s。") % slip)
        return redirect(back)
    return render(request, "issues/slip_answer.html", {"slip": slip, "form": form, "back": back})


@opens(SupervisionSlip)
@reads_slips
def slip_lift(request, pk):
    """The office's signed reason."""
    slip = _slip(request, pk, can_lift_slip)
    form = WordsForm(request.POST or None, hint=_("写明为什么不等答复就解除。理由和您的姓名一起留在记录里。"))
    if _done(request, form, lift_slip, slip):
        messages.success(request, _("已解除督办单 %s。") % slip)
        return redirect("issues:supervision")
    return render(
        request, "issues/slip_lift.html", {"slip": slip, "form": form, "back": reverse("issues:supervision")}
    )


def _slip(request, pk, may):
    visible = SupervisionSlip.objects.visible_to(request.user)
    slip = get_object_or_404(visible.select_related("campaign", "department", "issue"), pk=pk)
    if not may(request.user, slip):
        raise Http404
    return slip


def _done(request, form, verb, slip):
    """Whether the words were sent and taken; a refusal is an error on the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        verb(slip, by=request.user, words=form.cleaned_data["words"])
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    return True
