"""The diary: one line for every write and every read of a patient's data, in the same transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, models

from daysheet.kernel.access import Actor
from daysheet.kernel.ids import new_id

_frames: ContextVar[tuple[list[str], ...]] = ContextVar("diary_frames", default=())

INSERT = """
with line as (
  insert into audit_line (id, practice_id, at, action, actor_id, actor_name, actor_role, workstation, purpose,
                          subject_kind, subject_id, patient_ids, details)
  values (%(id)s, %(practice)s, %(at)s, %(action)s, %(actor)s, %(name)s, %(role)s, %(workstation)s, %(purpose)s,
          %(kind)s, %(subject)s, %(patients)s::uuid[], %(details)s::jsonb)
  returning id, practice_id, patient_ids)
insert into audit_patient (practice_id, patient_id, line_id)
select practice_id, unnest(patient_ids), id from line
"""


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
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            {
                "id": new_id(),
                "practice": by.practice_id,
                "at": by.now,
                "action": action,
                "actor": by.user_id,
                "name": by.name,
                "role": by.role,
                "workstation": by.workstation,
                "purpose": purpose or by.purpose,
                "kind": subject._meta.label_lower if subject is not None else "",
                "subject": subject.pk if subject is not None else None,
                "patients": list(concerned),
                "details": orjson.dumps(details, default=str).decode(),
            },
        )
    frames = _frames.get()
    if frames:
        frames[-1].append(action)


def patient_of(subject: models.Model | None) -> UUID | None:
    """Return the patient whom a row is about, if it is about one."""
    if subject is None:
        return None
    if subject._meta.label_lower == "patients.patient":
        return subject.pk  # type: ignore[no-any-return]
    return getattr(subject, "patient_id", None)


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect the actions that are recorded directly within the block, not by commands called from it."""
    heard: list[str] = []
    token = _frames.set((*_frames.get(), heard))
    try:
        yield heard
    finally:
        _frames.reset(token)
