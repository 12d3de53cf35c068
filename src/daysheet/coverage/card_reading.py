"""An insurance card beside what is on file: its words read when somebody looks, proposed field by field, kept nowhere."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from daysheet.coverage import library, queries
from daysheet.coverage.models import Coverage, InsurancePlan
from daysheet.coverage.rules import card_text
from daysheet.coverage.rules.card_text import CardText, PlanNames, Said
from daysheet.documents import printed_words
from daysheet.documents import queries as documents
from daysheet.documents.models import Document
from daysheet.patients.cards import as_written
from daysheet.patients.models import Patient
from daysheet.ui.words import born

KINDS = ("card_front", "card_back")
FIELD_WORDS = {
    "plan": noop("Plan"),
    "member_id": noop("Member id"),
    "group_number": noop("Group number"),
    "name": noop("Whose card it is"),
    "starts_on": noop("First day"),
}
COPAY_WORDS = {
    "office": noop("Office visit"),
    "specialist": noop("Specialist"),
    "urgent": noop("Urgent care"),
    "emergency": noop("Emergency room"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One field: what the card says, in which line, and what is on file."""

    field: str
    said: str
    held: str
    line: str
    is_same: bool
    new: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """What would be written when a person takes it over; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What the card says besides, to be looked at and never written."""

    what: str
    says: str
    line: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A card beside a coverage, or beside nothing yet."""

    papers: Sequence[Document]
    held: Coverage | None
    rows: Sequence[Row] = ()
    hints: Sequence[Hint] = ()
    is_there: bool = True
    """This machine has the program that reads printed words."""
    is_another: bool = False
    """The name on the card is not the one on file."""

    @property
    def differing(self) -> list[Row]:
        """Return what could be taken over."""
        return [one for one in self.rows if one.new and not one.is_same]


def can_read() -> bool:
    """Return whether this machine has the program that reads cards."""
    return bool(printed_words.program())


def sides_of(patient_id: UUID, document_id: UUID) -> list[Document]:
    """Return a card of this very patient that counts, with the newest other side about the same thing; with bytes."""
    paper = documents.papers_with_bytes([document_id]).filter(patient_id=patient_id, kind__in=KINDS).first()
    if paper is None:
        return []
    newest = documents.newest_of_subject(patient_id, KINDS, paper.subject_id)
    other = next((one.pk for one in newest if one.kind != paper.kind), None)
    found = [paper, *(documents.papers_with_bytes([other]) if other else ())]
    return sorted(found, key=lambda one: KINDS.index(one.kind))


def coverage_of(papers: Sequence[Document], patient_id: UUID, today: date) -> Coverage | None:
    """Return the coverage that a card was filed for, else the first that holds today."""
    about = {one.subject_id for one in papers}
    rows = list(queries.coverages(patient_id))
    now = [one for one in rows if one.starts_on <= today and (one.ends_on is None or one.ends_on > today)]
    return next((one for one in rows if one.pk in about), now[0] if now else None)


def beside(papers: Sequence[Document], patient: Patient, held: Coverage | None) -> Beside:
    """Return what the words of a card say beside what is on file."""
    if not can_read():
        return Beside(papers, held, is_there=False)
    text = "\n".join(printed_words.words_in(bytes(one.content), one.media_type) for one in papers)
    return compared(card_text.read(text), papers, patient, held)


def compared(card: CardText, papers: Sequence[Document], patient: Patient, held: Coverage | None) -> Beside:
    """Return the words of a card, read already, beside what is on file."""
    plans = {str(one.pk): one for one in queries.plans()}
    names = [PlanNames(key, one.name, one.payer.name, one.payer.payer_id) for key, one in plans.items()]
    meant = [(plans[one.key], line) for one, line in card_text.plans_on(card, names)]
    name = _name_row(card, patient, held)
    rows = [
        _plan_row(meant, held),
        _number_row("member_id", card.member_id, held),
        _number_row("group_number", card.group_number, held),
        name,
        _day_row(card.starts_on, held),
    ]
    return Beside(
        papers,
        held,
        [one for one in rows if one is not None],
        [*_payer_hints(card, names, meant, held), *_copay_hints(card, held)],
        is_another=name is not None and not name.is_same,
    )


def first_values(found: Beside) -> dict[str, Any]:
    """Return what a card says as the first values of the form of a new coverage; a person looks and sends it."""
    first: dict[str, Any] = {}
    for one in found.rows:
        new = dict(one.new)
        if plan_id := new.pop("plan_id", None):
            plan = library.plan(plan_id)
            new["plan"] = library.words(plan) if plan else ""
        first |= new
    if found.is_another:
        first["relationship"] = ""
    return first


def _plan_row(meant: Sequence[tuple[InsurancePlan, str]], held: Coverage | None) -> Row | None:
    own = next(((plan, line) for plan, line in meant if held and plan.pk == held.plan_id), None)
    if own is None and len(meant) != 1:
        return None
    plan, line = own or meant[0]
    words = library.words(held.plan) if held else ""
    return Row("plan", library.words(plan), words, line, own is not None, {"plan_id": plan.pk})


def _number_row(name: str, said: Said | None, held: Coverage | None) -> Row | None:
    if said is None:
        return None
    own = str(getattr(held, name)) if held else ""
    return Row(name, said.value, own, said.line, card_text.same_number(said.value, own), {name: said.value})


def _name_row(card: CardText, patient: Patient, held: Coverage | None) -> Row | None:
    """Return whose card it is; the name of the holder alone can be taken over, and only where it is another's plan."""
    if card.family is None or card.given is None:
        return None
    family, given = as_written(card.family.value), as_written(card.given.value)
    through = held is not None and held.relationship != "self"
    own = (
        (held.subscriber_family, held.subscriber_given)
        if held and through
        else (patient.family, patient.given)
    )
    is_same = _plain(family) == _plain(own[0]) and _plain(given).split()[:1] == _plain(own[1]).split()[:1]
    new = {"subscriber_family": family, "subscriber_given": given}
    is_own = held is None and is_same
    return Row(
        "name", f"{given} {family}", " ".join((own[1], own[0])).strip(), card.family.line, is_same,
        new if (through or held is None) and not is_own else {},
    )  # fmt: skip


