"""What the card company is asked next, and what its answer does to the book; each in a transaction of its own."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.ids import new_id
from daysheet.kernel.live import announce
from daysheet.kernel.money import usd
from daysheet.ledger import followers, queries
from daysheet.ledger.card_wish import Asked, asked_of, verb_of
from daysheet.ledger.cardgate import CardAnswer
from daysheet.ledger.cardgate.advice import what_next
from daysheet.ledger.commands.cards import _settle_returned, _settle_taken
from daysheet.ledger.models import CardCharge, CardForVisit, CardMemory, SavedCard
from daysheet.tasks import commands as tasks
from daysheet.tasks.models import WorkqueueItem

State = CardCharge.State
HOLD_LASTS = timedelta(days=5)
"""How long a hold is counted on where the company does not say: the shortest that the brands give."""
TASK = "card"
TERMINAL_WAITS = timedelta(minutes=2)
PAGE_WAITS = timedelta(minutes=20)
"""How long a patient is given on the company's own page."""
AT_WORK = timedelta(seconds=30)
"""How long a terminal is given that cannot be cancelled, for it has a card just now."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the card company of the house knows by a key."""

    is_first: bool
    ref: str
    sentence: str


@command(needs=Can.TAKE_PAYMENT)
def next_card_wish(by: Actor, /, *, charge_id: UUID) -> Asked | None:
    """Return what the company is to be asked now; nothing where it is settled."""
    rows = CardCharge.objects.select_for_update(of=("self",)).select_related("card", "terminal")
    charge = rows.get(pk=charge_id)
    waits_until = charge.present_until if charge.state == State.PRESENTING else None
    if charge.state == State.ASKED and (charge.terminal_id or charge.on_page):
        # An old question must not light up before the next patient, when the company can be reached again.
        waits_until = charge.asked_at + _waits(charge)
    if waits_until and waits_until <= by.now:
        charge.step += charge.state == State.PRESENTING  # else the key of what was asked is needed to find it
        charge.state, charge.present_until = State.TIMING_OUT, waits_until
        charge.version += 1
        charge.save(update_fields=["state", "step", "version", "present_until"])
        announce(by.practice_id, "cards")
    record(by, "ledger.card.looked-at", charge, state=charge.state)
    if not charge.is_on_the_way:
        return None
    CardCharge.objects.filter(pk=charge.pk).update(tries=charge.tries + 1)
    return asked_of(by, charge)


@command(needs=Can.TAKE_PAYMENT)
def note_card_answer(by: Actor, /, *, charge_id: UUID, verb: str, answer: CardAnswer) -> CardCharge:
    """Settle what the company said, once: said again, it changes nothing."""
    rows = CardCharge.objects.select_for_update(of=("self",)).select_related("payment__entry", "patient")
    charge = rows.get(pk=charge_id)
    record(by, "ledger.card.answered", charge, verb=verb, done=answer.is_done)
    if verb_of(charge) != verb:
        return charge
    if verb in {"authorize", "save"}:
        _authorized(by, charge, answer)
    elif verb == "present":
        _presented(by, charge, answer)
    elif verb == "look":
        _looked_at(by, charge, answer)
    elif verb == "stop":
        _stopped(by, charge, answer)
    elif verb == "capture":
        _captured(by, charge, answer)
    elif verb == "cancel":
        charge.state = State.RELEASED if answer.is_done else State.HELD
        if answer.is_done:
            tasks.close_items_of(by, subject_id=charge.pk, kind=TASK, action_code="done")
    else:
        _returned(by, charge, answer)
    if not answer.is_done and not answer.outcome:
        charge.sentence = f"{answer.sentence[:300]} {what_next(verb, answer.code)}"
    charge.version += 1
    charge.save()
    if charge.payment is not None and charge.returned:
        followers.tell_went_back(by, charge.patient_id, [charge.payment])
    announce(by.practice_id, "cards")
    return charge


@command(needs=Can.TAKE_PAYMENT)
def call_for_a_person(by: Actor, /, *, charge_id: UUID) -> None:
    """Put a card that the company does not answer for, or a hold that dies soon, on the work list."""
    charge = CardCharge.objects.select_related("patient").get(pk=charge_id)
    record(by, "ledger.card.called-for-a-person", charge)
    open_already = WorkqueueItem.objects.filter(kind=TASK, subject_id=charge.pk)
    if open_already.exclude(state=WorkqueueItem.State.CLOSED).exists():
        return
    is_hold = charge.state == State.HELD
    words = (
        _("Money held on a card is let go by the bank soon: take it, or release the hold.")
        if is_hold
        else _("The card company has not answered: look whether the money was taken.")
    )
    _task(by, charge, words, "hold_ends" if is_hold else "no_answer")


