"""Enrolments and premium payments: what is written is read again as it was, what is lacking is refused or told."""

import random
import tracemalloc
from collections.abc import Callable
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
from . import samples_enrol as firm
from .clean import wire
from .test_required_pieces import lacking
from .test_round_trip import LONG, address, back, charge, code, count, day, extra, maybe, money, several, text

SETS = {
    "834": (x12.build_834, firm.enrolment()),
    "834 of everything": (x12.build_834, firm.enrolment(members=(firm.full_member(), firm.dependent()))),
    "820": (x12.build_820, firm.premium_payment()),
    "820 in one sum": (
        x12.build_820,
        firm.premium_payment(groups=(firm.of_organization(),), amount=Decimal("910.5")),
    ),
}


@pytest.mark.parametrize("name", SETS)
def test_a_set_reads_as_it_was_written(name: str) -> None:
    build, value = SETS[name]
    document = back(build(value))
    assert document.content == value
    assert document.kind == name.split()[0]
    data = office.wrap(build(value))
    assert x12.render(x12.parse(data)) == data


@pytest.mark.parametrize("name", SETS)
def test_other_separators_change_nothing(name: str) -> None:
    build, value = SETS[name]
    data = office.wrap(build(value), delimiters=x12.Delimiters("|", "!", ">", "\n"))
    assert next(iter(x12.read(data))).content == value


def with_entity(*codes: str) -> st.SearchStrategy:
    return st.builds(
        x12.Party, text, first=maybe, middle=maybe, suffix=maybe, is_person=st.just(True),
        id_qualifier=st.just("34"), id=code, entity=st.sampled_from(codes), address=st.none() | address,
        born_on=st.none() | day, gender=st.sampled_from(["", "F", "M"]),
    )  # fmt: skip


ways = st.builds(
    x12.Ways, st.just("IP"), maybe, several(st.tuples(st.sampled_from(["HP", "WP", "EM"]), text), 3, 1)
)


def person(*codes: str) -> st.SearchStrategy:
    return st.builds(
        x12.Person, with_entity(*codes), several(ways, 1), marital=st.sampled_from(["", "M", "S"]),
        races=several(st.sampled_from([("C",), ("", "RET", "2106-3")]), 2), extras=extra,
    )  # fmt: skip


reference = st.builds(x12.Reference, st.sampled_from(["17", "ZZ", "6O"]), text, maybe)
dated = st.builds(x12.Dates, st.sampled_from(["348", "349", "303"]), day, st.none() | day)
coverage = st.builds(
    firm.coverage, plan=maybe, level=st.sampled_from(["", "EMP"]), dates=several(dated, 3, 1),
    amounts=several(st.builds(x12.Amount, st.just("P3"), money)), references=several(reference), extras=extra,
    cards=several(st.builds(x12.IdCard, text, st.just("H"), st.none() | count, st.just("1")), 1),
    providers=several(
        st.builds(
            x12.CoverageProvider, st.just("1"), person("P3", "Y2"), st.sampled_from(["25", "26"]), day,
            st.just("14"),
        ),
        2,
    ),
    others=several(
        st.builds(
            x12.OtherCoverage, st.sampled_from("PSTU"), maybe, st.just("1"), several(code), several(reference),
            several(dated), several(person("IN", "36"), 2), extra,
        ),
        2,
    ),
)  # fmt: skip
member = st.builds(
    firm.member, person=person("IL", "74"), is_subscriber=st.booleans(), reason=maybe, subscriber_id=code,
    is_handicapped=st.none() | st.booleans(), died_on=st.none() | day, group_number=maybe,
    references=several(reference), dates=several(dated), coverages=several(coverage),
    income=st.none() | st.builds(x12.Income, st.just("1"), charge, st.none() | count, maybe, maybe),
    health=st.none() | st.builds(x12.Health, st.just("N"), st.none() | count, st.none() | count),
    incorrect=st.none() | person("70"), mailing=st.none() | person("31"), custodial=st.none() | person("S3"),
    employers=several(person("36")), schools=several(person("M8")), responsible=several(person("QD", "S1")),
    disabilities=several(st.builds(x12.Disability, st.just("1"), dates=several(dated), extras=extra), 2),
    categories=several(
        st.builds(x12.Category, st.just("1"), text, references=several(reference), dates=several(dated))
    ),
    extras=extra,
)  # fmt: skip
adjustment = st.builds(x12.PremiumAdjustment, money, st.sampled_from(["52", "53", "H1"]))
span = st.builds(x12.Dates, st.just("582"), day, day) | st.builds(x12.Dates, st.just("AAG"), day)
head_count = st.builds(x12.HeadCount, st.just("1"), count, st.sampled_from(["IE", "10", "PR"]))
bill = st.builds(
    x12.BillLine,
    st.just("1"),
    several(st.builds(x12.PremiumCharge, st.just("B680"), charge)),
    several(head_count),
)


