"""Readings of what shapes the weeks: holidays, teams, languages."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from daysheet.kernel.ready import Ready
from daysheet.schedule.models import (
    Absence,
    Appointment,
    ClinicianTeam,
    Holiday,
    ProviderLanguage,
    TeamMember,
)
from daysheet.schedule.rules import HOLDING

A_DAY = timedelta(days=1)


def holidays(today: date) -> list[Holiday]:
    """Return the holidays from a day on, each with the number of visits booked in it, in one statement."""
    closed = Absence.objects.filter(
        Q(pk=OuterRef(OuterRef("absence_id"))) | Q(part_of=OuterRef(OuterRef("absence_id"))),
        Q(location_id__isnull=True) | Q(location_id=OuterRef("location_id")),
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )
    booked = (
        Appointment.objects.filter(
            Exists(closed),
            booking__in=HOLDING,
            starts_at__lt=OuterRef("absence__ends_at") + A_DAY,  # a door's own span ends within it
            ends_at__gt=OuterRef("absence__starts_at") - A_DAY,
        )
        .order_by()
        .values("practice_id")
        .annotate(n=Count("id"))
        .values("n")
    )
    rows = Holiday.objects.filter(day__gte=today)
    counted = rows.annotate(booked=Coalesce(Subquery(booked, output_field=IntegerField()), 0))
    return list(counted.order_by("day"))


def booked_in(absences: Collection[Absence], provider_id: UUID) -> int:
    """Return how many visits of a clinician are booked in some absences."""
    if not absences:
        return 0
    spans = (Q(starts_at__lt=one.ends_at, ends_at__gt=one.starts_at) for one in absences)
    return Appointment.objects.holding().filter(reduce(or_, spans), provider_id=provider_id).count()


def teams() -> QuerySet[ClinicianTeam]:
    """Return the teams with their clinicians, by name."""
    return ClinicianTeam.objects.prefetch_related("members__provider").order_by("name")


def teams_to_ask() -> list[ClinicianTeam]:
    """Return what `teams` does, as the page of booking reads it: one statement where the office has none."""
    found = TEAMS()
    prefetch_related_objects(found, "members__provider")
    return found


TEAMS: Ready[ClinicianTeam] = Ready(lambda: ClinicianTeam.objects.order_by("name"))


def team(team_id: UUID) -> ClinicianTeam | None:
    """Return a team, if it is on the books."""
    return ClinicianTeam.objects.filter(pk=team_id).first()


def members(team_id: UUID) -> list[UUID]:
    """Return who is in a team."""
    return list(TeamMember.objects.filter(team_id=team_id).values_list("provider_id", flat=True))


def languages() -> dict[str, set[UUID]]:
    """Return who of the clinicians that work here speaks which language, in one statement."""
    found: dict[str, set[UUID]] = {}
    for language, who in LANGUAGES():
        found.setdefault(language, set()).add(who)
    return found


LANGUAGES: Ready[tuple[str, UUID]] = Ready(
    lambda: (
        ProviderLanguage.objects.filter(provider__left_on__isnull=True)
        .order_by("language")
        .values_list("language", "provider_id")
    )
)


def spoken_by(provider_id: UUID) -> list[str]:
    """Return the languages of a clinician."""
    rows: Collection[str] = ProviderLanguage.objects.filter(provider_id=provider_id).values_list(
        "language", flat=True
    )
    return sorted(rows)
