"""Pages of the people who go from door to door."""

from django.urls import path

from . import (
    day_views,
    paper_type_views,
    paper_views,
    phone_views,
    photo_views,
    record_views,
    round_views,
    views,
)

app_name = "visits"

urlpatterns = [
    path("visits/", day_views.visit_list, name="visit_list"),
    path("visits/mine/", day_views.visit_mine, name="visit_mine"),
    path("visits/to-check/", views.visit_to_check, name="visit_to_check"),
    path("visits/nobody-in/", round_views.nobody_in, name="nobody_in"),
    path("visits/slips/", round_views.missed_slip, name="missed_slip"),
    path("visits/paper/", paper_views.paper_list, name="paper_list"),
    path("visits/typing/", paper_type_views.paper_type, name="paper_type"),
    path("visits/typing/doors/", paper_type_views.paper_doors, name="paper_doors"),
    path("visits/new/", views.visit_file, name="visit_file"),
    path("visits/gatherings/new/", record_views.gathering_file, name="gathering_file"),
    path("visits/handouts/new/", record_views.handout_file, name="handout_file"),
    path("visits/stays/new/", record_views.stay_log_file, name="stay_log_file"),
    path("visits/records/<slug:kind>/<int:pk>/", record_views.record_detail, name="record_detail"),
    path("visits/outbox/", phone_views.outbox, name="outbox"),
    path("visits/offline/", phone_views.offline, name="offline"),
    path("visits/phone-key/", phone_views.phone_key, name="phone_key"),
    path("visits/phone-photos/<uuid:identity>/", photo_views.phone_photo, name="phone_photo"),
    # At the root, because a service worker may serve only what lies beside or below it.
    path("sw.js", phone_views.service_worker, name="service_worker"),
    # A number from a workbook may hold any character, a slash too.
    path("visits/entries/<path:number>/", day_views.entry_detail, name="entry_detail"),
    path("visits/<int:pk>/", views.visit_detail, name="visit_detail"),
    path("visits/<int:pk>/correct/", views.visit_correct, name="visit_correct"),
    path("visits/<int:pk>/void/", views.visit_void, name="visit_void"),
    path("visits/<int:pk>/check/", views.visit_check, name="visit_check"),
    path("visits/<int:pk>/send-back/", views.visit_send_back, name="visit_send_back"),
    path("visits/<int:pk>/photos/", photo_views.visit_photo_add, name="visit_photo_add"),
    path("visits/photos/<int:pk>/", photo_views.visit_photo, name="visit_photo"),
    path("visits/photos/<int:pk>/take-out/", photo_views.visit_photo_take_out, name="visit_photo_take_out"),
]
