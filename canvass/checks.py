"""What `manage.py check`, and with it `migrate`, refuses about the keys and the columns that they seal."""

from django.apps import apps
from django.conf import settings
from django.core import checks

from .sealed import SHORTEST_KEY, SealedTextField


@checks.register
def keys_are_there(app_configs, **kwargs):
    """A site that others can reach names its keys: a generated one would be lost with the machine, or differ per server."""
    if not settings.FIELD_KEYS:
        yield checks.Error(
            "FIELD_KEYS is not set. Telephone numbers are sealed with it, and a site that others can reach has to name it.",
            hint='Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))". Keep a copy apart from '
            "the database (docs/operations.md, Keys): without it the numbers are lost.",
            id="canvass.E001",
        )
    if any(len(key) < SHORTEST_KEY for key in settings.FIELD_KEYS):
        yield checks.Error(
            f"A key in FIELD_KEYS is shorter than {SHORTEST_KEY} characters.", id="canvass.E002"
        )


@checks.register
def sealed_rows_can_be_sealed_anew(app_configs, **kwargs):
    """A row that the database lets nobody change would keep its old key for ever."""
    for model in apps.get_models():
        if getattr(model, "append_only", False):
            for field in model._meta.concrete_fields:
                if isinstance(field, SealedTextField):
                    yield checks.Error(f"{field} is sealed, and its table append-only.", id="canvass.E003")
