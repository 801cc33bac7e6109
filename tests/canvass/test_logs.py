"""What the log says about an address that holds a receipt code: that it was asked for, and not the code."""

import io
import logging

import pytest

from canvass.logs import WithoutReceiptCodes

CODE = "ABCD-EFGH-JKMN"


@pytest.fixture
def logged(caplog):
    """What Django's loggers say; they pass nothing on to the root logger, where caplog listens."""
    loggers = [logging.getLogger(name) for name in ("django", "django.server")]
    for logger in loggers:
        logger.addHandler(caplog.handler)
    yield caplog
    for logger in loggers:
        logger.removeHandler(caplog.handler)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        f"/s/{CODE}/",
        f"/S/{CODE}",
        f"/s/{CODE}/more/",
        "/s/ABCD EFGH JKMN/",
        f"/s/{CODE}%0a{CODE}/",
        f"/s/问{CODE}/",
    ],
)
def test_wrong_code_is_logged_without_the_code(client, logged, path):
    assert client.get(path).status_code == 404

    assert logged.messages
    for piece in ("ABCD", "EFGH", "JKMN"):
        assert piece not in logged.text


@pytest.mark.django_db
def test_other_addresses_are_logged_as_they_are(client, logged):
    client.get("/static/issues/none.css")
    client.get("/nowhere/")

    assert logged.messages[-1] == "Not Found: /nowhere/"


@pytest.mark.parametrize("address", [f"/s/{CODE}/", f"/s/?code={CODE}", f"/s?code={CODE}", f"/s%2F{CODE}/"])
def test_server_s_own_line_holds_no_code(logged, address):
    line = f"GET {address} HTTP/1.1"

    logging.getLogger("django.server").info('"%s" %s %s', line, "404", "1200")

    assert CODE not in logged.text
    assert logged.messages[0].endswith(' HTTP/1.1" 404 1200')


def test_handler_blanks_what_any_other_logger_says():
    (handler,) = (one for one in logging.getLogger("django").handlers if one.filters)
    (filter_,) = handler.filters
    assert isinstance(filter_, WithoutReceiptCodes)
    stream = io.StringIO()
    other = logging.StreamHandler(stream)
    other.addFilter(filter_)
    logger = logging.Logger("elsewhere")
    logger.addHandler(other)

    logger.warning("asked %(path)s", {"path": f"/s/{CODE}/"})
    logger.warning(f"slow: GET /s/{CODE}/ HTTP/1.1 took %d ms", 900)
    logger.warning(ValueError("a message that is no text"))

    said = stream.getvalue().splitlines()
    assert CODE not in stream.getvalue()
    assert said[1:] == ["slow: GET /s/… HTTP/1.1 took 900 ms", "a message that is no text"]
