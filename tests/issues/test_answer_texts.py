"""Answer templates: the office writes them, whoever moves an issue begins with one."""

import pytest
from django.utils import timezone

from issues.admin.texts import MOVE_CHOICES
from issues.answer_texts import text_for
from issues.apps import add_first_templates
from issues.models import AnswerTemplate, Issue
from tests import factories, people
from tests.desk import AUDIT_ROW, address, listed, text
from tests.workbooks import VILLAGE_A

from .moving import an_issue, head

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_templates():
    """Without those that the system brings along."""
    AnswerTemplate.objects.update(is_active=False)


def template(name="修好了", text="已修好。", *, move="reply", field="reply", **fields):
    return AnswerTemplate.objects.create(name=name, text=text, move=move, field=field, **fields)


@pytest.fixture
def office(client):
    client.force_login(people.bob())
    return client


def add(office, **changes):
    data = {"name": "修好了", "move": "reply", "field": "reply", "text": "已修好。", "is_active": "on"}
    return office.post(address(AnswerTemplate, "add"), data | changes)


# --- The office writes them -------------------------------------------------------------------------------------


def test_office_adds_corrects_and_retires_a_template(office):
    add(office, text="{number} 已于{today}修好，期限{due_on}。{department}", category="0704")
    made = AnswerTemplate.objects.get(name="修好了")
    assert (made.move, made.field, made.category_id, made.is_active) == ("reply", "reply", "0704", True)

    data = {"name": "修好了", "move": "reply", "field": "reply", "text": "都修好了。"}
    office.post(address(AnswerTemplate, "change", made.pk), data)
    made.refresh_from_db()
    assert (made.text, made.is_active) == ("都修好了。", False)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"move": "sign"}, "选择一个有效的选项"),
        ({"move": "reply", "field": "route"}, "“答复”没有“应向何处反映”这一栏可用范本；有这一栏的是：不予受理、移交。"),
        ({"move": "not_accept", "field": "reply"}, "“不予受理”没有“给群众的答复”这一栏可用范本；有这一栏的是：答复。"),
        ({"text": "您好，{resident}"}, "不认识 {resident}。"),
        ({"text": "{title}"}, "不认识 {title}。"),
        ({"text": "{number.__class__}"}, "不认识 {number.__class__}。"),
        ({"text": "{0} 和 {0}"}, "不认识 {0}。"),
        ({"text": "{}"}, "不认识 {}。"),
        ({"text": "｛today｝"}, "不认识 ｛today｝。"),
        ({"text": "{today"}, "不认识 {。"),
        ({"text": "{{today}}"}, "不认识 {、}。"),
        ({"move": "transfer", "field": "route", "text": "长" * 201}, "“应向何处反映”最多写 200 个字，现在有 201 个。"),
        ({"text": "长" * 2001}, "“给群众的答复”最多写 2000 个字，现在有 2001 个。"),
        ({"text": "  "}, "这个字段是必填项。"),
        ({"name": "已经办好"}, "这一步已有同名的范本。"),
    ],
)  # fmt: skip
def test_template_that_could_not_be_used_is_refused_with_a_sentence(office, changes, sentence):
    before = AnswerTemplate.objects.count()
    assert sentence in text(add(office, **changes))
    assert AnswerTemplate.objects.count() == before


def test_longest_route_is_taken(office):
    add(office, move="transfer", field="route", text="长" * 200)
    assert AnswerTemplate.objects.filter(name="修好了").exists()


def test_no_template_where_a_residents_own_words_are_written_down():
    """`close`, `rework` and `not_reached` keep their reason as what the resident said."""
    moves = {move for move, _label in MOVE_CHOICES}
    assert moves.isdisjoint({"close", "rework", "not_reached", "sign", "accept"})
    assert {"reply", "not_accept", "transfer", "wait", "note"} <= moves


def test_list_filters_by_move_category_and_use(office, no_templates):
    mine = template(category_id="0704")
    other = template(move="wait", field="reason")
    retired = template("旧", is_active=False)

    assert set(listed(office, AnswerTemplate, is_active__exact="1")) == {mine, other}
    assert listed(office, AnswerTemplate, is_active__exact="1", move="wait") == [other]
    assert listed(office, AnswerTemplate, is_active__exact="1", category="07") == [mine]
    assert listed(office, AnswerTemplate, is_active__exact="1", category="none") == [other]
    assert listed(office, AnswerTemplate, q="旧") == [retired]


@pytest.mark.parametrize("rows", [1, 3])
def test_template_list_needs_the_same_queries_for_any_number_of_rows(
    office, no_templates, rows, django_assert_max_num_queries
):
    for number in range(rows):
        template(f"第{number}", category_id="0704")
    with django_assert_max_num_queries(9 + AUDIT_ROW):
        assert len(listed(office, AnswerTemplate, category="07")) == rows


@pytest.mark.parametrize(
    "stranger", [people.clerk, head, people.village_office, people.inspector, people.leader]
)
def test_nobody_but_the_office_opens_the_templates(client, stranger):
    client.force_login(stranger())
    made = template()
    for page in (
        address(AnswerTemplate),
        address(AnswerTemplate, "add"),
        address(AnswerTemplate, "change", made.pk),
    ):
        response = client.get(page)
        assert response.status_code in (302, 403, 404)
        assert made.text not in response.content.decode()


