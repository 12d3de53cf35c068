"""A payer's profile: its plans with their prices and shares, its delays, and how often what goes wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from daysheet.kernel.money import CENT, ZERO, usd

NO_MAXIMUM = Decimal("99999.00")
"""From this on a year's out-of-pocket maximum means that there is none, as in original Medicare."""
OFFICE_VISIT = "98"
"""The service type of a visit to a physician's office (EB03)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A product of a payer: what it allows, and what of that the member pays."""

    key: str
    name: str
    kind: str
    percent_of_charge: Decimal
    deductible: Decimal
    coinsurance: Decimal
    out_of_network_coinsurance: Decimal
    out_of_pocket: Decimal
    """The most a member pays in a year; NO_MAXIMUM where the plan has none."""
    copays: Mapping[str, Decimal]
    """By service type."""
    allowed: Mapping[str, Decimal]
    """By procedure code, for one unit."""

    def price(self, *, code: str, units: Decimal, charge: Decimal) -> Decimal:
        """Return what the plan allows for a line: its table, else a part of the charge, and never more."""
        listed = self.allowed.get(code)
        price = to_cents(listed * units) if listed is not None else to_cents(charge * self.percent_of_charge)
        return min(price, charge)


@dataclass(frozen=True, slots=True)
class Profile:
    """A payer as the twin plays it."""

    key: str
    name: str
    payer_id: str
    tax_id: str
    phone: str
    street: str
    city: str
    state: str
    zip: str
    delay_days: int
    correction_days: int
    filing_limit_days: int
    member_shape: str
    plans: Mapping[str, Plan]
    rates: Mapping[str, int]
    """By fault, in cases per thousand."""

    def plan(self, name: str) -> Plan:
        """Return the plan by its key or its name; the first one when the payer has no such plan."""
        wanted = name.casefold()
        named = (plan for plan in self.plans.values() if wanted in {plan.key, plan.name.casefold()})
        return next(named, next(iter(self.plans.values())))


def profile_of(key: str, table: Mapping[str, Any]) -> Profile:
    """Return the profile that a table of text and numbers describes."""
    return Profile(
        key=key,
        name=str(table["name"]),
        payer_id=str(table["payer_id"]),
        tax_id=str(table["tax_id"]),
        phone=str(table["phone"]),
        street=str(table["street"]),
        city=str(table["city"]),
        state=str(table["state"]),
        zip=str(table["zip"]),
        delay_days=int(table["delay_days"]),
        correction_days=int(table["correction_days"]),
        filing_limit_days=int(table["filing_limit_days"]),
        member_shape=str(table["member_shape"]),
        plans={name: _plan(name, row) for name, row in table["plans"].items()},
        rates={name: int(rate) for name, rate in table.get("faults", {}).items()},
    )


def _plan(key: str, row: Mapping[str, Any]) -> Plan:
    return Plan(
        key=key,
        name=str(row["name"]),
        kind=str(row["kind"]),
        percent_of_charge=Decimal(row["percent_of_charge"]),
        deductible=usd(row["deductible"]),
        coinsurance=Decimal(row["coinsurance"]),
        out_of_network_coinsurance=Decimal(row["out_of_network_coinsurance"]),
        out_of_pocket=usd(row["out_of_pocket"]),
        copays={name: usd(amount) for name, amount in row["copays"].items()},
        allowed={name: usd(amount) for name, amount in row["allowed"].items()},
    )


def to_cents(amount: Decimal) -> Decimal:
    """Return the amount to the nearest cent, halves up."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP) + ZERO
