"""Going through the doors, as one person: every request is undone, whatever it did."""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import Client

from .doors import address, doors
from .filling import COSTLY, keys_of
from .forms import filled, read
from .reading import said
from .undoing import undone

# What a page without a sign-in says to whoever holds its key.
SAID_TO_BEARER = {
    "issues:receipt_show": {"step.reply.reply", "department.name", "suggestion.reason"},
    "issues:receipt_conduct": {"department.name"},
}
# Whoever may see a number whole is told it here, in the answer to a reason, and nowhere else.
SAID_FOR_A_REASON = {
    "issues:contact_show": {"wish.phone"},
    "grids:holder_show": {"entry.holder_name"},
}
# The members of a team of the own campaign are named, wherever in it they are posted.
SAID_BESIDE = {"admin:campaigns_team_change": {"cadre.name"}}
# Tables that a refused request may write: whether somebody is still there, and who looked.
MAY_WRITE = ("django_session", "auditrow")


# How a door answers whose role is not one's own, whatever is asked of it.
SHUT = (302, 403)
# Own rows to which the page's forms are sent.
MOST_POSTED = 2


@dataclass
class Walk:
    """One person's walk, and what was wrong on the way."""

    world: object
    person: object
    is_hasty: bool = False  # stop at the first thing that is wrong
    tried: int = 0
    wrong: list = field(default_factory=list)
    statuses: dict = field(default_factory=dict)

    def __post_init__(self):
        self.client = Client(raise_request_exception=True)
        if self.person.user is not None:
            self.client.force_login(self.person.user)
        self.cookies = self.client.cookies.copy()
        ContentType.objects.clear_cache()

    # --- One request ---

    def send(self, method, path, data=None):
        """(status, text, response) of one request that leaves nothing behind; an explosion has the status 500."""
        self.tried += 1
        cache.clear()
        self.client.cookies = self.cookies.copy()
        try:
            with undone():
                response = getattr(self.client, method)(path, data)
                text = said(response)
        except Exception as error:  # whatever it is, the walk goes on and tells
            return 500, f"{type(error).__name__}: {error}", None
        return response.status_code, text, response

    def complain(self, what, method, path):
        self.wrong.append(f"{self.person.key} {method.upper()} {path}: {what}")

    def look(self, door, method, path, data=None):
        """Send, and complain about errors and about what this person must not read."""
        status, text, response = self.send(method, path, data)
        if status >= 500 and not (status == 503 and path == "/healthz"):
            self.complain(f"{status} {text[:300]}", method, path)
            return status, text, response
        allowed = {
            *SAID_TO_BEARER.get(door.name, ()),
            *SAID_BESIDE.get(door.name, ()),
            *(SAID_FOR_A_REASON.get(door.name, ()) if data else ()),
        }
        for leak in self.world.marks.leaks(self.person, text):
            # What stands in the address was asked for, not told.
            if leak.partition("(")[2].partition(" at ")[0] not in allowed and leak.split()[0] not in path:
                self.complain(f"answers {status} and says {leak}", method, path)
        return status, text, response

    # --- One door ---

    def go(self, only=lambda door: True, posts=True):
        for door in doors():
            if only(door):
                self.try_door(door, posts=posts)
            if self.wrong and self.is_hasty:
                break
        return self

    def try_door(self, door, posts=True):
        keys = keys_of(door, self.world)
        missing = self._missing(door, keys)
        form = None
        for number, key in enumerate(self._worth_trying(keys, missing)):
            path = address(door, dict(key.values))
            status, text, _response = self.look(door, "get", path)
            is_foreign = key.secret is not None and not self.person.reads(key.secret)
            if is_foreign and status != missing["get"]:
                self.complain(f"answers {status}, and {missing['get']} to what does not exist", "get", path)
            if status == 200 and not is_foreign and form is None:
                form = read(text)[0]
            if posts and (is_foreign or number < MOST_POSTED):
                self._post(door, path, [] if door.name in COSTLY else form, is_foreign, missing)

    def _worth_trying(self, keys, missing):
        """All that is one's own, and of what is not, one of each kind and place; at a shut door one of each."""
        found, kinds = [], set()
        is_shut = missing.get("get") in SHUT and missing.get("post") in (*SHUT, 405)
        for key in keys:
            if key.secret is None:
                found.append(key)
                continue
            kind = (key.secret.code, key.secret.rule)
            if kind not in kinds or (self.person.reads(key.secret) and not is_shut):
                found.append(key)
                kinds.add(kind)
        return found

    def _missing(self, door, keys):
        """How the door answers to a key that fits nothing."""
        found = {}
        if key := next((key for key in keys if key.is_missing), None):
            path = address(door, dict(key.values))
            for method in ("get", "post"):
                found[method] = self.send(method, path)[0]
        return found

    def _post(self, door, path, form, is_foreign, missing):
        for data in self._said_with(form, is_foreign):
            with _Writes() as writes:
                status, _text, _response = self.look(door, "post", path, data)
            if not is_foreign:
                continue
            if status != missing["post"]:
                self.complain(f"answers {status}, and {missing['post']} to what does not exist", "post", path)
            if writes.found:
                self.complain(f"wrote {writes.found}", "post", path)

    def _said_with(self, form, is_foreign):
        """Nothing; and what the page's own forms would send."""
        sent = [filled(one) for one in form or [] if one["method"] == "post"][:3]
        return [{}, *sent] if not is_foreign else sent[-1:] or [{}]


class _Writes:
    """The statements that change something, while one looks."""

    def __enter__(self):
        self.found = []
        self._hook = connection.execute_wrapper(self._see)
        self._hook.__enter__()
        return self

    def __exit__(self, *error):
        self._hook.__exit__(*error)

    def _see(self, execute, sql, params, many, context):
        verb = sql.lstrip()[:6].upper()
        if verb in ("INSERT", "UPDATE", "DELETE") and not any(table in sql for table in MAY_WRITE):
            self.found.append(sql[:80])
        return execute(sql, params, many, context)
