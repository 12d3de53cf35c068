"""What stands on the page on which a patient asks for a visit: the wish, the free times, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.kernel.clock import local_day
from daysheet.kernel.models import Practice
from daysheet.practice import queries as practice
from daysheet.practice.models import Location, Office
from daysheet.schedule import messages, request_words, requests
from daysheet.schedule.models import SelfBooking, VisitRequest
from daysheet.schedule.requests import FreeTimes, Wish
from daysheet.schedule.rules import is_late_notice


@dataclass(frozen=True, slots=True)
class Asking:
    """What a patient may choose from: the office as it calls itself, the kinds, whom and where."""

    office: str
    phone: str
    zone: ZoneInfo
    kinds: list[tuple[str, str]]
    people: list[tuple[str, str]]
    doors: list[tuple[str, str]]
    rules: dict[str, SelfBooking]

    def times(self, row: VisitRequest, kind: str, wish: Wish, now: datetime) -> FreeTimes:
        """Return the free times of a kind; none where every request of this patient goes to the desk."""
        rule = self.rules[kind]
        asker = requests.asker(row.patient, rule.type_id, now, self.zone)
        if asker.status in ("inactive", "deceased") or asker.is_restricted:
            return FreeTimes()
        return requests.free_times(rule, row.patient, wish, now, self.zone)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a request, as its patient reads it; never why."""

    title: str
    words: list[str]
    when: str = ""
    place: str = ""
    can_answer: bool = False
    """There is another time to say yes or no to."""
    can_withdraw: bool = False
    withdraw: str = ""
    is_late: bool = False


def asking(row: VisitRequest, practice_row: Practice, language: str, now: datetime) -> Asking:
    """Return what a patient may choose from, in a language."""
    office = Office.objects.first()
    zone = practice_row.zone
    kinds = requests.kinds_for(row.patient, local_day(now, zone))
    doors = list(practice.locations())
    return Asking(
        office=office.legal_name if office else practice_row.name,
        phone=office.phone if office and office.phone else (doors[0].phone if doors else ""),
        zone=zone,
        kinds=[(str(one.type_id), one.named(language)) for one in kinds],
        people=[(str(one.pk), str(one)) for one in requests.whom()],
        doors=[(str(one.pk), one.name) for one in doors] if len(doors) > 1 else [],
        rules={str(one.type_id): one for one in kinds},
    )


def told(row: VisitRequest, now: datetime) -> Told:
    """Return what became of a request, in the present language."""
    if row.state == "asked":
        words = [
            _("We have what you asked for. We will look at it and tell you."),
            _("Nothing is booked yet."),
        ]
        return Told(_("Thank you"), words, can_withdraw=True, withdraw=_("I do not need it any more"))
    if row.state == "proposed":
        return _offered(row, now)
    if row.state == "declined":
        return Told(
            _("We could not book it"), [request_words.said_because(row.because), _("Please call us.")]
        )
    if row.state == "booked" and row.appointment is not None:
        return _booked(row, now)
    return Told(_("You took it back"), [_("Nothing is booked.")])


def _offered(row: VisitRequest, now: datetime) -> Told:
    assert row.offered_starts_at is not None  # the table says so of what is offered
    assert row.offered_location is not None
    when, place = _when(row.offered_starts_at, row.offered_location.zone), _place(row.offered_location)
    if row.offered_starts_at <= now:
        words = [_("The time that we offered has gone by."), _("Please call us.")]
        return Told(
            _("We could not book it"), words, can_withdraw=True, withdraw=_("I do not need it any more")
        )
    return Told(
        _("We can offer you this time"),
        [_("It is yours when you say yes.")],
        when=f"{when}, {row.offered_provider}",
        place=place,
        can_answer=True,
        can_withdraw=True,
        withdraw=_("I do not need it any more"),
    )


def _booked(row: VisitRequest, now: datetime) -> Told:
    assert row.appointment is not None  # the table says so of what is booked
    stands = requests.standing(row.appointment)
    if stands.booking != "scheduled":
        return Told(_("Your visit"), [_("This visit is not planned any more.")])
    open_still = stands.starts_at > now and getattr(stands, "visit", None) is None
    return Told(
        _("Your visit is booked"),
        [],
        when=f"{_when(stands.starts_at, stands.location.zone)}, {stands.provider}",
        place=messages.said_place(_place(stands.location), stands.type.mode),
        can_withdraw=open_still,
        withdraw=_("I cannot come"),
        is_late=open_still and is_late_notice(stands.starts_at, now),
    )


def _when(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{messages.said_day(local)}, {messages.said_time(local)}"


def _place(door: Location) -> str:
    return ", ".join(part for part in (door.name, door.street, door.city) if part)
