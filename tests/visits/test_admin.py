"""Visits, words, gatherings and handouts at the office desk."""

import pytest
from django.utils import timezone

from tests import factories, people
from tests.desk import address, choices, listed, queries, text
from tests.workbooks import GRID_A1, GRID_B1, TOWN, VILLAGE_A, VILLAGE_B
from visits.models import Gathering, Handout, Opinion, OpinionMark, Visit

pytestmark = pytest.mark.django_db
WHY = "同一户填了两次"


@pytest.fixture
def office(client):
    client.force_login(people.bob())
    return client


@pytest.fixture
def campaign():
    return factories.campaign()


def a_visit(campaign, grid=GRID_A1, **fields):
    return factories.visit(campaign, factories.household(grid), by=[factories.cadre("李一")], **fields)


# --- Visits -------------------------------------------------------------------------------------------------


def test_lists_show_the_own_village_only(client, campaign):
    rows = {
        Visit: [a_visit(campaign, grid) for grid in (GRID_A1, GRID_B1)],
        Opinion: [factories.opinion(campaign, grid) for grid in (GRID_A1, GRID_B1)],
        Gathering: [factories.gathering(campaign, code) for code in (VILLAGE_A, VILLAGE_B)],
        Handout: [factories.handout(campaign, code) for code in (VILLAGE_A, VILLAGE_B)],
    }
    client.force_login(people.village_office())

    for model, (mine, other) in rows.items():
        assert listed(client, model) == [mine]
        assert client.get(address(model, "change", mine.pk)).status_code == 200
        assert client.get(address(model, "change", other.pk)).status_code == 404
        assert client.post(address(model, "verb", other.pk, "void"), {"reason": WHY}).status_code == 404


def test_visit_list_tells_who_where_and_how(office, campaign):
    a_visit(campaign, number="V-1", people_met=3, outcome="remote", origin="workbook")

    page = text(office.get(address(Visit)))

    assert "V-1 花溪路1号 花溪社区 2018年9月3日 19:30 远程 李一 3 已登记 表格导入" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["V-1", "V-2"]),
        ({"outcome__exact": "refused"}, ["V-2"]),
        ({"state__exact": "checked"}, ["V-2"]),
        ({"area": VILLAGE_B}, ["V-2"]),
        ({"started_at_from": "2018-09-04"}, ["V-2"]),
        ({"started_at_from": "2018-09-03", "started_at_to": "2018-09-03"}, ["V-1"]),
        ({"started_at_to": "2018-09-02"}, []),
        ({"q": "V-1"}, ["V-1"]),
        ({"q": "王二"}, ["V-2"]),
        ({"entry__kind__exact": "school"}, ["V-2"]),
    ],
)
def test_visit_filters(office, campaign, query, expected):
    a_visit(campaign, number="V-1", started_at=factories.at("2018-09-03 23:59:59"))
    school = factories.household(GRID_B1, kind="school")
    by, later = [factories.cadre("王二")], factories.at("2018-09-04 00:00")
    factories.visit(campaign, school, by, number="V-2", outcome="refused", state="checked", started_at=later)

    assert sorted(visit.number for visit in listed(office, Visit, **query)) == expected


def test_a_day_that_does_not_exist_is_told_and_hides_nothing(office, campaign):
    visit = a_visit(campaign)

    response = office.get(address(Visit), {"started_at_from": "2018-13-40"})

    assert "日期应像 2018-09-10 这样写" in text(response)
    assert list(response.context["cl"].result_list) == [visit]


def test_campaign_filter_appears_with_the_second_campaign(office, campaign):
    here, there = a_visit(campaign), a_visit(factories.campaign("second"))

    assert listed(office, Visit, campaign=campaign.pk) == [here]
    assert listed(office, Visit, campaign=there.campaign_id) == [there]
    assert len(listed(office, Visit, campaign="nonsense")) == 2


def test_visit_is_never_edited_or_added_by_hand(office, campaign):
    visit = a_visit(campaign)

    assert office.post(address(Visit, "change", visit.pk), {"outcome": "met"}).status_code == 403
    assert office.get(address(Visit, "add")).status_code == 403


@pytest.mark.parametrize(
    ("verb", "data", "state"),
    [
        ("check", {}, "checked"),
        ("send_back", {"reason": WHY}, "sent_back"),
        ("void", {"reason": WHY}, "void"),
    ],
)
def test_buttons_of_a_visit_leave_a_step(office, campaign, verb, data, state):
    visit = a_visit(campaign)

    response = office.post(address(Visit, "verb", visit.pk, verb), data, follow=True)

    visit.refresh_from_db()
    assert visit.state == state
    assert [step.reason for step in visit.steps.all()] == [data.get("reason", "")]
    assert "鲍二柏" in text(response)


@pytest.mark.parametrize("verb", ["send_back", "void"])
def test_buttons_want_a_reason(office, campaign, verb):
    visit = a_visit(campaign)

    response = office.post(address(Visit, "verb", visit.pk, verb), {"reason": " "})

    assert "这个字段是必填项" in text(response)
    assert not visit.steps.exists()


