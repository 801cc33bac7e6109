"""What is asked about how a department worked: four ratings and a few words, and no name."""

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.models import Department
from visits.record_forms import RecordModelForm

from .enums import ConductRating
from .models import ConductSlip
from .models.conduct import LONGEST_SLIP, RATINGS

HINT = _("写事情，不写居民姓名。说的是收钱、吃拿卡要这类违纪的事，请改用“举报”，只有纪检能看到。")
CHOICES = [*ConductRating.choices, ("", _("不说"))]


class RatingsMixin:
    """At least one rating, or words."""

    def clean(self):
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.get(name) for name in (*RATINGS, "words")):
            raise forms.ValidationError(_("请至少评一项，或者写几句话。"))
        return data


def _words():
    return forms.CharField(
        label=_("想说的话"),
        required=False,
        max_length=LONGEST_SLIP,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=HINT,
        error_messages={"max_length": _("最多 %(limit_value)d 字，现在是 %(show_value)d 字，请删减。")},
    )


class ConductSlipForm(RatingsMixin, RecordModelForm):
    """Filed by a visitor for a resident, who stays unknown."""

    model = ConductSlip

    words = _words()

    class Meta:
        model = ConductSlip
        fields = ConductSlip.columns
        widgets = dict.fromkeys(RATINGS, forms.RadioSelect)
        error_messages = {"department": {"required": _("请选择说的是哪个单位。")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.order_by("name")
        self.fields["department"].empty_label = _("请选择")
        for name in RATINGS:
            self.fields[name].choices = CHOICES


class ReceiptConductForm(RatingsMixin, forms.Form):
    """The same by whoever holds a receipt."""

    department = forms.ModelChoiceField(
        label=_("单位"),
        queryset=Department.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("请选择说的是哪个单位。")},
    )
    attitude = forms.ChoiceField(label=_("态度"), required=False, choices=CHOICES, widget=forms.RadioSelect)
    efficiency = forms.ChoiceField(label=_("效率"), required=False, choices=CHOICES, widget=forms.RadioSelect)
    honesty = forms.ChoiceField(label=_("廉洁"), required=False, choices=CHOICES, widget=forms.RadioSelect)
    openness = forms.ChoiceField(label=_("公开"), required=False, choices=CHOICES, widget=forms.RadioSelect)
    words = _words()

    def __init__(self, *args, departments, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments
        if len(found := list(departments)) == 1:
            self.initial.setdefault("department", found[0].pk)
