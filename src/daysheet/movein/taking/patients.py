"""Patients of the old system: charts opened many at once, updated while nobody here went on with them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.movein.leftover import like
from daysheet.movein.models import OldRow
from daysheet.movein.rules.alike import Twin
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking import mending
from daysheet.movein.taking.coming import Came, Moved, Turn, alert_of, bad
from daysheet.movein.taking.order import left_behind, must_be_last
from daysheet.patients import commands as patients
from daysheet.patients import rules
from daysheet.patients.many import NewPerson, by_number, is_sound
from daysheet.patients.models import Patient
from daysheet.patients.rules import ContactFact, PhoneFact

SUBJECT = "patients.patient"
ASIDE = frozenset({"key", "alert", "note", "contact_name", "contact_phone", "contact_relation"})
PHONES = (("phone_mobile", "mobile"), ("phone_home", "home"), ("phone_work", "work"))
AT_ONCE = 1000


def take(turn: Turn, rows: Sequence[Judged]) -> list[Came]:
    """Open a chart for each person who has none; mend those of this old system; hold back who may be known."""
    here = by_number(turn.file.system, [row.key for row in rows])
    came: dict[int, Came] = {}
    same: list[tuple[Judged, Twin]] = []
    fresh: list[tuple[Judged, NewPerson]] = []
    for judged in rows:
        twin = turn.twins.get(judged.number)
        own = turn.file.decided.get(str(judged.number), "")
        answer = own or turn.file.alike
        if not judged.is_good:
            came[judged.number] = bad(judged)
        elif judged.key in here:
            came[judged.number] = turn.each([judged], lambda one: _again(turn, one))[0]
        elif twin and own == "join" and twin.other_row:
            same.append((judged, twin))
        elif twin and answer == "join" and twin.patient_id:
            came[judged.number] = turn.each([judged], lambda one, near=twin: _join(turn, one, near))[0]  # type: ignore[misc]
        elif twin and answer != "take":
            came[judged.number] = _held(judged, twin)
        else:
            _put(turn, judged, came, fresh)
    opened = patients.take_in_many(turn.by, people=[person for _, person in fresh]) if fresh else []
    for (judged, person), patient in zip(fresh, opened, strict=True):
        came[judged.number] = Came(
            judged.number,
            judged.key,
            "taken",
            mark=judged.mark(),
            subject_kind=SUBJECT,
            subject_id=patient.pk,
            version=1,
            patient_id=patient.pk,
            why=_lost(judged, person),
        )
    for judged, twin in same:
        whose = _chart_of(turn, twin.other_row or 0, came)
        if whose is None:
            came[judged.number] = _held(judged, twin)
            continue
        near = replace(twin, patient_id=whose)
        came[judged.number] = turn.each([judged], lambda one, near=near: _join(turn, one, near))[0]  # type: ignore[misc]
    return [came[judged.number] for judged in rows]


def undo(by: Actor, rows: Sequence[OldRow]) -> Moved:
    """Take out the charts that a file opened, the old numbers off those it was put to, and mend back what it mended."""
    taken = {
        row.subject_id: row.subject_version
        for row in rows
        if row.outcome == OldRow.Outcome.TAKEN and row.subject_id
    }
    ids = list(taken)
    parts = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
    must_be_last(rows, parts)
    moved = mending.undo(by, [row for row in rows if row.outcome == OldRow.Outcome.UPDATED])
    for row in rows:
        if row.outcome == OldRow.Outcome.JOINED and row.patient_id:
            patients.drop_number(by, patient_id=row.patient_id, system=row.system, number=row.key)
    for part in parts:
        stays = left_behind(part)  # asked first: after a refusal nothing can be asked any more
        try:
            patients.take_back_many(by, versions={one: taken[one] for one in part})
        except patients.WasBuiltUpon as no:
            raise Refusal(f"{no} {stays}".strip()) from no
    return moved


def person_of(system: str, judged: Judged) -> NewPerson:
    """Return a row as the patients' room takes a person."""
    says = judged.says
    texts: dict[str, Any] = {key: said for key, said in says.items() if key not in ASIDE}
    phones = [PhoneFact(texts.pop(key), kind) for key, kind in PHONES if key in texts]
    if texts.get("deceased_on"):
        texts["status"] = Patient.Status.DECEASED
    elif texts.get("status") == Patient.Status.DECEASED:
        texts["deceased_on"] = None
    contact = None
    if says.get("contact_name"):
        contact = ContactFact(
            says["contact_name"], says.get("contact_relation", ""), says.get("contact_phone", "")
        )
    if texts.get("email") and not rules.is_email(texts["email"]):
        texts["email"] = ""
    return NewPerson(
        system=system,
        number=judged.key,
        phones=phones,
        contact=contact,
        note=_note(judged)[: rules.LONGEST_TEXT],
        alert=alert_of(judged),
        **texts,
    )


