"""Which of a patient's plans pays first: the federal rules, then those of the states' model, each with its source.

Two plans are compared by the first rule that speaks of both. Federal rules (Medicare secondary payer, Medicaid, TRICARE)
bind; the rules of the states' model (NAIC Model 120) give way where they would contradict what the federal ones say
together. What a rule would need to know and nobody has said is a question, never a guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Literal, NamedTuple
from uuid import UUID

Kind = Literal["", "group", "individual", "medicare", "medicaid", "tricare", "workers", "auto"]
"""What a plan is by law, empty while nobody has said it; `workers` and `auto` pay for the injuries of one case alone."""
Work = Literal["", "working", "retired", "cobra"]
"""How the holder has a group plan: by a job held now, as a retired or laid-off person, or kept after a job."""
Size = Literal["", "under_20", "20_to_99", "100_or_more"]
Said = Literal["", "yes", "no"]
"""What was answered to a question, empty while nobody has."""
Parents = Literal["", "together", "apart", "jointly"]
"""`jointly`: apart, and both have custody, or a court names both."""
OfChild = Literal["", "custodian", "custodians_spouse", "parent", "parents_spouse"]
"""What the holder is to a child whose parents live apart: the parent with whom it lives, or that one's spouse, the other
parent, or that one's spouse."""
APART = ("custodian", "custodians_spouse", "parent", "parents_spouse")
"""In which order they pay where no court says otherwise."""

MEDICARE_AGE = 65
KIDNEY_MONTHS = 30

WORKED_FOR = "42 CFR 411.172"
DISABLED = "42 CFR 411.204"
KIDNEY = "42 CFR 411.162"
STAYS_FIRST = "42 CFR 411.163"
INJURY = "42 CFR 411.40, 411.50"
LAST_RESORT = "42 CFR 433.139"
MILITARY = "32 CFR 199.8"
MODEL = "NAIC Model 120, section 6"


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of a patient, and through whom: `is_own` is false where the patient is a dependent of its holder."""

    id: UUID
    name: str
    kind: Kind
    is_own: bool = True
    is_childs: bool = False
    """The patient is a child of the holder."""
    holder_born_on: date | None = None
    holder: str = ""
    """The holder's name, where that is not the patient."""
    work: Work = ""
    size: Size = ""
    covered_since: date | None = None
    of_child: OfChild = ""


@dataclass(frozen=True, slots=True)
class Household:
    """What is known of the patient besides the plans."""

    born_on: date
    served_on: date
    is_injury_of_the_case: bool = False
    """The visit is for the injury that a workers' or auto case is about."""
    kidney_since: date | None = None
    """From when Medicare could be had for kidney failure."""
    was_disabled: Said = ""
    """Whether the patient, younger than 65, had Medicare by disability already when the kidney failure began."""
    parents: Parents = ""
    ordered: UUID | None = None
    """The plan of the parent whom a court made responsible for health care."""
    custody: UUID | None = None
    """The plan of the parent with whom the child lives."""


class Reason(NamedTuple):
    """Why one plan pays before another, in a sentence, and where that is written."""

    sentence: str
    source: str


