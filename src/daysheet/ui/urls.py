"""Addresses of the furniture itself."""

from django.urls import path

from daysheet.ui import views

app_name = "ui"

urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
]
