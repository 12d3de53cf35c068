"""One appointment promises clinician, room, equipment and second staff together, and gives all of it back together."""

from datetime import date, timedelta

import pytest

from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands, queries, supply, waitlist
from daysheet.schedule.models import Appointment, AppointmentType, Resource
from tests import make
from tests.cast import NOW
from tests.house import House, clinician
from tests.schedule.needing import NINE, book, held, resource, scan
from tests.schedule.waiting import FREED, freed, waits


def another(house: House) -> dict[str, object]:
    """Return another patient and another clinician, so that nothing but resources can stand in the way."""
    return {"patient_id": house.ann.id, "provider_id": clinician("Park", house.door).id}


def test_all_that_a_visit_needs_is_promised_with_it(house: House) -> None:
    kind = scan(house, resource(house), resource(house, "Medical assistant", "staff"))
    made = book(house, kind)
    assert held(made) == ["Medical assistant 1", "Ultrasound 1"]


def test_what_is_promised_to_one_visit_cannot_be_promised_to_another(house: House) -> None:
    kind = scan(house, resource(house))
    book(house, kind)
    with pytest.raises(commands.ResourceTaken, match="Ultrasound"):
        book(house, kind, **another(house))
    assert Appointment.objects.count() == 1


def test_a_second_one_of_the_kind_serves_the_next_visit(house: House) -> None:
    kind = scan(house, resource(house), resource(house))
    assert held(book(house, kind)) == ["Ultrasound 1"]
    assert held(book(house, kind, **another(house))) == ["Ultrasound 2"]


def test_a_visit_that_needs_two_of_a_kind_gets_two_or_none(house: House) -> None:
    first = resource(house)
    kind = scan(house, first, needs={first.kind_id: 2})
    with pytest.raises(commands.ResourceTaken):
        book(house, kind)
    resource(house)
    assert held(book(house, kind)) == ["Ultrasound 1", "Ultrasound 2"]


def test_a_resource_of_another_door_serves_nobody_here(house: House) -> None:
    far = make.location("Harbor Rd", is_main=False)
    kind = scan(house, resource(house, location_id=far.id))
    with pytest.raises(commands.ResourceTaken, match="no Ultrasound at this location"):
        book(house, kind)


def test_a_resource_without_a_door_serves_every_door(house: House) -> None:
    kind = scan(house, resource(house, location_id=None))
    assert held(book(house, kind)) == ["Ultrasound 1"]


def test_a_retired_resource_is_promised_no_more_until_it_is_restored(house: House) -> None:
    one = resource(house)
    kind = scan(house, one)
    commands.retire_resource(house.ana, resource_id=one.id)
    with pytest.raises(commands.ResourceTaken):
        book(house, kind)
    commands.restore_resource(house.ana, resource_id=one.id)
    assert held(book(house, kind)) == ["Ultrasound 1"]


def test_the_time_before_and_after_is_kept_of_the_clinician(house: House) -> None:
    kind = scan(house, before_minutes=10, after_minutes=5)
    book(house, kind, NINE + timedelta(minutes=30))
    for minutes in (5, 60):  # 9:05 to 9:25, 10:00 to 10:20: both reach into 9:20 to 10:05
        with pytest.raises(commands.SlotTaken):
            book(house, house.follow_up, NINE + timedelta(minutes=minutes), patient_id=house.ann.id)
    book(house, house.follow_up, NINE, patient_id=house.ann.id)
    book(house, house.follow_up, NINE + timedelta(minutes=65), patient_id=house.ann.id)


def test_the_time_before_and_after_is_kept_of_what_the_visit_needs(house: House) -> None:
    one = resource(house)
    kind = scan(house, one, after_minutes=15)
    plain = scan(house, one, name="Quick look")
    book(house, kind)
    with pytest.raises(commands.ResourceTaken):
        book(house, plain, NINE + timedelta(minutes=40), **another(house))
    book(house, plain, NINE + timedelta(minutes=45), **another(house))


def test_a_patient_may_come_straight_from_another_visit_though_its_room_is_being_cleaned(
    house: House,
) -> None:
    kind = scan(house, after_minutes=15)
    book(house, kind)
    book(house, house.follow_up, NINE + timedelta(minutes=30), provider_id=clinician("Park", house.door).id)


