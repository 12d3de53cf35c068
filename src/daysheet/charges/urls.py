"""The addresses of slips and fees."""

from django.urls import path

from daysheet.charges import views

app_name = "charges"
urlpatterns = [
    path("visits/<uuid:visit_id>/", views.slip, name="slip"),
    path("visits/<uuid:visit_id>/post/", views.slip_post, name="slip-post"),
    path("visits/<uuid:visit_id>/diagnoses/add/", views.diagnosis_add, name="diagnosis-add"),
    path("visits/<uuid:visit_id>/diagnoses/remove/", views.diagnosis_remove, name="diagnosis-remove"),
    path("visits/<uuid:visit_id>/diagnoses/first/", views.diagnosis_first, name="diagnosis-first"),
    path("visits/<uuid:visit_id>/lines/add/", views.charge_add, name="charge-add"),
    path("lines/<uuid:charge_id>/remove/", views.charge_remove, name="charge-remove"),
    path("lines/<uuid:charge_id>/notice/", views.charge_notice, name="charge-notice"),
    path("lines/<uuid:charge_id>/void/", views.charge_void, name="charge-void"),
    path("codes/icd/", views.icd_search, name="icd-search"),
    path("codes/fees/", views.fee_search, name="fee-search"),
    path("fees/", views.fees, name="fees"),
    path("fees/import/", views.fees_import, name="fees-import"),
]
