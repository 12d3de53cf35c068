"""The visit's to-do at the desk: done, put off with a reason, undone."""

from decimal import Decimal
from uuid import UUID

from daysheet.coverage import cases
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.kernel.money import ZERO
from daysheet.ledger import queries as ledger
from daysheet.ledger.protected import paid_for
from daysheet.visits.copays import copay_of
from daysheet.visits.models import Visit, VisitStep


class NoSuchStep(Refusal):
    """The visit has no such step."""


@command(needs=Can.MOVE_PATIENT)
def do_step(by: Actor, /, *, visit_id: UUID, stage: str, kind: str, said: str = "") -> VisitStep:
    """Tick a step of the visit's to-do, with what was said where it can be done in two ways. Raises NoSuchStep."""
    return _set(by, _held(visit_id, stage, kind), VisitStep.State.DONE, "done", said)


@command(needs=Can.MOVE_PATIENT)
def not_now(by: Actor, /, *, visit_id: UUID, stage: str, kind: str, reason: str) -> VisitStep:
    """Put a step off, with the reason. Raises NoSuchStep."""
    if not reason.strip():
        raise Refusal("Say why not now.", reason="Choose or write a reason.")
    return _set(by, _held(visit_id, stage, kind), VisitStep.State.NOT_NOW, "put-off", reason.strip())


@command(needs=Can.MOVE_PATIENT)
def undo_step(by: Actor, /, *, visit_id: UUID, stage: str, kind: str) -> VisitStep:
    """Open a step again. Raises NoSuchStep."""
    return _set(by, _held(visit_id, stage, kind), VisitStep.State.OPEN, "reopened")


@command(needs=Can.SEE_MONEY)
def open_unpaid_step(by: Actor, /, *, visit_id: UUID, stage: str, kind: str) -> VisitStep:
    """Open a step again whose money went back: who may give it back need not move patients. Raises NoSuchStep."""
    return _set(by, _held(visit_id, stage, kind), VisitStep.State.OPEN, "reopened")


@command(needs=Can.SEE_MONEY)
def settle_step(by: Actor, /, *, visit_id: UUID, stage: str, kind: str) -> VisitStep:
    """Tick a step again whose money came back: who may take that back need not move patients. Raises NoSuchStep."""
    return _set(by, _held(visit_id, stage, kind), VisitStep.State.DONE, "settled")


def _held(visit_id: UUID, stage: str, kind: str) -> VisitStep:
    step = (
        VisitStep.objects.select_for_update(of=("self",))
        .select_related("visit")
        .filter(visit_id=visit_id, stage=stage, kind=kind)
        .first()
    )
    if step is None:
        raise NoSuchStep("This visit has no such step.")
    return step


def _against(visit: Visit) -> Decimal:
    """Return how much money taken ahead counts for the copay of a visit: from now on it is not free for another."""
    if cases.payer_of_visit(visit.coverage_id) is not None:
        return ZERO
    copay, _ = copay_of(visit)
    unpaid = (copay or ZERO) - paid_for(visit.pk)
    return min(unpaid, ledger.free_credit(visit.patient_id, visit.pk)) if unpaid > 0 else ZERO


def _set(by: Actor, step: VisitStep, state: str, verb: str, reason: str = "") -> VisitStep:
    old = step.state
    step.state = state
    step.reason = reason
    step.at = by.now if state != VisitStep.State.OPEN else None
    step.by_name = by.name if state != VisitStep.State.OPEN else ""
    is_ticked_copay = step.kind == "copay" and state == VisitStep.State.DONE
    step.set_against = _against(step.visit) if is_ticked_copay else ZERO
    step.save(update_fields=["state", "reason", "at", "by_name", "set_against"])
    record(
        by,
        f"visits.step.{verb}",
        step,
        patients=[step.visit.patient_id],
        kind=step.kind,
        old=old,
        new=str(state),
        reason=reason,
    )
    announce(by.practice_id, "visits", str(step.visit_id))
    return step
