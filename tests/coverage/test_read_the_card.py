"""The words of an insurance card: what they say with the line it came from, and whatever else may be read."""

import random
import time

import pytest

from daysheet.coverage.rules.card_text import PlanNames, Said, payers_on, plans_on, read

CARD = """Blue Plains Health
Blue PPO Standard
Member ID: BPX12305678
Member Name: MARIA DIAZ
Group No. 778812
PCP $25 Specialist $40
Urgent Care $60.00 ER $150
Effective Date 01/31/2025
RxBIN 610014 RxPCN MEDD RxGrp: RX99887
Payer ID 60054"""
MEDICARE = """MEDICARE HEALTH INSURANCE
Name/Nombre
MARIA L DIAZ
Medicare Number/Numero de Medicare
{number}
Entitled to/Con derecho a   Coverage starts/Cobertura empieza
HOSPITAL (PART A) 03-01-2016
MEDICAL (PART B) 04-01-2016"""
LIBRARY = (
    PlanNames("standard", "Blue PPO Standard", "Blue Plains Health", "60054"),
    PlanNames("short", "Blue PPO", "Blue Plains Health", "60054"),
    PlanNames("other", "Open Access", "Granite Mutual", "87726"),
)


def test_a_card_is_read_with_the_line_of_each_thing() -> None:
    found = read(CARD)
    assert found.member_id == Said("BPX12305678", "Member ID: BPX12305678")
    assert found.group_number == Said("778812", "Group No. 778812")
    assert (found.given, found.family) == (
        Said("MARIA", "Member Name: MARIA DIAZ"), Said("DIAZ", "Member Name: MARIA DIAZ"),
    )  # fmt: skip
    assert found.starts_on == Said("2025-01-31", "Effective Date 01/31/2025")
    assert found.payer_id == Said("60054", "Payer ID 60054")
    assert {name: said.value for name, said in found.copays.items()} == {
        "office": "25", "specialist": "40", "urgent": "60", "emergency": "150",
    }  # fmt: skip
    assert not found.is_medicare


@pytest.mark.parametrize(
    ("text", "member"),
    [
        ("Member lD# XYZ123456789", "XYZ123456789"),
        ("ID W1234 56789", "W123456789"),
        ("ID NUMBER\nXYZ 123 456 789", "XYZ123456789"),
        ("Member ID   Group\nXYZ123456789 778812", "XYZ123456789"),
        ("Subscriber No: 0012-345", "0012-345"),
        ("Member: Anne Roe  ID: 12345678", "12345678"),
        ("Medicaid ID 100200300", "100200300"),
        ("Policy number 4711-22", "4711-22"),
        ("Member services 1-800-555-0100", ""),
        ("Payer ID: 60054", ""),
        ("Rx ID 99887766", ""),
        ("Member ID: see other side", ""),
    ],
)
def test_the_member_id_is_found_behind_or_under_its_label(text: str, member: str) -> None:
    found = read(text).member_id
    assert (found.value if found else "") == member


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("GRP: 123456-010-00001", "123456-010-00001"),
        ("Group Number\n778812", "778812"),
        ("Member ID  Group No\nXYZ123456789 778812", "778812"),
        ("Member ID  Group No\nXYZ 123 456 789 778812", ""),
        ("RxGrp: 778812", ""),
        ("Rx Group 778812", ""),
        ("Group: ACME COMPANY", ""),
    ],
)
def test_the_group_is_never_the_pharmacys(text: str, group: str) -> None:
    found = read(text).group_number
    assert (found.value if found else "") == group


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("1EG4-TE5-MK73", "1EG4TE5MK73"),
        ("1EG4 TE5 MK73", "1EG4TE5MK73"),
        ("1EG4TE5MK73", "1EG4TE5MK73"),
        ("IEG4-TE5-MK73", "1EG4TE5MK73"),
        ("lEG4-TES-MK7B", "1EG4TE5MK78"),
        ("1E04-TE5-MK73", "1E04TE5MK73"),
        ("1EO4-TE5-MK73", "1E04TE5MK73"),
        ("0EG4-TE5-MK73", ""),
        ("1EG4-TE5-0K73", ""),
        ("1EG4-TE5-MK7", ""),
    ],
)
def test_a_medicare_number_is_mended_only_where_its_shape_allows_one_reading(
    printed: str, number: str
) -> None:
    found = read(MEDICARE.format(number=printed))
    assert (found.member_id.value if found.is_medicare and found.member_id else "") == number