@pytest.mark.parametrize(
    "end",
    [
        lambda house, one: commands.cancel_appointment(
            house.rosa, appointment_id=one.id, version=None, reason="ill"
        ),
        lambda house, one: commands.mark_no_show(
            house.rosa.at(NINE + timedelta(hours=1)), appointment_id=one.id, version=None
        ),
        lambda house, one: commands.undo_booking(house.rosa, appointment_id=one.id),
        lambda house, one: commands.move_appointment(
            house.rosa, appointment_id=one.id, version=None, starts_at=NINE + timedelta(hours=2)
        ),
    ],
    ids=["cancelled", "not-kept", "undone", "moved"],
)
def test_a_visit_that_gives_its_time_up_gives_back_all_that_it_had(house: House, end: object) -> None:
    kind = scan(house, resource(house))
    made = book(house, kind)
    end(house, made)  # type: ignore[operator]
    assert held(made) == []
    assert held(book(house, kind, **another(house))) == ["Ultrasound 1"]


def test_a_visit_that_stands_again_has_the_same_again(house: House) -> None:
    kind = scan(house, resource(house), resource(house))
    made = book(house, kind)
    commands.cancel_appointment(house.rosa, appointment_id=made.id, version=None, reason="ill")
    commands.reopen_appointment(house.rosa, appointment_id=made.id)
    assert held(made) == ["Ultrasound 1"]


def test_a_visit_that_stands_again_gets_another_of_the_kind_where_its_own_is_gone(house: House) -> None:
    kind = scan(house, resource(house), resource(house))
    made = book(house, kind)
    commands.cancel_appointment(house.rosa, appointment_id=made.id, version=None, reason="ill")
    book(house, kind, **another(house))
    commands.reopen_appointment(house.rosa, appointment_id=made.id)
    assert held(made) == ["Ultrasound 2"]


def test_a_visit_cannot_stand_again_when_nothing_of_the_kind_is_left(house: House) -> None:
    kind = scan(house, resource(house))
    made = book(house, kind)
    commands.cancel_appointment(house.rosa, appointment_id=made.id, version=None, reason="ill")
    book(house, kind, **another(house))
    with pytest.raises(commands.ResourceTaken):
        commands.reopen_appointment(house.rosa, appointment_id=made.id)
    made.refresh_from_db()
    assert (made.booking, held(made)) == ("cancelled", [])


def test_a_move_that_is_taken_back_has_the_old_promises_again(house: House) -> None:
    kind = scan(house, resource(house))
    old = book(house, kind)
    new = commands.move_appointment(
        house.rosa, appointment_id=old.id, version=None, starts_at=NINE + timedelta(minutes=10)
    )
    assert (held(old), held(new)) == ([], ["Ultrasound 1"])
    commands.undo_booking(house.rosa, appointment_id=new.id)
    assert (held(old), held(new)) == (["Ultrasound 1"], [])


def test_a_visit_that_took_place_keeps_what_it_had(house: House) -> None:
    made = book(house, scan(house, resource(house)))
    commands.complete_appointment(house.rosa, appointment_id=made.id)
    commands.reopen_appointment(house.rosa, appointment_id=made.id)
    assert held(made) == ["Ultrasound 1"]


def test_an_interpreter_is_promised_for_the_visit_and_comes_along_when_it_is_moved(house: House) -> None:
    spanish = resource(house, "Spanish interpreter", "interpreter", location_id=None, language="es")
    made = book(house, house.follow_up, also_needs=[spanish.kind_id])
    moved = commands.move_appointment(
        house.rosa, appointment_id=made.id, version=None, starts_at=NINE + timedelta(hours=1)
    )
    assert held(moved) == ["Spanish interpreter 1"]


def test_a_room_that_a_visit_needs_becomes_its_room(house: House) -> None:
    room = make.room(house.door, "Procedure 1")
    kind = scan(house, resource(house, "Procedure room", "room", room_id=room.id))
    assert book(house, kind).room_id == room.id


def test_a_room_that_is_a_resource_is_promised_by_name_too(house: House) -> None:
    room = make.room(house.door, "Procedure 1")
    one = resource(house, "Procedure room", "room", room_id=room.id)
    assert held(book(house, house.follow_up, room_id=room.id)) == ["Procedure 1"]
    with pytest.raises(commands.ResourceTaken):
        book(house, scan(house, one), **another(house))


def test_a_room_that_becomes_a_resource_takes_over_what_is_booked_in_it(house: House) -> None:
    room = make.room(house.door, "Procedure 1")
    booked = book(house, house.follow_up, room_id=room.id)
    one = resource(house, "Procedure room", "room", room_id=room.id)
    assert held(booked) == ["Procedure 1"]
    with pytest.raises(commands.ResourceTaken):
        book(house, scan(house, one), **another(house))


