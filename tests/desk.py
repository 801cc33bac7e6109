"""What the tests of the office desk share: addresses, the rows of a list, the price of a page."""

import html
import io
import zipfile
from html.parser import HTMLParser

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

# What a row of the audit log costs a page at most: where its record lies, the lock, the end of the chain, the row, and
# the two ends of its transaction.
AUDIT_ROW = 6


def address(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def listed(client, model, **query):
    """The rows that a list shows; without a filter, in the list's own order."""
    response = client.get(address(model), query)
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def queries(client, url):
    """What a page costs; the content types, which a process asks for once, never count."""
    ContentType.objects.get_for_models(*apps.get_models())
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def choices(client, model, field, term=""):
    """The texts that an autocomplete offers for a field of a model's form."""
    query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
    response = client.get("/admin/autocomplete/", {**query, "term": term})
    assert response.status_code == 200
    return [row["text"] for row in response.json()["results"]]


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_data(self, data):
        self.found.append(data)


def text(response):
    """The page as it is read, in one line."""
    parser = _Text()
    parser.feed(response.content.decode())
    return " ".join(" ".join(parser.found).split())


def said(response):
    """Everything that an answer holds, files unpacked, whatever way its characters are written."""
    content = response.getvalue()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    text = content.decode("utf-8", "replace")
    if "json" in response.get("Content-Type", ""):
        return text.encode().decode("unicode_escape") if "\\u" in text else text
    return html.unescape(text)
