"""What the tests of accounts share: a printed link as the office makes it, and what a person types."""

from datetime import timedelta

import pyotp
from django.test import Client
from django.utils import timezone

from canvass.roles import Role
from grids.models import Cadre, SecondFactor, SignInStep
from grids.second_factor import factor_of
from grids.sign_ins import issue_link, token_hash

from . import factories
from .workbooks import GRID_A1, GRID_B1, TOWN

PASSWORD = "huaxi-Sep7-walks"
PIN = "730418"
PHONE_AGENT = (
    "Mozilla/5.0 (Linux; Android 13; V2248A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 "
    "Mobile Safari/537.36 XWEB/1160117 MicroMessenger/8.0.49 Language/zh_CN"
)
DESK_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/86.0.4240.198 Safari/537.36"
OTHER_TOWN = "330411106"


def worker(name="王小花", code=GRID_A1, role=Role.VISITOR, **fields):
    """A cadre with a duty and no sign-in."""
    made = factories.cadre(name, **{"phone": "13812345678", **fields})
    factories.posting(made, role, code)
    return made


def neighbour():
    return worker("周邻村", GRID_B1, phone="13912345678")


def printed(cadre, by):
    """The token on the paper."""
    return issue_link(cadre, by=by).token


def old_link(cadre, by, *, days_left, token="0123456789ABCDEFGHJKMNPQRS"):
    """A link whose last day is that many days away."""
    SignInStep.objects.create(
        cadre=cadre,
        kind=SignInStep.Kind.ISSUED,
        by=by,
        token_hash=token_hash(token),
        expires_on=timezone.localdate() + timedelta(days=days_left),
        place_id=TOWN,
        roles=" ".join(cadre.postings.values_list("role", flat=True)),
        account=cadre.user,
    )
    return token


def welcome(token):
    return f"/welcome/{token}/"


def typed(password=PASSWORD, again=None):
    return {"new_password": password, "again": password if again is None else again}


def signed_in(client):
    """The account that a client is signed in as, or None."""
    response = client.get("/password/")
    return response.wsgi_request.user if response.status_code == 200 else None


def row(cadre):
    """The cadre as a list reads it."""
    return Cadre.objects.with_sign_in().get(pk=cadre.pk)


def kinds(cadre):
    return list(cadre.sign_in_steps.order_by("pk").values_list("kind", flat=True))


def browser(agent=DESK_AGENT):
    """A window of somebody's own."""
    return Client(headers={"user-agent": agent})


def with_password(user, password=PASSWORD):
    user.set_password(password)
    user.save()
    return user


def sign_in(client, user, password=PASSWORD, to="", **extra):
    """By the page, as people do it."""
    address = f"/login/?next={to}" if to else "/login/"
    return client.post(address, {"username": user.username, "password": password}, **extra)


# --- One-time codes -----------------------------------------------------------------------------------------


def enrolled(user):
    """(the user, the secret): a second factor that was turned on a while ago."""
    factor = factor_of(user)
    SecondFactor.objects.filter(pk=factor.pk).update(last_counter=0, confirmed_at=timezone.now())
    return user, factor.secret


def code_of(secret, steps=0):
    """What the phone shows now, or so many half minutes later."""
    return pyotp.TOTP(secret).at(int(timezone.now().timestamp()) + 30 * steps)
