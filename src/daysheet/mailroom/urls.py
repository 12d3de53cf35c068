"""The addresses of the mailroom."""

from django.urls import path

from daysheet.mailroom import views

app_name = "mailroom"
urlpatterns = [
    path("", views.envelopes, name="envelopes"),
    path("look/", views.file_look, name="file-look"),
    path("take-in/", views.envelope_upload, name="envelope-upload"),
    path("telephone/", views.telephone, name="telephone"),
    path("partners/", views.partners, name="partners"),
    path("partners/<uuid:partner_id>/", views.partner, name="partner"),
    path("partners/<uuid:partner_id>/use/", views.partner_use, name="partner-use"),
    path("<uuid:envelope_id>/", views.envelope, name="envelope"),
    path("<uuid:envelope_id>/raw/", views.envelope_raw, name="envelope-raw"),
    path("<uuid:envelope_id>/resend/", views.envelope_resend, name="envelope-resend"),
    path("<uuid:envelope_id>/read-again/", views.envelope_read_again, name="envelope-read-again"),
]
