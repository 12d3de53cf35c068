"""Visits asked for from home, as they wait and were answered by mid-morning."""

from datetime import datetime, timedelta

from django.db import transaction

from daysheet.patients.models import Patient
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import AppointmentType
from daysheet.schedule.requests import Wish
from daysheet.site.simulate.played import PlayedPractice

WORDS = (
    ("Follow-up", "at_once", "Follow-up visit", "Cita de control"),
    ("Sick visit", "desk", "Visit for something new", "Cita por algo nuevo"),
    ("Physical", "desk", "Yearly check-up", "Examen anual"),
)
"""Kinds that the office opens to asking, by a word in their name, and how patients read them."""
ASKS = (
    ("morning", (0, 1), "wants a form filled in"),
    ("afternoon", (), "cough that stays"),
    ("any", (3, 4), ""),
)


@transaction.atomic
def ask_from_home(play: PlayedPractice, now: datetime) -> None:
    """Open kinds of visit to asking from home, and let three patients have asked."""
    by, open_kinds = play.office.by("office_manager", now - timedelta(days=9)), []
    for kind in AppointmentType.objects.filter(is_active=True).order_by("rank", "name"):
        found = next((one for one in WORDS if one[0].lower() in kind.name.lower()), None)
        if found is not None:
            schedule.keep_self_booking(by, type_id=kind.pk, how=found[1], called=found[2], called_es=found[3])
            open_kinds.append(kind)
    if not open_kinds:
        usual = AppointmentType.objects.filter(is_active=True).order_by("rank", "name")[0]
        schedule.keep_self_booking(by, type_id=usual.pk, how="desk", called=usual.name)
        open_kinds.append(usual)
    for number, (part, days, reason) in enumerate(ASKS):
        _asks(play, number, open_kinds[number % len(open_kinds)], part, days, reason, now)


def _asks(
    play: PlayedPractice,
    number: int,
    kind: AppointmentType,
    part: str,
    days: tuple[int, ...],
    reason: str,
    now: datetime,
) -> None:
    """Let one of the practice's patients ask for a kind of visit; who may not ask for it asks for none."""
    who: Patient = play.chance.of("asks from home", number).one_of(play.known)
    at = now - timedelta(hours=5 * (number + 1))
    held, _token = schedule.offer_asking(play.office.by("receptionist", at), patient_id=who.pk)
    try:
        with transaction.atomic():
            schedule.ask_for_visit(
                play.office.by("system", at),
                request_id=held.pk,
                type_id=kind.pk,
                wish=Wish(part=part, weekdays=days),
                reason=reason,
            )
    except schedule.NotToBeAsked:
        return
