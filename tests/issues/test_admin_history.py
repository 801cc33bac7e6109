"""The whole history of an issue on one page of the desk, to be read by whoever may read each part of it."""

from datetime import date

import pytest

from issues.models import CaseReview, IssueOpinion
from issues.receipts import receipt_for, record_verdict
from tests import factories, people
from tests.desk import address, queries, text
from tests.factories import at

from .moving import an_issue, make
from .supervising import slip_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    """Everything that can happen to an issue has happened to this one."""
    issue = an_issue("replied", number="WT-1")
    opinion = factories.opinion(issue.campaign, words_verbatim="路灯不亮", number="SQ-1")
    IssueOpinion.objects.create(issue=issue, opinion=opinion, by=people.bob())
    record_verdict(receipt_for(opinion, by=None), solved=False, words="还是不亮")
    details = {"reply": "换了灯泡", "way": "phone", "plan": "分两步"}
    issue.steps.create(move="reply", to_state="replied", at=at("2018-09-06"), reason="已换", details=details)
    issue.follow_ups.create(result="partly", way="phone", words_verbatim="一半亮了", by=people.bob())
    slip_on(issue, number="DB-7").steps.create(kind="lifted", words="天气原因", by=people.bob())
    team = factories.team(issue.campaign, name="专班甲")
    case = issue.leader_cases.create(leader=factories.cadre("凌六导"), team=team, plan="一周内换完")
    CaseReview.objects.create(
        case=case, held_on=date(2018, 9, 9), task_force="专班", legal_expert="罗律师", conclusion="依法可行"
    )
    issue.supports.create(department=factories.department("镇农办"))
    merged = factories.issue(issue.campaign, number="WT-2", title="另一盏灯")
    make(merged, "merge", main_issue=issue)
    return issue


PARTS = {
    "words": ["SQ-1", "路灯不亮"],
    "steps": ["已换", "给群众的答复：换了灯泡", "回访方式：电话", "工作计划：分两步"],
    "follow-ups": ["一半亮了", "部分解决"],
    "verdict": ["还是不亮"],
    "slips": ["DB-7", "解除：天气原因（鲍二柏）"],
    "supports": ["镇农办"],
    "merged": ["WT-2", "另一盏灯"],
    "case": ["凌六导", "专班甲", "一周内换完", "2018-09-09，专班，罗律师：依法可行"],
}


def page(client, user, issue):
    client.force_login(user)
    return text(client.get(address(type(issue), "change", issue.pk)))


@pytest.mark.parametrize("person", [people.bob, people.village_office, people.inspector])
def test_page_of_an_issue_tells_its_whole_history(client, issue, person):
    shown = page(client, person(), issue)

    assert {part: [words for words in said if words not in shown] for part, said in PARTS.items()} == (
        {part: [] for part in PARTS}
    )


def test_step_of_a_merged_issue_names_its_main_issue_until_that_is_restricted(client, issue):
    merged = issue.merged_issues.get()
    assert "主件：WT-1" in page(client, people.bob(), merged)

    type(issue).objects.filter(pk=issue.pk).update(is_restricted=True)

    assert "WT-1" not in page(client, people.bob(), merged)


def test_page_costs_the_same_with_more_of_everything(client, issue):
    client.force_login(people.bob())
    url = address(type(issue), "change", issue.pk)
    once = queries(client, url)

    for number in range(3):
        opinion = factories.opinion(issue.campaign)
        IssueOpinion.objects.create(issue=issue, opinion=opinion, by=people.bob())
        record_verdict(receipt_for(opinion, by=None), solved=False)
        slip_on(issue).steps.create(kind="lifted", words="已办", by=people.bob())
        leader = factories.cadre()
        case = issue.leader_cases.create(leader=leader, team=factories.team(issue.campaign), plan="换")
        CaseReview.objects.create(
            case=case, held_on=date(2018, 9, 9), task_force="专班", legal_expert="律师", conclusion="可行"
        )
        issue.follow_ups.create(result="solved", by=people.bob())
        make(factories.issue(issue.campaign, number=f"M{number}"), "merge", main_issue=issue)

    assert queries(client, url) == once
