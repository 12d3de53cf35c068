"""The room `schedule` as a Django app."""

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    """The book of time: visit types, hours, appointments, open slots."""

    name = "daysheet.schedule"
    label = "schedule"
