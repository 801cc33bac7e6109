"""Hand-overs: what the office proposes, what the successor takes, and the sheet that both sign."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from canvass.asking import asked
from canvass.official import Paper
from canvass.opens import opens
from canvass.roles import Role
from grids.audit import record
from grids.enums import AuditAction
from grids.models import Cadre
from visits.models import HandOver, HandOverStep

from .hand_over_forms import HandOverForm, SettleForm
from .hand_overs import (
    content_of,
    duties_of,
    heard_elsewhere,
    offered_steps,
    propose_hand_overs,
    refusal_to_hand_over,
    settle_hand_over,
)

PAGE = 30
MOST_FOUND = 20
form_methods = require_http_methods(["GET", "HEAD", "POST"])


def _seen(user):
    rows = HandOver.objects.visible_to(user)
    return rows.select_related("leaver", "successor", "place__parent", "step__by__cadre", "by__cadre")


@never_cache
@require_safe
def hand_over_list(request):
    """Those that wait first, then the others; the office finds here who leaves."""
    rows = _seen(request.user).order_by("-pk")
    waiting = list(rows.filter(pk__in=HandOver.objects.waiting())[:PAGE])
    done = Paginator(rows.exclude(pk__in=HandOver.objects.waiting()), PAGE).get_page(request.GET.get("page"))
    is_office = request.user.reach.has(Role.CAMPAIGN_OFFICE)
    words = asked(request, "q")
    context = {
        "waiting": waiting,
        "page": done,
        "today": timezone.localdate(),
        "is_office": is_office,
        "q": words,
        "found": _find(request.user, words) if is_office and words else None,
    }
    return render(request, "issues/hand_over_list.html", context)


def _find(user, words):
    cadres = Cadre.objects.visible_to(user).filter(Q(staff_number__iexact=words) | Q(name__icontains=words))
    return cadres.select_related("department").order_by("staff_number")[:MOST_FOUND]


@opens(Cadre)
@never_cache
@form_methods
def hand_over_propose(request, pk):
    """All that hangs on one person, and who takes it over, piece by piece."""
    if not request.user.reach.has(Role.CAMPAIGN_OFFICE):
        raise PermissionDenied
    leaver = get_object_or_404(Cadre.objects.visible_to(request.user), pk=pk)
    duties = duties_of(leaver, request.user)
    refusals = {duty.key: refusal_to_hand_over(request.user, leaver, duty.posting) for duty in duties}
    refusal = refusal_to_hand_over(request.user, leaver)
    open_duties = [d for d in duties if not refusals[d.key] and not d.waits_for and _holds(d)]
    form = HandOverForm(request.POST or None, duties=open_duties, user=request.user)
    status = 200
    if request.method == "POST":
        if not refusal and form.is_valid() and _propose(request, leaver, form):
            return redirect("issues:hand_over_list")
        status = 400
    context = {
        "leaver": leaver,
        "form": form,
        "refusal": refusal,
        "closed": [(duty, refusals[duty.key]) for duty in duties if duty not in open_duties and _holds(duty)],
        "elsewhere": heard_elsewhere(leaver, request.user),
    }
    return render(request, "issues/hand_over_propose.html", context, status=status)


def _holds(duty):
    return duty.posting is not None or bool(duty.matters or duty.visits)


def _propose(request, leaver, form):
    said = {name: form.cleaned_data[name] for name in ("chosen", "last_on", "note")}
    try:
        made = propose_hand_overs(leaver, by=request.user, **said)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    names = "、".join(one.successor.name for one in made)
    messages.success(request, _("已提给%s，接收以前都还由移交人和活动办负责。") % names)
    return True


@opens(HandOver)
@never_cache
@form_methods
def hand_over_detail(request, pk):
    """What goes along; the successor takes or refuses it, the office confirms it for him or calls it off."""
    hand_over = get_object_or_404(_seen(request.user), pk=pk)
    form, status = SettleForm(request.POST or None), 200
    if request.method == "POST":
        if form.is_valid() and _settle(request, hand_over, form):
            return redirect("issues:hand_over_detail", pk=pk)
        status = 400
    labels = dict(HandOverStep.Kind.choices)
    context = {
        "hand_over": hand_over,
        "form": form,
        "offered": [(kind, labels[kind]) for kind in offered_steps(request.user, hand_over)],
        "today": timezone.localdate(),
        **content_of(hand_over, request.user),
    }
    return render(request, "issues/hand_over_detail.html", context, status=status)


def _settle(request, hand_over, form):
    kind = request.POST.get("kind", "")
    if kind not in HandOverStep.Kind.values:
        raise Http404
    try:
        step, opened = settle_hand_over(
            hand_over, by=request.user, kind=kind, reason=form.cleaned_data["reason"]
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    for posting in opened:
        record(request, AuditAction.RIGHTS_CHANGED, record=posting)
    messages.success(request, _("已记下：%s。") % step.get_kind_display())
    return True


@opens(HandOver)
@never_cache
@require_safe
def hand_over_sheet(request, pk):
    """The sheet on A4, with lines to sign. It names no resident and no number."""
    hand_over = get_object_or_404(_seen(request.user), pk=pk)
    paper = _paper(hand_over, content_of(hand_over, request.user), request.user)
    return render(request, "issues/hand_over_sheet.html", {"hand_over": hand_over, "paper": paper})


def _paper(hand_over, content, user):
    step = getattr(hand_over, "step", None)
    rows = [
        (_("移交人"), f"{hand_over.leaver.name}（{hand_over.leaver.staff_number}）"),
        (_("接手人"), f"{hand_over.successor.name}（{hand_over.successor.staff_number}）"),
        (_("移交人最后一天"), f"{hand_over.last_on:%Y-%m-%d}"),
        (_("现在的情况"), step.get_kind_display() if step else _("等待接收，仍由移交人和活动办负责")),
        (_("说明"), hand_over.note or "—"),
    ]
    sections = [
        (_("一、岗位"), [_duty_line(duty) for duty in content["duties"]] or [_("没有岗位。")]),
        (
            _("二、要跟到居民得到答复的诉求，共 %d 条") % content["words_count"],
            [f"{words.number} {words.entry.address if words.entry else ''}" for words in content["words"]],
        ),
        (
            _("三、退回来等更正的走访记录，共 %d 份") % content["visits_count"],
            [f"{visit.number} {visit.entry.address}" for visit in content["visits"]],
        ),
        (_("四、手机上的草稿"), [_("没有送出的表只在移交人的手机上，系统不知道有没有。移交前请全部送出。")]),
    ]
    return Paper(
        title=_("工作交接单"),
        number=hand_over.number,
        campaign=hand_over.place.name,
        made=_("由 %(person)s 于 %(now)s 生成，数据截至 %(now)s。以前的走访和统计数仍记在移交人名下。")
        % {"person": user.display_name, "now": f"{timezone.localtime():%Y-%m-%d %H:%M}"},
        rows=rows,
        sections=sections,
        signatures=[_("移交人"), _("接手人"), _("活动办"), _("日期")],
    )


def _duty_line(duty):
    role, where = duty.posting.get_role_display(), duty.posting.where
    if duty.households is not None:
        return _("%(role)s · %(where)s（%(n)d 户）") % {"role": role, "where": where, "n": duty.households}
    if duty.issues is not None:
        told = {"role": role, "where": where, "n": duty.issues, "slips": duty.slips}
        return _("%(role)s · %(where)s（在办问题 %(n)d 件，督办单 %(slips)d 张）") % told
    return f"{role} · {where}"
