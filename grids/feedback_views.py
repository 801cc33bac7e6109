"""Feedback about this system: everybody writes and reads the own; who keeps the system answers."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from canvass.asking import asked
from canvass.opens import opens

from .feedback import answer_feedback, kind_of_page, say_feedback
from .feedback_forms import FeedbackAnswerForm, FeedbackForm
from .models import Feedback

PAGE = 30
form_methods = require_http_methods(["GET", "HEAD", "POST"])
may_read = permission_required("grids.view_feedback", raise_exception=True)


@never_cache
@form_methods
def feedback_file(request):
    """What I wanted and what happened; below, what I said before and what was answered."""
    page = kind_of_page(request.POST.get("page", "") or asked(request, "page"))
    form = FeedbackForm(request.POST or None, initial={"page": page})
    if request.method == "POST" and form.is_valid() and _say(request, form):
        return redirect("grids:feedback_file")
    own = Feedback.objects.filter(by=request.user).prefetch_related("answers")
    context = {"form": form, "page": page, "said": own[:PAGE]}
    return render(request, "grids/feedback_file.html", context, status=400 if form.errors else 200)


def _say(request, form):
    try:
        say_feedback(by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    messages.success(request, _("已收到，谢谢。答复会写在下面。"))
    return True


@may_read
@never_cache
@require_safe
def feedback_list(request):
    """What waits for an answer; or all of it. Neither who said it nor how often anybody did."""
    lot = "all" if asked(request, "lot") == "all" else "waiting"
    rows = Feedback.objects.visible_to(request.user).exclude(by=request.user).select_related("place")
    rows = rows if lot == "all" else rows.waiting()
    page = Paginator(rows.prefetch_related("answers"), PAGE).get_page(request.GET.get("page"))
    return render(request, "grids/feedback_list.html", {"page": page, "lot": lot})


@opens(Feedback)
@may_read
@never_cache
@form_methods
def feedback_answer(request, pk):
    """One thing that was said, and the line that answers it."""
    rows = Feedback.objects.visible_to(request.user).exclude(by=request.user).select_related("place")
    feedback = get_object_or_404(rows, pk=pk)
    form = FeedbackAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_feedback(feedback, by=request.user, text=form.cleaned_data["text"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("已答复，提出人会看到。"))
            return redirect("grids:feedback_list")
    context = {"feedback": feedback, "answers": feedback.answers.all(), "form": form}
    return render(request, "grids/feedback_answer.html", context, status=400 if form.errors else 200)
