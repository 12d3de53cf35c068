"""Times that other people hold while they book: who, and until when. Advice, never a refusal.

A hold runs by the database's clock; until when it lasts is said on the practice's own, which may stand still.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from daysheet.kernel.ready import Ready, Told
from daysheet.schedule.models import HeldTime

NOBODY = UUID(int=0)
HOLDS_FOR = timedelta(minutes=3)
"""So long a time is held for whoever books; an open page that is touched renews it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A clinician's time that somebody else has chosen on an open page."""

    provider_id: UUID
    starts_at: datetime
    ends_at: datetime
    who: str
    left: timedelta
    """How long it is still held."""

    def meets(self, provider_id: UUID, starts_at: datetime, ends_at: datetime) -> bool:
        """Return whether a clinician's span runs into it."""
        return self.provider_id == provider_id and self.starts_at < ends_at and self.ends_at > starts_at


def held_by_others(
    user_id: UUID | None, *, since: datetime, until: datetime | None = None, provider_id: UUID | None = None
) -> list[Held]:
    """Return what others than a person hold within a span, the earliest first; one statement over a handful of rows."""
    rows = HELD[until is not None, provider_id is not None]
    told = {"user": user_id or NOBODY, "since": since, "until": until, "provider": provider_id}
    return [Held(*row) for row in rows(**told)]


def _held(is_until: bool, is_of_one: bool) -> QuerySet[HeldTime, Any]:
    rows = of_others(Told("user")).filter(ends_at__gt=Told("since"))  # type: ignore[arg-type]
    if is_until:
        rows = rows.filter(starts_at__lt=Told("until"))
    if is_of_one:
        rows = rows.filter(provider_id=Told("provider"))
    left = rows.annotate(left=F("until") - Now()).order_by("starts_at", "held_by", "id")
    return left.values_list("provider_id", "starts_at", "ends_at", "held_by", "left")


HELD: dict[tuple[bool, ...], Ready[Any]] = {
    key: Ready(partial(_held, *key)) for key in product((False, True), repeat=2)
}


def of_others(user_id: UUID | None) -> QuerySet[HeldTime]:
    """Return what others than a person hold now."""
    return HeldTime.objects.filter(until__gt=Now()).exclude(user_id=user_id or NOBODY)


def who_holds(held: Iterable[Held], provider_id: UUID, starts_at: datetime, ends_at: datetime) -> Held | None:
    """Return what is held of a clinician's span, the longest lasting of several."""
    met = (one for one in held if one.meets(provider_id, starts_at, ends_at))
    return max(met, key=lambda one: one.left, default=None)


def say_held(one: Held, now: datetime, zone: ZoneInfo) -> str:
    """Return who holds a time and until when, such as "held by Rosa Marin until 9:41"."""
    return _("held by %(who)s until %(when)s") % {"who": one.who, "when": say_until(one.left, now, zone)}


def say_until(left: timedelta, now: datetime, zone: ZoneInfo) -> str:
    """Return the minute in which a hold ends, on the clock of a door; a begun minute counts whole."""
    local = (now + left).astimezone(zone)
    if local.second or local.microsecond:
        local = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return f"{local.hour % 12 or 12}:{local:%M}"
