"""Short forms for the phone: a gathering, materials, a stay in a household; a deed's is in the app of deeds."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from grids.enums import DepartmentLevel
from grids.models import Place, RegisterEntry

from . import record_services, record_words
from .enums import GatheringKind, MaterialKind
from .forms import IdentityForm, StaffNumbersField, TextField, companions_of
from .models import LONGEST_LOG, Gathering, Handout, StayLog
from .services import find_companions
from .targets import find_targets

# More places than this are a list to choose from, not buttons.
FEW_PLACES = 6
# So many doors are named when the words mean more than one.
MOST_DOORS = 5
MOST = 999_999


class DayField(forms.DateField):
    """A day. `from_today`: which one a form proposes that was kept on the phone and is opened on another day."""

    def __init__(self, *, from_today=0, **kwargs):
        attributes = {"type": "date", "data-today": from_today}
        messages = {
            "required": _("请填写日期，例如 2018-09-10。"),
            "invalid": _("请填写日期，例如 2018-09-10。"),
        }
        widget = forms.DateInput(attrs=attributes, format="%Y-%m-%d")
        super().__init__(widget=widget, error_messages=messages, **kwargs)


class CountField(forms.IntegerField):
    """How many, typed on the digits of a phone."""

    def __init__(self, *, min_value=0, **kwargs):
        messages = {
            "invalid": _("请填整数，例如 2。"),
            "min_value": _("至少填 %(limit_value)s；没有就留空。"),
            "max_value": _("数字太大了，请核对。"),
        }
        widget = forms.NumberInput(attrs={"inputmode": "numeric"})
        super().__init__(
            min_value=min_value,
            max_value=MOST,
            widget=widget,
            error_messages=messages,
            required=False,
            **kwargs,
        )


def my_places(user, campaign):
    """Where this person may file records in a campaign: the places of the postings, and what lies in them."""
    codes = user.reach.codes_with("visits.file_record")
    found = Place.objects.inside(*codes).inside(campaign.area_id).active_on(timezone.localdate())
    return list(found.select_related("parent"))


class PlaceField(forms.TypedChoiceField):
    """One of my places."""

    def __init__(self, **kwargs):
        messages = {
            "required": _("请选择地方。"),
            "invalid_choice": _("这个地方现在不在您的责任范围内，请另选一个。"),
        }
        super().__init__(error_messages=messages, widget=forms.RadioSelect, **kwargs)

    def offer(self, places):
        """Buttons for a few places, a list for many."""
        found = {place.code: place for place in places}
        villages = {place.village_code for place in places}
        self.coerce = found.get
        if len(places) > FEW_PLACES:
            self.widget = forms.Select()
        self.choices = [(place.code, self._label(place, len(villages) > 1)) for place in places]

    def _label(self, place, with_village):
        return f"{place.parent.name} {place.name}" if place.is_grid and with_village else place.name


class RecordForm(IdentityForm):
    """What the short forms of a `model` share. `campaign` comes from the address, `days` are the fields of days.

    Each can `file()` what it says.
    """

    days, model = (), None

    place = PlaceField(label=_("地方"))

    def __init__(self, *args, campaign, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaign, self.user = campaign, user
        places = my_places(user, campaign)
        self.fields["place"].offer(places)
        self.initial.setdefault("place", self._my_place(places))
        for name in self.days:
            self.initial.setdefault(name, self._day(self.fields[name]))

    def _my_place(self, places):
        """Where I am posted, my grid before the village around it."""
        known = {place.code for place in places}
        posted = [posting.place_id for posting in self.user.reach.postings if posting.place_id in known]
        return max(posted, key=len, default=None)

    def _day(self, field):
        day = timezone.localdate() + timedelta(days=field.widget.attrs["data-today"])
        return max(day, self.campaign.first_on)

    @property
    def has_few_places(self):
        return isinstance(self.fields["place"].widget, forms.RadioSelect)

    def clean(self):
        super().clean()
        today, first_on = timezone.localdate(), self.campaign.first_on
        for name in self.days:
            day = self.cleaned_data.get(name)
            if day and day > today:
                self.add_error(name, _("日期不能晚于今天。"))
            elif day and day < first_on:
                sentence = _("日期不能早于活动第一天（%s）。") % formats.date_format(first_on)
                self.add_error(name, sentence)
        return self.cleaned_data

    def is_wholly_valid(self):
        return self.is_valid()

    def compare(self, stored):
        """(the stored record if this person may see it, both versions side by side)."""
        seen = self.model.objects.visible_to(self.user).filter(pk=stored.pk).first()
        return seen, record_words.compare(self.tell_stored(seen) if seen else [], self.told())


class RecordModelForm(RecordForm, forms.ModelForm):
    """A form whose answers are the columns of one record."""

    def __init__(self, *args, campaign, user, **kwargs):
        super().__init__(*args, campaign=campaign, user=user, **kwargs)
        self.instance.campaign = campaign

    def file(self):
        """(record, whether it is new); raises FilingConflict."""
        return record_services.file_record(
            self.instance, by=self.user, client_id=self.cleaned_data["client_id"]
        )

    def tell_stored(self, stored):
        return record_words.tell(stored)

    def told(self):
        return record_words.tell(self.instance)


class GatheringForm(RecordModelForm):
    """An event, who spoke, how many came."""

    days, model = ("held_on",), Gathering

    held_on = DayField(label=_("日期"))
    attendance = CountField(label=_("参加人数"))
    speakers = StaffNumbersField(label=_("主讲人"), required=False)

    class Meta:
        model = Gathering
        fields = Gathering.columns
        widgets = {"kind": forms.Select, "speaker_level": forms.RadioSelect}
        error_messages = {
            "kind": {"required": _("请选择活动类型。")},
            "topic": {"max_length": _("主题最多 200 字，请删减。")},
            "venue": {"max_length": _("场所最多 100 字，请删减。")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("请选择")), *GatheringKind.choices]
        self.fields["speaker_level"].choices = [*DepartmentLevel.choices, ("", _("不注明"))]
        self.fields["speakers"].choices = lambda: self.candidates
        self.initial.setdefault("speakers", [self.user.reach.cadre.staff_number])

    @cached_property
    def candidates(self):
        """Myself, my team mates, and who is posted where I am."""
        grid = self.initial.get("place") or self.campaign.area_id
        mates = companions_of(self.user, grid, self.campaign)
        return [(cadre.staff_number, f"{cadre.name} {cadre.staff_number}") for cadre in mates]

    def clean_speakers(self):
        numbers = list(dict.fromkeys(self.cleaned_data["speakers"]))
        found = find_companions(numbers) if numbers else {}
        if unknown := [number for number in numbers if number not in found]:
            raise forms.ValidationError(_("没有工号为 %s 的人员，请核对工号。") % "；".join(unknown))
        return [found[number] for number in numbers]

    def file(self):
        data = self.cleaned_data
        return record_services.file_gathering(
            self.instance, by=self.user, client_id=data["client_id"], speakers=data["speakers"]
        )

    def tell_stored(self, stored):
        names = stored.speakers.values_list("name", flat=True)
        return [*super().tell_stored(stored), record_words.tell_speakers(names)]

    def told(self):
        names = [speaker.cadre.name for speaker in self.cleaned_data["speakers"]]
        return [*super().told(), record_words.tell_speakers(names)]


class HandoutForm(RecordForm):
    """How many copies of what, several kinds at once; one row each."""

    days, model = ("given_on",), Handout

    given_on = DayField(label=_("日期"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind, label in MaterialKind.choices:
            self.fields[f"copies_{kind}"] = CountField(label=label, min_value=1)

    def copies(self):
        """The fields of the kinds, to be shown."""
        return [self[f"copies_{kind}"] for kind in MaterialKind]

    def clean(self):
        data = super().clean()
        names = [f"copies_{kind}" for kind in MaterialKind]
        if not any(data.get(name) or name in self.errors for name in names):
            raise forms.ValidationError(_("请至少填一种资料的份数。"))
        return data

    def handouts(self):
        data = self.cleaned_data
        return [
            Handout(
                campaign=self.campaign,
                place=data["place"],
                given_on=data["given_on"],
                kind=kind,
                copies=data[f"copies_{kind}"],
            )
            for kind in MaterialKind
            if data[f"copies_{kind}"]
        ]

    def file(self):
        """(the first row, whether it is new); raises FilingConflict."""
        return record_services.file_handouts(
            self.handouts(), by=self.user, client_id=self.cleaned_data["client_id"]
        )

    def tell_stored(self, stored):
        return record_words.tell_handouts(list(record_services.of_one_form(stored)))

    def told(self):
        return record_words.tell_handouts(self.handouts())


class StayLogForm(RecordModelForm):
    """Two days and one night in a household."""

    days, model = ("from_on", "to_on"), StayLog

    from_on = DayField(label=_("住下那天"), from_today=-1)
    to_on = DayField(label=_("离开那天"))
    entry = forms.CharField(
        label=_("住在哪一户"),
        required=False,
        max_length=100,
        help_text=_("写门牌或编号。"),
        error_messages={"max_length": _("门牌太长了，请核对。")},
    )
    text = TextField(
        label=_("日志"),
        max_length=LONGEST_LOG,
        help_text=_("写事，不写人的隐私。最多 4000 字。"),
        error_messages={
            "required": _("请写下日志。"),
            "max_length": _("日志最多 4000 字，现在是 %(show_value)d 字，请删减。"),
        },
    )

    class Meta:
        model = StayLog
        fields = StayLog.columns

    def clean_entry(self):
        """The one household of mine that the words mean; by its whole number or address, or found by a part."""
        words = self.cleaned_data["entry"]
        if not words:
            return None
        mine = RegisterEntry.objects.visible_to(self.user).inside(self.campaign.area_id).order_by("number")
        exact = mine.filter(Q(number=words) | Q(address=words))
        found = list(exact[:MOST_DOORS]) or list(find_targets(mine, words=words)[:MOST_DOORS])
        if not found:
            raise forms.ValidationError(_("您的范围内没有找到这一户，请核对门牌或编号；也可以留空。"))
        if len(found) > 1:
            doors = "；".join(f"{entry.address}（{entry.number}）" for entry in found)
            raise forms.ValidationError(_("不止一户：%s。请填其中一户的编号。") % doors)
        return found[0]

    def clean(self):
        data = super().clean()
        from_on, to_on = data.get("from_on"), data.get("to_on")
        if from_on and to_on and to_on < from_on:
            self.add_error("to_on", _("离开那天不能早于住下那天。"))
        entry, place = data.get("entry"), data.get("place")
        if entry and place and not entry.grid_id.startswith(place.code):
            self.add_error("entry", _("这一户不在所选的地方，请核对。"))
        return data

    def file(self):
        return record_services.file_stay_log(
            self.instance, by=self.user, client_id=self.cleaned_data["client_id"]
        )
