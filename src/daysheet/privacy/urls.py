"""The addresses of notices, and of the diary."""

from django.urls import path

from daysheet.privacy.views import notices, office_forms

app_name = "privacy"
urlpatterns = [
    path("forms/", office_forms.forms, name="forms"),
    path("forms/new/", office_forms.form_new, name="form-new"),
    path("forms/<slug:key>/", office_forms.form_change, name="form-change"),
    path("forms/<slug:key>/retire/", office_forms.form_retire, name="form-retire"),
    path("forms/<slug:key>/restore/", office_forms.form_restore, name="form-restore"),
    path("diary/", notices.diary, name="diary"),
    path("diary/csv/", notices.diary_csv, name="diary-csv"),
    path("of/<uuid:patient_id>/", notices.patient_panel, name="patient-panel"),
    path("of/<uuid:patient_id>/sign/", notices.notice_sign, name="notice-sign"),
    path("of/<uuid:patient_id>/lookers/", notices.lookers, name="lookers"),
    path("consents/<uuid:consent_id>/withdraw/", notices.consent_withdraw, name="consent-withdraw"),
]
