"""A payer asks for papers and gets them: what is written is read as it was, and what is missing is said by its place."""

import json
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.formats.x12.payload import kind_of, opened, packed
from daysheet.formats.x12.sample import sample
from daysheet.formats.x12.told import told

from . import papers as desk
from . import samples as office
from .test_round_trip import (
    LONG,
    address,
    charge,
    code,
    contact,
    day,
    instant,
    maybe,
    person,
    procedure,
    several,
    text,
)

SETS = {
    "277RFAI": (x12.build_277rfai, desk.requests()),
    "277RFAI of two claims": (
        x12.build_277rfai,
        desk.requests(desk.request(), desk.request(trace="Q0002", lines=(), reply=None)),
    ),
    "275": (x12.build_275, desk.papers()),
    "275 in answer": (x12.build_275, desk.papers(desk.paper(is_answer=True), purpose="11")),
}


def back(body: x12.OutgoingSet, **more: object) -> x12.Document:
    (document,) = x12.read(office.wrap(body, **more))
    assert document.problems == ()
    return document


@pytest.mark.parametrize("name", SETS)
def test_a_set_reads_as_it_was_written(name: str) -> None:
    build, value = SETS[name]
    document = back(build(value))
    assert document.content == value
    assert document.kind == name.split()[0]


@pytest.mark.parametrize("name", SETS)
def test_a_parsed_file_renders_the_same_bytes_whatever_the_signs(name: str) -> None:
    build, value = SETS[name]
    data = office.wrap(build(value))
    assert x12.render(x12.parse(data)) == data
    odd = office.wrap(build(value), delimiters=x12.Delimiters("|", "!", ">", "\n"))
    assert next(iter(x12.read(odd))).content == value
    assert x12.render(x12.parse(odd), x12.STANDARD) == data


def test_the_file_is_of_the_version_of_its_guide() -> None:
    data = office.wrap(x12.build_275(desk.papers()))
    assert data[84:89] == b"00602"
    assert data[106:].startswith(
        b"GS*PI*LEECLINIC*BLUEPPO*20260309*1230*17*X*006020X314~ST*275*0001*006020X314~BGN*02*S0001*"
    )
    assert x12.parse(data).all_problems == ()
    asked = office.wrap(x12.build_277rfai(desk.requests()))
    assert asked[84:89] == b"00602"
    assert b"GS*HN*" in asked
    assert office.wrap(x12.build_835(office.remittance()))[84:89] == b"00501"


def test_the_answer_sends_back_the_number_of_the_question() -> None:
    asked = back(x12.build_277rfai(desk.requests())).content.providers[0].requests[0]
    assert (asked.loinc, asked.claim_id, asked.respond_by.starts_on) == ("11506-3", "C0001", date(2026, 4, 8))
    answer = desk.papers(
        desk.paper(control=asked.trace, is_answer=True, questions=asked.questions), purpose="11"
    )
    (paper,) = back(x12.build_275(answer)).content.attachments
    assert (paper.control_number, paper.loinc, paper.document) == ("Q0001", "11506-3", desk.CCDA)


