"""The room `practice` as a Django app."""

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """The office itself: locations, rooms, clinicians, staff and their sign-in, hours."""

    name = "daysheet.practice"
    label = "practice"