def test_stale_button_explains_itself(office, campaign):
    visit = a_visit(campaign, state="void", voided_at=timezone.now())

    response = office.post(address(Visit, "verb", visit.pk, "check"), follow=True)

    assert "现在不能这样办理" in text(response)
    assert not visit.steps.exists()


def test_check_many_at_once_says_what_could_not_be_done(office, campaign):
    filed, void = a_visit(campaign), a_visit(campaign, state="void", voided_at=timezone.now(), number="V-9")
    data = {"action": "check_selected", "_selected_action": [filed.pk, void.pk]}

    page = text(office.post(address(Visit), data, follow=True))

    filed.refresh_from_db()
    assert filed.state == "checked"
    assert "已处理 1 条" in page and "V-9：" in page


def test_inspector_looks_and_presses_nothing(client, campaign):
    visit = a_visit(campaign)
    client.force_login(people.inspector())

    response = client.get(address(Visit, "change", visit.pk))

    assert (response.status_code, response.context["verbs"]) == (200, [])
    client.post(address(Visit), {"action": "check_selected", "_selected_action": [visit.pk]})
    visit.refresh_from_db()
    assert visit.state == "filed"


def test_closed_campaign_takes_no_button(office):
    visit = a_visit(factories.campaign(state="closed"))

    assert office.get(address(Visit, "change", visit.pk)).context["verbs"] == []


# --- Words --------------------------------------------------------------------------------------------------


def opinion_form(campaign, **fields):
    return {
        "campaign": campaign.pk,
        "number": "",
        "nature": "problem",
        "source": "letter",
        "words_verbatim": "村口的灯坏了三盏",
        "heard_at": "2018-09-10T09:30",
        "place": VILLAGE_A,
        "entry": "",
        "visit": "",
        "collector": "",
        "corrects": "",
        "correction_reason": "",
        **fields,
    }


def test_letter_is_kept_word_for_word(office, campaign):
    factories.place(VILLAGE_A)

    office.post(address(Opinion, "add"), opinion_form(campaign))

    kept = Opinion.objects.get()
    assert (kept.number, kept.words_verbatim, kept.source) == ("SQ000001", "村口的灯坏了三盏", "letter")
    assert kept.heard_at == factories.at("2018-09-10 09:30")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"words_verbatim": ""}, "这个字段是必填项"),
        ({"number": "O-1"}, "本活动已有此诉求编号"),
        ({"place": "330411106201"}, "选择一个有效的选项"),
    ],
)
def test_opinion_form_says_what_is_wrong(office, campaign, fields, sentence):
    factories.opinion(campaign, number="O-1")
    factories.place("330411106201")
    factories.place(VILLAGE_A)

    response = office.post(address(Opinion, "add"), opinion_form(campaign, **fields))

    assert sentence in text(response)
    assert Opinion.objects.count() == 1


def test_words_do_not_change_through_their_page(office, campaign):
    opinion = factories.opinion(campaign)

    response = office.post(address(Opinion, "change", opinion.pk), opinion_form(campaign))

    assert response.status_code == 403
    assert Opinion.objects.get().words_verbatim == opinion.words_verbatim


def test_correction_is_a_new_row_and_the_old_one_stays(office, campaign):
    old = factories.opinion(campaign, words_verbatim="灯坏了两盏")
    form = office.get(address(Opinion, "add"), {"corrects": old.pk}).context["adminform"].form
    assert form.initial["words_verbatim"] == "灯坏了两盏"

    data = opinion_form(campaign, corrects=old.pk, correction_reason="听错了", place=GRID_A1)
    office.post(address(Opinion, "add"), data)

    new = Opinion.objects.get(corrects=old)
    assert (old.words_verbatim, new.words_verbatim) == ("灯坏了两盏", "村口的灯坏了三盏")
    assert [mark.reason for mark in old.marks.all()] == ["更正：听错了"]
    assert listed(office, Opinion, valid="yes") == [new]
    assert listed(office, Opinion, valid="no") == [old]


def test_correction_wants_a_reason(office, campaign):
    old = factories.opinion(campaign)

    response = office.post(address(Opinion, "add"), opinion_form(campaign, corrects=old.pk))

    assert "请写明为什么更正" in text(response)
    assert not OpinionMark.objects.exists()


def test_report_is_out_of_the_offices_sight_at_once(office, campaign):
    factories.place(VILLAGE_A)
    data = opinion_form(campaign, nature="report", words_verbatim="某人收钱", number="JB-1")

    response = office.post(address(Opinion, "add"), data, follow=True)

    kept = Opinion.objects.get()
    assert [mark.kind for mark in kept.marks.all()] == ["restricted"]
    assert response.status_code == 200 and "只有纪检人员可以查看" in text(response)
    assert listed(office, Opinion, q="JB-1") == []
    assert office.get(address(Opinion, "change", kept.pk)).status_code == 404
    assert office.get(address(Opinion, "history", kept.pk)).status_code == 404
    assert choices(office, Opinion, "corrects", "JB-1") == []


