"""A claim carries the number of what it was authorized under, and stops when that is used up or out of its days."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from daysheet.charges import commands as charges
from daysheet.claims import commands, facts, pages
from daysheet.claims.models import Claim
from daysheet.coverage import commands as coverage
from daysheet.coverage.models import Authorization
from daysheet.formats import x12
from daysheet.kernel.jobs import holding
from daysheet.visits.models import Visit
from tests import cast, make
from tests.claims.office import Loop

pytestmark = pytest.mark.django_db


def enter(loop: Loop, number: str = "PA77", **more: Any) -> Authorization:
    said: dict[str, Any] = {
        "kind": "prior", "starts_on": cast.MONDAY - timedelta(days=60), "visits_approved": 2,
    } | more  # fmt: skip
    return coverage.add_authorization(
        loop.by("rosa"), patient_id=loop.diaz.pk, coverage_id=loop.coverage.pk, number=number, **said
    )


def made(loop: Loop, **more: Any) -> Claim:
    return commands.make_claim(loop.by(), visit_id=loop.visit(**more).pk)


def send(loop: Loop, claim: Claim) -> Claim:
    with make.acting(loop.office), holding():
        commands.send_claims(loop.by(), claim_ids=[claim.pk])
        claim.refresh_from_db()
    return claim


def test_the_wire_carries_both_numbers() -> None:
    loop = Loop()
    enter(loop)
    enter(loop, "REF5", kind="referral")
    claim = send(loop, made(loop))
    assert (claim.prior_authorization, claim.referral, claim.state) == ("PA77", "REF5", "sent")
    (envelope,) = loop.outgoing()
    content = bytes(envelope.content)
    assert b"REF*G1*PA77~" in content
    assert b"REF*9F*REF5~" in content
    (document,) = x12.read(content)
    (wire,) = document.content.claims
    assert (wire.prior_authorization, wire.referral) == ("PA77", "REF5")


def test_the_visit_beyond_the_last_approved_one_stops_and_tells_where_to_mend_it() -> None:
    loop = Loop()
    held = enter(loop, visits_approved=1)
    first, second = made(loop, days_ago=1), made(loop)
    assert send(loop, first).state == "sent"
    assert send(loop, second).state == "held"
    with make.acting(loop.office):
        facts_of = pages.claim_page(second, today=cast.MONDAY)
        (mend,) = facts_of["mends"]
    assert mend.finding.rule == "authorization-used-up"
    assert "PA77 is used up: this is visit 2 of 1 approved" in mend.finding.sentence
    assert mend.url == reverse("coverage:authorizations", args=[loop.diaz.pk])
    coverage.change_authorization(
        loop.by("rosa"), authorization_id=held.pk, version=1, coverage_id=loop.coverage.pk, kind="prior",
        number="PA77", starts_on=held.starts_on, visits_approved=2,
    )  # fmt: skip
    assert send(loop, second).state == "sent"


def test_a_visit_after_its_end_stops_until_another_number_is_typed() -> None:
    loop = Loop()
    held = enter(loop)
    claim = made(loop)
    coverage.end_authorization(
        loop.by("rosa"), authorization_id=held.pk, version=1, ends_on=cast.MONDAY, reason="Taken back"
    )
    assert send(loop, claim).state == "held"
    with make.acting(loop.office), holding():
        (mend,) = pages.claim_page(claim, today=cast.MONDAY)["mends"]
        assert "PA77 ended on" in mend.finding.sentence
        commands.correct_and_resend(
            loop.by(), claim_id=claim.pk, version=claim.version, prior_authorization="PA78"
        )
        claim.refresh_from_db()
    assert claim.state == "sent"


def test_one_for_a_service_is_found_by_the_code_of_the_charge() -> None:
    loop = Loop()
    enter(loop, what_for=["X0020"])
    enter(loop, "OTHER", what_for=["97110"])
    claim = made(loop)
    with make.acting(loop.office):
        assert claim.prior_authorization == "PA77"
        assert Visit.objects.get(pk=claim.visit_id).authorization_id is not None


def test_a_claim_without_any_carries_none_and_costs_no_statement_more(
    django_assert_max_num_queries: Any,
) -> None:
    loop = Loop()
    claims = [made(loop).pk, made(loop, days_ago=1).pk]
    with make.acting(loop.office), django_assert_max_num_queries(12):
        gathered = facts.gather(claims)
    assert [one.authorizations for one in gathered] == [(), ()]


def test_a_line_that_joins_a_claim_which_waits_brings_the_numbers_of_its_visit() -> None:
    loop = Loop()
    claim = made(loop)
    assert (claim.prior_authorization, claim.referral) == ("", "")
    enter(loop)
    enter(loop, "REF5", kind="referral")
    with holding():
        charges.put_charge(loop.by("ana"), visit_id=claim.visit_id, code="X0030")
        charges.post_charges(loop.by("ana"), visit_id=claim.visit_id)
    assert commands.make_claim(loop.by(), visit_id=claim.visit_id).pk == claim.pk
    claim = send(loop, loop.again(claim))
    assert (claim.prior_authorization, claim.referral, claim.state) == ("PA77", "REF5", "sent")


def test_a_number_that_was_typed_on_the_claim_stays() -> None:
    loop = Loop()
    claim = made(loop)
    with make.acting(loop.office):
        Claim.objects.filter(pk=claim.pk).update(prior_authorization="TYPED1")
    enter(loop)
    with holding():
        charges.put_charge(loop.by("ana"), visit_id=claim.visit_id, code="X0030")
        charges.post_charges(loop.by("ana"), visit_id=claim.visit_id)
    commands.make_claim(loop.by(), visit_id=claim.visit_id)
    assert loop.again(claim).prior_authorization == "TYPED1"
