"""Payers and their plans, as this office deals with them."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from daysheet.coverage.models import InsurancePlan, Payer
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.practice.naming import must_fit_wire
from daysheet.tasks import commands as tasks


class PayerIsKnown(Refusal):
    """A payer with that id, or a plan of that name, is here already."""


class PayerIsUnknown(Refusal):
    """No payer of this office has that id."""


@command(needs=Can.MANAGE_OFFICE)
def add_payer(
    by: Actor,
    /,
    *,
    name: str,
    payer_id: str,
    partner_id: UUID | None = None,
    filing_code: str = "CI",
    filing_limit_days: int = 90,
    appeal_limit_days: int = 180,
    phone: str = "",
    enrolment_rule: str = "none",
    street: str = "",
    city: str = "",
    state: str = "",
    zip: str = "",  # noqa: A002 - the office's word
) -> Payer:
    """Enter an insurance company: its id on the wire, how envelopes reach it, and its time limits."""
    must_fit_wire(name=name)
    with refusing(payer_id_is_own=_taken(payer_id)):
        payer = Payer.objects.create(
            name=name.strip(),
            payer_id=payer_id.strip(),
            partner_id=partner_id,
            filing_code=filing_code,
            filing_limit_days=filing_limit_days,
            appeal_limit_days=appeal_limit_days,
            phone=phone,
            enrolment_rule=enrolment_rule,
            street=street,
            city=city,
            state=state,
            zip=zip,
        )
    record(by, "coverage.payer.added", payer, name=payer.name, payer_id=payer.payer_id)
    return payer


@command(needs=Can.MANAGE_OFFICE)
def change_payer(
    by: Actor,
    /,
    *,
    payer_id: UUID,
    name: str,
    partner_id: UUID | None,
    filing_limit_days: int,
    appeal_limit_days: int,
    phone: str,
    enrolment_rule: str = "",
    is_active: bool = True,
    wire_id: str = "",
    filing_code: str = "",
) -> Payer:
    """Change how the office deals with a payer; its id on the wire and its kind stay where they are not told.

    What has left keeps the id under which it left. Raises PayerIsKnown when another payer has that id.
    """
    payer = _payer(payer_id)
    must_fit_wire(name=name)
    new: dict[str, Any] = {
        "name": name.strip(),
        "partner_id": partner_id,
        "filing_limit_days": filing_limit_days,
        "appeal_limit_days": appeal_limit_days,
        "phone": phone,
        "is_active": is_active,
    }
    told = {"enrolment_rule": enrolment_rule, "payer_id": wire_id.strip(), "filing_code": filing_code}
    new |= {key: value for key, value in told.items() if value}
    changed = {
        key: [getattr(payer, key), value] for key, value in new.items() if getattr(payer, key) != value
    }
    for key, value in new.items():
        setattr(payer, key, value)
    with refusing(payer_id_is_own=_taken(wire_id)):
        payer.save(update_fields=list(new))
    if "payer_id" in changed:
        tasks.close_items_of(by, subject_id=payer.pk, kind="other", action_code="done")
    record(by, "coverage.payer.changed", payer, changed=changed)
    return payer


@command(needs=Can.MANAGE_OFFICE)
def add_plan(
    by: Actor,
    /,
    *,
    payer_id: UUID,
    name: str,
    kind: str = "ppo",
    office_copay: Decimal | None = None,
    needs_authorization: bool = False,
    needs_referral: bool = False,
) -> InsurancePlan:
    """Enter a plan of a payer, with the copay that its card names and what its visits need."""
    payer = _payer(payer_id)
    taken = PayerIsKnown(f"{payer.name} has a plan of that name already.", plan_name="This name is taken.")
    with refusing(insurance_plan_name_is_free=taken):
        plan = InsurancePlan.objects.create(
            payer=payer,
            name=name.strip(),
            kind=kind,
            office_copay=office_copay,
            needs_authorization=needs_authorization,
            needs_referral=needs_referral,
        )
    record(by, "coverage.plan.added", plan, name=plan.name, payer=payer.name)
    return plan


def _taken(wire_id: str) -> PayerIsKnown:
    return PayerIsKnown(f"A payer with the id {wire_id} is here already.", payer_id="This id is taken.")


def _payer(payer_id: UUID) -> Payer:
    payer = Payer.objects.select_for_update(of=("self",)).filter(pk=payer_id).first()
    if payer is None:
        raise PayerIsUnknown("That payer is not known to this office.")
    return payer
