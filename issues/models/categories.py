"""What issues are about: two levels of codes."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """An issue category: two digits, or four with the parent's two in front. Office data with defaults."""

    code = models.CharField(_("类别代码"), max_length=4, primary_key=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级类别")
    )
    name = models.CharField(_("名称"), max_length=50)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    external_code = models.CharField(_("外部代码"), max_length=32, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("问题类别")
        verbose_name_plural = pgettext_lazy("plural", "问题类别")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{2}$", parent__isnull=True)
                | Q(code__regex=r"^[0-9]{4}$", parent=Substr("code", 1, 2)),
                name="category_code_nests",
                violation_error_message=_("类别代码为 2 位，或以上级代码开头的 4 位数字。"),
            ),
        ]

    def __str__(self):
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name
