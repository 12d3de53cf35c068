"""A question to the payer twin comes back as an answer, through both mailrooms, without a hand."""

from datetime import date
from typing import Any

import pytest

from daysheet.coverage import commands, queries
from daysheet.coverage.models import Coverage, EligibilityInquiry
from daysheet.kernel.jobs import holding
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom.models import Envelope
from daysheet.payer import commands as twin
from daysheet.payer import queries as profiles
from tests import cast, make

pytestmark = pytest.mark.django_db


def linked() -> tuple[Any, Any, Coverage]:
    """An office and the insurance desk, each knowing the other, and Ms. Diaz with her card."""
    payer_id = sorted(profiles.profiles())[0]
    office, desk = make.practice(), make.practice("Insurance desk", kind="payer")
    with acting_in(desk.pk):
        make.partner(
            "Northside", "loopback", other_practice_id=office.pk, our_id="CLEARWATER", their_id="NORTHSIDE"
        )
    with acting_in(office.pk):
        make.office()
        partner = make.partner("Clearwater", "loopback", other_practice_id=desk.pk)
        card = make.coverage(make.patient(), make.plan("Blue PPO", payer_id, by_partner=partner))
    return office, desk, card


def ask_and_wait(office: Any, card: Coverage) -> EligibilityInquiry:
    """Ask, and let both sides' jobs run until nothing is left to do at once."""
    with acting_in(office.pk), holding() as held:
        asked = commands.ask_eligibility(cast.rosa(office.pk), coverage_id=card.pk, service_on=cast.MONDAY)
        for job in held:
            if job.at is None:
                job.run()
    with acting_in(office.pk):
        return EligibilityInquiry.objects.get(pk=asked.pk)


def test_a_member_is_covered_and_every_envelope_has_its_place(monkeypatch: Any) -> None:
    monkeypatch.setattr(make.Practice, "now", lambda self: cast.NOW)
    office, desk, card = linked()
    with acting_in(desk.pk):
        twin.enroll_member(
            cast.system(desk.pk),
            payer_id=card.plan.payer.payer_id,
            member_id="XJ4001",
            family="Diaz",
            given="Maria",
            born_on=date(1962, 3, 14),
            plan=next(iter(profiles.profiles()[card.plan.payer.payer_id].plans)),
            starts_on=date(2025, 1, 1),
        )
    asked = ask_and_wait(office, card)
    with acting_in(office.pk):
        answer = queries.latest_answer(card.patient_id, card.pk)
        assert answer is not None
        assert (asked.state, answer.verdict) == ("answered", "eligible")
        assert answer.copay is not None
        assert answer.deductible_left is not None
        assert [(one.kind, one.direction, one.state) for one in Envelope.objects.order_by("number")] == [
            ("270", "out", "accepted"),
            ("271", "in", "handled"),
        ]
    with acting_in(desk.pk):
        assert [(one.kind, one.direction, one.state) for one in Envelope.objects.order_by("number")] == [
            ("270", "in", "handled"),
            ("271", "out", "sent"),
        ]


def test_a_stranger_is_not_found_and_the_desk_hears_what_to_do(monkeypatch: Any) -> None:
    monkeypatch.setattr(make.Practice, "now", lambda self: cast.NOW)
    office, _desk, card = linked()
    ask_and_wait(office, card)
    with acting_in(office.pk):
        stands = queries.standing([card.patient_id], cast.MONDAY)[card.patient_id]
        answer = queries.latest_answer(card.patient_id, card.pk)
        assert answer is not None
        assert (stands.state, answer.aaa_code) == ("not_found", "75")
