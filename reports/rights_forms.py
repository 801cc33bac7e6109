"""What is asked when a resident's request is registered, shown, answered or refused."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .inspection_forms import DayField
from .models import RightsRequest, RightsStep
from .rights import find_matter


class RegisterForm(forms.Form):
    """The number comes from the receipt or from the door; nobody's name is asked for."""

    campaign = forms.ModelChoiceField(
        label=_("活动"), queryset=None, empty_label=None, to_field_name="code",
        error_messages={"invalid_choice": _("请选择您负责的活动。")},
    )  # fmt: skip
    number = forms.CharField(
        label=_("回执码、诉求编号或对象编号"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("按编号找，不按姓名找。问一件诉求的填回执码或诉求编号，问一户的填对象编号。"),
        error_messages={"required": _("请填写回执码、诉求编号或对象编号。")},
    )
    kind = forms.ChoiceField(
        label=_("请求"),
        choices=RightsRequest.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择请求。")},
    )
    way = forms.ChoiceField(
        label=_("怎样提出"),
        choices=RightsRequest.Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择怎样提出。")},
    )
    received_on = DayField(label=_("收到日期"), help_text=_("15 天内答复，从这一天算起。"))

    def __init__(self, *args, campaigns, user, **kwargs):
        super().__init__(*args, initial={"received_on": timezone.localdate()}, **kwargs)
        self.fields["campaign"].queryset = campaigns
        self.user = user

    def clean(self):
        data = self.cleaned_data
        if data.get("campaign") and data.get("number"):
            data["found"] = find_matter(data["number"], data["campaign"], self.user)
            if data["found"] is None:
                self.add_error("number", _("这个活动里没有这个编号，或者不归您办；请对照回执再填一遍。"))

    def said(self):
        return {name: self.cleaned_data[name] for name in ("campaign", "kind", "way", "received_on")}


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("给群众的答复"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写办了什么；不写姓名和电话。"),
        error_messages={"required": _("请写明答复。")},
    )


class RefusalForm(AnswerForm):
    ground = forms.ChoiceField(
        label=_("法定理由"),
        choices=RightsStep.Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择法定理由。")},
    )
    field_order = ["ground", "text"]
