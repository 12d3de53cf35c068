"""Documents inside a file (BIN, BDS): their bytes are counted, kept, written again; a wrong count loses nothing else."""

import io
import itertools
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daysheet.formats import x12
from daysheet.formats.x12 import text
from daysheet.formats.x12.check import check
from daysheet.formats.x12.segment import BinarySegment

from . import samples as x12_samples

ISA = b"ISA*00*          *00*          *ZZ*NORTHSIDE      *ZZ*BLUEPPO        *260310*0930*^*00602*000000042*0*T*:~"
HEAD = (
    ISA + b"GS*PI*NORTHSIDE*BLUEPPO*20260310*0930*42*X*006020X314~ST*275*0001*006020X314~BGN*02*A1*20260310~"
)
END = b"GE*1*42~IEA*1*000000042~"
NASTY = b"%PDF-1.4 ~ * : ^ ISA*00*~IEA*1*1~SE*9*0001~BIN*3*abc~\r\n\x00\xff\xe9\xc3\xa9 %%EOF~"


def wire(*lines: bytes, end: bytes = END) -> bytes:
    body = b"".join(line + b"~" for line in lines)
    return HEAD + body + b"SE*%d*0001~" % (len(lines) + 3) + end


def counted(data: bytes, said: int | bytes | None = None) -> bytes:
    told = said if isinstance(said, bytes) else b"%d" % (len(data) if said is None else said)
    return b"BIN*" + told + b"*" + data


def inside(data: object) -> list[bytes]:
    return [item.data for item in x12.segments(data) if isinstance(item, BinarySegment)]


def faults(data: bytes) -> list[str]:
    return [item.code for item in x12.parse(data).all_problems if item.code.startswith(("envelope", "text"))]


@pytest.mark.parametrize("size", [1, 7, 64, 1000, 1 << 20])
@pytest.mark.parametrize("gap", [b"", b"\n", b"\r\n  "])
def test_a_document_may_hold_every_sign_and_come_in_any_pieces(size: int, gap: bytes) -> None:
    data = wire(b"LX*1", gap + counted(NASTY), gap + b"LX*2", b"BDS*ASC*%d*%s" % (len(NASTY), NASTY))
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    assert inside(pieces) == [NASTY, NASTY]
    assert faults(data) == []
    assert [item.id for item in x12.segments(data)].count("LX") == 2


def test_a_file_with_a_document_renders_the_same_bytes() -> None:
    data = wire(b"LX*1", counted(NASTY))
    file = x12.parse(data)
    assert x12.render(file) == data
    other = x12.Delimiters("|", "!", ">", "\n")
    again = x12.render(file, other)
    assert inside(again) == [NASTY]
    assert x12.render(x12.parse(again), x12.STANDARD) == data


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=600), size=st.integers(1, 700))
def test_any_bytes_are_a_document(data: bytes, size: int) -> None:
    whole = wire(b"LX*1", counted(data), b"LX*2", b"BDS*B64*%d*%s" % (len(data), data))
    assert inside(whole[at : at + size] for at in range(0, len(whole), size)) == [data, data]
    assert x12.render(x12.parse(whole)) == whole
    assert faults(whole) == []


@pytest.mark.parametrize(
    "said", [0, 1, 5, 21, 400, 60_000_000, 70_000_000, 999_999_999_999, b"", b"many", b"-4", b"1" * 30]
)
@pytest.mark.parametrize("document", [b"A letter ~ with a tilde.", b"A plain letter."])
def test_a_wrong_length_is_one_finding_and_the_rest_of_the_file_stays(
    said: int | bytes, document: bytes
) -> None:
    data = wire(b"LX*1", counted(document, said), b"LX*2", counted(NASTY))
    assert inside(data) == [document, NASTY]
    assert faults(data) == ["envelope.document-length"]
    (file,) = x12.read(data)
    (problem,) = (one for one in file.problems if one.code == "envelope.document-length")
    assert (problem.severity, problem.segment, problem.position, problem.element) == ("error", "BIN", 4, 1)
    assert f"it has {len(document)}." in problem.message
    assert [one.code for one in check(data)].count("envelope.document-length") == 1


