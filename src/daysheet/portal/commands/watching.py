"""The desk watches: it takes over and gives back, calls in, and decides on each change that was proposed."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.patients import commands as patients
from daysheet.patients.models import Patient
from daysheet.patients.rules import PhoneFact
from daysheet.portal import queries
from daysheet.portal.commands.others import _hold_tokens, _move_tokens
from daysheet.portal.models import SelfCheckIn
from daysheet.portal.queries import Watched

State = SelfCheckIn.State


class NothingProposed(Refusal):
    """No change was chosen, or somebody has decided on it already."""


class NotSo(Refusal):
    """The patient is not where the button says."""


@command(needs=Can.MOVE_PATIENT)
def help_patient(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """Take over from the patient, whose screen says that the desk helps. Raises NotSo."""
    row = _held(row_id)
    if row.state != State.DOING:
        raise NotSo(_("This patient is not doing the steps just now."))
    row.state, row.helped_by = State.HELPED, by.name
    return _keep(by, row, "helped")


@command(needs=Can.MOVE_PATIENT)
def give_back(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """Let the patient go on alone. Raises NotSo."""
    row = _held(row_id)
    if row.state != State.HELPED:
        raise NotSo(_("The desk has not taken over here."))
    row.state, row.helped_by = State.DOING, ""
    return _keep(by, row, "given-back")


@command(needs=Can.MOVE_PATIENT)
def call_in(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """Ask a patient who waits in the car to come in. Raises NotSo."""
    tokens = _hold_tokens(row_id)
    row = _held(row_id)
    if not queries.is_in_car(row):
        raise NotSo(_("This patient does not wait in the car, or was called in already."))
    row.called_at, row.called_by = by.now, by.name
    _keep(by, row, "called-in")
    _move_tokens(by, tokens, in_car=False)
    return row


@command(needs=Can.MOVE_PATIENT)
def take_back_call(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """Let a patient who was called in by mistake wait on. Raises NotSo."""
    tokens = _hold_tokens(row_id)
    row = _held(row_id)
    if not row.called_at:
        raise NotSo(_("This patient was not called in."))
    row.called_at, row.called_by = None, ""
    _keep(by, row, "call-taken-back")
    _move_tokens(by, tokens, in_car=True)
    return row


@command(needs=Can.MOVE_PATIENT)
def follow_line(by: Actor, /, *, row_id: UUID, in_car: bool) -> SelfCheckIn:
    """Keep for an own check-in what the line says: the patient waits in the car, or is asked to come in."""
    row = _held(row_id)
    row.waits_in_car = True
    row.called_at, row.called_by = (None, "") if in_car else (by.now, by.name)
    return _keep(by, row, "waits-in-car" if in_car else "called-in")


@command(needs=Can.EDIT_PATIENTS)
def take_over_changes(by: Actor, /, *, row_id: UUID, version: int, fields: Sequence[str]) -> SelfCheckIn:
    """Write into the chart what the patient proposed, in the fields that a person has ticked.

    Raises NothingProposed, or ChangedMeanwhile when somebody else changed the chart.
    """
    row = _held(row_id)
    seen = queries.watched(row)
    chosen = {one.field: one.said for one in seen.open_changes if one.field in fields}
    if not chosen:
        raise NothingProposed(_("Tick what shall be taken over."))
    before: dict[str, Any] = {
        name: getattr(seen.patient, name) for name in (*chosen, "street2") if name != "phone"
    }
    new: dict[str, Any] = {name: value for name, value in chosen.items() if name != "phone"}
    if "street" in new:
        new["street2"] = ""
    if "phone" in chosen:
        old = _phones(seen)
        before["phones"] = [asdict(one) for one in old]
        new["phones"] = _with_first(old, chosen["phone"])
    patients.change_patient(by, patient_id=row.patient_id, version=version, **new)
    row.settled = row.settled | dict.fromkeys(chosen, "taken")
    row.said = row.said | {"before": before}
    return _keep(by, row, "changes-taken", fields=sorted(chosen))


@command(needs=Can.EDIT_PATIENTS)
def put_changes_back(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """Undo what was taken over last. Raises StaleForm when the chart was changed again since."""
    row = _held(row_id)
    before = dict(row.said.get("before") or {})
    taken = [name for name, how in row.settled.items() if how == "taken"]
    if not before or not taken:
        raise NothingProposed(_("There is nothing to put back."))
    patient = Patient.objects.get(pk=row.patient_id)
    now, said = queries.contact_of(patient), row.said["contact"]
    mine = [name for name in taken if name in before or (name == "phone" and "phones" in before)]
    if any(now[name] != said[name] for name in mine):
        raise StaleForm(_("The chart was changed again since. Mend it on the patient's page."))
    if "phones" in before:
        before["phones"] = [PhoneFact(**one) for one in before["phones"]]
    patients.change_patient(by, patient_id=patient.pk, version=patient.version, **before)
    row.settled = {name: how for name, how in row.settled.items() if name not in mine}
    row.said = {name: value for name, value in row.said.items() if name != "before"}
    return _keep(by, row, "changes-put-back", fields=sorted(mine))


@command(needs=Can.EDIT_PATIENTS)
def leave_as_it_is(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """Leave the chart as it is: what was proposed is put aside. Raises NothingProposed."""
    row = _held(row_id)
    open_now = [one.field for one in queries.watched(row).open_changes]
    if not open_now:
        raise NothingProposed(_("There is nothing to decide."))
    row.settled = row.settled | dict.fromkeys(open_now, "left")
    return _keep(by, row, "changes-left", fields=sorted(open_now))


def _held(row_id: UUID) -> SelfCheckIn:
    return SelfCheckIn.objects.select_for_update(of=("self",)).get(pk=row_id)


def _phones(seen: Watched) -> list[PhoneFact]:
    return [
        PhoneFact(one.number, one.kind, one.may_text, one.may_leave_message)
        for one in seen.patient.phones.order_by("rank", "id")
    ]


def _with_first(old: list[PhoneFact], number: str) -> list[PhoneFact]:
    """Return the numbers with the first one anew; what the patient allowed was allowed on the old number."""
    if not number:
        return old[1:]
    return [PhoneFact(number, old[0].kind if old else "mobile"), *old[1:]]


def _keep(by: Actor, row: SelfCheckIn, verb: str, fields: Sequence[str] = ()) -> SelfCheckIn:
    row.save()
    record(by, f"portal.self-check-in.{verb}", row, patients=[row.patient_id], fields=list(fields))
    announce(by.practice_id, "visits", str(row.visit_id or row.appointment_id))
    return row
