"""Papers, for later: sent to their printer, or taken in from a scanner's folder."""

import json
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from daysheet.documents import printing, queries, scanning
from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import job, later
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in

NEXT_LOOK = timedelta(seconds=6)
MOST_LOOKS = 9


@job("documents.print_paper")
def print_paper(*, practice_id: str, job_id: str) -> None:
    """Send one paper to its printer."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    printing.carry(Actor.system(practice_id=practice.pk, now=practice.now()), job_id=UUID(job_id))


@job("documents.look_at_scanner")
def look_at_scanner(*, practice_id: str, station_id: str, before: str = "{}", looks: str = "1") -> None:
    """Look into the folder of a station's scanner; look again shortly while a file there may still grow."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    growing = scanning.look(by, station_id=UUID(station_id), before=json.loads(before))
    if growing and int(looks) < MOST_LOOKS:
        with acting_in(practice.pk), transaction.atomic():
            later(
                "documents.look_at_scanner",
                at=by.now + NEXT_LOOK,
                practice_id=practice.pk,
                station_id=station_id,
                before=json.dumps(growing),
                looks=str(int(looks) + 1),
            )


@app.periodic(cron="* * * * *")
@app.task(name="documents.look_at_scanners", queue="office")
def look_at_scanners(timestamp: int) -> None:
    """Every minute, look into the folder of each scanner, each by a job of its own."""
    offices = Practice.objects.filter(kind=Practice.Kind.OFFICE, is_training=False, is_demo=False)
    for practice in offices:
        with acting_in(practice.pk), transaction.atomic():
            for station in queries.scanning_stations():
                later("documents.look_at_scanner", practice_id=practice.pk, station_id=station.pk)
