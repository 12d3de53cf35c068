"""The message about an offered time: written to who can be reached, and silenced when the offer is over."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import links
from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import PortalLink
from daysheet.practice.models import Location
from daysheet.schedule import messages, offer_words, offers_out
from daysheet.schedule.commands.telling import _keep_back, _office_and_phone
from daysheet.schedule.matching import LIVE, is_worth_writing
from daysheet.schedule.models import OfferMessage, OfferSending, SlotOffer
from daysheet.schedule.offer_words import OfferFacts
from daysheet.schedule.reminding import GRACE, awake_until, next_awake
from daysheet.tasks import commands as tasks
from daysheet.tasks.models import WorkqueueItem

PURPOSE = "slot_offer"
TO_CALL = "call_back"
CALL_WITHIN = timedelta(minutes=30)


def _write_to(by: Actor, kept: OfferSending, offers: Sequence[SlotOffer]) -> None:
    """Lay a message in the outbox for each offer whose patient can be written to in time; the desk calls the others.

    It leaves in three minutes, never outside the hours of the switch, and not once the offer is over.
    """
    practice = Practice.objects.get(pk=by.practice_id)
    ways = offers_out.ways([one.patient_id for one in offers], practice)
    rows = SlotOffer.objects.filter(id__in=[one.id for one in offers])
    for one in rows.select_related("patient", "provider", "location", "entry__type").order_by("id"):
        leaves_at = next_awake(by.now + GRACE, kept.from_clock, kept.to_clock, one.location.zone)
        way = ways.get(one.patient_id)
        if way is None or not is_worth_writing(leaves_at, one.expires_at):
            continue
        until = min(one.expires_at, awake_until(leaves_at, kept.to_clock, one.location.zone))
        _write(by, practice, one, way, (leaves_at, until))


def _write(
    by: Actor, practice: Practice, offer: SlotOffer, way: tuple[str, str], span: tuple[datetime, datetime]
) -> None:
    channel, address = way
    link, facts = _facts(by, practice, offer)
    said = offer_words.offered(facts, messages.spoken(offer.patient.language))
    told: dict[str, Any] = {
        "to": address,
        "subject": offer,
        "patient_ids": [offer.patient_id],
        "not_before": span[0],
        "not_after": span[1],
    }
    if channel == "email":
        sent = mailroom.post_email(by, subject_line=said.subject_line, text=said.letter, **told)
    else:
        sent = mailroom.post_text(by, channel=channel, text=said.text, **told)
    OfferMessage.objects.create(
        offer=offer, channel=channel, address=address, envelope=sent, link=link, made_at=by.now
    )


def _facts(by: Actor, practice: Practice, offer: SlotOffer) -> tuple[PortalLink | None, OfferFacts]:
    place: Location = offer.location
    office, phone = _office_and_phone(place)
    is_at_home = practice.is_demo or practice.is_training
    made, address = None, ""
    if links.address_of("-", is_at_home=is_at_home):
        made, token = mailroom.make_link(
            by, purpose=PURPOSE, patient_id=offer.patient_id, expires_at=offer.expires_at, subject=offer
        )
        address = links.address_of(token, is_at_home=is_at_home)
    return made, OfferFacts(
        office=office,
        phone=phone,
        at=offer.starts_at.astimezone(place.zone),
        until=offer.expires_at.astimezone(place.zone),
        who=str(offer.provider),
        place=", ".join(part for part in (place.name, place.street, place.city) if part),
        mode=offer.entry.type.mode,
        link=address,
    )


def _silence(by: Actor, offer_ids: Iterable[UUID]) -> None:
    """Stop what has not left of the messages of offers that are over; their links open nothing, no call is due any more.

    Two statements where nothing was written. Who silences holds the offers.
    """
    ids = list(offer_ids)
    rows = list(OfferMessage.objects.select_related("link").filter(offer_id__in=ids))
    _keep_back(by, [one.envelope_id for one in rows])
    for one in rows:
        if one.link is not None and one.link.is_live(by.now):
            mailroom.revoke_link(by, link_id=one.link.pk)
    items = WorkqueueItem.objects.filter(subject_id__in=ids, kind=TO_CALL)
    open_for = items.exclude(state=WorkqueueItem.State.CLOSED).values_list("subject_id", flat=True)
    for offer_id in sorted({one for one in open_for if one}):
        tasks.close_items_of(by, subject_id=offer_id, kind=TO_CALL, action_code="offer is over")


def _ask_the_desk_to_call(by: Actor, offer: SlotOffer, code: str, sentence: str) -> None:
    """Put before the desk that somebody is to be called about an offered time; while it stands, by its end."""
    due_at = by.now + CALL_WITHIN
    if offer.is_live and offer.expires_at > by.now:
        due_at = min(due_at, offer.expires_at)
    tasks.open_item(
        by,
        kind=TO_CALL,
        reason_code=code,
        sentence=sentence,
        due_at=due_at,
        source_of_due=_("office rule: half an hour, or the end of the offer"),
        role="receptionist",
        subject=offer,
        patient_id=offer.patient_id,
        link=reverse("schedule:freed-time", args=[offer.freed_by_id]),
    )


def _heed_wish_for_offers(by: Actor, patient_id: UUID, *, all_of_them: bool) -> None:
    """Keep back the messages about offers that have not left and the patient does not want: the desk calls."""
    rows = OfferMessage.objects.filter(
        offer__patient_id=patient_id, offer__answer__in=LIVE, envelope__state="queued"
    )
    if not all_of_them:
        rows = rows.filter(channel="email")
    about = {one.envelope_id: one.offer for one in rows.select_related("offer")}
    for envelope_id in mail.those_that_wait(list(about)):
        mailroom.stop_envelope(by, envelope_id=envelope_id)
        said = _("Call about a free time: this patient waits and wants no message about it.")
        _ask_the_desk_to_call(by, about[envelope_id], "OFFER-NO-WAY", said)
