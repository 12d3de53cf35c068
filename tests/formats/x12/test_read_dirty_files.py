"""Files as they really come: marks, blanks, odd headers, odd signs, cut ends. Nothing raises, the good stays."""

import io
import random

import pytest

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.formats.x12.sample import sample

from . import samples as office

CLEAN = office.wrap(x12.build_835(office.remittance()))
WANTED = office.remittance()


def codes(data: bytes) -> set[str]:
    return {problem.code for problem in x12.parse(data).all_problems}


def remittances(data: bytes) -> list[object]:
    return [document.content for document in x12.read(data) if document.kind == "835"]


@pytest.mark.parametrize(
    ("dirt", "note"),
    [
        (b"\xef\xbb\xbf" + CLEAN, "text.bom"),
        (b"From: the bank\r\n\r\n" + CLEAN, "text.outside"),
        (CLEAN + b"\r\nthe end", "text.outside"),
        (CLEAN.replace(b"LEECLINIC      ", b"LEECLINIC"), "text.header-length"),
        (CLEAN.replace(b"LEECLINIC      ", b"LEECLINIC            "), "text.header-length"),
        (CLEAN.replace(b"*T*:~", b"*T*~"), "text.header-component"),
    ],
)
def test_dirt_is_noted_and_the_remittance_is_read(dirt: bytes, note: str) -> None:
    assert note in codes(dirt)
    if note != "text.header-component":
        assert remittances(dirt) == [WANTED]


@pytest.mark.parametrize("end", [b"~\n", b"~\r\n", b"~\r\n   ", b"~ \t", b"~\0\n"])
def test_line_ends_and_blanks_between_segments_are_nothing(end: bytes) -> None:
    data = CLEAN.replace(b"~", end)
    assert remittances(data) == [WANTED]
    assert codes(data) == set()


@pytest.mark.parametrize("terminator", ["~", "\n", "\r", "\\", "\x1d", "!", "_"])
@pytest.mark.parametrize("element", ["*", "|", ">", "\t"])
def test_any_signs_separate(terminator: str, element: str) -> None:
    signs = x12.Delimiters(element, "^", ":", terminator)
    data = office.wrap(x12.build_835(office.remittance()), delimiters=signs)
    assert remittances(data) == [WANTED]
    assert codes(data) == set()


def test_a_tilde_may_separate_elements() -> None:
    signs = x12.Delimiters("~", "^", ":", "\n")
    assert remittances(office.wrap(x12.build_835(WANTED), delimiters=signs)) == [WANTED]


def test_an_old_header_without_a_repetition_sign_is_read() -> None:
    data = CLEAN.replace(b"*^*00501*", b"*U*00401*")
    assert remittances(data) == [WANTED]


def test_names_may_hold_any_bytes() -> None:
    utf8 = CLEAN.replace(b"DIAZ", "DÍAZ".encode())
    latin = CLEAN.replace(b"DIAZ", "DÍAZ".encode("latin-1"))
    for data in (utf8, latin):
        (remittance,) = remittances(data)
        assert remittance.claims[0].patient.name == "DÍAZ"


def test_a_file_may_hold_many_interchanges_with_other_signs_each() -> None:
    body = x12.build_835(WANTED)
    signs = [x12.STANDARD, x12.Delimiters("|", "^", ">", "\n"), x12.Delimiters("*", "^", ":", "!")]
    data = b"\r\n".join(office.wrap(body, number=n, delimiters=own) for n, own in enumerate(signs * 40, 1))
    file = x12.parse(data)
    assert [document.content for document in file.documents] == [WANTED] * 120
    assert len(file.interchanges) == 120
    assert file.all_problems == ()


