"""Reading a payer's answer (271): the verdict in one word, and the figures the desk needs, each with its line.

The way from lines to figures is told in docs/algorithms/eligibility.md.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from daysheet.coverage.rules import medicare, refusals
from daysheet.coverage.rules.words import sentence_of
from daysheet.formats import x12
from daysheet.kernel import money

OFFICE_VISIT = ("98", "BY", "BZ", "A0")
WHOLE_PLAN = "30"
SERVICES = (OFFICE_VISIT[0], "UC", "35", "MH", "PT", "33", "AL")
"""By what a plan may name the copay of a visit (EB03): the office visit first."""
REMAINING, TO_DATE = "29", "24"
_NO_YEAR = frozenset({REMAINING, TO_DATE, "30", "31", "32", "33"})
"""EB06: what is left, what was met, whether a limit is passed, and what holds for a whole life: no sum of a year."""
OTHER_PAYER, MANAGED_CARE = "R", "MC"
_ENDED = frozenset("678")
_AFTER = frozenset({"SEP", "TTP"})
"""NM101 of a secondary and a tertiary payer."""
_NOT_PAYERS = frozenset({"1P", "P3", "IL", "QC", "74"})
"""Doctors and members stand in the same loop."""
PLAN_BEGINS, PLAN_ENDS = frozenset({"291", "307", "346", "348", "356"}), frozenset({"347", "349", "357"})


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount or a share that the answer gives, with the line it stands in and how it was chosen."""

    value: Decimal
    line: int
    how: str
    rivals: tuple[int, ...] = ()
    """Other lines that fit as well and say something else."""


@dataclass(frozen=True, slots=True)
class OtherPayer:
    """Somebody else who may have to pay first, as the answer names him."""

    name: str
    id: str
    line: int
    is_manager: bool = False
    """The plan runs it: a managed-care organization that is billed in its place."""
    member_id: str = ""
    phone: str = ""
    is_after: bool = False
    """The answer calls it the second or third payer."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer says, ready for the desk."""

    verdict: str
    sentence: str
    next_action: str
    aaa_code: str = ""
    follow_up: str = ""
    """AAA04: what the payer asks for after its refusal."""
    plan_name: str = ""
    starts_on: date | None = None
    last_day: date | None = None
    copay: Figure | None = None
    copays: Mapping[str, Figure] = field(default_factory=dict)
    """Of other visits than an office visit, by their service type."""
    coinsurance: Figure | None = None
    deductible: Figure | None = None
    deductible_left: Figure | None = None
    out_of_pocket: Figure | None = None
    out_of_pocket_left: Figure | None = None
    other_payers: tuple[OtherPayer, ...] = ()
    qmb_line: int | None = None
    lines: tuple[str, ...] = ()
    """Every EB line as a sentence; line 1 first."""


def read_answer(answer: x12.EligibilityAnswer, *, service_on: date, plan: str) -> Reading:
    """Return what the payer said of a patient for a day."""
    lines = tuple(sentence_of(benefit) for benefit in answer.benefits)
    rejections = answer.rejections + tuple(one for b in answer.benefits for one in b.rejections)
    if rejections and answer.active is None:
        code, said = refusals.advice_on(rejections)
        sentence = f"{said.sentence} (AAA {code})"
        follow_up = refusals.follow_up_of(rejections)
        return Reading(said.verdict, sentence, said.next_action, code, follow_up, lines=lines)
    starts_on, last_day = _plan_days(answer, service_on)
    reading = Reading(
        *_verdict(answer, service_on, plan, starts_on, last_day),
        plan_name=_plan_name(answer.benefits),
        starts_on=starts_on,
        last_day=last_day,
        other_payers=_other_payers(answer.benefits),
        qmb_line=_qmb_line(answer, service_on),
        lines=lines,
    )
    return _with_figures(reading, answer.benefits) if reading.verdict == "eligible" else reading


def first_unknown(
    others: Iterable[Mapping[str, Any]], known: Iterable[Iterable[str]]
) -> Mapping[str, Any] | None:
    """Return the first payer whom an answer names and of whom the patient has no card.

    `known` is, of each card, by which words its payer may be named: its number, its name, the plan's name.
    """
    words = {word.casefold() for some in known for word in some if word}
    for other in others:
        if str(other["id"]).casefold() not in words and str(other["name"]).casefold() not in words:
            return other
    return None


