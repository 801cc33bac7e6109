"""/issues/contacts/<pk>/: the number of who wants an answer, whole, for a reason that stays on record."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from canvass.append_only import MESSAGE
from canvass.roles import Role
from grids.enums import AuditAction
from grids.models import AuditRow
from issues.contacts import read_contact
from issues.models import IssueOpinion
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1, VILLAGE_B
from visits.models import AnswerWish, ContactReading, OpinionMark

from .moving import head

pytestmark = pytest.mark.django_db
NUMBER = "13812341234"
WHY = "回电告知路灯已修"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


def wish_of(campaign, alice, **fields):
    """Alice heard it in her grid, and was asked to ring back."""
    said = {key: fields.pop(key) for key in ("nature", "restricted") if key in fields}
    opinion = factories.opinion(
        campaign, collector=alice.cadre, entry=factories.household(address="花溪路12号"), **said
    )
    return AnswerWish.objects.create(opinion=opinion, **{"way": "phone", "phone": NUMBER, **fields})


@pytest.fixture
def wish(campaign, alice):
    return wish_of(campaign, alice)


def address(wish):
    return f"/issues/contacts/{wish.pk}/"


def ask(client, user, wish, reason=WHY):
    client.force_login(user)
    return client.post(address(wish), {"reason": reason})


def main(response):
    return response.content.decode().split("<main")[1].split("</main>")[0]


# --- What the page does ---------------------------------------------------------------------------------------


def test_page_asks_why_before_it_shows_anything(client, wish):
    client.force_login(people.bob())
    response = client.get(address(wish))
    assert NUMBER not in response.content.decode()
    assert "138****1234" in main(response)
    assert not ContactReading.objects.exists()


def test_number_is_shown_once_and_that_it_was_is_on_record(client, wish):
    bob = people.bob()
    response = ask(client, bob, wish)
    assert f'href="tel:{NUMBER}"' in main(response)
    assert "no-store" in response["Cache-Control"]
    assert list(ContactReading.objects.values_list("wish", "by", "reason")) == [(wish.pk, bob.pk, WHY)]
    row = AuditRow.objects.get(action=AuditAction.UNMASKED)
    assert (row.user, row.record_type, row.record_key) == (bob, "visits.AnswerWish", str(wish.pk))
    again = main(client.get(address(wish)))
    assert NUMBER not in again
    assert WHY in again
    assert "鲍二柏" in again


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_shown(client, wish, reason):
    response = ask(client, people.bob(), wish, reason)
    assert "请写明原因。" in main(response)
    assert NUMBER not in response.content.decode()
    assert not ContactReading.objects.exists()


def test_number_that_was_erased_meanwhile_is_told_so(wish, alice):
    AnswerWish.objects.update(phone="", erased_at=timezone.now())
    with pytest.raises(ValidationError, match="号码刚才已经清除"):
        read_contact(wish, by=alice, reason=WHY)
    assert not ContactReading.objects.exists()


def test_number_that_no_key_opens_is_a_sentence_and_no_reading(client, wish, settings):
    settings.FIELD_KEYS = ["another key, of enough characters"]
    bob = people.bob()
    client.force_login(bob)
    assert "号码无法读取，请联系管理员" in main(client.get(address(wish)))
    response = ask(client, bob, wish)
    assert response.status_code == 200
    assert "号码无法读取，请联系管理员" in main(response) and "tel:" not in main(response)
    assert not ContactReading.objects.exists()


# --- Who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (people.bob, 200),
        (people.village_office, 200),
        # They read the words, and the number masked.
        (lambda: people.person(Role.GRID_LEADER, GRID_A1), 403),
        (people.alice, 403),
        (people.leader, 403),
        (people.inspector, 403),
        # To them the words do not exist.
        (people.charlie, 404),
        (people.other_village_office, 404),
        (lambda: people.bob("330411106"), 404),
        (people.clerk, 404),
        (people.discipline, 404),
        (people.system_admin, 404),
        (people.nobody, 404),
    ],
)
def test_who_may_see_the_number(client, wish, who, status):
    """The second 艾一丽 is a colleague of the same grid, who did not hear it."""
    response = ask(client, who(), wish)
    assert response.status_code == status
    assert (NUMBER in response.content.decode()) is (status == 200)
    assert ContactReading.objects.count() == (status == 200)


def test_who_heard_it_sees_the_number_also_from_another_grid(client, campaign, wish, alice):
    assert NUMBER in main(ask(client, alice, wish))
    alice.cadre.postings.update(place=factories.place(GRID_B1).pk)
    assert NUMBER in main(ask(client, alice, wish))
    alice.cadre.postings.update(to_on=timezone.localdate() - timezone.timedelta(days=1))
    assert ask(client, alice, wish).status_code == 404


def test_office_of_one_village_who_reads_the_town_sees_only_its_own(client, wish):
    office = people.village_office(VILLAGE_B)
    factories.posting(office.cadre, Role.INSPECTOR, "330411105")
    assert ask(client, office, wish).status_code == 403


@pytest.mark.parametrize("agreed", [True, False])
@pytest.mark.parametrize("who", [people.clerk, head])
@pytest.mark.parametrize("how", ["lead", "support", "merged"])
def test_department_sees_the_number_only_if_the_resident_agreed(client, campaign, alice, agreed, who, how):
    wish = wish_of(campaign, alice, may_tell_department=agreed)
    mine = factories.department()
    issue = under_an_issue(campaign, wish, mine, how)
    user = who(mine)
    client.force_login(user)
    page = main(client.get(f"/issues/{issue.pk}/"))
    response = ask(client, user, wish)
    assert "要答复：电话" in page
    assert [text in page for text in ("138****1234", "花溪路12号", address(wish))] == [agreed] * 3
    assert NUMBER not in page
    assert response.status_code == (200 if agreed else 404)
    assert (NUMBER in response.content.decode()) is agreed
    other = who(factories.department("镇农办"))
    assert ask(client, other, wish).status_code == 404


def under_an_issue(campaign, wish, department, how):
    """The issue that the department opens, with the words under it."""
    lead = factories.department("镇水利站") if how == "support" else department
    issue = factories.issue(campaign, state="in_progress", **factories.assigned(lead))
    if how == "support":
        issue.supports.create(department=department)
    own = issue
    if how == "merged":
        own = factories.issue(campaign, state="merged", merged_into=issue)
    IssueOpinion.objects.create(issue=own, opinion=wish.opinion)
    return issue


def test_department_that_lost_the_issue_or_the_words_loses_the_number(client, campaign, alice):
    wish, mine = wish_of(campaign, alice, may_tell_department=True), factories.department()
    issue = under_an_issue(campaign, wish, mine, "lead")
    clerk = people.clerk(mine)
    assert ask(client, clerk, wish).status_code == 200
    IssueOpinion.objects.update(removed_at=timezone.now(), removed_because="归错了")
    assert ask(client, clerk, wish).status_code == 404
    IssueOpinion.objects.update(removed_at=None, removed_because="")
    type(issue).objects.update(lead_department=factories.department("镇农办"))
    assert ask(client, clerk, wish).status_code == 404


@pytest.mark.parametrize("way", [{"nature": "report"}, {"restricted": True}])
def test_of_a_report_discipline_alone_sees_the_number(client, campaign, alice, way):
    wish = wish_of(campaign, alice, may_tell_department=True, **way)
    mine = factories.department()
    under_an_issue(campaign, wish, mine, "lead")
    for who in (lambda: alice, people.bob, people.village_office, lambda: people.clerk(mine)):
        assert ask(client, who(), wish).status_code == 404
    assert NUMBER in main(ask(client, people.discipline(), wish))


def test_discipline_who_also_inspects_opens_no_other_number(client, wish):
    both = people.discipline()
    factories.posting(both.cadre, Role.INSPECTOR, "330411105")
    assert ask(client, both, wish).status_code == 403


@pytest.mark.parametrize(
    "gone", [{"way": "visit", "phone": ""}, {"phone": "", "withdrawn_at": timezone.now()}]
)
def test_where_no_number_is_kept_there_is_no_page(client, wish, gone):
    AnswerWish.objects.filter(pk=wish.pk).update(**gone)
    assert ask(client, people.bob(), wish).status_code == 404


def test_void_words_have_no_page(client, wish):
    OpinionMark.objects.create(opinion=wish.opinion, kind="void", reason="重复登记")
    assert ask(client, people.bob(), wish).status_code == 404


def test_anonymous_is_asked_to_sign_in(client, wish):
    assert client.post(address(wish), {"reason": WHY})["Location"].startswith("/login/")


# --- The record stays -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "verb", ["UPDATE visits_contactreading SET reason = 'x'", "DELETE FROM visits_contactreading"]
)
def test_record_of_who_saw_it_is_append_only(client, wish, verb):
    ask(client, people.bob(), wish)
    with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb)
    assert ContactReading.objects.get().reason == WHY


def test_record_says_why(wish, alice):
    row = ContactReading(wish=wish, by=alice, reason="")
    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()
    assert refusal.value.messages == ["查看号码必须写明原因。"]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# --- Where the number is masked -------------------------------------------------------------------------------


def test_follow_up_queue_and_voices_show_who_asks_how_to_reach_each(client, campaign, alice):
    wishes = [wish_of(campaign, alice), wish_of(campaign, alice, way="visit", phone="")]
    issue = factories.issue(
        campaign,
        state="follow_up",
        replied_at=factories.at("2018-09-10 10:00"),
        **factories.assigned(factories.department()),
    )
    for wish in wishes:
        IssueOpinion.objects.create(issue=issue, opinion=wish.opinion)
    client.force_login(people.bob())
    for where in ("/issues/follow-up/?lot=ask", f"/issues/{issue.pk}/"):
        page = main(client.get(where))
        assert "要答复：电话" in page
        assert "要答复：上门" in page
        assert "138****1234" in page
        assert NUMBER not in page
        assert address(wishes[0]) in page
        assert address(wishes[1]) not in page


def test_leaders_and_inspectors_read_it_masked_on_the_page_of_the_issue(client, campaign, wish):
    issue = under_an_issue(campaign, wish, factories.department(), "lead")
    for who in (people.leader, people.inspector):
        client.force_login(who())
        page = main(client.get(f"/issues/{issue.pk}/"))
        assert "138****1234" in page
        assert NUMBER not in page
        assert address(wish) not in page


def test_who_follows_it_up_finds_the_number_from_the_own_page(client, campaign, wish, alice):
    client.force_login(alice)
    page = main(client.get("/visits/mine/"))
    assert "138****1234" in page
    assert address(wish) in page
    assert NUMBER not in page


def test_no_paper_or_ledger_holds_the_number_or_its_mask(client, campaign, wish):
    mine = factories.department()
    AnswerWish.objects.update(may_tell_department=True)
    issue = under_an_issue(campaign, wish, mine, "lead")
    client.force_login(people.bob())
    for where in ("case", "assignment"):
        page = client.get(f"/issues/{issue.pk}/papers/{where}/")
        assert "1234" not in page.content.decode().replace(issue.number, "")
