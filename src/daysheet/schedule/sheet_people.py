"""The clinicians of a sheet, with all that the sheet asks of each of them: one statement, made ready.

What a day seldom has (kept time, walk-ins, times that others hold, a tray in use) is told by a word on each clinician,
so that a page asks for it only where there is some.
"""

from collections.abc import Iterable
from datetime import date
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from daysheet.kernel.ready import Ready, Told
from daysheet.practice import queries as practice
from daysheet.practice.models import Provider
from daysheet.schedule import held, own_hours, queries, tray
from daysheet.schedule.models import ProviderHours, ScheduleBlock


def people_of_sheet(
    day: date,
    *,
    location_id: UUID | None,
    provider_id: UUID | None = None,
    user_id: UUID | None,
    first: date,
    last: date,
) -> list[Provider]:
    """Return who works here on a day and sees patients at a door, or the one asked for; in the office's order.

    Each knows: `own_hours` (for `own_hours.open_spans`), `keeps_time`, `had_walk_ins` in the days from `first` to
    `last`, and of the whole office `somebody_holds` (another than `user_id`) and `tray_is_used` (by `user_id`).
    """
    asked = PEOPLE[provider_id is not None, provider_id is None and location_id is not None]
    return asked(
        day=day,
        location=location_id,
        provider=provider_id,
        user=user_id or held.NOBODY,
        first=first,
        last=last,
    )


def who_keeps(people: Iterable[Provider]) -> list[UUID]:
    """Return which of the clinicians of a sheet keep time."""
    return [one.pk for one in people if vars(one)["keeps_time"]]


def had_walk_ins(people: Iterable[Provider]) -> bool:
    """Return whether anybody came to some clinicians of a sheet without an appointment."""
    return any(vars(one)["had_walk_ins"] for one in people)


def somebody_holds(people: Iterable[Provider]) -> bool:
    """Return whether anybody else holds a time now; `people` are the clinicians of a sheet."""
    return any(vars(one)["somebody_holds"] for one in people)


def tray_is_used(people: Iterable[Provider]) -> bool:
    """Return whether anything lies in the person's tray; `people` are the clinicians of a sheet."""
    return any(vars(one)["tray_is_used"] for one in people)


def _people(of_one: bool, at_one: bool) -> QuerySet[Provider]:
    day: Any = Told("day")
    user: Any = Told("user")
    people = practice.providers(day=day)
    if of_one:
        people = people.filter(id=Told("provider"))
    if at_one:
        people = queries.who_sees_at(people, Told("location"))  # type: ignore[arg-type]
    hours = ProviderHours.objects.filter(provider=OuterRef("pk"), location__closed_on__isnull=True)
    told = hours.order_by("begins", "id").values(told=JSONObject(**{name: name for name in own_hours.FIELDS}))
    came = Provider.objects.filter(
        Q(visits__service_on__gte=Told("first")) & Q(visits__service_on__lte=Told("last")),
        pk=OuterRef("pk"),
        visits__appointment__isnull=True,
    )
    return people.annotate(
        own_hours=ArraySubquery(told),
        keeps_time=Exists(ScheduleBlock.objects.filter(provider=OuterRef("pk"), is_active=True)),
        somebody_holds=Exists(held.of_others(user)),
        tray_is_used=Exists(tray.of_person(user)),
        had_walk_ins=Exists(came),
    )


PEOPLE = {key: Ready(partial(_people, *key)) for key in product((False, True), repeat=2)}
"""The reading, by whether one clinician is asked for, and whether those of one door."""
