"""Two payers that were one are taken apart again: all is as before, or a sentence says what stands in the way."""

from typing import Any

import pytest
from django.urls import reverse

from daysheet.charges.models import Charge, ContractRate
from daysheet.claims import commands
from daysheet.claims.models import Claim
from daysheet.coverage import commands as coverage
from daysheet.coverage.enrolment import PayerEnrolment, PayerMerge
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.models import Coverage, EligibilityInquiry, InsurancePlan, Payer
from daysheet.coverage.telehealth_rule import TelehealthRule
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.jobs import holding
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import LedgerLine
from daysheet.site.verify import verify
from daysheet.tasks.models import WorkqueueItem
from tests import cast, desk, make
from tests.claims.office import Loop
from tests.claims.test_payers_are_merged import kept, merge
from tests.claims.test_the_money_follows_the_payer import holds

pytestmark = pytest.mark.django_db

TABLES = (
    Payer,
    InsurancePlan,
    Coverage,
    InjuryCase,
    PayerEnrolment,
    TelehealthRule,
    ContractRate,
    Claim,
    Charge,
)
COUNTED = {"version", "entry_id"}


def rows(loop: Loop) -> dict[str, Any]:
    """All that a merge can move, without what only counts up; and what is due, by payer."""
    told: dict[str, Any] = {}
    with make.acting(loop.office):
        for table in TABLES:
            found = table._default_manager.order_by("pk").values()
            told[table.__name__] = [
                {name: value for name, value in row.items() if name not in COUNTED} for row in found
            ]
        due: dict[Any, Any] = {}
        for payer_id, amount in LedgerLine.objects.filter(account="insurance").values_list(
            "payer_id", "amount"
        ):
            due[payer_id] = due.get(payer_id, 0) + amount
        told["due"] = {payer: amount for payer, amount in due.items() if amount}
    return told


def furnished() -> tuple[Loop, Payer]:
    """An office whose payer stands there twice, with a bit of everything at the double."""
    loop = Loop()
    into, gone = kept(loop), loop.plan.payer
    with make.acting(loop.office):
        twin, other = (
            InsurancePlan.objects.create(payer=into, name="Gold"),
            InsurancePlan.objects.create(payer=gone, name="Gold"),
        )
        okafor = make.patient(family="Okafor", given="Joy")
        make.coverage(okafor, other)
        ContractRate.objects.create(payer=into, plan=twin, code="X0015", amount=50, **SINCE)
        for plan, code in ((None, "X0020"), (loop.plan, "X0030"), (other, "X0015"), (other, "X0020")):
            ContractRate.objects.create(payer=gone, plan=plan, code=code, amount=90, **SINCE)
        for payer, what in ((gone, "claims"), (gone, "eligibility"), (into, "claims")):
            PayerEnrolment.objects.create(payer=payer, what=what, state="approved", since=cast.MONDAY)
        TelehealthRule.objects.create(
            payer=gone, mode="video", at_home="10", elsewhere="02", source="the manual"
        )
        InjuryCase.objects.create(
            patient=loop.diaz, payer=gone, kind="work", happened_on=cast.MONDAY, claim_number="WC1"
        )
    commands.make_claim(loop.by(), visit_id=loop.visit("X0030").pk)
    loop.visit("X0020")
    return loop, into


SINCE: dict[str, Any] = {"starts_on": cast.MONDAY, "set_by": "Ana", "set_at": cast.NOW}


def undo(loop: Loop, done: PayerMerge) -> PayerMerge:
    return coverage.undo_payer_merge(loop.by("ana"), merge_id=done.pk)


def test_apart_again_every_row_is_as_before() -> None:
    loop, into = furnished()
    sent = commands.make_claim(loop.by(), visit_id=loop.visit(days_ago=3).pk)
    commands.send_claims(loop.by(), claim_ids=[sent.pk])
    before, money = rows(loop), holds(loop)
    done = merge(loop, into)
    between = rows(loop)
    assert all(between[table.__name__] != before[table.__name__] for table in TABLES if table is not Charge)
    assert between["due"] != before["due"]
    undo(loop, done)
    assert rows(loop) == before
    assert holds(loop) == money
    assert verify(practices=[loop.office]) == []


def test_they_are_taken_apart_once() -> None:
    loop, into = furnished()
    done = merge(loop, into)
    with pytest.raises(NotPermitted):
        coverage.undo_payer_merge(loop.by("rosa"), merge_id=done.pk)
    undo(loop, done)
    after = rows(loop)
    with pytest.raises(coverage.PayersAreNotOne, match="apart already"):
        undo(loop, done)
    assert rows(loop) == after
    again = merge(loop, into)
    undo(loop, again)
    assert rows(loop) == after


def test_a_claim_that_was_made_since_and_has_not_left_goes_back_too() -> None:
    loop, into = furnished()
    gone = loop.plan.payer_id
    done = merge(loop, into)
    since = commands.make_claim(loop.by(), visit_id=loop.visit("X0015").pk)
    assert since.payer_id == into.pk
    undo(loop, done)
    with make.acting(loop.office):
        assert Claim.objects.get(pk=since.pk).payer_id == gone
    assert set(rows(loop)["due"]) == {gone}


