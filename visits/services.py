"""Verbs on a visit: file, correct, void, check, send back. Each leaves a step; nothing is deleted silently."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.models import Cadre, Posting, RegisterPeriod

from .answer_wishes import change_wish, hand_on_numbers, stored_wish, write_wishes
from .contents import COLUMNS, Companion
from .enums import OpinionNature, OpinionSource, VisitState
from .filing import file_once
from .models import Handout, Opinion, OpinionMark, Visit, VisitCadre, VisitStep
from .permissions import can_check_visit, can_correct_visit, can_send_back_visit, can_void_visit
from .signals import words_corrected
from .snapshots import role_on, snapshot


def find_companions(numbers):
    """{staff number: Companion} for those that exist; one statement, two when somebody has no posting."""
    found = {}
    rows = Posting.objects.filter(cadre__staff_number__in=numbers).select_related("cadre__department")
    for posting in rows.order_by("pk"):
        cadre = (
            found[posting.cadre.staff_number].cadre if posting.cadre.staff_number in found else posting.cadre
        )
        before = found[cadre.staff_number].postings if cadre.staff_number in found else ()
        found[cadre.staff_number] = Companion(cadre, (*before, posting))
    if missing := set(numbers) - set(found):
        for cadre in Cadre.objects.filter(staff_number__in=missing).select_related("department"):
            found[cadre.staff_number] = Companion(cadre, ())
    return found


def grid_on(entry, day):
    """Code of the grid that an entry lay in on a day; before the register began, its present grid."""
    if day >= entry.from_on:
        return entry.grid_id
    period = RegisterPeriod.objects.at(day).filter(entry=entry).first()
    return period.grid_id if period else entry.grid_id


def file_visit(
    entry,
    *,
    by,
    campaign,
    client_id,
    content,
    filed_on_phone_at=None,
    filling_seconds=None,
    origin=Visit.Origin.FORM,
    collector=None,
):
    """(visit, whether it is new). The same form sent twice is one visit, also at the same moment.

    `collector` heard the words; without one, whoever files it did.
    Raises FilingConflict for other content under its identity.
    That the campaign is running was asked by `targets.find_target` in the same request and is not asked again:
    a visit that is on its way at the very moment the office closes the campaign still counts.
    Costs four statements: visit, cadres, step, opinions; one more when materials were handed out, and one when
    somebody wants an answer.
    """
    visit = Visit(
        campaign=campaign,
        client_id=client_id,
        content_hash=content.digest(entry, campaign, collector),
        entry=entry,
        grid_id=grid_on(entry, timezone.localdate(content.started_at)),
        filed_by=by,
        filed_on_phone_at=filed_on_phone_at,
        filling_seconds=filling_seconds,
        origin=origin,
        notice_version=content.notice,
        **content.columns(),
        **_located(content.place),
    )

    def write(tail):
        # The key of a try that was rolled back is nobody's any more.
        visit.pk, visit.number = None, f"{timezone.localtime(content.started_at):%Y%m%d}-{tail}"
        return _write_visit(visit, content, collector or by.reach.cadre)

    return file_once(Visit, by=by, client_id=client_id, content_hash=visit.content_hash, write=write)


def _located(place):
    latitude, longitude = place or (None, None)
    return {"latitude": latitude, "longitude": longitude}


def _write_visit(visit, content, collector):
    visit.save(force_insert=True)
    VisitCadre.objects.bulk_create(snapshots_of(visit, content.companions))
    VisitStep.objects.create(visit=visit, move=VisitStep.Move.FILED, at=visit.filed_at, by=visit.filed_by)
    opinions = [
        _opinion(visit, words, n, by=visit.filed_by, collector=collector)
        for n, words in enumerate(content.opinions, start=1)
    ]
    _write_opinions(opinions, by=visit.filed_by)
    wishes = [words.wish for words in content.opinions]
    write_wishes(zip(opinions, wishes, strict=True), by=visit.filed_by, notice=content.notice)
    _write_handouts(visit, content.materials)
    return visit


def _write_handouts(visit, kinds):
    """One copy of each kind, numbered after the visit as its opinions are."""
    day = timezone.localdate(visit.started_at)
    if kinds:
        Handout.objects.bulk_create(
            Handout(
                campaign_id=visit.campaign_id,
                number=f"{visit.number}-M{n}",
                given_on=day,
                kind=kind,
                copies=1,
                place_id=visit.grid_id,
                visit=visit,
                created_by=visit.filed_by,
            )
            for n, kind in enumerate(kinds, start=1)
        )


def snapshots_of(visit, companions):
    day = timezone.localdate(visit.started_at)
    return [
        snapshot(VisitCadre, c.cadre, role=role_on(c.postings, day, visit.grid_id), visit=visit)
        for c in companions
    ]


def _opinion(visit, words, number, *, by, collector):
    return Opinion(
        campaign_id=visit.campaign_id,
        number=f"{visit.number}-{number}",
        nature=words.nature,
        source=OpinionSource.VISIT,
        place_id=visit.grid_id,
        heard_at=visit.started_at,
        words_verbatim=words.words,
        done_on_spot=words.done,
        visit=visit,
        entry_id=visit.entry_id,
        collector=collector,
        created_by=by,
    )


def _correction(opinion, former, *, at):
    """Heard by the same person at the same time and place: only the words and their nature are new."""
    for name in ("source", "place_id", "heard_at", "entry_id", "collector_id"):
        setattr(opinion, name, getattr(former, name))
    opinion.corrects, opinion.created_at = former, at
    return opinion


def _write_opinions(opinions, *, by):
    """Misconduct reports are restricted in the same breath, and with them the words that they correct."""
    if not opinions:
        return
    Opinion.objects.bulk_create(opinions)
    reports = [opinion for opinion in opinions if opinion.nature == OpinionNature.REPORT]
    restricted = [o.pk for o in reports] + [o.corrects_id for o in reports if o.corrects_id]
    if restricted:
        OpinionMark.objects.bulk_create(
            OpinionMark(opinion_id=pk, kind=OpinionMark.Kind.RESTRICTED, by=by) for pk in restricted
        )


# --- After filing -------------------------------------------------------------------------------------------


def _locked(visit, by, allowed):
    """The row as it is now, locked; refuses when the person may not (or no longer) do this to it."""
    visit = Visit.objects.select_for_update(of=("self",)).select_related("campaign", "entry").get(pk=visit.pk)
    if not allowed(by, visit):
        raise ValidationError(_("这条记录的状态已经改变，现在不能这样做。请重新打开再看。"))
    return visit


@transaction.atomic
def correct_visit(visit, *, by, content, reason, seen_step):
    """Replace the content of a visit; the former content stays in the step, former words in their rows.

    `seen_step` is the newest step that the person saw: a correction of a stale version is refused.
    A corrected visit counts as filed again and may be checked again.
    """
    visit = _locked(visit, by, can_correct_visit)
    if visit.steps.order_by("-at", "-pk").values_list("pk", flat=True).first() != seen_step:
        raise ValidationError(_("这条记录刚才已被别人改动。请重新打开，看过最新内容后再更正。"))
    before = _changed_columns(visit, content) | _replace_cadres(visit, content.companions)
    stored = _stored_words(visit, by)
    before |= _take_place_off(visit, content) | _change_wishes(stored, content, by=by)
    replaced = _replace_words(visit, stored, content, by=by, reason=reason)
    if not before and not replaced:
        raise ValidationError(_("内容没有任何改动。"))
    visit.state = VisitState.FILED
    visit.save(update_fields=[*COLUMNS, "latitude", "longitude", "grid", "state"])
    VisitStep.objects.create(
        visit=visit, move=VisitStep.Move.CORRECTED, by=by, reason=reason, before=before or None
    )
    return visit


def _changed_columns(visit, content):
    """Set the new values; returns the former ones of those that differ, as text."""
    before = {}
    for name, value in content.columns().items():
        former = getattr(visit, name)
        if former != value:
            before[name] = former.isoformat() if isinstance(former, datetime) else former
            setattr(visit, name, value)
    if "started_at" in before:
        visit.grid_id = grid_on(visit.entry, timezone.localdate(visit.started_at))
    return before


def _take_place_off(visit, content):
    """A correction takes the place off and adds none. It is gone for good: the step says only that there was one."""
    if visit.latitude is None or content.place is not None:
        return {}
    visit.latitude = visit.longitude = None
    return {"place": True}


def _replace_cadres(visit, companions):
    rows = {row.cadre_id: row for row in visit.cadres.all()}
    wanted = {c.cadre.pk: c for c in companions}
    if rows.keys() == wanted.keys():
        return {}
    visit.cadres.exclude(cadre__in=wanted).delete()
    new = [c for pk, c in wanted.items() if pk not in rows]
    VisitCadre.objects.bulk_create(snapshots_of(visit, new))
    return {"cadres": "；".join(row.name for row in rows.values())}


def _stored_words(visit, by):
    """{pk: opinion, with the wish beside it}: what this person may correct."""
    # Locked before they are read: the office may be voiding one of them at this moment.
    list(visit.opinions.select_for_update(no_key=True).values_list("pk", flat=True))
    stored = visit.opinions.visible_to(by).valid_at(timezone.now())
    return stored.select_related("answer_wish").in_bulk()


def _change_wishes(stored, content, *, by):
    """Where only the wish is another, no words are replaced. Returns the former ways, for the step."""
    kept = [w for w in content.opinions if w.corrects in stored and not _differs(stored[w.corrects], w)]
    former = [change_wish(stored[w.corrects], w.wish, by=by, notice=content.notice) for w in kept]
    former = [way for way in former if way is not None]
    return {"answer_wishes": former} if former else {}


def _replace_words(visit, stored, content, *, by, reason):
    """New rows for new and changed words; the stored ones are never touched. Returns whether there are any."""
    typed = content.opinions
    changed = [w for w in typed if w.corrects in stored and _differs(stored[w.corrects], w)]
    new = changed + [w for w in typed if w.corrects is None]
    if not new:
        return False
    taken = set(
        Opinion.objects.filter(campaign=visit.campaign_id, number__startswith=f"{visit.number}-").values_list(
            "number", flat=True
        )
    )
    free = (n for n in range(1, len(taken) + len(new) + 1) if f"{visit.number}-{n}" not in taken)
    # One moment ends the former words and begins the new ones: at no cut-off do both count.
    now = timezone.now()
    why = (_("更正：%s") % reason)[:200]
    OpinionMark.objects.bulk_create(
        OpinionMark(opinion_id=words.corrects, kind=OpinionMark.Kind.VOID, at=now, by=by, reason=why)
        for words in changed
    )
    collector = _heard_by(visit, by)
    opinions = [_opinion(visit, words, next(free), by=by, collector=collector) for words in new]
    for words, opinion in zip(changed, opinions, strict=False):
        _correction(opinion, stored[words.corrects], at=now)
    _write_opinions(opinions, by=by)
    wishes = [w.wish and w.wish.over(stored_wish(stored.get(w.corrects))) for w in new]
    hand_on_numbers(changed)
    write_wishes(zip(opinions, wishes, strict=True), by=by, notice=content.notice)
    pairs = [(opinion.corrects, opinion) for opinion in opinions if opinion.corrects_id]
    words_corrected.send(Opinion, pairs=pairs, by=by, at=now)
    return True


def _heard_by(visit, by):
    """Who heard words that a correction adds: whoever corrects, but for paper its first visitor, not its typist."""
    if visit.origin != Visit.Origin.PAPER:
        return by.reach.cadre
    cadres = [row.cadre for row in visit.cadres.select_related("cadre").order_by("pk")]
    return by.reach.cadre if by.reach.cadre in cadres else cadres[0]


def _differs(opinion, words):
    stored = (opinion.nature, opinion.words_verbatim, opinion.done_on_spot)
    return stored != (words.nature, words.words, words.done)


def _judge(visit, *, by, allowed, state, move, reason=""):
    visit = _locked(visit, by, allowed)
    visit.state = state
    visit.save(update_fields=["state"])
    VisitStep.objects.create(visit=visit, move=move, by=by, reason=reason)
    return visit


@transaction.atomic
def check_visit(visit, *, by):
    """Somebody who answers for the place has looked it over."""
    return _judge(
        visit, by=by, allowed=can_check_visit, state=VisitState.CHECKED, move=VisitStep.Move.CHECKED
    )


@transaction.atomic
def send_back_visit(visit, *, by, reason):
    """Back to the people of the visit, with the reason; it stays valid meanwhile."""
    return _judge(
        visit,
        by=by,
        allowed=can_send_back_visit,
        state=VisitState.SENT_BACK,
        move=VisitStep.Move.SENT_BACK,
        reason=reason,
    )


@transaction.atomic
def void_visit(visit, *, by, reason):
    """Out of every figure from now on, visible for ever. Words that were heard stay and are dealt with."""
    visit = _locked(visit, by, can_void_visit)
    visit.state = VisitState.VOID
    visit.voided_at = timezone.now()
    visit.save(update_fields=["state", "voided_at"])
    VisitStep.objects.create(
        visit=visit, move=VisitStep.Move.VOIDED, at=visit.voided_at, by=by, reason=reason
    )
    return visit
