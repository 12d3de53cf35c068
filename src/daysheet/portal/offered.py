"""What stands on the page of an offered time: the time and the answers, or what became of it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.practice.models import Location, Office
from daysheet.schedule import messages, offer_words, requests
from daysheet.schedule.models import Appointment, OfferMessage, SlotOffer

WAITS = ("waiting", "offered")


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer as its patient reads it; never why, and no name."""

    title: str
    words: list[str]
    when: str = ""
    place: str = ""
    is_open: bool = False
    """It can be answered."""
    phone: str = ""
    takes_place_of: str = ""
    """The visit that a yes gives up."""


def page_of(message: OfferMessage, now: datetime) -> Offered:
    """Return what stands on the page of an offer, in the present language."""
    offer, phone = message.offer, _phone(message.offer.location)
    if offer.is_live and offer.expires_at > now:
        if message.link is None or not message.link.is_live(now):
            return Offered(_("A free time"), [_("Please call us about this time.")], phone=phone)
        return _open(message, phone)
    return _over(offer, phone)


def over_for_a_stranger(offer: SlotOffer, now: datetime) -> list[str]:
    """Return what is told to whoever opens the link of an offer that is over: nothing of the patient or the time."""
    if offer.answer == "slot_gone":
        return [_("This time has been taken.")]
    if offer.answer == "expired" or (offer.is_live and offer.expires_at <= now):
        return [_("The time to answer is over.")]
    return [_("It opens nothing any more. If you gave us an answer, we have it.")]


def _open(message: OfferMessage, phone: str) -> Offered:
    offer = message.offer
    zone = offer.location.zone
    until = offer_words.said_until(offer.expires_at.astimezone(zone), offer.starts_at.astimezone(zone))
    words = [_("The first who says yes has it. You can answer until %(until)s.") % {"until": until}]
    moves = offer.entry.moves
    gives_up = ""
    if moves is not None and moves.booking == "scheduled":
        gives_up = str(moves.pk)
        words.append(
            _("It takes the place of your visit on %(when)s.")
            % {"when": _when(moves.starts_at, moves.location.zone)}
        )
    if message.asks_call_at is not None:
        words.append(_("We will call you."))
    return Offered(
        _("A time is free"),
        words,
        when=f"{_when(offer.starts_at, zone)}, {offer.provider}",
        place=messages.said_place(_place(offer.location), offer.entry.type.mode),
        is_open=True,
        phone=phone,
        takes_place_of=gives_up,
    )


def _over(offer: SlotOffer, phone: str) -> Offered:
    entry = offer.entry
    stays = [_("You stay on the list.")] if entry.state in WAITS else []
    if offer.answer == "accepted" and entry.booked_as is not None:
        return _booked(entry.booked_as, phone)
    if offer.answer == "accepted_failed":
        words = [_("Thank you for your yes."), _("We could not book it here. We will call you.")]
        return Offered(_("We will call you"), words, phone=phone)
    if offer.answer == "slot_gone":
        return Offered(_("That time has just been taken."), stays, phone=phone)
    if offer.answer == "declined":
        return Offered(_("Thank you"), stays, phone=phone)
    if offer.answer == "declined_stop":
        words = [_("You get no more offers."), _("Do you want to wait again? Call us.")]
        return Offered(_("Thank you"), words, phone=phone)
    return Offered(_("The time to answer is over."), stays, phone=phone)


def _booked(appointment: Appointment, phone: str) -> Offered:
    stands = requests.standing(appointment)
    if stands.booking != "scheduled":
        return Offered(_("Your visit"), [_("This visit is not planned any more.")], phone=phone)
    return Offered(
        _("Your visit is booked"),
        [_("If you cannot come, please call us.")],
        when=f"{_when(stands.starts_at, stands.location.zone)}, {stands.provider}",
        place=messages.said_place(_place(stands.location), stands.type.mode),
        phone=phone,
    )


def _phone(door: Location) -> str:
    office = Office.objects.first()
    return door.phone or (office.phone if office else "")


def _when(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{messages.said_day(local)}, {messages.said_time(local)}"


def _place(door: Location) -> str:
    return ", ".join(part for part in (door.name, door.street, door.city) if part)