def test_office_finds_the_templates_among_the_campaigns_things(office):
    assert "答复范本" in text(office.get("/admin/"))


# --- What the system brings along -------------------------------------------------------------------------------


def test_first_templates_fit_their_moves_and_pass_the_offices_own_form(office):
    first = list(AnswerTemplate.objects.all())
    assert {(row.move, row.field) for row in first} == {
        ("reply", "reply"), ("not_accept", "route"), ("transfer", "route"), ("wait", "reason"),
    }  # fmt: skip
    for row in first:
        data = {"name": row.name, "move": row.move, "field": row.field, "text": row.text, "is_active": "on"}
        assert office.post(address(AnswerTemplate, "change", row.pk), data).status_code == 302


def test_office_that_has_templates_of_its_own_gets_no_others():
    AnswerTemplate.objects.filter(name="已经办好").update(name="办好了", text="已办好。")
    before = set(AnswerTemplate.objects.values_list("name", flat=True))
    add_first_templates("default")
    assert set(AnswerTemplate.objects.values_list("name", flat=True)) == before


# --- The text for an issue --------------------------------------------------------------------------------------


def test_text_names_the_facts_of_the_issue():
    today = timezone.localdate()
    issue = factories.issue(
        factories.campaign(), number="WT-1", state="in_progress", **factories.assigned(factories.department())
    )
    made = template(text="{number}｜{department}｜{due_on}｜{today}")
    assert (
        text_for(made, issue) == f"WT-1｜镇环保所｜2018年9月14日｜{today.year}年{today.month}月{today.day}日"
    )


@pytest.mark.parametrize(
    "typed", ["{x.__class__}", "{0}", "{", "}", "{}", "{number!r}", "%s %(a)s", "${today}x{"]
)
def test_text_never_raises_and_leaves_what_it_does_not_know(typed):
    issue = factories.issue(factories.campaign())
    assert "__class__" not in typed or text_for(template(text=typed), issue) == typed
    assert isinstance(text_for(template("乙", text=typed), issue), str)


def test_fact_is_not_read_for_placeholders_again():
    issue = factories.issue(factories.campaign(), number="{today}")
    assert text_for(template(text="{number}"), issue) == "{today}"


def test_fact_that_is_missing_leaves_a_gap(client):
    issue = factories.issue(factories.campaign())
    assert text_for(template(text="{department}，{due_on}"), issue) == "____，____"


# --- Used on the page of a move ---------------------------------------------------------------------------------


def move_page(issue, move="reply"):
    return f"/issues/{issue.pk}/move/{move}/"


def offered(client, issue, move="reply"):
    return [one.name for one in client.get(move_page(issue, move)).context["texts"]]


@pytest.fixture
def chief(client):
    client.force_login(head())
    return client


def test_templates_of_the_own_category_come_first_then_those_above_then_those_for_all(chief, no_templates):
    issue = an_issue("in_progress", category_code="0704")
    template("甲 通用")
    template("乙 上级", category_id="07")
    template("丙 本类", category_id="0704")
    template("丁 旁类", category_id="0703")
    template("戊 别处", category_id="01")
    template("己 停用", is_active=False)
    template("庚 别步", move="wait", field="reason")

    assert offered(chief, issue) == ["丙 本类 · 下水道排水", "乙 上级 · 城乡建设与住房", "甲 通用"]


def test_issue_of_the_first_level_is_not_offered_what_is_below(chief, no_templates):
    issue = an_issue("in_progress", category_code="07")
    template("甲 下级", category_id="0704")
    template("乙 同级", category_id="07")
    assert offered(chief, issue) == ["乙 同级 · 城乡建设与住房"]


def test_page_without_fitting_templates_does_not_speak_of_them(chief, no_templates):
    assert "套用范本" not in chief.get(move_page(an_issue("in_progress"))).text


def use(client, issue, made, move="reply", **typed):
    key = made.pk if isinstance(made, AnswerTemplate) else made
    return client.post(
        move_page(issue, move), {"use_text": "1", "text": key, "version": issue.version, **typed}
    )


def field_of(response, name):
    return response.context["form"][name].value()


def test_template_fills_its_field_writes_nothing_and_keeps_what_was_typed(chief, no_templates):
    issue = an_issue("in_progress")
    typed = {"reason": "换了管子", "outcome": "phased", "evidence": "验收单 3 号"}
    response = use(chief, issue, template(text="{department}已修好。"), **typed)

    assert field_of(response, "reply") == "镇环保所已修好。"
    assert {name: field_of(response, name) for name in typed} == typed
    assert response.context["form"]["version"].value() == str(issue.version)
    assert "field-error" not in response.text
    assert Issue.objects.get(pk=issue.pk).version == issue.version
    assert issue.steps.count() == 1


