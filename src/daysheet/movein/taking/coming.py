"""A turn of some rows, what came of each, and the words of the old system found again here."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.movein.models import OldFile, OldRow
from daysheet.movein.rules.alike import Twin
from daysheet.movein.rules.judging import Judged
from daysheet.patients.many import by_number
from daysheet.patients.rules import tidy
from daysheet.patients.rules.alerts import LONGEST
from daysheet.practice import queries as practice
from daysheet.practice.models import Location, Provider
from daysheet.schedule.models import AppointmentType

Why = list[list[str]]
Moved = Mapping[UUID, tuple[int, int]]
"""Charts that an undo changed, each with its version before and after."""
T = TypeVar("T")
ANY = "*"
"""What a map says for a word that nothing here bears."""


@dataclass(slots=True)
class Came:
    """What came of a row."""

    row: int
    key: str
    outcome: str
    mark: str = ""
    kind: str = ""
    subject_kind: str = ""
    subject_id: UUID | None = None
    version: int = 0
    stood: int = 0
    """The version of the patient's chart before the row changed it; 0 where it did not."""
    patient_id: UUID | None = None
    amount: Decimal | None = None
    why: Why = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    """What its undo needs to know."""
    counts: bool = True
    """Whether it stands for its row; a second entry of one row does not."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Some rows on their way in: who takes them, of which file, on which day, and what is known of them."""

    by: Actor
    file: OldFile
    today: date
    known: Mapping[str, OldRow]
    """The rows that were taken before, by their keys."""
    twins: Mapping[int, Twin]

    def each(self, rows: Sequence[Judged], take: Callable[[Judged], Came]) -> list[Came]:
        """Return what came of rows that are taken one by one; a refusal keeps its own row out, and no other."""
        return [self._one(judged, take) for judged in rows]

    def sorted_out(
        self, rows: Sequence[Judged], make: Callable[[Judged], "Came | T"]
    ) -> "tuple[list[Came], list[tuple[Judged, T]]]":
        """Return what is settled of some rows at once, and the others with what `make` made of them.

        `make` writes nothing beside what the whole file shares, and that in a piece of its own.
        """
        settled: list[Came] = []
        others: list[tuple[Judged, T]] = []
        for judged in rows:
            before = self.known.get(judged.key)
            if not judged.is_good:
                settled.append(bad(judged))
            elif before is not None and before.mark == judged.mark():
                settled.append(Came(judged.number, judged.key, "known"))
            else:
                try:
                    made = make(judged)
                except Refusal as no:
                    settled.append(refused(judged, no))
                    continue
                if isinstance(made, Came):
                    settled.append(self.told(judged, made))
                else:
                    others.append((judged, made))
        return settled, others

    @staticmethod
    def told(judged: Judged, came: Came) -> Came:
        """Return what came of a row with its print, and with what could not be understood of it."""
        came.mark = judged.mark()
        if came.outcome in {"taken", "updated", "joined"}:
            came.why += [flaw.told() for flaw in judged.lost]
        return came

    def patients(self, rows: Sequence[Judged]) -> Mapping[str, UUID]:
        """Return the patients of some rows by their numbers in the old system."""
        return by_number(self.file.system, {str(row.says.get("patient_key", "")) for row in rows})

    def _one(self, judged: Judged, take: Callable[[Judged], Came]) -> Came:
        if not judged.is_good:
            return bad(judged)
        before = self.known.get(judged.key)
        if before is not None and before.mark == judged.mark():
            return Came(judged.number, judged.key, "known")
        try:
            with transaction.atomic():
                came = take(judged)
        except Refusal as no:
            return refused(judged, no)
        return self.told(judged, came)


def bad(judged: Judged, why: Why | None = None) -> Came:
    """Return that a row was not taken, and why."""
    return Came(judged.number, judged.key, "bad", why=why or [flaw.told() for flaw in judged.flaws])


def refused(judged: Judged, no: Refusal) -> Came:
    """Return that a row was not taken, in the words of the room that refused it."""
    return bad(judged, [["", "refused", str(no)[:300]]])


def alert_of(judged: Judged) -> str:
    """Return the alert of a row as this office reads it out; empty where there is none, or one too long for that."""
    words = tidy(judged.says.get("alert", ""))
    return words if len(words) <= LONGEST else ""


def otherwise(turn: Turn, judged: Judged) -> Came | None:
    """Return that a row waits for a person because the old system says now what it did not say when it was taken."""
    if judged.key not in turn.known:
        return None
    return Came(judged.number, judged.key, "held", why=[["", "changed_there", ""]])


def left(judged: Judged, code: str) -> Came:
    """Return that a row was left out on purpose."""
    return Came(judged.number, judged.key, "left", why=[["", code, ""]])


class Unfound(Refusal):
    """A word of the old system that nothing here bears; its flaw says which."""


@dataclass(slots=True)
class Words:
    """Clinicians, locations and visit types here, by what a file may call them."""

    providers: dict[str, Provider]
    locations: dict[str, Location]
    types: dict[str, AppointmentType]
    main: Location | None

    @classmethod
    def now(cls) -> "Words":
        """Return what is here now."""
        called: dict[str, set[Provider]] = {}
        for one in practice.providers():
            names = (
                one.npi, f"{one.given} {one.family}", f"{one.family} {one.given}", one.family, f"dr {one.family}",
                f"{one.given} {one.family} {one.credential}", f"dr {one.given} {one.family}",
                f"{one.family} {one.given} {one.credential}",
            )  # fmt: skip
            for name in filter(None, map(flat, names)):
                called.setdefault(name, set()).add(one)
        providers = {
            name: one for name, (one, *others) in called.items() if not others
        }  # two of them: who is meant?
        locations = {flat(one.name): one for one in practice.locations()}
        types = {
            flat(one.name): one for one in AppointmentType.objects.filter(is_active=True).order_by("rank")
        }
        return cls(providers, locations, types, practice.main_location())


def flat(text: str) -> str:
    """Return a name without case and signs: "Lee, Anna MD" is "lee anna md"."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def as_they_came(rows: Sequence[OldRow], model: type[Any], changed: str) -> Iterator[Any]:
    """Yield what some rows had made and is still there, in their order; one that was changed since refuses them all."""
    held = model.objects.in_bulk([row.subject_id for row in rows if row.subject_id])
    for row in rows:
        found = held.get(row.subject_id)
        if found is None:
            continue
        if found.version != row.subject_version:
            raise Refusal(changed)
        yield found
