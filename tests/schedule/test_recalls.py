"""Recalls: a due day that follows from visits or is set by hand, lists, stopped with a reason and going on again."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.patients.models import Patient
from daysheet.schedule import commands, recalls
from daysheet.schedule.models import Recall, RecallType
from daysheet.schedule.recalling import Step
from tests import cast, make
from tests.house import House, appointment, clinician

WAYS = frozenset({"email", "sms", "voice"})


def yearly(house: House, **more: Any) -> RecallType:
    facts = {"name": "Yearly exam", "every_months": 12, "visit_type_id": house.follow_up.pk} | more
    return commands.keep_recall_type(house.ana, **facts)


def seen(house: House, days: int, patient: Patient | None = None, **more: Any) -> None:
    """Let a patient have come so many days ago."""
    by = clinician("Okoro", house.door)
    at = cast.NOW - timedelta(days=days)
    appointment(house, at, patient=patient or house.diaz, provider=by, booking="completed", **more)


def due_of(patient: Patient) -> date | None:
    return Recall.objects.get(patient=patient).due_on


def names(which: str) -> list[str]:
    return [one.patient.given for one in recalls.listed(which, today=cast.MONDAY, now=cast.NOW)]


def test_the_due_day_follows_from_the_last_visit_of_the_kinds_that_count(house: House) -> None:
    physical = make.visit_type("Physical", 40)
    seen(house, 400)
    seen(house, 40, type=physical)
    seen(house, 30, house.ann)
    yearly(house)
    assert due_of(house.diaz) == date(2026, 2, 2)
    yearly(house, name="Physical", visit_type_id=physical.pk, after_types=[physical.pk, house.follow_up.pk])
    assert Recall.objects.get(patient=house.diaz, type__name="Physical").due_on == date(2027, 1, 28)
    assert names("overdue") == ["Maria"]


def test_a_visit_that_is_completed_moves_the_due_day_and_reopened_moves_it_back(house: House) -> None:
    yearly(house)
    seen(house, 400)
    commands.work_out_recalls(house.ana)
    today = appointment(house, cast.NOW)
    commands.complete_appointment(house.rosa, appointment_id=today.id)
    assert due_of(house.diaz) == date(2027, 3, 9)
    commands.reopen_appointment(house.rosa, appointment_id=today.id)
    assert due_of(house.diaz) == date(2026, 2, 2)


def test_only_those_of_the_age_and_sex_are_due(house: House) -> None:
    young = make.patient("Young", "Kim", born_on=date(2015, 1, 1))
    man = make.patient("Other", "Paul", sex="M")
    for who in (house.diaz, young, man):
        seen(house, 400, who)
    kept = yearly(house, youngest=40, for_sex="F")
    assert names("overdue") == ["Maria"]
    yearly(house, type_id=kept.pk, version=kept.version)
    assert set(names("overdue")) == {"Maria", "Kim", "Paul"}


def test_a_day_set_by_hand_counts_until_the_next_visit(house: House) -> None:
    kept = yearly(house)
    seen(house, 30)
    commands.work_out_recalls(house.ana)
    one = commands.set_recall_day(
        house.rosa,
        patient_id=house.diaz.id,
        type_id=kept.pk,
        due_on=date(2026, 3, 20),
        reason="Dr. Lee",
        version=1,
    )
    assert names("month") == ["Maria"]
    with pytest.raises(StaleForm):
        commands.set_recall_day(house.rosa, patient_id=house.diaz.id, type_id=kept.pk, due_on=None, version=1)
    commands.work_out_recalls(house.ana)
    assert due_of(house.diaz) == date(2026, 3, 20)
    today = appointment(house, cast.NOW)
    commands.complete_appointment(house.rosa, appointment_id=today.id)
    one.refresh_from_db()
    assert (one.own_due_on, one.due_on) == (None, date(2027, 3, 9))


def test_a_recall_comes_again_for_a_patient_after_months_of_its_own(house: House) -> None:
    kept = yearly(house)
    seen(house, 30)
    commands.work_out_recalls(house.ana)
    asked = {"patient_id": house.diaz.id, "type_id": kept.pk, "due_on": None}
    commands.set_recall_day(house.rosa, **asked, every_months=6)
    assert due_of(house.diaz) == date(2026, 8, 7)
    commands.set_recall_day(house.rosa, **asked)
    assert (due_of(house.diaz), Recall.objects.get().every_months) == (date(2026, 8, 7), 6)
    seen(house, 1)
    commands.work_out_recalls(house.ana)
    assert due_of(house.diaz) == date(2026, 9, 8)
    commands.set_recall_day(house.rosa, **asked, every_months=None)
    assert (due_of(house.diaz), Recall.objects.get().every_months) == (date(2027, 3, 8), 12)


def test_a_set_day_stands_again_when_the_visit_is_taken_back(house: House) -> None:
    kept = yearly(house)
    seen(house, 30)
    commands.work_out_recalls(house.ana)
    asked = {"patient_id": house.diaz.id, "type_id": kept.pk}
    commands.set_recall_day(house.rosa, **asked, due_on=date(2026, 3, 20), reason="Dr. Lee")
    today = appointment(house, cast.NOW)
    commands.complete_appointment(house.rosa, appointment_id=today.id)
    assert due_of(house.diaz) == date(2027, 3, 9)
    commands.reopen_appointment(house.rosa, appointment_id=today.id)
    one = Recall.objects.get()
    assert (one.own_due_on, one.own_reason, one.due_on) == (date(2026, 3, 20), "Dr. Lee", date(2026, 3, 20))
    assert (one.set_before_on, one.set_before_reason, one.gave_way_on) == (None, "", None)
    commands.complete_appointment(house.rosa, appointment_id=today.id)
    commands.set_recall_day(house.rosa, **asked, due_on=date(2026, 12, 1))
    commands.reopen_appointment(house.rosa, appointment_id=today.id)
    assert due_of(house.diaz) == date(2026, 12, 1)


def test_what_somebody_decided_is_not_written_over_by_adding_a_recall(house: House) -> None:
    kept = yearly(house)
    seen(house, 30)
    commands.work_out_recalls(house.ana)
    asked = {"patient_id": house.diaz.id, "type_id": kept.pk, "version": 0}
    commands.set_recall_day(house.rosa, **asked, due_on=date(2026, 3, 20))
    with pytest.raises(commands.RecallIsKept):
        commands.set_recall_day(house.rosa, **asked, due_on=date(2026, 4, 20))
    commands.set_recall_day(house.rosa, **asked | {"version": None}, due_on=None)
    one = Recall.objects.get()
    commands.stop_recall(house.rosa, recall_id=one.pk, version=None, why="declined")
    with pytest.raises(commands.RecallIsKept):
        commands.set_recall_day(house.rosa, **asked, due_on=date(2026, 4, 20))
    assert due_of(house.diaz) == one.due_on


def test_who_is_late_or_in_the_house_is_not_due_for_another_visit(house: House) -> None:
    yearly(house, steps=[Step(0, "call")])
    seen(house, 400)
    commands.work_out_recalls(house.ana)
    booked = appointment(house, cast.NOW - timedelta(minutes=30))
    assert names("overdue") == []
    rows = list(recalls.of_patient(house.diaz.id))
    assert recalls.lines(rows, today=cast.MONDAY, now=cast.NOW, ways=WAYS)[0].booked == booked
    commands.mark_no_show(house.rosa, appointment_id=booked.id, version=None)
    assert names("overdue") == ["Maria"]


def test_the_set_day_is_let_go_again_where_another_follows_from_a_visit(house: House) -> None:
    kept = yearly(house)
    asked = {"patient_id": house.diaz.id, "type_id": kept.pk}
    commands.set_recall_day(house.rosa, **asked, due_on=date(2026, 4, 2))
    assert names("next") == ["Maria"]
    with pytest.raises(commands.StrangeDay):
        commands.set_recall_day(house.rosa, **asked, due_on=None)
    with pytest.raises(commands.StrangeDay):
        commands.set_recall_day(house.rosa, **asked, due_on=date(2226, 4, 2))
    seen(house, 400)
    commands.work_out_recalls(house.ana)
    assert due_of(house.diaz) == date(2026, 2, 2)


def test_who_is_booked_for_it_stands_on_no_list_until_that_is_cancelled(house: House) -> None:
    yearly(house)
    seen(house, 400)
    commands.work_out_recalls(house.ana)
    booked = appointment(house, cast.NOW + timedelta(days=9))
    assert names("overdue") == []
    line = recalls.lines(list(recalls.of_patient(house.diaz.id)), today=cast.MONDAY, now=cast.NOW, ways=WAYS)[
        0
    ]
    assert line.booked == booked
    commands.cancel_appointment(house.rosa, appointment_id=booked.id, version=None, reason="ill")
    assert names("overdue") == ["Maria"]


def test_one_is_stopped_with_a_reason_and_goes_on_again(house: House) -> None:
    yearly(house)
    seen(house, 400)
    commands.work_out_recalls(house.ana)
    one = Recall.objects.get()
    with pytest.raises(commands.StrangeDay):
        commands.stop_recall(house.rosa, recall_id=one.pk, version=1, why="later")
    with pytest.raises(NotPermitted):
        commands.stop_recall(house.nurse, recall_id=one.pk, version=1, why="declined")
    commands.stop_recall(house.rosa, recall_id=one.pk, version=1, why="declined", words="Goes to her sister")
    assert (names("overdue"), names("stopped")) == ([], ["Maria"])
    with pytest.raises(StaleForm):
        commands.reactivate_recall(house.rosa, recall_id=one.pk, version=1)
    commands.reactivate_recall(house.rosa, recall_id=one.pk, version=2)
    assert (names("overdue"), names("stopped")) == (["Maria"], [])
    with pytest.raises(commands.RecallStands):
        commands.reactivate_recall(house.rosa, recall_id=one.pk, version=None)


def test_one_that_waits_for_a_day_comes_back_by_itself(house: House) -> None:
    yearly(house)
    seen(house, 400)
    commands.work_out_recalls(house.ana)
    one = Recall.objects.get()
    commands.stop_recall(house.rosa, recall_id=one.pk, version=1, why="later", until=date(2026, 3, 20))
    assert names("overdue") == []
    then = date(2026, 3, 20)
    assert [row.pk for row in recalls.listed("overdue", today=then, now=cast.NOW)] == [one.pk]


def test_whoever_asks_for_no_contact_hears_nothing_of_any(house: House) -> None:
    yearly(house, steps=[Step(0, "call")])
    seen(house, 400)
    commands.work_out_recalls(house.ana)
    one = Recall.objects.get()
    commands.want_no_recalls(house.rosa, patient_id=house.diaz.id, reason="Please do not call")
    assert (names("overdue"), names("stopped")) == ([], ["Maria"])
    with pytest.raises(commands.HeHearsNothing):
        commands.note_recall_contact(house.rosa, recall_id=one.pk, version=None, way="call", outcome="spoke")
    commands.want_recalls_again(house.rosa, patient_id=house.diaz.id)
    assert names("overdue") == ["Maria"]
    with pytest.raises(commands.RecallStands):
        commands.want_recalls_again(house.rosa, patient_id=house.diaz.id)


def test_who_is_long_overdue_is_won_back_by_a_few_contacts_and_then_let_be(house: House) -> None:
    yearly(house, most_contacts=2)
    seen(house, 900)
    commands.work_out_recalls(house.ana)
    one = Recall.objects.get()
    assert (names("overdue"), names("lapsed")) == ([], ["Maria"])
    for _time in range(2):
        commands.note_recall_contact(
            house.rosa, recall_id=one.pk, version=None, way="call", outcome="no_answer"
        )
    assert names("lapsed") == []


@pytest.mark.parametrize("status", ["deceased", "inactive"])
def test_who_has_died_or_is_a_patient_no_more_is_on_no_list_and_is_not_written_to(
    house: House, status: str
) -> None:
    kept = yearly(house, steps=[Step(0, "call")])
    seen(house, 400)
    commands.work_out_recalls(house.ana)
    Patient.objects.filter(id=house.diaz.id).update(status=status)
    assert names("overdue") == []
    one = Recall.objects.get()
    with pytest.raises(commands.HeHearsNothing):
        commands.note_recall_contact(house.rosa, recall_id=one.pk, version=None, way="call", outcome="spoke")
    with pytest.raises(commands.NoSuchRecall):
        commands.set_recall_day(
            house.rosa, patient_id=house.diaz.id, type_id=kept.pk, due_on=date(2026, 4, 1)
        )


def test_a_rule_that_makes_no_sense_is_refused(house: House) -> None:
    kept = yearly(house)
    for wrong in (
        {"every_months": 0},
        {"name": " "},
        {"youngest": 40, "oldest": 30},
        {"steps": [Step(0, "call"), Step(0, "letter")]},
        {"visit_type_id": kept.pk},
        {"name": "Yearly exam"},
    ):
        with pytest.raises(commands.StrangeRecall):
            yearly(house, **{"name": "Another"} | wrong)
    with pytest.raises(NotPermitted):
        commands.keep_recall_type(house.rosa, name="x", every_months=1, visit_type_id=house.follow_up.pk)
    commands.use_recall_type(house.ana, type_id=kept.pk, version=None, is_active=False)
    assert not recalls.types().exists()
    commands.use_recall_type(house.ana, type_id=kept.pk, version=None, is_active=True)
    assert recalls.types().count() == 1


def test_ten_thousand_are_worked_out_and_listed_by_as_many_statements_as_one(house: House) -> None:
    yearly(house)
    seen(house, 400)
    counts = []
    for many in (0, 60):
        for n in range(many):
            seen(house, 400, make.patient(f"Due{n}"))
        with CaptureQueriesContext(connection) as heard:
            commands.work_out_recalls(house.ana)
            rows = list(recalls.listed("overdue", today=cast.MONDAY, now=cast.NOW)[:50])
            recalls.lines(rows, today=cast.MONDAY, now=cast.NOW, ways=WAYS)
            recalls.counts(today=cast.MONDAY, now=cast.NOW)
        counts.append(len(heard))
    assert counts[0] == counts[1]
