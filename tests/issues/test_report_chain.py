"""A misconduct report by every way in: from its first moment discipline alone learns of it."""

import pytest
from django.contrib.admin.models import LogEntry

from issues.models import Issue, IssueOpinion
from reports.loading import load
from tests import factories, people
from tests.desk import address, said
from tests.visits.forms import by, file_address, filled
from tests.visits.test_paper_type import row as paper_row
from tests.workbooks import GRID_A1, VILLAGE_A
from visits.models import Opinion

from .moving import grid_leader, head

pytestmark = pytest.mark.django_db
TAIL = "某人收了红包尾巴"
HEARD = "张家说，" + TAIL


@pytest.fixture
def rows(client):
    campaign = factories.campaign()
    alice, bob = people.alice(), people.bob()
    home = factories.household(GRID_A1, address="花溪路12号402室", number="H-12")
    return {"campaign": campaign, "alice": alice, "bob": bob, "home": home, "client": client}


def filed(rows, nature="report", words=HEARD):
    rows["client"].force_login(rows["alice"])
    data = filled((nature, words), cadres=[by(rows["alice"])])
    return rows["client"].post(file_address(rows["home"]), data)


def from_the_phone(rows):
    filed(rows)


def from_the_queue_of_the_phone(rows):
    rows["client"].force_login(rows["alice"])
    headers = {"accept": "application/json", "x-person": str(rows["alice"].pk)}
    data = filled(("report", HEARD), cadres=[by(rows["alice"])])
    for status in (201, 200):
        answer = rows["client"].post(file_address(rows["home"]), data, headers=headers)
        assert answer.status_code == status
        assert TAIL not in answer.text


def from_paper(rows):
    rows["client"].force_login(people.village_office())
    rows["client"].post("/visits/typing/", paper_row(("6", HEARD)))


def by_correction(rows):
    """First taken for a problem, and sorted into an issue; then the visitor puts the nature right."""
    filed(rows, "problem")
    words = Opinion.objects.get()
    issue = factories.issue(
        rows["campaign"], title=TAIL, state="in_progress", **factories.assigned(factories.department())
    )
    IssueOpinion.objects.create(issue=issue, opinion=words)
    rows["client"].force_login(rows["alice"])
    visit = words.visit
    data = filled(("report", HEARD, words.pk), cadres=[by(rows["alice"])], reason="是举报")
    data["seen_step"] = visit.steps.order_by("-pk").first().pk
    assert rows["client"].post(f"/visits/{visit.pk}/correct/", data).status_code == 302


def by_category_at_the_triage_desk(rows):
    filed(rows, "complaint")
    words = Opinion.objects.get()
    rows["client"].force_login(rows["bob"])
    data = {"decision": "accept", "accept-title": TAIL, "accept-category": "2001", "accept-level": "town",
            "accept-urgency": "ordinary"}  # fmt: skip
    assert rows["client"].post(f"/issues/triage/{words.pk}/", data).status_code == 302


def from_the_desk(rows):
    rows["client"].force_login(rows["bob"])
    data = {"campaign": rows["campaign"].pk, "nature": "report", "source": "letter", "place": VILLAGE_A,
            "heard_at": "2018-09-03T19:30", "words_verbatim": HEARD}  # fmt: skip
    rows["client"].post(address(Opinion, "add"), data)


def from_a_workbook(rows):
    words = {
        "诉求编号": "SQ-66",
        "性质": "举报",
        "来源": "来信",
        "范围": VILLAGE_A,
        "收集时间": "2018-09-03 19:30",
    }
    load({"诉求": [{**words, "原话": HEARD}]}, campaign_code=rows["campaign"].code)


WAYS = [
    from_the_phone,
    from_the_queue_of_the_phone,
    from_paper,
    by_correction,
    by_category_at_the_triage_desk,
    from_the_desk,
    from_a_workbook,
]
# These open the doors; that no other role finds the row at all is asked of the querysets, and each role opens every
# door in test_restricted_reports.
OPENERS = [None, people.bob, people.clerk]
OTHERS = [grid_leader, people.village_office, head, people.leader, people.inspector, people.system_admin]


def doors(rows):
    code = rows["campaign"].code
    yield from ("/visits/mine/", f"/visits/entries/{rows['home'].number}/", f"/issues/?lot=all&q={TAIL[:4]}")
    yield from ("/issues/triage/", f"/reports/workbook/export/?campaign={code}", "/reports/figures/opinions/")
    yield f"/issues/hand-overs/new/{rows['alice'].cadre.pk}/"
    yield f"{address(Opinion)}?q={TAIL[:4]}"
    for opinion in Opinion.objects.all():
        yield address(Opinion, "change", opinion.pk)
        yield f"/issues/triage/{opinion.pk}/"
        if opinion.visit_id:
            yield f"/visits/{opinion.visit_id}/"
    for issue in Issue.objects.all():
        yield f"/issues/{issue.pk}/"


@pytest.mark.parametrize("way", WAYS)
def test_discipline_alone_learns_of_it_by_whatever_way_it_came(client, rows, way):
    way(rows)
    report = Opinion.objects.restricted().exclude(marks__kind="void").get()

    told = []
    for make_user in OPENERS:
        user = make_user() if make_user else rows["alice"]
        client.force_login(user)
        told += [(door, str(user)) for door in doors(rows) if TAIL in said(client.get(door, follow=True))]
    for user in (make_user() for make_user in OTHERS):
        told += [str(user)] if Opinion.objects.visible_to(user).filter(words_verbatim=HEARD).exists() else []
        told += [str(user)] if Issue.objects.visible_to(user).filter(title=TAIL).exists() else []
    assert told == []
    assert not LogEntry.objects.filter(object_repr__contains=TAIL).exists()
    assert not LogEntry.objects.filter(change_message__contains=TAIL).exists()

    client.force_login(people.discipline())
    found = client.get("/issues/restricted/").text + client.get("/issues/?lot=all").text
    assert TAIL in found or report.number in found
    assert TAIL in client.get(f"/issues/restricted/{report.pk}/").text
