"""Who is due in the old system is due here: for what, on which day, how often; asked for, proven and taken back."""

from datetime import date
from typing import Any

import pytest

from daysheet.kernel.models import Practice
from daysheet.movein import commands, proving, showing
from daysheet.movein.models import OldFile, OldRow
from daysheet.patients.models import Patient
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import AppointmentType, Recall, RecallType, WaitlistEntry
from daysheet.schedule.recalling import Step
from tests import cast
from tests.movein.conftest import PATIENTS, Bring
from tests.movein.test_take_the_rest import came, taken_back, why

pytestmark = pytest.mark.django_db

RECALLS = """Patient ID,Recall ID,Due Date,Recall Type,Interval,Reason,Disabled
101,7,9/1/2026,Cleaning,6m1d,Bleeds easily,false
102,8,1/1/2026,Prophy,12,,false
103,9,1/1/2026,Cleaning,,,true
999,10,1/1/2026,Cleaning,,,
101,11,1/1/2026,Prophy,soon,,
"""


@pytest.fixture(autouse=True)
def here(take: Bring) -> None:
    take(PATIENTS)


@pytest.fixture
def cleaning(northside: Practice) -> RecallType:
    return schedule.keep_recall_type(
        cast.ana(northside.pk),
        name="Cleaning",
        every_months=12,
        visit_type_id=AppointmentType.objects.get().pk,
        steps=[Step(0, "call")],
    )


def due() -> list[tuple[Any, ...]]:
    facts = ("patient__family", "due_on", "own_every_months", "own_reason")
    return sorted(Recall.objects.values_list(*facts))


def test_who_is_due_stands_on_the_recalls_and_not_on_the_waitlist(take: Bring, cleaning: RecallType) -> None:
    file = take(RECALLS, meanings={"type": {"Prophy": "Cleaning"}})
    assert (came(file), why(file)) == (
        {"read": 5, "taken": 2, "left": 1, "bad": 2},
        ["no_patient", "refused"],  # Diaz is due for it already
    )
    assert due() == [
        ("Diaz", date(2026, 9, 1), 6, "Bleeds easily"),
        ("Okoye", date(2026, 1, 1), None, "Old"),
    ]
    assert not WaitlistEntry.objects.exists()
    assert proving.proof_of(file).is_right
    assert came(take(RECALLS, meanings={"type": {"Prophy": "Cleaning"}}))["known"] == 2


def test_a_kind_that_nothing_here_is_called_is_asked_for(bring: Bring, cleaning: RecallType) -> None:
    file = bring(RECALLS)
    assert file.found["strange"] == {"type": {"Prophy": 2}}
    assert (file.found["new"], file.found["bad"], file.found["left"], file.found["nobody"]) == (1, 2, 1, 1)
    assert ("Cleaning", "Cleaning") in showing.ours(file)["type"]
    assert any("Prophy" in flaw.words for flaw in showing.flaws(file))
    assert [(flaw.row, flaw.stops) for flaw in showing.flaws(file)] == [(3, True), (6, True)]
    assert file.found["lost"] == 0  # the interval that is not understood is one of a row that stays out
    by = cast.ana(cleaning.practice_id)
    told: dict[str, Any] = {"columns": file.mapped, "meanings": {"type": {"Prophy": "Cleaning"}}}
    file = commands.set_columns(by, file_id=file.pk, version=file.version, **told)
    assert commands.look_through(by, file_id=file.pk).found["strange"] == {}


def test_without_recalls_here_none_comes(take: Bring) -> None:
    file = take("Patient ID,Due Date\n101,9/1/2026\n")
    assert (came(file), why(file)) == ({"read": 1, "bad": 1}, ["no_recall"])


def test_the_visit_that_is_booked_stands_for_the_recall_and_the_only_one_for_none(
    take: Bring, cleaning: RecallType
) -> None:
    file = take("Patient ID,Due Date,Recall Type\n101,9/1/2026,Follow-up\n102,9/2/2026,\n")
    assert came(file) == {"read": 2, "taken": 2}
    assert {one.type for one in Recall.objects.all()} == {cleaning}


def test_recalls_that_were_taken_in_are_gone_when_the_file_is_taken_back(
    take: Bring, northside: Practice, cleaning: RecallType
) -> None:
    file = take("Patient ID,Due Date,Interval\n101,9/1/2026,6\n102,9/2/2026,\n")
    assert taken_back(file, northside).state == "undone"
    assert not Recall.objects.exists()
    patients = OldFile.objects.get(kind="patients")
    assert taken_back(patients, northside).state == "undone"
    assert not Patient.objects.exists()


def test_what_followed_from_a_visit_here_follows_again(
    take: Bring, northside: Practice, cleaning: RecallType
) -> None:
    diaz = Patient.objects.get(family="Diaz")
    Recall.objects.create(
        patient=diaz, type=cleaning, last_on=date(2026, 1, 5), worked_out_on=date(2027, 1, 5),
        due_on=date(2027, 1, 5), own_every_months=9, set_before_on=date(2026, 5, 1), set_before_reason="Dr. Lee",
        gave_way_on=date(2026, 1, 5),
    )  # fmt: skip
    file = take("Patient ID,Due Date,Interval\n101,9/1/2026,6\n")
    assert came(file) == {"read": 1, "taken": 1}
    assert due() == [("Diaz", date(2026, 9, 1), 6, "Old")]
    assert taken_back(file, northside).state == "undone"
    kept = Recall.objects.get()
    assert (kept.own_due_on, kept.own_every_months, kept.set_before_on) == (None, 9, date(2026, 5, 1))
    assert (kept.set_before_reason, kept.gave_way_on) == ("Dr. Lee", date(2026, 1, 5))


def test_a_recall_with_which_somebody_went_on_keeps_the_file(
    take: Bring, northside: Practice, cleaning: RecallType
) -> None:
    file = take("Patient ID,Due Date\n101,9/1/2026\n102,3/9/2026\n")
    kept = Recall.objects.get(patient__family="Okoye")
    schedule.note_recall_contact(
        cast.rosa(northside.pk), recall_id=kept.pk, version=None, way="call", outcome="left_message"
    )
    stays = taken_back(file, northside)
    assert (stays.state, Recall.objects.count()) == ("done", 2)
    assert "They all stay" in stays.trouble


def test_who_was_put_on_the_waitlist_by_an_earlier_release_is_taken_off_it(
    take: Bring, northside: Practice, cleaning: RecallType
) -> None:
    file = take("Patient ID,Due Date\n101,9/1/2026\n")
    Recall.objects.all().delete()
    entry = schedule.add_to_waitlist(
        cast.rosa(northside.pk),
        patient_id=Patient.objects.get(family="Diaz").pk,
        type_id=AppointmentType.objects.get().pk,
        provider_ids=[],
        earliest_on=date(2026, 9, 1),
        source="recall",
    )
    facts = {
        "subject_kind": "schedule.waitlistentry",
        "subject_id": entry.pk,
        "subject_version": entry.version,
    }
    OldRow.objects.filter(kind="recalls").update(**facts, before={})
    assert proving.proof_of(file).is_right
    assert taken_back(file, northside).state == "undone"
    assert WaitlistEntry.objects.get().state == "withdrawn"
