"""How the rows of each kind of file enter the rooms: always by their commands."""

from collections.abc import Callable, Mapping, Sequence

from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking import alerts, balances, coverages, fees, notes, patients, recalls, visits
from daysheet.movein.taking.coming import Came, Moved, Turn, bad

Taker = Callable[[Turn, Sequence[Judged]], list[Came]]
TAKERS: Mapping[str, Taker] = {
    "patients": patients.take,
    "coverages": coverages.take,
    "appointments": visits.take_appointments,
    "recalls": recalls.take,
    "notes": notes.take,
    "alerts": alerts.take,
    "balances": balances.take,
    "fees": fees.take,
}
UNDOERS: Mapping[str, Callable[..., Moved | None]] = {
    "patients": patients.undo,
    "coverages": coverages.undo,
    "appointments": visits.undo_appointments,
    "recalls": recalls.undo,
    "notes": notes.undo,
    "alerts": alerts.undo,
    "balances": balances.undo,
    "fees": fees.undo,
}
"""Each takes the actor and the rows of one kind that were taken, the newest first, or refuses in words.

Returns the charts that it changed on the way.
"""

ALSO: Mapping[str, tuple[str, ...]] = {"fees": ("updated",), "patients": ("updated",)}
"""The kinds of which an update can be taken back too: what it wrote over is kept."""

__all__ = ["ALSO", "TAKERS", "UNDOERS", "Came", "Turn", "bad"]
