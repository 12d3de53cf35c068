"""Every fault that the payer twin can put into an answer, by name: what the office makes of it, and its page."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from daysheet.coverage import commands, queries
from daysheet.coverage.models import Coverage, EligibilityInquiry
from daysheet.kernel.jobs import holding
from daysheet.kernel.tenancy import acting_in
from daysheet.payer import commands as twin
from daysheet.payer import queries as profiles
from daysheet.payer.rules.faults import FAULTS, Stage
from tests import cast, desk, make
from tests.coverage.test_ask_the_twin import ask_and_wait, linked

pytestmark = pytest.mark.django_db

SAYS: dict[str, tuple[str, str, str]] = {
    # what the office makes of it: verdict, AAA code, a word of the page
    "": ("eligible", "", "Deductible, in all"),
    "inactive": ("inactive", "", "Not covered"),
    "not_found": ("not_found", "75", "Mend the card"),
    "birth_date": ("not_found", "71", "birth date"),
    "cannot_answer": ("cannot_say", "42", "Ask again"),
    "cannot_answer_once": ("cannot_say", "42", "Ask again"),
    "system_down": ("cannot_say", "80", "Ask again"),
    "office_unknown": ("cannot_say", "51", "biller"),
    "member_id": ("not_found", "72", "Mend the card"),
    "member_name": ("not_found", "73", "as it stands on the card"),
    "wrong_day": ("cannot_say", "62", "Check the day of service"),
    "cannot_say": ("cannot_say", "", "CALL THE NUMBER ON THE CARD"),
    "ended": ("inactive", "", "before the visit"),
    "begins_later": ("inactive", "", "after the visit"),
    "other_payer": ("eligible", "", "Put it first"),
    "managed_care": ("eligible", "", "runs this plan"),
    "primary_care": ("eligible", "", "Primary care provider"),
    "visits_limited": ("eligible", "", "Visits left"),
    "not_a_benefit": ("eligible", "", "URGENT CARE IS NOT A BENEFIT"),
    "family": ("eligible", "", "family"),
    "network_unsaid": ("eligible", "", "no network named"),
    "several_services": ("eligible", "", "$25.00"),
    "unknown_line": ("eligible", "", "Code QQ (not known here)"),
    "qmb": ("eligible", "", "Collect nothing from the patient"),
}
NO_ANSWER = {"no_answer", "lost_trace"}


def with_fault(name: str) -> tuple[Any, Coverage]:
    office, payer, card = linked()
    with acting_in(payer.pk):
        twin.enroll_member(
            cast.system(payer.pk),
            payer_id=card.plan.payer.payer_id,
            member_id="XJ4001",
            family="Diaz",
            given="Maria",
            born_on=date(1962, 3, 14),
            plan=next(iter(profiles.profiles()[card.plan.payer.payer_id].plans)),
            starts_on=date(2025, 1, 1),
        )
        twin.set_fault(
            cast.system(payer.pk), payer_id=card.plan.payer.payer_id, member_id="XJ4001", fault=name
        )
    return office, card


@pytest.fixture(autouse=True)
def at_ten(monkeypatch: Any) -> None:
    monkeypatch.setattr(make.Practice, "now", lambda self: cast.NOW)


@pytest.mark.parametrize("name", list(SAYS))
def test_a_fault_by_name_is_told_with_what_to_do(name: str) -> None:
    office, card = with_fault(name)
    asked = ask_and_wait(office, card)
    verdict, code, word = SAYS[name]
    with make.acting(office):
        answer = queries.latest_answer(card.patient_id, card.pk)
        assert answer is not None
        assert (answer.verdict, answer.aaa_code) == (verdict, code)
        page = desk.signed_in(make.member()).get(reverse("coverage:eligibility-answer", args=[asked.pk]))
        assert word in page.content.decode()


@pytest.mark.parametrize("name", sorted(NO_ANSWER))
def test_silence_and_an_answer_to_another_question_leave_the_question_open(name: str) -> None:
    office, card = with_fault(name)
    assert ask_and_wait(office, card).state == EligibilityInquiry.State.ASKED


def test_who_could_not_answer_once_answers_the_second_question(monkeypatch: Any) -> None:
    office, card = with_fault("cannot_answer_once")
    first = ask_and_wait(office, card)
    assert first.again_at is not None
    monkeypatch.setattr(make.Practice, "now", lambda self: first.again_at)
    with acting_in(office.pk), holding() as held:
        again = commands.ask_once_more(cast.system(office.pk, first.again_at), inquiry_id=first.pk)
        assert again is not None
        for job in held:
            if job.at is None:
                job.run()
        second = EligibilityInquiry.objects.select_related("response").get(attempt=2)
        assert (second.state, second.response.verdict) == ("answered", "eligible")


def test_every_fault_of_an_answer_is_reached() -> None:
    named = {
        name for name, one in FAULTS.items() if one.stage in {Stage.ANSWER, Stage.MEMBER, Stage.LINE_DOWN}
    }
    assert named == (set(SAYS) - {""}) | NO_ANSWER
