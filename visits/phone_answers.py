"""What the queue of a phone is told about a form that it sent: JSON instead of pages.

The queue keeps a form until one of these says what became of it, so an answer never depends on a cookie, a
redirect or a page that somebody else's access point put in between.
"""

from django.http import JsonResponse

from canvass.opens import touches

from .filing import FilingConflict

# Who wrote the form, by the phone's own account: another person's sign-in never files it.
PERSON = "X-Person"


def is_asked(request):
    """Whether a filing wants to be answered in JSON."""
    return request.method == "POST" and (
        request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    )


def is_of_signed_in(request):
    """Whether what a phone sends was made by the person who is signed in now."""
    return request.headers.get(PERSON) == str(request.user.pk)


def file(request, form):
    """`form` knows how to `file` itself and to `compare` itself with what is stored.

    201 new, 200 known already, 409 other content under this identity, 422 complaints, 401 somebody else's.
    """
    if not is_of_signed_in(request):
        return JsonResponse({"error": "signed_out"}, status=401)
    if not form.is_wholly_valid():
        return JsonResponse({"errors": _complaints(form)}, status=422)
    try:
        record, is_new = form.file()
    except FilingConflict as conflict:
        return JsonResponse(_conflict(form, conflict.stored), status=409)
    answer = {"id": str(record.client_id), "number": record.number, "url": record.get_absolute_url()}
    touches(request, record)
    return JsonResponse({"filed": answer}, status=201 if is_new else 200)


def _complaints(form):
    """{name of the field: [sentences]}; "" holds those about the whole form."""
    found = {name: list(errors) for name, errors in form.errors.items()}
    opinions = getattr(form, "opinions", None)
    whole = found.pop("__all__", []) + list(opinions.non_form_errors() if opinions else [])
    for row in opinions.forms if opinions else []:
        for name, errors in row.errors.items():
            if name == "__all__":
                whole += errors
            else:
                found[row.add_prefix(name)] = list(errors)
    return {**found, **({"": whole} if whole else {})}


def _conflict(form, stored):
    """Both versions side by side; the stored one only to those who may see it."""
    stored, rows = form.compare(stored)
    return {
        "stored": stored.get_absolute_url() if stored else None,
        "rows": [[row.label, row.stored if stored else "", row.sent, row.differs] for row in rows],
    }
