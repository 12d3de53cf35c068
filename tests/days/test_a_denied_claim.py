"""A denied claim: one field corrected and sent again from My work, by keyboard and by mouse, within what it may take."""

from datetime import date
from urllib.request import urlopen
from uuid import UUID

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, expect

from daysheet.charges import commands as charges
from daysheet.charges.models import VisitDiagnosis
from daysheet.claims import commands as claims
from daysheet.claims.models import Claim
from daysheet.kernel.numbers import next_number
from daysheet.practice.models import Provider
from daysheet.visits.models import Visit
from tests import make
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import Person
from tests.days.test_the_commonest_tasks import within_their_acts
from tests.patience import until

pytestmark = pytest.mark.browser
BORN, THURSDAY = date(1962, 3, 14), date(2026, 3, 5)
NUMBER = "AUTH443210"


@pytest.fixture(scope="module")
def denied(office: Office) -> dict[str, UUID]:
    """Two claims that the plan has denied because something is missing."""
    office.clock(9, 30)
    made = {family: sent(office, family, f"BP2026090{n}") for n, family in enumerate(("Ochre", "Sepia"))}
    for pk in made.values():
        wait_for(office, pk, "accepted")
    office.clock(9, 30, day=THURSDAY)
    office.pay_until(3)
    for pk in made.values():
        wait_for(office, pk, "denied")
    with urlopen(f"{office.url}/sign-in/", timeout=60) as page:  # the first page of a program takes its time
        assert page.status == 200
    return made


def sent(office: Office, family: str, member_id: str) -> UUID:
    office.enroll(member_id, family, "Ada", BORN, fault="denied_co_16")
    with office.within():
        who = make.registered(
            family,
            "Ada",
            born_on=BORN,
            sex="F",
            street="5 Elm St",
            city="Springfield",
            state="MA",
            zip="01103",
        )
        card = make.coverage(who, office.played.plans["BLUE1", "standard"], member_id=member_id)
        visit = Visit.objects.create(
            number=next_number("visit"),
            patient=who,
            provider=Provider.objects.order_by("rank", "family")[0],
            location=office.played.locations[0],
            coverage=card,
            service_on=office.today,
            flow_since=office.moment(9),
            arrived_at=office.moment(9),
        )
        VisitDiagnosis.objects.create(visit=visit, rank=1, code="M54.50", label="Low back pain")
        ana, ben = (office.played.by(role, office.moment(9, 30)) for role in ("office_manager", "biller"))
        charges.put_charge(ana, visit_id=visit.pk, code="X0020")
        charges.post_charges(ana, visit_id=visit.pk)
        claim = claims.make_claim(ben, visit_id=visit.pk)
    # Apart, as in the office: answers to another claim come meanwhile.
    claims.send_claims(ben, claim_ids=[claim.pk])
    return claim.pk


def wait_for(office: Office, pk: UUID, state: str) -> None:
    """Wait until the mail has brought a claim so far."""

    def stands() -> str:
        with office.within():
            return str(Claim.objects.values_list("state", flat=True).get(pk=pk))

    until(lambda: stands() == state, within=240, why=lambda: f"The claim stands at {stands()}.")


def at_my_work(ben: Person, family: str) -> Locator:
    """Open My work; return the row of a claim, whose group may still be folded."""
    ben.go(reverse("tasks:my-work"))
    row = ben.page.locator(".work-row", has_text=family.upper()).first
    expect(row).to_be_attached()
    return row


def is_a_replacement(office: Office, pk: UUID) -> None:
    with office.within():
        first, second = Claim.objects.get(pk=pk), Claim.objects.get(replaces_id=pk)
        sent = bytes(second.events.get(kind="sent").envelope.content)
    assert (first.state, second.frequency, second.prior_authorization) == ("replaced", "7", NUMBER)
    # What went out names the first one; the claim itself has the plan's own number as soon as that has answered.
    assert first.payer_control != ""
    assert f"REF*F8*{first.payer_control}~".encode() in sent


def test_one_field_is_corrected_and_the_claim_sent_again_by_six_keys(
    office: Office, comes: Comes, denied: dict[str, UUID]
) -> None:
    ben = comes("biller")
    page, row = ben.page, at_my_work(ben, "Ochre")
    group = row.locator("xpath=ancestor::details")
    group.locator("> summary").focus()
    with ben.task("10 correct a denied claim and send it again", most=6):
        if not row.is_visible():
            ben.key("Enter")
        ben.key("Tab")
        while not row.evaluate("one => one === document.activeElement"):
            assert ben.acts < 20
            ben.key("ArrowDown")
        ben.key("Enter")
        expect(page.locator("#correct")).to_be_visible()
        page.wait_for_load_state()
        ben.key("Tab", "Tab")
        expect(page.locator("#id_prior_authorization")).to_be_focused()
        ben.type(NUMBER)
        ben.key("Control+Enter")
        ben.toast("is on its way")
    is_a_replacement(office, denied["Ochre"])
    within_their_acts(ben)


def test_one_field_is_corrected_and_the_claim_sent_again_by_five_clicks(
    office: Office, comes: Comes, denied: dict[str, UUID]
) -> None:
    ben = comes("biller")
    row = at_my_work(ben, "Sepia")
    with ben.task("10 correct a denied claim and send it again", most=5):
        if not row.is_visible():
            ben.click(row.locator("xpath=ancestor::details").locator("> summary"))
        ben.click(row.locator("[data-primary]"))
        expect(ben.page.locator("#correct")).to_be_visible()
        ben.fill("Authorization number", NUMBER)
        ben.press_button("Correct and resend")
        ben.toast("is on its way")
    is_a_replacement(office, denied["Sepia"])
    within_their_acts(ben)
