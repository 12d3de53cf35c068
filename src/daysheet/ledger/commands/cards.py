"""Money by card: what is wished is written down first, the company is asked outside, its answer is settled here.

No transaction is open while the company is asked (`carding.py`). The same wish has the same key, so that a lost answer
is found again and nothing is taken twice.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.jobs import later
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.kernel.money import ZERO, say, usd
from daysheet.ledger import card_keys, queries, rules
from daysheet.ledger.asking import arrivals
from daysheet.ledger.cardgate.reading import read_in_words
from daysheet.ledger.checks import amount_above_zero, no_card_numbers, said_why
from daysheet.ledger.commands.book import Book
from daysheet.ledger.commands.filling import PlanPart
from daysheet.ledger.commands.payments import (
    CARD_RETURN,
    PURPOSES,
    MoreThanWasTaken,
    PaymentIsGone,
    Way,
    _marked_gone,
    _must_be_there,
    _standing_entry,
    _way_is_told,
    take_split,
    void_payment,
)
from daysheet.ledger.models import (
    CardCharge,
    CardDoor,
    CardForVisit,
    CardTerminal,
    LedgerEntry,
    Payment,
    SavedCard,
)
from daysheet.ledger.paying_alone import not_while_paying
from daysheet.ledger.protected import day_of_their_visit, no_more_than_allowed
from daysheet.tasks import commands as tasks

TOKEN = re.compile(r"[A-Za-z0-9_]{6,80}")
State = CardCharge.State


class CardIsWrong(Refusal):
    """No company, no card, a day too far ahead, or a step that does not follow."""


@command(needs=Can.TAKE_PAYMENT)
def begin_card(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    kind: str,
    amount: Decimal = ZERO,
    token: str = "",
    card_id: UUID | None = None,
    terminal_id: UUID | None = None,
    on_page: bool = False,
    keeps_card: bool = False,
    purpose: str = "balance",
    visit_id: UUID | None = None,
    location_id: UUID | None = None,
    for_day: date | None = None,
    beside: Sequence[Way] = (),
) -> CardCharge:
    """Write down what the company is to be asked: a payment, a hold until a visit, or to keep a card.

    Cash and checks `beside` come on the same receipt, once the card is taken; a terminal or a page asks for it.
    """
    door = _open_door(by)
    saved = _saved(card_id, patient_id) if card_id else None
    terminal = _terminal(terminal_id, door, kind) if terminal_id else None
    if terminal is None and not on_page:
        _card_is_named(token, saved, kind)
    _nobody_pays_alone(by, patient_id, kind)
    is_save = kind == CardCharge.Kind.SAVE
    if kind not in CardCharge.Kind.values or purpose not in PURPOSES:
        raise CardIsWrong(_("Say what the card is for."), kind=_("Choose one."))
    money = ZERO if is_save else amount_above_zero(amount, what=_("The amount on the card"))
    today = queries.posting_day(by.now)
    _day_is_near(kind, for_day, today)
    ways = [_way_is_told(one) for one in beside] if kind == CardCharge.Kind.CHARGE else []
    parts = [] if is_save else [money, *(way.amount for way in ways)]
    _may_be_asked(patient_id, purpose, parts, for_day or today, visit_id)
    charge = CardCharge.objects.create(
        kind=kind,
        patient_id=patient_id,
        location_id=location_id,
        visit_id=visit_id,
        purpose=purpose,
        amount=money,
        beside=[{key: str(one) for key, one in asdict(way).items() if one} for way in ways],
        card=saved,
        terminal=terminal,
        on_page=on_page,
        token="" if saved or terminal else token,
        keeps_card=keeps_card and saved is None and terminal is None and not is_save,
        company=door.company,
        brand=saved.brand if saved else "",
        last4=saved.last4 if saved else "",
        for_day=for_day if kind == CardCharge.Kind.HOLD else None,
        asked_at=by.now,
        **_wished_by(by),
    )
    record(by, "ledger.card.asked", charge, kind=kind, amount=money)
    return _carry_on(by, charge)


@command(needs=Can.TAKE_PAYMENT)
def begin_capture(by: Actor, /, *, charge_id: UUID, version: int) -> CardCharge:
    """Take what is held, now that the patient is here: it belongs to the visit for which the patient has come."""
    charge = _held(charge_id, version, State.HELD)
    day = charge.for_day or queries.posting_day(by.now)
    if charge.visit_id is None:
        charge.visit_id = next(filter(None, (come(charge.patient_id, day) for come in arrivals)), None)
    no_more_than_allowed(charge.patient_id, charge.purpose, charge.amount, day=day, visit_id=charge.visit_id)
    return _step(by, charge, State.CAPTURING, "")


@command(needs=Can.TAKE_PAYMENT)
def begin_release(by: Actor, /, *, charge_id: UUID, version: int, reason: str) -> CardCharge:
    """Let go what is held: nothing is taken."""
    charge, why = _held(charge_id, version, State.HELD), said_why(reason)
    CardForVisit.objects.filter(holds=charge, ended_at__isnull=True).update(
        ended_at=by.now, ended_because=why
    )
    return _step(by, charge, State.RELEASING, why)


@command(needs=Can.TAKE_PAYMENT)
def begin_return(
    by: Actor, /, *, charge_id: UUID, version: int, reason: str, amount: Decimal | None = None
) -> CardCharge:
    """Give back what was taken by card: of today it is a void, of an earlier day a refund, which takes its permission.

    A part of it is a refund on any day; several parts go back until nothing is left. Raises MoreThanWasTaken,
    and PaymentIsGone where it was refunded in another way.
    """
    charge = _held(charge_id, version, State.CAPTURED)
    back = charge.left if amount is None else amount_above_zero(amount, what=_("What goes back"))
    if back > charge.left:
        sentence = _("Only %(left)s is left of what this card paid.") % {"left": say(charge.left)}
        raise MoreThanWasTaken(sentence, amount=sentence)
    why = said_why(reason)
    payment = charge.payment
    if payment is None or payment.voided_at:
        raise PaymentIsGone(_("That payment was taken back already."))
    _standing_entry(payment)
    if back < charge.amount or not _is_of_today(by, payment):
        by.must(Can.REFUND)
    _must_be_there(payment.patient_id, back)
    charge.asked_back = back
    return _step(by, charge, State.RETURNING, why)


@command(needs=Can.TAKE_PAYMENT)
def post_card_return(by: Actor, /, *, charge_id: UUID, version: int) -> CardCharge:
    """Put into the book what the company has given back and the book does not say.

    Raises CardIsWrong where nothing is missing.
    """
    charge = _held(charge_id, version, State.CAPTURED, State.RETURNED)
    Book.open(by, [charge.patient_id])
    missing, payment = queries.card_not_booked(charge), charge.payment
    if payment is None or not missing:
        raise CardIsWrong(_("All that went back is in the book already."))
    charge.step += 1
    if missing == payment.amount:
        _take_out(by, payment, charge.reason)
    else:
        _give_back_a_part(by, charge, payment, missing, most=charge.left)
    charge.version, charge.sentence = charge.version + 1, ""
    charge.save(update_fields=["step", "version", "sentence"])
    record(by, "ledger.card.return-posted", charge, amount=missing)
    tasks.close_items_of(by, subject_id=charge.pk, kind="card", action_code="done")
    announce(by.practice_id, "cards")
    return charge


@command(needs=Can.TAKE_PAYMENT)
def remove_card(by: Actor, /, *, card_id: UUID) -> SavedCard:
    """Forget a saved card; no visit waits for it any more."""
    card = SavedCard.objects.select_for_update().filter(pk=card_id, removed_at__isnull=True).first()
    if card is None:
        raise CardIsWrong(_("That card is gone already."))
    card.removed_at, card.token = by.now, ""
    card.save(update_fields=["removed_at", "token"])
    waits = queries.cards_for_visits().filter(card=card)
    for one in waits:
        tasks.close_items_of(by, subject_id=one.pk, kind="card", action_code="done")
    waits.update(ended_at=by.now, ended_because=_("The card is kept no more."))
    record(by, "ledger.card.removed", card)
    return card


@command(needs=Can.MANAGE_OFFICE)
def set_card_door(by: Actor, /, *, version: int, company: str, secret: str = "") -> CardDoor:
    """Say by which company this office takes cards; the key is kept encrypted, and stays when none is typed."""
    practice = Practice.objects.get(pk=by.practice_id)
    if company not in CardDoor.Company.values:
        raise CardIsWrong(_("Choose a company."), company=_("Choose one."))
    if company == CardDoor.Company.STRIPE and (practice.is_training or practice.is_demo):
        sentence = _("No money leaves a training or demonstration office. Choose the practice cards.")
        raise CardIsWrong(sentence, company=sentence)
    if company == CardDoor.Company.LOOPBACK and not (practice.is_training or practice.is_demo):
        sentence = _(
            "Practice cards are for training and demonstration: here they would book money that never came."
        )
        raise CardIsWrong(sentence, company=sentence)
    door = CardDoor.objects.select_for_update().first() or CardDoor(version=0)
    if door.version != version:
        raise StaleForm(_("Somebody else has changed this meanwhile. Look at it again."))
    no_card_numbers(secret=secret)
    sealed = card_keys.seal(secret.strip()) if secret.strip() else door.secret
    door.company, door.secret = company, sealed if company == CardDoor.Company.STRIPE else ""
    if company == CardDoor.Company.STRIPE and not sealed:
        sentence = _("Type the secret key that the company gave.")
        raise CardIsWrong(sentence, secret=sentence)
    door.version += 1
    door.save()
    record(by, "ledger.card-door.set", door, company=company)
    return door


def _open_door(by: Actor) -> CardDoor:
    door = CardDoor.objects.first()
    if door is None or door.company == CardDoor.Company.NONE:
        raise CardIsWrong(
            _("This office takes cards on its own terminal. Take the payment there and type its approval.")
        )
    return door


def _nobody_pays_alone(by: Actor, patient_id: UUID, kind: str) -> None:
    """Refuse to take money by card while the patient is paying alone; of two that begin at once the second sees it."""
    if kind == CardCharge.Kind.CHARGE:
        Book.lock(by)
        not_while_paying(patient_id)


def _terminal(terminal_id: UUID, door: CardDoor, kind: str) -> CardTerminal:
    """Return the terminal that is to ask for the card, when it is free."""
    found = CardTerminal.objects.select_for_update().filter(pk=terminal_id, retired_at=None).first()
    if found is None or found.company != door.company:
        sentence = _("That terminal is not used any more. Choose another, or another way.")
        raise CardIsWrong(sentence, card=sentence)
    if kind != CardCharge.Kind.CHARGE:
        sentence = _(
            "At a terminal money is taken at once. To hold money or keep a card, use the company's form."
        )
        raise CardIsWrong(sentence, kind=sentence)
    at_work = CardCharge.objects.filter(
        terminal=found, state__in=(State.ASKED, State.PRESENTING, State.STOPPING, State.TIMING_OUT)
    )
    if at_work.exists():
        sentence = _("%(terminal)s asks for another card just now. Wait, or cancel that one first.")
        raise CardIsWrong(sentence % {"terminal": found}, card=sentence % {"terminal": found})
    return found


def _saved(card_id: UUID, patient_id: UUID) -> SavedCard:
    card = SavedCard.objects.filter(pk=card_id, patient_id=patient_id, removed_at__isnull=True).first()
    if card is None:
        raise CardIsWrong(_("That card is not kept any more."), card=_("Choose another card."))
    return card


def _card_is_named(token: str, saved: SavedCard | None, kind: str) -> None:
    no_card_numbers(token=token)
    if saved is not None and kind != CardCharge.Kind.SAVE:
        return
    if not TOKEN.fullmatch(token):
        sentence = _("Choose a card: a kept one, or the token that the card company gave for it.")
        raise CardIsWrong(sentence, token=sentence)


def _day_is_near(kind: str, for_day: date | None, today: date) -> None:
    if kind != CardCharge.Kind.HOLD:
        return
    if for_day is None or not today <= for_day <= today + timedelta(days=queries.MOST_DAYS_AHEAD):
        sentence = _(
            "Money is held for a visit in the next four days. For a later one keep the card, and hold it then."
        )
        raise CardIsWrong(sentence, for_day=sentence)


def _may_be_asked(
    patient_id: UUID, purpose: str, parts: Sequence[Decimal], day: date, visit_id: UUID | None
) -> None:
    """Refuse more than a rule allows, and another patient's visit, also where no money is asked for."""
    if parts:
        no_more_than_allowed(patient_id, purpose, sum(parts, ZERO), day=day, visit_id=visit_id)
    else:
        day_of_their_visit(patient_id, visit_id)


