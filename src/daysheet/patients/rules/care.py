"""A child in the care of an agency: who consents, is told and owes, as the agency's papers say. Pure.

State law decides who acts for a child in care, and 45 CFR 164.502(g)(3) follows it: what is not on paper is asked about.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

CONSENTERS = ("foster", "agency", "parents", "court", "ask")
OWERS = ("medicaid", "agency", "parents", "ask")
"""Who pays for care; a foster parent is not among them: who fosters does not owe by it."""
HEARERS = ("agency", "foster", "parents")
PARENTS_RIGHTS = ("ask", "kept", "limited", "ended")
FOSTER = frozenset({"foster parent", "foster mother", "foster father", "foster carer", "kinship carer"})
WORKERS = frozenset({"case worker", "caseworker", "social worker", "agency", "agency worker"})
BIRTH_PARENTS = frozenset({"mother", "father", "parent"})
REPRESENTATIVE = "45 CFR 164.502(g)(3)"

Part = Literal["foster", "agency", "parents", "former", "other"]
PART_WORDS = {
    "foster": "the foster parent",
    "agency": "the agency",
    "parents": "the parents",
    "court": "the court",
    "ask": "nobody is named yet: ask the agency",
}
OWER_WORDS = {"medicaid": "Medicaid", "agency": "the agency", "parents": "the parents, by court order"}


class CareAnswer(NamedTuple):
    """Whether a person may, why, and where that is written."""

    word: Literal["yes", "limits", "no", "ask"]
    why: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class InCare:
    """What the agency's papers say of a child in its care."""

    agency: str
    from_on: date
    agency_phone: str = ""
    until_on: date | None = None
    worker: str = ""
    worker_phone: str = ""
    worker_until_on: date | None = None
    foster: str = ""
    """The foster parent with whom the child is placed now; empty: a home, or not said."""
    routine: str = "ask"
    more: str = "ask"
    owes: str = "ask"
    hear: tuple[str, ...] = ()
    parents_rights: str = "ask"
    ordered_on: date | None = None
    paper: str = ""

    def stands(self, today: date) -> bool:
        """Return whether the child is in care on a day; the last day is one of its days."""
        return self.from_on <= today and (self.until_on is None or today <= self.until_on)

    def caller(self, today: date) -> str:
        """Return whom to ask, with the phone: the caseworker while that one's time lasts, else the agency."""
        if self.worker and (self.worker_until_on is None or today <= self.worker_until_on):
            return f"{self.worker}, {self.worker_phone or self.agency_phone}".rstrip(", ")
        return f"{self.agency}, {self.agency_phone}".rstrip(", ")


def part_of(name: str, relationship: str, held: InCare) -> Part:
    """Return what a person is to a child in care; a foster parent with whom it is not placed now is a former one."""
    relation, called = relationship.strip().casefold(), name.strip().casefold()
    if held.foster and called == held.foster.strip().casefold():
        return "foster"
    if relation in WORKERS or (held.worker and called == held.worker.strip().casefold()):
        return "agency"
    if relation in FOSTER:
        return "former"
    return "parents" if relation in BIRTH_PARENTS else "other"


def paper_holds(from_on: date, name: str, relationship: str, held: InCare) -> bool:
    """Return whether what is recorded of a person since a day holds beside the agency's papers."""
    part = part_of(name, relationship, held)
    if (part == "parents" and held.parents_rights == "ended") or (part == "former" and held.foster):
        return False
    return from_on >= held.from_on


def may_in_care(act: str, name: str, relationship: str, held: InCare, today: date) -> CareAnswer:
    """Return whether a person may bring, hear, sign or owe for a child in care, where no paper of their own says so."""
    part = part_of(name, relationship, held)
    if act == "owe":
        return _owes(part, name, held, today)
    if part == "former":
        where = f"The child is placed with {held.foster} now." if held.foster else "No placement is on file."
        return CareAnswer(
            "no" if held.foster else "ask", f"{where} Ask {held.caller(today)}.", REPRESENTATIVE
        )
    if part == "parents" and held.parents_rights == "ended":
        return CareAnswer("no", f"In care of {held.agency}: the parents' rights have ended.{_order(held)}")
    if act == "hear":
        return _hears(part, name, held, today)
    return _consents(act, part, name, held, today)


