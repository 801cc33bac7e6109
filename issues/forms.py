"""What the office fills in about an issue: accepting it, moving it, answering a suggestion."""

import re

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.calendar import is_provisional
from canvass.admin_verbs import VerbForm
from grids.models import Department
from visits.enums import VisitWay
from visits.models import Opinion

from .answer_texts import GAP, gaps
from .clocks import usual_due
from .enums import FollowUpResult, IssueOutcome, Satisfaction, SuggestionVerdict, TextKind
from .models import Issue, IssueSupport
from .move_days import suggest_day
from .permissions import can_accept_issue
from .step_words import FIELD_WORDS
from .voices import voices_of
from .workflow import HEARD, LOOK_BACK, SECOND_CHECK

# What is typed here is what the resident said.
WORDS_MOVES = (HEARD, LOOK_BACK, SECOND_CHECK)


class ProfileMixin:
    """A form that was sent without the profile leaves it as it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "profile" in self.fields:  # a page that only shows the issue has no fields
            self.fields["profile"].required = False

    def clean_profile(self):
        return self.cleaned_data["profile"] or self.instance.profile


class AcceptForm(ProfileMixin, forms.ModelForm):
    """A new issue from the words of any number of residents, or from none."""

    opinions = forms.CharField(
        label=_("诉求编号"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=_("这件问题出自哪些诉求；几个编号用分号隔开，也可以不填。在诉求列表里勾选后办理更方便。"),
    )

    class Meta:
        model = Issue
        fields = ["campaign", "title", "category", "level", "urgency", "profile", "place"]

    def clean(self):
        cleaned = super().clean()
        place, level = cleaned.get("place"), cleaned.get("level")
        if place and level and not can_accept_issue(self.request.user, place.code, level):
            self.add_error("level", _("村（社区）只能受理本村自己能办的问题；其他层级请交给活动办。"))
        if cleaned.get("campaign"):
            cleaned["opinions"] = self._opinions(cleaned["campaign"], cleaned.get("opinions") or "")
        return cleaned

    def _opinions(self, campaign, typed):
        """The opinions of the numbers, in the order typed."""
        numbers = [number for number in dict.fromkeys(re.split(r"[;；,，、\s]+", typed)) if number]
        rows = Opinion.objects.visible_to(self.request.user).filter(campaign=campaign, number__in=numbers)
        found = {row.number: row for row in rows}
        if missing := [number for number in numbers if number not in found]:
            error = forms.ValidationError(
                _("本活动中没有这些诉求编号：%(numbers)s。"), params={"numbers": "、".join(missing)}
            )
            self.add_error("opinions", error)
        return [found[number] for number in numbers if number in found]


class CorrectForm(ProfileMixin, forms.ModelForm):
    """What a clerk may set right after accepting; the place stays one of the clerk's own."""

    class Meta:
        model = Issue
        fields = ["title", "category", "level", "urgency", "profile", "place"]


def _day_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _choice(label, choices, **options):
    return forms.ChoiceField(label=label, choices=[("", "—"), *choices], **options)


