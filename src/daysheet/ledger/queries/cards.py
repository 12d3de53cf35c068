"""Cards: what waits for the company, what is held until when, what a patient has kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from daysheet.kernel.money import ZERO
from daysheet.ledger.models import (
    CardCharge,
    CardDoor,
    CardForVisit,
    CardMemory,
    CardTerminal,
    CashDrawer,
    LedgerEntry,
    Payment,
    SavedCard,
)
from daysheet.ledger.models.cards import ON_THE_WAY
from daysheet.ledger.queries.days import drawer_expected, drawer_of, posting_day
from daysheet.ledger.queries.payments import over_the_desk

MOST_LOOKS = 10
"""How often a company that does not answer is asked at once; then the sweep of each minute goes on."""


MOST_DAYS_AHEAD = 4
"""A hold dies five to seven days after it was made: it is not made earlier than this before the visit."""
LIVE_HOLDS = ("asked", "held", "capturing", "captured", "releasing", "returning", "returned")
"""States in which a hold stands, was taken, or is still to be answered."""


def card_door() -> CardDoor:
    """Return by which company this office takes cards; what nobody has set is none."""
    return CardDoor.objects.first() or CardDoor(version=0)


def card_charge(charge_id: UUID) -> CardCharge | None:
    """Return one card payment with its people, or None."""
    return _whole().filter(pk=charge_id).first()


def cards_to_do() -> list[CardCharge]:
    """Return what is held and what the company has not answered, the hold that dies first on top."""
    rows = _whole().filter(state__in=("held", *ON_THE_WAY))
    return list(rows.order_by(F("capture_before").asc(nulls_last=True), "asked_at")[:200])


def cards_done(limit: int = 30) -> list[CardCharge]:
    """Return what was last settled."""
    return list(_whole().exclude(state__in=("held", *ON_THE_WAY)).order_by("-asked_at")[:limit])


def card_of_payment(number: int) -> CardCharge | None:
    """Return the card payment of a receipt, where the company took it."""
    return CardCharge.objects.filter(payment__number=number).first()


def card_returns(charge_id: UUID) -> list[LedgerEntry]:
    """Return the partial refunds of a card payment, the earliest first."""
    rows = LedgerEntry.objects.filter(source_kind="card_return", source_id=charge_id, kind="refund")
    return list(rows.prefetch_related("lines").order_by("number"))


def card_not_booked(charge: CardCharge) -> Decimal:
    """Return what the company gave back of a card payment and the book does not say."""
    if charge.payment is None or charge.payment.voided_at or not charge.returned:
        return ZERO
    booked = (
        -line.amount for one in card_returns(charge.pk) for line in one.lines.all() if line.account == "card"
    )
    return charge.returned - sum(booked, ZERO)


def what_stays_beside(payment: Payment) -> str:
    """Return why cash or a check on a card's receipt cannot be given back with it; nothing where it can."""
    beside = Payment.objects.filter(number=payment.number, voided_at=None).exclude(pk=payment.pk)
    for one in beside.select_related("entry").annotate(over_the_desk=over_the_desk()):
        if one.given_back:
            return _("A part of it was given back already.")
        if one.deposit_id:
            return _("It is on a deposit slip.")
        drawer_id = drawer_of(one.entry) if one.entry and one.method == Payment.Method.CASH else None
        drawer = CashDrawer.objects.filter(pk=drawer_id).first() if drawer_id else None
        if drawer and drawer.asked_at:
            return _("The drawer of its cash is closed.")
        if drawer and drawer_expected(drawer) < one.amount:
            return _("The drawer does not hold so much cash any more.")
    return ""


def saved_cards(patient_id: UUID) -> QuerySet[SavedCard]:
    """Return the cards that a patient let the office keep."""
    return SavedCard.objects.filter(patient_id=patient_id, removed_at__isnull=True).order_by("-saved_at")


def silent_cards(before: datetime) -> QuerySet[CardCharge]:
    """Return what was asked of the company before a moment and has no answer."""
    return CardCharge.objects.filter(state__in=ON_THE_WAY, asked_at__lte=before).order_by("asked_at")


def holds_that_die(before: datetime) -> QuerySet[CardCharge]:
    """Return what is held and will be let go by the bank before a moment."""
    return CardCharge.objects.filter(state="held", capture_before__lte=before).order_by("capture_before")


@dataclass(frozen=True, slots=True)
class CardAhead:
    """A card named for a visit: what stands of it, and what may be done now."""

    row: CardForVisit
    hold: CardCharge | None
    """What was asked of the company last; none while nothing was."""
    from_day: date
    """From when it may be held."""
    may_hold: bool

    @property
    def may_drop(self) -> bool:
        """Return whether nothing was taken by it."""
        is_taken = self.hold is not None and self.hold.state not in ("asked", "held", "declined")
        return self.row.ended_at is None and not is_taken


