"""The diary: one line for every write and every read of a patient's data, in the same transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from django.db import models

from daysheet.kernel.access import Actor
from daysheet.kernel.ids import new_id
from daysheet.kernel.planned import planned_cursor

INSERT = """
with told as (select * from jsonb_to_recordset(%s::jsonb) as x(
    id uuid, practice_id uuid, at timestamptz, action text, actor_id uuid, actor_name text, actor_role text,
    workstation text, purpose text, subject_kind text, subject_id uuid, patient_ids uuid[], details jsonb)),
line as (
  insert into audit_line (id, practice_id, at, action, actor_id, actor_name, actor_role, workstation, purpose,
                          subject_kind, subject_id, patient_ids, details)
  select * from told)
insert into audit_patient (practice_id, patient_id, line_id)
select practice_id, unnest(patient_ids), id from told
"""

Line = dict[str, Any]


@dataclass(slots=True)
class Page:
    """The lines of one open command: they are written together when the outermost one ends well."""

    practice_id: UUID
    heard: list[str] = field(default_factory=list)
    """The actions recorded by the command itself, not by commands called from it."""
    lines: list[Line] = field(default_factory=list)


_pages: ContextVar[tuple[Page, ...]] = ContextVar("diary_pages", default=())


def record(
    by: Actor,
    action: str,
    subject: models.Model | None = None,
    *,
    patients: Iterable[UUID] = (),
    purpose: str = "",
    **details: Any,
) -> None:
    """Write a line of the diary: `room.noun.past-verb`, the thing, the patients concerned, old and new values.

    The patient of the thing itself is found by its patient_id. Reads use it as writes do:
    no line, no answer, since both stand in one transaction.
    """
    concerned = dict.fromkeys(patients)
    own = patient_of(subject)
    if own:
        concerned.setdefault(own)
    line: Line = {
        "id": new_id(),
        "practice_id": by.practice_id,
        "at": by.now,
        "action": action,
        "actor_id": by.user_id,
        "actor_name": by.name,
        "actor_role": by.role,
        "workstation": by.workstation,
        "purpose": purpose or by.purpose,
        "subject_kind": subject._meta.label_lower if subject is not None else "",
        "subject_id": subject.pk if subject is not None else None,
        "patient_ids": list(concerned),
        "details": details,
    }
    pages = _pages.get()
    if pages:
        pages[-1].heard.append(action)
        pages[-1].lines.append(line)
    else:
        _write([line])


def _write(lines: list[Line]) -> None:
    """Write lines in one statement, within the transaction that they tell of."""
    told = orjson.dumps(lines, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    with planned_cursor() as cursor:
        cursor.execute(INSERT, [told.replace("\\u0000", "")])  # the database keeps no NUL in JSON


def patient_of(subject: models.Model | None) -> UUID | None:
    """Return the patient whom a row is about, if it is about one."""
    if subject is None:
        return None
    if subject._meta.label_lower == "patients.patient":
        return subject.pk  # type: ignore[no-any-return]
    return getattr(subject, "patient_id", None)


@contextmanager
def listening(practice_id: UUID) -> Iterator[Page]:
    """Open a page for a command. A command that ends badly leaves none of its lines, nor of those it called."""
    pages = _pages.get()
    page = Page(practice_id)
    token = _pages.set((*pages, page))
    try:
        yield page
    finally:
        _pages.reset(token)
    if pages and pages[-1].practice_id == practice_id:
        pages[-1].lines += page.lines
    elif page.lines:
        _write(page.lines)
