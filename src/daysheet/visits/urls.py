"""The addresses of visits."""

from django.urls import path

from daysheet.visits.views import asking, authorizing, limits, line, panel, places, plans, rounds

app_name = "visits"
urlpatterns = [
    path("patients/<uuid:patient_id>/panel/", panel.patient_panel, name="patient-panel"),
    path("check-in/", asking.check_in_rules, name="check-in-rules"),
    path("check-in/<uuid:rule_id>/", asking.rule_change, name="rule-change"),
    path("check-in/<uuid:rule_id>/drop/", asking.rule_drop, name="rule-drop"),
    path("check-in/<uuid:rule_id>/take-up/", asking.rule_take_up, name="rule-take-up"),
    path("waits/", limits.wait_limits, name="wait-limits"),
    path("waits/<uuid:limit_id>/drop/", limits.limit_drop, name="limit-drop"),
    path("line/", line.line_rules, name="line-rules"),
    path("line/wall/<uuid:location_id>/", line.wall_policy, name="wall-policy"),
    path("line/letters/", line.category_add, name="category-add"),
    path("line/letters/<uuid:category_id>/drop/", line.category_drop, name="category-drop"),
    path("line/letters/<uuid:category_id>/take-up/", line.category_take_up, name="category-take-up"),
    path("line/desks/", line.point_add, name="point-add"),
    path("line/desks/<uuid:point_id>/drop/", line.point_drop, name="point-drop"),
    path("line/desks/<uuid:point_id>/take-up/", line.point_take_up, name="point-take-up"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/<uuid:visit_id>/undo/", rounds.round_undo, name="round-undo"),
    path("places/", places.care_places, name="care-places"),
    path("places/<uuid:place_id>/drop/", places.care_place_drop, name="care-place-drop"),
    path("places/<uuid:place_id>/take-up/", places.care_place_take_up, name="care-place-take-up"),
    path("<uuid:visit_id>/authorization/", authorizing.visit_authorization, name="visit-authorization"),
    path(
        "<uuid:visit_id>/authorization/undo/",
        authorizing.visit_authorization_undo,
        name="visit-authorization-undo",
    ),
    path("<uuid:visit_id>/case/", panel.visit_case, name="visit-case"),
    path("<uuid:visit_id>/plan/", plans.visit_plan, name="visit-plan"),
    path("<uuid:visit_id>/plan/undo/", plans.visit_plan_undo, name="visit-plan-undo"),
]
