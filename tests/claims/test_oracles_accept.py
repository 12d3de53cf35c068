"""The very bytes that office and payers exchanged are accepted by independent readers (pyx12, x12sdk, oxedi)."""

import io
import logging
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from daysheet.mailroom.models import Envelope
from tests import make
from tests.claims.office import Loop
from tests.claims.test_institutional_claims import HospitalLoop
from tests.payer.office import PayerDesk, inquiry

pytestmark = [pytest.mark.django_db, pytest.mark.oracle]
FAULTS = (
    "",
    "denied_co_16",
    "partial",
    "bundled",
    "crossed_over",
    "interest",
    "zero_pay",
    "reversal",
    "take_back",
    "rejected_a7",
    "rejected_line",
    "set_with_errors",
)


def everything_sent(fault: str) -> list[Envelope]:
    """A claim, its answers, its payment, its replacement and its void, with one thing going wrong."""
    loop = Loop()
    loop.meet_deductible()
    loop.enroll(fault=fault)
    claim = loop.sent()
    if claim.state == "rejected":
        claim = loop.resend(claim)
    loop.pay(date(2026, 3, 25))
    loop.pay(date(2026, 4, 1))
    claim = loop.again(claim)
    if claim.state == "denied":
        loop.enroll()
        loop.resend(claim)
        loop.pay(date(2026, 4, 20))
    with make.acting(loop.office):
        ours = list(Envelope.objects.filter(direction="out"))
    with make.acting(loop.payers):
        theirs = list(Envelope.objects.filter(direction="out"))
    return ours + theirs


@pytest.fixture
def pyx12_says(tmp_path: Path) -> Iterator[Callable[[bytes], str]]:
    document = pytest.importorskip("pyx12.x12n_document")
    params = pytest.importorskip("pyx12.params")
    logging.disable(logging.CRITICAL)

    def says(data: bytes) -> str:
        path = tmp_path / "sent.x12"
        path.write_bytes(data)
        answer = io.StringIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sound = document.x12n_document(params.params(), str(path), answer, None)
        return "" if sound else answer.getvalue()

    yield says
    logging.disable(logging.NOTSET)


def x12sdk_reads(path: Path, data: bytes) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sdk = pytest.importorskip("x12sdk.io")
        path.write_bytes(data)
        with sdk.X12ModelReader(str(path)) as reader:
            return len(list(reader.models()))


@pytest.mark.parametrize("fault", FAULTS)
def test_every_file_of_a_claims_life_is_accepted(
    pyx12_says: Callable[[bytes], str], tmp_path: Path, fault: str
) -> None:
    oxedi = pytest.importorskip("oxedi")
    envelopes = everything_sent(fault)
    assert {"837P", "999", "277CA", "835"} <= {item.kind for item in envelopes}
    for item in envelopes:
        data = bytes(item.content)
        if item.kind != "TA1":
            assert pyx12_says(data) == "", (item.kind, data)
        if item.kind in {"837P", "835"}:
            assert x12sdk_reads(tmp_path / "sent.x12", data) == 1
        if item.kind == "835":
            assert [str(found) for found in oxedi.parse(data).diagnostics] == []


def test_a_dependents_claim_from_another_door_is_accepted(pyx12_says: Callable[[bytes], str]) -> None:
    loop = Loop()
    with make.acting(loop.office):
        loop.coverage.relationship = "child"
        loop.coverage.subscriber_family, loop.coverage.subscriber_given = "Diaz", "Luis"
        loop.coverage.save()
        loop.door.street, loop.door.zip = "99 Oak St", "011040001"
        loop.door.save()
    assert loop.sent().state == "accepted"
    (envelope,) = loop.outgoing()
    assert b"NM1*77*" in bytes(envelope.content)
    assert pyx12_says(bytes(envelope.content)) == ""


def test_a_facilitys_claim_and_its_payment_are_accepted(
    pyx12_says: Callable[[bytes], str], tmp_path: Path
) -> None:
    loop = HospitalLoop()
    loop.meet_deductible()
    loop.sent("X0510", "X0260", diagnoses=("M54.50", "I10"))
    loop.pay()
    for kind, envelopes in (("837I", loop.outgoing("837I")), ("835", loop.incoming("835"))):
        (envelope,) = envelopes
        assert pyx12_says(bytes(envelope.content)) == "", kind
        assert x12sdk_reads(tmp_path / "sent.x12", bytes(envelope.content)) == 1


@pytest.mark.parametrize("fault", ["", "inactive"])
def test_an_answer_about_a_member_is_accepted(tmp_path: Path, fault: str) -> None:
    desk = PayerDesk()
    desk.enroll(fault=fault)
    (envelope,) = desk.take(desk.envelope([inquiry()]))
    assert x12sdk_reads(tmp_path / "sent.x12", bytes(envelope.content)) == 1
