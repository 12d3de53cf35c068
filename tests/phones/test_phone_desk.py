"""The phone desk and the page of a call: a clerk takes a call from the ring to its end, and shows nothing too early."""

import re
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.kernel import clock
from daysheet.kernel.ids import new_id
from daysheet.kernel.jobs import holding
from daysheet.kernel.models import AuditLine
from daysheet.phones import commands, queries
from daysheet.phones.commands import Report, Told
from daysheet.phones.models import Call, CallReason, CallStep, RedFlag
from daysheet.practice.models import Membership, OpeningHours
from daysheet.tasks.models import WorkqueueItem
from tests import cast, desk, make

pytestmark = pytest.mark.django_db
NUMBER = "(555) 201-0142"
BORN = {"born_on_0": "3", "born_on_1": "14", "born_on_2": "1962"}
HX = {"HX-Request": "true"}


@pytest.fixture
def office() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice), holding():
        make.office()
        commands.take_usual_reasons(cast.ana(practice.pk))
        yield practice


@pytest.fixture
def rosa(office: Any) -> Membership:
    return make.member()


@pytest.fixture
def browser(rosa: Membership) -> Client:
    return desk.signed_in(rosa)


def by(office: Any) -> Any:
    return cast.rosa(office.pk, clock.system_now())


def rings(office: Any, line: str = "line-1", number: str = NUMBER) -> Call:
    report = Report(id=str(new_id()), event="ringing", line_id=line, dialed=number)
    call = commands.hear(cast.system(office.pk, clock.system_now()), report=report)
    assert call
    return call


def talking(office: Any, **more: Any) -> Call:
    return commands.log_call(by(office), **({"dialed": NUMBER, "then": "open"} | more))


def address(name: str, *args: object) -> str:
    return reverse(f"phones:{name}", args=args)


def send(browser: Client, call: Call, form: str, name: str, said: dict[str, str], **how: Any) -> Any:
    shown = browser.get(address("call", call.pk)).content.decode()
    fields = desk.hidden_fields(shown, form=f'id="{form}"')
    return browser.post(address(name, call.pk), fields | said, **how)


def talk(browser: Client, call: Call, **said: str) -> Any:
    whole = {"reason": "", "caller_name": "", "relation": "", "note": "", "back_to": ""}
    return send(browser, call, "talk-form", "call-talk", whole | said)


def test_a_call_goes_from_the_ring_to_its_end(office: Any, browser: Client) -> None:
    patient, call = make.registered(), rings(office)
    assert "Answer" in browser.get(address("desk")).content.decode()
    browser.post(address("call-take", call.pk))
    matched = send(browser, call, "who-form", "call-identify", {"name": "Maria Diaz"} | BORN, headers=HX)
    assert "Two identifiers matched" in matched.content.decode()
    assert 'id="call-banner"' in matched.content.decode()
    reason = queries.reasons().get(words="Question about a bill")
    answer = talk(browser, call, reason=str(reason.pk), note="Explained.", outcome="answered", end="1")
    assert (answer.status_code, answer["Location"]) == (303, address("desk"))
    call.refresh_from_db()
    assert (call.state, call.outcome, call.note, call.patient) == ("done", "answered", "Explained.", patient)


def test_nothing_of_a_chart_is_shown_before_two_identifiers_matched(office: Any, browser: Client) -> None:
    patient, call = make.registered(), talking(office)
    for name in ("call", "head-list"):
        shown = browser.get(address(name, call.pk)).content.decode()
        assert "Diaz".upper() not in shown.upper()
        assert str(patient.chart_number) not in shown
        assert "1962" not in shown.replace("such as 3 14 1962", "")
    assert "The number stands in 1 chart." in browser.get(address("call", call.pk)).content.decode()
    missed = send(browser, call, "who-form", "call-identify", {"name": "Maria Dias"} | BORN, headers=HX)
    assert (missed.status_code, "It does not match." in missed.content.decode()) == (200, True)
    assert str(patient.chart_number) not in missed.content.decode()
    assert not AuditLine.objects.filter(action="phones.call.viewed", patient_ids__contains=[patient.pk])


def test_after_three_misses_nothing_more_is_compared(office: Any, browser: Client) -> None:
    make.registered()
    call = talking(office)
    wrong = {"name": "Maria Dias"} | BORN
    page = browser.get(address("call", call.pk)).content.decode()
    for _ in range(3):
        fields = desk.hidden_fields(page, form='id="who-form"') | {"_once": str(new_id())}
        browser.post(address("call-identify", call.pk), fields | wrong)
    shown = browser.get(address("call", call.pk)).content.decode()
    assert "Three answers did not match" in shown
    assert 'id="who-form"' not in shown


