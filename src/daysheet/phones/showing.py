"""How a call stands in a row, which rooms it leads to, and whom the number may be of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.kernel.access import Actor, Can, roles
from daysheet.patients import people
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.phones import queries, rules
from daysheet.phones.models import Call, CallReason, PhoneLine
from daysheet.phones.queries import CallLine
from daysheet.phones.standing import standing
from daysheet.ui.screens import Request
from daysheet.ui.words import phone as spoken

STATES = {
    Call.State.RINGING: "ringing",
    Call.State.OPEN: "on_the_line",
    Call.State.WAITING: "call_back",
    Call.State.DONE: "done",
    Call.State.ABANDONED: "abandoned",
    Call.State.VOICEMAIL: "voicemail",
}
"""Under which key each state stands in the one table of states."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call as a row of the desk; the names are the component's."""

    id: UUID
    tone: str
    clock: str
    source: str
    kind: str
    subject: str
    subject_url: str
    reason: str
    note: str
    owner: str
    act: tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class RoomDoor:
    """A room in which a call is dealt with, with the patient chosen."""

    words: str
    url: str
    is_next: bool
    """The reason of the call leads here."""


@dataclass(frozen=True, slots=True)
class Route:
    """Whose calls of a reason are now, and how soon such a caller is called back."""

    role: str
    until: str
    within: str


def row_of(line: CallLine) -> CallRow:
    """Return a call as a row: its clock, who calls, why, who has it, the next act."""
    call = line.call
    page = reverse("phones:call", args=[call.pk])
    flag = line.flag.get_kind_display() if line.flag else ""
    urgent = _("Red flag: %(words)s") % {"words": call.red_flag.words} if call.red_flag else ""
    why = call.reason.words if call.reason else ""
    tries = ngettext("tried %(num)d time", "tried %(num)d times", call.tries) % {"num": call.tries}
    rings = call.state == Call.State.RINGING
    source = call.source_of_due if call.state == Call.State.WAITING else ""
    return CallRow(
        id=call.pk,
        tone="stop" if call.red_flag and call.state == Call.State.OPEN else line.clock.tone,
        clock=line.clock.words or word_of(call),
        source="" if source == why else source,
        kind=word_of(call),
        subject=subject_of(call),
        subject_url=page,
        reason=" · ".join(filter(None, (urgent, why, call.note[:140]))),
        note=" · ".join(filter(None, (flag, tries if call.tries else ""))),
        owner=call.answered_by.display_name if call.answered_by else "",
        act=(_("Answer"), reverse("phones:call-take", args=[call.pk]), True)
        if rings
        else (_("Open"), page, False),
    )


def subject_of(call: Call) -> str:
    """Return who calls: the patient once identified; before that the name as heard, and the number."""
    number = spoken(call.reach) or call.dialed or _("number withheld")
    if call.patient:
        return f"{call.patient} {call.patient.chart_number}, {number}"
    return f"{call.caller_name}, {number}" if call.caller_name else number


def heard(call: Call, said: Mapping[str, Any]) -> str:
    """Return what is known of a caller who is new here, as it is typed into the search: name, birth date, number."""
    born = f"{said['born_on']:%m/%d/%Y}" if said.get("born_on") else ""
    number = (said.get("phone") or call.reach).removeprefix("+1")
    return " ".join(filter(None, (said.get("name") or call.caller_name, born, number)))


def word_of(call: Call) -> str:
    """Return what came of a call, or its state while nothing did."""
    if call.state == Call.State.DONE:
        return _(rules.OUTCOMES.get(call.outcome, "Done"))
    return _(call.get_state_display())


def doors_of(by: Actor, patient_id: UUID, reason: CallReason | None) -> Sequence[RoomDoor]:
    """Return the rooms that are open to the reader, with the patient chosen; that of the reason comes first."""
    wanted = reason.door if reason else ""
    known = (
        ("book", _("Book a visit"), "schedule:appointment-book", Can.BOOK_APPOINTMENT),
        ("bill", _("Account and bills"), "ledger:account", Can.SEE_MONEY),
        ("records", _("Papers and records"), "documents:patient-panel", Can.SEE_PAPERS),
        ("", _("Patient's page"), "patients:patient-page", Can.SEE_PATIENTS),
    )
    found = [
        RoomDoor(words, url, bool(key) and key == wanted)
        for key, words, name, needs in known
        if by.can(needs) and (url := patients.address(name, patient_id))
    ]
    if wanted in ("message", "refill"):
        words = _("Send the refill request") if wanted == "refill" else _("Leave a message")
        found.append(RoomDoor(words, "#message", is_next=True))
    return sorted(found, key=lambda door: not door.is_next)


def route_of(reason: CallReason | None, *, now: datetime) -> Route | None:
    """Return whose calls of a reason are at this time of the office's clock."""
    if reason is None:
        return None
    key = queries.role_for(reason, at=now.time())
    held = roles().get(key)
    until = time_words(reason.closes) if reason.closes and key == reason.role else ""
    within = rules.span(rules.due(now, reason.call_back_minutes) - now)
    return Route(held.name if held else key, until, within)


def time_words(at: time) -> str:
    """Return a time of day as the office says it: 5:00 pm."""
    half = _("am") if at.hour < 12 else _("pm")
    return f"{at.hour % 12 or 12}:{at.minute:02d} {half}"


def hours_of(reason: CallReason) -> str:
    """Return whose calls of a reason are, and between which times of day."""
    held = roles().get(reason.role)
    name = held.name if held else reason.role
    if reason.opens is None or reason.closes is None:
        return name
    return f"{name}, {time_words(reason.opens)} - {time_words(reason.closes)}"


def contacts_of(patient: Patient, *, today: date) -> Sequence[tuple[str, str, str, str, str]]:
    """Return who else is on file: name, what they are to the patient, tone, what they may be told, and why."""
    topics = {"times": _("times of visits"), "money": _("money"), "health": _("health")}
    found = []
    for one in people.around(patient, today=today):
        answer = one.answers["hear"]
        told = ", ".join(topics[topic] for topic in answer.topics)
        words = {
            "yes": _("May be told about visits and care"),
            "limits": _("May be told only: %(what)s") % {"what": told or _("what is agreed")},
            "no": _("Tell nothing but that we called"),
            "ask": _("Ask the manager first"),
        }[answer.word]
        tone = {"yes": "done", "no": "stop"}.get(answer.word, "attention")
        found.append((one.contact.name, one.contact.relationship, tone, words, answer.why))
    return found


def system(request: Request) -> dict[str, Any]:
    """Return the page of the telephone system: the door of reports, and each line with the address that rings it."""
    now = request.actor.now
    found = queries.lines(now=now, zone=request.office.zone)
    lines = [(one, line_address(request, one), standing(one, now=now)) for one in found]
    return {"door": queries.hook(), "lines": lines, "retired": list(queries.retired_lines()[:20])}


def line_address(request: Request, line: PhoneLine) -> str:
    """Return the address that the telephone system rings, under the name that this page was asked by."""
    return f"sip:{line.user}@{split_domain_port(request.get_host())[0]}:{settings.SIP_PORT}"
