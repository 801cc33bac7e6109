"""Opinions whose issue has an answer, with a receipt: what the tests of the resident's pages begin with."""

from issues.models import IssueOpinion, IssueStep
from issues.receipts import receipt_for
from tests import factories
from tests.factories import at

# What must never reach a resident's page, each planted where it could slip out.
SECRETS = {
    "words": "我家门口积水三年",
    "title": "张三丰家积水",
    "reason": "内部说明找李四",
    "told": "已告知张三丰",
    "visitor": "罗律师",
    "collector": "艾走访",
    "holder": "张三丰",
    "address": "花溪路12号",
    "result": "王五去看过",
    "follow-up": "张三丰说满意",
    "note": "手记写着狗很凶",
    "opinion": "SQ-77",
    "issue": "WT-88",
    "visit": "ZF-99",
    "day": "2018-09-03",
}


def answered(
    campaign, state="closed", *, reply="换了新的雨水管。", department="镇水利站", restricted=False, code=None
):
    """A receipt whose matter has an answer, with everything around it that must not be shown."""
    entry = factories.household(
        *([code] if code else []), address=SECRETS["address"], holder_name=SECRETS["holder"]
    )
    visit = factories.visit(
        campaign,
        entry,
        by=[factories.cadre(SECRETS["visitor"])],
        number=factories.number(SECRETS["visit"]),
        note=SECRETS["note"],
    )
    opinion = factories.opinion(
        campaign,
        entry.grid_id,
        visit=visit,
        entry=entry,
        collector=factories.cadre(SECRETS["collector"]),
        number=factories.number(SECRETS["opinion"]),
        words_verbatim=SECRETS["words"],
        restricted=restricted,
    )
    issue = factories.issue(
        campaign,
        entry.grid_id,
        state=state,
        number=factories.number(SECRETS["issue"]),
        title=SECRETS["title"],
        result=SECRETS["result"],
        outcome="substantive",
        is_restricted=restricted,
        replied_at=at("2018-09-06"),
        closed_at=at("2018-09-10"),
        **factories.assigned(factories.department(department)),
    )
    IssueOpinion.objects.create(issue=issue, opinion=opinion)
    IssueStep.objects.create(
        issue=issue,
        move="reply",
        to_state="replied",
        at=at("2018-09-06"),
        reason=SECRETS["reason"],
        details={"reply": reply, "told": SECRETS["told"]},
    )
    issue.follow_ups.create(result="solved", satisfaction="satisfied", words_verbatim=SECRETS["follow-up"])
    return receipt_for(opinion, by=None)
