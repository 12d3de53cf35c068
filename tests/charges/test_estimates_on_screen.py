"""Estimates on screen: the list with its clocks, the two questions, lines, the paper, what contracts allow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.charges.models import ContractRate, Estimate, EstimateLine, EstimatePolicy, UsualService
from daysheet.kernel.models import AuditLine
from tests import cast, desk, make
from tests.charges.test_estimates import House, discounted

pytestmark = pytest.mark.django_db


@dataclass
class Screen:
    """The office of estimates in a manager's browser."""

    house: House
    browser: Client

    def get(self, name: str, *args: Any, **headers: str) -> str:
        answer = self.browser.get(reverse(f"charges:{name}", args=args), headers=headers)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def post(
        self, name: str, *args: Any, shown: str, htmx: bool = False, **fields: object
    ) -> tuple[int, str]:
        """Press the button of the form that goes to an address."""
        url = reverse(f"charges:{name}", args=args)
        mark = f'action="{url}"' if f'action="{url}"' in shown else "<form"
        hidden = {key: value for key, value in desk.hidden_fields(shown, form=mark).items() if key != "_once"}
        headers = {"HX-Request": "true"} if htmx else {}
        answer = self.browser.post(url, hidden | fields, headers=headers)
        return answer.status_code, answer.content.decode()

    def act(self, held: Estimate, name: str, **fields: object) -> tuple[int, str]:
        return self.post(name, held.pk, shown=self.get("estimate", held.pk), **fields)  # type: ignore[arg-type]


@pytest.fixture
def screen() -> Iterator[Screen]:
    with make.acting(make.practice(is_training=True, clock_at=cast.NOW)) as practice:
        house = House(practice)
        yield Screen(house, desk.signed_in(make.member("office_manager", "ana", at=house.door)))


def test_from_the_list_to_the_paper_in_plain_forms(screen: Screen) -> None:
    booked = screen.house.book(4)
    page = screen.get("estimates")
    assert "tomorrow" in page
    assert "law: 1 business day after booking" in page
    asked = screen.get("estimate-for-visit", booked.pk)
    status, _ = screen.post("estimate-for-visit", booked.pk, shown=asked, has_coverage="no")
    assert status == 303
    held = Estimate.objects.get()
    assert screen.act(held, "estimate-line", code="x0015", units="3")[0] == 303
    assert (
        screen.act(held, "estimate-change", for_what="Back pain", discount_percent="50", diagnoses="m54.50")[
            0
        ]
        == 303
    )
    assert screen.act(held, "estimate-make")[0] == 303
    assert screen.act(held, "estimate-give", how="hand")[0] == 303
    held.refresh_from_db()
    assert (held.state, held.versions.get().high) == ("given", Decimal(150))
    assert "Handed over on paper" in screen.get("estimate", held.pk)
    assert AuditLine.objects.filter(action="charges.estimate.viewed").exists()


def test_with_script_only_the_estimate_is_swapped(screen: Screen) -> None:
    held = screen.house.ask(screen.house.book(4))
    status, body = screen.act(held, "estimate-line-remove", code="X0015", htmx=True)
    assert status == 200
    assert "<html" not in body
    assert "X0015 is off the estimate." in body
    assert not EstimateLine.objects.filter(code="X0015").exists()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(screen: Screen) -> None:
    held = screen.house.ask(screen.house.book(4))
    status, body = screen.act(held, "estimate-line", code="Z9999", units="2")
    assert status == 409
    assert "no price for Z9999" in body
    assert 'value="Z9999"' in body
    assert screen.act(held, "estimate-line", code="", units="2")[0] == 422
    assert screen.act(held, "estimate-close", reason="")[0] == 422
    assert screen.act(held, "estimate-change", for_what="", discount_percent="101")[0] == 422
    status, body = screen.act(held, "estimate-give", how="hand")
    assert status == 409
    assert screen.act(held, "estimate-close", reason="Found a plan")[0] == 303


def test_who_is_covered_is_asked_whether_the_plan_is_used(screen: Screen) -> None:
    screen.house.cover()
    shown = screen.get("estimate-new", screen.house.patient.pk)
    facts = {"has_coverage": "yes", "provider": str(screen.house.lee.pk), "for_what": "Injection"}
    status, body = screen.post("estimate-new", screen.house.patient.pk, shown=shown, **facts)
    assert status == 422
    assert "will use it for this" in body
    status, _ = screen.post(
        "estimate-new", screen.house.patient.pk, shown=shown, uses_coverage="yes", **facts
    )
    assert status == 303
    assert "the plan has not said" not in screen.get("estimate", Estimate.objects.get().pk)


def test_a_moved_visit_is_taken_over_by_hand(screen: Screen) -> None:
    booked = screen.house.book(10)
    held = screen.house.ask(booked)
    type(booked).objects.filter(pk=booked.pk).update(on_day=booked.on_day + timedelta(days=2))
    assert "another day or clinician" in screen.get("estimate", held.pk)
    assert "booking changed" in screen.get("estimates")
    assert screen.act(held, "estimate-follow")[0] == 303
    held.refresh_from_db()
    assert held.service_on == booked.on_day + timedelta(days=2)