def test_the_size_of_the_pieces_does_not_matter() -> None:
    data = CLEAN + office.wrap(
        x12.build_270(x12.InquiryBatch("V1", office.NOON, (office.inquiry(),))), number=18
    )
    whole = [document.content for document in x12.read(data)]
    for size in (1, 7, 106, 1000):
        pieces = (data[at : at + size] for at in range(0, len(data), size))
        assert [document.content for document in x12.read(pieces)] == whole
    assert [document.content for document in x12.read(io.BytesIO(data))] == whole


def test_a_file_cut_at_any_byte_gives_problems_and_never_raises() -> None:
    first = office.wrap(x12.build_837p(office.claim_batch(office.claim())), number=16)
    data = first + CLEAN
    for end in range(len(data) - 1):
        file = x12.parse(data[:end])
        if end >= len(first):
            assert file.documents[0].content == office.claim_batch(office.claim())
        if end not in (0, 1, 2, len(first) - 1, len(first)):  # nothing, or a whole interchange
            assert file.all_problems, end


@pytest.mark.parametrize("name", ["837P", "835", "271", "277CA", "999"])
def test_a_lost_or_doubled_segment_never_raises(name: str) -> None:
    body = {
        "837P": x12.build_837p(office.claim_batch(office.secondary_claim(), office.dependent_claim())),
        "835": x12.build_835(office.remittance()),
        "271": x12.build_271(x12.AnswerBatch("V1", office.NOON, (office.answer(),))),
        "277CA": x12.build_277ca(office.status_report()),
        "999": x12.build_999(office.group_ack()),
    }[name]
    lines = office.wrap(body).split(b"~")
    for index in range(len(lines) - 1):
        assert x12.parse(b"~".join(lines[:index] + lines[index + 1 :])).all_problems
        assert x12.parse(b"~".join(lines[: index + 1] + lines[index:])).all_problems
        blank = lines[index].split(b"*")[0]
        x12.outline(b"~".join([*lines[:index], blank, *lines[index + 1 :]]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"ISA",
        b"ISA*",
        b"\0" * 500,
        b"ISA" * 500,
        b"hello",
        "ISA*00".encode("utf-16"),
        b"ISA*00*" + b"*" * 300,
    ],
)
def test_what_is_no_file_gives_no_documents(data: bytes) -> None:
    assert x12.parse(data).documents == ()
    assert x12.outline(data) is not None


def test_a_segment_without_an_end_stops_the_reading() -> None:
    endless = (b"X" * 100_000 for _ in range(1_000_000))  # 100 GB, if anybody read it

    def pieces():
        yield CLEAN[:106]
        yield from endless

    assert "text.endless" in {problem.code for problem in x12.parse(pieces()).all_problems}


@pytest.mark.parametrize("amount", [b"1E30", b"NaN", b"Infinity", b"1_0", b"ABC", b"9" * 30, b"--1"])
def test_an_impossible_amount_is_a_problem_and_counts_as_nothing(amount: bytes) -> None:
    data = CLEAN.replace(b"BPR*I*95*", b"BPR*I*" + amount + b"*")
    (document,) = x12.read(data)
    problem = next(problem for problem in document.problems if problem.code == "element.number")
    assert (problem.segment, problem.element, problem.position) == ("BPR", 2, 2)
    assert document.content.amount == 0
    assert document.content.claims == WANTED.claims


def test_unknown_segments_are_kept_in_place() -> None:
    data = CLEAN.replace(b"SVC*HC:X0020:25*100", b"ZZZ*WHAT*EVER~SVC*HC:X0020:25*100")
    (document,) = x12.read(data)
    assert [item.text() for item in document.content.claims[0].extras] == ["ZZZ*WHAT*EVER"]
    assert b"ZZZ*WHAT*EVER~" in x12.render(x12.parse(data))


def test_a_guide_is_known_by_its_number_whatever_the_suffix() -> None:
    data = office.wrap(x12.build_837p(office.claim_batch())).replace(b"005010X222A1", b"005010X222A2")
    (document,) = x12.read(data)
    assert (document.kind, document.content) == ("837P", office.claim_batch())
    assert document.problems == ()


