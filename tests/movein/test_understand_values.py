"""What a cell means: days, times, amounts, telephone numbers, names, and which column tells what."""

from datetime import UTC, date, time, timedelta, timezone
from decimal import Decimal

import pytest

from daysheet.movein import maps
from daysheet.movein.rules import values
from daysheet.movein.rules.fields import KINDS
from daysheet.movein.rules.guessing import Reading, columns_of, kind_of, writes_day_first
from daysheet.movein.rules.judging import Judge, Judged
from daysheet.movein.rules.sheets import Row, Sheet
from daysheet.movein.rules.values import Misread
from daysheet.movein.wording import FIELD_WORDS, KIND_WORDS

TODAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1962-03-14", date(1962, 3, 14)),
        ("3/14/1962", date(1962, 3, 14)),
        ("03-14-62", date(1962, 3, 14)),
        ("3.14.25", date(2025, 3, 14)),
        ("19620314", date(1962, 3, 14)),
        ("Mar 14, 1962", date(1962, 3, 14)),
        ("14-Mar-1962", date(1962, 3, 14)),
        ("1962-03-14T00:00:00Z", date(1962, 3, 14)),
        ("3/14/1962 12:00:00 AM", date(1962, 3, 14)),
        ("0001-01-01", None),
        ("0000-00-00", None),
        ("", None),
    ],
)
def test_days_as_old_systems_write_them(text: str, day: date | None) -> None:
    assert values.a_day(text, day_first=False, today=TODAY, born=True) == day


def test_two_digits_of_a_birth_year_are_never_in_the_future() -> None:
    assert values.a_day("3/14/27", day_first=False, today=TODAY, born=True) == date(1927, 3, 14)
    assert values.a_day("3/14/27", day_first=False, today=TODAY) == date(2027, 3, 14)


@pytest.mark.parametrize("text", ["13/45/1990", "2/30/1990", "soon", "1/1", "99999999"])
def test_what_is_no_day_is_told(text: str) -> None:
    with pytest.raises(Misread):
        values.a_day(text, day_first=False, today=TODAY)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("9:15", time(9, 15)),
        ("09:15:00", time(9, 15)),
        ("2:30 PM", time(14, 30)),
        ("12:05 am", time(0, 5)),
        ("2026-03-09 14:30:00", time(14, 30)),
        ("2026-03-09T14:30:00Z", time(14, 30, tzinfo=UTC)),
        ("2026-03-09T14:30:00.000-0500", time(14, 30, tzinfo=timezone(timedelta(hours=-5)))),
        ("14:30+05:30", time(14, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))),
    ],
)
def test_times_as_old_systems_write_them(text: str, at: time) -> None:
    assert values.a_time(text) == at
    assert values.a_time(text).tzinfo == at.tzinfo  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("6", 6),
        ("6 months", 6),
        ("1y", 12),
        ("1 year", 12),
        ("6m1d", 6),
        ("1y6m", 18),
        ("12 mo", 12),
        ("", None),
    ],
)
def test_intervals_as_old_systems_write_them(text: str, months: int | None) -> None:
    assert values.months(text) == months


@pytest.mark.parametrize("text", ["soon", "0", "400", "2w", "11y", "393217"])
def test_what_is_no_interval_is_told(text: str) -> None:
    with pytest.raises(Misread):
        values.months(text)


@pytest.mark.parametrize("text", ["9:15 AM EST", "9:15 - 9:45", "24:00", "0:30 AM", "14:30+99:00"])
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(Misread):
        values.a_time(text)


def judged(kind: str, **cells: str) -> Judged:
    """Return a row of a kind whose columns are called as its fields."""
    reading = Reading({key: key for key in cells}, False, {})
    sheet = Sheet(list(cells), [Row(2, list(cells.values()))])
    return next(iter(Judge(KINDS[kind], reading, sheet, today=TODAY).rows(sheet.rows)))


@pytest.mark.parametrize(
    "text",
    ["03/04/2026 9:15 AM EST", "03/04/2026 9:15 - 9:45", "03/04/2026 24:00", "03/04/2026 0:30 AM"],
)
def test_a_time_beside_a_day_that_is_none_stops_its_row_alone(text: str) -> None:
    row = judged("appointments", patient_key="1", starts_on=text, provider="Lee")
    assert [flaw.told() for flaw in row.flaws] == [["starts_on", "time", text]]