def test_the_chart_is_found_by_name_and_address_from_a_foreign_number(office: Any) -> None:
    patient = make.registered(street="7 Elm St", city="Springfield", zip="01103")
    call = talking(office, dialed="(413) 555-7777")
    said = {"name": "Maria Diaz", "address": "7 elm"}
    assert commands.identify_caller(by(office), call_id=call.pk, said=said).patient == patient


def test_a_red_flag_stands_on_top_with_the_words_to_say_and_a_nurse_hears_of_it(
    office: Any, browser: Client
) -> None:
    call, flag = talking(office), queries.red_flags().get(words="Chest pain or pressure")
    shown = browser.get(address("call", call.pk)).content.decode()
    assert shown.index("Chest pain") < shown.index('id="talk-form"')
    piece = browser.post(address("red-flag-raise", call.pk, flag.pk), headers=HX).content.decode()
    assert flag.say in piece
    item = WorkqueueItem.objects.get(kind="red_flag")
    assert (item.role, item.due_at - item.opened_at) == ("clinician", timedelta(minutes=10))
    browser.post(address("red-flag-lower", call.pk))
    item.refresh_from_db()
    call.refresh_from_db()
    assert (item.state, call.red_flag) == ("closed", None)


def test_a_reason_shows_what_to_ask_and_whose_call_it_is(office: Any, browser: Client) -> None:
    reason = queries.reasons().get(words="Medicine or refill")
    shown = browser.get(address("ask-list", talking(office).pk), {"reason": str(reason.pk)}).content.decode()
    assert "How many days are left?" in shown
    assert "Nurse or physician" in shown


def test_the_rooms_are_open_with_the_patient_chosen_and_that_of_the_reason_first(
    office: Any, browser: Client
) -> None:
    patient = make.registered()
    call = talking(office, reason_id=queries.reasons().get(words="Question about a bill").pk)
    commands.identify_caller(
        by(office), call_id=call.pk, said={"name": "Maria Diaz", "born_on": date(1962, 3, 14)}
    )
    shown = browser.get(address("call", call.pk)).content.decode()
    doors = re.findall(r'<li><a href="([^"]+)" class="btn( btn-primary)?', shown)
    assert doors[0] == (reverse("ledger:account", args=[patient.pk]), " btn-primary")
    assert reverse("schedule:appointment-book", args=[patient.pk]) in dict(doors)


def test_a_call_back_has_its_clock_and_is_tried_again(office: Any, browser: Client) -> None:
    call = talking(office)
    talk(browser, call, outcome="call_back", within="30", end="1")
    call.refresh_from_db()
    assert call.due_at
    assert call.due_at - call.ended_at == timedelta(minutes=30)  # type: ignore[operator]
    assert "Call backs" in browser.get(address("desk")).content.decode()
    talk(browser, call, outcome="missed", end="1")
    call.refresh_from_db()
    assert (call.state, call.tries) == ("waiting", 1)
    talk(browser, call, outcome="reached", note="All said.", end="1")
    call.refresh_from_db()
    assert (call.state, call.outcome, call.tries) == ("done", "reached", 2)


def test_a_caller_without_a_number_is_asked_for_one(office: Any, browser: Client) -> None:
    call = talking(office, dialed="", caller_name="Joy")
    answer = talk(browser, call, note="Kept?", outcome="call_back", end="1")
    assert answer.status_code == 409
    assert "Kept?" in answer.content.decode()
    talk(browser, call, outcome="call_back", back_to="(413) 555-0188", end="1")
    call.refresh_from_db()
    assert (call.state, call.reach) == ("waiting", "+14135550188")


def test_a_colleague_goes_on_with_the_call_and_the_notes_go_along(office: Any, browser: Client) -> None:
    call, ben = talking(office), make.member("biller", "ben")
    coder = make.member("coder", "carla")
    refused = talk(browser, call, outcome="passed", to=str(coder.pk), end="1")
    assert refused.status_code == 422  # who takes no calls is not offered
    talk(browser, call, note="Wants it explained.", outcome="passed", to=str(ben.pk), end="1")
    call.refresh_from_db()
    assert (call.state, call.answered_by, call.note) == ("open", ben, "Wants it explained.")
    panel = desk.signed_in(ben).get(address("panel-list")).content.decode()
    assert f"Call {call.number}" in panel


