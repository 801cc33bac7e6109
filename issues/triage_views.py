"""The triage desk: the words that wait, and one page to decide about each, with what is known around it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from canvass.opens import opens
from visits.enums import OpinionNature
from visits.models import Opinion

from . import sorting, spot
from .forms import AnswerForm
from .models import Issue
from .similar import beside, guessed_category
from .spot_forms import SpotForm
from .triage_forms import AcceptWordsForm, NoteForm

PAGE = 30
LOTS = {
    "issue": (pgettext_lazy("triage", "问题类"), sorting.ISSUE_NATURES),
    "suggestion": (gettext_lazy("建议"), [OpinionNature.SUGGESTION]),
    "praise": (gettext_lazy("表扬"), [OpinionNature.PRAISE]),
}
# Newest first; or grid by grid, and in each the newest first.
ORDERS = {"new": (gettext_lazy("按时间"), []), "grid": (gettext_lazy("按网格"), ["place_id"])}

may_sort = permission_required("issues.add_issue", raise_exception=True)


class Asked:
    """Which lot in which order: carried along from one opinion to the next."""

    def __init__(self, request, lot="issue"):
        self.user = request.user
        self.lot, self.order = request.GET.get("lot", lot), request.GET.get("order", "new")
        if self.lot not in LOTS or self.order not in ORDERS:
            raise Http404

    @property
    def query(self):
        return "?" + urlencode({"lot": self.lot, "order": self.order})

    def rows(self):
        rows = sorting.waiting_opinions(self.user).filter(nature__in=LOTS[self.lot][1])
        return rows.order_by(*ORDERS[self.order][1], "-heard_at", "-pk")

    def rows_after(self, opinion):
        """What follows an opinion, whether or not it still waits itself."""
        later = Q(heard_at__lt=opinion.heard_at) | Q(heard_at=opinion.heard_at, pk__lt=opinion.pk)
        if self.order == "grid":
            later = Q(place_id__gt=opinion.place_id) | (Q(place_id=opinion.place_id) & later)
        return self.rows().filter(later)

    def next_address(self, opinion):
        """The next opinion, at the end of the list the first one again; the list when nothing is left."""
        others = self.rows().exclude(pk=opinion.pk)
        following = self.rows_after(opinion).first() or others.first()
        if following is None:
            return reverse("issues:triage") + self.query
        return reverse("issues:triage_opinion", args=[following.pk]) + self.query

    def context(self):
        counts = sorting.waiting_opinions(self.user).order_by().values("nature").annotate(n=Count("pk"))
        counts = {row["nature"]: row["n"] for row in counts}
        return {
            "lot": self.lot,
            "order": self.order,
            "query": self.query,
            "orders": [(key, label) for key, (label, _columns) in ORDERS.items()],
            "lots": [
                (key, label, sum(counts.get(nature, 0) for nature in natures))
                for key, (label, natures) in LOTS.items()
            ],
        }


@require_safe
@may_sort
def triage(request):
    """The words that wait for this person's decision."""
    asked = Asked(request)
    rows = asked.rows()
    if after := request.GET.get("after", ""):
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Http404
        rows = asked.rows_after(get_object_or_404(sorting.desk_opinions(request.user), pk=after))
    page = list(rows.select_related("place__parent", "entry", "spot_refusal")[: PAGE + 1])
    context = {"opinions": page[:PAGE], "after": page[PAGE - 1].pk if len(page) > PAGE else ""}
    return render(request, "issues/triage.html", context | asked.context())


@opens(Opinion)
@require_http_methods(["GET", "HEAD", "POST"])
@may_sort
def triage_opinion(request, pk):
    """One opinion: decide what becomes of it, then on to the next one."""
    seen = sorting.desk_opinions(request.user).select_related("campaign", "place__parent", "entry", "visit")
    opinion = get_object_or_404(seen, pk=pk)
    asked = Asked(request, lot=_lot_of(opinion))
    forms = _forms(request, opinion)
    if request.method == "POST":
        done = _decide(request, opinion, forms)
    else:
        done = not sorting.waiting_opinions(request.user).filter(pk=pk).exists()
        if done:
            messages.info(request, sorting.what_became(opinion, request.user))
    if done:
        return redirect(asked.next_address(opinion))
    groups = beside(opinion, request.user)
    for name in {"spot", "accept"} & set(forms):
        forms[name].initial["category"] = guessed_category(opinion, groups)
    context = {
        "opinion": opinion,
        "groups": groups,
        "refusals": spot.refusals_of(opinion),
        "taken_out": sorting.taken_out(opinion, request.user),
        "forms": forms,
        "next_address": asked.next_address(opinion),
        "can_correct": request.user.has_perm("visits.void_record"),
    }
    return render(request, "issues/triage_opinion.html", context | asked.context())


def _lot_of(opinion):
    return next(key for key, (_label, natures) in LOTS.items() if opinion.nature in natures)


FORMS = {"spot": SpotForm, "accept": AcceptWordsForm, "answer": AnswerForm, "note": NoteForm}


def _forms(request, opinion):
    """{decision: its form}; the one that was sent is bound to what was typed."""
    sent = request.POST.get("decision")
    offered = sorting.decisions_for(request.user, opinion)
    # Sent is sent: whoever comes second is told what the first one did.
    spots = (spot.said_solved if sent == "spot" else spot.waiting_spots)(request.user)
    if opinion.done_on_spot and spots.filter(pk=opinion.pk).exists():
        offered.insert(0, "spot")
    return {
        name: FORMS[name](
            request.POST if sent == name else None, subject=opinion, request=request, prefix=name
        )
        for name in offered
    }


def _decide(request, opinion, forms):
    """Do what was asked. True: this opinion is done with, by this person or by somebody who was quicker."""
    decision = request.POST.get("decision", "")
    form = forms.get(decision)
    if form is None and decision != "join":
        raise Http404
    if form is not None and not form.is_valid():
        return False
    try:
        said = DECISIONS[decision](request, opinion, form)
    except ValidationError as refusal:
        if refusal.code == "sorted":
            messages.warning(request, "；".join(refusal.messages))
            return True
        if form is None:
            messages.error(request, "；".join(refusal.messages))
        else:
            form.add_error(None, refusal.messages)
        return False
    messages.success(request, said)
    return True


def _accept(request, opinion, form):
    issue = sorting.accept_opinion(opinion, by=request.user, **form.cleaned_data)
    if issue.is_restricted:
        return _("诉求 %(number)s 已转纪检，此后只有纪检可以查看。") % {"number": opinion.number}
    return _("已受理为问题：%(issue)s") % {"issue": issue}


def _spot(request, opinion, form):
    issue = spot.confirm_spot(opinion, by=request.user, **form.cleaned_data)
    return _("已确认当场解决：%s。接下来由别人回访。") % issue


def _join(request, opinion, form):
    pk = request.POST.get("issue", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404
    issue = get_object_or_404(Issue.objects.visible_to(request.user).unrestricted(), pk=pk)
    sorting.join_issue(opinion, issue, by=request.user)
    return _("诉求 %(number)s 已归入问题：%(issue)s") % {"number": opinion.number, "issue": issue}


def _answer(request, opinion, form):
    sorting.answer_opinion(opinion, by=request.user, **form.cleaned_data)
    return _("已答复建议 %(number)s。") % {"number": opinion.number}


def _note(request, opinion, form):
    sorting.note_opinion(opinion, by=request.user, **form.cleaned_data)
    return _("诉求 %(number)s 已留存。") % {"number": opinion.number}


DECISIONS = {"spot": _spot, "accept": _accept, "join": _join, "answer": _answer, "note": _note}
