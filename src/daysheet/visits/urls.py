"""The addresses of visits."""

from django.urls import path

from daysheet.visits.views import asking, panel

app_name = "visits"
urlpatterns = [
    path("patients/<uuid:patient_id>/panel/", panel.patient_panel, name="patient-panel"),
    path("check-in/", asking.check_in_rules, name="check-in-rules"),
    path("check-in/<uuid:rule_id>/", asking.rule_change, name="rule-change"),
    path("check-in/<uuid:rule_id>/drop/", asking.rule_drop, name="rule-drop"),
    path("check-in/<uuid:rule_id>/take-up/", asking.rule_take_up, name="rule-take-up"),
    path("<uuid:visit_id>/case/", panel.visit_case, name="visit-case"),
]
