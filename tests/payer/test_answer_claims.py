"""The payer acknowledges what comes in: TA1 and 999 for the file, 277CA for each claim; refusals at every level."""

from datetime import date
from decimal import Decimal

import pytest

from daysheet.formats import x12
from daysheet.kernel.tenancy import acting_in
from daysheet.payer.models import ReceivedClaim
from tests import cast
from tests.payer.office import EXERCISE, VISIT, PayerDesk, batch, claim, read

pytestmark = pytest.mark.django_db


def kinds(desk: PayerDesk, data: bytes) -> list[str]:
    return [item.kind for item in desk.take(data)]


def statuses(desk: PayerDesk, data: bytes) -> list[tuple[str, str]]:
    """Every status of the 277CA, with its level."""
    report = next(read(item)[0].content for item in desk.take(data) if item.kind == "277CA")
    found = [("source", item.category) for item in report.statuses]
    for provider in report.providers:
        found += [("provider", item.category) for item in provider.statuses]
        for told in provider.claims:
            found += [("claim", item.category) for item in told.statuses]
            found += [("line", item.category) for line in told.lines for item in line.statuses]
    return found


def state_of(desk: PayerDesk, control: str = "C1") -> list[str]:
    with acting_in(desk.practice.pk):
        return list(
            ReceivedClaim.objects.filter(control=control).order_by("number").values_list("state", flat=True)
        )


def test_a_good_file_gets_a_999_and_a_277ca() -> None:
    desk = PayerDesk()
    desk.enroll()
    assert kinds(desk, desk.envelope([batch(claim())])) == ["999", "277CA"]
    assert state_of(desk) == ["decided"]


def test_a_ta1_comes_when_it_is_asked_for() -> None:
    desk = PayerDesk()
    desk.enroll()
    assert kinds(desk, desk.envelope([batch(claim())], ack=True)) == ["TA1", "999", "277CA"]


def test_the_277ca_names_our_batch_our_claim_and_the_payers_own_number() -> None:
    desk = PayerDesk()
    desk.enroll()
    report = read(desk.take(desk.envelope([batch(claim(), reference="BATCH7")]))[1])[0].content
    (told,) = report.providers[0].claims
    assert report.batch_reference == "BATCH7"
    assert (told.claim_id, told.payer_claim_number) == ("C1", "BLUE100000001")
    assert told.statuses[0].accepted
    assert (report.totals.accepted_count, report.totals.accepted) == (1, Decimal("120"))


def test_a_file_that_was_cut_off_is_refused_and_none_of_its_claims_are_taken() -> None:
    desk = PayerDesk()
    desk.enroll()
    data = desk.envelope([batch(claim())])
    cut = data[: data.index(b"SE*")]
    posted = desk.take(cut)
    assert "277CA" not in [item.kind for item in posted]
    assert state_of(desk) == []


def test_a_wrong_segment_count_rejects_the_set_alone() -> None:
    desk = PayerDesk()
    desk.enroll()
    data = desk.envelope([batch(claim("C1"), reference="B1"), batch(claim("C2", EXERCISE), reference="B2")])
    at = data.index(b"SE*")
    broken = data[:at] + b"SE*9" + data[at + 3 :]
    posted = desk.take(broken)
    ack = read(posted[0])[0].content
    assert [item.status for item in ack.sets] == ["R", "A"]
    assert ack.status == "P"
    assert (state_of(desk, "C1"), state_of(desk, "C2")) == ([], ["decided"])


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("ta1_rejected", ["TA1"]),
        ("ta1_errors", ["TA1", "999", "277CA"]),
        ("set_rejected", ["999"]),
        ("set_with_errors", ["999", "277CA"]),
    ],
)
def test_a_fault_of_the_file_happens_once(fault: str, told: list[str]) -> None:
    desk = PayerDesk()
    desk.enroll(fault=fault)
    assert kinds(desk, desk.envelope([batch(claim())], 1)) == told
    again = desk.envelope([batch(claim("C9", EXERCISE))], 2)
    assert kinds(desk, again) == ["999", "277CA"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("rejected_batch", [("source", "A3"), ("provider", "A1"), ("claim", "A3")]),
        ("rejected_provider", [("source", "A1"), ("provider", "A7"), ("claim", "A7")]),
        ("rejected_a3", [("source", "A1"), ("provider", "A1"), ("claim", "A3")]),
        ("rejected_a6", [("source", "A1"), ("provider", "A1"), ("claim", "A6")]),
        ("rejected_a7", [("source", "A1"), ("provider", "A1"), ("claim", "A7")]),
        ("rejected_a8", [("source", "A1"), ("provider", "A1"), ("claim", "A8")]),
        ("rejected_line", [("source", "A1"), ("provider", "A1"), ("claim", "A7"), ("line", "A7")]),
        ("forwarded", [("source", "A1"), ("provider", "A1"), ("claim", "A0")]),
    ],
)
def test_a_claim_is_refused_at_the_level_that_was_named(fault: str, told: list[tuple[str, str]]) -> None:
    desk = PayerDesk()
    desk.enroll(fault=fault)
    assert statuses(desk, desk.envelope([batch(claim())])) == told


