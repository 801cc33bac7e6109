"""How large a demo campaign is."""

import random
from dataclasses import dataclass, field

CODE = "wangdian-demo"
TOWN = "330411105"

_QUICK_PEOPLE = {
    "网格长": 118,
    "专职网格员": 118,
    "兼职网格员": 60,
    "市级机关干部": 40,
    "区级机关干部": 44,
    "镇机关干部": 48,
    "村社干部": 48,
    "党代表": 8,
    "人大代表": 8,
    "政协委员": 8,
    "志愿者": 48,
    "警官": 6,
    "检察官": 4,
    "法官": 4,
    "律师": 6,
}
# As published in September 2018, the grouped counts split plausibly: 2,114 in all.
_FULL_PEOPLE = {
    "网格长": 118,
    "专职网格员": 236,
    "兼职网格员": 703,
    "市级机关干部": 311,
    "区级机关干部": 327,
    "镇机关干部": 186,
    "党代表": 18,
    "人大代表": 22,
    "政协委员": 13,
    "志愿者": 137,
    "警官": 16,
    "检察官": 8,
    "法官": 7,
    "律师": 12,
}


def listed(text, by=None):
    """Words that read better in a few lines than one a line: "a b c", or "a|b|c" by "|"."""
    return text.strip("\n").replace("\n", by or " ").split(by)


@dataclass(frozen=True)
class Plan:
    """The sizes of a demo. `opinions` come from visits, a few more from letters and callers."""

    villages: int = 24
    grids: int = 118
    households: int = 3000
    teams: int = 112
    team_members: int = 400
    opinions: int = 380
    policy_talks: int = 24
    evening_talks: int = 48
    people: dict = field(default_factory=lambda: dict(_QUICK_PEOPLE))
    seed: int = 2018

    def random(self, part):
        """A source of chance of its own for each part: more of one thing changes nothing in another."""
        return random.Random(f"{self.seed}-{part}")


QUICK = Plan()
FULL = Plan(
    households=18362,
    team_members=1344,
    opinions=1900,
    policy_talks=66,
    evening_talks=189,
    people=dict(_FULL_PEOPLE),
)
