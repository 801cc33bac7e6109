"""Verbs on one row of the desk: a button, one page that asks what has to be said, a service that does it."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class VerbForm(forms.Form):
    """What a verb asks for. Knows the row and the person, so that choices can be limited to theirs."""

    required_css_class = "required"

    def __init__(self, *args, subject, request, **kwargs):
        self.subject = subject
        self.request = request
        super().__init__(*args, **kwargs)


class ReasonForm(VerbForm):
    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("必填，会写入办理记录。"),
    )


@dataclass(frozen=True)
class Verb:
    """`run(obj, by=user, **what the form asked)` does it; `allowed(user, obj)` decides about the button."""

    name: str
    label: str
    run: Callable
    allowed: Callable
    form: type = VerbForm
    explanation: str = ""
    is_grave: bool = False


class VerbsMixin:
    """Gives a ModelAdmin its buttons and the page `admin:<app>_<model>_<verb_url>`."""

    verbs = ()
    verb_url = "verb"

    def get_verbs(self, request, obj):
        """The verbs this person may do to this row now."""
        return [verb for verb in self.verbs if verb.allowed(request.user, obj)]

    def get_tools(self, request, obj):
        """(label, address) of other pages that a row offers."""
        return []

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_{self.verb_url}"
        view = self.admin_site.admin_view(self.verb_view)
        return [path(f"<path:object_id>/{self.verb_url}/<str:verb>/", view, name=name), *super().get_urls()]

    def _address(self, page, obj, *more):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=[quote(obj.pk), *more], current_app=self.admin_site.name)

    def verb_view(self, request, object_id, verb):
        """Ask what the verb has to record, then do it. Strangers meet 404, a stale button an explanation."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not self.has_view_or_change_permission(request, obj):
            raise Http404
        found = next((known for known in self.get_verbs(request, obj) if known.name == verb), None)
        if found is None:
            messages.error(request, gettext("现在不能这样办理：记录的状态已经变了，或者不在您的职责内。"))
            return HttpResponseRedirect(self._address("change", obj))
        form = found.form(request.POST if request.method == "POST" else None, subject=obj, request=request)
        if request.method == "POST" and form.is_valid() and self._do(request, obj, found, form):
            return HttpResponseRedirect(self._after_verb(request, obj))
        return TemplateResponse(request, "admin/verb.html", self._verb_context(request, obj, found, form))

    def _do(self, request, obj, verb, form):
        try:
            verb.run(obj, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            return False
        self.log_change(request, obj, str(verb.label))
        messages.success(request, gettext("“%(verb)s”已完成：%(row)s") % {"verb": verb.label, "row": obj})
        return True

    def _after_verb(self, request, obj):
        """Back to the row, or to the list when the verb took it out of this person's sight."""
        if self.get_object(request, str(obj.pk)) is None:
            return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return self._address("change", obj)

    def _verb_context(self, request, obj, verb, form):
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": gettext("%(verb)s：%(row)s") % {"verb": verb.label, "row": obj},
            "verb": verb,
            "form": form,
            "media": self.media + form.media,
            "back": self._address("change", obj),
        }

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["verbs"] = [
                {
                    "label": verb.label,
                    "url": self._address(self.verb_url, obj, verb.name),
                    "grave": verb.is_grave,
                }
                for verb in self.get_verbs(request, obj)
            ] + [{"label": label, "url": url, "grave": False} for label, url in self.get_tools(request, obj)]
        return super().render_change_form(request, context, add, change, form_url, obj)