def test_what_the_other_payer_said_since_speaks_no_more() -> None:
    loop, into = furnished()
    done = merge(loop, into)
    with holding():
        coverage.ask_eligibility(loop.by("rosa"), coverage_id=loop.coverage.pk, service_on=cast.MONDAY)
    undo(loop, done)
    with make.acting(loop.office):
        inquiry = EligibilityInquiry.objects.select_related("coverage").get()
        assert not inquiry.is_of_this_card
        others = Coverage.objects.exclude(pk=loop.coverage.pk)
        assert set(others.values_list("card_version", flat=True)) == {1}


def _claim_is_sent(loop: Loop, into: Payer) -> None:
    with make.acting(loop.office):
        waits = Claim.objects.get(payer=into)
    commands.send_claims(loop.by(), claim_ids=[waits.pk])


def _claim_is_made_and_sent(loop: Loop, into: Payer) -> None:
    made = commands.make_claim(loop.by(), visit_id=loop.visit("X0015").pk)
    commands.send_claims(loop.by(), claim_ids=[made.pk])


def _part_is_written_off(loop: Loop, into: Payer) -> None:
    with make.acting(loop.office):
        line = Charge.objects.filter(code="X0020").get()
    ledger.transfer(
        loop.by(),
        patient_id=loop.diaz.pk,
        amount=20,
        from_account="insurance",
        to_account="patient",
        charge_id=line.pk,
        payer_id=into.pk,
        reason="not covered",
    )


def _card_is_entered(loop: Loop, into: Payer) -> None:
    with make.acting(loop.office):
        make.coverage(make.patient(family="Roe", given="Ann"), loop.plan)


def _payer_is_put_on(loop: Loop, into: Payer) -> None:
    third = kept(loop, name="Blue Shield", payer_id="BLUE3")
    coverage.merge_payers(loop.by("ana"), gone_id=into.pk, kept_id=third.pk, reason="bought")


def _plans_are_one(loop: Loop, into: Payer) -> None:
    with make.acting(loop.office):
        gold = InsurancePlan.objects.get(payer=into, name="Gold")
    coverage.merge_plans(loop.by("ana"), gone_id=loop.plan.pk, kept_id=gold.pk)


def _plan_is_written_anew(loop: Loop, into: Payer) -> None:
    with make.acting(loop.office):
        gone = Payer.objects.exclude(pk=into.pk).get()
        InsurancePlan.objects.create(payer=gone, name=loop.plan.name)


def _contract_has_a_row(loop: Loop, into: Payer) -> None:
    with make.acting(loop.office):
        ContractRate.objects.create(payer=into, plan=loop.plan, code="X0031", amount=1, **SINCE)


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (_claim_is_sent, "was sent or closed since under Blue Cross"),
        (_claim_is_made_and_sent, "was sent or closed since under Blue Cross"),
        (_part_is_written_off, "written off or moved by hand"),
        (_card_is_entered, "1 coverage was entered since"),
        (_payer_is_put_on, "Blue Cross was put into Blue Shield later"),
        (_plans_are_one, "was put into Gold since"),
        (_plan_is_written_anew, "has again what went over"),
        (_contract_has_a_row, "has a row since for a plan that goes back, for X0031"),
    ],
)
def test_what_is_newer_stands_in_the_way_and_nothing_changes(happens: Any, said: str) -> None:
    loop, into = furnished()
    done = merge(loop, into)
    happens(loop, into)
    before = rows(loop)
    with pytest.raises(coverage.PayersAreNotOne, match=said):
        undo(loop, done)
    assert rows(loop) == before
    with make.acting(loop.office):
        assert PayerMerge.objects.get(pk=done.pk).undone_at is None


def test_a_payer_that_was_written_from_a_card_is_to_be_completed_again() -> None:
    loop = Loop()
    into = kept(loop)
    card = coverage.enter_unlisted_payer(loop.by("rosa"), name="Bleu Cros")
    done = coverage.merge_payers(loop.by("ana"), gone_id=card.pk, kept_id=into.pk, reason="misspelt")
    undo(loop, done)
    with make.acting(loop.office):
        item = WorkqueueItem.objects.exclude(state="closed").get(subject_id=card.pk)
        assert "Bleu Cros was written from a card" in item.sentence


def test_a_manager_takes_them_apart_by_the_message_or_the_list() -> None:
    loop, into = furnished()
    with make.acting(loop.office):
        browser = desk.signed_in(make.member("office_manager", "ana-merges", at=loop.door))
        address = reverse("coverage:payer-merge", args=[loop.plan.payer_id])
        hidden = desk.hidden_fields(browser.get(address).content.decode(), form='id="payer-merge-form"')
        answer = browser.post(address, hidden | {"kept": str(into.pk), "reason": "typed twice"})
        back = reverse("coverage:payer-merge-undo", args=[PayerMerge.objects.get().pk])
        assert back in browser.get(answer["Location"]).content.decode()
        page = browser.get(reverse("coverage:payers")).content.decode()
        assert all(one in page for one in (back, "is now Blue Cross", "typed twice", "Take apart again"))
        hidden = desk.hidden_fields(page, form=f'action="{back}"')
        assert browser.post(back, hidden)["Location"] == reverse("coverage:payers")
        assert Payer.objects.get(pk=loop.plan.payer_id).is_active
        again = browser.post(back, hidden | {"form_key": "x"})
        assert again.status_code in {303, 409}
        assert back not in browser.get(reverse("coverage:payers")).content.decode()
