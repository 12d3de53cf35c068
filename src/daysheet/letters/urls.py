"""The address where a letter is written."""

from django.urls import path

from daysheet.letters import views

app_name = "letters"
urlpatterns = [path("of/<uuid:patient_id>/write/", views.letter_write, name="letter-write")]
