"""The addresses of the patients' own door; short, since a text message carries them."""

from django.urls import path

from daysheet.portal import views

app_name = "portal"
urlpatterns = [path("<str:token>/", views.answer, name="answer")]