def premium(lines: st.SearchStrategy) -> st.SearchStrategy:
    return st.builds(
        firm.premium, reference=text, paid=money, billed=st.none() | money, references=several(reference),
        dates=several(span, 1), adjustments=several(adjustment), extras=extra, lines=lines,
    )  # fmt: skip


one_person = st.builds(
    firm.of_person, people=several(with_entity("EY", "IL"), 2), adjustments=several(adjustment), extras=extra,
    premiums=several(premium(st.just(())), 3, 1),
)  # fmt: skip
one_sum = st.builds(
    x12.PremiumGroup, st.just("1"), st.sampled_from(["2L", "AG"]), st.just("FI"), code,
    adjustments=several(adjustment), premiums=several(premium(several(bill, 2)), 3, 1), extras=extra,
)  # fmt: skip


@LONG
@given(several(member, 2, 1), maybe, extra)
def test_any_enrolment_comes_back(members: tuple, policy: str, extras: tuple) -> None:
    enrolment = firm.enrolment(members=members, policy=policy, extras=extras)
    assert back(x12.build_834(enrolment)).content == enrolment


@LONG
@given(several(one_sum, 1), several(one_person, 3, 1), money)
def test_any_premium_payment_comes_back(sums: tuple, people: tuple, amount: Decimal) -> None:
    more = x12.Party("BANK", id_qualifier="94", id="B1", entity="C1", extras=(x12.segment("N2", "MORE"),))
    payment = firm.premium_payment(groups=(*sums, *people), amount=amount, others=(more,))
    (document,) = x12.read(office.wrap(x12.build_820(payment)))
    assert document.content == payment
    assert [problem for problem in document.problems if problem.snip < 3] == []


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: x12.build_834(firm.enrolment(at=None)), "BGN03"),
        (lambda: x12.build_834(firm.enrolment(reference="")), "BGN02"),
        (lambda: x12.build_834(firm.enrolment(members=())), "2000 INS"),
        (lambda: x12.build_834(firm.enrolment(sponsor=x12.Party("LEE"))), "1000A N104"),
        (lambda: x12.build_834(firm.enrolment(members=(firm.member(subscriber_id=""),))), "2000 REF 0F"),
        (lambda: x12.build_834(firm.enrolment(members=(firm.member(maintenance=""),))), "2000 INS03"),
        (
            lambda: x12.build_834(firm.enrolment(members=(firm.member(person=x12.Person(x12.Party(""))),))),
            "2100A NM103",
        ),
        (
            lambda: x12.build_834(
                firm.enrolment(members=(firm.member(coverages=(firm.coverage(dates=()),)),))
            ),
            "2300 DTP",
        ),
        (lambda: x12.build_820(firm.premium_payment(paid_on=None)), "BPR16"),
        (lambda: x12.build_820(firm.premium_payment(trace="")), "TRN02"),
        (lambda: x12.build_820(firm.premium_payment(groups=())), "ENT"),
        (lambda: x12.build_820(firm.premium_payment(groups=(firm.of_person(premiums=()),))), "2300 RMR"),
        (lambda: x12.build_820(firm.premium_payment(payer=x12.Party(""))), "1000B"),
    ],
)
def test_what_the_guide_requires_is_refused_when_it_is_missing(
    build: Callable[[], object], says: str
) -> None:
    with pytest.raises(x12.CannotBuild, match=says):
        build()


