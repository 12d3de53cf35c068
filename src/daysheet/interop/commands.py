"""A record of another system, put into the house: all of one patient in one transaction, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from daysheet.coverage import commands as coverage
from daysheet.coverage.models import InsurancePlan, Payer
from daysheet.interop import queries
from daysheet.interop.rules.reading import stable
from daysheet.interop.rules.record import UNNAMED, Clinician, Plan, Record, Skip
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record as write_down
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands as ledger
from daysheet.ledger.past import PastBill
from daysheet.patients import commands as patients
from daysheet.patients.models import Patient
from daysheet.practice import commands as practice
from daysheet.practice import queries as office
from daysheet.practice.models import Location, Provider
from daysheet.practice.rules import npi_from
from daysheet.visits import commands as visits

PLACE = "Before Daysheet"
"""Where imported visits took place, in a practice that has no door of its own yet."""
FAREWELL = 99
"""The rank of clinicians who only stand on imported visits: after everybody who works here."""


@dataclass(slots=True)
class Taken:
    """What a record brought into the house."""

    patient: Patient
    is_new: bool
    visits: int = 0
    coverages: int = 0
    chart_items: int = 0
    bills: int = 0
    ledger_entries: int = 0
    clinicians: int = 0
    plans: int = 0
    skipped: list[Skip] = field(default_factory=list)


@command(needs=Can.IMPORT_DATA)
def import_record(by: Actor, /, *, record: Record) -> Taken:
    """Take in what is new about one patient: person, coverage, visits, chart abstract, closed bills.

    The order is that of the locks: the book of money comes last. What is left out for itself alone (a number
    that another patient bears, a coverage that cannot be) is said in `skipped`; any other refusal leaves nothing.
    """
    number = queries.patient_of(record)
    taken = Taken(number.patient if number else _register(by, record), is_new=number is None)
    if number is None:
        taken.skipped += [
            Skip("number", "Another patient bears it.", 1)
            for _ in queries.taken_numbers(record) - _own(taken)
        ]
    place = office.main_location() or practice.add_location(by, name=PLACE)
    plans = _plans(by, record, taken)
    _cover(by, record, taken, plans)
    clinicians = _clinicians(by, record, taken, place)
    seen = _visits(by, record, taken, place, clinicians)
    if record.chart:
        patients.add_chart_items(by, patient_id=taken.patient.pk, items=record.chart)
        taken.chart_items = len({item.source for item in record.chart})
    _bills(by, record, taken, place, plans, seen)
    write_down(by, "interop.record.imported", taken.patient, visits=taken.visits, bills=taken.bills)
    return taken


def _own(taken: Taken) -> set[tuple[str, str]]:
    return set(taken.patient.identifiers.values_list("system", "value"))


def _register(by: Actor, record: Record) -> Patient:
    who = record.person
    foreign = queries.taken_numbers(record)
    patient = patients.register_patient(
        by,
        family=who.family,
        given=who.given,
        middle=who.middle,
        suffix=who.suffix,
        former_family=who.former_family,
        born_on=who.born_on,
        sex=who.sex,
        street=who.street,
        street2=who.street2,
        city=who.city,
        state=who.state,
        zip=who.zip,
        email=who.email,
        language=who.language,
        phones=who.phones,
        contact=who.contacts[0] if who.contacts else None,
        identifiers=[number for number in who.identifiers if number not in foreign],
        different_because="imported with the numbers of another system",
    )
    if who.contacts[1:]:
        patients.add_contacts(by, patient_id=patient.pk, contacts=who.contacts[1:])
    if who.died_on:
        patient = patients.set_status(
            by, patient_id=patient.pk, version=patient.version, status="deceased", deceased_on=who.died_on
        )
    return patient


def _plans(by: Actor, record: Record, taken: Taken) -> dict[Plan, InsurancePlan]:
    wanted = dict.fromkeys(
        [*(one.plan for one in record.covers), *(one.plan for one in record.bills if one.plan)]
    )
    if not wanted:
        return {}
    names = [plan.name for plan in wanted]
    rows = InsurancePlan.objects.filter(name__in=names).select_related("payer")
    known = {(row.payer.name, row.name): row for row in rows}
    found: dict[Plan, InsurancePlan] = {}
    for plan in wanted:
        row = known.get((plan.payer, plan.name))
        if row is None:
            payer = _payer(by, plan)
            row = coverage.add_plan(by, payer_id=payer.pk, name=plan.name, kind=plan.kind)
            taken.plans += 1
        found[plan] = row
    return found


def _payer(by: Actor, plan: Plan) -> Payer:
    wire = "DERIVED-" + "".join(sign for sign in plan.payer.upper() if sign.isalnum())[:40]
    return Payer.objects.filter(payer_id=wire).first() or coverage.add_payer(
        by, name=plan.payer, payer_id=wire, filing_code=plan.filing_code
    )


def _cover(by: Actor, record: Record, taken: Taken, plans: dict[Plan, InsurancePlan]) -> None:
    for one in record.covers:
        try:
            coverage.add_coverage(
                by,
                patient_id=taken.patient.pk,
                plan_id=plans[one.plan].pk,
                member_id=one.member_id,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
                rank=one.rank,
                is_derived=True,
            )
        except Refusal as no:
            taken.skipped.append(Skip("coverage", str(no)))
        else:
            taken.coverages += 1


def _clinicians(by: Actor, record: Record, taken: Taken, place: Location) -> dict[str, UUID]:
    """Return the clinicians' rows by the file's keys; new ones have left already and bear a derived NPI."""
    wanted = {key: record.clinicians.get(key) for key in {one.clinician for one in record.encounters}}
    found: dict[str, UUID] = {}
    for key, one in sorted(wanted.items()):
        who = one or Clinician(UNNAMED, "Clinician", "Unnamed")
        for attempt in range(100):
            npi = npi_from(stable("npi", key, str(attempt)))
            row = Provider.objects.filter(npi=npi).first()
            if row is None:
                left = local_day(by.now, place.zone)
                row = practice.add_provider(
                    by,
                    given=who.given,
                    family=who.family,
                    npi=npi,
                    location_id=place.pk,
                    rank=FAREWELL,
                    left_on=left,
                )
                taken.clinicians += 1
            if (row.family, row.given) == (who.family, who.given):
                found[key] = row.pk
                break
    return found


def _visits(
    by: Actor, record: Record, taken: Taken, place: Location, clinicians: dict[str, UUID]
) -> dict[str, tuple[UUID, UUID]]:
    """Return visit and clinician by the file's key of each visit that a bill may be about."""
    past = [
        visits.PastVisit(
            source=one.key,
            provider_id=clinicians[one.clinician],
            service_on=local_day(one.began_at, place.zone),
            started_at=one.began_at,
            ended_at=one.ended_at,
            reason=one.reason,
        )
        for one in {one.key: one for one in record.encounters}.values()
    ]
    if past:
        visits.import_visits(by, patient_id=taken.patient.pk, location_id=place.pk, visits=past)
    taken.visits = len(past)
    return queries.visits_by_source({bill.encounter for bill in record.bills if bill.encounter})


def _bills(
    by: Actor,
    record: Record,
    taken: Taken,
    place: Location,
    plans: dict[Plan, InsurancePlan],
    seen: dict[str, tuple[UUID, UUID]],
) -> None:
    past = list(_past_bills(record, taken, place, plans, seen))
    if past:
        taken.ledger_entries = len(ledger.bring_history(by, bills=past))
    taken.bills = len(past)


def _past_bills(
    record: Record,
    taken: Taken,
    place: Location,
    plans: dict[Plan, InsurancePlan],
    seen: dict[str, tuple[UUID, UUID]],
) -> Iterable[PastBill]:
    for one in {one.key: one for one in record.bills}.values():
        visit_id, provider_id = seen.get(one.encounter, (None, None))
        yield PastBill(
            source_key=one.key,
            patient_id=taken.patient.pk,
            service_on=one.service_on,
            charge=one.charge,
            visit_id=visit_id,
            provider_id=provider_id,
            location_id=place.pk,
            payer_id=plans[one.plan].payer_id if one.plan else None,
            plan_paid=one.plan_paid,
            shares=one.shares,
            own_payments=one.own_payments,
        )
