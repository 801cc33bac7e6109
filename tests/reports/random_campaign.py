"""A campaign full of awkward rows, from a seed: what the two ways of counting are compared on.

Two towns, a neighbour campaign over the same register, entries that move and change state, rows on the
last and the first moment of days, void and restricted ones, duties that end, issues in every state.
"""

from datetime import date, datetime, time, timedelta
from random import Random

from campaigns.enums import TeamKind
from campaigns.models import CalendarDay, CampaignOutcome, Team, TeamMember, TeamPlace
from canvass.roles import Role
from grids.enums import CadreCategory, RegisterKind, RegisterState
from grids.models import Cadre, Grid, Place, Posting, RegisterEntry
from grids.services import add_entry, place_entry
from issues.enums import SuggestionVerdict
from issues.models import Deed, SuggestionAnswer
from reports.models import Inspection
from tests.factories import campaign, department, number, place
from tests.reports.random_issues import make_issues
from visits.enums import GatheringKind, MaterialKind, OpinionNature, OpinionSource, Outcome
from visits.models import (
    Gathering,
    GatheringSpeaker,
    Handout,
    Opinion,
    OpinionMark,
    Visit,
    VisitCadre,
)

from .reference_figures import SHANGHAI

COUNTY, TOWN = "330411", "330411105"
VILLAGES = ["330411105201", "330411105202", "330411106201", "330402001001"]
FIRST, LAST = date(2018, 9, 1), date(2018, 10, 20)
# Few days, so that rows meet each other, the periods and the cut-offs.
DAYS = [date(2018, 8, 31), FIRST, date(2018, 9, 2), date(2018, 9, 3), date(2018, 9, 9), date(2018, 9, 10)]
DAYS += [date(2018, 9, 29), date(2018, 10, 8), date(2018, 10, 21)]
TIMES = [time(0), time(0, 0, 0, 1), time(12), time(23, 59, 59), time(23, 59, 59, 999999)]


