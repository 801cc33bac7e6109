"""Accounts, roles and logs lie in three hands, and none of the three opens a resident's record, nor gets there alone."""

from itertools import product

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import get_resolver

from canvass.roles import GRANTABLE, HANDS_OUT, PERMISSIONS, Role
from grids.models import Cadre, Posting, User
from grids.sign_ins import issue_link
from tests import factories, people
from tests.desk import address, said
from tests.workbooks import GRID_A1, TOWN

pytestmark = pytest.mark.django_db

ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
# Whatever a resident said or is called, and where one lives.
SECRETS = (
    "钱多多",
    "花溪路八十八号",
    "13700001111",
    "门口积水三年没人管",
    "村干部收了红包",
    "积水问题的标题",
    "手记里的话",
    "疏通了那条沟",
    "纳凉会的话题",
)


@pytest.fixture
def records():
    """One of each, with words that can be found again."""
    campaign = factories.campaign()
    entry = factories.household(address="花溪路八十八号", holder_name="钱多多")
    alice = people.alice()
    visit = factories.visit(campaign, entry, by=[alice.cadre], note="手记里的话")
    words = factories.opinion(campaign, words_verbatim="门口积水三年没人管", visit=visit)
    secret = factories.opinion(campaign, words_verbatim="村干部收了红包", restricted=True)
    issue = factories.issue(campaign, title="积水问题的标题")
    deed = factories.deed(campaign, content="疏通了那条沟")
    gathering = factories.gathering(campaign, topic="纳凉会的话题")
    return {
        "visit": visit,
        "opinion": words,
        "restricted": secret,
        "issue": issue,
        "deed": deed,
        "gathering": gathering,
        "entry": entry,
        "campaign": campaign,
    }


def administrator(role):
    if role == "superuser":
        return factories.user("root", is_superuser=True)
    return people.person(role, TOWN)


EVERYBODY = [*ADMINISTRATORS, "superuser"]


def pages():
    """Every address of the pages about residents, each word of it filled with the number of every record."""
    for app in ("visits", "issues", "reports"):
        prefix, resolver = get_resolver().namespace_dict[app]
        for name, found in resolver.reverse_dict.lists():
            if isinstance(name, str):
                for (template, words), *_more in (one[0] for one in found):
                    yield name, f"/{prefix}{template}", words


def filled(template, words, records):
    """The addresses that a template gives for the records that there are."""
    keys = sorted({str(row.pk) for row in records.values()})
    choices = {
        "pk": keys,
        "number": [records["entry"].number],
        "kind": ["gathering", "daily", "closing"],
        "period": ["2018-09-03"],
        "key": ["households_visited", "visits"],
        "move": ["assign", "close"],
    }
    values = [choices.get(word, ["x"]) for word in words]
    for chosen in product(*values):
        yield template % dict(zip(words, chosen, strict=True))


@pytest.mark.parametrize("role", EVERYBODY)
def test_no_page_tells_an_administrator_of_residents(client, records, role):
    client.force_login(administrator(role))
    query = {"campaign": records["campaign"].code, "entry": records["entry"].number, "place": TOWN}
    looked = 0
    for _name, template, words in pages():
        for page in filled(template, words, records):
            answer = client.get(page, query)
            told = [secret for secret in SECRETS if secret in said(answer)]
            assert told == [], page
            looked += 1
    assert looked > 100


@pytest.mark.parametrize("role", EVERYBODY)
def test_no_list_of_the_desk_tells_an_administrator_of_residents(client, records, role):
    client.force_login(administrator(role))
    for model in admin.site._registry:
        rows = [row for row in records.values() if isinstance(row, model)]
        for page in (address(model), *(address(model, "change", row.pk) for row in rows)):
            answer = client.get(page, follow=True)
            assert [secret for secret in SECRETS if secret in said(answer)] == [], page


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize(
    "page",
    [
        "/visits/{visit}/",
        "/visits/entries/{number}/",
        "/issues/{issue}/",
        "/issues/triage/{opinion}/",
        "/issues/restricted/{restricted}/",
        "/issues/receipts/{opinion}/",
        "/visits/deeds/{deed}/",
        "/visits/records/gathering/{gathering}/",
    ],
)
def test_record_of_a_resident_is_not_there(client, records, role, page):
    client.force_login(administrator(role))
    words = {name: row.pk for name, row in records.items()} | {"number": records["entry"].number}
    assert client.get(page.format(**words)).status_code in (403, 404)


def test_pages_would_tell_the_office(client, records):
    """The words above can be found: whoever may read them does."""
    client.force_login(people.bob())
    assert "门口积水三年没人管" in said(client.get(f"/issues/triage/{records['opinion'].pk}/"))
    assert "花溪路八十八号" in said(client.get("/visits/", {"campaign": records["campaign"].code}))


