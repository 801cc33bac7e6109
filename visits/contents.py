"""What a filled form says about a visit, and the digest by which two forms are known to say the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from grids.models import Cadre

from .answer_wishes import Wish
from .filing import digest

# The columns that a correction may change.
COLUMNS = ("started_at", "ended_at", "outcome", "way", "people_met", "note")


class Words(NamedTuple):
    """One opinion as typed; `corrects` is the pk of the stored one that it stands for.

    `done` is what was done about it on the spot, "" when nothing was; `wish` the answer that is wanted, if any.
    """

    nature: str
    words: str
    corrects: int | None = None
    done: str = ""
    wish: Wish | None = None

    def told(self):
        """What was said, for a digest: what a form did not say leaves no trace, so older digests stay."""
        return [
            self.nature,
            self.words,
            *([self.done] if self.done else []),
            *([self.wish.told()] if self.wish else []),
        ]


class Companion(NamedTuple):
    """A cadre who took part, with all the postings he or she ever had."""

    cadre: Cadre
    postings: tuple


@dataclass(frozen=True)
class VisitContent:
    """All that a filled form says about a visit."""

    started_at: datetime
    ended_at: datetime | None
    outcome: str
    way: str
    people_met: int | None
    note: str
    companions: tuple
    opinions: tuple
    # Kinds of material that were handed out, one copy of each; filed once, not part of a correction.
    materials: tuple = ()
    # (latitude, longitude), each of three decimals.
    place: tuple | None = None
    # The version of the campaign's notice on the form. No part of what was said: two versions say the same.
    notice: int | None = None

    def columns(self):
        return {name: getattr(self, name) for name in COLUMNS}

    def digest(self, entry, campaign, collector=None):
        """Equal for two forms that say the same, in whatever order the cadres were ticked."""
        content = [entry.pk, campaign.pk, sorted(c.cadre.pk for c in self.companions)]
        content += [[str(value) for value in self.columns().values()]]
        content += [words.told() for words in self.opinions]
        content += [["materials", *sorted(self.materials)]] if self.materials else []
        content += [["place", *map(str, self.place)]] if self.place else []
        content += [["collector", collector.pk]] if collector else []
        return digest(content)
