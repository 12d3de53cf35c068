"""The addresses of patients. A name is never part of one."""

from django.urls import path

from daysheet.patients import views

app_name = "patients"
urlpatterns = [
    path("", views.search, name="search"),
    path("palette/", views.palette, name="palette"),
    path("new/", views.patient_new, name="patient-new"),
    path("new/alike/", views.patient_alike, name="patient-alike"),
    path("<uuid:patient_id>/", views.patient_page, name="patient-page"),
    path("<uuid:patient_id>/edit/", views.patient_edit, name="patient-edit"),
    path("<uuid:patient_id>/status/", views.patient_status, name="patient-status"),
    path("<uuid:patient_id>/changes/", views.patient_changes, name="patient-changes"),
    path("<uuid:patient_id>/identity/", views.identity_check, name="identity-check"),
]
