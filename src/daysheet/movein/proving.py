"""The proof of a file: every row accounted for, and the money in the book against the money in the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet, Sum

from daysheet.kernel.models import PracticeRow
from daysheet.kernel.money import ZERO
from daysheet.ledger.models import LedgerLine
from daysheet.movein.models import OldFile, OldRow
from daysheet.patients.models import Patient, PatientAlert
from daysheet.schedule.models import Recall

FATES = ("taken", "updated", "joined", "known", "held", "left", "bad")
DUE = ("patient", "unapplied", "insurance")
SHOWN = 50
COUNTED: Mapping[str, tuple[str, type[PracticeRow]]] = {
    "patients": ("patients.patient", Patient),
    "recalls": ("schedule.recall", Recall),
    "alerts": ("patients.patientalert", PatientAlert),
}
"""What a row of a kind stands for in the house, to be counted there."""


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """A patient whose balance in the book is not what the file said."""

    patient: Patient
    file: Decimal
    book: Decimal


@dataclass(frozen=True, slots=True)
class FileProof:
    """What was read against what came of it."""

    rows: int
    """How many rows the file has."""
    read: int
    fates: Sequence[tuple[str, int]]
    here: int
    """How many of the taken rows stand in the house, counted there."""
    taken: int
    told: Decimal
    """The money that the file tells of."""
    brought: Decimal
    """What of it was brought forward, as the run noted."""
    book: Decimal
    """What of it stands in the book, counted there."""
    off: Sequence[MoneyLine]
    accounts: int

    @property
    def is_right(self) -> bool:
        """Return whether every row is accounted for and the book holds every cent that was brought."""
        rows = self.rows == self.read == sum(count for _, count in self.fates)
        return rows and self.here == self.taken and self.book == self.brought and not self.off

    @property
    def left_behind(self) -> Decimal:
        """Return the money of the rows that were not taken."""
        return self.told - self.brought


def proof_of(file: OldFile) -> FileProof:
    """Return the proof of a file that was taken in; counted in the house and not in the run's own notes."""
    figures = file.figures
    rows = OldRow.objects.filter(file=file, outcome=OldRow.Outcome.TAKEN)
    counted = rows.filter(~Q(key__endswith=" (plan)")) if file.kind == "balances" else rows
    here = counted.count()
    if file.kind in COUNTED:
        subject_kind, model = COUNTED[file.kind]
        there = rows.filter(subject_kind=subject_kind)
        here += model.objects.filter(pk__one_of=_subjects(there)).count() - there.count()
    told, brought = Decimal(figures.get("told", "0")), Decimal(figures.get("brought", "0"))
    off: list[MoneyLine] = []
    book = brought if file.kind != "balances" else ZERO
    accounts = 0
    if file.kind == "balances":
        said: dict[UUID | None, Decimal] = dict(
            rows.filter(patient_id__isnull=False)
            .values("patient_id")
            .annotate(total=Sum("amount"))
            .values_list("patient_id", "total")
        )
        held: dict[UUID | None, Decimal] = dict(
            LedgerLine.objects.filter(entry_id__one_of=_subjects(rows), account__in=DUE)
            .values("patient_id")
            .annotate(total=Sum("amount"))
            .values_list("patient_id", "total")
        )
        accounts, book = len(held), sum(held.values(), ZERO)
        wrong = [one for one in {*said, *held} if said.get(one, ZERO) != held.get(one, ZERO)]
        people = Patient.objects.in_bulk(wrong[:SHOWN])
        off = [MoneyLine(who, said.get(pk, ZERO), held.get(pk, ZERO)) for pk, who in people.items()]
    fates = [(name, int(figures.get(name, 0))) for name in FATES]
    read, taken = int(figures.get("read", 0)), int(figures.get("taken", 0))
    return FileProof(file.rows, read, fates, here, taken, told, brought, book, off, accounts)


def _subjects(rows: QuerySet[OldRow]) -> ArraySubquery:
    """Return what the rows stand for as one array, so that each is looked up by its key.

    As a subquery the database joins it, and of rows that were written this minute it guesses one: it then reads all
    of one side for each of the other.
    """
    return ArraySubquery(rows.values("subject_id"))
