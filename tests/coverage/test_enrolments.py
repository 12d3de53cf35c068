"""Enrolment with payers: how far it is, when to ask again, and what it stops."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.claims import commands as claims
from daysheet.claims import pages
from daysheet.coverage import commands, enrolled
from daysheet.coverage.enrolment import PayerEnrolment
from daysheet.coverage.models import Payer
from daysheet.coverage.rules.enrolment import told_of
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.jobs import holding
from daysheet.tasks.models import WorkqueueItem
from tests import cast, desk, make
from tests.claims.office import Loop

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice), holding():
        make.office()
        yield practice


def note(practice: Any, payer: Payer, **more: Any) -> PayerEnrolment:
    said: dict[str, Any] = {
        "what": "claims", "version": 0, "state": "sent", "since": cast.MONDAY, "today": cast.MONDAY,
    } | more  # fmt: skip
    return commands.note_enrolment(cast.ben(practice.pk), payer_id=payer.pk, **said)


@pytest.mark.parametrize(
    ("rule", "state", "said", "stops"),
    [
        ("none", "not_started", "", False),
        ("warn", "approved", "", False),
        ("warn", "sent", "was sent and is not approved yet", False),
        ("block", "not_started", "has not been started", True),
        ("block", "refused", "was refused", True),
    ],
)
def test_what_a_payer_that_needs_enrolment_says(rule: str, state: str, said: str, stops: bool) -> None:
    told = told_of("Blue PPO", rule, "claims", state)
    assert said in told.sentence
    assert told.stops == stops
    assert bool(told.sentence) == bool(said)


def test_a_day_to_ask_again_stands_on_the_work_list_until_it_is_approved(practice: Any) -> None:
    payer = make.plan().payer
    held = note(practice, payer, follow_up_on=cast.MONDAY + timedelta(days=14))
    item = WorkqueueItem.objects.get(subject_id=held.pk)
    assert item.due_at.date() == cast.MONDAY + timedelta(days=14)
    assert item.link == reverse("coverage:enrolment", args=[payer.pk, "claims"])
    note(practice, payer, version=1, state="at_payer", follow_up_on=cast.MONDAY + timedelta(days=20))
    assert WorkqueueItem.objects.exclude(state="closed").get().due_at.date() == cast.MONDAY + timedelta(
        days=20
    )
    done = note(practice, payer, version=2, state="approved", follow_up_on=cast.MONDAY + timedelta(days=30))
    assert done.follow_up_on is None
    assert not WorkqueueItem.objects.exclude(state="closed").exists()


def test_what_cannot_be_is_refused(practice: Any) -> None:
    payer = make.plan().payer
    for wrong in (
        {"state": "lost"},
        {"what": "faxes"},
        {"since": cast.MONDAY + timedelta(days=1)},
        {"follow_up_on": cast.MONDAY - timedelta(days=1)},
    ):
        with pytest.raises(commands.EnrolmentIsWrong):
            note(practice, payer, **wrong)
    note(practice, payer)
    with pytest.raises(StaleForm):
        note(practice, payer)
    with pytest.raises(NotPermitted):
        commands.note_enrolment(
            cast.rosa(practice.pk), payer_id=payer.pk, what="claims", version=1, state="approved",
            since=cast.MONDAY, today=cast.MONDAY,
        )  # fmt: skip
    assert PayerEnrolment.objects.get().state == "sent"


def test_eligibility_is_not_asked_of_a_payer_that_is_blocked(practice: Any) -> None:
    plan = make.plan(by_partner=make.partner())
    Payer.objects.update(enrolment_rule="block")
    held = make.coverage(make.patient(), plan)
    with pytest.raises(commands.CannotAsk, match="only from enrolled offices"):
        commands.ask_eligibility(cast.rosa(practice.pk), coverage_id=held.pk, service_on=cast.MONDAY)
    note(practice, plan.payer, what="eligibility", state="approved")
    assert commands.ask_eligibility(cast.rosa(practice.pk), coverage_id=held.pk, service_on=cast.MONDAY)


def test_a_claim_waits_until_the_enrolment_is_approved() -> None:
    loop = Loop()
    with make.acting(loop.office):
        payer = loop.plan.payer
        Payer.objects.update(enrolment_rule="block")
    claim = loop.made()

    def send() -> str:
        with make.acting(loop.office), holding():
            claims.send_claims(loop.by(), claim_ids=[claim.pk])
            claim.refresh_from_db()
        return claim.state

    assert send() == "held"
    with make.acting(loop.office):
        (mend,) = pages.claim_page(claim, today=cast.MONDAY)["mends"]
        assert (mend.finding.rule, mend.url) == ("payer-enrolment", reverse("coverage:enrolments"))
        Payer.objects.update(enrolment_rule="warn")
        (mend,) = pages.claim_page(claim, today=cast.MONDAY)["mends"]
        assert (mend.finding.rule, mend.finding.severity) == ("payer-enrolment-open", "warning")
        Payer.objects.update(enrolment_rule="block")
        note(loop.office, payer, state="approved")
        assert enrolled.told(payer, "claims").sentence == ""
    assert send() == "sent"


def test_the_table_takes_as_many_statements_for_ten_payers_as_for_one(practice: Any) -> None:
    client = desk.signed_in(make.member("biller", "ben", at=make.location()))
    payer = make.plan().payer
    note(practice, payer)

    def statements() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert "Blue PPO" in client.get(reverse("coverage:enrolments")).text
        return len(counted)

    statements()
    one = statements()
    for n in range(10):
        note(practice, make.plan(f"Plan {n}", f"P{n}").payer)
    assert statements() == one


def test_the_biller_writes_it_down_on_screen(practice: Any) -> None:
    client = desk.signed_in(make.member("biller", "ben", at=make.location()))
    payer = make.plan().payer
    address = reverse("coverage:enrolment", args=[payer.pk, "remittance"])
    hidden, again = (
        desk.hidden_fields(client.get(address).text, form=f'action="{address}"') for _ in range(2)
    )
    today = "2026-03-02"
    answer = client.post(address, hidden | {"state": "sent", "since": today, "contact": "Ann at EDI"})
    assert answer.status_code == 303, answer.text
    assert PayerEnrolment.objects.get().contact == "Ann at EDI"
    assert client.post(address, again | {"state": "approved", "since": today}).status_code == 409
    assert client.get(reverse("coverage:enrolment", args=[payer.pk, "faxes"])).status_code == 404
