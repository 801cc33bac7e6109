"""What a person types to get an own password."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from canvass.shared_tries import Limit, forget_tries, take_try

from .models import User
from .pins import may_use_pin, plain_pin, validate_pin

# docs/roles.md says why these lengths.
SHORTEST, SHORTEST_AT_A_DESK = 8, 10
NO_PIN = _("您的职责不能只用数字密码：请用 10 位以上，有数字也有字母。")
WRONG_PASSWORDS, WINDOW = 5, 10 * 60


def _password_field(label, autocomplete="new-password", **attrs):
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, **attrs})
    return forms.CharField(label=label, strip=False, max_length=128, widget=widget)


def check_present(user, typed):
    """The present password, as somebody types it who is signed in: whoever found the phone open does not guess it."""
    limit = Limit("password", str(user.pk), WRONG_PASSWORDS, WINDOW)
    if not take_try(limit):
        raise ValidationError(_("试错的次数太多，请过十分钟再来。"), code="locked")
    if user.pin_device:
        typed = plain_pin(typed) or typed
    if not user.check_password(typed):
        raise ValidationError(_("现在的密码不对。"), code="wrong")
    forget_tries(limit)
    return typed


class NewPasswordForm(forms.Form):
    """A password by the usual rules; digits alone are a PIN, for those whose duties allow one."""

    new_password = _password_field(_("新密码"))
    again = _password_field(_("再输一遍"))

    def __init__(self, *args, user, cadre, roles, **kwargs):
        """`user` may not exist yet; `roles` are those of all present and coming duties."""
        super().__init__(*args, **kwargs)
        self.user, self.cadre = user, cadre
        self.may_use_pin = cadre is not None and may_use_pin(roles) and not (user and user.is_superuser)
        self.fields["new_password"].help_text = (
            _("6 位以上数字，只在这部手机上能用；或者 8 位以上数字加字母，换手机也能用。")
            if self.may_use_pin
            else _("10 位以上，有数字也有字母；不要用姓名、工号、生日。")
        )

    def clean_new_password(self):
        typed = self.cleaned_data["new_password"]
        pin = plain_pin(typed)
        if not pin:
            self._validate_strength(typed)
            validate_password(typed, self.user or User(username=self.cadre.staff_number))
            if self.cadre and self.cadre.phone and self.cadre.phone in typed:
                raise ValidationError(_("不要用手机号或工号里的数字当密码。"), code="own")
            return typed
        if not self.may_use_pin:
            raise ValidationError(NO_PIN, code="no_pin")
        validate_pin(pin, self.cadre)
        return pin

    def _validate_strength(self, typed):
        """Longer for whoever does more than visit; and more than letters, as the norm of graded protection asks."""
        shortest = SHORTEST if self.may_use_pin else SHORTEST_AT_A_DESK
        if len(typed) < shortest:
            words = {"number": shortest}
            raise ValidationError(_("密码太短：至少 %(number)d 位。"), code="short", params=words)
        if typed.isalpha():
            raise ValidationError(_("密码里除了字母，还要有数字或符号。"), code="letters")

    @property
    def is_pin(self):
        return bool(plain_pin(self.cleaned_data["new_password"]))

    def clean(self):
        cleaned = super().clean()
        chosen, again = cleaned.get("new_password"), cleaned.get("again")
        if chosen is not None and again is not None and chosen not in (again, plain_pin(again)):
            self.add_error("again", _("两次输入的密码不一样，请再输一遍。"))
        if chosen and self.is_present(chosen):
            self.add_error("new_password", _("新密码不能和现在的一样。"))
        return cleaned

    def is_present(self, chosen):
        return self.user is not None and self.user.check_password(chosen)


class ChangePasswordForm(NewPasswordForm):
    """The same for somebody who is signed in, and knows the present one."""

    present = _password_field(_("现在的密码"), "current-password", autofocus=True)
    field_order = ["present", "new_password", "again"]

    def clean_present(self):
        return check_present(self.user, self.cleaned_data["present"])

    def is_present(self, chosen):
        """By what was typed beside it: without the present password this page tells nothing about it."""
        return chosen == self.cleaned_data.get("present")


class CodeForm(forms.Form):
    """Six digits of an app, or sixteen letters and digits from paper."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=50,
        help_text=_("手机验证器上的 6 位数字。手机不在身边，用一条没用过的恢复码。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )


class FactorForm(CodeForm):
    """Whoever turns the second factor on or off proves both halves."""

    present = _password_field(_("现在的密码"), "current-password")
    field_order = ["present", "code"]

    def __init__(self, *args, user, is_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if not is_on:
            self.fields["code"].help_text = _("手机验证器上的 6 位数字，半分钟换一次。")

    def clean_present(self):
        return check_present(self.user, self.cleaned_data["present"])