def test_what_is_typed_stays_good_while_the_caller_is_identified(office: Any, browser: Client) -> None:
    make.registered()
    call = talking(office)
    page = browser.get(address("call", call.pk)).content.decode()
    fields = desk.hidden_fields(page, form='id="talk-form"')
    said = {"name": "Maria Diaz", "born_on": date(1962, 3, 14)}
    commands.identify_caller(by(office), call_id=call.pk, said=said)
    commands.hold_call(by(office), call_id=call.pk)
    whole = {"reason": "", "caller_name": "", "relation": "", "note": "typed before", "back_to": ""}
    assert browser.post(address("call-talk", call.pk), fields | whole | {"keep": "1"}).status_code == 303
    call.refresh_from_db()
    assert call.note == "typed before"


def test_a_hold_and_an_error_leave_what_is_typed_in_the_page(office: Any, browser: Client) -> None:
    call = talking(office)
    piece = browser.post(address("call-hold", call.pk), headers=HX).content.decode()
    assert piece.lstrip().startswith('<div id="call-head"')
    assert "Back on the line" in piece
    assert "talk-form" not in piece
    reason = queries.reasons().get(words="Question about a bill")
    answer = talk(browser, call, reason=str(reason.pk), note="typed", end="1").content.decode()
    assert "Which bill" in answer  # what to ask for the reason that was chosen and not yet kept
    assert "typed" in answer


def test_two_who_write_in_one_call_do_not_cover_each_other_up(office: Any, browser: Client) -> None:
    call = talking(office)
    page = browser.get(address("call", call.pk)).content.decode()
    fields = desk.hidden_fields(page, form='id="talk-form"')
    commands.describe_call(by(office), call_id=call.pk, version=call.version, told=Told(note="Ben's note"))
    whole = {"reason": "", "caller_name": "", "relation": "", "note": "Rosa's note", "back_to": ""}
    answer = browser.post(address("call-talk", call.pk), fields | whole | {"keep": "1"})
    assert answer.status_code == 409
    assert "Rosa&#x27;s note" in answer.content.decode() or "Rosa&#39;s note" in answer.content.decode()
    call.refresh_from_db()
    assert call.note == "Ben's note"


def test_a_call_does_not_end_without_a_choice(office: Any, browser: Client) -> None:
    call = talking(office)
    answer = talk(browser, call, note="typed", end="1")
    assert (answer.status_code, "Choose how the call ends." in answer.content.decode()) == (422, True)
    assert CallStep.objects.filter(call=call).count() == 1


def test_a_message_goes_to_one_person_or_to_a_role(office: Any, browser: Client) -> None:
    call, lee = talking(office), make.member("clinician", "lee")
    for whom in (f"member:{lee.pk}", "role:biller"):
        said = {"for_whom": whom, "text": f"for {whom}"}
        piece = send(browser, call, "message-form", "call-message", said, headers=HX)
        assert f"for {whom}" in piece.content.decode()
    owners = WorkqueueItem.objects.filter(kind="message").order_by("number").values_list("owner", "role")
    assert list(owners) == [(lee.pk, "clinician"), (None, "biller")]
    assert desk.signed_in(lee).get(address("call", call.pk)).status_code == 200  # the item leads to the call


def test_ended_by_mistake_is_opened_again_by_one_press(office: Any, browser: Client) -> None:
    call = talking(office)
    talk(browser, call, outcome="wrong_number", end="1")
    assert "Open it again" in browser.get(address("desk")).content.decode()
    browser.post(address("call-reopen", call.pk))
    call.refresh_from_db()
    assert (call.state, call.outcome, call.ended_at) == ("open", "", None)


def test_a_call_typed_by_hand_goes_on_is_done_or_waits(office: Any, browser: Client) -> None:
    for then, state in (("open", "open"), ("done", "done"), ("call_back", "waiting")):
        page = browser.get(address("call-new")).content.decode()
        fields = desk.hidden_fields(page, form='id="new-call"')
        said = {
            "number": NUMBER,
            "caller_name": "",
            "reason": "",
            "note": "",
            "direction": "in",
            "then": then,
        }
        assert browser.post(address("call-new"), fields | said).status_code == 303
        assert Call.objects.latest("number").state == state


