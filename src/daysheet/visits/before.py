"""What is known when a patient arrives: the office's rules for check-in, and when each step was done last."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from daysheet.coverage import granted
from daysheet.coverage.models import Coverage
from daysheet.documents import queries as documents
from daysheet.kernel.clock import local_day
from daysheet.kernel.money import ZERO
from daysheet.ledger import queries as ledger
from daysheet.patients.models import Patient
from daysheet.patients.rules import age
from daysheet.privacy import filling
from daysheet.privacy import queries as privacy
from daysheet.schedule.models import AppointmentType
from daysheet.schedule.remote import is_remote
from daysheet.visits.due import FORM, Ask, Guest, Last, in_force
from daysheet.visits.models import CheckInRule, Visit, VisitStep

PAPERS = {"card": "card_front", "photo_id": "photo_id"}
"""Steps that file a paper: they were done when the office got the paper."""
NOTICES = {"npp": "privacy_notice"}
"""Notices that have a step of their own name."""


def asks() -> list[Ask]:
    """Return what the office asks at check-in: its own rules, and what is shipped where it has none."""
    own = CheckInRule.objects.filter(dropped_at=None).order_by("id")
    held = in_force(
        Ask(row.kind, row.often, row.is_required, row.type_id, row.youngest, row.oldest) for row in own
    )
    forms = form_steps()
    return [ask for ask in held if not ask.kind.startswith(FORM) or ask.kind in forms]


def guest(visit: Visit, kind: AppointmentType | None, now: datetime, *, is_case: bool) -> Guest:
    """Return what the rules ask about a patient who has just come; a case of injury takes no copay."""
    patient = Patient.objects.only("born_on").get(pk=visit.patient_id)
    today = local_day(now, visit.location.zone)
    under = (visit.authorization_id, visit.referral_id)
    words = [kind.name] if kind else [""]
    return Guest(
        age=age(patient.born_on, on=today),
        today=today,
        type_id=kind.id if kind else None,
        takes_copay=not is_case and (kind.takes_copay if kind else True),
        is_covered=visit.coverage_id is not None,
        copay_is_nothing=visit.copay_due == ZERO,
        is_remote=is_remote(visit.mode),
        owes=bool(ledger.balance(visit.patient_id).owes),
        lacks_authorization=visit.coverage_id is not None
        and not is_case
        and bool(
            granted.hints(
                visit.patient_id, visit.service_on, words, today=today, under=under, by_hand=visit.by_hand
            )
        ),
    )


def last_done(visit: Visit, covered: Coverage | None) -> dict[str, Last]:
    """Return when each step was done last for the visit's patient, and whether things have changed since."""
    zone = visit.location.zone
    steps = VisitStep.objects.filter(
        visit__patient_id=visit.patient_id, stage="check_in", state=VisitStep.State.DONE, at__isnull=False
    ).exclude(visit_id=visit.id)
    rows = steps.values_list("kind").annotate(at=Max("at")).order_by("kind")
    last = {kind: Last(at.astimezone(zone).date()) for kind, at in rows}
    papers = documents.newest_of(visit.patient_id, list(PAPERS.values()))
    for kind, paper_kind in PAPERS.items():
        last.pop(kind, None)
        if paper := papers.get(paper_kind):
            on = paper.made_at.astimezone(zone).date()
            last[kind] = Last(on, kind == "card" and _is_of_another_plan(paper.subject_id, on, covered))
    for key, settled in privacy.last_settled(visit.patient_id, zone).items():
        last[NOTICES.get(key, FORM + key)] = Last(settled.on, settled.is_outdated)
    forms = filling.forms_at_hand().values()
    for key, filled in filling.last_filled(visit.patient_id, forms, zone).items():
        last[NOTICES.get(key, FORM + key)] = Last(filled.on, filled.is_outdated)
    return last


def form_steps() -> dict[str, str]:
    """Return the steps that fill in a form of the office, by what the form is called."""
    return {FORM + key: one.title for key, one in filling.forms_at_hand().items() if key not in NOTICES}


def titles(kinds: Iterable[str]) -> dict[str, str]:
    """Return what the steps are called that fill in a form."""
    wanted = [kind for kind in kinds if kind.startswith(FORM)]
    known = form_steps() if wanted else {}
    return {kind: known[kind] for kind in wanted if kind in known}


def _is_of_another_plan(coverage_id: UUID | None, on: date, covered: Coverage | None) -> bool:
    if covered is None:
        return False
    return coverage_id != covered.pk if coverage_id else covered.starts_on > on
