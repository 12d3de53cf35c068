"""The addresses of the planner."""

from django.urls import path

from daysheet.academy.planner.views import certificates

urlpatterns = [
    path("certificates/", certificates.catalogue, name="certificates"),
    path("certificates/check/", certificates.check, name="certificate-check"),
    path("certificates/renewals/", certificates.renewals, name="renewals"),
    path("certificates/renewals/calendar.ics", certificates.renewals_calendar, name="renewals-calendar"),
    path("data/certificates.json", certificates.as_json, name="data-certificates"),
]