def _day_row(said: Said | None, held: Coverage | None) -> Row | None:
    if said is None:
        return None
    day = date.fromisoformat(said.value)
    own = held.starts_on if held else None
    return Row("starts_on", born(day), born(own) if own else "", said.line, day == own, {"starts_on": day})


def _payer_hints(
    card: CardText,
    names: Sequence[PlanNames],
    meant: Sequence[tuple[InsurancePlan, str]],
    held: Coverage | None,
) -> list[Hint]:
    """Return which payer the card names, or which plans, where no single plan of the library is meant."""
    if len(meant) == 1 or any(held and plan.pk == held.plan_id for plan, _line in meant):
        return []
    if meant:
        said = ", ".join(library.words(plan) for plan, _line in meant)
        return [Hint(_("More than one plan fits"), said, meant[0][1])]
    return [Hint(_("Payer"), payer, line) for payer, line in card_text.payers_on(card, names)]


def _copay_hints(card: CardText, held: Coverage | None) -> list[Hint]:
    found = []
    for name, said in card.copays.items():
        says = f"${said.value}"
        if name == "office" and held and held.plan.office_copay is not None:
            says += " " + _("(kept with the plan: $%(sum)s)") % {"sum": held.plan.office_copay}
        found.append(Hint(_("Copay: %(what)s") % {"what": _(COPAY_WORDS[name])}, says, said.line))
    return found


def _plain(name: str) -> str:
    return " ".join("".join(one if one.isalnum() else " " for one in name.casefold()).split())
