"""The other visits of the same day and door: the patient arrives for them too, and says nothing twice."""

from collections.abc import Iterable
from uuid import UUID

from daysheet.frontdesk.checkin import step_of_form
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.portal import queries, rules
from daysheet.portal.models import SelfCheckIn
from daysheet.privacy import commands as privacy
from daysheet.privacy import filling
from daysheet.visits import commands as visits
from daysheet.visits import queries as visit_queries
from daysheet.visits.models import Visit, VisitToken
from daysheet.visits.turns import hold_for_arrival

SAID_ONCE = ("demographics", "card", "privacy_notice", "form-")
"""What a patient says, shows or signs for one visit and need not say again for another of the same day."""


def _hold_visits(row_id: UUID, more: Iterable[UUID] = ()) -> None:
    """Hold the visits of an own check-in before it is held itself, as whoever cancels or moves one of them does."""
    rows, held = SelfCheckIn.objects.filter(pk=row_id), None
    while (told := rows.values_list("patient_id", "appointment_id", "said").get()) != held:
        patient_id, booked, said = held = told  # as it is moved meanwhile, it is another appointment
        chosen = [UUID(one) for one in said.get(rules.ALSO, [])]
        hold_for_arrival(patient_id, {*([booked] if booked else []), *chosen, *more})


def _arrive_also(by: Actor, row: SelfCheckIn) -> None:
    """Let the patient arrive for the other visits that were chosen. Raises what arriving raises."""
    begun = list(row.said.get(rules.ALSO_VISITS, []))
    for booked in queries.also(row):
        here = Visit.objects.filter(appointment=booked).exclude(flow=Visit.Flow.UNDONE).first()
        visit = here or visits.arrive(by, appointment_id=booked.pk)
        if str(visit.pk) not in begun:
            begun.append(str(visit.pk))
    row.said = row.said | {rules.ALSO_VISITS: begun}


def _hold_tokens(row_id: UUID) -> list[VisitToken]:
    """Hold the tokens of an own check-in's visits before it is held itself, as the line does."""
    row = SelfCheckIn.objects.get(pk=row_id)
    tokens = VisitToken.objects.select_for_update().filter(visit_id__in=queries.visit_ids(row))
    return list(tokens.order_by("pk"))


def _move_tokens(by: Actor, tokens: Iterable[VisitToken], *, in_car: bool) -> None:
    """Let the line know who waits in the car and who was called in from there; whom a desk has called stays so."""
    for token in tokens:
        if in_car and token.state in (VisitToken.State.WAITING, VisitToken.State.NOT_HERE):
            visits.wait_in_car(by, token_id=token.pk)
        elif not in_car and token.state == VisitToken.State.IN_CAR:
            visits.back_in_line(by, token_id=token.pk)


def _tick_also(by: Actor, row: SelfCheckIn) -> None:
    """Tick at the other visits what was said, shown or signed for one of them."""
    every = queries.visit_ids(row)
    if len(every) < 2:
        return
    steps = {one: list(visit_queries.steps(one, "check_in")) for one in every}
    done = {step.kind for mine in steps.values() for step in mine if step.state == "done"}
    for visit_id, mine in steps.items():
        for step in mine:
            if step.state == "open" and step.kind in done and step.kind.startswith(SAID_ONCE):
                visits.do_step(by, visit_id=visit_id, stage="check_in", kind=step.kind)


@command(needs=Can.MOVE_PATIENT)
def put_forms_to_visit(by: Actor, /, *, visit_id: UUID) -> list[str]:
    """Let the forms that were signed before the arrival stand at the visit, and tick their steps; return those."""
    filled = privacy.put_to_visit(by, filled_ids=queries.forms_ahead(visit_id), visit_id=visit_id)
    newest = {key: form.number for key, form in filling.forms_at_hand().items()}
    told = [(one.edition.form.key, one.edition.number) for one in filled]
    kinds = {step_of_form(key) for key, number in told if newest.get(key) == number}
    steps = visit_queries.steps(visit_id, "check_in").filter(kind__in=kinds, state="open")
    ticked = [step.kind for step in steps]
    for kind in ticked:
        visits.do_step(by, visit_id=visit_id, stage="check_in", kind=kind)
    record(by, "portal.self-check-in.forms-put", visit=str(visit_id), ticked=ticked)
    return ticked


def _visit_that_asks(row: SelfCheckIn, kind: str) -> UUID | None:
    """Return the visit at which a step is open: the patient's own one first; None before the patient is here."""
    every = queries.visit_ids(row)
    asks = (
        one for one in every if visit_queries.steps(one, "check_in").filter(kind=kind, state="open").exists()
    )
    return next(asks, every[0] if every else None)
