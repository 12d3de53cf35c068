"""The room `visits` as a Django app."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The encounter: the noun that joins a day together, its flow and its to-do."""

    name = "daysheet.visits"
    label = "visits"
