"""Correcting a visit: /visits/<pk>/correct/."""

import pytest
from django.urls import reverse
from django.utils import timezone

from canvass.roles import Role
from tests import factories, people
from tests.workbooks import GRID_A1
from visits.models import Opinion, Visit

from .forms import by, file_address, filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(client, campaign):
    user = people.alice()
    client.force_login(user)
    return user


@pytest.fixture
def visit(client, alice):
    """Filed by Alice, with one opinion."""
    form = filled(("problem", "门口积水"), cadres=[by(alice)])
    client.post(file_address(factories.household(address="花溪路12号")), form)
    return Visit.objects.get()


def address(visit):
    return reverse("visits:visit_correct", args=[visit.pk])


def corrected(visit, *opinions, **fields):
    """The form of the visit as the page fills it, with some of it changed."""
    numbers = list(visit.cadres.values_list("cadre__staff_number", flat=True))
    if not opinions:
        opinions = [(o.nature, o.words_verbatim, o.pk) for o in visit.opinions.valid_at(timezone.now())]
    seen = visit.steps.last().pk
    return filled(*opinions, **{"cadres": numbers, "seen_step": seen, "reason": "写错了", **fields})


def complaints(response):
    assert response.status_code == 200
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def test_page_holds_what_is_stored(client, visit, alice):
    form = client.get(address(visit)).context["form"]
    assert form.initial["outcome"] == "met"
    assert form.initial["cadres"] == [by(alice)]
    assert form.opinions.initial == [
        {"stored": visit.opinions.get().pk, "words": "门口积水", "nature": "problem", "done": ""}
    ]


def test_correction_keeps_the_former_content_in_its_step(client, visit, alice):
    response = client.post(address(visit), corrected(visit, outcome="remote", people_met="", note="改过"))
    assert response["Location"] == reverse("visits:visit_detail", args=[visit.pk])
    visit.refresh_from_db()
    step = visit.steps.last()
    assert (visit.outcome, visit.people_met, visit.note) == ("remote", None, "改过")
    assert (step.move, step.by, step.reason) == ("corrected", alice, "写错了")
    assert step.before == {"outcome": "met", "people_met": 2, "note": "老人说门口路灯不亮"}


def test_correction_needs_a_reason(client, visit):
    assert complaints(client.post(address(visit), corrected(visit, note="改", reason=" "))) == {
        "reason": ["请写明更正原因。"]
    }


def test_correction_that_changes_nothing_is_refused(client, visit):
    assert complaints(client.post(address(visit), corrected(visit))) == {"__all__": ["内容没有任何改动。"]}
    assert visit.steps.count() == 1


def test_seconds_that_the_form_does_not_show_are_kept(client, visit):
    stored = factories.at("2018-09-10 19:30:42")
    Visit.objects.update(started_at=stored)
    client.post(address(visit), corrected(visit, note="改过"))
    visit.refresh_from_db()
    assert visit.started_at == stored
    assert list(visit.steps.last().before) == ["note"]


def test_changed_words_become_a_new_row_and_the_old_row_stays(client, visit):
    old = visit.opinions.get()
    client.post(address(visit), corrected(visit, ("complaint", "门口一直积水", old.pk)))
    new = old.corrected_by
    old.refresh_from_db()
    assert (old.words_verbatim, old.nature) == ("门口积水", "problem")
    assert list(old.marks.values_list("kind", "reason")) == [("void", "更正：写错了")]
    assert (new.words_verbatim, new.nature, new.number) == (
        "门口一直积水",
        "complaint",
        f"{visit.number}-2",
    )
    assert (new.heard_at, new.place_id, new.collector) == (old.heard_at, old.place_id, old.collector)


def test_at_every_cut_off_exactly_one_version_of_the_words_counts(client, visit):
    before = timezone.now()
    client.post(address(visit), corrected(visit, ("problem", "门口一直积水", visit.opinions.get().pk)))
    assert [o.words_verbatim for o in Opinion.objects.valid_at(before)] == ["门口积水"]
    assert [o.words_verbatim for o in Opinion.objects.valid_at(timezone.now())] == ["门口一直积水"]


def test_words_may_be_added_and_the_others_stay_untouched(client, visit):
    old = visit.opinions.get()
    client.post(address(visit), corrected(visit, ("problem", "门口积水", old.pk), ("praise", "谢谢")))
    rows = visit.opinions.order_by("pk").values_list("number", "words_verbatim", "corrects")
    assert list(rows) == [
        (f"{visit.number}-1", "门口积水", None),
        (f"{visit.number}-2", "谢谢", None),
    ]
    assert not old.marks.exists()


def test_stored_words_cannot_be_emptied(client, visit):
    response = client.post(address(visit), corrected(visit, ("problem", "", visit.opinions.get().pk)))
    assert "已登记的原话不能清空，请写下更正后的原话。" in response.content.decode()