def _held(judged: Judged, twin: Twin) -> Came:
    return Came(judged.number, judged.key, "held", patient_id=twin.patient_id, why=[like(twin)])


def _chart_of(turn: Turn, row: int, came: Mapping[int, Came]) -> UUID | None:
    """Return the chart to which a row of the file went; None where it is in no chart."""
    if row in came:
        other = came[row]
        return other.patient_id if other.outcome in {"taken", "joined"} else None
    there = OldRow.objects.filter(file=turn.file, row=row, outcome__in=("taken", "joined"))
    return there.values_list("patient_id", flat=True).first()


def _put(turn: Turn, judged: Judged, came: dict[int, Came], fresh: list[tuple[Judged, NewPerson]]) -> None:
    person = person_of(turn.file.system, judged)
    if is_sound(person, today=turn.today):
        fresh.append((judged, person))
    else:
        came[judged.number] = bad(judged, [["", "unsound", ""]])


def _again(turn: Turn, judged: Judged) -> Came:
    """Mend a chart of this old system by what a later file says, unless the office has gone on with it."""
    before = turn.known.get(judged.key)
    patient = Patient.objects.filter(
        identifiers__system=turn.file.system, identifiers__value=judged.key
    ).first()
    if before is None or patient is None:
        return Came(judged.number, judged.key, "known")
    if patient.version != before.subject_version:
        return Came(judged.number, judged.key, "held", why=[["", "changed_here", ""]], patient_id=patient.pk)
    person = person_of(turn.file.system, judged)
    version, kept = mending.mend(turn, patient, person)
    return Came(
        judged.number,
        judged.key,
        "updated",
        subject_kind=SUBJECT,
        subject_id=patient.pk,
        version=version,
        stood=before.subject_version if version != before.subject_version else 0,
        patient_id=patient.pk,
        before=kept | {"row": [str(before.pk), before.mark]},
    )


def _join(turn: Turn, judged: Judged, twin: Twin) -> Came:
    if twin.patient_id is None:
        raise Refusal(_("There is no chart to put it to."))
    patients.add_number(turn.by, patient_id=twin.patient_id, system=turn.file.system, number=judged.key)
    return Came(
        judged.number,
        judged.key,
        "joined",
        subject_kind=SUBJECT,
        patient_id=twin.patient_id,
        why=[like(twin)],
    )


def _note(judged: Judged) -> str:
    """Return the note of a row, an alert that is too long to be one, and as words what could not be understood."""
    lost = [f"{flaw.column}: {flaw.said}" for flaw in judged.lost if flaw.said]
    email = judged.says.get("email", "")
    if email and not rules.is_email(email):
        lost.append(email)
    alert = "" if alert_of(judged) else judged.says.get("alert", "")
    return "; ".join(filter(None, [alert, judged.says.get("note", ""), *lost]))


def _lost(judged: Judged, person: NewPerson) -> list[list[str]]:
    told = [flaw.told() for flaw in judged.lost]
    if judged.says.get("email") and not person.email:
        told.append(["", "email", judged.says["email"][:80]])
    if len(_note(judged)) > rules.LONGEST_TEXT:
        told.append(["", "cut", ""])
    return told
