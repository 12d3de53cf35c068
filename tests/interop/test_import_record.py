"""What a folder brings into the house, and that it brings it once."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Sum

from daysheet.coverage.models import Coverage, InsurancePlan, Payer
from daysheet.formats.x12.numbers import is_npi
from daysheet.interop import commands
from daysheet.interop.rules.bundle import records
from daysheet.interop.rules.record import Record
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import AuditLine, Practice
from daysheet.ledger import queries as books
from daysheet.ledger.models import LedgerLine
from daysheet.patients.models import ChartItem, Patient, PatientIdentifier
from daysheet.practice import queries as office
from daysheet.practice.models import Location, Provider
from daysheet.visits.models import Visit
from tests import cast
from tests.interop import papers
from tests.interop.conftest import TakeIn
from tests.interop.test_read_a_bundle import SETTING

Look = Callable[[], dict[str, str]]


def sums() -> dict[str, Decimal]:
    """What the book says, by account."""
    rows = LedgerLine.objects.values_list("account").annotate(total=Sum("amount")).order_by("account")
    return dict(rows)


def test_a_patient_comes_whole(bring: TakeIn, tmp_path: Path) -> None:
    report = bring(papers.put(tmp_path / "in", anything=papers.whole()))
    assert (report.patients, report.visits, report.coverages, report.chart_items, report.bills) == (
        1,
        1,
        1,
        1,
        1,
    )
    assert (report.ledger_entries, report.files) == (3, [])
    nora = Patient.objects.get()
    assert str(nora) == "QUILL, Nora"
    assert [one.number for one in nora.phones.all()] == ["+15558873298"]
    assert {(one.name, one.relationship) for one in nora.contacts.all()} == {
        ("Ida Quill", "daughter"),
        ("Eva Stone", "mother (maiden name)"),
    }
    assert PatientIdentifier.objects.filter(patient=nora).count() == 3
    assert [(one.kind, one.label) for one in ChartItem.objects.all()] == [("condition", "Obesity")]
    visit = Visit.objects.get()
    assert (visit.flow, visit.is_imported, visit.service_on) == ("checked_out", True, date(2019, 3, 4))
    assert visit.coverage == Coverage.objects.get()
    assert visit.location == Location.objects.get()


def test_what_is_derived_says_so(bring: TakeIn, tmp_path: Path) -> None:
    bring(papers.put(tmp_path / "in", anything=papers.whole()))
    cover = Coverage.objects.get()
    assert (cover.is_derived, cover.member_id[:3]) == (True, "DRV")
    assert [one.name for one in InsurancePlan.objects.all()] == ["Private insurance plan (derived)"]
    payer = Payer.objects.get()
    assert (payer.name, payer.payer_id[:8], payer.partner_id) == (
        "Private insurance (derived)",
        "DERIVED-",
        None,
    )


def test_private_is_one_of_the_reference_plans(bring: TakeIn, tmp_path: Path) -> None:
    folder = papers.put(tmp_path / "in", anything=papers.whole(), **papers.REFERENCE)
    bring(folder)
    plan = InsurancePlan.objects.get()
    assert (plan.payer.name, plan.name) == ("Harbor Mutual (derived)", "Harbor SILVER (derived)")


def test_reference_plans_may_lie_beside_the_folder(bring: TakeIn, tmp_path: Path) -> None:
    papers.put(tmp_path / "reference", **papers.REFERENCE)
    bring(papers.put(tmp_path / "in", anything=papers.whole()))
    assert InsurancePlan.objects.get().name == "Harbor SILVER (derived)"


def test_a_clinician_has_a_sound_npi_and_does_not_work_here(bring: TakeIn, tmp_path: Path) -> None:
    bring(papers.put(tmp_path / "in", anything=papers.whole()))
    doctor = Provider.objects.get()
    assert (doctor.given, doctor.family, is_npi(doctor.npi)) == ("Barry", "Nicolas", True)
    assert not office.providers(day=cast.MONDAY).exists()
    assert not office.providers().exists()


UUID_SHAPE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_nothing_of_a_real_facility_or_payer_comes_along(bring: TakeIn, tmp_path: Path) -> None:
    bring(papers.put(tmp_path / "in", **papers.CSV, **papers.REFERENCE))
    with connection.cursor() as cursor:
        for table in ("payer", "provider", "location", "trading_partner", "office"):
            cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")
            kept = UUID_SHAPE.sub("", str(cursor.fetchone()[0]))  # the digits of an id mean nothing
            assert "REAL" not in kept.upper()
            assert "800" not in kept.replace("-", "") or table != "payer"
    assert {(one.phone, one.street) for one in Payer.objects.all()} == {("", "")}


def test_a_bill_is_closed_and_balances_to_the_cent(bring: TakeIn, tmp_path: Path) -> None:
    bring(papers.put(tmp_path / "in", anything=papers.whole()))
    assert sums() == {
        "charges": Decimal("-817.83"),
        "eft": Decimal("554.26"),
        "brought_forward": Decimal("263.57"),
        "insurance": Decimal("0.00"),
        "patient": Decimal("0.00"),
    }
    assert books.balance(Patient.objects.get().pk) == books.Standing()
    assert books.troubles() == []


def test_tables_bring_payments_by_their_means(bring: TakeIn, tmp_path: Path) -> None:
    report = bring(papers.put(tmp_path / "in", **papers.CSV))
    assert (report.patients, report.visits, report.bills, report.files) == (1, 1, 2, [])
    assert sums() == {
        "charges": Decimal("-154.98"),
        "cash": Decimal("140.00"),
        "card": Decimal("0.87"),
        "eft": Decimal("16.62"),
        "brought_forward": Decimal("-2.51"),  # 80.00 was taken for 77.49
        "insurance": Decimal("0.00"),
        "patient": Decimal("0.00"),
    }
    assert [one.name for one in Patient.objects.get().contacts.all()] == ["Omar Quill"]
    cover = Coverage.objects.get()
    assert (cover.member_id, cover.ends_on, cover.is_derived) == ("M-77", date(2023, 12, 31), True)
    assert str(Provider.objects.get()) == "Víctor Noriega"
    assert books.troubles() == []


def test_twice_is_nothing_new_and_no_row_differs(bring: TakeIn, fingerprint: Look, tmp_path: Path) -> None:
    folder = papers.put(tmp_path / "in", anything=papers.whole(), **papers.CSV)
    first = bring(folder)
    before = fingerprint()
    again = bring(folder)
    assert (first.changed, again.changed, again.known) == (True, False, 2)
    assert (again.patients, again.visits, again.ledger_entries) == (0, 0, 0)
    assert fingerprint() == before


def test_a_later_file_brings_what_is_new_alone(bring: TakeIn, tmp_path: Path) -> None:
    bring(papers.put(tmp_path / "in", anything=papers.whole()))
    later = papers.whole()
    later["entry"] += papers.bundle(papers.encounter(2, "2020-03-04T15:00:00+00:00"), papers.claim(2, 100))[
        "entry"
    ]
    report = bring(papers.put(tmp_path / "in", anything=later))
    assert (report.patients, report.known, report.visits, report.bills, report.chart_items) == (0, 1, 1, 1, 0)
    assert Patient.objects.count() == 1
    assert books.troubles() == []


def test_an_empty_practice_gets_a_place_for_what_was_before(practice: Practice, tmp_path: Path) -> None:
    (record,) = records(papers.whole(), SETTING)
    assert isinstance(record, Record)
    commands.import_record(cast.system(practice.pk), record=record)
    place = Location.objects.get()
    assert (place.name, place.is_main) == ("Before Daysheet", False)


def test_a_number_that_another_patient_bears_stays_with_that_one(bring: TakeIn, tmp_path: Path) -> None:
    other = papers.another("Okafor", 2)
    other["entry"][0]["resource"]["identifier"].append(
        {"system": "http://hl7.org/fhir/sid/us-ssn", "type": papers.coded("SS"), "value": "999-12-8616"}
    )
    report = bring(papers.put(tmp_path / "in", a=papers.whole(), b=other))
    assert (report.patients, report.files) == (2, [])
    assert report.skipped["number", "Another patient bears it."] == 1
    assert PatientIdentifier.objects.get(value="999-12-8616").patient.family == "Quill"


def test_who_died_is_kept_as_such(bring: TakeIn, tmp_path: Path) -> None:
    bring(papers.put(tmp_path / "in", anything=papers.whole(deceasedDateTime="2020-02-03T04:05:06Z")))
    nora = Patient.objects.get()
    assert (nora.status, nora.deceased_on) == ("deceased", date(2020, 2, 3))
    assert Coverage.objects.get().ends_on == date(2020, 2, 4)


def test_the_diary_says_what_came(bring: TakeIn, northside: Practice, tmp_path: Path) -> None:
    bring(papers.put(tmp_path / "in", anything=papers.whole()))
    lines = AuditLine.objects.filter(
        practice_id=northside.pk, patient_ids__contains=[Patient.objects.get().pk]
    )
    assert {
        "interop.record.imported",
        "patients.patient.registered",
        "coverage.coverage.added",
        "visits.visits.imported",
        "patients.chart.added-to",
        "ledger.history.brought",
    } <= set(lines.values_list("action", flat=True))


def test_a_desk_may_not_take_in_records_and_nothing_happens(northside: Practice, fingerprint: Look) -> None:
    (record,) = records(papers.whole(), SETTING)
    before = fingerprint()
    with pytest.raises(NotPermitted):
        commands.import_record(cast.rosa(northside.pk), record=record)  # type: ignore[arg-type]
    assert fingerprint() == before
