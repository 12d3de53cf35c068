"""A dentist's slip: lines with teeth by keyboard alone, refusals beside the box, and nothing serious for axe."""

import os
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from daysheet.charges import commands as charges
from daysheet.charges.models import Charge
from daysheet.kernel.numbers import next_number
from daysheet.practice.models import Provider
from daysheet.visits.models import Visit
from tests import make
from tests.days.conftest import Comes
from tests.days.office import TODAY, Office
from tests.days.test_every_page_with_axe import GRAVE, REFLOW, RULES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def visit_id(office: Office) -> UUID:
    """A visit of today in an office that is now one of dentists, with two codes on its schedule."""
    office.clock(9, 30)
    by = office.played.by("office_manager", office.moment(9, 30))
    with office.within():
        door = office.played.locations[0]
        make.setting("dental", door)
        for code, label in (("D0011", "Filling"), ("D0012", "Crown")):
            charges.set_fee(
                by,
                code=code,
                label=label,
                amount=Decimal("245.00"),
                starts_on=date(2026, 1, 1),
                is_favourite=True,
            )
        who = make.registered("Ochre", "Ada", born_on=date(1962, 3, 14), sex="F")
        visit = Visit.objects.create(
            number=next_number("visit"),
            patient=who,
            provider=Provider.objects.order_by("rank")[0],
            location=door,
            coverage=make.coverage(who, office.played.plans["BLUE1", "standard"], member_id="BP20260999"),
            service_on=TODAY,
            flow_since=office.moment(9),
            arrived_at=office.moment(9),
        )
        return visit.pk


def test_two_lines_with_teeth_are_put_on_by_keyboard(office: Office, visit_id: UUID, comes: Comes) -> None:
    ana = comes("office_manager")
    ana.go(reverse("charges:slip", args=[visit_id]))
    for code, mouth, words in (
        ("D0011", "14 mod, 15 o", "Tooth 14: mesial, occlusal, distal; Tooth 15: occlusal"),
        ("D0012", "UR", "Upper right quarter"),
    ):
        ana.puts_a_line_on(code, "mouth", mouth, most=3)
        ana.sees(words)
    if folder := os.environ.get("DAYSHEET_SHOTS"):
        ana.page.screenshot(path=f"{folder}/dental-lines.png", full_page=True)
    ana.page.locator("#line-form").locator("[name=code]").fill("D0011")
    ana.page.locator("#line-form [name=mouth]").fill("8 MO")
    ana.page.locator("#line-form [name=mouth]").press("Enter")
    ana.sees("Tooth 8 is a front tooth: it bites with an edge, write I instead of O.")
    assert ana.page.locator("#line-form [name=mouth]").input_value() == "8 MO"
    with office.within():
        assert [one.mouth for one in Charge.objects.filter(visit_id=visit_id)] != []
        assert Charge.objects.filter(visit_id=visit_id).count() == 2


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_slip_is_sound_at_every_width_and_in_both_themes(
    office: Office, visit_id: UUID, comes: Comes, width: int, theme: str
) -> None:
    ana = comes("office_manager", width=width)
    ana.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    ana.go(reverse("charges:slip", args=[visit_id]))
    ana.page.locator("#line-form [name=mouth]").fill("MOD")
    ana.page.locator("#line-form [name=code]").fill("D0011")
    ana.page.locator("#line-form [name=mouth]").press("Enter")
    ana.sees("MOD are surfaces: write the tooth before them")
    ana.settled()
    if folder := os.environ.get("DAYSHEET_SHOTS"):
        ana.page.screenshot(path=f"{folder}/dental-{width}-{theme}.png", full_page=True)
    found = Axe().run(ana.page, options={"runOnly": RULES["runOnly"], "resultTypes": ["violations"]})
    grave = [one for one in found.response["violations"] if one["impact"] in GRAVE]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in grave] == []
    assert ana.page.evaluate(REFLOW) <= width
