"""Verbs on what the office itself enters: words by letter or caller, gatherings, handouts; and voiding them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.services import lock_campaign

from .enums import OpinionNature
from .models import Opinion, OpinionMark
from .permissions import can_add_opinion, can_void_opinion, can_void_record
from .signals import words_corrected


def lock_running(campaign_id):
    """The campaign's row, locked: records are numbered one after the other, and none once it is closed."""
    campaign = lock_campaign(campaign_id)
    if not campaign.is_writable:
        raise ValidationError(_("活动“%(name)s”不在进行中，记录只能查看。") % {"name": campaign.name})
    return campaign


def next_number(model, campaign, prefix):
    """The next free number like SQ000123 in a campaign; call with the campaign locked."""
    taken = model.objects.filter(campaign=campaign, number__regex=rf"^{prefix}[0-9]{{6}}$")
    last = taken.order_by("-number").values_list("number", flat=True).first()
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:06d}"


@transaction.atomic
def add_record(record, *, by, prefix):
    """Save a new gathering, handout or deed; without a number of its own it gets the next one."""
    campaign = lock_running(record.campaign_id)
    record.number = record.number or next_number(type(record), campaign, prefix)
    record.created_by = by
    record.save(force_insert=True)
    return record


@transaction.atomic
def void_record(record, *, by, reason):
    """Out of every figure from now on, visible for ever."""
    record = type(record).objects.select_for_update(of=("self",)).select_related("campaign").get(pk=record.pk)
    if not can_void_record(by, record):
        raise ValidationError(_("这条记录已经作废、活动已结束，或者不在您的职责内。"))
    record.voided_at, record.voided_by, record.void_reason = timezone.now(), by, reason
    record.save(update_fields=["voided_at", "voided_by", "void_reason"])
    return record


@transaction.atomic
def add_opinion(opinion, *, by, reason=""):
    """Keep somebody's words. A correction marks the row that it replaces; that row stays as it is.

    A misconduct report is restricted in the same transaction, and with it the words that it corrects.
    """
    campaign = lock_running(opinion.campaign_id)
    if not can_add_opinion(by, opinion.place_id):
        raise ValidationError(_("这个范围不在您的职责内。"))
    former = opinion.corrects and _locked_opinion(opinion.corrects_id)
    if former is not None:
        _check_correction(former, opinion, by)
    opinion.number = opinion.number or next_number(Opinion, campaign, "SQ")
    opinion.created_by = by
    opinion.save(force_insert=True)
    if former is not None:
        _mark(former, OpinionMark.Kind.VOID, by, _("更正：%s") % (reason or opinion.number))
    if opinion.nature == OpinionNature.REPORT:
        for words in filter(None, (opinion, former)):
            _mark(words, OpinionMark.Kind.RESTRICTED, by)
    if former is not None:
        words_corrected.send(Opinion, pairs=[(former, opinion)], by=by, at=timezone.now())
    return opinion


def _locked_opinion(pk):
    """The row locked, with its marks still to be read: a page that was open meanwhile may know old ones."""
    return Opinion.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=pk)


def _check_correction(former, opinion, by):
    if former.campaign_id != opinion.campaign_id:
        raise ValidationError(_("更正的诉求须属于同一活动。"))
    if not can_void_opinion(by, former):
        raise ValidationError(_("诉求 %(number)s 已经作废或已被更正过。") % {"number": former.number})


def _mark(opinion, kind, by, reason=""):
    OpinionMark.objects.create(opinion=opinion, kind=kind, by=by, reason=reason[:200])


@transaction.atomic
def void_opinion(opinion, *, by, reason):
    """The words stay as they are; a row beside them says that they no longer count, and why."""
    opinion = _locked_opinion(opinion.pk)
    if not can_void_opinion(by, opinion):
        raise ValidationError(_("这条诉求已经作废或被更正，活动已结束，或者不在您的职责内。"))
    _mark(opinion, OpinionMark.Kind.VOID, by, reason)
    return opinion
