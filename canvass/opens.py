"""Which record a page opens: said beside the view, read by the audit log.

Every page whose address names a record says which model that is:

    @opens(Visit)
    @require_safe
    def visit_detail(request, pk): …

Admin pages are known by their ModelAdmin.
"""

from dataclasses import dataclass

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote

# Words of an address that choose what a page shows and name no record. Every other one is taken for a record's name.
CHOICES = frozenset(
    {"kind", "move", "key", "period", "verb", "app_label", "content_type_id", "url", "format"}
)


@dataclass(frozen=True)
class Opened:
    """What a page's address names: a row of `model`, found by `by`; or of one of `models`, which another word chooses.

    No record at all, where the address names something that no table keeps; `reason` then says what.
    """

    model: type | None = None
    by: str = "pk"
    models: dict | None = None
    choice: str = ""
    reason: str = ""

    def all_models(self):
        return list(self.models.values()) if self.models else [self.model] if self.model else []

    def model_for(self, kwargs):
        return self.models.get(kwargs[self.choice]) if self.models else self.model


def opens(model, by="pk", by_choice=""):
    """Mark a view: its address names a record of `model`, by the value of the field `by`.

    `by_choice`: the word of the address that chooses among several, and `model` is then a dict.
    """

    def mark(view):
        several = {"models": model, "choice": by_choice} if by_choice else {"model": model}
        view.opens = Opened(by=by, **several)
        return view

    return mark


def opens_no_record(reason):
    """Mark a view whose address names something that no table keeps."""

    def mark(view):
        view.opens = Opened(reason=reason)
        return view

    return mark


def touches(request, *records):
    """Tell which records a request was about, where its address does not say so: one row of the log for each."""
    if not hasattr(request, "records_touched"):
        request.records_touched = []
    request.records_touched += records


def opened_by(view):
    """The Opened of a view, or None when nobody has said it."""
    if (said := getattr(view, "opens", None)) is not None:
        return said
    model = admin_model(view)
    return Opened(model) if model else None


def admin_model(view):
    """The model of a page of the office desk; pages of our own are known by the method that they wrap."""
    if (model_admin := getattr(view, "model_admin", None)) is not None:
        return model_admin.model
    while view is not None:
        if isinstance(owner := getattr(view, "__self__", None), ModelAdmin):
            return owner.model
        view = getattr(view, "__wrapped__", None)
    return None


def named_words(kwargs):
    """The words of an address that name a record, by their name in the URL."""
    return {name: value for name, value in kwargs.items() if name not in CHOICES}


def record_named(match):
    """(model, field, text) of the record that a resolved address names, or None."""
    words, said = named_words(match.kwargs), opened_by(match.func)
    model = said.model_for(match.kwargs) if said else None
    if not words or model is None:
        return None
    name, value = next(iter(words.items()))
    return model, said.by, unquote(str(value)) if name == "object_id" else str(value)
