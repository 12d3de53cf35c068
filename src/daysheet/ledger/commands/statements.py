"""What the office hands to a patient about money: the receipt, the slip of a refund and the statement."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents.commands import keep_document
from daysheet.documents.models import Document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.numbers import next_number
from daysheet.ledger import papers, queries
from daysheet.ledger.asking import asking
from daysheet.ledger.commands.book import Book
from daysheet.ledger.models import Payment, Statement
from daysheet.ledger.protected import NothingMayBeAsked
from daysheet.patients.models import Patient

DAYS_TO_PAY = 30


class NothingOwed(Refusal):
    """The patient owes nothing that a statement could ask for."""


class NoSuchRefund(Refusal):
    """The entry gave no money back over the desk."""


@command(needs=Can.SEND_STATEMENTS)
def make_statement(by: Actor, /, *, patient_id: UUID) -> Statement:
    """Make the patient's bill as a paper: one plain sentence a line, one amount, until when, whom to call."""
    Book.lock(by)
    patient = Patient.objects.get(pk=patient_id)
    held = asking(patient_id)
    if held.owes <= 0:
        raise NothingOwed("This patient owes nothing now.")
    if held.may_ask <= 0:
        raise NothingMayBeAsked(held.words)
    bill = queries.bill(patient_id, {one.key: one.may_ask for one in held.kept_back})
    today = queries.posting_day(by.now)
    due_on = today + timedelta(days=DAYS_TO_PAY)
    plan = queries.plan_standing(patient_id, today=today, most=bill.amount)
    asks = bill.amount
    if plan and plan.keeping.left:
        asks += plan.due_until(due_on) - plan.keeping.left
        if asks <= 0:
            raise NothingOwed(
                _("All of it is under a payment plan, and no instalment is due in 30 days: %(plan)s.")
                % {"plan": plan.words}
            )
    number = next_number("statement")
    content = papers.statement(
        by, patient, bill, number=number, made_on=today, due_on=due_on, asks=asks, plan=plan
    )
    document = keep_document(
        by,
        kind="statement",
        title=f"Statement {number}",
        media_type="application/pdf",
        content=content,
        patient_id=patient_id,
    )
    statement = Statement.objects.create(
        number=number,
        patient=patient,
        made_on=today,
        due_on=due_on,
        amount=asks,
        document=document,
        made_at=by.now,
        by_name=by.name,
    )
    record(by, "ledger.statement.made", statement, amount=asks, due_on=due_on)
    return statement


@command(needs=Can.TAKE_PAYMENT)
def keep_receipt(by: Actor, /, *, payment_id: UUID) -> Document:
    """Print the receipt of a payment, all parts of it; the same paper again when it was printed before."""
    parts = queries.payments_on_receipt(Payment.objects.get(pk=payment_id).number)
    payment, gone = parts[0], [one for one in parts if one.voided_at]
    how = f" ({len(gone)} of {len(parts)} taken back)" if gone else ""
    title = f"Receipt {payment.number}{' (void)' if len(gone) == len(parts) else how}"
    before = Document.objects.filter(subject_id=payment.pk, kind="receipt", title=title).first()
    if before:
        record(
            by,
            "ledger.receipt.printed-again",
            payment,
            patients=[payment.patient_id] if payment.patient_id else (),
        )
        return before
    document = keep_document(
        by,
        kind="receipt",
        title=title,
        media_type="application/pdf",
        content=papers.receipt(by, parts),
        patient_id=payment.patient_id,
        subject=payment,
    )
    record(by, "ledger.receipt.printed", payment, document=document.number)
    return document


@command(needs=Can.REFUND)
def keep_refund_slip(by: Actor, /, *, entry_id: UUID) -> Document:
    """Print the slip of money that went back over the desk; the same paper again when it was printed before.

    Raises NoSuchRefund.
    """
    found = queries.refund(entry_id)
    if found is None:
        raise NoSuchRefund(_("That is no refund."))
    entry, line = found
    gone = " (void)" if getattr(entry, "reversed_by", None) else ""
    title = f"Refund slip {entry.number}{gone}"
    before = Document.objects.filter(subject_id=entry.pk, kind="receipt", title=title).first()
    patients = [line.patient_id] if line.patient_id else []
    if before:
        record(by, "ledger.refund-slip.printed-again", entry, patients=patients)
        return before
    document = keep_document(
        by,
        kind="receipt",
        title=title,
        media_type="application/pdf",
        content=papers.refund(by, entry, line),
        patient_id=line.patient_id,
        subject=entry,
    )
    record(by, "ledger.refund-slip.printed", entry, patients=patients, document=document.number)
    return document
