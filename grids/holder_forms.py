"""Why somebody wants to see a householder's name."""

from django import forms
from django.utils.translation import gettext_lazy as _


class HolderReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "usual-reasons", "autocomplete": "off"}),
        error_messages={
            "required": _("请写明原因。"),
            "max_length": _("原因最多 200 字，请删减。"),
        },
    )
