"""Claims leave only when nothing stops them, once, and what comes back about them moves them on or brings them back."""

from datetime import timedelta

import pytest

from daysheet.claims import commands, queries
from daysheet.claims.models import Claim, ClaimEvent
from daysheet.coverage.models import Payer
from daysheet.formats import x12
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.jobs import holding
from daysheet.mailroom.models import Envelope
from tests import make
from tests.claims.office import Loop

pytestmark = pytest.mark.django_db


def sent_claims(loop: Loop, at: int = 0) -> tuple[x12.ProfessionalClaim, ...]:
    (document,) = x12.read(bytes(loop.outgoing()[at].content))
    assert document.problems == ()
    return document.content.claims


def test_a_claim_is_made_from_the_posted_charges_of_a_visit() -> None:
    loop = Loop()
    claim = loop.made()
    assert (claim.number, claim.charge, claim.state, claim.frequency) == (20001, 180, "made", "1")
    assert claim.file_by == claim.service_on + timedelta(days=90)


def test_the_same_visit_is_not_billed_twice() -> None:
    loop = Loop()
    claim = loop.made()
    with pytest.raises(commands.NothingToBill):
        commands.make_claim(loop.by(), visit_id=claim.visit_id)
    with make.acting(loop.office):
        assert Claim.objects.count() == 1


def test_all_visits_that_are_on_no_claim_are_billed_at_once() -> None:
    loop = Loop()
    loop.visit()
    loop.visit(days_ago=1)
    assert [claim.number for claim in commands.make_due_claims(loop.by())] == [20001, 20002]
    assert commands.make_due_claims(loop.by()) == []


def test_the_wire_carries_what_the_office_knows() -> None:
    loop = Loop()
    claim = loop.sent()
    (wire,) = sent_claims(loop)
    assert (wire.claim_id, wire.charge, wire.place, wire.frequency) == (claim.control, 180, "11", "1")
    assert (wire.subscriber.party.name, wire.subscriber.party.id) == ("DIAZ", "XJ4001")
    assert wire.diagnoses == ("M5450",)
    assert [line.control for line in wire.lines] == [f"{claim.control}-1", f"{claim.control}-2"]
    assert (wire.rendering.name if wire.rendering else "") == "LEE"
    assert wire.original_claim == ""


def test_a_child_is_billed_as_a_dependent_of_the_subscriber() -> None:
    loop = Loop()
    with make.acting(loop.office):
        loop.coverage.relationship = "child"
        loop.coverage.subscriber_family, loop.coverage.subscriber_given = "Diaz", "Luis"
        loop.coverage.save()
    loop.sent()
    (wire,) = sent_claims(loop)
    assert (wire.subscriber.party.first, wire.patient_relationship) == ("LUIS", "19")
    assert wire.patient is not None
    assert (wire.patient.first, wire.patient.id) == ("MARIA", "")


def test_claims_of_one_partner_leave_in_one_interchange() -> None:
    loop = Loop()
    claims = [loop.made(), loop.made(days_ago=1)]
    loop.send(*claims)
    assert len(loop.outgoing()) == 1
    assert sorted(wire.claim_id for wire in sent_claims(loop)) == sorted(claim.control for claim in claims)


def test_a_stopped_claim_stays_with_a_work_item_while_its_neighbour_leaves() -> None:
    loop = Loop()
    good = loop.made()
    bad = loop.made("X0020", diagnoses=("M54",), days_ago=1)
    with make.acting(loop.office):
        bad.visit.diagnoses.update(code="???")
    loop.send(good, bad)
    assert (loop.again(good).state, loop.again(bad).state) == ("accepted", "held")
    assert loop.items() == [("other", "diagnosis-shape")]
    assert len(sent_claims(loop)) == 1


def test_a_mended_claim_leaves_and_its_work_item_is_closed() -> None:
    loop = Loop()
    bad = loop.made()
    with make.acting(loop.office):
        loop.diaz.street = ""
        loop.diaz.save()
    loop.send(bad)
    with make.acting(loop.office):
        loop.diaz.street = "5 Elm St"
        loop.diaz.save()
    loop.send(bad)
    assert loop.story(bad)[:4] == ["made", "scrub_stopped", "edited", "sent"]
    assert loop.items() == []


