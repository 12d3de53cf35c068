"""Who pays for a patient: one answer from the front sheet, what is recorded of people, and an agency's papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from daysheet.patients import care, people
from daysheet.patients.models import Guarantor, Patient
from daysheet.patients.names import plain
from daysheet.patients.people import Around
from daysheet.patients.rules.care import OWER_WORDS, InCare


@dataclass(frozen=True, slots=True)
class Pays:
    """Who pays: to whom a bill is written, how a page says it, and where it is sent, if that is known."""

    name: str
    words: str
    at: Patient | Guarantor | None


def who_pays(row: Patient, *, today: date, around: Sequence[Around] | None = None) -> Pays:
    """Return by the agency's papers who pays for a child in care, else guarantor, whoever is recorded to owe, patient.

    `around`: the people with their answers, where they are at hand.
    """
    held = care.facts_of(care.open_care(row))
    guarantor = getattr(row, "guarantor", None)
    if guarantor is not None and (guarantor.is_self or not guarantor.name):
        guarantor = None
    if held is not None and held.stands(today) and care.is_child(row, today=today):
        return _of_child_in_care(row, held, guarantor, _owing(row, around, today))
    if guarantor is not None:
        return Pays(guarantor.name, _called(guarantor.name, guarantor.relationship), guarantor)
    if owing := _owing(row, around, today):
        words = ", ".join(_called(one.contact.name, one.contact.relationship) for one in owing)
        return Pays(owing[0].contact.name, words, row)
    return Pays(f"{row.given} {row.family}", _("the patient"), row)


def _of_child_in_care(
    row: Patient, held: InCare, guarantor: Guarantor | None, owing: Sequence[Around]
) -> Pays:
    """Return who pays by the agency's papers: never the child, and who fosters only where it is recorded of them.

    The child's address is where the child is placed: nobody else is written to there.
    """
    if owing and guarantor and any(plain(one.contact.name) == plain(guarantor.name) for one in owing):
        return Pays(guarantor.name, _called(guarantor.name, guarantor.relationship), guarantor)
    if owing:
        first = owing[0].contact
        return Pays(first.name, _called(first.name, first.relationship), None)
    return Pays(held.agency, OWER_WORDS.get(held.owes) or _("not known: ask the agency"), None)


def _owing(row: Patient, around: Sequence[Around] | None, today: date) -> list[Around]:
    known = people.around(row, today=today) if around is None else around
    return [one for one in known if one.answers["owe"].word in ("yes", "limits")]


def _called(name: str, relationship: str) -> str:
    return f"{name} ({relationship})" if relationship else name
