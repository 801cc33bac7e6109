"""Verbs on reports: keep what is typed, overrule a check, issue an edition. Each is refused with a sentence."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.services import lock_campaign
from canvass.reading import consistent_reads

from .all_checks import CHECKS
from .checks import run_checks
from .composing import compose, results, says_the_same
from .differences import difference_lines
from .facts import Facts
from .models import PublishedReport, ReportDraft
from .periods import ReportPeriod
from .permissions import can_issue_reports
from .rendering import docx_of, xlsx_of
from .typed import LINES

STALE, CHECKS_FAIL, UNCHANGED, FORBIDDEN = "stale", "checks", "unchanged", "forbidden"


@dataclass(frozen=True)
class Prepared:
    """A report as it would be issued now: its content, the checks, and the editions that there are."""

    facts: Facts
    content: dict
    outcomes: list
    draft: Any
    latest: Any

    @property
    def blocking(self):
        return [outcome for outcome in self.outcomes if outcome.blocks]

    @property
    def passed(self):
        return [outcome for outcome in self.outcomes if outcome.holds]

    @property
    def is_unchanged(self):
        """Whether the latest edition says this already."""
        return self.latest is not None and says_the_same(self.latest.content, self.content)

    @property
    def differences(self):
        """What a new edition would correct, line by line."""
        if self.latest is None:
            return []
        return difference_lines(self.latest.content, self.content, self.facts.campaign)


def facts_of(campaign, period, *, as_of, known_at, draft=None):
    """The facts of a period, with the report that came before it."""
    former = (
        PublishedReport.objects.without_files()
        .filter(campaign=campaign, as_of__lte=as_of)
        .exclude(kind=period.kind, period=period.key)
        .order_by("-as_of", "-pk")
        .first()
    )
    return Facts(campaign, period, as_of=as_of, known_at=known_at, draft=draft, former=former)


def draft_of(campaign, period):
    """What is typed for a period; an empty draft that is not stored yet."""
    key = {"campaign": campaign, "kind": period.kind, "period": period.key}
    return ReportDraft.objects.filter(**key).first() or ReportDraft(**key)


def prepare_report(campaign, period, *, now=None):
    """Compose and check a report; reads only, at one moment."""
    now = now or timezone.now()
    with consistent_reads():
        draft = draft_of(campaign, period)
        facts = facts_of(campaign, period, as_of=period.as_of(now), known_at=now, draft=draft)
        editions = PublishedReport.objects.of_period(campaign, period.kind, period.key)
        content = compose(facts)
        return Prepared(facts, content, run_checks(facts, CHECKS), draft, editions.without_files().first())


def results_now(report, *, now=None):
    """The figures of an issued report at its own cut-off, with what is known now."""
    period = replace(ReportPeriod.parse(report.campaign, report.kind, report.period), last=report.last_on)
    with consistent_reads():
        return results(Facts(report.campaign, period, as_of=report.as_of, known_at=now or timezone.now()))


# --- The draft ----------------------------------------------------------------------------------------------------


def save_draft(campaign, period, *, by, version, lines=None, figures=None):
    """Keep typed lines and figures. `version` is that of the draft which the person saw."""
    with transaction.atomic():
        draft = _locked_draft(campaign, period, by=by, version=version)
        if lines is not None:
            draft.lines = {key: lines.get(key, "") for key in LINES[period.kind]}
        if figures is not None:
            draft.figures = figures
        return _store(draft, by)


def ensure_draft(campaign, period):
    """Make sure that a period has a stored draft, empty as people will find it; gives whether it is new."""
    with transaction.atomic():
        lock_campaign(campaign.pk)
        draft = draft_of(campaign, period)
        is_new = draft.pk is None
        if is_new:
            draft.save()
        return is_new


def overrule_check(prepared, key, *, by, reason, version):
    """Issue all the same: by name, with a reason, for exactly the failures that the person saw."""
    outcome = next((one for one in prepared.outcomes if one.check.key == key and one.failures), None)
    if outcome is None:
        raise ValidationError(_("这项核对现在没有未通过的地方，不需要照发。"), code=STALE)
    if not reason.strip():
        raise ValidationError(_("请写明为什么照发。"))
    decision = {
        "reason": reason.strip(),
        "who": by.display_name,
        "at": timezone.localtime().isoformat(timespec="seconds"),
        "failures": outcome.texts,
    }
    with transaction.atomic():
        facts = prepared.facts
        draft = _locked_draft(facts.campaign, facts.period, by=by, version=version)
        draft.overruled = draft.overruled | {key: decision}
        return _store(draft, by)


def _locked_draft(campaign, period, *, by, version):
    lock_campaign(campaign.pk)
    _allow(by, campaign)
    draft = draft_of(campaign, period)
    if draft.version != version:
        raise ValidationError(
            _("这份草稿刚刚被别人改过。您填的还在下面，请对照最新的草稿再存一次。"), code=STALE
        )
    return draft


def _store(draft, by):
    draft.version += 1
    draft.changed_by = by
    draft.save()
    return draft


def _allow(by, campaign):
    """A command has nobody signed in; whoever may run it may issue."""
    if by is not None and not can_issue_reports(by, campaign):
        raise ValidationError(_("只有本活动所在地的活动办可以编制和发出报告。"), code=FORBIDDEN)


# --- Issuing ------------------------------------------------------------------------------------------------------


def issue_report(prepared, *, by, correction="", force_reason=""):
    """Issue an edition of a prepared report and return it.

    Its files are made before the transaction; in it, under the campaign's lock, nothing may have changed about the
    draft and the editions since it was prepared: of two who issue at once the second is told. `force_reason`
    overrules whatever still fails.
    """
    facts = prepared.facts
    _allow(by, facts.campaign)
    if not facts.period.has_begun(facts.campaign, facts.known_at):
        raise ValidationError(_("这一期还没有开始，或在活动开始之前，不能发报告。"))
    if prepared.is_unchanged:
        raise ValidationError(
            _("内容与已发的第 %d 版相同，没有再发。") % prepared.latest.edition, code=UNCHANGED
        )
    if prepared.blocking and not force_reason:
        raise ValidationError(
            [
                ValidationError(_("核对未通过：%s") % text, code=CHECKS_FAIL)
                for one in prepared.blocking
                for text in one.texts
            ]
        )
    if prepared.latest and not correction.strip():
        raise ValidationError(_("这一期已发过。请写明更正说明，再发新的一版。"))
    report = _edition(prepared, by, correction.strip(), force_reason)
    with transaction.atomic():
        lock_campaign(facts.campaign.pk)
        if _has_moved_on(prepared) or report.serial != _serial(prepared):
            raise ValidationError(_("刚刚有人发出了报告或改了草稿。请重新打开这一页再核对。"), code=STALE)
        try:
            with transaction.atomic():
                report.save(force_insert=True)
        except IntegrityError:
            raise ValidationError(_("刚刚有人发出了这一期。请重新打开这一页。"), code=STALE) from None
    return report


def _has_moved_on(prepared):
    facts = prepared.facts
    latest = PublishedReport.objects.of_period(facts.campaign, facts.period.kind, facts.period.key)
    known = prepared.latest.edition if prepared.latest else 0
    now = latest.values_list("edition", flat=True).first() or 0
    return now != known or draft_of(facts.campaign, facts.period).version != prepared.draft.version


def _serial(prepared):
    """The number in the series: that of the period's first edition, else the next."""
    if prepared.latest:
        return prepared.latest.serial
    issued = PublishedReport.objects.filter(campaign=prepared.facts.campaign, kind=prepared.facts.period.kind)
    return (issued.aggregate(last=Max("serial"))["last"] or 0) + 1


