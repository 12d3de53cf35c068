"""A kept card named for a visit to come: held four days before at most, let go with the visit, or moved with it."""

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.kernel.money import say
from daysheet.ledger import queries
from daysheet.ledger.checks import amount_above_zero, no_card_numbers
from daysheet.ledger.commands.cards import CardIsWrong, State, _open_door, _saved, _step, begin_card
from daysheet.ledger.models import CardCharge, CardForVisit
from daysheet.ledger.protected import no_more_than_allowed
from daysheet.ledger.rules import in_words
from daysheet.tasks import commands as tasks

FOR_VISITS = ("copay", "prepayment")
TASK = "card"


@command(needs=Can.TAKE_PAYMENT)
def name_card_for_visit(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    appointment_id: UUID,
    for_day: date,
    card_id: UUID,
    amount: Decimal,
    purpose: str,
    consented_by: str,
    location_id: UUID | None = None,
) -> CardForVisit:
    """Name a kept card and a sum for a visit to come, with who agreed; nothing is held by it.

    One that was named before and is not held gives way. Raises CardIsWrong, and NothingMayBeAsked.
    """
    no_card_numbers(consented_by=consented_by)
    _open_door(by)
    money, who = amount_above_zero(amount), " ".join(consented_by.split())
    if purpose not in FOR_VISITS:
        raise CardIsWrong(_("Say what it is for."), purpose=_("Choose one."))
    if not who:
        sentence = _("Ask the patient, and write who agreed.")
        raise CardIsWrong(sentence, consented_by=sentence)
    if for_day < queries.posting_day(by.now):
        raise CardIsWrong(_("That visit is over."))
    card = _saved(card_id, patient_id)
    no_more_than_allowed(patient_id, purpose, money, day=for_day)
    before = queries.cards_for_visits().filter(appointment_id=appointment_id).select_for_update().first()
    if before is not None:
        _not_held(before)
        _end(by, before, _("Another was named"))
    with refusing(
        card_for_visit_is_one=CardIsWrong(_("Somebody has named a card for this visit meanwhile."))
    ):
        row = CardForVisit.objects.create(
            patient_id=patient_id,
            card=card,
            appointment_id=appointment_id,
            for_day=for_day,
            location_id=location_id,
            amount=money,
            purpose=purpose,
            consented_by=who,
            noted_at=by.now,
            by_name=by.name,
        )
    record(by, "ledger.card-for-visit.named", row, patients=[patient_id], amount=money, agreed=who)
    announce(by.practice_id, "cards")
    return row


@command(needs=Can.TAKE_PAYMENT)
def hold_for_visit(by: Actor, /, *, card_for_visit_id: UUID, version: int) -> CardCharge:
    """Hold what was named for a visit. Raises CardIsWrong before its fourth day ahead, and when it is held already."""
    row = _standing(card_for_visit_id, version)
    _not_held(row)
    charge = begin_card(
        by,
        patient_id=row.patient_id,
        kind=CardCharge.Kind.HOLD,
        amount=row.amount,
        card_id=row.card_id,
        purpose=row.purpose,
        location_id=row.location_id,
        for_day=row.for_day,
    )
    charge.for_visit = row
    charge.save(update_fields=["for_visit"])
    row.called_at, row.version = row.called_at or by.now, row.version + 1
    row.save(update_fields=["called_at", "version"])
    record(by, "ledger.card-for-visit.held", row, patients=[row.patient_id], amount=row.amount)
    tasks.close_items_of(by, subject_id=row.pk, kind=TASK, action_code="done")
    return charge


@command(needs=Can.TAKE_PAYMENT)
def drop_card_for_visit(by: Actor, /, *, card_for_visit_id: UUID, version: int) -> CardForVisit:
    """Name the card for the visit no more; what is held is let go. Raises CardIsWrong once it was taken."""
    row = _standing(card_for_visit_id, version)
    if row.holds.filter(state__in=("capturing", "captured")).exists():
        raise CardIsWrong(_("It was taken already. Give it back on the page of the card."))
    _end(by, row, _("Taken back at the desk"))
    return row


@command(needs=Can.BOOK_APPOINTMENT)
def end_card_with_visit(by: Actor, /, *, appointment_id: UUID) -> None:
    """Let go what was named or held for a visit that is not planned any more; what was taken stays."""
    for row in queries.cards_for_visits().filter(appointment_id=appointment_id).select_for_update():
        _end(by, row, _("The visit was given up"), with_visit=True)


