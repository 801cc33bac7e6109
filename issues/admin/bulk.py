"""Bulk actions of the issue list: one page asks once, the next one tells what became of every row."""

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..bulk import BULK_MOVES, MOST, as_seen, move_each, read_seen
from ..clocks import usual_due
from ..forms import MoveForm
from ..models import Issue
from ..workflow import MOVES, OFFICE


class BulkForm(MoveForm):
    """The fields of a move, asked once for many issues; with the version of each that the person saw."""

    rows = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, subject=Issue(), **kwargs)
        for name in ("version", "is_final"):  # a ruling is made about one issue
            self.fields.pop(name, None)
        if due := self.fields.get("due_on"):
            due.required, due.initial = False, None
            due.help_text = _("不填：每件按各自的紧急程度从今天算起。填了：每件都到这一天结束为止。")

    def clean_due_on(self):
        return super().clean_due_on() if self.cleaned_data["due_on"] else None

    def clean_rows(self):
        rows = read_seen(self.cleaned_data["rows"])
        if rows is None:
            raise forms.ValidationError(_("所选的问题没有读到，请回到列表重新勾选。"))
        return rows

    def values_for(self, issue):
        """What the move records on one issue."""
        values = {name: self.cleaned_data[name] for name in self.move.fields if name in self.fields}
        if "due_on" in values:
            values["due_on"] = values["due_on"] or timezone.localdate(usual_due(issue, timezone.now())[0])
        return values


class BulkMixin:
    """Gives a ModelAdmin of issues its bulk actions and the page `admin:issues_issue_bulk`."""

    actions = ["assign_selected", "remind_selected"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.bulk_view)
        return [path("bulk/<str:verb>/", view, name="issues_issue_bulk"), *super().get_urls()]

    def get_actions(self, request):
        return super().get_actions(request) if request.user.has_perm(OFFICE) else {}

    @admin.action(description=gettext_lazy("批量交办"))
    def assign_selected(self, request, queryset):
        return self._ask(request, queryset, "assign")

    @admin.action(description=gettext_lazy("批量催办"))
    def remind_selected(self, request, queryset):
        return self._ask(request, queryset, "remind")

    def _ask(self, request, queryset, verb):
        issues = list(queryset[: MOST + 1])
        if len(issues) > MOST:
            messages.error(request, _("一次最多办理 %d 件，请先筛选，再分几次办。") % MOST)
            return None
        form = self._form(verb)(initial={"rows": as_seen(issues)}, request=request)
        return self._page(request, verb, form, issues)

    def bulk_view(self, request, verb):
        """What the asking page sends. Every row is checked by the write door, against the version seen."""
        if verb not in BULK_MOVES or not request.user.has_perm(OFFICE):
            raise Http404
        if request.method != "POST":
            return HttpResponseRedirect(self._list_address())
        form = self._form(verb)(request.POST, request=request)
        if form.is_valid():
            rows = form.cleaned_data["rows"]
            result = move_each(rows, move=verb, by=request.user, values_for=form.values_for)
            for issue in result.done:
                self.log_change(request, issue, str(MOVES[verb].label))
            return self._told(request, verb, result)
        rows = read_seen(request.POST.get("rows", "")) or {}
        return self._page(request, verb, form, self.get_queryset(request).filter(pk__in=rows))

    def _form(self, verb):
        return type("BulkForm", (BulkForm,), {"move": MOVES[verb]})

    def _list_address(self):
        return reverse("admin:issues_issue_changelist", current_app=self.admin_site.name)

    def _context(self, request, verb):
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "verb": MOVES[verb],
            "title": _("批量%(move)s") % {"move": MOVES[verb].label},
            "back": self._list_address(),
        }

    def _page(self, request, verb, form, issues):
        move = MOVES[verb]
        context = self._context(request, verb) | {
            "form": form,
            "media": self.media + form.media,
            "issues": [(issue, issue.state in move.sources) for issue in issues],
            "action": reverse("admin:issues_issue_bulk", args=[verb], current_app=self.admin_site.name),
        }
        return TemplateResponse(request, "admin/issue_bulk.html", context)

    def _told(self, request, verb, result):
        numbers = {"move": MOVES[verb].label, "done": len(result.done), "refused": len(result.refused)}
        said = _("%(done)d 件已%(move)s，%(refused)d 件没有办。") % numbers
        context = self._context(request, verb) | {"result": result, "said": said, "media": self.media}
        return TemplateResponse(request, "admin/issue_bulk_told.html", context)
