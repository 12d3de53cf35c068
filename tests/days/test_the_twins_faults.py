"""Every fault of an answer, chosen by name on the insurance desk's own page and read at the front desk: on the page of
the answer, with what to do, and on Needs a person, with the one act of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from daysheet.coverage import commands as coverage
from daysheet.coverage.models import EligibilityInquiry
from daysheet.payer.rules.faults import FAULTS
from daysheet.practice.models import Provider
from daysheet.schedule import commands as schedule
from tests import make
from tests.coverage.test_faults_of_the_twin import NO_ANSWER, SAYS
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import Person
from tests.patience import until

pytestmark = pytest.mark.browser
FAMILY = "Fable"
ACTS = {
    "inactive": "Open the card",
    "not_found": "Open the card",
    "birth_date": "Open the card",
    "member_id": "Open the card",
    "member_name": "Open the card",
    "ended": "Open the card",
    "begins_later": "Open the card",
    "office_unknown": "Ask again",
    "wrong_day": "Ask again",
    "cannot_say": "Ask again",
    "other_payer": "Put",
    "managed_care": "Switch the payer",
}
"""What the row of Needs a person says is next. The others are a plain yes, or the office asks again by itself."""


@dataclass(slots=True)
class Asked:
    """A member, with whom one thing goes wrong, and the question about the visit."""

    name: str
    member_id: str
    given: str
    born_on: date
    pk: UUID | None = None

    @property
    def shown(self) -> str:
        """How the member's row is called."""
        return f"{FAMILY.upper()}, {self.given}"


def test_each_fault_is_chosen_by_name_and_told_at_the_desk_with_what_to_do(
    office: Office, comes: Comes
) -> None:
    names = [name for name in SAYS if name] + sorted(NO_ANSWER)
    members = [
        Asked(name, f"BP202608{n:02}", name.replace("_", " ").title(), date(1962, 3, 1) + timedelta(days=n))
        for n, name in enumerate(names)
    ]
    for one in members:
        office.enroll(one.member_id, FAMILY, one.given, one.born_on)
    chooses_by_name(comes("insurance_clerk"), members)
    asks(office, members)
    rosa = comes("receptionist")
    for one in members:
        rosa.go(reverse("coverage:eligibility-answer", args=[one.pk]))
        word = "Waiting for the answer" if one.name in NO_ANSWER else SAYS[one.name][2]
        assert word in rosa.page.content(), one.name
    reads_what_needs_a_person(rosa, members)


def chooses_by_name(ida: Person, members: list[Asked]) -> None:
    """Find the members once; the search is kept while one after the other is set."""
    ida.follow("Members")
    ida.fill("Member number or name", FAMILY)
    ida.press_button("Find")
    for one in members:
        row = ida.page.locator("#members tbody tr", has_text=one.member_id)
        ida.page.get_by_label("What is to go wrong").select_option(label=FAULTS[one.name].words)
        row.get_by_role("button", name=f"Set for member {one.member_id}").click()
        expect(row).to_contain_text(FAULTS[one.name].words)


def asks(office: Office, members: list[Asked]) -> None:
    """Each has a visit tomorrow; the office asks, and the answers come through both mailrooms."""
    tomorrow = office.today + timedelta(days=1)
    with office.within():
        desk = office.played.by("office_manager", office.moment(9, 10))
        lee = Provider.objects.order_by("rank", "family")[0]
        for n, one in enumerate(members):
            who = make.registered(FAMILY, one.given, born_on=one.born_on)
            card = make.coverage(who, office.played.plans["BLUE1", "standard"], member_id=one.member_id)
            schedule.book_appointment(
                desk,
                patient_id=who.pk,
                provider_id=lee.pk,
                location_id=office.played.locations[0].pk,
                type_id=office.played.types["Follow-up"].pk,
                starts_at=office.moment(0, 0, tomorrow) + timedelta(minutes=20 * n),
                hours_reason="Only then",
            )
            one.pk = coverage.ask_eligibility(desk, coverage_id=card.pk, service_on=tomorrow).pk
    until(
        lambda: unanswered(office, members) <= len(NO_ANSWER),
        within=240,
        why=lambda: f"{unanswered(office, members)} questions have no answer.",
    )


def unanswered(office: Office, members: list[Asked]) -> int:
    with office.within():
        return EligibilityInquiry.objects.filter(pk__in=[one.pk for one in members], response=None).count()


def reads_what_needs_a_person(rosa: Person, members: list[Asked]) -> None:
    """Who needs a person has a row with the one act, and nobody else of them has one."""
    rosa.go("/desk/")
    rosa.follow("Needs a person")
    expect(rosa.page.locator("#needs-rows")).to_be_visible()
    rows = rosa.page.locator("#needs-rows tr[data-row]", has_text=FAMILY)
    said = {}
    for text in rows.all_inner_texts():
        given = next(one for one in members if f"{FAMILY}, {one.given}".upper() in text.upper())
        said[given.name] = text
    assert {name: act for name, act in ACTS.items() if act not in said.get(name, "")} == {}
    assert set(said) == set(ACTS)
