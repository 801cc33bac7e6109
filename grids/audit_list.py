"""What an auditor asks of the log: the filters of the list, as its address carries them, and the rows they leave."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from canvass.moments import day_end, day_start

from .audit_records import keys_of, kind_of, named_models
from .enums import AuditAction, AuditResult, Device
from .models import AuditRow, User

PAGE = 50


def _any(choices):
    return [("", _("全部")), *choices]


def _kinds():
    kinds = sorted((kind_of(label), label) for label in named_models())
    return _any([(label, kind) for kind, label in kinds])


class AuditForm(forms.Form):
    """Every filter is optional. One that cannot be understood says so: an auditor must not take all for some."""

    who = forms.CharField(label=_("人员（姓名、工号或账号）"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("记录类型"), choices=_kinds, required=False)
    number = forms.CharField(label=_("记录编号"), max_length=100, required=False)
    action = forms.ChoiceField(label=_("事项"), choices=_any(AuditAction.choices), required=False)
    result = forms.ChoiceField(label=_("结果"), choices=_any(AuditResult.choices), required=False)
    device = forms.ChoiceField(label=_("设备"), choices=_any(Device.choices), required=False)
    door = forms.CharField(label=_("页面"), max_length=100, required=False)
    address = forms.CharField(label=_("来源地址"), max_length=45, required=False)
    first_on = forms.DateField(label=_("从"), required=False)
    last_on = forms.DateField(label=_("到"), required=False)

    def __init__(self, data):
        super().__init__(data, auto_id="filter-%s")
        for name, field in self.fields.items():
            widget = field.widget
            widget.attrs["class"] = "input"
            if name in ("first_on", "last_on"):
                widget.input_type, widget.format = "date", "%Y-%m-%d"
                widget.attrs["autocomplete"] = "off"

    def clean(self):
        data = super().clean()
        if data.get("number") and not data.get("kind") and "kind" not in self.errors:
            self.add_error("kind", ValidationError(_("按编号查，请同时选记录类型。")))
        first, last = data.get("first_on"), data.get("last_on")
        if first and last and first > last:
            self.add_error("last_on", ValidationError(_("“到”不能早于“从”。")))
        return data

    @property
    def chosen(self):
        """How many filters hold."""
        return sum(bool(value) for value in self.cleaned_data.values()) if self.is_valid() else 0

    def rows(self, user):
        """The rows that this person may see and the filters leave, the newest first; none while one is unclear."""
        if not self.is_valid():
            return AuditRow.objects.none()
        return AuditRow.objects.visible_to(user).filter(self._condition()).order_by("-id")

    def _condition(self):
        chosen, condition = self.cleaned_data, Q()
        if typed := chosen["who"]:
            condition &= Q(user__in=_people(typed))
        if label := chosen["kind"]:
            condition &= Q(record_type=label)
        if number := chosen["number"]:
            condition &= Q(record_key__in=keys_of(named_models()[label], number))
        for name in ("action", "result", "device", "address", "door"):
            if value := chosen[name]:
                condition &= Q(**{name: value})
        if day := chosen["first_on"]:
            condition &= Q(at__gte=day_start(day))
        if day := chosen["last_on"]:
            condition &= Q(at__lt=day_end(day))
        return condition


def _people(typed):
    """By the name of today; a row keeps the name of then."""
    meant = Q(cadre__name__contains=typed) | Q(cadre__staff_number__iexact=typed) | Q(username=typed)
    return User.objects.filter(meant).values("pk")


def page_of(rows, before):
    """(the rows of a page, the key of the next one or ""): by key and not by offset, the millionth as fast as the first."""
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(id__lt=int(before))
    found = list(rows[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].id) if len(found) > PAGE else ""
