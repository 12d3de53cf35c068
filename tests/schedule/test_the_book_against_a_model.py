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
        over = [one for one in self.book.values() if one[4] == "scheduled" and abs(one[3] - at) < near]
        return (
            ({"SlotTaken"} if any(one[1] == clinician for one in over) else set())
            | ({"PatientIsElsewhere"} if any(one[0] == patient for one in over) else set())
            | ({"RoomTaken"} if room is not None and any(one[2] == room for one in over) else set())
        )

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
    @rule(data=st.data())
    def cancel_one(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.book)))
        row = self.book[chosen]
        if attempt(
            lambda: commands.cancel_appointment(
                self.house.rosa, appointment_id=chosen, version=None, reason="ill"
            ),
            set() if row[4] == "scheduled" else {"AlreadyOver"},
        ):
            self.book[chosen] = (*row[:4], "cancelled")

    @precondition(lambda self: self.book)
    @rule(data=st.data())
    def reopen_one(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.book)))
        row = self.book[chosen]
        if attempt(
            lambda: commands.reopen_appointment(self.house.rosa, appointment_id=chosen),
            self.refusals(*row[:4]) if row[4] == "cancelled" else {"AlreadyOver"},
        ):
            self.book[chosen] = (*row[:4], "scheduled")

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
            rows = dict(Appointment.objects.values_list("id", "booking"))
            assert rows == {key: row[4] for key, row in self.book.items()}


@pytest.mark.django_db
def test_the_book_agrees_with_a_plain_list_whatever_the_desk_does() -> None:
    run_state_machine_as_test(Desk, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))
