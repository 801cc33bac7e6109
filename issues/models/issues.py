"""An issue, its append-only history, and what hangs on it."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Substr
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign
from canvass import places
from canvass.roles import Role
from grids.models import Department, Place
from visits.models.reports import names

from ..enums import (
    IssueLevel,
    IssueOutcome,
    IssueState,
    Lateness,
    LimitProfile,
    Urgency,
)
from ..workflow import BY_DEPARTMENT, MOVES, REMIND, SEND_BACK, SPOT
from .categories import Category
from .lateness import lateness_rules
from .links import IssueOpinion, IssueStep, IssueSupport

# Out of every figure.
OUT = [IssueState.VOID, IssueState.MERGED, IssueState.WITHDRAWN]
# Registered, but not ours to solve.
REFUSED = [IssueState.NOT_ACCEPTED, IssueState.TRANSFERRED]
# "Being resolved".
STARTED = [
    IssueState.IN_PROGRESS,
    IssueState.WAITING,
    IssueState.PARKED,
    IssueState.REPLIED,
    IssueState.FOLLOW_UP,
]
# A department must hold it, with a due date.
ASSIGNED_ON = [IssueState.ASSIGNED, *STARTED, IssueState.CLOSED]
# An approved reply exists.
REPLIED_ON = [IssueState.REPLIED, IssueState.FOLLOW_UP, IssueState.CLOSED]
# No department owes an answer any more.
ANSWERED = [*OUT, *REFUSED, *REPLIED_ON]
RESTRICTED_CATEGORY = "20"


def _all_over(codes):
    """Inside areas so wide that an index of places would only hinder: SQLite then sorts a whole town for a page."""
    condition = Q(pk__in=[])
    for code in codes:
        place = Coalesce("place_id", Value(""))  # the same text, out of the planner's sight
        condition |= Q(GreaterThanOrEqual(place, code), LessThanOrEqual(place, code.ljust(places.GRID, "9")))
    return condition


class IssueQuerySet(models.QuerySet):
    def unrestricted(self):
        return self.filter(is_restricted=False)

    def overdue_at(self, moment):
        """Past their due date without an approved reply, as they stand now; see `Issue.is_overdue_at`."""
        return self.filter(due_at__lt=moment).exclude(state__in=ANSWERED)

    def with_lateness(self, now=None):
        """Annotate `lateness`: one of enums.Lateness, by the working days of `now`."""
        whens = [When(rule, then=Value(name)) for name, rule in lateness_rules(now or timezone.now())]
        owed = ~Q(state__in=ANSWERED) & Q(due_at__isnull=False)
        return self.annotate(
            lateness=Case(When(~owed, then=Value(Lateness.NO_CLOCK)), *whens, default=Value(Lateness.NOT_DUE))
        )

    def with_reminder(self):
        """Annotate `reminded_at`: when the office last reminded, unless the department has stirred since."""
        said = IssueStep.objects.filter(issue=OuterRef("pk"), move__in=[REMIND, "assign", *BY_DEPARTMENT])
        at = Case(When(move=REMIND, then=F("at")))
        last = Subquery(said.order_by("-at", "-pk").annotate(reminded=at).values("reminded")[:1])
        return self.annotate(reminded_at=Case(When(state__in=MOVES[REMIND].sources, then=last)))

    def with_state_at(self, moment):
        """Annotate `state_then`, `since_then` and `outcome_then`: how each issue stood at a moment.

        The row itself answers where it has not moved since; only older moments read the steps.
        """
        step = IssueStep.objects.filter(issue=OuterRef("pk"), at__lte=moment, changes_state=True).order_by(
            "-at", "-pk"
        )
        settled = Q(state_since__lte=moment)

        def then(column, step_column):
            return Case(When(settled, then=F(column)), default=Subquery(step.values(step_column)[:1]))

        return self.annotate(
            state_then=then("state", "to_state"),
            since_then=then("state_since", "at"),
            outcome_then=then("outcome", "outcome"),
        )

    def with_due_at(self, moment):
        """Annotate `due_then`: the due date as it stood at a moment, before any later extension.

        The steps carry each due date, and a department that sends back owes nothing more; an issue without
        such a step has had but one.
        """
        steps = IssueStep.objects.filter(issue=OuterRef("pk"), at__lte=moment)
        steps = steps.filter(Q(due_at__isnull=False) | Q(move=SEND_BACK))
        latest = Subquery(steps.order_by("-at", "-pk").values("due_at")[:1])
        return self.annotate(due_then=Case(When(Exists(steps), then=latest), default=F("due_at")))

    def with_reply_at(self, moment):
        """Annotate `replied_then`: when the reply came that stood at a moment; null after a rework or reopening.

        Needs `state_then`, see `with_state_at`.
        """
        steps = IssueStep.objects.filter(issue=OuterRef("pk"), at__lte=moment, changes_state=True)
        replies = steps.filter(Q(to_state=IssueState.REPLIED) | Q(move=SPOT))
        latest = replies.order_by("-at", "-pk").values("at")[:1]
        return self.annotate(
            replied_then=Case(
                When(state_since__lte=moment, then=F("replied_at")),
                When(state_then__in=REPLIED_ON, then=Subquery(latest)),
            )
        )

    def visible_to(self, user):
        """Issues of the places of one's postings; those one heard first; a department its own.

        Who heard words of an issue that was merged sees what became of it: the main issue too. Who heard words
        that were taken out again has no business here any more.

        A restricted report is seen by discipline of that place and by nobody else, and never by whom it names.
        A former department loses sight of the issue when it moves on.
        """
        reach = user.reach
        if reach.cadre is None:
            return self.none()
        wide = [code for code in reach.area_codes if len(code) < places.VILLAGE]
        narrow = [code for code in reach.area_codes if code not in wide]
        found = []
        if departments := reach.department_ids:
            supports = IssueSupport.objects.filter(department__in=departments)
            found += [self.model.objects.filter(lead_department__in=departments).values_list("pk")]
            found += [supports.values_list("issue")]
        if reach.has(Role.VISITOR, Role.GRID_LEADER):
            heard = IssueOpinion.objects.standing().filter(opinion__collector=reach.cadre)
            found += heard.issue_keys()
        condition = _all_over(wide)
        if found:
            found += [self.model.objects.filter(places.inside("place_id", *narrow)).values_list("pk")]
            parts = [part.order_by() for part in found]
            condition |= Q(pk__in=parts[0].union(*parts[1:]))
        else:
            condition |= places.inside("place_id", *narrow)
        found_here = condition & Q(is_restricted=False)
        if codes := reach.restricted_codes:
            named = IssueOpinion.objects.filter(names(reach, "opinion"), issue=OuterRef("pk"))
            found_here |= places.inside("place_id", *codes) & Q(is_restricted=True) & ~Q(Exists(named))
        return self.filter(found_here)


class Issue(models.Model):
    """Something to be resolved, from one opinion, many, or none.

    The state and its dates change only through `services.move_issue`, which writes one IssueStep a move.
    """

    redactable = ("title", "result")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="issues", verbose_name=_("活动"))
    number = models.CharField(_("问题编号"), max_length=64)
    title = models.CharField(_("标题"), max_length=200)
    category = models.ForeignKey(Category, models.PROTECT, related_name="issues", verbose_name=_("类别"))
    level = models.CharField(_("层级"), max_length=16, choices=IssueLevel)
    urgency = models.CharField(_("紧急程度"), max_length=16, choices=Urgency, default=Urgency.ORDINARY)
    profile = models.CharField(
        _("时限规则"), max_length=16, choices=LimitProfile, default=LimitProfile.CAMPAIGN
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("范围"))
    registered_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    state = models.CharField(
        _("状态"), max_length=16, choices=IssueState, default=IssueState.ACCEPTED, editable=False
    )
    state_since = models.DateTimeField(_("状态起始"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    lead_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_issues",
        verbose_name=_("主办单位"),
    )
    assigned_at = models.DateTimeField(_("交办时间"), null=True, blank=True, editable=False)
    first_assigned_at = models.DateTimeField(null=True, blank=True, editable=False)
    due_at = models.DateTimeField(_("期限"), null=True, blank=True, editable=False)
    replied_at = models.DateTimeField(_("答复时间"), null=True, blank=True, editable=False)
    first_replied_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True, editable=False)
    first_closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    outcome = models.CharField(_("办结方式"), max_length=16, choices=IssueOutcome, blank=True, editable=False)
    result = models.TextField(_("办理结果"), blank=True)
    is_spot_resolved = models.BooleanField(_("当场解决"), default=False)
    is_restricted = models.BooleanField(_("限阅"), default=False, editable=False)
    # Ruled final by the office: the department cannot send it back again.
    is_final_ruling = models.BooleanField(_("最终裁定"), default=False, editable=False)
    # While waiting: until when. While parked, or closed as phased: when it comes up again.
    review_on = models.DateField(_("下次复核日期"), null=True, blank=True, editable=False)
    # Drawn by chance at the closing: from this day somebody else may ask the resident once more.
    second_check_on = models.DateField(_("二次回访日期"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_issues",
        verbose_name=_("并入"),
    )
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="continued_by",
        verbose_name=_("接续"),
    )

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("问题")
        verbose_name_plural = pgettext_lazy("plural", "问题")
        ordering = ["-registered_at", "-pk"]
        permissions = [
            ("handle_issue", _("受理、交办和销号")),
            ("answer_issue", _("承办单位签收和办理")),
            ("approve_reply", _("承办负责人答复")),
            ("approve_parking", _("批准挂账和程序性办结")),
            ("view_restricted", _("查看限阅举报")),
        ]
        indexes = [
            models.Index(fields=["campaign", "registered_at"]),
            models.Index(fields=["place", "registered_at"]),
            models.Index(fields=["state", "due_at"]),
            # The ledger reads from the newest down, and stops when a page is full.
            models.Index(fields=["registered_at", "id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="issue_number_once",
                violation_error_message=_("本活动已有此问题编号。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ASSIGNED_ON)
                | Q(is_spot_resolved=True)
                | Q(lead_department__isnull=False, assigned_at__isnull=False, due_at__isnull=False),
                name="issue_assigned_has_department",
                violation_error_message=_("自交办起须有主办单位、交办时间和期限。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=REPLIED_ON) | Q(replied_at__isnull=False),
                name="issue_replied_is_dated",
                violation_error_message=_("自已办理起须有答复时间。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=IssueState.CLOSED) | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="issue_closed_has_outcome",
                violation_error_message=_("销号须有办结时间和办结方式。"),
            ),
            models.CheckConstraint(
                condition=Q(is_restricted=True)
                | ~Q(Exact(Substr("category", 1, 2), Value(RESTRICTED_CATEGORY))),
                name="issue_misconduct_is_restricted",
                violation_error_message=_("检举控告类问题一律限阅。"),
            ),
            models.CheckConstraint(
                condition=Q(state=IssueState.MERGED) | Q(merged_into__isnull=True),
                name="issue_merged_into_only_when_merged",
                violation_error_message=_("只有并案的问题才有主件。"),
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def is_overdue_at(self, moment):
        """Past its due date without an approved reply, as it stands now."""
        return self.state not in ANSWERED and self.due_at is not None and self.due_at < moment
