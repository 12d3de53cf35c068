"""The barcode on the back of a licence: every version, both orders of dates, and whatever else may be scanned."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.formats.aamva import KINDS, LONGEST, Licence, Problem, issuers, read
from daysheet.formats.aamva.write import render

MARIA = Licence(
    kind="licence",
    issuer="636002",
    version=10,
    number="S12345678",
    family="DIAZ",
    given="MARIA",
    middle="ELENA",
    born_on=date(1962, 3, 14),
    sex="F",
    street="12 ELM ST",
    street2="APT 3",
    city="SPRINGFIELD",
    state="MA",
    zip="01103",
    country="USA",
    issued_on=date(2024, 1, 5),
    expires_on=date(2029, 3, 14),
)


def header(version: str, own: str = "00", count: str = "01") -> bytes:
    return b"@\n\x1e\rANSI 636002" + version.encode() + own.encode() + count.encode()


def card(body: bytes, version: str = "08") -> bytes:
    own = "" if version < "02" else "00"
    start = len(header(version, own)) + 10
    return header(version, own) + b"DL%04d%04d" % (start, len(body)) + body


@pytest.mark.parametrize("version", range(1, 11))
def test_each_version_from_2000_to_2020_says_the_same(version: int) -> None:
    wanted = Licence(**{name: getattr(MARIA, name) for name in Licence.__slots__} | {"version": version})
    if version == 1:
        wanted = Licence(**{name: getattr(wanted, name) for name in Licence.__slots__} | {"country": ""})
    reading = read(render(wanted))
    assert (reading.licence, reading.problems) == (wanted, ())


def test_in_canada_the_year_comes_first() -> None:
    reading = read(card(b"DLDCSROY\nDACANNE\nDBB19800612\nDCGCAN\nDAJON\nDAKM5V 2T6\n\r"))
    assert reading.licence is not None
    assert (reading.licence.born_on, reading.licence.zip) == (date(1980, 6, 12), "M5V 2T6")


def test_a_date_written_the_other_way_round_is_read_all_the_same() -> None:
    reading = read(card(b"DLDCSROY\nDACANNE\nDBB19800612\nDCGUSA\n\r"))
    assert reading.licence is not None
    assert reading.licence.born_on == date(1980, 6, 12)


def test_a_day_that_does_not_exist_is_a_problem_and_the_rest_stands() -> None:
    reading = read(card(b"DLDCSROY\nDACANNE\nDBB02301980\nDAICHICOPEE\n\r"))
    assert reading.problems == (Problem("not_a_date", "DBB"),)
    assert reading.licence is not None
    assert (reading.licence.born_on, reading.licence.city) == (None, "CHICOPEE")


def test_given_names_in_one_and_a_whole_name_in_one_are_taken_apart() -> None:
    both = read(card(b"DLDCSROY\nDCTANNE MARIE\n\r", "03")).licence
    whole = read(card(b"DLDAAROY,ANNE,MARIE\nDBB19800612\n\r", "01")).licence
    assert both is not None
    assert whole is not None
    assert (both.family, both.given, both.middle) == ("ROY", "ANNE", "MARIE")
    assert (whole.family, whole.given, whole.middle) == ("ROY", "ANNE", "MARIE")
    assert whole.born_on == date(1980, 6, 12)


def test_names_cut_short_are_told() -> None:
    found = read(card(b"DLDCSWOLFESCHLEGELSTEIN\nDDET\nDACHUBERT\nDDFN\nDADNONE\nDDGU\n\r")).licence
    assert found is not None
    assert (found.cut, found.middle) == (frozenset({"family"}), "")


def test_a_wrong_offset_in_the_header_does_not_hide_the_holder() -> None:
    body = b"DLDAQS1\nDCSROY\nDACANNE\n\r"
    found = read(header("08") + b"DL00990010" + body).licence
    assert found is not None
    assert (found.family, found.number) == ("ROY", "S1")


def test_what_the_issuer_adds_in_a_part_of_its_own_is_left_out() -> None:
    body = b"DLDCSROY\nDACANNE\n\r"
    start = 21 + 20
    text = header("08", count="02") + b"DL%04d%04dZM%04d0010" % (start, len(body), start + len(body))
    found = read(text + body + b"ZMDCSOTHER\n\r").licence
    assert found is not None
    assert found.family == "ROY"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "not_a_licence", id="nothing"),
        pytest.param(b"https://example.org/coupon", "not_a_licence", id="another barcode"),
        pytest.param(b"@\n\x1e\rANSI 63600", "not_a_licence", id="cut in the header"),
        pytest.param(b"@\n\x1e\rANSI 636002080001DL00310010", "no_data", id="cut after the header"),
        pytest.param(b"@\n\x1e\rANSI 6360020800xxDLzzzzzzzz", "no_data", id="letters for numbers"),
        pytest.param(b"@\n\x1e\rANSI 636002" + b"\x00" * 400, "not_a_licence", id="zeros"),
        pytest.param(b"@\n\x1e\rANSI 636002080099" + b"DL99999999" * 99, "no_data", id="far too many parts"),
        pytest.param(b"A" * (LONGEST + 1), "too_long", id="too long"),
    ],
)
def test_what_is_no_licence_is_told_as_that(content: bytes, code: str) -> None:
    reading = read(content)
    assert reading.licence is None
    assert [problem.code for problem in reading.problems] == [code]


def test_a_card_of_a_later_version_is_read_and_said_to_be_new() -> None:
    reading = read(card(b"DLDCSROY\nDACANNE\n\r", "14"))
    assert reading.licence is not None
    assert reading.problems == (Problem("too_new"),)


def test_signs_that_steer_a_screen_are_left_out() -> None:
    found = read(card("DLDCSRO\x1b[2JY\nDACAN\u202eNE\nDAG<b>1</b>\n\r".encode())).licence
    assert found is not None
    assert (found.family, found.given, found.street) == ("RO [2JY", "AN NE", "<b>1</b>")


def test_every_state_has_its_issuer_once() -> None:
    codes = [code for code, _name in issuers().values()]
    assert len(codes) == len({*codes})
    assert {"MA", "NY", "CA", "TX", "ON", "QC", "PR"} <= {*codes}


@given(st.binary(max_size=600))
def test_no_bytes_make_the_reader_fail(content: bytes) -> None:
    read(content)
    read(b"@\n\x1e\rANSI 636002080001" + content)
    read(b"@\n\x1e\rANSI 636002080001DL00310200DL" + content)


words = st.text(st.characters(min_codepoint=65, max_codepoint=90), min_size=1, max_size=20)
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(
    st.builds(
        Licence,
        kind=st.sampled_from(sorted({*KINDS.values()})),
        issuer=st.sampled_from(sorted(issuers())),
        version=st.integers(2, 10),
        number=words,
        family=words,
        given=words,
        middle=words,
        suffix=st.sampled_from(["", "JR", "III"]),
        born_on=days,
        sex=st.sampled_from(["M", "F", "U"]),
        street=words,
        street2=st.just(""),
        city=words,
        state=st.sampled_from(["MA", "NY"]),
        zip=st.sampled_from(["01103", "011030001"]),
        country=st.just("USA"),
        issued_on=days,
        expires_on=days,
        cut=st.frozensets(st.sampled_from(["family", "given", "middle"])),
    )
)
def test_what_is_written_is_read(licence: Licence) -> None:
    seen = read(render(licence)).licence
    assert seen is not None
    for name in Licence.__slots__:
        said, found = getattr(licence, name), getattr(seen, name)
        if said in {"NONE", "UNAVL", "UNAVAIL"}:
            continue
        assert found == said or (isinstance(said, date) and said.year < 1850), name
