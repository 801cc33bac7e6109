"""Which words are to go, and why; then which of the places where they stand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from canvass.redaction import LONGEST, MARK

from .redacting import SHORTEST


class RedactionForm(forms.Form):
    words = forms.CharField(
        label=_("要隐去的字"),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("和原话里的写法一模一样，例如一个姓名或一个电话号码；只隐去这几个字，其余的话不动。"),
        error_messages={
            "required": _("请填写要隐去的字。"),
            "min_length": _("至少两个字：一个字到处都会有。"),
            "max_length": _("最多 50 个字：只隐去姓名、电话这样的内容，不能隐去整段话。"),
        },
    )
    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        help_text=_("例如：原话里有姓名。不要写被隐去的内容。"),
        error_messages={"required": _("请写明原因。")},
    )

    def clean_words(self):
        words = self.cleaned_data["words"]
        if MARK in words:
            raise forms.ValidationError(_("█ 是已经隐去的字，请填写还看得见的字。"))
        return words

    def clean(self):
        data = self.cleaned_data
        if data.get("words") and data["words"] in data.get("reason", ""):
            self.add_error("reason", _("原因会留在记录里，请不要写要隐去的内容。"))


class ChoiceForm(forms.Form):
    """The places that were chosen, and the word that it is understood."""

    seen = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    spots = forms.TypedMultipleChoiceField(
        coerce=int, choices=(), error_messages={"required": _("请至少选一处。")}
    )
    understood = forms.BooleanField(
        label=_("我知道：隐去以后谁也恢复不了，没有撤销。"),
        error_messages={"required": _("请先确认：隐去以后谁也恢复不了。")},
    )

    def __init__(self, *args, spots, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["spots"].choices = [(n, n) for n in range(len(spots))]
