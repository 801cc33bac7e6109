"""Somebody moves on: what hangs on that person, and the verbs that hand it over in one step.

Nothing moves until the successor takes it, or the office confirms it for him; until then all stays with the leaver and
is on the office's list. What was done before stays with whoever did it: visits, counts and words are never rewritten.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from canvass import places
from canvass.roles import VISITING, Role
from grids.enums import RegisterState
from grids.models import Cadre, Posting, RegisterEntry
from grids.permissions import grantable_roles, open_postings
from visits.enums import OpinionNature, VisitState
from visits.models import (
    HandOver,
    HandOverPosting,
    HandOverStep,
    HandOverVisit,
    HandOverWords,
    Opinion,
    Visit,
)
from visits.models.hand_overs import followed_by

from .matters import matters_followed_by
from .models import Issue, SupervisionSlip
from .models.issues import ANSWERED
from .permissions import handled_by

OFFICE = (Role.CAMPAIGN_OFFICE,)
Kind = HandOverStep.Kind


@dataclass
class Duty:
    """One posting of the leaver with what hangs on it; without a posting, what was heard and filed elsewhere."""

    posting: Posting | None = None
    matters: list = field(default_factory=list)
    visits: list = field(default_factory=list)
    households: int | None = None
    issues: int | None = None
    slips: int | None = None
    waits_for: HandOver | None = None

    @property
    def key(self):
        return f"posting-{self.posting.pk}" if self.posting else "rest"

    @property
    def opinions(self):
        return list({matter.opinion.pk: matter.opinion for matter in self.matters}.values())


# --- What hangs on a person -------------------------------------------------------------------------------------


def sent_back_visits(cadre, reader):
    """The visits of this cadre that wait for a correction, as far as the reader sees them."""
    own = Q(cadres__cadre=cadre)
    if cadre.user_id:
        own |= Q(filed_by=cadre.user_id)
    rows = Visit.objects.visible_to(reader).filter(
        pk__in=Visit.objects.filter(own).values("pk"), state=VisitState.SENT_BACK
    )
    return rows.filter(campaign__in=Campaign.objects.running()).select_related("entry").order_by("pk")


def duties_of(cadre, reader):
    """[Duty]: each open posting with its households, words to follow and visits to correct; last, the rest."""
    postings = Posting.objects.filter(cadre=cadre).select_related("place__parent", "department")
    today = timezone.localdate()
    postings = [p for p in postings.order_by("-place_id", "pk") if p.to_on is None or p.to_on >= today]
    pending = _pending(postings)
    duties = [_duty(posting, pending.get(posting.pk)) for posting in postings]
    rest = Duty()
    for matter in matters_followed_by(cadre, reader):
        _holder(duties, matter.opinion.place_id, rest).matters.append(matter)
    for visit in sent_back_visits(cadre, reader):
        _holder(duties, visit.grid_id, rest).visits.append(visit)
    return [*duties, rest]


def _duty(posting, waits_for):
    duty = Duty(posting, waits_for=waits_for)
    if posting.department_id:
        led = Issue.objects.unrestricted().filter(lead_department=posting.department_id)
        duty.issues = led.exclude(state__in=ANSWERED).count()
        duty.slips = SupervisionSlip.objects.open().filter(department=posting.department_id).count()
    elif posting.role in VISITING:
        standing = [RegisterState.ACTIVE, RegisterState.VACANT]
        duty.households = RegisterEntry.objects.inside(posting.place_id).filter(state__in=standing).count()
    return duty


def _holder(duties, code, rest):
    """The duty that words or a visit of a place go with: the narrowest place among those where one visits."""
    around = [
        duty
        for duty in duties
        if duty.posting.role in VISITING and places.is_inside(code, duty.posting.place_id)
    ]
    return max(around, key=lambda duty: len(duty.posting.place_id), default=rest)


def _pending(postings):
    """{key of a posting: the hand-over that waits with it}."""
    rows = HandOverPosting.objects.filter(posting__in=postings, hand_over__in=HandOver.objects.waiting())
    return {row.posting_id: row.hand_over for row in rows.select_related("hand_over__successor")}


def heard_elsewhere(cadre, reader):
    """How many more words this cadre follows where the reader's office does not reach."""
    now = timezone.now()
    words = Opinion.objects.unrestricted().valid_at(now).filter(campaign__in=Campaign.objects.running())
    words = followed_by(words.exclude(nature=OpinionNature.PRAISE), cadre)
    return words.exclude(pk__in=Opinion.objects.visible_to(reader).values("pk")).count()


