"""Every door of the site, read from the URL configuration itself."""

from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Door:
    """A pattern: its name with its namespaces, its gaps, and whether it asks for a sign-in."""

    name: str
    route: str
    gaps: tuple
    kwargs: tuple
    is_open: bool
    path: tuple
    view: object

    @property
    def app(self):
        return self.name.partition(":")[0]

    @property
    def short(self):
        return self.name.rpartition(":")[2]

    def __str__(self):
        return f"{self.name} ({self.route})"


def doors():
    """All of them, in the order of the configuration."""
    return list(_doors(get_resolver(), (), (), {}))


def _doors(resolver, names, path, kwargs):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*names, pattern.namespace) if pattern.namespace else names
            yield from _doors(pattern, inner, (*path, pattern.pattern), kwargs | pattern.default_kwargs)
        elif isinstance(pattern, URLPattern):
            yield _door(pattern, names, (*path, pattern.pattern), kwargs | pattern.default_args)


def _door(pattern, names, path, kwargs):
    gaps = [gap for part in path for gap in (part.converters or part.regex.groupindex)]
    return Door(
        ":".join([*names, pattern.name or "?"]),
        "".join(str(part) for part in path),
        tuple(dict.fromkeys(gaps)),
        tuple(sorted(kwargs)),
        not getattr(pattern.callback, "login_required", True),
        path,
        pattern.callback,
    )


def address(door, values):
    """The address of a door with its gaps filled, whatever the name: two patterns may share one."""
    text = "/"
    for part in door.path:
        text += _filled(part, values)
    return text


def _filled(part, values):
    route = str(part)
    if not part.converters:
        for gap in part.regex.groupindex:
            start = route.index(f"(?P<{gap}>")
            route = route[:start] + str(values[gap]) + route[_end(route, start) :]
        return route.removeprefix("^").removesuffix("$")
    for gap, converter in part.converters.items():
        for written in (f"<{gap}>", *(f"<{kind}:{gap}>" for kind in _kinds(route, gap))):
            route = route.replace(written, str(converter.to_url(values[gap])))
    return route


def _kinds(route, gap):
    before = route.partition(f":{gap}>")[0]
    return [before.rpartition("<")[2]] if f":{gap}>" in route else []


def _end(route, start):
    """Just behind the group that opens at `start`."""
    depth = 0
    for position in range(start, len(route)):
        depth += {"(": 1, ")": -1}.get(route[position], 0)
        if depth == 0:
            return position + 1
    raise ValueError(route)
