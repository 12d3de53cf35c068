"""Who may have a chart already: said for all rows of a file, and of one row otherwise."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.movein.commands.files import NotMapped, _early
from daysheet.movein.models import OldFile


@command(needs=Can.IMPORT_DATA)
def decide_alike(
    by: Actor, /, *, file_id: UUID, version: int, alike: str = "", rows: Mapping[int, str] | None = None
) -> OldFile:
    """Keep what becomes of those who may have a chart already; a row with an empty answer goes by that for all.

    What was said of other rows stays. Raises FileIsUnknown once the file is being taken in, NotMapped, StaleForm.
    """
    file = _early(file_id, version)
    file.alike = alike or file.alike
    file.decided = _decided(file, rows or {})
    if file.alike not in OldFile.Alike.values:
        raise NotMapped(_("Choose what becomes of those who may be here already."), alike=_("Choose one."))
    file.version += 1
    file.save(update_fields=["alike", "decided", "version"])
    record(by, "movein.alike.decided", file, alike=file.alike, rows=len(file.decided))
    return file


def _decided(file: OldFile, rows: Mapping[int, str]) -> dict[str, str]:
    """Return what is said of single rows of a file, these answers among it. Raises NotMapped."""
    if any(answer and answer not in OldFile.Alike.values for answer in rows.values()):
        raise NotMapped(_("Choose what becomes of those who may be here already."))
    told = file.decided | {str(row): answer for row, answer in rows.items()}
    return {row: answer for row, answer in told.items() if answer}
