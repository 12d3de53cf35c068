"""What an office knows beforehand: contract rows, the usual services of a kind of visit, what self-pay takes off."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.charges import rules
from daysheet.charges.models import ContractRate, EstimatePolicy, UsualService
from daysheet.coverage.models import InsurancePlan, Payer
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.schedule.models import AppointmentType


class RateIsWrong(Refusal):
    """A row of a contract, or a usual service, that cannot be."""


@command(needs=Can.MANAGE_OFFICE)
def set_rate(
    by: Actor,
    /,
    *,
    payer_id: UUID,
    code: str,
    amount: Decimal,
    starts_on: date,
    plan_id: UUID | None = None,
) -> ContractRate:
    """Say what a payer, or one plan of it, allows for a service from a day on; the row before it ends that day."""
    procedure = _procedure(code)
    if not 0 <= amount <= rules.MOST_FEE:
        raise RateIsWrong(_("That amount is no fee."), amount=_("From 0 to 99,999.99."))
    if not Payer.objects.filter(pk=payer_id).exists():
        raise RateIsWrong(_("That payer is not known here."), payer=_("Choose one."))
    if plan_id and not InsurancePlan.objects.filter(pk=plan_id, payer_id=payer_id).exists():
        raise RateIsWrong(_("That plan is not one of the payer's."), plan=_("Choose one of the payer's."))
    same = ContractRate.objects.select_for_update().filter(payer_id=payer_id, plan_id=plan_id, code=procedure)
    later = same.filter(starts_on__gt=starts_on).order_by("starts_on").first()
    before = same.filter(starts_on__lt=starts_on).order_by("-starts_on").first()
    if before and (before.ends_on is None or before.ends_on > starts_on):
        ContractRate.objects.filter(pk=before.pk).update(ends_on=starts_on)
    told = {
        "amount": amount,
        "ends_on": later.starts_on if later else None,
        "set_by": by.name,
        "set_at": by.now,
    }
    rate, _is_new = ContractRate.objects.update_or_create(
        payer_id=payer_id, plan_id=plan_id, code=procedure, starts_on=starts_on, defaults=told
    )
    record(by, "charges.contract-rate.set", rate, code=procedure, amount=amount, starts_on=starts_on)
    return rate


@command(needs=Can.MANAGE_OFFICE)
def remove_rate(by: Actor, /, *, rate_id: UUID) -> None:
    """Take out a row of a contract that was never true."""
    rate = ContractRate.objects.filter(pk=rate_id).first()
    if rate is None:
        raise RateIsWrong(_("That row is gone already."))
    record(by, "charges.contract-rate.removed", rate, code=rate.code, amount=rate.amount)
    ContractRate.objects.filter(pk=rate_id).delete()


@command(needs=Can.MANAGE_OFFICE)
def set_usual_service(
    by: Actor, /, *, type_id: UUID, code: str, units: Decimal = Decimal(1), is_visit: bool = False
) -> UsualService:
    """Say that a kind of visit usually has a service."""
    procedure = _procedure(code)
    wrong = rules.line_problem(procedure, units, [], [1])
    if wrong:
        raise RateIsWrong(wrong[1], **{wrong[0]: wrong[1]})
    if not AppointmentType.objects.filter(pk=type_id).exists():
        raise RateIsWrong(_("That visit type is not known here."), type=_("Choose one."))
    usual, _is_new = UsualService.objects.update_or_create(
        type_id=type_id, code=procedure, defaults={"units": units, "is_visit": is_visit}
    )
    record(by, "charges.usual-service.set", usual, code=procedure, units=units)
    return usual


@command(needs=Can.MANAGE_OFFICE)
def remove_usual_service(by: Actor, /, *, usual_id: UUID) -> None:
    """Say that a kind of visit has a service no more as a rule."""
    usual = UsualService.objects.filter(pk=usual_id).first()
    if usual is None:
        raise RateIsWrong(_("That service is gone already."))
    record(by, "charges.usual-service.removed", usual, code=usual.code)
    UsualService.objects.filter(pk=usual_id).delete()


@command(needs=Can.MANAGE_OFFICE)
def set_estimate_policy(
    by: Actor, /, *, version: int, discount_percent: Decimal, others_note: str = ""
) -> EstimatePolicy:
    """Say what comes off for who pays without a plan, and who else may send a bill."""
    if not 0 <= discount_percent <= 100:
        raise RateIsWrong(_("0 to 100 percent."), discount_percent=_("0 to 100 percent."))
    held = EstimatePolicy.objects.select_for_update().first() or EstimatePolicy(version=0)
    if held.version != version:
        raise StaleForm(_("Somebody else has changed this meanwhile. Look at it again."))
    held.discount_percent, held.others_note = discount_percent, others_note.strip()[:500]
    held.version += 1
    held.save()
    record(by, "charges.estimate-policy.set", held, discount=discount_percent)
    return held


def _procedure(code: str) -> str:
    procedure = rules.as_procedure(code)
    if not rules.PROCEDURE.fullmatch(procedure):
        sentence = _("A procedure code has five letters or digits.")
        raise RateIsWrong(sentence, code=sentence)
    return procedure
