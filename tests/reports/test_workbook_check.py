"""The check of one's own upload, and the load that it allows: the very same bytes, once, by the same person."""

import json
import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from campaigns.models import Campaign
from canvass.sealed import opened, seal
from canvass.sealed_files import write_sealed
from reports.load_jobs import start_load
from reports.loading import load
from reports.models import WorkbookLoad
from reports.uploads import Upload, try_load_lock, try_lock
from tests import people
from tests.workbooks import sample, workbook
from visits.models import Visit

from .uploading import confirm, finished, token_of, upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def bob(client):
    user = people.bob()
    client.force_login(user)
    return user


@pytest.fixture(scope="module")
def file():
    """The same bytes for everybody: a workbook written again has another date inside."""
    return workbook(sample())


@pytest.fixture
def checked(client, bob, file):
    """(address, token) of a workbook that passed its check."""
    url, page = upload(client, file)
    return url, token_of(page)


def directory():
    return Path(settings.MEDIA_ROOT) / "workbooks"


def change(path, **state):
    """The state as another process would have left it."""
    path.write_text(seal(json.dumps(json.loads(opened(path.read_text())) | state)))


def nothing_loaded():
    return (Campaign.objects.count(), Visit.objects.count(), WorkbookLoad.objects.count()) == (0, 0, 0)


def test_workbook_check_loads_what_was_confirmed_and_links_to_the_figures(client, bob, checked):
    page = confirm(client, *checked)
    assert "已导入“王店镇大走访”。" in page.text
    assert 'href="/reports/?campaign=wangdian-2018"' in page.text
    assert Visit.objects.count() == len(sample()["走访记录"])
    log = WorkbookLoad.objects.get()
    assert (log.by, log.file_name, log.campaign.code) == (bob, "王店.xlsx", "wangdian-2018")
    assert log.sha256 == checked[0].split("/")[-2]


def test_workbook_check_confirmed_twice_loads_once(client, checked):
    confirm(client, *checked)
    page = confirm(client, *checked)
    assert "已导入" in page.text
    assert WorkbookLoad.objects.count() == 1


def kept():
    return {path.suffix for path in directory().iterdir()} - {".lock"}


def test_workbook_check_keeps_the_bytes_sealed_and_only_until_they_are_loaded(client, checked, file):
    names = [row["姓名"].encode() for row in sample()["人员"]] + [b"13900139000", b"xl/worksheets"]
    assert kept() == {".json", ".sealed"}
    for path in directory().iterdir():
        assert not any(name in path.read_bytes() for name in names)
    confirm(client, *checked)
    assert kept() == {".json"}


def test_workbook_check_keeps_no_bytes_of_a_workbook_that_was_refused(client, bob):
    sheets = sample()
    sheets["走访记录"][0]["走访人"] = "W999"
    upload(client, sheets)
    assert kept() == {".json"}


def test_workbook_check_shows_no_number_and_no_householder_whole(client, bob):
    load(workbook(sample()))
    sheets = sample()
    sheets["人员"][0]["手机"], sheets["走访对象"][0]["户名"] = "13812345678", "欧阳修"
    _url, page = upload(client, sheets)
    assert "138****5678" in page.text and "欧*" in page.text
    assert "13812345678" not in page.text and "欧阳修" not in page.text


def test_workbook_check_of_an_upload_that_no_key_opens_is_unknown(client, checked, settings):
    settings.FIELD_KEYS = ["another key, of enough characters"]
    assert client.get(checked[0]).status_code == 404


def test_workbook_check_confirmed_by_two_people_at_once_loads_once(client, file, checked):
    """Both saw the same preview. One loads; the other waits, or finds that nothing was left to do."""
    url, token = checked
    colleague = Client()
    colleague.force_login(people.bob())
    same_url, page = upload(colleague, file)
    assert same_url == url
    client.post(url, {"token": token})
    other = colleague.post(url, {"token": token_of(page)}, follow=True)
    told = "另一份表格正在导入" in other.text or "数据未改动" in finished(colleague, url).text
    assert "已导入" in finished(client, url).text
    assert told
    assert WorkbookLoad.objects.count() == 1


def test_workbook_check_tells_to_wait_while_another_load_runs(client, checked):
    url, token = checked
    with try_load_lock():
        page = client.post(url, {"token": token}, follow=True)
        assert "另一份表格正在导入" in page.text
    assert nothing_loaded()
    assert "已导入" in confirm(client, url, token).text


def test_workbook_check_refuses_a_token_that_was_tampered_with(client, checked):
    url, token = checked
    page = client.post(url, {"token": token[:-1] + ("A" if token[-1] != "A" else "B")}, follow=True)
    assert "确认已经失效" in page.text
    assert nothing_loaded()


@pytest.mark.parametrize("token", ["", "x", "ä:b:c"])
def test_workbook_check_refuses_what_is_no_token(client, checked, token):
    page = client.post(checked[0], {"token": token}, follow=True)
    assert "确认已经失效" in page.text
    assert nothing_loaded()


@pytest.mark.parametrize(("age", "words"), [(-60, "已导入"), (60, "确认已经失效")])
def test_workbook_check_takes_a_token_for_a_day(client, bob, checked, monkeypatch, age, words):
    url, _token = checked
    made = time.time() - 24 * 60 * 60 - age
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: made)
        token = Upload(url.split("/")[-2], bob.pk).token()
    client.post(url, {"token": token})
    page = finished(client, url)
    assert words in page.text
    assert nothing_loaded() == (age > 0)