def test_the_day_of_a_medicare_card_is_that_of_part_b_and_its_name_stands_under_the_label() -> None:
    found = read(MEDICARE.format(number="1EG4-TE5-MK73"))
    assert found.starts_on
    assert found.starts_on.value == "2016-04-01"
    assert found.family
    assert (found.family.value, found.given and found.given.value) == ("DIAZ", "MARIA")


def test_another_number_is_never_mended() -> None:
    found = read("Member ID: OI5B12345")
    assert found.member_id
    assert found.member_id.value == "OI5B12345"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Name: DIAZ, MARIA L", ("DIAZ", "MARIA")),
        ("Subscriber JOE ROE JR", ("ROE", "JOE")),
        ("Member: Anne O'Brien ID: 12345678", ("O'Brien", "Anne")),
        ("Member Name XYZ123456", ("", "")),
        ("Member Services", ("", "")),
        ("Plan Name: Blue", ("", "")),
    ],
)
def test_the_holders_name_is_letters_alone(text: str, name: tuple[str, str]) -> None:
    found = read(text)
    assert (found.family.value if found.family else "", found.given.value if found.given else "") == name


@pytest.mark.parametrize(
    ("text", "copays"),
    [
        ("Office Visit/Specialist: $20/$40", {"office": "20", "specialist": "40"}),
        ("PCP Specialist\n$20 $40", {"office": "20", "specialist": "40"}),
        ("Emergency Room $ 250", {"emergency": "250"}),
        ("Deductible $3,000 specialist", {}),
        ("PCP $99999", {}),
        ("PCP 25", {}),
        ("urgent care\ncall us", {}),
    ],
)
def test_copays_go_with_their_services(text: str, copays: dict[str, str]) -> None:
    assert {name: said.value for name, said in read(text).copays.items()} == copays


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Effective: 1/2/25", "2025-01-02"),
        ("Eff. Date 12.31.2024", "2024-12-31"),
        ("Member since Jan 1, 2024", "2024-01-01"),
        ("Effective 31/12/2024", ""),
        ("Effective 02/30/2024", ""),
        ("Effective 01/01/1812", ""),
        ("Born 01/01/1980", ""),
    ],
)
def test_only_a_true_day_is_a_first_day(text: str, day: str) -> None:
    found = read(text).starts_on
    assert (found.value if found else "") == day


def test_the_fullest_plan_of_the_payer_is_meant() -> None:
    assert [(one.key, line) for one, line in plans_on(read(CARD), LIBRARY)] == [
        ("standard", "Blue PPO Standard")
    ]


def test_a_plan_of_the_library_is_known_although_signs_were_misread() -> None:
    text = "B1ue P1ains Hea1th\nB1ue PP0 Standard"
    assert [one.key for one, _line in plans_on(read(text), LIBRARY)] == ["standard"]
    by_id = "Blue PPO Standard\nPayer ID: 6OO54"
    assert [one.key for one, _line in plans_on(read(by_id), LIBRARY)] == ["standard"]


def test_a_plan_without_its_payer_is_none_and_the_payer_alone_is_said() -> None:
    assert plans_on(read("Open Access"), LIBRARY) == []
    assert plans_on(read("Granite Mutual"), LIBRARY) == []
    assert payers_on(read("Welcome to Granite Mutual"), LIBRARY) == [
        ("Granite Mutual", "Welcome to Granite Mutual")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x1b[2J\u202e" * 5000,
        "Member ID: " * 20_000,
        "group group " * 20_000,
        "office $1 specialist " * 20_000,
        "1EG4TE5MK73 " * 20_000,
        " " * 200_000,
        "\n".join("office member id group effective name payer id" for _ in range(5000)),
        "".join(chr(random.Random(7).randrange(1, 0xD7FF)) for _ in range(50_000)),
        "\ud800 member id \udfff",
    ],
    ids=range(10),
)
def test_garbage_huge_and_hostile_texts_are_read_to_their_end(text: str) -> None:
    began = time.process_time()
    found = read(text)
    assert time.process_time() - began < 2
    assert len(found.lines) <= 200
    assert all(line.isprintable() and len(line) <= 160 for line in found.lines)
    assert found.family is None


def test_no_sign_that_turns_the_line_is_shown() -> None:
    found = read("Member ID:\u202e AB123456\x07")
    assert found.member_id == Said("AB123456", "Member ID: AB123456")
