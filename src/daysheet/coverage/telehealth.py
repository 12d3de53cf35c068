"""What each payer wants on the claim of a visit by video or phone: as the office has written it down, else as shipped."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from daysheet.coverage import queries
from daysheet.coverage.models import Payer
from daysheet.coverage.rules.telehealth import Wanted, shipped
from daysheet.coverage.telehealth_rule import TelehealthRule

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a payer wants of one way of visit, and whether the office has written that down itself."""

    wanted: Wanted
    is_own: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A payer with what it wants of each way of visit."""

    payer: Payer
    cells: dict[str, Cell]


def table() -> list[Row]:
    """Return every payer with what it wants: a constant number of statements."""
    own = {(row.payer_id, row.mode): _as_wanted(row) for row in TelehealthRule.objects.all()}
    return [
        Row(
            payer,
            {
                mode: Cell(
                    own.get((payer.pk, mode)) or shipped(mode, payer.filing_code), (payer.pk, mode) in own
                )
                for mode in TelehealthRule.Mode.values
            },
        )
        for payer in queries.payers()
    ]


def rule(payer_id: UUID, mode: str) -> TelehealthRule | None:
    """Return what the office has written down itself, if anything."""
    return TelehealthRule.objects.filter(payer_id=payer_id, mode=mode).first()


def wanted(payer_id: UUID | None, filing_code: str, mode: str) -> Wanted:
    """Return what a payer wants: one statement where there is a payer, else none."""
    own = TelehealthRule.objects.filter(payer_id=payer_id, mode=mode).first() if payer_id else None
    return _as_wanted(own) if own else shipped(mode, filing_code)


def wanted_by(asked: Mapping[Key, tuple[Payer, str]]) -> dict[Key, Wanted]:
    """Return what some payers want, by key: one statement, or none where nobody asks."""
    if not asked:
        return {}
    rows = TelehealthRule.objects.filter(payer_id__in={payer.pk for payer, _mode in asked.values()})
    own = {(row.payer_id, row.mode): _as_wanted(row) for row in rows}
    return {
        key: own.get((payer.pk, mode)) or shipped(mode, payer.filing_code)
        for key, (payer, mode) in asked.items()
    }


def _as_wanted(own: TelehealthRule) -> Wanted:
    return Wanted(own.at_home, own.elsewhere, own.modifier, own.source)
