"""What no workbook carries, done by the demo's people through the real doors: today's filings and their story."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from campaigns.services import lock_campaign
from canvass.roles import Role
from grids.models import Grid, RegisterEntry, RegisterPeriod, User
from grids.services import place_entry
from reports.models import Inspection
from visits.contents import VisitContent, Words
from visits.enums import Outcome
from visits.models import Visit
from visits.services import (
    check_visit,
    correct_visit,
    file_visit,
    find_companions,
    send_back_visit,
    void_visit,
)

from .handling import handle_issues

_FORMS = uuid.UUID("6f1b2a52-8a0c-5d0e-9a39-6a3f5c1d7e21")
_HEARD = [
    ("problem", "弄堂口那盏灯又不亮了，昨天夜里阿婆差点绊一跤，你们看看。"),
    ("request", "家里老人走路不方便，想在楼梯口装根扶手，找哪个弄？"),
    ("suggestion", "晚上的纳凉会蛮好，下回请个医生来讲讲血压。"),
    ("complaint", "后门那家早餐店，四点钟就开始乒乒乓乓，能不能轻一点？"),
    ("praise", "上回讲的垃圾桶第二天就加了，讲话算数。"),
]
_NOTES = [
    "一家三口都在，聊了这阵子的新政策，都晓得。",
    "主人家在院里修车，边修边聊，讲起门前的灯。",
    "老两口在家，耳朵不大好，慢慢讲清爽了。",
    "租户刚下班，问了孩子上学要哪些材料。",
    "说最近都好，就是晚上路口车子开得快。",
    "约了两次才碰到，家里装修，物业的事谈了不少。",
    "孩子开门，等大人回来再聊，没有要紧的事。",
    "讲起安置房，盼着早点交房，解释了进度。",
]


def add_history(campaign, now=None):
    """Play the story once; True when it was played now. All of it or nothing."""
    people = {
        role: User.objects.filter(username=role.value, cadre__isnull=False).first()
        for role in (
            Role.VISITOR,
            Role.GRID_LEADER,
            Role.VILLAGE_OFFICE,
            Role.CAMPAIGN_OFFICE,
            Role.UNIT_CLERK,
            Role.UNIT_HEAD,
            Role.LEADING_GROUP,
            Role.INSPECTOR,
        )
    }
    if not all(people.values()) or not campaign.is_writable:
        return False
    with transaction.atomic():
        # The campaign's row is the lock: two commands at the same moment play it once.
        lock_campaign(campaign.pk)
        if Visit.objects.filter(client_id=_form(0)).exists():
            return False
        _Story(campaign, people, now or timezone.now()).play()
    return True


def _form(number):
    """The identity of the demo's n-th phone form."""
    return uuid.uuid5(_FORMS, f"form {number}")