def test_a_refused_claim_that_is_sent_again_is_taken() -> None:
    desk = PayerDesk()
    desk.enroll(fault="rejected_a7")
    desk.take(desk.envelope([batch(claim())], 1))
    desk.take(desk.envelope([batch(claim("C2"))], 2))
    assert (state_of(desk, "C1"), state_of(desk, "C2")) == (["rejected"], ["decided"])


@pytest.mark.parametrize(
    ("sent", "category"),
    [
        (claim(member_id="XJ9999"), "A3"),
        (claim(payer_id="NOBODY"), "A3"),
        (claim(npi="1234567890"), "A7"),
        (claim(frequency="7", original_claim="BLUE199999999"), "A7"),
    ],
    ids=["unknown-member", "unknown-payer", "npi-fails", "no-original"],
)
def test_what_the_payers_own_books_do_not_know_is_refused(sent: x12.ProfessionalClaim, category: str) -> None:
    desk = PayerDesk()
    desk.enroll()
    assert ("claim", category) in statuses(desk, desk.envelope([batch(sent)]))
    assert state_of(desk) == ["rejected"]


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        (claim(served_on=date(2024, 12, 31)), "denied_co_29"),
        (claim(served_on=date(2026, 3, 1)), "denied_co_26"),
        (claim(served_on=date(2026, 3, 8)), "denied_co_27"),
    ],
    ids=["too-late", "before-it-began", "after-it-ended"],
)
def test_the_books_deny_before_the_dice(sent: x12.ProfessionalClaim, fault: str) -> None:
    desk = PayerDesk()
    desk.enroll(starts_on=date(2026, 3, 5), ends_on=date(2026, 3, 7), fault="denied_co_50")
    desk.take(desk.envelope([batch(sent)]))
    with acting_in(desk.practice.pk):
        assert ReceivedClaim.objects.get().decision["fault"] == fault


def test_the_same_claim_twice_is_a_duplicate() -> None:
    desk = PayerDesk()
    desk.enroll()
    desk.take(desk.envelope([batch(claim("C1"))], 1))
    desk.take(desk.envelope([batch(claim("C2"))], 2))
    with acting_in(desk.practice.pk):
        assert ReceivedClaim.objects.get(control="C2").decision["fault"] == "denied_co_18"


def test_the_pay_day_is_fixed_by_the_delay_and_a_job_waits_for_its_morning() -> None:
    desk = PayerDesk()
    desk.enroll()
    desk.take(desk.envelope([batch(claim("C1", VISIT, EXERCISE))]))
    with acting_in(desk.practice.pk):
        assert ReceivedClaim.objects.get().pay_on == date(2026, 3, 25)  # sixteen days
    (waiting,) = [job for job in desk.jobs if job.name == "payer.pay_due"]
    assert waiting.at is not None
    assert waiting.at.astimezone(desk.practice.zone).isoformat() == "2026-03-25T06:00:00-04:00"


def test_hostile_words_stay_words() -> None:
    desk = PayerDesk()
    desk.enroll()
    hostile = claim(notes=(x12.Note("ADD", "<script>alert(1)</script> ~ * : ^ ISA"),))
    assert kinds(desk, desk.envelope([batch(hostile)])) == ["999", "277CA"]
    assert state_of(desk) == ["decided"]


def test_the_twin_decides_the_same_for_the_same_seed_whatever_the_claims_are_called() -> None:
    from daysheet.payer import commands

    def faults(seed: str, prefix: str) -> list[str]:
        desk = PayerDesk()
        desk.practice.name = f"{seed} {prefix}"
        for number in range(30):
            desk.enroll(f"XJ{4000 + number}")
        commands.set_dice(cast.system(desk.practice.pk), seed=seed, percent=300)
        claims = [claim(f"{prefix}{number}", member_id=f"XJ{4000 + number}") for number in range(30)]
        desk.take(desk.envelope([batch(*claims)]))
        with acting_in(desk.practice.pk):
            rows = ReceivedClaim.objects.order_by("number")
            return [row.decision.get("fault", row.state) for row in rows]

    first = faults("11", "C")
    assert first.count("") < 25
    from daysheet.kernel.models import Practice

    Practice.objects.filter(name="The Payers").update(name="The Payers of another day")
    assert faults("11", "D") == first
