"""A posted line corrected for a claim: another one in its place, and back again."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from daysheet.charges import queries, rules
from daysheet.charges.commands.aftercare import watch_bill
from daysheet.charges.commands.slip import NoFee
from daysheet.charges.models import Charge
from daysheet.charges.rules import kinds
from daysheet.charges.rules.facility import as_revenue_code, revenue_problem
from daysheet.charges.rules.mouth import NOWHERE, Mouth, mouth_problem, prior_day_problem, prosthesis_problem
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO
from daysheet.ledger import commands as ledger
from daysheet.visits.models import Visit


class LineIsNotCorrected(Refusal):
    """No other line stands in the place of this one."""


@command(needs=Can.ENTER_CHARGES)
def correct_charge(
    by: Actor,
    /,
    *,
    charge_id: UUID,
    code: str,
    units: Decimal,
    modifiers: Sequence[str],
    pointers: Sequence[int],
    reason: str,
    mouth: Mouth = NOWHERE,
    prosthesis: str = "",
    prior_placed_on: date | None = None,
    revenue_code: str | None = None,
) -> Charge:
    """Put a corrected line in the place of a posted one, which leaves the book; return the new line.

    It is for a claim that is corrected: what a plan has answered for the old line stays, until the plan takes it back.
    The same service keeps its price and revenue code, another one has the schedule's on the service day, unless a
    revenue code is told; it goes on the same kind of claim. Raises NoFee.
    """
    rows = Visit.objects.select_for_update(of=("self",)).select_related("coverage__plan__payer")
    visit = rows.get(pk=Charge.objects.values_list("visit_id").get(pk=charge_id)[0])
    old = Charge.objects.select_for_update(of=("self",)).get(pk=charge_id)
    if old.state != Charge.State.POSTED:
        raise Refusal(f"Line {old.rank} of the slip is not in the book: nothing of it can be corrected.")
    facts: dict[str, Any] = {"units": units, "modifiers": modifiers, "pointers": pointers}
    new = _instead_of(by, old, code=code, told=revenue_code, **facts)
    new.teeth, new.areas = [[one.number, one.surfaces] for one in mouth.teeth], list(mouth.areas)
    new.prosthesis, new.prior_placed_on = prosthesis, prior_placed_on
    if revenue_code is not None:
        new.revenue_code = as_revenue_code(revenue_code)
    _may_stand(visit, old, new, is_facility=revenue_code is not None)
    _is_sound_in_the_mouth(new)
    account, payer_id = ("insurance" if visit.coverage else "patient"), None
    if old.entry_id:
        gone = ledger.reverse_charge(by, entry_id=old.entry_id, reason=reason, is_corrected=True)
        account, payer_id = gone.lines.exclude(account="charges").values_list("account", "payer_id").get()
    _set_state(old, Charge.State.VOIDED)
    new.save()
    if new.amount > ZERO:
        entry = ledger.post_charge(
            by,
            patient_id=visit.patient_id,
            amount=new.amount,
            service_on=visit.service_on,
            provider_id=new.provider_id,
            location_id=visit.location_id,
            visit_id=visit.pk,
            charge_id=new.pk,
            to="insurance" if account == "insurance" else "patient",
            payer_id=payer_id,
        )
        new.entry_id = entry.pk
    _set_state(new, Charge.State.POSTED)
    record(by, "charges.charge.corrected", new, was=old.code, code=new.code, amount=new.amount, reason=reason)
    _hold_against_estimates(by, visit)
    return new


@command(needs=Can.ENTER_CHARGES)
def uncorrect_charge(by: Actor, /, *, charge_id: UUID, reason: str) -> Charge:
    """Put a line that was corrected back into the book as it was; what stood in its place leaves it.

    Raises LineIsNotCorrected.
    """
    old = Charge.objects.select_for_update(of=("self",)).get(pk=charge_id)
    later = _later(old)
    if old.state != Charge.State.VOIDED or not later:
        raise LineIsNotCorrected(f"No other line stands in the place of line {old.rank}.")
    for one in later:
        if one.state != Charge.State.POSTED:
            continue
        if one.entry_id:
            ledger.reverse_charge(by, entry_id=one.entry_id, reason=reason)
        _set_state(one, Charge.State.VOIDED)
    if old.entry_id:
        old.entry_id = ledger.repost_charge(by, entry_id=old.entry_id, reason=reason).pk
    _set_state(old, Charge.State.POSTED)
    record(by, "charges.charge.uncorrected", old, code=old.code, amount=old.amount, reason=reason)
    _hold_against_estimates(by, Visit.objects.get(pk=old.visit_id))
    return old


def _instead_of(
    by: Actor,
    old: Charge,
    *,
    code: str,
    units: Decimal,
    modifiers: Sequence[str],
    pointers: Sequence[int],
    told: str | None,
) -> Charge:
    """Return the corrected line, not yet kept: all else is as it was."""
    procedure = rules.as_procedure(code)
    is_dental = queries.is_dental(old.code, old.service_on)
    if wrong := rules.line_problem(procedure, units, modifiers, pointers, is_dental=is_dental):
        raise Refusal(wrong[1])
    unit_fee, label, revenue = old.unit_fee, old.label, old.revenue_code
    if procedure != old.code:
        known = queries.fee(procedure, old.service_on)
        if known is None:
            raise NoFee(f"The fee schedule has no price for {procedure} on that day. Add it there first.")
        label, revenue = known.label, known.revenue_code
        unit_fee = known.price_for(known.revenue_for(as_revenue_code(told or "")))
    last = Charge.objects.filter(visit_id=old.visit_id).order_by("-rank")[0]
    kept: dict[str, Any] = {
        field.attname: getattr(old, field.attname)
        for field in Charge._meta.concrete_fields
        if not field.primary_key
    }
    changed = {
        "rank": last.rank + 1,
        "code": procedure,
        "label": label,
        "revenue_code": revenue,
        "units": units,
        "modifiers": list(modifiers),
        "pointers": list(pointers),
        "unit_fee": unit_fee,
        "amount": rules.price(unit_fee, units),
        "state": Charge.State.DRAFT,
        "entry_id": None,
        "entered_at": by.now,
        "entered_by": by.name,
        "version": 1,
        "corrects_id": old.pk,
    }
    return Charge(**kept | changed)


def _may_stand(visit: Visit, old: Charge, charge: Charge, *, is_facility: bool) -> None:
    if wrong := revenue_problem(charge.revenue_code):
        raise Refusal(wrong)
    bills = queries.bills_of(visit)
    was, kind = (kinds.kind_of(one, bills) for one in queries.services_of([old, charge], bills))
    if is_facility:  # a line that lacked its revenue code gets it on the claim
        was, kind = kinds.INSTITUTIONAL, kinds.INSTITUTIONAL if charge.revenue_code else kind
    if was != kind:
        where = "on a visit of its own" if kinds.DENTAL in (was, kind) else "on the slip"
        raise Refusal(
            f"{charge.code} is billed on {kinds.a_kind(kind)} claim, and this is {kinds.a_kind(was)} one: "
            f"one claim never holds both. Void the line, and enter the other service {where}."
        )
    count = queries.diagnoses(visit.pk).count()
    if count and (beyond := rules.pointers_beyond(charge.pointers, count)):
        raise Refusal(f"{charge.code} points to diagnosis {beyond[0]}, which is not on the slip.")
    noticed = queries.proposals_of(visit, [charge]).get(charge.code)
    if noticed is not None and not (noticed.is_wanted and noticed.is_billed):
        raise Refusal(f"The patient does not want {charge.code} billed to the plan (advance notice).")


def _is_sound_in_the_mouth(charge: Charge) -> None:
    has_prior_day = charge.prior_placed_on is not None
    wrong = (
        mouth_problem(charge.mouth)
        or prosthesis_problem(charge.prosthesis, has_prior_day=has_prior_day)
        or prior_day_problem(charge.prior_placed_on, charge.service_on)
    )
    if wrong:
        raise Refusal(wrong)
    is_said = charge.teeth or charge.areas or charge.prosthesis
    if is_said and not queries.is_dental(charge.code, charge.service_on):
        raise Refusal(
            f"{charge.code} is no dental service here: teeth and areas of the mouth belong to those alone."
        )


def _later(charge: Charge) -> list[Charge]:
    """Return all lines that were put in the place of one, one after the other."""
    found: list[Charge] = []
    ids = [charge.pk]
    while ids:
        rows = list(
            Charge.objects.select_for_update(of=("self",)).filter(corrects_id__in=ids).order_by("rank")
        )
        found, ids = [*found, *rows], [row.pk for row in rows]
    return found


def _set_state(charge: Charge, state: str) -> None:
    charge.state = state
    charge.version += 1
    charge.save(update_fields=["entry_id", "state", "version"])


def _hold_against_estimates(by: Actor, visit: Visit) -> None:
    watch_bill(
        by, patient_id=visit.patient_id, appointment_id=visit.appointment_id, service_on=visit.service_on
    )
