"""The roster: departments, cadres, postings, accounts."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass.admin import OfficeAdmin, OfficeInline
from canvass.masks import masked_phone
from canvass.roles import THREE_ADMINISTRATORS, Role

from ..admin_filters import AreaFilter
from ..models import Cadre, Department, Posting, User
from ..permissions import grantable_roles, open_postings, refusal_to_hand_out
from .sign_ins import AccountDesk, PostedFilter, SignInDesk, SignInFilter


@admin.register(Department)
class DepartmentAdmin(OfficeAdmin):
    is_common = True
    list_display = ["name", "level", "contact_name", "contact_phone_masked"]
    list_filter = ["level"]
    search_fields = ["name"]
    search_help_text = _("按单位名称查找")
    fields = ["name", "level", "contact_name", "contact_phone"]
    masked = {"contact_phone": "contact_phone_masked"}

    @admin.display(description=_("联系电话"))
    def contact_phone_masked(self, obj):
        return masked_phone(obj.contact_phone) or "—"


class ActiveFilter(admin.SimpleListFilter):
    """Valid today or not."""

    title = _("是否有效")
    parameter_name = "active"

    def lookups(self, request, model_admin):
        return [("yes", _("现在有效")), ("no", _("已结束或未开始"))]

    def queryset(self, request, queryset):
        active = Posting.objects.active_on(timezone.localdate()).values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=active)
        return queryset.exclude(pk__in=active) if self.value() == "no" else queryset


class PostingForm(forms.ModelForm):
    """Role and place belong together; nobody posts himself, or to a role that is not his to give."""

    def clean_cadre(self):
        cadre = self.cleaned_data["cadre"]
        own = self.request.user.reach.cadre
        if own is not None and own == cadre:
            raise forms.ValidationError(_("不能给自己设岗位，请由另一位有权限的人办理。"))
        return cadre

    def clean(self):
        cleaned = super().clean()
        unit = cleaned.get("role") in (Role.UNIT_CLERK, Role.UNIT_HEAD)
        if unit and not cleaned.get("department"):
            self.add_error("department", _("承办角色请选单位。"))
        if cleaned.get("role") and not unit and not cleaned.get("place"):
            self.add_error("place", _("请选这个岗位负责的区划或网格。"))
        if self._holds_another_of_the_three(cleaned):
            self.add_error("role", _("系统管理员、安全管理员、审计员要由三个人分别担任，请换一个人。"))
        return cleaned

    def _holds_another_of_the_three(self, cleaned):
        cadre, role = cleaned.get("cadre"), cleaned.get("role")
        if cadre is None or role not in THREE_ADMINISTRATORS:
            return False
        others = [one for one in THREE_ADMINISTRATORS if one != role]
        return any(posting.role in others for posting in open_postings(cadre))


@admin.register(Posting)
class PostingAdmin(OfficeAdmin):
    form = PostingForm
    place_field = "place_id"
    list_display = ["cadre", "role", "where", "from_on", "to_on"]
    list_select_related = ["cadre", "place__parent", "department"]
    list_filter = ["role", ActiveFilter, AreaFilter.on("place_id")]
    search_fields = ["cadre__name", "cadre__staff_number", "place__name", "department__name"]
    search_help_text = _("按姓名、工号、地方或单位查找")
    autocomplete_fields = ["cadre", "place", "department"]
    fields = ["cadre", "role", "place", "department", "from_on", "to_on"]

    def get_readonly_fields(self, request, obj=None):
        """A posting is ended, not turned into another one: history reads it."""
        return ["cadre", "role", "place", "department", "from_on"] if obj else []

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "role":
            labels = dict(Role.choices)
            kwargs["choices"] = [("", "—"), *((role, labels[role]) for role in grantable_roles(request.user))]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def is_within_duty(self, request, obj):
        """Only roles that one may give can be ended, and nobody touches his own."""
        own = request.user.reach.cadre
        if obj.role not in grantable_roles(request.user) or (own is not None and obj.cadre_id == own.pk):
            return False
        return super().is_within_duty(request, obj)

    @admin.display(description=_("责任范围"), ordering="place_id")
    def where(self, obj):
        return obj.where


class PostingInline(OfficeInline):
    """The duties of a cadre; a new one is given on its own page, where its rules are."""

    model = Posting
    fields = ["role", "place", "department", "from_on", "to_on"]
    verbose_name_plural = pgettext_lazy("plural", "岗位")
    show_change_link = True
    max_num = 0

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        rows = super().get_queryset(request).visible_to(request.user)
        return rows.select_related("place", "department", "cadre").order_by("-from_on")


class CadreForm(forms.ModelForm):
    """Nobody becomes somebody else by linking his own account."""

    def clean_user(self):
        account = self.cleaned_data["user"]
        if account == self.request.user and "user" in self.changed_data:
            raise forms.ValidationError(_("不能把自己的登录账号改挂到别人名下，请由另一位管理员办理。"))
        is_linked_anew = "user" in self.changed_data and self.instance.pk
        # An account whose password one knows must not become a person of higher duties.
        if is_linked_anew and (refusal := refusal_to_hand_out(self.request.user, self.instance)):
            raise forms.ValidationError(refusal)
        return account


@admin.register(Cadre)
class CadreAdmin(SignInDesk, OfficeAdmin):
    form = CadreForm
    list_display = [
        "staff_number",
        "name",
        "category",
        "department",
        "phone_masked",
        "sign_in",
        "last_sign_in",
    ]
    list_select_related = ["department"]
    list_filter = [SignInFilter, PostedFilter, "category"]
    search_fields = ["staff_number", "name", "department__name"]
    search_help_text = _("按工号、姓名或单位查找")
    autocomplete_fields = ["department", "user"]
    masked = {"phone": "phone_masked"}
    inlines = [PostingInline]

    def get_fields(self, request, obj=None):
        """Who signs in as whom is the business of those who keep the accounts."""
        fields = ["staff_number", "name", "category", "department", "phone"]
        return [*fields, "user"] if request.user.has_perm("grids.change_user") else fields

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["staff_number"] if obj else [])]

    def get_inlines(self, request, obj):
        return super().get_inlines(request, obj) if obj else []

    def choice_label(self, obj):
        return f"{obj.name}（{obj.staff_number}）"

    @admin.display(description=_("手机"))
    def phone_masked(self, obj):
        return masked_phone(obj.phone) or "—"


class AccountForm(UserChangeForm):
    """A password is never shown, not even its hash; it is set anew on a page of its own."""

    password = None


@admin.register(User)
class AccountAdmin(AccountDesk, OfficeAdmin, UserAdmin):
    """Accounts: a name to sign in with. What the person may do comes from postings alone."""

    list_display = ["username", "cadre_name", "is_active", "last_login"]
    list_select_related = ["cadre"]
    list_filter = ["is_active"]
    search_fields = ["username", "cadre__name", "cadre__staff_number"]
    search_help_text = _("按账号、姓名或工号查找")
    ordering = ["username"]
    filter_horizontal = []
    form = AccountForm
    add_form = UserCreationForm
    add_fieldsets = [(None, {"fields": ["username", "password1", "password2"]})]
    fieldsets = [(None, {"fields": ["username", "is_active", "cadre_name", "last_login", "date_joined"]})]
    readonly_fields = ["cadre_name", "last_login", "date_joined"]

    def scope(self, request):
        """Accounts of the roster one sees, and those not linked yet; a superuser's only to superusers."""
        rows = User.objects.all()
        if request.user.is_superuser:
            return rows
        roster = Cadre.objects.visible_to(request.user)
        return rows.filter(Q(cadre__isnull=True) | Q(cadre__in=roster), is_superuser=False)

    def get_tools(self, request, obj):
        if not self.has_change_permission(request, obj):
            return []
        return [(_("重置密码"), reverse("admin:auth_user_password_change", args=[obj.pk]))]

    def choice_label(self, obj):
        return obj.get_username()

    @admin.display(description=_("人员"), ordering="cadre__name")
    def cadre_name(self, obj):
        return obj.cadre.name if hasattr(obj, "cadre") else _("未关联")
