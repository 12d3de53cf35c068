"""The room `tasks` as a Django app."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """The to-do of the office: one work list under every room."""

    name = "daysheet.tasks"
    label = "tasks"
