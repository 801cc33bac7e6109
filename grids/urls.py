"""The addresses of accounts."""

from django.urls import path

from .views import new_password, sign_in_sheet, welcome, welcome_code

app_name = "grids"

urlpatterns = [
    path("password/", new_password, name="new_password"),
    path("sign-ins/", sign_in_sheet, name="sign_in_sheet"),
    path("welcome/", welcome_code, name="welcome_code"),
    path("welcome/<str:token>/", welcome, name="welcome"),
]
