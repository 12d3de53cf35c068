"""The question what became of a claim (276) and its answer (277): written, read again, spoilt, explained, told."""

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.formats.x12.mask import mask
from daysheet.formats.x12.sample import sample
from daysheet.formats.x12.told import told
from tests.shared import shared_data

from . import samples as office
from . import status_samples as papers
from .test_round_trip import (
    LONG,
    back,
    charge,
    code,
    count,
    day,
    extra,
    maybe,
    money,
    procedure,
    several,
    text,
)

DEPENDENT = papers.asked(dependent=papers.LEO, trace="T0002")
SECOND = papers.asked(trace="T0003", payer_claim_number="P901", lines=())
PROVIDER_REFUSED = x12.StatusAnswer(
    office.BLUE, papers.RECEIVER, papers.PROVIDER, statuses=(x12.Status("E0", "24", "1P", office.SERVED),)
)
ALL_REFUSED = x12.StatusAnswer(
    office.BLUE, papers.RECEIVER, trace="Q0001", statuses=(x12.Status("E1", "0", on=office.SERVED),)
)
FILES = {
    "276": (x12.build_276, papers.questions(papers.asked(), SECOND, DEPENDENT, papers.asked(trace="T4"))),
    "277": (
        x12.build_277,
        papers.answers(
            papers.answered(),
            x12.answer_to(SECOND, x12.Status("P1", "47", on=office.SERVED)),
            x12.answer_to(DEPENDENT, x12.Status("F2", "88", "QC", office.SERVED, paid=Decimal(0))),
            PROVIDER_REFUSED,
            ALL_REFUSED,
            papers.answered(trace="T5"),
        ),
    ),
}
ALONE = {
    "276": office.wrap(x12.build_276(papers.questions())),
    "277": office.wrap(x12.build_277(papers.answers())),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_reads_as_it_was_written_with_any_separators(kind: str) -> None:
    build, value = FILES[kind]
    body = build(value)
    document = back(body)
    assert (document.kind, document.content) == (kind, value)
    data = office.wrap(body)
    assert x12.render(x12.parse(data)) == data
    odd = office.wrap(body, delimiters=x12.Delimiters("|", "!", ">", "\n"))
    assert next(iter(x12.read(odd))).content == value


@pytest.mark.parametrize("kind", FILES)
def test_a_built_file_has_no_finding(kind: str) -> None:
    build, value = FILES[kind]
    assert list(check(office.wrap(build(value)))) == []


def test_claims_of_one_person_share_the_levels_above() -> None:
    levels = [
        (item[2], item[3], item[4]) for item in x12.build_276(FILES["276"][1]).segments if item.id == "HL"
    ]
    assert levels == [
        ("", "20", "1"), ("1", "21", "1"), ("2", "19", "1"), ("3", "22", "1"), ("4", "23", ""), ("3", "22", "0"),
    ]  # fmt: skip
    levels = [
        (item[2], item[3], item[4]) for item in x12.build_277(FILES["277"][1]).segments if item.id == "HL"
    ]
    assert levels[5:] == [
        ("2", "19", "0"),
        ("1", "21", "0"),
        ("1", "21", "1"),
        ("8", "19", "1"),
        ("9", "22", "0"),
    ]


dates = st.builds(x12.Dates, st.just("472"), day, st.none() | day)
born = st.builds(
    x12.Party, text, first=text, middle=maybe, suffix=maybe, is_person=st.just(True), id_qualifier=st.just("MI"),
    id=code, born_on=day, gender=st.sampled_from(["", "F", "M", "U"]),
)  # fmt: skip
others = several(st.builds(x12.Reference, st.sampled_from(["ZZ", "EA", "1L"]), text, maybe))
asked_line = st.builds(
    x12.AskedLine,
    procedure,
    charge,
    st.none() | count,
    dates,
    maybe,
    st.sampled_from(["", "0510"]),
    others,
    extra,
)
inquiry = st.builds(
    papers.asked, subscriber=born, dependent=st.none() | born, trace=code, payer_claim_number=maybe, bill_type=maybe,
    location=maybe, group_number=maybe, account=maybe, prescription=maybe, clearinghouse_trace=maybe,
    charge=st.none() | charge, served=dates, lines=several(asked_line), references=others, trace_origin=maybe,
    extras=extra,
)  # fmt: skip
reason = st.tuples(code, code, maybe) | st.tuples(code, code, maybe, st.just("RX"))
status = st.builds(
    x12.Status, code, code, maybe, day, st.sampled_from(["", "WQ"]), st.none() | money, several(reason, 2), maybe,
    st.sampled_from(["", "RX"]), st.none() | money, st.none() | day, st.sampled_from(["", "CHK"]), st.none() | day,
    maybe,
)  # fmt: skip
said = several(status, 3, 1)
answered_line = st.builds(
    x12.AnsweredLine, procedure, charge, st.none() | money, st.none() | count, said, dates, maybe,
    st.sampled_from(["", "0510"]), others, extra,
)  # fmt: skip
named = born.map(lambda who: replace(who, born_on=None, gender=""))
answer = st.builds(
    papers.answered, subscriber=named, dependent=st.none() | named, trace=code, statuses=said, payer_claim_number=maybe,
    bill_type=maybe, account=maybe, prescription=maybe, voucher=maybe, clearinghouse_trace=maybe,
    served=st.none() | dates, lines=several(answered_line), references=others, trace_origin=maybe, extras=extra,
)  # fmt: skip


@LONG
@given(several(inquiry, 4, 1))
def test_any_questions_come_back(inquiries: tuple) -> None:
    file = papers.questions(*inquiries, papers.asked())
    assert back(x12.build_276(file)).content == file


@LONG
@given(several(answer | st.just(PROVIDER_REFUSED) | st.just(ALL_REFUSED), 5, 1))
def test_any_answers_come_back(given_answers: tuple) -> None:
    file = papers.answers(*given_answers)
    assert back(x12.build_277(file)).content == file


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"trace": ""}, r"2200D TRN02"),
        ({"payer": x12.Party("BLUE PPO")}, r"id of the payer \(2100A NM109\)"),
        ({"payer": x12.Party("", id_qualifier="PI", id="B")}, r"name of the payer \(2100A NM103\)"),
        ({"receiver": x12.Party("LEE")}, r"2100B NM109"),
        ({"provider": x12.Party("LEE", id="1")}, r"2100C NM108"),
        ({"subscriber": replace(papers.MS_DIAZ, id="")}, r"2100D NM109"),
        ({"subscriber": replace(papers.MS_DIAZ, born_on=None)}, r"2000D DMG02"),
        ({"dependent": replace(papers.LEO, born_on=None)}, r"2000E DMG02"),
        ({"dependent": replace(papers.LEO, name="")}, r"2100E NM103"),
        ({"served": None, "lines": ()}, r"2200D DTP"),
        ({"lines": (replace(papers.asked().lines[0], served=None),)}, r"2210D DTP"),
        ({"lines": (replace(papers.asked().lines[0], charge=Decimal("1.005")),)}, r"2210D SVC02"),
        ({"charge": Decimal("1.005")}, r"2200D AMT02"),
    ],
)
def test_a_question_that_the_guide_does_not_allow_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(x12.CannotBuild, match=says):
        x12.build_276(papers.questions(papers.asked(**change)))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"trace": ""}, r"2200D TRN02"),
        ({"statuses": ()}, r"2200D STC"),
        ({"statuses": (papers.paid(on=None),)}, r"2200D STC02"),
        ({"statuses": (papers.paid(code=""),)}, r"2200D STC01-2"),
        ({"statuses": (papers.paid(category=""),)}, r"category"),
        ({"statuses": (papers.paid(more=(("F1", "1", ""),) * 3),)}, r"STC11"),
        ({"statuses": (papers.paid(paid=Decimal("0.001")),)}, r"STC05"),
        ({"provider": None}, r"in this order"),
        ({"lines": (replace(papers.answered().lines[0], statuses=()),)}, r"2220D STC"),
        ({"lines": (replace(papers.answered().lines[0], served=None),)}, r"2220D DTP"),
    ],
)
def test_an_answer_that_the_guide_does_not_allow_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(x12.CannotBuild, match=says):
        x12.build_277(papers.answers(replace(papers.answered(), **change)))


