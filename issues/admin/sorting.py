"""Words sorted into issues and suggestions: the desk's page of an opinion, with what this app adds to it."""

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass.admin import ReadOnlyInline
from canvass.admin_verbs import Verb
from visits.admin.opinions import OpinionAdmin
from visits.admin.visits import account_name
from visits.models import Opinion

from ..forms import AnswerForm
from ..models import Issue, IssueOpinion, OpinionNote, SuggestionAnswer
from ..permissions import can_answer_suggestion
from ..services import ISSUE_NATURES, answer_suggestion


class IssueLinkInline(ReadOnlyInline):
    """Words taken out of an issue again keep their row, with the reason."""

    model = IssueOpinion
    fields = ["issue", "state", "at", "removed_at", "removed_because"]
    verbose_name_plural = pgettext_lazy("plural", "归入的问题")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("issue")
        return rows.filter(issue__in=Issue.objects.visible_to(request.user))

    @admin.display(description=_("状态"))
    def state(self, obj):
        return obj.issue.get_state_display()


class AnswerInline(ReadOnlyInline):
    model = SuggestionAnswer
    fields = ["at", "answer", "reason", "who"]
    verbose_name_plural = _("建议答复（以最近一次为准）")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by__cadre")

    @admin.display(description=_("经办人"))
    def who(self, obj):
        return account_name(obj.by)


class NoteInline(ReadOnlyInline):
    model = OpinionNote
    fields = ["at", "text", "who"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by__cadre")

    @admin.display(description=_("经办人"))
    def who(self, obj):
        return account_name(obj.by)


class SortedFilter(admin.SimpleListFilter):
    """What is still to be dealt with."""

    title = _("分拣")
    parameter_name = "sorted"

    def lookups(self, request, model_admin):
        return [
            ("no", _("待分拣")),
            ("issue", _("已归入问题")),
            ("answered", _("已答复建议")),
            ("noted", _("已留存")),
        ]

    def queryset(self, request, queryset):
        linked = Exists(IssueOpinion.objects.standing().filter(opinion=OuterRef("pk")))
        answered = Exists(SuggestionAnswer.objects.filter(opinion=OuterRef("pk")))
        noted = Exists(OpinionNote.objects.filter(opinion=OuterRef("pk")))
        conditions = {
            "no": ~linked & ~answered & ~noted,
            "issue": linked,
            "answered": answered,
            "noted": noted,
        }
        return queryset.filter(conditions[self.value()]) if self.value() in conditions else queryset


def accept_address(opinions):
    """The page that accepts an issue from these words."""
    numbers = "；".join(opinion.number for opinion in opinions)
    query = {"opinions": numbers, "campaign": opinions[0].campaign_id, "place": opinions[0].place_id}
    return f"{reverse('admin:issues_issue_add')}?{urlencode(query)}"


@admin.register(Opinion)
class OpinionDeskAdmin(OpinionAdmin):
    list_filter = [*OpinionAdmin.list_filter[:-1], SortedFilter, OpinionAdmin.list_filter[-1]]
    actions = ["accept_selected"]
    inlines = [IssueLinkInline, AnswerInline, NoteInline, *OpinionAdmin.inlines]
    verbs = (
        Verb("answer", _("答复建议"), answer_suggestion, can_answer_suggestion, AnswerForm),
        *OpinionAdmin.verbs,
    )

    def get_tools(self, request, obj):
        open_words = obj.nature in ISSUE_NATURES and not obj.is_void and obj.campaign.is_writable
        accept = open_words and request.user.has_perm("issues.add_issue")
        tools = [(_("受理为问题"), accept_address([obj]))] if accept else []
        return tools + super().get_tools(request, obj)

    @admin.action(description=_("把所选诉求受理为一件问题"))
    def accept_selected(self, request, queryset):
        opinions = list(queryset.order_by("heard_at", "pk")[:100])
        if len({opinion.campaign_id for opinion in opinions}) > 1:
            messages.error(request, _("所选诉求不属于同一活动，请分开办理。"))
            return None
        return HttpResponseRedirect(accept_address(opinions))

    def get_actions(self, request):
        return super().get_actions(request) if request.user.has_perm("issues.add_issue") else {}