def _held(charge_id: UUID, version: int, *states: str) -> CardCharge:
    rows = CardCharge.objects.select_for_update(of=("self",)).select_related("payment__entry__posting_day")
    charge = rows.filter(pk=charge_id).first()
    if charge is None:
        raise CardIsWrong(_("That card payment is not known to this office."))
    if charge.version != version:
        raise StaleForm(_("Somebody else has gone on with this card meanwhile. Look at it again."))
    if charge.state not in states:
        raise CardIsWrong(
            _("That cannot be done now: it is “%(state)s”.") % {"state": charge.get_state_display()}
        )
    return charge


def _step(by: Actor, charge: CardCharge, state: str, why: str) -> CardCharge:
    charge.state, charge.reason, charge.sentence = state, why or charge.reason, ""
    for name, one in _wished_by(by).items():
        setattr(charge, name, one)
    charge.step += 1
    charge.version += 1
    charge.tries, charge.asked_at = 0, by.now
    charge.save()
    record(by, f"ledger.card.{state}", charge, amount=charge.amount, reason=why)
    _carry_on(by, charge)
    return charge


def _wished_by(by: Actor) -> dict[str, Any]:
    return {
        "by_name": by.name,
        "by_user_id": by.user_id,
        "by_role": by.role,
        "by_station_id": by.station_id,
    }


