"""The walkout statement: what today's visit cost, what was paid, what is with the plan and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from daysheet.charges import queries as charges
from daysheet.charges.models import Charge
from daysheet.frontdesk.checkin import Money, money_of
from daysheet.kernel.access import Actor
from daysheet.kernel.money import ZERO, say
from daysheet.ledger import queries as ledger
from daysheet.letters import pdf
from daysheet.letters import queries as letters
from daysheet.ui.words import born
from daysheet.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Walkout:
    """The money of one visit, as the patient takes it along."""

    visit: Visit
    charges: Sequence[Charge]
    money: Money
    with_plan: Decimal
    from_patient: Decimal
    """Of today's charges: what waits for the plan, and what is the patient's already."""

    @property
    def charged(self) -> Decimal:
        """Return what today's services cost."""
        return sum((one.amount for one in self.charges), ZERO)

    @property
    def is_whole(self) -> bool:
        """Return whether every service is posted: else the sum may change."""
        return bool(self.charges) and all(one.state == Charge.State.POSTED for one in self.charges)


def walkout(visit: Visit) -> Walkout:
    """Return the money of a visit: a constant number of statements."""
    lines = list(charges.charges_of(visit.pk))
    due = ledger.charge_balances([one.pk for one in lines]).values()
    return Walkout(
        visit,
        lines,
        money_of(visit),
        sum((one.insurance for one in due), ZERO),
        sum((one.patient for one in due), ZERO),
    )


def drawn(by: Actor, found: Walkout) -> bytes:
    """Return the walkout statement as PDF."""
    visit, money = found.visit, found.money
    paid = [
        [
            _("Paid today, %(how)s, receipt %(number)s")
            % {"how": one.get_method_display().lower(), "number": one.number},
            _("%(amount)s paid") % {"amount": say(one.kept)},
        ]
        for one in money.receipts
    ]
    cost = [[_what(one), say(one.amount)] for one in found.charges]
    facts = {
        "title": _("Walkout statement"),
        "facts": [
            [_("Patient"), f"{visit.patient.given} {visit.patient.family}"],
            [_("Chart"), str(visit.patient.chart_number)],
            [_("Day"), born(visit.service_on)],
            [_("Seen by"), str(visit.provider)],
            [_("Visit"), str(visit.number)],
        ],
        "columns": [{"label": _("What")}, {"label": _("Amount"), "end": True}],
        "lines": [*cost, [_("Cost of today"), say(found.charged)], *paid, *_left(money)],
        "total": [_("Owed by you now"), say(money.to_take)],
        "notes": _notes(found),
    }
    return pdf.render("receipt", letters.frame(by) | facts)


def _what(charge: Charge) -> str:
    """Return a service as the patient reads it: with the tooth and its surfaces, and how often."""
    told = f"{charge.label} ({charge.where_in_words})" if charge.where_in_words else charge.label
    return told if charge.units == 1 else f"{told} x {charge.units.normalize():f}"


def _left(money: Money) -> list[list[str]]:
    """Return what of the sum is the copay, and what is no part of it: what a payment plan holds."""
    lines = []
    if money.copay_left and not money.is_qmb:
        lines.append([_("Copay not paid yet"), say(money.copay_left)])
    if money.plan:
        lines.append([_("Under your payment plan"), say(money.plan.keeping.left)])
    return lines


def _notes(found: Walkout) -> list[str]:
    money, said = found.money, []
    if not found.charges:
        said.append(_("The services of today are not written down yet."))
    elif not found.is_whole:
        said.append(_("The clinician has not finished the list of services: the cost may still change."))
    if found.with_plan:
        plan = found.visit.coverage.plan.name if found.visit.coverage else _("your plan")
        asked = {"plan": plan, "amount": say(found.with_plan)}
        said.append(
            _("We ask %(plan)s for %(amount)s first. Wait for its answer before you pay this.") % asked
        )
    if money.credit:
        held = {"amount": say(money.credit)}
        said.append(_("%(amount)s that you paid is kept for you until the plan has answered.") % held)
    if money.is_qmb:
        said.append(_("Medicare cost sharing is not asked of you."))
    said.append(_("This is no bill for your plan and no receipt. Please keep it for your papers."))
    return said
