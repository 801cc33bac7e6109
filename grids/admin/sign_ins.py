"""Sign-ins at the desk: columns, filters, verbs and the log of a cadre; passwords that an admin resets."""

from django.contrib import admin, messages
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass.admin import ReadOnlyInline
from canvass.admin_filters import ListedFilter
from canvass.admin_verbs import Verb
from canvass.roles import Role

from ..hand_outs import PER_SHEET, sheet_for
from ..models import Cadre, Posting, SignInStep
from ..permissions import (
    can_hand_out,
    refusal_after_taking_off,
    refusal_to_hand_out,
    refusal_to_take_off_factor,
)
from ..second_factor import take_off_factor
from ..sign_ins import (
    ACTIVE,
    EXPIRED,
    ISSUED,
    NONE,
    STATES,
    SUSPENDED,
    can_be_restored,
    can_be_suspended,
    has_live_link,
    in_state,
    reset_password,
    restore_sign_in,
    state_of,
    suspend_sign_in,
)
from ..viewing import refusal_to_view_as

LAMPS = {ACTIVE: "good", ISSUED: "open", EXPIRED: "late", SUSPENDED: "late"}


class SignInFilter(ListedFilter):
    title = pgettext_lazy("column", "登录")
    parameter_name = "sign_in"

    def lookups(self, request, model_admin):
        return list(STATES.items())

    def queryset(self, request, queryset):
        return in_state(queryset, self.value()) if self.value() else queryset


class PostedFilter(ListedFilter):
    """Whoever has no duty any more needs no sign-in."""

    title = _("是否在岗")
    parameter_name = "posted"

    def lookups(self, request, model_admin):
        return [("yes", _("在岗")), ("no", _("现在没有岗位"))]

    def queryset(self, request, queryset):
        posted = Posting.objects.active_on(timezone.localdate()).values("cadre")
        if self.value() == "yes":
            return queryset.filter(pk__in=posted)
        return queryset.exclude(pk__in=posted) if self.value() == "no" else queryset


class SignInStepInline(ReadOnlyInline):
    model = SignInStep
    fk_name = "cadre"
    fields = ["at", "kind", "by_name", "expires_on"]
    readonly_fields = ["by_name"]
    verbose_name_plural = pgettext_lazy("plural", "登录办理记录")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by__cadre")

    @admin.display(description=_("办理人"))
    def by_name(self, obj):
        return obj.by.display_name


class SignInDesk:
    """What the roster's admin shows and does about sign-ins."""

    actions = ["hand_out_selected"]
    verbs = (
        Verb(
            "suspend",
            _("停用登录"),
            suspend_sign_in,
            lambda user, cadre: can_be_suspended(cadre) and can_hand_out(user, cadre),
            explanation=_(
                "马上在所有手机和电脑上退出，原来的密码和没用的二维码都作废。以后可以恢复，再换发二维码。"
            ),
            is_grave=True,
        ),
        Verb(
            "restore",
            _("恢复登录"),
            restore_sign_in,
            lambda user, cadre: can_be_restored(cadre) and can_hand_out(user, cadre),
            explanation=_("恢复以后原来的密码不再有效，请接着给本人发放登录二维码。"),
        ),
        Verb(
            "take_off_factor",
            _("解除两步验证"),
            take_off_factor,
            lambda user, cadre: cadre.has_factor and not refusal_to_take_off_factor(user, cadre),
            explanation=_(
                "只在本人手机丢了、恢复码也没有时办理：先当面或打电话核实是本人。解除后在所有设备上退出，下次登录重新启用。"
            ),
            is_grave=True,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_sign_in()

    def get_inlines(self, request, obj):
        inlines = super().get_inlines(request, obj)
        return [*inlines, SignInStepInline] if obj and _hands_out(request) else inlines

    def get_tools(self, request, obj):
        """One button, by its state; the sheet itself asks every rule again."""
        tools = super().get_tools(request, obj)
        if request.user.reach.has(Role.CAMPAIGN_OFFICE) and not refusal_to_view_as(request.user, obj):
            tools = [*tools, (_("代看"), reverse("grids:view_as", args=[obj.pk]))]
        if not _hands_out(request) or can_be_restored(obj) or not can_hand_out(request.user, obj):
            return tools
        is_first = state_of(obj) == NONE
        return [*tools, (_("发放登录二维码") if is_first else _("换发登录二维码"), sheet_for(obj.pk))]

    def get_actions(self, request):
        return super().get_actions(request) if _hands_out(request) else {}

    @admin.action(description=_("发放登录二维码"))
    def hand_out_selected(self, request, queryset):
        pks = list(queryset.values_list("pk", flat=True)[: PER_SHEET + 1])
        if len(pks) > PER_SHEET:
            words = {"number": PER_SHEET}
            messages.error(request, _("一次最多 %(number)d 人。请少选一些，或按村（社区）发放。") % words)
            return None
        return HttpResponseRedirect(sheet_for(*pks))

    @admin.display(description=pgettext_lazy("column", "登录"))
    def sign_in(self, obj):
        state = state_of(obj)
        word = format_html('<span class="state {}">{}</span>', LAMPS.get(state, ""), STATES[state])
        if not has_live_link(obj):
            return word
        until = _("至 %(month)d-%(day)02d") % {"month": obj.link_until.month, "day": obj.link_until.day}
        if state == ACTIVE:
            until = _("换发中，%(until)s") % {"until": until}
        return format_html("{} {}", word, until)

    @admin.display(description=_("上次登录"), ordering="user__last_login")
    def last_sign_in(self, obj):
        moment = obj.user.last_login if obj.user else None
        return timezone.localtime(moment).date() if moment else None


def _hands_out(request):
    return request.user.has_perm("grids.hand_out_sign_in")


class ResetForm(AdminPasswordChangeForm):
    """A password that somebody else typed: good for one sign-in, and on record."""

    usable_password = None

    def save(self, commit=True):
        user = super().save(commit=False)
        reset_password(user, by=user.reset_by, password=user.password)
        return user


class AccountDesk:
    """The account of a cadre is changed by those who may hand out its sign-in, and by nobody else."""

    change_password_form = ResetForm

    def has_change_permission(self, request, obj=None):
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or not _refusal(request.user, obj)

    def get_object(self, request, object_id, from_field=None):
        account = super().get_object(request, object_id, from_field)
        if account is not None:
            account.reset_by = request.user
        return account

    def get_readonly_fields(self, request, obj=None):
        """A cadre's sign-in is stopped on the cadre's page, where it is explained and recorded."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "is_active"] if hasattr(obj, "cadre") else fields

    def get_tools(self, request, obj):
        if not self.has_change_permission(request, obj):
            return []
        tools = [(_("重置密码"), reverse("admin:auth_user_password_change", args=[obj.pk]))]
        if hasattr(obj, "cadre") and request.user.has_perm("grids.view_cadre"):
            tools.append((_("人员"), reverse("admin:grids_cadre_change", args=[obj.cadre.pk])))
        return tools

    def save_model(self, request, obj, form, change):
        if not change:
            obj.must_change_password = True
        super().save_model(request, obj, form, change)


def _refusal(user, account):
    if account == user:
        return _("修改自己的密码，请用“修改密码”。")
    if not hasattr(account, "cadre"):
        return ""
    cadre = Cadre.objects.with_sign_in().get(pk=account.cadre.pk)
    return refusal_to_hand_out(user, cadre) or refusal_after_taking_off(user, cadre)