class _Story:
    """A day in the first grid: doors, a mistake, a correction; a house that moves; issues on their way."""

    def __init__(self, campaign, people, now):
        self.campaign, self.people, self.now = campaign, people, now
        self.filed = 0

    def play(self):
        visits = self._file_visits()
        self._review(visits)
        self._move_house()
        handle_issues(self.campaign, self.people, self.now)
        self._inspect()

    # --- Visits ---

    def _file_visits(self):
        """Doors of the first grid and its village, untried ones first; two are typed in days too late."""
        grid = Grid.objects.inside(self.campaign.area_id).order_by("code").first().code
        rounds = [(Role.VISITOR, grid, 9), (Role.GRID_LEADER, grid, 4), (Role.VILLAGE_OFFICE, grid[:12], 5)]
        visits, used = [], set()
        for role, code, count in rounds:
            for entry in self._doors(code).exclude(pk__in=used)[:count]:
                used.add(entry.pk)
                visits.append(self._file(entry, role, late=self.filed in (7, 8)))
        return visits

    def _doors(self, code):
        """Households on the register that nobody was met in, by the number of tries; then all others."""
        tries = Count("visits", filter=Q(visits__campaign=self.campaign))
        met = Count("visits", filter=Q(visits__campaign=self.campaign, visits__outcome=Outcome.MET))
        active = RegisterEntry.objects.inside(code).filter(kind="household", state="active")
        return active.annotate(tries=tries, met=met).order_by("met", "tries", "pk")

    def _file(self, entry, role, *, late=False):
        number = self.filed
        self.filed += 1
        by = self.people[role]
        companions = find_companions([by.cadre.staff_number])
        met = number % 5 != 4
        heard = _HEARD[number // 2 : number // 2 + 1] if met and number % 2 == 0 else []
        started = self._moment(number) - timedelta(days=3 if late else 0)
        content = VisitContent(
            started_at=started,
            ended_at=started + timedelta(minutes=20) if met else None,
            outcome=Outcome.MET if met else Outcome.NOT_IN,
            way="door",
            people_met=1 + number % 3 if met else None,
            note=_NOTES[number % len(_NOTES)] if met else "",
            companions=tuple(companions.values()),
            opinions=tuple(Words(nature, words) for nature, words in heard),
        )
        return file_visit(entry, by=by, campaign=self.campaign, client_id=_form(number), content=content)[0]

    def _moment(self, number):
        """The last evening, or this morning once it is noon: less than a day ago, in decent hours."""
        local = timezone.localtime(self.now)
        if local.hour >= 12:
            start = local.replace(hour=8, minute=40, second=0, microsecond=0)
        else:
            start = local.replace(hour=18, minute=10, second=0, microsecond=0) - timedelta(days=1)
        return max(start + timedelta(minutes=9 * number), self.campaign.first_at)

    def _review(self, visits):
        """The grid leader checks two and sends one back, its visitor corrects it and voids another."""
        visitor, leader = self.people[Role.VISITOR], self.people[Role.GRID_LEADER]
        own = [visit for visit in visits if visit.filed_by_id == visitor.pk]
        if len(own) < 5:
            return
        for visit in own[:2]:
            check_visit(visit, by=leader)
        send_back_visit(own[2], by=leader, reason="见面人数和手记对不上，请核对")
        step = own[2].steps.order_by("-at", "-pk").first()
        correct_visit(
            own[2],
            by=visitor,
            content=self._corrected(own[2]),
            reason="当时还有邻居一位，漏记了",
            seen_step=step.pk,
        )
        void_visit(own[3], by=visitor, reason="选错了门牌，已另行登记")

    def _corrected(self, visit):
        companions = find_companions([row.cadre.staff_number for row in visit.cadres.select_related("cadre")])
        kept = [Words(row.nature, row.words_verbatim, row.pk) for row in visit.opinions.all()]
        return VisitContent(
            started_at=visit.started_at,
            ended_at=visit.ended_at,
            outcome=visit.outcome,
            way=visit.way,
            people_met=(visit.people_met or 0) + 1,
            note=f"{visit.note}邻居一位也在场。",
            companions=tuple(companions.values()),
            opinions=tuple(kept),
        )

    # --- The register ---

    def _move_house(self):
        """A household found in the neighbouring grid, one that stands empty since last week."""
        grids = list(Grid.objects.inside(self.campaign.area_id).order_by("code")[:40])
        first = grids[0]
        neighbour = next((grid for grid in grids[1:] if grid.village_code == first.village_code), first)
        day = timezone.localdate(self.now) - timedelta(days=6)
        entries = RegisterEntry.objects.filter(grid=first, kind="household").order_by("-pk")[:2]
        for entry, grid, state in zip(entries, (neighbour, first), ("active", "vacant"), strict=False):
            if RegisterPeriod.objects.filter(entry=entry).count() == 1:
                place_entry(entry, grid=grid, state=state, from_on=day)

    # --- Inspections ---

    def _inspect(self):
        """An inspector called back two dozen households; nearly all said that somebody had come."""
        visits = Visit.objects.filter(campaign=self.campaign, outcome=Outcome.MET, origin="workbook")
        today = timezone.localdate(self.now)
        Inspection.objects.bulk_create(
            Inspection(
                visit=visit,
                asked_on=today - timedelta(days=number % 7 + 1),
                by=self.people[Role.INSPECTOR],
                is_reached=number % 12 != 5,
                is_confirmed=number % 12 != 5 and number != 16,
            )
            for number, visit in enumerate(visits.order_by("started_at", "pk")[::97][:24])
        )
