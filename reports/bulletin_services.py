"""Verbs on the residents' bulletin: make it public or not, put an answered example up, take it down."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.services import lock_campaign
from issues.enums import IssueState
from issues.models import Issue

from .bulletin_checks import example_problems
from .bulletins import is_public
from .models import BulletinExample, BulletinSwitch
from .permissions import can_issue_reports


def switch_bulletin(campaign, *, by, public):
    """Make the bulletin public, or not any more; every change leaves a row."""
    with transaction.atomic():
        _lock(campaign, by)
        if is_public(campaign) == public:
            raise ValidationError(_("简报已经是公开的。") if public else _("简报现在没有公开。"))
        return BulletinSwitch.objects.create(campaign=campaign, is_public=public, by=by)


def example_candidates(user, campaign):
    """Closed issues that an example may be made of, the latest closed first. Never a misconduct report: all are restricted."""
    return (
        Issue.objects.visible_to(user)
        .unrestricted()
        .filter(campaign=campaign, state=IssueState.CLOSED)
        .exclude(pk__in=BulletinExample.objects.standing().values("issue"))
        .select_related("campaign", "category", "lead_department")
        .order_by("-closed_at", "-pk")
    )


def put_up_example(issue, *, by, title, text, answer):
    """Publish the office's own words about a closed issue. Refused with one sentence for each thing that may not."""
    with transaction.atomic():
        _lock(issue.campaign, by)
        if not example_candidates(by, issue.campaign).filter(pk=issue.pk).exists():
            raise ValidationError(_("这件问题不能（或已经）放上简报。只有已销号、不限阅的问题可以。"))
        if problems := example_problems(issue, "\n".join([title, text, answer])):
            raise ValidationError(problems)
        return BulletinExample.objects.create(
            issue=issue, title=title, text=text, answer=answer, ticked_by=by
        )


def take_down_example(example, *, by, reason):
    """Take an example off the page. The row stays, with who, when and why."""
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("请写明为什么撤下。"))
    with transaction.atomic():
        _lock(example.issue.campaign, by)
        example.refresh_from_db()
        if example.taken_down_at:
            raise ValidationError(_("这个例子已经撤下了。"))
        example.taken_down_at, example.taken_down_by = timezone.now(), by
        example.taken_down_because = reason
        example.save(update_fields=["taken_down_at", "taken_down_by", "taken_down_because"])


def _lock(campaign, by):
    lock_campaign(campaign.pk)
    if not can_issue_reports(by, campaign):
        raise ValidationError(_("只有本活动所在地的活动办可以公开和修改简报。"))
