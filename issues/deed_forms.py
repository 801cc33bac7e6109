"""The short form of a good deed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.forms import TextField
from visits.record_forms import CountField, DayField, RecordModelForm

from .enums import DeedKind
from .models import Deed

LONGEST_DEED = 2000


class DeedForm(RecordModelForm):
    """What was done, for how many, with whose money."""

    days, model = ("done_on",), Deed

    content = TextField(
        label=_("内容"),
        max_length=LONGEST_DEED,
        help_text=_("写事，不写人的隐私。最多 2000 字。"),
        error_messages={
            "required": _("请写办了什么。"),
            "max_length": _("最多 2000 字，现在是 %(show_value)d 字，请删减。"),
        },
    )
    done_on = DayField(label=_("日期"))
    households_helped = CountField(label=_("受益户数"), min_value=1)
    amount = forms.DecimalField(
        label=_("金额（元）"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "invalid": _("请填数字，例如 800 或 800.50。"),
            "min_value": _("金额不能为负数。"),
            "max_decimal_places": _("金额最多两位小数。"),
            "max_digits": _("金额太大了，请核对。"),
            "max_whole_digits": _("金额太大了，请核对。"),
        },
    )

    class Meta:
        model = Deed
        fields = Deed.columns
        widgets = {"kind": forms.RadioSelect}
        error_messages = {"donor": {"max_length": _("捐赠方最多 100 字，请删减。")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [*DeedKind.choices, ("", _("不注明"))]
