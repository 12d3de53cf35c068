"""The addresses of the planner."""

from django.urls import path

from daysheet.academy.planner.views import account, certificates, payback, plan

urlpatterns = [
    path("payback/", payback.payback, name="payback"),
    path("path/", plan.path, name="path"),
    path("path/my-plan.ics", plan.plan_calendar, name="plan-calendar"),
    path("path/my-plan.json", plan.plan_file, name="plan-file"),
    path("path/open/", plan.plan_open, name="plan-open"),
    path("path/kept/", account.plan_kept, name="plan-kept"),
    path("path/kept/keep/", account.plan_keep, name="plan-keep"),
    path("path/kept/forget/", account.plan_forget, name="plan-forget"),
    path("certificates/", certificates.catalogue, name="certificates"),
    path("certificates/check/", certificates.check, name="certificate-check"),
    path("certificates/renewals/", certificates.renewals, name="renewals"),
    path("certificates/renewals/calendar.ics", certificates.renewals_calendar, name="renewals-calendar"),
    path("data/certificates.json", certificates.as_json, name="data-certificates"),
]
