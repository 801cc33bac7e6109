"""What the office types for a report: lines, figures by hand, a reason to issue all the same, a correction."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .catalogue import FIGURES
from .typed import LINES

LONGEST_LINE = 2000
BLANKS = 2  # empty rows for one more figure


class LinesForm(forms.Form):
    """The typed lines of one series, with the version of the draft that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        for key, label in LINES[kind].items():
            self.fields[key] = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST_LINE,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @property
    def lines(self):
        return {key: text for key, text in self.cleaned_data.items() if key != "version"}


class TypedFigureForm(forms.Form):
    """A figure that the system does not count; who types it is written down by itself."""

    label = forms.CharField(label=_("内容"), max_length=50, required=False)
    value = forms.DecimalField(
        label=_("数"), max_digits=14, decimal_places=2, min_value=0, required=False, localize=False
    )
    unit = forms.CharField(label=_("单位"), max_length=10, required=False)
    figure = forms.ChoiceField(
        label=_("对应的数字"), required=False, help_text=_("与系统计算的某个数字是一回事时选，会互相核对。")
    )
    part_of = forms.ChoiceField(
        label=_("其中之一"), required=False, help_text=_("是哪个总数的一部分；小计应小于总数。")
    )
    reason = forms.CharField(
        label=_("理由"), max_length=200, required=False, help_text=_("为什么不由系统计算、从哪里来。")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((key, figure.label) for key, figure in FIGURES.items())]
        self.fields["figure"].choices = self.fields["part_of"].choices = choices

    def clean(self):
        cleaned = super().clean()
        given = {name for name in self.fields if cleaned.get(name) not in (None, "")}
        if given and not self.errors and not given >= {"label", "value", "unit", "reason"}:
            raise forms.ValidationError(_("内容、数、单位和理由都要填；不要这一行就全部清空。"))
        return cleaned

    @property
    def typed(self):
        """As the draft keeps it; None for an empty row."""
        if not self.cleaned_data.get("label"):
            return None
        value = self.cleaned_data["value"]
        number = int(value) if value == int(value) else float(value)
        return {**self.cleaned_data, "value": number}


TypedFigureFormSet = forms.formset_factory(TypedFigureForm, extra=BLANKS)


def typed_of(formset, *, before, author):
    """The figures of a formset; a row that nobody changed keeps its author."""
    known = [{key: value for key, value in one.items() if key != "author"} for one in before]
    figures = []
    for form in formset:
        typed = form.typed
        if typed is None:
            continue
        same = before[known.index(typed)]["author"] if typed in known else author
        figures.append(typed | {"author": same})
    return figures
