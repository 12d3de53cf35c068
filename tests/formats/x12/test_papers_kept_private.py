# ruff: noqa: E501 - a case is one line
"""What a paper holds is never shown: mask puts an invented document in its place, explain says size and kind alone."""

import pytest

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.formats.x12.mask import mask
from daysheet.formats.x12.payload import inside
from daysheet.formats.x12.sample import sample
from daysheet.formats.x12.segment import BinarySegment

from . import papers as desk
from . import samples as office
from .clean import wire

KEY = b"k" * 32
SECRET = b"OKONKWO-7788"
WORDS = b"About " + SECRET + b" ~ who came * at noon."
DOCUMENTS = {
    "text": WORDS,
    "PDF": b"%PDF-1.4 " + WORDS,
    "C-CDA XML": b'<ClinicalDocument xmlns="urn:hl7-org:v3"><title>'
    + SECRET
    + b"</title></ClinicalDocument>",
    "CDA XML": b'<levelone xmlns="urn:hl7-org:v3/cda">' + SECRET + b"</levelone>",
    "XML": b"<name>" + SECRET + b"</name>",
    "HL7 message": b"MSH|^~\\&|" + SECRET,
    "unknown": b"\x00\x01\x02\x03" + SECRET,
}


def documents(data: bytes) -> list[BinarySegment]:
    return [item for item in x12.segments(data) if isinstance(item, BinarySegment)]


def three_ways(document: bytes) -> bytes:
    """A file with a document as it is, plain, and packed in base64 twice."""
    ways = (
        x12.AttachedDocument(document, "", "UL"),
        x12.AttachedDocument(document, "ASC", "UL"),
        x12.attached(document, file_name=SECRET.decode()),
    )
    sent = [desk.paper(control=f"A{place}", documents=(one,)) for place, one in enumerate(ways)]
    return office.wrap(x12.build_275(desk.papers(*sent)))


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_masked_document_is_an_invented_one_of_its_kind_with_its_own_length(kind: str) -> None:
    data = three_ways(DOCUMENTS[kind])
    after = b"".join(mask(data, KEY))
    found = documents(after)
    assert len(found) == 3
    for before, now in zip(documents(data), found, strict=True):
        assert before.data != now.data
        assert SECRET not in inside(now).document
        assert inside(now).kind == (kind if kind != "unknown" else "text")
        assert inside(now).file_name == ""
        assert now[len(now) - 2] == str(len(now.data))
    assert SECRET not in after
    assert not {one.code for one in check(after)} & {"envelope.document-length", "text.cut"}


@pytest.mark.parametrize("seed", range(6))
def test_a_masked_sample_is_clean(seed: int) -> None:
    for kind in ("275", "277RFAI"):
        data = sample(kind, count=8, seed=seed)
        after = b"".join(mask(data, KEY))
        assert list(check(after)) == []
        for item in documents(data):
            assert item.data not in after


@pytest.mark.parametrize("said", [b"3", b"60", b"9999999", b"", b"X"])
def test_a_document_of_a_wrong_length_does_not_survive_either(said: bytes) -> None:
    data = wire("275").replace(b"ASC*22*MARIA OCAMPO WAS WELL.", b"ASC*" + said + b"*" + WORDS)
    assert SECRET in data
    assert SECRET not in b"".join(mask(data, KEY))


def test_a_piece_that_a_wrong_length_left_outside_does_not_survive() -> None:
    early = b"About MARIA ~ZQ " + SECRET + b"~" + SECRET + b"*1"
    data = wire("275").replace(b"22*MARIA OCAMPO WAS WELL.", b"12*" + early)
    assert SECRET not in b"".join(mask(data, KEY))


@pytest.mark.parametrize("is_hidden", [False, True])
def test_explain_says_size_and_kind_and_nothing_more(is_hidden: bool) -> None:
    data = three_ways(DOCUMENTS["PDF"])
    lines = [line for line in x12.outline(data, is_hidden=is_hidden) if line.segment_id in ("BIN", "BDS")]
    size = len(DOCUMENTS["PDF"])
    assert [line.plain_words for line in lines] == [f"Document: PDF, {size} bytes"] * 3
    assert lines[0].segment_text == f"BIN*{size}*(PDF, {size} bytes)~"
    assert SECRET.decode() not in "".join(line.segment_text + line.plain_words for line in lines)