def _edition(prepared, by, correction, force_reason):
    """The row to be, with its files made."""
    facts, now = prepared.facts, timezone.now()
    edition = prepared.latest.edition + 1 if prepared.latest else 1
    serial = _serial(prepared)
    who = by.display_name if by else _("命令行")
    stamp = {
        "by": who,
        "at": timezone.localtime(now).isoformat(timespec="seconds"),
        "serial": serial,
        "edition": edition,
        "correction": correction,
        "differences": prepared.differences,
        "overruled": _overruled(prepared, who, force_reason),
        "checks": [
            {"sentence": str(one.check.sentence), "outcome": _outcome_text(one)} for one in prepared.outcomes
        ],
    }
    content = prepared.content | {"stamp": stamp}
    docx, xlsx = docx_of(content), xlsx_of(content)
    return PublishedReport(
        campaign=facts.campaign,
        kind=facts.period.kind,
        period=facts.period.key,
        first_on=facts.period.first,
        last_on=facts.period.last,
        serial=serial,
        edition=edition,
        as_of=facts.as_of,
        issued_at=now,
        issued_by=by,
        correction=correction,
        content=content,
        docx=docx,
        docx_sha256=hashlib.sha256(docx).hexdigest(),
        xlsx=xlsx,
        xlsx_sha256=hashlib.sha256(xlsx).hexdigest(),
    )


def _overruled(prepared, who, force_reason):
    decided = [(one, one.overruled) for one in prepared.outcomes if one.overruled]
    decided += [(one, {"reason": force_reason, "who": who}) for one in prepared.blocking]
    return [
        {
            "check": one.check.key,
            "sentence": "；".join(one.texts),
            "reason": said["reason"],
            "who": said["who"],
        }
        for one, said in decided
    ]


def _outcome_text(outcome):
    return "；".join(outcome.texts) if outcome.failures else "通过"
