"""The insurance desk names a fault, the plan answers so, and the desk sees it on the page of the answer."""

import re
from datetime import date

import pytest
from django.db import transaction
from playwright.sync_api import expect

from daysheet.kernel.tenancy import acting_in
from daysheet.payer import commands as payer
from tests import make
from tests.days.conftest import Comes
from tests.days.office import BLUE, Office
from tests.days.person import MAIL

pytestmark = pytest.mark.browser
MEMBER = "BP20260999"


def test_another_payer_by_name_is_switched_to_in_the_preview(office: Office, comes: Comes) -> None:
    office.enroll(MEMBER, "Alder", "June", date(1988, 6, 1))
    with transaction.atomic(), acting_in(office.played.twin.id):
        payer.set_fault(
            office.played.clerk_at_payer(office.moment(8)),
            payer_id=BLUE,
            member_id=MEMBER,
            fault="managed_care",
        )
    with office.within():
        june = make.registered("Alder", "June", born_on=date(1988, 6, 1), phones=["+14135550188"])
        make.coverage(june, office.played.plans["BLUE1", "standard"], member_id=MEMBER)
    rosa = comes("receptionist")
    rosa.go(f"/patients/{june.pk}/")
    panel = rosa.page.locator("#coverage-panel")
    rosa.click(panel.get_by_role("button", name=re.compile("^Ask Blue PPO")))
    expect(panel.get_by_role("link", name="What the plan said")).to_be_visible(timeout=MAIL)
    expect(panel).to_contain_text("$30.00", timeout=MAIL)
    rosa.follow("What the plan said", "#coverage-panel")
    rosa.sees("The plan names another payer")
    rosa.page.locator("#grid summary").first.click()
    expect(rosa.page.locator("#grid")).to_contain_text("EB*B")
    rosa.click(rosa.page.get_by_role("link", name=re.compile("^Switch the payer")))
    rosa.sees("What will happen")
    rosa.go("/desk/eligibility/")
    rosa.sees("Needs a person")
