"""The area filter of every list whose rows lie somewhere."""

from django.contrib.admin import SimpleListFilter
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from canvass import places

from .models import Area


class AreaFilter(SimpleListFilter):
    """Rows of one town, village or grid, by the prefix of their place's code. `on(field)` names the column."""

    title = _("村（社区）")
    parameter_name = "area"
    place_field = "place_id"

    @classmethod
    def on(cls, place_field):
        return type("AreaFilter", (cls,), {"place_field": place_field})

    def lookups(self, request, model_admin):
        """The towns and villages of this person's postings; a code given in the address is kept."""
        reach = request.user.reach
        areas = (
            Area.objects.inside(*reach.all_codes).alias(digits=Length("code")).filter(digits__gte=places.TOWN)
        )
        rows = [
            (code, f"　{name}" if len(code) == places.VILLAGE else name)
            for code, name in areas.order_by("code").values_list("code", "name")
        ]
        if (chosen := self.value()) and chosen not in dict(rows):
            rows.append((chosen, chosen))
        return rows

    def has_output(self):
        return True

    def value(self):
        code = super().value() or ""
        return code if code.isascii() and code.isdigit() and len(code) <= places.GRID else None

    def queryset(self, request, queryset):
        return queryset.filter(places.inside(self.place_field, self.value())) if self.value() else queryset
