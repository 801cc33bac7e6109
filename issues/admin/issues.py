"""Issues at the desk: accepted, moved by buttons, looked at. State and dates are never typed."""

from functools import partial

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from campaigns.admin_filters import CampaignFilter
from canvass.admin import OfficeAdmin
from canvass.admin_filters import DateRangeFilter
from canvass.admin_verbs import Verb
from grids.admin_filters import AreaFilter
from visits.admin.visits import state_label

from .. import services
from ..answer_texts import templates_for
from ..enums import IssueState, Lateness, SupervisionColour
from ..forms import AcceptForm, CorrectForm, move_form
from ..models import Issue
from ..models.supervision import with_slip_colour
from ..permissions import calls_for, can_correct_issue, can_move_issue
from ..workflow import MOVES, moves_from
from .bulk import BulkMixin
from .filters import CategoryFilter, LatenessFilter, LeadFilter, SlipFilter
from .history import HISTORY

LAMPS = {
    Lateness.DUE_SOON: "soon",
    Lateness.LATE: "late",
    Lateness.VERY_LATE: "late",
    Lateness.STOPPED: "",
}
SLIP_LAMPS = {SupervisionColour.BLUE: "open", SupervisionColour.YELLOW: "soon", SupervisionColour.RED: "late"}


def _marked(issues, user):
    """With everything that the list and the page say about an issue beside its own columns."""
    return with_slip_colour(issues.with_lateness().with_reminder(), user)


class IssueList(ChangeList):
    """Marks are for the list alone: autocompletes and choices of the same model need none."""

    def get_queryset(self, request, exclude_parameters=None):
        return _marked(super().get_queryset(request, exclude_parameters), request.user)


def _verb(move):
    """A move of the table as a button."""

    def allowed(user, issue):
        offered = move in moves_from(issue.state) and can_move_issue(user, issue, move)
        return offered and calls_for(issue, move)

    grave = move.target == IssueState.WITHDRAWN
    run = partial(services.move_issue, move=move.name)
    return Verb(move.name, move.label, run, allowed, move_form(move), "", grave)


