"""The words and links that every page shares, and the pages for when something is wrong."""

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, server_error

from canvass.templatetags import ui
from tests import factories, people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("name", "masked"), [("张三", "张*"), ("欧阳建国", "欧*"), ("张", "张*"), ("", "")])
def test_names_are_masked_whatever_their_length(name, masked):
    assert ui.masked_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"), [("13812345678", "138****5678"), ("123456", "****56"), ("12", "12"), ("", "")]
)
def test_phones_are_masked(phone, masked):
    assert ui.masked_phone(phone) == masked


def links(page):
    return {word for word in ("我的走访", "填报", "数据", "办公台") if f">{word}</a>" in page}


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (people.alice, {"我的走访", "填报"}),
        (people.village_office, {"我的走访", "填报", "数据", "办公台"}),
        (people.leader, {"数据"}),
        (people.inspector, {"数据", "办公台"}),
        (people.clerk, set()),
        (people.system_admin, {"办公台"}),
    ],
)
def test_links_of_the_top_bar_follow_permissions(client, who, words):
    client.force_login(who())
    assert links(client.get("/visits/0/").content.decode()) == words


def test_person_is_named_and_may_sign_out(client):
    client.force_login(people.alice())
    assert "艾一丽" in client.get("/visits/").content.decode()
    client.post("/logout/")
    assert client.get("/visits/").status_code == 302


def test_wrong_password_says_what_to_do(client):
    factories.user("grid07", password="a-long-secret-7")
    page = client.post("/login/", {"username": "grid07", "password": "wrong"}).content.decode()
    assert "账号或密码不对" in page
    assert "请找本镇活动办换发登录二维码" in page


def test_signed_out_page_tells_nothing_but_that_it_is_not_there(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "没有找到这一页" in response.content.decode()


@pytest.mark.parametrize(("view", "words"), [(server_error, "系统出了问题"), (bad_request, "请求有误")])
def test_pages_of_last_resort_need_no_person_and_no_database(view, words, django_assert_num_queries):
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        response = view(request) if view is server_error else view(request, ValueError())
    assert words in response.content.decode()


def test_stale_form_says_how_to_go_on():
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/login/", {"username": "grid07"})
    assert response.status_code == 403
    assert "这一页放得太久了" in response.content.decode()


def test_language_may_be_changed_before_signing_in(client):
    response = client.post("/language/", {"language": "en", "next": "/login/"})
    assert response["Location"] == "/login/"
    assert client.cookies["django_language"].value == "en"
