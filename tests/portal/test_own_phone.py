"""On the own phone: the reminder goes on into the check-in; "I am here" and "I wait in the car" reach the board."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from daysheet.frontdesk import commands as frontdesk
from daysheet.frontdesk.checkin import money_of
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import Practice
from daysheet.ledger.models import Balance
from daysheet.mailroom import texts
from daysheet.mailroom.models import Envelope, PortalLink
from daysheet.patients import commands as patients
from daysheet.patients.commands import RightFact
from daysheet.patients.models import Bringing, Patient, PatientContact, PatientPhone
from daysheet.portal import commands, rules
from daysheet.portal.models import SelfCheckIn
from daysheet.practice.models import OpeningHours
from daysheet.privacy import commands as privacy
from daysheet.privacy.models import FilledForm
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit, VisitStep, VisitToken
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk
from tests.portal.test_kiosk import born, coded, do, kiosk, start, through
from tests.reminded import BASE, path_of, reminded

SOON = cast.NOW + timedelta(minutes=40)


def linked(house: House) -> tuple[SelfCheckIn, str]:
    cache.clear()
    booked = appointment(house, SOON)
    row, token = commands.offer_link(house.rosa, appointment_id=booked.pk)
    return row, f"/p/{token}/check-in/"


def come_in(house: House, path: str, **said: str) -> tuple[Client, "object"]:
    browser = Client()
    form = hidden_fields(browser.get(path).content.decode())
    return browser, browser.post(path, form | born(house) | said)


def test_a_confirmed_reminder_leads_on_to_the_check_in(house: House) -> None:
    _, sent = reminded(house)
    browser = Client()
    form = hidden_fields(browser.get(path_of(sent)).content.decode())
    told = browser.post(path_of(sent), form | {"answer": "confirmed"}).content.decode()
    row = SelfCheckIn.objects.get()
    assert "Fill in my forms" in told
    path = told.split('href="/p/')[1].split('"')[0]
    assert PortalLink.objects.get(pk=row.link_id).purpose == "check_in"
    assert browser.get(f"/p/{path}").status_code == 200


def test_the_birth_date_opens_it_and_three_wrong_ones_end_the_link(house: House) -> None:
    row, path = linked(house)
    for _try in range(3):
        _, answer = come_in(house, path, born_on_2="1950") if _try == 0 else (None, again(house, path))
    assert Client().get(path).status_code == 404
    assert PortalLink.objects.get(pk=row.link_id).revoked_at is not None
    assert answer.status_code == 422
    assert not Visit.objects.exists()


def again(house: House, path: str) -> "object":
    return come_in(house, path, born_on_2="1951")[1]


def test_the_desk_sends_the_link_now_by_the_way_that_the_patient_wants(house: House) -> None:
    booked, rosa = appointment(house, SOON), desk(house)
    send = reverse("portal:send-link", args=[booked.pk])
    page = reverse("schedule:appointment", args=[booked.pk])
    PatientPhone.objects.update(may_text=False)
    assert rosa.post(send)["Location"] == page
    refused = rosa.get(page).content.decode()
    assert ("No text and no e-mail may go" in refused, Envelope.objects.exists()) == (True, False)
    PatientPhone.objects.update(may_text=True)
    Patient.objects.filter(pk=house.diaz.pk).update(language="es")
    assert f'action="{send}"' in rosa.get(page).content.decode()
    rosa.post(send)
    told = rosa.get(page).content.decode()
    assert "The link to the own check-in is sent by text." in told
    sent = Envelope.objects.get(kind="sms")
    text = texts.unpacked(bytes(sent.content)).text
    assert "Regístrese para su cita" in text
    assert "Diaz" not in text
    path = text[text.index(BASE) + len(BASE) :].split()[0]
    row = SelfCheckIn.objects.get()
    assert "check-in/" in Client().get(path)["Location"]
    assert rosa.post(reverse("portal:link-back", args=[row.pk])).status_code == 303
    sent.refresh_from_db()
    assert sent.state == "stopped"
    assert Client().get(path).status_code == 404


def test_the_check_in_sends_the_link_too_and_an_auditor_does_not(house: House) -> None:
    booked, rosa = appointment(house, SOON), desk(house)
    visit = visits.arrive(house.rosa, appointment_id=booked.pk)
    here, send = f"/desk/visits/{visit.pk}/check-in/", reverse("portal:send-link", args=[booked.pk])
    assert f'action="{send}"' in rosa.get(here).content.decode()
    assert rosa.post(send)["Location"] == here
    with pytest.raises(NotPermitted):
        commands.send_link(house.auditor, appointment_id=booked.pk)
    assert Envelope.objects.count() == 1


def test_who_waits_in_the_car_has_arrived_is_seen_on_the_board_and_called_in(house: House) -> None:
    row, path = linked(house)
    browser, answer = come_in(house, path)
    assert answer["Location"] == "/p/here/"
    row.refresh_from_db()
    assert row.visit is None
    assert through(browser, row)["Location"] == "/p/here/wait/"
    row.refresh_from_db()
    assert (row.visit.flow, row.waits_in_car) == ("arrived", True)
    waiting = browser.get("/p/here/wait/").content.decode()
    assert ("Wait in your car" in waiting, "A-01" in waiting) == (True, True)
    nora = desk(house, name="nora")
    assert "Waits in the car" in nora.get("/desk/").content.decode()
    nora.post(f"/p/desk/{row.pk}/act/", {"act": "call_in"})
    assert "Please come in" in browser.get("/p/here/wait/").content.decode()
    nora.post(f"/p/desk/{row.pk}/act/", {"act": "take_back_call"})
    assert "Please come in" not in browser.get("/p/here/wait/").content.decode()


def test_the_phone_the_line_and_the_board_know_of_the_same_car(house: House) -> None:
    row, path = linked(house)
    browser, _ = come_in(house, path)
    row.refresh_from_db()
    through(browser, row)
    row.refresh_from_db()
    token, nora = VisitToken.objects.get(visit=row.visit), desk(house, name="nora")

    def told() -> tuple[str, bool, bool]:
        token.refresh_from_db()
        phone = browser.get("/p/here/wait/").content.decode()
        board = nora.get("/desk/").content.decode()
        return token.state, "Wait in your car" in phone, "Waits in the car" in board

    in_car, called_in = ("in_car", True, True), ("waiting", False, False)
    assert told() == in_car
    nora.post(f"/p/desk/{row.pk}/act/", {"act": "call_in"})
    assert told() == called_in
    nora.post(f"/p/desk/{row.pk}/act/", {"act": "take_back_call"})
    assert told() == in_car
    nora.post(f"/desk/line/{token.pk}/back/")
    assert told() == called_in
    assert "Please come in" in browser.get("/p/here/wait/").content.decode()
    nora.post(f"/desk/line/{token.pk}/car/")
    assert told() == in_car


def test_the_phone_names_the_sum_before_the_arrival_when_it_is_known(house: House) -> None:
    plan = make.plan()
    make.coverage(house.diaz, plan)
    Balance.objects.create(patient=house.diaz, owes=Decimal("12.40"))
    row, path = linked(house)
    browser, _ = come_in(house, path)
    row.refresh_from_db()
    page = f"/p/here/{row.steps.index('money') + 1}/"
    shown = browser.get(page).content.decode()
    assert ("Please pay at the desk" in shown, "To pay" in shown) == (True, False)
    plan.office_copay = Decimal("30.00")
    plan.save()
    known = browser.get(page).content.decode()
    assert ("$42.40" in known, "To pay at your visit:" in known) == (True, True)
    assert not Visit.objects.exists()
    arrived = visits.arrive(house.rosa, appointment_id=row.appointment_id)
    assert money_of(arrived).to_take == Decimal("42.40")


def test_the_link_is_used_up_by_the_end_and_opens_nothing_elsewhere(house: House) -> None:
    row, path = linked(house)
    browser, _ = come_in(house, path)
    row.refresh_from_db()
    through(browser, row)
    assert Client().get(path).status_code == 404
    assert browser.get(path)["Location"] == "/p/here/wait/"


def test_nobody_is_here_on_another_day_or_while_the_door_is_closed(house: House) -> None:
    row, path = linked(house)
    browser, _ = come_in(house, path)
    row.refresh_from_db()
    number = row.steps.index("here") + 1
    OpeningHours.objects.create(location=house.door, weekday=0, opens=time(13), closes=time(17))
    assert "I am here</button>" not in browser.get(f"/p/here/{number}/").content.decode()
    assert do(browser, number, place="car").status_code == 409
    assert not Visit.objects.exists()


def test_the_desk_takes_a_link_back(house: House) -> None:
    row, path = linked(house)
    desk(house, name="nora").post(f"/p/desk/{row.pk}/act/", {"act": "take_back"})
    assert Client().get(path).status_code == 404


def test_a_new_link_ends_what_was_begun_by_the_one_before(house: House) -> None:
    row, path = linked(house)
    first, answer = come_in(house, path)
    there = first.get(answer["Location"])["Location"]
    assert first.get(there).status_code == 200
    _row, token = commands.offer_link(house.rosa, appointment_id=row.appointment_id)
    second, answer = come_in(house, f"/p/{token}/check-in/")
    assert second.get(second.get(answer["Location"])["Location"]).status_code == 200
    assert first.get(there).status_code == 303
    told = first.get(first.get(there)["Location"]).content.decode()
    assert "Diaz" not in told
    assert second.get(there).status_code == 200


def test_a_link_is_of_its_own_practice_alone(house: House) -> None:
    row, path = linked(house)
    assert Practice.objects.filter(pk=house.practice.pk).exists()
    assert row.location == house.door
    other = path.replace("/p/", "/p/x", 1)
    assert Client().get(other).status_code == 404


def test_the_screens_follow_the_open_steps() -> None:
    due = ["identity", "demographics", "coverage", "card", "privacy_notice", "form-treatment", "copay"]
    assert rules.screens(due, age=40, is_phone=False) == [
        "contact",
        "insurance",
        "form-npp",
        "form-treatment",
        "money",
    ]
    assert rules.screens(["identity"], age=9, is_phone=True) == ["guardian", "here"]


def test_what_is_spelled_alike_is_no_change() -> None:
    assert rules.changes({"city": " holyoke "}, {"city": "Holyoke"}) == []
    assert rules.changes({"city": "Amherst"}, {"city": "Holyoke"}) == [
        rules.Change("city", "Amherst", "Holyoke")
    ]


# --- A child, and who may sign and bring -------------------------------------------------------------------


def child(house: House) -> None:
    """Ms. Diaz is eight, with a father whom a court has forbidden to bring her or to sign, and a mother."""
    house.diaz.born_on = date(2018, 5, 1)
    house.diaz.save()
    facts = {"patient_id": house.diaz.pk}
    father = patients.add_person(house.rosa, **facts, relationship="Father", name="Luis Diaz")
    patients.add_person(house.rosa, **facts, relationship="Mother", name="Ana Diaz")
    patients.record_rights(
        house.rosa,
        contact_id=father.pk,
        facts=[RightFact("bring", "no"), RightFact("sign", "no")],
        from_on=cast.MONDAY,
        ordered_on=cast.MONDAY,
        paper="Order",
    )


def at_the_form(house: House) -> tuple[SelfCheckIn, Client, int]:
    """Come in from home, and stand before the first form."""
    row, path = linked(house)
    browser, _ = come_in(house, path)
    row.refresh_from_db()
    return row, browser, next(n for n, one in enumerate(row.steps, 1) if one.startswith("form-"))


def test_who_may_not_sign_for_a_child_does_not_from_home_either(house: House) -> None:
    child(house)
    _row, browser, number = at_the_form(house)
    said = {"relationship": "parent", "agrees": "on"}
    refused = do(browser, number, signed_by="luis  diaz", **said)
    told = refused.content.decode()
    assert (refused.status_code, "This person cannot sign here." in told) == (409, True)
    assert "Court order" not in told
    assert not FilledForm.objects.exists()
    assert do(browser, number, signed_by="Ana Diaz", **said).status_code == 303
    assert FilledForm.objects.get().signed_by == "Ana Diaz"


def brought_by(house: House, name: str) -> tuple[SelfCheckIn, Client]:
    """Do all the steps from home, and say who brings the child."""
    child(house)
    row, path = linked(house)
    browser, _ = come_in(house, path)
    row.refresh_from_db()
    assert through(browser, row, guardian=name, signer="Ana Diaz")["Location"] == "/p/here/wait/"
    row.refresh_from_db()
    return row, desk(house, name="nora")


def test_a_barred_father_is_a_red_mark_on_the_board_and_at_check_in(house: House) -> None:
    row, nora = brought_by(house, "LUIS diaz")
    assert not Bringing.objects.exists()
    told = "Luis Diaz may not bring the child"
    for page in ("/desk/", f"/desk/visits/{row.visit_id}/check-in/", f"/p/desk/{row.pk}/"):
        body = nora.get(page).content.decode()
        assert told in body
        assert "tag-stop" in body.split(told)[0][-300:]
    mother = PatientContact.objects.get(name="Ana Diaz")
    patients.note_bringing(
        house.rosa, patient_id=house.diaz.pk, visit_id=row.visit_id, today=cast.MONDAY, contact_id=mother.pk
    )
    assert told not in nora.get("/desk/").content.decode()


def test_a_mother_who_may_is_noted_as_the_one_who_brings_the_child(house: House) -> None:
    row, nora = brought_by(house, "Ana Diaz")
    noted = Bringing.objects.get()
    assert (noted.name, noted.visit_id, noted.by_name) == (
        "Ana Diaz",
        row.visit_id,
        "Patient, on the own phone",
    )
    assert "may not bring" not in nora.get("/desk/").content.decode()


def test_a_father_named_after_the_mother_is_marked_and_her_bringing_is_taken_back(house: House) -> None:
    child(house)
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    row.refresh_from_db()
    number = row.steps.index("guardian") + 1
    do(browser, number, name="Ana Diaz", relationship="parent")
    mother = Bringing.objects.get()
    do(browser, number, name="Luis Diaz", relationship="parent")
    nora = desk(house, name="nora")
    assert not Bringing.objects.exists()
    assert "Luis Diaz may not bring the child" in nora.get("/desk/").content.decode()
    do(browser, number, name="Ana Diaz", relationship="parent")
    assert Bringing.objects.get().name == mother.name
    patients.note_bringing(
        house.rosa,
        patient_id=house.diaz.pk,
        visit_id=mother.visit_id,
        today=cast.MONDAY,
        contact_id=mother.contact_id,
    )
    do(browser, number, name="Luis Diaz", relationship="parent")
    assert Bringing.objects.get().by_name == "Rosa Marin"
    assert "may not bring the child" not in nora.get("/desk/").content.decode()


def test_a_bringing_that_the_own_check_in_noted_hides_no_mark(house: House) -> None:
    row, nora = brought_by(house, "LUIS diaz")
    mother = PatientContact.objects.get(name="Ana Diaz")
    by = replace(house.rosa, name=rules.ON_PHONE)
    patients.note_bringing(
        by, patient_id=house.diaz.pk, visit_id=row.visit_id, today=cast.MONDAY, contact_id=mother.pk
    )
    assert "Luis Diaz may not bring the child" in nora.get("/desk/").content.decode()


# --- What was signed at home stands at the visit ----------------------------------------------------------


def at_every_visit(house: House) -> None:
    visits.add_check_in_rule(house.ana, kind="form-treatment", often="every_visit", is_required=True)


def test_a_form_of_every_visit_signed_at_home_is_done_at_the_visit(house: House) -> None:
    at_every_visit(house)
    row, path = linked(house)
    browser, _ = come_in(house, path)
    row.refresh_from_db()
    through(browser, row)
    row.refresh_from_db()
    assert VisitStep.objects.get(visit=row.visit, kind="form-treatment").state == "done"
    assert FilledForm.objects.get(edition__form__key="treatment").visit_id == row.visit_id


def test_it_stands_also_where_the_desk_says_that_the_patient_is_here(house: House) -> None:
    at_every_visit(house)
    row, browser, number = at_the_form(house)
    number = row.steps.index("form-treatment") + 1
    assert do(browser, number, signed_by="Maria Diaz", agrees="on").status_code == 303
    visit = visits.arrive(house.rosa, appointment_id=row.appointment_id)
    assert VisitStep.objects.get(visit=visit, kind="form-treatment").state == "done"


def test_a_form_taken_back_meanwhile_is_asked_again(house: House) -> None:
    at_every_visit(house)
    row, browser, number = at_the_form(house)
    number = row.steps.index("form-treatment") + 1
    do(browser, number, signed_by="Maria Diaz", agrees="on")
    privacy.take_back_form(house.rosa, filled_id=FilledForm.objects.get().pk)
    visit = visits.arrive(house.rosa, appointment_id=row.appointment_id)
    assert VisitStep.objects.get(visit=visit, kind="form-treatment").state == "open"


# --- A visit that is given up or moved --------------------------------------------------------------------


def signed_at_home(house: House) -> tuple[SelfCheckIn, str]:
    """Come in from home, and sign the first form."""
    row, path = linked(house)
    browser, _ = come_in(house, path)
    row.refresh_from_db()
    number = next(n for n, one in enumerate(row.steps, 1) if one.startswith("form-"))
    do(browser, number, signed_by="Maria Diaz", agrees="on")
    row.refresh_from_db()
    return row, path


def moved(house: House, row: SelfCheckIn) -> Appointment:
    """Move the visit to the next day at ten."""
    booked = Appointment.objects.get(pk=row.appointment_id)
    later = cast.NOW + timedelta(days=1)
    return schedule.move_appointment(
        house.rosa, appointment_id=booked.pk, version=booked.version, starts_at=later, why="asked for it"
    )


def test_the_link_of_a_visit_that_is_cancelled_opens_nothing(house: House) -> None:
    row, path = signed_at_home(house)
    schedule.cancel_appointment(
        house.rosa, appointment_id=row.appointment_id, version=None, reason="patient is ill"
    )
    assert Client().get(path).status_code == 404
    row.refresh_from_db()
    assert (row.state, row.code) == ("ended", "")


def test_a_cancelling_that_is_undone_lets_the_link_open_again_and_what_was_done_stands(house: House) -> None:
    row, path = signed_at_home(house)
    done = row.done
    about = {"appointment_id": row.appointment_id}
    schedule.cancel_appointment(house.rosa, **about, version=None, reason="patient is ill")
    schedule.reopen_appointment(house.rosa, **about)
    row.refresh_from_db()
    assert (row.state, row.done, row.ended_at) == ("offered", done, None)
    assert come_in(house, path)[1]["Location"] == "/p/here/"
    assert "On the phone" in desk(house, name="nora").get("/desk/").content.decode()


def test_a_link_that_the_desk_took_back_stays_so_when_a_cancelling_is_undone(house: House) -> None:
    row, path = signed_at_home(house)
    about = {"appointment_id": row.appointment_id}
    commands.take_offer_back(house.rosa, row_id=row.pk)
    schedule.cancel_appointment(house.rosa, **about, version=None, reason="patient is ill")
    schedule.reopen_appointment(house.rosa, **about)
    row.refresh_from_db()
    assert row.state == "ended"
    assert Client().get(path).status_code == 404


def test_what_was_said_goes_along_to_the_new_time_and_back(house: House) -> None:
    row, path = signed_at_home(house)
    done = row.done
    new = moved(house, row)
    row.refresh_from_db()
    assert (row.appointment_id, row.done, row.state) == (new.pk, done, "offered")
    assert PortalLink.objects.get(pk=row.link_id).expires_at > new.starts_at
    _, answer = come_in(house, path)
    assert answer["Location"] == "/p/here/"
    row.refresh_from_db()
    assert set(done) < set(row.steps)
    schedule.undo_booking(house.rosa, appointment_id=new.pk)
    row.refresh_from_db()
    assert (row.appointment.booking, row.done) == ("scheduled", done)


def test_who_was_missed_is_told_that_the_visit_is_not_planned(house: House) -> None:
    row, path = linked(house)
    Appointment.objects.filter(pk=row.appointment_id).update(booking="no_show")
    _, answer = come_in(house, path)
    assert (answer.status_code, "not planned any more" in answer.content.decode()) == (409, True)


@pytest.fixture
def walk_in(house: House) -> Visit:
    """Ms. Diaz came without an appointment."""
    return visits.walk_in(
        house.rosa,
        patient_id=house.diaz.pk,
        provider_id=house.lee.pk,
        location_id=house.door.pk,
        type_id=house.follow_up.pk,
        reason="Cough",
    )


def test_who_came_without_an_appointment_is_sent_a_link_too(house: House, walk_in: Visit) -> None:
    rosa, here = desk(house), f"/desk/visits/{walk_in.pk}/check-in/"
    send = reverse("portal:send-visit-link", args=[walk_in.pk])
    assert f'action="{send}"' in rosa.get(here).content.decode()
    assert rosa.post(send)["Location"] == here
    assert "The link to the own check-in is sent by text." in rosa.get(here).content.decode()
    text = texts.unpacked(bytes(Envelope.objects.get(kind="sms").content)).text
    path = Client().get(text[text.index(BASE) + len(BASE) :].split()[0])["Location"]
    cache.clear()
    browser, answer = come_in(house, path)
    assert answer["Location"] == "/p/here/"
    row = SelfCheckIn.objects.get()
    assert (row.visit_id, row.appointment_id) == (walk_in.pk, None)
    assert through(browser, row)["Location"] == "/p/here/wait/"
    row.refresh_from_db()
    assert (row.state, Visit.objects.count()) == ("finished", 1)
    assert Client().get(path).status_code == 404
    assert "A-01" in browser.get("/p/here/wait/").content.decode()


def test_the_link_of_a_walk_in_is_scanned_from_the_desks_screen_and_taken_back(
    house: House, walk_in: Visit
) -> None:
    rosa, here = desk(house), f"/desk/visits/{walk_in.pk}/check-in/"
    show = reverse("portal:show-link", args=[walk_in.pk])
    assert f'action="{show}"' in rosa.get(here).content.decode()
    page = rosa.post(show, {"_once": "a"}).content.decode()
    row = SelfCheckIn.objects.get()
    assert ("<svg" in page, reverse("portal:watch", args=[row.pk]) in page) == (True, True)
    _, address = commands.show_link(house.rosa, visit_id=walk_in.pk)
    path = Client().get(address.removeprefix(BASE))["Location"]
    assert Client().get(path).status_code == 200
    assert PortalLink.objects.filter(revoked_at=None).count() == 1
    assert rosa.post(reverse("portal:link-back", args=[row.pk])).status_code == 303
    assert Client().get(path).status_code == 404


def test_a_link_is_for_who_waits_at_the_desk_and_opens_nothing_when_the_visit_is_given_up(
    house: House, walk_in: Visit
) -> None:
    _, token = commands.offer_link_for_visit(house.rosa, visit_id=walk_in.pk)
    frontdesk.let_go_unseen(house.rosa, visit_id=walk_in.pk, reason="Did not want to wait")
    cache.clear()
    _, answer = come_in(house, f"/p/{token}/check-in/")
    assert (answer.status_code, "not planned any more" in answer.content.decode()) == (409, True)
    with pytest.raises(commands.NotToBeOffered):
        commands.offer_link_for_visit(house.rosa, visit_id=walk_in.pk)
    with pytest.raises(NotPermitted):
        commands.show_link(house.auditor, visit_id=walk_in.pk)


def test_where_no_phone_reaches_the_office_no_code_is_shown(
    house: House, walk_in: Visit, settings: Any
) -> None:
    settings.PUBLIC_URL = ""
    answer = desk(house).post(reverse("portal:show-link", args=[walk_in.pk]), {"_once": "a"})
    assert answer["Location"] == f"/desk/visits/{walk_in.pk}/check-in/"
    assert not PortalLink.objects.exists()


def test_who_is_booked_and_here_scans_the_link_too(house: House) -> None:
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, SOON).pk)
    _, address = commands.show_link(house.rosa, visit_id=visit.pk)
    path = Client().get(address.removeprefix(BASE))["Location"]
    cache.clear()
    assert come_in(house, path)[1]["Location"] == "/p/here/"
    assert SelfCheckIn.objects.get().visit_id == visit.pk
