"""Everything that is stored, to compare before and after."""

from django.apps import apps

OURS = ("grids", "campaigns", "visits", "issues", "reports")


def everything():
    """{model: all its rows} of all our tables."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if not model._meta.proxy
    }
