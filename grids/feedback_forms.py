"""What people write about this system, and the line that answers it."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import Feedback, FeedbackAnswer
from .models.feedback import LONGEST


def refuse_numbers(text):
    """Telephone numbers and the like belong to somebody; whoever keeps the system is to read none."""
    if re.search(r"[0-9０-９]{11}", re.sub(r"[\s-]", "", text)):
        raise ValidationError(_("请不要写电话号码、身份证号和编号，写事情就够了。"), code="number")


def _text(label, longest, rows, **extra):
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[refuse_numbers],
        error_messages={"max_length": _("最多 %(limit_value)d 字，现在是 %(show_value)d 字，请删减。")},
        **extra,
    )


class FeedbackForm(forms.Form):
    """What I wanted, what happened. Who writes it and where stand beside it, not in it."""

    wanted = _text(
        _("我想做什么"),
        Feedback._meta.get_field("wanted").max_length,
        2,
        help_text=_("例如：给一户补一张照片。"),
    )
    happened = _text(
        _("结果怎么样"), LONGEST, 5, help_text=_("看到了什么，希望怎样。不要写居民的姓名、电话和事情。")
    )
    page = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class FeedbackAnswerForm(forms.Form):
    """A line to whoever said it."""

    text = _text(_("答复"), FeedbackAnswer._meta.get_field("text").max_length, 3)
