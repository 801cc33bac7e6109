"""The office desk: the admin site as the campaign office uses it, and what every list and form on it shares."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import AdminSite, helpers
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth import REDIRECT_FIELD_NAME, get_permission_codename
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from canvass import places
from canvass.admin_forms import (
    DeskAutocomplete,
    DeskForm,
    asks_for_no_row,
    could_be,
    desk_form,
    with_possible_keys,
)
from canvass.admin_index import GROUPS, LINKS
from canvass.admin_verbs import VerbsMixin
from canvass.opens import touches
from canvass.sealed import with_indexes


class OfficeAutocomplete(AutocompleteJsonView):
    """Offers what a form for that field would take from this person, said as the model's admin says it."""

    def get_queryset(self):
        verbs = [
            f"{self.source_field.model._meta.app_label}.{get_permission_codename(verb, self.source_field.model._meta)}"
            for verb in ("add", "change")
        ]
        rows = self.model_admin.choices_for(self.request, self.request.user.reach.codes_with(*verbs))
        rows, has_duplicates = self.model_admin.get_search_results(self.request, rows, self.term)
        return rows.distinct() if has_duplicates else rows

    def serialize_result(self, obj, to_field_name):
        return super().serialize_result(obj, to_field_name) | {"text": self.model_admin.choice_label(obj)}


