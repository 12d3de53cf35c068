"""The licence beside the chart: the barcode of a filed picture, read when somebody looks, and kept nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_noop as noop

from daysheet.documents import queries as documents
from daysheet.documents.barcodes import barcode_in
from daysheet.documents.models import Document
from daysheet.formats import aamva
from daysheet.formats.aamva import Licence, Problem
from daysheet.patients.cards import FIELDS, Proposal, proposals
from daysheet.patients.models import Patient

FIELD_WORDS = {
    "family": noop("Family name"),
    "given": noop("Given name"),
    "middle": noop("Middle name"),
    "suffix": noop("Suffix"),
    "born_on": noop("Birth date"),
    "sex": noop("Sex"),
    "street": noop("Street"),
    "city": noop("City"),
    "state": noop("State"),
    "zip": noop("ZIP code"),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """A licence beside a chart, or why none could be read."""

    paper: Document
    licence: Licence | None
    proposals: Sequence[Proposal]
    problems: Sequence[Problem]
    today: date

    @property
    def differing(self) -> list[Proposal]:
        """Return what the licence says otherwise."""
        return [one for one in self.proposals if not one.is_same]

    @property
    def is_expired(self) -> bool:
        """Return whether the card has run out."""
        return bool(self.licence and self.licence.expires_on and self.licence.expires_on < self.today)

    @property
    def may_be_another(self) -> bool:
        """Return whether the card seems to be another person's: born on another day, or another name."""
        names = {one.field for one in self.differing}
        return "born_on" in names or {"family", "given"} <= names


def paper_of(patient_id: UUID, document_id: UUID) -> Document | None:
    """Return a photo ID of this very patient, with its bytes."""
    paper = documents.photo_id(document_id)
    return paper if paper and paper.patient_id == patient_id else None


def beside(paper: Document, patient: Patient, today: date) -> Beside:
    """Return what the barcode in a filed picture says beside what the chart says."""
    reading = aamva.read(barcode_in(bytes(paper.content), paper.media_type))
    chart = {name: getattr(patient, name) for name in (*FIELDS, "street2")}
    found = proposals(reading.licence, chart) if reading.licence else []
    return Beside(paper, reading.licence, found, reading.problems, today)
