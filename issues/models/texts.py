"""Texts that a department or the office need not write anew each time."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..enums import TextKind
from .categories import Category


class AnswerTemplate(models.Model):
    """A text for one field of one move, for one category (with those below it) or for all."""

    name = models.CharField(_("名称"), max_length=50)
    move = models.CharField(_("用于"), max_length=32)
    field = models.CharField(_("填入"), max_length=16, choices=TextKind, default=TextKind.REPLY)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="templates",
        verbose_name=_("类别"),
        help_text=_("不选：适用于所有类别。"),
    )
    text = models.TextField(_("内容"))
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("答复范本")
        verbose_name_plural = pgettext_lazy("plural", "答复范本")
        ordering = ["move", "category", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["move", "field", "name"],
                name="answertemplate_once",
                violation_error_message=_("这一步已有同名的范本。"),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="answertemplate_has_text",
                violation_error_message=_("请写范本的内容。"),
            ),
        ]

    def __str__(self):
        return self.name
