"""A claim's state follows from its events alone."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from daysheet.claims import rules
from daysheet.claims.rules import Happened, Part, outcome, state_of
from daysheet.kernel.ids import new_id
from daysheet.kernel.money import usd


@pytest.mark.parametrize(
    ("events", "state", "turn"),
    [
        ([], "made", "biller"),
        (["made", "scrub_stopped"], "held", "biller"),
        (["made", "scrub_stopped", "edited"], "made", "biller"),
        (["made", "sent"], "sent", "clearinghouse"),
        (["made", "sent", "ta1_rejected"], "rejected", "biller"),
        (["made", "sent", "ta1_accepted", "received_999"], "acknowledged", "payer"),
        (["made", "sent", "rejected_999"], "rejected", "biller"),
        (["made", "sent", "received_999", "accepted_277"], "accepted", "payer"),
        (["made", "sent", "received_999", "rejected_277"], "rejected", "biller"),
        (["made", "sent", "received_999", "rejected_277", "edited", "sent"], "sent", "clearinghouse"),
        (["made", "sent", "accepted_277", "received_999"], "accepted", "payer"),
        (["made", "sent", "accepted_277", "paid"], "paid", "nobody"),
        (["made", "sent", "accepted_277", "partly_paid"], "partly_paid", "biller"),
        (["made", "sent", "accepted_277", "denied"], "denied", "biller"),
        (["made", "sent", "accepted_277", "denied", "appealed"], "appealed", "payer"),
        (["made", "sent", "accepted_277", "denied", "replaced", "reversed"], "replaced", "nobody"),
        (["made", "sent", "paid", "reversed"], "reversed", "payer"),
        (["made", "sent", "paid", "reversed", "paid"], "paid", "nobody"),
        (["made", "sent", "paid", "forwarded"], "paid", "nobody"),
        (["made", "sent", "denied", "received_999"], "denied", "biller"),
        (["made", "voided", "sent"], "void", "nobody"),
        (["made", "sent", "denied", "closed"], "closed", "nobody"),
        (["made", "sent", "paid", "replaced", "replacement_dropped"], "paid", "nobody"),
        (["made", "sent", "denied", "replaced", "replacement_dropped"], "denied", "biller"),
        (["made", "sent", "paid", "replaced", "reversed", "replacement_dropped"], "reversed", "payer"),
        (["made", "sent", "accepted_277", "voided", "replacement_dropped"], "accepted", "payer"),
        (["made", "sent", "paid", "replaced", "replacement_dropped", "replaced"], "replaced", "nobody"),
        (["made", "sent", "paid", "replacement_dropped"], "paid", "nobody"),
    ],
)
def test_the_state_and_whose_turn_it_is_follow_from_what_happened(
    events: list[str], state: str, turn: str
) -> None:
    told = state_of(events)
    assert (told.state, told.whose_turn) == (state, turn)


def test_a_processed_claim_with_a_patients_share_waits_for_the_patient() -> None:
    assert state_of(["made", "sent", Happened("paid", ("CO-45", "PR"))]).whose_turn == "patient"


def test_proof_of_filing_is_the_payers_acceptance_and_nothing_before() -> None:
    assert not state_of(["made", "sent", "received_999", "received_277"]).has_proof_of_filing
    assert state_of(["made", "sent", "received_999", "accepted_277", "denied"]).has_proof_of_filing


@pytest.mark.parametrize(
    ("status", "paid", "parts", "event"),
    [
        ("1", "84.00", [("CO", "45", "36.00")], "paid"),
        ("1", "0.00", [("CO", "45", "36.00"), ("PR", "1", "84.00")], "paid"),
        ("1", "0.00", [("CO", "24", "120.00")], "paid"),
        ("4", "0.00", [("CO", "16", "120.00")], "denied"),
        ("1", "0.00", [("CO", "50", "120.00")], "denied"),
        ("4", "0.00", [("PR", "204", "120.00")], "denied"),
        ("1", "60.00", [("CO", "50", "60.00")], "partly_paid"),
        ("1", "60.00", [("OA", "23", "60.00")], "partly_paid"),
        ("22", "-84.00", [("CO", "45", "-36.00")], "reversed"),
        ("19", "84.00", [("CO", "45", "36.00")], "paid"),
    ],
)
def test_what_a_remittance_says_is_one_event(
    status: str, paid: str, parts: list[tuple[str, str, str]], event: str
) -> None:
    said = [Part("L1", group, reason, usd(amount)) for group, reason, amount in parts]
    assert outcome(status=status, charge=usd("120.00"), paid=usd(paid), parts=said) == event


def test_a_denial_is_filed_under_the_reason_that_took_the_most() -> None:
    parts = [
        Part("1", "CO", "45", usd("90.00")),
        Part("1", "CO", "16", usd("20.00")),
        Part("2", "CO", "50", usd("10.00")),
    ]
    assert rules.main_reason(parts) == "CO-16"


def test_a_reversal_undoes_a_decision_only_to_the_cent() -> None:
    earlier = [Part("1", "CO", "45", usd("36.00"))]
    back = [Part("1", "CO", "45", usd("-36.00"))]
    assert rules.is_mirror(back, usd("-84.00"), earlier, usd("84.00"))
    assert not rules.is_mirror(back, usd("-83.99"), earlier, usd("84.00"))
    assert not rules.is_mirror(
        [Part("1", "CO", "45", Decimal("-35.99"))], usd("-84.00"), earlier, usd("84.00")
    )


def test_the_number_on_the_wire_is_opaque_and_short() -> None:
    control = rules.control_of(9_999_999_999, new_id())
    assert len(control) <= 20
    assert control.isalnum()


def test_the_filing_limit_counts_from_the_day_of_service() -> None:
    assert rules.file_by(date(2026, 3, 9), 90) == date(2026, 6, 7)


def test_only_a_claim_that_waits_for_another_has_an_alarm() -> None:
    now = datetime(2026, 3, 9, 14, tzinfo=UTC)
    assert rules.alarm_at("sent", now) == datetime(2026, 3, 10, 14, tzinfo=UTC)
    assert rules.alarm_at("made", now) is None
