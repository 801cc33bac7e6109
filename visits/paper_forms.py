"""One row of paper, typed: every field a line, so that a keyboard alone gets through it."""

import re
import uuid
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from . import typed
from .contents import VisitContent, Words
from .enums import OpinionNature, Outcome
from .forms import (
    LONGEST_WORDS,
    FileVisitForm,
    QuietMixin,
    VisitForm,
    refusal_of_people_met,
    refusal_of_start,
)
from .models import Visit
from .services import file_visit, find_companions

LINES = (1, 2)  # as many as there are on paper; whoever wrote more files it on the page of a visit


def _line(label, **options):
    widget = forms.TextInput(attrs={"autocomplete": "off", **options.pop("attrs", {})})
    return forms.CharField(label=label, widget=widget, **{"required": False, "max_length": 500, **options})


def _nature():
    return _line(_("性质"), attrs={"inputmode": "numeric", "aria-describedby": "natures"})


def _words():
    return _line(
        _("原话"),
        max_length=LONGEST_WORDS,
        error_messages={"max_length": _("一条原话最多 2000 字，请分成几条。")},
    )


class PaperRowForm(QuietMixin, forms.Form):
    """A door's block of the list on paper. `campaign` comes from the address; the door has to be the typist's."""

    client_id = FileVisitForm.base_fields["client_id"]
    # The door that was chosen among several; otherwise what was typed says which.
    entry = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    door = _line(
        _("门牌"),
        required=True,
        error_messages={"required": _("请填门牌、编号，或扫走访表上的二维码。")},
    )
    day = _line(
        _("日期"),
        required=True,
        attrs={"inputmode": "numeric"},
        error_messages={"required": _("请填日期，例如 910 或 9月10日。")},
    )
    hour = _line(
        _("时间"),
        required=True,
        attrs={"inputmode": "numeric"},
        error_messages={"required": _("请填时间，例如 930 或 19:30。")},
    )
    outcome = _line(
        _("结果"),
        required=True,
        attrs={"inputmode": "numeric", "aria-describedby": "outcomes"},
        error_messages={"required": _("请填结果的数字。")},
    )
    people = _line(
        _("走访人"),
        required=True,
        error_messages={"required": _("请填走访人的工号或姓名，听到原话的人写在最前面。")},
    )
    people_met = VisitForm.base_fields["people_met"]
    nature_1, words_1, nature_2, words_2 = _nature(), _words(), _nature(), _words()
    note = VisitForm.base_fields["note"]

    STICKY = ("day", "people")

    def __init__(self, *args, campaign, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaign, self.user = campaign, user
        self.doors = []  # to choose from, when several fit
        self.fields["note"].widget = forms.TextInput(attrs={"autocomplete": "off"})
        self.fields["people_met"].widget = forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off"}
        )
        for n in LINES:
            self.fields[f"nature_{n}"].label = f"{self.fields[f'nature_{n}'].label} {n}"
            self.fields[f"words_{n}"].label = f"{self.fields[f'words_{n}'].label} {n}"
        self.fields["people"].help_text = _t("工号或姓名，多人用“；”隔开，听到原话的写在最前面。")

    @property
    def outcomes(self):
        """What the digits on paper mean."""
        return typed.numbered(Outcome)

    @property
    def natures(self):
        return typed.numbered(OpinionNature)

    @property
    def lines(self):
        """The fields of the words, line by line."""
        return [(self[f"nature_{n}"], self[f"words_{n}"]) for n in LINES]

    @property
    def asks_for_door_alone(self):
        """A scanner ends with Enter: the door came, the rest is still to be typed."""
        rest = [name for name in self.fields if name not in ("client_id", "entry", "door", *self.STICKY)]
        return bool(self.data.get("door")) and not any(self.data.get(name) for name in rest)

    def keep_door_complaints(self):
        """Only the door was asked about, so only the door is answered about."""
        for name in [name for name in self.errors if name != "door"]:
            del self.errors[name]

    @property
    def first_wrong(self):
        """The field to go on in: the first that was refused, or else the first that is empty."""
        names = [name for name in self.fields if name not in ("client_id", "entry")]
        wrong = [name for name in names if name in self.errors]
        return (wrong or [name for name in names if not self[name].value()] or names)[0]

    def clean_outcome(self):
        if value := typed.read_choice(self.cleaned_data["outcome"], Outcome):
            return value
        raise forms.ValidationError(_("结果请填 1 到 7 的数字：%s。") % self.outcomes)

    def clean(self):
        data = self.cleaned_data
        if "client_id" in self.errors:
            self.add_error(None, _("表单不完整：请再按一次“登记”。"))
            self.data = self.data.copy()
            self.data["client_id"] = uuid.uuid4()
        self._read_door(data)
        self._read_moment(data)
        if text := refusal_of_people_met(data.get("people_met"), data.get("outcome")):
            self.add_error("people_met", text)
        for n in LINES:
            self._read_line(data, n)
        if data.get("people"):
            self._read_people(data)

    def _read_door(self, data):
        doors = typed.doors_to_type(self.user, self.campaign)
        scan = typed.read_scan(data.get("door", ""))
        if data.get("entry"):
            found = list(doors.filter(number=data["entry"].replace("\0", "")))
        elif scan and scan[1] not in ("", self.campaign.code):
            self.add_error("door", _("这张走访表是另一项活动的。请先在上面选那项活动。"))
            return
        else:
            found = typed.find_doors(doors, data.get("door", ""))
        if len(found) == 1:
            data["found"] = found[0]
        elif found:
            self.doors = found[: typed.MOST_OFFERED]
            more = len(found) > typed.MOST_OFFERED
            self.add_error("door", _MANY if more else _("有 %d 户对得上，请选一户。") % len(found))
        elif data.get("door"):
            self.add_error("door", _("您的范围内没有这一户。请核对门牌或编号。"))

    def _read_moment(self, data):
        day = typed.read_day(data["day"], self.campaign) if data.get("day") else None
        hour = typed.read_hour(data["hour"]) if data.get("hour") else None
        if data.get("day") and day is None:
            self.add_error("day", _("没有“%s”这一天。请写成 910、9月10日或 2018-09-10。") % data["day"])
        if data.get("hour") and hour is None:
            self.add_error("hour", _("没有“%s”这个时间。请写成 930、9:30 或 19:30。") % data["hour"])
        if day and hour:
            data["started_at"] = timezone.make_aware(datetime.combine(day, hour))
            if text := refusal_of_start(data["started_at"], self.campaign):
                self.add_error("hour" if day == timezone.localdate() else "day", text)
        data["on"] = day

    def _read_line(self, data, n):
        words, nature = data.get(f"words_{n}"), data.get(f"nature_{n}")
        data[f"read_{n}"] = value = typed.read_choice(nature, OpinionNature) if nature else None
        if (words and not value) or (nature and not value):
            self.add_error(f"nature_{n}", _("性质请填 1 到 7 的数字：%s。") % self.natures)
        if nature and f"words_{n}" in data and not words:
            self.add_error(f"words_{n}", _("请写下居民的原话。"))

    def _read_people(self, data):
        """Staff numbers first; what is none may be the name of one person of the places."""
        tokens = [part for part in re.split(r"[;；,，、\s]+", data["people"]) if part]
        if not tokens:
            self.add_error("people", self.fields["people"].error_messages["required"])
            return
        found = find_companions(tokens)
        names = [token for token in tokens if token not in found]
        if names and data.get("found") and data.get("on") and "day" not in self.errors:
            grid = data["found"].grid_id
            numbers = typed.names_to_numbers(names, user=self.user, grid=grid, day=data["on"])
            for name, several in numbers.items():
                if len(several) > 1:
                    text = _("叫“%(name)s”的有几位：%(numbers)s。请填工号。")
                    self.add_error("people", text % {"name": name, "numbers": "、".join(several)})
            single = {name: several[0] for name, several in numbers.items()}
            companions = find_companions(list(single.values())) if single else {}
            found |= {name: companions[number] for name, number in single.items()}
            if unknown := [token for token in tokens if token not in found]:
                text = _("没有工号或姓名为 %s 的人员，请核对。") % "；".join(unknown)
                self.add_error("people", text)
        companions = [found[token] for token in tokens if token in found]
        data["companions"] = tuple({one.cadre.pk: one for one in companions}.values())

    def content(self):
        """What the row says, for the services."""
        data = self.cleaned_data
        lines = [(data[f"read_{n}"], data[f"words_{n}"]) for n in LINES]
        return VisitContent(
            started_at=data["started_at"],
            ended_at=None,
            outcome=data["outcome"],
            way="",
            people_met=data["people_met"],
            note=data["note"],
            companions=data["companions"],
            opinions=tuple(Words(nature, words) for nature, words in lines if words),
        )

    def file(self):
        """(visit, whether it is new); the first who is named heard the words. Raises FilingConflict."""
        content = self.content()
        return file_visit(
            self.cleaned_data["found"],
            by=self.user,
            campaign=self.campaign,
            client_id=self.cleaned_data["client_id"],
            content=content,
            origin=Visit.Origin.PAPER,
            collector=content.companions[0].cadre,
        )


_MANY = _("对得上的太多，请把门牌写全一些，或填编号。")
