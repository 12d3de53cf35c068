"""The book of time against a plain list: whatever the desk does, in any order, both say the same."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import AuditLine
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment
from tests import make
from tests.house import clinician, furnished

NINE = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)  # Tuesday
NOON = NINE + timedelta(hours=3)
OUTCOMES = {"cancelled", "late_cancelled", "no_show", "completed"}
HOLDING = {"scheduled", "completed"}
starts = st.integers(0, 12).map(lambda n: NINE + timedelta(minutes=10 * n))


def attempt(act: Callable[[], Appointment], refusals: set[str]) -> Appointment | None:
    """Do an act that must meet one of these refusals, or succeed where there is none."""
    try:
        made = act()
    except Refusal as no:
        met = type(no).__name__
    else:
        assert not refusals
        return made
    assert met in refusals
    return None


class Desk(RuleBasedStateMachine):
    """Rosa at a busy desk: two clinicians, two rooms, three patients, one morning."""

    def __init__(self) -> None:
        super().__init__()
        # The plain model: id -> (patient, clinician, room, start, state)
        self.book: dict[UUID, tuple[int, int, int | None, datetime, str]] = {}
        self.was: dict[UUID, UUID] = {}

    @initialize()
    def open_the_office(self) -> None:
        self.house = furnished(f"Office {new_id()}")
        self.door = self.house.open()
        self.door.__enter__()
        self.patients = [self.house.diaz, self.house.ann, make.patient("Roy")]
        self.clinicians = [clinician(name, self.house.door) for name in ("Park", "Quinn")]
        self.rooms = [make.room(self.house.door, name) for name in ("Room 1", "Room 2")]

    def teardown(self) -> None:
        if hasattr(self, "door"):
            self.door.__exit__(None, None, None)

    def refusals(self, patient: int, clinician: int, room: int | None, at: datetime) -> set[str]:
        """Say, from the plain list alone, which refusals a booking may meet; none: it must succeed."""
        near = timedelta(minutes=20)
        over = [one for one in self.book.values() if one[4] in HOLDING and abs(one[3] - at) < near]
        return (
            ({"SlotTaken"} if any(one[1] == clinician for one in over) else set())
            | ({"PatientIsElsewhere"} if any(one[0] == patient for one in over) else set())
            | ({"RoomTaken"} if room is not None and any(one[2] == room for one in over) else set())
        )

    def may_stand_again(self, row: tuple[int, int, int | None, datetime, str]) -> set[str]:
        """Say which refusals taking an outcome back may meet: what took place has never lost its time."""
        return set() if row[4] in HOLDING else self.refusals(*row[:4])

    @rule(
        patient=st.integers(0, 2), clinician=st.integers(0, 1), room=st.sampled_from([None, 0, 1]), at=starts
    )
    def book_one(self, patient: int, clinician: int, room: int | None, at: datetime) -> None:
        lines = AuditLine.objects.count()
        made = attempt(
            lambda: commands.book_appointment(
                self.house.rosa,
                patient_id=self.patients[patient].id,
                provider_id=self.clinicians[clinician].id,
                location_id=self.house.door.id,
                type_id=self.house.follow_up.id,
                room_id=None if room is None else self.rooms[room].id,
                starts_at=at,
            ),
            self.refusals(patient, clinician, room, at),
        )
        if made:
            self.book[made.id] = (patient, clinician, room, at, "scheduled")
        else:
            assert AuditLine.objects.count() == lines

    @precondition(lambda self: self.book)
    @rule(data=st.data(), at=starts)
    def move_one(self, data: st.DataObject, at: datetime) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.book)))
        patient, clinician, room, was_at, state = self.book.pop(chosen)
        new = attempt(
            lambda: commands.move_appointment(
                self.house.rosa, appointment_id=chosen, version=None, starts_at=at
            ),
            self.refusals(patient, clinician, None, at) if state == "scheduled" else {"NotOnTheBooks"},
        )
        self.book[chosen] = (patient, clinician, room, was_at, "rescheduled" if new else state)
        if new:
            self.book[new.id] = (patient, clinician, None, at, "scheduled")
            self.was[new.id] = chosen

    @precondition(lambda self: self.book)
    @rule(data=st.data(), late=st.booleans())
    def cancel_one(self, data: st.DataObject, late: bool) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.book)))
        row = self.book[chosen]
        if attempt(
            lambda: commands.cancel_appointment(
                self.house.rosa, appointment_id=chosen, version=None, reason="ill", late=late
            ),
            set() if row[4] == "scheduled" else {"AlreadyOver"},
        ):
            self.book[chosen] = (*row[:4], "late_cancelled" if late else "cancelled")

    @precondition(lambda self: self.book)
    @rule(data=st.data())
    def reopen_one(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.book)))
        row = self.book[chosen]
        if attempt(
            lambda: commands.reopen_appointment(self.house.rosa, appointment_id=chosen),
            self.may_stand_again(row) if row[4] in OUTCOMES else {"AlreadyOver"},
        ):
            self.book[chosen] = (*row[:4], "scheduled")

    @precondition(lambda self: self.book)
    @rule(data=st.data(), noon=st.booleans())
    def nobody_came(self, data: st.DataObject, noon: bool) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.book)))
        row = self.book[chosen]
        who = self.house.rosa.at(NOON) if noon else self.house.rosa
        if attempt(
            lambda: commands.mark_no_show(who, appointment_id=chosen, version=None),
            set() if row[4] == "scheduled" and noon else {"AlreadyOver"},
        ):
            self.book[chosen] = (*row[:4], "no_show")

    @precondition(lambda self: self.book)
    @rule(data=st.data())
    def came_after_all(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.book)))
        row = self.book[chosen]
        if attempt(
            lambda: commands.undo_no_show(self.house.rosa, appointment_id=chosen),
            self.refusals(*row[:4]) if row[4] == "no_show" else {"AlreadyOver"},
        ):
            self.book[chosen] = (*row[:4], "scheduled")

    @precondition(lambda self: self.book)
    @rule(data=st.data())
    def has_taken_place(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.book)))
        row = self.book[chosen]
        if attempt(
            lambda: commands.complete_appointment(self.house.rosa, appointment_id=chosen),
            set() if row[4] in {"scheduled", "completed"} else {"AlreadyOver"},
        ):
            self.book[chosen] = (*row[:4], "completed")

    @precondition(lambda self: self.book)
    @rule(data=st.data())
    def undo_a_booking(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.book.keys() - self.was.keys())))
        row = self.book[chosen]
        if attempt(
            lambda: commands.undo_booking(self.house.rosa, appointment_id=chosen),
            set() if row[4] == "scheduled" else {"NotOnTheBooks"},
        ):
            self.book[chosen] = (*row[:4], "entered_in_error")

    @precondition(lambda self: self.was)
    @rule(data=st.data())
    def undo_a_move(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.was)))
        row, old = self.book.pop(chosen), self.book[self.was[chosen]]
        undone = attempt(
            lambda: commands.undo_booking(self.house.rosa, appointment_id=chosen),
            self.refusals(*old[:4]) if row[4] == "scheduled" else {"NotOnTheBooks"},
        )
        self.book[chosen] = (*row[:4], "entered_in_error") if undone else row
        if undone:
            self.book[self.was.pop(chosen)] = (*old[:4], "scheduled")

    @invariant()
    def both_books_say_the_same(self) -> None:
        if hasattr(self, "door"):
            rows = {
                one.id: (one.patient_id, one.provider_id, one.room_id, one.starts_at, one.booking)
                for one in Appointment.objects.all()
            }
            assert rows == {
                key: (
                    self.patients[patient].id,
                    self.clinicians[clinician].id,
                    None if room is None else self.rooms[room].id,
                    at,
                    state,
                )
                for key, (patient, clinician, room, at, state) in self.book.items()
            }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("plays", "acts"), [(18, 22), pytest.param(250, 40, marks=pytest.mark.nightly)], ids=["short", "long"]
)
def test_the_book_agrees_with_a_plain_list_whatever_the_desk_does(plays: int, acts: int) -> None:
    run_state_machine_as_test(
        Desk, settings=settings(max_examples=plays, stateful_step_count=acts, deadline=None)
    )
