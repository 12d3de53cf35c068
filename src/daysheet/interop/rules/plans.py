"""Which plan a payer's text means: by the reference tables where they are at hand, else by our own words. Pure.

Everything made here is derived, and says so in its name; the office can tell it from what a card said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from daysheet.interop.rules.reading import stable, text
from daysheet.interop.rules.record import Cover, Plan

MARK = "(derived)"
KINDS = {"medicare": ("medicare", "MB"), "medicaid": ("medicaid", "MC"), "dual eligible": ("medicaid", "MC")}
NOBODY = frozenset({"", "no_insurance", "no insurance", "none", "self-pay", "self pay"})
WORDS = {"private": "Private insurance", "dual_eligible": "Dual Eligible"}


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A line of the reference plans."""

    company: str
    name: str
    is_private: bool
    """Sold to anybody: neither public nor subsidized nor a supplement."""


@dataclass(slots=True)
class Reference:
    """The reference tables: companies by number, and their plans."""

    plans: list[PlanRow] = field(default_factory=list)

    @classmethod
    def of(cls, companies: Sequence[Mapping[str, str]], plans: Sequence[Mapping[str, str]]) -> "Reference":
        """Return the reference made of the rows of its two tables."""
        names = {row.get("Id", ""): text(row.get("Name")) for row in companies}
        return cls(
            [
                PlanRow(
                    company=names.get(row.get("Payer Id", ""), ""),
                    name=text(row.get("Name")),
                    is_private=not row.get("Priority Level") and row.get("Eligibility Policy") == "Generic",
                )
                for row in plans
                if row.get("Name") and names.get(row.get("Payer Id", ""))
            ]
        )


def plan_of(payer: str, *, reference: Reference, whose: str, product: str = "") -> Plan | None:
    """Return the plan that a payer's text means for a patient; None for those who pay themselves.

    "private" is one of the private plans, always the same for the same patient.
    """
    said = payer.strip()
    if said.lower() in NOBODY:
        return None
    if said.lower() == "private":
        row = _choice([row for row in reference.plans if row.is_private], whose)
    else:
        said = WORDS.get(said.lower(), said if said != said.lower() else said.replace("_", " ").title())
        row = _choice([row for row in reference.plans if row.company.lower() == said.lower()], whose)
    company = row.company if row else WORDS.get(said.lower(), said)
    kind, filing_code = KINDS.get(company.lower(), ("other", "CI"))
    name = product or (row.name if row else f"{company} plan")
    return Plan(f"{company} {MARK}", f"{name} {MARK}", kind, filing_code)


def member_id(plan: Plan, whose: str) -> str:
    """Return a member id that is derived: nobody was ever given it."""
    return f"DRV{stable('member', plan.payer, whose) % 10**9:09d}"


def covers_from_bills(
    told: Iterable[tuple[date, Plan | None]], *, whose: str, died_on: date | None
) -> list[Cover]:
    """Return the coverages that the bills speak of: a plan holds from its first bill to the first of another."""
    by_day: dict[date, Plan | None] = {}
    for on, plan in told:
        if by_day.get(on) is None:
            by_day[on] = plan
    covers: list[Cover] = []
    changes = [(on, plan) for on, plan in sorted(by_day.items(), key=lambda pair: pair[0])]
    spans = [
        (on, plan) for place, (on, plan) in enumerate(changes) if place == 0 or changes[place - 1][1] != plan
    ]
    for place, (on, plan) in enumerate(spans):
        ends = spans[place + 1][0] if place + 1 < len(spans) else None
        if plan:
            covers.append(Cover(plan, on, ends, member_id(plan, whose)))
    return apart(covers, died_on)


def apart(covers: Iterable[Cover], died_on: date | None) -> list[Cover]:
    """Return coverages of which two of one rank never overlap: the later one ends the earlier.

    A plan that was renewed without a gap is one coverage, with the number of its latest card.
    """
    kept: list[Cover] = []
    for rank in (1, 2, 3):
        own = _renewed(sorted((one for one in covers if one.rank == rank), key=lambda one: one.starts_on))
        for place, one in enumerate(own):
            ends = [
                end
                for end in (one.ends_on, own[place + 1].starts_on if place + 1 < len(own) else None)
                if end
            ]
            if died_on and not ends and one.starts_on <= died_on:
                ends = [date.fromordinal(died_on.toordinal() + 1)]
            last = min(ends, default=None)
            if last is None or last > one.starts_on:
                kept.append(Cover(one.plan, one.starts_on, last, one.member_id, rank))
    return kept


def _renewed(covers: Iterable[Cover]) -> list[Cover]:
    kept: list[Cover] = []
    for one in covers:
        before = kept[-1] if kept else None
        if before and before.plan == one.plan and before.ends_on and before.ends_on >= one.starts_on:
            kept[-1] = replace(one, starts_on=before.starts_on)
        else:
            kept.append(one)
    return kept


def _choice(rows: list[PlanRow], whose: str) -> PlanRow | None:
    return rows[stable("plan", whose) % len(rows)] if rows else None
