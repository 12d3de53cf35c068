"""Some of the shared Synthea files: what they say is what the book says, to the cent."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import orjson
from django.db.models import Sum

from daysheet.coverage.models import Coverage
from daysheet.interop.intake import take_in
from daysheet.kernel.models import Practice
from daysheet.ledger import queries as books
from daysheet.ledger.models import LedgerEntry, LedgerLine
from daysheet.patients.models import ChartItem, Patient
from daysheet.visits.models import Visit
from tests import cast
from tests.interop.conftest import TakeIn
from tests.shared import shared_data

CENT = Decimal("0.01")
NEW_YEAR = datetime(2027, 1, 1, 15, tzinfo=UTC)  # after the last visit of the files
CHART = {"Condition", "AllergyIntolerance", "MedicationRequest", "Immunization", "Procedure"}


def some(kind: str, into: Path, count: int) -> Path:
    """Copy the smallest files of a kind under names that say nothing."""
    into.mkdir()
    files = sorted((shared_data("synthea") / kind).glob("*.json"), key=lambda path: path.stat().st_size)
    for number, path in enumerate(files[:count]):
        shutil.copyfile(path, into / str(number))
    return into


def resources(folder: Path, *kinds: str) -> list[dict[str, object]]:
    bundles = [orjson.loads(path.read_bytes()) for path in sorted(folder.iterdir())]
    return [
        entry["resource"]
        for bundle in bundles
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] in kinds
    ]


def in_cents(value: object) -> Decimal:
    return Decimal(repr(value)).quantize(CENT, ROUND_HALF_UP)


def of(account: str) -> Decimal:
    return LedgerLine.objects.filter(account=account).aggregate(total=Sum("amount"))["total"] or Decimal(0)


def test_r4_bundles_come_whole_and_balance(bring: TakeIn, tmp_path: Path) -> None:
    folder = some("r4", tmp_path / "in", 6)
    report = bring(folder)
    assert (report.patients, report.files) == (6, [])
    assert Visit.objects.count() == len(resources(folder, "Encounter"))
    assert ChartItem.objects.count() == len(resources(folder, *CHART))
    claims = resources(folder, "Claim")
    answers = resources(folder, "ExplanationOfBenefit")
    charged = sum(in_cents(one["total"]["value"]) for one in claims)  # type: ignore[index]
    paid = sum(in_cents(one["payment"]["amount"]["value"]) for one in answers)  # type: ignore[index]
    assert (-of("charges"), of("eft")) == (charged, paid)
    assert (of("insurance"), of("patient"), of("unapplied")) == (0, 0, 0)
    assert LedgerEntry.objects.filter(kind="charge").count() == len(claims)
    assert all(one.is_derived for one in Coverage.objects.all())
    assert books.troubles() == []


def test_us_core_bundles_come_with_their_own_coverage(
    northside: Practice, fingerprint: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    folder = some("us-core", tmp_path / "in", 2)
    by = cast.system(northside.pk, NEW_YEAR)
    report = take_in(by, folder, zone=northside.zone)
    assert (report.patients, report.files) == (2, [])
    assert Visit.objects.count() == len(resources(folder, "Encounter"))
    charged = sum(in_cents(one["total"]["value"]) for one in resources(folder, "Claim"))  # type: ignore[index]
    assert -of("charges") == charged
    assert books.troubles() == []
    before = fingerprint()
    assert take_in(by, folder, zone=northside.zone).changed is False
    assert fingerprint() == before


def rows_of(people: int, into: Path) -> Path:
    """Copy the tables with the first so many patients, each table under a name that says nothing."""
    into.mkdir()
    folder = shared_data("synthea") / "csv"
    chosen = [
        line.split(",")[0] for line in (folder / "patients.csv").read_text().splitlines()[1 : people + 1]
    ]
    for number, path in enumerate(sorted(folder.glob("*.csv"))):
        header, *lines = path.read_text().splitlines(keepends=True)
        is_about_people = "PATIENT" in header or "BIRTHDATE" in header
        kept = [line for line in lines if not is_about_people or any(one in line for one in chosen)]
        (into / str(number)).write_text("".join([header, *kept]))
    return into


def test_the_csv_set_comes_with_overpaid_claims_closed(bring: TakeIn, tmp_path: Path) -> None:
    report = bring(rows_of(7, tmp_path / "in"))
    assert (report.patients, report.files) == (7, [])
    assert Patient.objects.filter(family__regex=r"\d").count() == 0
    assert (of("insurance"), of("patient"), of("unapplied")) == (0, 0, 0)
    assert of("brought_forward") == Decimal("-12.55")  # three of them overpaid
    assert books.troubles() == []
