"""The one door for writes."""

import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import TRIES, SilentCommand, command
from daysheet.kernel.ending import at_the_end
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.ids import new_id
from daysheet.kernel.live import announce
from daysheet.kernel.models import AuditLine, Counter, Practice
from daysheet.kernel.numbers import next_number
from daysheet.kernel.tenancy import acting_in
from tests import cast


@command(needs=Can.BOOK_APPOINTMENT)
def count_up(by: Actor, /, *, aloud: bool = True) -> int:
    """Take a number, and say so or not."""
    number = next_number("test")
    if aloud:
        record(by, "kernel.number.taken")
    return number


@command(needs=Can.BOOK_APPOINTMENT)
def count_twice(by: Actor, /) -> int:
    """Call another command and stay silent oneself."""
    return count_up(by) + count_up(by)


def test_a_command_returns_its_result_and_leaves_a_line(practice: Practice) -> None:
    assert count_up(cast.rosa(practice.pk)) == 1
    line = AuditLine.objects.get()
    assert (line.action, line.actor_name, line.practice_id) == (
        "kernel.number.taken",
        "Rosa Marin",
        practice.pk,
    )


def test_a_command_that_records_nothing_is_rolled_back(practice: Practice) -> None:
    with pytest.raises(SilentCommand):
        count_up(cast.rosa(practice.pk), aloud=False)
    assert not Counter.objects.exists()


def test_the_lines_of_inner_commands_do_not_speak_for_the_outer_one(practice: Practice) -> None:
    with pytest.raises(SilentCommand):
        count_twice(cast.rosa(practice.pk))
    assert not Counter.objects.exists()
    assert not AuditLine.objects.exists()


def test_a_role_without_the_permission_changes_nothing(practice: Practice) -> None:
    with pytest.raises(NotPermitted):
        count_up(cast.auditor(practice.pk))
    assert not Counter.objects.exists()
    assert not AuditLine.objects.exists()


def test_a_command_without_needs_cannot_be_written() -> None:
    with pytest.raises(TypeError):
        command()  # type: ignore[call-arg]


def test_a_command_with_positional_parameters_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="by, /"):

        @command(needs=Can.WORK)
        def wrong(by: Actor, number: int) -> None: ...


def test_a_command_acts_in_the_practice_of_its_actor(practice: Practice) -> None:
    other = Practice.objects.create(name="Southside")
    count_up(cast.rosa(other.pk))
    assert not Counter.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('app.practice', true)")
        assert cursor.fetchone()[0] == str(practice.pk)


@command(needs=Can.BOOK_APPOINTMENT)
def meet_others(by: Actor, /, *, meetings: list[str], lines: object = ()) -> int:
    """Take a number; as often as `meetings` says, the database takes this command back for another's sake."""
    number = next_number("test")
    record(by, "kernel.number.taken")
    announce(by.practice_id, "test")
    if meetings:
        code = meetings.pop()
        with connection.cursor() as cursor:
            cursor.execute(f"do $$ begin raise exception using errcode = '{code}'; end $$")
    return number


def test_a_command_taken_back_for_another_is_done_again_whole(practice: Practice) -> None:
    assert meet_others(cast.rosa(practice.pk), meetings=["40P01", "40P01"]) == 1
    assert Counter.objects.get().next == 2
    assert AuditLine.objects.count() == 1


def test_a_command_is_not_tried_for_ever(practice: Practice) -> None:
    with pytest.raises(OperationalError):
        meet_others(cast.rosa(practice.pk), meetings=["40P01"] * TRIES)
    assert not Counter.objects.exists()
    assert not AuditLine.objects.exists()


def test_what_is_wrong_for_another_reason_is_not_tried_again(practice: Practice) -> None:
    meetings = ["53100", "53100"]
    with pytest.raises(OperationalError):
        meet_others(cast.rosa(practice.pk), meetings=meetings)
    assert len(meetings) == 1


def test_a_command_with_a_stream_is_not_tried_again_with_an_empty_one(practice: Practice) -> None:
    meetings = ["40P01"]
    with pytest.raises(OperationalError):
        meet_others(cast.rosa(practice.pk), meetings=meetings, lines=iter(["one"]))


@pytest.mark.django_db(transaction=True)
def test_two_commands_that_wait_for_each_other_both_come_through(practice: Practice) -> None:
    """Two desks take two numbers in opposite order, each holding what the other wants next."""
    both_hold = threading.Barrier(2)

    def take(first: str, second: str) -> int:
        try:
            return take_two(cast.rosa(practice.pk), first=first, second=second, between=met)
        finally:
            connection.close()

    def met() -> None:
        # Only the first tries meet: whoever comes again comes alone.
        with suppress(threading.BrokenBarrierError):
            both_hold.wait(timeout=5)
            both_hold.abort()

    with ThreadPoolExecutor(2) as desks:
        taken = [desks.submit(take, *names) for names in (("left", "right"), ("right", "left"))]
        assert sorted(one.result(timeout=60) for one in taken) == [2, 4]
    with acting_in(practice.pk), transaction.atomic():
        assert list(Counter.objects.values_list("next", flat=True)) == [3, 3]


@command(needs=Can.BOOK_APPOINTMENT)
def take_two(by: Actor, /, *, first: str, second: str, between: Callable[[], None]) -> int:
    """Take a number of each and return their sum; `between` is called when the first is held."""
    number = next_number(first)
    between()
    record(by, "kernel.number.taken")
    return number + next_number(second)


def test_what_is_looked_at_at_the_end_is_looked_at_once_and_before_the_commit(practice: Practice) -> None:
    seen: list[tuple[int, list[UUID]]] = []
    ids = [new_id() for _ in range(3)]

    def look(by: Actor, found: Collection[UUID]) -> None:
        seen.append((Counter.objects.get().next, list(found)))
        count_up(by)

    @command(needs=Can.BOOK_APPOINTMENT)
    def one_step(by: Actor, /, *, about: list[UUID]) -> None:
        count_up(by)
        record(by, "kernel.number.taken")
        at_the_end(by, look, about)

    @command(needs=Can.BOOK_APPOINTMENT)
    def two_steps(by: Actor, /, *, falls: bool) -> None:
        record(by, "kernel.number.taken")
        one_step(by, about=ids[:2])
        one_step(by, about=ids[1:])
        if falls:
            raise NotPermitted("no")

    rosa = cast.rosa(practice.pk)
    with pytest.raises(NotPermitted):
        two_steps(rosa, falls=True)
    assert seen == []
    two_steps(rosa, falls=False)
    assert seen == [(3, ids)]
    assert Counter.objects.get().next == 4
