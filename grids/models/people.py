"""Accounts, departments, cadres and their postings. Most of a roster never signs in."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass import places
from canvass.phones import MOBILE
from canvass.roles import PIN_ROLES, ROSTER_READERS, SECOND_FACTOR_ROLES, Role
from canvass.sealed import BlindIndexField, SealedTextField

from ..enums import CadreCategory, DepartmentLevel
from ..reach import Reach
from .places import Place

UNIT_ROLES = [Role.UNIT_CLERK, Role.UNIT_HEAD]


class AccountManager(UserManager):
    def create_superuser(self, username, email=None, password=None, **fields):
        """Made on the server, often by somebody else than the one who will use it."""
        fields.setdefault("must_change_password", True)
        return super().create_superuser(username, email, password, **fields)


class User(AbstractUser):
    """A sign-in and nothing else; who the person is stands in Cadre."""

    must_change_password = models.BooleanField(
        _("下次登录须改密码"), default=False, help_text=_("密码是别人设的，本人第一次登录时要换成自己的。")
    )
    # A PIN is a password of digits that works in one browser: the one that holds the key whose hash this is.
    pin_device = models.CharField(max_length=64, blank=True, editable=False)

    objects = AccountManager()

    class Meta(AbstractUser.Meta):
        permissions = [("use_office_desk", _("进入办公后台")), ("hand_out_sign_in", _("发放登录二维码"))]

    @cached_property
    def reach(self):
        """What this person's postings of today open; read once per request."""
        return Reach.of(self)

    @property
    def display_name(self):
        """The cadre's name, also of somebody whose duties have ended; lists read `cadre` along."""
        return self.cadre.name if hasattr(self, "cadre") else self.get_username()

    @property
    def needs_new_password(self):
        """Set by somebody else; or digits alone, while the duties have outgrown them."""
        return self.must_change_password or bool(self.pin_device and self.reach.roles - set(PIN_ROLES))

    @property
    def must_have_second_factor(self):
        """Whether the duties of today ask for a one-time code; a setting says whether the site does."""
        if not settings.SECOND_FACTOR_REQUIRED:
            return False
        return self.is_superuser or self.reach.has(*SECOND_FACTOR_ROLES)


