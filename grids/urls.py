"""The addresses of accounts, and of a householder's name."""

from django.urls import path

from .audit_views import audit_csv, audit_list, audit_xlsx
from .feedback_views import feedback_answer, feedback_file, feedback_list
from .holder_views import holder_show
from .own_sign_in_views import second_factor, sign_in_list, sign_in_stay
from .sign_in_views import sign_in_code
from .viewing_views import view_as, view_stop, viewing_list
from .views import new_password, sign_in_sheet, welcome, welcome_code

app_name = "grids"

urlpatterns = [
    path("feedback/", feedback_file, name="feedback_file"),
    path("feedback/all/", feedback_list, name="feedback_list"),
    path("feedback/<int:pk>/", feedback_answer, name="feedback_answer"),
    path("viewing/", viewing_list, name="viewing_list"),
    path("viewing/stop/", view_stop, name="view_stop"),
    path("viewing/<int:pk>/", view_as, name="view_as"),
    path("register/<int:pk>/name/", holder_show, name="holder_show"),
    path("audit/", audit_list, name="audit_list"),
    path("audit/rows.csv", audit_csv, name="audit_csv"),
    path("audit/rows.xlsx", audit_xlsx, name="audit_xlsx"),
    path("password/", new_password, name="new_password"),
    path("sign-ins/", sign_in_sheet, name="sign_in_sheet"),
    path("sign-ins/mine/", sign_in_list, name="sign_in_list"),
    path("sign-ins/stay/", sign_in_stay, name="sign_in_stay"),
    path("login/code/", sign_in_code, name="sign_in_code"),
    path("second-factor/", second_factor, name="second_factor"),
    path("welcome/", welcome_code, name="welcome_code"),
    path("welcome/<str:token>/", welcome, name="welcome"),
]
