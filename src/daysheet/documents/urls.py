"""The addresses of papers."""

from django.urls import path

from daysheet.documents.views import papers, printing, scanning

app_name = "documents"
urlpatterns = [
    path("of/<uuid:patient_id>/", papers.patient_panel, name="patient-panel"),
    path("of/<uuid:patient_id>/file/", papers.document_upload, name="document-upload"),
    path("of/<uuid:patient_id>/scans/", scanning.patient_scans, name="patient-scans"),
    path("of/<uuid:patient_id>/scans/line/", scanning.scan_line, name="scan-line"),
    path("of/<uuid:patient_id>/scans/look/", scanning.scans_look, name="scans-look"),
    path("of/<uuid:patient_id>/scans/<uuid:scanned_file_id>/take/", scanning.scan_take, name="scan-take"),
    path("of/<uuid:patient_id>/scans/<uuid:scanned_file_id>/drop/", scanning.scan_drop, name="scan-drop"),
    path("of/<uuid:patient_id>/scans/<uuid:scanned_file_id>/back/", scanning.scan_back, name="scan-back"),
    path("scans/refused/", scanning.scans_refused, name="scans-refused"),
    path("scans/<uuid:scanned_file_id>/file/", scanning.scan_file, name="scan-file"),
    path("stations/", printing.stations, name="stations"),
    path("stations/add/", printing.station_add, name="station-add"),
    path("stations/none/", printing.station_none, name="station-none"),
    path("stations/<uuid:print_station_id>/", printing.station_change, name="station-change"),
    path("stations/<uuid:print_station_id>/here/", printing.station_here, name="station-here"),
    path("stations/<uuid:print_station_id>/retire/", printing.station_retire, name="station-retire"),
    path("stations/<uuid:print_station_id>/test/<slug:sort>/", printing.station_test, name="station-test"),
    path("prints/", printing.prints, name="prints"),
    path("prints/<uuid:print_job_id>/again/", printing.print_again, name="print-again"),
    path("prints/<uuid:print_job_id>/drop/", printing.print_drop, name="print-drop"),
    path("<uuid:document_id>/print/", printing.document_print, name="document-print"),
    path("<uuid:document_id>/", papers.document_view, name="document-view"),
    path("<uuid:document_id>/photo/", papers.document_photo, name="document-photo"),
    path("<uuid:document_id>/strike/", papers.document_strike, name="document-strike"),
    path("<uuid:document_id>/restore/", papers.document_restore, name="document-restore"),
    path("<uuid:document_id>/file/", papers.document_file, name="document-file"),
]
