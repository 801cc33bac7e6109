"""The addresses of the issue ledger."""

from django.urls import path

from .case_views import case_review, case_take
from .conduct_views import conduct_slip_file, conduct_slip_filed, conduct_slip_list, receipt_conduct
from .contact_views import contact_show
from .deed_views import deed_detail, deed_file, record_mine
from .desk_views import desk
from .follow_up_views import follow_up, issue_continue
from .hand_over_views import hand_over_detail, hand_over_list, hand_over_propose, hand_over_sheet
from .join_views import opinion_take_out
from .ledger_views import ledger, ledger_export
from .list_views import issue_list
from .move_views import issue_move
from .paper_views import issue_paper, issue_paper_docx
from .receipt_views import receipt_lookup, receipt_show, receipt_slip, verdict_list
from .restricted_views import restricted_detail, restricted_list, restricted_step
from .spot_views import spot_check
from .supervision_views import slip_answer, slip_lift, supervision
from .told_views import answer_tell
from .triage_views import triage, triage_opinion
from .views import issue_detail

app_name = "issues"

urlpatterns = [
    path("issues/", issue_list, name="issue_list"),
    path("issues/desk/", desk, name="desk"),
    # Beside the visitors' other pages, though deeds are at home here.
    path("visits/records/", record_mine, name="record_mine"),
    path("visits/deeds/new/", deed_file, name="deed_file"),
    path("visits/conduct/new/", conduct_slip_file, name="conduct_slip_file"),
    path("visits/conduct/<uuid:identity>/", conduct_slip_filed, name="conduct_slip_filed"),
    path("issues/hand-overs/", hand_over_list, name="hand_over_list"),
    path("issues/hand-overs/new/<int:pk>/", hand_over_propose, name="hand_over_propose"),
    path("issues/hand-overs/<int:pk>/", hand_over_detail, name="hand_over_detail"),
    path("issues/hand-overs/<int:pk>/sheet/", hand_over_sheet, name="hand_over_sheet"),
    path("issues/conduct/", conduct_slip_list, name="conduct_slip_list"),
    path("visits/deeds/<int:pk>/", deed_detail, name="deed_detail"),
    path("issues/ledger/", ledger, name="ledger"),
    path("issues/ledger/export/", ledger_export, name="ledger_export"),
    path("issues/triage/", triage, name="triage"),
    path("issues/triage/<int:pk>/", triage_opinion, name="triage_opinion"),
    path("issues/spot/<int:pk>/", spot_check, name="spot_check"),
    path("issues/joins/<int:pk>/take-out/", opinion_take_out, name="opinion_take_out"),
    path("issues/follow-up/", follow_up, name="follow_up"),
    path("issues/receipts/<int:pk>/", receipt_slip, name="receipt_slip"),
    path("issues/contacts/<int:pk>/", contact_show, name="contact_show"),
    path("issues/answers/<int:pk>/told/", answer_tell, name="answer_tell"),
    path("issues/verdicts/", verdict_list, name="verdict_list"),
    path("issues/restricted/", restricted_list, name="restricted_list"),
    path("issues/restricted/<int:pk>/", restricted_detail, name="restricted_detail"),
    path("issues/restricted/<int:pk>/step/", restricted_step, name="restricted_step"),
    path("s/", receipt_lookup, name="receipt_lookup"),
    path("s/<str:code>/", receipt_show, name="receipt_show"),
    path("s/<str:code>/conduct/", receipt_conduct, name="receipt_conduct"),
    path("issues/supervision/", supervision, name="supervision"),
    path("issues/supervision/<int:pk>/answer/", slip_answer, name="slip_answer"),
    path("issues/supervision/<int:pk>/lift/", slip_lift, name="slip_lift"),
    path("issues/<int:pk>/", issue_detail, name="issue_detail"),
    path("issues/<int:pk>/continue/", issue_continue, name="issue_continue"),
    path("issues/<int:pk>/case/", case_take, name="case_take"),
    path("issues/<int:pk>/case/review/", case_review, name="case_review"),
    path("issues/<int:pk>/papers/<slug:kind>/", issue_paper, name="issue_paper"),
    path("issues/<int:pk>/papers/<slug:kind>.docx", issue_paper_docx, name="issue_paper_docx"),
    path("issues/<int:pk>/move/<slug:move>/", issue_move, name="issue_move"),
]