def network_rank(code: str) -> int | None:
    """Return how well a line's network fits an office that is in it: 0 best; None not at all."""
    return {"Y": 0, "W": 1, "": 2, "U": 2}.get(code)


def _verdict(
    answer: x12.EligibilityAnswer, service_on: date, plan: str, starts_on: date | None, last_day: date | None
) -> tuple[str, str, str]:
    day = f"{service_on:%b %-d, %Y}"
    other = _other_payers(answer.benefits)
    ask = "Ask the patient for a new card; the visit may be self-pay."
    if other:
        ask = f"{other[0].name} may be the plan now: ask the patient for that card."
    if answer.active is None:
        said = "The plan answered, but not whether the patient is covered."
        return refusals.CANNOT_SAY, said, "Read the lines below or call the number on the card."
    if not answer.active:
        return "inactive", f"{plan} says: not active on {day}.", ask
    if last_day is not None and last_day < service_on:
        return "inactive", f"{plan} ended on {last_day:%b %-d, %Y}, before the visit.", ask
    if starts_on is not None and starts_on > service_on:
        return "inactive", f"{plan} begins on {starts_on:%b %-d, %Y}, after the visit.", ask
    then = ""
    if other:
        may = "may have to pay first"
        if other[0].is_manager:
            may = "runs this plan and may be billed in its place"
        elif other[0].is_after:
            may = "may pay after this plan"
        then = f"{other[0].name} {may}: ask the patient."
    return "eligible", f"Active with {plan} on {day}.", then


def _with_figures(reading: Reading, benefits: tuple[x12.Benefit, ...]) -> Reading:
    others = {code: _best(benefits, "B", amount=True, family=(code,)) for code in SERVICES[1:]}
    deductible, deductible_left = _total_and_left(benefits, "C")
    pocket, pocket_left = _total_and_left(benefits, "G")
    return replace(
        reading,
        copay=_best(benefits, "B", amount=True),
        copays={code: figure for code, figure in others.items() if figure is not None},
        coinsurance=_best(benefits, "A", amount=False),
        deductible=deductible,
        deductible_left=deductible_left,
        out_of_pocket=pocket,
        out_of_pocket_left=pocket_left,
    )


def _service_rank(benefit: x12.Benefit, family: tuple[str, ...]) -> int | None:
    """Return how well a line fits a service: named, the plan as a whole, or no service at all."""
    for rank, code in enumerate((*family, WHOLE_PLAN)):
        if code in benefit.service_types:
            return rank
    return len(family) + 1 if not benefit.service_types else None


def _level_rank(level: str) -> int | None:
    return {"IND": 0, "": 1, "EMP": 2, "FAM": 3}.get(level)


def _best(
    benefits: tuple[x12.Benefit, ...],
    code: str,
    *,
    amount: bool,
    family: tuple[str, ...] = OFFICE_VISIT,
    periods: Callable[[str], bool] = lambda _: True,
    beside: Callable[[x12.Benefit], bool] = lambda _: True,
) -> Figure | None:
    """Return the line of a kind that fits best: service, then network, then level, then its place.

    What Medicare's hospital insurance (Part A) asks for is never asked at a visit.
    """
    fits: list[tuple[tuple[int, int, int], int, Decimal]] = []
    for line, benefit in enumerate(benefits, start=1):
        value = benefit.amount if amount else benefit.percent
        ranks = (
            _service_rank(benefit, family),
            network_rank(benefit.network),
            _level_rank(benefit.coverage_level),
        )
        if benefit.code != code or value is None or not periods(benefit.period) or None in ranks:
            continue
        if benefit.insurance_type == medicare.PART_A or not beside(benefit):
            continue
        fits.append((tuple(rank or 0 for rank in ranks), line, value))  # type: ignore[arg-type]
    if not fits:
        return None
    rank, line, value = min(fits)
    rivals = tuple(other for other_rank, other, said in fits if other_rank == rank and said != value)
    return Figure(value, line, _how(benefits[line - 1], line, family), rivals)


