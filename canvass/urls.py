"""The map of the site. Apps are named as strings only: the project imports none of them."""

from importlib.util import find_spec

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from canvass.views import healthz, set_elder_mode

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("grids.sign_in_urls")),
    # Also for somebody whose sign-in has just ended by itself, or who is asked for a code.
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("elder/", set_elder_mode, name="set_elder_mode"),
    path("admin/", admin.site.urls),
]

# Every app's urls.py holds its whole paths, beginning with its own word ("visits/new/").
for app in ("reports", "issues", "visits", "campaigns", "grids"):
    if find_spec(f"{app}.urls"):
        urlpatterns.append(path("", include(f"{app}.urls")))
