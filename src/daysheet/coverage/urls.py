"""The addresses of coverage."""

from django.urls import path

from daysheet.coverage.views import (
    answers,
    asking_ahead,
    authorizations,
    cards,
    cases,
    ordering,
    payers,
    switching,
)

app_name = "coverage"
urlpatterns = [
    path("payers/", payers.payers, name="payers"),
    path("payers/add/", payers.payer_add, name="payer-add"),
    path("payers/<uuid:payer_id>/", payers.payer, name="payer"),
    path("payers/<uuid:payer_id>/plans/add/", payers.plan_add, name="plan-add"),
    path("asking-ahead/", asking_ahead.policy, name="policy"),
    path("answers/<uuid:inquiry_id>/switch/<int:line>/", switching.payer_switch, name="payer-switch"),
    path("patient/<uuid:patient_id>/", cards.patient_panel, name="patient-panel"),
    path("patient/<uuid:patient_id>/add/", cards.coverage_add, name="coverage-add"),
    path("patient/<uuid:patient_id>/order/", ordering.paying_order, name="paying-order"),
    path("patient/<uuid:patient_id>/order/set/", ordering.order_set, name="order-set"),
    path("patient/<uuid:patient_id>/authorizations/", authorizations.panel, name="authorizations"),
    path("patient/<uuid:patient_id>/authorizations/add/", authorizations.add, name="authorization-add"),
    path("patient/<uuid:patient_id>/cases/", cases.panel, name="cases"),
    path("patient/<uuid:patient_id>/cases/add/", cases.add, name="case-add"),
    path("cases/<uuid:case_id>/", cases.change, name="case-change"),
    path("cases/<uuid:case_id>/close/", cases.close, name="case-close"),
    path("cases/<uuid:case_id>/open/", cases.reopen, name="case-reopen"),
    path("cases/<uuid:case_id>/error/", cases.error, name="case-error"),
    path("authorizations/<uuid:authorization_id>/", authorizations.change, name="authorization-change"),
    path("authorizations/<uuid:authorization_id>/end/", authorizations.end, name="authorization-end"),
    path("authorizations/<uuid:authorization_id>/error/", authorizations.error, name="authorization-error"),
    path("answers/<uuid:inquiry_id>/", answers.eligibility_answer, name="eligibility-answer"),
    path("answers/<uuid:inquiry_id>/raw/", answers.eligibility_raw, name="eligibility-raw"),
    path("<uuid:coverage_id>/", cards.coverage_edit, name="coverage-edit"),
    path("<uuid:coverage_id>/end/", cards.coverage_end, name="coverage-end"),
    path("<uuid:coverage_id>/error/", cards.coverage_error, name="coverage-error"),
    path("<uuid:coverage_id>/ask/", cards.eligibility_ask, name="eligibility-ask"),
]