def _carry_on(by: Actor, charge: CardCharge) -> CardCharge:
    later("ledger.carry_card_on", practice_id=by.practice_id, charge_id=charge.pk)
    announce(by.practice_id, "cards")
    return charge


def _is_of_today(by: Actor, payment: Payment) -> bool:
    return payment.entry is not None and payment.entry.posted_on == queries.posting_day(by.now)


def _settle_taken(by: Actor, charge: CardCharge, approval: str) -> tuple[Payment, str]:
    """Put what the company has taken into the book; what cannot be taken beside it is told, not lost."""
    card = Way(
        "card",
        charge.amount,
        card_brand=charge.brand or "Other",
        card_last4=charge.last4,
        approval=approval,
        card_read=", ".join(filter(None, (read_in_words(charge.read_by), charge.application))),
    )
    beside = [_way(one) for one in charge.beside]
    who = {"patient_id": charge.patient_id, "location_id": charge.location_id, "visit_id": charge.visit_id}
    said = ""
    whole, alone = [*beside, card], [card]
    for ways, purpose in ((whole, charge.purpose), (alone, charge.purpose), (alone, "balance")):
        is_last = purpose == "balance" and ways is alone
        try:
            with transaction.atomic():
                parts = take_split(by, ways=ways, purpose=purpose, is_here=is_last, settles=True, **who)  # type: ignore[arg-type]
        except Refusal as no:
            said = said or no.sentence
        else:
            return parts[-1], said
    raise CardIsWrong(said)


