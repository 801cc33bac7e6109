"""Where somebody is signed in now, and the second thing that proves who signs in."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass.sealed import SealedTextField

from ..enums import Browser, Device, System
from .people import User


class OpenSignInQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own and nobody else's: no desk, no administrator and no report reads who is signed in where."""
        return self.filter(user=user)


class OpenSignIn(models.Model):
    """One browser in which somebody is signed in: for that person, to find and end what is not the own any more.

    It tracks nobody. `last_used_on` is a day, never a time; nobody but the person reads the row; and it is gone as soon
    as the sign-in ends. That there was a sign-in is told by the audit log, to whom that is open.
    `session_key` is no foreign key: the session may end by itself. The exact time of the last use, which an idle
    time-out needs, is in the browser's own cookie (grids/open_sign_ins.py).
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="open_sign_ins", verbose_name=_("账号"))
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    device = models.CharField(_("设备"), max_length=16, choices=Device)
    browser = models.CharField(_("浏览器"), max_length=16, choices=Browser)
    system = models.CharField(_("系统"), max_length=16, choices=System)
    address = models.CharField(_("来源地址"), max_length=45, blank=True)
    began_at = models.DateTimeField(_("登录时间"), default=timezone.now)
    last_used_on = models.DateField(_("最近使用"), default=timezone.localdate)
    # Whatever happens in between: the session is not accepted after it, and the row is cleared away.
    ends_at = models.DateTimeField(_("最迟到"), db_index=True)

    objects = OpenSignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("登录中的设备")
        verbose_name_plural = pgettext_lazy("plural", "登录中的设备")
        ordering = ["-began_at", "-pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.get_device_display()} · {self.get_browser_display()}"


class SecondFactor(models.Model):
    """A person's second step of signing in: one-time codes by an app (TOTP), and ten codes on paper for its loss.

    States: no row or `confirmed_at` empty: off (a secret may wait for its first code); otherwise on. The secret is
    sealed; of a code on paper only a hash is kept, until it is used. `last_counter` is the half minute whose code
    was used last: each code opens once. Changed by grids/second_factor.py alone.
    """

    user = models.OneToOneField(User, models.PROTECT, related_name="second_factor", verbose_name=_("账号"))
    secret = SealedTextField(blank=True, default="")
    last_counter = models.BigIntegerField(default=-1)
    recovery_hashes = models.JSONField(default=list)
    confirmed_at = models.DateTimeField(_("启用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("两步验证")
        verbose_name_plural = pgettext_lazy("plural", "两步验证")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | (Q(last_counter__gte=0) & ~Q(secret="")),
                name="secondfactor_confirmed_by_code",
                violation_error_message=_("两步验证要用一个验证码确认过才能启用。"),
            ),
        ]

    def __str__(self):
        return f"{self.user}"

    @property
    def is_on(self):
        return self.confirmed_at is not None

    @property
    def typed_secret(self):
        """In groups of four, for whoever cannot scan."""
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))
