"""The forms of a visit. Every complaint is a sentence that says what to do."""

import re
import uuid

from django import forms
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from canvass.moments import day_start
from canvass.roles import VISITING
from grids.models import Cadre, Posting

from .answer_forms import CoordinateField, WishMixin
from .comparison import compare
from .contents import VisitContent, Words
from .enums import MaterialKind, OpinionNature, Outcome, VisitWay
from .models import Visit
from .models.visits import LATITUDES, LONGITUDES
from .services import file_visit, find_companions
from .silent_fields import PhoneMomentField, SecondsField, VersionField

MET_SOMEBODY = (Outcome.MET, Outcome.REMOTE)
LONGEST_NOTE, LONGEST_WORDS, LONGEST_DEED, MOST_OPINIONS = 500, 2000, 500, 200
# A notice board is put up in a grid, not handed out at a door.
AT_THE_DOOR = [(key, label) for key, label in MaterialKind.choices if key != MaterialKind.NOTICE_BOARD]


class QuietMixin:
    """A bound form that can be shown again as typed, before anybody asked whether it is right."""

    def without_complaints(self):
        self._errors = forms.utils.ErrorDict()
        return self


class TextField(forms.CharField):
    """Free text: the line ends of a browser are turned into plain ones before anything is counted."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class MomentField(forms.DateTimeField):
    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        messages = {"invalid": _("请填写日期和时间，例如 2018-09-10 19:30。")}
        super().__init__(widget=widget, error_messages=messages, **kwargs)


class StaffNumbersField(forms.MultipleChoiceField):
    """Ticked staff numbers; who exists is looked up once, together with those typed by hand."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value):
        return True


def refusal_of_start(started_at, campaign):
    """Why a visit cannot have begun then, or ""."""
    if started_at > timezone.now():
        return _("开始时间不能晚于现在。")
    if started_at < day_start(campaign.first_on):
        return _("开始时间不能早于活动第一天（%s）。") % formats.date_format(campaign.first_on)
    return ""


def refusal_of_people_met(people_met, outcome):
    """Why nobody can be counted after this outcome, or ""."""
    if people_met and outcome not in (None, *MET_SOMEBODY):
        return _("只有“见面”或“远程”才填见面人数；请留空，或改选结果。")
    return ""


