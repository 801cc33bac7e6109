"""A campaign whose bulletin has something to say: four villages, one of them with a single household visited."""

from datetime import date

from reports.bulletin_services import put_up_example, switch_bulletin
from tests import factories, people

VILLAGES = ("330411105201", "330411105202", "330411105203", "330411105204")
# households, of them visited, opinions, issues, of them closed as really solved
NUMBERS = ((6, 4, 4, 4, 3), (8, 5, 5, 5, 4), (5, 1, 3, 3, 3), (9, 7, 6, 6, 5))
WORDS = {
    "title": "路口下雨积水",
    "text": "有住户说，一下雨路口就过不去。",
    "answer": "水利站换了雨水管，雨后又去看过，不再积水。",
}


def fill(campaign, village, numbers):
    """Rows of one village; gives its closed issues."""
    households, visited, opinions, issues, resolved = numbers
    grid = f"{village}0001"
    for n in range(households):
        entry = factories.household(grid)
        if n < visited:
            factories.visit(campaign, entry)
    for _n in range(opinions):
        factories.opinion(campaign, grid)
    made = [
        closed(campaign, grid) if n < resolved else factories.issue(campaign, grid) for n in range(issues)
    ]
    return made[:resolved]


def closed(campaign, grid=factories.GRID_A1, **fields):
    """A closed issue, really solved."""
    values = {
        "state": "closed",
        "outcome": "substantive",
        "replied_at": factories.at("2018-09-06"),
        "closed_at": factories.at("2018-09-10"),
        **factories.assigned(factories.department()),
        **fields,
    }
    return factories.issue(campaign, grid, **values)


def four_villages():
    """(campaign, closed issues of the first village)."""
    campaign = factories.campaign()
    names = ("花溪社区", "庆丰村", "南梅村", "建林村")
    for code, name in zip(VILLAGES, names, strict=True):
        factories.place(code, name=name, from_on=date(2018, 1, 1))
    issues = [fill(campaign, *each) for each in zip(VILLAGES, NUMBERS, strict=True)]
    return campaign, issues[0]


def public(campaign):
    """The campaign's bulletin made public by its office, which it gives back."""
    office = people.bob(campaign.area_id)
    switch_bulletin(campaign, by=office, public=True)
    return office


def example(issue, office, **words):
    return put_up_example(issue, by=office, **{**WORDS, **words})