@admin.register(Issue)
class IssueAdmin(BulkMixin, OfficeAdmin):
    form = AcceptForm
    asks_constraints = False  # the services decide about restriction, which a constraint wants to see done
    place_field = "place_id"
    campaign_field = "campaign"
    list_display = [
        "number", "title", "category", "level", "village", "lead_department", "state_word", "due", "marks",
        "registered",
    ]  # fmt: skip
    list_select_related = ["category", "place__parent", "lead_department", "campaign"]
    list_filter = [
        CampaignFilter, AreaFilter.on("place_id"), "state", LatenessFilter, SlipFilter, LeadFilter, CategoryFilter, "level",
        "urgency", ("registered_at", DateRangeFilter),
    ]  # fmt: skip
    search_fields = ["number", "title", "place__name", "lead_department__name"]
    search_help_text = _("按问题编号、标题、地方或主办单位查找")
    autocomplete_fields = ["category", "place"]
    verb_url = "move"
    verbs = tuple(_verb(move) for move in MOVES.values() if move.sources)
    inlines = HISTORY
    add_fieldsets = [
        (
            None,
            {"fields": ["opinions", "title", "category", "level", "urgency", "profile", "place", "campaign"]},
        ),
    ]
    fieldsets = [
        (
            None,
            {"fields": ["number", "title", "category", "level", "urgency", "profile", "place", "campaign"]},
        ),
        (
            _("办理情况"),
            {"fields": ["state_word", "lead_department", "due", "marks", "result", "outcome", "linked"]},
        ),
        (
            _("时间"),
            {"fields": ["registered_at", "assigned_at", "replied_at", "closed_at", "is_spot_resolved"]},
        ),
    ]
    kept = [
        "number",
        "campaign",
        "state_word",
        "lead_department",
        "due",
        "marks",
        "result",
        "outcome",
        "linked",
    ]
    kept += ["registered_at", "assigned_at", "replied_at", "closed_at", "is_spot_resolved"]

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_readonly_fields(self, request, obj=None):
        return self.kept if obj else []

    def get_changelist(self, request, **kwargs):
        return IssueList

    def get_object(self, request, object_id, from_field=None):
        obj = super().get_object(request, object_id, from_field)
        if obj is not None:
            marks = _marked(Issue.objects.filter(pk=obj.pk), request.user)
            names = ("lateness", "slip_colour", "reminded_at")
            obj.__dict__.update(zip(names, marks.values_list(*names).get(), strict=True))
        return obj

    def get_form(self, request, obj=None, change=False, **kwargs):
        """What joins an issue to words is asked when it is accepted, and never again."""
        return super().get_form(
            request, obj, change=change, **({"form": CorrectForm} if obj else {}), **kwargs
        )

    def get_inlines(self, request, obj):
        return super().get_inlines(request, obj) if obj else []

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (
            obj is None or can_correct_issue(request.user, obj)
        )

    def save_model(self, request, obj, form, change):
        cleaned = form.cleaned_data
        if change:
            columns = {name: cleaned[name] for name in form.changed_data}
            obj.is_restricted = services.correct_issue(obj, by=request.user, **columns).is_restricted
            return
        names = ("campaign", "title", "category", "level", "urgency", "profile", "place", "opinions")
        accepted = services.accept_issue(by=request.user, **{name: cleaned[name] for name in names})
        # The admin goes on with the object of the form: let it be the accepted one.
        obj.__dict__.update(accepted.__dict__)

    def _verb_context(self, request, obj, verb, form):
        """Where answer templates fit, the way to the page that has them, and back to this row."""
        context = super()._verb_context(request, obj, verb, form)
        if templates_for(obj, MOVES[verb.name]):
            query = urlencode({"next": context["back"]})
            address = f"{reverse('issues:issue_move', args=[obj.pk, verb.name])}?{query}"
            context["elsewhere"] = {"label": _("套用范本办理"), "url": address}
        return context

    def choice_label(self, obj):
        return f"{obj.number} {obj.title}"

    @admin.display(description=_("村（社区）"), ordering="place_id")
    def village(self, obj):
        return obj.place.village_name

    @admin.display(description=_("状态"), ordering="state")
    def state_word(self, obj):
        kind = "good" if obj.state in (IssueState.CLOSED, IssueState.REPLIED) else ""
        kind = "open" if obj.state in (IssueState.ASSIGNED, IssueState.IN_PROGRESS) else kind
        return state_label(obj.get_state_display(), kind)

    @admin.display(description=_("登记时间"), ordering="registered_at")
    def registered(self, obj):
        return f"{timezone.localdate(obj.registered_at):%Y-%m-%d}"

    @admin.display(description=_("期限"), ordering="due_at")
    def due(self, obj):
        if obj.due_at is None:
            return "—"
        day = f"{timezone.localdate(obj.due_at):%Y-%m-%d}"
        lateness = Lateness(obj.lateness)
        if lateness not in LAMPS:
            return day
        return format_html("{} {}", day, state_label(lateness.label, LAMPS[lateness]))

    @admin.display(description=_("督办、催办"))
    def marks(self, obj):
        found = []
        if obj.slip_colour:
            colour = SupervisionColour(obj.slip_colour)
            word = _("%(colour)s色督办") % {"colour": colour.label}
            found.append((state_label(word, SLIP_LAMPS[colour]),))
        if obj.reminded_at:
            word = _("已催办 %(day)s") % {"day": f"{timezone.localdate(obj.reminded_at):%m-%d}"}
            found.append((state_label(word, "soon"),))
        return format_html_join(" ", "{}", found) or "—"

    @admin.display(description=_("并入或接续"))
    def linked(self, obj):
        rows = [(_("并入"), obj.merged_into), (_("接续"), obj.continues)]
        told = [(word, row.number) for word, row in rows if row and not row.is_restricted]
        return format_html_join("；", "{} {}", told) or "—"