def test_words_of_another_visit_cannot_be_corrected_from_here(client, campaign, visit):
    foreign = factories.opinion(campaign)
    response = client.post(address(visit), corrected(visit, ("problem", "偷改", foreign.pk)))
    assert "表单里的诉求与存下的对不上" in response.content.decode()
    assert not foreign.marks.exists()


def test_words_corrected_into_a_report_are_restricted_with_their_former_version(client, visit):
    old = visit.opinions.get()
    client.post(address(visit), corrected(visit, ("report", "收红包", old.pk)))
    assert set(old.marks.values_list("kind", flat=True)) == {"void", "restricted"}
    assert list(old.corrected_by.marks.values_list("kind", flat=True)) == ["restricted"]
    detail = client.get(reverse("visits:visit_detail", args=[visit.pk])).content.decode()
    assert "收红包" not in detail
    assert "门口积水" not in detail


def test_stored_report_is_neither_shown_nor_changed(client, visit, campaign):
    report = factories.opinion(campaign, visit=visit, words_verbatim="收红包", restricted=True)
    assert "收红包" not in client.get(address(visit)).content.decode()
    shown = visit.opinions.exclude(pk=report.pk).get()
    client.post(address(visit), corrected(visit, ("problem", "改过", shown.pk)))
    assert list(report.marks.values_list("kind", flat=True)) == ["restricted"]


def test_cadres_who_stay_keep_their_names_of_that_day(client, visit, alice):
    old = visit.cadres.get()
    type(alice.cadre).objects.filter(pk=alice.cadre.pk).update(name="艾改名")
    mate = factories.cadre("毛队友")
    client.post(address(visit), corrected(visit, others=mate.staff_number))
    assert visit.cadres.order_by("pk").values_list("pk", "name")[0] == (old.pk, "艾一丽")
    assert visit.cadres.count() == 2
    assert visit.steps.last().before == {"cadres": "艾一丽"}


def test_cadre_who_did_not_go_is_taken_off_and_named_in_the_step(client, visit, alice):
    mate = factories.cadre("毛队友")
    visit.cadres.create(cadre=mate, name="毛队友", category="other")
    client.post(address(visit), corrected(visit, cadres=[by(alice)]))
    assert [row.name for row in visit.cadres.all()] == ["艾一丽"]
    assert visit.steps.last().before == {"cadres": "艾一丽；毛队友"}


def test_corrected_visit_waits_to_be_checked_again(client, visit):
    Visit.objects.update(state="sent_back")
    client.post(address(visit), corrected(visit, note="改过"))
    visit.refresh_from_db()
    assert visit.state == "filed"


def test_correction_of_a_stale_version_is_refused_and_loses_nothing(client, visit):
    form = corrected(visit, note="我的改法")
    visit.steps.create(move="checked")
    response = client.post(address(visit), form)
    assert complaints(response) == {
        "__all__": ["这条记录刚才已被别人改动。请重新打开，看过最新内容后再更正。"]
    }
    assert "我的改法" in response.content.decode()


def test_one_more_opinion_keeps_what_was_typed(client, visit):
    page = client.post(address(visit), corrected(visit, note="写到一半", more="1")).content.decode()
    assert "写到一半" in page
    assert 'name="opinions-2-words"' in page
    assert visit.steps.count() == 1


def test_rules_of_filing_hold_here_too(client, visit):
    assert complaints(client.post(address(visit), corrected(visit, outcome="not_in"))) == {
        "people_met": ["只有“见面”或“远程”才填见面人数；请留空，或改选结果。"]
    }


# --- Who ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (people.village_office, 200),
        (people.bob, 200),
        (people.alice, 403),  # a colleague of the same grid who had no part in it
        (people.inspector, 403),
        (people.charlie, 404),
        (people.other_village_office, 404),
        (people.clerk, 403),
    ],
)
def test_who_may_correct(client, visit, who, status):
    client.force_login(who())
    assert client.get(address(visit)).status_code == status
    client.post(address(visit), corrected(visit, note="别人改的"))
    visit.refresh_from_db()
    assert (visit.note == "别人改的") == (status == 200)


def test_grid_leader_may_correct_in_the_own_grid(client, visit):
    client.force_login(people.person(Role.GRID_LEADER, GRID_A1))
    assert client.get(address(visit)).status_code == 200


@pytest.mark.parametrize("change", [{"state": "void", "voided_at": timezone.now()}])
def test_void_visit_is_not_corrected(client, visit, change):
    Visit.objects.update(**change)
    assert client.get(address(visit)).status_code == 403


def test_closed_campaign_takes_no_correction(client, visit):
    visit.campaign.state = "closed"
    visit.campaign.save()
    assert client.post(address(visit), corrected(visit, note="改")).status_code == 403


def test_anonymous_is_asked_to_sign_in(client, visit):
    client.logout()
    assert client.get(address(visit))["Location"] == f"/login/?next={address(visit)}"
