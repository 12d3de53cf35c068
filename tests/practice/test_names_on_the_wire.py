"""A name that payers have no room for is refused where it is typed, and never leaves in a file."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from daysheet.coverage import commands as coverage
from daysheet.coverage.models import InsurancePlan
from daysheet.formats import x12
from daysheet.formats.x12.names import LONGEST_GIVEN, LONGEST_NAME
from daysheet.kernel.models import Practice
from daysheet.mailroom import commands as mailroom
from daysheet.practice import commands
from daysheet.practice.models import Office
from daysheet.practice.naming import NameIsTooLong
from daysheet.practice.rules import npi_from
from daysheet.visits import commands as visits
from tests import cast, desk, make
from tests.proofs.forms import forms_of

pytestmark = pytest.mark.django_db
FITS, LONG = "N" * LONGEST_NAME, "N" * (LONGEST_NAME + 1)
Act = Callable[..., Any]


def office(name: str) -> dict[str, Any]:
    return {"legal_name": name, "npi": "1234567893", "tax_id": "12-3456789"}


def of_office(by: Any, name: str) -> Any:
    return commands.set_up_office(by, **office(name))


def of_door(by: Any, name: str) -> Any:
    return commands.add_location(by, name=name)


def of_clinician(by: Any, name: str) -> Any:
    return commands.add_provider(by, given="Grace", family=name, npi=npi_from(40_300_001))


def of_payer(by: Any, name: str) -> Any:
    return coverage.add_payer(by, name=name, payer_id="LONG1")


def of_partner(by: Any, name: str) -> Any:
    return mailroom.add_partner(
        by, name=name, transport="folder", folder="out", our_id="NORTHSIDE", their_id="HOUSE"
    )


def of_hospital(by: Any, name: str) -> Any:
    return visits.add_care_place(
        by,
        name=name,
        place_of_service="21",
        street="1 Hill Rd",
        city="Springfield",
        state="MA",
        zip_code="01103",
    )


def of_subscriber(by: Any, name: str) -> Any:
    return coverage.add_coverage(
        by,
        patient_id=make.patient().pk,
        plan_id=(InsurancePlan.objects.first() or make.plan()).pk,
        member_id="XJ4001",
        relationship="child",
        subscriber_family=name,
        subscriber_given="Luis",
        subscriber_born_on=date(1960, 5, 5),
        starts_on=date(2025, 1, 1),
    )


@pytest.mark.parametrize(
    "act", [of_office, of_door, of_clinician, of_payer, of_partner, of_hospital, of_subscriber]
)
def test_sixty_letters_are_taken_and_one_more_is_refused_with_a_sentence(
    act: Act, practice: Practice
) -> None:
    by = cast.ana(practice.pk)
    with pytest.raises(NameIsTooLong) as no:
        act(by, LONG)
    assert no.value.sentence.startswith("Payers take 60 letters of this name, and it has 61.")
    assert len(no.value.fields) == 1
    assert act(by, FITS)


def test_a_given_name_has_less_room(practice: Practice) -> None:
    by, family = cast.ana(practice.pk), {"family": "Lee", "npi": npi_from(40_300_001)}
    with pytest.raises(NameIsTooLong) as no:
        commands.add_provider(by, given="G" * (LONGEST_GIVEN + 1), **family)
    assert no.value.fields.keys() == {"given"}
    assert commands.add_provider(by, given="G" * LONGEST_GIVEN, **family)


def test_what_counts_is_how_the_wire_writes_it(practice: Practice) -> None:
    by = cast.ana(practice.pk)
    assert commands.set_up_office(by, **office(f"  {FITS}  ")).legal_name == FITS


def test_the_form_of_the_office_keeps_what_was_typed_and_says_it_beside_the_field(practice: Practice) -> None:
    make.office()
    ana = desk.signed_in(make.member("office_manager", "ana"))
    page = ana.get("/office/paper/").content.decode()
    form = next(one for one in forms_of(page, at="/office/paper/") if one.action == "/office/paper/")
    answer = ana.post("/office/paper/", dict(form.body()) | {"legal_name": LONG})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Payers take 60 letters of this name, and it has 61." in shown
    assert LONG in shown
    assert Office.objects.get().legal_name != LONG


def test_a_name_that_was_here_before_the_rule_does_not_leave() -> None:
    body = x12.OutgoingSet("837", "005010X222A1", (x12.segment("NM1", "77", "2", LONG),))
    with pytest.raises(
        x12.CannotBuild, match=r"The name of the place has 61 letters, and 60 go onto the wire \(NM103\)"
    ):
        x12.with_names_that_fit(body)