@command(needs=Can.BOOK_APPOINTMENT)
def name_card_again(by: Actor, /, *, appointment_id: UUID) -> None:
    """Let the card be named again for a visit that stands after all; what was let go is held anew by a person."""
    row = queries.cards_let_go_with(appointment_id).select_for_update(of=("self",))[0]
    row.ended_at, row.ended_because, row.ended_with_visit, row.called_at = None, "", False, None
    row.version += 1
    row.save()
    record(by, "ledger.card-for-visit.named-again", row, patients=[row.patient_id])


@command(needs=Can.BOOK_APPOINTMENT)
def take_card_along(by: Actor, /, *, appointment_id: UUID, to_id: UUID, for_day: date) -> None:
    """Let a card go along with a visit that was moved: its clock follows, and a hold that would die before is let go."""
    for row in queries.cards_for_visits().filter(appointment_id=appointment_id).select_for_update():
        if queries.cards_for_visits().filter(appointment_id=to_id).exists():
            _end(by, row, _("The visit was moved"))
            continue
        moves_day = row.for_day != for_day
        row.appointment_id, row.for_day, row.version = to_id, for_day, row.version + 1
        row.called_at = None if moves_day else row.called_at
        row.save()
        if moves_day:
            tasks.close_items_of(by, subject_id=row.pk, kind=TASK, action_code="done")
        for charge in row.holds.filter(state=State.HELD).select_for_update():
            if queries.lasts_until(charge, for_day):
                charge.for_day = for_day
                charge.save(update_fields=["for_day"])
            else:
                _step(by, charge, State.RELEASING, _("The visit was moved"))
        record(by, "ledger.card-for-visit.moved", row, patients=[row.patient_id], day=for_day.isoformat())


@command(needs=Can.TAKE_PAYMENT)
def call_to_hold(by: Actor, /, *, card_for_visit_id: UUID) -> None:
    """Put on the work list that a visit is near enough to hold what was named for it."""
    row = (
        CardForVisit.objects.select_for_update(of=("self",)).select_related("card").get(pk=card_for_visit_id)
    )
    said = _("Hold %(amount)s on %(card)s for the visit of %(day)s.")
    words = said % {"amount": say(row.amount), "card": row.card, "day": in_words(row.for_day)}
    last = row.hold
    if last is not None and last.state == State.DECLINED:
        words = (
            _("%(card)s was declined: ask the patient for another card.") % {"card": row.card} + f" {words}"
        )
    zone = Practice.objects.get(pk=by.practice_id).zone
    tasks.open_item(
        by,
        kind=TASK,
        reason_code="to_hold",
        sentence=words,
        due_at=max(datetime.combine(row.for_day, time.min, zone), by.now),
        source_of_due=_("before the day of the visit"),
        role="receptionist",
        subject=row,
        patient_id=row.patient_id,
        link=f"/money/cards/for-visits/{row.pk}/",
    )
    row.called_at = by.now
    row.save(update_fields=["called_at"])
    record(by, "ledger.card-for-visit.called", row, patients=[row.patient_id])


def _standing(card_for_visit_id: UUID, version: int) -> CardForVisit:
    row = CardForVisit.objects.select_for_update().get(pk=card_for_visit_id)
    if row.ended_at:
        raise CardIsWrong(_("No card is named for that visit any more."))
    if row.version != version:
        raise StaleForm(_("Somebody else has changed this meanwhile. Look at it again."))
    return row


def _not_held(row: CardForVisit) -> None:
    if row.holds.filter(state__in=queries.LIVE_HOLDS).exists():
        raise CardIsWrong(_("Money is held for this visit already. Let it go first."))


def _end(by: Actor, row: CardForVisit, why: str, *, with_visit: bool = False) -> None:
    """End it and let go what is held; what the company has still to answer is let go with its answer."""
    row.ended_at, row.ended_because, row.ended_with_visit = by.now, why, with_visit
    row.version += 1
    row.save()
    for charge in row.holds.filter(state=State.HELD).select_for_update():
        _step(by, charge, State.RELEASING, why)
    tasks.close_items_of(by, subject_id=row.pk, kind=TASK, action_code="done")
    record(by, "ledger.card-for-visit.ended", row, patients=[row.patient_id], why=why)
    announce(by.practice_id, "cards")
