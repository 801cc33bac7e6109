"""What discipline writes about a misconduct report."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.models import Cadre, Department

from .enums import ReportStepKind
from .report_handling import handlers_of, next_kinds


class ReportStepForm(forms.Form):
    """The next step; whom the report names may be told at any of them."""

    kind = forms.ChoiceField(
        label=_("这一步"), widget=forms.RadioSelect, error_messages={"required": _("请选择办到哪一步。")}
    )
    text = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("核查和办结必填：查了什么，结果怎样。只有纪检能看到。"),
    )
    handler = forms.ModelChoiceField(
        label=_("由谁核查"), queryset=Cadre.objects.none(), required=False, empty_label=_("不指定")
    )
    cadres = forms.CharField(
        label=_("被举报人的工号"),
        required=False,
        max_length=500,
        help_text=_("多人用“；”隔开。登记以后，这些人看不到这件举报，也不能核查它。"),
    )
    departments = forms.ModelMultipleChoiceField(
        label=_("被举报单位"),
        queryset=Department.objects.order_by("name"),
        required=False,
        help_text=_("登记以后，这些单位的人看不到这件举报，也不能核查它。"),
    )

    def __init__(self, *args, opinion, **kwargs):
        super().__init__(*args, **kwargs)
        labels = dict(ReportStepKind.choices)
        kinds = next_kinds(opinion.report_steps.all())
        self.fields["kind"].choices = [(kind, labels[kind]) for kind in kinds]
        self.initial.setdefault("kind", kinds[0] if kinds else None)
        self.fields["handler"].queryset = handlers_of(opinion)

    def clean_cadres(self):
        numbers = [one for one in re.split(r"[;；,，、\s]+", self.cleaned_data["cadres"]) if one]
        found = {cadre.staff_number: cadre for cadre in Cadre.objects.filter(staff_number__in=numbers)}
        if unknown := [number for number in numbers if number not in found]:
            raise forms.ValidationError(_("没有工号为 %s 的人员，请核对工号。") % "；".join(unknown))
        return list(found.values())