def test_another_template_takes_the_place_of_an_unchanged_one_but_not_of_typed_words(chief, no_templates):
    issue = an_issue("in_progress")
    one, two = template("甲", "第一行\n第二行"), template("乙", "另一段")

    assert field_of(use(chief, issue, two, reply="第一行\r\n第二行"), "reply") == "另一段"
    assert field_of(use(chief, issue, two, reply="我自己写的"), "reply") == "我自己写的\n另一段"
    assert field_of(use(chief, issue, one, reply=" "), "reply") == "第一行\n第二行"


def test_route_stays_one_line(client, no_templates):
    client.force_login(people.bob())
    issue = an_issue("accepted")
    response = use(
        client, issue, template(move="transfer", field="route", text="甲局\n乙科"), "transfer", route="先问"
    )
    assert field_of(response, "route") == "先问 甲局 乙科"


@pytest.mark.parametrize("key", ["", "0", "x", "999999"])
def test_no_template_chosen_is_told_and_nothing_is_lost(chief, no_templates, key):
    issue = an_issue("in_progress")
    template()
    response = use(chief, issue, key, reply="写了一半")
    assert "请先选一个范本。" in response.text
    assert field_of(response, "reply") == "写了一半"


def test_template_of_another_move_cannot_be_used(chief, no_templates):
    issue = an_issue("in_progress")
    foreign = template("别步", "退单的话", move="send_back", field="reason")
    template()
    assert "退单的话" not in use(chief, issue, foreign).text


def test_markup_in_a_template_is_text(chief, no_templates):
    issue = an_issue("in_progress")
    made = template("<b>名</b>", "</textarea><script>alert(1)</script>")
    for page in (chief.get(move_page(issue)).text, use(chief, issue, made).text):
        assert "<script>alert" not in page
        assert "<b>名" not in page


@pytest.mark.parametrize(
    "stranger",
    [lambda: people.clerk(factories.department("镇农办")), people.charlie, people.clerk, people.leader],
)
def test_whoever_may_not_make_the_move_is_offered_nothing(client, stranger):
    issue = an_issue("in_progress")
    client.force_login(stranger())
    assert use(client, issue, AnswerTemplate.objects.first()).status_code == 404


def test_clerk_uses_templates_for_the_own_moves(client, no_templates):
    client.force_login(people.clerk())
    made = template(move="wait", field="reason", text="等配件")
    assert field_of(use(client, an_issue("in_progress"), made, "wait"), "reason") == "等配件"


def test_text_with_a_gap_is_not_sent(chief):
    issue = an_issue("in_progress")
    values = {"version": issue.version, "reason": "修", "outcome": "substantive", "reply": "做了：____。"}
    page = chief.post(move_page(issue), values)
    assert "还有空没有填好" in page.text
    assert "做了：____。" in page.text
    assert Issue.objects.get(pk=issue.pk).state == "in_progress"


@pytest.mark.parametrize("rows", [1, 3])
def test_move_page_needs_the_same_queries_for_any_number_of_templates(
    chief, no_templates, rows, django_assert_max_num_queries
):
    issue = an_issue("in_progress", category_code="0704")
    for number in range(rows):
        template(f"第{number}", category_id="0704")
    with django_assert_max_num_queries(9 + AUDIT_ROW):
        assert len(offered(chief, issue)) == rows


def test_desk_of_the_office_leads_to_the_page_with_the_texts_and_back(office, no_templates):
    issue = an_issue("accepted")
    verb = address(Issue, "move", issue.pk, "transfer")
    assert "套用范本" not in office.get(verb).text
    template(move="transfer", field="route", text="某局")
    link = office.get(verb).context["elsewhere"]["url"]
    values = {"version": issue.version, "reason": "不归本镇管", "route": "某局", "told": "已告知"}
    assert office.get(link).context["texts"]
    assert office.post(link, values).url == address(Issue, "change", issue.pk)


# --- What a clerk has prepared ----------------------------------------------------------------------------------


def note(client, issue, words):
    issue.refresh_from_db()
    client.post(move_page(issue, "note"), {"version": issue.version, "reason": words})


def test_head_begins_the_answer_with_the_clerks_last_note(client, no_templates):
    issue = an_issue("in_progress")
    client.force_login(people.clerk())
    note(client, issue, "先看一看")
    note(client, issue, "雨水管已换好。")
    client.force_login(head())

    assert offered(client, issue) == [f"陈八办 {timezone.localdate():%m-%d} 记的进展"]
    assert field_of(client.get(move_page(issue)), "reply") is None
    assert field_of(use(client, issue, "note"), "reply") == "雨水管已换好。"


def test_note_of_a_former_department_is_not_offered(client, no_templates):
    issue = an_issue("in_progress")
    client.force_login(people.clerk())
    note(client, issue, "我们办不了")
    Issue.objects.filter(pk=issue.pk).update(lead_department=factories.department("镇农办"))
    client.force_login(head(factories.department("镇农办")))
    assert offered(client, issue) == []


def test_place_of_the_office_does_not_matter_for_templates(client, no_templates):
    """They are common to the installation, as the categories are."""
    client.force_login(people.bob())
    made = template(move="transfer", field="route", text="某局")
    issue = an_issue("accepted", code=VILLAGE_A)
    assert field_of(use(client, issue, made, "transfer"), "route") == "某局"