def _consents(act: str, part: Part, name: str, held: InCare, today: date) -> CareAnswer:
    """Return whether somebody brings, consents and signs: to everything, to routine care, or not."""
    more = PART_WORDS[held.more]
    if part == held.more:
        return CareAnswer(
            "yes", f"In care of {held.agency}: {more} may consent.{_order(held)}", REPRESENTATIVE
        )
    if part == held.routine:
        why = f"Routine care alone. For more, {more if held.more == 'ask' else f'ask {more}'}: {held.caller(today)}."
        return CareAnswer("limits", why + _order(held), REPRESENTATIVE)
    asks = f"Ask {held.caller(today)} before care that can wait."
    if act == "bring" and part in ("foster", "agency"):
        return CareAnswer(
            "limits", f"{name} may bring the child and does not consent. {asks}", REPRESENTATIVE
        )
    return CareAnswer("ask", f"In care of {held.agency}: {name} does not consent. {asks}", REPRESENTATIVE)


def _hears(part: Part, name: str, held: InCare, today: date) -> CareAnswer:
    if part in held.hear:
        return CareAnswer("yes", f"In care of {held.agency}, which lets {name} be told.", REPRESENTATIVE)
    why = f"In care of {held.agency}: {name} is not among those who are told. Ask {held.caller(today)}."
    return CareAnswer("no", why, REPRESENTATIVE)


def _owes(part: Part, name: str, held: InCare, today: date) -> CareAnswer:
    pays = OWER_WORDS.get(held.owes, "")
    bill = f"Bill {pays}." if pays else f"Ask who pays: {held.caller(today)}."
    if part in ("foster", "former"):
        return CareAnswer("no", f"{name} does not owe by fostering. {bill}")
    if part == "agency":
        return CareAnswer("no", f"{name} works for the agency and owes nothing. {bill}")
    if part == "parents" and held.owes == "parents":
        return CareAnswer("yes", f"So the agency's papers say.{_order(held)}")
    return CareAnswer("ask", f"In care of {held.agency}. {bill}")


def lines_of(held: InCare, today: date, *, foster_owes: bool = False) -> list[tuple[str, str]]:
    """Return what is read out of a child in care: tone and words, the first of them for the banner.

    `foster_owes`: the front sheet names the foster parent as the one who owes.
    """
    placed = f"; placed with {held.foster}" if held.foster else ""
    found = [("attention", f"In care of {held.agency}{placed}")]
    found.append(("attention", f"{_who_consents(held)} Ask {held.caller(today)}."))
    if held.worker and held.worker_until_on and held.worker_until_on < today:
        since = f"{held.worker_until_on:%B %-d, %Y}"
        found.append(
            ("attention", f"{held.worker} was the caseworker until {since}: ask the agency who is now.")
        )
    if held.parents_rights == "ended":
        found.append(("stop", "The parents' rights have ended: tell them nothing but that we called."))
    elif "parents" not in held.hear:
        found.append(("attention", "The parents are told nothing before the agency is asked."))
    found += bill_of(held, foster_owes=foster_owes)
    if held.ordered_on is None:
        found.append(("attention", "No court order is on file: ask the agency for it."))
    return found


def bill_of(held: InCare, *, foster_owes: bool = False) -> list[tuple[str, str]]:
    """Return what is read out where money is taken: who is billed, and what the front sheet says wrongly."""
    pays = OWER_WORDS.get(held.owes)
    bill = (
        f"Bill {pays}, never the foster parent."
        if pays
        else "Who pays is not known: ask the agency. Not the foster parent."
    )
    found = [("stop" if foster_owes else "neutral", bill)]
    if foster_owes:
        found.append(("stop", "The front sheet names the foster parent as the one who owes: mend it."))
    return found


def _who_consents(held: InCare) -> str:
    if held.routine == "ask" and held.more == "ask":
        return "Who consents to care is not on file."
    if held.routine == held.more:
        return f"{PART_WORDS[held.more].capitalize()} may consent to care."
    routine = PART_WORDS[held.routine] if held.routine != "ask" else "nobody is named yet"
    more = PART_WORDS[held.more] if held.more != "ask" else "nobody is named yet"
    return f"Routine care: {routine}. More than routine: {more}."


def _order(held: InCare) -> str:
    return f" Court order of {held.ordered_on:%B %-d, %Y}." if held.ordered_on else ""
