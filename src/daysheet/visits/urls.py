"""The addresses of visits."""

from django.urls import path

from daysheet.visits import views

app_name = "visits"
urlpatterns = [
    path("patients/<uuid:patient_id>/panel/", views.patient_panel, name="patient-panel"),
    path("<uuid:visit_id>/case/", views.visit_case, name="visit-case"),
]
