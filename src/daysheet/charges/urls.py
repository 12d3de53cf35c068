"""The addresses of slips and fees."""

from django.urls import path

from daysheet.charges.views import contracts, estimates, places
from daysheet.charges.views import slips as views

app_name = "charges"
urlpatterns = [
    path("visits/<uuid:visit_id>/", views.slip, name="slip"),
    path("visits/<uuid:visit_id>/post/", views.slip_post, name="slip-post"),
    path("visits/<uuid:visit_id>/place/", places.visit_place, name="visit-place"),
    path("visits/<uuid:visit_id>/telehealth/", views.telehealth_put, name="telehealth-put"),
    path("visits/<uuid:visit_id>/diagnoses/add/", views.diagnosis_add, name="diagnosis-add"),
    path("visits/<uuid:visit_id>/diagnoses/remove/", views.diagnosis_remove, name="diagnosis-remove"),
    path("visits/<uuid:visit_id>/diagnoses/first/", views.diagnosis_first, name="diagnosis-first"),
    path("visits/<uuid:visit_id>/lines/add/", views.charge_add, name="charge-add"),
    path("lines/<uuid:charge_id>/change/", views.charge_change, name="charge-change"),
    path("lines/<uuid:charge_id>/remove/", views.charge_remove, name="charge-remove"),
    path("lines/<uuid:charge_id>/notice/", views.charge_notice, name="charge-notice"),
    path("lines/<uuid:charge_id>/void/", views.charge_void, name="charge-void"),
    path("codes/icd/", views.icd_search, name="icd-search"),
    path("codes/fees/", views.fee_search, name="fee-search"),
    path("fees/", views.fees, name="fees"),
    path("fees/import/", views.fees_import, name="fees-import"),
    path("estimates/", estimates.estimates, name="estimates"),
    path("estimates/for/<uuid:appointment_id>/", estimates.ask_for_visit, name="estimate-for-visit"),
    path("estimates/of/<uuid:patient_id>/new/", estimates.ask_for_patient, name="estimate-new"),
    path("estimates/of/<uuid:patient_id>/", estimates.patient_panel, name="patient-estimates"),
    path("estimates/at/<uuid:appointment_id>/", estimates.appointment_panel, name="appointment-estimate"),
    path("estimates/<uuid:estimate_id>/", estimates.estimate, name="estimate"),
    path("estimates/<uuid:estimate_id>/line/", estimates.estimate_line, name="estimate-line"),
    path(
        "estimates/<uuid:estimate_id>/line/remove/",
        estimates.estimate_line_remove,
        name="estimate-line-remove",
    ),
    path("estimates/<uuid:estimate_id>/change/", estimates.estimate_change, name="estimate-change"),
    path("estimates/<uuid:estimate_id>/make/", estimates.estimate_make, name="estimate-make"),
    path("estimates/<uuid:estimate_id>/give/", estimates.estimate_give, name="estimate-give"),
    path("estimates/<uuid:estimate_id>/follow/", estimates.estimate_follow, name="estimate-follow"),
    path("estimates/<uuid:estimate_id>/close/", estimates.estimate_close, name="estimate-close"),
    path("rates/", contracts.rates, name="rates"),
    path("rates/<uuid:rate_id>/remove/", contracts.rate_remove, name="rate-remove"),
    path("usual/", contracts.usual, name="usual"),
    path("usual/<uuid:usual_id>/remove/", contracts.usual_remove, name="usual-remove"),
    path("usual/policy/", contracts.policy, name="estimate-policy"),
]
