"""What Medicaid, QMB and workers' compensation keep from a patient: no payment, no card and no statement asks for it."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.coverage import commands as coverage
from daysheet.coverage.models import Coverage
from daysheet.formats import x12
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.ids import new_id
from daysheet.kernel.jobs import holding
from daysheet.ledger import asking, commands, queries
from daysheet.ledger.models import AskedAnyway, Payment, Statement
from daysheet.visits import commands as visits
from tests import cast, desk, make
from tests.coverage.answering import ACTIVE, reply, take_in
from tests.ledger.conftest import Office

pytestmark = pytest.mark.django_db
FEB_2, LAST_YEAR = date(2026, 2, 2), date(2025, 2, 3)
COPAY_3 = x12.Benefit("B", service_types=("98",), amount=Decimal("3.00"), network="Y")


@pytest.fixture
def medicaid(office: Office) -> Coverage:
    """Ms. Diaz holds Medicaid since March of last year; nobody has asked it yet."""
    plan = make.plan("Sunrise Medicaid", "SUNRISE", kind="medicaid", by_partner=make.partner())
    return make.coverage(office.diaz, plan)


def answered(office: Office, held: Coverage, *benefits: x12.Benefit, on: date = cast.MONDAY) -> None:
    with holding():
        asked = coverage.ask_eligibility(office.rosa, coverage_id=held.pk, service_on=on)
        take_in(office.practice.pk, reply(asked, *benefits))


@pytest.mark.usefixtures("medicaid")
def test_what_medicaid_left_is_not_asked(office: Office) -> None:
    office.charge("80.00")
    held = asking.asking(office.diaz.pk)
    assert (held.owes, held.may_ask, held.off) == (Decimal("80.00"), Decimal(0), Decimal("80.00"))
    assert held.words.startswith(
        "$80.00 of $80.00 may not be asked of the patient (Mar 9, 2026). Medicaid (Sunrise Medicaid)"
    )


@pytest.mark.usefixtures("medicaid")
def test_a_payment_beyond_it_is_refused_and_leaves_no_trace(office: Office) -> None:
    office.charge("80.00")
    with pytest.raises(commands.NothingMayBeAsked, match=r"447\.15"):
        office.pay("10.00")
    assert not Payment.objects.exists()


def test_the_copay_that_medicaid_named_may_be_taken(office: Office, medicaid: Coverage) -> None:
    answered(office, medicaid, ACTIVE, COPAY_3)
    assert office.pay("3.00", purpose="copay").amount == Decimal("3.00")
    with pytest.raises(commands.NothingMayBeAsked, match=r"\$3\.00"):
        office.pay("3.01", purpose="copay")


def test_the_copay_is_taken_once_for_a_visit(office: Office, medicaid: Coverage) -> None:
    answered(office, medicaid, ACTIVE, COPAY_3)
    visit_id = office.visit()
    office.pay("3.00", purpose="copay", visit_id=visit_id)
    with pytest.raises(commands.NothingMayBeAsked):
        office.pay("3.00", purpose="copay", visit_id=visit_id)


@pytest.mark.usefixtures("medicaid")
def test_nothing_is_taken_ahead(office: Office) -> None:
    with pytest.raises(commands.NothingMayBeAsked):
        office.pay("10.00", purpose="prepayment")


def test_of_a_day_after_it_ended_all_may_be_asked(office: Office, medicaid: Coverage) -> None:
    answered(office, medicaid, x12.Benefit("6", service_types=("30",)))
    office.charge("80.00")
    assert asking.asking(office.diaz.pk).may_ask == Decimal("80.00")


@pytest.mark.usefixtures("medicaid")
def test_a_statement_names_only_what_may_be_asked(office: Office) -> None:
    office.charge("80.00")
    office.charge("50.00", on=LAST_YEAR)
    made = commands.make_statement(office.ben, patient_id=office.diaz.pk)
    assert made.amount == Decimal("50.00")


def test_a_statement_asks_for_the_copay_and_says_what_it_does_not_ask(
    office: Office, medicaid: Coverage
) -> None:
    answered(office, medicaid, ACTIVE, COPAY_3)
    office.charge("80.00")
    kept = {one.key: one.may_ask for one in asking.asking(office.diaz.pk).kept_back}
    bill = queries.bill(office.diaz.pk, kept)
    assert (bill.amount, bill.lines[-1].text) == (Decimal("3.00"), "We do not ask you for $77.00 of this.")
    assert sum(line.effect for line in bill.lines) == bill.amount
    assert commands.make_statement(office.ben, patient_id=office.diaz.pk).amount == Decimal("3.00")


@pytest.mark.usefixtures("medicaid")
def test_no_statement_is_made_where_nothing_may_be_asked(office: Office) -> None:
    office.charge("80.00")
    with pytest.raises(commands.NothingMayBeAsked):
        commands.make_statement(office.ben, patient_id=office.diaz.pk)
    assert not Statement.objects.exists()


@pytest.mark.usefixtures("medicaid")
def test_money_goes_first_to_what_may_be_asked(office: Office) -> None:
    office.charge("80.00", on=FEB_2)
    later = office.charge("50.00", on=date(2026, 3, 2))
    commands.ask_anyway(
        office.ben,
        patient_id=office.diaz.pk,
        service_on=date(2026, 3, 2),
        why="not_covered",
        said="paper of Mar 2",
    )
    office.pay("50.00")
    owed = {one.service_on: one.owed for one in queries.items(office.diaz.pk)}
    assert owed == {FEB_2: Decimal("80.00"), later.service_on: Decimal("0.00")}


@pytest.mark.usefixtures("medicaid")
def test_what_is_lifted_may_be_asked_until_it_is_ended(office: Office) -> None:
    office.charge("80.00")
    facts = {"patient_id": office.diaz.pk, "service_on": cast.MONDAY, "why": "not_covered", "said": "paper 7"}
    lifted = commands.ask_anyway(office.ben, **facts)  # type: ignore[arg-type]
    assert asking.asking(office.diaz.pk).may_ask == Decimal("80.00")
    with pytest.raises(commands.NothingIsKeptBack):
        commands.ask_anyway(office.ben, **facts)  # type: ignore[arg-type]
    commands.ask_no_more(office.ben, lifted_id=lifted.pk)
    assert asking.asking(office.diaz.pk).may_ask == Decimal(0)
    with pytest.raises(commands.NothingIsKeptBack):
        commands.ask_no_more(office.ben, lifted_id=lifted.pk)


@pytest.mark.usefixtures("medicaid")
def test_a_day_is_let_before_anything_is_owed_for_it(office: Office) -> None:
    facts = {"patient_id": office.diaz.pk, "why": "not_covered", "said": "paper 7"}
    with pytest.raises(commands.NothingIsKeptBack):
        commands.ask_anyway(office.ben, service_on=date(2020, 3, 2), **facts)
    browser = desk.signed_in(make.member("office_manager", "ana-lets", at=office.door))
    account = reverse("ledger:account", args=[office.diaz.pk])
    assert "Ask after all" in browser.get(account).content.decode()
    form = browser.get(reverse("ledger:ask-anyway", args=[office.diaz.pk])).content.decode()
    assert "nothing is owed yet" in form
    commands.ask_anyway(office.ben, service_on=cast.MONDAY, **facts)
    assert office.pay("50.00", purpose="prepayment").amount == Decimal("50.00")
    assert asking.protected_today(office.diaz.pk, cast.MONDAY) is None


@pytest.mark.usefixtures("medicaid")
def test_the_desk_may_not_lift_it(office: Office) -> None:
    office.charge("80.00")
    with pytest.raises(NotPermitted):
        commands.ask_anyway(
            office.rosa, patient_id=office.diaz.pk, service_on=cast.MONDAY, why="not_covered", said="paper"
        )
    assert not AskedAnyway.objects.exists()


def test_a_visit_that_workers_compensation_pays_for_is_on_no_statement(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurt = new_id()

    def shield(visit_ids: Collection[UUID]) -> Mapping[UUID, str]:
        return {one: "Workers' compensation pays." for one in visit_ids if one == hurt}

    monkeypatch.setattr(asking, "shields", [shield])
    office.charge("80.00", visit_id=hurt)
    office.charge("50.00")
    assert commands.make_statement(office.ben, patient_id=office.diaz.pk).amount == Decimal("50.00")
    with pytest.raises(commands.NothingMayBeAsked, match="Workers' compensation pays"):
        office.pay("60.00")


def test_any_number_of_accounts_is_judged_in_as_many_statements(office: Office, medicaid: Coverage) -> None:
    office.charge("80.00")
    people = [office.diaz]
    with CaptureQueriesContext(connection) as one:
        asking.askings([who.pk for who in people])
    for number in range(4):
        other = make.patient(family=f"Roe{number}")
        make.coverage(other, medicaid.plan, member_id=f"M{number}")
        office.charge("20.00", of=other)
        people.append(other)
    with CaptureQueriesContext(connection) as many:
        found = asking.askings([who.pk for who in people])
    assert len(one) == len(many) == 5
    assert sum(held.off for held in found.values()) == Decimal("160.00")


def test_the_day_of_the_visit_decides_and_not_the_day_of_the_payment(
    office: Office, medicaid: Coverage
) -> None:
    visit = visits.walk_in(
        office.rosa, patient_id=office.diaz.pk, provider_id=office.dr_lee.pk, location_id=office.door.pk
    )
    Coverage.objects.filter(pk=medicaid.pk).update(ends_on=cast.MONDAY + timedelta(days=1))
    tomorrow = office.rosa.at(cast.NOW + timedelta(days=1))
    with pytest.raises(commands.NothingMayBeAsked, match="It holds for Mar 9, 2026"):
        office.pay("10.00", by=tomorrow, purpose="copay", visit_id=visit.pk)


def test_nothing_is_taken_beyond_what_may_be_asked_as_a_balance(office: Office, medicaid: Coverage) -> None:
    answered(office, medicaid, ACTIVE, COPAY_3)
    office.pay("3.00", purpose="copay")
    with pytest.raises(commands.NothingMayBeAsked, match=r"447\.15.*Mar 9, 2026.*Take nothing"):
        office.pay("50.00", method="check", check_number="1201")
    assert Payment.objects.count() == 1


def test_what_is_owed_from_before_medicaid_may_be_paid_and_no_cent_more(
    office: Office, medicaid: Coverage
) -> None:
    medicaid.starts_on = cast.MONDAY
    medicaid.save()
    office.charge("20.00", on=cast.MONDAY - timedelta(days=30))
    with pytest.raises(commands.NothingMayBeAsked, match=r"Take at most \$20\.00"):
        office.pay("20.01")
    assert office.pay("20.00").amount == Decimal("20.00")