FILES = {
    "834": office.wrap(x12.build_834(firm.enrolment())),
    "820": office.wrap(x12.build_820(firm.premium_payment())),
    "everything": office.wrap(x12.build_834(firm.enrolment(members=(firm.full_member(),)))),
}


@pytest.mark.parametrize(
    ("name", "lost", "code"),
    [
        ("834", "BGN*", "enrolment.bgn-missing"),
        ("834", "N1*P5", "enrolment.sponsor-missing"),
        ("834", "N1*IN", "enrolment.payer-missing"),
        ("834", "REF*0F", "enrolment.subscriber-missing"),
        ("834", "NM1*IL", "enrolment.member-missing"),
        ("everything", "NM1*P3", "enrolment.provider-missing"),
        ("820", "BPR*", "premium.bpr-missing"),
        ("820", "TRN*", "premium.trn-missing"),
        ("820", "N1*PE", "premium.payee-missing"),
        ("820", "N1*PR", "premium.payer-missing"),
    ],
)
def test_a_lost_piece_is_one_problem(name: str, lost: str, code: str) -> None:
    (document,) = x12.read(lacking(FILES[name], lost))
    assert [problem.code for problem in document.problems if problem.snip == 2] == [code]
    assert document.content is not None


@pytest.mark.parametrize(
    ("name", "good", "bad", "place"),
    [
        ("834", "DMG*D8*19800504", "DMG*D8*19801304", "2100A DMG02"),
        ("834", "INS*Y*18*021", "INS*Y*18*", "2000 INS03"),
        ("834", "INS*Y*18", "INS**18", "2000 INS01"),
        ("820", "RMR*IK*INV77**310.5", "RMR*IK*INV77**THREE", "RMR04"),
        ("820", "20260316~TRN", "20261316~TRN", "BPR16"),
    ],
)
def test_a_spoilt_element_is_named_by_its_place(name: str, good: str, bad: str, place: str) -> None:
    (document,) = x12.read(FILES[name].replace(good.encode(), bad.encode(), 1))
    assert document.problems[0].place.startswith(place)
    assert document.problems[0].severity == "error"


@pytest.mark.parametrize("name", FILES)
def test_cut_dropped_doubled_and_garbled_segments_never_raise(name: str) -> None:
    clean, chance = FILES[name], random.Random(5)
    lines = clean.decode().split("~")
    for place in range(1, len(lines)):
        for changed in (
            lines[:place],
            lines[:place] + lines[place + 1 :],
            lines[:place] + lines[place - 1 :],
        ):
            data = "~".join(changed).encode()
            x12.parse(data)
            list(x12.stream(data))
    for _ in range(150):
        data = bytearray(clean)
        for _ in range(4):
            data[chance.randrange(106, len(data))] = chance.randrange(256)
        x12.parse(bytes(data))


def test_premiums_and_the_payment_add_up_or_the_difference_is_told() -> None:
    group = firm.of_organization()
    even = firm.premium_payment(groups=(group,), amount=Decimal("910.5"))
    assert x12.balance_premium(even) == []
    (off,) = x12.balance_premium(office.replace(even, amount=Decimal(900)))
    assert (off.level, off.difference) == ("premium payment", Decimal("-10.5"))
    wrong = office.replace(group.premiums[0], billed=Decimal(990))
    uneven = office.replace(even, groups=(office.replace(group, premiums=(wrong,)),))
    assert [(one.level, one.difference) for one in x12.balance_premium(uneven)] == [("premium", Decimal(10))]
    (document,) = x12.read(office.wrap(x12.build_820(uneven)))
    assert [(one.code, one.snip) for one in document.problems] == [("balance.premium", 3)]


