"""What the end of a call did is undone whole when the call is opened again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from daysheet.phones import commands, queries
from daysheet.phones.models import Call
from daysheet.tasks import commands as tasks
from daysheet.tasks.models import WorkqueueItem
from tests import cast, make

pytestmark = pytest.mark.django_db
NUMBER = "(555) 201-0142"


@pytest.fixture
def office() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice):
        yield practice


def logged(office: Any, **more: Any) -> Call:
    return commands.log_call(cast.rosa(office.pk), **({"dialed": NUMBER, "then": "open"} | more))


def open_items(kind: str) -> list[WorkqueueItem]:
    return list(WorkqueueItem.objects.filter(kind=kind).exclude(state="closed"))


def test_a_call_back_that_was_not_made_is_promised_again_with_its_clock(office: Any) -> None:
    by = cast.rosa(office.pk)
    promised = commands.ask_call_back(by, call_id=logged(office).pk, minutes=45)
    made = commands.called_back(by, call_id=promised.pk, version=promised.version)
    again = commands.reopen_call(by, call_id=made.pk)
    assert (again.state, again.outcome, again.tries) == ("waiting", "", 0)
    assert (again.due_at, again.source_of_due) == (by.now + timedelta(minutes=45), promised.source_of_due)
    (item,) = open_items("call_back")
    assert (item.subject_id, item.due_at) == (again.pk, again.due_at)
    commands.called_back(by, call_id=again.pk, version=again.version)
    assert not open_items("call_back")


@pytest.mark.parametrize("is_taken", [False, True])
def test_a_message_left_by_the_end_goes_with_it_unless_somebody_has_it(office: Any, is_taken: bool) -> None:
    commands.take_usual_reasons(cast.ana(office.pk))
    reason_id = queries.reasons().get(words="Result of a test").pk
    by, call = cast.rosa(office.pk), logged(office)
    told = commands.Told(reason_id, note="Wants the blood test.")
    done = commands.finish_call(by, call_id=call.pk, outcome="answered", version=call.version, told=told)
    (item,) = open_items("message")
    if is_taken:
        make.member()
        tasks.take_item(by, item_id=item.pk)
    again = commands.reopen_call(by, call_id=done.pk)
    assert (again.state, len(open_items("message"))) == ("open", int(is_taken))
    commands.finish_call(by, call_id=call.pk, outcome="answered", version=again.version, told=told)
    assert len(open_items("message")) == 1


def test_a_message_left_by_hand_stays_when_the_call_is_opened_again(office: Any) -> None:
    by, call = cast.rosa(office.pk), logged(office)
    commands.leave_message(by, call_id=call.pk, text="By hand.", role="clinician")
    done = commands.finish_call(by, call_id=call.pk, outcome="message", version=call.version)
    commands.reopen_call(by, call_id=done.pk)
    assert [item.sentence for item in open_items("message")] == ["By hand."]
