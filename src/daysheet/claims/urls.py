"""Addresses of the billing desk."""

from django.urls import path

from daysheet.claims import views

app_name = "claims"
urlpatterns = [
    path("", views.claims, name="claims"),
    path("make/", views.claims_make, name="claims-make"),
    path("send/", views.claim_send, name="claim-send"),
    path("send/all/", views.claims_sending, name="claims-sending"),
    path("denials/", views.denials, name="denials"),
    path("remittances/", views.remittances, name="remittances"),
    path("remittances/<uuid:remittance_id>/", views.remittance, name="remittance"),
    path("remittances/match/<uuid:remitted_claim_id>/", views.remitted_match, name="remitted-match"),
    path("remittances/post/<uuid:remitted_claim_id>/", views.remitted_post, name="remitted-post"),
    path(
        "remittances/take-back/<uuid:remitted_claim_id>/", views.remitted_take_back, name="remitted-take-back"
    ),
    path("of/<uuid:patient_id>/", views.patient_panel, name="patient-panel"),
    path("<uuid:claim_id>/", views.claim, name="claim"),
    path("<uuid:claim_id>/correct/", views.claim_correct, name="claim-correct"),
    path("<uuid:claim_id>/void/", views.claim_void, name="claim-void"),
    path("<uuid:claim_id>/close/", views.claim_close, name="claim-close"),
    path("<uuid:claim_id>/appeal/", views.claim_appeal, name="claim-appeal"),
]
