"""Requests for review and their answers (278): written, read again, and read when they are not as they should be."""

import csv
import random
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.formats.x12.mask import mask
from daysheet.formats.x12.sample import sample
from daysheet.formats.x12.told import told
from tests.shared import shared_data

from . import reviews
from . import samples as office
from .clean import wire
from .test_required_pieces import lacking
from .test_round_trip import LONG, charge, code, count, day, maybe, procedure, reference, several, text

BACKACHE = x12.Authorization(office.BLUE)
VALUES = {
    "a request": reviews.request(),
    "a request for a child": reviews.request(reviews.event(dependent=office.LEO, relationship="19")),
    "a reservation": reviews.request(
        reviews.event(review=x12.Review("IN", "I", "1"), traces=()), type_code="RU"
    ),
    "an admission": reviews.request(
        reviews.event(
            review=x12.Review("AR", "I", "2", "21", "B", causes=("AA", "", "", "IL"), level_of_service="U"),
            dates=(x12.Dates("435", date(2026, 3, 20)),),
            admission=x12.Admission("2", "1"),
            certificates=(
                x12.segment("CRC", "07", "Y", "09"),
                x12.segment("CR6", "1", "20260320", "", "", "", "", "", "I"),
            ),
            attachments=(x12.Attachment("OZ", "FX", "PAPER1"), x12.Attachment("AS", "VO")),
            messages=("SEEN AT NOON",),
        )
    ),
    "a change": reviews.request(
        reviews.event(review=x12.Review("HS", "4"), previous_number="AUTH1", administrative_number="CASE1")
    ),
    "teeth": reviews.request(
        reviews.event(
            services=(
                reviews.service(
                    form="SV3",
                    procedure=x12.Procedure("D0000", qualifier="AD"),
                    unit="",
                    units=office.usd("1"),
                    charge=office.usd("150"),
                    rest=("", "10"),
                    teeth=(x12.Tooth("14", ("M", "O")), x12.Tooth("3")),
                ),
                reviews.service(form="SV2", revenue_code="0300", charge=office.usd("9.5"), rest=("7",)),
                reviews.service(through="X0029", rest=("", "", "", "", "", "", "Y")),
                x12.AuthorizedService(review=x12.Review("HS", "", "98")),
            )
        )
    ),
    "certified": reviews.response(),
    "certified in part": reviews.response(
        reviews.decided(
            "A2",
            services=(
                reviews.service(decision=x12.Decision("A1", "AUTH89")),
                reviews.service(decision=x12.Decision("A3", "", ("0M", "0U"), "Y")),
            ),
        )
    ),
    "pended": reviews.response(reviews.decided("A4", "", administrative_number="CASE1"), type_code="19"),
    "refused at the service": reviews.response(
        reviews.event(services=(reviews.service(rejections=(x12.Rejection("service", "33", "C"),)),))
    ),
    "refused at the insured": reviews.response(
        x12.Authorization(
            reviews.REVIEWER,
            reviews.CLINIC,
            replace(reviews.MEMBER, id="", id_qualifier=""),
            rejections=(x12.Rejection("subscriber", "72", "C"), x12.Rejection("subscriber", "73", "C")),
        )
    ),
    "refused at the requester": reviews.response(
        x12.Authorization(
            reviews.REVIEWER, reviews.CLINIC, rejections=(x12.Rejection("requester", "41", "N"),)
        )
    ),
    "refused by the system": reviews.response(
        x12.Authorization(
            reviews.REVIEWER,
            rejections=(x12.Rejection("system", "42", "P"), x12.Rejection("payer", "79", "N")),
        )
    ),
    "refused for a child": reviews.response(
        reviews.event(
            dependent=office.LEO,
            relationship="19",
            traces=(reviews.ECHO, x12.ReviewTrace("1", "P1", "9000000001", "DESK")),
            rejections=(x12.Rejection("dependent", "65", "C"), x12.Rejection("event", "57", "C")),
        )
    ),
}


def build(value: object) -> x12.OutgoingSet:
    asks = isinstance(value, x12.AuthorizationRequestBatch)
    return x12.build_278_request(value) if asks else x12.build_278_response(value)


