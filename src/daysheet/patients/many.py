"""Many people at once, as another system numbered them: their rows, and what has been built on them since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Model

from daysheet.kernel.many import pointing_at
from daysheet.patients import rules
from daysheet.patients.matching import Key, Who, keys
from daysheet.patients.models import (
    AlertStep,
    Guarantor,
    Patient,
    PatientAlert,
    PatientChange,
    PatientContact,
    PatientIdentifier,
    PatientKey,
    PatientPhone,
)
from daysheet.patients.rules import ContactFact, PhoneFact, alerts
from daysheet.patients.rules.alerts import AlertFact

OWN = (PatientPhone, PatientContact, Guarantor, PatientIdentifier, PatientKey, PatientChange, PatientAlert)
"""What belongs to a chart and goes with it."""
NAMES = ("family", "given", "middle", "suffix", "preferred", "former_family")
PHONE = tuple(one.name for one in fields(PhoneFact))
TEXTS = (*NAMES, "street", "street2", "city", "state", "zip", "email", "language", "note")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person as another system tells of one, with the number that this person has there."""

    system: str
    number: str
    family: str
    given: str
    born_on: date
    sex: str = "U"
    middle: str = ""
    suffix: str = ""
    preferred: str = ""
    former_family: str = ""
    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    email: str = ""
    language: str = "en"
    phones: Sequence[PhoneFact] = ()
    contact: ContactFact | None = None
    note: str = ""
    alert: str = ""
    """What people must not miss; read out to everybody who books, checks in or calls."""
    status: str = Patient.Status.ACTIVE
    deceased_on: date | None = None
    tidied: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The texts as they are kept, once somebody asked for them."""

    def texts(self) -> dict[str, str]:
        """Return the texts as they are kept."""
        if not self.tidied:
            self.tidied.update((name, rules.tidy(getattr(self, name))) for name in TEXTS)
        return dict(self.tidied)


@dataclass(slots=True)
class Rows:
    """The rows of many people, not written yet."""

    patients: list[Patient]
    phones: list[PatientPhone]
    contacts: list[PatientContact]
    guarantors: list[Guarantor]
    identifiers: list[PatientIdentifier]
    keys: list[tuple[UUID, Key]]
    alerts: list[PatientAlert]
    steps: list[AlertStep]


def is_sound(person: NewPerson, *, today: date) -> bool:
    """Return whether a person's data can be kept."""
    texts = person.texts()
    return bool(
        texts["family"]
        and texts["given"]
        and not rules.too_long(texts, names=NAMES)
        and not rules.birth_trouble(person.born_on, today=today)
        and person.sex in Patient.Sex.values
        and person.status in Patient.Status.values
        and (not texts["email"] or rules.is_email(texts["email"]))
        and all(rules.is_phone(fact.number) for fact in person.phones)
        and len(rules.tidy(person.alert)) <= alerts.LONGEST
    )


def alert_of(words: str) -> AlertFact:
    """Return what another system calls an alert as one of this office."""
    return AlertFact(rules.tidy(words), places=("book", "check_in", "call"))


def rows_of(
    people: Sequence[NewPerson], chart_numbers: Iterable[int], *, now: datetime, today: date, by_name: str
) -> Rows:
    """Return the rows of each person, with the keys by which search will find them."""
    rows = Rows([], [], [], [], [], [], [], [])
    for person, chart_number in zip(people, chart_numbers, strict=True):
        patient = Patient(
            **person.texts(),
            born_on=person.born_on,
            sex=person.sex,
            status=person.status,
            deceased_on=person.deceased_on,
            chart_number=chart_number,
            registered_at=now,
            has_alerts=bool(rules.tidy(person.alert)),
        )
        rows.patients.append(patient)
        if patient.has_alerts:
            fact = alert_of(person.alert)
            alert = PatientAlert(
                patient_id=patient.pk, words=fact.words, audience=fact.audience, tone=fact.tone,
                places=list(fact.places), made_at=now, made_by=by_name,
            )  # fmt: skip
            step = AlertStep(
                alert_id=alert.pk, kind="made", at=now, on_day=today, by_name=by_name, alert_version=1
            )
            rows.alerts.append(alert)
            rows.steps.append(step)
        rows.phones += [
            PatientPhone(patient_id=patient.pk, rank=rank, **{name: getattr(fact, name) for name in PHONE})
            for rank, fact in enumerate(person.phones, 1)
        ]
        if person.contact and rules.tidy(person.contact.name):
            facts: dict[str, Any] = asdict(person.contact)
            rows.contacts.append(PatientContact(patient_id=patient.pk, **facts))
        rows.guarantors.append(Guarantor(patient_id=patient.pk, is_self=True))
        rows.identifiers.append(
            PatientIdentifier(patient_id=patient.pk, system=person.system, value=person.number)
        )
        patient_id = patient.pk
        rows.keys += [(patient_id, key) for key in keys(_who(patient, person))]
    return rows


def built_upon(patient_ids: Sequence[UUID]) -> dict[str, int]:
    """Return what other rooms hold of some patients, by the name of its rows; nothing while nobody went on with them.

    An alert that came with the chart, and that nobody changed or ended, is the chart's own.
    """
    found: dict[str, int] = {}
    added = PatientAlert.objects.filter(patient_id__in=patient_ids).exclude(
        made_at=F("patient__registered_at"), version=1, closed_at=None
    )
    counts: list[tuple[type[Model], int]] = [(PatientAlert, added.count())]
    for model, name in pointing_at(Patient):
        if model not in OWN:
            counts.append((model, model._default_manager.filter(**{f"{name}__in": patient_ids}).count()))
    for model, count in counts:
        if count:
            meta = model._meta
            name = str(meta.verbose_name if count == 1 else meta.verbose_name_plural)
            found[name] = found.get(name, 0) + count
    return found


def by_number(system: str, numbers: Iterable[str]) -> Mapping[str, UUID]:
    """Return the patients whom another system numbers so."""
    rows = PatientIdentifier.objects.filter(system=system, value__in=list(numbers))
    return dict(rows.values_list("value", "patient_id"))


def _who(patient: Patient, person: NewPerson) -> Who:
    return Who(
        family=patient.family,
        given=patient.given,
        born_on=patient.born_on,
        middle=patient.middle,
        preferred=patient.preferred,
        former_family=patient.former_family,
        phones=tuple(fact.number for fact in person.phones),
        kin_phones=(person.contact.phone,) if person.contact and person.contact.phone else (),
        numbers=(person.number,),
    )