def test_a_claim_that_was_sent_is_not_sent_again() -> None:
    loop = Loop()
    claim = loop.sent()
    with pytest.raises(commands.CannotBeSent):
        commands.send_claims(loop.by(), claim_ids=[claim.pk])
    assert len(loop.outgoing()) == 1


def test_a_payer_without_a_partner_keeps_its_claims_here() -> None:
    loop = Loop()
    claim = loop.made()
    with make.acting(loop.office):
        Payer.objects.update(partner=None)
    loop.send(claim)
    assert loop.again(claim).state == "held"
    assert loop.outgoing() == []


def test_hostile_names_leave_as_plain_text_and_come_back_accepted() -> None:
    loop = Loop()
    with make.acting(loop.office):
        loop.diaz.given = "Mar~ia*:^<script>"
        loop.diaz.street = "5 Elm St ~ISA*00*"
        loop.diaz.save()
    assert loop.sent().state == "accepted"


def test_a_name_without_a_basic_letter_is_stopped_with_a_sentence() -> None:
    loop = Loop()
    claim = loop.made()
    with make.acting(loop.office):
        loop.diaz.family = "ماریا"
        loop.diaz.save()
    loop.send(claim)
    assert loop.items() == [("other", "patient-name")]


# --- answers ---


def test_a_refused_interchange_gives_its_claims_back() -> None:
    loop = Loop()
    loop.enroll(fault="ta1_rejected")
    claim = loop.sent()
    assert loop.story(claim) == ["made", "sent", "ta1_rejected"]
    assert [item.state for item in loop.outgoing()] == ["rejected"]
    assert loop.items() == [("rejection", "TA1-006")]


def test_a_refused_file_gives_all_its_claims_back() -> None:
    loop = Loop()
    loop.enroll(fault="set_rejected")
    claims = [loop.made(), loop.made(days_ago=1)]
    loop.send(*claims)
    assert [loop.again(claim).state for claim in claims] == ["rejected", "rejected"]
    assert loop.items() == [("rejection", "999-5")] * 2


def test_a_file_with_remarks_was_taken() -> None:
    loop = Loop()
    loop.enroll(fault="set_with_errors")
    assert loop.sent().state == "accepted"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("rejected_batch", "A3-24"),
        ("rejected_provider", "A7-562"),
        ("rejected_a3", "A3-116"),
        ("rejected_a6", "A6-562"),
        ("rejected_a7", "A7-255"),
        ("rejected_a8", "A8-187"),
        ("rejected_line", "A7-454"),
        ("not_found", "A3-33"),
    ],
)
def test_a_rejected_claim_comes_back_with_its_code_and_is_sent_as_new(fault: str, reason: str) -> None:
    loop = Loop()
    loop.enroll(fault=fault)
    claim = loop.sent()
    assert claim.state == "rejected"
    assert loop.items() == [("rejection", reason)]
    again = loop.resend(claim)
    assert (again.pk, again.frequency, again.state) == (claim.pk, "1", "accepted")
    assert sent_claims(loop, 1)[0].original_claim == ""
    assert loop.items() == []


def test_a_claim_passed_on_by_the_clearinghouse_has_no_proof_of_filing_yet() -> None:
    loop = Loop()
    loop.enroll(fault="forwarded")
    assert loop.story(loop.sent())[-1] == "received_277"


def test_a_late_acknowledgement_does_not_bring_a_decided_claim_back() -> None:
    loop = Loop()
    claim = loop.sent()
    loop.pay()
    (ack,) = loop.incoming("999")
    with make.acting(loop.office):
        commands.read_999(loop.by("system"), envelope=ack)
    assert loop.again(claim).state == "paid"


