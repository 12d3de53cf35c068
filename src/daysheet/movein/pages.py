"""What the pages of moving in share: a file found, and the form of what is still to be decided."""

from collections.abc import Mapping
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


def facts(file: OldFile, decide: DecideForm | None = None, page: int = 1) -> dict[str, Any]:
    """Return what the page of a file shows; `page` of those who may have a chart already."""
    told = showing.around(file, page) | {"decide": None}
    if file.state == OldFile.State.CHECKED and (file.found.get("twins") or file.found.get("strange")):
        told["decide"] = decide or DecideForm(file=file, ours=showing.ours(file))
    return told


def page_asked(said: Mapping[str, str]) -> int:
    """Return the page of those who may have a chart already that was asked for; the first when none was."""
    words = said.get("page", "")
    return max(1, int(words)) if words.isascii() and words.isdigit() and len(words) < 5 else 1
