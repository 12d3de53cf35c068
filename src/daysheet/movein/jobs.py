"""The room's work for later: files taken in and taken back."""

import logging
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.jobs import job
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.movein import commands, driving
from daysheet.movein.models import OldFile

log = logging.getLogger(__name__)


@job("movein.look")
def look(*, practice_id: str, file_id: str) -> None:
    """Look a large file through, or keep in words why not."""
    by = _by(practice_id, file_id)
    try:
        driving.look(by, UUID(file_id))
    except (OldFile.DoesNotExist, commands.FileIsUnknown, StaleForm):
        return  # it was stopped, dropped, or its columns were told anew meanwhile
    except Exception as no:
        commands.give_up_look(by, file_id=UUID(file_id), why=_("It could not be looked through.") + _why(no))


@job("movein.run")
def run(*, practice_id: str, file_id: str) -> None:
    """Take in what is left of a file, or keep in words why not; where only the database was away, it is tried again."""
    by = _by(practice_id, file_id)
    try:
        driving.run(by, UUID(file_id))
    except driving.AWAY:
        words = _(
            "The database did not answer after %(n)s of %(all)s rows. It goes on by itself in a moment;"
            " should it stand still, let it go on."
        )
        commands.break_off(by, file_id=UUID(file_id), why=words, is_tried_again=True)
        raise
    except Exception as no:
        words = _(
            "It broke off after %(n)s of %(all)s rows. Take it back, or bring it again for the rest."
        ) + _why(no).replace("%", "%%")
        commands.break_off(by, file_id=UUID(file_id), why=words)


@job("movein.undo")
def undo(*, practice_id: str, file_id: str) -> None:
    """Take a file back, or say why not."""
    by = _by(practice_id, file_id)
    try:
        driving.undo(by, UUID(file_id))
    except commands.CannotUndo:
        return  # done by an earlier try
    except Exception as no:
        commands.give_up_undo(
            by, file_id=UUID(file_id), why=_("It could not be taken back: all of it stays.") + _why(no)
        )


def _why(no: Exception) -> str:
    """Return the reason of a failure, for the person who looks after the office where it is no sentence."""
    if isinstance(no, Refusal):
        return f" {no}"
    log.error("a file broke: %s", type(no).__name__)
    return " " + _("If it happens twice, tell who looks after Daysheet: %(kind)s.") % {
        "kind": type(no).__name__
    }


def _by(practice_id: str, file_id: str) -> Actor:
    """Return the software, acting for the person who asked."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    with acting_in(practice.pk), transaction.atomic():
        name = OldFile.objects.values_list("run_by", flat=True).get(pk=UUID(file_id))
    return Actor.system(practice_id=practice.pk, now=practice.now(), name=name or "Daysheet")
