"""What every form of the office desk adds to Django's."""

from django import forms
from django.core.exceptions import ValidationError


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