# --- Proposing --------------------------------------------------------------------------------------------------


def refusal_to_hand_over(by, leaver, posting=None):
    """Why this person may not hand that over, in a sentence, or "": the campaign office, what it may give by hand."""
    codes = by.reach.codes(*OFFICE)
    if not codes:
        return _("只有活动办可以办理交接。")
    if leaver == by.reach.cadre:
        return _("不能办理自己的交接，请由另一位活动办人员办理。")
    if posting is None:
        return ""
    if posting.role not in grantable_roles(by):
        return _("这个岗位不是活动办可以给的，请找安全管理员。")
    if posting.place_id and not places.is_inside(posting.place_id, *codes):
        return _("有岗位不在您负责的范围内，请找那里的活动办。")
    return ""


@transaction.atomic
def propose_hand_overs(leaver, *, by, chosen, last_on, note=""):
    """One HandOver for each successor. `chosen`: {key of a Duty: the cadre who takes it over}.

    Raises ValidationError with a sentence; of two at once the second finds what the first one proposed.
    """
    Cadre.objects.select_for_update().get(pk=leaver.pk)
    if refusal := refusal_to_hand_over(by, leaver):
        raise ValidationError(refusal)
    if last_on < timezone.localdate():
        raise ValidationError(_("最后一天不能早于今天。"))
    duties = {duty.key: duty for duty in duties_of(leaver, by)}
    by_successor = defaultdict(list)
    for key, successor in chosen.items():
        if key not in duties:
            raise ValidationError(_("岗位刚才有了变化，请重新打开再看。"))
        by_successor[successor].append(duties[key])
    if not by_successor:
        raise ValidationError(_("请至少给一项填上接手人。"))
    return [
        _propose(leaver, successor, given, by=by, last_on=last_on, note=note)
        for successor, given in by_successor.items()
    ]


def _propose(leaver, successor, duties, *, by, last_on, note):
    _check(leaver, successor, duties, by)
    hand_over = HandOver.objects.create(
        leaver=leaver,
        successor=successor,
        place_id=_place_of(duties, by),
        last_on=last_on,
        note=note,
        by=by,
    )
    HandOverPosting.objects.bulk_create(
        HandOverPosting(hand_over=hand_over, posting=duty.posting) for duty in duties if duty.posting
    )
    HandOverWords.objects.bulk_create(
        HandOverWords(hand_over=hand_over, opinion=words) for duty in duties for words in duty.opinions
    )
    HandOverVisit.objects.bulk_create(
        HandOverVisit(hand_over=hand_over, visit=visit) for duty in duties for visit in duty.visits
    )
    return hand_over


def _check(leaver, successor, duties, by):
    if successor in (leaver, by.reach.cadre):
        raise ValidationError(_("接手人不能是移交人或者您自己。"))
    for duty in duties:
        told = {"name": successor.name, "where": duty.posting.where if duty.posting else _("其他")}
        if duty.posting and (refusal := refusal_to_hand_over(by, leaver, duty.posting)):
            raise ValidationError(refusal)
        if duty.waits_for:
            told["name"] = duty.waits_for.successor.name
            raise ValidationError(_("“%(where)s”已经提给%(name)s，正等接收，先取消那一次再重新交接。") % told)
        if duty.posting is None and not (duty.matters or duty.visits):
            raise ValidationError(_("没有别的诉求和记录要交接，“其他”请留空。"))
        if duty.posting is None and not _reaches(successor, duty):
            raise ValidationError(
                _("%(name)s的责任范围不包括其中的户，接过去也看不到。请先设岗位，或者另选接手人。") % told
            )
        waiting = HandOverWords.objects.filter(
            hand_over__in=HandOver.objects.waiting(), opinion__in=duty.opinions
        )
        if duty.posting is None and waiting.exists():
            raise ValidationError(_("其中有诉求已经提给别人，正等接收。"))
        _check_handler(successor, duty)


def _reaches(successor, duty):
    codes = [p.place_id for p in open_postings(successor) if p.role in VISITING and p.place_id]
    found = [words.place_id for words in duty.opinions] + [visit.grid_id for visit in duty.visits]
    return all(places.is_inside(code, *codes) for code in found)


