"""A day of handling issues in the demo: every desk has something on it that waits for somebody."""

from datetime import timedelta

from django.utils import timezone

from campaigns.calendar import after_working_days
from canvass.roles import Role
from grids.models import Department
from issues.enums import IssueState
from issues.models import Category, Issue
from issues.services import accept_issue, move_issue
from issues.supervision import supervise
from visits.models import Opinion

_NEW = [("弄堂口路灯不亮", "0402"), ("老人出行加装扶手", "0904")]


def handle_issues(campaign, people, now):
    """New words become issues; some of those under way take their next steps today; then supervision is due."""
    day = _Day(campaign, people, now)
    for opinion, (title, category) in zip(day.new_words(), _NEW, strict=False):
        day.accept(opinion, title, category)
    day.work_on_the_desk()
    supervise(now=now, campaign=campaign)


class _Day:
    def __init__(self, campaign, people, now):
        self.campaign, self.today = campaign, timezone.localdate(now)
        self.office, self.leader = people[Role.CAMPAIGN_OFFICE], people[Role.LEADING_GROUP]
        self.clerk, self.head = people[Role.UNIT_CLERK], people[Role.UNIT_HEAD]
        self.department = Department.objects.get(pk=self.clerk.reach.department_ids[0])

    def new_words(self):
        """What today's visitors heard."""
        words = Opinion.objects.filter(campaign=self.campaign, visit__client_id__isnull=False)
        return words.filter(nature__in=["problem", "request"]).order_by("pk")

    def accept(self, opinion, title, category):
        issue = accept_issue(
            by=self.office,
            campaign=self.campaign,
            title=title,
            category=Category.objects.get(code=category),
            level="town",
            place=opinion.place,
            opinions=[opinion],
        )
        supports = Department.objects.filter(led_issues__campaign=self.campaign).exclude(
            pk=self.department.pk
        )
        due_on = after_working_days(self.today, 5)
        given = {"lead_department": self.department, "due_on": due_on}
        if category == "0402":
            self._mend_the_lamp(self._move(issue, "assign", self.office, **given))
        else:
            first = supports.order_by("pk").distinct()[:1]
            self._move(issue, "assign", self.office, supports=list(first), **given)

    def _mend_the_lamp(self, issue):
        """Signed for, mended the same day, asked about and struck off."""
        self._move(issue, "sign", self.clerk)
        self._reply(issue, "已更换灯具，当晚亮灯。", "弄堂口的路灯已经换好，当晚就亮了。")
        self._move(issue, "ask", self.office)
        said = {"way": "phone", "result": "solved", "satisfaction": "satisfied"}
        self._move(
            issue, "close", self.office, outcome="substantive", reason="灯亮了，谢谢你们跑得快。", **said
        )

    def work_on_the_desk(self):
        """One of each: an extension and a parking asked for, waiting, a rework, nobody reached."""
        running = self._of(IssueState.IN_PROGRESS).filter(due_at__date__gt=self.today)
        acts = (self._ask_extension, self._ask_parking, self._wait)
        for issue, act in zip(running, acts, strict=False):
            act(issue)
        if fresh := self._of(IssueState.ASSIGNED).first():
            self._rework(fresh)
        for issue in Issue.objects.filter(campaign=self.campaign, state=IssueState.FOLLOW_UP).order_by("pk")[
            :2
        ]:
            self._move(issue, "not_reached", self.office, way="phone", reason="电话没有人接。")

    def _of(self, state):
        mine = Issue.objects.unrestricted().filter(campaign=self.campaign, lead_department=self.department)
        return mine.filter(state=state).order_by("-due_at", "pk")

    def _ask_extension(self, issue):
        longer = after_working_days(timezone.localdate(issue.due_at), 2)
        self._move(issue, "ask_extension", self.clerk, due_on=longer, reason="配件要从市里调，后天到货。")

    def _ask_parking(self, issue):
        self._move(
            issue,
            "ask_parking",
            self.clerk,
            reason="要改主管，今年的资金已经排满。",
            plan="列入明年改造计划，先做临时疏通。",
            milestone="年底前完成设计",
            explanation="这段老管子要整条换，今年的资金已经排满。先临时疏通，明年改造。",
            review_on=self.today + timedelta(days=28),
        )

    def _wait(self, issue):
        until_on = self.today + timedelta(days=6)
        self._move(issue, "wait", self.clerk, until_on=until_on, reason="约了住户周末一起到现场看。")

    def _rework(self, issue):
        self._move(issue, "sign", self.clerk)
        self._reply(issue, "已派人疏通。", "已派人疏通，请再看看。")
        self._move(issue, "ask", self.office)
        said = {"way": "phone", "result": "not_solved", "satisfaction": "dissatisfied"}
        self._move(issue, "rework", self.office, reason="下雨还是积水，没有通到底。", **said)

    def _reply(self, issue, done, told):
        self._move(issue, "reply", self.head, reason=done, outcome="substantive", reply=told)

    def _move(self, issue, move, by, **values):
        issue.refresh_from_db()
        return move_issue(issue, move=move, by=by, version=issue.version, **values)
