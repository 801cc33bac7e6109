"""Asking for an export with names, and somebody else who releases it."""

import io

from openpyxl import load_workbook

from reports.models import ExportRequest

LIST = "/reports/workbook/releases/"
WHY = "核对户名，用完粉碎"


def address(asked, tail=""):
    return f"{LIST}{asked.pk}/{tail}"


def ask(client, user, campaign, reason=WHY):
    client.force_login(user)
    return client.post(LIST, {"campaign": campaign.code, "reason": reason})


def asked_by(client, user, campaign):
    assert ask(client, user, campaign).status_code == 302
    return ExportRequest.objects.latest("pk")


def act(client, user, asked, action, **fields):
    client.force_login(user)
    return client.post(address(asked), {"action": action, **fields})


def fetch(client, user, asked):
    """The answer; `bytes` is the file, if there is one."""
    client.force_login(user)
    answer = client.post(address(asked, "download/"))
    answer.bytes = answer.getvalue()
    return answer


def book_of(data):
    return load_workbook(io.BytesIO(data))
