"""The addresses of the day sheet."""

from datetime import date

from django.urls import path, register_converter

from daysheet.reports import views
from daysheet.ui.days import day_in_address


class DayInAddress:
    """A day as addresses write it: 2026-03-09."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Return the day; one that no calendar has is not found."""
        return day_in_address(value)

    def to_url(self, value: date) -> str:
        """Return the day as text."""
        return value.isoformat()


register_converter(DayInAddress, "reports_day")
app_name = "reports"
urlpatterns = [
    path("day/", views.today, name="today"),
    path("waits/", views.waits, name="waits"),
    path("waits.csv", views.waits_csv, name="waits-csv"),
    path("days/", views.past_days, name="past-days"),
    path("day/<reports_day:day>/", views.daysheet, name="daysheet"),
    path("day/<reports_day:day>/close/", views.daysheet_close, name="daysheet-close"),
    path("day/<reports_day:day>/sheet.pdf", views.daysheet_pdf, name="daysheet-pdf"),
]
