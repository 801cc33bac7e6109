"""Campaigns, teams and the calendar at the office desk. A closed campaign is read-only with all that is in it."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from canvass import places
from canvass.admin import OfficeAdmin, OfficeInline
from canvass.admin_filters import DateRangeFilter
from canvass.admin_verbs import Verb, VerbForm
from grids.admin_filters import AreaFilter
from grids.hand_outs import PER_SHEET, sheet_for
from grids.models import Cadre

from . import notice_admin  # noqa: F401  registers itself
from .admin_filters import CampaignFilter
from .calendar import last_year_in_library
from .enums import CalendarSource, CampaignState
from .models import DEFAULT_OUTCOMES, CalendarDay, Campaign, CampaignOutcome, Team, TeamMember, TeamPlace
from .services import NEXT_STATES, change_campaign_state, create_campaign, fill_calendar

# The words of visits.enums.Outcome, which this app may not import.
OUTCOME_LABELS = {
    "met": _("见面"),
    "remote": _("远程"),
    "not_in": _("未遇"),
    "vacant": _("空关"),
    "refused": _("拒访"),
    "moved": _("搬迁"),
    "demolished": _("拆除"),
}
REMOTE = "remote"


class OutcomeFormSet(forms.BaseInlineFormSet):
    """Only for the remote outcome does the campaign decide whether it counts."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "counts_as_visited" in form.fields and form.instance.outcome != REMOTE:
            form.fields["counts_as_visited"].disabled = True


class OutcomeInline(OfficeInline):
    model = CampaignOutcome
    formset = OutcomeFormSet
    fields = ["outcome_label", "counts_as_visited", "return_after_days", "closes_target"]
    readonly_fields = ["outcome_label", "closes_target"]
    max_num = len(DEFAULT_OUTCOMES)
    verbose_name_plural = _("走访结果规则（只有“远程”可由活动决定是否算作已走访）")

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description=_("结果"))
    def outcome_label(self, obj):
        return OUTCOME_LABELS.get(obj.outcome, obj.outcome)


def _state_verb(name, label, state, explanation, *, is_grave=False):
    """A button that moves a campaign to a state, where the table of states allows it."""

    def run(campaign, *, by):
        return change_campaign_state(campaign, state=state)

    def allowed(user, campaign):
        codes = user.reach.codes_with("campaigns.change_campaign")
        return state in NEXT_STATES[CampaignState(campaign.state)] and places.is_inside(
            campaign.area_id, *codes
        )

    return Verb(name, label, run, allowed, VerbForm, explanation, is_grave)


STATE_VERBS = (
    _state_verb("start", _("开始活动"), CampaignState.RUNNING, _("开始以后，走访人员就可以填报。")),
    _state_verb(
        "close",
        _("结束活动"),
        CampaignState.CLOSED,
        _("结束以后，本活动的所有记录只能查看，不能再填报和修改。以后可以重新开始。"),
        is_grave=True,
    ),
    _state_verb("archive", _("归档"), CampaignState.ARCHIVED, _("归档以后不能重新开始。"), is_grave=True),
)


@admin.register(Campaign)
class CampaignAdmin(OfficeAdmin):
    place_field = "area_id"
    are_choices_placed = False
    list_display = ["name", "code", "area", "first_on", "last_on", "state"]
    list_select_related = ["area"]
    list_filter = ["state"]
    search_fields = ["code", "name"]
    search_help_text = _("按活动代码或名称查找")
    autocomplete_fields = ["area"]
    fields = [
        "code", "name", "area", "first_on", "last_on", "theme", "duty_name", "duty_phone", "second_check_percent",
        "retention_days", "forms_replaced",
        "circular_order", "circular_order_reason", "state",
    ]  # fmt: skip
    inlines = [OutcomeInline]
    verbs = STATE_VERBS

    def get_readonly_fields(self, request, obj=None):
        """The area of a campaign is what every record was scoped by: given once, with the code."""
        return [*super().get_readonly_fields(request, obj), "state", *(["code", "area"] if obj else [])]

    def get_inlines(self, request, obj):
        return super().get_inlines(request, obj) if obj else []

    def is_campaign_open(self, obj):
        return obj.state in (CampaignState.DRAFT, CampaignState.RUNNING)

    def choices_for(self, request, codes):
        """New records go into running campaigns; one may set up teams before the start."""
        rows = super().choices_for(request, codes)
        return rows.filter(state__in=(CampaignState.DRAFT, CampaignState.RUNNING))

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        else:
            create_campaign(obj)