def test_a_list_of_many_members_is_read_in_the_memory_of_one() -> None:
    def peak(members: int) -> int:
        data = office.wrap(x12.build_834(firm.enrolment(members=(firm.member(),) * members)))
        tracemalloc.start()
        met = sum(1 for _ in x12.stream(data[at : at + 65_536] for at in range(0, len(data), 65_536)))
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert met == members
        return held

    assert peak(6000) < 1.5 * peak(2000)


@pytest.fixture(scope="module")
def exchange() -> Path:
    return shared_data("x12") / "kputnam__stupidedi/spec/fixtures/005010"


def test_the_files_of_the_exchanges_are_read_by_the_same_loops(exchange: Path) -> None:
    """A member's sponsor, an agency, a government that pays: other names at other places, none lost."""
    for file in sorted(exchange.glob("X30[67]*/pass/*.edi")):
        (document,) = x12.read(file.read_bytes())
        assert document.kind in ("834HIX", "820HIX")
        assert [one for one in document.problems if one.snip < 3] == []
    (shop,) = x12.read(next(exchange.glob("X307*/pass/shop*")).read_bytes())
    told = shop.content
    assert isinstance(told, x12.Enrolment)
    assert [one.entity for one in told.others] == ["41", "40", "62", "62"]
    assert told.payer.name == "ISSUER"
    assert told.payer.address is None
    assert [one.is_subscriber for one in told.members] == [True, False, True, False, True]
    assert told.members[0].others[0].party.name == "ABC EMPLOYER"
    assert told.members[0].categories[0].references == (x12.Reference("0B", "123456", "PA"),)
    (paid,) = x12.read(next(exchange.glob("X306*/pass/final-hix-820-aptc*")).read_bytes())
    assert isinstance(paid.content, x12.PremiumPayment)
    assert paid.content.payer.entity == "RM"
    assert paid.content.groups[0].premiums[0].dates == (
        x12.Dates("582", date(2014, 2, 1), date(2014, 2, 28)),
    )


def test_a_payment_of_an_old_version_is_kept_as_it_stands(exchange: Path) -> None:
    (old,) = x12.read((exchange.parent / "003010/RA820/pass/1.edi").read_bytes())
    assert [one for one in old.problems if one.severity == "error"] == []


def test_every_form_of_an_enrolment_occurs() -> None:
    (document,) = x12.read(sample("834", count=10, seed=3))
    members = document.content.members
    assert [one.maintenance for one in members] == [
        "021", "021", "021", "001", "024", "025", "021", "001", "021", "024",
    ]  # fmt: skip
    assert [one.relationship for one in members if not one.is_subscriber] == ["01", "19"]
    assert members[6].benefit_status == "C"
    assert members[7].incorrect is not None
    assert members[0].coverages[0].providers[0].provider.party.entity == "P3"


@pytest.mark.parametrize("kind", ["820", "820S", "834"])
def test_a_sample_is_read_without_a_problem_and_told_piece_by_piece(kind: str) -> None:
    data = sample(kind, count=12, seed=5)
    assert x12.parse(data).all_problems == ()
    pieces = list(told(data))
    assert len(pieces) == (1 if kind == "820S" else 12)
    assert {one["set"] for one in pieces} == {kind[:3]}


def test_a_premium_of_a_person_is_told_with_its_money() -> None:
    (document,) = x12.read(sample("820", count=3))
    assert x12.balance_premium(document.content) == []
    first = next(told(sample("820", count=3)))
    assert first["premiums"][0]["paid"] == f"{document.content.groups[0].premiums[0].paid:f}"


NUMBERS = {"NM1": 9, "ENT": 4, "RMR": 2, "REF": 2, "ACT": 1, "N3": 1, "DMG": 2, "BGN": 2, "TRN": 2, "N1": 4}


