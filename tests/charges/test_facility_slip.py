"""The slip and the fee schedule of an office that bills for the facility: revenue codes typed, kept, refused."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.charges import commands
from daysheet.charges.models import Charge, FeeItem
from daysheet.kernel.errors import Refusal
from daysheet.practice.models import AddedSetting, Location
from tests import cast, desk, make
from tests.charges.conftest import JAN_1, furnish
from tests.charges.test_slip_on_screen import Screen


@pytest.fixture
def screen(db: None) -> Iterator[Screen]:
    """Ana's browser in a hospital's clinic; X0510 is the hospital's, X0020 the clinician's."""
    with make.acting(make.practice(is_training=True, clock_at=cast.NOW)) as practice:
        furnished = furnish(practice)
        make.setting("hospital_department", furnished.door)
        commands.set_fee(
            furnished.ana,
            code="X0510",
            label="Clinic visit",
            amount=Decimal("210.00"),
            starts_on=JAN_1,
            revenue_code="510",
        )
        member = make.member("office_manager", "ana", at=furnished.door)
        yield Screen(furnished, desk.signed_in(member))


def add(screen: Screen, **fields: object) -> tuple[int, str]:
    return screen.send("charge-add", **({"code": "X0510", "units": "1", "pointers": "1"} | fields))


def test_both_bills_of_a_visit_stand_on_one_slip_and_a_posted_line_keeps_its_revenue_code(
    screen: Screen,
) -> None:
    screen.desk.diagnoses("M54.50")
    assert add(screen)[0] == 303
    assert add(screen, code="X0020")[0] == 303
    assert add(screen, code="X0020", revenue_code="0260", amount="95.00")[0] == 303
    page = screen.slip()
    assert "Facility, revenue code 0510" in page
    assert "never holds both" not in page
    assert screen.send("slip-post")[0] == 303
    commands.set_fee(
        screen.desk.ana,
        code="X0510",
        label="Clinic visit",
        amount=Decimal("210.00"),
        starts_on=JAN_1,
        revenue_code="0761",
    )
    assert [(one.code, one.revenue_code) for one in Charge.objects.order_by("rank")] == [
        ("X0510", "0510"),
        ("X0020", ""),
        ("X0020", "0260"),
    ]
    assert "Facility, revenue code 0510" in screen.slip()


@pytest.mark.parametrize("typed", ["51", "05100", "0A10", "0001", "<b>"])
def test_a_wrong_revenue_code_is_told_in_a_sentence_and_nothing_is_written(
    screen: Screen, typed: str
) -> None:
    answer, page = add(screen, revenue_code=typed)
    assert answer == 422
    assert any(told in page for told in ("four digits", "code of no service"))
    assert not Charge.objects.exists()
    with pytest.raises(Refusal):
        screen.desk.line("X0020", revenue_code=typed)


def test_the_schedule_asks_for_the_revenue_code_and_says_what_it_must_look_like(screen: Screen) -> None:
    address = reverse("charges:fees")
    page = screen.browser.get(address).content.decode()
    assert "Clinic visit, facility, revenue code 0510" in page
    hidden = desk.hidden_fields(page, form='id="fee-form"')
    facts = {"code": "X0077", "label": "Room", "amount": "90", "starts_on": "3/9/2026"}
    answer = screen.browser.post(address, hidden | facts | {"revenue_code": "77"})
    assert answer.status_code == 422
    assert "A revenue code has four digits, such as 0510." in answer.content.decode()
    assert not FeeItem.objects.filter(code="X0077").exists()
    assert screen.browser.post(address, hidden | facts | {"revenue_code": "0770"}).status_code == 303
    assert FeeItem.objects.get(code="X0077").revenue_code == "0770"


def test_a_new_price_keeps_the_revenue_code_and_one_of_a_file_taken_back_brings_it_back(
    screen: Screen,
) -> None:
    ana = screen.desk.ana
    new = commands.set_fee(
        ana, code="X0510", label="Clinic visit", amount=Decimal("220.00"), starts_on=cast.MONDAY
    )
    assert new.revenue_code == "0510"
    gone = commands.set_fee(
        ana,
        code="X0510",
        label="Clinic visit",
        amount=Decimal("220.00"),
        starts_on=cast.MONDAY,
        revenue_code="",
    )
    assert gone.revenue_code == ""


def test_an_office_that_bills_for_no_facility_is_asked_nothing(screen: Screen) -> None:
    AddedSetting.objects.update(taken_back_at=cast.NOW)
    assert 'name="revenue_code"' not in screen.slip()
    assert 'name="revenue_code"' not in screen.browser.get(reverse("charges:fees")).content.decode()
    door = reverse("practice:location", args=[screen.desk.door.pk])
    assert 'name="bill_type"' not in screen.browser.get(door).content.decode()


def test_the_type_of_bill_is_set_on_the_page_of_the_location(screen: Screen) -> None:
    page = reverse("practice:location", args=[screen.desk.door.pk])
    shown = screen.browser.get(page).content.decode()
    assert "with type of bill 13" in shown
    hidden = desk.hidden_fields(shown, form='id="bill-type-form"')
    address = reverse("practice:bill-type", args=[screen.desk.door.pk])
    for typed, sentence in (("1", "two digits"), ("11", "patients with a bed"), ("1a", "two digits")):
        answer = screen.browser.post(address, hidden | {"bill_type": typed})
        assert answer.status_code in {409, 422}, typed
        assert sentence in answer.content.decode()
    assert screen.browser.post(address, hidden | {"bill_type": "85"}).status_code == 303
    assert Location.objects.get().bill_type == "85"
    assert "with type of bill 85" in screen.browser.get(page).content.decode()


def test_only_who_manages_the_office_sets_it(screen: Screen) -> None:
    address = reverse("practice:bill-type", args=[screen.desk.door.pk])
    rosa = desk.signed_in(make.member("receptionist", "rosa", at=screen.desk.door))
    assert rosa.post(address, {"bill_type": "85"}).status_code == 403
    assert Location.objects.get().bill_type == ""


def test_more_lines_take_no_more_statements(screen: Screen) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            screen.slip()
        return len(seen)

    screen.desk.diagnoses("M54.50")
    screen.desk.line("X0510")
    statements()
    one = statements()
    for _ in range(4):
        screen.desk.line("X0510")
    assert statements() == one


def test_one_service_costs_something_else_by_the_revenue_code_of_its_line(screen: Screen) -> None:
    screen.desk.diagnoses("M54.50")
    address = reverse("charges:fees")
    hidden = desk.hidden_fields(screen.browser.get(address).content.decode(), form='id="fee-form"')
    facts = {"code": "X0020", "label": "Visit", "amount": "150", "starts_on": "3/9/2026"}
    wrong = screen.browser.post(address, hidden | facts | {"revenue_prices": "0260 x"})
    assert wrong.status_code == 422
    assert "write the revenue code, then its price" in wrong.content.decode()
    told = {"revenue_prices": "260 95, 0510: $310.50"}
    assert screen.browser.post(address, hidden | facts | told).status_code == 303
    assert "by revenue code: 0260 95.00, 0510 310.50" in screen.browser.get(address).content.decode()
    for typed in ("", "0260", "0510", "0761"):
        assert add(screen, code="X0020", revenue_code=typed)[0] == 303
    prices = [(one.revenue_code, str(one.unit_fee)) for one in Charge.objects.order_by("rank")]
    assert prices == [("", "150.00"), ("0260", "95.00"), ("0510", "310.50"), ("0761", "150.00")]
    kept = commands.set_fee(
        screen.desk.ana, code="X0020", label="Visit", amount=Decimal(160), starts_on=cast.MONDAY
    )
    assert kept.revenue_prices == {"0260": "95.00", "0510": "310.50"}
    line = Charge.objects.get(rank=1)
    commands.change_charge(
        screen.desk.ana, charge_id=line.pk, version=1, units=1, pointers=[1], revenue_code="0510"
    )
    line.refresh_from_db()
    assert (line.revenue_code, str(line.amount)) == ("0510", "310.50")
