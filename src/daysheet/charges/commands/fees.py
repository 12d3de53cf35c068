"""What things cost, from which day: typed one by one, or brought as a file."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from daysheet.charges import rules
from daysheet.charges.models import FeeItem
from daysheet.charges.rules import Fee, FeeProblem
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.kernel.money import NotMoney, usd


class FeesRefused(Refusal):
    """A fee file with lines that cannot be kept: none of it was."""

    def __init__(self, problems: Sequence[FeeProblem]) -> None:
        lines = "1 line" if len(problems) == 1 else f"{len(problems)} lines"
        super().__init__(f"Nothing was kept: {lines} of the file must be mended first.")
        self.problems = list(problems)


@command(needs=Can.MANAGE_OFFICE)
def set_fee(
    by: Actor, /, *, code: str, label: str, amount: Decimal, starts_on: date, is_favourite: bool | None = None
) -> FeeItem:
    """Say what a procedure costs from a day on; the price before it ends on that day."""
    fee = _checked(code, label, amount)
    item, old = _put(fee, starts_on, is_favourite)
    record(by, "charges.fee.set", item, code=item.code, amount=item.amount, starts_on=starts_on, old=old)
    return item


@command(needs=Can.MANAGE_OFFICE)
def end_fee(by: Actor, /, *, fee_id: UUID) -> FeeItem:
    """Let a price end today: from now on the service is not on the schedule. Lines that stand keep their price."""
    item = FeeItem.objects.select_for_update().get(pk=fee_id)
    today = local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
    item.ends_on = max(item.starts_on, today)
    item.save(update_fields=["ends_on"])
    record(by, "charges.fee.ended", item, code=item.code, ends_on=item.ends_on)
    return item


@command(needs=Can.MANAGE_OFFICE)
def import_fees(by: Actor, /, *, rows: str | Sequence[Fee], starts_on: date) -> list[FeeItem]:
    """Bring a fee file: CSV text of code, label, amount (or fees read before). All of it, or nothing.

    Raises FeesRefused, which carries every line's problem.
    """
    fees, problems = rules.read_fees(rows) if isinstance(rows, str) else (list(rows), [])
    if problems:
        raise FeesRefused(problems)
    kept = [_put(_checked(fee.code, fee.label, fee.amount), starts_on, None)[0] for fee in fees]
    record(by, "charges.fees.imported", fees=len(kept), starts_on=starts_on)
    return kept


def _checked(code: str, label: str, amount: Decimal) -> Fee:
    procedure, words = rules.as_procedure(code), label.strip()
    if not rules.PROCEDURE.fullmatch(procedure):
        raise Refusal("A procedure code has five letters or digits.", code="Five letters or digits.")
    if not words or len(words) > 200:
        raise Refusal("Name the procedure in your own words.", label="Up to 200 letters.")
    try:
        money = usd(amount)
    except NotMoney as no:
        raise Refusal(f"That fee cannot be kept. {no}", amount=str(no)) from no
    if not 0 <= money <= rules.MOST_FEE:
        sentence = f"A fee is between $0.00 and ${rules.MOST_FEE:,.2f}."
        raise Refusal(sentence, amount=sentence)
    return Fee(procedure, words, money)


def _put(fee: Fee, starts_on: date, is_favourite: bool | None) -> tuple[FeeItem, str | None]:
    """Write a price from a day on, between the one before and the one after it."""
    prices = FeeItem.objects.select_for_update().filter(code=fee.code)
    same = prices.filter(starts_on=starts_on).first()
    before = prices.filter(starts_on__lt=starts_on).order_by("-starts_on").first()
    after = prices.filter(starts_on__gt=starts_on).order_by("starts_on").first()
    known = same or before or after
    favoured = is_favourite if is_favourite is not None else bool(known and known.is_favourite)
    old = f"{(same or before).amount:.2f}" if same or before else None  # type: ignore[union-attr]
    if same:
        until = after.starts_on if after else None
        FeeItem.objects.filter(pk=same.pk).update(
            label=fee.label, amount=fee.amount, is_favourite=favoured, ends_on=until
        )
        same.refresh_from_db()
        return same, old
    if before and (before.ends_on is None or before.ends_on > starts_on):
        FeeItem.objects.filter(pk=before.pk).update(ends_on=starts_on)
    item = FeeItem.objects.create(
        code=fee.code,
        label=fee.label,
        amount=fee.amount,
        starts_on=starts_on,
        ends_on=after.starts_on if after else None,
        is_favourite=favoured,
    )
    return item, old