def test_void_words_stay_with_their_reason(office, campaign):
    opinion = factories.opinion(campaign)

    page = text(office.post(address(Opinion, "verb", opinion.pk, "void"), {"reason": WHY}, follow=True))

    assert opinion.words_verbatim in page and WHY in page
    assert office.get(address(Opinion, "change", opinion.pk)).context["verbs"] == []


# --- Gatherings and handouts --------------------------------------------------------------------------------


def gathering_form(campaign, **fields):
    inline = {"speakers-TOTAL_FORMS": "0", "speakers-INITIAL_FORMS": "0"}
    return {
        "campaign": campaign.pk,
        "number": "",
        "kind": "evening_talk",
        "held_on": "2018-08-01",
        "place": VILLAGE_A,
        "venue": "",
        "topic": "",
        "speaker_level": "",
        "attendance": "60",
        **inline,
        **fields,
    }


def test_new_gathering_is_numbered_and_keeps_its_speaker_of_that_day(office, campaign):
    speaker = people.village_office().cadre
    data = {"speakers-TOTAL_FORMS": "1", "speakers-0-cadre": speaker.pk}

    office.post(address(Gathering, "add"), gathering_form(campaign, **data))
    office.post(address(Gathering, "add"), gathering_form(campaign))

    first, second = Gathering.objects.order_by("number")
    assert [first.number, second.number] == ["HD000001", "HD000002"]
    assert list(first.speakers.values_list("name", "role")) == [("村四安", "village_office")]


def test_gathering_is_changed_by_its_office_while_the_campaign_runs(office, campaign):
    gathering = factories.gathering(campaign)

    office.post(address(Gathering, "change", gathering.pk), gathering_form(campaign, attendance="75"))
    gathering.refresh_from_db()
    assert gathering.attendance == 75

    type(campaign).objects.update(state="closed")
    response = office.post(address(Gathering, "change", gathering.pk), gathering_form(campaign))
    assert response.status_code == 403


def test_village_office_looks_at_gatherings_only(client, campaign):
    gathering = factories.gathering(campaign)
    client.force_login(people.village_office())

    assert client.get(address(Gathering, "add")).status_code == 403
    assert client.post(address(Gathering, "change", gathering.pk), {}).status_code == 403
    assert client.get(address(Gathering, "change", gathering.pk)).context["verbs"] == []


def test_void_handout_stays_visible_and_fixed(office, campaign):
    handout = factories.handout(campaign)

    office.post(address(Handout, "verb", handout.pk, "void"), {"reason": WHY})

    handout.refresh_from_db()
    assert (handout.void_reason, handout.voided_by.display_name) == (WHY, "鲍二柏")
    assert listed(office, Handout) == listed(office, Handout, valid="no") == [handout]
    assert listed(office, Handout, valid="yes") == []
    assert office.post(address(Handout, "change", handout.pk), {}).status_code == 403
    assert WHY in text(office.get(address(Handout, "change", handout.pk)))


@pytest.mark.parametrize("model", [Visit, Opinion, Gathering, Handout])
def test_list_costs_the_same_for_three_rows_as_for_one(office, campaign, model):
    def more(number):
        for _ in range(number):
            visit = a_visit(campaign)
            factories.opinion(campaign, visit=visit, entry=visit.entry, collector=factories.cadre())
            factories.gathering(campaign)
            factories.handout(campaign, visit=visit)

    more(1)
    one = queries(office, address(model))
    more(2)

    assert queries(office, address(model)) == one <= 10


def test_visit_page_tells_a_correction_in_words_and_in_our_time(office, campaign):
    visit = a_visit(campaign)
    before = {"outcome": "not_in", "started_at": "2018-09-03T11:30:00+00:00", "note": ""}
    visit.steps.create(move="corrected", reason=WHY, before=before)

    page = text(office.get(address(Visit, "change", visit.pk)))

    assert "开始时间：2018-09-03 19:30；结果：未遇；手记：（空）" in page


def test_history_names_a_person_whose_duties_have_ended(office, campaign):
    visit, former = a_visit(campaign), people.alice()
    former.cadre.postings.update(to_on=factories.FIRST_DAY)
    former.is_active = False
    former.save()
    visit.steps.create(move="filed", by=former)

    page = text(office.get(address(Visit, "change", visit.pk)))

    assert ("艾一丽" in page, former.username in page) == (True, False)


def test_visit_page_costs_the_same_with_more_history(office, campaign):
    visit = a_visit(campaign)
    page = address(Visit, "change", visit.pk)

    def more():
        visit.steps.create(move="sent_back", by=people.bob(), reason=WHY)
        factories.opinion(campaign, visit=visit)

    more()
    one = queries(office, page)
    more()

    assert queries(office, page) == one


def test_area_filter_lists_towns_and_villages_of_the_person(client, campaign):
    factories.place(GRID_A1)
    factories.place(GRID_B1)
    factories.place("330411106201")
    client.force_login(people.bob())

    spec = next(
        s for s in client.get(address(Visit)).context["cl"].filter_specs if s.parameter_name == "area"
    )

    assert [code for code, name in spec.lookup_choices] == [TOWN, VILLAGE_A, VILLAGE_B]
