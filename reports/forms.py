"""Forms of the reports app."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .permissions import loadable_campaigns

# 200,000 rows are about 15 MB; what it unpacks to is judged before it is opened.
LARGEST_UPLOAD = 50 * 2**20


class WorkbookLoadForm(forms.Form):
    """A workbook to be checked, and the campaign it is for when the file does not say so itself."""

    file = forms.FileField(
        label=_("表格文件"),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
        error_messages={
            "required": _("请先选择文件。"),
            "empty": _("文件是空的。请重新保存或重新下载后再导入。"),
        },
    )
    campaign = forms.ModelChoiceField(
        label=_("导入到哪个活动"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=_("按文件里的“活动”表"),
        error_messages={"invalid_choice": _("没有这个活动，或您不能向它导入。")},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = loadable_campaigns(user)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(".xlsx"):
            raise forms.ValidationError(_("只能导入 .xlsx 文件。请在 Excel 中另存为 .xlsx。"))
        if file.size > LARGEST_UPLOAD:
            raise forms.ValidationError(
                _("文件有 %(size)d MB，最大 %(most)d MB。请分成几个文件导入。")
                % {"size": file.size / 2**20, "most": LARGEST_UPLOAD / 2**20}
            )
        return file
