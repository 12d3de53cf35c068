"""What of a balance may be asked of the patient: QMB, Medicaid and workers' compensation keep a part of it back."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from daysheet.coverage import copays, protecting
from daysheet.coverage.models import Coverage, EligibilityResponse
from daysheet.coverage.rules.protection import MEDICAID, Protection
from daysheet.kernel.money import ZERO, say
from daysheet.ledger.models import AskedAnyway, Balance, LedgerLine
from daysheet.ledger.queries.accounts import OWN_KINDS, SIDE_FIELDS, items
from daysheet.ledger.rules import Item, PatientLine, Side, items_of

Key = UUID | date | None
shields: list[Callable[[Collection[UUID]], Mapping[UUID, str]]] = []
"""Of which visits the patient owes nothing, each with the sentence: registered by rooms above in their apps.ready()."""

arrivals: list[Callable[[UUID, date], UUID | None]] = []
"""For which visit a patient has come on a day: registered likewise."""

visits_known: list[Callable[[UUID], tuple[UUID, date] | None]] = []
"""Whose a visit is, and on which day: registered likewise."""


def visit_known(visit_id: UUID) -> tuple[UUID, date] | None:
    """Return whose a visit is and on which day, or None."""
    return next(filter(None, (known(visit_id) for known in visits_known)), None)


@dataclass(frozen=True, slots=True)
class KeptBack:
    """What may not be asked of one visit or service day, and why."""

    key: Key
    service_on: date
    amount: Decimal
    may_ask: Decimal
    """What of the same visit may be asked: a copay that Medicaid has named."""
    kind: str
    """qmb, medicaid, work"""
    why: str


@dataclass(frozen=True, slots=True)
class Asking:
    """What a patient owes, and what of it may be asked."""

    owes: Decimal = ZERO
    kept_back: tuple[KeptBack, ...] = ()

    @property
    def off(self) -> Decimal:
        """Return how much may not be asked."""
        return sum((one.amount for one in self.kept_back), ZERO)

    @property
    def may_ask(self) -> Decimal:
        """Return how much may be asked."""
        return max(self.owes - self.off, ZERO)

    @property
    def words(self) -> str:
        """Return in a sentence what is kept back and why; empty where nothing is."""
        if not self.kept_back:
            return ""
        whys = " ".join(dict.fromkeys(one.why for one in self.kept_back))
        days = ", ".join(dict.fromkeys(f"{one.service_on:%b %-d, %Y}" for one in self.kept_back))
        facts = {"off": say(self.off), "owes": say(self.owes), "days": days, "why": whys}
        return _("%(off)s of %(owes)s may not be asked of the patient (%(days)s). %(why)s") % facts


def asking(patient_id: UUID) -> Asking:
    """Return what a patient owes and what of it may be asked."""
    return _judged({patient_id: items(patient_id)})[patient_id]


def askings(patient_ids: Sequence[UUID]) -> dict[UUID, Asking]:
    """Return what each of some patients owes and what of it may be asked: a constant number of statements."""
    rows = LedgerLine.objects.filter(patient_id__in=list(patient_ids), account="patient").values_list(
        "entry__number", "entry__kind", *SIDE_FIELDS
    )
    lines: dict[UUID, list[PatientLine]] = {one: [] for one in patient_ids}
    for number, kind, *rest in rows:
        side = Side(*rest)
        if side.patient_id:
            lines[side.patient_id].append(PatientLine(number, kind in OWN_KINDS, side))
    return _judged({one: items_of(some) for one, some in lines.items()})


def protected_today(patient_id: UUID, day: date) -> Protection | None:
    """Return what protects a patient on a day on which nobody has let it be asked, though nothing is owed for it yet."""
    found = protecting.protection_on(patient_id, day)
    return None if found is None or (patient_id, day) in _lifted({patient_id: {day}}) else found


def key_of(item: Item) -> Key:
    """Return what a bill counts as one: the visit, else the service day."""
    return item.who.visit_id or item.who.service_on


def spared_last(patient_id: UUID, held: Sequence[Item]) -> list[Item]:
    """Return items with those last that may not be asked for: money goes to what the patient was asked for first."""
    if sum(item.owed > 0 for item in held) < 2:
        return list(held)
    spared = {one.key for one in _judged({patient_id: held})[patient_id].kept_back if not one.may_ask}
    return sorted(held, key=lambda item: key_of(item) in spared) if spared else list(held)


def protected_accounts(limit: int = 300) -> list[tuple[Balance, Asking]]:
    """Return the accounts that owe what may not be asked of the patient, the most owed first."""
    held = Coverage.objects.filter(patient_id=OuterRef("patient_id"), entered_in_error_at__isnull=True)
    told = (
        Q(plan__kind="medicaid")
        | Q(plan__payer__filing_code=MEDICAID)
        | Q(is_of_medicaid=True)
        | Q(case__kind="work")
    )
    said = Exists(
        EligibilityResponse.objects.filter(
            inquiry__coverage__patient_id=OuterRef("patient_id"), qmb_line__isnull=False
        )
    )
    rows = Balance.objects.filter(Exists(held.filter(told)) | said, owes__gt=0).select_related("patient")
    owing = list(rows.order_by("-owes", "patient__chart_number")[:limit])
    judged = askings([row.patient_id for row in owing])
    return [(row, judged[row.patient_id]) for row in owing if judged[row.patient_id].kept_back]


def lifted_rules(limit: int = 100) -> list[AskedAnyway]:
    """Return what is asked although a rule stands against it, the latest first."""
    rows = AskedAnyway.objects.filter(ended_at__isnull=True).select_related("patient")
    return list(rows.order_by("-at")[:limit])


def _judged(by_patient: Mapping[UUID, Sequence[Item]]) -> dict[UUID, Asking]:
    owed = {who: [item for item in some if item.owed > 0] for who, some in by_patient.items()}
    days = {who: {item.service_on for item in some} for who, some in owed.items() if some}
    protected = protecting.protections(days)
    visit_ids = [item.who.visit_id for some in owed.values() for item in some if item.who.visit_id]
    shielded: dict[UUID, str] = {}
    for shield in shields if visit_ids else ():
        shielded.update(shield(visit_ids))
    lifted = _lifted(days) if protected or shielded else set()
    is_named = any(one.names_copays for one in protected.values())
    services: dict[Key, str] = dict(copays.services_of(visit_ids).items()) if is_named else {}
    other = copays.usual() if is_named else copays.OFFICE
    return {
        who: Asking(
            sum((item.owed for item in some), ZERO),
            tuple(_kept_back(who, some, protected, shielded, lifted, lambda key: services.get(key, other))),
        )
        for who, some in owed.items()
    }


def _kept_back(
    who: UUID,
    owed: Sequence[Item],
    protected: Mapping[tuple[UUID, date], Protection],
    shielded: Mapping[UUID, str],
    lifted: Collection[tuple[UUID, date]],
    service_of: Callable[[Key], str],
) -> Iterable[KeptBack]:
    groups: dict[Key, list[Item]] = defaultdict(list)
    for item in owed:
        groups[key_of(item)].append(item)
    for key, some in groups.items():
        day = some[0].service_on
        due = sum((item.owed for item in some), ZERO)
        if (who, day) in lifted:
            continue
        if isinstance(key, UUID) and key in shielded:
            yield KeptBack(key, day, due, ZERO, "work", shielded[key])
        elif shield := protected.get((who, day)):
            told = shield.for_service(service_of(key))
            paid = sum((item.applied for item in some), ZERO)
            may_ask = min(due, max(told.allowed - paid, ZERO))
            if due > may_ask:
                yield KeptBack(key, day, due - may_ask, may_ask, told.kind, told.sentence)


def _lifted(days: Mapping[UUID, Collection[date]]) -> set[tuple[UUID, date]]:
    rows = AskedAnyway.objects.filter(patient_id__in=list(days), ended_at__isnull=True)
    return set(rows.values_list("patient_id", "service_on"))
