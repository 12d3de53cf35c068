"""What is done to a patient's data: registered, changed, given chart items and a status."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.ids import new_ids
from daysheet.kernel.many import array_of, insert_many
from daysheet.kernel.models import Practice
from daysheet.kernel.numbers import next_number, next_numbers
from daysheet.patients import care, many, queries, rules
from daysheet.patients.many import NewPerson
from daysheet.patients.matching import keys
from daysheet.patients.models import (
    ChartItem,
    Guarantor,
    Patient,
    PatientChange,
    PatientContact,
    PatientIdentifier,
    PatientKey,
    PatientPhone,
)
from daysheet.patients.rules import ChartFact, ContactFact, GuarantorFact, PhoneFact
from daysheet.patients.rules.care import FOSTER
from daysheet.practice.models import Provider

NAMES = ("family", "given", "middle", "suffix", "preferred", "former_family")
TEXTS = frozenset(
    {*NAMES, "pronouns", "street", "street2", "city", "state", "zip", "email", "language", "note"}
)
SEARCHED = frozenset({*NAMES, "phones", "contact"})


class UnsoundData(Refusal):
    """A field holds what cannot be: an empty name, a birth date in the future."""


class MayBeKnown(Refusal):
    """A patient who is very like this one has a chart already."""


class ChangedMeanwhile(StaleForm):
    """Somebody else changed the patient's data while the form stood open."""


class NumberIsTaken(Refusal):
    """Another patient has that number in that system."""


class WasBuiltUpon(Refusal):
    """The office went on with a chart that was to be taken out again."""


@command(needs=Can.EDIT_PATIENTS)
def register_patient(
    by: Actor,
    /,
    *,
    family: str,
    given: str,
    born_on: date,
    sex: str = "U",
    middle: str = "",
    suffix: str = "",
    preferred: str = "",
    former_family: str = "",
    pronouns: str = "",
    street: str = "",
    street2: str = "",
    city: str = "",
    state: str = "",
    zip: str = "",  # noqa: A002
    email: str = "",
    language: str = "en",
    needs_interpreter: bool = False,
    phones: Sequence[PhoneFact] = (),
    contact: ContactFact | None = None,
    guarantor: GuarantorFact | None = None,
    usual_provider_id: UUID | None = None,
    identifiers: Sequence[tuple[str, str]] = (),
    note: str = "",
    status: str = Patient.Status.ACTIVE,
    different_because: str = "",
) -> Patient:
    """Open a chart for a person whom the office does not know yet.

    Raises UnsoundData; MayBeKnown when a chart looks like the same person and no reason says otherwise.
    Who comes with a number of another system is known to be a person of its own.
    """
    texts = {name: said for name, said in locals().items() if name in TEXTS}
    columns = _sound(by, texts, born_on=born_on, sex=sex, phones=phones)
    because = rules.tidy(different_because)
    if not because and not identifiers:
        _must_be_new(columns, born_on=born_on, sex=sex, phones=phones)
    patient = Patient.objects.create(
        **columns,
        born_on=born_on,
        sex=sex,
        needs_interpreter=needs_interpreter,
        usual_provider_id=_provider(usual_provider_id),
        status=status,
        chart_number=next_number("chart", first=10001),
        registered_at=by.now,
    )
    _put_phones(patient, phones)
    _put_contact(patient, contact)
    _put_guarantor(patient, guarantor)
    with refusing(patient_identifier_is_own=NumberIsTaken(_("Another patient has that number already."))):
        PatientIdentifier.objects.bulk_create(
            PatientIdentifier(patient=patient, system=system, value=value) for system, value in identifiers
        )
    _put_keys(patient)
    record(by, "patients.patient.registered", patient, different_because=because)
    return patient