class PlaceInline(OfficeInline):
    model = TeamPlace
    autocomplete_fields = ["place"]
    extra = 1


class MemberInline(OfficeInline):
    model = TeamMember
    autocomplete_fields = ["cadre"]
    fields = ["cadre", "from_on", "to_on"]
    extra = 1

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("cadre")


@admin.register(Team)
class TeamAdmin(OfficeAdmin):
    campaign_field = "campaign"
    list_display = ["name", "kind", "campaign"]
    list_select_related = ["campaign__area"]
    list_filter = ["kind", CampaignFilter, AreaFilter.on("places__place_id")]
    search_fields = ["name", "members__cadre__name"]
    search_help_text = _("按队伍名称或队员姓名查找")
    fields = ["campaign", "name", "kind"]
    inlines = [PlaceInline, MemberInline]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["campaign"] if obj else [])]

    def is_within_duty(self, request, obj):
        """Whose posting lies in the campaign's area, or is all of it."""
        codes = self.writable_codes(request)
        return any(places.is_inside(code, obj.campaign.area_id) for code in codes) or places.is_inside(
            obj.campaign.area_id, *codes
        )

    def is_campaign_open(self, obj):
        return obj.campaign.state in (CampaignState.DRAFT, CampaignState.RUNNING)

    def get_tools(self, request, obj):
        """Members who cannot sign in yet, as many as fit on one sheet."""
        if not request.user.has_perm("grids.hand_out_sign_in"):
            return []
        members = obj.members.exclude(to_on__lt=timezone.localdate()).values("cadre")
        waiting = Cadre.objects.visible_to(request.user).filter(pk__in=members, user__isnull=True)
        pks = waiting.values_list("pk", flat=True)[:PER_SHEET]
        return [(_("给还没有登录的队员发二维码"), sheet_for(*pks))] if pks else []

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.distinct() if "area" in request.GET else rows


class FillForm(forms.Form):
    """Which year's plan to write into the calendar."""

    required_css_class = "required"
    year = forms.TypedChoiceField(label=_("年份"), coerce=int)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        last = last_year_in_library()
        self.fields["year"].choices = [(year, str(year)) for year in range(last, last - 10, -1)]
        self.fields["year"].help_text = _("目前已有国家安排到 %(year)d 年。") % {"year": last}


@admin.register(CalendarDay)
class CalendarDayAdmin(OfficeAdmin):
    is_common = True
    list_display = ["day", "is_working", "name", "source"]
    list_filter = ["is_working", "source", ("day", DateRangeFilter)]
    fields = ["day", "is_working", "name"]
    fill_verb = {
        "label": _("按国家安排填入某年"),
        "explanation": _("写入这一年公布的放假日和调休上班日。办公室自己填写的日子保持不变，可以重复办理。"),
    }

    def get_urls(self):
        view = self.admin_site.admin_view(self.fill_view)
        return [path("fill/", view, name="campaigns_calendarday_fill"), *super().get_urls()]

    def fill_view(self, request):
        """Fill in the published plan of one year."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = FillForm(request.POST or None)
        back = reverse("admin:campaigns_calendarday_changelist", current_app=self.admin_site.name)
        if request.method == "POST" and form.is_valid():
            year = form.cleaned_data["year"]
            found = {"year": year, "days": fill_calendar([year])}
            messages.success(request, _("%(year)d 年已填入，写入 %(days)d 天。") % found)
            return HttpResponseRedirect(back)
        context = {
            "opts": self.opts,
            "verb": self.fill_verb,
            "original": "",
            "title": self.fill_verb["label"],
        }
        context |= {"form": form, "back": back, "media": self.media + form.media}
        return TemplateResponse(request, "admin/verb.html", self.admin_site.each_context(request) | context)

    def save_model(self, request, obj, form, change):
        """What somebody typed is the office's from now on."""
        obj.source = CalendarSource.OFFICE
        obj.save()
