"""The copay of a visit is read by the service of its kind: urgent care is not an office visit."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from daysheet.coverage import commands as coverage
from daysheet.coverage import queries as plans
from daysheet.coverage.models import Coverage, InsurancePlan
from daysheet.formats import x12
from daysheet.frontdesk.board import board
from daysheet.frontdesk.checkin import money_of
from daysheet.kernel.jobs import holding
from daysheet.ledger import commands as ledger
from daysheet.ledger.asking import asking
from daysheet.practice.care_settings import care_setting
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import AppointmentType
from daysheet.visits import commands as visits
from tests import cast, make
from tests.coverage.answering import ACTIVE, COPAY, reply, take_in
from tests.house import House, appointment, charged

pytestmark = pytest.mark.django_db
URGENT = replace(COPAY, service_types=("UC",), amount=Decimal("50.00"))


def due(house: House) -> list[Decimal | None]:
    found = board(location_id=house.door.pk, day=cast.MONDAY, now=cast.NOW, zone=house.door.zone)
    return [row.copay for row in found.rows]


def answered(house: House, *lines: x12.Benefit) -> tuple[str, ...]:
    """Ask the plan of Ms. Diaz and take its answer in; return the services that were asked for."""
    card = Coverage.objects.get(patient=house.diaz)
    with holding():
        asked = coverage.ask_eligibility(house.rosa, coverage_id=card.pk, service_on=cast.MONDAY)
    assert asked.envelope is not None
    take_in(house.practice.pk, reply(asked, ACTIVE, *lines))
    (document,) = x12.read(bytes(asked.envelope.content))
    services: tuple[str, ...] = document.content.inquiries[0].service_types
    return services


@pytest.fixture
def urgent(house: House) -> House:
    """Ms. Diaz is booked for a kind of visit that plans call urgent care."""
    make.coverage(house.diaz, make.plan(by_partner=make.partner()))
    AppointmentType.objects.update(copay_service="UC")
    appointment(house, cast.NOW + timedelta(hours=1), patient=house.diaz)
    return house


def test_urgent_care_is_asked_for_and_its_copay_taken(urgent: House) -> None:
    assert answered(urgent, COPAY, URGENT) == ("30", "UC")
    assert due(urgent) == [Decimal("50.00")]
    how = "service type UC (urgent care), in network, line 3 of the answer"
    said = plans.copay_due(urgent.diaz.pk, cast.MONDAY, service="UC")
    assert (said[0], how in said[1]) == (Decimal("50.00"), True)
    assert plans.copay_due(urgent.diaz.pk, cast.MONDAY)[0] == Decimal("20.00")


def test_check_in_takes_what_the_board_said(urgent: House) -> None:
    answered(urgent, COPAY, URGENT)
    visit = visits.walk_in(
        urgent.rosa, patient_id=urgent.diaz.pk, provider_id=urgent.lee.pk, location_id=urgent.door.pk
    )
    assert (visit.copay_due, money_of(visit).copay) == (Decimal("50.00"), Decimal("50.00"))


def test_where_the_kind_takes_no_copay_the_board_shows_none(urgent: House) -> None:
    answered(urgent, COPAY, URGENT)
    AppointmentType.objects.update(takes_copay=False)
    assert due(urgent) == [None]


def test_a_plan_that_does_not_name_the_service_has_not_said(urgent: House) -> None:
    answered(urgent, COPAY)
    assert due(urgent) == [None]


def test_the_setting_says_the_service_of_its_visits(house: House) -> None:
    def of(key: str) -> set[str]:
        held = care_setting(key)
        assert held is not None
        return {one.copay_service for one in held.visits}

    assert (of("urgent_care"), of("dental"), of("family")) == ({"UC"}, {"35"}, {"98"})


def test_a_kind_keeps_its_service_when_its_name_changes(house: House) -> None:
    kind = schedule.add_appointment_type(
        cast.ana(house.practice.pk), name="Sprain", minutes=20, copay_service="UC"
    )
    kind = schedule.change_appointment_type(
        cast.ana(house.practice.pk), type_id=kind.pk, name="Sprains", minutes=20
    )
    assert kind.copay_service == "UC"


def test_a_dentist_asks_for_dental_care_though_no_visit_takes_a_copay(urgent: House) -> None:
    AppointmentType.objects.update(copay_service="35", takes_copay=False)
    assert answered(urgent) == ("30", "35")


def test_medicaid_lets_the_copay_of_the_visits_own_service_be_asked(urgent: House) -> None:
    InsurancePlan.objects.update(kind="medicaid")
    answered(urgent, replace(COPAY, amount=Decimal("1.00")), replace(URGENT, amount=Decimal("8.00")))
    visit = visits.walk_in(
        urgent.rosa, patient_id=urgent.diaz.pk, provider_id=urgent.lee.pk, location_id=urgent.door.pk
    )
    charged(urgent, "50.00", visit.pk)
    assert (money_of(visit).copay, asking(urgent.diaz.pk).may_ask) == (Decimal("8.00"), Decimal("8.00"))
    facts = {"patient_id": urgent.diaz.pk, "location_id": urgent.door.pk, "visit_id": visit.pk}
    taken = ledger.take_payment(urgent.rosa, amount=Decimal("8.00"), method="cash", purpose="copay", **facts)
    assert taken.amount == Decimal("8.00")
    with pytest.raises(ledger.NothingMayBeAsked):
        ledger.take_payment(urgent.rosa, amount=Decimal("1.00"), method="cash", purpose="copay", **facts)
