"""May this person bring, hear, sign or owe for a patient? The answer, with the reason and where it is written. Pure."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple

from daysheet.patients.rules.care import FOSTER, InCare, may_in_care, paper_holds

Act = Literal["bring", "hear", "sign", "owe"]
Word = Literal["yes", "limits", "no", "ask"]
ACTS: tuple[Act, ...] = ("bring", "hear", "sign", "owe")
TOPICS = ("times", "money", "health")
PARENTS = frozenset({"mother", "father", "parent", "legal guardian", "guardian"})
"""Who acts for a minor while no paper says otherwise; a foster parent, a step-parent, a grandparent needs a paper."""
REPRESENTATIVE = "45 CFR 164.502(g)(3)"
ADULT = "45 CFR 164.502(g)(2)"
FAMILY = "45 CFR 164.510(b)"
USUAL_AGE = 18
HIGHEST_AGE = 21


class Majority(NamedTuple):
    """From which age a person is of age in a state, and the statute."""

    age: int
    source: str


@dataclass(frozen=True, slots=True)
class Right:
    """What is recorded of one person and one act, from a day on, until a day."""

    act: str
    says: str
    from_on: date
    until_on: date | None = None
    topics: tuple[str, ...] = ()
    ordered_on: date | None = None
    """The day of the court order that says so."""

    def is_in_force(self, today: date) -> bool:
        """Return whether it holds on a day; its last day is one of its days."""
        return self.from_on <= today and (self.until_on is None or today <= self.until_on)


@dataclass(frozen=True, slots=True)
class Person:
    """A person around a patient: relation, rights, and what the front sheet has said since a day."""

    name: str
    relationship: str = ""
    rights: Sequence[Right] = ()
    may_hear_since: date | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """The patient, as far as age and state decide."""

    born_on: date
    state: str = ""
    emancipated_on: date | None = None
    in_care: InCare | None = None


class Answer(NamedTuple):
    """Whether a person may, about what, why, and where that is written."""

    word: Word
    why: str
    source: str = ""
    topics: tuple[str, ...] = ()


@cache
def majority() -> dict[str, Majority]:
    """Return the ages of majority that are documented, by state."""
    text = resources.files("daysheet.patients.rules").joinpath("majority.toml").read_text("utf-8")
    return {state: Majority(row["age"], row["source"]) for state, row in tomllib.loads(text).items()}


def of_age_on(subject: Subject) -> date | None:
    """Return the day on which a patient became or becomes an adult in the eyes of the law; None where nobody has said."""
    if subject.emancipated_on:
        return subject.emancipated_on
    known = majority().get(subject.state)
    return birthday(subject.born_on, known.age) if known else None


def is_minor(subject: Subject, today: date) -> bool | None:
    """Return whether a patient is a minor; None where the state's age is not documented and decides it."""
    since = of_age_on(subject)
    if since is not None:
        return today < since
    if today < birthday(subject.born_on, USUAL_AGE):
        return True
    return None if today < birthday(subject.born_on, HIGHEST_AGE) else False


def birthday(born_on: date, age: int) -> date:
    """Return the day of a birthday; who was born on February 29 has it on March 1 in other years."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


def may(act: Act, person: Person, subject: Subject, today: date) -> Answer:
    """Return whether a person may do something for a patient today."""
    recorded = next((one for one in person.rights if one.act == act and one.is_in_force(today)), None)
    paper = f" Court order of {recorded.ordered_on:%B %-d, %Y}." if recorded and recorded.ordered_on else ""
    if recorded and recorded.says == "no":
        return Answer("no", f"It is recorded that {person.name} may not.{paper}")
    minor = is_minor(subject, today)
    care = subject.in_care
    holds = recorded and care and paper_holds(recorded.from_on, person.name, person.relationship, care)
    if minor and care and care.stands(today) and not holds:
        return Answer(*may_in_care(act, person.name, person.relationship, care, today))
    if minor is None and act != "owe":
        return Answer("ask", "The age of majority of this state is not on file. Ask the manager.")
    if recorded:
        if not minor and act != "owe" and _ended(recorded.from_on, subject):
            return _grown_up(subject)
        word: Word = "limits" if recorded.says == "limits" else "yes"
        return Answer(word, f"It is recorded.{paper}", FAMILY if act == "hear" else "", recorded.topics)
    if act == "owe" and person.relationship.strip().lower() in FOSTER:
        return Answer("no", f"{person.name} does not owe by fostering. Ask the agency who pays.")
    if act == "owe":
        return Answer("ask", "Nothing is recorded. Who owes stands on the front sheet.")
    return _unrecorded(act, person, subject, minor=bool(minor))


def _unrecorded(act: Act, person: Person, subject: Subject, *, minor: bool) -> Answer:
    relation = person.relationship.strip().lower()
    if minor and relation in PARENTS:
        why = f"The patient is a minor and {person.name} is the {relation}; no paper says otherwise."
        if act == "hear":
            why += " Care to which the minor consented alone is the minor's own: ask the manager."
        return Answer("yes", why, REPRESENTATIVE)
    if act == "hear" and person.may_hear_since:
        if not minor and _ended(person.may_hear_since, subject):
            return _grown_up(subject)
        return Answer("yes", "The front sheet says so.", FAMILY, TOPICS)
    if not minor and act != "hear":
        return Answer(
            "no", "The patient is an adult and decides alone; no paper gives this to anybody else.", ADULT
        )
    if act == "hear":
        return Answer(
            "no", "Nobody has said that this person may be told. Tell nothing but that we called.", FAMILY
        )
    return Answer(
        "ask", f"No paper says that {person.name} may. Ask for it, or call a parent.", REPRESENTATIVE
    )


def _ended(given_on: date, subject: Subject) -> bool:
    """Return whether a right was given before the patient was of age, so that it ended on that day."""
    since = of_age_on(subject) or birthday(subject.born_on, USUAL_AGE)
    return given_on < since


def _grown_up(subject: Subject) -> Answer:
    since = of_age_on(subject) or birthday(subject.born_on, USUAL_AGE)
    what = "was emancipated" if subject.emancipated_on else "came of age"
    why = f"The patient {what} on {since:%B %-d, %Y}: what was given before ended that day. Ask the patient."
    return Answer("no", why, ADULT)
