"""What every page asks of a stranger, and how it travels. The headers are in test_headers."""

import gzip

import pytest

from tests import people


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/admin/visits/visit/?grid=%00", 200),
        ("/admin/autocomplete/?app_label=visits&model_name=visit&field_name=entry&term=%00", 200),
        ("/admin/grids/grid/%00/change/", 404),
    ],
)
def test_nul_in_an_address_of_the_desk_breaks_nothing(client, db, address, status):
    client.force_login(people.bob())

    response = client.get(address)

    assert (response.status_code, "Content-Security-Policy" in response) == (status, True)


def _compressed(client, address):
    return client.get(address, headers={"accept-encoding": "gzip, deflate, br"})


def test_page_travels_compressed_and_its_size_tells_nothing(client, db):
    plain = client.get("/visits/offline/")
    answers = [_compressed(client, "/visits/offline/") for _try in range(20)]
    assert plain.get("Content-Encoding") is None
    assert {(answer["Content-Encoding"], answer["Vary"].count("Accept-Encoding")) for answer in answers} == {
        ("gzip", 1)
    }
    assert {gzip.decompress(answer.content) for answer in answers} == {plain.content}
    assert max(len(answer.content) for answer in answers) < len(plain.content) / 2
    assert len({len(answer.content) for answer in answers}) > 1


@pytest.mark.parametrize("address", ["/visits/phone-key/", "/reports/workbook/template/"])
def test_what_is_no_text_is_left_as_it_is(client, db, address):
    client.force_login(people.bob())
    answer = _compressed(client, address)
    answer.close()
    assert (answer.status_code, answer.get("Content-Encoding")) == (200, None)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/admin/", "/admin/login/"])
def test_stranger_is_sent_to_the_one_sign_in_page(client, address):
    response = client.get(address, follow=True)
    assert [status for _, status in response.redirect_chain] == [302] * len(response.redirect_chain)
    assert response.redirect_chain[-1][0].startswith("/login/?next=")
