"""A patient answers by the link in a message, without a sign-in; a link that opens nothing tells nothing."""

from datetime import timedelta

from django.core.cache import cache
from django.test import Client

from daysheet.kernel.models import AuditLine
from daysheet.mailroom import links
from daysheet.mailroom.models import PortalLink
from daysheet.schedule import commands, waitlist
from daysheet.schedule.models import Appointment, Reminder, ReminderVisit
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment
from tests.reminded import TUESDAY, path_of, phone, reminded, system


def press(browser: Client, path: str, answer: str, **more: str) -> "object":
    page = browser.get(path).content.decode()
    return browser.post(path, hidden_fields(page) | {"answer": answer} | more)


def test_the_page_says_when_and_where_and_neither_why_nor_who(house: House) -> None:
    _, sent = reminded(house, reason="Chest pain")
    told = Client().get(path_of(sent)).content.decode()
    assert "Tuesday, March 10, 2026" in told
    assert "9:00 am" in told
    assert "Main St" in told
    assert not [word for word in ("Diaz", "DIAZ", "Maria", "Chest", "Follow-up", "Lee") if word in told]


def test_a_yes_confirms_the_visit_and_the_answer_is_shown(house: House) -> None:
    booked, sent = reminded(house)
    answer = press(Client(), path_of(sent), "confirmed")
    booked.refresh_from_db()
    assert answer.status_code == 200
    assert "You will come." in answer.content.decode()
    assert booked.confirmation == "confirmed"
    line = AuditLine.objects.get(action="schedule.reminder.answered")
    assert (line.actor_name, line.patient_ids) == ("Patient, by link", [house.diaz.pk])


def test_a_no_frees_the_time_like_a_cancellation_late_within_a_day(house: House) -> None:
    booked, sent = reminded(house)
    press(Client(), path_of(sent), "cannot_come")
    booked.refresh_from_db()
    assert booked.booking == "late_cancelled"
    assert [row.given_up.pk for row in waitlist.freed(cast.NOW)] == [booked.pk]
    other, sent = reminded(house, TUESDAY + timedelta(hours=1))
    other.refresh_from_db()
    assert other.booking == "scheduled"


def test_a_call_me_stands_on_the_list_of_those_to_be_called(house: House) -> None:
    booked, sent = reminded(house)
    press(Client(), path_of(sent), "call_me")
    booked.refresh_from_db()
    sent.refresh_from_db()
    assert booked.confirmation == "callback"
    assert sent.asks == "call"


def test_the_same_press_twice_is_told_the_same_and_another_press_finds_nothing(house: House) -> None:
    _, sent = reminded(house)
    browser, path = Client(), path_of(sent)
    form = hidden_fields(browser.get(path).content.decode())
    first = browser.post(path, form | {"answer": "confirmed"})
    again = browser.post(path, form | {"answer": "confirmed"})
    other = Client().post(path, {"answer": "cannot_come"})
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 404)
    assert ReminderVisit.objects.get(reminder=sent).answer == "confirmed"


def changing(page: str) -> dict[str, str]:
    """Return the hidden fields of the form by which an answer is changed."""
    form = page[: page.index("</form>", page.index('name="after"'))]
    return hidden_fields(form[form.rindex("<form") :])


def test_who_said_yes_and_falls_ill_asks_for_a_call_and_cancels_by_the_same_link(house: House) -> None:
    booked, sent = reminded(house)
    browser, path = Client(), path_of(sent)
    answered = press(browser, path, "confirmed").content.decode()
    assert "Has something changed?" in answered
    later = changing(browser.get(path).content.decode())
    assert "call_me" in browser.get(path).content.decode()
    told = browser.post(path, later | {"answer": "call_me"}).content.decode()
    assert ("You want a call." in told, 'name="answer" value="call_me"' in told) == (True, False)
    booked.refresh_from_db()
    assert (booked.booking, booked.confirmation) == ("scheduled", "callback")
    last = changing(browser.get(path).content.decode())
    gone = browser.post(path, last | {"answer": "cannot_come"})
    assert "taken this visit off the book" in gone.content.decode()
    booked.refresh_from_db()
    row = ReminderVisit.objects.get(reminder=sent)
    assert (booked.booking, row.answer) == ("late_cancelled", "cannot_come")
    assert [before["answer"] for before in row.earlier] == ["confirmed", "call_me"]
    assert browser.post(path, last | {"answer": "cannot_come"}).status_code == 200  # the same press
    assert Client().get(path).status_code == 404


def test_a_changed_mind_knows_what_it_changes_and_comes_before_the_visit(house: House) -> None:
    booked, sent = reminded(house)
    path = path_of(sent)
    first = hidden_fields(Client().get(path).content.decode())
    press(Client(), path, "confirmed")
    later = changing(Client().get(path).content.decode())
    for typed in (first, later | {"after": "call_me"}, later | {"after": "\0"}, later | {"visit": "x"}):
        assert Client().post(path, typed | {"answer": "cannot_come"}).status_code == 404
    assert Client().post(path, later | {"answer": "confirmed"}).status_code == 200  # said already
    Appointment.objects.filter(pk=booked.pk).update(starts_at=cast.NOW)
    assert Client().post(path, later | {"answer": "cannot_come"}).status_code == 404
    assert Client().get(path).status_code == 404
    booked.refresh_from_db()
    assert (booked.booking, ReminderVisit.objects.get(reminder=sent).earlier) == ("scheduled", [])