def test_an_acknowledgement_of_what_we_never_sent_is_said_and_harms_nothing() -> None:
    loop = Loop()
    claim = loop.sent()
    (ack,) = loop.incoming("999")
    group = x12.parse(bytes(ack.content)).documents[0].content
    from dataclasses import replace
    from datetime import datetime

    stray = x12.render_interchange(
        sender=x12.Mailbox("ZZ", "PAYERS"),
        receiver=x12.Mailbox("ZZ", "NORTHSIDE"),
        control_number=88,
        at=datetime(2026, 3, 9, 10, 0),
        groups=[x12.OutgoingGroup(88, [x12.build_999(replace(group, group_control="999999"))])],
        usage="T",
    )
    (envelope,) = loop.take(stray)
    with make.acting(loop.office):
        said = list(Envelope.objects.get(pk=envelope.pk).events.values_list("sentence", flat=True))
    assert any("did not send" in sentence for sentence in said)
    assert loop.again(claim).state == "accepted"


# --- correcting, taking back ---


def test_a_denied_claim_is_replaced_under_the_payers_number_and_paid() -> None:
    loop = Loop()
    loop.meet_deductible()
    loop.enroll(fault="denied_co_16")
    claim = loop.sent()
    loop.pay()
    loop.enroll()
    replacement = loop.resend(loop.again(claim), because="Own NPI")
    assert (replacement.frequency, replacement.payer_control[:5], replacement.state) == (
        "7",
        "BLUE1",
        "accepted",
    )
    assert sent_claims(loop, 1)[0].original_claim == "BLUE100000001"
    assert loop.again(claim).state == "replaced"
    assert loop.items() == []
    from datetime import date

    loop.pay(date(2026, 4, 15))
    assert loop.again(replacement).state == "paid"
    assert loop.due(replacement) == (0, loop.due(replacement)[1])
    with make.acting(loop.office):
        assert [row["payer_paid"] for row in queries.export_claims()] == ["0.00", "76.80"]


def test_a_claim_that_the_payer_has_is_not_changed() -> None:
    loop = Loop()
    claim = loop.sent()
    with pytest.raises(commands.StillWithThePayer):
        commands.correct_and_resend(loop.by(), claim_id=claim.pk, version=claim.version)
    assert loop.again(claim).state == "accepted"


def test_a_paid_claim_is_voided_on_the_wire_and_the_money_goes_back() -> None:
    loop = Loop()
    loop.meet_deductible()
    claim = loop.sent()
    loop.pay()
    claim = loop.again(claim)
    with holding() as held:
        commands.void_claim(loop.by(), claim_id=claim.pk, version=claim.version, reason="Wrong patient")
    loop.run(held)
    assert sent_claims(loop, 1)[0].frequency == "8"
    from datetime import date

    loop.pay(date(2026, 4, 15))
    with make.acting(loop.office):
        states = list(Claim.objects.order_by("number").values_list("frequency", "state"))
    assert states == [("1", "void"), ("8", "closed")]
    assert loop.due(claim) == (180, 0)


def test_a_claim_that_never_left_is_taken_back_without_a_word_to_the_payer() -> None:
    loop = Loop()
    claim = loop.made()
    commands.void_claim(loop.by(), claim_id=claim.pk, version=claim.version, reason="Typed twice")
    assert loop.again(claim).state == "void"
    assert loop.outgoing() == []
    assert commands.make_claim(loop.by(), visit_id=claim.visit_id).number == 20002


def stopped(loop: Loop, claim: Claim, frequency: str) -> Claim:
    """What follows a decided claim and was stopped by a rule on its way."""
    with make.acting(loop.office):
        claim.visit.diagnoses.update(code="???")
    if frequency == "7":
        held = loop.resend(loop.again(claim))
    else:
        claim = loop.again(claim)
        commands.void_claim(loop.by(), claim_id=claim.pk, version=claim.version, reason="Wrong visit")
        with make.acting(loop.office):
            held = Claim.objects.get(replaces=claim)
    assert (held.state, held.frequency) == ("held", frequency)
    return held