class Question(NamedTuple):
    """What must be known before an order can be told: a key for the form, the plan it is about, the sentence."""

    key: str
    plan_id: UUID | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Place:
    """A plan in its place; the first has the rank 1. `why` says why it comes before the next one."""

    plan: Plan
    rank: int
    why: Reason | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """The plans in the order in which they pay, and what is still to be asked before that order is settled."""

    places: tuple[Place, ...]
    questions: tuple[Question, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Return whether nothing is left to ask."""
        return not self.questions


class _Verdict(NamedTuple):
    """Which of two plans pays first, whether a federal rule says so, and why."""

    first: Plan
    second: Plan
    binds: bool
    why: Reason


def order_of(plans: Sequence[Plan], household: Household) -> Order:
    """Return who pays first, second and so on. Cases of workers and cars pay for nothing but their own injury."""
    counted = [one for one in plans if one.kind not in ("workers", "auto") or household.is_injury_of_the_case]
    if household.custody not in {one.id for one in counted}:
        household = replace(household, custody=None)  # a plan that has ended says nothing
    questions: dict[Question, None] = {}
    verdicts: dict[frozenset[UUID], _Verdict] = {}
    for one, other in combinations(sorted(counted, key=lambda plan: str(plan.id)), 2):
        said = _compare(one, other, household)
        if isinstance(said, _Verdict):
            verdicts[frozenset((one.id, other.id))] = said
        else:
            questions.update(dict.fromkeys(said))
    placed = _arranged(counted, verdicts)
    places = []
    for rank, plan in enumerate(placed, 1):
        after = placed[rank] if rank < len(placed) else None
        found = verdicts.get(frozenset((plan.id, after.id))) if after else None
        places.append(Place(plan, rank, found.why if found and found.first.id == plan.id else None))
    return Order(tuple(places), tuple(questions))


def _compare(one: Plan, other: Plan, household: Household) -> _Verdict | list[Question]:
    """Return the word of the first rule that speaks of two plans, or what it would have to know."""
    if (of_case := _injury(one, other, household)) is not None:
        return of_case  # whatever the other plan is
    if unknown := [plan for plan in (one, other) if not plan.kind]:
        return [
            Question("through", plan.id, f"Is {plan.name} through a job, bought by the patient, or TRICARE?")
            for plan in unknown
        ]
    for rule in (_last_resort, _medicare, _military):
        said = rule(one, other, household)
        if said is not None:
            return said
    return _states_model(one, other, household)


def _split(one: Plan, other: Plan, kind: str) -> tuple[Plan, Plan] | None:
    """Return the plan of a kind and the other one; None where neither or both are of it."""
    if (one.kind == kind) == (other.kind == kind):
        return None
    return (one, other) if one.kind == kind else (other, one)


def _federal(first: Plan, second: Plan, sentence: str, source: str) -> _Verdict:
    return _Verdict(first, second, True, Reason(sentence, source))


def _injury(one: Plan, other: Plan, _household: Household) -> _Verdict | None:
    for kind, sentence in (
        ("workers", "Workers' compensation pays for an injury at work before any health plan."),
        ("auto", "Car and liability insurance pays for its accident before any health plan."),
    ):
        if found := _split(one, other, kind):
            return _federal(*found, sentence, INJURY)
    return None


def _last_resort(one: Plan, other: Plan, _household: Household) -> _Verdict | None:
    found = _split(one, other, "medicaid")
    if found is None:
        return None
    medicaid, first = found
    return _federal(first, medicaid, "Medicaid pays last, after every other plan.", LAST_RESORT)


def _military(one: Plan, other: Plan, _household: Household) -> _Verdict | None:
    found = _split(one, other, "tricare")
    if found is None:
        return None
    tricare, first = found
    return _federal(first, tricare, "TRICARE pays after every other health plan but Medicaid.", MILITARY)


def _medicare(one: Plan, other: Plan, household: Household) -> _Verdict | list[Question] | None:
    found = _split(one, other, "medicare")
    if found is None:
        return None
    medicare, plan = found
    if plan.kind == "tricare":
        return _federal(medicare, plan, "TRICARE pays after Medicare.", MILITARY)
    if plan.kind != "group":
        return _federal(
            medicare, plan, f"Medicare pays before {plan.name}: no job stands behind it.", WORKED_FOR
        )
    if household.kidney_since and household.kidney_since <= household.served_on:
        if _months(household.kidney_since, household.served_on) < KIDNEY_MONTHS:
            return _kidney(medicare, plan, household)
        sentence = (
            f"The first {KIDNEY_MONTHS} months of kidney failure are over: Medicare pays before {plan.name}, also "
            "where a job held now stands behind it."
        )
        return _federal(medicare, plan, sentence, STAYS_FIRST)
    if not plan.work:
        return [_asks_work(plan)]
    is_aged = _age(household.born_on, household.served_on) >= MEDICARE_AGE
    source = WORKED_FOR if is_aged else DISABLED
    if plan.work != "working":
        return _federal(medicare, plan, f"Nobody works for {plan.name} now, so Medicare pays first.", source)
    if not plan.size:
        return [_asks_size(plan)]
    is_large = plan.size != "under_20" if is_aged else plan.size == "100_or_more"
    least = 20 if is_aged else 100
    if is_large:
        sentence = (
            f"{plan.name} comes from a job held now with {least} people or more: it pays before Medicare."
        )
        return _federal(plan, medicare, sentence, source)
    return _federal(
        medicare,
        plan,
        f"The employer of {plan.name} has fewer than {least} people: Medicare pays first.",
        source,
    )


def _kidney(medicare: Plan, plan: Plan, household: Household) -> _Verdict | list[Question]:
    """Compare in the first months of kidney failure: where Medicare rightly paid first before, it stays first.

    42 CFR 411.163(b)(4): by age or disability, where no job held now stood behind the plan, or its employer was too
    small (fewer than 20 people for the aged, 100 for the disabled).
    """
    is_aged = _age(household.born_on, household.kidney_since or household.served_on) >= MEDICARE_AGE
    if is_aged or household.was_disabled != "no":
        too_small = ("under_20",) if is_aged else ("under_20", "20_to_99")
        if not plan.work:
            return [_asks_work(plan)]
        if plan.work == "working" and not plan.size:
            return [_asks_size(plan)]
        if plan.work != "working" or plan.size in too_small:
            if not is_aged and not household.was_disabled:
                return [_asks_disability(medicare)]
            how = "by age" if is_aged else "by disability"
            sentence = f"Medicare paid first already, {how}, when the kidney failure began: it stays first."
            return _federal(medicare, plan, sentence, STAYS_FIRST)
    sentence = f"In the first {KIDNEY_MONTHS} months of kidney failure a group plan pays before Medicare."
    return _federal(plan, medicare, sentence, KIDNEY)


def _asks_disability(medicare: Plan) -> Question:
    sentence = "Did the patient have Medicare by disability already when the kidney failure began?"
    return Question("was_disabled", medicare.id, sentence)


def _asks_size(plan: Plan) -> Question:
    return Question("size", plan.id, f"How many people work for the employer of {plan.name}?")


def _asks_work(plan: Plan) -> Question:
    return Question("work", plan.id, f"Does the holder of {plan.name} work there now?")


def _states_model(one: Plan, other: Plan, household: Household) -> _Verdict | list[Question]:
    """Compare two plans of which no federal rule speaks (NAIC Model 120, section 6, in its order)."""
    if one.is_own != other.is_own:
        first, second = (one, other) if one.is_own else (other, one)
        return _weak(
            first, second, "The plan that covers the patient in person pays before one as a dependent."
        )
    if one.is_childs and other.is_childs:
        said = _of_a_child(one, other, household)
        if said is not None:
            return said
    if one.kind == other.kind == "group":
        for state, sentence in (
            ("cobra", "A plan kept after a job (COBRA) pays after the one of a job held now."),
            ("retired", "The plan of a job held now pays before one of a job left behind."),
        ):
            if "" in (one.work, other.work):
                return [_asks_work(plan) for plan in (one, other) if not plan.work]
            if (one.work == state) != (other.work == state):
                second, first = (one, other) if one.work == state else (other, one)
                return _weak(first, second, sentence)
    return _longer(one, other)


def _of_a_child(one: Plan, other: Plan, household: Household) -> _Verdict | list[Question] | None:
    if household.ordered in (one.id, other.id):
        return _named(one, other, household.ordered, "A court made this parent responsible for health care.")
    if not household.parents:
        return [
            Question(
                "parents", None, "Do the child's parents live together, apart, or have they joint custody?"
            )
        ]
    if household.parents == "apart":
        return _of_parents_apart(one, other, household)
    days = [plan.holder_born_on for plan in (one, other)]
    if days[0] is None or days[1] is None:
        return [
            Question("birthday", plan.id, f"When is the birthday of {_holder_of(plan)}?")
            for plan in (one, other)
            if plan.holder_born_on is None
        ]
    birthdays = [(day.month, day.day) for day in days if day]
    if birthdays[0] == birthdays[1]:
        return _longer(one, other)
    first, second = (one, other) if birthdays[0] < birthdays[1] else (other, one)
    who = first.holder or "This parent"
    return _weak(
        first, second, f"{who}'s birthday comes earlier in the year; the year of birth does not count."
    )


def _of_parents_apart(one: Plan, other: Plan, household: Household) -> _Verdict | list[Question] | None:
    """Compare the plans of a child whose parents live apart, where no court has spoken; None for two of one holder.

    NAIC Model 120, section 6: the parent who has custody, that parent's spouse, the other parent, that one's spouse.
    """
    held = [plan.of_child or ("custodian" if plan.id == household.custody else "") for plan in (one, other)]
    if held[0] == held[1] != "":
        return None
    if "custodian" in held or "" not in held:
        first = one if held[0] and (not held[1] or APART.index(held[0]) < APART.index(held[1])) else other
        before = held[0] if first is one else held[1]
        return _named(
            one,
            other,
            first.id,
            {
                "custodian": "The child lives with this parent, and no court says otherwise.",
                "custodians_spouse": "The spouse of the parent with whom the child lives pays before the other parent.",
            }.get(before, "The other parent pays before the spouse of that parent."),
        )
    if held == ["", ""] and not household.custody:
        return [
            Question(
                "custody", None, "With which parent does the child live, and does a court order say who pays?"
            )
        ]
    return [_asks_of_child(plan) for plan, known in zip((one, other), held, strict=True) if not known]


def _asks_of_child(plan: Plan) -> Question:
    who = plan.holder or "the holder"
    return Question(
        "of_child",
        plan.id,
        f"Is {who} ({plan.name}) a parent of the child, or a parent's spouse, and of which?",
    )


def _holder_of(plan: Plan) -> str:
    return f"{plan.holder}, the holder of {plan.name}" if plan.holder else f"the holder of {plan.name}"


def _named(one: Plan, other: Plan, first_id: UUID | None, sentence: str) -> _Verdict:
    first, second = (one, other) if one.id == first_id else (other, one)
    return _weak(first, second, sentence)


def _longer(one: Plan, other: Plan) -> _Verdict | list[Question]:
    if one.covered_since is None or other.covered_since is None or one.covered_since == other.covered_since:
        return [Question("ask_plans", None, f"Ask {one.name} and {other.name} who of them pays first.")]
    first, second = (one, other) if one.covered_since < other.covered_since else (other, one)
    return _weak(first, second, "This plan has covered its holder longer.")


def _weak(first: Plan, second: Plan, sentence: str) -> _Verdict:
    return _Verdict(first, second, False, Reason(sentence, MODEL))


def _arranged(plans: Sequence[Plan], verdicts: dict[frozenset[UUID], _Verdict]) -> list[Plan]:
    """Return the plans so that no federal word is broken, and of the states' as few as those leave room for."""
    before: dict[UUID, set[UUID]] = {plan.id: set() for plan in plans}
    for binding in (True, False):
        for said in verdicts.values():
            if said.binds == binding and said.second.id not in _all_before(before, said.first.id):
                before[said.second.id].add(said.first.id)
    placed: list[Plan] = []
    left = sorted(plans, key=lambda plan: (plan.covered_since or date.max, str(plan.id)))
    while left:
        done = {plan.id for plan in placed}
        following = next(plan for plan in left if before[plan.id] <= done)
        placed.append(following)
        left.remove(following)
    return placed


def _all_before(before: dict[UUID, set[UUID]], start: UUID) -> set[UUID]:
    """Return everything that has to pay before a plan, at any distance."""
    found: set[UUID] = set()
    waiting = [start]
    while waiting:
        for one in before[waiting.pop()] - found:
            found.add(one)
            waiting.append(one)
    return found


def _age(born_on: date, day: date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _months(since: date, day: date) -> int:
    return (day.year - since.year) * 12 + day.month - since.month


def medicare_questions_are_due(asked_on: date | None, *, today: date, has_medicare: bool) -> bool:
    """Return whether the Medicare secondary payer questions are to be asked again.

    At least every 90 days for somebody who comes again and again (CMS Pub. 100-05, chapter 3, section 20.1).
    """
    return has_medicare and (asked_on is None or (today - asked_on).days >= 90)