def test_a_time_beside_a_day_means_nothing_where_no_time_is_kept() -> None:
    row = judged("coverages", patient_key="1", payer="A", member_id="B", starts_on="03/04/2026 9:15 AM EST")
    assert row.is_good
    assert row.says["starts_on"] == date(2026, 3, 4)
    assert "starts_time" not in row.says


def test_a_moment_in_another_zone_brings_its_own_day() -> None:
    row = judged(
        "appointments",
        patient_key="1",
        starts_time="2026-03-11T00:30:00Z",
        starts_on="3/10/2026",
        provider="Lee",
    )
    assert (row.says["starts_on"], row.says["starts_time"]) == (date(2026, 3, 11), time(0, 30, tzinfo=UTC))


@pytest.mark.parametrize("text", ["12/31/9999", "99991231", "12/31/2999", "2099-12-31"])
def test_a_last_day_that_never_comes_is_none(text: str) -> None:
    row = judged("coverages", patient_key="1", payer="A", member_id="B", ends_on=text)
    assert row.is_good
    assert "ends_on" not in row.says


def test_a_last_day_that_comes_is_kept() -> None:
    row = judged("coverages", patient_key="1", payer="A", member_id="B", ends_on="12/30/2099")
    assert row.says["ends_on"] == date(2099, 12, 30)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("40", "40.00"),
        ("$1,040.50", "1040.50"),
        ("(12.00)", "-12.00"),
        ("-12.5", "-12.50"),
        ("12.50-", "-12.50"),
        ("12.50 CR", "-12.50"),
        ("-$12", "-12.00"),
        (".5", "0.50"),
        ("(-12.00)", "-12.00"),
        ("-12.00 CR", "-12.00"),
        ("(12.00 CR)", "-12.00"),
    ],
)
def test_amounts_as_old_systems_write_them(text: str, amount: str) -> None:
    assert values.money(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["x", "1.234", "1,00", "--", "(12.00", "12.00)", "9" * 30])
def test_what_is_no_amount_is_told(text: str) -> None:
    with pytest.raises(Misread):
        values.money(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2139", "02139"),
        ("02139-1234", "02139-1234"),
        ("21391234", "02139-1234"),
        ("021391234", "02139-1234"),
    ],
)
def test_a_zip_code_has_the_zeros_that_a_spreadsheet_took(text: str, code: str) -> None:
    assert values.zip_code(text) == code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(555) 201-0142", "+15552010142"),
        ("1-555-201-0142", "+15552010142"),
        ("555.201.0142 x12", "+15552010142"),
        ("+44 20 7946 0018", "+442079460018"),
        ("000-000-0000", ""),
    ],
)
def test_telephone_numbers(text: str, number: str) -> None:
    assert values.phone(text) == number


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Roe, Ann B", ("Roe", "Ann", "B", "")),
        ("de la Cruz, Maria Luisa", ("de la Cruz", "Maria", "Luisa", "")),
        ("Nguyen Jr., Tam", ("Nguyen", "Tam", "", "Jr.")),
        ("Nguyen, Tam, III", ("Nguyen", "Tam", "", "III")),
        ("Ann B Roe", ("Roe", "Ann", "B", "")),
        ("Cher", ("Cher", "", "", "")),
        ("Roe, Ann V", ("Roe", "Ann", "V", "")),
        ("Roe, Ann, V", ("Roe", "Ann", "", "V")),
        ("Roe, Ann B V", ("Roe", "Ann", "B", "V")),
        ("Ann Roe V", ("Roe", "Ann", "", "V")),
    ],
)
def test_a_name_in_one_cell(text: str, name: tuple[str, str, str, str]) -> None:
    assert tuple(values.whole_name(text).values()) == name


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Springfield, IL 62701", ("Springfield", "IL", "62701")),
        ("Springfield IL 62701-1234", ("Springfield", "IL", "62701-1234")),
        ("springfield/il/62701", ("springfield", "IL", "62701")),
        ("Charleston, West Virginia 253011234", ("Charleston", "WV", "25301-1234")),
        ("New York, NY", ("New York", "NY", "")),
        ("New York 10001", ("New York", "", "10001")),
        ("New York New York 10001, USA", ("New York", "NY", "10001")),
        ("Boston, MA 2118", ("Boston", "MA", "02118")),
        ("St. Paul, MN  55101-", ("St. Paul", "MN", "55101")),
        ("Washington, D.C. 20001", ("Washington", "DC", "20001")),
        ("Springfield", ("Springfield", "", "")),
        ("62701", ("", "", "62701")),
    ],
)
def test_city_state_and_zip_in_one_cell_are_taken_apart(text: str, place: tuple[str, str, str]) -> None:
    assert tuple(values.whole_place(text).values()) == place