def test_a_file_without_a_claim_a_number_or_a_moment_is_refused() -> None:
    for build, value, name in (
        (x12.build_276, papers.questions(), "inquiries"),
        (x12.build_277, papers.answers(), "answers"),
    ):
        for change in ({name: ()}, {"reference": ""}, {"at": None}):
            with pytest.raises(x12.CannotBuild):
                build(replace(value, **change))


def lacking(data: bytes, start: str) -> bytes:
    lines = data.decode().split("~")
    del lines[next(at for at, line in enumerate(lines) if line.startswith(start))]
    se = next(at for at, line in enumerate(lines) if line.startswith("SE*"))
    lines[se] = f"SE*{int(lines[se].split('*')[1]) - 1}*0001"
    return "~".join(lines).encode()


@pytest.mark.parametrize(
    ("kind", "lost", "code", "found"),
    [
        ("276", "NM1*PR", "status.party-missing", "loop.missing"),
        ("276", "NM1*41", "status.party-missing", "loop.missing"),
        ("276", "NM1*IL", "status.party-missing", "loop.missing"),
        ("276", "TRN*1", "status.trace-missing", "segment.unexpected"),
        ("277", "NM1*1P", "status.party-missing", "loop.missing"),
        ("277", "STC*F1:65*20260309**150.5", "status.status-missing", "segment.missing"),
    ],
)
def test_a_lost_piece_is_one_problem_and_a_finding(kind: str, lost: str, code: str, found: str) -> None:
    data = lacking(ALONE[kind], lost)
    (document,) = x12.read(data)
    assert [problem.code for problem in document.problems] == [code]
    content = document.content
    assert len(getattr(content, "inquiries", ()) or content.answers) == 1
    assert found in {one.code for one in check(data)}


