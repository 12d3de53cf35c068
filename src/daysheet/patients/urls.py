"""The addresses of patients. A name is never part of one."""

from django.urls import path

from daysheet.patients.views import alerts, care, people
from daysheet.patients.views import charts as views

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
    path("<uuid:patient_id>/alerts/", alerts.alert_list, name="alerts"),
    path("<uuid:patient_id>/alerts/new/", alerts.alert_add, name="alert-add"),
    path("alerts/ending/", alerts.alerts_ending, name="alerts-ending"),
    path("alerts/<uuid:alert_id>/", alerts.alert_change, name="alert-change"),
    path("alerts/<uuid:alert_id>/end/", alerts.alert_close, name="alert-close"),
    path("alerts/<uuid:alert_id>/reopen/", alerts.alert_reopen, name="alert-reopen"),
    path("<uuid:patient_id>/people/", people.people_list, name="people"),
    path("<uuid:patient_id>/people/new/", people.person_add, name="person-add"),
    path("<uuid:patient_id>/care/", care.child_in_care, name="care"),
    path("care/<uuid:care_id>/end/", care.care_end, name="care-end"),
    path("care/<uuid:care_id>/reopen/", care.care_reopen, name="care-reopen"),
    path("people/<uuid:contact_id>/", people.person, name="person"),
    path("rights/<uuid:right_id>/end/", people.right_end, name="right-end"),
    path("<uuid:patient_id>/identity/", views.identity_check, name="identity-check"),
]
