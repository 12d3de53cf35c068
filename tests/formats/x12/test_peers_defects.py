"""What other readers got wrong, by its number in our notes: each a test that ours does it right."""

import re
from itertools import pairwise

import pytest

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.formats.x12.labels import labels
from daysheet.formats.x12.sample import SETS, sample
from daysheet.formats.x12.sample.spoil import Apply, after, composite, put

SUFFIXED = ("270", "271", "835", "837D", "837I", "837P", "999")


def changed(kind: str, *changes: Apply) -> bytes:
    """Return a sample with changes, its set counted anew."""
    lines = [item.text() for item in x12.segments(sample(kind, count=3))]
    for change in changes:
        lines = change(lines)
    return ("~".join(put("SE*", 1, str(len(lines) - 4))(lines)) + "~").encode()


def test_1_a_remittance_without_st03_is_acknowledged() -> None:
    data = sample("835", count=3)
    assert b"~ST*835*0001~" in data
    (answer,) = x12.acknowledge(data)
    (group,) = answer.groups
    written = x12.render_interchange(
        sender=answer.interchange.receiver,
        receiver=answer.interchange.sender,
        control_number=1,
        at=answer.interchange.at,
        groups=[x12.OutgoingGroup(1, [x12.build_999(group)])],
    )
    (document,) = x12.read(written)
    assert document.content == group
    assert [(one.status, one.guide) for one in group.sets] == [("A", x12.GUIDES["835"])]


@pytest.mark.parametrize("kind", SETS)
def test_2_every_set_is_read_and_looked_through(kind: str) -> None:
    for document in x12.read(sample(kind, count=3)):
        assert document.content is not None
        assert document.problems == ()
    assert list(check(sample(kind, count=3))) == []


@pytest.mark.parametrize("kind", SUFFIXED)
@pytest.mark.parametrize("suffix", [b"", b"A1", b"A2", b"A3", b"A9", b"E1"])
def test_3_any_suffix_of_a_guide_is_the_guide(kind: str, suffix: bytes) -> None:
    clean = sample(kind, count=3)
    data = re.sub(rb"(005010X\d{3})[A-Z]\d(?=[*~])", rb"\1" + suffix, clean)
    assert x12.GUIDES[kind].encode() not in data or suffix in x12.GUIDES[kind].encode()
    one, other = next(iter(x12.read(data))), next(iter(x12.read(clean)))
    assert one.kind == kind
    if kind != "999":  # it says which guide it answers
        assert one.content == other.content
    assert [finding for finding in check(data) if finding.severity == "error"] == []


@pytest.mark.parametrize("kind", SETS)
def test_4_a_byte_order_mark_is_noted_and_nothing_else(kind: str) -> None:
    clean = sample(kind, count=3)
    marked = b"\xef\xbb\xbf" + clean
    assert [one.content for one in x12.read(marked)] == [one.content for one in x12.read(clean)]
    assert [(one.severity, one.code) for one in check(marked)] == [("note", "text.bom")]


def test_5_a_ta1_beside_a_999_is_read_with_it() -> None:
    ta1 = next(item.text() for item in x12.segments(sample("TA1")) if item.id == "TA1")
    data = sample("999", count=3).replace(b"~GS*", b"~" + ta1.encode() + b"~GS*")
    assert [document.kind for document in x12.read(data)] == ["TA1", "999"]
    assert list(check(data)) == []


def test_6_a_ta1_needs_no_group() -> None:
    data = sample("TA1")
    assert b"~GS*" not in data
    (document,) = x12.read(data)
    assert (document.kind, document.content.status) == ("TA1", "A")
    assert list(check(data)) == []
    assert x12.render(x12.parse(data)) == data


def test_7_a_header_of_106_signs_and_a_file_of_more_than_a_megabyte_are_read() -> None:
    data = sample("837P", count=3_000)
    assert data[105:106] == b"~"
    assert len(data) > 1_000_000
    assert sum(1 for _ in x12.stream(data)) == 3_000


def test_8_a_diagnosis_has_no_dot() -> None:
    assert all(b"." not in line for line in sample("837P", count=10).split(b"~") if line.startswith(b"HI*"))
    (finding,) = check(changed("837P", put("HI*", 1, composite(2, "E11.9"))))
    assert finding.code == "codes.diagnosis-dot"


@pytest.mark.parametrize(
    ("kind", "fault", "code"),
    [
        ("837P", "file-number", "envelope.iea-number"),
        ("835", "file-number", "envelope.iea-number"),
        ("835", "service-sum", "balance.service"),
        ("835", "payment-total", "balance.transaction"),
    ],
)
def test_9_numbers_of_the_envelope_and_every_sum_are_looked_at(kind: str, fault: str, code: str) -> None:
    (finding,) = check(sample(kind, count=3, fault=fault))
    assert finding.code == code


def test_10_what_may_stand_there_again_is_a_list() -> None:
    data = changed("835", after("PER*BL*", "PER*BL*SECOND DESK*TE*8005550199"))
    (document,) = x12.read(data)
    assert [one.name for one in document.content.payer.contacts] == ["TECH DESK", "SECOND DESK"]
    assert document.problems == ()
    assert list(check(data)) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [(put("CAS*", 2, "9999"), "codes.reason"), (put("LQ*HE*", 2, "N99999"), "codes.remark")],
)
def test_11_a_reason_and_a_remark_that_are_none_are_found(change: Apply, code: str) -> None:
    (finding,) = check(changed("835", change))
    assert (finding.code, finding.snip) == (code, 5)


@pytest.mark.parametrize("place", ["10", "27"])
def test_12_the_newer_places_of_service_are_known(place: str) -> None:
    assert labels("pos")[place]
    assert list(check(changed("837P", put("CLM*", 5, composite(1, place))))) == []


def test_none_of_the_twelve_is_left_out() -> None:
    numbers = sorted({int(name.split("_")[1]) for name in globals() if re.match(r"test_\d+_", name)})
    assert numbers[0] == 1
    assert numbers[-1] == 12
    assert all(later - earlier == 1 for earlier, later in pairwise(numbers))