def test_each_paper_gives_its_document_byte_for_byte() -> None:
    content = back(x12.build_275(desk.papers())).content
    assert [paper.document for paper in content.attachments] == [desk.CCDA, desk.PDF, desk.NOTE]
    assert [one.kind for paper in content.attachments for one in paper.documents] == [
        "C-CDA XML",
        "PDF",
        "text",
    ]
    assert [one.form for paper in content.attachments for one in paper.documents] == ["HL", "IA", "TX"]
    assert content.attachments[0].documents[0].file_name == "note.xml"
    assert (content.claim_id, content.payer_claim_number) == ("C0001", "P900")


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (desk.CCDA, "C-CDA XML"),
        (b"\xef\xbb\xbf" + desk.CCDA, "C-CDA XML"),
        (desk.CCDA.decode().encode("utf-16"), "C-CDA XML"),
        (b'<x:ClinicalDocument xmlns:x="urn:hl7-org:v3"/>', "C-CDA XML"),
        (b'<levelone xmlns="urn:hl7-org:v3/cda"/>', "CDA XML"),
        (b"<html></html>", "XML"),
        (desk.PDF, "PDF"),
        (b"MSH|^~\\&|A", "HL7 message"),
        (b"II*\0\x08", "TIFF image"),
        ("Gesehen um zwölf.".encode(), "text"),
        ("Gesehen um zwölf.".encode("latin-1"), "text"),
        (bytes(range(256)), "unknown"),
        (b" \r\n", "nothing"),
        (b"", "nothing"),
    ],
)
def test_a_document_is_told_by_its_first_bytes(document: bytes, kind: str) -> None:
    assert kind_of(document) == kind


@given(document=st.binary(max_size=400), name=text, code=st.sampled_from(["B64", "ASC"]))
def test_what_is_packed_is_opened_again(document: bytes, name: str, code: str) -> None:
    found = opened(packed(document, "application/pdf", name, code), code)
    assert found == (document, "application/pdf", name.strip())


@given(data=st.binary(max_size=300), code=st.sampled_from(["B64", "ASC", "", "ZZZ"]))
def test_opening_never_raises(data: bytes, code: str) -> None:
    opened(data, code)
    opened(b"Content-Type: text/plain\n\n" + data, code)
    kind_of(data)


def test_a_plain_multipart_entity_stays_whole() -> None:
    body = b"--X\r\n\r\nA\r\n--X--"
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary=X; name="a.pdf"\r\n\r\n'
    assert opened(head + body) == (body, "multipart/mixed", "a.pdf")
    assert opened(b"Content-Length: 3\r\n\r\nabc") == (b"Content-Length: 3\r\n\r\nabc", "", "")


loinc = st.sampled_from(["11506-3", "18842-5", "28570-0"])
question = st.builds(
    x12.Question, st.sampled_from(["R3", "R4"]), loinc, maybe, st.sampled_from(["LOI", "LOI"]), on=st.none() | day,
    action=st.sampled_from(["", "WQ"]), charge=st.none() | charge, message=maybe,
    more=several(st.tuples(st.just("R4"), loinc, st.just(""), st.just("LOI")), 2),
)  # fmt: skip
reference = st.builds(x12.Reference, st.sampled_from(["ZZ", "EI", "1L"]), text, maybe)
dated = st.builds(x12.Dates, st.just("472"), day, st.none() | day)
extra = st.just((x12.segment("K3", "KEPT AS IT IS"),)) | st.just(())
line = st.builds(
    x12.RequestedLine, procedure, charge, several(question, 2, 1), maybe, st.sampled_from(["", "0300"]),
    st.none() | st.just(office.usd("2")), st.none() | dated, extra,
)  # fmt: skip
reply = st.builds(
    x12.ReplyTo,
    st.builds(x12.Attachment, st.just("OZ"), st.sampled_from(["EL", "FX"]), maybe),
    st.none() | contact,
    extra,
)
request = st.builds(
    desk.request, trace=text, patient=person, questions=several(question, 2, 1), claim_id=maybe,
    payer_claim_number=text, medical_record=maybe, bill_type=maybe, clearinghouse_trace=maybe,
    references=several(reference), served=st.none() | dated,
    respond_by=st.none() | st.builds(x12.Dates, st.sampled_from(["106", "097"]), day), reply=st.none() | reply,
    lines=several(line, 2), origin=maybe, extras=extra,
)  # fmt: skip
office_of = st.builds(
    x12.Party, text, id_qualifier=st.just("XX"), id=code, entity=st.sampled_from(["", "85", "FA"])
)
asked = st.builds(
    desk.requests, reference=text, at=instant,
    source=st.builds(x12.Party, text, id_qualifier=st.just("PI"), id=code, entity=st.sampled_from(["PR", "AY"]),
                     contacts=several(contact, 1), address=st.none() | address),
    providers=several(st.builds(x12.AskedProvider, office_of, several(request, 2, 1)), 2, 1),
)  # fmt: skip
raw = st.builds(
    x12.AttachedDocument, st.binary(min_size=1, max_size=200), st.sampled_from(["", "ASC"]), st.just("IA"),
    security=st.sampled_from(["", "ZZ"]), extras=st.just(()) | st.just((x12.segment("OOI", "1", "47", "A"),)),
)  # fmt: skip
wrapped = st.builds(x12.attached, st.binary(max_size=200), file_name=maybe)
paper = st.builds(
    x12.ClaimAttachment, text, several(raw | wrapped, 3, 1), st.booleans(), several(question, 2), several(reference),
    st.none() | st.builds(x12.Dates, st.just("368"), day), extras=extra, origin=maybe,
)  # fmt: skip
sent = st.builds(
    lambda sent, **more: desk.papers(*sent, **more), several(paper, 3, 1), purpose=st.sampled_from(["02", "11"]),
    reference=text, at=instant, patient=person, references=several(reference), served=st.none() | dated, extras=extra,
    payer=st.builds(x12.Party, text, id_qualifier=st.just("PI"), id=code, contacts=several(contact, 2)),
    provider=office_of,
)  # fmt: skip


