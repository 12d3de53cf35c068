"""A file taken back: all of it while nobody has gone on with what it brought, or nothing, with the reason in words."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.jobs import later
from daysheet.kernel.live import announce
from daysheet.movein.commands.keeping_in_step import _keep_in_step, _say_anew
from daysheet.movein.models import OldFile, OldRow
from daysheet.movein.taking import ALSO, UNDOERS


class CannotUndo(Refusal):
    """The office went on with what a file brought, or there is nothing to take back."""


@command(needs=Can.IMPORT_DATA)
def begin_undo(by: Actor, /, *, file_id: UUID, version: int, here: bool = False) -> OldFile:
    """Begin to take a file back; `here` means that the caller does it itself. Raises CannotUndo and StaleForm."""
    file = OldFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None or file.state != OldFile.State.DONE:
        raise CannotUndo(_("Only a file that was taken in to its end can be taken back."))
    if file.version != version:
        raise StaleForm(_("This file changed meanwhile. Look at it again, then decide."))
    file.state, file.trouble = OldFile.State.UNDOING, ""
    file.version += 1
    with refusing(old_file_runs_alone=CannotUndo(_("Another file is being taken in. Wait for its end."))):
        file.save(update_fields=["state", "trouble", "version"])
    record(by, "movein.undo.begun", file)
    if not here:
        later("movein.undo", practice_id=by.practice_id, file_id=file.pk)
    announce(by.practice_id, "movein", str(file.pk))
    return file


@command(needs=Can.IMPORT_DATA)
def take_back(by: Actor, /, *, file_id: UUID) -> OldFile:
    """Take back all that a file brought, in one piece. Raises a Refusal that says what stands in the way."""
    file = OldFile.objects.select_for_update().get(pk=file_id)
    if file.state != OldFile.State.UNDOING:
        raise CannotUndo(_("Nobody asked to take this file back."))
    held = OldRow.objects.filter(file=file, outcome__in=("taken", "joined", *ALSO.get(file.kind, ())))
    rows = list(held.order_by("-row", "-id"))
    moved = UNDOERS[file.kind](by, rows) or {}
    OldRow.objects.filter(pk__in=[row.pk for row in rows]).update(outcome=OldRow.Outcome.UNDONE)
    earlier = [row.before["row"] for row in rows if row.before.get("row")]
    _say_anew(by, [(pk, mark, None) for pk, mark in earlier])  # an earlier file's row says again what it said
    _keep_in_step(by, [(patient_id, *versions) for patient_id, versions in moved.items()])
    file.state, file.undone_at, file.undone_by = OldFile.State.UNDONE, by.now, by.name
    file.version += 1
    file.save(update_fields=["state", "undone_at", "undone_by", "version"])
    record(by, "movein.file.taken-back", file, rows=len(rows))
    announce(by.practice_id, "movein", str(file.pk))
    return file


@command(needs=Can.IMPORT_DATA)
def give_up_undo(by: Actor, /, *, file_id: UUID, why: str) -> OldFile:
    """Leave a file as it was taken in, and keep in words why it could not be taken back."""
    file = OldFile.objects.select_for_update().get(pk=file_id)
    if file.state != OldFile.State.UNDOING:
        raise CannotUndo(_("Nobody asked to take this file back."))
    file.state, file.trouble = OldFile.State.DONE, why
    file.version += 1
    file.save(update_fields=["state", "trouble", "version"])
    record(by, "movein.undo.given-up", file)
    announce(by.practice_id, "movein", str(file.pk))
    return file
