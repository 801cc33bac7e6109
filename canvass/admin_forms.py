"""What every form of the office desk adds to Django's."""

from django import forms
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models

LARGEST_KEY = 2**63 - 1  # no database of ours takes a larger one in a query


def could_be(field, value):
    """Whether a text that somebody sent could be a value of this column at all."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    try:
        prepared = target.get_prep_value(value)
    except (TypeError, ValueError, OverflowError, ValidationError):
        return False
    return not isinstance(prepared, int) or abs(prepared) <= LARGEST_KEY


def asks_for_no_row(query):
    """Whether a filter in the address of a list names a number that no row can have: the database refuses to compare it."""
    return any(
        _is_too_large(text.lstrip("-"))
        for name in query
        if name != SEARCH_VAR
        for text in query.getlist(name)
    )


def _is_too_large(text):
    # Python reads no number of thousands of digits.
    return text.isdecimal() and (len(text) > len(str(LARGEST_KEY)) or int(text) > LARGEST_KEY)


def with_possible_keys(sent, name, field):
    """The sent form without ticks that can be the key of no row."""
    possible = sent.copy()
    possible.setlist(name, [text for text in sent.getlist(name) if could_be(field, text)])
    return possible


class DeskAutocomplete(AutocompleteSelect):
    """Django's, but what was sent and can be no key is shown as nothing chosen instead of an error page."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [one for one in value if not one or could_be(self.field, one)], attr)


class DeskForm(forms.ModelForm):
    """Knows who fills it in; asks the row's constraints; shows what a service refused.

    Django leaves out every constraint that touches a column the form does not show (a code that is read-only,
    a parent that follows from it), and the clerk would meet the database's error instead of its sentence.
    """

    request = None
    refusal = None
    asks_constraints = True

    def clean(self):
        cleaned = super().clean()
        if self.refusal is not None:
            self.add_error(None, ValidationError(self.refusal.messages))
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if self.asks_constraints and not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as errors:
                self.add_error(None, ValidationError(errors.messages))


def desk_form(form_class, request, *, asks_constraints=True):
    """The form class of one request."""
    values = {
        "request": request,
        "refusal": getattr(request, "refusal", None),
        "asks_constraints": asks_constraints,
    }
    bases = (form_class,) if issubclass(form_class, DeskForm) else (form_class, DeskForm)
    return type(form_class)(form_class.__name__, bases, values)
