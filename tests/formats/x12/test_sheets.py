"""A payer's file as tables: rows add up, sums that do not are told, nothing names a person when hidden."""

import csv
from decimal import Decimal

import pytest

from daysheet.formats.x12 import parse, read
from daysheet.formats.x12.guides.reading import to_day
from daysheet.formats.x12.sample import sample
from daysheet.formats.x12.sheet import Sheet
from daysheet.formats.x12.sheets import sheets
from tests.formats.x12.clean import KINDS, wire
from tests.shared import shared_data


def _adds_up(sheet: Sheet) -> None:
    """Charge less what stands between is what is paid, in every row and below every column."""
    figures = [[Decimal(cell) for cell in row[3:-1]] for row in sheet.rows]
    for charge, *adjusted, paid in figures:
        assert charge - sum(adjusted) == paid
    *parts, total = [list(column) for column in zip(*figures, strict=True)], figures[-1]
    assert [sum(column[:-1]) for column in parts[0]] == total


def test_each_remitted_claim_adds_up_by_row_and_by_column() -> None:
    *claims, payment = sheets(wire("835"))
    assert len(claims) == 4
    for sheet in claims:
        _adds_up(sheet)
        assert sheet.notes == ()
    assert payment.rows[-1] == ("payment", "330.00")
    assert sum(Decimal(row[1]) for row in payment.rows[:-1]) == Decimal("330.00")


def test_a_claims_lines_say_what_the_payer_did_and_why() -> None:
    sheet = next(sheets(wire("835")))
    assert sheet.title == "Claim C0001 of MARIA OCAMPO: Processed as primary"
    assert sheet.columns == (
        "Line", "Day", "Code", "Charge", "Write-off under the contract", "The patient pays", "Paid", "Why",
    )  # fmt: skip
    first, second, whole, total = sheet.rows
    assert first[:7] == ("1", "2026-03-02", "X0020 25", "200.00", "30.00", "10.00", "160.00")
    assert "PR-3 Copay" in first[7]
    assert second[3:7] == ("100.00", "10.00", "0.00", "90.00")
    assert whole[:7] == ("claim", "", "", "0.00", "0.00", "0.00", "0.00")
    assert "N130" in whole[7]
    assert total[3:7] == ("300.00", "40.00", "10.00", "250.00")


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (("CAS*PR*3*10\nREF*6R*L0001", "CAS*PR*3*11\nREF*6R*L0001"), 0, "the line says 160 is paid"),
        (("CLP*C0001*1*300*250*10", "CLP*C0001*1*300*240*10"), 0, "the claim says 240 is paid"),
        (("BPR*I*330*C", "BPR*I*331*C"), -1, "the payment says 331"),
    ],
)
def test_a_sum_of_the_payer_that_does_not_come_out_is_told(
    change: tuple[str, str], place: int, says: str
) -> None:
    assert any(says in note for note in list(sheets(wire("835", change)))[place].notes)


def test_money_that_the_payer_takes_is_less_than_zero() -> None:
    *_claims, payment = sheets(wire("835", ("BPR*I*330*C", "BPR*I*330*D")))
    assert payment.rows[-1] == ("payment", "-330.00")


def test_an_answer_is_a_grid_by_network() -> None:
    changes = (
        "EB*B**98***27*30\nEB*A**98*****.2",
        "EB*B*IND*98***27*30*****Y\nEB*B*IND*98***27*60*****N\nEB*A**98*****1****W\nEB*C*FAM*30***23*1500\nMSG*CALL US",
    )
    (sheet,) = sheets(wire("271", changes))
    assert sheet.title == "MARIA OCAMPO: active"
    grid = {row[:2]: row[2:] for row in sheet.rows}
    copay = next(cells for (_service, benefit), cells in grid.items() if benefit == "Copay")
    assert copay == ("$30.00 visit individual", "$60.00 visit individual", "")
    share = next(cells for (_service, benefit), cells in grid.items() if benefit == "Coinsurance")
    assert share == ("100 %", "100 %", "")
    deductible = next(cells for (_service, benefit), cells in grid.items() if benefit == "Deductible")
    assert deductible == ("", "", "$1500.00 calendar year family CALL US")


def test_a_rejection_says_why_and_what_next() -> None:
    body = KINDS["271"]
    benefits = body[body.index("EB*1") : body.index("SE*")]
    (sheet,) = sheets(wire("271", (benefits, ""), ("DMG*D8*19620314*F", "AAA*N**75*C\nDMG*D8*19620314*F")))
    assert (sheet.title, sheet.rows) == ("MARIA OCAMPO", ())
    assert len(sheet.notes) == 1


def test_nothing_names_a_person_when_hidden() -> None:
    names = ("OCAMPO", "MARIA", "DIAZ", "C0001", "C0003", "EFT0042", "BLUE PPO")
    for kind in ("835", "271"):
        shown = repr(list(sheets(wire(kind))))
        hidden = repr(list(sheets(wire(kind), is_hidden=True)))
        assert any(name in shown for name in names)
        assert [name for name in names if name in hidden] == []


