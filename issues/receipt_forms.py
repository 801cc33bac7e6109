"""What a resident says to the answer."""

from django import forms
from django.utils.translation import gettext_lazy as _


class VerdictForm(forms.Form):
    """Solved or not, and a few words if one likes. It asks for no name."""

    solved = forms.TypedChoiceField(
        label=_("您的问题解决了吗？"),
        choices=[("yes", _("已解决")), ("no", _("没有解决"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择“已解决”或“没有解决”。")},
    )
    words = forms.CharField(
        label=_("想补充的话"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写事，不用写姓名和电话，最多 500 字。"),
        error_messages={"max_length": _("最多写 500 字，请删短一些。")},
    )
