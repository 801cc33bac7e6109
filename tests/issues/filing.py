"""What the tests of an issue's papers share: an issue with words, a slip, requests, follow-ups, and secrets."""

from issues.models import IssueOpinion
from tests import factories
from tests.factories import at

from .stories import TO_CLOSED, story
from .supervising import slip_on

# What must never stand on a paper, each planted where it could slip out.
SECRETS = {
    "holder": "沈百合",
    "address": "花溪路77号",
    "visitor": "罗律师",
    "collector": "艾走访",
    "told": "已告知沈家人",
    "note": "手记写着狗很凶",
    "restricted words": "某人吃拿卡要",
}
SAID_BACK = "水还是淹到门口"


def filed(campaign, moves=TO_CLOSED):
    """An issue with a past, everything around it that must not be shown, and one yellow slip."""
    issue = story(campaign, *moves, result="换了雨水管")
    home = factories.household(address=SECRETS["address"], holder_name=SECRETS["holder"])
    visit = factories.visit(
        campaign,
        home,
        by=[factories.cadre(SECRETS["visitor"])],
        note=SECRETS["note"],
        number=factories.number(),
    )
    heard = {"visit": visit, "entry": home, "collector": factories.cadre(SECRETS["collector"])}
    words = factories.opinion(campaign, words_verbatim="下雨就淹，\n蹚水进门", **heard)
    secret = factories.opinion(campaign, words_verbatim=SECRETS["restricted words"], restricted=True, **heard)
    for opinion in (words, secret):
        IssueOpinion.objects.create(issue=issue, opinion=opinion, at=issue.registered_at)
    step(issue, "note", "2018-09-05 09:00", reason="已看现场", details={"told": SECRETS["told"]})
    slip_on(issue, "2018-09-05 10:00")
    return issue


def step(issue, move, when, **fields):
    return issue.steps.create(
        move=move,
        from_state=issue.state,
        to_state=issue.state,
        changes_state=False,
        at=at(when),
        department=issue.lead_department,
        **fields,
    )


def called_back(issue, **fields):
    values = {"result": "partly", "satisfaction": "mostly", "way": "phone", "words_verbatim": SAID_BACK}
    return issue.follow_ups.create(at=at("2018-09-07 09:00"), **values | fields)
