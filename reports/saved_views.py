"""Opening a saved view as one person may read it."""

from django.http import QueryDict

from canvass.places import is_inside

from .readers import reader_codes


def query_for(user, view):
    """The view's question; without its place where the person does not read that place."""
    query = QueryDict(view.query, mutable=True)
    if not is_inside(query.get("place", ""), *reader_codes(user, view.campaign)):
        query.pop("place", None)
    return query.urlencode()
