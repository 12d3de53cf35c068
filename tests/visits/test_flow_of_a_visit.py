"""A visit from the door to the door: each state, each undo, and what is refused on the way."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.coverage import commands as coverage
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import AuditLine
from daysheet.schedule import commands as schedule
from daysheet.schedule import queries as schedule_queries
from daysheet.visits import commands, queries
from daysheet.visits.models import FlowEvent, Visit, VisitStep
from daysheet.visits.rules import NEXT, Stamp, may_follow, standing_stamps
from tests import cast, make
from tests.house import House, appointment

TEN = cast.NOW  # Monday 10:00 in New York


@pytest.fixture
def visit(house: House) -> Visit:
    """Ms. Diaz has come for her ten o'clock."""
    return commands.arrive(house.rosa, appointment_id=appointment(house, TEN).id)


def finish(house: House, visit: Visit, stage: str) -> None:
    for step in queries.steps(visit.id, stage):
        commands.do_step(house.rosa, visit_id=visit.id, stage=stage, kind=step.kind)


def test_arriving_begins_the_visit_and_its_to_do(visit: Visit) -> None:
    kinds = [(step.stage, step.kind) for step in queries.steps(visit.id)]
    assert (visit.flow, str(visit.service_on)) == ("arrived", "2026-03-09")
    assert kinds == [
        ("check_in", "identity"),
        ("check_in", "demographics"),
        ("check_in", "coverage"),
        ("check_in", "photo_id"),
        ("check_in", "privacy_notice"),
        ("check_in", "form-treatment"),
        ("check_in", "copay"),
        ("check_out", "charges"),
        ("check_out", "follow_up"),
        ("check_out", "hand_over"),
        ("check_out", "balance"),
    ]


def test_a_patient_arrives_once(house: House, visit: Visit) -> None:
    with pytest.raises(commands.AlreadyHere):
        commands.arrive(house.rosa, appointment_id=visit.appointment_id)
    assert Visit.objects.count() == 1


def test_a_walk_in_who_is_here_does_not_arrive_again_for_an_appointment(house: House) -> None:
    here = commands.walk_in(
        house.rosa, patient_id=house.diaz.pk, provider_id=house.lee.pk, location_id=house.door.pk
    )
    booked = appointment(house, TEN)
    with pytest.raises(commands.AlreadyHere, match="as a walk-in"):
        commands.arrive(house.rosa, appointment_id=booked.id)
    commands.step_back(house.rosa, visit_id=here.id)
    commands.arrive(house.rosa, appointment_id=booked.id)
    assert Visit.objects.open().count() == 1


def test_who_has_two_appointments_arrives_for_both(house: House, visit: Visit) -> None:
    other = appointment(house, TEN + timedelta(hours=1))
    commands.arrive(house.rosa, appointment_id=other.id)
    assert Visit.objects.open().count() == 2


def test_an_appointment_of_another_day_is_not_arrived_for(house: House) -> None:
    tomorrow = appointment(house, TEN + timedelta(days=1))
    with pytest.raises(commands.NotToday, match="Tue Mar 10"):
        commands.arrive(house.rosa, appointment_id=tomorrow.id)


def test_a_cancelled_appointment_is_not_arrived_for(house: House) -> None:
    gone = appointment(house, TEN, booking="cancelled")
    with pytest.raises(commands.NotToBeSeen, match="cancelled"):
        commands.arrive(house.rosa, appointment_id=gone.id)


def test_a_plan_on_the_day_stands_on_the_visit_and_makes_coverage_required(house: House) -> None:
    covered = make.coverage(house.diaz, make.plan())
    visit = commands.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    step = VisitStep.objects.get(visit=visit, kind="coverage")
    assert (visit.coverage_id, step.is_required) == (covered.id, True)


def test_a_plan_entered_after_the_arrival_pays_for_the_visit(house: House, visit: Visit) -> None:
    plan = make.plan()
    plan.office_copay = Decimal("30.00")
    plan.save()
    clerk = cast.ben(house.practice.pk)
    assert visit.coverage_id is None
    facts = {"patient_id": house.diaz.pk, "plan_id": plan.pk, "member_id": "X1", "starts_on": cast.MONDAY}
    held = coverage.add_coverage(clerk, **facts)
    visit.refresh_from_db()
    assert (visit.coverage_id, visit.copay_due) == (held.pk, Decimal("30.00"))
    steps = VisitStep.objects.filter(visit=visit, kind__in=("coverage", "copay"))
    assert list(steps.values_list("is_required", flat=True)) == [True, True]
    coverage.mark_entered_in_error(clerk, coverage_id=held.pk, version=held.version, reason="another's card")
    visit.refresh_from_db()
    assert (visit.coverage_id, visit.copay_due) == (None, None)


