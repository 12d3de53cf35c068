"""Rows that were taken before, kept in step with what the move-in itself did since: one statement for many."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from daysheet.kernel.access import Actor
from daysheet.movein.taking import Came

_MARKS = """
update old_row
   set mark = new.mark, subject_version = coalesce(new.version, old_row.subject_version)
  from unnest(%s::uuid[], %s::text[], %s::int[]) as new (id, mark, version)
 where old_row.practice_id = %s and old_row.id = new.id
"""
_VERSIONS = """
update old_row
   set subject_version = new.after
  from unnest(%s::uuid[], %s::int[], %s::int[]) as new (patient_id, before, after)
 where old_row.practice_id = %s and old_row.subject_id = new.patient_id and old_row.kind = 'patients'
   and old_row.subject_version = new.before and old_row.outcome in ('taken', 'updated')
"""


def _say_anew(by: Actor, rows: Sequence[tuple[UUID | str, str, int | None]]) -> None:
    """Let rows say what a later one says, by their ids, in the version in which it left the chart; None keeps that."""
    last = {str(pk): (mark, version) for pk, mark, version in rows}
    if last:
        marks, versions = zip(*last.values(), strict=True)
        _run(_MARKS, [list(last), list(marks), list(versions), by.practice_id])


def _keep_in_step(by: Actor, moved: Iterable[tuple[UUID, int, int]]) -> None:
    """Let the rows that left a chart in a version know the one in which the move-in itself left it since."""
    led: dict[UUID, dict[int, int]] = {}
    for patient_id, before, after in moved:  # a chart that changed twice went through the version between
        steps = led.setdefault(patient_id, {})
        steps |= {first: after for first, last in steps.items() if last == before} | {before: after}
    told = [(patient_id, first, last) for patient_id, steps in led.items() for first, last in steps.items()]
    if told:
        _run(_VERSIONS, [*(list(column) for column in zip(*told, strict=True)), by.practice_id])


def _stood(came: Sequence[Came]) -> list[tuple[UUID, int, int]]:
    """Return the charts that rows changed, with the versions before and after."""
    return [(one.patient_id, one.stood, one.version) for one in came if one.stood and one.patient_id]


def _run(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
