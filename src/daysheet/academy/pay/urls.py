"""The addresses of pay."""

from django.urls import path

from daysheet.academy.pay import views

urlpatterns = [
    path("pay/", views.pay, name="pay"),
    path("pay/states/", views.states, name="pay-states"),
    path("ladder/", views.ladder, name="ladder"),
    path("data/wages.json", views.wages_json, name="data-wages"),
    path("data/wages.csv", views.wages_csv, name="data-wages-csv"),
]
