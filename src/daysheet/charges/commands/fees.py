"""What things cost, from which day: typed one by one, or brought as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.charges import rules
from daysheet.charges.models import Charge, FeeItem
from daysheet.charges.rules import Fee, FeeProblem
from daysheet.charges.rules.facility import as_revenue_code, read_prices, revenue_problem
from daysheet.charges.rules.mouth import NEEDS
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.kernel.money import NotMoney, usd

KEPT = ("is_favourite", "is_dental", "revenue_code", "revenue_prices", "mouth_need", "is_prosthesis")
"""What a new price has of the one before, unless something else is said."""


class FeeIsInUse(Refusal):
    """A price that a file set has been gone on with."""


@dataclass(frozen=True, slots=True)
class SetFee:
    """A price that a file set: which, its amount as it was left, and what stood before it (`queries.price_before`)."""

    fee_id: UUID
    amount: Decimal
    before: Mapping[str, Any]


class FeesRefused(Refusal):
    """A fee file with lines that cannot be kept: none of it was."""

    def __init__(self, problems: Sequence[FeeProblem]) -> None:
        lines = "1 line" if len(problems) == 1 else f"{len(problems)} lines"
        super().__init__(f"Nothing was kept: {lines} of the file must be mended first.")
        self.problems = list(problems)


@command(needs=Can.MANAGE_OFFICE)
def set_fee(
    by: Actor,
    /,
    *,
    code: str,
    label: str,
    amount: Decimal,
    starts_on: date,
    is_favourite: bool | None = None,
    is_dental: bool | None = None,
    revenue_code: str | None = None,
    revenue_prices: Mapping[str, str] | None = None,
    mouth_need: str | None = None,
    is_prosthesis: bool | None = None,
) -> FeeItem:
    """Say what a procedure costs from a day on; the price before it ends on that day.

    With a revenue code it is a service of the facility; a line of the facility may cost something else by its
    revenue code (`revenue_prices`). A dentist's service says what its lines must name.
    """
    fee = _checked(code, label, amount)
    revenue = None if revenue_code is None else as_revenue_code(revenue_code)
    if wrong := revenue_problem(revenue or ""):
        raise Refusal(wrong, revenue_code=wrong)
    if mouth_need not in (None, *NEEDS):
        raise Refusal(
            "A line names a tooth, its surfaces, an area, or nothing.", mouth_need="Choose one of these."
        )
    said = {
        "is_favourite": is_favourite,
        "is_dental": is_dental,
        "revenue_code": revenue,
        "revenue_prices": None if revenue_prices is None else _prices(revenue_prices),
        "mouth_need": mouth_need,
        "is_prosthesis": is_prosthesis,
    }
    item, old = _put(fee, starts_on, {name: value for name, value in said.items() if value is not None})
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
    kept = [_put(_checked(fee.code, fee.label, fee.amount), starts_on, {})[0] for fee in fees]
    record(by, "charges.fees.imported", fees=len(kept), starts_on=starts_on)
    return kept


@command(needs=Can.MANAGE_OFFICE)
def take_back_fees(by: Actor, /, *, fees: Sequence[SetFee], since: datetime) -> int:
    """Take out prices that a file set, the latest first, and let what they ended or wrote over stand as before.

    All of them or none: raises FeeIsInUse where a slip has been priced by one since, or a price was set or ended anew.
    """
    held = FeeItem.objects.select_for_update().filter(pk__in=[fee.fee_id for fee in fees])
    _must_be_unused(list(held), since)
    for fee in fees:
        item = FeeItem.objects.filter(pk=fee.fee_id).first()
        if item is None or (item.amount, item.ends_on) != (fee.amount, _day(fee.before.get("left"))):
            raise _went_on(item.code if item else "")
        _as_before(item, fee.before)
    record(by, "charges.fees.taken-back", fees=len(fees))
    return len(fees)


def _must_be_unused(items: Sequence[FeeItem], since: datetime) -> None:
    by_code: dict[str, list[FeeItem]] = {}
    for item in items:
        by_code.setdefault(item.code, []).append(item)
    lines = Charge.objects.filter(code__in=by_code, entered_at__gte=since).exclude(state=Charge.State.VOIDED)
    used = [
        code
        for code, day in lines.values_list("code", "service_on")
        if any(
            item.starts_on <= day and (item.ends_on is None or day < item.ends_on) for item in by_code[code]
        )
    ]
    if used:
        raise FeeIsInUse(
            ngettext(
                "%(n)s line of a charge slip has been priced by these fees since (%(code)s). They all stay; "
                "set the right fee from today on.",
                "%(n)s lines of charge slips have been priced by these fees since (the first is %(code)s). "
                "They all stay; set the right fee from today on.",
                len(used),
            )
            % {"n": f"{len(used):,}", "code": min(used)}
        )


def _as_before(item: FeeItem, before: Mapping[str, Any]) -> None:
    """Put one price back to what stood before it was set."""
    if over := before.get("wrote_over"):
        FeeItem.objects.filter(pk=item.pk).update(
            label=over["label"],
            amount=usd(over["amount"]),
            is_favourite=over["is_favourite"],
            is_dental=over.get("is_dental", False),
            revenue_code=over.get("revenue_code", ""),
            revenue_prices=over.get("revenue_prices", {}),
            mouth_need=over.get("mouth_need", ""),
            is_prosthesis=over.get("is_prosthesis", False),
            ends_on=_day(over["ends_on"]),
        )
        return
    FeeItem.objects.filter(pk=item.pk).delete()
    if ended := before.get("ended"):
        opened = FeeItem.objects.filter(pk=ended[0], ends_on=item.starts_on).update(ends_on=_day(ended[1]))
        if not opened:
            raise _went_on(item.code)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _went_on(code: str) -> FeeIsInUse:
    return FeeIsInUse(
        _(
            "The price of %(code)s was set or ended anew since. All these fees stay; mend that one on its page."
        )
        % {"code": code or _("a service")}
    )


def _prices(told: Mapping[str, str]) -> dict[str, str]:
    try:
        return read_prices(", ".join(f"{code} {amount}" for code, amount in told.items()))
    except ValueError as no:
        raise Refusal(str(no), revenue_prices=str(no)) from no


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


def _put(fee: Fee, starts_on: date, said: Mapping[str, Any]) -> tuple[FeeItem, str | None]:
    """Write a price from a day on, between the one before and the one after it; what is not said of it stays."""
    prices = FeeItem.objects.select_for_update().filter(code=fee.code)
    same = prices.filter(starts_on=starts_on).first()
    before = prices.filter(starts_on__lt=starts_on).order_by("-starts_on").first()
    after = prices.filter(starts_on__gt=starts_on).order_by("starts_on").first()
    known = same or before or after
    kept = {name: getattr(known, name) for name in KEPT} if known else {}
    facts = kept | dict(said) | {"label": fee.label, "amount": fee.amount}
    old = f"{(same or before).amount:.2f}" if same or before else None  # type: ignore[union-attr]
    if same:
        until = after.starts_on if after else None
        FeeItem.objects.filter(pk=same.pk).update(**facts, ends_on=until)
        same.refresh_from_db()
        return same, old
    if before and (before.ends_on is None or before.ends_on > starts_on):
        FeeItem.objects.filter(pk=before.pk).update(ends_on=starts_on)
    item = FeeItem.objects.create(
        code=fee.code, starts_on=starts_on, ends_on=after.starts_on if after else None, **facts
    )
    return item, old
