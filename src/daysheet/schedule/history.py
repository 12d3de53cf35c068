"""What became of an appointment, as the diary tells it: who did what, when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from daysheet.kernel.models import AuditLine
from daysheet.schedule.models import Appointment
from daysheet.schedule.reminder_lines import say_stamp

ROOM = "schedule.appointment."
MOST = 100
WORDS = {
    "booked": noop("Booked"),
    "confirmation-noted": noop("Confirmation"),
    "changed": noop("Changed"),
    "change-undone": noop("The change was taken back"),
    "billed": noop("Billed to"),
    "moved": noop("Moved"),
    "cancelled": noop("Cancelled"),
    "reopened": noop("Stands again"),
    "not-kept": noop("Not kept"),
    "completed": noop("Completed"),
    "completed-again": noop("Completed again"),
    "missed-closed": noop("Followed up no more"),
    "missed-opened": noop("Followed up again"),
    "undone": noop("Taken back"),
}
CHANGED = {"type_id": noop("kind"), "ends_at": noop("length"), "reason": noop("reason")}


@dataclass(frozen=True, slots=True)
class Happening:
    """One act on an appointment."""

    at: datetime
    who: str
    what: str
    more: str = ""
    """To which time, with which words, because of what."""


def happenings(appointment_id: UUID, zone: ZoneInfo) -> list[Happening]:
    """Return what became of an appointment, the oldest first: one statement."""
    rows = AuditLine.objects.filter(
        subject_id=appointment_id, action__in=[ROOM + verb for verb in WORDS]
    ).order_by("at", "id")[:MOST]
    return [_told(row, row.action.removeprefix(ROOM), zone) for row in rows]


def _told(row: AuditLine, verb: str, zone: ZoneInfo) -> Happening:
    more = _MORE[verb](row.details, zone) if verb in _MORE else ""
    return Happening(row.at, row.actor_name, _(WORDS[verb]), more)


def _confirmed(told: Mapping[str, Any], _zone: ZoneInfo) -> str:
    return str(dict(Appointment.Confirmation.choices).get(_new(told, "confirmation"), ""))


def _changed(told: Mapping[str, Any], _zone: ZoneInfo) -> str:
    old, new = told.get("old") or {}, told.get("new") or {}
    return ", ".join(
        _(words) for name, words in CHANGED.items() if name in new and old.get(name) != new[name]
    )


def _moved(told: Mapping[str, Any], zone: ZoneInfo) -> str:
    to = _("to %(at)s") % {"at": say_stamp(datetime.fromisoformat(told["to_at"]), zone)}
    return f"{to}: {told['why']}" if told.get("why") else to


def _cancelled(told: Mapping[str, Any], _zone: ZoneInfo) -> str:
    return _new(told, "cancel_reason")


def _closed(told: Mapping[str, Any], _zone: ZoneInfo) -> str:
    return _new(told, "missed_closed")


def _billed(told: Mapping[str, Any], _zone: ZoneInfo) -> str:
    return _("the patient; no plan is used") if told.get("to") == "patient" else _("the plan")


def _new(told: Mapping[str, Any], name: str) -> str:
    return str((told.get("new") or {}).get(name) or "")


_MORE: Mapping[str, Callable[[Mapping[str, Any], ZoneInfo], str]] = {
    "confirmation-noted": _confirmed,
    "billed": _billed,
    "changed": _changed,
    "moved": _moved,
    "cancelled": _cancelled,
    "missed-closed": _closed,
}
