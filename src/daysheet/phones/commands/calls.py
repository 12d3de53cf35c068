"""A call from its first ring to its end: logged, taken, written down, held, passed on, finished."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can, roles
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.numbers import next_number
from daysheet.patients import queries as patients
from daysheet.phones import opening, queries, rules
from daysheet.phones.models import Call, CallReason, CallStep
from daysheet.practice import queries as practice
from daysheet.tasks import commands as tasks
from daysheet.tasks import queries as places

VOICEMAIL, CALL_BACK = "voicemail", "call_back"


class CallIsUnknown(Refusal):
    """No call of this office has that id."""


class CallIsTaken(Refusal):
    """Somebody else has the call already."""


class CallIsOver(Refusal):
    """The call has ended, or is not in the state that the act needs."""


class ReasonIsUnknown(Refusal):
    """The reason is not, or no longer, one of the office's."""


class NobodyToPassTo(Refusal):
    """A caller is passed on to somebody."""


class NothingToLog(Refusal):
    """A call without number, caller and note says nothing."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is written down of a call: why, who calls, for whom, and what was said."""

    reason_id: UUID | None = None
    caller_name: str = ""
    relation: str = ""
    note: str = ""
    back_to: str = ""


@command(needs=Can.ANSWER_PHONES)
def log_call(
    by: Actor,
    /,
    *,
    dialed: str,
    direction: str = Call.Direction.IN,
    reason_id: UUID | None = None,
    caller_name: str = "",
    note: str = "",
    then: str = "done",
) -> Call:
    """Write a call down. `then`: it is done, it goes on (open), or it waits for a call back (call_back).

    A reason that becomes a task puts the note on the work list of the role that takes it now.
    Raises NothingToLog, ReasonIsUnknown, or CallIsOver where nobody can be called back.
    """
    if not (dialed.strip() or caller_name.strip() or note.strip()):
        raise NothingToLog(
            _("Write the number, the caller or a note."), dialed=_("The number, or withheld and a note.")
        )
    phone = rules.normalized(dialed)
    if then == "call_back" and not phone:
        sentence = _("There is no number to call back. Ask for it.")
        raise CallIsOver(sentence, dialed=sentence)
    why = _reason(reason_id)
    call = Call(
        number=next_number("call"),
        direction=Call.Direction(direction),
        dialed=dialed.strip(),
        phone=phone,
        state=Call.State.OPEN,
        began_at=by.now,
        answered_at=by.now,
        answered_by=places.place_of(by),
        reason=why,
        caller_name=caller_name.strip(),
        note=note.strip(),
    )
    if then == "call_back":
        _wait(call, by.now)
    elif then == "done":
        call.state, call.ended_at = Call.State.DONE, by.now
        call.outcome = "message" if why and why.becomes_task else "answered"
    call.save()
    _step(by, call, _("logged"))
    if why and why.becomes_task and then != "call_back":
        _task(by, call, role=_role(by, why), text=note.strip() or why.words, of_end=then == "done")
    if then == "call_back":
        _call_back_work(by, call)
    record(by, "phones.call.logged", call, direction=call.direction, state=call.state)
    return call


@command(needs=Can.ANSWER_PHONES)
def take_call(by: Actor, /, *, call_id: UUID) -> Call:
    """Answer a call that rings, or go through a voicemail or an abandoned call.

    Raises CallIsTaken when somebody else was quicker.
    """
    call = _held(call_id)
    if call.state == Call.State.OPEN and call.answered_by:
        raise CallIsTaken(_("%(name)s has this call.") % {"name": call.answered_by.display_name})
    if call.state in (Call.State.DONE, Call.State.WAITING):
        raise CallIsOver(_("This call has ended. Look at what came of it."))
    was = call.state
    call.state, call.answered_by, call.ended_at = Call.State.OPEN, places.place_of(by), None
    call.answered_at, call.outcome = call.answered_at or by.now, ""
    _keep(by, call, _("taken"))
    record(by, "phones.call.taken", call, was=was)
    return call


@command(needs=Can.ANSWER_PHONES)
def describe_call(by: Actor, /, *, call_id: UUID, version: int, told: Told) -> Call:
    """Write down who calls, for whom, why, and what was said.

    Raises StaleForm, or ReasonIsUnknown.
    """
    call = _held(call_id, version=version)
    _put(by, call, told)
    _keep(by, call, _("written down"))
    record(by, "phones.call.described", call)
    return call


@command(needs=Can.ANSWER_PHONES)
def hold_call(by: Actor, /, *, call_id: UUID, note: str = "") -> Call:
    """Put the caller on hold, and say why.

    Raises CallIsOver.
    """
    call = _on_the_line(call_id)
    call.held_at = call.held_at or by.now
    _note(by, call, _("on hold"), note)
    record(by, "phones.call.held", call)
    return call


@command(needs=Can.ANSWER_PHONES)
def resume_call(by: Actor, /, *, call_id: UUID) -> Call:
    """Take the caller off hold.

    Raises CallIsOver.
    """
    call = _on_the_line(call_id)
    call.held_at = None
    _note(by, call, _("back on the line"))
    record(by, "phones.call.resumed", call)
    return call


