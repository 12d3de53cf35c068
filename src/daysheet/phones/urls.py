"""The addresses of the telephone."""

from django.urls import path

from daysheet.phones import views

app_name = "phones"
urlpatterns = [path("hook/<str:token>/", views.hook, name="hook")]