def test_a_payer_switched_at_check_in_pays_for_the_visit_and_a_visit_that_is_over_keeps_its_own(
    house: House,
) -> None:
    old = make.coverage(house.diaz, make.plan())
    visit = commands.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    facts = {"plan_id": make.plan("Red HMO", "RED").pk, "member_id": "R1", "from_on": cast.MONDAY}
    new = coverage.switch_payer(house.rosa, coverage_id=old.pk, version=old.version, **facts).new
    visit.refresh_from_db()
    assert visit.coverage_id == new.pk
    lines = AuditLine.objects.filter(action="visits.visit.put-under")
    assert lines.count() == 1
    commands.left_without_being_seen(house.rosa, visit_id=visit.pk, reason="could not wait")
    coverage.mark_entered_in_error(house.rosa, coverage_id=new.pk, version=new.version, reason="wrong card")
    visit.refresh_from_db()
    assert visit.coverage_id == new.pk


def test_an_arrival_that_was_undone_is_paid_for_by_the_plan_of_the_next(house: House) -> None:
    old = make.coverage(house.diaz, make.plan())
    visit = commands.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    commands.step_back(house.rosa, visit_id=visit.id)
    facts = {"plan_id": make.plan("Red HMO", "RED").pk, "member_id": "R1", "from_on": cast.MONDAY}
    new = coverage.switch_payer(house.rosa, coverage_id=old.pk, version=old.version, **facts).new
    assert commands.arrive(house.rosa, appointment_id=visit.appointment_id).coverage_id == new.pk


def test_check_in_names_what_is_still_open(house: House, visit: Visit) -> None:
    with pytest.raises(
        commands.StepsAreOpen, match=r"Identity, Phone and address, Notice of privacy practices"
    ):
        commands.check_in(house.rosa, visit_id=visit.id)
    visit.refresh_from_db()
    assert visit.flow == "arrived"


def test_a_reason_is_as_good_as_a_tick(house: House, visit: Visit) -> None:
    finish(house, visit, "check_in")
    commands.undo_step(house.rosa, visit_id=visit.id, stage="check_in", kind="identity")
    commands.not_now(
        house.rosa, visit_id=visit.id, stage="check_in", kind="identity", reason="Comes with ambulance"
    )
    assert commands.check_in(house.rosa, visit_id=visit.id).flow == "checked_in"


def test_a_step_is_not_put_off_without_a_reason(house: House, visit: Visit) -> None:
    with pytest.raises(Exception, match="Say why not now"):
        commands.not_now(house.rosa, visit_id=visit.id, stage="check_in", kind="identity", reason=" ")


def test_a_visit_goes_through_the_house_to_the_end(house: House, visit: Visit) -> None:
    room = make.room(house.door)
    finish(house, visit, "check_in")
    commands.check_in(house.rosa, visit_id=visit.id)
    commands.move_on(house.nurse, visit_id=visit.id, to="roomed", room_id=room.id)
    commands.move_on(house.nurse, visit_id=visit.id, to="with_provider")
    commands.move_on(house.nurse, visit_id=visit.id, to="ready_for_checkout")
    finish(house, visit, "check_out")
    done = commands.check_out(house.rosa, visit_id=visit.id)
    done.appointment.refresh_from_db()
    assert (done.flow, done.room_id, done.appointment.booking) == ("checked_out", None, "completed")
    assert [event.to_state for event in queries.events(visit.id)] == [
        "arrived",
        "checked_in",
        "roomed",
        "with_provider",
        "ready_for_checkout",
        "checked_out",
    ]


