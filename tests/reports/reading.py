"""Reads the machine-readable values of a page of figures."""

from html.parser import HTMLParser
from typing import NamedTuple


class Value(NamedTuple):
    """One <data> of a page: its attributes, its text, and the link that it stands in."""

    given: dict
    text: str
    link: str

    @property
    def number(self):
        """The raw value: int, float, or None for "—"."""
        raw = self.given["value"]
        return None if raw == "" else float(raw) if "." in raw else int(raw)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.values, self.sides, self._link, self._given, self._text = [], [], "", None, ""

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "a":
            self._link = given.get("href", "")
            if "side=" in self._link and "title" in given:
                self.sides.append(self._link)
        elif tag == "data":
            self._given, self._text = given, ""

    def handle_data(self, text):
        self._text += text

    def handle_endtag(self, tag):
        if tag == "data":
            self.values.append(Value(self._given, self._text.strip(), self._link))
            self._given = None
        elif tag == "a":
            self._link = ""


def read(response):
    """Every <data> of a response, in the order of the page."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.values


def side_links(response):
    """The links to numerators and denominators."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.sides


def figures(response):
    """{(key, period): value as the command gives it} of a dashboard.

    A rate is (value, numerator, denominator), a grouped figure {key: value}. What stands on the page twice
    must say the same.
    """
    found = {}
    for value in read(response):
        given = value.given
        if given.get("class") != "figure":
            continue
        place = given["data-figure"], given["data-period"]
        if "data-key" in given:
            said = found.setdefault(place, {})
            assert said.setdefault(given["data-key"], value.number) == value.number, given
            continue
        said = value.number
        if "data-denominator" in given:
            said = said, int(given["data-numerator"]), int(given["data-denominator"])
        assert found.setdefault(place, said) == said, given
    return found


def cells(response, key, level):
    """{part: raw value} of one column of the table by place."""
    return {
        value.given["data-part"]: value.number
        for value in read(response)
        if value.given.get("class") == "cell"
        and value.given["data-figure"] == key
        and value.given.get("data-level") == level
    }
