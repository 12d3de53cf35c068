"""Forms of the office filled in at a visit: the step is done with the signature."""

from collections.abc import Mapping
from uuid import UUID

from daysheet.frontdesk.checkin import on_the_books, step_of_form
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.patients import people as around
from daysheet.privacy import commands as privacy
from daysheet.privacy.models import FilledForm
from daysheet.visits import commands as visits
from daysheet.visits import queries as visit_queries


@command(needs=Can.MOVE_PATIENT)
def fill_form(
    by: Actor,
    /,
    *,
    visit_id: UUID,
    key: str,
    edition: int,
    language: str,
    answers: Mapping[str, str],
    signed_by: str = "",
    relationship: str = "",
    strokes: str = "",
    agrees: bool = False,
) -> FilledForm:
    """Keep a form that the patient of a visit signed or answered; its step is done.

    Raises MayNotSign, and what privacy.fill_form raises.
    """
    visit = on_the_books(visit_id)
    if signed_by.strip():
        around.must_be_able_to_sign(visit.patient, signed_by, today=visit.service_on)
    filled = privacy.fill_form(
        by,
        patient_id=visit.patient_id,
        key=key,
        edition=edition,
        language=language,
        answers=answers,
        signed_by=signed_by,
        relationship=relationship,
        strokes=strokes,
        agrees=agrees,
        visit_id=visit_id,
    )
    kind = step_of_form(key)
    if visit_queries.steps(visit_id, "check_in").filter(kind=kind).exists():
        visits.do_step(by, visit_id=visit_id, stage="check_in", kind=kind)
    record(by, "frontdesk.form.filled", filled, patients=[visit.patient_id], form=key)
    return filled
