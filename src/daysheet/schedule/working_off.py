"""The same act on many visits of a closing, each in a transaction of its own: one that is refused stops no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.errors import Refusal
from daysheet.schedule import closings, commands
from daysheet.schedule.models import Closing, ClosingRow

AT_ONCE = 60
"""How many one press works on, so that the desk does not wait long for it."""
ACTS: dict[str, Callable[..., ClosingRow]] = {
    "move": commands.move_row,
    "cancel": commands.cancel_row,
    "leave": commands.leave_row,
    "tell": commands.tell_row,
}


@dataclass(slots=True)
class Outcome:
    """What came of an act on many."""

    done: int = 0
    refused: list[str] = field(default_factory=list)


def work_off(by: Actor, act: str, rows: Sequence[tuple[UUID, int]]) -> Outcome:
    """Do one act to each visit in the version that the page showed; why one is refused is kept on its row."""
    came = Outcome()
    for row_id, version in rows[:AT_ONCE]:
        try:
            ACTS[act](by, row_id=row_id, version=version)
        except Refusal as no:
            came.refused.append(no.sentence)
            _note(by, row_id, no.sentence)
        else:
            came.done += 1
    return came


def take_all_back(by: Actor, closing: Closing) -> Outcome:
    """Let every visit stand as before and open the span again; a visit whose time is gone stays where it is."""
    if closing.provider_id is None:
        by.must(Can.MANAGE_OFFICE)  # asked first: no visit is touched by who may not open the door again
    came = Outcome()
    for row in (
        ClosingRow.objects.filter(closing=closing).select_related("appointment", "envelope").order_by("pk")
    ):
        if row.state not in ("moved", "cancelled") or closings.state_of(row) != row.state:
            continue
        try:
            commands.undo_row(by, row_id=row.pk)
        except Refusal as no:
            came.refused.append(no.sentence)
        else:
            came.done += 1
    commands.take_closing_back(by, closing_id=closing.pk)
    return came


def _note(by: Actor, row_id: UUID, sentence: str) -> None:
    try:
        commands.note_refusal(by, row_id=row_id, sentence=sentence)
    except Refusal:
        return
