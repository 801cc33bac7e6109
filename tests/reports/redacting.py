"""The page of redaction, as a clerk uses it: look for the words, then confirm the places."""

WHY = "原话里有姓名"


def address(kind, row):
    return f"/reports/redactions/{kind}/{row.pk}/"


def find(client, user, kind, row, words, reason=WHY):
    client.force_login(user)
    return client.post(address(kind, row), {"words": words, "reason": reason, "find": "1"})


def confirm(client, kind, row, words, seen, *, spots, reason=WHY, **fields):
    sent = {"words": words, "reason": reason, "seen": seen, "spots": spots, "understood": "on", "redact": "1"}
    return client.post(address(kind, row), {**sent, **fields})


def redacted(client, user, kind, row, words):
    """Every place goes; the answer of the page."""
    page = find(client, user, kind, row, words)
    return confirm(client, kind, row, words, page.context["seen"], spots=range(len(page.context["spots"])))