def test_the_desk_takes_the_last_answer_back_and_the_one_before_it_stands(house: House) -> None:
    booked, sent = reminded(house)
    path = path_of(sent)
    press(Client(), path, "confirmed")
    later = changing(Client().get(path).content.decode())
    Client().post(path, later | {"answer": "cannot_come"})
    row = ReminderVisit.objects.get(reminder=sent)
    commands.take_back_answer(house.rosa, reminder_visit_id=row.pk)
    booked.refresh_from_db()
    row.refresh_from_db()
    assert (booked.booking, booked.confirmation) == ("scheduled", "confirmed")
    assert (row.answer, row.answered_at, row.earlier) == ("confirmed", cast.NOW, [])


def test_a_wrong_a_used_an_old_and_a_revoked_link_are_one_page(house: House) -> None:
    _, sent = reminded(house)
    path = path_of(sent)
    used = path
    press(Client(), used, "cannot_come")
    _, second = reminded(house, TUESDAY + timedelta(hours=1), patient=_texted(house))
    revoked = path_of(second)
    commands.revoke_reminder_link(house.rosa, reminder_id=second.pk)
    _, third = reminded(house, TUESDAY + timedelta(minutes=-30), patient=_texted(house, "+14135550144"))
    PortalLink.objects.filter(pk=third.link_id).update(
        expires_at=cast.NOW, made_at=cast.NOW - timedelta(days=1)
    )
    wrong = f"/p/{links.new_token(house.practice.pk)}/"
    foreign = f"/p/{links.new_token(make.practice('Southside').pk)}/"
    answers = [
        Client().get(one) for one in (used, revoked, path_of(third), wrong, foreign, "/p/x/", "/p/%00/")
    ]
    assert {one.status_code for one in answers} == {404}
    assert len({one.content for one in answers}) == 1


def test_who_guesses_waits(house: House) -> None:
    cache.clear()
    _, sent = reminded(house)
    guess = [Client().get(f"/p/{links.new_token(house.practice.pk)}/").status_code for _ in range(21)]
    assert guess == [404] * 20 + [429]
    assert Client().get(path_of(sent)).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").get(path_of(sent)).status_code == 200


def test_a_used_link_opened_again_and_again_is_no_guess(house: House) -> None:
    _, sent = reminded(house)
    press(Client(), path_of(sent), "cannot_come")
    assert {Client().get(path_of(sent)).status_code for _ in range(25)} == {404}


def test_opening_uses_nothing_up_since_mail_programs_open_links(house: House) -> None:
    _, sent = reminded(house)
    for _ in range(3):
        assert Client().get(path_of(sent)).status_code == 200
    assert Client().head(path_of(sent)).status_code == 200
    assert PortalLink.objects.get(pk=sent.link_id).used_at is None


def test_the_token_is_in_the_message_alone(house: House) -> None:
    _, sent = reminded(house)
    token = path_of(sent).strip("/").partition("/")[2]
    row = PortalLink.objects.get(pk=sent.link_id)
    assert row.token_hash == links.hash_of(token)
    assert token not in str([line.details for line in AuditLine.objects.all()])


def test_a_visit_that_was_moved_meanwhile_is_not_answered_for(house: House) -> None:
    booked, sent = reminded(house)
    path = path_of(sent)
    form = hidden_fields(Client().get(path).content.decode())
    Appointment.objects.filter(pk=booked.pk).update(booking="rescheduled")
    assert Client().post(path, form | {"answer": "confirmed"}).status_code == 404
    assert Client().get(path).status_code == 404


def test_several_visits_of_a_family_are_one_message_and_answered_one_by_one(house: House) -> None:
    phone(house.ann)
    first = appointment(house, TUESDAY)
    second = appointment(house, TUESDAY + timedelta(minutes=20), patient=house.ann)
    commands.send_due_reminders(system(house))
    sent = Reminder.objects.get()
    browser, path = Client(), path_of(sent)
    page = browser.get(path).content.decode()
    assert "Maria: 9:00 am" in page
    assert "Ann: 9:20 am" in page
    one, two = (ReminderVisit.objects.get(appointment=each) for each in (first, second))
    again = browser.post(path, hidden_fields(page) | {"answer": "confirmed", "visit": str(one.pk)})
    assert "You will come." in again.content.decode()
    assert PortalLink.objects.get(pk=sent.link_id).used_at is None
    form = hidden_fields(browser.get(path).content.decode())
    browser.post(path, form | {"answer": "cannot_come", "visit": str(two.pk)})
    second.refresh_from_db()
    assert second.booking == "late_cancelled"
    assert PortalLink.objects.get(pk=sent.link_id).used_at is None  # Maria may still fall ill
    page = browser.get(path).content.decode()
    assert page.count('name="after"') == 1
    browser.post(path, changing(page) | {"answer": "cannot_come"})
    first.refresh_from_db()
    assert first.booking == "late_cancelled"
    assert PortalLink.objects.get(pk=sent.link_id).used_at == cast.NOW


def test_hostile_answers_are_refused_and_change_nothing(house: House) -> None:
    booked, sent = reminded(house)
    path = path_of(sent)
    for said in ("", "x" * 10_000, "confirmed\0", "<script>", "stop"):
        assert Client().post(path, {"answer": said}).status_code == 409
    for visit in ("x", "\0", str(house.diaz.pk)):
        assert Client().post(path, {"answer": "confirmed", "visit": visit}).status_code == 404
    booked.refresh_from_db()
    assert booked.confirmation == "none"


def _texted(house: House, number: str = "+14135550143") -> "object":
    one = make.patient(f"Osei{number[-2:]}", "Kofi")
    phone(one, number)
    return one