class VisitForm(QuietMixin, forms.Form):
    """What was found at one door. `entry` and `campaign` come from the address, never from the form."""

    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择走访结果。")},
    )
    started_at = MomentField(label=_("开始时间"))
    ended_at = MomentField(label=_("结束时间"), required=False)
    way = forms.ChoiceField(
        label=_("方式"),
        choices=[*VisitWay.choices, ("", _("不注明"))],
        widget=forms.RadioSelect,
        required=False,
    )
    cadres = StaffNumbersField(label=_("走访人"), required=False)
    others = forms.CharField(
        label=_("其他走访人的工号"),
        required=False,
        max_length=500,
        help_text=_("不在上面的人，填工号；多人用“；”隔开。"),
    )
    people_met = forms.IntegerField(
        label=_("见面人数"),
        required=False,
        min_value=1,
        max_value=9999,
        error_messages={
            "invalid": _("请填整数，例如 2。"),
            "min_value": _("见面人数至少为 1；没有见到人请留空。"),
            "max_value": _("见面人数不能超过 9999，请核对。"),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    note = TextField(
        label=_("手记"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("写事，不写人的隐私：不写身份证号、病情、收入。最多 500 字。"),
        error_messages={"max_length": _("手记最多 500 字，现在是 %(show_value)d 字，请删减。")},
    )

    notice = VersionField(required=False)

    def __init__(self, *args, entry, campaign, user, opinions=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.entry, self.campaign, self.user, self.opinions = entry, campaign, user, opinions
        self.fields["started_at"].error_messages["required"] = _("请填写开始时间。")
        self.fields["cadres"].choices = lambda: self.candidates

    @cached_property
    def candidates(self):
        """Myself, my team mates in this campaign, and who is posted to the same grid: ticked, not typed."""
        found = {c.staff_number: c.name for c in companions_of(self.user, self.entry.grid_id, self.campaign)}
        ticked = self.data.getlist("cadres") if self.is_bound else self.initial.get("cadres", [])
        if unknown := [number for number in ticked if number not in found]:
            found |= dict(Cadre.objects.filter(staff_number__in=unknown).values_list("staff_number", "name"))
        return [(number, f"{name} {number}") for number, name in found.items()]

    def clean_started_at(self):
        started_at = self.cleaned_data["started_at"]
        if text := refusal_of_start(started_at, self.campaign):
            raise forms.ValidationError(text)
        return started_at

    def clean(self):
        data = self.cleaned_data
        started_at, ended_at = data.get("started_at"), data.get("ended_at")
        if ended_at and ended_at > timezone.now():
            self.add_error("ended_at", _("结束时间不能晚于现在；还没结束就留空。"))
        elif started_at and ended_at and ended_at < started_at:
            self.add_error("ended_at", _("结束时间不能早于开始时间。"))
        if text := refusal_of_people_met(data.get("people_met"), data.get("outcome")):
            self.add_error("people_met", text)
        self._find_companions(data)

    def _find_companions(self, data):
        typed = [number for number in re.split(r"[;；,，、\s]+", data.get("others") or "") if number]
        numbers = list(dict.fromkeys([*data.get("cadres", []), *typed]))
        found = find_companions(numbers) if numbers else {}
        if unknown := [number for number in numbers if number not in found]:
            text = _("没有工号为 %s 的人员，请核对工号。") % "；".join(unknown)
            self.add_error("others" if set(unknown) & set(typed) else "cadres", text)
        elif not found and "others" not in self.errors:
            self.add_error("cadres", _("请至少勾选一位走访人。"))
        data["companions"] = tuple(found[number] for number in numbers if number in found)

    def is_wholly_valid(self):
        """Form and opinions are both asked, so that all complaints are shown at once."""
        return all([self.is_valid(), self.opinions.is_valid()])

    def content(self):
        """What the form says, for the services."""
        data = self.cleaned_data
        return VisitContent(
            started_at=data["started_at"],
            ended_at=data["ended_at"],
            outcome=data["outcome"],
            way=data["way"],
            people_met=data["people_met"],
            note=data["note"],
            companions=data["companions"],
            opinions=self.opinions.words(),
            materials=tuple(data.get("materials", ())),
            place=self.place(),
            notice=self.campaign.known_notice(data["notice"]),
        )

    def place(self):
        """(latitude, longitude) that the visit is to have, or None."""
        return


def companions_of(user, grid_id, campaign):
    """Cadres that somebody probably went with, the person first."""
    today = timezone.localdate()
    me = user.reach.cadre
    posted = Posting.objects.active_on(today).filter(place=grid_id, role__in=VISITING)
    teams = campaign.teams.filter(members__cadre=me, members__to_on__isnull=True)
    mates = Cadre.objects.filter(memberships__team__in=teams, memberships__to_on__isnull=True)
    found = Cadre.objects.filter(pk__in=posted.values("cadre")) | Cadre.objects.filter(
        pk__in=mates.values("pk")
    )
    return [me, *found.exclude(pk=me.pk).order_by("staff_number")[:30]]


class IdentityForm(forms.Form):
    """What a form makes carries an identity that the server gave it, so that sending it twice files it once."""

    client_id = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("表单不完整：请再按一次“登记”。"),
            "invalid": _("表单不完整：请再按一次“登记”。"),
        },
    )

    def clean(self):
        super().clean()
        if "client_id" in self.errors:
            self.data = self.data.copy()
            self.data["client_id"] = uuid.uuid4()


class FileVisitForm(IdentityForm, VisitForm):
    """A new visit."""

    materials = forms.MultipleChoiceField(
        label=_("发放资料"),
        help_text=_("发了就点，各记一份。"),
        choices=AT_THE_DOOR,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    filed_on_phone_at = PhoneMomentField(required=False)
    seconds = SecondsField(required=False)
    latitude = CoordinateField(LATITUDES, label=_("纬度"))
    longitude = CoordinateField(LONGITUDES, label=_("经度"))

    def place(self):
        latitude, longitude = self.cleaned_data["latitude"], self.cleaned_data["longitude"]
        return None if latitude is None else (latitude, longitude)

    def clean(self):
        super().clean()
        if (self.cleaned_data.get("latitude") is None) != (self.cleaned_data.get("longitude") is None):
            self.add_error("latitude", self.fields["latitude"].error_messages["invalid"])
        kinds = self.cleaned_data.get("materials", ())
        self.cleaned_data["materials"] = [kind for kind, _label in AT_THE_DOOR if kind in kinds]

    def file(self):
        """(visit, whether it is new); raises FilingConflict."""
        return file_visit(
            self.entry,
            by=self.user,
            campaign=self.campaign,
            client_id=self.cleaned_data["client_id"],
            content=self.content(),
            filed_on_phone_at=self.cleaned_data["filed_on_phone_at"],
            filling_seconds=self.cleaned_data["seconds"],
        )

    def compare(self, stored):
        """(the stored visit if this person may see it, both versions side by side)."""
        seen = Visit.objects.visible_to(self.user).prefetch_related("cadres").filter(pk=stored.pk).first()
        return seen, compare(seen, self.entry, self.content(), by=self.user)


class CorrectVisitForm(VisitForm):
    """The same form over a stored visit, with the reason."""

    seen_step = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("更正原因"),
        max_length=200,
        error_messages={"required": _("请写明更正原因。")},
        help_text=_("改了什么、为什么改，以后查得到。"),
    )

    drop_place = forms.BooleanField(label=_("去掉记下的位置"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.initial["place"] is None:
            del self.fields["drop_place"]

    def place(self):
        return None if self.cleaned_data.get("drop_place") else self.initial["place"]

    def clean(self):
        self._keep_seconds(self.cleaned_data)
        super().clean()

    def _keep_seconds(self, data):
        """The form shows minutes; a stored moment that was left alone keeps its seconds."""
        for name in ("started_at", "ended_at"):
            stored, typed = self.initial.get(name), data.get(name)
            if stored and typed == stored.replace(second=0, microsecond=0):
                data[name] = stored


class OpinionForm(WishMixin, QuietMixin, forms.Form):
    """One thing the resident said."""

    stored = forms.IntegerField(required=False, widget=forms.HiddenInput)
    words = TextField(
        label=_("原话"),
        required=False,
        max_length=LONGEST_WORDS,
        error_messages={"max_length": _("一条原话最多 2000 字，请分成几条。")},
    )
    nature = forms.ChoiceField(
        label=_("性质"), required=False, choices=OpinionNature.choices, widget=forms.RadioSelect
    )
    done = TextField(
        label=_("当场办了什么"),
        help_text=_("当场解决了才写，写做了什么。"),
        required=False,
        max_length=LONGEST_DEED,
        error_messages={"max_length": _("当场办了什么最多写 500 字，请删减。")},
    )

    def clean(self):
        """Without words it is no opinion, whatever is ticked; stored words cannot be emptied."""
        super().clean()
        data = self.cleaned_data
        if data.get("stored") and "words" in data and not data["words"]:
            self.add_error("words", _("已登记的原话不能清空，请写下更正后的原话。"))
        if data.get("words") and not data.get("nature"):
            self.add_error("nature", _("请选择这条诉求的性质。"))
        if (data.get("done") or data.get("wanted")) and "words" in data and not data["words"]:
            self.add_error("words", _("请写下居民的原话。"))


class OpinionFormSet(QuietMixin, forms.BaseFormSet):
    """Any number of opinions; empty rows are passed over, half-filled ones complained about."""

    def without_complaints(self):
        for form in self.forms:
            form.without_complaints()
        self._errors, self._non_form_errors = [], self.error_class()
        return self

    default_error_messages = {
        "missing_management_form": _("表单不完整，诉求没有送到。请重新打开填报页。"),
        "too_many_forms": _("一次最多填 %(num)d 条诉求，其余的请另填一次走访。"),
    }

    def words(self):
        filled = [(form.cleaned_data, form.wish()) for form in self.forms if form.cleaned_data.get("words")]
        return tuple(
            Words(data["nature"], data["words"], data.get("stored"), data.get("done", ""), wish)
            for data, wish in filled
        )

    def clean(self):
        """Words may only stand for a stored opinion of this visit that the person may see."""
        for form in self.forms:
            if (pk := form.cleaned_data.get("stored")) and pk != form.initial.get("stored"):
                raise forms.ValidationError(_("表单里的诉求与存下的对不上，请重新打开更正页。"))


OpinionForms = forms.formset_factory(
    OpinionForm, formset=OpinionFormSet, extra=1, max_num=MOST_OPINIONS, absolute_max=MOST_OPINIONS
)


class ReasonForm(forms.Form):
    """Why a visit is voided or sent back."""

    reason = forms.CharField(label=_("原因"), max_length=200, error_messages={"required": _("请写明原因。")})
