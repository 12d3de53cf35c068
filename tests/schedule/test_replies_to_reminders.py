"""What comes back to a text or a call: answers, stops, words that a person must read, and garbage."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import texts
from daysheet.mailroom.models import Envelope, OptOut, PortalLink, TradingPartner
from daysheet.schedule import commands, reminders
from daysheet.schedule.models import Appointment, Reminder
from tests import cast
from tests.house import House, appointment, furnished
from tests.reminded import TUESDAY, delivered, phone, ready, reminded, system

NUMBER = "+14135550142"


@pytest.fixture
def house(db: None) -> Iterator[House]:
    office = furnished()
    with office.open():
        ready(office)
        phone(office.diaz)
        yield office


def reply(house: House, text: str, *, sender: str = NUMBER, channel: str = "sms", key: str = "") -> Envelope:
    kept = mailroom.receive_text(system(house), channel=channel, sender=sender, text=text, key=key)
    return mailroom.handle_envelope(system(house), envelope_id=kept.pk)


def raw(house: House, content: bytes) -> Envelope:
    partner = TradingPartner.objects.get(folder="sms")
    (kept,) = mailroom.receive(system(house), partner_id=partner.pk, content=content, kind="sms-reply")
    return mailroom.handle_envelope(system(house), envelope_id=kept.pk)


def sent_to(house: House) -> tuple[Appointment, Reminder]:
    booked, sent = reminded(house)
    delivered(house, sent)
    return booked, sent


@pytest.mark.parametrize(
    ("text", "booking", "confirmation"),
    [("1", "scheduled", "confirmed"), ("2", "late_cancelled", "none"), ("3", "scheduled", "callback")],
    ids=["will-come", "cannot-come", "wants-a-call"],
)
def test_a_key_answers_the_message(house: House, text: str, booking: str, confirmation: str) -> None:
    booked, sent = sent_to(house)
    assert reply(house, text).state == "handled"
    booked.refresh_from_db()
    assert (booked.booking, booked.confirmation) == (booking, confirmation)
    assert sent.visits.get().answered_how == "sms"
    used_at = PortalLink.objects.get(pk=sent.link_id).used_at
    assert used_at == (cast.NOW if text == "2" else None)  # who comes may still fall ill


def test_a_call_is_answered_by_its_keys(house: House) -> None:
    phone(house.ann, "+14135550143", may_text=False, may_leave_message=True)
    booked, sent = reminded(house, patient=house.ann)
    delivered(house, sent)
    reply(house, "1", sender="+14135550143", channel="voice")
    booked.refresh_from_db()
    assert booked.confirmation == "confirmed"


def test_a_yes_from_another_number_answers_nothing(house: House) -> None:
    booked, _ = sent_to(house)
    parked = reply(house, "YES", sender="+14135550777")
    booked.refresh_from_db()
    assert (parked.state, booked.confirmation) == ("parked", "none")
    assert "No message went to that number" in parked.trouble


def test_a_reply_to_what_has_not_left_answers_nothing(house: House) -> None:
    booked, _ = reminded(house)
    assert reply(house, "1").state == "parked"
    booked.refresh_from_db()
    assert booked.confirmation == "none"


def test_stop_ends_texts_to_that_number_and_start_begins_them_again(house: House) -> None:
    _, sent = sent_to(house)
    reply(house, "STOP")
    reply(house, "stop")
    assert OptOut.objects.get().address == NUMBER
    with pytest.raises(mailroom.WantsNone):
        mailroom.post_text(house.rosa, channel="sms", to=NUMBER, text="Hello")
    sent.refresh_from_db()
    assert sent.asks == ""
    reply(house, "START")
    assert not OptOut.objects.filter(ended_at=None).exists()


def test_a_stop_is_heard_from_any_number(house: House) -> None:
    assert reply(house, "Stop", sender="+14135550888").state == "handled"
    assert OptOut.objects.get().address == "+14135550888"


def test_cancel_may_mean_the_visit_so_a_person_reads_it_too(house: House) -> None:
    _, sent = sent_to(house)
    reply(house, "CANCEL")
    sent.refresh_from_db()
    assert OptOut.objects.exists()
    assert (sent.asks, sent.wrote) == ("wrote", "CANCEL")


def test_free_words_are_put_before_a_person(house: House) -> None:
    booked, sent = sent_to(house)
    reply(house, "Can my son\n come  with me?")
    sent.refresh_from_db()
    assert (sent.asks, sent.wrote) == ("wrote", "Can my son come with me?")
    assert [one.appointment_id for one in reminders.to_be_called(cast.NOW)] == [booked.pk]


def test_a_second_answer_is_put_before_a_person_and_the_first_counts(house: House) -> None:
    booked, sent = sent_to(house)
    reply(house, "1")
    reply(house, "2")
    booked.refresh_from_db()
    sent.refresh_from_db()
    assert (booked.booking, booked.confirmation, sent.wrote) == ("scheduled", "confirmed", "2")


def test_the_same_reply_twice_is_one(house: House) -> None:
    sent_to(house)
    first = reply(house, "1", key="carrier-7")
    again = reply(house, "1", key="carrier-7")
    assert first.pk == again.pk
    assert Envelope.objects.filter(kind="sms-reply").count() == 1


def test_a_desk_takes_an_answer_back_and_the_visit_stands_again(house: House) -> None:
    booked, sent = sent_to(house)
    reply(house, "2")
    commands.take_back_answer(house.rosa, reminder_visit_id=sent.visits.get().pk)
    booked.refresh_from_db()
    assert (booked.booking, booked.confirmation, sent.visits.get().answer) == ("scheduled", "none", "")
    with pytest.raises(commands.AlreadyAnswered):
        commands.take_back_answer(house.rosa, reminder_visit_id=sent.visits.get().pk)


def test_an_answer_is_not_taken_back_when_the_time_is_promised_again(house: House) -> None:
    _, sent = sent_to(house)
    reply(house, "2")
    appointment(house, TUESDAY, patient=house.ann)
    with pytest.raises(commands.SlotTaken):
        commands.take_back_answer(house.rosa, reminder_visit_id=sent.visits.get().pk)
    assert sent.visits.get().answer == "cannot_come"


def test_done_takes_a_call_off_the_list_and_undo_puts_it_back(house: House) -> None:
    _, sent = sent_to(house)
    reply(house, "3")
    commands.settle_reminder(house.rosa, reminder_id=sent.pk)
    assert not reminders.to_be_called(cast.NOW).exists()
    with pytest.raises(commands.AlreadyAnswered):
        commands.settle_reminder(house.rosa, reminder_id=sent.pk)
    commands.open_reminder_again(house.rosa, reminder_id=sent.pk)
    assert reminders.to_be_called(cast.NOW).count() == 1


GARBAGE = [
    b"",
    b"\0\0\0",
    b"1",
    b"null",
    b"[]",
    b"{" * 5000,
    b'{"from": "+14135550142"}',
    b'{"from": "4135550142", "text": "1", "id": "a"}',
    b'{"from": "+1413555014x", "text": "1", "id": "a"}',
    b'{"from": ["+14135550142"], "text": "1", "id": "a"}',
    b'{"from": "+14135550142", "text": 1, "id": "a"}',
    b'{"from": "+14135550142", "text": "1", "id": ""}',
    b'{"from": "+14135550142", "text": "1\\u0000", "id": "a"}',
    json.dumps({"from": NUMBER, "text": "x" * 1601, "id": "a"}).encode(),
    json.dumps({"from": NUMBER, "text": "1", "id": "a" * 101}).encode(),
    json.dumps({"from": NUMBER, "text": "1", "id": "a", "more": "x" * 17_000}).encode(),
    "{“from”: “+14135550142”}".encode("utf-16"),
]


@pytest.mark.parametrize("content", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_kept_parked_and_answers_nothing(house: House, content: bytes) -> None:
    booked, _ = sent_to(house)
    parked = raw(house, content)
    booked.refresh_from_db()
    assert (parked.state, booked.confirmation) == ("parked", "none")
    assert bytes(parked.content) == content


def test_an_interchange_that_comes_as_a_reply_is_not_read_as_one(house: House) -> None:
    booked, _ = sent_to(house)
    claim = b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *260309*1000*^*00501*000000001*0*T*:~"
    assert raw(house, claim).state == "parked"
    booked.refresh_from_db()
    assert booked.confirmation == "none"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400) | st.dictionaries(st.text(), st.text()).map(lambda d: json.dumps(d).encode()))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    said = texts.read_reply(content)
    assert said is None or texts.NUMBER.fullmatch(said.sender)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "'; drop table reminder; --", "\u202eevil", "😀" * 400]
)
def test_hostile_words_stand_as_they_are(house: House, text: str) -> None:
    _, sent = sent_to(house)
    reply(house, text)
    sent.refresh_from_db()
    assert sent.wrote == text[:480]


def test_a_reply_a_week_later_answers_nothing(house: House) -> None:
    _, sent = sent_to(house)
    Reminder.objects.filter(pk=sent.pk).update(made_at=cast.NOW - timedelta(days=8))
    assert reply(house, "1").state == "parked"


def test_a_stop_holds_back_a_reminder_that_is_queued(house: House) -> None:
    _, sent = reminded(house)
    reply(house, "STOP")
    assert delivered(house, sent).state == "failed"
