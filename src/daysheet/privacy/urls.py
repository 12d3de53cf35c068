"""The addresses of notices, and of the diary."""

from django.urls import path

from daysheet.privacy import views

app_name = "privacy"
urlpatterns = [
    path("diary/", views.diary, name="diary"),
    path("diary/csv/", views.diary_csv, name="diary-csv"),
    path("of/<uuid:patient_id>/", views.patient_panel, name="patient-panel"),
    path("of/<uuid:patient_id>/sign/", views.notice_sign, name="notice-sign"),
    path("of/<uuid:patient_id>/lookers/", views.lookers, name="lookers"),
    path("consents/<uuid:consent_id>/withdraw/", views.consent_withdraw, name="consent-withdraw"),
]
