"""Cards of a played office, by the company within the house: sales, holds, what goes back; cash carried to the safe."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.ledger import carding
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.models import CardCharge
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.visits import PlayedVisit
from daysheet.visits.copays import copay_of
from daysheet.visits.models import Visit

TOKENS = (("test_visa", "test_mastercard", "test_declined", "test_lost_answer"), (55, 20, 20, 5))
PAYS_BY_CARD, KEEPS_CARD = 40.0, 30.0  # percent
HELD, PART = Decimal("30.00"), Decimal("5.00")
DROPPED_AT, LOOKED_AT = (12, 30), (16, 55)
KEEPS_IN_DRAWER = Decimal("60.00")
RANK = 4500


def open_card_door(play: PlayedPractice, now: datetime) -> None:
    """Let the office work with the card company within the house, and have a terminal."""
    manager = play.office.by("office_manager", now)
    ledger.set_card_door(manager, version=0, company="loopback")
    ledger.keep_terminal(manager, name="Practice terminal", reader="practice-1")


def ask_company(by: Actor, charge: CardCharge) -> CardCharge:
    """Let the company answer, outside every transaction, twice where an answer was lost; return what became of it."""
    if not carding.carry_on(by, charge_id=charge.pk):
        carding.carry_on(by, charge_id=charge.pk)
    with transaction.atomic():
        return CardCharge.objects.get(pk=charge.pk)


def plan_cards(play: PlayedPractice, day: date, coming: Sequence[PlayedVisit]) -> None:
    """Let some pay by card before they are called, and the desk settle in the afternoon what was held or went wrong."""
    for visit in coming:
        if visit.appointment_id and visit.chance.of("card").happens(PAYS_BY_CARD):
            visit.pays = partial(_sell, play, visit)
    play.plan(play.moment(day, *DROPPED_AT), RANK, lambda now: _drop(play, day, now))
    play.plan(play.moment(day, *LOOKED_AT), RANK, lambda now: _settle(play, day, now))


@transaction.atomic
def _begin(by: Actor, visit: PlayedVisit, amount: Decimal, token: str, *, keeps: bool = False) -> CardCharge:
    assert visit.visit is not None
    return ledger.begin_card(
        by, patient_id=visit.patient.id, kind="charge", amount=amount, token=token, keeps_card=keeps,
        purpose="copay", visit_id=visit.visit.id, location_id=visit.location.id,
    )  # fmt: skip


def _sell(play: PlayedPractice, visit: PlayedVisit, now: datetime) -> None:
    """Take the copay by card; who is declined pays with another one."""
    assert visit.visit is not None
    due, _why = copay_of(visit.visit)
    if not due:
        return
    by, chance = play.office.by("receptionist", now), visit.chance.of("sale")
    token = chance.one_of(*TOKENS)
    visit.has_paid = True

    def take() -> None:
        try:
            begun = _begin(by, visit, due, token, keeps=chance.happens(KEEPS_CARD))
        except Refusal:
            return  # somebody said meanwhile who pays: a case of injury leaves no copay
        charge = ask_company(by, begun)
        if charge.state == CardCharge.State.DECLINED:
            ask_company(by, _begin(by, visit, due, "test_visa"))

    play.outside.append(take)


def hold_ahead(play: PlayedPractice, day: date, now: datetime, booked: Sequence[PlayedVisit]) -> None:
    """Hold a deposit on the evening before, for the first and the last visit of the day."""
    by = play.office.by("receptionist", now)
    ordered = sorted(booked, key=lambda one: one.starts_at)
    for visit in ordered[:1] + ordered[1:][-1:]:
        hold(by, visit.patient.id, day=day, location_id=visit.location.id)


def hold(
    by: Actor,
    patient_id: UUID,
    *,
    day: date,
    location_id: UUID,
    token: str = "test_visa",  # noqa: S107 - a play card
) -> bool:
    """Hold a deposit for a day; return whether the company was asked. Of some patients nothing may be asked."""
    try:
        charge = ledger.begin_card(
            by, patient_id=patient_id, kind="hold", amount=HELD, token=token,
            purpose="prepayment", for_day=day, location_id=location_id,
        )  # fmt: skip
    except Refusal:
        return False
    ask_company(by, charge)
    return True


def _settle(play: PlayedPractice, day: date, now: datetime) -> None:
    """Take what was held for who has come and let go the rest; undo a sale of today, give back a part of an older one."""
    by, manager = (play.office.by(role, now) for role in ("receptionist", "office_manager"))
    charges = CardCharge.objects.select_related("payment").order_by("asked_at", "amount")
    for held in charges.filter(state="held", for_day=day):
        here = Visit.objects.filter(patient_id=held.patient_id, service_on=day).exclude(flow="undone")
        if here.exists():
            begun = ledger.begin_capture(by, charge_id=held.pk, version=held.version)
        else:
            begun = ledger.begin_release(by, charge_id=held.pk, version=held.version, reason="Did not come")
        play.outside.append(partial(ask_company, by, begun))
    taken = [one for one in charges.filter(kind="charge", state="captured") if one.payment is not None]
    today = [one for one in taken if one.asked_at.date() == now.date()]
    for one in today[-1:]:
        _give_back(play, one, by, "Taken from the wrong patient", None)
    for one in [one for one in taken if one not in today][:1]:
        _give_back(play, one, manager, "The copay was less", min(PART, one.left))


def _give_back(play: PlayedPractice, one: CardCharge, by: Actor, reason: str, amount: Decimal | None) -> None:
    try:
        begun = ledger.begin_return(by, charge_id=one.pk, version=one.version, reason=reason, amount=amount)
    except Refusal:
        return  # it is not there any more
    play.outside.append(partial(ask_company, by, begun))


def _drop(play: PlayedPractice, day: date, now: datetime) -> None:
    """Carry to the safe what lies in the drawers beyond the change."""
    desk = play.office.by("receptionist", now)
    for drawer in books.drawers(day):
        if drawer.row is not None and drawer.expected > KEEPS_IN_DRAWER:
            ledger.drop_cash(
                desk,
                drawer_id=drawer.row.pk,
                amount=drawer.expected - KEEPS_IN_DRAWER,
                counted_by=desk.name,
                reason="Noon",
            )
