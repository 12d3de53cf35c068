"""The one door for writes."""

import pytest
from django.db import connection

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import SilentCommand, command
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import AuditLine, Counter, Practice
from daysheet.kernel.numbers import next_number
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