@pytest.mark.parametrize("frequency", ["7", "8"])
@pytest.mark.parametrize(("fault", "state"), [("", "paid"), ("denied_co_16", "denied")])
def test_what_follows_a_claim_and_never_left_gives_it_its_state_back(
    fault: str, state: str, frequency: str
) -> None:
    loop = Loop()
    loop.enroll(fault=fault)
    claim = loop.sent()
    loop.pay()
    work = loop.items("denial")
    held = stopped(loop, claim, frequency)
    commands.void_claim(loop.by(), claim_id=held.pk, version=held.version, reason="As it was")
    assert (loop.again(claim).state, loop.again(held).state) == (state, "void")
    assert loop.items() == work
    with make.acting(loop.office):
        assert queries.count_to_bill() == 0
        assert queries.wrong_states() == []
    with pytest.raises(commands.NothingToBill):
        commands.make_claim(loop.by(), visit_id=claim.visit_id)


def test_a_replacement_that_was_rejected_and_taken_back_leaves_the_first_one_as_decided() -> None:
    loop = Loop()
    claim = loop.sent()
    loop.pay()
    second = loop.resend(loop.again(claim))
    assert (loop.again(claim).state, second.state) == ("replaced", "accepted")
    with make.acting(loop.office):  # the twin refuses no replacement
        ClaimEvent.objects.create(claim=second, rank=9, at=loop.now, kind="rejected_277", by_name="Blue PPO")
        Claim.objects.filter(pk=second.pk).update(state="rejected")
    commands.void_claim(loop.by(), claim_id=second.pk, version=second.version, reason="As it was")
    assert loop.again(claim).state == "paid"
    assert loop.story(claim)[-1] == "replacement_dropped"


def test_a_change_by_somebody_else_is_noticed() -> None:
    loop = Loop()
    claim = loop.made()
    with pytest.raises(StaleForm):
        commands.void_claim(loop.by(), claim_id=claim.pk, version=claim.version + 1, reason="x")
    assert loop.again(claim).state == "made"


def test_an_appeal_puts_the_denial_away_and_waits_for_the_payer() -> None:
    loop = Loop()
    loop.enroll(fault="denied_co_50")
    claim = loop.sent()
    loop.pay()
    claim = loop.again(claim)
    commands.note_appeal(loop.by(), claim_id=claim.pk, version=claim.version, how="Letter with the note")
    assert (loop.again(claim).state, loop.items()) == ("appealed", [])


def test_a_denial_says_in_our_words_what_to_do_and_until_when() -> None:
    from daysheet.tasks.models import WorkqueueItem

    loop = Loop()
    loop.enroll(fault="denied_co_16")
    loop.sent()
    loop.pay()
    with make.acting(loop.office):
        item = WorkqueueItem.objects.get(kind="denial")
    assert item.sentence.startswith("Information missing (CO-16).")
    assert "send a replacement" in item.sentence
    assert item.source_of_due == "payer: appeal 180 days"
    assert item.due_at.astimezone(loop.office.zone).isoformat() == "2026-09-21T17:00:00-04:00"


# --- clocks, roles ---


def test_silence_on_the_way_is_put_on_the_list_once() -> None:
    loop = Loop()
    claim = loop.made()
    with holding():
        commands.send_claims(loop.by(), claim_ids=[claim.pk])
    loop.now += timedelta(days=2)
    assert commands.watch_clocks(loop.by("system")) == 1
    assert commands.watch_clocks(loop.by("system")) == 0
    assert loop.items() == [("other", "silent-sent")]


def test_an_unsent_claim_near_its_filing_limit_is_put_on_the_list() -> None:
    loop = Loop()
    loop.made(days_ago=80)
    assert commands.watch_clocks(loop.by("system")) == 1
    assert loop.items() == [("other", "filing-limit")]


@pytest.mark.parametrize("who", ["rosa", "auditor"])
def test_whoever_may_not_send_changes_nothing(who: str) -> None:
    loop = Loop()
    claim = loop.made()
    for act in (
        lambda: commands.make_claim(loop.by(who), visit_id=claim.visit_id),
        lambda: commands.send_claims(loop.by(who), claim_ids=[claim.pk]),
        lambda: commands.void_claim(loop.by(who), claim_id=claim.pk, version=claim.version, reason="x"),
        lambda: commands.watch_clocks(loop.by(who)),
    ):
        with pytest.raises(NotPermitted):
            act()
    with make.acting(loop.office):
        assert ClaimEvent.objects.count() == 1
    assert loop.outgoing() == []
