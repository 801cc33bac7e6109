"""The forms of a page: their fields, as a browser would send them, and plausible things to type into them."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.links, self._form, self._select, self._area = [], [], None, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        elif tag == "form":
            self._form = {
                "method": (attrs.get("method") or "get").lower(),
                "action": attrs.get("action") or "",
                "fields": [],
            }
            self.forms.append(self._form)
        elif (
            tag in ("input", "button", "textarea", "select") and self._form is not None and attrs.get("name")
        ):
            self._field(tag, attrs)
        elif tag == "option" and self._select is not None:
            self._select["options"].append(attrs.get("value", ""))
            if "selected" in attrs:
                self._select["value"] = attrs.get("value", "")

    def _field(self, tag, attrs):
        kind = attrs.get("type", tag) if tag != "textarea" else "textarea"
        field = {"name": attrs["name"], "kind": kind, "value": attrs.get("value", ""), "options": []}
        field["checked"] = "checked" in attrs
        self._form["fields"].append(field)
        self._select = field if tag == "select" else None
        self._area = field if tag == "textarea" else None

    def handle_data(self, data):
        if self._area is not None:
            self._area["value"] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None


def read(text):
    """(forms, links) of a page."""
    parser = _Forms()
    parser.feed(text)
    return parser.forms, parser.links


def filled(form):
    """What somebody would send who fills in everything: {name: [values]}."""
    data = {}
    for field in form["fields"]:
        kind, name = field["kind"], field["name"]
        if kind == "file" or name == "csrfmiddlewaretoken" or name == "preview":
            continue
        value = _value(field)
        if value is None or (kind in ("radio", "submit", "button") and name in data):
            continue
        data.setdefault(name, []).append(value)
    return data


TYPED = {
    "date": "2018-09-05",
    "datetime-local": "2018-09-05T09:00",
    "time": "09:00",
    "number": "1",
    "tel": "13712345678",
    "password": "walks-the-house-7",
}


def _value(field):
    kind, value = field["kind"], field["value"]
    if kind in ("hidden", "submit", "button", "radio"):
        return value
    if kind == "checkbox":
        return value or "on"
    if kind == "select":
        return value or next((option for option in field["options"] if option), None)
    return value.strip() or TYPED.get(kind, "已经核实过")