@command(needs=Can.ANSWER_PHONES)
def pass_call(
    by: Actor, /, *, call_id: UUID, member_id: UUID, version: int | None = None, told: Told | None = None
) -> Call:
    """Pass the caller, with all that was written down, to a colleague who goes on with the call.

    Raises CallIsOver, StaleForm, or NobodyToPassTo.
    """
    call = _on_the_line(call_id, version=version)
    _put(by, call, told)
    member = practice.members().filter(pk=member_id).first()
    if member is None or Can.ANSWER_PHONES not in roles()[member.role].may:
        sentence = _("That person does not take calls here. Choose somebody else.")
        raise NobodyToPassTo(sentence, to=sentence)
    call.answered_by, call.held_at = member, None
    _keep(by, call, _("passed on to %(to)s") % {"to": member.display_name})
    record(by, "phones.call.passed", call, to=str(member.pk))
    return call


@command(needs=Can.ANSWER_PHONES)
def transfer_call(
    by: Actor,
    /,
    *,
    call_id: UUID,
    to: str,
    note: str = "",
    version: int | None = None,
    told: Told | None = None,
) -> Call:
    """Note that the caller was passed on to somebody outside of the office's own phones: the call ends here.

    Raises CallIsOver, StaleForm, or NobodyToPassTo.
    """
    call = _on_the_line(call_id, version=version)
    _put(by, call, told)
    if not to.strip():
        raise NobodyToPassTo(_("Write to whom the caller is passed on."), to=_("To whom?"))
    _end(call, by.now, "transferred")
    _keep(by, call, _("passed on to %(to)s") % {"to": to.strip()}, note)
    _clear_work(by, call, waited=False)
    record(by, "phones.call.transferred", call)
    return call


@command(needs=Can.ANSWER_PHONES)
def finish_call(
    by: Actor, /, *, call_id: UUID, outcome: str, note: str = "", version: int, told: Told | None = None
) -> Call:
    """End a call, saying what came of it.

    Raises StaleForm, or CallIsOver.
    """
    call = _held(call_id, version=version)
    if call.state == Call.State.DONE:
        raise CallIsOver(_("This call is done already."))
    if call.state == Call.State.RINGING:
        raise CallIsOver(_("Answer the call first."))
    if outcome not in rules.CHOSEN:
        raise Refusal(_("Choose what came of the call."), outcome=_("Choose what came of the call."))
    _put(by, call, told)
    waited = call.state == Call.State.WAITING
    _end(call, by.now, outcome)
    _keep(by, call, _("finished"), note)
    _always_work(by, call)
    _clear_work(by, call, waited=waited)
    record(by, "phones.call.finished", call, outcome=outcome)
    return call


@command(needs=Can.ANSWER_PHONES)
def reopen_call(by: Actor, /, *, call_id: UUID) -> Call:
    """Open a call that was ended by mistake: one that waited for a call back waits again, with the clock it had.

    What its end put on a work list goes, where nobody has touched it. Raises CallIsOver when it has not ended.
    """
    call = _held(call_id)
    if call.state != Call.State.DONE:
        raise CallIsOver(_("This call has not ended."))
    was, call.outcome = call.outcome, ""
    first, call.joined_to = call.joined_to, None
    if call.due_at:
        call.state = Call.State.WAITING
        call.tries -= was == "reached"
    else:
        call.state, call.ended_at = Call.State.OPEN, None
        call.answered_by = places.place_of(by) or call.answered_by
    _keep(by, call, _("opened again"))
    if first is not None:
        _step(by, first, _("call %(n)s stands by itself again") % {"n": call.number})
    _withdraw_work(by, call)
    if call.state == Call.State.WAITING:
        _call_back_work(by, call)
    record(by, "phones.call.reopened", call, was=was)
    return call


@command(needs=Can.ANSWER_PHONES)
def mark_abandoned(by: Actor, /, *, call_id: UUID) -> Call:
    """Note that the caller hung up before anybody answered."""
    call = _held(call_id)
    if call.state != Call.State.RINGING:
        raise CallIsOver(_("This call does not ring any more."))
    _abandon(call, by.now)
    _keep(by, call, _("hung up before an answer"))
    record(by, "phones.call.abandoned", call)
    return call


def _reason(reason_id: UUID | None) -> CallReason | None:
    if reason_id is None:
        return None
    found = queries.reasons().filter(pk=reason_id).first()
    if found is None:
        raise ReasonIsUnknown(_("That reason is not on the list any more."), reason=_("Choose another one."))
    return found


def _role(by: Actor, why: CallReason | None) -> str:
    return queries.role_for(why, at=by.now.astimezone(queries.zone_of(by.practice_id)).time())


def _put(by: Actor, call: Call, told: Told | None) -> None:
    if told is None:
        return
    call.answered_by = call.answered_by or places.place_of(by)
    if told.reason_id != call.reason_id:  # the reason that a call has may have left the list since
        call.reason = _reason(told.reason_id)
    call.caller_name, call.relation = told.caller_name.strip(), told.relation.strip()
    call.note, call.back_to = told.note.strip(), rules.normalized(told.back_to)


