"""Reminders go out by rule: one message a day and address, by the first way that works, never at night."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.models import AuditLine
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope, PortalLink, TradingPartner
from daysheet.mailroom.reading import letter_of
from daysheet.patients.models import Patient
from daysheet.schedule import commands, reminders
from daysheet.schedule.jobs import send_reminders
from daysheet.schedule.models import Appointment, Reminder, ReminderTry, ReminderVisit
from daysheet.tasks.models import WorkqueueItem
from daysheet.visits import commands as visits
from tests import cast, make
from tests.house import House, appointment, furnished
from tests.reminded import BASE, TUESDAY, delivered, one_rule, phone, ready, reminded, system, words


@pytest.fixture
def house(db: None, settings: Any) -> Iterator[House]:
    settings.PUBLIC_URL = BASE
    office = furnished()
    with office.open():
        ready(office)
        yield office


def texted(family: str, number: str, **more: Any) -> Patient:
    one = make.patient(family, "Kofi", **more)
    phone(one, number)
    return one


def test_what_is_due_is_one_envelope_that_waits_three_minutes(house: House) -> None:
    phone(house.diaz)
    booked, sent = reminded(house)
    envelope = Envelope.objects.get()
    assert (envelope.kind, envelope.state, envelope.patient_ids) == ("sms", "queued", [str(house.diaz.pk)])
    assert envelope.next_try_at == cast.NOW + timedelta(minutes=3)
    assert envelope.not_after == datetime.fromisoformat("2026-03-10T00:00:00+00:00")  # 8 pm at the door
    assert (sent.channel, sent.address) == ("sms", "+14135550142")
    assert ReminderTry.objects.get(reminder=sent).envelope_id == envelope.pk
    assert ReminderVisit.objects.get(appointment=booked).rule is not None


def test_the_text_says_when_where_and_how_to_answer_and_nothing_else(house: House) -> None:
    phone(house.diaz)
    _, sent = reminded(house, reason="Chest pain")
    said = words(sent)
    link = said[said.index(BASE) :].split()[0]
    assert said == (
        "Northside Family Medicine: You have a visit on Tuesday, March 10, 2026 at 9:00 am. "
        "Place: Main St, 12 Main St, Springfield. "
        "Reply 1 if you will come, 2 if you cannot, 3 if you want a call. "
        f"Or open {link} Reply STOP to get no more texts."
    )


def test_nothing_goes_twice_whichever_run_comes_again(house: House) -> None:
    phone(house.diaz)
    reminded(house)
    assert commands.send_due_reminders(system(house)) == []
    send_reminders(practice_id=str(house.practice.pk))
    assert Envelope.objects.count() == 1


def test_two_visits_of_a_day_are_one_message_and_another_day_is_another(house: House) -> None:
    one_rule(name="Three days", lead_minutes=3 * 24 * 60)
    phone(house.diaz)
    appointment(house, TUESDAY)
    appointment(house, TUESDAY + timedelta(hours=1))
    appointment(house, TUESDAY + timedelta(days=1))
    made = commands.send_due_reminders(system(house))
    assert sorted(one.visits.count() for one in made) == [1, 2]
    assert "2 visits on Tuesday, March 10, 2026 at 9:00 am and 10:00 am" in words(
        next(one for one in made if one.visits.count() == 2)
    )


def test_a_patients_language_is_spoken(house: House) -> None:
    phone(house.diaz)
    Patient.objects.filter(pk=house.diaz.pk).update(language="es")
    _, sent = reminded(house)
    assert "Usted tiene una cita el martes, 10 de marzo de 2026. Hora: 9:00 am" in words(sent)


def test_a_language_that_the_house_does_not_speak_is_english_throughout(house: House) -> None:
    phone(house.diaz)
    Patient.objects.filter(pk=house.diaz.pk).update(language="de")
    _, sent = reminded(house)
    assert "You have a visit on Tuesday, March 10, 2026" in words(sent)


def test_who_may_not_be_texted_is_called_and_who_has_only_mail_is_on_the_list(house: House) -> None:
    phone(house.diaz, may_text=False, may_leave_message=True)
    _, called = reminded(house)
    assert called.channel == "voice"
    assert words(called).startswith("Hello. Northside Family Medicine: You have a visit")
    assert BASE not in words(called)
    Patient.objects.filter(pk=house.ann.pk).update(email="ann@example.org")
    _, unreached = reminded(house, TUESDAY + timedelta(minutes=30), patient=house.ann)
    assert (unreached.state, unreached.envelope_id) == (
        "not_reached",
        None,
    )  # a training office sends no e-mail
    assert [one.patient_id for one in reminders.to_be_called(cast.NOW)] == [house.ann.pk]


def test_who_wants_none_gets_none_and_who_said_stop_gets_no_text(house: House) -> None:
    phone(house.diaz, may_leave_message=True)
    phone(house.ann, "+14135550143")
    wish = {"prefers": "", "no_email": False, "no_reminders": True, "version": None}
    commands.note_reminder_wish(house.rosa, patient_id=house.ann.pk, **wish)
    mailroom.opt_out(house.rosa, channel="sms", address="+14135550142")
    appointment(house, TUESDAY + timedelta(hours=1), patient=house.ann)
    _, sent = reminded(house)
    assert sent.channel == "voice"
    assert Envelope.objects.count() == 1


NOTHING = {"prefers": "", "no_email": False, "no_reminders": True, "version": None}
NO_EMAIL = NOTHING | {"no_email": True, "no_reminders": False}


def test_a_wish_for_no_messages_stops_what_waits_and_nobody_needs_to_call(house: House) -> None:
    phone(house.diaz)
    _, sent = reminded(house)
    commands.note_reminder_wish(house.rosa, patient_id=house.diaz.pk, **NOTHING)
    sent.refresh_from_db()
    assert (sent.state, Envelope.objects.get().state, sent.link.is_live(cast.NOW)) == (
        "stopped",
        "stopped",
        False,
    )
    assert not reminders.to_be_called(cast.NOW).exists()


def test_a_wish_for_no_email_lets_what_waits_go_by_the_next_way(house: House) -> None:
    Patient.objects.filter(pk=house.diaz.pk).update(email="m@example.org")
    phone(house.diaz)
    wish = NOTHING | {"prefers": "email", "no_reminders": False}
    kept = commands.note_reminder_wish(house.rosa, patient_id=house.diaz.pk, **wish)
    _, sent = reminded(house)
    Reminder.objects.filter(pk=sent.pk).update(channel="email", channels_left=["sms"])
    commands.note_reminder_wish(house.rosa, patient_id=house.diaz.pk, **NO_EMAIL | {"version": kept.version})
    sent.refresh_from_db()
    assert (sent.state, sent.channel, sent.address) == ("on_its_way", "sms", "+14135550142")


def test_a_message_to_a_family_goes_on_about_those_who_still_want_it(house: House) -> None:
    phone(house.diaz)
    phone(house.ann)
    appointment(house, TUESDAY)
    appointment(house, TUESDAY + timedelta(minutes=30), patient=house.ann)
    commands.keep_reminder_rule(
        house.ana,
        name="Two days",
        lead=timedelta(days=2),
        channels=["sms"],
        from_clock=time(9),
        to_clock=time(20),
        also_confirmed=True,
        type_id=None,
    )
    (sent,) = commands.send_due_reminders(system(house))
    commands.note_reminder_wish(house.rosa, patient_id=house.diaz.pk, **NOTHING)
    sent.refresh_from_db()
    assert sent.state == "on_its_way"
    assert "at 9:30 am" in words(sent)
    assert sent.envelope.patient_ids == [str(house.ann.pk)]


def test_a_way_that_fails_is_not_followed_by_one_that_the_patient_does_not_want(house: House) -> None:
    phone(house.diaz, may_leave_message=True)
    _, sent = reminded(house)
    Envelope.objects.filter(pk=sent.envelope_id).update(state="failed")
    commands.note_reminder_wish(house.rosa, patient_id=house.diaz.pk, **NOTHING)
    commands.follow_fallen_reminders(system(house))
    sent.refresh_from_db()
    assert (sent.state, sent.tries.count()) == ("stopped", 1)


def test_a_preferred_way_is_tried_first(house: House) -> None:
    phone(house.diaz, may_leave_message=True)
    wish = {"prefers": "voice", "no_email": True, "no_reminders": False, "version": None}
    commands.note_reminder_wish(house.rosa, patient_id=house.diaz.pk, **wish)
    _, sent = reminded(house)
    assert (sent.channel, sent.channels_left) == ("voice", ["sms"])
    with pytest.raises(StaleForm):
        commands.note_reminder_wish(house.rosa, patient_id=house.diaz.pk, **wish | {"version": 9})


def test_at_night_nothing_goes(house: House) -> None:
    phone(house.diaz)
    appointment(house, TUESDAY + timedelta(hours=12))
    night = cast.NOW + timedelta(hours=11)  # 9 pm
    assert commands.send_due_reminders(system(house, night)) == []
    assert len(commands.send_due_reminders(system(house, night + timedelta(hours=12)))) == 1


def test_an_envelope_that_is_late_into_the_night_is_not_sent(house: House) -> None:
    phone(house.diaz)
    _, sent = reminded(house)
    late = delivered(house, sent, cast.NOW + timedelta(hours=11))
    assert (late.state, late.sent_at) == ("failed", None)


def test_a_way_that_fails_is_followed_by_the_next_and_at_last_by_the_desk(house: House) -> None:
    phone(house.diaz, "+14135550199", may_leave_message=True)  # a number that is not in service
    _, sent = reminded(house)
    for wait in (4, 5, 7, 11, 19, 35, 67, 131):
        delivered(house, sent, cast.NOW + timedelta(minutes=wait))
    assert Envelope.objects.get(pk=sent.envelope_id).state == "failed"
    assert WorkqueueItem.objects.count() == 0
    later = cast.NOW + timedelta(hours=3)
    commands.follow_fallen_reminders(system(house, later))
    sent.refresh_from_db()
    assert (sent.channel, sent.state, sent.tries.count()) == ("voice", "on_its_way", 2)
    Envelope.objects.filter(pk=sent.envelope_id).update(state="failed")
    commands.follow_fallen_reminders(system(house, later))
    sent.refresh_from_db()
    assert sent.state == "not_reached"
    assert commands.follow_fallen_reminders(system(house, later)) == []


def test_the_old_link_closes_when_the_next_way_carries_another(house: House) -> None:
    phone(house.diaz)
    Patient.objects.filter(pk=house.diaz.pk).update(email="m@example.org")
    _, sent = reminded(house)
    first = sent.link_id
    Reminder.objects.filter(pk=sent.pk).update(channels_left=["sms"])
    Envelope.objects.filter(pk=sent.envelope_id).update(state="failed")
    commands.follow_fallen_reminders(system(house))
    sent.refresh_from_db()
    assert sent.link_id != first
    assert PortalLink.objects.get(pk=first).revoked_at == cast.NOW


def test_a_real_office_writes_by_its_mail_server_and_the_subject_names_no_visit(
    house: House, settings: Any, mailoutbox: list[Any]
) -> None:
    type(house.practice).objects.filter(pk=house.practice.pk).update(is_training=False, clock_at=None)
    settings.EMAIL_HOST = "mail.northside.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    phone(house.diaz)
    Patient.objects.filter(pk=house.diaz.pk).update(email="m@example.org")
    _, sent = reminded(house, reason="Chest pain")
    kept = letter_of(Envelope.objects.get(pk=sent.envelope_id))
    assert kept is not None
    assert (sent.channel, kept.to) == ("email", "m@example.org")
    assert kept.subject == "Your visit at Northside Family Medicine"
    assert f"{BASE}/p/" in kept.text
    assert not [word for word in ("Diaz", "Maria", "Chest", "Follow-up") if word in kept.text + kept.subject]
    assert delivered(house, sent).state == "sent"
    assert mailoutbox[0].to == ["m@example.org"]


def test_without_an_address_that_patients_can_reach_no_link_is_written(house: House, settings: Any) -> None:
    settings.PUBLIC_URL = ""
    phone(house.diaz)
    _, sent = reminded(house)
    assert "http" not in words(sent)
    assert "Reply 1 if you will come" in words(sent)


def test_the_desk_sends_one_now_and_stops_it_before_it_leaves(house: House) -> None:
    phone(house.diaz)
    booked = appointment(house, TUESDAY + timedelta(days=30))
    sent = commands.send_reminder_now(house.rosa, appointment_id=booked.pk)
    commands.stop_reminder(house.rosa, reminder_id=sent.pk, version=None)
    sent.refresh_from_db()
    assert sent.state == "stopped"
    assert Envelope.objects.get(pk=sent.envelope_id).state == "stopped"
    assert PortalLink.objects.get(pk=sent.link_id).revoked_by == "Rosa Marin"
    assert delivered(house, sent).sent_at is None
    with pytest.raises(commands.NothingToStop):
        commands.stop_reminder(house.rosa, reminder_id=sent.pk, version=None)
    assert commands.follow_fallen_reminders(system(house)) == []


def test_a_second_press_sends_no_second_message(house: House) -> None:
    phone(house.diaz)
    booked = appointment(house, TUESDAY + timedelta(days=30))
    sent = commands.send_reminder_now(house.rosa, appointment_id=booked.pk)
    with pytest.raises(commands.RemindedJustNow, match="One leaves 10:03 am"):
        commands.send_reminder_now(house.rosa, appointment_id=booked.pk)
    delivered(house, sent)
    with pytest.raises(commands.RemindedJustNow, match="One left at 10:04 am"):
        commands.send_reminder_now(
            cast.rosa(house.practice.pk, cast.NOW + timedelta(minutes=30)), appointment_id=booked.pk
        )
    assert Envelope.objects.count() == 1
    commands.send_reminder_now(
        cast.rosa(house.practice.pk, cast.NOW + timedelta(minutes=70)), appointment_id=booked.pk
    )


def test_one_that_was_stopped_or_did_not_arrive_is_sent_again(house: House) -> None:
    phone(house.diaz)
    booked = appointment(house, TUESDAY + timedelta(days=30))
    sent = commands.send_reminder_now(house.rosa, appointment_id=booked.pk)
    commands.stop_reminder(house.rosa, reminder_id=sent.pk, version=None)
    again = commands.send_reminder_now(house.rosa, appointment_id=booked.pk)
    Envelope.objects.filter(pk=again.envelope_id).update(state="failed")
    assert commands.send_reminder_now(house.rosa, appointment_id=booked.pk).pk not in (sent.pk, again.pk)


def test_who_is_here_already_is_not_reminded(house: House) -> None:
    phone(house.diaz)
    booked = appointment(house, cast.NOW + timedelta(hours=3))
    visits.arrive(house.rosa, appointment_id=booked.pk)
    with pytest.raises(commands.CannotBeReached):
        commands.send_reminder_now(house.rosa, appointment_id=booked.pk)
    assert commands.send_due_reminders(system(house)) == []


def test_what_has_left_is_not_stopped(house: House) -> None:
    phone(house.diaz)
    _, sent = reminded(house)
    delivered(house, sent)
    with pytest.raises(commands.NothingToStop):
        commands.stop_reminder(house.rosa, reminder_id=sent.pk, version=None)
    assert PortalLink.objects.get(pk=sent.link_id).revoked_at is None


def test_the_desk_is_told_why_nothing_can_be_sent(house: House) -> None:
    phone(house.diaz)
    booked = appointment(house, TUESDAY)
    with pytest.raises(commands.QuietHours):
        commands.send_reminder_now(
            cast.rosa(house.practice.pk, cast.NOW + timedelta(hours=10)), appointment_id=booked.pk
        )
    nobody = appointment(house, TUESDAY + timedelta(hours=1), patient=house.ann)
    with pytest.raises(commands.CannotBeReached):
        commands.send_reminder_now(house.rosa, appointment_id=nobody.pk)
    with pytest.raises(NotPermitted):
        commands.send_reminder_now(house.auditor, appointment_id=booked.pk)
    assert Envelope.objects.count() == 0


def test_a_family_at_one_number_is_written_to_once_but_mailed_to_nobody_else(house: House) -> None:
    mother = texted("Okafor", "+14135550150", email="mother@example.org")
    child = texted("Okafor", "+14135550150")
    appointment(house, TUESDAY, patient=mother)
    appointment(house, TUESDAY + timedelta(minutes=20), patient=child)
    (sent,) = commands.send_due_reminders(system(house))
    assert (sent.channel, sent.channels_left) == ("sms", [])
    assert Envelope.objects.get().patient_ids == [str(mother.pk), str(child.pk)]


def test_ten_thousand_visits_cost_the_statements_of_ten(house: House) -> None:
    counts = []
    for many, first in ((10, 50_000), (10_000, 60_000)):
        people = Patient.objects.bulk_create(
            Patient(
                chart_number=first + n,
                family=f"Many{n}",
                given="A",
                born_on=house.diaz.born_on,
                registered_at=cast.NOW,
            )
            for n in range(many)
        )
        at = TUESDAY + timedelta(days=first // 10_000)
        Appointment.objects.bulk_create(
            Appointment(
                patient=one,
                provider=house.lee,
                location=house.door,
                type=house.follow_up,
                starts_at=at + timedelta(seconds=n),
                ends_at=at + timedelta(seconds=n + 1),
                on_day=at.date(),
                booked_at=cast.NOW - timedelta(days=30),
                booked_by="Rosa Marin",
            )
            for n, one in enumerate(people)
        )
        with CaptureQueriesContext(connection) as heard:
            found = reminders.due(house.practice, at - timedelta(hours=20), most=20_000)
        counts.append(len(heard))
        assert len(found) == many
    assert counts[0] == counts[1] <= 4


def test_a_partner_taken_out_of_use_closes_its_way(house: House) -> None:
    phone(house.diaz, may_leave_message=True)
    TradingPartner.objects.filter(folder="sms").update(is_active=False)
    _, sent = reminded(house)
    assert sent.channel == "voice"


def test_each_run_is_a_line_of_the_diary_that_names_whom_it_wrote_to(house: House) -> None:
    phone(house.diaz)
    reminded(house)
    line = AuditLine.objects.get(action="schedule.reminders.sent")
    assert (line.patient_ids, line.details) == ([house.diaz.pk], {"messages": 1})


def test_a_rule_of_one_kind_of_visit_is_kept_and_checked(house: House) -> None:
    facts: dict[str, Any] = {
        "type_id": house.follow_up.pk,
        "lead": timedelta(hours=48),
        "channels": ["voice", "sms", "voice"],
        "from_clock": time(10),
        "to_clock": time(18),
    }
    kept = commands.keep_reminder_rule(house.ana, name="Two days", **facts)
    assert (kept.channels, kept.lead_minutes, kept.version) == (["voice", "sms"], 2880, 1)
    for wrong in (
        {"channels": []},
        {"channels": ["fax"]},
        {"lead": timedelta(minutes=5)},
        {"lead": timedelta(days=31)},
        {"to_clock": time(10)},
        {"name": "One day before"},
    ):
        with pytest.raises(commands.StrangeRule):
            commands.keep_reminder_rule(house.ana, **{"name": "Other"} | facts | wrong)
    with pytest.raises(NotPermitted):
        commands.keep_reminder_rule(house.rosa, name="Mine", **facts)
    with pytest.raises(StaleForm):
        commands.use_reminder_rule(house.ana, rule_id=kept.pk, version=9, is_active=False)


def test_nothing_is_sent_about_a_visit_that_was_given_up_or_moved_meanwhile(house: House) -> None:
    phone(house.diaz)
    phone(house.ann, "+14135550143")
    given_up, first = reminded(house)
    commands.cancel_appointment(house.rosa, appointment_id=given_up.pk, version=None, reason="Patient is ill")
    moved, second = reminded(house, TUESDAY + timedelta(minutes=30), patient=house.ann)
    commands.move_appointment(
        house.rosa, appointment_id=moved.pk, version=None, starts_at=TUESDAY + timedelta(days=7)
    )
    for sent in (first, second):
        assert delivered(house, sent).state == "stopped"
        sent.refresh_from_db()
        assert sent.state == "stopped"
        assert PortalLink.objects.get(pk=sent.link_id).revoked_at == cast.NOW


def test_nothing_is_sent_about_a_visit_that_was_given_up_while_its_message_was_to_be_tried_again(
    house: House,
) -> None:
    phone(house.diaz)
    booked, sent = reminded(house)
    at = cast.NOW + timedelta(minutes=4)
    assert sent.envelope_id
    mailroom.begin_delivery(system(house, at), envelope_id=sent.envelope_id)
    mailroom.note_not_delivered(system(house, at), envelope_id=sent.envelope_id, sentence="No line.")
    commands.cancel_appointment(house.rosa, appointment_id=booked.pk, version=None, reason="Patient is ill")
    assert delivered(house, sent, at + timedelta(minutes=5)).state == "stopped"
    sent.refresh_from_db()
    assert sent.state == "stopped"


def test_a_message_about_two_visits_goes_without_the_one_that_is_given_up(house: House) -> None:
    phone(house.diaz)
    first = appointment(house, TUESDAY)
    second = appointment(house, TUESDAY + timedelta(minutes=40))
    (sent,) = commands.send_due_reminders(system(house))
    both = sent.envelope_id
    commands.cancel_appointment(house.rosa, appointment_id=first.pk, version=None, reason="Patient is ill")
    sent.refresh_from_db()
    assert Envelope.objects.get(pk=both).state == "stopped"
    assert "You have a visit on Tuesday, March 10, 2026 at 9:40 am." in words(sent)
    assert delivered(house, sent).state == "sent"
    assert [one.appointment_id for one in sent.visits.all()] == [second.pk]
    commands.reopen_appointment(house.nurse, appointment_id=first.pk)
    (again,) = commands.send_due_reminders(system(house))
    assert [one.appointment_id for one in again.visits.all()] == [first.pk]


def test_a_message_to_a_family_goes_on_in_the_language_of_those_who_come(house: House) -> None:
    phone(house.diaz)
    other = texted("Diaz", "+14135550142", language="es")
    first = appointment(house, TUESDAY)
    appointment(house, TUESDAY + timedelta(minutes=40), patient=other)
    (sent,) = commands.send_due_reminders(system(house))
    later = TUESDAY + timedelta(days=7)
    commands.move_appointment(house.rosa, appointment_id=first.pk, version=None, starts_at=later)
    sent.refresh_from_db()
    assert (sent.patient_id, sent.language) == (other.pk, "es")
    assert sent.link is not None
    assert sent.link.patient_id == other.pk
    commands.cancel_appointment(
        house.rosa, appointment_id=sent.visits.get().appointment_id, version=None, reason="Patient is ill"
    )
    assert delivered(house, sent).state == "stopped"
    sent.refresh_from_db()
    assert sent.state == "stopped"


def books(house: House, at: datetime = TUESDAY, **more: Any) -> Appointment:
    """Book as the desk does, two days before."""
    by = cast.rosa(house.practice.pk, cast.NOW - timedelta(days=2))
    facts = {"patient_id": house.diaz.pk, "provider_id": house.lee.pk, "location_id": house.door.pk}
    return commands.book_appointment(by, **facts | {"type_id": house.follow_up.pk, "starts_at": at} | more)


def in_a_series(house: House) -> tuple[Appointment, Any]:
    by = cast.rosa(house.practice.pk, cast.NOW - timedelta(days=2))
    series = commands.book_series(
        by,
        patient_id=house.diaz.pk,
        provider_id=house.lee.pk,
        location_id=house.door.pk,
        type_id=house.follow_up.pk,
        first_on=TUESDAY.date(),
        clock=time(9),
        every=1,
        unit="week",
        weekdays=[],
        starts=[TUESDAY, TUESDAY + timedelta(days=7)],
    )
    return Appointment.objects.get(starts_at=TUESDAY), lambda: commands.undo_series(
        house.rosa, series_id=series.pk
    )


def alone(house: House) -> tuple[Appointment, Any]:
    one = books(house)
    return one, lambda: commands.undo_booking(house.rosa, appointment_id=one.pk)


def moved_here(house: House) -> tuple[Appointment, Any]:
    by = cast.rosa(house.practice.pk, cast.NOW - timedelta(days=2))
    old = books(house, TUESDAY + timedelta(days=14))
    new = commands.move_appointment(by, appointment_id=old.pk, version=None, starts_at=TUESDAY)
    return new, lambda: commands.undo_booking(house.rosa, appointment_id=new.pk)


def together(house: House) -> tuple[Appointment, Any]:
    by = cast.rosa(house.practice.pk, cast.NOW - timedelta(days=2))
    facts = [
        commands.VisitFact(house.diaz.pk, house.lee.pk, house.door.pk, house.follow_up.pk, at)
        for at in (TUESDAY, TUESDAY + timedelta(days=7))
    ]
    group = commands.book_together(by, sort="chain", visits=facts)
    return Appointment.objects.get(starts_at=TUESDAY), lambda: commands.undo_together(
        house.rosa, group_id=group.pk
    )


@pytest.mark.parametrize("way", [alone, moved_here, in_a_series, together])
def test_nothing_is_sent_about_a_visit_whose_booking_is_taken_back(house: House, way: Any) -> None:
    phone(house.diaz)
    booked, undo = way(house)
    (sent,) = commands.send_due_reminders(system(house))
    assert sent.visits.get().appointment_id == booked.pk
    undo()
    assert delivered(house, sent).state == "stopped"
    sent.refresh_from_db()
    assert sent.state == "stopped"
    assert PortalLink.objects.get(pk=sent.link_id).revoked_at == cast.NOW


def given_up(house: House, one: Appointment) -> None:
    commands.cancel_appointment(house.rosa, appointment_id=one.pk, version=None, reason="Patient is ill")
    commands.reopen_appointment(house.nurse, appointment_id=one.pk)


def moved_away(house: House, one: Appointment) -> None:
    later = TUESDAY + timedelta(days=7)
    new = commands.move_appointment(house.rosa, appointment_id=one.pk, version=None, starts_at=later)
    commands.undo_booking(house.rosa, appointment_id=new.pk)


@pytest.mark.parametrize("away_and_back", [given_up, moved_away])
def test_a_visit_that_stands_again_is_reminded_when_its_message_was_stopped_with_it(
    house: House, away_and_back: Any
) -> None:
    phone(house.diaz)
    booked, first = reminded(house)
    away_and_back(house, booked)
    (second,) = commands.send_due_reminders(system(house))
    assert second.pk != first.pk
    assert delivered(house, first).state == "stopped"
    assert delivered(house, second).state == "sent"
    assert commands.send_due_reminders(system(house)) == []


@pytest.mark.parametrize("away_and_back", [given_up, moved_away])
def test_what_a_person_stopped_or_what_has_left_is_not_sent_again_when_the_visit_stands_again(
    house: House, away_and_back: Any
) -> None:
    phone(house.diaz)
    phone(house.ann, "+14135550143")
    booked, stopped = reminded(house)
    commands.stop_reminder(house.rosa, reminder_id=stopped.pk, version=None)
    other, left = reminded(house, TUESDAY + timedelta(minutes=40), patient=house.ann)
    assert delivered(house, left).state == "sent"
    for one in (booked, other):
        away_and_back(house, one)
    assert commands.send_due_reminders(system(house)) == []
