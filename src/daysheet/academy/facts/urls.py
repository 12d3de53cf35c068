"""The addresses of the facts: where the figures come from, how they are made, where the guide differs."""

from django.urls import path

from daysheet.academy.facts import views

urlpatterns = [
    path("differences/", views.differences, name="differences"),
    path("method/", views.method, name="method"),
    path("sources/", views.sources, name="sources"),
    path("guide/", views.guide, name="guide"),
    path("data/tables/<slug:name>.json", views.table_json, name="data-table"),
    path("data/tables/<slug:name>.csv", views.table_csv, name="data-table-csv"),
    path("data/facts.json", views.facts_json, name="data-facts"),
    path("data/facts.csv", views.facts_csv, name="data-facts-csv"),
    path("data/sources.json", views.sources_json, name="data-sources"),
    path("data/sources.csv", views.sources_csv, name="data-sources-csv"),
    path("data/differences.json", views.differences_json, name="data-differences"),
    path("data/differences.csv", views.differences_csv, name="data-differences-csv"),
]