def test_an_empty_call_is_asked_for_and_not_kept(office: Any, browser: Client) -> None:
    said = {"number": "", "caller_name": "", "reason": "", "note": "", "direction": "in"}
    answer = browser.post(address("call-new"), said, headers=HX)
    assert answer.status_code == 409
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", "01900000-0000-7000-8000-000000000000"),
        ("outcome", "exploded"),
        ("to", "nobody"),
        ("within", "-5"),
    ],
)
def test_bad_answers_are_told_and_change_nothing(
    office: Any, browser: Client, field: str, value: str
) -> None:
    call = talking(office)
    assert talk(browser, call, **{"outcome": "answered", field: value, "end": "1"}).status_code == 422
    call.refresh_from_db()
    assert call.state == "open"


def gave_up(office: Any, at: datetime, number: str, line: str) -> None:
    for event in ("ringing", "ended"):
        told = Report(id=f"{line}-{event}", event=event, line_id=line, dialed=number)
        commands.hear(cast.system(office.pk, at), report=told)


def test_who_gave_up_while_the_door_was_closed_is_seen_until_somebody_deals_with_it(office: Any) -> None:
    place = make.location()
    for weekday in range(5):
        OpeningHours.objects.create(location=place, weekday=weekday, opens=time(9), closes=time(17))
    friday = datetime(2026, 3, 6, 21, 50, tzinfo=UTC)  # ten minutes before the door closes
    gave_up(office, friday - timedelta(days=1), "(555) 201-0140", "thursday")
    gave_up(office, friday, "(555) 201-0141", "friday")
    gave_up(office, friday + timedelta(days=1), "(555) 201-0142", "saturday")
    gave_up(office, friday + timedelta(days=2), "withheld", "sunday")

    def seen(at: datetime) -> list[str]:
        return [line.call.dialed for line in queries.desk(now=at, since=at).gave_up]

    assert seen(cast.NOW) == ["withheld", "(555) 201-0142", "(555) 201-0141"]
    assert seen(cast.NOW + timedelta(hours=9)) == ["withheld", "(555) 201-0142", "(555) 201-0141"]
    commands.log_call(cast.rosa(office.pk), dialed="555 201 0142", direction="out", then="done")
    call = commands.log_call(cast.rosa(office.pk), dialed="(555) 201-0199", then="open")
    commands.describe_call(
        cast.rosa(office.pk), call_id=call.pk, version=call.version, told=Told(back_to="(555) 201-0141")
    )
    assert seen(cast.NOW) == ["withheld"]
    gave_up(office, cast.NOW, "(555) 201-0142", "monday")
    assert seen(cast.NOW) == ["(555) 201-0142", "withheld"]


@pytest.mark.parametrize("text", ["²", "12²", "٣"])
def test_a_sign_that_is_a_digit_to_somebody_is_no_error_in_the_log(browser: Client, text: str) -> None:
    fields = desk.hidden_fields(browser.get(address("log")).content.decode(), form='method="post"')
    assert browser.post(address("log"), fields | {"q": text}).status_code == 200


def test_the_log_is_narrowed_and_searched_without_a_name_or_number_in_an_address(
    office: Any, browser: Client
) -> None:
    make.registered()
    call = talking(office)
    said = {"name": "Maria Diaz", "born_on": date(1962, 3, 14)}
    commands.identify_caller(by(office), call_id=call.pk, said=said)
    other = talking(office, dialed="(413) 555-0101", caller_name="Joy Okafor", then="done")
    for text, found in (("diaz", call), ("201-0142 555", None), (NUMBER, call), ("okafor", other)):
        page = browser.post(address("log"), {"q": text}).content.decode()
        shown = {one for one in (call, other) if address("call", one.pk) in page}
        assert shown == ({found} if found else set()), text
    page = browser.get(address("log"), {"state": "answered"}).content.decode()
    assert address("call", other.pk) in page
    assert address("call", call.pk) not in page
    assert browser.get(address("log"), {"first": "the day after"}).status_code == 422


def test_no_page_asks_the_database_more_for_more_calls(office: Any, browser: Client) -> None:
    first = talking(office)
    rings(office)
    pages = [address("desk"), address("log"), address("panel-list"), address("call", first.pk)]
    counted = []
    for number in range(2):
        for page in pages:
            browser.get(page)
            with CaptureQueriesContext(connection) as asked:
                browser.get(page)
            counted.append(len(asked))
        for more in range(4):
            rings(office, f"line-{number}-{more}")
            commands.ask_call_back(by(office), call_id=talking(office).pk)
    assert counted[:4] == counted[4:]


def test_a_page_of_the_log_holds_fifty(office: Any, browser: Client) -> None:
    for _ in range(51):
        talking(office, then="done")
    assert browser.get(address("log")).content.decode().count("data-row>") == 50
    assert browser.get(address("log"), {"page": "2"}).content.decode().count("data-row>") == 1


