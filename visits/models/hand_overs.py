"""Somebody moves on and hands the work over: who, to whom, what of it, and whether it was taken."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass import places
from canvass.roles import Role
from grids.models import Cadre, Place, Posting

from .opinions import Opinion
from .visits import Visit

OFFICES = (Role.CAMPAIGN_OFFICE, Role.VILLAGE_OFFICE)


class HandOverQuerySet(models.QuerySet):
    def waiting(self):
        """Proposed, and neither taken, refused nor called off."""
        return self.filter(~Exists(HandOverStep.objects.filter(hand_over=OuterRef("pk"))))

    def taken(self):
        return self.filter(Exists(taken_steps()))

    def visible_to(self, user):
        """The campaign office in its area, a village office those of its village; whoever hands over and takes over."""
        cadre = user.reach.cadre
        if cadre is None:
            return self.none()
        codes = user.reach.codes(*OFFICES)
        mine = Q(leaver=cadre) | Q(successor=cadre)
        if codes:
            mine |= places.inside("place_id", *codes)
        return self.filter(mine)


class HandOver(models.Model):
    """Append-only: the office proposes that one person takes over from another, from a day on.

    Nothing moves until it is taken; until then all duties stay with the leaver and the office. Visits and figures of
    the past stay with whoever made them. `place` is where all of it lies, for those who keep that place.
    """

    append_only = True

    leaver = models.ForeignKey(Cadre, models.PROTECT, related_name="handed_over", verbose_name=_("移交人"))
    successor = models.ForeignKey(
        Cadre, models.PROTECT, related_name="to_take_over", verbose_name=_("接手人")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("范围"))
    last_on = models.DateField(_("移交人最后一天"))
    note = models.CharField(_("说明"), max_length=500, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作交接")
        verbose_name_plural = pgettext_lazy("plural", "工作交接")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(leaver=F("successor")),
                name="handover_to_another",
                violation_error_message=_("不能交接给本人。"),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        return f"交接〔{timezone.localtime(self.at).year}〕{self.pk:06d}"


class HandOverPosting(models.Model):
    """Append-only: a duty that goes along, with the households or the department's issues that hang on it."""

    append_only = True

    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="postings", verbose_name=_("交接"))
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+", verbose_name=_("岗位"))

    class Meta:
        verbose_name = _("交接的岗位")
        verbose_name_plural = pgettext_lazy("plural", "交接的岗位")
        constraints = [models.UniqueConstraint(fields=["hand_over", "posting"], name="handoverposting_once")]

    def __str__(self):
        return f"{self.hand_over_id} {self.posting_id}"


class HandOverWords(models.Model):
    """Append-only: words that the leaver followed to the end, and the successor will. Who heard them stays on them."""

    append_only = True

    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="words", verbose_name=_("交接"))
    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="+", verbose_name=_("诉求"))

    class Meta:
        verbose_name = _("交接的诉求")
        verbose_name_plural = pgettext_lazy("plural", "交接的诉求")
        constraints = [models.UniqueConstraint(fields=["hand_over", "opinion"], name="handoverwords_once")]

    def __str__(self):
        return f"{self.hand_over_id} {self.opinion_id}"


class HandOverVisit(models.Model):
    """Append-only: a visit that was sent back to the leaver, and that the successor corrects."""

    append_only = True

    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="visits", verbose_name=_("交接"))
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+", verbose_name=_("走访记录"))

    class Meta:
        verbose_name = _("交接的走访记录")
        verbose_name_plural = pgettext_lazy("plural", "交接的走访记录")
        constraints = [models.UniqueConstraint(fields=["hand_over", "visit"], name="handovervisit_once")]

    def __str__(self):
        return f"{self.hand_over_id} {self.visit_id}"


class HandOverStep(models.Model):
    """Append-only: how it ended, once: the successor took it or refused; the office took it for him or called it off."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("hand-over", "接手人已接收")
        CONFIRMED = "confirmed", pgettext_lazy("hand-over", "活动办已确认")
        REFUSED = "refused", pgettext_lazy("hand-over", "接手人不接收")
        CALLED_OFF = "called_off", pgettext_lazy("hand-over", "活动办已取消")

    append_only = True

    hand_over = models.OneToOneField(HandOver, models.PROTECT, related_name="step", verbose_name=_("交接"))
    kind = models.CharField(_("动作"), max_length=16, choices=Kind)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )

    class Meta:
        verbose_name = _("交接经过")
        verbose_name_plural = pgettext_lazy("plural", "交接经过")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["accepted"]) | ~Q(reason=""),
                name="handoverstep_says_why",
                violation_error_message=_("不接收、代为确认和取消都要写明原因。"),
            ),
        ]

    def __str__(self):
        return f"{self.hand_over_id} {self.kind}"


TAKEN = [HandOverStep.Kind.ACCEPTED, HandOverStep.Kind.CONFIRMED]


def taken_steps():
    return HandOverStep.objects.filter(hand_over=OuterRef("pk"), kind__in=TAKEN)


def taken_words(cadre):
    """Keys of the words that this person took over, whether or not they were handed on since."""
    rows = HandOverWords.objects.filter(hand_over__step__kind__in=TAKEN)
    return rows.filter(hand_over__successor=cadre).values("opinion")


def followed_by(opinions, cadre):
    """Those of the opinions that this person follows to the end: heard and not handed over, or taken over last.

    An account without a cadre follows none.
    """
    if cadre is None:
        return opinions.none()
    rows = HandOverWords.objects.filter(hand_over__step__kind__in=TAKEN)
    last = rows.filter(opinion=OuterRef("pk")).order_by("-hand_over__step__at", "-pk")
    return (
        opinions.filter(Q(collector=cadre) | Q(pk__in=taken_words(cadre)))
        .annotate(
            follower=Coalesce(
                Subquery(last.values("hand_over__successor")[:1]),
                F("collector"),
                output_field=models.BigIntegerField(),
            )
        )
        .filter(follower=cadre.pk)
    )


def took_over_visit(cadre, visit_id):
    """Whether this person took over the correction of a visit that was sent back."""
    return taken_visits(cadre).filter(visit=visit_id).exists()


def taken_visits(cadre):
    """Keys of the visits that this person took over when they had been sent back."""
    rows = HandOverVisit.objects.filter(hand_over__successor=cadre, hand_over__step__kind__in=TAKEN)
    return rows.values("visit")