@pytest.mark.parametrize("name", VALUES)
def test_what_is_built_is_clean(name: str) -> None:
    assert [one.place for one in check(office.wrap(build(VALUES[name])), levels=[1, 2, 3])] == []


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("delimiters", [x12.STANDARD, x12.Delimiters("|", "!", ">", "\n")])
def test_it_reads_as_it_was_written(name: str, delimiters: x12.Delimiters) -> None:
    data = office.wrap(build(VALUES[name]), delimiters=delimiters)
    (document,) = x12.read(data)
    assert document.content == VALUES[name]
    assert document.problems == ()
    assert document.kind == "278"
    assert x12.render(x12.parse(data)) == data
    assert document.group is not None
    assert document.group.code == "HI"


traces = several(st.builds(x12.ReviewTrace, st.sampled_from("12"), code, code, maybe), 2)
review = st.builds(
    x12.Review, st.sampled_from(["AR", "HS", "IN", "SC"]), st.sampled_from("I4RS"), code, st.just("11"),
    st.sampled_from("AB"), st.just(""), several(st.sampled_from(["AA", "EM"]), 2), st.sampled_from(["", "03", "U"]),
    st.just(""), st.just(""), st.sampled_from(["", "Y"]),
)  # fmt: skip
decision = st.builds(
    x12.Decision, st.sampled_from(["A1", "A3", "A4", "A6", "CT"]), maybe, several(code, 3), st.sampled_from("YN")
)  # fmt: skip
refusals = several(st.builds(x12.Rejection, st.just("service"), st.just("33"), st.sampled_from("CN")), 2)
dates = several(st.builds(x12.Dates, st.sampled_from(["AAH", "439", "096"]), day, st.none() | day))
diagnoses = several(
    st.builds(x12.ReviewDiagnosis, code, st.sampled_from(["ABK", "ABF"]), st.none() | day), 12
)
deliveries = several(st.builds(x12.Delivery, st.just(("VS", "3", "WK", "", "34", "2"))), 1)
extras = st.just((x12.segment("K3", "KEPT AS IT IS"),)) | st.just(())
provider = st.builds(
    x12.Party, text, first=text, is_person=st.just(True), id_qualifier=st.just("XX"), id=code, taxonomy=maybe,
    entity=st.sampled_from(["SJ", "71", "77", "FA"]), references=several(reference),
)  # fmt: skip
papers = several(st.builds(x12.Attachment, st.just("OZ"), st.just("FX"), maybe), 2)
said = {
    "traces": traces, "previous_number": maybe, "administrative_number": maybe, "references": several(reference),
    "dates": dates, "diagnoses": diagnoses, "deliveries": deliveries, "attachments": papers,
    "messages": several(text, 1), "providers": several(provider), "extras": extras,
}  # fmt: skip
service = st.builds(
    x12.AuthorizedService, procedure, charge=st.none() | charge, unit=st.sampled_from(["UN", "MJ"]),
    units=st.none() | count, through=maybe, review=st.none() | review, decision=st.none() | decision,
    rejections=refusals, **said,
)  # fmt: skip


@LONG
@given(st.builds(reviews.event, review=review, services=several(service, 3), decision=decision, **said))
def test_any_answer_comes_back(item: x12.Authorization) -> None:
    (document,) = x12.read(office.wrap(build(reviews.response(item))))
    assert document.content == reviews.response(item)
    assert document.problems == ()


