"""The addresses of the programs."""

from django.urls import path

from daysheet.academy.programs import views

urlpatterns = [
    path("programs/", views.programs, name="programs"),
    path("programs/<int:unitid>/", views.school, name="school"),
    path("data/programs.json", views.as_json, name="data-programs"),
    path("data/programs.csv", views.as_csv, name="data-programs-csv"),
]
