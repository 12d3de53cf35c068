"""A dentist's decided line is corrected on the claim: without a diagnosis, and with its tooth."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from daysheet.charges.models import Charge
from daysheet.claims import queries
from daysheet.claims.models import Claim
from daysheet.formats import x12
from tests import make
from tests.claims.office import Loop
from tests.claims.test_claims_on_screen import body, browser
from tests.claims.test_dental_claims import CROWN, FILLING, DentalLoop
from tests.desk import hidden_fields

pytestmark = pytest.mark.django_db


def denied(loop: DentalLoop, *lines: dict[str, Any]) -> Claim:
    loop.meet_deductible()
    loop.enroll(fault="denied_co_16")
    claim = loop.billed(*lines)
    loop.send(claim)
    loop.pay()
    loop.enroll()
    return loop.again(claim)


def corrected(loop: Loop, claim: Claim, client: Client | None = None, **more: str) -> Any:
    """Press *Correct and resend* on the claim's page; a box as `mouth_1="15 MOD"`."""
    client = client or browser(loop)
    shown = body(client, f"/claims/{claim.pk}/")
    fields = hidden_fields(shown, form='id="correct-form"') | {"place_of_service": "11", "because": "x"}
    with make.acting(loop.office):
        for line in queries.lines_of(claim.pk):
            one = line.charge
            boxes = {
                "code": one.code,
                "units": f"{one.units:f}",
                "modifiers": " ".join(one.modifiers),
                "pointers": " ".join(str(n) for n in one.pointers),
                "mouth": "30" if one.prosthesis else "14 MOD",
                "prosthesis": one.prosthesis,
                "prior": f"{one.prior_placed_on:%m/%d/%Y}" if one.prior_placed_on else "",
            }
            fields |= {f"{name}_{line.line}": told for name, told in boxes.items()}
    return client.post(f"/claims/{claim.pk}/correct/", fields | more)


def test_a_dental_claim_without_a_diagnosis_is_corrected_by_who_enters_charges() -> None:
    loop = DentalLoop()
    first = denied(loop, FILLING)
    assert corrected(loop, first, modifiers_1="25").status_code == 303
    with make.acting(loop.office):
        second = Claim.objects.get(replaces=first)
        assert (
            second.events.get(kind="edited").sentence
            == "x. Line 1: D0011-25, 1 unit, 14 MOD instead of D0011, 1 unit, 14 MOD."
        )
    assert loop.read()[-1].content.claims[0].lines[0].procedure.modifiers == ("25",)


def test_it_is_sent_again_as_it_was_with_the_number_that_was_missing() -> None:
    loop = DentalLoop()
    first = denied(loop, FILLING, CROWN)
    assert corrected(loop, first, prior_authorization="AUTH7").status_code == 303
    with make.acting(loop.office):
        assert Charge.objects.count() == 2
    assert loop.read()[-1].content.claims[0].prior_authorization == "AUTH7"


def test_a_pointer_that_was_entered_without_a_diagnosis_stops_no_correction() -> None:
    loop = DentalLoop()
    first = denied(loop, FILLING | {"pointers": (1,)})
    assert corrected(loop, first, code_1="D0013").status_code == 303


def test_tooth_prosthesis_and_the_day_of_the_earlier_one_are_corrected() -> None:
    loop = DentalLoop()
    first = denied(loop, FILLING, CROWN)
    client = browser(loop)
    shown = body(client, f"/claims/{first.pk}/")
    assert 'value="14 MOD"' in shown
    assert 'value="3/1/2018"' in shown
    assert corrected(loop, first, client, mouth_1="15 do", prior_2="4/2/2017").status_code == 303
    lines = loop.read()[-1].content.claims[0].lines
    assert lines[0].teeth == (x12.Tooth("15", ("D", "O")),)
    assert lines[1].dates == (x12.Dates("441", date(2017, 4, 2)),)
    with make.acting(loop.office):
        second = Claim.objects.get(replaces=first)
        said = second.events.get(kind="edited").sentence
        assert "D0011, 1 unit, 15 DO instead of D0011, 1 unit, 14 MOD." in said
        assert "30, replaces the one of Apr 2, 2017 instead of" in said
        assert [one.charge.teeth for one in queries.lines_of(first.pk)] == [[["14", "MOD"]], [["30", ""]]]


@pytest.mark.parametrize(
    ("box", "sentence"),
    [
        ({"mouth_1": "99"}, "is no tooth and no area"),
        ({"prosthesis_1": ""}, "The day of the earlier placement belongs to a replacement"),
        ({"prior_1": "4/2/2027"}, "that day comes after it"),
    ],
)
def test_a_wrong_tooth_or_day_is_said_at_its_box_and_nothing_moves(
    box: dict[str, str], sentence: str
) -> None:
    loop = DentalLoop()
    first = denied(loop, CROWN)
    answer = corrected(loop, first, **box)
    assert answer.status_code in {409, 422}
    assert sentence in answer.content.decode()
    with make.acting(loop.office):
        assert (Claim.objects.count(), Charge.objects.count()) == (1, 1)


def test_a_doctors_line_shows_no_tooth() -> None:
    loop = Loop()
    loop.enroll(fault="denied_co_16")
    claim = loop.sent("X0020")
    loop.pay()
    shown = body(browser(loop), f"/claims/{claim.pk}/")
    assert ("code_1" in shown, "mouth_1" in shown) == (True, False)


def test_a_code_of_the_other_kind_is_refused_on_the_claim() -> None:
    loop = DentalLoop("dental", "family")
    first = denied(loop, FILLING)
    answer = corrected(loop, first, code_1="X0020", pointers_1="", mouth_1="")
    assert "one claim never holds both" in answer.content.decode()
    with make.acting(loop.office):
        assert Charge.objects.get().amount == Decimal("245.00")
