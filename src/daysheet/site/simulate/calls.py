"""The telephone of a played day: what rang this morning, who waits for a call back, who rings now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import holding
from daysheet.patients.models import Patient
from daysheet.phones import commands, queries
from daysheet.phones.commands import Report, Told
from daysheet.phones.models import Call
from daysheet.practice import queries as practice
from daysheet.site.simulate.played import PlayedPractice

Act = Callable[[datetime], None]
BOOK, BILL, REFILL, RESULT, UNWELL, RECORDS = (
    "Book, move or cancel a visit",
    "Question about a bill",
    "Medicine or refill",
    "Result of a test",
    "Does not feel well",
    "Records or a form",
)
MORNING = (
    (138, BOOK, "Wants the first time on Thursday.", "booked"),
    (126, BILL, "Two statements came, only one visit. Explained: one is for the laboratory.", "answered"),
    (119, REFILL, "Blood pressure tablets, five days left, usual pharmacy.", "message"),
    (104, BOOK, "Cancels Friday, will call again.", "booked"),
    (96, RECORDS, "Asks how the school form comes back. Told: by mail or at the desk.", "answered"),
    (83, "", "Asked for the bakery.", "wrong_number"),
    (71, BOOK, "Moved to the afternoon.", "booked"),
    (58, UNWELL, "Cough for three days, no fever. Booked for today.", "booked"),
    (44, "", "Offers new printers.", "nuisance"),
    (33, BILL, "Asks what the plan has paid. Told from the account.", "answered"),
)
"""Minutes ago, the reason, what was said, what came of it."""
WAITING = (
    (290, BILL, "Does not understand the letter of the plan."),
    (150, RESULT, "Blood test of last week."),
    (40, BOOK, "Needs a time after school hours."),
)
NUISANCE = "+16175550199"
BY_THE_SYSTEM = (
    (151, "night", "voicemail"),
    (22, "gave-up", "ringing"),
    (21, "gave-up", "ended"),
    (3, "talks", "ringing"),
    (0.2, "rings", "ringing"),
)
"""Minutes ago, the line, what happened on it."""


@transaction.atomic
def play_calls(play: PlayedPractice, now: datetime) -> None:
    """Leave the telephone as it is in the middle of a morning; the same for the same seed."""
    desk, manager = _at_the_desk(play, now), play.office.by("office_manager", now)
    commands.take_usual_reasons(manager)
    old = commands.keep_line(manager, name="Front desk before the move", hosts="192.0.2.10")
    commands.retire_line(manager, line_id=old.pk)
    acts: list[tuple[float, Act]] = []
    talks = [*MORNING, *((ago, why, said, "call_back") for ago, why, said in WAITING)]
    for number, one in enumerate(talks):
        acts.append((one[0], partial(talk, play, number=number, why=one[1], said=one[2], outcome=one[3])))
    for number, (ago, line, event) in enumerate(BY_THE_SYSTEM):
        acts.append((ago, partial(report, play, number=number, line=line, event=event)))
    for ago, act in sorted(acts, key=lambda one: -one[0]):
        act(now - timedelta(minutes=ago))
    talking = Call.objects.get(line_id="played-talks")
    commands.take_call(_at_the_desk(play, now - timedelta(minutes=2)), call_id=talking.pk)
    commands.flag_number(desk, number=NUISANCE, kind="nuisance", note="Sells printers, again and again")


def talk(
    play: PlayedPractice,
    at: datetime,
    *,
    number: int | str,
    why: str,
    said: str,
    outcome: str,
    who: Patient | None = None,
) -> None:
    """Take a call of a known patient: two identifiers, what was said, what came of it four minutes later."""
    by = _at_the_desk(play, at)
    patient = who or play.chance.of("call", number).one_of(play.known)
    reason = queries.reasons().filter(words=why).first()
    call = commands.log_call(by, dialed=_phone(patient) if why else NUISANCE, then="open")
    told = Told(note=said)
    if why:
        name = f"{patient.given} {patient.family}"
        asked = {"name": name, "born_on": patient.born_on}
        commands.identify_caller(by, call_id=call.pk, said=asked, relation="self")
        told = Told(reason.pk if reason else None, name, "self", said)
    call = commands.describe_call(by, call_id=call.pk, version=call.version, told=told)
    later = by.at(by.now + timedelta(minutes=4))
    if outcome == "call_back":
        commands.ask_call_back(later, call_id=call.pk)
        return
    if outcome == "message":
        commands.leave_message(later, call_id=call.pk, text=said, role="clinician")
    commands.finish_call(later, call_id=call.pk, outcome=outcome, version=call.version)


def report(play: PlayedPractice, at: datetime, *, number: int | str, line: str, event: str) -> None:
    """Let the telephone system report a ring, an end or a voicemail."""
    patient = play.chance.of("line", line).one_of(play.known)
    by = play.office.by("system", at)
    with holding():  # a played caller has patience: the ring stands until somebody looks at it
        commands.hear(by, report=Report(f"played-{number}", event, f"played-{line}", _phone(patient)))


def _at_the_desk(play: PlayedPractice, now: datetime) -> Actor:
    """Return who sits at the desk: the receptionist with a place in the practice, where there is one."""
    by = play.office.by("receptionist", now)
    member = practice.members().filter(role="receptionist").first()
    return replace(by, user_id=member.user_id, name=member.display_name) if member else by


def _phone(patient: Patient) -> str:
    first = patient.phones.first()
    return first.number if first else ""
