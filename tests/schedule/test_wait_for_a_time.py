"""Waiting for a time: put on the list, asked about a freed time, one says yes, the others hear that it is gone."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from daysheet.kernel.errors import NotPermitted, Refusal, StaleForm
from daysheet.kernel.jobs import holding
from daysheet.kernel.models import AuditLine
from daysheet.patients.models import Patient
from daysheet.schedule import commands, jobs, waitlist
from daysheet.schedule.models import Appointment, SlotOffer, WaitlistEntry
from tests import cast, make
from tests.house import House, appointment
from tests.schedule.waiting import FREED, freed, later, many, waits


def ask(house: House, gone: Appointment, *entries: WaitlistEntry) -> list[SlotOffer]:
    ids = [one.id for one in entries] or None
    return commands.offer_slot(house.rosa, freed_by_id=gone.id, entry_ids=ids)


def say(house: House, offer: SlotOffer, answer: str, by: Any = None) -> SlotOffer:
    return commands.answer_offer(by or house.rosa, offer_id=offer.id, answer=answer)


def states(*rows: Any) -> list[str]:
    for one in rows:
        one.refresh_from_db()
    return [getattr(one, "state", None) or one.answer for one in rows]


def test_who_says_yes_is_booked_and_the_others_hear_that_it_is_gone(house: House) -> None:
    first, second, third = many(house, 3)
    gone = freed(house)
    offers = ask(house, gone)
    assert [one.entry_id for one in offers] == [first.id, second.id, third.id]
    say(house, offers[1], "accepted")
    assert states(*offers) == ["slot_gone", "accepted", "slot_gone"]
    assert states(first, second, third) == ["waiting", "booked", "waiting"]
    booked = Appointment.objects.holding().get()
    assert (booked.patient_id, booked.starts_at) == (second.patient_id, FREED)
    assert second.booked_as_id == booked.id
    line = AuditLine.objects.get(action="schedule.offers.gone")
    assert set(line.patient_ids) >= {first.patient_id, third.patient_id}
    with pytest.raises(commands.OfferIsOver):
        say(house, offers[0], "accepted")


def test_whose_visit_needs_time_before_it_is_asked_only_where_that_is_free(house: House) -> None:
    needy = make.visit_type("Procedure", 20, before_minutes=15)
    entry = waits(house, type_id=needy.id)
    gone = freed(house)
    assert [one.wish.id for one in waitlist.fitting([gone], cast.NOW)[gone.id]] == [entry.id]
    before = appointment(house, FREED - timedelta(minutes=20), patient=make.patient("Before"))
    assert waitlist.fitting([gone], cast.NOW)[gone.id] == []
    moves = waits(house, before.patient, type_id=needy.id, moves_id=before.id, source="booked")
    assert waitlist.fitting([gone], cast.NOW)[gone.id] == []  # it would not be earlier
    after = appointment(house, FREED + timedelta(minutes=20), patient=make.patient("After"))
    WaitlistEntry.objects.filter(id=moves.id).delete()
    last = make.visit_type("Long clean-up", 20, after_minutes=30)
    theirs = waits(house, after.patient, type_id=last.id, moves_id=after.id, source="booked")
    waits(house, make.patient("Other"), type_id=last.id)
    assert [one.wish.id for one in waitlist.fitting([gone], cast.NOW)[gone.id]] == [theirs.id]
    (offer,) = ask(house, gone)
    say(house, offer, "accepted")
    assert states(theirs) == ["booked"]


def test_who_is_booked_later_is_moved_to_the_earlier_time(house: House) -> None:
    old = appointment(house, FREED + timedelta(days=7))
    entry = waits(house, source="booked", moves_id=old.id)
    (offer,) = ask(house, freed(house))
    say(house, offer, "accepted")
    old.refresh_from_db()
    assert old.booking == "rescheduled"
    assert old.moved_to is not None
    assert old.moved_to.starts_at == FREED
    assert states(entry) == ["booked"]


def test_a_later_time_than_the_booked_one_is_not_offered(house: House) -> None:
    old = appointment(house, FREED - timedelta(hours=1))
    waits(house, source="booked", moves_id=old.id)
    with pytest.raises(commands.NobodyFits):
        ask(house, freed(house))


def test_who_waits_with_a_visit_that_is_moved_waits_with_the_new_one(house: House) -> None:
    old = appointment(house, FREED + timedelta(days=7))
    entry = waits(house, source="booked", moves_id=old.id)
    new = commands.move_appointment(
        house.rosa, appointment_id=old.id, version=None, starts_at=FREED + timedelta(days=8)
    )
    entry.refresh_from_db()
    assert entry.moves_id == new.id
    commands.undo_booking(house.rosa, appointment_id=new.id)
    entry.refresh_from_db()
    assert entry.moves_id == old.id


def test_a_move_to_another_kind_that_is_undone_lets_who_waits_for_that_kind_wait_alone(house: House) -> None:
    old = appointment(house, FREED + timedelta(days=7))
    other = make.visit_type("Procedure", 20)
    entry, own = waits(house, type_id=other.id), waits(house, source="booked", moves_id=old.id)
    new = commands.move_appointment(
        house.rosa, appointment_id=old.id, version=None, starts_at=old.starts_at, type_id=other.id
    )
    entry.refresh_from_db()
    assert entry.moves_id == new.id
    commands.undo_booking(house.rosa, appointment_id=new.id)
    entry.refresh_from_db()
    own.refresh_from_db()
    assert (entry.moves_id, own.moves_id) == (None, old.id)


def test_taking_the_booking_back_opens_the_offer_again(house: House) -> None:
    old = appointment(house, FREED + timedelta(days=7))
    entry = waits(house, source="booked", moves_id=old.id)
    (offer,) = ask(house, freed(house))
    say(house, offer, "accepted")
    entry.refresh_from_db()
    commands.undo_booking(house.rosa, appointment_id=entry.booked_as_id)
    assert states(entry, offer) == ["offered", "ready"]
    assert (entry.moves_id, entry.booked_as_id) == (old.id, None)
    say(house, offer, "declined")
    assert states(entry, offer) == ["waiting", "declined"]


def test_with_a_booking_that_is_taken_back_the_others_may_take_the_time_again(house: House) -> None:
    first, second, third = many(house, 3)
    offers = ask(house, freed(house))
    say(house, offers[0], "accepted")
    third.refresh_from_db()
    commands.withdraw_from_waitlist(house.rosa, entry_id=third.id)
    first.refresh_from_db()
    commands.undo_booking(house.rosa, appointment_id=first.booked_as_id)
    assert states(*offers) == ["ready", "ready", "slot_gone"]
    assert states(first, second, third) == ["offered", "offered", "withdrawn"]
    say(house, offers[1], "accepted")
    assert states(offers[0], first, second) == ["slot_gone", "waiting", "booked"]


def test_a_booking_taken_back_after_the_offer_has_run_out_leaves_the_patient_waiting(house: House) -> None:
    entry = waits(house)
    (offer,) = ask(house, freed(house))
    say(house, offer, "accepted")
    entry.refresh_from_db()
    commands.undo_booking(later(house, hours=5), appointment_id=entry.booked_as_id)
    assert states(entry, offer) == ["waiting", "accepted_failed"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("ready", None),
        ("pending", "offered"),
        ("viewed", "offered"),
        ("accepted", "booked"),
        ("declined", "waiting"),
        ("failed", "waiting"),
        ("unable", "waiting"),
        ("accepted_failed", "waiting"),
        ("declined_stop", "withdrawn"),
        ("chose_another", "withdrawn"),
        ("slot_gone", None),
        ("expired", None),
        ("maybe", None),
    ],
)
def test_each_answer_has_its_consequence_and_some_no_patient_can_give(
    house: House, answer: str, state: str | None
) -> None:
    entry = waits(house)
    (offer,) = ask(house, freed(house))
    if state is None:
        with pytest.raises(Refusal):
            say(house, offer, answer)
        return
    say(house, offer, answer)
    assert states(entry, offer) == [state, answer]


def test_there_are_twelve_answers() -> None:
    assert len(SlotOffer.Answer.choices) == 12


def test_nobody_is_asked_twice_about_one_time(house: House) -> None:
    waits(house)
    gone = freed(house)
    (offer,) = ask(house, gone)
    say(house, offer, "declined")
    with pytest.raises(commands.NobodyFits):
        ask(house, gone)
    # Another entry of the same patient is the same patient.
    commands.add_to_waitlist(house.rosa, patient_id=house.diaz.id, type_id=make.visit_type("Physical").id)
    with pytest.raises(commands.NobodyFits):
        ask(house, gone)


def test_who_gave_the_time_up_is_not_asked_about_it(house: House) -> None:
    gone = freed(house)
    waits(house, house.ann, source="cancelled")
    assert waitlist.count_of_matches(gone, cast.NOW) == 0


def test_who_is_elsewhere_then_is_not_asked(house: House) -> None:
    waits(house)
    gone = freed(house)
    appointment(house, FREED, provider=house.osei)
    assert waitlist.count_of_matches(gone, cast.NOW) == 0


def test_who_has_died_is_not_asked(house: House) -> None:
    waits(house)
    Patient.objects.filter(id=house.diaz.id).update(status="deceased")
    assert waitlist.count_of_matches(freed(house), cast.NOW) == 0


def test_a_batch_is_three_and_the_next_waits_half_an_hour_or_for_all_answers(house: House) -> None:
    many(house, 8)
    gone = freed(house)
    batch = ask(house, gone)
    assert len(batch) == 3
    with pytest.raises(commands.BatchIsOut):
        ask(house, gone)
    for one in batch:
        say(house, one, "declined")
    second = ask(house, gone)
    assert [one.batch for one in second] == [2, 2, 2]
    third = commands.offer_slot(later(house, minutes=31), freed_by_id=gone.id)
    assert [one.batch for one in third] == [3, 3]


def test_four_named_at_once_are_too_many(house: House) -> None:
    entries = many(house, 4)
    gone = freed(house)
    with pytest.raises(commands.BatchIsOut):
        ask(house, gone, *entries)
    assert not SlotOffer.objects.exists()


def test_one_who_is_named_is_asked_before_the_turn(house: House) -> None:
    _first, second = many(house, 2)
    (offer,) = ask(house, freed(house), second)
    assert offer.entry_id == second.id


def test_a_time_that_is_taken_again_or_past_is_not_offered(house: House) -> None:
    waits(house)
    gone = freed(house)
    with pytest.raises(commands.SlotNotFree):
        commands.offer_slot(later(house, days=2), freed_by_id=gone.id)
    appointment(house, FREED, patient=make.patient("Roy"))
    with pytest.raises(commands.SlotNotFree):
        ask(house, gone)


def test_a_time_still_booked_is_not_offered(house: House) -> None:
    waits(house)
    with pytest.raises(commands.SlotNotFree):
        ask(house, appointment(house, FREED, patient=house.ann))


def test_booking_or_letting_stand_again_by_another_way_ends_the_offers(house: House) -> None:
    entry = waits(house)
    gone = freed(house)
    (offer,) = ask(house, gone)
    commands.reopen_appointment(house.nurse, appointment_id=gone.id)
    assert states(offer, entry) == ["slot_gone", "waiting"]


def test_an_offer_runs_out_by_the_job_and_the_patient_waits_again(house: House) -> None:
    entry = waits(house)
    (offer,) = ask(house, freed(house))
    with pytest.raises(commands.OfferIsOver):
        say(house, offer, "accepted", by=later(house, hours=5))
    house.practice.clock_at = cast.NOW + timedelta(hours=5)
    house.practice.save()
    jobs.expire_offers(practice_id=str(house.practice.pk))
    assert states(offer, entry) == ["expired", "waiting"]
    assert not Appointment.objects.holding().exists()


def test_an_offer_never_stands_past_the_notice_that_the_patient_needs(house: House) -> None:
    waits(house, notice_minutes=23 * 60)
    (offer,) = ask(house, freed(house))
    assert offer.expires_at == FREED - timedelta(hours=23)


def test_who_needs_more_notice_than_is_left_is_not_asked(house: House) -> None:
    waits(house, notice_minutes=2 * 24 * 60)
    assert waitlist.count_of_matches(freed(house), cast.NOW) == 0


def test_entries_past_their_last_day_or_their_visit_are_closed_by_the_job(house: House) -> None:
    old = appointment(house, cast.NOW + timedelta(hours=2))
    by_visit = waits(house, source="booked", moves_id=old.id)
    by_day = waits(house, house.ann, latest_on=cast.MONDAY)
    stays = waits(house, make.patient("Roy"))
    done = commands.expire_offers(later(house, days=1), today=cast.MONDAY + timedelta(days=1))
    assert done == (0, 2)
    assert states(by_visit, by_day, stays) == ["expired", "expired", "waiting"]


def test_a_patient_waits_once_for_a_kind_of_visit(house: House) -> None:
    entry = waits(house)
    with pytest.raises(commands.AlreadyWaiting):
        waits(house)
    commands.withdraw_from_waitlist(house.rosa, entry_id=entry.id, because="Is better")
    again = waits(house)
    with pytest.raises(commands.AlreadyWaiting):
        commands.put_back_on_waitlist(house.rosa, entry_id=entry.id)
    assert states(entry, again) == ["withdrawn", "waiting"]


def test_taken_off_while_asked_ends_the_offer_and_nobody_is_said_to_have_declined(house: House) -> None:
    entry = waits(house)
    (offer,) = ask(house, freed(house))
    entry.refresh_from_db()
    commands.withdraw_from_waitlist(house.rosa, entry_id=entry.id, version=entry.version, because="Is better")
    assert states(entry, offer) == ["withdrawn", "expired"]
    assert entry.closed_because == "Is better"
    commands.put_back_on_waitlist(house.rosa, entry_id=entry.id)
    assert states(entry, offer) == ["offered", "ready"]


def test_a_change_keeps_the_turn_and_asks_for_the_version_that_was_shown(house: House) -> None:
    entry = waits(house)
    wish: dict[str, Any] = {
        "type_id": house.follow_up.id,
        "provider_ids": [house.osei.id],
        "location_id": None,
        "weekdays": [4, 0],
        "from_clock": time(9),
        "to_clock": None,
        "earliest_on": None,
        "latest_on": date(2026, 4, 1),
        "notice_minutes": 0,
        "priority": 1,
        "reason": " cough ",
    }
    changed = commands.change_waitlist_entry(house.rosa, entry_id=entry.id, version=1, **wish)
    assert (changed.weekdays, changed.reason, changed.added_at) == ([0, 4], "cough", entry.added_at)
    with pytest.raises(StaleForm):
        commands.change_waitlist_entry(house.rosa, entry_id=entry.id, version=1, **wish)
    assert waitlist.count_of_matches(freed(house), cast.NOW) == 0  # not Dr. Lee, not on Tuesdays


@pytest.mark.parametrize(
    "wish",
    [
        {"weekdays": [7]},
        {"priority": 9},
        {"from_clock": time(12), "to_clock": time(9)},
        {"earliest_on": date(2026, 3, 12), "latest_on": date(2026, 3, 11)},
        {"notice_minutes": 10**6},
        {"source": "whim"},
    ],
)
def test_a_wish_that_cannot_be_is_refused(house: House, wish: dict[str, Any]) -> None:
    with pytest.raises(commands.StrangeWish):
        waits(house, **wish)
    assert not WaitlistEntry.objects.exists()


def test_a_cancelled_visit_cannot_be_the_one_that_comes_earlier(house: House) -> None:
    gone = freed(house)
    with pytest.raises(commands.StrangeWish):
        waits(house, house.ann, moves_id=gone.id)


def test_a_role_that_does_not_book_does_not_offer(house: House) -> None:
    entry = waits(house)
    gone = freed(house)
    (offer,) = ask(house, gone)
    for act in (
        lambda: commands.offer_slot(house.nurse, freed_by_id=gone.id),
        lambda: commands.answer_offer(house.nurse, offer_id=offer.id, answer="accepted"),
        lambda: commands.withdraw_from_waitlist(house.nurse, entry_id=entry.id),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert states(entry, offer) == ["offered", "ready"]


def test_the_sweep_looks_in_each_office_whether_anything_has_run_out(house: House) -> None:
    entry = waits(house)
    ask(house, freed(house))
    with holding() as held:
        jobs.sweep(timestamp=0)
        assert held == []
        house.practice.clock_at = cast.NOW + timedelta(hours=5)
        house.practice.save()
        jobs.sweep(timestamp=0)
        assert [one.name for one in held] == ["schedule.expire_offers"]
        held[0].run()
    assert states(entry) == ["waiting"]


def book(house: House, at: Any, **more: Any) -> Appointment:
    facts: dict[str, Any] = {"patient_id": house.diaz.id, "provider_id": house.lee.id}
    facts |= {"location_id": house.door.id, "type_id": house.follow_up.id, "starts_at": at}
    return commands.book_appointment(house.rosa, **facts | more)


def test_who_is_booked_by_the_ordinary_page_waits_for_an_earlier_time_alone(house: House) -> None:
    entry = waits(house)
    booked = book(house, FREED + timedelta(days=7))
    entry.refresh_from_db()
    assert (entry.state, entry.moves_id) == ("waiting", booked.id)
    later_time = freed(house, FREED + timedelta(days=8))
    with pytest.raises(commands.NobodyFits):
        ask(house, later_time)
    (offer,) = ask(house, freed(house))
    say(house, offer, "accepted")
    assert Appointment.objects.holding().get(patient=house.diaz).starts_at == FREED
    booked.refresh_from_db()
    assert booked.booking == "rescheduled"


def test_another_kind_or_another_patient_leaves_the_wish_as_it_was(house: House) -> None:
    entry, other = waits(house), waits(house, house.ann)
    first = book(house, FREED + timedelta(days=7), type_id=make.visit_type("Physical").id)
    assert (states(entry, other), entry.moves_id, other.moves_id) == (["waiting", "waiting"], None, None)
    # Moved to the kind that is waited for, it is that visit.
    asked: dict[str, Any] = {"appointment_id": first.id, "version": None}
    asked |= {"starts_at": FREED + timedelta(days=8), "type_id": house.follow_up.id}
    moved = commands.move_appointment(house.rosa, **asked)
    assert (states(entry, other), entry.moves_id, other.moves_id) == (["waiting", "waiting"], moved.id, None)


def test_a_wish_bound_to_a_visit_that_stands_stays_with_it(house: House) -> None:
    old = appointment(house, FREED + timedelta(days=7))
    entry = waits(house, source="booked", moves_id=old.id)
    new = book(house, FREED + timedelta(days=14))
    states(entry)
    assert entry.moves_id == old.id
    commands.cancel_appointment(house.rosa, appointment_id=old.id, version=None, reason="ill")
    again = book(house, FREED + timedelta(days=15))
    states(entry)
    assert entry.moves_id == again.id != new.id


def test_a_booking_that_is_taken_back_leaves_the_patient_waiting_for_any_time(house: House) -> None:
    entry = waits(house)
    booked = book(house, FREED + timedelta(days=7))
    commands.undo_booking(house.rosa, appointment_id=booked.id)
    assert (states(entry), entry.moves_id) == (["waiting"], None)
    (offer,) = ask(house, freed(house, FREED + timedelta(days=8)))
    say(house, offer, "accepted")
    assert Appointment.objects.holding().get(patient=house.diaz).starts_at == FREED + timedelta(days=8)


def test_the_very_time_that_was_offered_booked_by_the_ordinary_page_is_the_yes(house: House) -> None:
    mine, other = waits(house), waits(house, house.ann)
    offers = ask(house, freed(house, patient=make.patient("Roy")))
    booked = book(house, FREED)
    assert states(*offers) == ["accepted", "slot_gone"]
    assert (states(mine, other), mine.booked_as_id, mine.moves_id) == (["booked", "waiting"], booked.id, None)
    commands.undo_booking(house.rosa, appointment_id=booked.id)
    assert (states(*offers), states(mine, other)) == (["ready", "ready"], ["offered", "offered"])
    say(house, offers[0], "accepted")
    assert Appointment.objects.holding().filter(patient=house.diaz).count() == 1


def test_another_kind_booked_at_the_time_that_was_offered_is_no_yes(house: House) -> None:
    entry = waits(house)
    (offer,) = ask(house, freed(house))
    book(house, FREED, type_id=make.visit_type("Physical").id)
    assert states(offer, entry) == ["slot_gone", "waiting"]
