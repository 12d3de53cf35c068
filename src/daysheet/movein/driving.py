"""A file driven through: batch after batch, from where it stands; the same for the worker and the command line."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.tenancy import acting_in
from daysheet.movein import commands, looking
from daysheet.movein.models import OldFile
from daysheet.movein.opening import bytes_of, judge_of, judged_rows, sheet_of, twins_in
from daysheet.movein.rules.judging import Judged
from daysheet.movein.rules.sheets import TOLD_AFTER, read_sheet

AT_ONCE = {"patients": 500, "coverages": 500, "balances": 500, "appointments": 500}
SMALL = 100
AWAY = (OperationalError, InterfaceError)
"""The database, and not the file: the same is tried again."""
log = logging.getLogger(__name__)
Tell = Callable[[int, int], None]


def look(by: Actor, file_id: UUID) -> OldFile:
    """Look a large file through, telling how far it has come: half of the way is reading it, half understanding it.

    Nothing of it is locked meanwhile. Raises FileIsUnknown or StaleForm where somebody stopped it or went on with it.
    """
    with acting_in(by.practice_id), transaction.atomic():
        file = OldFile.objects.get(pk=file_id)
        content, today = bytes_of(file), looking.today(by)
    if file.state != OldFile.State.CHECKING:
        raise commands.FileIsUnknown("")

    def tell(rows: int) -> None:
        commands.note_look(by, file_id=file_id, version=file.version, rows=min(rows // 2, file.rows))

    sheet = read_sheet(content, tell=tell)
    judge = judge_of(file, sheet, today=today)
    rows: list[Judged] = []
    for first in range(0, len(sheet.rows), TOLD_AFTER):
        rows += judge.rows(sheet.rows[first : first + TOLD_AFTER])
        tell(len(sheet.rows) + len(rows))
    with acting_in(by.practice_id), transaction.atomic():
        found = looking.found_in(file, today=today, now=by.now, rows=rows)
    return commands.end_look(by, file_id=file_id, version=file.version, found=found)


def run(by: Actor, file_id: UUID, *, tell: Tell = lambda done, of: None) -> OldFile:
    """Take in what is left of a file that was begun; who comes second to the same rows leaves them.

    Rows that break are halved until the one that does is found: it stays out, and all others come.
    """
    with acting_in(by.practice_id), transaction.atomic():
        file = OldFile.objects.get(pk=file_id)
        rows = judged_rows(file, sheet_of(file), today=looking.today(by))
        twins = twins_in(file, rows)
    most = step = AT_ONCE.get(file.kind, SMALL)
    while file.state == OldFile.State.RUNNING and file.next_row < len(rows):
        first = file.next_row
        batch = rows[first : first + step]
        try:
            file = commands.take_batch(by, file_id=file_id, first=first, rows=batch, twins=twins)
            step = min(most, step * 2)
        except commands.NotItsTurn:
            break
        except AWAY:
            raise
        except Exception as no:  # whatever it is, it is in one of these rows, and not in the others
            if step > 1:
                step = max(1, len(batch) // 2)
                continue
            log.error("row %s of a file broke: %s", batch[0].number, type(no).__name__)
            words = str(no) if isinstance(no, Refusal) else ""
            try:
                file = commands.leave_row(by, file_id=file_id, first=first, row=batch[0], why=words)
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
