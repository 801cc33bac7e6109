"""The papers of an issue on the screen and for print: /issues/<pk>/papers/<kind>/."""

import pytest

from tests import factories, people
from tests.desk import AUDIT_ROW
from tests.factories import at
from visits.models import OpinionMark

from .filing import SAID_BACK, SECRETS, called_back, filed, step
from .stories import TO_CLOSED
from .supervising import slip_on

pytestmark = pytest.mark.django_db
KINDS = ["assignment", "supervision", "extension", "parking", "follow-up", "closing", "case"]
ENDINGS = ["/", ".docx"]


@pytest.fixture
def issue():
    made = filed(factories.campaign())
    step(made, "ask_extension", "2018-09-05 11:00", reason="等材料", details={"due_on": "2018-09-20"})
    step(made, "ask_parking", "2018-09-05 12:00", reason="等拨款", details={"plan": "明年改管"})
    called_back(made)
    return made


def get(client, user, issue, kind, ending="/"):
    client.force_login(user)
    return client.get(f"/issues/{issue.pk}/papers/{kind}{ending}")


def paper(client, user, issue, kind):
    return get(client, user, issue, kind).context["paper"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reader", ["office", "clerk", "leader"])
def test_papers_name_no_resident_and_no_visitor(client, issue, kind, reader):
    user = (
        people.clerk(issue.lead_department)
        if reader == "clerk"
        else {"office": people.bob, "leader": people.leader}[reader]()
    )

    response = get(client, user, issue, kind)

    assert response.status_code == 200
    assert [what for what, text in SECRETS.items() if text in response.text] == []
    assert "style=" not in response.text


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "stranger",
    [
        people.charlie,
        people.other_village_office,
        people.discipline,
        lambda: people.clerk(factories.department("镇农办")),
    ],
)
def test_stranger_finds_no_paper(client, issue, stranger, kind, ending):
    response = get(client, stranger(), issue, kind, ending)

    assert response.status_code == 404


def test_nobody_without_a_sign_in_or_a_posting(client, issue):
    assert client.get(f"/issues/{issue.pk}/papers/case/").status_code == 302
    assert get(client, people.nobody(), issue, "case").status_code in (403, 404)


def test_visitor_finds_no_supervision_slip(client, issue):
    alice = people.alice()

    assert get(client, alice, issue, "supervision").status_code == 404
    assert get(client, alice, issue, "case").status_code == 200
    assert issue.slips.get().number not in get(client, alice, issue, "case").text


def test_restricted_issue_is_on_paper_for_discipline_alone(client, issue):
    issue.is_restricted = True
    issue.save()

    assert get(client, people.bob(), issue, "case").status_code == 404
    assert get(client, people.clerk(issue.lead_department), issue, "case").status_code == 404
    page = get(client, people.discipline(), issue, "case")
    assert page.status_code == 200
    assert SECRETS["holder"] not in page.text
    assert SAID_BACK not in page.text


def test_assignment_says_what_by_when_and_has_a_receipt(client, issue):
    shown = paper(client, people.bob(), issue, "assignment")

    assert shown.number == f"交办〔2018〕{issue.number}-1"
    rows = dict(shown.rows)
    assert str(rows["主办单位"]) == "镇环保所"
    assert (rows["交办时间"], rows["期限"]) == ("2018-09-04 10:00", "2018-09-11")
    assert shown.sections == [("群众原话", ["2018-09-03：下雨就淹，\n蹚水进门"])]
    assert shown.receipt.signatures == ["签收人", "签收时间"]
    assert f"本件涵盖问题 {issue.number}，数据截至 " in shown.made
    assert "，由 鲍二柏 于 " in shown.made


