"""Notes and fees of an old system are taken back as all else is; what stands in the way is said, and then all stays."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from daysheet.charges import commands as charges
from daysheet.charges import queries
from daysheet.charges.models import FeeItem
from daysheet.coverage.models import Coverage, EligibilityInquiry, InsurancePlan, Payer
from daysheet.documents.models import Document
from daysheet.kernel.models import AuditLine, Practice
from daysheet.movein.models import OldFile, OldRow
from daysheet.movein.taking.notes import without
from daysheet.patients import commands as patients
from daysheet.patients.models import AlertStep, Patient, PatientAlert, PatientChange
from daysheet.practice.models import Location, Provider
from daysheet.visits.models import Visit
from tests import cast, make
from tests.movein.conftest import PATIENTS, Bring
from tests.movein.test_take_the_rest import came, taken_back

pytestmark = pytest.mark.django_db
NOTES = f"Patient ID,Note\n101,Hard of hearing\n101,Prefers mornings\n102,{'long ' * 100}\n"
MORE_NOTES = "Patient ID,Note\n101,Parks behind the house\n"
FEES = "Code,Description,Fee,Effective Date\nX0020,Office visit,$92.00,3/1/2026\nX0015,Exercise,$41.00,3/1/2026\n"


@pytest.fixture(autouse=True)
def here(take: Bring) -> None:
    make.office()
    take(PATIENTS)


def maria() -> Patient:
    return Patient.objects.get(identifiers__value="101")


def rewrite(practice: Practice, note: str) -> None:
    who = maria()
    patients.change_patient(cast.rosa(practice.pk), patient_id=who.pk, version=who.version, note=note)


def prices(code: str) -> list[tuple[Any, ...]]:
    rows = FeeItem.objects.filter(code=code).order_by("starts_on")
    return list(rows.values_list("label", "amount", "starts_on", "ends_on"))


def old_price(practice: Practice, starts_on: date, amount: str = "80.00") -> None:
    charges.set_fee(
        cast.ana(practice.pk), code="X0020", label="Visit", amount=Decimal(amount), starts_on=starts_on
    )


# --- Notes ---


def test_notes_go_off_the_charts_and_papers_are_marked(take: Bring, northside: Practice) -> None:
    file = taken_back(take(NOTES), northside)
    assert (file.state, maria().note) == ("undone", "")
    assert Document.objects.get().struck_at == cast.NOW
    assert set(OldRow.objects.filter(file=file).values_list("outcome", flat=True)) == {"undone"}
    last = PatientChange.objects.filter(patient=maria()).order_by("-id").first()
    assert last is not None
    assert last.fields == {"note": ["Hard of hearing; Prefers mornings", ""]}
    assert AuditLine.objects.filter(action="movein.file.taken-back").count() == 1


def test_what_others_wrote_beside_them_stays(take: Bring, northside: Practice) -> None:
    file = take(NOTES)
    rewrite(northside, "Likes tea; Hard of hearing; Prefers mornings; Has a dog")
    assert taken_back(file, northside).state == "undone"
    assert maria().note == "Likes tea; Has a dog"


def test_a_note_of_another_file_stays(take: Bring, northside: Practice) -> None:
    first = take(NOTES)
    take(MORE_NOTES)
    assert taken_back(first, northside).state == "undone"
    assert maria().note == "Parks behind the house"


def test_a_note_that_was_rewritten_keeps_them_all_and_the_chart_is_named(
    take: Bring, northside: Practice
) -> None:
    file = take(NOTES)
    rewrite(northside, "Hears well with the new aid; Prefers mornings")
    stays = taken_back(file, northside)
    assert stays.state == "done"
    assert stays.trouble.startswith(f"The note of 1 chart was rewritten since ({maria().chart_number}).")
    assert maria().note == "Hears well with the new aid; Prefers mornings"
    assert Document.objects.get().struck_at is None


def test_notes_that_were_taken_back_may_be_brought_again(take: Bring, northside: Practice) -> None:
    taken_back(take(NOTES), northside)
    assert came(take(NOTES)) == {"read": 3, "taken": 3}
    assert maria().note == "Hard of hearing; Prefers mornings"


@pytest.mark.parametrize(
    ("note", "left"),
    [("A", ""), ("A; B", "B"), ("B; A", "B"), ("B; A; C", "B; C"), ("AA", None), ("", None), ("A; A", "A")],
)
def test_only_the_words_themselves_go(note: str, left: str | None) -> None:
    assert without(note, "A") == left


def test_alerts_go_again_and_what_became_of_them_stays_in_the_history(
    take: Bring, northside: Practice
) -> None:
    file = take("Patient ID,Alert,Note\n101,Fall risk,Likes tea\n102,Needs a ramp,\n")
    assert came(file) == {"read": 2, "taken": 2}
    assert sorted(PatientAlert.objects.values_list("words", flat=True)) == ["Fall risk", "Needs a ramp"]
    assert (maria().note, maria().has_alerts) == ("Likes tea", True)
    assert taken_back(file, northside).state == "undone"
    assert (maria().note, maria().has_alerts) == ("", False)
    assert not PatientAlert.objects.exists()
    assert AlertStep.objects.filter(kind="made").count() == 2


def test_an_alert_that_was_ended_since_keeps_them_all(take: Bring, northside: Practice) -> None:
    file = take("Patient ID,Alert\n101,Fall risk\n102,Needs a ramp\n")
    alert = PatientAlert.objects.get(words="Fall risk")
    patients.close_alert(
        cast.ana(northside.pk), alert_id=alert.pk, version=1, today=cast.MONDAY, because="walks well"
    )
    stays = taken_back(file, northside)
    assert (stays.state, PatientAlert.objects.count()) == ("done", 2)
    assert stays.trouble.startswith("Alerts were changed or ended since")


COVERAGES = """Patient ID,Payer,Member ID,Effective Date
101,Coastal Health,CH1,1/1/2025
102,Coastal Health,CH2,1/1/2025
"""


def test_the_whole_way_back_leaves_nothing(take: Bring, northside: Practice) -> None:
    make.plan()
    first = OldFile.objects.get()
    cards = take(COVERAGES)
    notes = take("Patient ID,Note,Alert\n101,Likes tea,Fall risk\n102,Has a dog,\n101,Parks behind,\n")
    first.refresh_from_db()
    assert "file 3 (Notes and alerts), file 2 (Coverages)" in taken_back(first, northside).trouble
    assert [taken_back(one, northside).state for one in (notes, cards)] == ["undone", "undone"]
    assert not Coverage.objects.exists()
    assert list(Payer.objects.values_list("name", flat=True)) == ["Blue PPO"]
    assert InsurancePlan.objects.count() == 1
    first.refresh_from_db()
    assert taken_back(first, northside).state == "undone"
    assert not Patient.objects.exists()
    assert came(take(PATIENTS)) == {"read": 3, "taken": 3}


def test_a_coverage_that_was_built_on_stays_readable(take: Bring, northside: Practice) -> None:
    file = take(COVERAGES)
    card = Coverage.objects.get(member_id="CH1")
    EligibilityInquiry.objects.create(
        patient=card.patient, coverage=card, service_on=cast.MONDAY, asked_at=cast.NOW
    )
    assert taken_back(file, northside).state == "undone"
    assert Coverage.objects.get().entered_in_error_at == cast.NOW
    assert Payer.objects.get().name == "Coastal Health"


def test_charts_of_balances_that_were_taken_back_stay_and_say_why(take: Bring, northside: Practice) -> None:
    first = OldFile.objects.get()
    taken_back(take("Patient ID,Patient Balance\n101,40\n"), northside)
    stays = taken_back(first, northside)
    assert (stays.state, Patient.objects.count()) == ("done", 3)
    assert stays.trouble.startswith("The office went on with these charts: ")
    assert stays.trouble.endswith("stay in the books as that; so do their charts.")


def test_notes_taken_back_beside_words_of_others_keep_the_charts(take: Bring, northside: Practice) -> None:
    first = OldFile.objects.get()
    file = take(MORE_NOTES)
    rewrite(northside, "Parks behind the house; Has a dog")
    assert taken_back(file, northside).state == "undone"
    assert "saved change" in taken_back(first, northside).trouble


# --- Fees ---


def test_fees_go_and_what_they_ended_stands_as_before(take: Bring, northside: Practice) -> None:
    old_price(northside, date(2025, 1, 1))
    before = prices("X0020")
    file = take(FEES)
    assert [row[1:] for row in prices("X0020")] == [
        (Decimal(80), date(2025, 1, 1), date(2026, 3, 1)),
        (Decimal(92), date(2026, 3, 1), None),
    ]
    assert taken_back(file, northside).state == "undone"
    assert prices("X0020") == before
    assert prices("X0015") == []


def test_a_price_that_was_written_over_is_back(take: Bring, northside: Practice) -> None:
    old_price(northside, date(2026, 3, 1))
    before = prices("X0020")
    file = take(FEES)
    assert prices("X0020")[0][:2] == ("Office visit", Decimal(92))
    assert taken_back(file, northside).state == "undone"
    assert prices("X0020") == before


def test_a_price_between_two_others_goes_and_the_two_meet_again(take: Bring, northside: Practice) -> None:
    old_price(northside, date(2025, 1, 1))
    old_price(northside, date(2026, 9, 1), "99.00")
    before = prices("X0020")
    assert taken_back(take(FEES), northside).state == "undone"
    assert prices("X0020") == before


def test_an_updated_price_is_taken_back_to_the_one_of_the_first_file(
    take: Bring, northside: Practice
) -> None:
    first = take(FEES)
    second = take(FEES.replace("$92.00", "$95.00"))
    assert came(second) == {"read": 2, "updated": 1, "known": 1}
    assert "set or ended anew" in taken_back(first, northside).trouble
    assert taken_back(second, northside).state == "undone"
    assert prices("X0020")[0][1] == Decimal(92)
    assert came(take(FEES)) == {"read": 2, "known": 2}
    first.refresh_from_db()
    assert taken_back(first, northside).state == "undone"
    assert not FeeItem.objects.exists()


def test_a_slip_that_was_priced_by_one_keeps_them_all(take: Bring, northside: Practice) -> None:
    file = take(FEES)
    visit = visit_of(maria())
    charges.put_charge(cast.ana(northside.pk), visit_id=visit.pk, code="X0020")
    stays = taken_back(file, northside)
    assert stays.state == "done"
    assert stays.trouble.startswith("1 line of a charge slip has been priced by these fees since (X0020).")
    assert len(prices("X0015")) == 1


def test_a_slip_of_a_day_before_the_fees_is_not_in_the_way(take: Bring, northside: Practice) -> None:
    old_price(northside, date(2025, 1, 1))
    file = take(FEES)
    visit = visit_of(maria(), date(2026, 2, 27))
    charges.put_charge(cast.ana(northside.pk), visit_id=visit.pk, code="X0020")
    assert taken_back(file, northside).state == "undone"


@pytest.mark.parametrize("later", ["set", "end"])
def test_a_price_set_or_ended_since_keeps_them_all(take: Bring, northside: Practice, later: str) -> None:
    file: OldFile = take(FEES)
    if later == "set":
        old_price(northside, date(2026, 4, 1))
    else:
        fee = queries.fee("X0020", date(2026, 3, 9))
        assert fee is not None
        charges.end_fee(cast.ana(northside.pk), fee_id=fee.pk)
    stays = taken_back(file, northside)
    assert (stays.state, len(prices("X0015"))) == ("done", 1)
    assert stays.trouble.startswith("The price of X0020 was set or ended anew since.")


def visit_of(patient: Patient, day: date = date(2026, 3, 9)) -> Visit:
    return Visit.objects.create(
        number=Visit.objects.count() + 1,
        patient=patient,
        provider=Provider.objects.get(),
        location=Location.objects.get(),
        service_on=day,
        flow_since=cast.NOW,
        arrived_at=cast.NOW,
    )
