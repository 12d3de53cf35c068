"""The room `movein` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can
from daysheet.ui.verbs import Verb


class MoveinConfig(AppConfig):
    """Moving in: files of the old system, taken in with a preview, a proof and a way back."""

    name = "daysheet.movein"
    label = "movein"


VERBS = [
    Verb(_("From the old system"), "movein:files", Can.IMPORT_DATA, ("import", "move in", "imports")),
    Verb(_("Bring a file"), "movein:file-bring", Can.IMPORT_DATA, ("import csv", "import a file")),
]
