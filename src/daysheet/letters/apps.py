"""The room `letters` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can
from daysheet.ui.verbs import Verb


class LettersConfig(AppConfig):
    """Letters and other papers that people read, made as PDF from facts the caller passes."""

    name = "daysheet.letters"
    label = "letters"


VERBS = [
    Verb(
        _("Write a letter"),
        "letters:letter-write",
        Can.WRITE_LETTERS,
        ("letter", "school note", "work note"),
        of_patient=True,
    ),
]
