"""The filters of the ledger, as its address carries them."""

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from canvass import places
from canvass.asking import asked
from grids.models import Area, Department

from .enums import IssueLevel
from .models import Category, Issue


class FilterForm(forms.Form):
    """Nothing is demanded: what an address asks for and nobody can choose filters nothing."""

    department = forms.ModelChoiceField(Department.objects.none(), label=_("主办单位"), required=False)
    category = forms.ModelChoiceField(Category.objects.filter(parent=None), label=_("类别"), required=False)
    level = forms.ChoiceField(label=_("层级"), required=False)
    place = forms.ModelChoiceField(Area.objects.none(), label=_("范围"), required=False)

    def __init__(self, request):
        data = {name: asked(request, name) for name in self.base_fields}
        super().__init__(data, auto_id="filter-%s")
        user = request.user
        fields, codes = self.fields, user.reach.area_codes
        fields["level"].choices = [("", _("全部")), *IssueLevel.choices]
        leads = Department.objects.filter(Exists(Issue.objects.filter(lead_department=OuterRef("pk"))))
        fields["department"].queryset = leads.order_by("name")
        fields["place"].queryset = Area.objects.filter(places.inside("code", *codes)).exclude(code__in=codes)
        for name in ("department", "category", "place"):
            fields[name].empty_label = _("全部")
        if not codes:  # a department's people have one department and no area
            del fields["department"], fields["place"]

    @property
    def chosen(self):
        """How many filters hold."""
        self.is_valid()
        return sum(bool(value) for value in self.cleaned_data.values())

    def condition(self):
        self.is_valid()
        chosen = self.cleaned_data
        condition = Q()
        if department := chosen.get("department"):
            condition &= Q(lead_department=department)
        if category := chosen.get("category"):
            # The first level with those below it: a range of codes, which an index answers.
            condition &= Q(category__gte=category.code, category__lte=f"{category.code}99")
        if level := chosen.get("level"):
            condition &= Q(level=level)
        if place := chosen.get("place"):
            condition &= places.inside("place_id", place.code)
        return condition
