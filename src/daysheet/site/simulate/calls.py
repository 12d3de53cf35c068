"""The telephone of a played day: what rang this morning, who waits for a call back, who rings now."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.patients.models import Patient
from daysheet.phones import commands, queries
from daysheet.phones.commands import Report, Told
from daysheet.phones.models import Call
from daysheet.practice import queries as practice
from daysheet.site.simulate.day import PlayedPractice

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


@transaction.atomic
def play_calls(play: PlayedPractice, now: datetime) -> None:
    """Leave the telephone as it is in the middle of a morning; the same for the same seed."""
    desk, manager = _at_the_desk(play, now), play.office.by("office_manager", now)
    commands.take_usual_reasons(manager)
    for number, (ago, why, said, outcome) in enumerate(MORNING):
        call = _talk(play, desk, now - timedelta(minutes=ago), number, why, said)
        later = desk.at(now - timedelta(minutes=ago - 4))
        if outcome == "message":
            commands.leave_message(later, call_id=call.pk, text=said, role="clinician")
        commands.finish_call(later, call_id=call.pk, outcome=outcome, version=call.version)
    for number, (ago, why, said) in enumerate(WAITING, len(MORNING)):
        call = _talk(play, desk, now - timedelta(minutes=ago), number, why, said)
        commands.ask_call_back(desk.at(now - timedelta(minutes=ago - 3)), call_id=call.pk)
    commands.flag_number(desk, number="+16175550199", kind="nuisance", note="Sells printers, again and again")
    _by_the_system(play, now)


def _talk(play: PlayedPractice, desk: Actor, at: datetime, number: int, why: str, said: str) -> Call:
    """Take a call of a known patient, compare two identifiers, write down what was said."""
    by, patient = desk.at(at), play.chance.of("call", number).one_of(play.known)
    reason = queries.reasons().filter(words=why).first()
    call = commands.log_call(by, dialed=_phone(patient) if why else "+16175550199", then="open")
    if why:
        name = f"{patient.given} {patient.family}"
        asked = {"name": name, "born_on": patient.born_on}
        commands.identify_caller(by, call_id=call.pk, said=asked, relation="self")
        told = Told(reason.pk if reason else None, name, "self", said)
    else:
        told = Told(note=said)
    return commands.describe_call(by, call_id=call.pk, version=call.version, told=told)


def _by_the_system(play: PlayedPractice, now: datetime) -> None:
    """Let the telephone system report a voicemail, a caller who gave up, and two calls of this moment."""
    office = play.office
    events = (
        (150, "night", "voicemail"),
        (22, "gave-up", "ringing"),
        (21, "gave-up", "ended"),
        (3, "talks", "ringing"),
        (0, "rings", "ringing"),
    )
    for number, (ago, line, event) in enumerate(events):
        patient = play.chance.of("line", line).one_of(play.known)
        by = office.by("system", now - timedelta(minutes=ago, seconds=12 if line == "rings" else 0))
        commands.hear(by, report=Report(f"played-{number}", event, f"played-{line}", _phone(patient)))
    talks = Call.objects.get(line_id="played-talks")
    commands.take_call(_at_the_desk(play, now - timedelta(minutes=2)), call_id=talks.pk)


def _at_the_desk(play: PlayedPractice, now: datetime) -> Actor:
    """Return who sits at the desk: the receptionist with a place in the practice, where there is one."""
    by = play.office.by("receptionist", now)
    member = practice.members().filter(role="receptionist").first()
    return replace(by, user_id=member.user_id, name=member.display_name) if member else by


def _phone(patient: Patient) -> str:
    first = patient.phones.first()
    return first.number if first else ""
