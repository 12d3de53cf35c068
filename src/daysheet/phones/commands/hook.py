"""The telephone system's door: opened and closed by the manager; what is reported through it becomes calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.jobs import later
from daysheet.kernel.numbers import next_number
from daysheet.patients import queries as patients
from daysheet.phones import keys, opening, queries, rules
from daysheet.phones.commands.calls import VOICEMAIL, _abandon, _keep, _note, _step
from daysheet.phones.models import Call, HookReport, PhoneFlag, PhoneHook, PhoneLine
from daysheet.tasks import commands as tasks


class DoorIsOpenElsewhere(Refusal):
    """Somebody else has made new keys at the same moment."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The new keys of the door, shown once."""

    token: str
    secret: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a telephone system reports: its own id, what happened, on which call, of which number."""

    id: str
    event: str
    line_id: str
    dialed: str = ""
    direction: str = "in"
    came_by: UUID | None = None
    """The line that told of it; nothing where it came through the door."""


@command(needs=Can.MANAGE_OFFICE)
def open_hook(by: Actor, /) -> Keys:
    """Make new keys for the telephone system; the old ones open nothing any more.

    Raises DoorIsOpenElsewhere.
    """
    PhoneHook.objects.filter(closed_at__isnull=True).update(closed_at=by.now)
    made = Keys(keys.new_token(by.practice_id), keys.new_secret())
    twice = DoorIsOpenElsewhere(_("Somebody else has made new keys at this moment. Look at the page again."))
    with refusing(phone_hook_is_open_once=twice):
        hook = PhoneHook.objects.create(
            token_hash=keys.hash_of(made.token),
            secret=keys.seal(made.secret),
            made_at=by.now,
            made_by=by.name,
        )
    record(by, "phones.hook.opened", hook)
    return made


@command(needs=Can.MANAGE_OFFICE)
def close_hook(by: Actor, /) -> None:
    """Hear nothing of the telephone system any more."""
    closed = PhoneHook.objects.filter(closed_at__isnull=True).update(closed_at=by.now)
    record(by, "phones.hook.closed", doors=closed)


@command(needs=Can.ANSWER_PHONES)
def hear(by: Actor, /, *, report: Report) -> Call | None:
    """Take a report of the telephone system in, once by its id; return the call, or None when it was known.

    Reports may come late or in a wrong order: what ended does not ring again.
    """
    try:
        with transaction.atomic():
            row = HookReport.objects.create(report_id=report.id, event=report.event, at=by.now)
    except IntegrityError:
        record(by, "phones.report.repeated", event=report.event)
        return None
    call = _call_of(by, report)
    ACTS[report.event](by, call)
    row.call = call
    row.save(update_fields=["call"])
    if report.came_by:
        PhoneLine.objects.filter(pk=report.came_by).update(heard_at=by.now)
    else:
        PhoneHook.objects.filter(closed_at__isnull=True).update(heard_at=by.now)
    record(by, "phones.report.heard", call, event=report.event)
    return call


def _call_of(by: Actor, report: Report) -> Call:
    """Return the call of a line, locked; the first report of a line begins it."""
    if found := _of_line(report.line_id):
        return found
    dialed, is_in = rules.heard(report.dialed), report.direction == Call.Direction.IN
    phone = rules.normalized(dialed)
    try:
        with transaction.atomic():
            call = Call.objects.create(
                number=next_number("call"),
                direction=report.direction,
                dialed=dialed,
                phone=phone,
                state=Call.State.RINGING if is_in else Call.State.OPEN,
                answered_at=None if is_in else by.now,
                began_at=by.now,
                line_id=report.line_id,
                came_by_id=report.came_by,
            )
    except IntegrityError:  # another report of the same line came at the same moment
        known = _of_line(report.line_id)
        if known is None:
            raise
        return known
    flag = queries.flag_of(phone)
    if is_in and flag and flag.kind == PhoneFlag.Kind.BLOCKED:
        call.state, call.ended_at, call.outcome = Call.State.DONE, by.now, "blocked"
        call.save(update_fields=["state", "ended_at", "outcome"])
    elif is_in and not report.came_by:  # a line has a limit of its own
        later("phones.end_ring", at=by.now + rules.RINGS, practice_id=by.practice_id, call_id=call.pk)
    _step(by, call, _("began"))
    return call


def _of_line(line_id: str) -> Call | None:
    return Call.objects.select_for_update().filter(line_id=line_id).first()


def _rings(_by: Actor, _call: Call) -> None:
    """Nothing more: the call rings since its first report."""


def _is_answered(by: Actor, call: Call) -> None:
    rang_out = call.state == Call.State.ABANDONED and not _has_ended(call)
    if call.state == Call.State.RINGING or rang_out:
        call.state, call.answered_at = Call.State.OPEN, by.now
        call.ended_at, call.outcome = None, ""
        _note(by, call, _("answered"))


def _has_ended(call: Call) -> bool:
    """Return whether the telephone system itself has reported the end of a call."""
    return HookReport.objects.filter(call=call, event="ended").exists()


def _ends(by: Actor, call: Call) -> None:
    if call.state == Call.State.RINGING:
        _abandon(call, by.now)
        _keep(by, call, _("hung up before an answer"))
    elif call.state == Call.State.OPEN and call.direction == Call.Direction.OUT and not call.answered_by_id:
        call.state, call.ended_at, call.outcome = Call.State.DONE, by.now, "called"
        _keep(by, call, _("hung up"))
    elif call.state == Call.State.OPEN and call.ended_at is None:
        call.ended_at = by.now  # the person who took it still says what came of it
        _note(by, call, _("hung up"))


def _is_on_the_machine(by: Actor, call: Call) -> None:
    is_the_machines = call.state == Call.State.OPEN and call.direction == Call.Direction.IN
    is_nobodys = is_the_machines and call.answered_by_id is None  # "answered" was said of the machine
    if call.state not in (Call.State.RINGING, Call.State.ABANDONED) and not is_nobodys:
        return
    call.state, call.ended_at, call.outcome = Call.State.VOICEMAIL, by.now, ""
    _keep(by, call, _("left a voicemail"))
    tasks.open_item(
        by,
        kind=VOICEMAIL,
        reason_code="PHONE-VOICEMAIL",
        sentence=_("Call %(n)s left a voicemail.") % {"n": call.number},
        due_at=opening.due(by.now, rules.LISTEN // timedelta(minutes=1)),
        source_of_due=_("office rule 2 h"),
        role="receptionist",
        subject=call,
        link=patients.address("phones:call", call.pk),
    )


ACTS: dict[str, Callable[[Actor, Call], None]] = {
    "ringing": _rings,
    "answered": _is_answered,
    "ended": _ends,
    "voicemail": _is_on_the_machine,
}
"""What each kind of report does to its call."""
