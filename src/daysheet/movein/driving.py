"""A file driven through: batch after batch, from where it stands; the same for the worker and the command line."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.tenancy import acting_in
from daysheet.movein import commands, looking
from daysheet.movein.models import OldFile
from daysheet.movein.opening import judged_rows, sheet_of, twins_in

AT_ONCE = {"patients": 500, "coverages": 500, "balances": 500, "appointments": 500}
SMALL = 100
Tell = Callable[[int, int], None]


def run(by: Actor, file_id: UUID, *, tell: Tell = lambda done, of: None) -> OldFile:
    """Take in what is left of a file that was begun; who comes second to the same rows leaves them."""
    with acting_in(by.practice_id), transaction.atomic():
        file = OldFile.objects.get(pk=file_id)
        rows = judged_rows(file, sheet_of(file), today=looking.today(by))
        twins = twins_in(file, rows)
    step = AT_ONCE.get(file.kind, SMALL)
    while file.state == OldFile.State.RUNNING and file.next_row < len(rows):
        first = file.next_row
        batch = rows[first : first + step]
        try:
            file = commands.take_batch(by, file_id=file_id, first=first, rows=batch, twins=twins)
        except commands.NotItsTurn:
            break
        tell(file.next_row, len(rows))
    return file


def undo(by: Actor, file_id: UUID) -> OldFile:
    """Take a file back, or keep in words why not."""
    try:
        return commands.take_back(by, file_id=file_id)
    except commands.CannotUndo:
        raise
    except Refusal as no:
        return commands.give_up_undo(by, file_id=file_id, why=str(no))
