"""Who calls about whom: two identifiers, typed as heard, before anything is shown about a patient."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.patients import commands as patients_commands
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.phones import queries, rules
from daysheet.phones.commands.calls import CALL_BACK, VOICEMAIL, CallIsOver, _held, _note
from daysheet.phones.commands.urgent import URGENT
from daysheet.phones.models import Call
from daysheet.tasks import commands as tasks


class TooFewIdentifiers(Refusal):
    """One identifier alone proves nothing."""


class TooManyMisses(Refusal):
    """What this caller said did not match three times."""


class NoReasonGiven(Refusal):
    """Who lets a caller be compared again says why."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of two identifiers: who it is, or nobody; `is_several`: more than one person fits."""

    patient: Patient | None
    is_several: bool = False


@command(needs=Can.ANSWER_PHONES)
def identify_caller(by: Actor, /, *, call_id: UUID, said: Mapping[str, Any], relation: str = "") -> Checked:
    """Compare what a caller said, two or more of name, birth date, phone and address, with the patients.

    A miss is kept and counted, so it is an answer and no refusal; what differs is never told.
    Raises TooFewIdentifiers, TooManyMisses, CallIsOver.
    """
    call = _held(call_id)
    if call.state == Call.State.RINGING:
        raise CallIsOver(_("Answer the call first."))
    given = {kind: value for kind, value in said.items() if value}
    if len(given) < 2:
        raise TooFewIdentifiers(_("Two identifiers are needed, such as name and birth date."))
    if call.misses >= rules.MOST_MISSES:
        raise TooManyMisses(
            _("Three answers did not match. Tell nothing; call back on the number that is on file.")
        )
    candidates = _who_it_may_be(by, call, given)
    wrong = {row.pk: patients.unmatched(row, given) for row in candidates.values()}
    right = [candidates[one] for one, differs in wrong.items() if not differs]
    if len(right) == 1:
        return Checked(_identify(by, call, right[0], given, relation))
    call.misses += 1
    _note(by, call, _("what the caller said did not match"))
    near = min(wrong, key=lambda one: len(wrong[one]), default=None)
    if near is not None:
        patients_commands.note_identity_check(by, patient_id=near, asked=list(given), matched=False)
    record(by, "phones.caller.not-identified", call, asked=sorted(given), misses=call.misses)
    return Checked(None, is_several=bool(right))


def _identify(by: Actor, call: Call, patient: Patient, given: Mapping[str, Any], relation: str) -> Patient:
    call.patient, call.identified_at, call.identified_by = patient, by.now, by.name
    call.identified_with = ", ".join(sorted(given))
    call.relation = relation.strip() or call.relation
    _note(by, call, _("identified"))
    _name_in_work(by, call)
    patients_commands.note_identity_check(by, patient_id=patient.pk, asked=list(given), matched=True)
    record(by, "phones.caller.identified", call, asked=sorted(given))
    return patient


def _name_in_work(by: Actor, call: Call) -> None:
    """Let what is open of a call on My work name whom the call is about, or nobody."""
    for kind in (CALL_BACK, VOICEMAIL, URGENT):
        tasks.name_patient(by, subject_id=call.pk, kind=kind, patient_id=call.patient_id)


@command(needs=Can.MANAGE_OFFICE)
def compare_again(by: Actor, /, *, call_id: UUID, reason: str) -> Call:
    """Let a caller whose answers did not match three times be compared once more, for a reason that is kept.

    Raises NoReasonGiven, or CallIsOver where nothing stands in the way.
    """
    call = _held(call_id)
    if call.misses < rules.MOST_MISSES or call.patient_id:
        raise CallIsOver(_("This caller can be compared as it is."))
    if not reason.strip():
        sentence = _("Say why the caller is compared again.")
        raise NoReasonGiven(sentence, because=sentence)
    call.misses = rules.MOST_MISSES - 1
    _note(by, call, _("may be compared once more"), reason)
    record(by, "phones.caller.compared-again", call, reason=reason.strip())
    return call


@command(needs=Can.ANSWER_PHONES)
def tie_new_patient(by: Actor, /, *, call_id: UUID, patient: Patient) -> Call:
    """Say that a call is about a patient whose chart was just made of what the caller said.

    Raises CallIsOver where the call has ended or names somebody already.
    """
    call = _held(call_id)
    if call.state not in (Call.State.OPEN, Call.State.WAITING) or call.patient_id:
        raise CallIsOver(_("This call is not on the line."))
    _identify(by, call, patient, {"name": patient.family, "born_on": patient.born_on}, "")
    return call


@command(needs=Can.ANSWER_PHONES)
def forget_caller(by: Actor, /, *, call_id: UUID) -> Call:
    """Take back about whom a call is: the caller speaks of somebody else after all."""
    call = _held(call_id)
    if call.patient_id is None:
        raise CallIsOver(_("Nobody is named in this call."))
    was = call.patient_id
    call.patient, call.identified_at, call.identified_by, call.identified_with = None, None, "", ""
    _note(by, call, _("about somebody else after all"))
    _name_in_work(by, call)
    record(by, "phones.caller.forgotten", call, patients=[was])
    return call


def _who_it_may_be(by: Actor, call: Call, given: Mapping[str, Any]) -> dict[UUID, Patient]:
    """Return the patients that what was said leads to: by the numbers, the birth date, else by the name."""
    found = [*patients.reached_by(call.phone), *patients.reached_by(given.get("phone") or "")]
    if given.get("born_on"):
        found += patients.born([given["born_on"]])
    elif given.get("name"):
        today = by.now.astimezone(queries.zone_of(by.practice_id)).date()
        found += [hit.patient for hit in patients.search(text=given["name"], today=today)]
    return {row.pk: row for row in found}
