"""That a resident has been told what became of the words."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visits.models import Opinion

from .links import IssueStep
from .suggestions import SuggestionAnswer


class ToldAnswer(models.Model):
    """Append-only: somebody brought one answer back to whoever said the words; the first who did stands.

    The answer is the step with which the issue was answered, or the answer to a suggestion. A reworked issue
    gets a new one, which is to be told again.
    """

    append_only = True

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="told_answers", verbose_name=_("诉求"))
    step = models.ForeignKey(
        IssueStep, models.PROTECT, null=True, blank=True, related_name="told", verbose_name=_("问题答复")
    )
    suggestion_answer = models.ForeignKey(
        SuggestionAnswer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="told",
        verbose_name=_("建议答复"),
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("告知人")
    )

    class Meta:
        verbose_name = _("答复告知")
        verbose_name_plural = pgettext_lazy("plural", "答复告知")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "step"], name="toldanswer_step_once"),
            models.UniqueConstraint(
                fields=["opinion", "suggestion_answer"], name="toldanswer_suggestion_once"
            ),
            models.CheckConstraint(
                condition=Q(step__isnull=False, suggestion_answer__isnull=True)
                | Q(step__isnull=True, suggestion_answer__isnull=False),
                name="toldanswer_names_one_answer",
                violation_error_message=_("告知的须是一件问题或一条建议的答复。"),
            ),
        ]

    def __str__(self):
        return str(self.opinion_id)