class RandomCampaign:
    """Makes the rows when it is made; `campaign` is the one to count."""

    def __init__(self, seed):
        self.dice = Random(seed)
        self.places = self.make_places()
        self.grids = [code for code in self.places if len(code) == 16]
        area = TOWN if seed % 3 == 0 else COUNTY
        self.campaign = campaign("counted", area, first_on=FIRST, last_on=LAST)
        self.other = campaign("other", COUNTY, first_on=FIRST, last_on=LAST)
        if seed % 2:
            remote = CampaignOutcome.objects.filter(campaign=self.campaign, outcome="remote")
            remote.update(counts_as_visited=True)
        self.departments = [department(name) for name in ("环保所", "城建办", "派出所")]
        self.cadres = self.make_cadres()
        self.make_duties()
        self.entries = self.make_register()
        self.visits = [self.make_visit() for _ in range(70)]
        self.make_records()
        self.make_opinions()
        CalendarDay.objects.create(day=date(2018, 9, 3), is_working=False)
        CalendarDay.objects.create(day=date(2018, 9, 9), is_working=True)
        make_issues(self)

    # ——— dice ———

    def moment(self):
        return datetime.combine(self.dice.choice(DAYS), self.dice.choice(TIMES), SHANGHAI)

    def of_either(self):
        return self.campaign if self.dice.random() < 0.85 else self.other

    def maybe(self, value, chance=0.5):
        return value if self.dice.random() < chance else None

    def placed(self):
        """Mostly a grid, now and then something above: a village, a town, the county."""
        inside = [code for code in self.places if code.startswith(self.campaign.area_id)]
        return self.dice.choice(inside if self.dice.random() < 0.9 else [*self.places, COUNTY])

    def voiding(self):
        moment = self.maybe(self.moment(), 0.25)
        return {"voided_at": moment, "void_reason": "填错" if moment else ""}

    def span(self):
        first, last = sorted(self.dice.choices(DAYS, k=2))
        return {"from_on": first, "to_on": self.maybe(last, 0.3)}

    # ——— places and people ———

    def make_places(self):
        codes = []
        for village in VILLAGES:
            grids = [f"{village}0001", f"{village}0002", f"{village}2001"]
            for code in grids:
                place(code)
            codes += [*grids, village, village[:9]]
        closed = self.dice.choice(codes[:3])
        Place.objects.filter(code=closed).update(from_on=FIRST, to_on=self.dice.choice(DAYS[2:]))
        return sorted(set(codes))

    def make_cadres(self):
        categories = self.dice.choices(list(CadreCategory), k=8)
        made = [
            Cadre(
                staff_number=number("W"),
                name="李一",
                category=category,
                department=self.maybe(self.dice.choice(self.departments), 0.7),
            )
            for category in categories
        ]
        return Cadre.objects.bulk_create(made)

    def make_duties(self):
        duties = {}
        for _ in range(20):
            role = self.dice.choice([Role.VISITOR, Role.VISITOR, Role.GRID_LEADER, Role.VILLAGE_OFFICE])
            key = (self.dice.choice(self.cadres), role, self.dice.choice(self.places))
            duties[key] = self.span()
        Posting.objects.bulk_create(
            Posting(cadre=cadre, role=role, place_id=code, **span)
            for (cadre, role, code), span in duties.items()
        )
        for n in range(5):
            team = Team.objects.create(
                campaign=self.of_either(), name=f"第{n}队", kind=self.dice.choice(list(TeamKind))
            )
            for code in set(self.dice.choices(self.places, k=2)):
                TeamPlace.objects.create(team=team, place_id=code)
            for cadre in set(self.dice.choices(self.cadres, k=self.dice.randint(0, 3)) if n else []):
                TeamMember.objects.create(team=team, cadre=cadre, **self.span())

    def snapshot(self, cadre):
        """As on that day: the department may have been another one than today's."""
        then = self.dice.choice([cadre.department, *self.departments, None])
        return {"cadre": cadre, "name": cadre.name, "category": cadre.category, "department": then}

    # ——— register and visits ———

    def make_register(self):
        entries = []
        for _ in range(60):
            kind = self.dice.choices(list(RegisterKind), weights=[8, 3, 2, 1, 1])[0]
            entry = RegisterEntry(number=number("H"), kind=kind, address="花溪路1号")
            entry.grid_id = self.dice.choice(self.grids)
            entry.state = self.state()
            entry = add_entry(entry, from_on=self.dice.choice(DAYS[:3]))
            for day in sorted(self.dice.sample(DAYS[2:], self.dice.choice([0, 0, 1, 2]))):
                grid = Grid.objects.get(code=self.dice.choice([entry.grid_id, *self.grids]))
                entry = place_entry(entry, grid=grid, state=self.state(), from_on=day)
            entries.append(entry)
        return entries

    def state(self):
        return self.dice.choices(list(RegisterState), weights=[6, 3, 1, 1])[0]

    def make_visit(self):
        started = self.moment()
        ended = self.maybe(started + timedelta(minutes=self.dice.choice([0, 30])))
        voided = self.maybe(self.moment(), 0.2)
        lag = self.dice.choice([timedelta(0), timedelta(hours=24), timedelta(hours=24, microseconds=1)])
        entry = self.dice.choice(self.entries)
        visit = Visit.objects.create(
            campaign=self.of_either(),
            number=number("V"),
            entry=entry,
            grid_id=self.dice.choice([entry.grid_id, *self.grids]),
            started_at=started,
            ended_at=ended,
            outcome=self.dice.choices(list(Outcome), weights=[3, 3, 3, 2, 3, 1, 1])[0],
            people_met=self.maybe(self.dice.randint(0, 4), 0.8),
            state="void" if voided else self.dice.choice(["filed", "checked", "sent_back"]),
            voided_at=voided,
            origin=self.dice.choice(["form", "paper", "workbook"]),
            filed_at=(ended or started) + lag,
        )
        who = set(self.dice.choices(self.cadres, k=self.dice.randint(1, 3)))
        VisitCadre.objects.bulk_create(VisitCadre(visit=visit, **self.snapshot(cadre)) for cadre in who)
        return visit

    # ——— records with a place of their own ———

    def make_records(self):
        for _ in range(25):
            common = {"campaign": self.of_either(), "place_id": self.placed(), **self.voiding()}
            gathering = Gathering.objects.create(
                number=number("G"),
                kind=self.dice.choice(list(GatheringKind)),
                held_on=self.dice.choice(DAYS),
                attendance=self.maybe(self.dice.randint(0, 90), 0.8),
                **common,
            )
            for cadre in set(self.dice.choices(self.cadres, k=self.dice.randint(0, 2)) or []):
                GatheringSpeaker.objects.create(gathering=gathering, **self.snapshot(cadre))
            Handout.objects.create(
                number=number("M"),
                kind=self.dice.choice(list(MaterialKind)),
                given_on=self.dice.choice(DAYS),
                copies=self.dice.randint(0, 500),
                **common,
            )
            Deed.objects.create(
                number=number("D"),
                content="疏通下水道",
                done_on=self.dice.choice(DAYS),
                amount=self.maybe(self.dice.randint(0, 10**7) / 100, 0.7),
                households_helped=self.maybe(self.dice.randint(0, 9), 0.7),
                **common,
            )
        asked = {(self.dice.choice(self.visits), self.dice.choice(DAYS)) for _ in range(30)}
        for visit, day in sorted(asked, key=lambda pair: (pair[0].pk, pair[1])):
            reached = self.dice.random() < 0.8
            Inspection.objects.create(
                visit=visit,
                asked_on=day,
                is_reached=reached,
                is_confirmed=reached and self.dice.random() < 0.7,
            )

    def make_opinions(self):
        heard = []
        for _ in range(50):
            nature = self.dice.choice([*OpinionNature, OpinionNature.SUGGESTION, OpinionNature.SUGGESTION])
            opinion = Opinion.objects.create(
                campaign=self.of_either(),
                number=number("O"),
                nature=nature,
                source=self.dice.choice(list(OpinionSource)),
                place_id=self.placed(),
                heard_at=self.moment(),
                words_verbatim="一下雨门口就积水",
            )
            heard.append(opinion)
            if self.dice.random() < 0.1:
                OpinionMark.objects.create(opinion=opinion, kind="restricted", at=self.moment())
            if self.dice.random() < 0.2:
                OpinionMark.objects.create(opinion=opinion, kind="void", at=self.moment(), reason="重复")
            if nature == OpinionNature.SUGGESTION:
                for _ in range(self.dice.randint(0, 2)):
                    SuggestionAnswer.objects.create(
                        opinion=opinion, answer=self.dice.choice(list(SuggestionVerdict)), at=self.moment()
                    )
        for old in self.dice.sample(heard, 6):
            self.correct(old)

    def correct(self, old):
        """A corrected row is the same words' new row, and the old one is void from that moment on."""
        if old.marks.filter(kind="void").exists():
            return
        moment = self.moment()
        OpinionMark.objects.create(opinion=old, kind="void", at=moment, reason="更正")
        Opinion.objects.create(
            campaign=old.campaign,
            number=number("O"),
            nature=old.nature,
            source=old.source,
            place=old.place,
            heard_at=old.heard_at,
            words_verbatim="一下大雨门口就积水",
            corrects=old,
            created_at=moment,
        )
