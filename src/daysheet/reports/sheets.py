"""The day sheet as a page shows it: the same shape for a day that is open and for one that is closed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from daysheet.ledger import papers
from daysheet.ledger.models import Daysheet
from daysheet.ledger.queries import DayFigures
from daysheet.ledger.queries.days import ACCOUNT_WORDS

NOT_YET_TOLD = {"dropped": "0.00", "paid_in": "0.00"}
"""What sheets that were closed earlier do not say of a drawer."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A day's figures, ready to be drawn."""

    charges: Decimal
    payments: Decimal
    adjustments: Decimal
    before: Decimal
    after: Decimal
    entries: int
    by_method: list[tuple[str, Decimal]]
    by_kind: list[tuple[str, Decimal]]
    by_provider: list[dict[str, Any]]
    by_location: list[dict[str, Any]]
    deposits: list[dict[str, Any]]
    drawers: list[dict[str, Any]]
    bank_deposits: list[dict[str, Any]]

    @property
    def off_by(self) -> Decimal:
        """Return by how much the proof is wrong: zero when the books balance."""
        return self.charges - self.payments - self.adjustments - (self.after - self.before)

    @property
    def change(self) -> Decimal:
        """Return by how much the receivables changed."""
        return self.after - self.before

    @property
    def deposited(self) -> Decimal:
        """Return what the deposit list comes to."""
        return sum((one["amount"] for one in self.deposits), Decimal("0.00"))


def of_open_day(figures: DayFigures) -> Shown:
    """Return the figures of a day that is still open, from its entries as they stand."""
    proof = figures.proof
    return _shown(
        papers.sheet_as_text(figures),
        (
            proof.charges,
            proof.payments,
            proof.adjustments,
            figures.receivables_before,
            figures.receivables_after,
        ),
        figures.entries,
    )


def of_closed_day(sheet: Daysheet) -> Shown:
    """Return the figures of a closed day as they stood at the close."""
    figures = (
        sheet.charges,
        sheet.payments,
        sheet.adjustments,
        sheet.receivables_before,
        sheet.receivables_after,
    )
    return _shown(sheet.figures, figures, sheet.entries)


def patients_on(sheet: Shown) -> list[UUID]:
    """Return the patients whom the sheet names."""
    return [UUID(one["patient_id"]) for one in sheet.deposits if one.get("patient_id")]


def _shown(
    kept: dict[str, Any], figures: tuple[Decimal, Decimal, Decimal, Decimal, Decimal], entries: int
) -> Shown:
    return Shown(
        *figures,
        entries=entries,
        by_method=_ordered(kept["payments_by_method"]),
        by_kind=_ordered(kept["adjustments_by_kind"]),
        by_provider=[_money(row, "charges", "payments", "adjustments") for row in kept["by_provider"]],
        by_location=[_money(row, "charges", "payments", "adjustments") for row in kept["by_location"]],
        deposits=[_money(row, "amount") | {"how": ACCOUNT_WORDS[row["method"]]} for row in kept["deposits"]],
        drawers=[
            _money(
                NOT_YET_TOLD | row,
                "opening_float",
                "cash",
                "expected",
                "counted",
                "over_short",
                *NOT_YET_TOLD,
            )
            for row in kept["drawers"]
        ],
        bank_deposits=[
            _money(row, "cash", "checks", "total") | {"bank_on": date.fromisoformat(row["bank_on"])}
            for row in kept.get("bank_deposits", [])
        ],
    )


def _ordered(amounts: dict[str, str]) -> list[tuple[str, Decimal]]:
    """Return the amounts in the order of the accounts, whatever order the database kept them in."""
    return [
        (word, Decimal(amounts[account])) for account, word in ACCOUNT_WORDS.items() if account in amounts
    ]


def _money(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return row | {name: None if row[name] is None else Decimal(row[name]) for name in names}