@LONG
@given(st.builds(reviews.event, review=review, services=several(service, 3), **said))
def test_any_request_comes_back(item: x12.Authorization) -> None:
    bare = tuple(replace(one, decision=None, rejections=()) for one in item.services)
    batch = reviews.request(replace(item, services=bare))
    (document,) = x12.read(office.wrap(build(batch)))
    assert document.content == batch
    assert document.problems == ()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (reviews.request(reviews.event(review=None)), "2000E UM"),
        (reviews.request(reviews.event(review=x12.Review("ZZ"))), "2000E UM01"),
        (reviews.request(reviews.event(review=x12.Review("HS", ""))), "2000E UM02"),
        (reviews.request(reviews.event(requester=None)), "2010B NM1"),
        (reviews.request(reviews.event(subscriber=None)), "2010C NM1"),
        (reviews.request(reviews.event(requester=x12.Party("LEE"))), "2010B NM109"),
        (reviews.request(reviews.event(subscriber=x12.Party("DIAZ"))), "2010C NM109"),
        (reviews.request(reviews.event(payer=x12.Party("BLUE PPO"))), "2010A NM109"),
        (reviews.request(reviews.decided()), "2000E HCR"),
        (replace(reviews.request(), authorizations=()), "2000E HL"),
        (replace(reviews.request(), authorizations=(reviews.event(),) * 2), "2000E HL"),
        (replace(reviews.request(), at=None), "BHT04"),
        (replace(reviews.request(), reference=""), "BHT03"),
        (replace(reviews.request(), purpose="01"), "BHT02"),
        (reviews.request(reviews.event(diagnoses=(x12.ReviewDiagnosis("I10"),) * 13)), "HI"),
        (reviews.request(reviews.event(providers=(office.DR_LEE,))), "2010E NM101"),
        (reviews.request(reviews.event(traces=(x12.ReviewTrace("1", "T1"),))), "2000E TRN03"),
        (reviews.request(reviews.event(services=(reviews.service(form="SV9"),))), "2000F"),
        (reviews.request(reviews.event(relationship="19")), "2010D INS02"),
        (reviews.request(reviews.event(messages=("ONE", "TWO"))), "HSD, MSG"),
        (reviews.request(reviews.event(deliveries=reviews.event().deliveries * 2)), "HSD, MSG"),
        (reviews.request(reviews.event(services=(reviews.service(revenue_code="0300"),))), "SV2 alone"),
        (reviews.request(reviews.event(services=(reviews.service(form="SV3"),))), "SV2 alone"),
        (
            reviews.request(reviews.event(services=(reviews.service(procedure=None, through="X0029"),))),
            "2000F SV101",
        ),
        (reviews.response(reviews.decided(rejections=(x12.Rejection("dependent", "65"),))), "dependent"),
        (reviews.response(reviews.decided(rejections=(x12.Rejection("anywhere", "65"),))), "anywhere"),
        (
            reviews.response(
                reviews.decided(services=(reviews.service(rejections=(x12.Rejection("event", "57"),)),))
            ),
            "2000F AAA",
        ),
        (reviews.response(reviews.event()), "2000E HCR"),
        (reviews.response(reviews.decided("")), "HCR01"),
        (reviews.response(type_code=""), "BHT06"),
        (replace(reviews.response(), purpose="08"), "BHT02"),
        (reviews.response(reviews.decided(subscriber=None)), "2000C HL"),
        (reviews.response(reviews.decided(requester=None)), "2000A to D"),
    ],
)
def test_what_the_guide_requires_is_asked_for(value: object, says: str) -> None:
    with pytest.raises(x12.CannotBuild, match=re.escape(says)):
        build(value)


ASKS = office.wrap(build(reviews.request(reviews.event(dependent=office.LEO))))
ANSWERS = office.wrap(build(reviews.response()))


@pytest.mark.parametrize(
    ("data", "lost", "found"),
    [
        (ASKS, "BHT*", ["review.bht-missing"]),
        (ASKS, "NM1*X3", ["review.party-missing"]),
        (ASKS, "NM1*1P", ["review.party-missing"]),
        (ASKS, "NM1*IL", ["review.party-missing"]),
        (ASKS, "NM1*QC", ["review.party-missing"]),
        (ASKS, "UM*", ["review.kind-missing"]),
        (ANSWERS, "HCR*", ["review.decision-missing"]),
        (ANSWERS, "UM*", []),
    ],
)
def test_a_lost_piece_is_one_problem(data: bytes, lost: str, found: list[str]) -> None:
    (document,) = x12.read(lacking(data, lost))
    assert [problem.code for problem in document.problems] == found


def test_an_amount_or_a_date_that_is_none_is_a_problem() -> None:
    data = ASKS.replace(b"UN*2~", b"UN*TWO~").replace(b"DTP*472*D8*20260320", b"DTP*472*D8*20260230")
    (document,) = x12.read(data)
    assert [one.code for one in document.problems] == ["element.date", "element.number"]
    service = document.content.authorizations[0].services[0]
    assert (service.units, service.dates) == (None, (x12.Dates("472", None, None, "D8 20260230"),))


def test_several_events_and_stray_services_are_read() -> None:
    lines = ASKS.decode().split("~")
    at = next(place for place, line in enumerate(lines) if "*EV*" in line)
    event = [line for line in lines[at:] if not line.startswith(("SE*", "GE*", "IEA*")) and line]
    twice = [*lines[: at + len(event)], *event, *lines[at + len(event) :]]
    (document,) = x12.read("~".join(twice).encode())
    first, second = document.content.authorizations
    assert first == second
    (document,) = x12.read("~".join(line for line in lines if "*EV*" not in line).encode())
    codes = [one.code for one in document.problems]
    assert codes[:1] == ["review.service-without-event"]
    assert document.content.authorizations[0].review is not None
    assert document.content.authorizations[0].dates == reviews.event().dates
    assert len(document.content.authorizations[0].services) == 1


