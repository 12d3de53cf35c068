"""The answer to claims at the door (277CA): what the check finds is said of the claim it belongs to, and of no other."""

from datetime import datetime

import pytest

from daysheet.formats import x12
from daysheet.formats.x12.answer import answer_claims, reason_for
from daysheet.formats.x12.check import RULES, Profile, check
from daysheet.formats.x12.labels import label
from daysheet.formats.x12.problems import Problem
from daysheet.formats.x12.sample import FAULTS, sample

from . import samples as office

AT = datetime(2026, 3, 10, 11, 0)
KINDS = ("837P", "837I", "837D")
ABOVE = {
    "npi-of-office", "half-number", "taxonomy", "tax-number", "post-box", "short-zip", "state", "levels",
}  # fmt: skip
"""What is wrong with the office is said of every claim below it."""


def answered(data: bytes) -> dict[str, x12.Status]:
    (answer,) = answer_claims(data, at=AT)
    return {one.claim_id: one.statuses[0] for one in answer.claims}


@pytest.mark.parametrize("kind", KINDS)
def test_clean_claims_are_all_taken(kind: str) -> None:
    said = answered(sample(kind, count=15))
    assert len(said) == 15
    assert {(one.category, one.action) for one in said.values()} == {("A2", "WQ")}


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (kind, name)
        for kind in KINDS
        for name, one in FAULTS.items()
        if kind in one.kinds and not one.expects.startswith("envelope.")
    ],
)
def test_a_fault_turns_its_own_claim_away(kind: str, fault: str) -> None:
    data = sample(kind, count=15, fault=fault)
    severities = {item.severity for item in check(data)}
    answers = list(answer_claims(data, at=AT))
    if not answers:  # the 999 says it of the whole set
        assert {group.status for one in x12.acknowledge(data) for group in one.groups} == {"R"}
        return
    said = {one.claim_id: one.statuses[0] for one in answers[0].claims}
    refused = [number for number, one in said.items() if one.rejected]
    if severities != {"error"}:
        assert refused == []
    elif fault in ABOVE:
        assert refused == [*said]
    else:
        assert len(refused) == 1
    for number in refused:
        status = said[number]
        assert status.category in ("A6", "A7")
        assert label("status", status.code)
        assert status.message
        assert status.next_action


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_is_itself_a_clean_file(kind: str) -> None:
    (answer,) = answer_claims(sample(kind, count=15, fault="claim-total"), at=AT)
    data = office.wrap(x12.build_277ca(answer.report))
    assert [item.code for item in check(data)] == []
    (document,) = x12.read(data)
    assert document.content == answer.report


def test_counts_and_money_come_out() -> None:
    data = sample("837P", count=10, fault="member-number")
    (answer,) = answer_claims(data, at=AT)
    claims = next(iter(x12.read(data))).content.claims
    totals = answer.report.totals
    assert (totals.accepted_count, totals.rejected_count) == (9, 1)
    assert totals.accepted + totals.rejected == sum(claim.charge for claim in claims)


def test_every_claim_is_answered_under_its_own_office() -> None:
    other = office.replace(office.CLINIC, id="1881733331")
    claims = (office.claim(), office.claim(claim_id="C0009", billing=other), office.dependent_claim())
    (answer,) = answer_claims(office.wrap(x12.build_837p(office.claim_batch(*claims))), at=AT)
    told = {one.provider.id: [claim.claim_id for claim in one.claims] for one in answer.report.providers}
    assert told == {"1234567893": ["C0001", "C0002"], "1881733331": ["C0009"]}
    assert all(claim.patient.id == "M100200" for one in answer.report.providers for claim in one.claims)


def test_all_turned_away_is_said_of_the_file() -> None:
    (answer,) = answer_claims(sample("837P", count=3, fault="post-box"), at=AT)
    assert {one.rejected for one in answer.report.statuses} == {True}
    assert answer.report.totals.accepted_count is None


def test_a_payers_own_rules_turn_claims_away() -> None:
    rules = Profile("Blue PPO", "BLUE1", member_id=r"\d{10}")
    (answer,) = answer_claims(sample("837P", count=4), at=AT, profile=rules)
    assert {one.statuses[0].code for one in answer.claims} == {"448"}


def test_an_answer_is_not_answered_and_no_other_set_either() -> None:
    for kind in ("277CA", "999", "835", "271"):
        assert list(answer_claims(sample(kind), at=AT)) == []


@pytest.mark.parametrize("data", [b"", b"ISA", b"garbage" * 100, sample("837P")[:400]])
def test_rubbish_is_not_answered(data: bytes) -> None:
    assert list(answer_claims(data, at=AT)) == []


def test_what_a_claim_can_be_refused_for_has_a_reason_of_its_own() -> None:
    # a level that is out of order has no word of its own there; all else says what is wrong with the claim
    told = {
        code
        for code, one in RULES.items()
        if {"837P", "837I", "837D"} & {*one.kinds} and reason_for(Problem("error", code, "Wrong."))[1] == "21"
    }
    assert {code.partition(".")[0] for code in told} == {"hierarchy"}
