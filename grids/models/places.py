"""Areas and grids: one table, because a duty or a record may lie in either, and inside = prefix."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass import places

from ..enums import GridKind

_SHAPES = [(2, 0), (4, 2), (6, 4), (9, 6), (12, 9), (16, 12)]


def _code_nests():
    """Each level's code has its length, digits only, and begins with its parent's code."""
    condition = Q(code__regex=r"^[0-9]{2}$", parent__isnull=True)
    for length, above in _SHAPES[1:]:
        condition |= Q(code__regex=rf"^[0-9]{{{length}}}$", parent=Substr("code", 1, above))
    return condition


def _kind_is_thirteenth_digit():
    condition = Q(code__regex=r"^[0-9]{2,12}$", kind="")
    for digit, kind in enumerate([GridKind.GENERAL, GridKind.DEDICATED, GridKind.MICRO]):
        condition |= Q(code__regex=rf"^[0-9]{{12}}{digit}[0-9]{{3}}$", kind=kind.value)
    return condition


class PlaceQuerySet(models.QuerySet):
    def areas(self):
        return self.filter(kind="")

    def grids(self):
        return self.exclude(kind="")

    def inside(self, *codes):
        return self.filter(places.inside("code", *codes))

    def active_on(self, day):
        """Valid on a day; a place without a first day has always been there."""
        return self.filter(
            Q(from_on__isnull=True) | Q(from_on__lte=day), Q(to_on__isnull=True) | Q(to_on__gte=day)
        )

    def visible_to(self, user):
        """Places are public knowledge inside the administration: whoever has any posting sees all names.

        A superuser too, to set up the first postings.
        """
        return self if user.reach.postings or (user.is_active and user.is_superuser) else self.none()


class Place(models.Model):
    """An area (2, 4, 6, 9 or 12 digits) or a grid (16 digits, begins with its village's code)."""

    code = models.CharField(_("代码"), max_length=16, primary_key=True)
    name = models.CharField(_("名称"), max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    urban_rural = models.CharField(_("城乡分类"), max_length=3, blank=True)
    kind = models.CharField(_("类型"), max_length=16, choices=GridKind, blank=True)
    from_on = models.DateField(_("启用日期"), null=True, blank=True)
    to_on = models.DateField(
        _("停用日期"), null=True, blank=True, help_text=_("最后一天；空白表示仍在使用。")
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("地方")
        verbose_name_plural = pgettext_lazy("plural", "地方")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=_code_nests(),
                name="place_code_nests",
                violation_error_message=_(
                    "代码须为 2、4、6、9、12 位（区划）或 16 位（网格）数字，并以上级代码开头。"
                ),
            ),
            models.CheckConstraint(
                condition=_kind_is_thirteenth_digit(),
                name="place_kind_is_thirteenth_digit",
                violation_error_message=_("网格编码第 13 位须与类型一致：综合 0，专属 1，微 2。"),
            ),
            models.CheckConstraint(
                condition=Q(urban_rural="") | Q(urban_rural__regex=r"^[0-9]{3}$"),
                name="place_urban_rural_three_digits",
                violation_error_message=_("城乡分类代码为三位数字。"),
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(from_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
                name="place_ends_after_start",
                violation_error_message=_("停用日期不能早于启用日期。"),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_grid(self):
        return len(self.code) == places.GRID

    @property
    def village_code(self):
        return self.code[: places.VILLAGE]

    @property
    def village_name(self):
        """What a list by village calls it: a grid by its village's name, an area by its own."""
        return self.parent.name if self.is_grid else self.name

    def clean(self):
        self.parent_id = places.parent_code(self.code or "") or None


class AreaManager(models.Manager.from_queryset(PlaceQuerySet)):
    def get_queryset(self):
        return super().get_queryset().areas()


class GridManager(models.Manager.from_queryset(PlaceQuerySet)):
    def get_queryset(self):
        return super().get_queryset().grids()


class Area(Place):
    """A coded area from province to village; its level is the length of its code."""

    objects = AreaManager()

    class Meta:
        proxy = True
        verbose_name = _("区划")
        verbose_name_plural = pgettext_lazy("plural", "区划")


class Grid(Place):
    """A grid: 300–500 households (general), a park or market (dedicated), 50–80 households (micro)."""

    objects = GridManager()

    class Meta:
        proxy = True
        verbose_name = _("网格")
        verbose_name_plural = pgettext_lazy("plural", "网格")
