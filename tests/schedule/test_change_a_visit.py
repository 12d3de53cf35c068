"""A booked visit changed at its own time: its kind, its length, its reason; by the rules of a booking, and taken back."""

from datetime import timedelta

import pytest

from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk
from tests.schedule.needing import NINE, REASON, book, held, resource, rule, scan

TWENTY = timedelta(minutes=20)


def change(house: House, one: Appointment, **more: object) -> Appointment:
    facts = {"by": house.rosa, "version": None, **more}
    return commands.change_appointment(facts.pop("by"), appointment_id=one.pk, **facts)  # type: ignore[arg-type]


def test_another_kind_lasts_as_long_as_that_kind_and_it_stays_the_same_visit(house: House) -> None:
    one = book(house, house.follow_up, reason="Knee")
    commands.set_confirmation(house.rosa, appointment_id=one.pk, confirmation="confirmed")
    physical = make.visit_type("Physical", 40)
    changed = change(house, one, type_id=physical.pk)
    changed.refresh_from_db()
    assert (changed.pk, changed.type_id, changed.minutes) == (one.pk, physical.pk, 40)
    assert (changed.starts_at, changed.reason, changed.confirmation) == (NINE, "Knee", "confirmed")
    assert changed.booking == "scheduled"


def test_it_is_made_longer_only_where_the_time_is_free_and_within_the_hours(house: House) -> None:
    one = book(house, house.follow_up)
    book(house, house.follow_up, NINE + 2 * TWENTY, patient_id=house.ann.id)
    assert change(house, one, minutes=40).ends_at == NINE + 2 * TWENTY
    with pytest.raises(commands.SlotTaken):
        change(house, one, minutes=45)
    one.refresh_from_db()
    assert (one.minutes, one.booking) == (40, "scheduled")
    last = book(house, house.follow_up, NINE + timedelta(hours=2, minutes=40))
    with pytest.raises(commands.EndsOutsideHours):
        change(house, last, minutes=30)


def test_it_is_made_longer_over_another_with_a_reason_where_a_rule_lets_it(house: House) -> None:
    rule(house)
    one = book(house, house.follow_up)
    book(house, house.follow_up, NINE + TWENTY, patient_id=house.ann.id)
    changed = change(house, one, by=house.ana, minutes=30, overbook_reason=REASON)
    assert (changed.lane, changed.overbook_reason) == (1, REASON)
    assert change(house, one, minutes=10).minutes == 10


def test_what_the_new_kind_needs_is_promised_and_what_the_old_one_needed_is_given_back(house: House) -> None:
    kind = scan(house, resource(house))
    one = book(house, kind)
    assert held(one) == ["Ultrasound 1"]
    change(house, one, type_id=house.follow_up.pk)
    assert held(one) == []
    book(house, kind, NINE + timedelta(minutes=30), patient_id=house.ann.id)
    with pytest.raises((commands.SlotTaken, commands.ResourceTaken)):
        change(house, one, type_id=kind.pk, minutes=40)


def test_a_kind_that_is_not_meant_for_the_patient_asks_why(house: House) -> None:
    new = make.visit_type("New patient", 40, youngest=90)
    one = book(house, house.follow_up)
    with pytest.raises(commands.NeedsReason):
        change(house, one, type_id=new.pk)
    assert change(house, one, type_id=new.pk, limit_reason="Dr. Lee asks").limit_reason == "Dr. Lee asks"


def test_a_change_that_is_taken_back_leaves_reason_room_and_resources_as_they_were(house: House) -> None:
    first = resource(house, name="Ultrasound 1")
    resource(house, name="Ultrasound 2")
    kind = scan(house, first)
    other = make.visit_type("New patient", 40, youngest=90)
    blocks = book(
        house, kind, provider_id=house.osei.pk, patient_id=house.ann.pk, by=house.ana, hours_reason=REASON
    )
    one = book(house, kind)
    assert held(one) == ["Ultrasound 2"]
    commands.cancel_appointment(house.rosa, appointment_id=blocks.pk, version=None, reason="Patient is ill")
    change(house, one, type_id=other.pk, limit_reason="Dr. Lee asks")
    assert held(one) == []
    commands.undo_change_of_appointment(house.rosa, appointment_id=one.pk)
    one.refresh_from_db()
    assert (one.type_id, one.limit_reason, one.before_change) == (kind.pk, "", None)
    assert held(one) == ["Ultrasound 2"]


