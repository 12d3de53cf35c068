"""A missed visit as the desk decides about its fee: what the rule says, what may not be asked, what was decided."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.money import say
from daysheet.ledger import queries as books
from daysheet.ledger.models import MissedFee
from daysheet.ledger.protected import nothing_for_missed
from daysheet.schedule import missed_fees, queries
from daysheet.schedule.missing import Fee
from daysheet.schedule.models import Appointment
from daysheet.schedule.rules import MISSED


@dataclass(frozen=True, slots=True)
class MissedVisit:
    """One missed visit, and what can be decided."""

    appointment: Appointment
    fee: Fee | None
    """What the office's rule says; nothing where it has none."""
    protected: str
    """Why no fee may be asked, whatever the rule says."""
    decided: MissedFee | None

    @property
    def is_missed(self) -> bool:
        """Return whether it was missed at all."""
        return self.appointment.booking in MISSED

    @property
    def may_charge(self) -> bool:
        """Return whether a fee can be asked."""
        return self.is_missed and self.fee is not None and not self.protected and self.decided is None

    @property
    def words(self) -> str:
        """Return what the rule says, as the desk reads it."""
        if self.fee is None:
            return _("The office has set no fee for such a visit.")
        told = {"n": self.fee.number, "amount": say(self.fee.amount), "forgiven": self.fee.forgiven}
        if self.fee.is_forgiven:
            return _("Missed visit %(n)d within a year: the rule forgives %(forgiven)d.") % told
        return _("Missed visit %(n)d within a year: the rule says %(amount)s.") % told


def missed_visit(appointment_id: UUID) -> MissedVisit | None:
    """Return a visit as the desk decides about its fee, or None."""
    found = queries.appointment(appointment_id)
    if found is None:
        return None
    return MissedVisit(
        found,
        missed_fees.fee_for(found),
        nothing_for_missed(found.patient_id, found.on_day),
        books.missed_fees([found.pk]).get(found.pk),
    )
