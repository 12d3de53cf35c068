"""A missed visit as the desk decides about its fee: what the rule says, what may not be asked, what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from daysheet.kernel.money import say
from daysheet.ledger import queries as books
from daysheet.ledger.models import MissedFee
from daysheet.ledger.protected import nothing_for_missed
from daysheet.schedule import missed_fees, queries
from daysheet.schedule.missing import LEFT, Fee, fee_of
from daysheet.schedule.models import Appointment
from daysheet.schedule.rules import MISSED
from daysheet.schedule.waitlist import A_YEAR
from daysheet.visits.models import Visit


@dataclass(frozen=True, slots=True)
class MissedVisit:
    """One missed visit, and what can be decided."""

    appointment: Appointment
    fee: Fee | None
    """What the office's rule says; nothing where it has none."""
    protected: str
    """Why no fee may be asked, whatever the rule says."""
    decided: MissedFee | None
    has_left: bool = False
    """The patient came, and left without being seen."""

    @property
    def is_missed(self) -> bool:
        """Return whether it was missed at all, or the patient left without being seen."""
        return self.has_left or self.appointment.booking in MISSED

    @property
    def outcome(self) -> str:
        """Return what happened, as a state of a visit."""
        return LEFT if self.has_left else self.appointment.booking

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
        if self.has_left and self.fee.is_forgiven:
            return _("Left unseen for time %(n)d within a year: the rule forgives %(forgiven)d.") % told
        if self.has_left:
            return _("Left unseen for time %(n)d within a year: the rule says %(amount)s.") % told
        if self.fee.is_forgiven:
            return _("Missed visit %(n)d within a year: the rule forgives %(forgiven)d.") % told
        return _("Missed visit %(n)d within a year: the rule says %(amount)s.") % told


def missed_visit(appointment_id: UUID) -> MissedVisit | None:
    """Return a visit as the desk decides about its fee, or None."""
    found = queries.appointment(appointment_id)
    if found is None:
        return None
    left = Visit.objects.filter(appointment_id=found.pk, flow=Visit.Flow.LWOBS).first()
    return MissedVisit(
        found,
        _fee_of_leaving(found, left) if left else missed_fees.fee_for(found),
        nothing_for_missed(found.patient_id, found.on_day),
        books.missed_fees([found.pk]).get(found.pk),
        left is not None,
    )


def fee_words(appointment_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return what was decided about the fees of missed visits, as tone and words; one statement."""
    return {
        pk: ("attention", _("fee %(amount)s") % {"amount": say(one.amount)})
        if one.state == "charged"
        else ("neutral", _("no fee: %(why)s") % {"why": one.reason})
        for pk, one in books.missed_fees(appointment_ids).items()
    }


def fees_decided() -> QuerySet[Any]:
    """Return the missed visits about whose fee somebody has decided."""
    return MissedFee.objects.filter(taken_back_at__isnull=True).values("appointment_id")


def _fee_of_leaving(found: Appointment, left: Visit) -> Fee | None:
    """Return what the office's rule says of who left without being seen; nothing where no rule names it."""
    rules = missed_fees.as_rules()
    since = left.service_on - A_YEAR
    before = Visit.objects.filter(
        patient_id=left.patient_id,
        flow=Visit.Flow.LWOBS,
        service_on__gt=since,
        arrived_at__lte=left.arrived_at,
    )
    return fee_of(rules, type_id=found.type_id, outcome=LEFT, number=before.count())