@pytest.mark.parametrize("kind", ["837P", "837I", "837D", "277", "277CA"])
def test_nothing_of_a_claim_names_a_person_when_hidden(kind: str) -> None:
    data = sample(kind, count=14)
    hidden = repr(list(sheets(data, is_hidden=True)))
    named = {
        part
        for one in parse(data).segments
        if one.id in {"NM1", "N3", "CLM", "TRN"}
        for part in one.elements[1 if one.id in {"CLM", "N3"} else 3 :]
        if len(part) > 4 and not part.replace(".", "").isdigit()
    }
    born = {to_day(one[2]).isoformat() for one in parse(data).segments if one.id == "DMG"}
    assert len(named) > 10
    assert [word for word in named | born if word in hidden] == []


def test_an_office_claim_is_its_form() -> None:
    form, lines = list(sheets(sample("837P", count=1)))
    boxes = {row[0]: row[2] for row in form.rows}
    (claim,) = next(iter(read(sample("837P", count=1)))).content.claims
    assert (boxes["26"], boxes["28"]) == (claim.claim_id, f"{claim.charge:.2f}")
    assert boxes["21"] == ", ".join(
        f"{letter} {code}" for letter, code in zip("AB", claim.diagnoses, strict=True)
    )
    assert sum(Decimal(row[5]) for row in lines.rows) == claim.charge


def test_a_hospital_claim_is_its_form() -> None:
    found = list(sheets(sample("837I", count=6)))
    forms, lines = found[::2], found[1::2]
    second = {row[0]: row[2] for row in forms[1].rows}
    assert second["74"].startswith("0X0000Z 2026")
    assert second["4"] == "111"
    assert {row[0]: row[2] for row in forms[4].rows}["64"].startswith("Replacement")
    for sheet in lines:
        *rows, total = [Decimal(row[5]) for row in sheet.rows]
        assert sum(rows) == total


def test_a_dental_claim_is_its_form() -> None:
    found = list(sheets(sample("837D", count=5)))
    crown, braces, asked = ({row[0]: row[2] for row in found[at].rows} for at in (2, 4, 6))
    assert crown["33"] == "17, 32"
    assert braces["40"] == "24 months, 18 months left"
    assert asked["1"] == "asks what would be paid"
    assert found[1].columns[3] == "27 tooth"


def test_what_was_turned_away_stands_on_top_with_what_to_do() -> None:
    (sheet,) = sheets(sample("277CA", count=9))
    assert sheet.title == "9 claims answered by BLUE PPO, 4 of them turned away"
    assert all("again as new" in row[4] for row in sheet.rows[:4])
    assert all("again as new" not in row[4] for row in sheet.rows[4:])


def test_a_claim_that_was_asked_after_says_where_it_stands() -> None:
    (sheet,) = sheets(wire("277"))
    paid, denied, _refused = sheet.rows
    assert paid[:5] == ("C0001", "MARIA OCAMPO", "300.00", "240.00", "Finished: paid, Claim or line paid")
    assert denied[3:5] == ("0.00", "Finished: denied, Entity not eligible on the day (Patient)")
    assert all(row[5] for row in sheet.rows)


def test_a_reason_from_another_list_of_codes_is_told_too() -> None:
    data = wire(
        "277",
        (
            "STC*F1:65*20260310**300*240*20260309*ACH*20260310*EFT0042",
            "STC*F1:65*20260310**300*240******R4:18748-4::LOI",
        ),
    )
    (sheet,) = sheets(data)
    assert sheet.rows[0][4].startswith("Finished: paid, Claim or line paid")


def test_an_office_that_is_turned_away_takes_its_claims_with_it() -> None:
    data = sample("277CA", count=2).replace(b"STC*A1:19:PR**WQ", b"STC*A3:23:85**U")
    (sheet,) = sheets(data)
    assert "everything below it is turned away" in sheet.notes[-1]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in {"270", "999"}])
def test_other_sets_have_no_table(kind: str) -> None:
    assert list(sheets(wire(kind))) == []


@pytest.mark.parametrize("cut", [0, 1, 105, 106, 200, 400, 700, 1100])
def test_garbage_and_a_torn_file_give_what_can_be_read(cut: int) -> None:
    for kind in ("835", "271", "837P", "277CA"):
        assert all(
            isinstance(sheet, Sheet) for sheet in sheets(wire(kind)[:cut] + b"\x00\xff~CLP*~CAS*PR*3*x~")
        )


def test_every_claim_of_the_shared_files_adds_up_or_says_that_it_does_not() -> None:
    corpus, seen = shared_data("x12"), 0
    with (corpus / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        names = [row["file"] for row in csv.DictReader(index, delimiter="\t")]
    for name in names:
        for sheet in sheets((corpus / name).read_bytes()):
            if sheet.columns[:2] == ("Line", "Day") and not sheet.notes:
                _adds_up(sheet)
                seen += 1
    assert seen > 100