@pytest.mark.parametrize("text", ["12 Main St", ",", "Springfield 2118", "IL 627", "1 2 3"])
def test_what_is_no_city_with_its_state_is_left_as_words(text: str) -> None:
    with pytest.raises(values.Misread, match="place"):
        values.whole_place(text)


@pytest.mark.parametrize("header", ["City/State/Zip", "City, State, ZIP Code", "CSZ", "City St Zip"])
def test_the_columns_of_an_office_that_writes_short_are_guessed(header: str) -> None:
    columns = ["Pat #", "Last Name", "First Name", "DOB", "Addr", header, "Tel", "Home Tel"]
    assert columns_of(KINDS["patients"], columns) == {
        "key": "Pat #",
        "family": "Last Name",
        "given": "First Name",
        "born_on": "DOB",
        "street": "Addr",
        "place": header,
        "phone_mobile": "Tel",
        "phone_home": "Home Tel",
    }
    assert columns_of(KINDS["patients"], ["Patient #", "Name", "City", "State", "Zip"])["key"] == "Patient #"
    assert columns_of(KINDS["balances"], ["Pat #", "Balance"])["patient_key"] == "Pat #"


def test_columns_are_guessed_from_their_names() -> None:
    found = columns_of(
        KINDS["patients"],
        ["PatientLastName", "patient_first_name", "D.O.B.", "MRN", "Cell Phone #", "Zip Code"],
    )
    assert found == {
        "family": "PatientLastName",
        "given": "patient_first_name",
        "born_on": "D.O.B.",
        "key": "MRN",
        "phone_mobile": "Cell Phone #",
        "zip": "Zip Code",
    }


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        (["Patient ID", "Last Name", "First Name", "DOB"], "patients"),
        (["Patient ID", "Insurance Company", "Member ID", "Group Number"], "coverages"),
        (["Patient ID", "Appointment Date", "Start Time", "Provider", "Duration"], "appointments"),
        (["Patient ID", "Recall Date", "Recall Type"], "recalls"),
        (["Patient ID", "Patient Balance", "Insurance Balance"], "balances"),
        (["Code", "Description", "Fee"], "fees"),
        (["Patient ID", "Alert"], "notes"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_a_file_holds_is_guessed_from_its_columns(columns: list[str], kind: str) -> None:
    assert kind_of(columns) == kind


def test_a_day_above_twelve_tells_how_days_are_written() -> None:
    rows = [{"DOB": "14/3/1962"}, {"DOB": "2/3/1962"}]
    assert writes_day_first(KINDS["patients"], {"born_on": "DOB"}, rows)
    assert not writes_day_first(KINDS["patients"], {"born_on": "DOB"}, rows[1:])


def test_every_kind_and_field_has_its_words() -> None:
    assert set(KINDS) == set(KIND_WORDS)
    assert {key for kind in KINDS.values() for key in kind.fields} <= set(FIELD_WORDS)


@pytest.mark.parametrize("known", maps.shipped(), ids=lambda known: known.name)
def test_a_shipped_map_tells_what_a_row_needs_and_where_it_is_shown(known: maps.KnownMap) -> None:
    kind = KINDS[known.kind]
    assert set(known.columns) <= set(kind.fields)
    assert all(any(key in known.columns for key in group) for group in kind.needs)
    assert known.source.startswith("https://")
    assert len(set(known.columns.values())) == len(known.columns)
