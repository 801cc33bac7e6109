"""Filters of the desk's lists that stay fast at any number of rows and need no script."""

from datetime import date
from urllib.parse import parse_qsl

from django.contrib.admin import FieldListFilter, SimpleListFilter
from django.db.models import DateTimeField
from django.utils.translation import gettext_lazy as _

from canvass.moments import day_end, day_start


class ListedFilter(SimpleListFilter):
    """A filter whose values are its choices; any other value in the address chooses nothing."""

    def value(self):
        value = super().value()
        return value if value in {str(key) for key, _label in self.lookup_choices} else None


class DateRangeFilter(FieldListFilter):
    """From one day to another, both included; each end may be left open."""

    template = "admin/date_range_filter.html"

    def __init__(self, field, request, params, model, model_admin, field_path):
        self.from_name, self.to_name = f"{field_path}_from", f"{field_path}_to"
        super().__init__(field, request, params, model, model_admin, field_path)
        self.has_moment = isinstance(field, DateTimeField)
        self.from_on, from_wrong = self._day(self.from_name)
        self.to_on, to_wrong = self._day(self.to_name)
        self.error = _("日期应像 2018-09-10 这样写。") if from_wrong or to_wrong else ""

    def expected_parameters(self):
        return [self.from_name, self.to_name]

    def _day(self, name):
        text = (self.used_parameters.get(name) or [""])[-1].strip()
        try:
            return (date.fromisoformat(text) if text else None), False
        except ValueError:
            return None, True

    def queryset(self, request, queryset):
        conditions = {}
        if self.from_on:
            conditions[f"{self.field_path}__gte"] = (
                day_start(self.from_on) if self.has_moment else self.from_on
            )
        if self.to_on and self.has_moment:
            conditions[f"{self.field_path}__lt"] = day_end(self.to_on)
        elif self.to_on:
            conditions[f"{self.field_path}__lte"] = self.to_on
        return queryset.filter(**conditions)

    def choices(self, changelist):
        """One choice: the form's values, and the other filters that have to survive."""
        others = changelist.get_query_string(remove=[*self.expected_parameters(), "p"])
        yield {
            "selected": not (self.from_on or self.to_on),
            "others": parse_qsl(others.lstrip("?")),
            "from_name": self.from_name,
            "to_name": self.to_name,
            "from_on": self.from_on.isoformat() if self.from_on else "",
            "to_on": self.to_on.isoformat() if self.to_on else "",
            "error": self.error,
        }
