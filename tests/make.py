"""Things for tests, one make.<noun>() each, with only the arguments that matter."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction

from daysheet.coverage.models import Coverage, InsurancePlan, Payer
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import Practice
from daysheet.kernel.numbers import next_number
from daysheet.kernel.tenancy import acting_in, acting_practice_id
from daysheet.mailroom.models import TradingPartner
from daysheet.patients import commands as patients
from daysheet.patients.models import Patient
from daysheet.patients.rules import PhoneFact
from daysheet.practice.models import AddedSetting, ExamRoom, Location, Membership, Office, Provider, User
from daysheet.practice.rules import npi_from
from daysheet.schedule.models import AppointmentType, ProviderHours
from tests import cast


@contextmanager
def acting(practice: Practice) -> Iterator[Practice]:
    """Act in a practice, in a transaction, as a request does."""
    with acting_in(practice.pk), transaction.atomic():
        yield practice


def practice(name: str = "Northside Family Medicine", **more: Any) -> Practice:
    """Found a practice."""
    return Practice.objects.create(name=name, **more)


def patient(family: str = "Diaz", given: str = "Maria", **more: Any) -> Patient:
    """Register Ms. Diaz, or another, in the acting practice."""
    facts = {"born_on": date(1962, 3, 14), "sex": "F", "registered_at": cast.NOW} | more
    return Patient.objects.create(
        family=family, given=given, chart_number=next_number("chart", first=10442), **facts
    )


def registered(family: str = "Diaz", given: str = "Maria", **more: Any) -> Patient:
    """Register a patient by the command, so that search finds one; `phones` may be bare numbers."""
    phones = more.pop("phones", ["+15552010142"] if family == "Diaz" else [])
    facts = {"born_on": date(1962, 3, 14), "different_because": "made for a test"} | more
    heard = [phone if isinstance(phone, PhoneFact) else PhoneFact(phone) for phone in phones]
    rosa = cast.rosa(acting_practice_id() or new_id())
    return patients.register_patient(rosa, family=family, given=given, phones=heard, **facts)


def partner(name: str = "Clearwater House", transport: str = "folder", **more: Any) -> TradingPartner:
    """Enter a trading partner in the acting practice."""
    facts = {"our_id": "NORTHSIDE", "their_id": "CLEARWATER", "folder": "clearwater"} | more
    return TradingPartner.objects.create(name=name, transport=transport, **facts)


def office(**more: Any) -> Office:
    """Put the acting practice on paper."""
    facts = {
        "legal_name": "Northside Family Medicine",
        "npi": npi_from(1),
        "tax_id": "123456789",
        "taxonomy": "207Q00000X",
        "street": "12 Main St",
        "city": "Springfield",
        "state": "MA",
        "zip": "011030001",
        "phone": "+14135550100",
    } | more
    return Office.objects.create(**facts)


def location(name: str = "Main St", **more: Any) -> Location:
    """Open a door."""
    facts = {
        "street": "12 Main St",
        "city": "Springfield",
        "state": "MA",
        "zip": "011030001",
        "is_main": True,
    } | more
    return Location.objects.create(name=name, **facts)


def setting(key: str, at: Location) -> AddedSetting:
    """Let the acting practice be of a care setting, without what it brings."""
    return AddedSetting.objects.create(setting=key, location=at, added_at=cast.NOW, added_by="Ana")


def room(at: Location, name: str = "Room 1") -> ExamRoom:
    """Add a room."""
    return ExamRoom.objects.create(location=at, name=name)


def provider(
    family: str = "Lee", given: str = "Grace", *, at: Location | None = None, number: int = 7
) -> Provider:
    """Add a clinician, with an NPI that fits."""
    return Provider.objects.create(
        family=family, given=given, credential="MD", npi=npi_from(number), taxonomy="207Q00000X", location=at
    )


def visit_type(name: str = "Follow-up", minutes: int = 20, **more: Any) -> AppointmentType:
    """Add a kind of visit."""
    return AppointmentType.objects.create(name=name, minutes=minutes, **more)


def hours(who: Provider, at: Location, *, weekdays: range = range(5)) -> list[ProviderHours]:
    """Let a clinician see patients from eight to noon and from one to five."""
    halves = [(time(8), time(12)), (time(13), time(17))]
    return ProviderHours.objects.bulk_create(
        ProviderHours(provider=who, location=at, weekday=day, begins=begins, ends=ends)
        for day in weekdays
        for begins, ends in halves
    )


def plan(
    name: str = "Blue PPO",
    payer_id: str = "BLUE1",
    *,
    kind: str = "ppo",
    by_partner: TradingPartner | None = None,
) -> InsurancePlan:
    """Add a payer with a plan."""
    payer = Payer.objects.create(name=name, payer_id=payer_id, partner=by_partner)
    return InsurancePlan.objects.create(payer=payer, name=name, kind=kind)


def coverage(of: Patient, by: InsurancePlan, **more: Any) -> Coverage:
    """Cover a patient by a plan, for a year back and open to the front."""
    facts = {"member_id": "XJ4001", "starts_on": cast.MONDAY - timedelta(days=365)} | more
    return Coverage.objects.create(patient=of, plan=by, **facts)


def member(role: str = "receptionist", name: str = "rosa", *, at: Location | None = None) -> Membership:
    """Give a person a place in the acting practice, with a sign-in."""
    person, _ = User.objects.get_or_create(username=name)
    return Membership.objects.create(user=person, role=role, display_name=name.title(), location=at)
