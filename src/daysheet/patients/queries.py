"""What is asked about patients: who is meant, who may be the same, what stands in the banner."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.models import AuditLine
from daysheet.kernel.ready import Ready, Told, lay_beside
from daysheet.patients import alerts, care, finding
from daysheet.patients.asking import national, terms
from daysheet.patients.matching import Answer, Strength, Verdict, Who, answers, birth_variants, likeness
from daysheet.patients.models import (
    ChartItem,
    Patient,
    PatientChange,
    PatientContact,
    PatientIdentifier,
    PatientKey,
    PatientPhone,
)
from daysheet.patients.names import full_names, plain, sounds, words
from daysheet.patients.rules import PhoneFact, age
from daysheet.patients.wording import say

Parts = Mapping[UUID, Mapping[str, Any]]
banner_parts: list[Callable[[Sequence[UUID], datetime, date], Parts]] = []
"""What other rooms know for the banner at a moment and on the office's day (coverage, money, next visit)."""


LAST_CHANGES = 30


@dataclass(frozen=True, slots=True)
class Moment:
    """A stamp of the timeline: when, who, what in words, and where to read more."""

    at: datetime
    who: str
    text: str
    url: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Hit:
    """A patient whom the question may mean, and why."""

    patient: Patient
    why: list[str]
    score: float
    phone_tail: str
    answered: int
    asked: int
    """How many parts of the question fit, of how many."""

    @property
    def is_whole(self) -> bool:
        """Return whether every part fits, not only some."""
        return self.answered == self.asked


@dataclass(frozen=True, slots=True)
class Likeness:
    """A known patient who may be the one that is being registered, and why."""

    patient: Patient
    why: list[str]
    score: float
    is_strong: bool
    phone_tail: str


def patient(patient_id: UUID) -> Patient:
    """Return one patient with phones, contacts, guarantor and usual provider at hand."""
    row = patient_alone(patient_id)
    for name, read in BESIDE.items():
        lay_beside(row, name, read(patient=patient_id))
    return row


def patient_alone(patient_id: UUID) -> Patient:
    """Return a patient without what stands beside; Patient.DoesNotExist where there is none. One statement."""
    row = PATIENT.first(patient=patient_id)
    if row is None:
        raise Patient.DoesNotExist
    return row


PATIENT: Ready[Patient] = Ready(
    lambda: Patient.objects.select_related("usual_provider", "guarantor").filter(pk=Told("patient"))
)
BESIDE: dict[str, Ready[Any]] = {
    "phones": Ready(lambda: PatientPhone.objects.filter(patient_id=Told("patient"))),
    "contacts": Ready(lambda: PatientContact.objects.filter(patient_id=Told("patient"))),
    "identifiers": Ready(lambda: PatientIdentifier.objects.filter(patient_id=Told("patient"))),
}


def search(*, text: str, today: date, limit: int = 21, first: Collection[UUID] = ()) -> list[Hit]:
    """Return whom the text of the one search box may mean, best first, each with why.

    Of more than can be looked at, those of `first` are.
    """
    asked = terms(text, today=today)
    if not asked:
        return []
    known = [(one, answers(asked, one.who)) for one in _known(finding.candidates(asked, first))]
    best = max((answer.met for _, answer in known), default=0)
    best_known = [one for one in known if one[1].met == best and best]
    best_known.sort(
        key=lambda one: (-one[1].score, one[0].who.family, one[0].who.given, one[0].who.chart_number)
    )
    return [_hit(one, answer, len(asked)) for one, answer in best_known[:limit]]