def test_a_claim_without_its_trace_keeps_all_that_it_says() -> None:
    (document,) = x12.read(lacking(ALONE["276"], "TRN*1"))
    assert document.content.inquiries == (papers.asked(trace=""),)


def test_a_level_that_is_left_out_is_a_problem_and_the_claim_stays() -> None:
    lines = ALONE["277"].decode().split("~")
    at = next(place for place, line in enumerate(lines) if line.startswith("HL*3*"))
    (document,) = x12.read("~".join([*lines[:at], *lines[at + 2 :]]).encode())
    codes = [problem.code for problem in document.problems]
    assert codes == ["status.level-missing", "envelope.se-count"]
    (one,) = document.content.answers
    assert (one.trace, one.provider, one.standing) == ("T0001", x12.Party(""), "paid")


@pytest.mark.parametrize("kind", FILES)
def test_a_lost_or_doubled_segment_never_raises(kind: str) -> None:
    build, value = FILES[kind]
    lines = office.wrap(build(value)).split(b"~")
    for index in range(len(lines) - 1):
        for spoilt in (lines[:index] + lines[index + 1 :], lines[: index + 1] + lines[index:]):
            data = b"~".join(spoilt)
            assert x12.parse(data).all_problems
            assert list(check(data))
            list(told(data))
        blank = lines[index].split(b"*")[0]
        x12.outline(b"~".join([*lines[:index], blank, *lines[index + 1 :]]))
    whole = b"~".join(lines)
    for end in range(0, len(whole) - 1, 7):
        list(told(whole[:end]))


def test_an_amount_and_a_day_that_cannot_be_read_are_problems() -> None:
    data = (
        ALONE["277"]
        .replace(b"*150.5*95*", b"*MUCH*95*")
        .replace(b"DTP*472*D8*20260302~REF", b"DTP*472*D8*SOON~REF")
    )
    (document,) = x12.read(data)
    assert [(one.code, one.place.split(",")[0]) for one in document.problems] == [("element.number", "STC04")]
    assert document.content.answers[0].charge is None
    assert document.content.answers[0].paid == 95


def test_what_has_no_field_is_kept() -> None:
    data = ALONE["276"].replace(b"AMT*T3*150.5", b"AMT*T3*150.5~ZZZ*WHAT~REF*1K*SECOND")
    (document,) = x12.read(data)
    one = document.content.inquiries[0]
    assert [item.text() for item in one.extras] == ["ZZZ*WHAT"]
    assert one.references == (x12.Reference("1K", "SECOND"),)


@pytest.mark.parametrize(
    ("category", "standing", "does"),
    [
        ("A1", "received", "proves"), ("A4", "not found", "does not know"), ("A7", "rejected", "send the claim again"),
        ("P3", "pending", "Send"), ("R4", "asks", "Send"), ("F0", "finished", "remittance"), ("F1", "paid", "remittance"),
        ("F2", "denied", "appeal"), ("E0", "error", "Correct the question"), ("D0", "not found", "send it again"),
        ("X9", "", "Read the status"),
    ],
)  # fmt: skip
def test_an_answer_says_where_the_claim_stands_and_what_to_do(
    category: str, standing: str, does: str
) -> None:
    one = papers.answered(statuses=(papers.paid(category=category),))
    assert one.standing == standing
    assert does in one.next_action
    assert (one.charge, one.paid) == (Decimal("150.5"), Decimal(95))


