"""A call from the first ring to its end: logged, identified, called back, left as a message, reported by a machine."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.jobs import holding
from daysheet.kernel.models import AuditLine, Practice
from daysheet.phones import commands, queries, rules
from daysheet.phones.commands import Report
from daysheet.phones.models import Call, HookReport, PhoneHook
from daysheet.practice.models import Location, OpeningHours
from daysheet.schedule.models import Absence, ProviderHours
from daysheet.schedule.rules import turn_of
from daysheet.tasks.models import WorkqueueItem
from tests import cast, make

pytestmark = pytest.mark.django_db
NUMBER = "(555) 201-0142"
BORN = date(1962, 3, 14)


@pytest.fixture
def office() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice):
        yield practice


def logged(office: Any, **more: Any) -> Call:
    return commands.log_call(cast.rosa(office.pk), **({"dialed": NUMBER, "then": "open"} | more))


def test_a_typed_call_is_done_at_once(office: Any) -> None:
    call = logged(office, then="done", note="opening hours")
    assert (call.phone, call.state, call.outcome) == ("+15552010142", "done", "answered")


def test_an_empty_call_is_not_kept(office: Any) -> None:
    with pytest.raises(commands.NothingToLog):
        logged(office, dialed=" ")
    assert not Call.objects.exists()


def test_an_auditor_logs_nothing(office: Any) -> None:
    with pytest.raises(NotPermitted):
        commands.log_call(cast.auditor(office.pk), dialed=NUMBER)
    assert not Call.objects.exists()


def test_two_identifiers_make_a_call_a_patients(office: Any) -> None:
    patient, call = make.registered(), logged(office)
    said = {"name": "Maria Diaz", "born_on": BORN}
    assert commands.identify_caller(cast.rosa(office.pk), call_id=call.pk, said=said).patient == patient
    call.refresh_from_db()
    assert (call.patient_id, call.identified_with) == (patient.pk, "born_on, name")


def test_a_miss_is_kept_and_three_are_enough(office: Any) -> None:
    make.registered()
    call, by = logged(office), cast.rosa(office.pk)
    said = {"name": "Maria Diaz", "born_on": date(1963, 3, 14)}
    for _ in range(3):
        found = commands.identify_caller(by, call_id=call.pk, said=said)
        assert found == commands.Checked(None)
    with pytest.raises(commands.TooManyMisses):
        commands.identify_caller(by, call_id=call.pk, said=said | {"born_on": BORN})
    call.refresh_from_db()
    assert (call.misses, call.patient_id) == (3, None)
    lines = AuditLine.objects.filter(action="phones.caller.not-identified")
    assert [line.details["asked"] for line in lines] == [["born_on", "name"]] * 3


def test_one_identifier_alone_is_refused(office: Any) -> None:
    call = logged(office)
    with pytest.raises(commands.TooFewIdentifiers):
        commands.identify_caller(cast.rosa(office.pk), call_id=call.pk, said={"name": "Maria Diaz"})


def test_of_a_number_is_told_in_how_many_charts_it_stands_and_no_more(office: Any) -> None:
    make.registered()
    assert queries.behind("+15552010142") == queries.Behind(own=1, contacts=0)
    assert not queries.behind("+15552019999").is_known


def test_a_call_back_is_promised_tried_and_made(office: Any) -> None:
    by = cast.rosa(office.pk)
    call = commands.ask_call_back(by, call_id=logged(office).pk)
    assert call.due_at == by.now + timedelta(hours=4)
    tried = commands.could_not_reach(by, call_id=call.pk, version=call.version)
    assert (tried.tries, tried.due_at) == (1, by.now + timedelta(hours=1))
    with pytest.raises(StaleForm):
        commands.called_back(by, call_id=call.pk, version=call.version)
    made = commands.called_back(by, call_id=call.pk, version=tried.version)
    assert (made.state, made.outcome, made.tries) == ("done", "reached", 2)


FRIDAY_LATE = datetime(2026, 3, 13, 20, 30, tzinfo=UTC)
"""Half past four in New York; the door closes at five and opens on Monday at nine."""


@pytest.fixture
def door(office: Any) -> Location:
    place = make.location()
    for weekday in range(5):
        OpeningHours.objects.create(location=place, weekday=weekday, opens=time(9), closes=time(17))
    return place


def in_new_york(moment: datetime | None) -> str:
    assert moment
    return f"{moment.astimezone(ZoneInfo('America/New_York')):%a %H:%M}"


def test_the_clock_of_a_call_back_rests_while_the_door_is_closed(office: Any, door: Location) -> None:
    by = cast.rosa(office.pk, FRIDAY_LATE)
    call = commands.ask_call_back(by, call_id=logged(office, then="open").pk)
    assert in_new_york(call.due_at) == "Mon 12:30"
    tried = commands.could_not_reach(by, call_id=call.pk, version=call.version)
    assert in_new_york(tried.due_at) == "Mon 09:30"
    assert in_new_york(WorkqueueItem.objects.get(state="open").due_at) == "Mon 09:30"
    said = commands.ask_call_back(by, call_id=logged(office).pk, minutes=45)
    assert said.due_at == FRIDAY_LATE + timedelta(minutes=45)


def test_a_voicemail_and_a_message_wait_for_the_door_too(office: Any, door: Location) -> None:
    told = Report(id="r1", event="voicemail", line_id="line-1", dialed=NUMBER)
    commands.hear(cast.system(office.pk, FRIDAY_LATE), report=told)
    assert in_new_york(WorkqueueItem.objects.get(kind="voicemail").due_at) == "Mon 10:30"
    call = logged(office)
    commands.leave_message(
        cast.rosa(office.pk, FRIDAY_LATE), call_id=call.pk, text="Refill", role="clinician"
    )
    assert in_new_york(WorkqueueItem.objects.get(kind="message").due_at) == "Mon 12:30"


def test_a_day_on_which_the_door_is_closed_does_not_count(office: Any, door: Location) -> None:
    monday = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)
    Absence.objects.create(starts_at=monday, ends_at=monday + timedelta(days=1), reason="Snow")
    call = commands.ask_call_back(cast.rosa(office.pk, FRIDAY_LATE), call_id=logged(office).pk)
    assert in_new_york(call.due_at) == "Tue 12:30"


@pytest.mark.parametrize(
    ("at", "minutes", "until"),
    [(8, 60, 10), (9, 60, 10), (12, 60, 14), (13, 120, 15), (16, 120, 33), (18, 60, 33), (16, 60, 17)],
)
def test_minutes_are_counted_while_the_door_is_open(at: int, minutes: int, until: int) -> None:
    day = datetime(2026, 3, 9, tzinfo=UTC)
    spans = [(day + timedelta(hours=a), day + timedelta(hours=b)) for a, b in ((9, 12), (13, 17), (32, 36))]
    assert rules.due(day + timedelta(hours=at), minutes, spans) == day + timedelta(hours=until)


def test_where_the_door_has_no_hours_those_of_its_clinicians_count_while_they_hold(office: Any) -> None:
    place = make.location()
    lee = make.provider(at=place)
    facts: dict[str, Any] = {"provider": lee, "location": place, "weekday": 5, "begins": time(9)}
    make.hours(lee, place)
    ProviderHours.objects.create(**facts, ends=time(12), until_on=date(2024, 1, 1))  # Saturdays, long ago
    other = 3 - turn_of(date(2026, 3, 14))
    ProviderHours.objects.create(**facts, ends=time(13), turn=other)  # and every second one, not this
    by = cast.rosa(office.pk, FRIDAY_LATE)
    call = commands.ask_call_back(by, call_id=logged(office, then="open").pk)
    assert in_new_york(call.due_at) == "Mon 11:30"


def test_a_call_back_without_a_number_is_refused_where_the_number_is_typed(office: Any) -> None:
    with pytest.raises(commands.CallIsOver) as no:
        logged(office, dialed="withheld", note="wants a call", then="call_back")
    assert "dialed" in no.value.fields
    assert not Call.objects.exists()


def test_a_call_back_is_work_until_somebody_was_reached(office: Any) -> None:
    by = cast.rosa(office.pk)
    call = commands.ask_call_back(by, call_id=logged(office).pk)
    tried = commands.could_not_reach(by, call_id=call.pk, version=call.version)
    items = WorkqueueItem.objects.filter(kind="call_back").order_by("number")
    assert [(one.state, one.action_code, one.due_at) for one in items] == [
        ("closed", "not_reached", by.now + timedelta(hours=4)),
        ("open", "", by.now + timedelta(hours=1)),
    ]
    commands.called_back(by, call_id=call.pk, version=tried.version)
    assert set(items.values_list("state", flat=True)) == {"closed"}


def test_a_reason_that_always_becomes_work_does_so_at_the_end_and_once(office: Any) -> None:
    commands.take_usual_reasons(cast.ana(office.pk))
    reason_id = queries.reasons().get(words="Result of a test").pk
    by, told = cast.rosa(office.pk), commands.Told(reason_id, note="Wants the blood test.")
    for leaves, outcome in ((False, "answered"), (True, "message"), (False, "wrong_number")):
        call = logged(office)
        if leaves:
            commands.leave_message(by, call_id=call.pk, text="By hand.", role="clinician")
        commands.finish_call(by, call_id=call.pk, outcome=outcome, version=call.version, told=told)
    sentences = WorkqueueItem.objects.order_by("number").values_list("sentence", flat=True)
    assert list(sentences) == ["Wants the blood test.", "By hand."]


def test_each_message_is_an_item_of_its_own(office: Any) -> None:
    call, by = logged(office), cast.rosa(office.pk)
    commands.leave_message(by, call_id=call.pk, text="Wants the result explained.", role="clinician")
    commands.leave_message(by, call_id=call.pk, text="Asks about the bill.", role="biller")
    roles = WorkqueueItem.objects.filter(kind="message").order_by("number").values_list("role", flat=True)
    assert list(roles) == ["clinician", "biller"]


def test_a_reason_sends_the_call_where_it_belongs(office: Any) -> None:
    commands.take_usual_reasons(cast.ana(office.pk))
    refill = queries.reasons().get(words="Medicine or refill")
    logged(office, reason_id=refill.pk, note="needs a refill", then="done")
    assert WorkqueueItem.objects.get().role == "clinician"


@pytest.mark.parametrize(("at", "role"), [(time(9), "biller"), (time(17), "receptionist")])
def test_outside_the_hours_the_fallback_takes_it(at: time, role: str) -> None:
    assert rules.taken_by(rules.Route("biller", time(8), time(17), "receptionist"), at=at) == role


def test_the_desk_asks_the_database_no_more_for_more_calls(office: Any) -> None:
    logged(office)
    with CaptureQueriesContext(connection) as one:
        queries.desk(now=cast.NOW, since=cast.NOW - timedelta(hours=10))
    for _ in range(3):
        logged(office)
    with CaptureQueriesContext(connection) as four:
        queries.desk(now=cast.NOW, since=cast.NOW - timedelta(hours=10))
    assert len(one) == len(four) == 8


def report(office: Any, event: str, number: int) -> Call | None:
    told = Report(id=f"r{number}", event=event, line_id="line-1", dialed=NUMBER)
    return commands.hear(cast.system(office.pk), report=told)


def test_a_ring_without_an_answer_is_abandoned_and_a_report_counts_once(office: Any) -> None:
    report(office, "ringing", 1)
    assert report(office, "ringing", 1) is None
    report(office, "ended", 2)
    assert Call.objects.get().state == "abandoned"


def test_a_voicemail_is_work_until_somebody_dealt_with_it(office: Any) -> None:
    call = report(office, "voicemail", 1)
    assert call
    taken = commands.take_call(cast.rosa(office.pk), call_id=call.pk)
    commands.finish_call(cast.rosa(office.pk), call_id=call.pk, outcome="answered", version=taken.version)
    assert WorkqueueItem.objects.get(kind="voicemail").state == "closed"


@pytest.mark.parametrize("before", [["answered"], ["ringing", "answered"], ["ringing", "answered", "ended"]])
def test_a_voicemail_after_an_answer_of_the_machine_is_not_lost(office: Any, before: list[str]) -> None:
    for number, event in enumerate([*before, "voicemail"]):
        report(office, event, number)
    assert Call.objects.get().state == "voicemail"
    assert WorkqueueItem.objects.get(kind="voicemail").state == "open"


def test_a_voicemail_that_comes_late_takes_no_call_from_its_clerk(office: Any) -> None:
    call = report(office, "ringing", 1)
    assert call
    rosa = replace(cast.rosa(office.pk), user_id=make.member().user_id)
    commands.take_call(rosa, call_id=call.pk)
    report(office, "voicemail", 2)
    assert Call.objects.get().state == "open"


def test_a_call_to_a_blocked_number_goes_on(office: Any) -> None:
    commands.flag_number(cast.rosa(office.pk), number=NUMBER, kind="blocked")
    told = Report(id="o1", event="ringing", line_id="line-2", dialed=NUMBER, direction="out")
    commands.hear(cast.system(office.pk), report=told)
    assert (Call.objects.get().state, Call.objects.get().outcome) == ("open", "")


def test_a_ring_that_never_ends_is_over_after_a_minute_and_a_half(office: Any) -> None:
    with holding() as jobs:
        report(office, "ringing", 1)
    assert [(one.name, one.at) for one in jobs] == [("phones.end_ring", cast.NOW + timedelta(seconds=90))]
    jobs[0].run()
    assert Call.objects.get().state == "abandoned"
    report(office, "answered", 2)
    call = Call.objects.get()
    assert (call.state, call.outcome, call.ended_at) == ("open", "", None)
    jobs[0].run()
    assert Call.objects.get().state == "open"


def test_where_the_clock_stands_still_a_call_rings_on(office: Any) -> None:
    Practice.objects.filter(pk=office.pk).update(is_training=True, clock_at=cast.NOW)
    with holding() as jobs:
        report(office, "ringing", 1)
    jobs[0].run()
    assert Call.objects.get().state == "ringing"


def test_what_ended_is_not_answered_by_a_report_that_comes_late(office: Any) -> None:
    for number, event in enumerate(("ringing", "ended", "answered")):
        report(office, event, number)
    assert Call.objects.get().state == "abandoned"


def test_a_call_that_the_office_dials_does_not_ring(office: Any) -> None:
    for number, (event, state) in enumerate((("ringing", "open"), ("ended", "done"))):
        told = Report(id=f"o{number}", event=event, line_id="line-2", dialed=NUMBER, direction="out")
        commands.hear(cast.system(office.pk), report=told)
        assert Call.objects.get().state == state
    assert Call.objects.get().outcome == "called"


def test_a_blocked_number_does_not_ring(office: Any) -> None:
    commands.flag_number(cast.rosa(office.pk), number=NUMBER, kind="blocked")
    report(office, "ringing", 1)
    assert Call.objects.get().outcome == "blocked"


def test_the_keys_are_kept_so_that_the_table_tells_neither(office: Any) -> None:
    made = commands.open_hook(cast.ana(office.pk))
    kept = PhoneHook.objects.get()
    assert made.secret not in kept.secret
    assert made.token not in kept.token_hash


def test_a_signature_covers_stamp_and_body_for_five_minutes() -> None:
    stamp = str(int(cast.NOW.timestamp()))
    signed = rules.sign("secret", stamp, b"{}")
    assert rules.is_signed("secret", stamp, b"{}", signed)
    assert not rules.is_signed("secret", stamp, b"{ }", signed)
    assert rules.is_fresh(stamp, now=cast.NOW + timedelta(minutes=5))
    assert not rules.is_fresh(stamp, now=cast.NOW + timedelta(minutes=5, seconds=1))


@pytest.mark.django_db(transaction=True)
def test_the_same_report_four_times_at_once_is_one_call() -> None:
    practice = make.practice()
    start, wrong = threading.Barrier(4), []

    def run() -> None:
        start.wait()
        try:
            report(practice, "ringing", 1)
        except BaseException as broken:
            wrong.append(broken)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with make.acting(practice):
        assert (wrong, Call.objects.count(), HookReport.objects.count()) == ([], 1, 1)
