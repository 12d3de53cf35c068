"""Numbers and counts of the envelopes are checked; what is inside stays usable."""

from datetime import datetime

import pytest

from daysheet.formats import x12

from . import samples as office

BODY = x12.build_835(office.remittance())
CLEAN = office.wrap(BODY)


@pytest.mark.parametrize(
    ("good", "bad", "code", "segment", "element"),
    [
        (b"SE*24*0001", b"SE*23*0001", "envelope.se-count", "SE", 1),
        (b"SE*24*0001", b"SE*24*0002", "envelope.se-number", "SE", 2),
        (b"SE*24*0001~", b"", "envelope.se-missing", "", 0),
        (b"GE*1*17", b"GE*2*17", "envelope.ge-count", "GE", 1),
        (b"GE*1*17", b"GE*1*18", "envelope.ge-number", "GE", 2),
        (b"GE*1*17~", b"", "envelope.ge-missing", "ISA", 0),
        (b"IEA*1*", b"IEA*2*", "envelope.iea-count", "IEA", 1),
        (b"IEA*1*000000017", b"IEA*1*000000071", "envelope.iea-number", "IEA", 2),
        (b"IEA*1*000000017~", b"", "envelope.iea-missing", "ISA", 0),
        (b"GS*HP*", b"GS*HC*", "envelope.gs-code", "", 0),
    ],
)
def test_one_fault_gives_one_problem(good: bytes, bad: bytes, code: str, segment: str, element: int) -> None:
    data = CLEAN.replace(good, bad)
    assert data != CLEAN
    file = x12.parse(data)
    (problem,) = file.all_problems
    assert (problem.code, problem.segment, problem.element, problem.snip) == (code, segment, element, 1)
    assert [document.content for document in file.documents] == [office.remittance()]


def test_a_repeated_interchange_number_is_a_problem() -> None:
    assert [problem.code for problem in x12.parse(CLEAN * 2).problems] == ["envelope.isa-repeated"]


def test_two_sets_of_a_group_must_not_share_a_number() -> None:
    one = x12.OutgoingSet(BODY.id, BODY.guide, BODY.segments, "0007")
    (_, second) = x12.parse(office.wrap(one, one)).documents
    assert [problem.code for problem in second.problems] == ["envelope.st-repeated"]


def test_a_4010_file_is_read_with_a_warning() -> None:
    data = office.wrap(x12.build_837p(office.claim_batch())).replace(b"005010X222A1", b"004010X098A1")
    (document,) = x12.read(data)
    assert [(problem.severity, problem.code) for problem in document.problems] == [
        ("warning", "envelope.old-version")
    ]


def test_a_ta1_may_stand_beside_a_group() -> None:
    ack = x12.InterchangeAck("000000012", datetime(2026, 3, 8, 9, 5), "A")
    data = x12.render_interchange(
        sender=office.PAYER_BOX,
        receiver=office.OFFICE,
        control_number=3,
        at=office.NOON,
        groups=[x12.OutgoingGroup(3, [x12.build_999(office.group_ack())])],
        acks=[ack],
    )
    file = x12.parse(data)
    assert [document.kind for document in file.documents] == ["TA1", "999"]
    assert file.documents[0].content == ack
    assert file.all_problems == ()


def test_the_envelope_carries_the_local_moment_and_the_names() -> None:
    (document,) = x12.read(CLEAN)
    envelope = document.interchange
    assert (envelope.sender, envelope.receiver) == (office.OFFICE, office.PAYER_BOX)
    assert (envelope.control_number, envelope.at, envelope.usage) == ("000000017", office.NOON, "T")
    assert document.group == x12.Group("HP", "LEECLINIC", "BLUEPPO", "17", "005010X221A1", office.NOON)
    assert len(CLEAN.split(b"~")[0]) == 105
    assert b"~ST*835*0001~" in CLEAN  # ST03 is not used in the remittance


def test_a_problem_says_where_it_stands() -> None:
    problem = x12.Problem("error", "element.date", "This is not a date.", 2, "2300", "DTP", 31, 3)
    assert problem.place == "2300 DTP03, segment 31"


@pytest.mark.parametrize(
    "more",
    [
        {"sender": x12.Mailbox("ZZ", "A*B")},
        {"sender": x12.Mailbox("ZZ", "")},
        {"sender": x12.Mailbox("ZZ", "X" * 16)},
        {"receiver": x12.Mailbox("Z", "A")},
        {"control_number": 0},
        {"control_number": 1_000_000_000},
        {"groups": [x12.OutgoingGroup(1, [])]},
        {"groups": [x12.OutgoingGroup(1, [BODY, x12.build_999(office.group_ack())])]},
    ],
)
def test_an_impossible_envelope_is_refused(more: dict[str, object]) -> None:
    fields = {"sender": office.OFFICE, "receiver": office.PAYER_BOX, "control_number": 1, "at": office.NOON}
    with pytest.raises(x12.CannotBuild):
        x12.render_interchange(**(fields | more))