@command(needs=Can.TAKE_PAYMENT)
def remember_card_wish(
    by: Actor, /, *, key: str, verb: str, amount: Decimal, ref: str, sentence: str
) -> Remembered:
    """Be the card company of the house: the first time a key is told it counts, later it is only known."""
    told, is_first = CardMemory.objects.get_or_create(
        key=key,
        defaults={
            "verb": verb,
            "amount": amount,
            "ref": ref or f"loop_{new_id().hex[-12:]}",
            "sentence": sentence,
            "at": by.now,
        },
    )
    if not is_first:
        CardMemory.objects.filter(pk=told.pk).update(times=told.times + 1)
    record(by, "ledger.card-memory.told", told, verb=verb, first=is_first)
    return Remembered(is_first, told.ref, told.sentence)


def _authorized(by: Actor, charge: CardCharge, answer: CardAnswer) -> None:
    charge.token = ""
    charge.ref = answer.ref or charge.ref
    charge.brand, charge.last4 = answer.brand or charge.brand, answer.last4 or charge.last4
    charge.approval = answer.approval[:20]
    if not answer.is_done:
        charge.state = State.DECLINED
        CardForVisit.objects.filter(holds=charge).update(called_at=None)
        return
    if answer.token and answer.last4:
        charge.card = SavedCard.objects.create(
            patient_id=charge.patient_id,
            token=answer.token,
            brand=answer.brand or "Other",
            last4=answer.last4,
            expires=answer.expires,
            saved_at=by.now,
            saved_by=by.name,
        )
    if charge.kind == CardCharge.Kind.SAVE:
        charge.state = State.SAVED
        return
    charge.capture_before = answer.capture_before or by.now + HOLD_LASTS
    charge.state = State.CAPTURING if charge.kind == CardCharge.Kind.CHARGE else State.HELD
    if charge.for_visit is not None:
        _held_for(charge, charge.for_visit)


def _held_for(charge: CardCharge, visit: CardForVisit) -> None:
    """Let go at once what was held for a visit that was given up, or moved too far, while the company was asked."""
    if visit.ended_at is None and queries.lasts_until(charge, visit.for_day):
        charge.for_day = visit.for_day
        return
    charge.state, charge.step = State.RELEASING, charge.step + 1
    charge.reason = visit.ended_because or _("The visit was moved")


def _presented(by: Actor, charge: CardCharge, answer: CardAnswer) -> None:
    """Let the terminal wait for the card, where it took the amount."""
    charge.ref = answer.ref or charge.ref
    charge.state = State.PRESENTING if answer.is_done else State.DECLINED
    charge.present_until = by.now + _waits(charge)
    charge.page_url = answer.page_url
    charge.tries = 0


def _waits(charge: CardCharge) -> timedelta:
    return PAGE_WAITS if charge.on_page else TERMINAL_WAITS


def _looked_at(by: Actor, charge: CardCharge, answer: CardAnswer) -> None:
    """Settle what a terminal came to: the card is approved, declined, or nobody held one to it."""
    if answer.outcome == "waiting":
        return
    if answer.outcome:
        charge.state = State.TIMED_OUT if answer.outcome == "timed_out" else State.CANCELLED
        charge.sentence = answer.sentence[:300]
        return
    _authorized(by, charge, answer)
    charge.read_by, charge.application = answer.read_by[:40], answer.application[:120]


def _stopped(by: Actor, charge: CardCharge, answer: CardAnswer) -> None:
    """Settle a cancelling: where the company did not, the terminal is at work with the card and is looked at again."""
    charge.ref = answer.ref or charge.ref
    if not answer.is_done:
        charge.state, charge.present_until = State.PRESENTING, by.now + AT_WORK
        return
    charge.sentence = ""
    charge.state = State.TIMED_OUT if charge.state == State.TIMING_OUT else State.CANCELLED


def _captured(by: Actor, charge: CardCharge, answer: CardAnswer) -> None:
    if not answer.is_done:
        charge.state = State.DECLINED
        return
    charge.approval = (answer.approval or charge.approval or charge.ref[-6:] or "none")[:20]
    charge.payment, charge.sentence = _settle_taken(by, charge, charge.approval)
    charge.state = State.CAPTURED
    if charge.sentence:
        _task(by, charge, _("A card was taken, and something beside it was not: look at it."), "beside")
    tasks.close_items_of(by, subject_id=charge.pk, kind=TASK, action_code="done")


def _returned(by: Actor, charge: CardCharge, answer: CardAnswer) -> None:
    if not answer.is_done or charge.payment is None:
        charge.state, charge.asked_back = State.CAPTURED, usd(0)
        return
    is_booked, charge.sentence = _settle_returned(by, charge, charge.payment)
    charge.returned, charge.asked_back = charge.returned + charge.asked_back, usd(0)
    charge.state = State.CAPTURED if charge.left else State.RETURNED
    if not is_booked:
        _task(
            by, charge, _("Money went back to a card and is still in the book: mend it."), "not_in_the_book"
        )


def _task(by: Actor, charge: CardCharge, words: str, reason_code: str) -> None:
    tasks.open_item(
        by,
        kind=TASK,
        reason_code=reason_code,
        sentence=words,
        due_at=by.now + timedelta(hours=4),
        source_of_due=_("office rule 4 h"),
        role="receptionist",
        subject=charge,
        patient_id=charge.patient_id,
        link=f"/money/cards/{charge.pk}/",
    )
