"""A resident's request, as the office types it in."""

from reports.models import RightsRequest

LIST, NEW = "/reports/rights/", "/reports/rights/new/"
DAY = "2018-09-10"


def register(client, user, campaign, number, /, **fields):
    client.force_login(user)
    sent = {"campaign": campaign.code, "number": number, "kind": "erase", "way": "phone", "received_on": DAY}
    return client.post(NEW, sent | fields)


def registered(client, user, campaign, number, **fields):
    assert register(client, user, campaign, number, **fields).status_code == 302
    return RightsRequest.objects.latest("pk")


def address(asked):
    return f"{LIST}{asked.pk}/"


def act(client, user, asked, action, **fields):
    client.force_login(user)
    named = {f"{action}-{name}": value for name, value in fields.items()}
    return client.post(address(asked), {"action": action, **named, **fields})
