"""The receipt to print: /issues/receipts/<opinion pk>/."""

import re

import pytest
import segno
from django.test import Client

from issues.models import Receipt
from tests import factories, people
from tests.issues.answers import SECRETS, answered
from tests.visits.forms import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def opinion(campaign):
    return factories.opinion(campaign)


def address(opinion):
    return f"/issues/receipts/{opinion.pk}/"


def test_receipt_is_made_by_a_button_and_not_by_looking(client, opinion):
    client.force_login(people.alice())
    assert "生成回执" in client.get(address(opinion)).text
    assert Receipt.objects.count() == 0
    page = client.post(address(opinion), follow=True)
    receipt = Receipt.objects.get()
    assert page.redirect_chain == [(address(opinion), 302)]
    assert receipt.typed_code in page.text
    assert receipt.by.display_name == "艾一丽"
    client.post(address(opinion))
    assert Receipt.objects.count() == 1


def _drawn(text):
    """The path that the library draws for a text."""
    return re.search(r' d="([^"]*)"', segno.make(text, error="m", micro=False).svg_inline())[1]


def test_slip_holds_code_address_and_drawing_without_a_style(client, campaign):
    receipt = answered(campaign)
    client.force_login(people.bob())
    page = client.get(address(receipt.opinion))
    assert receipt.typed_code in page.text
    assert "http://testserver/s/" in page.text
    drawing = re.search(r"<svg.*?</svg>", page.text, re.S)[0]
    assert "style" not in drawing
    assert f' d="{_drawn(f"http://testserver/s/{receipt.typed_code}/")}"' in drawing
    assert "no-store" in page["Cache-Control"]


def test_slip_itself_tells_nothing_of_the_matter(client, campaign):
    receipt = answered(campaign)
    client.force_login(people.bob())
    slip = re.search(r"<article.*?</article>", client.get(address(receipt.opinion)).text, re.S)[0]
    assert [what for what, text in SECRETS.items() if text in slip] == []
    assert "鲍二柏" not in slip


def test_visitor_finds_it_beside_the_words(client, campaign):
    visit = factories.visit(campaign, factories.household())
    opinion = factories.opinion(campaign, visit=visit)
    client.force_login(people.alice())
    page = client.get(f"/visits/{visit.pk}/").text
    assert f'href="{address(opinion)}"' in page
    assert "给群众的回执" in page


@pytest.mark.parametrize(
    "stranger", [people.charlie, people.other_village_office, people.clerk, people.nobody]
)
@pytest.mark.parametrize("verb", ["get", "post"])
def test_stranger_finds_nothing(client, opinion, stranger, verb):
    client.force_login(stranger())
    assert getattr(client, verb)(address(opinion)).status_code == 404
    assert Receipt.objects.count() == 0


def test_without_a_sign_in_it_leads_to_the_sign_in_page(client, opinion):
    assert client.get(address(opinion))["Location"].startswith("/login/")


def test_restricted_report_is_discipline_s_alone(client, campaign):
    receipt = answered(campaign, restricted=True)
    for person in (people.alice(), people.bob(), people.leader()):
        client.force_login(person)
        page = client.get(address(receipt.opinion))
        assert page.status_code == 404
        assert receipt.typed_code not in page.text
    client.force_login(people.discipline())
    assert receipt.typed_code in client.get(address(receipt.opinion)).text


def test_post_needs_the_token_of_the_page(opinion):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.alice())
    assert browser.post(address(opinion)).status_code == 403


def test_slip_costs_seven_statements_and_one_for_the_audit_log(client, campaign):
    receipt = answered(campaign)
    client.force_login(people.bob())
    client.get(address(receipt.opinion))
    _page, sent = statements(lambda: client.get(address(receipt.opinion)))
    assert len(sent) <= 8, "\n".join(sent)
