"""Which of many times that are wanted are taken already: one statement for any number."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from daysheet.kernel.tenancy import acting_practice_id
from daysheet.schedule.rules import KEPT_AT_MOST

CLASHES = """select asked.n
from unnest(%(n)s::int[], %(providers)s::uuid[], %(patients)s::uuid[], %(since)s::timestamptz[], %(until)s::timestamptz[])
     as asked (n, provider_id, patient_id, since, until)
where exists (select from appointment a
  where a.practice_id = %(practice)s and a.provider_id = asked.provider_id and a.booking in ('scheduled', 'completed')
    and a.starts_at > asked.since - %(most)s::interval and a.starts_at < asked.until + %(most)s::interval
    and coalesce(a.kept_from, a.starts_at) < asked.until and coalesce(a.kept_until, a.ends_at) > asked.since)
or exists (select from appointment a
  where a.practice_id = %(practice)s and a.patient_id = asked.patient_id and a.booking in ('scheduled', 'completed')
    and a.starts_at < asked.until and a.ends_at > asked.since)"""


class Wanted(NamedTuple):
    """A clinician's time that a patient is to have."""

    provider_id: UUID
    patient_id: UUID
    since: datetime
    until: datetime


def taken_among(wanted: Mapping[int, Wanted]) -> Collection[int]:
    """Return, of times by number, those that meet an appointment which stands: of the clinician, or of the patient."""
    if not wanted:
        return ()
    asked: dict[str, Any] = {
        "practice": acting_practice_id(),
        "n": list(wanted),
        "providers": [one.provider_id for one in wanted.values()],
        "patients": [one.patient_id for one in wanted.values()],
        "since": [one.since for one in wanted.values()],
        "until": [one.until for one in wanted.values()],
        "most": KEPT_AT_MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLASHES, asked)
        return {n for (n,) in cursor.fetchall()}