def test_what_a_payer_decides_is_told_in_words() -> None:
    item = VALUES["certified in part"].authorizations[0]
    assert item.number == "AUTH88"
    assert item.trace == "T0001"
    assert item.patient == reviews.MEMBER
    assert item.when("AAH").ends_on == date(2026, 4, 20)
    assert item.when("435") is None
    assert item.reference("ZZ") == ""
    assert item.decision.words == "Certified in part"
    kinds = {
        "A1": "certified",
        "A2": "certified",
        "A3": "denied",
        "A4": "pended",
        "A6": "certified",
        "CT": "contact_payer",
    }
    for action, name in kinds.items():
        said = x12.Decision(action)
        names = ("certified", "denied", "pended", "contact_payer")
        assert [one for one in names if getattr(said, one)] == [name]
    assert x12.Decision("??").words == "??"
    assert BACKACHE.number == BACKACHE.trace == ""
    assert VALUES["pended"].more_follows
    assert not VALUES["certified"].more_follows


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(VALUES)), st.integers(0, 10_000))
def test_whatever_is_lost_doubled_or_spoilt_is_read(name: str, seed: int) -> None:
    chance = random.Random(seed)
    data = office.wrap(build(VALUES[name]))
    lines = data.decode().split("~")
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(1, len(lines))
        match chance.randrange(4):
            case 0 if len(lines) > 3:
                del lines[place]
            case 1:
                lines.insert(place, lines[chance.randrange(len(lines))])
            case 2:
                other = chance.randrange(1, len(lines))
                lines[place], lines[other] = lines[other], lines[place]
            case _:
                parts = lines[place].split("*")
                parts[chance.randrange(len(parts))] = chance.choice(["", "ZZ:^:", "9" * 40, "\u00e9"])
                lines[place] = "*".join(parts)
    spoilt = "~".join(lines).encode()
    x12.parse(spoilt)
    x12.parse(spoilt[: chance.randrange(len(spoilt) + 1)])


MISCOUNTED = {"admission-request-for-review.edi", "request-for-home-health-care.edi"}
"""Their SE01 is not the number of their segments."""