def _total_and_left(benefits: tuple[x12.Benefit, ...], code: str) -> tuple[Figure | None, Figure | None]:
    """Return the yearly amount and what is left of it; what is left may follow from what was met.

    What is left for a whole family is not what is left of one person's amount, nor that of the plan of a service's own.
    """
    total = _best(benefits, code, amount=True, periods=lambda p: p not in _NO_YEAR)
    of = benefits[total.line - 1] if total else None
    left = _best(
        benefits,
        code,
        amount=True,
        periods=lambda p: p == REMAINING,
        beside=lambda one: of is None or (_is_own(one) == _is_own(of) and _is_family(one) <= _is_family(of)),
    )
    met = _best(
        benefits,
        code,
        amount=True,
        periods=lambda p: p == TO_DATE,
        beside=lambda one: of is None or (_is_own(one), _is_family(one)) == (_is_own(of), _is_family(of)),
    )
    if left is None and total is not None and met is not None:
        rest = max(money.ZERO, total.value - met.value)
        how = f"{money.say(total.value)} in line {total.line} less {money.say(met.value)} met in line {met.line}"
        left = Figure(rest, met.line, how)
    return total, left


def _is_family(benefit: x12.Benefit) -> bool:
    return benefit.coverage_level == "FAM"


def _is_own(benefit: x12.Benefit) -> bool:
    """Return whether a line is of the office visit by name, and not of the plan as a whole."""
    return bool(set(OFFICE_VISIT) & set(benefit.service_types))


def _how(benefit: x12.Benefit, line: int, family: tuple[str, ...]) -> str:
    service = next((code for code in (*family, WHOLE_PLAN) if code in benefit.service_types), "")
    words = x12.label("service_type", service)
    network = x12.label("network", benefit.network)
    said = [
        f"service type {service} ({words.lower()})" if words else "no service named",
        network.lower() if network else "no network named",
        f"line {line} of the answer",
    ]
    return ", ".join(said)


def _plan_days(answer: x12.EligibilityAnswer, service_on: date) -> tuple[date | None, date | None]:
    """Return the first and the last day of the plan, from the person's dates and the active line's own.

    An answer lists periods that are over as well: of several active lines the one that holds the day speaks.
    """
    active = [benefit for benefit in answer.benefits if benefit.code in "12345" and _is_plan(benefit)]
    active.sort(key=lambda one: not _holds(one.dates, service_on))
    dates = [*answer.dates, *(one for benefit in active for one in benefit.dates)]
    begins = [one.starts_on for one in dates if one.qualifier in PLAN_BEGINS and one.starts_on]
    ends = [one.starts_on for one in dates if one.qualifier in PLAN_ENDS and one.starts_on]
    ends += [one.ends_on for one in dates if one.qualifier in PLAN_BEGINS and one.ends_on]
    return (begins[0] if begins else None), (ends[0] if ends else None)


def _is_plan(benefit: x12.Benefit) -> bool:
    return not benefit.service_types or WHOLE_PLAN in benefit.service_types


def _plan_name(benefits: Iterable[x12.Benefit]) -> str:
    return next((one.plan for one in benefits if one.code in "12345" and one.plan), "")


def _other_payers(benefits: tuple[x12.Benefit, ...]) -> tuple[OtherPayer, ...]:
    """Return everybody whom an R or MC line names; a line that names nobody is still one to look at."""
    return tuple(
        OtherPayer(
            party.name,
            party.id,
            line,
            is_manager=benefit.code == MANAGED_CARE,
            member_id=benefit.reference("1W"),
            phone=next((one.phone for one in party.contacts if one.phone), ""),
            is_after=party.entity in _AFTER,
        )
        for line, benefit in enumerate(benefits, start=1)
        if benefit.code in {OTHER_PAYER, MANAGED_CARE}
        for party in benefit.others or (x12.Party(benefit.plan or "another plan"),)
        if party.entity not in _NOT_PAYERS
    )


def _qmb_line(answer: x12.EligibilityAnswer, service_on: date) -> int | None:
    """Return the line that says Qualified Medicare Beneficiary for the day, or None.

    An answer lists periods that are over as well: a line with days holds on those days alone.
    """
    for line, benefit in enumerate(answer.benefits, start=1):
        is_qmb = benefit.insurance_type == medicare.QMB and benefit.code not in _ENDED
        if is_qmb and _holds(benefit.dates, service_on):
            return line
    return None


def _holds(dates: tuple[x12.Dates, ...], day: date) -> bool:
    """Return whether the days of a line hold a day; a line without days holds on all."""
    known = [(one.qualifier, one.starts_on, one.ends_on) for one in dates if one.starts_on]
    begins = [(first, last) for code, first, last in known if code not in PLAN_ENDS]
    ends = [last for code, last, _ in known if code in PLAN_ENDS]
    has_begun = not begins or any(first <= day and (last is None or day <= last) for first, last in begins)
    return has_begun and (not ends or any(day <= last for last in ends))
