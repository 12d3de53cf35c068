"""The addresses of papers."""

from django.urls import path

from daysheet.documents import views

app_name = "documents"
urlpatterns = [
    path("of/<uuid:patient_id>/", views.patient_panel, name="patient-panel"),
    path("of/<uuid:patient_id>/file/", views.document_upload, name="document-upload"),
    path("<uuid:document_id>/", views.document_view, name="document-view"),
    path("<uuid:document_id>/photo/", views.document_photo, name="document-photo"),
    path("<uuid:document_id>/strike/", views.document_strike, name="document-strike"),
    path("<uuid:document_id>/restore/", views.document_restore, name="document-restore"),
    path("<uuid:document_id>/file/", views.document_file, name="document-file"),
]
