"""Freed times of a played day: who waits, who is written to or called, who says yes, no, too late, or nothing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from daysheet.kernel.errors import Refusal
from daysheet.mailroom import commands as mailroom
from daysheet.schedule import commands as schedule
from daysheet.schedule import queries as book
from daysheet.schedule import waitlist
from daysheet.schedule.matching import LIVE
from daysheet.schedule.models import Appointment, OfferMessage, SlotOffer
from daysheet.site.simulate import arriving, calls, patterns
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.visits import PlayedVisit, may_come, plan_visit

WAIT_OF = 4
"""One waits for every so many visits of a day; at least LEAST do."""
LEAST = 7
BY_CALL_ONLY = 25.0
"""Percent of those who wait that want no messages: the desk calls them."""
EVERY = timedelta(minutes=10)
SEEN = ("sent", "accepted")
BY_LINK = (("yes", "no", "late", "writes", "silent"), (36, 22, 14, 8, 20))
"""What is said to a message; who writes back in words is called."""
BY_PHONE = (("accepted", "pending", "declined"), (55, 20, 25))
CALLS_FOR_TODAY, CALLS_LATER = (10, 40), (13, 10)
RANK = 3000


@transaction.atomic
def wait_for(play: PlayedPractice, day: date, now: datetime, booked: Sequence[PlayedVisit]) -> None:
    """Put some who have no visit on a day on the waitlist for it; a part of them wants no messages."""
    desk = play.office.by("receptionist", now)
    kind = play.office.types[play.office.plays.follow_up]
    coming = {one.patient.id for one in booked}
    for number in range(max(LEAST, len(booked) // WAIT_OF)):
        chance = play.chance.of("waits for", day, number)
        free = [one for one in play.known if one.id not in coming and may_come(one, kind, day)]
        if not free:
            return
        patient = chance.one_of(free)
        coming.add(patient.id)
        try:
            schedule.add_to_waitlist(
                desk,
                patient_id=patient.id,
                type_id=kind.id,
                notice_minutes=0,
                latest_on=day,
                priority=3,
                source="asked",
            )
        except Refusal:
            continue  # waits already
        if chance.happens(BY_CALL_ONLY):
            try:
                schedule.note_reminder_wish(
                    desk, patient_id=patient.id, prefers="", no_email=True, no_reminders=True, version=None
                )
            except Refusal:
                continue  # has said so before


def plan_offers(play: PlayedPractice, day: date) -> None:
    """Let the answers of those who are asked come in all day, and a caller be booked into what is free."""
    at = play.moment(day, 8, 10)
    while at < play.moment(day, 17):
        play.plan(at, RANK, lambda now: hear_of_offers(play, now))
        at += EVERY
    play.plan(play.moment(day, *CALLS_FOR_TODAY), RANK, lambda now: _book_a_caller(play, day, now))
    play.plan(play.moment(day, *CALLS_LATER), RANK, lambda now: _book_a_caller(play, day, now, is_late=True))


def hear_of_offers(play: PlayedPractice, now: datetime) -> None:
    """Decide what those say who have been asked since the last look, and when."""
    rows = SlotOffer.objects.filter(answer__in=LIVE).select_related("patient", "message__envelope")
    new = [one for one in rows.defer("message__envelope__content") if one.pk not in play.heard]
    for one in sorted(new, key=lambda each: (each.starts_at, play.known_number(each.patient_id))):
        message = getattr(one, "message", None)
        chance = play.chance.of("offer", one.starts_at.isoformat(), play.known_number(one.patient_id))
        if message is None:
            play.heard.add(one.pk)
            _plan(play, now, chance.number(3, 9), one, chance.one_of(*BY_PHONE))
        elif message.envelope.state in SEEN:
            play.heard.add(one.pk)
            said = chance.one_of(*BY_LINK)
            soon, late = chance.number(2, 14), chance.number(35, 80)
            if said != "silent":
                _plan(play, now, late if said == "late" else soon, one, said)


def _plan(play: PlayedPractice, now: datetime, minutes: int, one: SlotOffer, said: str) -> None:
    at = now + timedelta(minutes=minutes)
    if said in ("yes", "no", "late"):
        play.plan(at, RANK, lambda when: _by_link(play, one, said, when))
    elif said == "writes":
        play.plan(at, RANK, lambda when: _writes(play, one, when))
    else:
        play.plan(at, RANK, lambda when: _called(play, one, said, when))


def _by_link(play: PlayedPractice, one: SlotOffer, said: str, now: datetime) -> None:
    """Open the link with the birth date, then answer; who is too late is told so and waits on."""
    by = play.by_link(now)
    message = OfferMessage.objects.select_related("link", "offer__entry__moves").get(offer_id=one.pk)
    if message.link is None or not message.link.is_live(now):
        return  # the page says that the time is gone
    try:
        schedule.know_offered(by, offer_id=one.pk, born_on=one.patient.born_on)
        answered = schedule.answer_by_link(
            by, offer_id=one.pk, answer="declined" if said == "no" else "accepted"
        )
    except schedule.OfferIsOver:
        return
    except Refusal:
        schedule.note_yes_without_booking(by, offer_id=one.pk)
        return
    _comes(play, answered, now)


def _writes(play: PlayedPractice, one: SlotOffer, now: datetime) -> None:
    """Answer a text in words; the desk reads it and calls a little later."""
    message = OfferMessage.objects.get(offer_id=one.pk)
    if message.channel == "sms":
        by = play.office.by("system", now)
        kept = mailroom.receive_text(
            by, channel="sms", sender=message.address, text="Is it with my doctor?", key=f"offer-{one.pk}"
        )
        mailroom.handle_envelope(by, envelope_id=kept.pk)
    chance = play.chance.of("wrote", one.starts_at.isoformat(), play.known_number(one.patient_id))
    _plan(play, now, chance.number(4, 10), one, chance.one_of(*BY_PHONE))


def _called(play: PlayedPractice, one: SlotOffer, said: str, now: datetime) -> None:
    """Note what a patient said on the telephone."""
    try:
        answered = schedule.answer_offer(play.office.by("receptionist", now), offer_id=one.pk, answer=said)
    except Refusal:
        return  # another was quicker
    _comes(play, answered, now)


def _comes(play: PlayedPractice, answered: SlotOffer, now: datetime) -> None:
    """Let who said yes come: the visit is played like any other."""
    booked = answered.entry.booked_as
    if answered.answer == "accepted" and booked is not None:
        join(play, booked, now, "taker")


def join(play: PlayedPractice, booked: Appointment, now: datetime, name: str) -> None:
    """Put the visit of an appointment that was made during the day on the agenda; nobody is here before it was made."""
    office = play.office
    provider = next(one for one in office.providers if one.id == booked.provider_id)
    door = next(one for one in office.locations if one.id == booked.location_id)
    kind = next(one for one in office.types.values() if one.id == booked.type_id)
    patient = play.known[play.known_number(booked.patient_id)]
    chance = play.chance.of(name, booked.starts_at.isoformat(), play.known_number(patient.id))
    visit = PlayedVisit(office, patient, provider, door, kind, booked.starts_at, chance, booked.id)
    arriving.is_called(play, visit)
    plan_visit(play, visit, RANK, not_before=now + timedelta(minutes=10))


def _book_a_caller(play: PlayedPractice, day: date, now: datetime, *, is_late: bool = False) -> None:
    """Book somebody who does not feel well for today: into what was freed and is offered to nobody, else what is free.

    Later in the day it is a time that was kept for those who call on the same day.
    """
    office = play.office
    kind, desk = office.types[office.plays.walk_in], office.by("receptionist", now)
    expected = set(Appointment.objects.filter(on_day=day).values_list("patient_id", flat=True))
    expected |= play.walking_in
    chance = play.chance.of("calls for today", day, is_late)
    able = [one for one in play.known if one.id not in expected and may_come(one, kind, day)]
    if not able:
        return
    patient = chance.one_of(able)
    name = f"today {day} {is_late}"
    calls.talk(
        play, now, number=name, why=calls.UNWELL, said="Booked for today.", outcome="booked", who=patient
    )
    places = _kept_for_today(play, day, now) if is_late else _freed(day, now, timedelta(minutes=kind.minutes))
    for provider_id, location_id, starts_at in [*places, *_open(play, day, now, kind.id)]:
        try:
            booked = schedule.book_appointment(
                desk, patient_id=patient.id, provider_id=provider_id, location_id=location_id, type_id=kind.id,
                starts_at=starts_at, reason=chance.one_of(office.plays.reasons), limit_reason=office.plays.limit_reason,
            )  # fmt: skip
        except Refusal:
            continue
        join(play, booked, now, "caller")
        return


Place = tuple[UUID, UUID, datetime]


def _freed(day: date, now: datetime, wanted: timedelta) -> list[Place]:
    """Return freed times of a day that nobody is asked about."""
    asked = {(one.provider_id, one.starts_at) for one in SlotOffer.objects.filter(answer__in=LIVE)}
    return [
        (one.provider_id, one.location_id, one.starts_at)
        for one in waitlist.freed_appointments(now + timedelta(minutes=30), day=day)
        if (one.provider_id, one.starts_at) not in asked and one.ends_at - one.starts_at >= wanted
    ]


def _kept_for_today(play: PlayedPractice, day: date, now: datetime) -> list[Place]:
    """Return the beginnings of times that were kept until today."""
    return [
        (who.id, play.door_of(who).id, begins)
        for who in play.office.providers
        for begins, _ends in patterns.kept_spans(play, who, day)
        if begins > now
    ]


def _open(play: PlayedPractice, day: date, now: datetime, type_id: UUID) -> list[Place]:
    """Return the first free times of a day at the first door."""
    slots = book.open_slots(
        type_id=type_id, provider_ids=None, location_id=play.office.locations[0].id, first_day=day, last_day=day,
        now=now + timedelta(minutes=30), limit=3,
    )  # fmt: skip
    return [(slot.provider_id, slot.location_id, slot.starts_at) for slot in slots]