@LONG
@given(asked)
def test_any_request_reads_as_it_was_written(value: x12.RequestBatch) -> None:
    assert back(x12.build_277rfai(value)).content == value


@LONG
@given(sent)
def test_any_papers_read_as_they_were_written(value: x12.PatientInformation) -> None:
    body = x12.build_275(value)
    assert back(body).content == value
    data = office.wrap(body)
    assert x12.render(x12.parse(data)) == data


MISSING = [
    ("277RFAI", "NM1*41*", "request.party-missing"),
    ("277RFAI", "NM1*QC*", "request.party-missing"),
    ("277RFAI", "TRN*", "request.trace-missing"),
    ("277RFAI", "HL*3*", "request.provider-missing"),
    ("275", "BGN*", "attachment.bgn-missing"),
    ("275", "NM1*PR*", "attachment.party-missing"),
    ("275", "NM1*QC*", "attachment.party-missing"),
    ("275", "TRN*1*A0001", "attachment.control-missing"),
    ("275", "BDS*", "attachment.document-missing"),
]


def lines_of(name: str) -> list[bytes]:
    build, value = SETS[name]
    file = x12.parse(office.wrap(build(value)))
    return [item.octets() for item in file.segments]


def file_of(lines: list[bytes]) -> bytes:
    """The file of these segments, the count of its set made anew."""
    last = next((place for place, one in enumerate(lines) if one.startswith(b"SE*")), None)
    if last is not None and len(lines) > 3:
        lines = [*lines[:last], b"SE*%d*0001" % (last - 1), *lines[last + 1 :]]
    return b"~".join([*lines, b""])


@pytest.mark.parametrize(("name", "lost", "code"), MISSING)
def test_a_lost_piece_is_a_problem_at_its_place(name: str, lost: str, code: str) -> None:
    lines = lines_of(name)
    place = next(place for place, one in enumerate(lines) if one.startswith(lost.encode()))
    (document,) = x12.read(file_of([*lines[:place], *lines[place + 1 :]]))
    assert [problem.code for problem in document.problems] == code.split()
    assert document.content is not None


def test_a_request_that_asks_nothing_is_a_problem() -> None:
    lines = [one for one in lines_of("277RFAI") if not one.startswith(b"STC*")]
    (document,) = x12.read(file_of(lines))
    assert [problem.code for problem in document.problems] == ["request.question-missing"]


