"""The ledger handed back: compared first, applied when confirmed, through the write door alone."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from canvass.sealed import seal_bytes
from issues.enums import IssueState
from issues.models import IssueStep
from tests import factories, people

from .moving import an_issue, head, make

pytestmark = pytest.mark.django_db
PAGE = "/issues/ledger/"


def exported(client, user, **part):
    client.force_login(user)
    response = client.get("/issues/ledger/export/", part)
    return load_workbook(io.BytesIO(b"".join(response.streaming_content)))


def fill(book, row=2, **cells):
    sheet = book["问题台账"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for name, value in cells.items():
        sheet.cell(row, columns[name], value)
    return book


def saved(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(client, content):
    content = content if isinstance(content, bytes) else saved(content)
    return client.post(PAGE, {"file": SimpleUploadedFile("台账.xlsx", content)})


def confirm(client, response):
    return client.post(PAGE, {"token": response.context["token"]})


def refusals(response):
    return [row.refusal for row in response.context["rows"]]


def moves(issue):
    steps = IssueStep.objects.filter(issue=issue).exclude(move="imported")
    return list(steps.order_by("pk").values_list("move", flat=True))


@pytest.fixture
def issue():
    return an_issue(IssueState.IN_PROGRESS)


def test_comparison_shows_the_moves_and_writes_nothing(client, issue):
    book = fill(exported(client, people.clerk()), 进展="已进场")
    response = upload(client, book)
    issue.refresh_from_db()
    assert [row.told for row in response.context["rows"]] == [[("记进展", "已进场")]]
    assert refusals(response) == [""]
    assert (issue.version, moves(issue)) == (1, [])


def test_confirmed_rows_become_moves(client, issue):
    response = upload(client, fill(exported(client, people.clerk()), 进展="已进场"))
    done = confirm(client, response)
    step = IssueStep.objects.get(issue=issue, move="note")
    assert (refusals(done), step.move, step.reason) == ([""], "note", "已进场")


def test_one_row_signs_and_notes_in_order(client):
    issue = an_issue(IssueState.ASSIGNED)
    confirm(client, upload(client, fill(exported(client, people.clerk()), 签收="是", 进展="已进场")))
    issue.refresh_from_db()
    assert (moves(issue), issue.state) == (["sign", "note"], IssueState.IN_PROGRESS)


def test_the_head_replies(client, issue):
    book = fill(exported(client, head()), 答复内容="已疏通", 办结方式="实质", 给群众的答复="下水道已通")
    confirm(client, upload(client, book))
    issue.refresh_from_db()
    assert (issue.state, issue.outcome, issue.result) == (IssueState.REPLIED, "substantive", "已疏通")


def test_a_clerk_who_hands_in_the_heads_reply_is_refused(client, issue):
    book = fill(exported(client, head()), 答复内容="已疏通", 办结方式="实质", 给群众的答复="下水道已通")
    client.force_login(people.clerk())
    response = upload(client, book)
    assert refusals(response) == ["您的角色或范围不能答复。"]
    assert response.context["token"] == ""


def test_waits_until_a_day(client, issue):
    until_on = timezone.localdate() + timedelta(days=5)
    book = fill(exported(client, people.clerk()), 待补充原因="等材料", 待补充至=until_on)
    confirm(client, upload(client, book))
    issue.refresh_from_db()
    assert (issue.state, issue.review_on) == (IssueState.WAITING, until_on)


def test_incomplete_answers_are_refused_with_the_sentence_of_the_rules(client, issue):
    response = upload(client, fill(exported(client, people.clerk()), 待补充原因="等材料"))
    assert refusals(response) == ["待补充须填写：待补充至。"]


def test_a_row_is_moved_as_a_whole_or_not_at_all(client, issue):
    other = an_issue(IssueState.IN_PROGRESS, campaign=issue.campaign)
    book = fill(exported(client, head()), 2, 进展="已进场", 待补充原因="等材料")
    fill(book, 3, 进展="已完成一半")
    done = confirm(client, upload(client, book))
    assert refusals(done) == ["待补充须填写：待补充至。", ""]
    assert (done.context["ready"], done.context["refused"]) == (1, 1)
    assert (moves(issue), moves(other)) == ([], ["note"])


def test_an_overtaken_row_is_a_conflict_that_names_who_moved_it(client, issue):
    clerk = people.clerk()
    book = fill(exported(client, clerk), 进展="已进场")
    make(issue, "reply", head())
    row = upload(client, book).context["rows"][0]
    assert row.is_conflict
    assert row.refusal == "这件问题已被邵十一改为“已办理”，请看清最新情况后再办。"


def test_the_same_file_again_applies_nothing_twice(client, issue):
    book = fill(exported(client, people.clerk()), 进展="已进场")
    compared = upload(client, book)
    confirm(client, compared)
    assert [row.is_conflict for row in confirm(client, compared).context["rows"]] == [True]
    assert [row.is_conflict for row in upload(client, book).context["rows"]] == [True]
    assert moves(issue) == ["note"]


def test_overtaken_between_comparison_and_confirmation(client, issue):
    compared = upload(client, fill(exported(client, people.clerk()), 进展="已进场"))
    make(issue, "note", head())
    done = confirm(client, compared)
    assert [row.is_conflict for row in done.context["rows"]] == [True]
    assert moves(issue) == ["note"]


@pytest.mark.parametrize("mark", ["", "1:1", "1:1:forged", "=1+1", "x"])
def test_a_forged_mark_is_refused(client, issue, mark):
    response = upload(client, fill(exported(client, people.clerk()), 进展="已进场", 行标记=mark))
    assert refusals(response) == ["行标记不是本系统发出的或被改动过。请重新导出后填写。"]


def test_another_issues_mark_under_this_number_is_refused(client, issue):
    an_issue(IssueState.IN_PROGRESS, campaign=issue.campaign)
    book = exported(client, people.clerk())
    book = fill(book, 2, 进展="已进场", 行标记=book["问题台账"].cell(3, 5).value)
    assert refusals(upload(client, book)) == ["问题编号与行标记不符，这一行可能粘贴错了位置。"]


def test_the_same_row_twice_counts_once(client, issue):
    book = exported(client, people.clerk())
    sheet = book["问题台账"]
    for cell in list(sheet[2]):
        sheet.cell(3, cell.column, cell.value)
    fill(book, 2, 进展="一")
    fill(book, 3, 进展="二")
    response = upload(client, book)
    assert refusals(response) == ["", "与第 2 行是同一件问题，只按前一行办理。"]


def test_a_changed_locked_cell_is_pointed_out_and_ignored(client, issue):
    title = issue.title
    compared = upload(
        client, fill(exported(client, people.clerk()), 进展="已进场", 标题="别的", 期限="2030-01-01")
    )
    assert compared.context["rows"][0].notices == [
        "“标题”不能在表里改，已按系统里的办。",
        "“期限”不能在表里改，已按系统里的办。",
    ]
    confirm(client, compared)
    issue.refresh_from_db()
    assert issue.title == title


def test_another_departments_row_is_refused(client, issue):
    book = fill(exported(client, people.clerk()), 进展="已进场")
    client.force_login(people.clerk(factories.department("镇农办")))
    assert refusals(upload(client, book)) == ["这一行不是您可以办理的问题。"]


def test_a_restricted_row_is_refused_and_never_exported(client, issue):
    clerk = people.clerk()
    book = fill(exported(client, clerk), 进展="已进场")
    type(issue).objects.filter(pk=issue.pk).update(is_restricted=True)
    assert refusals(upload(client, book)) == ["这一行不是您可以办理的问题。"]
    assert exported(client, clerk)["问题台账"].max_row == 1


def test_the_office_cannot_answer_for_a_department(client, issue):
    book = fill(exported(client, people.bob()), 进展="已进场")
    assert refusals(upload(client, book)) == ["您的角色或范围不能记进展。"]


def test_blank_rows_are_no_rows(client, issue):
    response = upload(client, exported(client, people.clerk()))
    assert (response.context["rows"], response.context["token"]) == ([], "")


def test_a_cell_that_cannot_be_read_is_told(client, issue):
    response = upload(client, fill(exported(client, people.clerk()), 待补充原因="等", 待补充至="下周"))
    assert refusals(response) == ["不是日期。请按 2018-09-10 或 2018-09-10 19:30 填写。"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "文件已加密，请另存为不加密的 .xlsx。"),
        (b"no workbook", "不是 .xlsx 文件，或文件已损坏。请在 Excel 中另存为 .xlsx。"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_one_sentence(client, content, sentence):
    client.force_login(people.clerk())
    assert upload(client, content).context["form"].errors == {"file": [sentence]}


def test_a_workbook_without_marks_is_one_sentence(client, issue):
    book = exported(client, people.clerk())
    book["问题台账"].cell(1, 5, "别的")
    errors = upload(client, book).context["form"].errors
    assert errors == {"file": ["表里没有“行标记”一列。请用从本页导出的表格填写。"]}


@pytest.mark.parametrize("whose", ["forged", "another's"])
def test_a_token_that_is_not_ones_own_applies_nothing(client, issue, whose):
    compared = upload(client, fill(exported(client, people.clerk()), 进展="已进场"))
    token = "forged" if whose == "forged" else compared.context["token"]
    client.force_login(head())
    response = client.post(PAGE, {"token": token})
    assert response.context["form"].errors == {
        "file": ["这份表格没有检查过，或已过期，什么都没有写入。请重新上传。"]
    }
    assert moves(issue) == []


def test_bytes_changed_after_the_comparison_are_not_applied(client, issue, settings):
    compared = upload(client, fill(exported(client, people.clerk()), 进展="已进场"))
    for path in (settings.MEDIA_ROOT / "ledgers").iterdir():
        assert path.stat().st_mode & 0o077 == 0
        assert "已进场".encode() not in path.read_bytes() and b"xl/" not in path.read_bytes()
        path.write_bytes(seal_bytes(saved(fill(exported(client, people.clerk()), 进展="别的"))))
    confirm(client, compared)
    assert moves(issue) == []


@pytest.mark.parametrize("who", [people.alice, people.discipline, people.nobody])
def test_strangers_do_not_find_the_page(client, who):
    client.force_login(who())
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE).status_code == 404


def test_visitors_are_asked_to_sign_in(client):
    assert client.get(PAGE).status_code == 302


def test_a_bomb_is_not_unpacked(client):
    client.force_login(people.clerk())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (30 * 2**20))
    errors = upload(client, target.getvalue()).context["form"].errors
    assert errors == {
        "file": ["文件解压后有 30 MB，超出限度，没有打开。请删去无关内容，或分成几个文件导入。"]
    }
