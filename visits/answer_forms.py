"""What a form asks beside the words: whether an answer is wanted and how; and where the visitor stood."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass.phones import can_be_called, can_be_texted, plain_number

from .answer_wishes import Wish
from .enums import AnswerWay

THOUSANDTH = Decimal("0.001")  # of a degree: some 100 m


class NumberField(forms.CharField):
    """A telephone number as people type it, kept as its digits."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})

    def to_python(self, value):
        return plain_number(super().to_python(value))


class WishMixin(forms.Form):
    """Whether whoever said it wants an answer. Without the tick nothing of it is kept, so nothing may be typed."""

    wanted = forms.BooleanField(label=_("要答复"), required=False)
    answer_way = forms.ChoiceField(
        label=_("怎么答复"),
        choices=[*AnswerWay.choices, ("", pgettext_lazy("answer", "不要答复"))],
        widget=forms.RadioSelect,
        required=False,
    )
    answer_phone = NumberField(
        label=_("联系电话"),
        required=False,
        max_length=30,
        help_text=_("只用来答复；电话、短信答复才填。不填 14 岁以下孩子的号码。"),
    )
    may_tell = forms.BooleanField(label=_("可以让承办单位知道是谁说的"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if kept := self.initial.get("kept_number"):
            self.fields["answer_phone"].help_text = (
                _("已存 %s，不换就留空。不填 14 岁以下孩子的号码。") % kept
            )

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("wanted"):
            self._judge_wish(data)
        elif data.get("answer_phone") or data.get("answer_way") or data.get("may_tell"):
            self.add_error("wanted", _("要答复请勾上“要答复”；不要答复，请清空电话，再选“不要答复”。"))

    def _judge_wish(self, data):
        way, phone = data.get("answer_way"), data.get("answer_phone")
        if "answer_way" in self.errors or "answer_phone" in self.errors:
            return
        if not way:
            self.add_error("answer_way", _("请选择怎么答复。"))
        elif way not in AnswerWay.by_number():
            if phone:
                self.add_error("answer_phone", _("这样答复用不着电话，请清空；要打电话就改选“电话”。"))
        elif not phone:
            if not self.initial.get("kept_number"):
                self.add_error("answer_phone", _("用电话或短信答复，请填电话号码。"))
        elif not can_be_texted(phone):
            if way == AnswerWay.TEXT:
                self.add_error("answer_phone", _("短信只能发到手机，请填 11 位手机号码。"))
            elif not can_be_called(phone):
                self.add_error(
                    "answer_phone", _("请填 11 位手机号码，或者带区号的座机，例如 0573-83241234。")
                )

    def wish(self):
        """What was asked for, or None."""
        data = self.cleaned_data
        if not data.get("wanted"):
            return None
        return Wish(data["answer_way"], data["answer_phone"], data["may_tell"])


class CoordinateField(forms.DecimalField):
    """Degrees, never kept more exactly than some 100 m."""

    widget = forms.HiddenInput

    def __init__(self, bounds, **kwargs):
        wrong = _("手机给的位置不对，请按“去掉”，再登记。")
        messages = {"invalid": wrong, "min_value": wrong, "max_value": wrong}
        low, high = bounds
        super().__init__(min_value=low, max_value=high, required=False, error_messages=messages, **kwargs)

    def clean(self, value):
        value = super().clean(value)
        return None if value is None else value.quantize(THOUSANDTH)
