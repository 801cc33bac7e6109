"""Requests that nobody's browser would send, at every door, as several people: none may break, reflect or mislead.

Everything comes from one seed, so that a run can be made again; every request is undone.
"""

import random
import re
import traceback
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from . import attacks
from .doors import address, doors
from .filling import CannotFillError, keys_of
from .forms import filled, read
from .reading import said
from .undoing import undone

AS = (
    "campaign_office",
    "visitor",
    "village_office",
    "unit_head",
    "discipline",
    "system_admin",
    "superuser",
    "anonymous",
)
# A worker thread would go on after the request is undone.
NO_FILES = ("reports:workbook_load",)
# What 500 pages and debug pages hold, and no page of ours.
INSIDE = re.compile(
    r"Traceback \(most recent|File &quot;|django\.[a-z]+\.[a-z]+Error|OperationalError|DataError"
)


@dataclass(frozen=True)
class Target:
    """One thing to ask of one person: a page with parameters, or a form to send."""

    door: str
    path: str
    method: str = "get"
    values: tuple = ()
    has_files: bool = False


@dataclass
class Fuzz:
    world: object
    seed: int
    as_whom: tuple = AS
    tried: int = 0
    wrong: list = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self.dice = random.Random(self.seed)
        self.people = [self.world[key] for key in self.as_whom]
        self.clients, self.targets = {}, {}
        for person in self.people:
            client = Client(raise_request_exception=False)
            if person.user is not None:
                client.force_login(person.user)
            self.clients[person.key] = (client, client.cookies.copy())
            self.targets[person.key] = self._targets(person, client)

    # --- What there is to attack --------------------------------------------------------------------------------

    def _targets(self, person, client):
        """Every door, with what its links ask of it and what its forms send."""
        found = {}
        for door in doors():
            try:
                keys = keys_of(door, self.world)
            except CannotFillError:  # the walk complains of it
                continue
            own = [key for key in keys if key.secret is None or person.reads(key.secret)]
            for key in (own or keys)[:2]:
                path = address(door, dict(key.values))
                found[Target(door.name, path)] = None
                for target in self._on_page(door, path, client):
                    found[target] = None
        return list(found)

    def _on_page(self, door, path, client):
        with undone():
            response = client.get(path)
            text = said(response) if response.get("Content-Type", "").startswith("text/html") else ""
        forms, links = read(text)
        for form in forms[:12]:
            action = urlsplit(form["action"] or path)
            values = tuple((name, tuple(many)) for name, many in filled(form).items())
            files = any(one["kind"] == "file" for one in form["fields"])
            # The forms of every page's head and foot are tried from one page.
            is_everywhere = action.path in ("/elder/", "/language/", "/logout/")
            if not action.netloc and not (is_everywhere and door.name != "reports:start"):
                yield Target(door.name, action.path or path, form["method"], values, files)
        for link in links[:60]:
            parts = urlsplit(link)
            if parts.query and not parts.netloc and not parts.scheme:
                asked = tuple((name, (value,)) for name, value in parse_qsl(parts.query))
                yield Target(door.name, parts.path or path, "get", asked)

    # --- One request --------------------------------------------------------------------------------------------

    def begin(self, seed):
        """Anew from another seed, with the same targets."""
        self.seed, self.dice = seed, random.Random(seed)
        self.tried, self.wrong, self.statuses = 0, [], Counter()
        return self

    def run(self, count):
        for _one in range(count):
            self.once()
        return self

    def once(self):
        person = self.dice.choice(self.people)
        target = self.dice.choice(self.targets[person.key])
        how = self.dice.random()
        if how < 0.55:
            request = self._with_values(target)
        elif how < 0.70:
            request = self._with_path(target)
        elif how < 0.80:
            request = self._with_headers(target)
        elif how < 0.90:
            request = self._with_body(target)
        else:
            request = self._with_method(target)
        self._send(person, target, *request)

    def _word(self, name=""):
        if name in attacks.LEADING and self.dice.random() < 0.8:
            return self.dice.choice(attacks.ELSEWHERE)
        return self.dice.choice(attacks.ALL if self.dice.random() < 0.8 else [attacks.MARKED])

    def _changed(self, target):
        """The values of a target with one, two or all of them spoilt: replaced, doubled, left away, invented."""
        values = {name: list(many) for name, many in target.values}
        if not values or (target.method == "get" and self.dice.random() < 0.5):
            name = self.dice.choice(attacks.PARAMETERS)
            values[name] = [self._word(name)]
        names = list(values)
        spoilt = (
            names
            if self.dice.random() < 0.1
            else self.dice.sample(names, min(len(names), self.dice.randint(1, 2)))
        )
        for name in spoilt:
            kind = self.dice.random()
            if kind < 0.75:
                values[name] = [self._word(name)]
            elif kind < 0.85:
                values[name] = [*values[name], self._word(name)]
            elif kind < 0.95:
                del values[name]
            else:
                values[f"{name}[]"] = values.pop(name)
        return values

    def _with_values(self, target):
        values = self._changed(target)
        if target.method == "post":
            data = {name: many if len(many) != 1 else many[0] for name, many in values.items()}
            if target.has_files and target.door not in NO_FILES:
                content, name = self.dice.choice(attacks.FILES)
                data[self.dice.choice(("file", "photos"))] = SimpleUploadedFile(name, content)
            return "post", target.path, {"data": data}
        return "get", f"{target.path}?{urlencode(values, doseq=True)}", {}

    def _with_path(self, target):
        """Another thing in a gap of the address, or bytes that no text could be."""
        parts = target.path.split("/")
        gaps = [n for n, part in enumerate(parts) if part]
        if gaps:
            word = self._word()[:2000] if self.dice.random() < 0.7 else None
            parts[self.dice.choice(gaps)] = (
                quote(word, safe="") if word is not None else self.dice.choice(attacks.RAW)
            )
        query = (
            f"?{self.dice.choice(attacks.PARAMETERS)}={self.dice.choice(attacks.RAW)}"
            if self.dice.random() < 0.4
            else ""
        )
        return self.dice.choice(("get", "get", "post")), "/".join(parts) + query, {}

    def _with_headers(self, target):
        headers = {}
        for name in self.dice.sample(list(attacks.HEADERS), 2):
            headers[name] = self.dice.choice(attacks.HEADERS[name])
        if self.dice.random() < 0.1:
            headers["host"] = self.dice.choice(attacks.HOSTS)
        method, path, more = (
            self._with_values(target) if self.dice.random() < 0.5 else (target.method, target.path, {})
        )
        return method, path, {**more, "headers": headers}

    def _with_body(self, target):
        body, kind = self.dice.choice(attacks.BODIES)
        return "POST", target.path, {"data": body, "content_type": kind}

    def _with_method(self, target):
        return self.dice.choice(attacks.METHODS), target.path, {}

    # --- What comes back ----------------------------------------------------------------------------------------

    def _send(self, person, target, method, path, more):
        client, cookies = self.clients[person.key]
        client.cookies = cookies.copy()
        client.exc_info = None
        self.tried += 1
        if self.tried % 50 == 0:
            cache.clear()
        # A client of the tests writes a path as it is; a browser could not send these characters.
        path = path.replace("\r", "%0D").replace("\n", "%0A").replace("\t", "%09") or "/"
        try:
            with undone():
                if method == "POST":  # bytes as they are: the client would write them in their charset
                    response = client.generic(method, path, **more)
                else:
                    response = getattr(client, method)(path, **more)
                text = said(response)
                for close in response._resource_closers:
                    close()  # the body of a HEAD is never read to its end, and its file stays open
        except Exception:
            self._complain(person, target, method, path, more, traceback.format_exc()[-1500:])
            return
        self.statuses[response.status_code] += 1
        for fault in self._faults(person, response, text):
            self._complain(person, target, method, path, more, fault)

    def _faults(self, person, response, text):
        status = response.status_code
        if status >= 500:
            yield f"{status} {_reason(response)}"
        if response.get("Content-Type", "").startswith("text/html"):
            if attacks.PROBE.encode() in response.content:
                yield "reflects the probe unescaped"
            if re.search(
                r"""(href|src|action)=["']?\s*(javascript:zzq|data:text/html|//evil|https?:/*evil)""", text
            ):
                yield "links to where the request said"
            if status != 200 and INSIDE.search(text):
                yield "tells of the inside"
        location = response.get("Location")
        if location is not None and _leads_away(location):
            yield f"leads to {location!r}"
        if any("\r" in value or "\n" in value for value in response.headers.values()):
            yield "splits its headers"
        if response.cookies.get("zzq") or "X-Zzq" in response.headers:
            yield "takes a header from the request"
        # A name or a number that was asked for with a reason is told in the answer to it.
        yield from (
            f"says {leak}"
            for leak in self.world.marks.leaks(person, text)
            if not re.search("holder_name|wish.phone", leak) or response.status_code != 200
        )

    def _complain(self, person, target, method, path, more, fault):
        # Where the request names a mark, saying it back tells nothing.
        told = {name: value for name, value in more.items() if name != "data"}
        data = str(more.get("data", ""))[:300]
        self.wrong.append(
            f"seed {self.seed} request {self.tried}: {person.key} {method.upper()} {path[:300]} {told or ''} {data}\n"
            f"    {target.door}: {fault}"
        )


def _reason(response):
    info = getattr(response, "exc_info", None)
    return "".join(traceback.format_exception(*info)[-4:])[-1500:] if info else ""


def _leads_away(location):
    """As a browser reads it: backslashes are slashes, and blanks at the beginning are none."""
    plain = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    parts = urlsplit(plain)
    return (
        plain.startswith("//")
        or parts.netloc not in ("", "testserver", "localhost")
        or parts.scheme not in ("", "http", "https")
    )
