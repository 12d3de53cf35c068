"""Addresses of the furniture itself."""

from django.urls import path

from daysheet.ui import views

app_name = "ui"

urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("day/", views.day_in_words, name="day"),
]
