"""What is still to come in the old system: appointments."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.clock import NoSuchLocalTime, local_instant
from daysheet.kernel.errors import Refusal
from daysheet.movein.models import OldFile, OldRow
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking.coming import (
    ANY,
    Came,
    Turn,
    Words,
    as_they_came,
    bad,
    flat,
    left,
    otherwise,
    refused,
)
from daysheet.patients.many import by_number
from daysheet.schedule import commands as schedule
from daysheet.schedule.clashes import Wanted, taken_among
from daysheet.schedule.commands import NewVisit
from daysheet.schedule.models import Appointment, AppointmentType

OVER = frozenset(
    {
        "cancelled", "canceled", "no show", "noshow", "broken", "deleted", "complete", "completed", "kept", "missed",
        "checked out", "seen", "rescheduled", "late cancel", "entered in error", "x",
    }
)  # fmt: skip


def take_appointments(turn: Turn, rows: Sequence[Judged]) -> list[Came]:
    """Book each appointment that is still to come."""
    who, words = turn.patients(rows), Words.now()

    def one(judged: Judged) -> Came | NewVisit:
        if judged.says.get("starts_time") and (held := otherwise(turn, judged)):
            return held
        if why := gone_by(judged.says, turn.today):
            return left(judged, why)
        return _promised(judged, turn.file, who, words, turn.by.now)

    came, visits = turn.sorted_out(rows, one)
    if not visits:
        return came
    booked = schedule.take_in_visits(turn.by, visits=[visit for _, visit in visits])
    for (judged, _visit), made in zip(visits, booked, strict=True):
        if isinstance(made, Refusal):
            came.append(refused(judged, made))
        else:
            taken = Came(
                judged.number, judged.key, "taken", subject_kind="schedule.appointment", subject_id=made.pk
            )
            taken.version, taken.patient_id = made.version, made.patient_id
            came.append(turn.told(judged, taken))
    return came


def gone_by(says: dict[str, Any], today: date) -> str:
    """Return why an appointment of the old system is left there: cancelled or seen, or of a day before; else empty."""
    if flat(says.get("status", "")) in OVER:
        return "is_cancelled"
    at = says.get("starts_time")
    return "past" if says["starts_on"] < today and not (at and at.tzinfo) else ""


def taken_times(file: OldFile, rows: Sequence[Judged], now: datetime) -> list[int]:
    """Return the rows, by number, whose time is taken here already: of the clinician, or of the patient."""
    who, words = by_number(file.system, {str(row.says.get("patient_key", "")) for row in rows}), Words.now()
    minutes = {kind.pk: kind.minutes for kind in words.types.values()}
    wanted = {}
    for judged in rows:
        visit = _promised(judged, file, who, words, now)
        if isinstance(visit, NewVisit):
            length = visit.minutes or minutes[visit.type_id]
            until = visit.starts_at + timedelta(minutes=length)
            wanted[judged.number] = Wanted(visit.provider_id, visit.patient_id, visit.starts_at, until)
    return sorted(taken_among(wanted))


def _promised(
    judged: Judged, file: OldFile, who: Mapping[str, UUID], words: Words, now: datetime
) -> Came | NewVisit:
    """Return the visit that a row promises, in this office's own terms, or why there is none."""
    says = judged.says
    at = says.get("starts_time")
    if at is None:
        return bad(judged, [["", "missing_time", ""]])
    patient_id = who.get(str(says["patient_key"]))
    if patient_id is None:
        return bad(judged, [["", "no_patient", ""]])
    provider = words.providers.get(flat(says["provider"])) or words.providers.get(_any(file, "provider"))
    if provider is None:
        return bad(judged, [["", "no_provider", says["provider"][:80]]])
    place = words.locations.get(flat(says.get("location", ""))) or words.locations.get(_any(file, "location"))
    place = place or (words.main if not says.get("location") else None)
    if place is None:
        return bad(judged, [["", "no_location", says.get("location", "")[:80]]])
    kind = _type(file, words, says)
    if kind is None:
        return bad(judged, [["", "no_type", says.get("type", "")[:80]]])
    try:
        starts_at = _instant(datetime.combine(says["starts_on"], at), place.zone)
    except NoSuchLocalTime:
        return bad(judged, [["", "time", f"{at:%H:%M}"]])
    if starts_at < now:
        return left(judged, "past")
    return NewVisit(
        patient_id=patient_id,
        provider_id=provider.pk,
        location_id=place.pk,
        type_id=kind.pk,
        starts_at=starts_at,
        minutes=says.get("minutes"),
        reason=says.get("reason", ""),
    )


def undo_appointments(by: Actor, rows: Sequence[OldRow]) -> None:
    """Take the bookings back that a file made, while nobody moved, confirmed or saw one of them."""
    changed = _("Some of these appointments were moved, cancelled or kept since. They all stay.")
    for found in as_they_came(rows, Appointment, changed):
        schedule.undo_booking(by, appointment_id=found.pk)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return a day and time as the file writes them: in the zone that stands beside them, else in the door's."""
    return wall.astimezone(UTC) if wall.tzinfo else local_instant(wall, zone)


def _type(file: OldFile, words: Words, says: dict[str, Any]) -> AppointmentType | None:
    found = words.types.get(flat(says.get("type", ""))) or words.types.get(_any(file, "type"))
    if found is None and len(words.types) == 1 and not says.get("type"):
        return next(iter(words.types.values()))
    return found


def _any(file: OldFile, field: str) -> str:
    return flat(file.meanings.get(field, {}).get(ANY, ""))
