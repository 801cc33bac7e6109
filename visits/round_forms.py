"""The form for several doors at once where nobody was in."""

import uuid

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .forms import FileVisitForm, MomentField, StaffNumbersField, companions_of
from .rounds import MOST_DOORS, Round
from .services import find_companions
from .silent_fields import VersionField


class NumbersField(forms.MultipleChoiceField):
    """Ticked doors by number. Which of them are the person's own is asked when they are filed."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value):
        return list(dict.fromkeys(number.replace("\0", "") for number in super().to_python(value)))

    def valid_value(self, value):
        return True


class NobodyInForm(forms.Form):
    """When, and who went along. `campaign` comes from the address, `doors` are those the person may see."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    entry = NumbersField(label=_("门牌"), error_messages={"required": _("请至少勾选一户。")})
    started_at = MomentField(label=_("时间"))
    cadres = StaffNumbersField(label=_("走访人"), error_messages={"required": _("请至少勾选一位走访人。")})
    left_card = forms.BooleanField(label=_("每户门上留了便民联系卡"), required=False)
    notice = VersionField(required=False)

    # The same campaign, the same sentence as for one visit.
    clean_started_at = FileVisitForm.clean_started_at

    def __init__(self, *args, campaign, user, doors, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaign, self.user, self.doors = campaign, user, doors
        self.fields["started_at"].error_messages["required"] = _("请填写时间。")
        self.fields["entry"].choices = [(door.number, door.address) for door in doors]
        self.fields["cadres"].choices = lambda: self.candidates

    @cached_property
    def candidates(self):
        """Myself, my team mates, and who is posted to the grids of these doors."""
        found = {}
        for grid_id in sorted({door.grid_id for door in self.doors})[:4]:
            found |= {c.staff_number: c.name for c in companions_of(self.user, grid_id, self.campaign)}
        return [(number, f"{name} {number}") for number, name in found.items()]

    def clean_entry(self):
        numbers = self.cleaned_data["entry"]
        if len(numbers) > MOST_DOORS:
            raise forms.ValidationError(_("一次最多 %(most)d 户，请分几批登记。") % {"most": MOST_DOORS})
        return numbers

    def clean_cadres(self):
        numbers = list(dict.fromkeys(self.cleaned_data["cadres"]))
        found = find_companions(numbers)
        if unknown := [number for number in numbers if number not in found]:
            raise forms.ValidationError(_("没有工号为 %s 的人员，请核对工号。") % "；".join(unknown))
        return [found[number] for number in numbers]

    def clean(self):
        if "client_id" in self.errors:
            self.add_error(None, _("表单不完整：请再按一次“登记”。"))
            self.data = self.data.copy()
            self.data["client_id"] = uuid.uuid4()

    def content(self):
        data = self.cleaned_data
        people = tuple(data["cadres"])
        notice = self.campaign.known_notice(data["notice"])
        return Round(tuple(data["entry"]), data["started_at"], people, data["left_card"], notice)
