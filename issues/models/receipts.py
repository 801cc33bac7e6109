"""What a resident takes home: a code that opens the answer without a sign-in, and what the resident says to it."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visits.models import Opinion

from ..workflow import KEEP_CLOSED, REOPEN, REWORK
from .issues import Issue
from .links import IssueStep

# No I, L, O and U (Crockford): 5 bits a character, and what is misread still leads to the right one.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12  # 60 bits
# What the office may do about an answer that did not help.
SETTLING = [REWORK, REOPEN, KEEP_CLOSED, "close", "close_procedural"]


class Receipt(models.Model):
    """Append-only: one for each opinion, on its first row, so that the code outlives a correction.

    Who holds the code reads the step of the matter; the code says nothing about the words or the person.
    """

    append_only = True

    opinion = models.OneToOneField(Opinion, models.PROTECT, related_name="receipt", verbose_name=_("诉求"))
    code = models.CharField(_("回执码"), max_length=CODE_LENGTH, unique=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )

    class Meta:
        verbose_name = _("回执")
        verbose_name_plural = pgettext_lazy("plural", "回执")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=f"^[{CODE_ALPHABET}]{{{CODE_LENGTH}}}$"),
                name="receipt_code_is_typed_easily",
                violation_error_message=_("回执码为 12 位数字和大写字母。"),
            ),
        ]

    def __str__(self):
        return str(self.opinion_id)

    @property
    def typed_code(self):
        """As it is printed and typed: groups of four."""
        return "-".join(self.code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


class ResidentVerdictQuerySet(models.QuerySet):
    def not_solved(self):
        return self.filter(solved=False)

    def unsettled(self):
        """At least one of its issues was neither reworked nor reopened nor struck off since."""
        later = IssueStep.objects.filter(
            issue=OuterRef("issue"), move__in=SETTLING, at__gt=OuterRef("residentverdict__at")
        )
        judged = ResidentVerdict.issues.through.objects.filter(residentverdict=OuterRef("pk"))
        return self.filter(Exists(judged.filter(~Exists(later))))

    def visible_to(self, user):
        """What was said about the issues one sees. Nothing on a misconduct report, discipline included."""
        issues = Issue.objects.visible_to(user).unrestricted()
        judged = ResidentVerdict.issues.through.objects.filter(
            residentverdict=OuterRef("pk"), issue__in=issues
        )
        open_words = Opinion.objects.unrestricted()
        as_corrected = Q(receipt__opinion__corrected_by__isnull=True) | Q(
            receipt__opinion__corrected_by__in=open_words
        )
        return self.filter(Exists(judged), as_corrected, receipt__opinion__in=open_words)


class ResidentVerdict(models.Model):
    """Append-only: solved or not, said once for each answer with the code in hand. It knows no name and no address.

    It moves nothing: the office reads it and decides. `issues` are those that had an answer at that moment;
    `answer_round` is 1 for the first answer, 2 for the one after a rework or reopening, and so on.
    """

    append_only = True
    redactable = ("words_verbatim",)

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="verdicts", verbose_name=_("回执"))
    answer_round = models.PositiveSmallIntegerField(_("第几次答复"), default=1)
    issues = models.ManyToManyField(Issue, related_name="verdicts", verbose_name=_("问题"))
    solved = models.BooleanField(_("已解决"))
    words_verbatim = models.CharField(_("群众原话"), max_length=500, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)

    objects = ResidentVerdictQuerySet.as_manager()

    class Meta:
        verbose_name = _("群众反馈")
        verbose_name_plural = pgettext_lazy("plural", "群众反馈")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["receipt", "answer_round"],
                name="residentverdict_once_per_answer",
                violation_error_message=_("每次答复反馈一次。"),
            ),
        ]

    def __str__(self):
        return str(self.receipt_id)