def _settle_returned(by: Actor, charge: CardCharge, payment: Payment) -> tuple[bool, str]:
    """Take what went back out of the book: a void of today's receipt, the mirror of the card's part, or a part of it.

    What is paid beside it and cannot be given back any more stays. Return whether it is in the book, and what to say.
    """
    said, back = "", charge.asked_back
    try:
        with transaction.atomic():
            Book.open(by, [payment.patient_id])
            is_today = _is_of_today(by, payment)
            stays = queries.what_stays_beside(payment) if is_today else ""
            if back < payment.amount:
                _give_back_a_part(by, charge, payment, back, most=charge.left - back)
            elif is_today and not stays:
                void_payment(by, payment_id=payment.pk, reason=charge.reason, has_gone_back=True)
            else:
                _take_out(by, payment, charge.reason)
                said = stays and _("The card alone went back, the cash or check beside it stays. %(why)s")
    except Refusal as no:
        return False, no.sentence
    return True, said % {"why": stays} if said else ""


def _take_out(by: Actor, payment: Payment, reason: str) -> None:
    """Take the card's part of a receipt out of the book by its mirror image."""
    entry = _standing_entry(payment)
    Book.open(by, [payment.patient_id]).reverse(entry, reason=reason)
    _marked_gone(by, payment, "returned", reason)


def _give_back_a_part(
    by: Actor, charge: CardCharge, payment: Payment, back: Decimal, *, most: Decimal
) -> None:
    """Put a partial refund into the book: what it had paid is owed again, the newest first."""
    _standing_entry(payment)
    book = Book.open(by, [payment.patient_id])
    who = {"patient_id": payment.patient_id, "location_id": payment.location_id}
    entry = book.post(
        kind=LedgerEntry.Kind.REFUND,
        sides=[rules.debit("unapplied", back, **who), rules.credit("card", back, **who)],
        memo=charge.reason,
        service_on=book.day.day,
        source_kind=CARD_RETURN,
        source_id=charge.pk,
        source_key=f"{CARD_RETURN}/{charge.pk}/{charge.step}",
    )
    PlanPart.lower(by, payment, most=most)
    record(by, "ledger.card.part-given-back", entry, patients=[charge.patient_id], amount=back)


def _way(kept: dict[str, str]) -> Way:
    tendered = kept.get("tendered")
    return Way(
        kept["method"],
        usd(kept["amount"]),
        check_number=kept.get("check_number", ""),
        tendered=usd(tendered) if tendered else None,
    )
