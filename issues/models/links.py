"""What hangs on an issue: the words, the supporting departments, the steps of its history."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Department
from visits.models import Opinion

from ..enums import IssueOutcome, IssueState
from ..workflow import MOVES


class IssueOpinionQuerySet(models.QuerySet):
    def standing(self):
        """Without the words that were taken out again."""
        return self.filter(removed_at=None)

    def voicing(self, issue):
        """The standing words of an issue, and those of the issues that were merged into it."""
        return self.standing().filter(Q(issue=issue) | Q(issue__merged_into=issue))

    def issue_keys(self):
        """Keys of the issues of these rows, and of the main issues of those that were merged: two querysets."""
        merged = self.filter(issue__merged_into__isnull=False, issue__is_restricted=False)
        return [self.values_list("issue"), merged.values_list("issue__merged_into")]

    def issues(self):
        """The same as a condition on issues."""
        own, main = self.issue_keys()
        return Q(pk__in=own) | Q(pk__in=main)


class IssueOpinion(models.Model):
    """The sorting: which words belong to which issue. Words taken out again leave their row, with the reason.

    Words that were corrected leave theirs too, and the correction stands in their place (`replaces`).
    """

    issue = models.ForeignKey(
        "issues.Issue", models.PROTECT, related_name="opinion_links", verbose_name=_("问题")
    )
    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="issue_links", verbose_name=_("诉求"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    removed_at = models.DateTimeField(_("移出时间"), null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("移出人"),
    )
    removed_because = models.CharField(_("移出原因"), max_length=200, blank=True, editable=False)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("更正自"),
    )

    objects = IssueOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("诉求归入")
        verbose_name_plural = pgettext_lazy("plural", "诉求归入")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "opinion"], condition=Q(removed_at=None), name="issueopinion_once"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | ~Q(removed_because=""),
                name="issueopinion_removed_with_reason",
                violation_error_message=_("移出诉求须写明原因。"),
            ),
        ]

    def __str__(self):
        return f"{self.issue_id} ← {self.opinion_id}"


class IssueSupport(models.Model):
    """A supporting department."""

    issue = models.ForeignKey("issues.Issue", models.CASCADE, related_name="supports", verbose_name=_("问题"))
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="supported_issues", verbose_name=_("协办单位")
    )

    class Meta:
        verbose_name = _("协办单位")
        verbose_name_plural = pgettext_lazy("plural", "协办单位")
        constraints = [models.UniqueConstraint(fields=["issue", "department"], name="issuesupport_once")]

    def __str__(self):
        return str(self.department)


class IssueStep(models.Model):
    """Append-only history: one row a move, written by the one write door or by the workbook ('imported')."""

    append_only = True
    redactable = ("reason", "details")

    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="steps", verbose_name=_("问题"))
    move = models.CharField(_("动作"), max_length=32)
    from_state = models.CharField(_("原状态"), max_length=16, choices=IssueState, blank=True)
    to_state = models.CharField(_("新状态"), max_length=16, choices=IssueState)
    changes_state = models.BooleanField(default=True, editable=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name=_("单位")
    )
    outcome = models.CharField(_("办结方式"), max_length=16, choices=IssueOutcome, blank=True)
    due_at = models.DateTimeField(_("期限"), null=True)
    reason = models.TextField(_("说明"), blank=True)
    # What else the move recorded, by field name (see workflow.Move), as text.
    details = models.JSONField(_("其他内容"), default=dict, blank=True)

    class Meta:
        verbose_name = _("办理过程")
        verbose_name_plural = pgettext_lazy("plural", "办理过程")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["issue", "at"]), models.Index(fields=["move", "at"])]

    def __str__(self):
        return f"{self.issue_id} {self.move}"

    @property
    def move_label(self):
        return MOVES[self.move].label if self.move in MOVES else self.move
