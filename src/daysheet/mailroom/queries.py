"""What lies in the mailroom, as a person or the sweep asks for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from daysheet.kernel.models import Practice
from daysheet.mailroom.models import Envelope, EnvelopeEvent, OptOut, PortalLink, TradingPartner


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of envelopes is narrowed to; empty means all."""

    number: str = ""
    """Our own number or the control number on the outside."""
    direction: str = ""
    kind: str = ""
    state: str = ""
    partner_id: UUID | None = None


def envelopes(wanted: Wanted) -> QuerySet[Envelope]:
    """Return the envelopes that fit, newest first, without their bytes."""
    rows = Envelope.objects.select_related("partner").defer("content").order_by("-number")
    if wanted.direction:
        rows = rows.filter(direction=wanted.direction)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state == "kept_here":
        rows = rows.filter(state=Envelope.State.QUEUED, next_try_at__isnull=True)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.partner_id:
        rows = rows.filter(partner_id=wanted.partner_id)
    if wanted.number:
        rows = rows.filter(_by_number(wanted.number.strip()))
    return rows


def envelope(envelope_id: UUID) -> Envelope | None:
    """Return one envelope with its partner and what it answers, or None."""
    return Envelope.objects.select_related("partner", "reply_to").filter(pk=envelope_id).first()


def replies(envelope_id: UUID) -> QuerySet[Envelope]:
    """Return what came back for an envelope, in the order of coming."""
    return Envelope.objects.defer("content").filter(reply_to_id=envelope_id).order_by("number")


def events(envelope_id: UUID) -> QuerySet[EnvelopeEvent]:
    """Return the steps of an envelope's life, latest first."""
    return EnvelopeEvent.objects.filter(envelope_id=envelope_id).order_by("-at", "-id")


def partners() -> QuerySet[TradingPartner]:
    """Return the partners in use, by name."""
    return TradingPartner.objects.filter(is_active=True).order_by("name")


def partners_of_payers() -> QuerySet[TradingPartner]:
    """Return the partners in use that can carry questions and claims: no mail server, no texts, no calls."""
    people = (TradingPartner.Transport.SMTP, TradingPartner.Transport.TELEPHONE)
    return partners().exclude(transport__in=people)


def retired_partners() -> QuerySet[TradingPartner]:
    """Return the partners that are no longer used, by name."""
    return TradingPartner.objects.filter(is_active=False).order_by("name")


def partner(partner_id: UUID) -> TradingPartner | None:
    """Return one partner, in use or not, or None."""
    return TradingPartner.objects.filter(pk=partner_id).first()


def waiting_about(subject_id: UUID) -> list[UUID]:
    """Return the envelopes about a thing that have not left."""
    rows = Envelope.objects.filter(subject_id=subject_id, direction=Envelope.Direction.OUT, state="queued")
    return list(rows.order_by("number").values_list("id", flat=True))


def written_about(subject_id: UUID) -> list[Envelope]:
    """Return what leaves, has left or was stopped about a thing, the latest first."""
    rows = Envelope.objects.filter(subject_id=subject_id, direction=Envelope.Direction.OUT)
    return list(rows.defer("content").order_by("-number"))


def those_that_wait(envelope_ids: Sequence[UUID]) -> list[UUID]:
    """Return which of some envelopes can still be stopped; they stay so until the transaction ends."""
    rows = Envelope.objects.select_for_update().filter(pk__in=envelope_ids).order_by("pk")
    return [one.pk for one in rows if one.can_be_stopped]


def email_leaves() -> bool:
    """Return whether an e-mail server is set up; without one an e-mail stays in the outbox."""
    return bool(settings.EMAIL_HOST)


def ways_out(practice: Practice) -> frozenset[str]:
    """Return the channels by which a patient can be reached now: email, sms, voice."""
    plays = practice.is_demo or practice.is_training
    ways = {"email"} if email_leaves() and not plays else set()
    if plays:
        ways |= set(partners().filter(transport="telephone").values_list("folder", flat=True))
    return frozenset(ways)


def wants_none(channel: str, address: str) -> bool:
    """Return whether whoever holds an address wants no more messages by a channel."""
    return OptOut.objects.filter(channel=channel, address=address, ended_at=None).exists()


def want_none(addresses: Iterable[str]) -> set[tuple[str, str]]:
    """Return which of some addresses want no more messages, each with the channel; one statement."""
    rows = OptOut.objects.filter(address__in=list(addresses), ended_at=None)
    return set(rows.values_list("channel", "address"))


def in_the_telephone(limit: int = 30) -> list[Envelope]:
    """Return the latest texts and calls that were laid into the test telephone."""
    rows = Envelope.objects.filter(
        direction=Envelope.Direction.OUT, partner__transport="telephone", state="sent"
    )
    return list(rows.order_by("-sent_at", "-number")[:limit])


def link_by(token_hash: str) -> PortalLink | None:
    """Return the link of a token, whatever has become of it, or None."""
    return PortalLink.objects.filter(token_hash=token_hash).first()


def kinds() -> list[str]:
    """Return the kinds of envelope that lie here."""
    return list(Envelope.objects.order_by("kind").values_list("kind", flat=True).distinct())


def due_to_leave(now: datetime) -> list[UUID]:
    """Return what waits to leave and whose time has come."""
    rows = Envelope.objects.filter(
        direction=Envelope.Direction.OUT, state=Envelope.State.QUEUED, next_try_at__lte=now
    )
    return list(rows.values_list("pk", flat=True))


def left_unread(before: datetime) -> list[UUID]:
    """Return what came in before a moment and was not read since."""
    rows = Envelope.objects.filter(
        direction=Envelope.Direction.IN, state=Envelope.State.RECEIVED, created_at__lt=before
    )
    return list(rows.values_list("pk", flat=True))


def _by_number(text: str) -> Q:
    padded = text.zfill(9) if text.isdecimal() else text
    found = Q(control_number__in={text, padded})
    return found | Q(number=int(text)) if text.isdecimal() and len(text) < 18 else found