def test_a_room_in_use_takes_a_second_patient_with_a_reason_alone(house: House, visit: Visit) -> None:
    room = make.room(house.door)
    other = commands.walk_in(
        house.rosa, patient_id=house.ann.pk, provider_id=house.lee.pk, location_id=house.door.pk
    )
    Visit.objects.update(flow="checked_in")
    commands.move_on(house.nurse, visit_id=visit.id, to="roomed", room_id=room.id)
    for because in ("", " "):
        with pytest.raises(commands.RoomInUse, match="Maria Diaz is in Room 1"):
            commands.move_on(house.nurse, visit_id=other.id, to="roomed", room_id=room.id, because=because)
    other.refresh_from_db()
    assert (other.flow, other.room_id) == ("checked_in", None)
    commands.move_on(house.nurse, visit_id=other.id, to="roomed", room_id=room.id, because="Same family")
    assert other.events.get(to_state="roomed").reason == "Same family"


def test_a_patient_who_is_ready_to_leave_keeps_nobody_out_of_the_room(house: House, visit: Visit) -> None:
    room = make.room(house.door)
    other = commands.walk_in(
        house.rosa, patient_id=house.ann.pk, provider_id=house.lee.pk, location_id=house.door.pk
    )
    Visit.objects.update(flow="checked_in")
    commands.move_on(house.nurse, visit_id=visit.id, to="roomed", room_id=room.id)
    commands.move_on(house.nurse, visit_id=visit.id, to="ready_for_checkout")
    commands.move_on(house.nurse, visit_id=other.id, to="roomed", room_id=room.id)
    other.refresh_from_db()
    assert other.room_id == room.id


def test_check_out_needs_a_reason_while_a_required_step_is_open(house: House, visit: Visit) -> None:
    Visit.objects.filter(id=visit.id).update(flow="ready_for_checkout")
    with pytest.raises(commands.StepsAreOpen, match="Charge slip, Follow-up"):
        commands.check_out(house.rosa, visit_id=visit.id)


def test_every_act_is_undone_one_by_one_back_to_not_here(house: House, visit: Visit) -> None:
    room = make.room(house.door)
    finish(house, visit, "check_in")
    later = house.rosa.at(TEN + timedelta(minutes=5))
    commands.check_in(later, visit_id=visit.id)
    commands.move_on(later, visit_id=visit.id, to="roomed", room_id=room.id)
    commands.move_on(later, visit_id=visit.id, to="with_provider")
    states = []
    for _ in range(4):
        undone = commands.step_back(later, visit_id=visit.id)
        states.append((undone.flow, undone.room_id))
    assert states == [("roomed", room.id), ("checked_in", None), ("arrived", None), ("undone", None)]
    with pytest.raises(commands.NothingToUndo):
        commands.step_back(later, visit_id=visit.id)


def test_undo_gives_back_the_minutes_of_the_state_before(house: House, visit: Visit) -> None:
    finish(house, visit, "check_in")
    commands.check_in(house.rosa.at(TEN + timedelta(minutes=9)), visit_id=visit.id)
    undone = commands.step_back(house.rosa.at(TEN + timedelta(minutes=10)), visit_id=visit.id)
    assert undone.flow_since == TEN


def test_after_an_undone_arrival_the_patient_may_arrive_again_in_the_same_visit(
    house: House, visit: Visit
) -> None:
    commands.step_back(house.rosa, visit_id=visit.id)
    again = commands.arrive(house.rosa.at(TEN + timedelta(minutes=3)), appointment_id=visit.appointment_id)
    assert (again.id, again.flow, again.ended_at) == (visit.id, "arrived", None)
    assert queries.steps(visit.id).count() == 11


def test_an_undone_check_out_opens_the_appointment_again(house: House, visit: Visit) -> None:
    Visit.objects.filter(id=visit.id).update(flow="ready_for_checkout")
    finish(house, visit, "check_out")
    commands.check_out(house.rosa, visit_id=visit.id)
    commands.step_back(house.rosa, visit_id=visit.id)
    visit.appointment.refresh_from_db()
    assert visit.appointment.booking == "scheduled"


@pytest.mark.parametrize("to", ["with_provider", "checked_out", "checked_in", "nowhere"])
def test_a_state_that_does_not_follow_is_refused_and_changes_nothing(
    house: House, visit: Visit, to: str
) -> None:
    stamps = FlowEvent.objects.count()
    with pytest.raises(commands.WrongState):
        commands.move_on(house.rosa, visit_id=visit.id, to=to)
    assert FlowEvent.objects.count() == stamps


def test_a_patient_moved_by_somebody_else_is_not_moved_again(house: House, visit: Visit) -> None:
    finish(house, visit, "check_in")
    shown = visit.version
    commands.check_in(house.rosa, visit_id=visit.id)
    with pytest.raises(StaleForm):
        commands.move_on(house.nurse, visit_id=visit.id, to="roomed", version=shown)


