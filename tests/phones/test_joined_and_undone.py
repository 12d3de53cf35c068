"""A second call put to the first, a hold with its reason, a mark taken off by mistake, a ring by the office's clock."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.kernel import clock
from daysheet.kernel.jobs import holding
from daysheet.kernel.models import Practice
from daysheet.phones import commands, jobs, queries
from daysheet.phones.commands import Report
from daysheet.phones.models import Call
from daysheet.tasks.models import WorkqueueItem
from tests import cast, desk, make

pytestmark = pytest.mark.django_db
NUMBER = "(555) 201-0142"
HX = {"HX-Request": "true"}


@pytest.fixture
def office() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice), holding():
        make.office()
        yield practice


@pytest.fixture
def browser(office: Any) -> Client:
    return desk.signed_in(make.member())


def address(name: str, *ids: Any) -> str:
    return reverse(f"phones:{name}", args=ids)


def test_who_calls_again_is_put_to_the_call_that_waits_and_taken_off_again(
    office: Any, browser: Client
) -> None:
    by = cast.rosa(office.pk, clock.system_now())
    first = commands.log_call(by, dialed=NUMBER, then="call_back", note="About the bill")
    again = commands.log_call(by, dialed=NUMBER, then="open")
    page = browser.get(address("call", again.pk)).content.decode()
    join = address("call-join", again.pk, first.pk)
    assert join in page
    fields = desk.hidden_fields(page, form=f'hx-post="{join}"')
    said = {"note": "Needs it today", "reason": "", "caller_name": "Ann", "relation": "", "back_to": ""}
    answer = browser.post(join, fields | said)
    assert (answer.status_code, answer["Location"]) == (303, reverse("phones:desk"))
    again.refresh_from_db()
    assert (again.state, again.outcome, again.joined_to_id) == ("done", "joined", first.pk)
    assert (again.note, again.caller_name) == ("Needs it today", "Ann")
    assert WorkqueueItem.objects.exclude(state="closed").get().subject_id == first.pk
    shown = browser.get(address("call", first.pk)).content.decode()
    assert "Needs it today" in shown
    assert f"called again: call {again.number}" in shown
    log = browser.get(address("log")).content.decode()
    assert "Put to the call that waits" in log
    assert address("call", first.pk) in log
    assert address("call", first.pk) in browser.get(address("call", again.pk)).content.decode()
    assert browser.post(address("call-reopen", again.pk)).status_code == 303
    again.refresh_from_db()
    assert (again.state, again.joined_to_id) == ("open", None)
    assert WorkqueueItem.objects.exclude(state="closed").get().subject_id == first.pk


def test_a_call_is_put_to_no_other_caller_and_to_none_that_is_done(office: Any) -> None:
    by = cast.rosa(office.pk, clock.system_now())
    first = commands.log_call(by, dialed=NUMBER, then="call_back")
    other = commands.log_call(by, dialed="(555) 201-0199", then="open")
    with pytest.raises(commands.CallIsOver):
        commands.join_call(by, call_id=other.pk, to_id=first.pk, version=other.version)
    again = commands.log_call(by, dialed=NUMBER, then="open")
    commands.called_back(by, call_id=first.pk, version=first.version)
    with pytest.raises(commands.CallIsOver):
        commands.join_call(by, call_id=again.pk, to_id=first.pk, version=again.version)
    again.refresh_from_db()
    assert (again.state, again.joined_to) == ("open", None)


def test_two_promises_become_one_and_come_apart_again(office: Any) -> None:
    by = cast.rosa(office.pk, clock.system_now())
    first, second = (commands.log_call(by, dialed=NUMBER, then="call_back") for _ in range(2))
    told = commands.Told(back_to="(555) 201-0177")
    commands.join_call(by, call_id=second.pk, to_id=first.pk, version=second.version, told=told)
    first.refresh_from_db()
    assert first.reach == "+15552010177"
    assert [one.subject_id for one in WorkqueueItem.objects.exclude(state="closed")] == [first.pk]
    back = commands.reopen_call(by, call_id=second.pk)
    assert (back.state, back.due_at) == ("waiting", second.due_at)
    assert WorkqueueItem.objects.exclude(state="closed").count() == 2


def test_a_hold_says_why(office: Any, browser: Client) -> None:
    call = commands.log_call(cast.rosa(office.pk, clock.system_now()), dialed=NUMBER, then="open")
    assert 'name="note" maxlength="200"' in browser.get(address("call", call.pk)).content.decode()
    piece = browser.post(address("call-hold", call.pk), {"note": "asks the nurse"}, headers=HX)
    assert "on hold, asks the nurse" in " ".join(piece.content.decode().split()).replace("</b>: ", " ")


def test_a_mark_that_was_taken_off_by_mistake_comes_back_as_it_was(office: Any, browser: Client) -> None:
    marked = commands.flag_number(cast.rosa(office.pk), number=NUMBER, kind="blocked", note="sells printers")
    browser.post(address("number-unflag", marked.pk))
    assert queries.flag_of("+15552010142") is None
    again = address("number-mark-again", marked.pk)
    assert again in browser.get(address("numbers")).content.decode()
    assert browser.post(again).status_code == 303
    found = queries.flag_of("+15552010142")
    assert found
    assert (found.kind, found.note, found.at) == ("blocked", "sells printers", marked.at)
    commands.unflag_number(cast.rosa(office.pk), flag_id=marked.pk)
    assert commands.flag_number(cast.rosa(office.pk), number=NUMBER, kind="nuisance").note == ""


def test_a_call_that_is_done_at_once_is_opened_again_from_the_toast(office: Any, browser: Client) -> None:
    page = browser.get(address("call-new")).content.decode()
    fields = desk.hidden_fields(page, form='id="new-call"')
    said = {"number": NUMBER, "note": "opening hours", "then": "done", "direction": "in"}
    assert browser.post(address("call-new"), fields | said).status_code == 303
    call = Call.objects.get()
    assert address("call-reopen", call.pk) in browser.get(address("desk")).content.decode()


def test_a_ring_is_over_by_the_offices_clock_where_that_was_set(office: Any) -> None:
    Practice.objects.filter(pk=office.pk).update(is_training=True, clock_at=cast.NOW)
    commands.hear(
        cast.system(office.pk), report=Report(id="r1", event="ringing", line_id="line-1", dialed=NUMBER)
    )
    with holding() as held:
        jobs.sweep_rings(timestamp=0)
        assert not held
        Practice.objects.filter(pk=office.pk).update(clock_at=cast.NOW + timedelta(seconds=91))
        jobs.sweep_rings(timestamp=0)
    assert [one.name for one in held] == ["phones.end_ring"]
    held[0].run()
    assert Call.objects.get().state == "abandoned"
