"""The room `letters` as a Django app."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Letters and other papers that people read, made as PDF from facts the caller passes."""

    name = "daysheet.letters"
    label = "letters"