@command(needs=Can.IMPORT_DATA)
def take_in_many(by: Actor, /, *, people: Sequence[NewPerson]) -> list[Patient]:
    """Open a chart for each of many people whom another system numbered, all of them or none.

    Whether one of them has a chart already was asked before: a number that stands on another chart is refused.
    """
    today = _today(by)
    if not all(many.is_sound(person, today=today) for person in people):
        raise UnsoundData(_("A person among these has data that cannot be kept."))
    numbers = next_numbers("chart", len(people), first=10001) if people else range(0)
    rows = many.rows_of(people, numbers, now=by.now, today=today, by_name=by.name)
    with refusing(patient_identifier_is_own=NumberIsTaken(_("Another patient has that number already."))):
        insert_many(rows.patients)
        insert_many(rows.identifiers)
    insert_many(rows.phones)
    insert_many(rows.contacts)
    insert_many(rows.guarantors)
    insert_many(rows.alerts)
    insert_many(rows.steps)
    with connection.cursor() as cursor:  # some forty keys a patient: too many for rows made one by one
        cursor.execute(
            """insert into patient_key (id, practice_id, patient_id, kind, key)
               select one.id, %s, one.patient_id, one.kind, one.key
               from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[]) as one (id, patient_id, kind, key)""",
            [
                by.practice_id,
                array_of(one.hex for one in new_ids(len(rows.keys))),
                array_of(patient_id.hex for patient_id, _ in rows.keys),
                array_of(kind for _, (kind, _) in rows.keys),
                array_of(key for _, (_, key) in rows.keys),
            ],
        )
    ids = [patient.pk for patient in rows.patients]
    record(by, "patients.patients.taken-in", patients=ids, count=len(ids))
    return rows.patients


@command(needs=Can.IMPORT_DATA)
def take_back_many(by: Actor, /, *, versions: Mapping[UUID, int]) -> int:
    """Take charts out again that were opened from another system and that nobody has gone on with.

    Each is told with the version in which the other system's files left it. What was changed, and what became of
    alerts, stays in the history. Raises WasBuiltUpon, which says what is there by now.
    """
    patient_ids = list(versions)
    held = Patient.objects.select_for_update().filter(pk__in=patient_ids)
    changed = sum(patient.version != versions[patient.pk] for patient in held.order_by("pk"))
    found = many.built_upon(patient_ids) | ({_("saved changes"): changed} if changed else {})
    if found:
        told = ", ".join(f"{count:,} {name}" for name, count in found.items())
        sentence = _("The office went on with these charts: %(told)s. They stay.") % {"told": told}
        raise WasBuiltUpon(sentence)
    for model in (PatientPhone, PatientContact, Guarantor, PatientIdentifier, PatientKey):
        model.objects.filter(patient_id__in=patient_ids).delete()
    with connection.cursor() as cursor:  # Django would look into tables that are only ever added to
        cursor.execute("delete from patient_alert where patient_id = any(%s)", [patient_ids])
        cursor.execute("delete from patient where id = any(%s)", [patient_ids])
    record(by, "patients.patients.taken-back", patients=patient_ids, count=len(patient_ids))
    return len(patient_ids)


@command(needs=Can.IMPORT_DATA)
def add_number(by: Actor, /, *, patient_id: UUID, system: str, number: str) -> Patient:
    """Write down by which number another system knows a patient who has a chart here. Raises NumberIsTaken."""
    patient = _locked(patient_id)
    with refusing(patient_identifier_is_own=NumberIsTaken(_("Another patient has that number already."))):
        PatientIdentifier.objects.create(patient=patient, system=system, value=number)
    _put_keys(patient)
    record(by, "patients.number.added", patient, system=system)
    return patient


@command(needs=Can.IMPORT_DATA)
def drop_number(by: Actor, /, *, patient_id: UUID, system: str, number: str) -> Patient:
    """Take off a number of another system that was put to the wrong chart."""
    patient = _locked(patient_id)
    PatientIdentifier.objects.filter(patient=patient, system=system, value=number).delete()
    _put_keys(patient)
    record(by, "patients.number.dropped", patient, system=system)
    return patient