def test_panels_of_patient_and_appointment(screen: Screen) -> None:
    booked = screen.house.book(4)
    assert "What will it cost?" in screen.get("appointment-estimate", booked.pk, **{"HX-Request": "true"})
    screen.house.ask(booked)
    for name, of in (("appointment-estimate", booked.pk), ("patient-estimates", screen.house.patient.pk)):
        assert "<html" not in screen.get(name, of, **{"HX-Request": "true"})
        assert "Good-faith estimate" in screen.get(name, of)


def test_contracts_usual_services_and_the_discount_are_the_managers(screen: Screen) -> None:
    plan = make.plan()
    shown = screen.get("rates")
    facts = {
        "payer": f"{plan.payer_id}.{plan.pk}",
        "code": "x0020",
        "amount": "99.50",
        "starts_on": "1/1/2026",
    }
    assert screen.post("rates", shown=shown, **facts)[0] == 303
    rate = ContractRate.objects.get()
    assert (rate.plan_id, rate.amount) == (plan.pk, Decimal("99.50"))
    assert screen.post("rates", shown=shown, **facts | {"payer": "nobody"})[0] == 422
    assert screen.post("rate-remove", rate.pk, shown=screen.get("rates"))[0] == 303
    assert screen.post("rate-remove", rate.pk, shown=shown)[0] == 409
    shown = screen.get("usual")
    kind = str(screen.house.follow_up.pk)
    assert screen.post("usual", shown=shown, type=kind, code="X0099", units="1")[0] == 303
    assert screen.post("usual", shown=shown, type=kind, code="X", units="1")[0] == 409
    usual = UsualService.objects.get(code="X0099")
    assert screen.post("usual-remove", usual.pk, shown=screen.get("usual"))[0] == 303
    assert screen.post("usual-remove", usual.pk, shown=shown)[0] == 409
    status, _ = screen.post(
        "estimate-policy", shown=screen.get("usual"), discount_percent="20", others_note="Lab"
    )
    assert status == 303
    assert EstimatePolicy.objects.get().discount_percent == 20
    assert screen.post("estimate-policy", shown=shown, discount_percent="120")[0] == 422
    status, body = screen.post("estimate-policy", shown=shown, discount_percent="-1")
    assert (status, "Ensure this value" in body) == (422, False)
    assert "Discount for who pays without a plan, in percent: at least 0." in body


def test_the_list_takes_the_same_statements_for_any_number(screen: Screen) -> None:
    screen.house.ask(screen.house.book(4))
    screen.house.book(9)
    screen.get("estimates")
    with CaptureQueriesContext(
        connection,
    ) as few:
        screen.get("estimates")
    for number, day in enumerate((5, 6, 7, 8)):
        screen.house.patient = make.patient(f"Other{number}")
        booked = screen.house.book(day)
        if number % 2:
            screen.house.ask(booked)
    with CaptureQueriesContext(connection) as many:
        screen.get("estimates")
    assert len(many) == len(few)


def test_a_receptionist_begins_one_and_cannot_set_contracts(screen: Screen) -> None:
    browser = desk.signed_in(make.member("receptionist", "rosa", at=screen.house.door))
    assert browser.get(reverse("charges:estimates")).status_code == 200
    assert browser.get(reverse("charges:rates")).status_code == 403
    assert EstimatePolicy.objects.count() == 0


def test_the_notice_of_a_bill_far_over_names_what_is_held_against_the_estimate(screen: Screen) -> None:
    held, booked = discounted(screen.house)  # 120 of 240
    screen.house.bill(booked, X0020="1040")
    page = screen.get("estimate", held.pk)
    assert "The bill is $400.00 over this estimate" in page
    assert "Asked: $520.00, expected: $120.00." in page
    assert "Posted: $1,040.00, less $520.00 taken off or promised." in page


def test_where_the_facility_bills_a_line_is_asked_for_its_revenue_code(screen: Screen) -> None:
    held = screen.house.ask()
    assert "Revenue code" not in screen.get("estimate", held.pk)
    make.setting("hospital_department", screen.house.door)
    assert "Revenue code" in screen.get("estimate", held.pk)
    assert screen.act(held, "estimate-line", code="X0020", units="1", revenue_code="77")[0] == 422
    assert screen.act(held, "estimate-line", code="X0020", units="1", revenue_code="510")[0] == 303
    codes = held.lines.filter(code="X0020").order_by("revenue_code").values_list("revenue_code", flat=True)
    assert list(codes) == ["", "0510"]
    assert "Facility, revenue code 0510" in screen.get("estimate", held.pk)
    status, _ = screen.act(held, "estimate-line-remove", code="X0020", revenue_code="0510")
    assert (status, list(codes.all())) == (303, [""])
