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


def _back(name: str, told: dict[str, Any]) -> tuple[str, str]:
    return f"{reverse(name)}?was={signing.dumps(told, salt=SALT + name)}", _("Undo")


def _read(name: str, word: str) -> dict[str, Any]:
    try:
        return dict(signing.loads(word, salt=SALT + name))
    except signing.BadSignature as no:
        raise NoWayBack(_("This way back is damaged. Do it by hand on this page.")) from no