def test_each_supervision_slip_has_its_paper_and_keeps_its_number(client, issue):
    first, second = issue.slips.get(), slip_on(issue, "2018-09-05 15:00", colour="red", cause="reworks")
    bob = people.bob()

    assert paper(client, bob, issue, "supervision-1").number == first.number
    assert paper(client, bob, issue, "supervision-2").number == second.number
    latest = paper(client, bob, issue, "supervision")
    assert latest.number == second.number
    assert dict(latest.rows)["颜色"] == "红"
    assert latest.receipt.rows[0] == ("督办单编号", second.number)
    assert get(client, bob, issue, "supervision-3").status_code == 404


def test_extension_says_what_was_asked_and_decided(client, issue):
    bob = people.bob()
    assert dict(paper(client, bob, issue, "extension").rows)["审批情况"] == "尚未审批"

    step(issue, "refuse_extension", "2018-09-05 16:00", reason="材料已到")

    shown = paper(client, bob, issue, "extension")
    assert shown.number == f"延期〔2018〕{issue.number}-1"
    assert dict(shown.rows)["期限"] == "2018-09-20"
    assert dict(shown.rows)["审批情况"] == "2018-09-05 16:00 不同意延期"
    assert shown.sections == [("申请理由", ["等材料"]), ("审批意见", ["材料已到"])]
    assert dict(paper(client, bob, issue, "parking").rows)["工作计划"] == "明年改管"


def test_department_never_reads_what_was_said_on_the_call_back(client, issue):
    clerk = people.clerk(issue.lead_department)

    for kind in ("follow-up", "case"):
        assert SAID_BACK in get(client, people.bob(), issue, kind).text
        assert SAID_BACK not in get(client, clerk, issue, kind).text


def voices_on(client, user, issue, kind):
    """What the slip says about the words asked about, or still to ask."""
    said = dict(paper(client, user, issue, kind).sections)
    return [text for heading in ("问的是哪条诉求", "还没有问到的诉求") for text in said.get(heading, [])]


@pytest.fixture
def asked_apart():
    """Answered, with the words of two residents; one of them was asked and said that it is not solved."""
    issue = filed(factories.campaign(), TO_CLOSED[:3])
    first = issue.opinion_links.first().opinion
    second = factories.opinion(issue.campaign, words_verbatim="路灯也坏了", number="SQ-22")
    issue.opinion_links.create(opinion=second)
    called_back(issue, opinion=first)
    return issue, first, second


@pytest.mark.parametrize("reader", [people.bob, people.leader])
def test_follow_up_slip_names_the_words_asked_about(client, asked_apart, reader):
    issue, first, second = asked_apart
    user = reader()

    assert voices_on(client, user, issue, "follow-up-1") == [f"{first.number}：{first.words_verbatim}"]
    assert voices_on(client, user, issue, "follow-up-2") == [f"SQ-22：{second.words_verbatim}"]
    for kind in ("follow-up-1", "follow-up-2"):
        page = get(client, user, issue, kind).text
        assert [what for what, text in SECRETS.items() if text in page] == []


def test_blank_slip_asks_all_that_were_not_reached_since_the_reply(client, asked_apart):
    issue, first, second = asked_apart
    called_back(issue, opinion=second, result="not_reached")
    bob = people.bob()
    assert voices_on(client, bob, issue, "follow-up") == [f"SQ-22：{second.words_verbatim}"]

    type(issue).objects.filter(pk=issue.pk).update(replied_at=at("2018-09-08"))

    assert [text.split("：")[0] for text in voices_on(client, bob, issue, "follow-up")] == [
        first.number,
        "SQ-22",
    ]


def test_department_does_not_learn_whose_words_were_asked_about(client, asked_apart):
    issue, _first, _second = asked_apart
    clerk = people.clerk(issue.lead_department)

    assert voices_on(client, clerk, issue, "follow-up-1") == []
    assert voices_on(client, clerk, issue, "follow-up") == []


