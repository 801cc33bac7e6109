"""A campaign with every awkward row of RandomCampaign, and as many households as a county town has."""

from datetime import timedelta

from canvass.bulk import refresh_statistics
from grids.enums import RegisterKind
from grids.models import RegisterEntry, RegisterPeriod
from tests.factories import number
from visits.enums import Outcome
from visits.models import Visit, VisitCadre

from .random_campaign import DAYS, FIRST, RandomCampaign


class LargeCampaign(RandomCampaign):
    """`households` doors more and a visit to two of three of them: void, other campaign, another grid, day's edge."""

    def __init__(self, seed, *, households):
        super().__init__(seed)
        self.entries += self.many_doors(households)
        self.many_visits(self.entries[-households:])
        # As a load does: PostgreSQL plans as if the tables were empty, and one figure may take minutes.
        refresh_statistics("grids", "campaigns", "visits", "issues")

    def many_doors(self, households):
        made = RegisterEntry.objects.bulk_create(
            (
                RegisterEntry(
                    number=number("H"),
                    kind=RegisterKind.HOUSEHOLD,
                    address=f"花溪路{n}号",
                    grid_id=self.dice.choice(self.grids),
                    state=self.state(),
                    from_on=FIRST,
                )
                for n in range(households)
            ),
            batch_size=1000,
        )
        RegisterPeriod.objects.bulk_create(
            [period for entry in made for period in self.periods(entry)], batch_size=1000
        )
        return made

    def periods(self, entry):
        """Where the door was registered: one in ten lay in another grid before some day."""
        last = {"entry": entry, "grid_id": entry.grid_id, "state": entry.state}
        moved_on = self.maybe(self.dice.choice(DAYS[2:]), 0.1)
        if not moved_on:
            return [RegisterPeriod(**last, from_on=FIRST)]
        before = {"entry": entry, "grid_id": self.dice.choice(self.grids), "state": self.state()}
        return [
            RegisterPeriod(**before, from_on=FIRST, to_on=moved_on - timedelta(days=1)),
            RegisterPeriod(**last, from_on=moved_on),
        ]

    def many_visits(self, entries):
        made = Visit.objects.bulk_create(
            (self.visit_of(entry) for entry in entries if self.dice.random() < 2 / 3), batch_size=1000
        )
        people = [self.snapshot(cadre) for cadre in self.cadres]
        VisitCadre.objects.bulk_create(
            (
                VisitCadre(visit=visit, **who)
                for visit in made
                for who in self.dice.sample(people, self.dice.randint(1, 2))
            ),
            batch_size=1000,
        )

    def visit_of(self, entry):
        started, voided = self.moment(), self.maybe(self.moment(), 0.1)
        return Visit(
            campaign=self.of_either(),
            number=number("V"),
            entry=entry,
            grid_id=entry.grid_id,
            started_at=started,
            outcome=self.dice.choices(list(Outcome), weights=[8, 2, 3, 2, 1, 1, 1])[0],
            people_met=self.maybe(self.dice.randint(1, 4), 0.8),
            state="void" if voided else "filed",
            voided_at=voided,
            origin=self.dice.choice(["form", "paper", "workbook"]),
            filed_at=started,
        )
