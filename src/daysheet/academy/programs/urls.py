"""The addresses of the programs."""

from django.urls import path

from daysheet.academy.programs.views import choose, cost, fitting

urlpatterns = [
    path("programs/", choose.programs, name="programs"),
    path("programs/<int:unitid>/", choose.school, name="school"),
    path("programs/compare/", choose.compare, name="compare"),
    path("programs/online-or-in-person/", fitting.fitting, name="way"),
    path("cost/", cost.cost, name="cost"),
    path("data/programs.json", choose.as_json, name="data-programs"),
    path("data/programs.csv", choose.as_csv, name="data-programs-csv"),
]