def possible_duplicates(
    *,
    family: str,
    given: str,
    born_on: date | None,
    phones: Iterable[PhoneFact] = (),
    limit: int = 8,
    **more: Any,
) -> list[Likeness]:
    """Return the known patients who may be this person, the likeliest first, with reasons."""
    new = Who(family, given, born_on, phones=tuple(fact.number for fact in phones), **more)
    ids = finding.look_alikes(
        family_sounds=sounds({*words(family), *words(new.former_family)}) or {""},
        given_sounds=sounds(words(given)),
        nicks={full for name in (*words(given), *words(new.preferred)) for full in full_names(name)},
        days=birth_variants(born_on) if born_on else (),
        phones=[national(phone) for phone in new.phones],
    )
    judged = [(one, likeness(new, one.who)) for one in _known(ids)]
    alike = [_likeness(one, verdict) for one, verdict in judged if verdict.strength is not Strength.NONE]
    alike.sort(key=lambda one: (not one.is_strong, -one.score, one.patient.chart_number))
    return alike[:limit]


def who_of(row: Patient) -> Who:
    """Return a patient as finding and telling apart see one."""
    return _who(
        vars(row),
        phones=[phone.number for phone in row.phones.all()],
        kin=[contact.phone for contact in row.contacts.all()],
        numbers=[one.value for one in row.identifiers.all()],
    )


def banner(by: Actor, patient_id: UUID, *, today: date) -> dict[str, Any]:
    """Return who a page is about, as the banner shows it; money only to those who may see it."""
    row = Patient.objects.prefetch_related("phones").get(pk=patient_id)
    return banner_of(by, row, today=today)


def banner_of(by: Actor, row: Patient, *, today: date) -> dict[str, Any]:
    """Return the banner of a patient already at hand."""
    shown: dict[str, Any] = {
        "id": row.pk,
        "family": row.family,
        "given": " ".join(filter(None, [row.given, row.middle, row.suffix])),
        "preferred": row.preferred,
        "born": row.born_on,
        "age": age(row.born_on, on=min(today, row.deceased_on or today)),
        "sex": _(str(row.get_sex_display())),
        "pronouns": row.pronouns,
        "chart": row.chart_number,
        "is_deceased": row.status == Patient.Status.DECEASED,
        "url": reverse("patients:patient-page", args=[row.pk]),
        "photo": _photo(row),
        "alerts": [(one.tone, one.words) for one in alerts.standing(by, row, today=today)]
        + [(one.tone, one.words) for one in care.lines(row, today=today)[:1]]
        + ([("attention", _("Interpreter"))] if row.needs_interpreter else []),
    }
    for part in banner_parts:
        shown |= part([row.pk], by.now, today).get(row.pk, {})
    hidden = {"owes", "credit", "payment_plan"} if not by.can(Can.SEE_MONEY) else set()
    hidden |= {"coverage"} if not by.can(Can.SEE_COVERAGE) else set()
    return {key: value for key, value in shown.items() if key not in hidden}


def initials(row: Patient) -> str:
    """Return what the browser's tab says of a patient: initials and chart number, never the name."""
    return f"{row.given[:1]}{row.family[:1]}".upper() + f" {row.chart_number}"


def tabs(by: Actor, patient_id: UUID, current: str) -> list[tuple[str, str, None, bool]]:
    """Return the tabs of a patient's pages that the reader may open; `current` is the one that is open."""
    wanted = (
        ("overview", _("Overview"), "patients:patient-page", Can.SEE_PATIENTS),
        ("edit", _("Details"), "patients:patient-edit", Can.EDIT_PATIENTS),
        ("alerts", _("Alerts"), "patients:alerts", Can.SEE_PATIENTS),
        ("people", _("People"), "patients:people", Can.SEE_PATIENTS),
        ("papers", _("Papers"), "documents:patient-panel", Can.SEE_PAPERS),
        ("consents", _("Notices and consents"), "privacy:patient-panel", Can.SEE_PATIENTS),
        ("account", _("Account"), "ledger:account", Can.SEE_MONEY),
        ("changes", _("Changes"), "patients:patient-changes", Can.SEE_PATIENTS),
        ("lookers", _("Who looked"), "privacy:lookers", Can.SEE_DIARY),
    )
    found = [(key, words, address(name, patient_id)) for key, words, name, needs in wanted if by.can(needs)]
    return [(words, url, None, key == current) for key, words, url in found if url]