def test_workbook_check_refuses_the_token_of_another_person(client, bob, file, checked):
    url, token = checked
    client.force_login(people.bob())
    other_url, _page = upload(client, file)
    assert other_url == url
    page = client.post(url, {"token": token}, follow=True)
    assert "确认已经失效" in page.text
    assert nothing_loaded()


def test_workbook_check_refuses_the_token_of_another_file(client, checked):
    _url, token = checked
    other = sample()
    other["活动"][0]["主题"] = "别的"
    url, _page = upload(client, other)
    page = client.post(url, {"token": token}, follow=True)
    assert "确认已经失效" in page.text
    assert nothing_loaded()


def test_workbook_check_refuses_bytes_that_changed_on_disk(client, checked):
    other = sample()
    other["走访对象"][0]["门牌地址"] = "换了地址"
    (stored,) = directory().glob("*.sealed")
    with stored.open("wb") as target:
        write_sealed(target, [workbook(other)])
    page = client.post(checked[0], {"token": checked[1]}, follow=True)
    assert "与检查过的不一样" in page.text
    assert nothing_loaded()


def test_workbook_check_refuses_a_file_that_is_gone(client, checked):
    (stored,) = directory().glob("*.sealed")
    stored.unlink()
    page = client.post(checked[0], {"token": checked[1]}, follow=True)
    assert "与检查过的不一样" in page.text


def test_workbook_check_refuses_who_lost_the_posting_in_between(client, bob, checked):
    upload_ = Upload(checked[0].split("/")[-2], bob.pk)
    content = upload_.confirmed(checked[1])
    assert content["campaign"] == ""
    bob.cadre.postings.update(to_on="2019-01-01")
    assert start_load(upload_, content) is None
    for _ in range(200):
        if upload_.state()["phase"] != "loading":
            break
        time.sleep(0.05)
    assert [error["reason"] for error in upload_.state()["errors"]] == ["您的账号现在不能导入表格。"]
    assert nothing_loaded()


def test_workbook_check_tells_when_the_process_died_during_the_load(client, bob, checked):
    url, _token = checked
    (path,) = directory().glob("*.json")
    change(path, phase="loading")
    page = client.get(url)
    assert "已中断，数据未改动，请重新确认。" in page.text
    assert "已导入" in confirm(client, url, token_of(page)).text


def test_workbook_check_tells_when_the_process_died_after_the_load(client, checked):
    url, _token = checked
    confirm(client, *checked)
    (path,) = directory().glob("*.json")
    change(path, phase="loading")
    assert "已导入" in client.get(url).text


def test_workbook_check_tells_when_the_process_died_during_the_check(client, checked):
    (path,) = directory().glob("*.json")
    change(path, phase="checking", sheets=[])
    page = client.get(checked[0])
    assert "检查已中断，数据未改动，请重新上传。" in page.text
    assert token_of(page) is None


def test_workbook_check_shows_how_far_it_is_and_reloads_without_javascript(client, checked):
    (path,) = directory().glob("*.json")
    progress = {"sheet": "走访记录", "done": 2000, "total": 4000}
    change(path, phase="loading", progress=progress)
    with try_lock(path.with_suffix(".lock")):
        page = client.get(checked[0])
    assert "正在导入" in page.text
    assert 'max="4000" value="2000"' in page.text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page.text


def test_workbook_check_refuses_a_second_start_while_it_runs(client, checked):
    url, token = checked
    (path,) = directory().glob("*.json")
    with try_lock(path.with_suffix(".lock")):
        page = client.post(url, {"token": token}, follow=True)
    assert "这份表格正在处理" in page.text
    assert nothing_loaded()


def test_workbook_check_tells_when_the_system_failed(client, checked, monkeypatch, caplog):
    """The one thing that cannot be reached through a file: a defect of our own."""

    def broken(*args, **kwargs):
        raise RuntimeError("defect")

    monkeypatch.setattr("reports.load_jobs.load", broken)
    page = confirm(client, *checked)
    assert "系统出了问题，数据未改动" in page.text
    assert "defect" in caplog.text
    assert nothing_loaded()


def test_workbook_check_is_unknown_to_a_colleague(client, checked):
    client.force_login(people.bob())
    assert client.get(checked[0]).status_code == 404
    assert client.post(checked[0], {"token": checked[1]}).status_code == 404
    assert nothing_loaded()


@pytest.mark.parametrize("person", [people.alice, people.village_office, people.leader])
def test_workbook_check_is_for_the_campaign_office(client, checked, person):
    client.force_login(person())
    assert client.get(checked[0]).status_code == 403


@pytest.mark.parametrize("name", ["0" * 64, "..", "x"])
def test_workbook_check_knows_no_upload_of_that_name(client, bob, name):
    assert client.get(f"/reports/workbook/load/{name}/").status_code == 404


def test_workbook_check_forgets_uploads_after_a_day(client, checked):
    yesterday = time.time() - 24 * 60 * 60 - 60
    for path in directory().iterdir():
        os.utime(path, (yesterday, yesterday))
    other = sample()
    other["活动"][0]["主题"] = "别的"
    url, _page = upload(client, other)
    assert {path.name[:8] for path in directory().iterdir()} <= {url.split("/")[-2][:8], "loading."}
    assert client.get(checked[0]).status_code == 404


def test_workbook_check_puts_no_typed_markup_into_the_page(client, bob):
    sheets = sample()
    sheets["走访对象"][0]["类型"] = "<script>alert(1)</script>"
    url, page = upload(client, sheets)
    assert "&lt;script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert finished(client, url).status_code == 200
