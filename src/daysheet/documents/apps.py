"""The room `documents` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can
from daysheet.ui.verbs import Verb


class DocumentsConfig(AppConfig):
    """Papers: bytes, hash, kind, patient; cards, receipts, statements, scans."""

    name = "daysheet.documents"
    label = "documents"


VERBS = [
    Verb(_("Stations and printers"), "documents:stations", Can.WORK, ("printers", "printer", "stations")),
    Verb(_("Printing"), "documents:prints", Can.SEE_PAPERS, ("prints", "print again")),
    Verb(_("Refused scans"), "documents:scans-refused", Can.MANAGE_OFFICE, ("scanner",)),
    Verb(
        _("File a paper"),
        "documents:document-upload",
        Can.FILE_PAPERS,
        ("upload", "paper", "scan in"),
        of_patient=True,
    ),
    Verb(_("Papers"), "documents:patient-panel", Can.SEE_PAPERS, ("documents",), of_patient=True),
    Verb(
        _("From the scanner"), "documents:patient-scans", Can.FILE_PAPERS, ("scan", "scans"), of_patient=True
    ),
]