def test_a_wrong_length_refuses_the_set_in_the_answer() -> None:
    (answer,) = x12.acknowledge(wire(b"LX*1", counted(b"A letter.", 4)))
    assert answer.groups[0].status == "R"
    assert "BIN" in {one.segment for one in answer.groups[0].sets[0].errors}


def test_a_length_that_ends_at_a_sign_inside_is_believed() -> None:
    assert inside(wire(b"LX*1", counted(b"A letter"), b"LX*2"))[0] == b"A letter"


def test_a_document_without_its_last_elements_is_an_ordinary_segment() -> None:
    ids = [
        (item.id, len(item)) for item in x12.segments(wire(b"LX*1", b"BIN*5", b"BDS*B64", b"BIN", b"LX*2"))
    ]
    assert ids[4:9] == [("LX", 2), ("BIN", 2), ("BDS", 2), ("BIN", 1), ("LX", 2)]


def test_a_file_that_ends_in_a_document_says_so() -> None:
    whole = wire(b"LX*1", counted(b"A letter ~ with *~: signs."))
    start = whole.index(b"BIN*")
    for end in range(start + 1, whole.index(b"SE*5*0001~")):
        assert "text.cut" in {one.code for one in x12.parse(whole[:end]).problems}
        assert inside(whole[:end]) == []


def test_a_file_cut_at_any_byte_never_passes_for_whole() -> None:
    whole = wire(b"LX*1", counted(NASTY))
    for end in range(3, len(whole) - 1):
        assert x12.parse(whole[:end]).all_problems


def test_a_document_beyond_the_largest_is_left_out_and_the_rest_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(text, "LARGEST_DOCUMENT", 1 << 20)
    size = 5 << 20
    piece = b"0123456789abcde~" * (1 << 14)
    source = itertools.chain(
        [HEAD, b"LX*1~BIN*%d*" % size],
        itertools.repeat(piece, size // len(piece)),
        [b"~LX*2~BIN*1*A~SE*7*0001~" + END],
    )
    tracemalloc.start()
    file = x12.parse(source)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [one.code for one in file.all_problems if one.code.startswith("env")] == ["envelope.document-size"]
    assert [item.data for item in file.segments if isinstance(item, BinarySegment)] == [b"", b"A"]
    assert peak < 8 << 20


def test_many_wrong_lengths_are_read_in_bounded_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_PATIENCE", 3 << 20)
    lines = [counted(b"A letter", 60_000_000) for _ in range(5000)]
    file = x12.parse(wire(*lines))
    assert 10 < sum(item.id == "BIN" for item in file.segments) < 5000
    assert file.problems[0].code == "text.documents"


def test_hundreds_of_wrong_lengths_are_no_reason_to_stop() -> None:
    data = wire(*[counted(b"A letter ~ of %d" % number, 5) for number in range(500)])
    assert inside(data) == [b"A letter ~ of %d" % number for number in range(500)]


def test_a_large_document_is_read_in_the_memory_of_a_few() -> None:
    document = b"~*:^" * (4 << 20)
    data = wire(b"LX*1", counted(document))
    tracemalloc.start()
    (found,) = inside(io.BytesIO(data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == document
    assert peak < 5 * len(document)


def test_names_beside_a_document_are_read_as_before() -> None:
    data = wire("NM1*QC*1*DÍAZ".encode(), "NM1*QC*1*DÍAZ".encode("latin-1"), counted("é".encode()))
    assert [item[3] for item in x12.segments(data) if item.id == "NM1"] == ["DÍAZ", "DÍAZ"]
    assert inside(data) == ["é".encode()]


def test_signs_may_be_more_than_a_byte() -> None:
    body = x12.build_270(x12.InquiryBatch("V1", x12_samples.NOON, (x12_samples.inquiry(),)))
    for signs in (x12.Delimiters("§", "^", ":", "¶"), x12.Delimiters("*", "^", ":", "€")):
        data = x12_samples.wrap(body, delimiters=signs)
        assert [one.content for one in x12.read(data)] == [
            one.content for one in x12.read(x12_samples.wrap(body))
        ]
        assert x12.parse(data).all_problems == ()
    latin = x12_samples.wrap(body).replace(b"*", b"\xa7")
    assert [one.content for one in x12.read(latin)] == [
        one.content for one in x12.read(x12_samples.wrap(body))
    ]