def test_leaving_without_being_seen_needs_a_reason_and_ends_the_visit(house: House, visit: Visit) -> None:
    with pytest.raises(Exception, match="Say why"):
        commands.left_without_being_seen(house.rosa, visit_id=visit.id, reason="")
    gone = commands.left_without_being_seen(house.rosa, visit_id=visit.id, reason="Waited too long")
    assert (gone.flow, gone.is_over, queries.open_visits(cast.MONDAY).count()) == ("lwobs", True, 0)


def test_a_walk_in_has_a_visit_and_no_appointment(house: House) -> None:
    visit = commands.walk_in(
        house.rosa,
        patient_id=house.ann.id,
        provider_id=house.osei.id,
        location_id=house.door.id,
        reason="Cut",
    )
    assert (visit.appointment_id, visit.flow, visit.reason) == (None, "arrived", "Cut")
    with pytest.raises(commands.AlreadyHere):
        commands.walk_in(
            house.rosa, patient_id=house.ann.id, provider_id=house.lee.id, location_id=house.door.id
        )


def test_an_imported_visit_is_over_and_comes_once(house: House) -> None:
    def bring() -> Visit:
        return commands.import_visit(
            house.ana,
            patient_id=house.diaz.id,
            provider_id=house.lee.id,
            location_id=house.door.id,
            service_on=date(2025, 5, 2),
            reason="Check-up",
            source="synthea/1",
            started_at=datetime(2025, 5, 2, 14, 0, tzinfo=UTC),
            ended_at=datetime(2025, 5, 2, 14, 30, tzinfo=UTC),
        )

    assert bring().flow == "checked_out"
    with pytest.raises(commands.AlreadyImported):
        bring()
    assert Visit.objects.count() == 1


def test_a_role_that_may_only_read_moves_nobody(house: House, visit: Visit) -> None:
    lines = AuditLine.objects.count()
    for act in (commands.check_in, commands.check_out, commands.step_back):
        with pytest.raises(NotPermitted):
            act(house.auditor, visit_id=visit.id)
    visit.refresh_from_db()
    assert (visit.flow, AuditLine.objects.count()) == ("arrived", lines)


def test_an_unknown_visit_is_a_refusal_and_no_crash(house: House) -> None:
    with pytest.raises(commands.WrongState):
        commands.check_in(house.rosa, visit_id=new_id())
    with pytest.raises(commands.NoSuchStep):
        commands.do_step(house.rosa, visit_id=new_id(), stage="check_in", kind="identity")


def test_an_appointment_without_outcome_waits_for_a_person(house: House, visit: Visit) -> None:
    missed = appointment(house, TEN - timedelta(hours=1), patient=house.ann)
    later = TEN + timedelta(hours=1)
    assert [row.id for row in schedule_queries.unresolved(later)] == [missed.id]
    schedule.mark_no_show(house.rosa.at(later), appointment_id=missed.id, version=1)
    assert not schedule_queries.unresolved(later).exists()


def test_a_patient_who_is_here_is_not_a_no_show_and_not_cancelled(house: House, visit: Visit) -> None:
    for act in (schedule.mark_no_show, schedule.cancel_appointment):
        more = {"reason": "ill"} if act is schedule.cancel_appointment else {}
        with pytest.raises(schedule.AlreadyOver, match="has come"):
            act(house.rosa, appointment_id=visit.appointment_id, version=1, **more)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=12))
def test_standing_stamps_are_what_a_pile_would_hold(acts: list[tuple[str, bool]]) -> None:
    pile: list[str] = []
    for name, is_undo in acts:
        if is_undo:
            pile = pile[:-1]
        else:
            pile.append(name)
    stamps = [Stamp(name, is_undo) for name, is_undo in acts]
    assert [stamps[place].to_state for place in standing_stamps(stamps)] == pile


def test_only_named_states_follow_each_other() -> None:
    pairs = {(a, b) for a in Visit.Flow.values for b in Visit.Flow.values if may_follow(a, b)}
    assert pairs == {(a, b) for a, following in NEXT.items() for b in following}
    assert not any(
        may_follow(over, b) for over in ("checked_out", "lwobs", "undone") for b in Visit.Flow.values
    )