class Department(models.Model):
    """A department (单位) that posts cadres and handles issues."""

    name = models.CharField(
        _("单位名称"), max_length=100, unique=True, error_messages={"unique": _("已有同名单位。")}
    )
    level = models.CharField(_("层级"), max_length=16, choices=DepartmentLevel)
    contact_name = models.CharField(_("联系人"), max_length=50, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = pgettext_lazy("plural", "单位")
        ordering = ["name"]

    def __str__(self):
        return self.name


class CadreQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The roster of one's places: cadres with a posting there or in a department, and those not posted yet.

        For the desks and readers of an area; visitors and departments see nobody's roster. A superuser sees
        all of it, to set up the first postings.
        """
        if user.is_active and user.is_superuser:
            return self
        if not user.reach.codes(*ROSTER_READERS):
            return self.none()
        posted = Posting.objects.filter(cadre=OuterRef("pk"))
        return self.filter(Exists(posted.visible_to(user)) | ~Exists(posted))

    def with_sign_in(self):
        """Read along what `grids.sign_ins.state_of` and the rule about who hands out ask of each cadre."""
        steps = SignInStep.objects.filter(cadre=OuterRef("pk")).order_by("-pk")
        taken_off = steps.filter(
            kind=SignInStep.Kind.FACTOR_TAKEN_OFF, at__gte=timezone.now() - SignInStep.ONE_AND_NOT_BOTH
        )
        steps = steps.exclude(kind__in=SignInStep.BESIDE_LINKS)
        issued = steps.filter(kind=SignInStep.Kind.ISSUED)
        return self.select_related("user").annotate(
            # Only the newest step's: whatever happened after a link was issued has ended it.
            link_until=Subquery(steps.values("expires_on")[:1]),
            issued_from=Subquery(issued.values("place")[:1]),
            has_factor=Exists(
                User.objects.filter(pk=OuterRef("user"), second_factor__confirmed_at__isnull=False)
            ),
            factor_taken_off_by=Subquery(taken_off.values("by")[:1]),
            is_name_taken=Exists(User.objects.filter(username=OuterRef("staff_number"))),
        )


class Cadre(models.Model):
    """Somebody on the roster, with or without a sign-in."""

    staff_number = models.CharField(
        _("工号"), max_length=32, unique=True, error_messages={"unique": _("工号已被使用。")}
    )
    name = models.CharField(_("姓名"), max_length=50)
    category = models.CharField(_("类别"), max_length=32, choices=CadreCategory)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="cadres", verbose_name=_("单位")
    )
    phone = SealedTextField(
        _("手机"),
        max_length=11,
        blank=True,
        validators=[RegexValidator(MOBILE, _("手机号码为 11 位数字。"))],
    )
    phone_index = BlindIndexField(of="phone")
    user = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, related_name="cadre", verbose_name=_("登录账号")
    )

    objects = CadreQuerySet.as_manager()

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = pgettext_lazy("plural", "人员")
        ordering = ["staff_number"]
        indexes = [models.Index(fields=["phone_index"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(phone="", phone_index="") | (Q(phone__is_sealed=True) & ~Q(phone_index="")),
                name="cadre_phone_is_sealed",
                violation_error_message=_("手机号码须加密保存，并带有查找用的索引。"),
            ),
        ]

    def __str__(self):
        return self.name


class PostingQuerySet(models.QuerySet):
    def active_on(self, day):
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), from_on__lte=day)

    def inside(self, *codes):
        return self.filter(places.inside("place_id", *codes))

    def visible_to(self, user):
        """Postings in the places of the desks and readers of an area, and those in a department of no place."""
        if user.is_active and user.is_superuser:
            return self
        codes = user.reach.codes(*ROSTER_READERS)
        if not codes:
            return self.none()
        return self.filter(places.inside("place_id", *codes) | Q(place__isnull=True))


class Posting(models.Model):
    """A duty: cadre, role, where (an area, a grid, a department), from which day to which.

    Scoping reads only this. Standing duty and campaign duty alike; `to_on` is the last day.
    """

    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="postings", verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=32, choices=Role)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name=_("责任范围")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name=_("承办单位")
    )
    from_on = models.DateField(_("开始日期"), default=timezone.localdate)
    to_on = models.DateField(_("结束日期"), null=True, blank=True, help_text=_("最后一天；空白表示无期限。"))

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = pgettext_lazy("plural", "岗位")
        ordering = ["cadre", "role", "place"]
        indexes = [models.Index(fields=["place", "role"])]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "role", "place"],
                condition=Q(to_on__isnull=True),
                name="posting_open_once",
                violation_error_message=_("该人员在此范围已有同一角色的有效岗位。"),
            ),
            models.CheckConstraint(
                condition=Q(role__in=UNIT_ROLES, department__isnull=False)
                | (~Q(role__in=UNIT_ROLES) & Q(department__isnull=True, place__isnull=False)),
                name="posting_says_where",
                violation_error_message=_("承办角色须填单位；其他角色须填责任范围，不填单位。"),
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="posting_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
        ]

    def __str__(self):
        return f"{self.cadre} · {self.get_role_display()} · {self.place or self.department}"

    @property
    def where(self):
        """The place with the one above a grid, or the department; lists read `place__parent` along."""
        if self.place_id is None:
            return self.department.name
        above = f"{self.place.parent.name} " if self.place.is_grid else ""
        return f"{above}{self.place.name}"


class SignInStep(models.Model):
    """What happened to the sign-in of a cadre: who, when, what. Never changed.

    A one-time link is a step too; the address itself is on paper only. It opens as long as it is the cadre's
    newest step: used, renewed and taken back are simply later steps.
    """

    class Kind(models.TextChoices):
        ISSUED = "issued", _("发放二维码")
        USED = "used", _("扫码设定密码")
        CHANGED = "changed", _("本人修改密码")
        RESET = "reset", _("管理员重设密码")
        SUSPENDED = "suspended", _("停用登录")
        RESTORED = "restored", _("恢复登录")
        FACTOR_ON = "factor_on", _("启用两步验证")
        FACTOR_OFF = "factor_off", _("关闭两步验证")
        FACTOR_TAKEN_OFF = "factor_taken_off", _("管理员解除两步验证")

    append_only = True
    # These say nothing about the password: a printed link stays what it was.
    BESIDE_LINKS = (Kind.FACTOR_ON, Kind.FACTOR_OFF, Kind.FACTOR_TAKEN_OFF)
    # So long one and the same person does not both print a link and take the second factor off.
    ONE_AND_NOT_BOTH = timedelta(days=14)

    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="sign_in_steps", verbose_name=_("人员"))
    kind = models.CharField(_("事项"), max_length=16, choices=Kind)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("办理人"))
    # Of a link: who may open it is fixed when it is printed.
    token_hash = models.CharField(max_length=64, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True, help_text=_("最后一天。"))
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    roles = models.CharField(max_length=250, blank=True)
    account = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Of a first sign-in: the link that opened it, once.
    link = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="use")

    class Meta:
        verbose_name = _("登录办理记录")
        verbose_name_plural = pgettext_lazy("plural", "登录办理记录")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["token_hash"],
                condition=~Q(token_hash=""),
                name="signinstep_token_once",
                violation_error_message=_("这个登录二维码已经有了。"),
            ),
            models.CheckConstraint(
                condition=(Q(kind="issued", expires_on__isnull=False) & ~Q(token_hash=""))
                | (~Q(kind="issued") & Q(expires_on__isnull=True, token_hash="")),
                name="signinstep_link_expires",
                violation_error_message=_("登录二维码须有有效期，其他事项没有。"),
            ),
            models.CheckConstraint(
                condition=Q(kind="used", link__isnull=False) | (~Q(kind="used") & Q(link__isnull=True)),
                name="signinstep_use_names_link",
                violation_error_message=_("扫码设定密码须对应一个登录二维码。"),
            ),
        ]

    def __str__(self):
        return f"{self.cadre} · {self.get_kind_display()}"