def _held(call_id: UUID, *, version: int | None = None) -> Call:
    # Without joins: what a join brings along is as it was before this statement had to wait for the lock.
    call = Call.objects.select_for_update().filter(pk=call_id).first()
    if call is None:
        raise CallIsUnknown(_("This office has no such call."))
    if version is not None and call.version != version:
        raise StaleForm(_("Somebody else has written in this call meanwhile. Look at it again."))
    return call


def _on_the_line(call_id: UUID, *, version: int | None = None) -> Call:
    call = _held(call_id, version=version)
    if call.state != Call.State.OPEN:
        raise CallIsOver(_("This call is not on the line."))
    return call


def _end(call: Call, now: datetime, outcome: str) -> None:
    # The clock of a call back stays, for a call that is opened again.
    call.state, call.ended_at, call.outcome = Call.State.DONE, call.ended_at or now, outcome
    call.held_at = None


def _abandon(call: Call, now: datetime) -> None:
    call.state, call.ended_at, call.outcome = Call.State.ABANDONED, now, "none"


def _wait(call: Call, now: datetime) -> None:
    minutes = call.reason.call_back_minutes if call.reason else None
    call.state, call.ended_at, call.held_at = Call.State.WAITING, call.ended_at or now, None
    call.due_at = opening.due(now, minutes)
    call.source_of_due = call.reason.words if call.reason and minutes else _("office rule 4 h")


def _keep(by: Actor, call: Call, verb: str, note: str = "") -> None:
    """Save what changes the call's page under the hand of whoever writes in it."""
    call.version += 1
    _note(by, call, verb, note)


def _note(by: Actor, call: Call, verb: str, note: str = "") -> None:
    """Save what leaves the words that are just being typed alone: the form that holds them stays good."""
    call.save()
    _step(by, call, verb, note)


def _step(by: Actor, call: Call, verb: str, note: str = "", **marks: bool) -> CallStep:
    announce(by.practice_id, "phones")
    facts = {"at": by.now, "by_name": by.name, "verb": verb, "note": note.strip()}
    return CallStep.objects.create(call=call, **marks, **facts)


def _task(
    by: Actor, call: Call, *, role: str, text: str, owner_id: UUID | None = None, of_end: bool = False
) -> CallStep:
    """Put a message of a call on the work list; each message is an item of its own."""
    step = _step(by, call, _("message left"), text, is_message=True, of_end=of_end)
    minutes = call.reason.call_back_minutes if call.reason else None
    tasks.open_item(
        by,
        kind="message",
        reason_code="PHONE-MESSAGE",
        sentence=text,
        due_at=opening.due(by.now, minutes),
        source_of_due=call.reason.words if call.reason else _("office rule 4 h"),
        role=role,
        owner_id=owner_id,
        subject=step,
        patient_id=call.patient_id,
        link=_link(role, call),
    )
    return step


def _link(role: str, call: Call) -> str:
    """Return the way from My work to the call; whoever may not open calls reads the message itself."""
    may = roles()[role].may if role in roles() else frozenset()
    return patients.address("phones:call", call.pk) if Can.ANSWER_PHONES in may else ""


def _call_back_work(by: Actor, call: Call) -> None:
    """Put a call back on the work list of the role whose calls these are now."""
    role = _role(by, call.reason)
    tasks.open_item(
        by,
        kind=CALL_BACK,
        reason_code="PHONE-CALL-BACK",
        sentence=call.note or (call.reason.words if call.reason else _("Call %(n)s") % {"n": call.number}),
        due_at=call.due_at or opening.due(by.now, None),
        source_of_due=call.source_of_due,
        role=role,
        subject=call,
        patient_id=call.patient_id,
        link=_link(role, call),
    )


def _always_work(by: Actor, call: Call) -> None:
    """Put the note on the work list where the reason asks for it and no message was left."""
    if call.reason is None or not call.reason.becomes_task or call.outcome not in rules.TOLD_ON:
        return
    left = CallStep.objects.filter(call=call, is_message=True).count()
    if left == CallStep.objects.filter(call=call, is_message=False, of_end=True).count():  # all withdrawn
        _task(by, call, role=_role(by, call.reason), text=call.note or call.reason.words, of_end=True)


def _withdraw_work(by: Actor, call: Call) -> None:
    """Take back what the end of a call put on a work list, where nobody has touched it."""
    made = CallStep.objects.filter(call=call, is_message=True, of_end=True).order_by("at", "id").last()
    if made and tasks.withdraw_item(by, subject_id=made.pk, kind="message"):
        _step(by, call, _("message withdrawn"), of_end=True)


def _clear_work(by: Actor, call: Call, *, waited: bool) -> None:
    """Close what was open for a call that has ended."""
    tasks.close_items_of(by, subject_id=call.pk, kind=VOICEMAIL, action_code="done")
    if waited:
        done = "reached" if call.outcome == "reached" else "done"
        tasks.close_items_of(by, subject_id=call.pk, kind=CALL_BACK, action_code=done)