def around(by: Actor, row: Patient, *, today: date, tab: str | None = None) -> dict[str, Any]:
    """Return what stands around a page about a patient: banner, initials for the browser's tab, the tabs if asked."""
    shown: dict[str, Any] = {
        "patient": row,
        "who": banner_of(by, row, today=today),
        "initials": initials(row),
    }
    return shown if tab is None else shown | {"tabs": tabs(by, row.pk, tab)}


def address(name: str, *args: object) -> str:
    """Return the address of a screen, or nothing while its room is not built."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def two_identifiers(row: Patient, said: Mapping[str, Any]) -> bool:
    """Return whether what a caller said, two or more of name, birth date, phone and address, is all true."""
    return len([value for value in said.values() if value]) >= 2 and not unmatched(row, said)


def unmatched(row: Patient, said: Mapping[str, Any]) -> list[str]:
    """Return which of the things a caller said are not this patient's: kinds alone, never what is known."""
    return [kind for kind, value in said.items() if value and not _said_is_true(row, kind, value)]


def reached_by(number: str, *, limit: int = 12) -> list[Patient]:
    """Return the patients with this number as their own or as a contact's, own numbers first."""
    ending = national(number)[-12:]
    if not ending:
        return []
    found = PatientKey.objects.filter(kind__in=("phone", "kin"), key=ending).order_by("-kind", "patient_id")
    ids = list(dict.fromkeys(found.values_list("patient_id", flat=True)[: 2 * limit]))[:limit]
    rows = {row.pk: row for row in _whole().filter(pk__in=ids)}
    return [rows[one] for one in ids if one in rows]


def charts_with(numbers: Iterable[str]) -> dict[str, int]:
    """Return for each number in how many charts it stands, as the patient's own or a contact's; one statement."""
    endings = {number: national(number)[-12:] for number in numbers}
    found = PatientKey.objects.filter(kind__in=("phone", "kin"), key__in=set(endings.values()))
    rows: dict[str, set[UUID]] = {}
    for key, patient_id in found.values_list("key", "patient_id"):
        rows.setdefault(key, set()).add(patient_id)
    return {number: len(rows.get(ending, ())) for number, ending in endings.items()}


def born(days: Iterable[date], *, limit: int = 200) -> list[Patient]:
    """Return the patients born on these days, with what telling them apart needs."""
    return list(_whole().filter(born_on__in=list(days)).order_by("chart_number")[:limit])


def changes(patient_id: UUID) -> QuerySet[PatientChange]:
    """Return the saved changes of a patient's data, newest first."""
    return PatientChange.objects.filter(patient_id=patient_id).order_by("-at", "-id")


def chart_items(patient_id: UUID) -> QuerySet[ChartItem]:
    """Return the chart abstract: what is going on first, then the past, newest first."""
    return ChartItem.objects.filter(patient_id=patient_id).order_by("kind", "ended_on", "-began_on", "label")