def test_a_claim_without_its_insured_is_still_read() -> None:
    lines = office.wrap(x12.build_837p(office.claim_batch())).split(b"~")
    start = next(at for at, line in enumerate(lines) if line.startswith(b"HL*2*"))
    end = next(at for at, line in enumerate(lines) if line.startswith(b"CLM*"))
    (document,) = x12.read(b"~".join(lines[:start] + lines[end:]))
    (claim,) = document.content.claims
    assert (claim.claim_id, claim.lines) == ("C0001", office.claim().lines)
    assert "claim.insured-missing" in {problem.code for problem in document.problems}


def test_a_million_empty_segments_are_nothing() -> None:
    assert remittances(CLEAN.replace(b"~LX", b"~" * 1_000_000 + b"LX")) == [WANTED]


def test_odd_hierarchies_are_read_as_they_stand() -> None:
    data = office.wrap(x12.build_837p(office.claim_batch())).split(b"~SBR")
    nested = b"".join(b"~HL*%d*%d*22*1" % (number, number - 1) for number in range(3, 5000))
    (document,) = x12.read(data[0] + nested + b"~SBR" + data[1])
    assert [claim.claim_id for claim in document.content.claims] == ["C0001"]


def test_a_stream_hands_out_one_claim_at_a_time() -> None:
    seen = [record.claim_id for _, record in x12.stream(CLEAN)]
    both = office.claim_batch(office.claim(), office.dependent_claim())
    seen += [record.claim_id for _, record in x12.stream(office.wrap(x12.build_837p(both)))]
    assert seen == ["C0001", "C0001", "C0002"]
    (_, ack) = next(x12.stream(office.wrap(x12.build_999(office.group_ack()))))
    assert ack == office.group_ack()


def test_spoilt_bytes_never_raise() -> None:
    chance = random.Random(20260309)  # the same spoilt files in every run
    files = [office.wrap(x12.build_837p(office.claim_batch(office.secondary_claim()))), CLEAN]
    files.append(office.wrap(x12.build_271(x12.AnswerBatch("V1", office.NOON, (office.answer(),)))))
    files.append(office.wrap(x12.build_277ca(office.status_report())))
    for _ in range(400):
        data = bytearray(chance.choice(files))
        for _ in range(chance.choice((1, 2, 5, 20))):
            at = chance.randrange(len(data))
            match chance.randrange(3):
                case 0:
                    data[at] = chance.choice(b"*~:^\n ISAGTE019.\x00\xff")
                case 1:
                    del data[at : at + chance.randrange(1, 60)]
                case _:
                    data[at:at] = data[chance.randrange(len(data)) :][:40]
        spoilt = bytes(data)
        assert len(x12.outline(spoilt)) == len(x12.parse(spoilt).segments)
        x12.acknowledge(spoilt)


OLD_GUIDES = {"837P": "004010X098A1", "837I": "004010X096A1", "837D": "004010X097A1", "835": "004010X091A1"}


@pytest.mark.parametrize("kind", OLD_GUIDES)
def test_an_old_version_is_read_with_a_warning_and_judged_by_its_sums(kind: str) -> None:
    new = sample(kind, count=3)
    guide = x12.GUIDES[kind].encode()
    old = new.replace(guide, OLD_GUIDES[kind].encode()).replace(b"*00501*", b"*00401*")
    (document,) = x12.read(old)
    (today,) = x12.read(new)
    assert document.kind == kind
    assert document.content == today.content
    assert [item.code for item in document.problems] == ["envelope.old-version"]
    assert [item.code for item in check(old)] == ["envelope.old-version"]
    spoilt = sample(kind, count=3, fault="payment-total" if kind == "835" else "claim-total")
    found = [item.code for item in check(spoilt.replace(guide, OLD_GUIDES[kind].encode()))]
    assert sorted(found) == [f"balance.{'transaction' if kind == '835' else 'claim'}", "envelope.old-version"]
