"""The book with resources, buffers and lanes against a plain list: whatever the desk does, both say the same."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
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
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, ResourceHold
from tests import make
from tests.house import clinician, furnished
from tests.schedule.needing import NINE, REASON, resource, scan

NOON = NINE + timedelta(hours=3)
HOLDING = {"scheduled", "completed"}
KINDS = {"plain": (30, 0, 0, 0), "scan": (30, 10, 5, 1), "both": (30, 0, 10, 2)}
"""Minutes, kept before, kept after, how many of the two ultrasounds."""
starts = st.integers(0, 12).map(lambda n: NINE + timedelta(minutes=10 * n))


@dataclass(frozen=True)
class Row:
    """An appointment in the plain list."""

    patient: int
    clinician: int
    kind: str
    at: datetime
    lane: int
    state: str
    had: frozenset[str] = frozenset()

    @property
    def visit(self) -> tuple[datetime, datetime]:
        """Return when the patient is there."""
        return self.at, self.at + timedelta(minutes=KINDS[self.kind][0])

    @property
    def kept(self) -> tuple[datetime, datetime]:
        """Return when clinician and resources are kept."""
        _minutes, before, after, _count = KINDS[self.kind]
        begins, ends = self.visit
        return begins - timedelta(minutes=before), ends + timedelta(minutes=after)


def meet(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


class FullDesk(RuleBasedStateMachine):
    """A desk with two clinicians, of whom the first may be booked over once, and two ultrasounds."""

    def __init__(self) -> None:
        super().__init__()
        self.book: dict[UUID, Row] = {}
        self.was: dict[UUID, UUID] = {}

    @initialize()
    def open_the_office(self) -> None:
        self.house = furnished(f"Office {new_id()}")
        self.door = self.house.open()
        self.door.__enter__()
        self.patients = [self.house.diaz, self.house.ann, make.patient("Roy"), make.patient("Kim")]
        self.clinicians = [clinician(name, self.house.door) for name in ("Park", "Quinn")]
        first, _second = resource(self.house), resource(self.house)
        self.types = {"plain": scan(self.house, name="plain")}
        for name in ("scan", "both"):
            _minutes, before, after, count = KINDS[name]
            self.types[name] = scan(
                self.house,
                name=name,
                needs={first.kind_id: count},
                before_minutes=before,
                after_minutes=after,
            )
        commands.add_overbook_rule(
            self.house.ana,
            provider_id=self.clinicians[0].id,
            from_clock=time(8),
            to_clock=time(18),
            highest_lane=1,
        )

    def teardown(self) -> None:
        if hasattr(self, "door"):
            self.door.__exit__(None, None, None)

    def near(self, row: Row) -> list[Row]:
        """Return what keeps a time that meets the time kept for a row, with any clinician."""
        return [one for one in self.book.values() if one.state in HOLDING and meet(one.kept, row.kept)]

    def lanes(self, row: Row) -> set[int]:
        return {one.lane for one in self.near(row) if one.clinician == row.clinician}

    def beside(self, row: Row) -> set[str]:
        """Say, from the plain list alone, what stands against a row beside the clinician's time."""
        here = [one for one in self.book.values() if one.state in HOLDING and one.patient == row.patient]
        free = 2 - len(set().union(*(one.had for one in self.near(row))))
        return ({"PatientIsElsewhere"} if any(meet(one.visit, row.visit) for one in here) else set()) | (
            {"ResourceTaken"} if free < KINDS[row.kind][3] else set()
        )

    def refusals(self, row: Row, over: bool) -> set[str]:
        """Say which refusals booking a row may meet; none: it must succeed."""
        lanes = self.lanes(row)
        found = self.beside(row)
        if lanes and not over:
            found.add("SlotTaken")
        elif lanes and row.clinician:
            found.add("NoRuleForIt")
        elif lanes == {0, 1}:
            found.add("LanesAreFull")
        return found

    def to_stand_again(self, row: Row) -> set[str]:
        """Say which refusals standing again may meet: it goes back to its own lane."""
        return self.beside(row) | ({"SlotTaken"} if row.lane in self.lanes(row) else set())

    def attempt(self, act: Callable[[], Appointment], refusals: set[str]) -> Appointment | None:
        try:
            made = act()
        except Refusal as no:
            met = type(no).__name__
        else:
            assert not refusals
            return made
        assert met in refusals
        return None

    def put(self, made: Appointment, row: Row) -> None:
        """Write a row down, with the resources that the office chose."""
        rows = ResourceHold.objects.filter(appointment=made, is_held=True)
        self.book[made.id] = replace(row, had=frozenset(rows.values_list("resource__name", flat=True)))

    def chosen(self, data: st.DataObject) -> tuple[UUID, Row]:
        key = data.draw(st.sampled_from(sorted(self.book)))
        return key, self.book[key]

    @rule(
        patient=st.integers(0, 3),
        clinician=st.integers(0, 1),
        kind=st.sampled_from(sorted(KINDS)),
        at=starts,
        over=st.booleans(),
    )
    def book_one(self, patient: int, clinician: int, kind: str, at: datetime, over: bool) -> None:
        row = Row(patient, clinician, kind, at, 0, "scheduled")
        lanes = self.lanes(row)
        made = self.attempt(
            lambda: commands.book_appointment(
                self.house.ana if over else self.house.rosa,
                patient_id=self.patients[patient].id,
                provider_id=self.clinicians[clinician].id,
                location_id=self.house.door.id,
                type_id=self.types[kind].id,
                starts_at=at,
                overbook_reason=REASON if over else "",
            ),
            self.refusals(row, over),
        )
        if made:
            self.put(made, replace(row, lane=next(n for n in (0, 1) if n not in lanes)))

    @precondition(lambda self: self.book)
    @rule(data=st.data(), at=starts, over=st.booleans())
    def move_one(self, data: st.DataObject, at: datetime, over: bool) -> None:
        key, old = self.chosen(data)
        if old.state != "scheduled":
            return
        row = replace(old, at=at, lane=0)
        del self.book[key]
        refusals, lanes = self.refusals(row, over), self.lanes(row)
        new = self.attempt(
            lambda: commands.move_appointment(
                self.house.ana if over else self.house.rosa,
                appointment_id=key,
                version=None,
                starts_at=at,
                overbook_reason=REASON if over else "",
            ),
            refusals,
        )
        self.book[key] = replace(old, state="rescheduled") if new else old
        if new:
            self.put(new, replace(row, lane=next(n for n in (0, 1) if n not in lanes)))
            self.was[new.id] = key

    @precondition(lambda self: self.book)
    @rule(data=st.data(), how=st.sampled_from(["cancelled", "no_show"]))
    def give_up(self, data: st.DataObject, how: str) -> None:
        key, row = self.chosen(data)
        if row.state != "scheduled":
            return
        if how == "cancelled":
            commands.cancel_appointment(self.house.rosa, appointment_id=key, version=None, reason="ill")
        else:
            commands.mark_no_show(self.house.rosa.at(NOON), appointment_id=key, version=None)
        self.book[key] = replace(row, state=how)

    @precondition(lambda self: self.book)
    @rule(data=st.data())
    def stand_again(self, data: st.DataObject) -> None:
        key, row = self.chosen(data)
        if row.state not in {"cancelled", "no_show", "completed"}:
            return
        stands = self.attempt(
            lambda: commands.reopen_appointment(self.house.rosa, appointment_id=key),
            set() if row.state == "completed" else self.to_stand_again(row),
        )
        if stands:
            self.put(stands, replace(row, state="scheduled"))

    @precondition(lambda self: self.book)
    @rule(data=st.data())
    def take_place(self, data: st.DataObject) -> None:
        key, row = self.chosen(data)
        if row.state == "scheduled":
            commands.complete_appointment(self.house.rosa, appointment_id=key)
            self.book[key] = replace(row, state="completed")

    @precondition(lambda self: self.was)
    @rule(data=st.data())
    def undo_a_move(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.was)))
        row, old_key = self.book[key], self.was[key]
        if row.state != "scheduled":
            return
        old = self.book[old_key]
        self.book[key] = replace(row, state="entered_in_error")
        undone = self.attempt(
            lambda: commands.undo_booking(self.house.rosa, appointment_id=key), self.to_stand_again(old)
        )
        if undone:
            del self.was[key]
            self.put(Appointment.objects.get(id=old_key), replace(old, state="scheduled"))
        else:
            self.book[key] = row

    @invariant()
    def both_books_say_the_same(self) -> None:
        if not hasattr(self, "door"):
            return
        held: dict[UUID, set[str]] = {}
        for key, name in ResourceHold.objects.filter(is_held=True).values_list(
            "appointment_id", "resource__name"
        ):
            held.setdefault(key, set()).add(name)
        rows = {
            one.id: (one.starts_at, one.lane, one.booking, held.get(one.id, set()), one.keeps)
            for one in Appointment.objects.all()
        }
        assert rows == {
            key: (row.at, row.lane, row.state, set(row.had if row.state in HOLDING else ()), row.kept)
            for key, row in self.book.items()
        }
        assert all(len(row.had) == KINDS[row.kind][3] for row in self.book.values() if row.state in HOLDING)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("plays", "acts"), [(18, 24), pytest.param(250, 40, marks=pytest.mark.nightly)], ids=["short", "long"]
)
def test_the_full_book_agrees_with_a_plain_list_whatever_the_desk_does(plays: int, acts: int) -> None:
    run_state_machine_as_test(
        FullDesk, settings=settings(max_examples=plays, stateful_step_count=acts, deadline=None)
    )
