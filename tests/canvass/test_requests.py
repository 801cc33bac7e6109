"""What is too large is not read, and no file of MEDIA_ROOT has an address."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

from canvass.middleware import LargestRequestMiddleware
from tests import people

pytestmark = pytest.mark.django_db


class Unread:
    """A body that must not be touched."""

    def read(self, *args):
        raise AssertionError("read")


def knock(length):
    request = RequestFactory().post("/reports/workbook/load/", CONTENT_LENGTH=length)
    request.environ["wsgi.input"] = Unread()
    return LargestRequestMiddleware(lambda request: "passed")(request)


def test_request_beyond_the_largest_form_is_refused_unread():
    refused = knock(str(settings.LARGEST_REQUEST + 1))
    assert refused.status_code == 413
    assert "一次最多 64 MB" in refused.content.decode()


@pytest.mark.parametrize("length", ["", "0", "-1", "x", str(settings.LARGEST_REQUEST)])
def test_request_of_any_other_length_is_passed_on(length):
    assert knock(length) == "passed"


@pytest.mark.parametrize("length", ["9" * 400, "9" * 5000])
def test_length_of_any_number_of_digits_is_understood(length):
    assert knock(length).status_code == 413


@pytest.mark.parametrize(
    "path", ["/media/secret.jpg", "/media/photos/secret.jpg", "/static/../media/secret.jpg"]
)
def test_no_file_is_served_by_its_address(client, path):
    for folder in (Path(settings.MEDIA_ROOT), Path(settings.MEDIA_ROOT) / "photos"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "secret.jpg").write_bytes(b"secret")
    client.force_login(people.bob())
    assert client.get(path).status_code == 404
