"""A visit of a day gone by is put under the plan that held it, where the card came later; and taken back."""

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import cases
from daysheet.coverage.models import Coverage
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.visits import followers
from daysheet.visits.ahead import covered_by
from daysheet.visits.commands.cases import VisitIsOver, _kept, put_visit_under
from daysheet.visits.commands.flow import _held
from daysheet.visits.models import Visit


class PayerStays(Refusal):
    """Who pays for the visit has been told of it already, or something was done with what is due."""


class NoPlanOfTheDay(Refusal):
    """No plan holds the day of the visit, or the visit is under it already."""


@command(needs=Can.MOVE_PATIENT)
def put_visit_under_plan(by: Actor, /, *, visit_id: UUID, version: int) -> Visit:
    """Let the health plan that held the day of a visit pay for it; what is posted becomes due from that plan.

    What the patient paid for it becomes credit. Raises NoPlanOfTheDay, PayerStays, VisitIsOver, or StaleForm.
    """
    visit = _held(visit_id, version)
    if visit.flow == Visit.Flow.UNDONE or visit.is_imported:
        raise VisitIsOver(_("This visit does not stand. Choose another one."))
    if cases.payer_of_visit(visit.coverage_id) is not None:
        raise PayerStays(_("A case of injury pays for this visit, and no health plan."))
    held = covered_by(visit)
    if held is None:
        raise NoPlanOfTheDay(
            _("No plan of this patient holds %(day)s, or the patient pays for the visit without it.")
            % {"day": f"{visit.service_on:%b %-d, %Y}"}
        )
    if held.pk == visit.coverage_id:
        raise NoPlanOfTheDay(
            _("The visit is under %(plan)s already. Look at the page again.") % {"plan": held.plan.name}
        )
    _ask_who_keeps(visit, held.pk)
    record(by, "visits.visit.put-under-plan", visit, patients=[visit.patient_id], plan=held.plan.name)
    return put_visit_under(by, visit_id=visit_id, version=version, case_id=None)


@command(needs=Can.MOVE_PATIENT)
def undo_put_under_plan(
    by: Actor, /, *, visit_id: UUID, version: int, was: UUID | None, copay_due: Decimal | None
) -> Visit:
    """Let a visit be paid for as it was before it was put under a plan. Raises PayerStays, or StaleForm."""
    visit = _held(visit_id, version)
    if was is not None and not Coverage.objects.filter(pk=was, patient_id=visit.patient_id).exists():
        raise NoPlanOfTheDay(_("The plan of before is not known to this office."))
    _ask_who_keeps(visit, was)
    record(by, "visits.visit.taken-from-plan", visit, patients=[visit.patient_id])
    before = visit.coverage_id
    visit.coverage_id, visit.copay_due = was, copay_due
    return _kept(by, visit, before)


def _ask_who_keeps(visit: Visit, coverage_id: UUID | None) -> None:
    """Raise PayerStays with every sentence of the rooms above that speaks against it."""
    if said := [why for ask in followers.keeping if (why := ask(visit.pk, coverage_id))]:
        raise PayerStays(" ".join(said))
