"""A file brought, its columns told, looked through, or dropped again before anything came of it."""

import hashlib
import zlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.jobs import later
from daysheet.kernel.live import announce
from daysheet.kernel.numbers import next_number
from daysheet.movein import looking, maps
from daysheet.movein.models import OldBytes, OldFile
from daysheet.movein.rules.fields import KINDS
from daysheet.movein.rules.guessing import columns_of, kind_of, writes_day_first
from daysheet.movein.rules.judging import rows_as_dicts
from daysheet.movein.rules.sheets import Unreadable, read_sheet
from daysheet.movein.wording import unreadable

EARLY = (OldFile.State.MAPPED, OldFile.State.CHECKING, OldFile.State.CHECKED)
SAMPLES = 3
LONGEST_NAME = 80
AT_ONCE = 3000
"""More rows than this are looked through while the page waits."""


class FileIsUnknown(Refusal):
    """No file of this office has that id."""


class NoTable(Refusal):
    """What was brought is no table that can be read."""


class NotMapped(Refusal):
    """A file cannot be read while what a row cannot be without has no column."""


@command(needs=Can.IMPORT_DATA)
def bring_file(
    by: Actor, /, *, name: str, content: bytes, system: str, kind: str = "", map_name: str = ""
) -> OldFile:
    """Keep a file of the old system, with a first guess of what it is and what its columns tell.

    Raises NoTable. A map that is named, or one whose columns all stand in the file, is taken instead of a guess.
    """
    called = " ".join(system.split())
    if not called or len(called) > LONGEST_NAME:
        sentence = _("Say what the old system is called: its numbers are known by that name.")
        raise NoTable(sentence, system=sentence)
    if kind and kind not in KINDS:
        raise NoTable(_("Choose what the file holds."), kind=_("Choose one of the list."))
    try:
        sheet = read_sheet(content)
    except Unreadable as no:
        raise NoTable(unreadable(no), file=unreadable(no)) from no
    if not sheet.rows:
        sentence = _("The file names columns and holds no row.")
        raise NoTable(sentence, file=sentence)
    known = maps.fitting(sheet.columns, kind=kind, name=map_name)
    if map_name and known is None:
        raise NoTable(_("There is no map called %(name)s for such a file.") % {"name": map_name})
    told = known.kind if known else kind or kind_of(sheet.columns)
    columns = (
        {key: column for key, column in known.columns.items() if column in sheet.columns} if known else {}
    )
    columns = columns or columns_of(KINDS[told], sheet.columns)
    head = rows_as_dicts(sheet, 200)
    file = OldFile.objects.create(
        number=next_number("old file"),
        kind=told,
        system=called,
        name=PurePath(name.replace("\\", "/")).name[:120] or "file",
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        rows=len(sheet.rows),
        columns=sheet.columns,
        samples=[[row.get(column, "")[:60] for row in head[:SAMPLES]] for column in sheet.columns],
        shape=sheet.shape,
        sheet=sheet.name,
        other_sheets=sheet.others,
        mapped=columns,
        meanings=dict(known.meanings) if known else {},
        day_first=known.day_first if known else writes_day_first(KINDS[told], columns, head),
        map_name=known.name if known else "",
        brought_at=by.now,
        brought_by=by.name,
    )
    OldBytes.objects.create(file=file, packed=zlib.compress(content, 6))
    record(by, "movein.file.brought", file, kind=told, rows=file.rows, digest=file.digest)
    return file


@command(needs=Can.IMPORT_DATA)
def set_columns(
    by: Actor,
    /,
    *,
    file_id: UUID,
    version: int,
    columns: Mapping[str, str],
    kind: str = "",
    day_first: bool = False,
    meanings: Mapping[str, Mapping[str, str]] | None = None,
    alike: str = OldFile.Alike.HOLD,
) -> OldFile:
    """Say which column tells what. Raises NotMapped, which names what is missing; StaleForm."""
    file = _early(file_id, version)
    if kind and kind != file.kind:
        if kind not in KINDS:
            raise NotMapped(_("Choose what the file holds."), kind=_("Choose one of the list."))
        file.kind, file.decided, columns = kind, {}, columns_of(KINDS[kind], file.columns)
    fields = KINDS[file.kind].fields
    told = {key: column for key, column in columns.items() if key in fields and column in file.columns}
    twice = {column for column in told.values() if list(told.values()).count(column) > 1}
    if twice:
        sentence = _("A column tells one thing: %(names)s stands twice.") % {
            "names": ", ".join(sorted(twice))
        }
        raise NotMapped(sentence)
    if alike not in OldFile.Alike.values:
        raise NotMapped(_("Choose what becomes of those who may be here already."), alike=_("Choose one."))
    file.mapped, file.day_first, file.alike = told, day_first, alike
    file.meanings = {key: dict(one) for key, one in (meanings or {}).items() if key in fields and one}
    file.state, file.found, file.trouble = OldFile.State.MAPPED, {}, ""
    file.version += 1
    file.save()
    record(by, "movein.columns.set", file, columns=len(told))
    return file


