"""The way back from an act whose rows are gone: what stood there, signed, in the address of its undo. Never a patient."""

from datetime import date, time
from typing import Any
from uuid import UUID

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.errors import Refusal
from daysheet.schedule.commands.days_off import DayOff
from daysheet.schedule.models import ClinicianTeam
from daysheet.schedule.queries import HoursRow

SALT = "daysheet.schedule.back"


class NoWayBack(Refusal):
    """The address of the undo was changed on its way."""


def holidays_back(*, kept: list[UUID] | None = None, was: DayOff | None = None) -> tuple[str, str]:
    """Return the undo of holidays that were kept, or of one that was removed."""
    told: dict[str, Any] = {"kept": [str(one) for one in kept or ()]}
    if was:
        clock = was.from_clock.isoformat() if was.from_clock else ""
        told["was"] = [was.day.isoformat(), was.name, clock]
    return _back("schedule:holidays-undo", told)


def team_back(team: ClinicianTeam, people: list[UUID], *, version: int | None = None) -> tuple[str, str]:
    """Return the undo of a team that was removed, or changed to a version: what it was before."""
    told = {"name": team.name, "people": [str(one) for one in people]}
    return _back("schedule:team-undo", told | ({"team": str(team.pk), "version": version} if version else {}))


def hours_back(provider_id: UUID, turn: int, stood: list[HoursRow], left: list[HoursRow]) -> tuple[str, str]:
    """Return the undo of hours that were set: what stood before, and what was left."""
    told = {"turn": turn, "stood": _words(stood), "left": _words(left)}
    return _back("schedule:hours-undo", told, provider_id)


def read_hours(provider_id: UUID, word: str) -> dict[str, Any]:
    """Return how a clinician's hours were, as `put_hours_back` asks it. Raises NoWayBack."""
    told = _read("schedule:hours-undo", word, provider_id)
    rows = {name: [_hours_row(one) for one in told[name]] for name in ("stood", "left")}
    return {"turn": told["turn"], **rows}


def read_holidays(word: str) -> tuple[list[UUID], DayOff | None]:
    """Return which holidays are to go, and which is to stand again. Raises NoWayBack."""
    told = _read("schedule:holidays-undo", word)
    was = None
    if "was" in told:
        day, name, clock = told["was"]
        was = DayOff(date.fromisoformat(day), name, time.fromisoformat(clock) if clock else None)
    return [UUID(one) for one in told["kept"]], was


def read_team(word: str) -> tuple[UUID | None, int | None, dict[str, Any]]:
    """Return which team is to be as it was, in which version it was left, and what it was. Raises NoWayBack."""
    told = _read("schedule:team-undo", word)
    team = told.get("team")
    facts = {"name": told["name"], "provider_ids": [UUID(one) for one in told["people"]]}
    return UUID(team) if team else None, told.get("version"), facts


def _words(rows: list[HoursRow]) -> list[list[Any]]:
    return [
        [
            one.weekday if name == "weekday" else str(value) if value else ""
            for name, value in one._asdict().items()
        ]
        for one in rows
    ]


def _hours_row(words: list[Any]) -> HoursRow:
    door, weekday, begins, ends, from_on, until_on = words
    days = [date.fromisoformat(one) if one else None for one in (from_on, until_on)]
    return HoursRow(UUID(door), weekday, time.fromisoformat(begins), time.fromisoformat(ends), *days)


def _back(name: str, told: dict[str, Any], *of: UUID) -> tuple[str, str]:
    return f"{reverse(name, args=of)}?was={signing.dumps(told, salt=_salt(name, of), compress=True)}", _(
        "Undo"
    )


def _read(name: str, word: str, *of: UUID) -> dict[str, Any]:
    try:
        return dict(signing.loads(word, salt=_salt(name, of)))
    except signing.BadSignature as no:
        raise NoWayBack(_("This way back is damaged. Do it by hand on this page.")) from no


def _salt(name: str, of: tuple[UUID, ...]) -> str:
    return "/".join([SALT + name, *map(str, of)])
