"""What a missed visit costs, as the office keeps it; nothing is charged by itself."""

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.schedule.models import AppointmentType, MissedFeeRule

LEAST, MOST = Decimal(1), Decimal(500)


class StrangeFee(Refusal):
    """A fee that no office asks, or one that is kept already."""


@command(needs=Can.MANAGE_OFFICE)
def keep_missed_fee_rule(
    by: Actor,
    /,
    *,
    type_id: UUID | None,
    outcome: str,
    forgiven: int,
    amount: Decimal,
    rule_id: UUID | None = None,
    version: int | None = None,
) -> MissedFeeRule:
    """Write down what a missed visit costs, or say it anew; what was charged stays.

    Raises StrangeFee or StaleForm.
    """
    if not LEAST <= amount <= MOST:
        raise StrangeFee(_("A fee is $1 to $500."), amount=_("$1 to $500."))
    if not 0 <= forgiven <= 20:
        raise StrangeFee(_("Up to 20 a year are forgiven."), forgiven=_("0 to 20."))
    if outcome not in ("", *MissedFeeRule.Outcome.values):
        raise StrangeFee(_("Choose what happened."), outcome=_("Choose one."))
    if type_id and not AppointmentType.objects.filter(pk=type_id).exists():
        raise StrangeFee(_("That visit type is not on the books. Choose another."))
    kept = _held(rule_id, version) if rule_id else MissedFeeRule(version=0)
    kept.type_id, kept.outcome, kept.forgiven, kept.amount = type_id, outcome, forgiven, amount
    kept.version += 1
    twice = StrangeFee(_("A fee for that is kept already. Change that one."))
    with refusing(missed_fee_rule_stands_once=twice):
        kept.save()
    record(by, "schedule.missed-fee-rule.kept", kept, amount=amount, forgiven=forgiven, outcome=outcome)
    return kept


@command(needs=Can.MANAGE_OFFICE)
def use_missed_fee_rule(
    by: Actor, /, *, rule_id: UUID, version: int | None, is_active: bool
) -> MissedFeeRule:
    """Ask a fee no more, or again.

    Raises StrangeFee where another has taken its place, or StaleForm.
    """
    kept = _held(rule_id, version)
    kept.is_active, kept.version = is_active, kept.version + 1
    with refusing(missed_fee_rule_stands_once=StrangeFee(_("Another fee for that is in use."))):
        kept.save(update_fields=["is_active", "version"])
    record(by, "schedule.missed-fee-rule.used" if is_active else "schedule.missed-fee-rule.retired", kept)
    return kept


def _held(rule_id: UUID, version: int | None) -> MissedFeeRule:
    kept = MissedFeeRule.objects.select_for_update(of=("self",)).filter(pk=rule_id).first()
    if kept is None:
        raise StrangeFee(_("That fee is not kept here."))
    if version is not None and kept.version != version:
        raise StaleForm(_("Somebody changed this fee meanwhile. Look at it again, then decide."))
    return kept
