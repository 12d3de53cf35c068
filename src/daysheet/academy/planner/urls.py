"""The addresses of the planner."""

from django.urls import path

from daysheet.academy.planner.views import certificates, payback, plan

urlpatterns = [
    path("payback/", payback.payback, name="payback"),
    path("path/", plan.path, name="path"),
    path("path/my-plan.ics", plan.plan_calendar, name="plan-calendar"),
    path("path/my-plan.json", plan.plan_file, name="plan-file"),
    path("path/open/", plan.plan_open, name="plan-open"),
    path("certificates/", certificates.catalogue, name="certificates"),
    path("certificates/check/", certificates.check, name="certificate-check"),
    path("certificates/renewals/", certificates.renewals, name="renewals"),
    path("certificates/renewals/calendar.ics", certificates.renewals_calendar, name="renewals-calendar"),
    path("data/certificates.json", certificates.as_json, name="data-certificates"),
]