@command(needs=Can.EDIT_PATIENTS)
def change_patient(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    version: int,
    family: str | None = None,
    given: str | None = None,
    born_on: date | None = None,
    sex: str | None = None,
    middle: str | None = None,
    suffix: str | None = None,
    preferred: str | None = None,
    former_family: str | None = None,
    pronouns: str | None = None,
    street: str | None = None,
    street2: str | None = None,
    city: str | None = None,
    state: str | None = None,
    zip: str | None = None,  # noqa: A002
    email: str | None = None,
    language: str | None = None,
    needs_interpreter: bool | None = None,
    phones: Sequence[PhoneFact] | None = None,
    contact: ContactFact | None = None,
    guarantor: GuarantorFact | None = None,
    is_own_guarantor: bool = False,
    usual_provider_id: UUID | None = None,
    note: str | None = None,
) -> Patient:
    """Change a patient's data; what is None stays. Each change is kept with its old value.

    Raises ChangedMeanwhile when the version is not the chart's any more, UnsoundData as registering does.
    """
    typed = {name: said for name, said in locals().items() if name in TEXTS and said is not None}
    patient = _locked(patient_id)
    new: dict[str, Any] = dict(_sound(by, typed, born_on=born_on, sex=sex, phones=phones or ()))
    given_too = {"born_on": born_on, "sex": sex, "needs_interpreter": needs_interpreter}
    new |= {name: value for name, value in given_too.items() if value is not None}
    if usual_provider_id:
        new["usual_provider_id"] = _provider(usual_provider_id)
    if patient.version != version:
        raise _changed_meanwhile(patient, new)
    before = _around(patient)
    changed = {
        name: [getattr(patient, name), value]
        for name, value in new.items()
        if getattr(patient, name) != value
    }
    for name, value in new.items():
        setattr(patient, name, value)
    if phones is not None:
        _put_phones(patient, phones)
    if contact is not None:
        _put_contact(patient, contact)
    if guarantor is not None or is_own_guarantor:
        _put_guarantor(patient, guarantor)
    after = _around(patient)
    changed |= {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    return _kept(by, patient, changed)


@command(needs=Can.EDIT_PATIENTS)
def set_status(
    by: Actor, /, *, patient_id: UUID, version: int, status: str, deceased_on: date | None = None
) -> Patient:
    """Say that a patient is active, prospective, inactive or deceased."""
    patient = _locked(patient_id)
    if patient.version != version:
        raise _changed_meanwhile(patient, {"status": status})
    if status not in Patient.Status.values:
        raise UnsoundData(_("Choose a status."), status=_("Choose a status."))
    if deceased_on and not patient.born_on <= deceased_on <= by.now.date():
        raise UnsoundData(_("Check the day of death."), deceased_on=_("It lies between the birth and today."))
    new = {"status": status, "deceased_on": deceased_on if status == Patient.Status.DECEASED else None}
    changed = {
        name: [getattr(patient, name), value]
        for name, value in new.items()
        if getattr(patient, name) != value
    }
    for name, value in new.items():
        setattr(patient, name, value)
    return _kept(by, patient, changed)


@command(needs=Can.EDIT_PATIENTS)
def add_chart_items(by: Actor, /, *, patient_id: UUID, items: Sequence[ChartFact]) -> Patient:
    """Put lines into the chart abstract; a line that came before is not put in twice."""
    patient = Patient.objects.get(pk=patient_id)
    before = set(
        ChartItem.objects.filter(patient=patient).exclude(source="").values_list("source", flat=True)
    )
    fresh: dict[str, ChartItem] = {}
    for place, item in enumerate(items):
        if item.source not in before:
            fresh.setdefault(item.source or f"line {place}", ChartItem(patient=patient, **asdict(item)))
    ChartItem.objects.bulk_create(fresh.values())
    record(by, "patients.chart.added-to", patient, items=len(fresh), known=len(items) - len(fresh))
    return patient


@command(needs=Can.EDIT_PATIENTS)
def add_contacts(by: Actor, /, *, patient_id: UUID, contacts: Sequence[ContactFact]) -> Patient:
    """Put more people around a patient: family whom another system named."""
    patient = _locked(patient_id)
    known = set(PatientContact.objects.filter(patient=patient).values_list("name", "relationship"))
    facts = [_tidied(asdict(fact)) for fact in contacts if rules.tidy(fact.name)]
    fresh = [fact for fact in facts if (fact["name"], fact["relationship"]) not in known]
    PatientContact.objects.bulk_create(PatientContact(patient=patient, **fact) for fact in fresh)
    record(by, "patients.contacts.added", patient, contacts=len(fresh))
    return patient


@command(needs=Can.SEE_PATIENTS)
def note_identity_check(by: Actor, /, *, patient_id: UUID, asked: Sequence[str], matched: bool) -> Patient:
    """Write down that a caller named two identifiers, and whether they were this patient's."""
    patient = Patient.objects.get(pk=patient_id)
    record(by, "patients.identity.checked", patient, asked=sorted(asked), matched=matched)
    return patient


def _locked(patient_id: UUID) -> Patient:
    return Patient.objects.select_for_update().get(pk=patient_id)


def _provider(provider_id: UUID | None) -> UUID | None:
    return Provider.objects.get(pk=provider_id).pk if provider_id is not None else None


def _today(by: Actor) -> date:
    zone = Practice.objects.get(pk=by.practice_id).zone
    return by.now.astimezone(zone).date()


def _sound(
    by: Actor, texts: dict[str, str], *, born_on: date | None, sex: str | None, phones: Iterable[PhoneFact]
) -> dict[str, str]:
    """Return the texts as they are kept, or refuse with a sentence for each field."""
    tidy = {name: rules.tidy(text) for name, text in texts.items()}
    wrong: dict[str, str] = {}
    for name, most in rules.too_long(tidy, names=NAMES).items():
        wrong[name] = ngettext("At most %(n)s letter.", "At most %(n)s letters.", most) % {"n": most}
    for name in ("family", "given"):
        if name in tidy and not tidy[name]:
            wrong[name] = _("Write the name. One that is not known yet can be written as Unknown.")
    if born_on:
        trouble = rules.birth_trouble(born_on, today=_today(by))
        sentences = {
            "future": _("A birth date cannot be in the future. Check the year."),
            "old": _("That would be more than 130 years ago. Check the year."),
        }
        if trouble:
            wrong["born_on"] = sentences[trouble]
    if sex is not None and sex not in Patient.Sex.values:
        wrong["sex"] = _("Choose one of the list.")
    if tidy.get("email") and not rules.is_email(tidy["email"]):
        wrong["email"] = _("Write an e-mail address such as name@example.org.")
    if any(not rules.is_phone(fact.number) for fact in phones):
        wrong["phone"] = _("Write a telephone number with its area code, such as (555) 201-0142.")
    if wrong:
        raise UnsoundData(" ".join(dict.fromkeys(wrong.values())), **wrong)
    return tidy


def _must_be_new(columns: dict[str, str], *, born_on: date, sex: str, phones: Sequence[PhoneFact]) -> None:
    compared = ("middle", "suffix", "preferred", "former_family", "email", "street", "zip")
    alike = queries.possible_duplicates(
        family=columns["family"], given=columns["given"], born_on=born_on, phones=phones, sex=sex,
        **{name: columns[name] for name in compared},  # type: ignore[arg-type]
    )  # fmt: skip
    if any(one.is_strong for one in alike):
        raise MayBeKnown(
            _("This patient may have a chart already. Open that chart, or say why it is a different person."),
            different_because=_("Say why this is a different person."),
        )


def _changed_meanwhile(patient: Patient, new: dict[str, Any]) -> ChangedMeanwhile:
    last = queries.changes(patient.pk).first()
    who = last.by_name if last else _("Somebody")
    theirs = {
        name: str(getattr(patient, name)) for name, value in new.items() if getattr(patient, name) != value
    }
    sentence = _(
        "%(who)s changed this patient while your form was open. Nothing of yours is saved yet:"
        " compare, then save again."
    )
    return ChangedMeanwhile(sentence % {"who": who}, **theirs)


def _kept(by: Actor, patient: Patient, changed: dict[str, list[Any]]) -> Patient:
    if not changed:
        record(by, "patients.patient.left-as-it-was", patient)
        return patient
    said = {name: [str("" if value is None else value) for value in pair] for name, pair in changed.items()}
    patient.version += 1
    patient.save()
    PatientChange.objects.create(patient=patient, at=by.now, by_name=by.name, fields=said)
    if SEARCHED & changed.keys():
        _put_keys(patient)
    record(by, "patients.patient.changed", patient, fields=sorted(changed))
    return patient


def _around(patient: Patient) -> dict[str, str]:
    """Return phones, contact and guarantor in words, for the history."""
    phones = [
        f"{one.number} {one.kind}{' text' * one.may_text}{' message' * one.may_leave_message}"
        for one in PatientPhone.objects.filter(patient=patient).order_by("rank")
    ]
    contacts = [
        " ".join(filter(None, [one.name, one.relationship, one.phone, "may hear" * one.may_hear]))
        for one in PatientContact.objects.filter(patient=patient).order_by("id")
    ]
    payer = Guarantor.objects.filter(patient=patient).first()
    words = (
        [payer.name, payer.relationship, payer.street, payer.city, payer.state, payer.zip, payer.phone]
        if payer
        else []
    )
    return {
        "phones": "; ".join(phones),
        "contact": "; ".join(contacts),
        "guarantor": " ".join(filter(None, words)),
    }


def _put_phones(patient: Patient, phones: Sequence[PhoneFact]) -> None:
    PatientPhone.objects.filter(patient=patient).delete()
    PatientPhone.objects.bulk_create(
        PatientPhone(patient=patient, rank=rank, **asdict(fact)) for rank, fact in enumerate(phones, 1)
    )


def _put_contact(patient: Patient, contact: ContactFact | None) -> None:
    """Write the contact of the front sheet, the first one; the others, and what is recorded of them, stay."""
    facts = _tidied(asdict(contact)) if contact and rules.tidy(contact.name) else None
    held = PatientContact.objects.filter(patient=patient).order_by("id").first()
    if held and (facts is None or facts["name"] != held.name):
        if held.rights.exists() or held.fosterings.exists():
            sentence = _(
                "It is recorded what %(name)s may. Add the new person on the page of the people instead."
            )
            raise UnsoundData(sentence % {"name": held.name}, contact_name=sentence % {"name": held.name})
        held.delete()
        held = None
    if facts and held:
        PatientContact.objects.filter(pk=held.pk).update(**facts)
    elif facts:
        PatientContact.objects.create(patient=patient, **facts)


def _put_guarantor(patient: Patient, guarantor: GuarantorFact | None) -> None:
    if guarantor and guarantor.relationship.strip().casefold() in FOSTER:
        known = Guarantor.objects.filter(patient=patient, name=rules.tidy(guarantor.name)).exists()
        if not known and not care.says_to_owe(patient.pk, guarantor.name):
            raise UnsoundData(_fosters(), guarantor_relationship=_fosters())
    Guarantor.objects.filter(patient=patient).delete()
    facts = _tidied(asdict(guarantor)) if guarantor and rules.tidy(guarantor.name) else {}
    Guarantor.objects.create(patient=patient, is_self=not facts, **facts)


def _fosters() -> str:
    return _(
        "Who fosters does not owe by it. Name the agency, or first record among the people that they owe, with the paper."
    )


def _tidied(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: rules.tidy(value) if isinstance(value, str) else value for name, value in facts.items()}


def _put_keys(patient: Patient) -> None:
    PatientKey.objects.filter(patient=patient).delete()
    found = keys(queries.who_of(queries.patient(patient.pk)))
    PatientKey.objects.bulk_create(
        PatientKey(patient=patient, kind=kind, key=key) for kind, key in sorted(found)
    )
