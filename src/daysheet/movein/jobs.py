"""The room's work for later: files taken in and taken back."""

from uuid import UUID

from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.jobs import job
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.movein import commands, driving
from daysheet.movein.models import OldFile


@job("movein.look")
def look(*, practice_id: str, file_id: str) -> None:
    """Look a large file through."""
    try:
        commands.look_through(_by(practice_id, file_id), file_id=UUID(file_id))
    except Refusal:
        return  # it was dropped or taken in meanwhile


@job("movein.run")
def run(*, practice_id: str, file_id: str) -> None:
    """Take in what is left of a file."""
    driving.run(_by(practice_id, file_id), UUID(file_id))


@job("movein.undo")
def undo(*, practice_id: str, file_id: str) -> None:
    """Take a file back, or say why not."""
    by = _by(practice_id, file_id)
    try:
        driving.undo(by, UUID(file_id))
    except commands.CannotUndo:
        return  # done by an earlier try


def _by(practice_id: str, file_id: str) -> Actor:
    """Return the software, acting for the person who asked."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    with acting_in(practice.pk), transaction.atomic():
        name = OldFile.objects.values_list("run_by", flat=True).get(pk=UUID(file_id))
    return Actor.system(practice_id=practice.pk, now=practice.now(), name=name or "Daysheet")
