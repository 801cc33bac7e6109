"""The addresses of the figures, the reports and the loading of workbooks."""

from django.urls import path, register_converter

from .enums import ReportKind
from .periods import WHOLE
from .views.breakdown import breakdown, breakdown_csv, breakdown_xlsx
from .views.bulletin import bulletin, bulletin_example, bulletin_office
from .views.burden import burden
from .views.dashboard import dashboard
from .views.drafts import report_draft
from .views.editions import edition, edition_docx, edition_list, edition_xlsx
from .views.inspections import (
    inspection_list,
    inspection_record,
    make_up_list,
    sample_detail,
    sample_draw,
)
from .views.quality import quality, quality_rows
from .views.redactions import redaction, redaction_list
from .views.releases import release_detail, release_download, release_list
from .views.rights import rights_detail, rights_list, rights_register
from .views.rows import figure_rows
from .views.saved_views import saved_view_edit, saved_view_list, saved_view_open
from .views.start import start
from .views.workbooks import workbook_check, workbook_export, workbook_load, workbook_template

app_name = "reports"


class KindConverter:
    """The series that have many periods; the final report has an address of its own."""

    regex = "daily|weekly|circular"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


register_converter(KindConverter, "report_kind")
FINAL = {"kind": ReportKind.FINAL, "period": WHOLE}

urlpatterns = [
    path("", start, name="start"),
    path("reports/", dashboard, name="dashboard"),
    path("reports/figures/<slug:key>/", figure_rows, name="figure_rows"),
    path("bulletin/<path:code>/", bulletin, name="bulletin"),
    path("reports/bulletin/", bulletin_office, name="bulletin_office"),
    path("reports/bulletin/issues/<int:pk>/", bulletin_example, name="bulletin_example"),
    path("reports/breakdown/", breakdown, name="breakdown"),
    path("reports/breakdown.csv", breakdown_csv, name="breakdown_csv"),
    path("reports/breakdown.xlsx", breakdown_xlsx, name="breakdown_xlsx"),
    path("reports/breakdown/views/", saved_view_list, name="saved_view_list"),
    path("reports/breakdown/views/<int:pk>/", saved_view_open, name="saved_view_open"),
    path("reports/breakdown/views/<int:pk>/edit/", saved_view_edit, name="saved_view_edit"),
    path("reports/editions/", edition_list, name="edition_list"),
    path("reports/editions/<int:pk>.docx", edition_docx, name="edition_docx"),
    path("reports/editions/<int:pk>.xlsx", edition_xlsx, name="edition_xlsx"),
    path("reports/<report_kind:kind>/<str:period>/", edition, name="edition"),
    path("reports/final/", edition, FINAL, name="edition"),
    path("reports/<report_kind:kind>/<str:period>/draft/", report_draft, name="report_draft"),
    path("reports/final/draft/", report_draft, FINAL, name="report_draft"),
    path("reports/inspections/", inspection_list, name="inspection_list"),
    path("reports/inspections/draw/", sample_draw, name="sample_draw"),
    path("reports/inspections/samples/<int:pk>/", sample_detail, name="sample_detail"),
    path("reports/inspections/visits/<int:pk>/", inspection_record, name="inspection_record"),
    path("reports/burden/", burden, name="burden"),
    path("reports/quality/", quality, name="quality"),
    path("reports/quality/<slug:key>/", quality_rows, name="quality_rows"),
    path("reports/make-up/", make_up_list, name="make_up_list"),
    path("reports/rights/", rights_list, name="rights_list"),
    path("reports/rights/new/", rights_register, name="rights_register"),
    path("reports/rights/<int:pk>/", rights_detail, name="rights_detail"),
    path("reports/redactions/", redaction_list, name="redaction_list"),
    path("reports/redactions/<slug:kind>/<int:pk>/", redaction, name="redaction"),
    path("reports/workbook/load/", workbook_load, name="workbook_load"),
    path("reports/workbook/load/<str:sha256>/", workbook_check, name="workbook_check"),
    path("reports/workbook/template/", workbook_template, name="workbook_template"),
    path("reports/workbook/releases/", release_list, name="release_list"),
    path("reports/workbook/releases/<int:pk>/", release_detail, name="release_detail"),
    path("reports/workbook/releases/<int:pk>/download/", release_download, name="release_download"),
    path("reports/workbook/export/", workbook_export, name="workbook_export"),
]