@pytest.mark.parametrize("kind", ["820", "820S", "834"])
def test_nobody_of_an_enrolment_or_payment_survives_the_mask(kind: str) -> None:
    data = sample(kind, count=10, seed=2)
    after = b"".join(mask(data, b"k" * 32))
    assert list(check(after)) == []
    people = {item[place] for item in x12.segments(data) if (place := NUMBERS.get(item.id))} - {""}
    assert len(people) > 10
    assert people & {value for item in x12.segments(after) for value in item.elements[1:]} == set()
    assert [item[2] for item in x12.segments(after) if item.id == "AMT"] == [
        item[2] for item in x12.segments(data) if item.id == "AMT"
    ]


def test_words_say_what_becomes_of_a_member_and_of_a_premium() -> None:
    lines = [line.plain_words for line in x12.outline(sample("834", count=10))]
    said = "\n".join(lines)
    for words in (
        "Self, new, active, active, full time",
        "Cover: new, managed care, Family",
        "ended",
        "Spouse",
        "death",
    ):
        assert words.lower() in said.lower(), words
    said = "\n".join(line.plain_words for line in x12.outline(sample("820", count=3)))
    assert "Premium: " in said
    assert "Premium adjusted: " in said


STRUCTURE = [
    ("834", "BGN*00*", "BGN*99*", "element.value", "ST BGN01"),
    ("834", "N1*P5*NORTHSIDE FAMILY MEDICINE*FI*912345678\n", "", "loop.missing", "1000A N1"),
    ("834", "N1*BO*GOOD ADVICE", "N1*XX*GOOD ADVICE", "element.value", "1000D N101"),
    ("834", "REF*0F*MB20260011\n", "", "segment.missing", "2000 REF"),
    ("834", "INS*N*19*021", "INS*N*19*", "element.missing", "2000 INS03"),
    ("834", "DTP*356*D8*20260401", "DTP*356*D8*20260431", "element.date", "2000 DTP03"),
    ("834", "NM1*IL*1*OCAMPO*LEO\n", "", "loop.missing", "2100A NM1"),
    ("834", "HD*021**DEN\nDTP*348*D8*20260402", "HD*021**DEN", "segment.missing", "2300 DTP"),
    (
        "834",
        "NM1*P3*1*LEE*JUNE****XX*1999990025*25",
        "NM1*P3*1*LEE*JUNE****XX*1999990025",
        "element.missing",
        "2310 NM110",
    ),
    ("834", "N1*75*COST CENTER", "N1*75", "element.missing", "2750 N102"),
    ("834", "AMT*P3*310.5", "AMT*P3*MUCH", "element.number", "2300 AMT02"),
    (
        "820",
        "N1*PR*NORTHSIDE FAMILY MEDICINE*FI*912345678\nPER*IC*ROSA MARIN*TE*4135550100\n",
        "",
        "loop.missing",
        "1000B N1",
    ),
    ("820", "RMR*IK*INVOICE78**200", "RMR*IK**ZZ*200", "element.missing", "2300B RMR02"),
    ("820", "ADX*-100*52", "ADX*-100*ZZ", "element.value", "2320B ADX02"),
    ("820", "RD8*20260401-20260430", "RD8*20260401", "element.date", "2300B DTM06"),
    ("820", "ENT*2*2J*34*123456782", "ENT*2*2J*34", "element.missing", "2000B ENT04"),
]


@pytest.mark.parametrize(("kind", "good", "bad", "code", "place"), STRUCTURE, ids=range(len(STRUCTURE)))
def test_a_fault_of_structure_is_named_by_its_place(
    kind: str, good: str, bad: str, code: str, place: str
) -> None:
    found = [(one.code, one.place.split(",")[0]) for one in check(wire(kind, (good, bad)), levels=[1, 2])]
    assert (code, place) in found
    assert len(found) <= 2