def test_a_change_that_is_taken_back_leaves_the_ordinary_visit_as_no_overbooked_one(house: House) -> None:
    rule(house)
    one, other = book(house, house.follow_up), make.visit_type("Physical", 20)
    over = {"patient_id": house.ann.id, "by": house.ana, "overbook_reason": REASON}
    beside = book(house, house.follow_up, **over)
    changed = change(house, one, by=house.ana, type_id=other.pk, overbook_reason=REASON)
    assert (changed.lane, changed.overbook_reason) == (0, REASON)
    commands.undo_change_of_appointment(house.ana, appointment_id=one.pk)
    one.refresh_from_db()
    assert (one.type_id, one.lane, one.overbook_reason) == (house.follow_up.pk, 0, "")
    assert Appointment.objects.get(pk=beside.pk).lane == 1


def test_who_is_here_or_changed_by_another_is_not_changed(house: House) -> None:
    one = appointment(house, cast.NOW + timedelta(hours=1))
    with pytest.raises(StaleForm):
        change(house, one, version=7, reason="Knee")
    with pytest.raises(NotPermitted):
        change(house, one, by=house.auditor, reason="Knee")
    with pytest.raises(commands.NothingIsOtherwise):
        change(house, one)
    visits.arrive(house.rosa, appointment_id=one.pk)
    with pytest.raises(commands.AlreadyOver):
        change(house, one, reason="Knee")
    one.refresh_from_db()
    assert one.reason == ""


def test_the_page_changes_it_and_offers_the_way_back(house: House) -> None:
    rosa = desk(house)
    one = book(house, house.follow_up, reason="Knee")
    physical = make.visit_type("Physical", 40)
    address = f"/schedule/appointments/{one.pk}/change/"
    assert address in rosa.get(f"/schedule/appointments/{one.pk}/").content.decode()
    fields = hidden_fields(rosa.get(address).content.decode(), form=f'action="{address}"')
    answer = rosa.post(
        address, fields | {"type": str(physical.pk), "minutes": "50", "reason": "Knee and hip"}
    )
    assert answer.status_code == 303
    one.refresh_from_db()
    assert (one.type_id, one.minutes, one.reason) == (physical.pk, 50, "Knee and hip")
    body = rosa.get(answer["Location"]).content.decode()
    assert "The visit is changed." in body
    undo = f"{address}undo/"
    assert rosa.post(undo, hidden_fields(body, form=f'action="{undo}"')).status_code == 303
    one.refresh_from_db()
    assert (one.type_id, one.minutes, one.reason) == (house.follow_up.pk, 20, "Knee")
    assert rosa.post(undo, hidden_fields(body, form=f'action="{undo}"')).status_code in (303, 409)
    with pytest.raises(commands.NothingIsOtherwise):
        commands.undo_change_of_appointment(house.rosa, appointment_id=one.pk)


def test_a_refusal_shows_the_field_that_is_asked_for(house: House) -> None:
    rosa = desk(house)
    one = book(house, house.follow_up)
    new = make.visit_type("New patient", 40, youngest=90)
    address = f"/schedule/appointments/{one.pk}/change/"
    fields = hidden_fields(rosa.get(address).content.decode(), form=f'action="{address}"')
    answer = rosa.post(address, fields | {"type": str(new.pk), "minutes": "", "reason": ""})
    assert answer.status_code == 409
    assert 'name="limit_reason"' in answer.content.decode()