def _check_handler(successor, duty):
    """Who answers a matter does not also follow it for the resident."""
    departments = [p.department_id for p in open_postings(successor) if p.department_id]
    issues = Issue.objects.filter(pk__in=[m.issue.pk for m in duty.matters if m.issue])
    handled = issues.filter(handled_by(successor.user_id, departments)).values_list("number", flat=True)
    if numbers := "、".join(handled[:5]):
        raise ValidationError(
            _("%(name)s或他的单位正在办理问题 %(numbers)s，不能同时替居民跟这件事，请另选接手人。")
            % {"name": successor.name, "numbers": numbers}
        )


def _place_of(duties, by):
    """The narrowest place that holds all of it; what only departments do lies with the office that proposes."""
    codes = [duty.posting.place_id for duty in duties if duty.posting and duty.posting.place_id]
    codes += [words.place_id for duty in duties for words in duty.opinions]
    codes += [visit.grid_id for duty in duties for visit in duty.visits]
    office = by.reach.codes(*OFFICE)[0]
    for length in reversed(places.LENGTHS):
        heads = {code[:length] for code in codes if len(code) >= length}
        if len(heads) == 1 and all(len(code) >= length for code in codes):
            return heads.pop()
    return office


# --- Taking, refusing, calling off ------------------------------------------------------------------------------


def offered_steps(user, hand_over):
    """What this person may do about a hand-over that waits."""
    if hasattr(hand_over, "step"):
        return []
    if hand_over.successor == user.reach.cadre or hand_over.successor.user_id == user.pk:
        return [Kind.ACCEPTED, Kind.REFUSED]
    is_office = places.is_inside(hand_over.place_id, *user.reach.codes(*OFFICE))
    return [Kind.CONFIRMED, Kind.CALLED_OFF] if is_office and hand_over.leaver != user.reach.cadre else []


@transaction.atomic
def settle_hand_over(hand_over, *, by, kind, reason=""):
    """(the step, the postings that were opened by it). Once; whoever comes second is told what the first one did."""
    hand_over = HandOver.objects.select_for_update().get(pk=hand_over.pk)
    done = HandOverStep.objects.filter(hand_over=hand_over).select_related("by__cadre").first()
    if done is not None:
        raise ValidationError(
            _("这次交接刚才已有结果：%(what)s（%(who)s）。")
            % {"what": done.get_kind_display(), "who": done.by.display_name},
            code="done",
        )
    if kind not in offered_steps(by, hand_over):
        raise ValidationError(_("这一步不在您的职责内。"))
    if kind != Kind.ACCEPTED and not reason.strip():
        raise ValidationError(_("请写明原因。"))
    step = HandOverStep.objects.create(hand_over=hand_over, kind=kind, reason=reason.strip(), by=by)
    taken = kind in (Kind.ACCEPTED, Kind.CONFIRMED)
    return step, [_move(row.posting, hand_over) for row in hand_over.postings.all()] if taken else []


def _move(posting, hand_over):
    """The leaver's duty ends on its last day, the successor's begins today; one whom it overlaps is nobody's loss."""
    today = timezone.localdate()
    posting = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    until = posting.to_on
    if until is None or until > hand_over.last_on:
        posting.to_on = max(hand_over.last_on, posting.from_on)
        posting.save(update_fields=["to_on"])
    same = {"role": posting.role, "place": posting.place, "department": posting.department}
    own = Posting.objects.filter(cadre=hand_over.successor, to_on__isnull=True, **same).first()
    return own or Posting.objects.create(
        cadre=hand_over.successor, from_on=today, to_on=until if until and until > today else None, **same
    )


# --- Lists ------------------------------------------------------------------------------------------------------


def waiting_for(user):
    """The hand-overs that this person is asked to take."""
    cadre = getattr(user, "cadre", None)
    if cadre is None:
        return HandOver.objects.none()
    return HandOver.objects.waiting().filter(successor=cadre).select_related("leaver")


def content_of(hand_over, reader):
    """What goes along, as the reader may know it: postings, matters and visits, and what the leaver is to do first."""
    postings = hand_over.postings.select_related("posting__place__parent", "posting__department")
    words = Opinion.objects.filter(Exists(hand_over.words.filter(opinion=OuterRef("pk")))).unrestricted()
    visits = Visit.objects.filter(pk__in=hand_over.visits.values("visit"))
    return {
        "duties": [_duty(row.posting, None) for row in postings],
        "words_count": words.count(),
        "words": words.visible_to(reader).select_related("entry").order_by("pk"),
        "visits_count": visits.count(),
        "visits": visits.visible_to(reader).select_related("entry").order_by("pk"),
    }
