"""Money over the desk: taken, put to what is owed, given back, voided, bounced."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import new_id
from daysheet.kernel.money import ZERO, say
from daysheet.kernel.numbers import next_number
from daysheet.ledger import followers, queries, rules
from daysheet.ledger.checks import NotAnAmount, amount_above_zero, no_card_numbers, said_why
from daysheet.ledger.commands.book import Book
from daysheet.ledger.commands.filling import PlanPart
from daysheet.ledger.models import Balance, CardCharge, LedgerEntry, Payment
from daysheet.ledger.paying_alone import not_while_paying
from daysheet.ledger.protected import no_more_than_allowed
from daysheet.ledger.queries.payments import GIVEN_BACK

DESK_METHODS = (Payment.Method.CASH, Payment.Method.CHECK, Payment.Method.CARD)
PURPOSES = ("copay", "balance", "prepayment", "plan")
CHECK_FEE = "check_fee"
CARD_RETURN = "card_return"


@dataclass(frozen=True, slots=True)
class Way:
    """A way in which money is handed over: how, how much, and what tells it from another."""

    method: str
    amount: Decimal
    check_number: str = ""
    card_brand: str = ""
    card_last4: str = ""
    approval: str = ""
    tendered: Decimal | None = None
    card_read: str = ""
    """How a terminal read the card, and what its chip calls itself."""


class NoSuchCredit(Refusal):
    """The patient has less unapplied credit than that."""


class MoreThanWasTaken(Refusal):
    """More is to go back to a card than it has paid and not had back, or not by the company that took it."""


class PaymentIsGone(Refusal):
    """The payment was voided or returned, or its day is closed."""


class ChecksAreRefused(Refusal):
    """The office takes no check on this account since one came back."""


@command(needs=Can.TAKE_PAYMENT)
def take_payment(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    amount: Decimal,
    method: str,
    location_id: UUID | None,
    purpose: str = "balance",
    visit_id: UUID | None = None,
    check_number: str = "",
    card_brand: str = "",
    card_last4: str = "",
    approval: str = "",
    received_on: date | None = None,
    tendered: Decimal | None = None,
) -> Payment:
    """Take money from a patient and give it a receipt number.

    It becomes credit first, then goes to what the patient owes, the oldest service day first; what is
    left stays visible as unapplied credit. A card is taken on the office's own terminal: only brand,
    last four digits and approval number are kept. Of cash that is handed over, change goes back.
    """
    way = Way(method, amount, check_number, card_brand, card_last4, approval, tendered)
    return _take(by, patient_id, [way], location_id, purpose, visit_id, received_on)[0]


@command(needs=Can.TAKE_PAYMENT)
def take_split(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    ways: Sequence[Way],
    location_id: UUID | None,
    purpose: str = "balance",
    visit_id: UUID | None = None,
    is_here: bool = False,
    settles: bool = False,
) -> list[Payment]:
    """Take one payment in several ways with one receipt: all of them, or none.

    Money that is here, since the card company has taken it, is booked even where it may not be asked for. What settles
    a card is booked while the patient pays alone; anything else is refused then.
    """
    if not ways:
        raise Refusal(_("Say how it is paid."))
    return _take(by, patient_id, ways, location_id, purpose, visit_id, None, is_here=is_here, settles=settles)


@command(needs=Can.TAKE_PAYMENT)
def void_payment(by: Actor, /, *, payment_id: UUID, reason: str, has_gone_back: bool = False) -> Payment:
    """Undo a payment of today by its mirror image, every part of its receipt; the receipt stays, marked void.

    What was refunded meanwhile is not given back once more, unless the card company has given it back already: then it
    is booked, and owed anew. Raises PaymentIsGone.
    """
    book, payment, _entry = _behind_the_lock(by, payment_id)
    parts = [one for one in queries.payments_on_receipt(payment.number) if not one.voided_at]
    if any(one.given_back for one in parts) and not has_gone_back:
        raise PaymentIsGone(_("A part of it was given back already. Give the rest back too, on its receipt."))
    if not has_gone_back:
        _must_be_there(payment.patient_id, sum((one.amount for one in parts), ZERO))
    for part in parts:
        _void(book, part, reason)
    payment.refresh_from_db()
    return payment


@command(needs=Can.ADJUST)
def return_check(
    by: Actor, /, *, payment_id: UUID, reason: str, with_fee: bool = False, no_more_checks: bool = False
) -> Payment:
    """Record that the bank gave a check back: what it had paid is owed again.

    The fee that the office set for it becomes a charge of its own; the account may be marked to take no check.
    """
    book, payment, entry = _behind_the_lock(by, payment_id)
    patient_id = payment.patient_id
    if payment.method != Payment.Method.CHECK or patient_id is None:
        raise Refusal("Only a check can come back from the bank.")
    book.reverse(entry, reason=reason, kind=LedgerEntry.Kind.RETURNED_CHECK)
    if with_fee:
        _charge_the_fee(book, payment, patient_id)
    if no_more_checks:
        _mark_checks(by, patient_id, _("Check %(number)s came back") % {"number": payment.check_number})
    return _marked_gone(by, payment, "returned", reason)


@command(needs=Can.ADJUST)
def set_checks(by: Actor, /, *, patient_id: UUID, are_taken: bool, reason: str) -> Balance:
    """Say whether the desk takes checks on an account, and why."""
    why = said_why(reason)
    Book.open(by, [patient_id])
    balance = _mark_checks(by, patient_id, "" if are_taken else why)
    record(by, "ledger.checks.set", balance, patients=[patient_id], are_taken=are_taken, reason=why)
    return balance


@command(needs=Can.REFUND)
def refund(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    amount: Decimal,
    method: str,
    reason: str,
    location_id: UUID | None = None,
    number: str = "",
) -> LedgerEntry:
    """Give unapplied credit back to the patient; the `number` is that of the check, or the terminal's approval.

    Raises NoSuchCredit beyond what there is, and MoreThanWasTaken where the card company is to give it back.
    """
    money = amount_above_zero(amount, what="The refund")
    why = said_why(reason)
    if method not in DESK_METHODS:
        raise Refusal("Say how the money goes back.", method="Choose cash, check or card.")
    book = Book.open(by, [patient_id])
    if method == Payment.Method.CARD:
        _not_by_the_company(patient_id)
        _came_by_card(queries.paid_by_card(patient_id), money)
    there = Balance.objects.get(patient_id=patient_id).credit
    if money > there:
        sentence = f"The account holds {say(there)} of credit, less than {say(money)}."
        raise NoSuchCredit(sentence, amount=sentence)
    return _gave_back(book, patient_id, money, method, why, location_id, number=number)


def _gave_back(
    book: Book,
    patient_id: UUID | None,
    money: Decimal,
    method: str,
    reason: str,
    location_id: UUID | None,
    *,
    payment: Payment | None = None,
    number: str = "",
) -> LedgerEntry:
    """Post money that goes back over the desk: credit, or what a payment had paid."""
    why = said_why(reason)
    no_card_numbers(number=number)
    if method not in DESK_METHODS:
        raise Refusal("Say how the money goes back.", method="Choose cash, check or card.")
    drawer_id = book.move_cash(location_id, -money) if method == Payment.Method.CASH else None
    who = {"patient_id": patient_id, "location_id": location_id, "reason_code": why}
    entry = book.post(
        kind=LedgerEntry.Kind.REFUND,
        sides=[
            rules.debit("unapplied", money, **who),
            rules.credit(method, money, drawer_id=drawer_id, **who),
        ],
        memo=_numbered(why, method, number),
        service_on=book.day.day,
        source_kind=GIVEN_BACK if payment else "",
        source_id=payment.pk if payment else None,
    )
    record(
        book.by,
        "ledger.payment.refunded",
        entry,
        patients=[one for one in [patient_id] if one],
        amount=money,
        method=method,
        reason=why,
        number=number,
    )
    followers.tell_went_back(book.by, patient_id, [payment] if payment else ())
    return entry


def _numbered(why: str, method: str, number: str) -> str:
    """Return why money went back, with what tells its check or its card slip from another."""
    if not number.strip() or method == Payment.Method.CASH:
        return why
    words = _("check %(n)s") if method == Payment.Method.CHECK else _("approval %(n)s")
    return f"{why}, {words % {'n': number.strip()}}"


def _must_be_there(patient_id: UUID | None, amount: Decimal) -> None:
    """Refuse to give back what the account does not hold any more. Raises PaymentIsGone."""
    there = (
        rules.still_there(queries.items(patient_id), queries.balance(patient_id).credit)
        if patient_id
        else ZERO
    )
    if amount > there:
        sentence = _(
            "Only %(there)s of it is still there: the rest was given back already. Look at the account."
        )
        raise PaymentIsGone(sentence % {"there": say(there)}, amount=sentence % {"there": say(there)})


def _not_by_the_company(patient_id: UUID) -> None:
    """Refuse a refund to a card in the book alone, where the card company has something to give back."""
    taken = CardCharge.objects.filter(patient_id=patient_id, state=CardCharge.State.CAPTURED)
    charge = taken.filter(amount__gt=F("returned"), payment__voided_at=None).order_by("-asked_at").first()
    if charge is not None:
        sentence = _(
            "The card company took %(left)s on %(brand)s ending %(last4)s. Give it back on the page of that card "
            "payment, under Cards; or choose cash or a check."
        ) % {"left": say(charge.left), "brand": charge.brand, "last4": charge.last4}
        raise MoreThanWasTaken(sentence, method=sentence)


def _came_by_card(there: Decimal, money: Decimal) -> None:
    """Refuse to give back to a card what did not come from one. Raises MoreThanWasTaken."""
    if money > there:
        words = _("Only %(there)s of it was paid by card.") % {"there": say(there)}
        sentence = f"{words if there else _('It was not paid by card.')} {_('Choose cash or a check.')}"
        raise MoreThanWasTaken(sentence, method=sentence)


def _take(
    by: Actor,
    patient_id: UUID,
    ways: Sequence[Way],
    location_id: UUID | None,
    purpose: str,
    visit_id: UUID | None,
    received_on: date | None,
    *,
    is_here: bool = False,
    settles: bool = False,
) -> list[Payment]:
    told = [_way_is_told(way) for way in ways]
    if purpose not in PURPOSES:
        raise Refusal("Say what the payment is for.", purpose="Say what the payment is for.")
    whole = sum((way.amount for way in told), ZERO)
    book = Book.open(by, [patient_id])
    if not settles:
        not_while_paying(patient_id)
    on = received_on or queries.today_at(
        by.now
    )  # after the close it is still today, though it is posted tomorrow
    if not is_here:  # behind the lock: of two windows the second sees what the first has taken
        no_more_than_allowed(patient_id, purpose, whole, day=on, visit_id=visit_id)
    if any(way.method == Payment.Method.CHECK for way in told):
        _checks_are_taken(patient_id)
    for_plan = PlanPart.of(by, patient_id, purpose, whole)
    number, taken = next_number("receipt"), []
    for part, way in enumerate(told, start=1):
        who = {"patient_id": patient_id, "location_id": location_id, "visit_id": visit_id}
        payment_id = new_id()
        drawer_id = book.move_cash(location_id, way.amount) if way.method == Payment.Method.CASH else None
        entry = book.post(
            kind=LedgerEntry.Kind.PAYMENT,
            sides=[
                rules.debit(way.method, way.amount, drawer_id=drawer_id, **who),
                rules.credit("unapplied", way.amount, **who),
            ],
            service_on=on,
            memo=purpose,
            source_kind="payment",
            source_id=payment_id,
        )
        facts = {
            "id": payment_id,
            **who,
            **asdict(way),
            "purpose": purpose,
            "received_on": on,
            "received_at": by.now,
        }
        payment = Payment.objects.create(number=number, part=part, by_name=by.name, entry=entry, **facts)
        record(
            by, "ledger.payment.taken", payment, amount=way.amount, method=way.method, receipt=payment.number
        )
        taken.append(payment)
    for_plan.fill(by, taken)
    followers.tell_taken(by, taken)
    return taken


def _void(book: Book, payment: Payment, reason: str) -> None:
    entry = _standing_entry(payment)
    if entry.posting_day_id != book.day.pk:
        raise PaymentIsGone(
            _(
                "That payment is of an earlier day. On its receipt, under More: give it back, move it to another "
                "patient, or mark its check as returned."
            )
        )
    _company_gives_back(payment)
    if payment.deposit_id:
        raise PaymentIsGone(_("That payment is on a deposit slip. Give it back: on its receipt, under More."))
    if payment.method == Payment.Method.CASH:
        drawer_id = queries.drawer_of(entry)
        if drawer_id:
            book.move_cash(payment.location_id, -payment.amount, drawer_id=drawer_id)
    book.reverse(entry, reason=reason)
    _marked_gone(book.by, payment, "voided", reason)


def _company_gives_back(payment: Payment) -> None:
    """Refuse to void what the card company took, while it has not been asked to give it back."""
    charge = CardCharge.objects.filter(payment=payment).first()
    if charge is not None and (charge.state == CardCharge.State.CAPTURED or charge.returned):
        raise PaymentIsGone(
            _("The card company took this. Give it back on the page of the card payment: it undoes both.")
        )


def _charge_the_fee(book: Book, payment: Payment, patient_id: UUID) -> None:
    fee = queries.desk_rules().check_fee
    if fee <= 0:
        sentence = _("The office has set no fee for returned checks.")
        raise Refusal(sentence, with_fee=sentence)
    who = {
        "patient_id": patient_id,
        "location_id": payment.location_id,
        "charge_id": new_id(),
        "service_on": book.day.day,
        "is_own": True,
    }
    entry = book.post(
        kind=LedgerEntry.Kind.CHARGE,
        sides=[rules.debit("patient", fee, **who), rules.credit("charges", fee, **who)],
        service_on=book.day.day,
        memo="returned check fee",
        source_kind=CHECK_FEE,
        source_id=payment.pk,
        source_key=f"{CHECK_FEE}/{payment.pk}",
    )
    record(book.by, "ledger.check-fee.charged", entry, patients=[patient_id], amount=fee)


def _mark_checks(by: Actor, patient_id: UUID, why: str) -> Balance:
    balance = Balance.objects.get(patient_id=patient_id)
    balance.no_checks = why
    balance.save(update_fields=["no_checks"])
    return balance


def _checks_are_taken(patient_id: UUID) -> None:
    why = Balance.objects.get(patient_id=patient_id).no_checks
    if why:
        sentence = _("No check is taken on this account (%(why)s). Take cash or a card.") % {"why": why}
        raise ChecksAreRefused(sentence, method=sentence, check_number=sentence)


def _way_is_told(way: Way) -> Way:
    """Return a way of paying as it is kept, with nothing beside what belongs to it."""
    money = amount_above_zero(way.amount, what="The payment")
    _method_is_told(way.method, way.check_number, way.card_brand, way.card_last4, way.approval)
    is_check, is_card = way.method == Payment.Method.CHECK, way.method == Payment.Method.CARD
    return Way(
        method=way.method,
        amount=money,
        check_number=way.check_number.strip() if is_check else "",
        card_brand=way.card_brand.strip() if is_card else "",
        card_last4=way.card_last4.strip() if is_card else "",
        approval=way.approval.strip() if is_card else "",
        tendered=_handed_over(way.method, money, way.tendered),
        card_read=way.card_read if is_card else "",
    )


def _method_is_told(method: str, check_number: str, card_brand: str, card_last4: str, approval: str) -> None:
    no_card_numbers(
        check_number=check_number, card_brand=card_brand, card_last4=card_last4, approval=approval
    )
    if method not in DESK_METHODS:
        raise Refusal("Choose cash, check or card.", method="Choose cash, check or card.")
    if method == Payment.Method.CHECK and not check_number.strip():
        raise Refusal("Type the number of the check.", check_number="Type the number of the check.")
    if method == Payment.Method.CARD:
        last4 = card_last4.strip()
        if not (len(last4) == 4 and last4.isascii() and last4.isdigit()):
            raise Refusal("Type the last four digits of the card.", card_last4="Type four digits.")
        if not approval.strip():
            raise Refusal(
                "Type the approval number of the terminal.", approval="It stands on the terminal's slip."
            )


def _handed_over(method: str, money: Decimal, tendered: Decimal | None) -> Decimal | None:
    """Return the cash that was handed over, never less than the amount; None for other ways, or untold."""
    if tendered is None or method != Payment.Method.CASH:
        return None
    handed = amount_above_zero(tendered, what=_("What was handed over"))
    if handed < money:
        sentence = _("That is less than %(amount)s. Take the rest in a second way, or lower the amount.")
        told = sentence % {"amount": say(money)}
        raise NotAnAmount(told, tendered=told)
    return handed


def _behind_the_lock(
    by: Actor, payment_id: UUID, *, also: UUID | None = None
) -> tuple[Book, Payment, LedgerEntry]:
    """Return the book, a payment that stands in it, and its entry; the accounts of its patient and `also` are locked.

    It is read once the book is ours: what another window was doing with it is done by then. Raises PaymentIsGone.
    """
    whose = Payment.objects.values_list("patient_id", flat=True).get(pk=payment_id)
    book = Book.open(by, [whose, also])
    payment = Payment.objects.select_related("entry__posting_day", "card_charge").get(pk=payment_id)
    return book, payment, _standing_entry(payment)


def _standing_entry(payment: Payment) -> LedgerEntry:
    if payment.entry is None:
        raise PaymentIsGone("A plan's payment is taken back by the plan's own remittance.")
    if payment.voided_at:
        raise PaymentIsGone("That payment was taken back already.")
    if queries.move_of(payment.pk):
        raise PaymentIsGone(
            _("That payment was moved to another account. Take the move back first, among the entries.")
        )
    return payment.entry


def _marked_gone(by: Actor, payment: Payment, how: str, reason: str) -> Payment:
    payment.voided_at = by.now
    payment.void_reason = reason.strip()
    payment.save(update_fields=["voided_at", "void_reason"])
    record(by, f"ledger.payment.{how}", payment, amount=payment.amount, receipt=payment.number, reason=reason)
    followers.tell_went_back(by, payment.patient_id, [payment])
    return payment
