"""A payer that stands here twice is put into the other one: what is to come goes there, what was sent stays."""

from typing import Any

import pytest
from django.urls import reverse

from daysheet.charges.models import ContractRate
from daysheet.claims import commands
from daysheet.claims.models import Claim
from daysheet.coverage import commands as coverage
from daysheet.coverage import merging
from daysheet.coverage.enrolment import PayerEnrolment, PayerMerge
from daysheet.coverage.models import Coverage, InsurancePlan, Payer
from daysheet.kernel.errors import NotPermitted
from tests import cast, desk, make
from tests.claims.office import Loop
from tests.claims.test_the_money_follows_the_payer import due_from, holds

pytestmark = pytest.mark.django_db


def kept(loop: Loop, **more: Any) -> Payer:
    """The same company once more, as it should have been written."""
    with make.acting(loop.office):
        facts = {"name": "Blue Cross", "payer_id": "BLUE2", "partner": loop.partner} | more
        return Payer.objects.create(**facts)


def merge(loop: Loop, into: Payer, reason: str = "one company, typed twice") -> PayerMerge:
    return coverage.merge_payers(loop.by("ana"), gone_id=loop.plan.payer_id, kept_id=into.pk, reason=reason)


def test_what_is_to_come_goes_over_and_what_was_sent_stays() -> None:
    loop = Loop()
    sent = commands.make_claim(loop.by(), visit_id=loop.visit(days_ago=3).pk)
    commands.send_claims(loop.by(), claim_ids=[sent.pk])
    waits = commands.make_claim(loop.by(), visit_id=loop.visit("X0030").pk)
    into, gone = kept(loop), loop.plan.payer
    with make.acting(loop.office):
        ContractRate.objects.create(
            payer=gone, code="X0020", amount=100, starts_on=cast.MONDAY, set_by="Ana", set_at=loop.now
        )
        PayerEnrolment.objects.create(payer=gone, what="claims", state="approved", since=cast.MONDAY)
        told = {(one.words, one.many, one.stays) for one in merging.look(gone)}
        assert {
            ("Plans", 1, False),
            ("Claims that have not left", 1, False),
            ("Claims that were sent", 1, True),
        } <= told
    before = holds(loop)
    merge(loop, into)
    with make.acting(loop.office):
        assert Claim.objects.get(pk=sent.pk).payer_id == gone.pk
        assert Claim.objects.get(pk=waits.pk).payer_id == into.pk
        assert Coverage.objects.get(pk=loop.coverage.pk).plan.payer_id == into.pk
        assert (ContractRate.objects.get().payer_id, PayerEnrolment.objects.get().payer_id) == (
            into.pk,
            into.pk,
        )
        assert not Payer.objects.get(pk=gone.pk).is_active
    assert due_from(loop) == {gone.pk, into.pk}
    assert holds(loop) == before
    commands.send_claims(loop.by(), claim_ids=[waits.pk])
    with make.acting(loop.office):
        assert Claim.objects.get(pk=waits.pk).state == "sent"


def test_a_plan_of_the_same_name_takes_the_coverages() -> None:
    loop = Loop()
    into = kept(loop)
    with make.acting(loop.office):
        twin = InsurancePlan.objects.create(payer=into, name=loop.plan.name)
    merge(loop, into)
    with make.acting(loop.office):
        assert Coverage.objects.get(pk=loop.coverage.pk).plan_id == twin.pk
        assert not InsurancePlan.objects.get(pk=loop.plan.pk).is_active


@pytest.mark.parametrize(
    ("more", "reason", "said"),
    [
        ({"filing_code": "MB"}, "one company", "different kinds of insurance"),
        ({"is_active": False}, "one company", "not in use"),
        ({}, " ", "Say why"),
    ],
)
def test_what_cannot_be_one_is_refused_and_nothing_changes(
    more: dict[str, Any], reason: str, said: str
) -> None:
    loop = Loop()
    into = kept(loop, **more)
    with pytest.raises(coverage.PayersAreNotOne, match=said):
        merge(loop, into, reason)
    with pytest.raises(NotPermitted):
        coverage.merge_payers(loop.by("rosa"), gone_id=loop.plan.payer_id, kept_id=into.pk, reason="x")
    with make.acting(loop.office):
        assert InsurancePlan.objects.get(pk=loop.plan.pk).payer_id == loop.plan.payer_id
        assert Payer.objects.get(pk=loop.plan.payer_id).is_active


def test_a_manager_looks_first_and_says_why() -> None:
    loop = Loop()
    into = kept(loop)
    with make.acting(loop.office):
        browser = desk.signed_in(make.member("office_manager", "ana-merges", at=loop.door))
        address = reverse("coverage:payer-merge", args=[loop.plan.payer_id])
        page = browser.get(address).content.decode()
        assert all(one in page for one in ("Blue Cross (BLUE2)", '<b class="num">1</b> Coverages'))
        hidden = desk.hidden_fields(page, form='id="payer-merge-form"')
        assert browser.post(address, hidden | {"kept": str(into.pk)}).status_code == 422
        said = {"kept": str(into.pk), "reason": "typed twice"}
        assert browser.post(address, hidden | said).status_code == 303
        assert Coverage.objects.get(pk=loop.coverage.pk).plan.payer_id == into.pk