@command(needs=Can.IMPORT_DATA)
def look(by: Actor, /, *, file_id: UUID) -> OldFile:
    """Look a file through at once, or let a large one be looked through while its page waits. Raises NotMapped."""
    file = _early(file_id, None)
    if file.rows <= AT_ONCE:
        return _looked(by, file)
    missing = looking.missing_fields(file)
    if missing:
        raise NotMapped(missing)
    file.state, file.found, file.trouble, file.next_row = OldFile.State.CHECKING, {}, "", 0
    file.version += 1
    file.save(update_fields=["state", "found", "version", "trouble", "next_row"])
    record(by, "movein.look.begun", file, rows=file.rows)
    later("movein.look", practice_id=by.practice_id, file_id=file.pk)
    return file


@command(needs=Can.IMPORT_DATA)
def look_through(by: Actor, /, *, file_id: UUID) -> OldFile:
    """Read every row and keep what was found; nothing of it enters a chart. Raises NotMapped."""
    file = OldFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None or file.state not in EARLY:
        raise FileIsUnknown(_("That file is being taken in, or was. Bring it again to look it through."))
    return _looked(by, file)


@command(needs=Can.IMPORT_DATA)
def note_look(by: Actor, /, *, file_id: UUID, version: int, rows: int) -> OldFile:
    """Say how many rows of a file are looked through so far. Raises FileIsUnknown, StaleForm where it was stopped."""
    file = _being_looked_through(file_id, version)
    file.next_row = rows
    file.save(update_fields=["next_row"])
    record(by, "movein.look.goes-on", file, to=rows)
    announce(by.practice_id, "movein", str(file.pk))
    return file


@command(needs=Can.IMPORT_DATA)
def end_look(by: Actor, /, *, file_id: UUID, version: int, found: Mapping[str, Any]) -> OldFile:
    """Keep what looking a file through has found. Raises FileIsUnknown, StaleForm where it was stopped."""
    return _keep_found(by, _being_looked_through(file_id, version), found)


@command(needs=Can.IMPORT_DATA)
def stop_look(by: Actor, /, *, file_id: UUID, version: int) -> OldFile:
    """Stop looking a file through: it is at its columns again, and nothing of it was kept. Raises FileIsUnknown."""
    file = _being_looked_through(file_id, version)
    file.state = OldFile.State.MAPPED
    file.version += 1
    file.save(update_fields=["state", "version"])
    record(by, "movein.look.stopped", file, at_row=file.next_row)
    announce(by.practice_id, "movein", str(file.pk))
    return file


@command(needs=Can.IMPORT_DATA)
def give_up_look(by: Actor, /, *, file_id: UUID, why: str) -> OldFile:
    """Leave a file as it was before somebody began to look it through, and keep in words why that broke off."""
    file = _early(file_id, None)
    file.state, file.trouble = OldFile.State.MAPPED, why
    file.version += 1
    file.save(update_fields=["state", "trouble", "version"])
    record(by, "movein.look.given-up", file)
    announce(by.practice_id, "movein", str(file.pk))
    return file


@command(needs=Can.IMPORT_DATA)
def drop_file(by: Actor, /, *, file_id: UUID) -> None:
    """Forget a file of which nothing was taken in."""
    file = _early(file_id, None)
    record(by, "movein.file.dropped", file, kind=file.kind, rows=file.rows)
    file.delete()


def _early(file_id: UUID, version: int | None) -> OldFile:
    file = OldFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None:
        raise FileIsUnknown(_("That file is not here."))
    if file.state not in EARLY:
        raise FileIsUnknown(_("That file is being taken in, or was. Its columns stay as they are."))
    if version is not None and file.version != version:
        raise StaleForm(_("Somebody else changed the columns meanwhile. Look at them again."))
    return file


def _looked(by: Actor, file: OldFile) -> OldFile:
    missing = looking.missing_fields(file)
    if missing:
        raise NotMapped(missing)
    return _keep_found(by, file, looking.found_in(file, today=looking.today(by), now=by.now))


def _being_looked_through(file_id: UUID, version: int) -> OldFile:
    file = _early(file_id, version)
    if file.state != OldFile.State.CHECKING:
        raise FileIsUnknown(_("That file is not being looked through any more."))
    return file


def _keep_found(by: Actor, file: OldFile, found: Mapping[str, Any]) -> OldFile:
    file.found = dict(found)
    file.state, file.trouble = OldFile.State.CHECKED, ""
    file.version += 1
    file.save(update_fields=["found", "state", "version", "trouble"])
    record(by, "movein.file.looked-through", file, bad=file.found["bad"])
    announce(by.practice_id, "movein", str(file.pk))
    return file