def test_an_answer_to_a_question_names_its_people_without_their_birth_dates() -> None:
    one = x12.answer_to(DEPENDENT, x12.Status("P1", "47", on=date(2026, 3, 9)), voucher="V1")
    assert (one.patient.first, one.patient.born_on, one.trace, one.voucher) == ("LEO", None, "T0002", "V1")
    assert (one.account, one.served) == ("C0001", DEPENDENT.served)


def test_each_claim_is_told_as_one_record() -> None:
    asked = list(told(office.wrap(FILES["276"][0](FILES["276"][1]))))
    assert [(one["set"], one["trace"]) for one in asked] == [
        ("276", trace) for trace in ("T0001", "T0003", "T0002", "T4")
    ]
    assert asked[0]["lines"][0]["served"] == {"qualifier": "472", "starts_on": "2026-03-02"}
    given_answers = list(told(office.wrap(FILES["277"][0](FILES["277"][1]))))
    assert len(given_answers) == 6
    assert given_answers[0]["statuses"][0]["check_number"] == "CHK0001"


def test_an_answer_reads_like_a_letter() -> None:
    words = [line.plain_words for line in x12.outline(ALONE["277"]) if line.segment_id in ("STC", "HL")]
    assert words[:5] == [
        "Level: payer", "Level: receiver", "Level: provider", "Level: insured",
        "Status: Finished: paid, Claim or line paid; paid $95, check CHK0001",
    ]  # fmt: skip
    assert {line.plain_words for line in x12.outline(ALONE["276"]) if line.segment_id == "SVC"} == {
        "Service: X0020, charge $100"
    }
    pharmacy = x12.segment("STC", "F2:80::RX", "20260301")
    assert x12.plain_words(pharmacy) == "Status: Finished: denied, pharmacy code 80"


def test_a_masked_file_names_nobody_and_counts_the_same() -> None:
    for kind, data in ALONE.items():
        after = b"".join(mask(data, b"k" * 32))
        for name in (
            b"DIAZ",
            b"MARIA",
            b"M100200",
            b"19800504",
            b"P900",
            b"T0001",
            b"CHK0001",
            b"C0001",
            b"LEE",
        ):
            assert name not in after, (kind, name)
        assert list(check(after)) == []
        assert [item[2] for item in x12.segments(after) if item.id == "SVC"] == ["100"]


def test_every_category_occurs_in_a_long_sample() -> None:
    lines = list(x12.segments(sample("277", count=120)))
    told_categories = {item.component(1, 1) for item in lines if item.id == "STC"}
    assert told_categories == set(x12.labels("status_category"))
    assert {item[3] for item in lines if item.id == "HL"} == {"20", "21", "19", "22", "23"}
    asked = list(x12.segments(sample("276", count=12)))
    assert {item[1] for item in asked if item.id == "REF"} == {
        "1K",
        "BLT",
        "LU",
        "6P",
        "EJ",
        "XZ",
        "D9",
        "FJ",
    }


def test_a_sample_answers_the_sample_of_questions() -> None:
    asked = next(iter(x12.read(sample("276", count=30)))).content
    given_answers = next(iter(x12.read(sample("277", count=30)))).content
    traces = {one.trace for one in asked.inquiries}
    assert len(traces) == 30
    assert {one.trace for one in given_answers.answers if one.subscriber} <= traces


@pytest.fixture(scope="module")
def corpus() -> Path:
    return shared_data("x12")


def test_the_files_of_others_are_read_and_written_again(corpus: Path) -> None:
    seen = 0
    with (corpus / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        rows = [row for row in csv.DictReader(index, delimiter="\t") if row["kind"].endswith("276/277")]
    for row in rows:
        (document,) = x12.read((corpus / row["file"]).read_bytes())
        if not (row["x12sdk_2.2.0"] == "ok" or "pass" in row["label_from_path"]):
            continue
        seen += 1
        assert [one for one in document.problems if one.severity == "error"] == [], row["file"]
        build = x12.build_276 if document.kind == "276" else x12.build_277
        again = build(document.content)
        assert back(again).content == document.content
        assert list(check((corpus / row["file"]).read_bytes(), levels=[2])) == [], row["file"]
    assert seen == 15