def test_slip_names_corrected_words_and_no_void_or_restricted_ones(client, asked_apart):
    issue, first, second = asked_apart
    mended = factories.opinion(issue.campaign, number="SQ-33", words_verbatim="下大雨才淹", corrects=first)
    OpinionMark.objects.create(opinion=first, kind="void", reason="记错了")
    bob = people.bob()
    assert voices_on(client, bob, issue, "follow-up-1") == ["SQ-33：下大雨才淹"]

    for opinion in (mended, second):
        OpinionMark.objects.create(opinion=opinion, kind="restricted")

    assert voices_on(client, bob, issue, "follow-up-1") == []
    assert voices_on(client, bob, issue, "follow-up") == []


def test_follow_up_that_told_nobody_apart_names_no_words(client, issue):
    assert voices_on(client, people.bob(), issue, "follow-up") == []


def test_answered_issue_gives_a_blank_follow_up_slip(client):
    issue = filed(factories.campaign(), TO_CLOSED[:3])

    rows = dict(paper(client, people.bob(), issue, "follow-up").rows)

    assert rows["回访时间"] == ""
    assert rows["满意度"] == "□ 满意　□ 基本满意　□ 不满意　□ 未表态"


def test_closing_says_when_and_how(client, issue):
    shown = paper(client, people.bob(), issue, "closing")

    assert shown.number == f"销号〔2018〕{issue.number}-1"
    assert dict(shown.rows)["办结方式"] == "实质"
    assert dict(shown.rows)["办结时间"] == "2018-09-10 09:00"
    assert shown.sections == [("办理结果", ["换了雨水管"])]


def test_case_file_has_every_step_in_order(client, issue):
    sections = dict(paper(client, people.bob(), issue, "case").sections)

    assert list(sections) == ["群众原话", "办理过程", "督办", "回访", "办理结果"]
    assert len(sections["办理过程"]) == issue.steps.count()
    assert sections["办理过程"][3].startswith("2018-09-05 09:00 记进展")
    assert sections["回访"] == [f"2018-09-07 09:00 电话 部分解决 基本满意：{SAID_BACK}"]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "kind",
    [
        "closing",
        "follow-up",
        "extension",
        "parking",
        "case-2",
        "case-0",
        "supervision-",
        "nothing",
        "assignment-²",
    ],
)
def test_what_the_state_does_not_give_is_not_found(client, kind, ending):
    issue = filed(factories.campaign(), TO_CLOSED[:2])

    assert get(client, people.bob(), issue, kind, ending).status_code == 404


def test_issue_just_accepted_offers_only_its_case_file(client):
    issue = factories.issue(factories.campaign())
    client.force_login(people.bob())

    assert client.get(f"/issues/{issue.pk}/").context["papers"] == [("case", "问题办理档案")]


def test_issue_page_leads_to_every_paper(client, issue):
    client.force_login(people.bob())
    page = client.get(f"/issues/{issue.pk}/")

    assert [kind for kind, _title in page.context["papers"]] == KINDS
    assert [kind for kind in KINDS if f"/issues/{issue.pk}/papers/{kind}/" not in page.text] == []


def test_imported_history_gives_papers_from_the_ledger_alone(client):
    department = factories.department()
    dates = {"replied_at": factories.at("2018-09-06"), "closed_at": factories.at("2018-09-10")}
    issue = factories.issue(
        factories.campaign(), state="closed", outcome="phased", **dates, **factories.assigned(department)
    )
    bob = people.bob()

    assert paper(client, bob, issue, "assignment").number == f"交办〔2018〕{issue.number}-1"
    assert dict(paper(client, bob, issue, "closing").rows)["办结方式"] == "阶段"


@pytest.mark.parametrize("times", [1, 3])
def test_issue_paper_needs_the_same_queries_for_any_history(
    client, issue, times, django_assert_max_num_queries
):
    for _time in range(times):
        step(issue, "note", "2018-09-05 17:00", by=people.bob())
        called_back(issue, by=people.bob())
    client.force_login(people.bob())

    with django_assert_max_num_queries(14 + AUDIT_ROW):
        client.get(f"/issues/{issue.pk}/papers/case/")
