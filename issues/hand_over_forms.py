"""Who takes over what, from which day, and the answer of whoever is asked."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.models import Cadre
from visits.models import HandOver
from visits.record_forms import DayField

LONGEST_REASON = 200


class HandOverForm(forms.Form):
    """A staff number beside each duty; what is left empty stays where it is."""

    last_on = DayField(label=_("移交人最后一天"))
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=HandOver._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如：调到镇里工作。印在交接单上，不写居民的事。"),
    )

    def __init__(self, *args, duties, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.duties, self.roster = duties, Cadre.objects.visible_to(user).select_related("department")
        self.initial.setdefault("last_on", timezone.localdate())
        for duty in duties:
            self.fields[duty.key] = forms.CharField(label=_("接手人工号"), required=False, max_length=32)

    def rows(self):
        """[(duty, its field)]"""
        return [(duty, self[duty.key]) for duty in self.duties]

    def clean(self):
        data = super().clean()
        typed = {duty.key: data.get(duty.key, "").strip() for duty in self.duties}
        found = {cadre.staff_number: cadre for cadre in self.roster.filter(staff_number__in=typed.values())}
        for key, number in typed.items():
            if number and number not in found:
                self.add_error(key, _("名册里没有这个工号，请核对；还没有岗位的人要先登记到人员名册。"))
        data["chosen"] = {key: found[number] for key, number in typed.items() if number in found}
        return data


class SettleForm(forms.Form):
    """The answer to a hand-over."""

    reason = forms.CharField(
        label=_("原因"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("不接收、代为确认和取消都要写明。"),
    )
