"""Readings of the offers that go by message: the switch, which freed times are next, what came of the messages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from daysheet.kernel.models import Practice
from daysheet.mailroom import queries as mail
from daysheet.practice.models import Location
from daysheet.schedule import recalls, waitlist
from daysheet.schedule.matching import INTERVAL, LIVE, next_batch
from daysheet.schedule.models import OfferMessage, OfferSending, ReminderWish, SlotOffer
from daysheet.schedule.reaching import CHANNELS
from daysheet.schedule.reminding import GRACE, in_turn, is_awake

MOST = 200
"""Freed times that are looked at in one turn; the next ones come first."""
REACHED = ("sent", "accepted")
CAME_BACK = Q(message__envelope__state__in=("failed", "rejected")) | Q(
    message__envelope__state="queued", message__envelope__next_try_at__isnull=True
)


def sending() -> OfferSending | None:
    """Return the switch; None where nobody has touched it: off."""
    return OfferSending.objects.first()


def is_on(kept: OfferSending | None) -> bool:
    """Return whether who is asked is written to."""
    return kept is not None and kept.mode != OfferSending.Mode.OFF


def interval(kept: OfferSending | None) -> timedelta:
    """Return how long a batch has before the next may be asked."""
    return timedelta(minutes=kept.interval_minutes) if kept is not None and is_on(kept) else INTERVAL


def goes_now(kept: OfferSending | None, now: datetime, door: Location) -> bool:
    """Return whether freed times of a door are offered by themselves now: what is written could leave by its clock."""
    if kept is None or kept.mode != OfferSending.Mode.ITSELF:
        return False
    return is_awake(now + GRACE, kept.from_clock, kept.to_clock, door.zone)


def to_offer(now: datetime) -> list[UUID]:
    """Return the freed times about which somebody is to be asked by itself now; as many statements for any number."""
    kept = sending()
    if kept is None or kept.mode != OfferSending.Mode.ITSELF:
        return []
    awake = [one for one in waitlist.freed_appointments(now)[:MOST] if goes_now(kept, now, one.location)]
    rows = waitlist.within_hours(awake)
    if not rows:
        return []
    pause = interval(kept)
    fits = waitlist.fitting(rows, now)
    asked = waitlist.offers_meeting(rows)
    found = []
    for one in rows:
        before = waitlist.asked_before(offer for offer in asked if waitlist.is_same_time(offer, one))
        if fits[one.pk] and isinstance(next_batch(before, now=now, interval=pause), tuple):
            found.append(one.pk)
    return found


def to_follow() -> QuerySet[SlotOffer]:
    """Return the offers whose message has been handed over or came back since the last look."""
    handed = Q(answer="ready", message__envelope__state__in=REACHED)
    stands = Q(message__link__isnull=True) | Q(
        message__link__used_at__isnull=True, message__link__revoked_at__isnull=True
    )
    return SlotOffer.objects.filter((handed & stands) | CAME_BACK, answer__in=LIVE)


def message_of(offer_id: UUID) -> OfferMessage | None:
    """Return the message about an offer, with all that its page says."""
    around = ("patient", "provider", "location", "entry__type", "entry__moves__location", "entry__booked_as")
    rows = OfferMessage.objects.select_related("link", *(f"offer__{one}" for one in around))
    return rows.filter(offer_id=offer_id).first()


def count_written(offers: Sequence[SlotOffer]) -> int:
    """Return to how many of those who were asked a message goes."""
    return OfferMessage.objects.filter(offer__in=offers).count()


def live_by(entry_ids: Sequence[UUID]) -> dict[UUID, SlotOffer]:
    """Return the offer about which each of some who wait is being asked; one statement."""
    rows = waitlist.with_message(SlotOffer.objects.filter(entry_id__in=entry_ids, answer__in=LIVE))
    return {one.entry_id: one for one in rows}


def written_to(channel: str, address: str, since: datetime) -> OfferMessage | None:
    """Return the last message about an offer to which a reply from an address may be an answer, live or over."""
    rows = OfferMessage.objects.filter(
        channel=channel,
        address=address,
        made_at__gte=since,
        envelope__state__in=REACHED,
    )
    return rows.select_related("offer").order_by("-made_at").first()


def ways(patient_ids: Sequence[UUID], practice: Practice) -> dict[UUID, tuple[str, str]]:
    """Return the channel and the address by which each of some patients is written to, the preferred first."""
    reached = recalls.reach(patient_ids, mail.ways_out(practice))
    wishes = ReminderWish.objects.filter(patient_id__in=patient_ids).values_list("patient_id", "prefers")
    prefers = dict(wishes)
    found = {}
    for one in patient_ids:
        every = {"sms": reached.sms.get(one, ""), "email": reached.email.get(one, "")}
        turn = in_turn(CHANNELS, reachable=every, open_ways=CHANNELS, prefers=prefers.get(one, ""))
        if turn:
            found[one] = (turn[0], every[turn[0]])
    return found