def test_nothing_of_a_collected_file_is_lost() -> None:
    corpus = shared_data("x12")
    with (corpus / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        rows = [
            row for row in csv.DictReader(index, delimiter="\t") if row["transaction_sets"].startswith("278")
        ]
    assert len(rows) == 28
    for row in rows:
        name = Path(row["file"]).name
        (document,) = x12.read((corpus / row["file"]).read_bytes())
        assert_all_is_there(document)
        if "pass" in row["label_from_path"]:
            errors = [one.code for one in document.problems if one.severity == "error"]
            assert errors == (["envelope.se-count"] if name in MISCOUNTED else []), name
            assert len(document.content.authorizations) == 1


IMPLIED = {"1P", "X3", "IL", "QC", "PE", "PXC", "TE", "EX", "FX", "EM", "AC", "BB", "NT", "D8"}


def assert_all_is_there(document: x12.Document) -> None:
    """Dates and what a field implies apart, every value stands somewhere in the content."""
    told = re.sub(r"[^A-Z0-9]", "", repr(document.content).upper())
    for item in document.segments:
        if item.id in ("ST", "SE", "HL", "BHT", "DTP", "DMG"):
            continue
        for value in item.elements[1:]:
            for part in re.split("[:>^]", value):
                if part not in IMPLIED and (part[:2] not in ("19", "20") or len(part) != 8):
                    assert re.sub(r"[^A-Z0-9]", "", part.upper()) in told, item


def test_an_answer_reads_like_a_letter() -> None:
    lines = x12.outline(wire("278R"))
    words = {item.segment_text.rstrip("~"): item.plain_words for item in lines}
    assert words["UM*HS*I*3*11:B"] == "Review request: Services, New, Consultation, Office"
    assert words["HCR*A2"] == "Review result: Certified in part"
    assert words["HCR*A1*AUTH0088"] == "Review result: Certified, AUTH0088"
    assert words["HCR*A3**0U"] == "Review result: Not certified, 0U"
    assert words["HSD*VS*4*WK"] == "How often: 4 visits a week"
    assert words["DTP*AAH*RD8*20260312-20260430"] == "Date: Event, 2026-03-12 to 2026-04-30"
    assert words["HL*1**20*1"] == "Level: payer"
    assert words["HL*2*1*21*1"] == "Level: requester"
    assert words["HL*4*3*EV*1"] == "Level: event"
    assert words["HL*5*4*SS*0"] == "Level: service"
    assert words["SV1*HC:X0020**UN*4"] == "Professional service: X0020"
    asked = {item.segment_text.rstrip("~"): item.plain_words for item in x12.outline(wire("278"))}
    assert asked["SV2*0360*HC:X0020*900*UN*1"] == "Institutional service: 0360, X0020, $900"
    assert asked["NM1*71*1*LEE*JUNE****XX*1999990025"].startswith("Name: Attending")
    names = {item.segment_id: item.loop for item in lines}
    assert (names["HCR"], names["HSD"], names["PER"]) == ("2000F", "2000E", "2010A")


def test_a_program_is_told_of_each_event() -> None:
    (asked,) = told(wire("278"))
    assert asked["set"] == "278"
    assert asked["review"]["category"] == "AR"
    assert asked["dependent"]["first"] == "SAM"
    assert [one["form"] for one in asked["services"]] == ["SV2", "SV3"]
    (answered,) = told(wire("278R"))
    assert answered["decision"]["action"] == "A2"
    assert answered["services"][0]["decision"] == {"action": "A1", "number": "AUTH0088"}


def test_nobody_survives_the_mask_and_the_number_still_fits_the_claim() -> None:
    extra = ("HSD*VS*4*WK", "HSD*VS*4*WK\nCR1***X*D*DH*27*4 ELM ST*5 OAK ST*SEES DR LEE*TWICE")
    born = ("DTP*102*D8*20260310", "DTP*102*D8*20260310\nDTP*ABC*D8*20260901")
    data = wire("278R", extra, born)
    after = b"".join(mask(data, b"k" * 32)).decode()
    for gone in ("AUTH0088", "CASE0001", "TRACE001", "OCAMPO", "BP20260001", "19620314", "20260901", "ELM", "OAK",
                 "LEE", "TWICE", "CALL BEFORE", "REVIEW DESK"):  # fmt: skip
        assert gone not in after, gone
    assert "HSD*VS*4*WK" in after
    assert "*DH*27*" in after
    claim = wire("837P", ("REF*G1*AUTH88", "REF*G1*AUTH0088"))
    number = next(item[2] for item in x12.segments(b"".join(mask(claim, b"k" * 32))) if item[1] == "G1")
    assert f"HCR*A1*{number}~" in after
    hidden = " ".join(item.segment_text for item in x12.outline(data, is_hidden=True) if item.position)
    for gone in ("AUTH0088", "OCAMPO", "20260901", "ELM"):
        assert gone not in hidden, gone


def test_every_form_of_a_request_and_of_an_answer_occurs_in_samples() -> None:
    asked = list(x12.segments(sample("278", count=12)))
    assert {item[1] for item in asked if item.id == "UM"} == {"AR", "HS", "IN", "SC"}
    assert {item[2] for item in asked if item.id == "UM"} == {"I", "3", "4"}
    assert {item.id for item in asked} >= {
        "CL1",
        "CR1",
        "CR2",
        "CR5",
        "CR6",
        "CRC",
        "SV1",
        "SV2",
        "SV3",
        "TOO",
        "INS",
    }
    answered = list(x12.segments(sample("278R", count=16)))
    assert {item[1] for item in answered if item.id == "HCR"} == set(x12.labels("review_action"))
    assert sum(item.id == "AAA" for item in answered) == 8
    for kind, content in (("278", x12.AuthorizationRequestBatch), ("278R", x12.AuthorizationResponseBatch)):
        file = x12.parse(sample(kind, count=32, seed=5))
        assert file.all_problems == ()
        assert {type(one.content) for one in file.documents} == {content}
        assert {one.kind for one in file.documents} == {"278"}
        assert [build(one.content).segments for one in file.documents] == [
            one.segments[1:-1] for one in file.documents
        ]
    assert x12.acknowledge(sample("278", count=3))


def test_other_guides_are_looked_at_by_their_levels_alone() -> None:
    other = wire("278").replace(b"X217", b"X216")
    assert list(check(other.replace(b"UM*AR*", b"UM*ZZ*"))) == []
    (document,) = x12.read(other)
    assert document.problems == ()
    assert document.content.authorizations[0].review.category == "AR"
    assert [one.code for one in check(other.replace(b"HL*6*5*SS*0", b"HL*6*4*SS*0"))] == ["hierarchy.parent"]


MISTAKES = [
    ("278", ("BHT*0007*13*V0042*20260310*0930\n", ""), [("segment.missing", "ST BHT")]),
    ("278", ("*20260310*0930\n", "*20260310*0930*18\n"), [("element.value", "ST BHT06")]),
    ("278", ("NM1*X3*2*BLUE PPO*****PI*BLUE1\n", ""), [("loop.missing", "2010A NM1")]),
    ("278", ("NM1*X3*", "NM1*PR*"), [("element.value", "2010A NM101")]),
    ("278", ("NM1*1P*", "NM1*41*"), [("element.value", "2010B NM101")]),
    (
        "278",
        ("NM1*QC*1*OKAFOR*SAM", "NM1*QC*1*OKAFOR*SAM****MI*BP20260003"),
        [("element.unused", "2010D NM108")],
    ),
    ("278", ("TRN*1*TRACE001*9123456789", "TRN*2*TRACE001*9123456789"), [("element.value", "2000E TRN01")]),
    ("278", ("TRN*1*TRACE001*9123456789", "TRN*1*TRACE001*12345"), [("element.short", "2000E TRN03")]),
    ("278", ("UM*AR*S*2*21:B**U***Y\n", ""), [("segment.missing", "2000E UM")]),
    ("278", ("UM*AR*S*2*21:B**U***Y", "UM*AR**2*21:B**U***Y"), [("element.missing", "2000E UM02")]),
    (
        "278",
        ("UM*AR*S*2*21:B**U***Y", "UM*AR*S*2*21:B**U***Y\nHCR*A1*N1"),
        [("segment.unexpected", "2000E HCR")],
    ),
    ("278", ("DTP*435*D8*20260320", "DTP*435*D8*20260230"), [("element.date", "2000E DTP03")]),
    (
        "278",
        ("DTP*435*D8*20260320", "DTP*102*D8*20260310\nDTP*435*D8*20260320"),
        [("element.value", "2000E DTP01")],
    ),
    ("278", ("HSD*DY*5", "HSD*DY*FIVE"), [("element.number", "2000E HSD02")]),
    ("278", ("HSD*DY*5\nCL1*2*1", "CL1*2*1\nHSD*DY*5"), [("segment.order", "2000E HSD")]),
    ("278", ("MSG*PLEASE LOOK SOON", "MSG*PLEASE\nMSG*LOOK"), [("segment.too-many", "2000E MSG")]),
    ("278", ("NM1*FA*2*CITY", "NM1*ZZ*2*CITY"), [("element.value", "2010E NM101")]),
    ("278", ("SV3*AD:D0000*150****1", "SV3**150****1"), [("element.missing", "2000F SV301")]),
    ("278", ("TOO*JP*14*M:O", "TOO*JO*14*M:O"), [("element.value", "2000F TOO01")]),
    ("278R", ("0931*18", "0931"), [("element.missing", "ST BHT06")]),
    ("278R", ("HCR*A2", "HCR*ZZ"), [("element.value", "2000E HCR01")]),
    (
        "278R",
        ("NM1*IL*1*OCAMPO*MARIA****MI*BP20260001\nDMG*D8*19620314*F\n", ""),
        [("loop.missing", "2010C NM1")],
    ),
    ("278R", ("UM*HS*I*3*11:B", "AAA*Q**57*C\nUM*HS*I*3*11:B"), [("element.value", "2000E AAA01")]),
    ("278R", ("HL*6*4*SS*0", "HL*6*3*SS*0"), [("hierarchy.parent", "2000B HL02")]),
]


@pytest.mark.parametrize(("kind", "change", "expected"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_of_structure_is_named_by_its_place(
    kind: str, change: tuple[str, str], expected: list[tuple[str, str]]
) -> None:
    found = [(one.code, one.place.split(",")[0]) for one in check(wire(kind, change), levels=[1, 2])]
    assert found == expected


@pytest.mark.parametrize("kind", ["278", "278R"])
def test_a_required_segment_that_is_dropped_is_found(kind: str) -> None:
    lines = wire(kind).decode().split("~")
    required = ("BHT*", "HL*", "NM1*X3", "NM1*1P", "NM1*IL", "NM1*QC", "UM*AR")
    dropped = [place for place, line in enumerate(lines) if line.startswith(required)]
    assert len(dropped) >= 8
    for place in dropped:
        data = "~".join(lines[:place] + lines[place + 1 :]).encode()
        codes = {one.code for one in check(data) if one.severity == "error"}
        assert codes - {"envelope.se-count"}, lines[place]