def test_the_manager_keeps_reasons_and_red_flags(office: Any) -> None:
    ana = desk.signed_in(make.member("office_manager", "ana"))
    reason = queries.reasons().get(words="Something else")
    said = {
        "words": "Pharmacy", "ask": "Which one?\n\n  Since when? ", "door": "refill", "role": "clinician",
        "opens": "08:00", "closes": "5 pm", "fallback": "receptionist", "call_back_minutes": "60", "rank": "5",
    }  # fmt: skip
    page = ana.get(address("reason-change", reason.pk)).content.decode()
    fields = desk.hidden_fields(page, form='id="reason-form"')
    assert ana.post(address("reason-change", reason.pk), fields | said).status_code == 303
    kept = CallReason.objects.get(pk=reason.pk)
    assert (kept.words, kept.ask, kept.door) == ("Pharmacy", "Which one?\nSince when?", "refill")
    assert (kept.opens, kept.closes) == (time(8), time(17))
    assert ana.post(address("reason-change", reason.pk), fields | said | {"_once": "x"}).status_code == 409
    half = said | {"words": "Half", "closes": ""}
    assert ana.post(address("reason-add"), half).status_code == 409
    flag = {"words": "Fell down", "say": "Stay on the line.", "goes_to": "nurse", "rank": "1"}
    assert ana.post(address("red-flag-add"), flag).status_code == 303
    assert queries.red_flags()[0].words == "Fell down"
    assert ana.post(address("red-flag-add"), flag).status_code == 409
    made = RedFlag.objects.get(words="Fell down")
    ana.post(address("red-flag-retire", made.pk))
    assert not queries.red_flags().filter(pk=made.pk).exists()


def test_the_keys_are_shown_in_one_answer_and_kept_nowhere(office: Any) -> None:
    from daysheet.kernel.models import OnceKey

    ana = desk.signed_in(make.member("office_manager", "ana"))
    page = ana.get(address("system-keys")).content.decode()
    made = ana.post(
        address("system-keys"), desk.hidden_fields(page, form='class="form confirm')
    ).content.decode()
    (secret,) = re.findall(r'id="key-secret"[^>]*value="([^"]+)"', made)
    assert secret not in ana.get(address("system")).content.decode()
    assert secret not in ana.get(address("system-keys")).content.decode()
    assert not any(secret.encode() in bytes(one.body) for one in OnceKey.objects.all())
    ana.post(address("system-close"))
    assert queries.hook() is None


def test_a_marked_number_is_shown_on_its_calls(office: Any, browser: Client) -> None:
    said = {"number": NUMBER, "kind": "nuisance", "note": "sells printers"}
    assert browser.post(address("numbers"), said).status_code == 303
    call = talking(office)
    assert "sells printers" in browser.get(address("call", call.pk)).content.decode()
    assert browser.post(address("numbers"), said | {"number": "12"}).status_code == 422
    browser.post(address("number-unflag", queries.flags()[0].pk))
    assert not queries.flags().exists()


def test_every_act_is_in_the_diary(office: Any, browser: Client) -> None:
    call = rings(office)
    browser.post(address("call-take", call.pk))
    browser.post(address("call-hold", call.pk))
    browser.post(address("call-resume", call.pk))
    talk(browser, call, outcome="answered", end="1")
    told = (
        AuditLine.objects.filter(subject_id=call.pk).exclude(action="phones.call.viewed").order_by("at", "id")
    )
    verbs = [line.action for line in told]
    assert sorted(verbs) == sorted(
        [
            "phones.report.heard",
            "phones.call.taken",
            "phones.call.held",
            "phones.call.resumed",
            "phones.call.finished",
        ]
    )


@pytest.mark.django_db(transaction=True)
def test_one_of_two_hands_gets_the_call() -> None:
    practice = make.practice()
    with make.acting(practice):
        people = [make.member(), make.member("biller", "ben")]
        call = rings(practice)
    start, came = threading.Barrier(2), []

    def take(member: Membership) -> None:
        start.wait()
        who = cast.Actor.of_role(
            member.role,
            practice_id=practice.pk,
            user_id=member.user_id,
            name=member.display_name,
            now=cast.NOW,
        )
        try:
            commands.take_call(who, call_id=call.pk)
            came.append("took")
        except commands.CallIsTaken:
            came.append("too late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=[one]) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["too late", "took"]