def allergies_of(patient_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the allergies that the chart abstract holds of each of some patients; one statement."""
    found: dict[UUID, list[str]] = {one: [] for one in patient_ids}
    rows = ChartItem.objects.filter(patient_id__in=list(found), kind="allergy", ended_on=None)
    for patient_id, label in rows.order_by("label").values_list("patient_id", "label"):
        found[patient_id].append(label)
    return found


def misses(by: Actor, patient_id: UUID) -> int:
    """Return how often today what callers said to this person did not match the patient."""
    lines = AuditLine.objects.filter(
        subject_id=patient_id,
        actor_id=by.user_id,
        action="patients.identity.checked",
        at__gte=by.now - timedelta(hours=12),
        details__matched=False,
    )
    return lines.count()


def timeline(by: Actor, row: Patient) -> list[Moment]:
    """Return what happened last around a patient, newest first."""
    labels = _("changed: %s")
    found = [
        Moment(change.at, change.by_name, labels % ", ".join(sorted(change.fields)).replace("_", " "))
        for change in CHANGES(patient=row.pk)
    ]
    found.append(Moment(row.registered_at, "", _("registered")))
    return sorted(found, key=lambda one: one.at, reverse=True)[:LAST_CHANGES]


CHANGES: Ready[PatientChange] = Ready(lambda: changes(Told("patient"))[:LAST_CHANGES])  # type: ignore[arg-type]


def _whole() -> QuerySet[Patient]:
    return Patient.objects.select_related("usual_provider", "guarantor").prefetch_related(
        "phones", "contacts", "identifiers"
    )


class _Known(NamedTuple):
    """A patient as finding sees one, and the values of the row: it becomes a patient only when it is shown."""

    who: Who
    values: Sequence[Any]

    @property
    def row(self) -> Patient:
        """Return the patient."""
        return Patient.from_db(connection.alias, COLUMNS, self.values)


COLUMNS = [field.attname for field in Patient._meta.concrete_fields]
OF_WHO = [field for field in Who.__dataclass_fields__ if field in COLUMNS]


def _known(ids: Sequence[UUID]) -> list[_Known]:
    """Return patients in the order of their ids, each with what finding needs, in one statement."""
    if not ids:
        return []
    found = {}
    for *values, phones, kin, numbers in KNOWN(ids=list(ids)):
        row = dict(zip(COLUMNS, values, strict=True))
        who = _who(row, phones=phones, kin=kin, numbers=numbers)
        found[row["id"]] = _Known(who, values)
    return [found[one] for one in ids if one in found]


def _with_what_finds() -> QuerySet[Any, Any]:
    mine = {"patient_id": OuterRef("pk")}
    return (
        Patient.objects.filter(pk__one_of=Told("ids"))
        .annotate(
            told_phones=ArraySubquery(PatientPhone.objects.filter(**mine).order_by("rank").values("number")),
            told_kin=ArraySubquery(PatientContact.objects.filter(**mine).values("phone")),
            told_numbers=ArraySubquery(PatientIdentifier.objects.filter(**mine).values("value")),
        )
        .values_list(*COLUMNS, "told_phones", "told_kin", "told_numbers")
    )


KNOWN: Ready[Any] = Ready(_with_what_finds)
"""Some patients as plain values, each with the numbers by which finding knows one."""


def _who(row: Mapping[str, Any], *, phones: Sequence[str], kin: Sequence[str], numbers: Sequence[str]) -> Who:
    return Who(
        **{name: row[name] for name in OF_WHO},
        phones=tuple(phones),
        kin_phones=tuple(phone for phone in kin if phone),
        numbers=tuple(numbers),
    )


def _hit(known: _Known, answer: Answer, parts: int) -> Hit:
    why = [say(reason) for reason in answer.reasons]
    return Hit(known.row, why, answer.score, _tail(known.who), answer.met, parts)


def _likeness(known: _Known, verdict: Verdict) -> Likeness:
    strong = verdict.strength is Strength.STRONG
    why = [say(reason) for reason in verdict.reasons]
    return Likeness(known.row, why, verdict.score, strong, _tail(known.who))


def _tail(who: Who) -> str:
    return who.phones[0][-4:] if who.phones else ""


def _photo(row: Patient) -> str:
    return address("documents:document-file", row.photo_id) if row.photo_id else ""


def _said_is_true(row: Patient, kind: str, value: Any) -> bool:
    if kind == "born_on":
        return bool(value == row.born_on)
    if kind == "phone":
        return national(value) in {national(phone.number) for phone in row.phones.all()}
    if kind == "address":
        asked = set(words(value))
        known = set(words(f"{row.street} {row.city} {row.zip}"))
        house = {word for word in words(row.street) if word.isdigit()}
        return len(asked) >= 2 and asked <= known and house <= asked
    spoken = plain(value)
    return spoken in {plain(f"{given} {row.family}") for given in (row.given, row.preferred) if given} | {
        plain(f"{row.family} {given}") for given in (row.given, row.preferred) if given
    }
