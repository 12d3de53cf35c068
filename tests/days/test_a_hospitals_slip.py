"""A hospital's slip: both bills of a visit by keyboard, refusals beside the box, and nothing serious for axe."""

import os
from datetime import date
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from daysheet.charges import commands as charges
from daysheet.claims import commands as claims
from daysheet.kernel.numbers import next_number
from daysheet.practice.models import Provider
from daysheet.visits.models import Visit
from tests import make
from tests.days.conftest import Comes
from tests.days.office import TODAY, Office
from tests.days.test_every_page_with_axe import GRAVE, REFLOW, RULES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(office: Office) -> dict[str, str]:
    """A visit of today in an office that is now a hospital's clinic, and a claim of an earlier one: their pages."""
    office.clock(9, 30)
    by = office.played.by("office_manager", office.moment(9, 30))
    biller = office.played.by("biller", office.moment(9, 30))
    with office.within():
        door = office.played.locations[0]
        make.setting("hospital_department", door)
        for code, label, revenue in (("X0910", "Clinic visit, hospital", "0510"), ("X0900", "Visit", "")):
            charges.set_fee(
                by,
                code=code,
                label=label,
                amount=Decimal("245.00"),
                starts_on=date(2026, 1, 1),
                is_favourite=True,
                revenue_code=revenue,
            )
        who = make.registered("Umber", "Ida", born_on=date(1962, 3, 14), sex="F")
        coverage = make.coverage(who, office.played.plans["BLUE1", "standard"], member_id="BP20260998")
        visits = [
            Visit.objects.create(
                number=next_number("visit"),
                patient=who,
                provider=Provider.objects.order_by("rank")[0],
                location=door,
                coverage=coverage,
                service_on=TODAY,
                flow_since=office.moment(9),
                arrived_at=office.moment(9),
            )
            for _ in range(2)
        ]
        for visit in visits:
            charges.set_diagnoses(by, visit_id=visit.pk, codes=["M54.50"])
        for code in ("X0900", "X0910"):
            charges.put_charge(by, visit_id=visits[1].pk, code=code)
        charges.post_charges(by, visit_id=visits[1].pk)
        made = claims.make_claims(biller, visit_id=visits[1].pk)
    return {
        "slip": reverse("charges:slip", args=[visits[0].pk]),
        "claim": reverse("claims:claim", args=[made[1].pk]),
        "claims": reverse("claims:claims"),
        "fees": reverse("charges:fees"),
        "location": reverse("practice:location", args=[door.pk]),
    }


def test_a_clinicians_and_a_hospitals_line_are_put_on_by_keyboard(
    pages: dict[str, str], comes: Comes
) -> None:
    ana = comes("office_manager")
    ana.go(pages["slip"])
    for code, revenue, words in (
        ("X0910", "", "Facility, revenue code 0510"),
        ("X0900", "0761", "Facility, revenue code 0761"),
    ):
        ana.puts_a_line_on(code, "revenue_code", revenue, most=7)
        ana.sees(words)
    ana.page.locator("#line-form").locator("[name=code]").fill("X0900")
    ana.page.locator("#line-form [name=revenue_code]").fill("76")
    ana.page.locator("#line-form [name=revenue_code]").press("Enter")
    ana.sees("A revenue code has four digits, such as 0510.")
    assert ana.page.locator("#line-form [name=revenue_code]").input_value() == "76"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_are_sound_at_every_width_and_in_both_themes(
    pages: dict[str, str], comes: Comes, width: int, theme: str
) -> None:
    ana = comes("office_manager", width=width)
    ana.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    for name, address in pages.items():
        ana.go(address)
        ana.settled()
        assert ana.page.evaluate(REFLOW) <= width, name
        if folder := os.environ.get("DAYSHEET_SHOTS"):
            ana.page.screenshot(path=f"{folder}/facility-{name}-{width}-{theme}.png", full_page=True)
        found = Axe().run(ana.page, options={"runOnly": RULES["runOnly"], "resultTypes": ["violations"]})
        grave = [one for one in found.response["violations"] if one["impact"] in GRAVE]
        assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in grave] == [], name
