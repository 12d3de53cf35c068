"""The desk's to-do follows the money: a step is ticked when it is paid by whatever way, opened when that goes back."""

from collections.abc import Callable, Sequence
from uuid import UUID

from daysheet.charges import queries as charges
from daysheet.frontdesk import checkin
from daysheet.kernel.access import Actor, Can
from daysheet.ledger.models import Payment
from daysheet.visits import commands as visits
from daysheet.visits import queries as visit_queries
from daysheet.visits.models import Visit, VisitStep


def tick_paid(by: Actor, payments: Sequence[Payment]) -> None:
    """Tick what is settled now that money was taken; of who does not move patients the to-do stays as it is."""
    if by.can(Can.MOVE_PATIENT):
        _tick(by, payments, visits.do_step)


def tick_again(by: Actor, payments: Sequence[Payment]) -> None:
    """Tick what is settled now that payments stand for their visits again, whoever took their move back."""
    _tick(by, payments, visits.settle_step)


def _tick(by: Actor, payments: Sequence[Payment], tick: Callable[..., VisitStep]) -> None:
    for visit in filter(None, map(visit_queries.visit, _visit_ids(payments))):
        for stage, kind in (("check_in", "copay"), ("check_out", "balance")):
            if visit_queries.steps(visit.pk, stage).filter(kind=kind, state="open").exists():
                if checkin.money_of(visit).copay_is_settled:
                    tick(by, visit_id=visit.pk, stage=stage, kind=kind)
                break
        old = visit_queries.steps(visit.pk, "check_in").filter(kind="old_balance", state="open")
        if old.exists() and not checkin.money_of(visit).to_take:
            tick(by, visit_id=visit.pk, stage="check_in", kind="old_balance")


def open_unpaid(by: Actor, patient_id: UUID, payments: Sequence[Payment]) -> None:
    """Open what is not settled any more now that money went back, whoever took it back; not of days gone by."""
    for payment in payments:
        visit = visit_queries.visit(payment.visit_id) if payment.visit_id else None
        if visit and max(visit.service_on, payment.received_on) >= visit.location.today(by.now):
            for stage, kind in _opened_by(visit, payment):
                visits.open_unpaid_step(by, visit_id=visit.pk, stage=stage, kind=kind)
    ahead = VisitStep.objects.filter(
        visit__patient_id=patient_id, kind="copay", state=VisitStep.State.DONE, set_against__gt=0
    )
    for step in ahead.select_related("visit__location"):
        visit = step.visit
        if visit.service_on < visit.location.today(by.now) or not charges.visits_without_charges([visit.pk]):
            continue  # once the slip is posted, what is not paid is owed on the account
        if not checkin.money_of(visit).copay_is_settled:
            visits.open_unpaid_step(by, visit_id=visit.pk, stage="check_in", kind="copay")


def _visit_ids(payments: Sequence[Payment]) -> list[UUID]:
    return list(dict.fromkeys(one.visit_id for one in payments if one.visit_id))


def _opened_by(visit: Visit, back: Payment) -> list[tuple[str, str]]:
    """Return the steps that a payment had settled: its time tells whether that was at check-out."""
    at_in = {
        one.kind
        for one in visit_queries.steps(visit.pk, "check_in")
        if (one.state, one.reason != checkin.ON_FILE) == ("done", True)
    }
    paid_out = visit_queries.steps(visit.pk, "check_out").filter(kind="balance", state="done").first()
    money, opened = checkin.money_of(visit), []
    old = money.to_take - money.copay_left
    since = paid_out.at if paid_out and paid_out.at and back.received_at >= paid_out.at else None
    if since and (old > 0 or all(one.received_at < since for one in money.receipts)):
        opened.append(("check_out", "balance"))
    elif "old_balance" in at_in and old > 0:
        opened.append(("check_in", "old_balance"))
    if "copay" in at_in and not (money.copay_is_settled if money.copay else money.receipts):
        opened.append(("check_in", "copay"))
    return opened
