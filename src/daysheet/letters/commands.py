"""What is done with letters: written from a template and kept with the patient's papers."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from daysheet.documents import commands as documents
from daysheet.documents.models import Document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.letters import pdf, queries, rules
from daysheet.patients.models import Patient
from daysheet.ui.words import born, day


class NoSuchLetter(Refusal):
    """There is no template of that name."""


@command(needs=Can.WRITE_LETTERS)
def write_letter(
    by: Actor, /, *, patient_id: UUID, template: str, fields: Mapping[str, str] | None = None
) -> Document:
    """Write a letter about a patient as a PDF and keep it with the papers.

    One that goes to the patient is written in Spanish where that is the patient's language.
    Raises NoSuchLetter, or Refusal naming the field that is missing.
    """
    chosen = rules.templates().get(template)
    if chosen is None:
        raise NoSuchLetter(_("Choose a letter of the list."), template=_("Choose one of the list."))
    patient = Patient.objects.get(pk=patient_id)
    practice = Practice.objects.get(pk=by.practice_id)
    facts = {
        "name": f"{patient.given} {patient.family}",
        "born": born(patient.born_on),
        "note": "",
        **{key: value for key, value in (fields or {}).items() if key in chosen.fields},
    }
    missing = {
        key: _("Fill this in.")
        for key in chosen.fields
        if key not in facts or (key != "note" and not facts[key])
    }
    if missing:
        raise Refusal(_("The letter needs more to be written."), **missing)
    said, language = chosen.spoken(patient.language)
    parts = [rules.merge(part, facts) for part in said.paragraphs]
    paper = documents.keep_document(
        by,
        kind="letter",
        title=_(chosen.title),
        media_type="application/pdf",
        content=pdf.render(
            "letter",
            {
                "title": said.title,
                "office": queries.letterhead(),
                "lang": language,
                "training": practice.is_training,
                "made_at": by.now.isoformat(),
                "to": _address(patient),
                "date": _day(local_day(by.now, practice.zone), language),
                "subject": rules.merge(said.subject, facts),
                "paragraphs": [part for part in parts if part.strip()],
                "signer": [by.name, queries.letterhead()["name"]],
            },
        ),
        patient_id=patient.pk,
    )
    record(by, "letters.letter.written", paper, template=template, language=language)
    return paper


def _day(on: date, language: str) -> str:
    """Return a day as a language writes it."""
    if language == "en":
        return day(on)
    with override(language):
        return date_format(on, "DATE_FORMAT")


def _address(patient: Patient) -> list[str]:
    town = f"{patient.city}, {patient.state} {patient.zip}".strip(" ,")
    return [
        line for line in (f"{patient.given} {patient.family}", patient.street, patient.street2, town) if line
    ]