def test_words_that_mean_equipment_cannot_mean_a_room(house: House) -> None:
    resource(house)
    with pytest.raises(commands.KindIsOfAnotherSort):
        resource(house, "ultrasound", "room")
    assert Resource.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"sort": "ghost"}, "sort"),
        ({"what": " "}, "what"),
        ({"sort": "interpreter"}, "language"),
        ({"name": "Ultrasound 1"}, "name"),
    ],
    ids=["sort", "words", "language", "name"],
)
def test_a_resource_that_cannot_be_is_refused_at_its_field(
    house: House, facts: dict[str, str], field: str
) -> None:
    resource(house)
    with pytest.raises(Refusal) as no:
        commands.add_resource(house.ana, **{"sort": "equipment", "what": "Ultrasound", **facts})
    assert list(no.value.fields) == [field]


def seen(house: House) -> None:
    made = book(
        house, house.follow_up, NINE - timedelta(days=300), by=house.rosa.at(NOW - timedelta(days=310))
    )
    commands.complete_appointment(house.rosa, appointment_id=made.id)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"for_new_patients": True}, "for new patients"),
        ({"youngest": 65}, "from 65 years"),
        ({"oldest": 17}, "up to 17 years"),
        ({"for_sex": "M"}, "male patients"),
    ],
    ids=["new", "too-young", "too-old", "sex"],
)
def test_a_visit_that_is_not_meant_for_the_patient_asks_for_a_reason(
    house: House, limits: dict[str, object], says: str
) -> None:
    seen(house)
    kind = make.visit_type("Narrow", 30, **limits)
    with pytest.raises(commands.NeedsReason, match=says):
        book(house, kind)
    made = book(house, kind, limit_reason="Her own wish")
    assert made.limit_reason == "Her own wish"


def test_a_visit_for_patients_seen_before_asks_for_a_reason_with_a_new_one(house: House) -> None:
    kind = make.visit_type("Recheck", 10, for_established_patients=True)
    with pytest.raises(commands.NeedsReason, match="seen here"):
        book(house, kind)
    seen(house)
    assert book(house, kind).limit_reason == ""


def open_days(house: House, kind: AppointmentType) -> tuple[list[str], list[object]]:
    minutes, demand = supply.demand_of(kind.id)
    search = queries.SlotSearch(
        minutes, [house.lee.id], house.door.id, date(2026, 3, 10), date(2026, 3, 12), NOW, "any", demand
    )
    looked = queries.look_for(search, limit=1)
    slots, lacks = looked.slots, looked.lacks
    return [f"{slot.starts_at:%d %H:%M}" for slot in slots], [
        (one.names, one.until, one.is_there) for one in lacks
    ]


def test_only_times_at_which_everything_is_free_are_offered_and_why_is_said(house: House) -> None:
    one = resource(house)
    kind = scan(house, one)
    day_long = make.visit_type("Long", 480)
    commands.set_what_a_visit_takes(house.ana, type_id=day_long.id, needs={one.kind_id: 1})
    park = clinician("Park", house.door)
    book(house, day_long, NINE, provider_id=park.id)
    assert open_days(house, kind) == (["11 13:00"], [(("Ultrasound",), date(2026, 3, 11), True)])


def test_a_thing_that_the_door_does_not_have_is_said_to_be_missing(house: House) -> None:
    far = make.location("Harbor Rd", is_main=False)
    kind = scan(house, resource(house, location_id=far.id))
    assert open_days(house, kind) == ([], [(("Ultrasound",), None, False)])


def test_two_things_that_are_never_free_together_are_named_together(house: House) -> None:
    one, two = resource(house), resource(house, "Medical assistant", "staff")
    kind = scan(house, one, two)
    park = clinician("Park", house.door)
    half = make.visit_type("Half a day", 240)
    for at, needed in ((NINE, one), (NINE + timedelta(hours=4), two)):
        commands.set_what_a_visit_takes(house.ana, type_id=half.id, needs={needed.kind_id: 1})
        book(house, half, at, provider_id=park.id)
    assert open_days(house, kind) == (
        ["11 13:00"],
        [(("Medical assistant", "Ultrasound"), date(2026, 3, 11), True)],
    )


def test_who_waits_for_a_visit_is_asked_only_about_times_at_which_all_it_needs_is_free(house: House) -> None:
    kind = scan(house, resource(house))
    gone = freed(house, minutes=30)
    waits(house, type_id=kind.id)
    assert waitlist.count_of_matches(gone, NOW) == 1
    roy = make.patient("Roy")
    book(house, kind, FREED, patient_id=roy.id, provider_id=clinician("Park", house.door).id)
    assert waitlist.count_of_matches(gone, NOW) == 0
