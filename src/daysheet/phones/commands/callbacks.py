"""Call backs with their clocks, and messages that become work of another."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.phones import opening, queries, rules
from daysheet.phones.commands.calls import (
    CALL_BACK,
    CallIsOver,
    Told,
    _call_back_work,
    _clear_work,
    _end,
    _held,
    _keep,
    _note,
    _put,
    _task,
    _wait,
)
from daysheet.phones.models import Call, CallStep
from daysheet.practice import queries as practice
from daysheet.tasks import commands as tasks


class NoMessage(Refusal):
    """A message needs words and somebody to read them."""


@command(needs=Can.ANSWER_PHONES)
def ask_call_back(
    by: Actor,
    /,
    *,
    call_id: UUID,
    minutes: int | None = None,
    note: str = "",
    version: int | None = None,
    told: Told | None = None,
) -> Call:
    """Promise the caller a call back: as soon as was said, else as the reason or the office's rule has it.

    Raises CallIsOver when it waits for one already, or when nobody can be called.
    """
    call = _held(call_id, version=version)
    if call.state == Call.State.WAITING:
        raise CallIsOver(_("This caller waits for a call back already."))
    if call.state == Call.State.RINGING:
        raise CallIsOver(_("Answer the call first."))
    _put(by, call, told)
    if not call.reach:
        sentence = _("There is no number to call back. Ask for it.")
        raise CallIsOver(sentence, back_to=sentence)
    _wait(call, by.now)
    if minutes:
        call.due_at = by.now + timedelta(minutes=minutes)
        call.source_of_due = _("promised by %(name)s") % {"name": by.name}
    _keep(by, call, _("call back promised"), note)
    _clear_work(by, call, waited=False)
    _call_back_work(by, call)
    record(by, "phones.call-back.promised", call, due_at=call.due_at.isoformat() if call.due_at else "")
    return call


@command(needs=Can.ANSWER_PHONES)
def take_back_promise(by: Actor, /, *, call_id: UUID) -> Call:
    """Take back a call back that was promised by mistake: the call is on the line again.

    Raises CallIsOver when nobody waits, or when it was tried already.
    """
    call = _held(call_id)
    if call.state != Call.State.WAITING or call.tries:
        raise CallIsOver(_("This caller does not wait for a call back any more."))
    call.state, call.ended_at, call.due_at, call.source_of_due = Call.State.OPEN, None, None, ""
    _keep(by, call, _("promise of a call back taken back"))
    tasks.close_items_of(by, subject_id=call.pk, kind=CALL_BACK, action_code="taken back")
    record(by, "phones.call-back.taken-back", call)
    return call


@command(needs=Can.ANSWER_PHONES)
def join_call(by: Actor, /, *, call_id: UUID, to_id: UUID, version: int, told: Told | None = None) -> Call:
    """Put a call to an earlier one of the same caller that waits for a call back: it ends, and one promise stands.

    What was said now stands in both; another number to call back on counts for the one that waits.
    Raises StaleForm, or CallIsOver where either is settled or they are not of the same caller.
    """
    locked = Call.objects.select_for_update().filter(pk__in=(call_id, to_id)).order_by("pk")
    held = {one.pk: one for one in locked}
    call, first = _held(call_id, version=version), held.get(to_id)
    if call.state not in (Call.State.OPEN, Call.State.WAITING):
        raise CallIsOver(_("This call is not on the line."))
    if first is None or first.pk not in {one.pk for one in queries.promised_to(call)}:
        raise CallIsOver(_("That call does not wait for the same caller any more. Look at it."))
    _put(by, call, told)
    waited = call.state == Call.State.WAITING
    _end(call, by.now, "joined")
    call.joined_to = first
    _keep(by, call, _("put to call %(n)s, which waits") % {"n": first.number})
    _clear_work(by, call, waited=waited)
    verb = _("called again: call %(n)s") % {"n": call.number}
    if call.back_to and call.back_to != first.reach:
        first.back_to = call.back_to
        _keep(by, first, verb, call.note)
    else:
        _note(by, first, verb, call.note)
    _call_back_work(by, first)
    record(by, "phones.call.joined", call, to=first.number)
    return call


@command(needs=Can.ANSWER_PHONES)
def called_back(
    by: Actor, /, *, call_id: UUID, version: int, note: str = "", told: Told | None = None
) -> Call:
    """Note that the caller was called back and reached.

    Raises StaleForm when a colleague has tried meanwhile, or CallIsOver.
    """
    call = _waiting(call_id, version)
    _put(by, call, told)
    call.tries += 1
    _end(call, by.now, "reached")
    _keep(by, call, _("called back, reached"), note)
    _clear_work(by, call, waited=True)
    record(by, "phones.call-back.made", call, tries=call.tries)
    return call


@command(needs=Can.ANSWER_PHONES)
def could_not_reach(
    by: Actor, /, *, call_id: UUID, version: int, note: str = "", told: Told | None = None
) -> Call:
    """Count a try that reached nobody: it is tried again after an hour of the open door; after three it may be finished.

    Raises StaleForm when a colleague has tried meanwhile, or CallIsOver.
    """
    call = _waiting(call_id, version)
    _put(by, call, told)
    call.tries += 1
    call.due_at = opening.due(by.now, rules.AGAIN // timedelta(minutes=1))
    call.source_of_due = _("try %(n)d reached nobody") % {"n": call.tries}
    _keep(by, call, _("call back, nobody reached"), note)
    tasks.close_items_of(by, subject_id=call.pk, kind=CALL_BACK, action_code="not_reached")
    _call_back_work(by, call)
    record(by, "phones.call-back.missed", call, tries=call.tries)
    return call


@command(needs=Can.ANSWER_PHONES)
def leave_message(
    by: Actor, /, *, call_id: UUID, text: str, role: str = "", member_id: UUID | None = None
) -> CallStep:
    """Put a message of the caller on the work list of a role or of one person.

    Raises NoMessage.
    """
    call = _held(call_id)
    if not text.strip():
        raise NoMessage(_("Write the message."), text=_("Write the message."))
    member = practice.members().filter(pk=member_id).first() if member_id else None
    if member_id and member is None:
        raise NoMessage(_("That person does not work here any more."), to=_("Choose somebody else."))
    whose = member.role if member else role
    if not whose:
        raise NoMessage(_("Choose for whom the message is."), to=_("Choose for whom."))
    step = _task(by, call, role=whose, text=text.strip(), owner_id=member.pk if member else None)
    record(by, "phones.message.left", call, role=whose)
    return step


def _waiting(call_id: UUID, version: int) -> Call:
    call = _held(call_id, version=version)
    if call.state != Call.State.WAITING:
        raise CallIsOver(_("This caller does not wait for a call back any more."))
    return call