def test_explain_says_what_is_asked_and_by_when() -> None:
    lines = x12.outline(office.wrap(x12.build_277rfai(desk.requests())))
    words = {line.segment_id: line.plain_words for line in reversed(lines) if line.loop == "2200D"}
    assert words["STC"] == "Status: Information asked for: papers, Progress note"
    assert [line.plain_words for line in lines if "DTP*106" in line.segment_text] == [
        "Date: Answer by, 2026-04-08"
    ]
    loops = list(dict.fromkeys(line.loop for line in lines if line.loop))
    assert loops == [
        "2000A",
        "2100A",
        "2000B",
        "2100B",
        "2000C",
        "2100C",
        "2000D",
        "2100D",
        "2200D",
        "2210D",
        "2220D",
    ]


def test_a_segment_shows_no_document_when_it_is_printed() -> None:
    assert SECRET.decode() not in "".join(map(repr, documents(three_ways(WORDS))))


def test_no_finding_quotes_a_document() -> None:
    for said in (b"3", b"9999999", b"", b"0"):
        data = wire("275").replace(b"ASC*22*MARIA OCAMPO WAS WELL.", b"B64*" + said + b"*" + WORDS)
        for one in [*check(data), *x12.parse(data).all_problems]:
            assert SECRET.decode() not in one.value + one.message


# kind, what is changed, the findings: code and place
CASES = [
    ("277RFAI", ("NM1*PR*2*BLUE PPO*****PI*BLUE1\nPER*IC*MEDICAL REVIEW*TE*8005550100\n", ""), [("loop.missing", "2100A NM1")]),
    ("277RFAI", ("REF*1K*P0002\n", ""), [("segment.missing", "2200D REF")]),
    ("277RFAI", ("REF*1K*P0002", "REF*9Z*P0002"), [("element.value", "2200D REF01")]),
    ("277RFAI", ("DTP*106*D8*20260409", "DTP*106*D8*20260431"), [("element.date", "2200D DTP03")]),
    ("277RFAI", ("STC*R4:28570-0::LOI*20260310\n", ""), [("segment.missing", "2220D STC")]),
    ("277RFAI", ("BHT*0085*48*R0042", "BHT*0099*48*R0042"), [("element.value", "ST BHT01")]),
    ("277RFAI", ("SVC*HC:X0020:25*100", "SVC*HC:X0020:25*ABC"), [("element.number", "2220D SVC02")]),
    ("275", ("NM1*41*2*NORTHSIDE FAMILY MEDICINE*****46*NORTHSIDE\n", ""), [("loop.missing", "1000B NM1")]),
    ("275", ("BGN*11*SENT0042*20260310", "BGN*11*SENT0042*20260231"), [("element.date", "ST BGN03")]),
    ("275", ("TRN*2*ASKED0003\n", ""), [("segment.missing", "2000A TRN")]),
    ("275", ("CAT*AE*TX\nBDS*ASC*22*MARIA OCAMPO WAS WELL.\n", ""), [("loop.missing", "2110A CAT")]),
    ("275", ("BDS*ASC*22*", "BDS*ZIP*22*"), [("element.value", "2110A BDS01")]),
    ("275", ("DTP*368*D8*20260310", "DTP*368*D8*20260310\nK3*X"), [("segment.unexpected", "2000A K3")]),
    ("275", ("BDS*ASC*22*MARIA OCAMPO WAS WELL.\n", ""), [("attachments.document-missing", "2110A CAT02")]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "change", "expected"), CASES, ids=range(len(CASES)))
def test_a_fault_of_structure_is_named_by_its_place(
    kind: str, change: tuple[str, str], expected: list[tuple[str, str]]
) -> None:
    found = [(one.code, one.place.split(",")[0]) for one in check(wire(kind, change))]
    assert sorted(found) == sorted(expected)
