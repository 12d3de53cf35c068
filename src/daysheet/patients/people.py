"""The people around a patient, each with what they may: bring, hear, sign, owe, and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch

from daysheet.kernel.errors import Refusal
from daysheet.kernel.ready import lay_beside
from daysheet.patients import care
from daysheet.patients.models import Bringing, ContactRight, Patient, PatientContact
from daysheet.patients.names import plain
from daysheet.patients.rules import standing
from daysheet.patients.rules.standing import ACTS, Answer, Person, Right, Subject
from daysheet.practice import queries as practice


class MayNotSign(Refusal):
    """The person may not sign for the patient."""


@dataclass(frozen=True, slots=True)
class Around:
    """A person around a patient, with the four answers."""

    contact: PatientContact
    answers: Mapping[str, Answer]


def subject_of(row: Patient, state: str | None = None) -> Subject:
    """Return a patient as far as age and the state of the office decide; the state where it is at hand."""
    state = _state() if state is None else state
    return Subject(row.born_on, state, row.emancipated_on, care.facts_of(care.open_care(row)))


def _state() -> str:
    place = practice.main_location()
    return place.state.strip().upper() if place else ""


def around(row: Patient, *, today: date) -> list[Around]:
    """Return the people around a patient, each with what they may today."""
    return _answered(row, contacts(row.pk), today)


def around_at_hand(row: Patient, *, today: date) -> list[Around]:
    """Return the same of a patient whose contacts are at hand: as many statements whether there are any or none."""
    rights: dict[UUID, list[ContactRight]] = defaultdict(list)
    for one in ContactRight.objects.filter(contact__patient_id=row.pk, ended_at=None):
        rights[one.contact_id].append(one)
    known = sorted(row.contacts.all(), key=lambda one: one.pk)
    for contact in known:
        lay_beside(contact, "rights", rights[contact.pk])
    return _answered(row, known, today)


def around_of(rows: Sequence[Patient], *, today: date) -> dict[UUID, list[Around]]:
    """Return the people around each of some patients whose contacts are at hand: two statements for any number.

    A few more for each child in the care of an agency.
    """
    rights: dict[UUID, list[ContactRight]] = defaultdict(list)
    patient_ids = [row.pk for row in rows]
    for one in ContactRight.objects.filter(contact__patient_id__in=patient_ids, ended_at=None):
        rights[one.contact_id].append(one)
    state = _state()
    found: dict[UUID, list[Around]] = {}
    for row in rows:
        known = sorted(row.contacts.all(), key=lambda one: one.pk)
        for contact in known:
            lay_beside(contact, "rights", rights[contact.pk])
        found[row.pk] = _answered(row, known, today, state)
    return found


def _answered(
    row: Patient, known: Sequence[PatientContact], today: date, state: str | None = None
) -> list[Around]:
    subject = subject_of(row, state)
    return [
        Around(one, {act: standing.may(act, person_of(one, row), subject, today) for act in ACTS})
        for one in known
    ]


def contacts(patient_id: UUID) -> list[PatientContact]:
    """Return the people around a patient with what is recorded of them now."""
    now = Prefetch("rights", ContactRight.objects.filter(ended_at=None))
    return list(PatientContact.objects.filter(patient_id=patient_id).order_by("id").prefetch_related(now))


def contact(contact_id: UUID) -> PatientContact | None:
    """Return one person around a patient with the patient, and what is recorded now."""
    now = Prefetch("rights", ContactRight.objects.filter(ended_at=None))
    rows = PatientContact.objects.select_related("patient").prefetch_related(now)
    return rows.filter(pk=contact_id).first()


def person_of(one: PatientContact, row: Patient) -> Person:
    """Return a contact as the rule sees one."""
    rights = [
        Right(it.act, it.says, it.from_on, it.until_on, tuple(it.topics), it.ordered_on)
        for it in one.rights.all()
    ]
    since = row.registered_at.date() if one.may_hear else None
    return Person(one.name, one.relationship, rights, since)


def is_minor(row: Patient, *, today: date) -> bool:
    """Return whether a patient is a minor, or may be one where the state's age is not on file."""
    if today >= standing.birthday(row.born_on, standing.HIGHEST_AGE):
        return False
    return standing.is_minor(subject_of(row), today) is not False


def brought_to(visit_id: UUID) -> Bringing | None:
    """Return who came with the patient to a visit, as it was said last."""
    return Bringing.objects.filter(visit_id=visit_id).order_by("-at", "-id").first()


def must_be_able_to_sign(row: Patient, name: str, *, today: date) -> None:
    """Raise MayNotSign where it is known that the person of this name may not sign for a minor."""
    if why := why_not_sign(row, name, today=today):
        raise MayNotSign(why, signed_by=why)


def why_not_sign(row: Patient, name: str, *, today: date) -> str:
    """Return why the person of this name may not sign for a minor; nothing where that is not known."""
    if not is_minor(row, today=today):
        return ""
    answers = (one.answers["sign"] for one in named(row, name, today=today))
    return next((answer.why for answer in answers if answer.word == "no"), "")


def named(row: Patient, name: str, *, today: date) -> list[Around]:
    """Return the people around a patient who have this name, however it is spaced or spelled large."""
    return [one for one in around(row, today=today) if plain(one.contact.name) == plain(name)]


def signers(row: Patient, *, today: date) -> list[str]:
    """Return the names of the people who may sign for a patient."""
    people = around(row, today=today)
    return [one.contact.name for one in people if one.answers["sign"].word in ("yes", "limits")]


def history(contact_id: UUID) -> list[ContactRight]:
    """Return what was ever recorded of a person, the newest first."""
    return list(ContactRight.objects.filter(contact_id=contact_id).order_by("-made_at", "-id"))