def told_of(row: CardForVisit, now: datetime) -> CardAhead:
    """Return how it stands with a card that is named for a visit."""
    hold, today = row.hold, posting_day(now)
    from_day = row.for_day - timedelta(days=MOST_DAYS_AHEAD)
    is_near = row.ended_at is None and from_day <= today <= row.for_day
    return CardAhead(row, hold, from_day, is_near and (hold is None or hold.state not in LIVE_HOLDS))


def cards_for_visits() -> QuerySet[CardForVisit]:
    """Return the cards that are named for visits to come, and not taken back."""
    return CardForVisit.objects.filter(ended_at__isnull=True)


def card_for_visit(row_id: UUID) -> CardForVisit | None:
    """Return a card named for a visit, or None."""
    return CardForVisit.objects.select_related("patient", "card").filter(pk=row_id).first()


def card_for_appointment(appointment_id: UUID) -> CardForVisit | None:
    """Return the card that is named for an appointment, or None."""
    rows = cards_for_visits().select_related("patient", "card")
    return rows.filter(appointment_id=appointment_id).first()


def cards_let_go_with(appointment_id: UUID) -> QuerySet[CardForVisit]:
    """Return the cards that ended because an appointment was given up and are still kept, the last one first."""
    rows = CardForVisit.objects.filter(appointment_id=appointment_id, ended_with_visit=True)
    return rows.filter(card__removed_at__isnull=True).order_by("-ended_at")


def cards_to_hold(today: date) -> QuerySet[CardForVisit]:
    """Return what was named for visits that are near enough to hold it and is not held, the nearest first."""
    held = CardCharge.objects.filter(for_visit=OuterRef("pk"), state__in=LIVE_HOLDS)
    until = today + timedelta(days=MOST_DAYS_AHEAD)
    rows = cards_for_visits().filter(~Exists(held), for_day__gte=today, for_day__lte=until)
    return rows.select_related("patient", "card").order_by("for_day", "noted_at")


def lasts_until(charge: CardCharge, day: date) -> bool:
    """Return whether a hold still stands on a day; the day before its clock runs out is the last one counted on."""
    return charge.capture_before is not None and charge.capture_before.date() > day


def holds_of(patient_id: UUID) -> list[CardCharge]:
    """Return what is held on a patient's cards, the hold that dies first on top."""
    return list(CardCharge.objects.filter(patient_id=patient_id, state="held").order_by("capture_before"))


def own_payment(patient_id: UUID) -> CardCharge | None:
    """Return what a patient is paying alone just now, in an own check-in."""
    rows = CardCharge.objects.filter(patient_id=patient_id, self_check_in_id__isnull=False)
    return rows.filter(kind="charge", state__in=ON_THE_WAY).exclude(state="returning").first()


def card_at_work(patient_id: UUID) -> CardCharge | None:
    """Return a card of the patient that is being asked for money just now, whoever wished it."""
    rows = CardCharge.objects.filter(patient_id=patient_id, kind="charge", state__in=ON_THE_WAY)
    return rows.exclude(state="returning").first()


def own_payments_of(self_check_in_id: UUID, patient_id: UUID) -> list[CardCharge]:
    """Return what a patient paid or tried to pay in an own check-in, the last one first."""
    rows = _whole().filter(patient_id=patient_id, self_check_in_id=self_check_in_id)
    return list(rows.order_by("-asked_at", "-id"))


def at_terminal(charge_id: UUID, *, now: datetime) -> CardCharge | None:
    """Return a payment for which a terminal or the company's page waits, while its time lasts."""
    rows = CardCharge.objects.select_related("terminal", "card")
    return rows.filter(pk=charge_id, state="presenting", present_until__gt=now).first()


def is_at_terminal(charge_id: UUID) -> bool:
    """Return whether a terminal has still to come to something for a payment, and is not silent for long."""
    return CardCharge.objects.filter(
        pk=charge_id,
        terminal__isnull=False,
        state__in=("presenting", "stopping", "timing_out"),
        tries__lt=MOST_LOOKS,
    ).exists()


def shown_at_terminal(ref: str) -> str:
    """Return which practice card was held to a practice terminal, or nothing yet."""
    shown = CardMemory.objects.filter(key=f"shown:{ref}").first()
    return shown.ref if shown else ""


def card_terminals() -> QuerySet[CardTerminal]:
    """Return the terminals in use, by name."""
    return CardTerminal.objects.filter(retired_at=None).select_related("station").order_by("name")


def terminals_for(company: str, station_id: UUID | None) -> list[CardTerminal]:
    """Return the terminals of a company, the one of this station first, then those that are carried about."""
    found = list(card_terminals().filter(company=company))
    return sorted(
        found, key=lambda one: (one.station_id != station_id or station_id is None, bool(one.station_id))
    )


def _whole() -> QuerySet[CardCharge]:
    return CardCharge.objects.select_related("patient", "location", "card", "terminal", "payment__entry")