class MoveForm(VerbForm):
    """The fields of one move, as the table names them; with the version of the issue that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    move = None

    def __init__(self, *args, subject, request, **kwargs):
        super().__init__(*args, subject=subject, request=request, **kwargs)
        self.fields["version"].initial = subject.version
        for name in self.move.fields:
            field = _field(name, subject)
            field.required = name in self.move.required
            suggest_day(field, name, self.move, subject)
            self.fields[name] = field
        if "voice" in self.fields:
            self._limit_voices()
        if self.move.name in WORDS_MOVES:
            self.fields["reason"].label = _("群众原话")

    def _limit_voices(self):
        """Which of several residents was asked; where there is but one, nobody need say so."""
        voices = voices_of(self.subject)
        if len(voices[:2]) < 2:
            del self.fields["voice"]
            return
        field = self.fields["voice"]
        if self.move.name == HEARD:
            field.required, field.empty_label = True, "—"
        field.queryset = voices & Opinion.objects.visible_to(self.request.user)
        asked = self.subject.follow_ups.filter(result__in=FollowUpResult.answers())
        field.asked = dict(asked.order_by("at", "pk").values_list("opinion", "result"))
        self.order_fields(["version", "voice"])

    def clean(self):
        cleaned = super().clean()
        for name in TextKind.values:
            if gaps(cleaned.get(name) or ""):
                sentence = _("还有空没有填好（%(gap)s）。请填好，或者删去这一句。")
                self.add_error(name, forms.ValidationError(sentence, params={"gap": GAP}))
        return cleaned

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("期限不能早于今天。"))
        return day

    def clean_main_issue(self):
        """The issue of the number, among those of the campaign that this person may see."""
        number = self.cleaned_data["main_issue"].strip()
        seen = Issue.objects.visible_to(self.request.user).filter(campaign=self.subject.campaign_id)
        main = seen.filter(number=number).first()
        if main is None:
            raise forms.ValidationError(_("本次活动中没有这个问题编号，请核对。"))
        return main


class VoiceField(forms.ModelChoiceField):
    """One of the words of a matter, with what was heard about it already."""

    asked = {}

    def label_from_instance(self, opinion):
        said = self.asked.get(opinion.pk)
        told = _("已问：%s") % FollowUpResult(said).label if said else _("还没有问")
        return f"{opinion.number} {Truncator(opinion.words_verbatim).chars(24)}（{told}）"


def _field(name, issue):
    """The form field of one name in the move table."""
    if name == "voice":
        return VoiceField(
            Opinion.objects.none(),
            label=FIELD_WORDS[name],
            empty_label=_("没有分开问"),
            help_text=_HINTS[name],
        )
    if name in ("lead_department", "supports", "proposed_department"):
        return _department_field(name)
    if name == "due_on":
        return _due_field(issue)
    if name in _CHOICES:
        return _choice(FIELD_WORDS[name], _CHOICES[name])
    if name in ("until_on", "review_on"):
        return forms.DateField(label=FIELD_WORDS[name], widget=_day_input())
    if name == "is_final":
        return forms.BooleanField(label=FIELD_WORDS[name], help_text=_("勾选后承办单位不能再退单。"))
    if name in ("main_issue", "route", "told", "milestone"):
        return forms.CharField(label=FIELD_WORDS[name], max_length=200, help_text=_HINTS.get(name, ""))
    text = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})
    return forms.CharField(
        label=FIELD_WORDS[name], widget=text, max_length=2000, help_text=_HINTS.get(name, "")
    )


def _due_field(issue):
    """The day that the limit for this urgency gives; past the last published calendar it may still change."""
    due_at, limit = usual_due(issue, timezone.now())
    due_on, told = None, _("到这一天结束为止。")
    if limit:
        due_on = timezone.localdate(due_at)
        told = _("已按时限（%(amount)d %(unit)s）算好，可以改；按时限的，到 %(due_at)s 为止。") % {
            "amount": limit.amount,
            "unit": limit.get_unit_display(),
            "due_at": timezone.localtime(due_at).strftime("%Y-%m-%d %H:%M"),
        }
    if due_on and is_provisional(due_on):
        told += _("国家尚未公布 %(year)d 年放假安排，此期限暂定，公布后自动重算。") % {"year": due_on.year}
    return forms.DateField(label=FIELD_WORDS["due_on"], widget=_day_input(), initial=due_on, help_text=told)


_CHOICES = {
    "outcome": IssueOutcome.choices,
    "result": FollowUpResult.choices,
    "satisfaction": Satisfaction.choices,
    "way": VisitWay.choices,
}
_HINTS = {
    "main_issue": _("主件的问题编号。并案后每位群众仍会得到答复。"),
    "route": _("例如：人民法院、劳动仲裁委员会、上级某部门。"),
    "told": _("例如：已电话告知本人。不写姓名。"),
    "reply": _("群众会读到的话：做了什么、结果怎样、找谁。不写人名。"),
    "explanation": _("批准以后群众会读到的话：为什么一时办不成、打算怎么办。不写人名。"),
    "evidence": _("现场情况、验收单号等，可不填。"),
    "plan": _("打算怎么解决、分几步、谁负责。"),
    "milestone": _("下一步做到什么程度。"),
    "voice": _("这件问题有几条诉求，每位群众都要有回音。一次问一位。"),
}


def _department_field(name):
    if name == "supports":
        widget = AutocompleteSelectMultiple(IssueSupport._meta.get_field("department"), admin.site)
        return forms.ModelMultipleChoiceField(
            Department.objects.all(), label=FIELD_WORDS[name], widget=widget
        )
    widget = AutocompleteSelect(Issue._meta.get_field("lead_department"), admin.site)
    return forms.ModelChoiceField(Department.objects.all(), label=FIELD_WORDS[name], widget=widget)


class PlainMoveForm(MoveForm):
    """The same on an ordinary page: plain lists instead of the desk's autocomplete, no script needed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        widgets = {
            "lead_department": forms.Select(),
            "proposed_department": forms.Select(),
            "supports": forms.SelectMultiple(),
        }
        for name, widget in widgets.items():
            if name in self.fields:
                self.fields[name].widget = widget
                widget.choices = self.fields[name].choices


def move_form(move, base=MoveForm):
    """The form class of one move."""
    return type(base.__name__, (base,), {"move": move})


class AnswerForm(VerbForm):
    answer = _choice(pgettext_lazy("suggestion", "答复"), SuggestionVerdict.choices)
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("不采纳时请写明理由，建议人会看到。"),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answer") == SuggestionVerdict.NOT_ADOPTED and not cleaned.get("reason"):
            self.add_error("reason", _("不采纳要写明理由。"))
        return cleaned
