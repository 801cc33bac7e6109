"""The two steps of loading through the office's pages, as a browser takes them."""

import re
import time

from django.core.files.uploadedfile import SimpleUploadedFile

from canvass.workbook_writer import CONTENT_TYPE
from tests.workbooks import workbook

LOAD = "/reports/workbook/load/"


def post_file(client, content, name="王店.xlsx", **fields):
    """Upload bytes, or {sheet: rows}; the answer of the page."""
    content = workbook(content) if isinstance(content, dict) else content
    file = SimpleUploadedFile(name, content, CONTENT_TYPE)
    return client.post(LOAD, {"file": file, **fields})


def finished(client, url):
    """The page once nothing runs any more."""
    for _ in range(600):
        response = client.get(url)
        if "data-running" not in response.text:
            return response
        time.sleep(0.05)
    raise AssertionError("still running after 30 seconds")


def upload(client, content, **fields):
    """Upload and wait for the dry run: (address of the check, its page)."""
    response = post_file(client, content, **fields)
    assert response.status_code == 302, response.text
    return response["Location"], finished(client, response["Location"])


def token_of(page):
    """The signed token of the button, or None when the page offers none."""
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    return found and found[1]


def confirm(client, url, token):
    """Press the button and wait: the page that tells what became of it."""
    response = client.post(url, {"token": token})
    assert response.status_code == 302
    return finished(client, url)
