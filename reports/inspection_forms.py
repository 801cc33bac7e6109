"""What is asked of whoever draws visits to be inspected, and of whoever asks at the door."""

import uuid

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from canvass import places
from grids.models import Place

from .inspections import INSPECT
from .models import Inspection, InspectionSample
from .questions import YEARS

LARGEST_SAMPLE = 200
CONFIRMED, DENIED, NOT_REACHED = "confirmed", "denied", "not_reached"


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs):
        super().__init__(error_messages={"invalid": _("请填写日期，例如 2018-09-10。")}, **kwargs)

    def to_python(self, value):
        day = super().to_python(value)
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class DrawForm(forms.Form):
    """From where and when, how, and how many."""

    client_id = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": _("请再按一次“抽取”。")}
    )
    place = forms.ModelChoiceField(
        label=_("范围"),
        queryset=None,
        empty_label=None,
        error_messages={"invalid_choice": _("请选择您责任范围内的地方。")},
    )
    first_on = DayField(label=_("从哪天"))
    last_on = DayField(label=_("到哪天"))
    method = forms.ChoiceField(
        label=_("抽取方法"),
        choices=InspectionSample.Method.choices,
        widget=forms.RadioSelect,
        help_text=_("“先抽有提示的”先从有数据质量提示的走访里抽，不够再随机补；看整体情况请用“随机抽取”。"),
    )
    size = forms.IntegerField(
        label=_("抽几条"),
        min_value=1,
        max_value=LARGEST_SAMPLE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": _("请填整数，例如 20。"),
            "min_value": _("至少抽 1 条。"),
            "max_value": _("一次最多抽 %(limit_value)d 条，请分几次抽。"),
        },
    )

    def __init__(self, *args, campaign, user, **kwargs):
        initial = {
            "client_id": uuid.uuid4(),
            "first_on": campaign.first_on,
            "last_on": min(campaign.last_on, timezone.localdate()),
            "method": InspectionSample.Method.RANDOM,
            "size": 20,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["place"].queryset = drawing_places(user, campaign)

    def clean(self):
        first, last = self.cleaned_data.get("first_on"), self.cleaned_data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("最后一天不能早于第一天。"))


def drawing_places(user, campaign):
    """Where this person may draw: towns and villages of the campaign, and grids that are a posting themselves."""
    codes = user.reach.codes_with(INSPECT)
    here = places.inside("code", *codes) & Q(code__startswith=campaign.area_id)
    return Place.objects.filter(here).filter(Q(kind="") | Q(code__in=codes)).order_by("code")


class InspectionForm(forms.Form):
    """What was found when somebody asked."""

    way = forms.ChoiceField(
        label=_("怎么问的"),
        choices=Inspection.Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择怎么问的。")},
    )
    result = forms.ChoiceField(
        label=_("结果"),
        choices=[
            (CONFIRMED, _("联系上，属实")),
            (DENIED, _("联系上，不属实")),
            (NOT_REACHED, _("没有联系上")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择结果。")},
    )
    words_verbatim = forms.CharField(
        label=_("群众原话"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("居民怎么说就怎么写；写事，不写姓名和电话。"),
    )
    found = forms.CharField(
        label=_("核查情况"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("与记录对不上的写在这里，例如：没有人来过；来过，但是时间不对。不属实的必填。"),
    )

    def clean(self):
        data = self.cleaned_data
        if data.get("result") == DENIED and not data.get("found"):
            self.add_error("found", _("请写明与记录有什么不一样。"))
        if data.get("result") == NOT_REACHED and data.get("words_verbatim"):
            self.add_error("words_verbatim", _("没有联系上，就没有群众原话；请留空，或改选结果。"))

    def said(self):
        """What the form says, for the service."""
        data = self.cleaned_data
        return {
            "way": data["way"],
            "is_reached": data["result"] != NOT_REACHED,
            "is_confirmed": data["result"] == CONFIRMED,
            "found": data["found"],
            "words_verbatim": data["words_verbatim"],
        }
