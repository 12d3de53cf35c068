"""A setting's demonstration stands beside the ordinary one: own people, own patients, own sign-in cards, own walls."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import Client

from daysheet.charges.models import Charge
from daysheet.claims.models import Claim
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger.models import Daysheet
from daysheet.patients.models import Patient
from daysheet.practice.models import Membership
from daysheet.practice.signing_in import PRACTICE, demo_cards
from daysheet.schedule.models import Appointment
from daysheet.site.demo_settings import PATIENTS, make_setting_demo
from tests import cast
from tests.throwaway import Throwaway


@pytest.fixture(scope="module")
def made(
    django_db_setup: None,
    django_db_blocker: Any,
    test_database: Throwaway,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, list[Practice]]]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        connections.close_all()  # a test before this one may have cloned the database anew
        patch.setattr(settings, "STATE", tmp_path_factory.mktemp("state"))
        yield {key: make_setting_demo(key, now=cast.NOW) for key in ("dental", "billing_service", "insurer")}
        connections.close_all()
        test_database.renew()


@pytest.fixture(autouse=True)
def _unblocked(made: Any, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def test_a_dental_demonstration_has_two_closed_days_a_morning_and_days_to_come(
    made: dict[str, list[Practice]],
) -> None:
    (practice,) = made["dental"]
    assert (practice.name, practice.is_demo, practice.is_training) == ("Elm Street Dental", True, True)
    with acting_in(practice.pk), transaction.atomic():
        assert Daysheet.objects.count() == 2
        assert Patient.objects.count() >= PATIENTS
        assert Appointment.objects.filter(on_day__gt=cast.MONDAY).count() > 10
        assert set(Claim.objects.values_list("kind", flat=True)) == {"dental"}
        assert Claim.objects.filter(state="accepted").exists()
        assert not Claim.objects.filter(state="held").exists()
        assert Charge.objects.exclude(teeth=[]).exists()


def test_a_press_on_its_card_signs_in_there(made: dict[str, list[Practice]]) -> None:
    browser = Client()
    body = browser.get("/sign-in/").content.decode()
    assert "Dental practice: Elm Street Dental" in body
    browser.post("/sign-in/demo/", {"role": "dental-receptionist"})
    assert browser.session[PRACTICE] == str(made["dental"][0].pk)
    assert b"Elm Street Dental" in browser.get("/", follow=True).content


def test_a_billing_services_biller_has_a_place_in_each_clients_practice(
    made: dict[str, list[Practice]],
) -> None:
    names = {one.name for one in made["billing_service"]}
    assert names == {
        "Maple Grove Family Practice for Harbor Billing Service",
        "Lakeshore Cardiology for Harbor Billing Service",
    }
    people = set()
    for one in made["billing_service"]:
        with acting_in(one.pk), transaction.atomic():
            people.add(Membership.objects.get(role="biller").user_id)
            assert Claim.objects.filter(place_of_service="11").exclude(state="held").exists()
    assert len(people) == 1
    browser = Client()
    browser.post("/sign-in/demo/", {"role": "billing_service-biller"})
    assert browser.get("/claims/").status_code == 200


def test_an_insurers_clerk_sits_at_the_companys_desk(made: dict[str, list[Practice]]) -> None:
    (company,) = made["insurer"]
    assert (company.name, company.kind) == ("Commonwealth Mutual", "payer")
    browser = Client()
    browser.post("/sign-in/demo/", {"role": "insurer-insurance_clerk"})
    assert browser.session[PRACTICE] == str(company.pk)


def test_what_one_practice_holds_no_other_sees(made: dict[str, list[Practice]]) -> None:
    (dental,), (family, _cardiology) = made["dental"], made["billing_service"]
    with acting_in(family.pk), transaction.atomic():
        foreign = Patient.objects.order_by("chart_number")[0]
    browser = Client()
    browser.post("/sign-in/demo/", {"role": "dental-receptionist"})
    assert browser.get(f"/patients/{foreign.pk}/").status_code == 404
    with acting_in(dental.pk), transaction.atomic():
        assert not Patient.objects.filter(pk=foreign.pk).exists()


def test_making_it_anew_keeps_the_earlier_one_under_another_name(made: dict[str, list[Practice]]) -> None:
    (again,) = make_setting_demo("dental", now=cast.NOW)
    made["dental"][0].refresh_from_db()
    assert again.name == "Elm Street Dental"
    assert made["dental"][0].name == "Elm Street Dental (earlier 1)"
    browser = Client()
    browser.post("/sign-in/demo/", {"role": "dental-receptionist"})
    assert browser.session[PRACTICE] == str(again.pk)
    assert len([name for name, _cards in demo_cards() if name.startswith("Dental")]) == 1


def test_an_unknown_setting_is_told_with_what_there_is(made: dict[str, list[Practice]]) -> None:
    with pytest.raises(Refusal, match=r"no care setting called circus\. Known: family, cardiology"):
        make_setting_demo("circus", now=cast.NOW)
