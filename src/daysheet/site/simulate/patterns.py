"""What shapes the played office's weeks: kept time, holidays, a team, languages, who is on call, a family together."""

from datetime import date, datetime, time, timedelta

from django.db import transaction

from daysheet.kernel.clock import local_instant
from daysheet.kernel.errors import Refusal
from daysheet.patients.models import Patient
from daysheet.practice.models import Provider
from daysheet.schedule import commands as schedule
from daysheet.schedule import seeking
from daysheet.schedule.models import AppointmentType, ProviderHours, ScheduleBlock
from daysheet.schedule.pattern_forms import proposed
from daysheet.site.simulate.played import PlayedPractice

WEEKDAYS = range(5)
SATURDAY = 5


@transaction.atomic
def shape_weeks(play: PlayedPractice, today: date, now: datetime) -> None:
    """Keep an hour for new patients and one for the same day, the federal holidays, a team, and a weekend on call."""
    office = play.office
    manager, first, second = office.by("office_manager", now), office.providers[0], office.providers[1]
    new = AppointmentType.objects.filter(for_new_patients=True).order_by("rank").first()
    for who, fact in (
        (first, _fact(play, "New patients", new, time(9), time(10), release=2, most=2)),
        (second, _fact(play, "Same day", None, time(15), time(16), release=0)),
    ):
        if fact.type_ids or fact.release is not None:
            schedule.add_blocks(manager, provider_id=who.id, weekdays=WEEKDAYS, fact=fact)
    days = [schedule.DayOff(one.kept_on, one.name) for one in proposed(today, set())]
    schedule.keep_holidays(manager, days=days)
    schedule.add_team(manager, name="Morning team", provider_ids=[first.id, second.id])
    schedule.set_languages(manager, provider_id=second.id, languages=["es"])
    friday = today + timedelta(days=(SATURDAY - 1 - today.weekday()) % 7)
    schedule.put_on_call(
        manager,
        provider_id=first.id,
        starts_at=local_instant(datetime.combine(friday, time(18)), office.practice.zone),
        ends_at=local_instant(datetime.combine(friday + timedelta(days=3), time(7)), office.practice.zone),
        reason="After hours",
    )
    _family(play, today, now)


def keep_same_day(play: PlayedPractice, now: datetime) -> None:
    """Keep the last hour of the first clinician for those who call on the same day: until then it is nobody's."""
    who, manager = play.office.providers[0], play.office.by("office_manager", now)
    ends: dict[time, set[int]] = {}
    for day in range(7):
        row = ProviderHours.objects.filter(provider=who, weekday=day).order_by("-ends").first()
        if row is not None:
            ends.setdefault(row.ends, set()).add(day)
    for until, weekdays in ends.items():
        fact = _fact(play, "Same day", None, until.replace(hour=until.hour - 1), until, release=0)
        schedule.add_blocks(manager, provider_id=who.id, weekdays=weekdays, fact=fact)


def kept_spans(play: PlayedPractice, provider: Provider, day: date) -> list[tuple[datetime, datetime]]:
    """Return which times of a clinician are kept on a day for somebody else than who books ahead."""
    rows = ScheduleBlock.objects.filter(provider=provider, weekday=day.weekday(), is_active=True)
    return [
        (
            play.moment(day, one.begins.hour, one.begins.minute),
            play.moment(day, one.ends.hour, one.ends.minute),
        )
        for one in rows.order_by("begins")
    ]


def _fact(
    play: PlayedPractice,
    name: str,
    kind: AppointmentType | None,
    begins: time,
    ends: time,
    *,
    release: int,
    most: int | None = None,
) -> schedule.BlockFact:
    return schedule.BlockFact(
        location_id=play.office.locations[0].id,
        name=name,
        type_ids=[kind.pk] if kind else [],
        begins=begins,
        ends=ends,
        release=release,
        most=most if kind else None,
    )


def _family(play: PlayedPractice, today: date, now: datetime) -> None:
    """Book two patients of the office back to back."""
    kind = AppointmentType.objects.filter(is_active=True, for_new_patients=False).order_by("rank").first()
    people = list(Patient.objects.order_by("-chart_number")[:2])
    if kind is None or len(people) < 2:
        return
    usual = seeking.kinds([kind.pk])[kind.pk]
    wishes = [usual.whose(one.pk) for one in people]
    found = seeking.find_families(
        wishes,
        side_by_side=False,
        location_id=play.office.locations[0].id,
        first=today + timedelta(days=7),
        now=now,
        part="any",
    )
    for choice in found[:1]:
        visits = [
            schedule.VisitFact(one.patient_id, pick.provider_id, pick.location_id, kind.pk, pick.starts_at)
            for pick, one in zip(choice, wishes, strict=True)
        ]
        try:
            schedule.book_together(play.office.by("receptionist", now), sort="family", visits=visits)
        except Refusal:
            return  # whoever is not for this kind of visit is booked on another day
