"""Which issues go out as a ledger, and the form that takes a filled-in one back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.models import Department

from .enums import IssueState
from .ledger import open_issues
from .workflow import OPEN

LARGEST_UPLOAD = 5 * 2**20


class ScopeForm(forms.Form):
    """All open issues of one's own, or a part of them."""

    state = forms.ChoiceField(label=_("状态"), required=False)
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("主办单位"), required=False, empty_label=_("全部")
    )

    def __init__(self, data=None, *, user):
        super().__init__(data)
        states = [(state, IssueState(state).label) for state in OPEN]
        self.fields["state"].choices = [("", _("全部")), *states]
        led = open_issues(user).order_by().values("lead_department")
        self.fields["department"].queryset = Department.objects.filter(pk__in=led).order_by("name")


class LedgerForm(forms.Form):
    file = forms.FileField(
        label=_("填好的台账"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("请先选择文件。"), "empty": _("文件是空的。请重新保存后再交回。")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UPLOAD:
            raise forms.ValidationError(_("文件超过 5 MB。请删去无关内容后再交回。"))
        return file