class OfficeAdminSite(AdminSite):
    """Entry is a permission that a posting gives; `is_staff` plays no part."""

    site_header = _("大走访办公台")
    site_title = _("大走访办公台")
    index_title = _("登记与台账")
    empty_value_display = "—"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.disable_action("delete_selected")

    def has_permission(self, request):
        return request.user.is_active and request.user.has_perm("grids.use_office_desk")

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """One sign-in page for all. Who is signed in but may not enter is told so, not asked again."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        # Only a path of this desk is carried on; the sign-in page checks the host once more.
        target = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index", current_app=self.name)
        return redirect_to_login(target, settings.LOGIN_URL)

    def password_change(self, request, extra_context=None):
        """One page for all: it knows the rules of the house."""
        return HttpResponseRedirect(reverse("grids:new_password"))

    def get_app_list(self, request, app_label=None):
        """Our groups instead of Django's apps; what no group names follows under its app."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        found = {model["model"]._meta.label: model for app in apps for model in app["models"]}
        groups = []
        for name, labels in GROUPS:
            if rows := [found.pop(label) for label in labels if label in found]:
                groups.append(self._group(name, rows))
        for app in apps:
            if rows := [model for model in app["models"] if model["model"]._meta.label in found]:
                groups.append(self._group(app["name"], rows))
        return groups

    def _group(self, name, rows):
        return {"name": name, "app_label": "", "app_url": "", "has_module_perms": True, "models": rows}

    def each_context(self, request):
        return super().each_context(request) | {"office_links": self._links(request)}

    def _links(self, request):
        links = []
        for url_name, permission, label, explanation in LINKS:
            if request.user.has_perm(permission):
                try:
                    links.append({"url": reverse(url_name), "label": label, "explanation": explanation})
                except NoReverseMatch:
                    continue
        return links

    def get_urls(self):
        """Without Django's way to any row by its type and key: it would tell which rows exist."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def autocomplete_view(self, request):
        return OfficeAutocomplete.as_view(admin_site=self)(request)


# The browser's own fields for days and moments: no script, and each system's familiar calendar.
DAYS = {
    models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    },
}


class NoDeleting:
    """Nothing that was recorded is ever deleted."""

    def has_delete_permission(self, request, obj=None):
        return False


class ChoiceLabels:
    """Choices limited to what this person sees, and may use here, each in words that tell it from its neighbours."""

    def writable_codes(self, request):
        """Where this person may add or change rows of the model."""
        verbs = [
            f"{self.opts.app_label}.{get_permission_codename(verb, self.opts)}" for verb in ("add", "change")
        ]
        return request.user.reach.codes_with(*verbs)

    def get_field_queryset(self, db, db_field, request):
        if not self.admin_site.is_registered(db_field.remote_field.model):
            return db_field.remote_field.model._default_manager.none()
        related = self.admin_site.get_model_admin(db_field.remote_field.model)
        return related.choices_for(request, self.writable_codes(request))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        # No pencils and plus signs beside a choice: a clerk opens the list of those things instead.
        for extra in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if hasattr(widget, extra):
                setattr(widget, extra, False)
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault(
                "widget", DeskAutocomplete(db_field, self.admin_site, using=kwargs.get("using"))
            )
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field and self.admin_site.is_registered(db_field.remote_field.model):
            field.label_from_instance = self.admin_site.get_model_admin(
                db_field.remote_field.model
            ).choice_label
        return field


class OfficeAdmin(VerbsMixin, NoDeleting, ChoiceLabels, admin.ModelAdmin):
    """A list and a form of the desk. Deny by default: rows come from `visible_to`, or there are none.

    `place_field`     attribute that holds the code of the row's place: changing needs the permission there
    `campaign_field`  attribute that holds the row's campaign: once that is closed the row is read-only
    `is_common`       rows that belong to no place and that the view permission alone opens
    `masked`          field -> display method that masks it for whoever may only look
    """

    place_field = ""
    campaign_field = ""
    is_common = False
    are_choices_placed = True
    asks_constraints = True
    masked = {}

    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides = DAYS
    view_on_site = False

    # --- Rows ---

    def scope(self, request):
        """Every row this person may see here."""
        rows = self.model._default_manager.all()
        if hasattr(rows, "visible_to"):
            return rows.visible_to(request.user)
        return rows if self.is_common else rows.none()

    def get_queryset(self, request):
        ordering = self.get_ordering(request)
        rows = self.scope(request)
        if self.list_select_related:  # labels of choices need it as much as the list does
            rows = rows.select_related(*self.list_select_related)
        return rows.order_by(*ordering) if ordering else rows

    def choices_for(self, request, codes):
        """Rows that another form may point to, by somebody who may write at these places."""
        rows = self.get_queryset(request)
        if self.place_field and self.are_choices_placed and not request.user.is_superuser:
            rows = rows.filter(places.inside(self.place_field, *codes))
        return rows

    def choice_label(self, obj):
        return str(obj)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Not there and not yours look the same."""
        raise Http404

    # --- Permissions ---

    def has_change_permission(self, request, obj=None):
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or (self.is_within_duty(request, obj) and self.is_campaign_open(obj))

    def is_within_duty(self, request, obj):
        """Whether the posting that gives the permission covers this row's place."""
        if not self.place_field or request.user.is_superuser:
            return True
        code = getattr(obj, self.place_field)
        return code is None or places.is_inside(code, *self.writable_codes(request))

    def is_campaign_open(self, obj):
        return not self.campaign_field or getattr(obj, self.campaign_field).is_writable

    # --- Pages ---

    def changelist_view(self, request, extra_context=None):
        if asks_for_no_row(request.GET):
            return HttpResponseRedirect(
                f"{request.path}?{ERROR_FLAG}=1"
            )  # what Django does with any unclear filter
        return super().changelist_view(
            request, {"title": self.opts.verbose_name_plural, **(extra_context or {})}
        )

    def history_view(self, request, object_id, extra_context=None):
        """Whoever may look at none of these rows does not learn which there are."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        name = self.opts.verbose_name
        context["title"] = (
            _("新增%(name)s") % {"name": name} if add else _("%(name)s：%(row)s") % {"name": name, "row": obj}
        )
        context |= {"subtitle": None, "show_save_and_continue": False}
        return super().render_change_form(request, context, add, change, form_url, obj)

    # --- Forms ---

    def get_changeform_initial_data(self, request):
        """With one campaign running there is nothing to choose."""
        asked = super().get_changeform_initial_data(request)
        initial = {name: value for name, value in asked.items() if self._fits(name, value)}
        if self.campaign_field:
            related = self.opts.get_field(self.campaign_field).related_model
            rows = self.admin_site.get_model_admin(related).choices_for(request, self.writable_codes(request))
            if len(running := rows.running()[:2]) == 1:
                initial.setdefault(self.campaign_field, running[0].pk)
        return initial

    def _fits(self, name, value):
        """Whether a value that an address begins a form with could be one of the field."""
        try:
            return could_be(self.opts.get_field(name), value)
        except FieldDoesNotExist:
            return True

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if not self.masked or obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (name, options | {"fields": [self.masked.get(field, field) for field in options["fields"]]})
            for name, options in fieldsets
        ]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *self.masked.values()]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Forms know who fills them in: some rules depend on the person."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return desk_form(form, request, asks_constraints=self.asks_constraints)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A service that refuses is an error on the form, with everything typed still there."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def response_add(self, request, obj, post_url_continue=None):
        """What its own author may not see any more, a misconduct report, leads back to the list."""
        if self.get_object(request, str(obj.pk)) is None:
            self.message_user(request, _("已登记。这是限阅内容，只有纪检人员可以查看。"), messages.SUCCESS)
            return HttpResponseRedirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            )
        return super().response_add(request, obj, post_url_continue)

    # The audit log names what a form has made and what an action did, though their address is that of the list.

    def response_action(self, request, queryset):
        """An action on ticked rows is about each of them; on all rows of a list, about the list."""
        request.POST = with_possible_keys(request.POST, helpers.ACTION_CHECKBOX_NAME, self.opts.pk)
        if request.POST.get("select_across", "0") == "0":
            touches(request, *queryset.filter(pk__in=request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)))
        return super().response_action(request, queryset)

    def log_addition(self, request, obj, message):
        touches(request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        touches(request, obj)
        return super().log_change(request, obj, message)

    def save_model(self, request, obj, form, change):
        """A change writes the changed columns only: what somebody else did meanwhile stays."""
        if not change:
            obj.save()
        elif changed := [name for name in form.changed_data if name in _columns(obj)]:
            obj.save(update_fields=with_indexes(obj, changed))


def _columns(obj):
    return {field.name for field in obj._meta.concrete_fields}


class OfficeInline(NoDeleting, ChoiceLabels, admin.TabularInline):
    """Rows under their parent, which has already decided who may see and change them."""

    form = DeskForm
    extra = 0
    formfield_overrides = DAYS

    @property
    def parent_admin(self):
        return self.admin_site.get_model_admin(self.parent_model)

    def writable_codes(self, request):
        return self.parent_admin.writable_codes(request)

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return self.parent_admin.has_add_permission(request)
        return self.parent_admin.has_change_permission(request, obj)


class ReadOnlyInline(OfficeInline):
    """History and other rows that nobody edits."""

    max_num = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return flatten_fieldsets(self.get_fieldsets(request, obj))


def tell(request, done, refused):
    """Say how a bulk action went: the number done, and each refusal in its own words."""
    if done:
        messages.success(request, _("已处理 %(number)d 条。") % {"number": done})
    for sentence in list(dict.fromkeys(refused))[:10]:
        messages.error(request, sentence)
