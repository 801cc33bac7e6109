"""The public page of a campaign's notice."""

from django.urls import path

from . import views

app_name = "campaigns"

urlpatterns = [
    # A campaign's code may hold any character, a slash too.
    path("notices/<path:code>/<int:version>/", views.notice_show, name="notice_show"),
    path("notices/<path:code>/", views.notice_show, name="notice_show"),
]
