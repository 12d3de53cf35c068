"""A scanner's folder looked into: the disk is read between two transactions, never inside one."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from daysheet.documents import commands, folders, queries
from daysheet.kernel.access import Actor
from daysheet.kernel.tenancy import acting_in

MOST_AT_ONCE = 50


def look(by: Actor, *, station_id: UUID, before: Mapping[str, list[int]]) -> folders.Marks:
    """Take in what lies whole in a station's folder; return the marks of what may still grow. Safe to run twice."""
    with acting_in(by.practice_id), transaction.atomic():
        station = queries.scanning_stations().filter(pk=station_id).first()
    if station is None:
        return {}
    fault, growing = folders.fault_of(station.scan_folder), {}
    if not fault:
        try:
            with folders.opened(station.scan_folder) as folder:
                growing = _taken_in(by, station_id, folder, before)
        except OSError:
            fault = _("The folder of the scanner could not be read, or a file in it not moved.")
    if fault != station.scan_problem:
        commands.note_scan_folder(by, station_id=station_id, problem=fault)
    return growing


def _taken_in(by: Actor, station_id: UUID, folder: int, before: Mapping[str, list[int]]) -> folders.Marks:
    whole, growing = folders.sorted_out(folder, before, by.now.timestamp())
    for found in whole[:MOST_AT_ONCE]:
        content = folders.bytes_of(folder, found)
        if content is None:
            continue
        kept = commands.note_scan(
            by, station_id=station_id, name=found.name, content=content, size=found.size
        )
        into = folders.REFUSED if kept.state == kept.State.REFUSED else folders.DONE
        folders.put_away(folder, found, into)
    return growing
