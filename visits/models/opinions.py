"""A resident's words. No door changes them: the database itself refuses UPDATE and DELETE."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign
from canvass import places
from canvass.roles import Role
from grids.models import Cadre, Place, RegisterEntry

from ..enums import OpinionNature, OpinionSource
from .reports import names
from .visits import Visit


def _marked(kind, **conditions):
    return Exists(OpinionMark.objects.filter(opinion=OuterRef("pk"), kind=kind, **conditions))


def _restricted():
    """Misconduct reports: those of that nature, and whatever was marked as one. No second row needs to exist."""
    return Q(nature=OpinionNature.REPORT) | Q(_marked(OpinionMark.Kind.RESTRICTED))


class OpinionQuerySet(models.QuerySet):
    def valid_at(self, moment):
        """Neither void nor replaced at a moment, nor a correction that was made only later."""
        known = Q(corrects__isnull=True) | Q(created_at__lte=moment)
        return self.filter(known, ~_marked(OpinionMark.Kind.VOID, at__lte=moment))

    def unrestricted(self):
        """Without misconduct reports, whenever they became restricted: privacy knows no as-of."""
        return self.filter(~_restricted())

    def restricted(self):
        """Misconduct reports alone. Who may read them: `visible_to`."""
        return self.filter(_restricted())

    def visible_to(self, user):
        """Words heard in the places of one's postings, and those one collected; reports only to discipline.

        A report does not exist for whom it names, discipline included.
        """
        reach = user.reach
        mine = places.inside("place_id", *reach.area_codes)
        if reach.has(Role.VISITOR, Role.GRID_LEADER):
            mine |= Q(collector=reach.cadre)
        restricted = _restricted()
        found = mine & ~restricted
        if codes := reach.restricted_codes:
            found |= places.inside("place_id", *codes) & restricted & ~Q(names(reach))
        return self.filter(found)


class Opinion(models.Model):
    """One thing a resident said, word for word. A correction is a new row that points to the old one.

    Sorting, voiding and restricting live in rows of their own (OpinionMark, issues.IssueOpinion).
    """

    append_only = True
    redactable = ("words_verbatim", "done_on_spot")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="opinions", verbose_name=_("活动"))
    number = models.CharField(_("诉求编号"), max_length=64)
    nature = models.CharField(_("性质"), max_length=16, choices=OpinionNature)
    source = models.CharField(_("来源"), max_length=16, choices=OpinionSource)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("范围"))
    heard_at = models.DateTimeField(_("收集时间"))
    words_verbatim = models.TextField(_("原话"))
    # The visitor's own account of what was done at once; "" when nothing was. Sorting still decides what follows.
    done_on_spot = models.TextField(_("当场办了什么"), blank=True, default="", db_default="")
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="opinions", verbose_name=_("走访记录")
    )
    entry = models.ForeignKey(
        RegisterEntry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name=_("走访对象"),
    )
    collector = models.ForeignKey(
        Cadre, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("收集人")
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("更正自")
    )
    created_at = models.DateTimeField(_("录入时间"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("录入人"),
    )

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("诉求")
        verbose_name_plural = pgettext_lazy("plural", "诉求")
        ordering = ["-heard_at", "-pk"]
        indexes = [models.Index(fields=["campaign", "heard_at"]), models.Index(fields=["place", "heard_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="opinion_number_once",
                violation_error_message=_("本活动已有此诉求编号。"),
            ),
            models.CheckConstraint(
                condition=~Q(words_verbatim=""),
                name="opinion_has_words",
                violation_error_message=_("请写下原话。"),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def wish(self):
        """The AnswerWish that holds, or None. Lists read `answer_wish` along."""
        wish = getattr(self, "answer_wish", None)
        return wish if wish is not None and wish.withdrawn_at is None else None


class OpinionMark(models.Model):
    """Append-only side row of an opinion: void (or replaced by a correction), or restricted to discipline."""

    append_only = True
    redactable = ("reason",)

    class Kind(models.TextChoices):
        VOID = "void", _("作废")
        RESTRICTED = "restricted", _("限阅")

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="marks", verbose_name=_("诉求"))
    kind = models.CharField(_("标记"), max_length=16, choices=Kind)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("诉求标记")
        verbose_name_plural = pgettext_lazy("plural", "诉求标记")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "kind"], name="opinionmark_once"),
            models.CheckConstraint(
                condition=~Q(kind="void") | ~Q(reason=""),
                name="opinionmark_void_has_reason",
                violation_error_message=_("作废必须写明原因。"),
            ),
        ]

    def __str__(self):
        return f"{self.opinion_id} {self.kind}"