# --- Each does the own work and no other --------------------------------------------------------------------


def test_permissions_of_the_three_hardly_meet():
    """What two of them share is looking at the roster."""
    changing = {
        role: {name for name in PERMISSIONS[role] if not name.split(".")[1].startswith(("view_", "use_"))}
        for role in ADMINISTRATORS
    }
    assert changing[Role.SECURITY_ADMIN] == {"grids.add_posting", "grids.change_posting"}
    assert changing[Role.AUDITOR] == set()
    assert not changing[Role.SYSTEM_ADMIN] & changing[Role.SECURITY_ADMIN]
    assert not any("posting" in name for name in changing[Role.SYSTEM_ADMIN])
    for role in ADMINISTRATORS:
        apps = {name.split(".")[0] for name in PERMISSIONS[role]}
        assert not apps & {"visits", "issues"}


def give(client, cadre, role, code=TOWN):
    """Post somebody by hand, at the desk; whether there is such a duty now."""
    fields = {"cadre": cadre.pk, "role": role, "place": code, "from_on": "2018-07-01"}
    client.post(address(Posting, "add"), fields)
    return Posting.objects.filter(cadre=cadre, role=role, place_id=code).exists()


def test_system_administrator_gives_no_role(client):
    own = people.system_admin()
    client.force_login(own)
    other = factories.cadre("甲")
    for role, cadre in product((Role.VISITOR, Role.CAMPAIGN_OFFICE, Role.DISCIPLINE), (own.cadre, other)):
        assert not give(client, cadre, role)
    assert client.get(address(Posting, "add")).status_code == 403
    assert Role.SYSTEM_ADMIN not in GRANTABLE


def test_security_administrator_gives_every_role_but_none_to_himself(client):
    own = people.person(Role.SECURITY_ADMIN, TOWN)
    client.force_login(own)
    for number, role in enumerate(set(Role) - {Role.UNIT_CLERK, Role.UNIT_HEAD}):
        assert give(client, factories.cadre(f"甲{number}"), role)
        if role != Role.SECURITY_ADMIN:
            assert not give(client, own.cadre, role)


def test_security_administrator_hands_out_no_sign_in_and_keeps_no_account(client):
    own = people.person(Role.SECURITY_ADMIN, TOWN)
    posted = factories.cadre("甲")
    factories.posting(posted, Role.VISITOR, GRID_A1)
    client.force_login(own)

    with pytest.raises(ValidationError):
        issue_link(posted, by=own)
    assert client.get("/sign-ins/").status_code == 403
    assert client.get(address(User, "add")).status_code == 403
    client.post(address(Cadre, "change", own.cadre.pk), {"name": "别人", "user": ""})
    own.cadre.refresh_from_db()
    assert own.cadre.user == own
    assert Role.SECURITY_ADMIN not in HANDS_OUT


def test_auditor_changes_nothing(client):
    own = people.person(Role.AUDITOR, TOWN)
    client.force_login(own)
    other = factories.cadre("甲")
    assert not give(client, other, Role.VISITOR) and not give(client, own.cadre, Role.VISITOR)
    for model, model_admin in admin.site._registry.items():
        request = client.get("/admin/").wsgi_request
        assert not model_admin.has_add_permission(request), model
        assert not model_admin.has_change_permission(request), model
    assert client.get("/sign-ins/").status_code == 403


@pytest.mark.parametrize(
    ("has", "gets"), [(one, other) for one in ADMINISTRATORS for other in ADMINISTRATORS if one != other]
)
def test_nobody_holds_two_of_the_three(client, has, gets):
    client.force_login(people.person(Role.SECURITY_ADMIN, TOWN, "安全员"))
    assert not give(client, people.person(has, TOWN, "甲").cadre, gets)


def test_former_administrator_may_hold_another_one(client):
    client.force_login(people.person(Role.SECURITY_ADMIN, TOWN, "安全员"))
    former = people.person(Role.AUDITOR, TOWN, "甲", to_on="2018-08-01").cadre
    assert give(client, former, Role.SYSTEM_ADMIN)


@pytest.mark.parametrize("role", EVERYBODY)
def test_what_one_of_them_does_alone_opens_nothing_to_himself(client, records, role):
    """Whatever roles he tries to give himself, the record stays shut."""
    own = administrator(role)
    cadre = getattr(own, "cadre", None)
    client.force_login(own)
    for wanted in set(Role) - {Role.UNIT_CLERK, Role.UNIT_HEAD}:
        if cadre is not None and wanted != role:
            assert not give(client, cadre, wanted)
    assert client.get(f"/visits/{records['visit'].pk}/").status_code in (403, 404)
    assert client.get(f"/issues/{records['issue'].pk}/").status_code in (403, 404)