@pytest.mark.parametrize("name", ["277RFAI", "275"])
def test_lost_doubled_and_emptied_segments_never_raise(name: str) -> None:
    lines = lines_of(name)
    for place, one in enumerate(lines):
        for changed in (
            [],
            [one, one],
            [one.split(b"*")[0]],
            [one[: len(one) // 2]],
            [one.replace(b"2026", b"20XX")],
        ):
            data = file_of([*lines[:place], *changed, *lines[place + 1 :]])
            x12.parse(data)
            list(told(data))
            x12.outline(data)
            x12.acknowledge(data)


NOT_ASKED: list[tuple[dict[str, object], str]] = [
    ({"at": None}, "moment"),
    ({"reference": ""}, "BHT03"),
    ({"providers": ()}, "2000D"),
    ({"source": x12.Party("")}, "2100A NM103"),
    ({"receiver": x12.Party("LEE")}, "2100B NM109"),
]
NOT_THAT: list[tuple[dict[str, object], str]] = [
    ({"trace": " "}, "2200D TRN02"),
    ({"payer_claim_number": ""}, "2200D REF 1K"),
    ({"questions": (), "lines": ()}, "2200D STC"),
    ({"questions": (x12.Question("", "11506-3"),)}, "2200D STC01-1"),
    ({"questions": (x12.Question("R4", ""),)}, "2200D STC01-2"),
    ({"questions": (x12.Question("R4", "1-8", more=(("R4", "1-8", "", ""),) * 3),)}, "STC10"),
    ({"patient": x12.Party("DIAZ", is_person=True)}, "2100D NM109"),
    ({"reply": x12.ReplyTo(x12.Attachment("", "EL"))}, "2210D PWK01"),
    ({"lines": (x12.RequestedLine(x12.Procedure("X0020"), office.usd("1"), ()),)}, "2220D STC"),
]
NOT_SENT: list[tuple[dict[str, object], str]] = [
    ({"purpose": "00"}, "BGN01"),
    ({"reference": ""}, "BGN02"),
    ({"at": None}, "BGN03"),
    ({"attachments": ()}, "2000A LX"),
    ({"submitter": x12.Party("")}, "1000B NM103"),
    ({"provider": x12.Party("LEE")}, "1000C NM109"),
    ({"attachments": (desk.paper(control=""),)}, "2000A TRN02"),
    ({"attachments": (desk.paper(documents=()),)}, "2000A BDS"),
    ({"attachments": (desk.paper(documents=(x12.AttachedDocument(b"", "ASC", "TX"),)),)}, "BDS03"),
    ({"attachments": (desk.paper(documents=(x12.AttachedDocument(b"no ~", "B64", "TX"),)),)}, "base64"),
    ({"attachments": (desk.paper(documents=(x12.AttachedDocument(b"A", "ZIP", "TX"),)),)}, "BDS01"),
    ({"attachments": (desk.paper(documents=(x12.AttachedDocument(b"A", "ASC"),)),)}, "CAT02"),
]


@pytest.mark.parametrize(("change", "place"), NOT_ASKED)
def test_a_batch_that_lacks_something_is_not_written(change: dict[str, object], place: str) -> None:
    with pytest.raises(x12.CannotBuild, match=place):
        x12.build_277rfai(desk.requests(**change))


@pytest.mark.parametrize(("change", "place"), NOT_THAT)
def test_a_request_that_lacks_something_is_not_written(change: dict[str, object], place: str) -> None:
    with pytest.raises(x12.CannotBuild, match=place):
        x12.build_277rfai(desk.requests(desk.request(**change)))


@pytest.mark.parametrize(("change", "place"), NOT_SENT)
def test_papers_that_lack_something_are_not_written(change: dict[str, object], place: str) -> None:
    with pytest.raises(x12.CannotBuild, match=place):
        x12.build_275(desk.papers(**change))


OLD = b"""ISA*00*          *00*          *ZZ*BLUEPPO        *ZZ*NORTHSIDE      *260310*0930*^*00501*000000042*0*T*:~
GS*HN*BLUEPPO*NORTHSIDE*20260310*0930*42*X*005010X213~
ST*277*0001*005010X213~
BHT*0085*48*R0001*20260310*0930*RQ~
HL*1**20*1~
NM1*PR*2*BLUE PPO*****PI*BLUE1~
PER*IC*MEDICAL REVIEW*TE*8005550100~
HL*2*1*21*1~
NM1*41*2*NORTHSIDE*****46*NORTHSIDE~
HL*3*2*19*1~
NM1*1P*2*NORTHSIDE*****XX*1999990009~
HL*4*3*22*1~
NM1*IL*1*OKAFOR*JOY****MI*BP20260002~
HL*5*4*23~
NM1*QC*1*OKAFOR*SAM****MI*BP20260003~
TRN*1*Q1~
STC*R4:18657-7*20260310**150******R4:18803-7~
STC*R4:18662-7*20260310**150*1*X~
REF*1K*P0001~
REF*EJ*C0001~
DTP*472*D8*20260302~
DTP*097*D8*20260410~
PWK*OZ*EL***AC*X1*SEE THE LETTER~
N1*PR*BLUE PPO~
TRN*1*Q2~
STC*R4:18657-7~
REF*1K*P0002~
SE*26*0001~
GE*1*42~
IEA*1*000000042~
"""


def test_a_request_of_the_old_guide_is_read_and_nothing_is_lost() -> None:
    (document,) = x12.read(OLD)
    assert (document.kind, document.problems) == ("277RFAI", ())
    first, second = document.content.providers[0].requests
    assert (first.trace, first.claim_id, first.respond_by.starts_on) == ("Q1", "C0001", date(2026, 4, 10))
    assert first.questions[0].loinc == ("18657-7", "18803-7")
    assert (second.trace, second.payer_claim_number, second.patient) == ("Q2", "P0002", first.patient)
    kept = [item.text() for item in first.extras]
    assert "NM1*IL*1*OKAFOR*JOY****MI*BP20260002" in kept
    assert {"STC*R4:18662-7*20260310**150*1*X", "PWK*OZ*EL***AC*X1*SEE THE LETTER", "N1*PR*BLUE PPO"} <= set(
        kept
    )


def test_a_record_is_told_for_each_question_and_each_claim_with_papers() -> None:
    (asked,) = told(office.wrap(x12.build_277rfai(desk.requests())))
    assert (asked["set"], asked["trace"], asked["payer_claim_number"]) == ("277RFAI", "Q0001", "P900")
    (sent,) = told(office.wrap(x12.build_275(desk.papers())))
    assert [one["control_number"] for one in sent["attachments"]] == ["A0001", "A0002", "A0003"]
    assert sent["attachments"][2]["documents"][0]["data"] == "U2VlbiBhdCBub29uIH4gd2VsbC4="
    json.dumps([asked, sent])


def test_a_file_without_a_time_is_of_its_day() -> None:
    midnight = datetime(2026, 3, 9)
    assert back(x12.build_275(desk.papers(at=midnight))).content.at == midnight


@pytest.mark.parametrize("kind", ["275", "277RFAI"])
def test_a_file_cut_anywhere_never_raises_and_never_passes_for_whole(kind: str) -> None:
    data = sample(kind, count=3)
    for end in range(3, len(data) - 1, 5):
        file = x12.parse(data[:end])
        assert file.all_problems
        x12.outline_file(file, is_hidden=True)


@given(data=st.binary(max_size=300))
def test_garbage_between_the_envelopes_never_raises(data: bytes) -> None:
    for kind in ("275", "277RFAI"):
        lines = lines_of(kind)
        whole = file_of([*lines[:4], data, *lines[4:]])
        x12.parse(whole)
        list(told(whole))
        list(check(whole))
