"""What the office types for the residents' bulletin."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ExampleForm(forms.Form):
    """An answered example in the office's own words. It begins empty: nothing of the record is published by itself."""

    title = forms.CharField(label=_("标题"), max_length=60, help_text=_("不写姓名、门牌，如“路口积水”。"))
    text = forms.CharField(
        label=_("群众反映"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("用自己的话写，不抄原话。"),
    )
    answer = forms.CharField(
        label=_("办理和答复"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("做了什么、结果怎样。"),
    )


class TakeDownForm(forms.Form):
    reason = forms.CharField(label=_("撤下的原因"), max_length=200)
