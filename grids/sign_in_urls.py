"""The address of the sign-in, under the name that Django knows."""

from django.urls import path

from .sign_in_views import SignInView

urlpatterns = [path("login/", SignInView.as_view(), name="login")]
