"""What is signed, who looked at a chart, and what the diary holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, Max, OuterRef, QuerySet

from daysheet.kernel.clock import day_bounds
from daysheet.kernel.models import AuditLine, AuditPatient, AuditSeal
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.patients.models import Patient
from daysheet.privacy import rules
from daysheet.privacy.models import Consent
from daysheet.privacy.rules import Signed

WAITING = """select count(*) from audit_line
where practice_id = %s and xid >= (select next_xid from audit_horizon where id = 1)"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the diary."""

    first_day: date | None = None
    last_day: date | None = None
    person: str = ""
    action: str = ""
    patient_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """When a notice, consent or form was settled last, and whether there is a newer edition of it."""

    on: date
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class Sealing:
    """How far the chain over the diary reaches: the number of its last link, and since when it stands."""

    links: int
    last_at: Any
    unsealed: int


def consents(patient_id: UUID) -> QuerySet[Consent]:
    """Return what a patient signed or refused, newest first."""
    return Consent.objects.filter(patient_id=patient_id).order_by("-at", "-id")


def missing_notices(patient_id: UUID, today: date) -> list[str]:
    """Return the kinds of notices and consents still to be signed on a day."""
    return missing_of([patient_id], today)[patient_id]


def last_settled(patient_id: UUID, zone: ZoneInfo) -> dict[str, Settled]:
    """Return for each kind of notice and consent on which day at the door it was signed, or refused, last."""
    found: dict[str, Settled] = {}
    rows = Consent.objects.filter(patient_id=patient_id, withdrawn_at=None).order_by("at", "id")
    for row in rows:
        on = row.signed_on or row.at.astimezone(zone).date()
        found[row.kind] = Settled(on, row.edition != rules.EDITION)
    return found


def missing_of(patient_ids: Iterable[UUID], today: date) -> dict[UUID, list[str]]:
    """Return for each patient what is still to be signed, in one statement."""
    wanted = list(patient_ids)
    known: dict[UUID, list[Signed]] = {one: [] for one in wanted}
    for row in Consent.objects.filter(patient_id__in=wanted):
        if row.signed_on is None or row.signed_on <= today:
            known[row.patient_id].append(
                Signed(row.kind, row.edition, row.signed_on, row.refused_because, bool(row.withdrawn_at))
            )
    return {one: rules.missing(signed) for one, signed in known.items()}


def lookers(patient_id: UUID, *, person: str = "") -> QuerySet[AuditLine]:
    """Return the lines of the diary that name a patient, newest first, of one person or of all."""
    return diary(Filters(person=person, patient_id=patient_id))


def diary(filters: Filters, *, zone: ZoneInfo | None = None) -> QuerySet[AuditLine]:
    """Return the lines of the diary that fit, newest first."""
    lines = AuditLine.objects.filter(practice_id__in=[acting_practice_id()])
    if filters.patient_id:
        named = AuditPatient.objects.filter(
            practice_id__in=[acting_practice_id()], patient_id=filters.patient_id, line_id=OuterRef("pk")
        )
        lines = lines.filter(Exists(named))
    if filters.person:
        lines = lines.filter(actor_name=filters.person)
    if filters.action:
        lines = lines.filter(action__gte=filters.action, action__lt=filters.action + "\U0010ffff")
    if filters.first_day and zone:
        lines = lines.filter(at__gte=day_bounds(filters.first_day, zone)[0])
    if filters.last_day and zone:
        lines = lines.filter(at__lt=day_bounds(filters.last_day, zone)[1])
    return lines.order_by("-at", "-id")


def people(patient_id: UUID | None = None, *, since: Any = None) -> list[str]:
    """Return the names that stand in the diary, of one chart or of the last weeks."""
    lines = diary(Filters(patient_id=patient_id))
    if since is not None and patient_id is None:
        lines = lines.filter(at__gte=since - timedelta(days=60))
    return sorted(set(lines.order_by().values_list("actor_name", flat=True).distinct()[:200]))


def sealed(lines: Iterable[AuditLine]) -> dict[UUID, int]:
    """Return for each sealed line the number of its link in the chain."""
    found = AuditSeal.objects.filter(
        practice_id__in=[acting_practice_id()], line_id__in=[line.pk for line in lines]
    )
    return dict(found.values_list("line_id", "seq"))


def sealing() -> Sealing:
    """Return how far the chain over the diary reaches."""
    mine = AuditSeal.objects.filter(practice_id__in=[acting_practice_id()])
    told = mine.aggregate(links=Max("seq"), last_at=Max("sealed_at"))
    if not told["links"]:
        return Sealing(0, None, 0)
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [acting_practice_id()])
        return Sealing(told["links"], told["last_at"], cursor.fetchone()[0])


def charts(lines: Iterable[AuditLine]) -> dict[UUID, int]:
    """Return the chart numbers of the patients whom lines name; the diary shows no names."""
    wanted = {patient_id for line in lines for patient_id in line.patient_ids}
    return dict(Patient.objects.filter(pk__in=wanted).values_list("pk", "chart_number"))
