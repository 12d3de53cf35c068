"""The addresses of the academy's front door."""

from django.urls import path

from daysheet.academy.home import views

urlpatterns = [
    path("", views.home, name="home"),
]
