"""What the pages of moving in share: a file found, and the form of what is still to be decided."""

from typing import Any
from uuid import UUID

from django.http import Http404

from daysheet.movein import queries, showing
from daysheet.movein.forms import DecideForm
from daysheet.movein.models import OldFile

FILE = "movein/file.html"


def found(file_id: UUID) -> OldFile:
    """Return a file, or the page that says there is none."""
    file = queries.file(file_id)
    if file is None:
        raise Http404
    return file


def facts(file: OldFile, decide: DecideForm | None = None) -> dict[str, Any]:
    """Return what the page of a file shows."""
    told = showing.around(file) | {"decide": None}
    if file.state == OldFile.State.CHECKED and (file.found.get("twins") or file.found.get("strange")):
        told["decide"] = decide or DecideForm(file=file, ours=showing.ours())
    return told
