"""A browser at the door becomes a kiosk: a code and a birth date open one patient's steps, and nothing else."""

from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.test import Client

from daysheet.kernel.models import AuditLine
from daysheet.patients.models import PatientPhone
from daysheet.portal import commands, seat
from daysheet.portal.models import Kiosk, SelfCheckIn
from daysheet.practice.models import User
from daysheet.privacy import commands as privacy
from daysheet.privacy.models import FilledForm
from daysheet.visits import before
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit, VisitStep
from tests import cast
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

HERE = "/p/here/"
CONTACT = {"phone": "+14135550142", "street": "", "city": "", "state": "", "zip": "", "email": ""}


def kiosk(house: House) -> Client:
    cache.clear()
    browser = desk(house)
    browser.post("/p/kiosks/open/", {"door": str(house.door.pk)})
    return browser


def born(house: House) -> dict[str, str]:
    day = house.diaz.born_on
    return {"born_on_0": str(day.month), "born_on_1": str(day.day), "born_on_2": str(day.year)}


def coded(house: House) -> SelfCheckIn:
    booked = appointment(house, cast.NOW + timedelta(minutes=20))
    return commands.offer_for_appointment(house.rosa, appointment_id=booked.pk)


def start(house: House, browser: Client, code: str, **said: str) -> "object":
    form = hidden_fields(browser.get(HERE).content.decode(), form='action="/p/here/"')
    return browser.post(HERE, form | {"code": code} | born(house) | said)


def do(browser: Client, number: int, **said: str) -> "object":
    path = f"{HERE}{number}/"
    form = hidden_fields(browser.get(path).content.decode(), form=f'action="{path}"')
    return browser.post(path, form | said)


def test_a_kiosk_holds_no_sign_in_and_leads_everywhere_back_to_its_first_screen(house: House) -> None:
    browser = kiosk(house)
    assert "_auth_user_id" not in browser.session
    for path in ("/", "/desk/", "/sign-in/", "/accounts/login/", "/patients/search/", "/p/kiosks/"):
        answer = browser.get(path)
        assert (answer.status_code, answer["Location"]) == (303, HERE)
    assert browser.get(HERE).status_code == 200


def test_it_is_left_with_the_password_of_somebody_of_the_office(house: House) -> None:
    browser = kiosk(house)
    user = User.objects.get(username="rosa")
    user.set_password("green lamp 77")
    user.save()
    assert browser.post("/p/here/leave/", {"username": "rosa", "password": "wrong"}).status_code == 422
    assert browser.get("/desk/")["Location"] == HERE
    left = browser.post("/p/here/leave/", {"username": "rosa", "password": "green lamp 77"})
    assert left.status_code == 303
    assert Kiosk.objects.get().closed_by
    assert "sign-in" in browser.get("/desk/")["Location"]


def test_code_and_birth_date_open_the_steps_and_the_patient_has_arrived(house: House) -> None:
    row, browser = coded(house), kiosk(house)
    answer = start(house, browser, row.code)
    assert answer["Location"] == f"{HERE}1/"
    row.refresh_from_db()
    assert (row.state, row.code, row.visit.flow) == ("doing", "", "arrived")
    assert "Diaz" not in browser.get(HERE, follow=True).content.decode().split("<main")[0]


def test_a_wrong_code_and_a_wrong_birth_date_answer_alike_and_the_third_asks_the_desk(house: House) -> None:
    row, browser = coded(house), kiosk(house)
    wrong = "1111" if row.code != "1111" else "2222"
    one = start(house, browser, wrong)
    two = start(house, browser, row.code, born_on_2="1950")
    assert (one.status_code, two.status_code) == (422, 422)
    assert lines(one) == lines(two)
    three = start(house, browser, wrong)
    assert three.status_code == 429
    assert "Please ask at the desk." in three.content.decode()
    assert not Visit.objects.exists()


def lines(page: "object") -> list[str]:
    return [line for line in page.content.decode().splitlines() if "hidden" not in line]


def test_a_code_works_once_and_for_fifteen_minutes(house: House) -> None:
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    browser.post("/p/here/again/")
    assert start(house, browser, row.code).status_code == 422
    new = commands.offer_for_visit(house.rosa, visit_id=SelfCheckIn.objects.get().visit_id)
    SelfCheckIn.objects.update(code_until=cast.NOW)
    assert start(house, browser, new.code).status_code == 422


def test_a_change_is_a_proposal_that_the_desk_takes_over(house: House) -> None:
    PatientPhone.objects.create(patient=house.diaz, number="+14135550142", may_text=True)
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    do(browser, 1, **(CONTACT | {"street": "9 Elm St", "city": "Holyoke", "phone": "413 555 0142"}))
    house.diaz.refresh_from_db()
    row.refresh_from_db()
    assert house.diaz.street != "9 Elm St"
    assert row.done == ["contact"]
    assert VisitStep.objects.get(visit=row.visit, kind="demographics").state == "open"
    nora = desk(house, name="nora")
    page = nora.get(f"/p/desk/{row.pk}/").content.decode()
    assert "9 Elm St" in page
    form = hidden_fields(page, form=f'action="/p/desk/{row.pk}/changes/"')
    nora.post(f"/p/desk/{row.pk}/changes/", form | {"take": ["street", "city"]})
    house.diaz.refresh_from_db()
    assert (house.diaz.street, house.diaz.city) == ("9 Elm St", "Holyoke")
    nora.post(f"/p/desk/{row.pk}/act/", {"act": "put_back"})
    house.diaz.refresh_from_db()
    assert house.diaz.street != "9 Elm St"


def test_after_the_last_step_nothing_of_the_patient_is_left(house: House) -> None:
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    row.refresh_from_db()
    answer = through(browser, row)
    assert answer["Location"].startswith("/p/here/end/")
    assert "A-01" in browser.get(answer["Location"]).content.decode()
    assert "1111" not in browser.get("/p/here/end/?number=A-1111x").content.decode()
    for path in (f"{HERE}1/", "/p/here/wait/", HERE):
        told = browser.get(path, follow=True)
        assert "Diaz" not in told.content.decode()
        assert "no-store" in told["Cache-Control"]
    row.refresh_from_db()
    assert (row.state, row.visit.flow) == ("finished", "arrived")
    assert FilledForm.objects.filter(patient=house.diaz).count() == len(
        [one for one in row.steps if one.startswith("form-")]
    )


def through(
    browser: Client, row: SelfCheckIn, *, guardian: str = "Luz Diaz", signer: str = "Maria Diaz"
) -> "object":
    answer: object = None
    for number, step in enumerate(row.steps, 1):
        said = {
            "contact": CONTACT,
            "insurance": {"answer": "none"},
            "photo_id": {"answer": "none"},
            "guardian": {"name": guardian, "relationship": "parent"},
            "here": {"place": "car"},
        }.get(step, {})
        if step.startswith("form-"):
            said = {"signed_by": signer, "agrees": "on"}
        answer = do(browser, number, **said)
        assert answer.status_code == 303, answer.content.decode()
    return answer


def test_a_minute_without_a_touch_forgets_the_patient(house: House) -> None:
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    touched = seat.seen_key(browser.session["_self_check_in"]["sitting"])
    cache.set(touched, cache.get(touched) - 61)
    assert browser.get(f"{HERE}1/")["Location"] == HERE
    assert "_self_check_in" not in browser.session


def test_a_touch_that_comes_late_does_not_bring_the_patient_back(house: House) -> None:
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    as_it_was = dict(browser.session.items())
    browser.post("/p/here/again/")
    late = browser.session
    late.update(as_it_was)
    late.save()
    browser.post("/p/here/keep/")
    assert browser.get("/p/here/state/").json() == {"state": "none"}
    assert browser.get(f"{HERE}1/")["Location"] == HERE
    assert "_self_check_in" not in browser.session


def test_the_desk_takes_over_and_gives_back(house: House) -> None:
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    nora = desk(house, name="nora")
    nora.post(f"/p/desk/{row.pk}/act/", {"act": "help"})
    assert "The desk helps you now" in browser.get(f"{HERE}1/", follow=True).content.decode()
    assert do_plain(browser, 1).status_code == 303
    row.refresh_from_db()
    assert row.done == []
    nora.post(f"/p/desk/{row.pk}/act/", {"act": "give_back"})
    assert browser.get("/p/here/wait/")["Location"] == f"{HERE}1/"


def do_plain(browser: Client, number: int) -> "object":
    return browser.post(f"{HERE}{number}/", CONTACT)


def test_the_board_and_the_check_in_tell_how_far_the_patient_is(house: House) -> None:
    row, browser = coded(house), kiosk(house)
    nora = desk(house, name="nora")
    assert "Has a code" in nora.get("/desk/").content.decode()
    start(house, browser, row.code)
    row.refresh_from_db()
    told = f"On the kiosk, 1 of {len(row.steps)}"
    assert told in nora.get("/desk/").content.decode()
    assert told in nora.get(f"/desk/visits/{row.visit_id}/check-in/").content.decode()


def test_the_diary_names_the_patient_at_the_kiosk(house: House) -> None:
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    line = AuditLine.objects.get(action="portal.self-check-in.begun")
    assert (line.actor_name, line.patient_ids) == ("Patient, at the kiosk", [house.diaz.pk])
    assert row.code not in str([one.details for one in AuditLine.objects.all()])


def test_the_pages_speak_spanish(house: House) -> None:
    row, browser = coded(house), kiosk(house)
    browser.post("/p/here/language/", {"language": "es"})
    assert "Registre su llegada" in browser.get(HERE).content.decode()
    start(house, browser, row.code)
    assert browser.post("/p/here/language/", {"language": "es", "number": "²"}).status_code == 303
    assert 'lang="es"' in browser.get(f"{HERE}1/").content.decode()


def at_a_form(house: House) -> tuple[SelfCheckIn, Client, int]:
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    row.refresh_from_db()
    return row, browser, next(n for n, one in enumerate(row.steps, 1) if one.startswith("form-"))


SIGNED = {"signed_by": "Maria Diaz", "agrees": "on"}


def test_a_signature_counts_for_the_form_and_the_language_that_was_read(house: House) -> None:
    _row, browser, number = at_a_form(house)
    path = f"{HERE}{number}/"
    read = hidden_fields(browser.get(path).content.decode(), form=f'action="{path}"')
    browser.post("/p/here/language/", {"language": "es", "number": str(number)})
    refused = browser.post(path, read | SIGNED)
    assert (refused.status_code, "Mírela otra vez" in refused.content.decode()) == (409, True)
    assert 'value="Maria Diaz"' in refused.content.decode()  # the name of the chart, and no tick
    assert "checked" not in refused.content.decode().split('name="agrees"')[1].split(">")[0]
    assert not FilledForm.objects.exists()
    assert do(browser, number, **SIGNED).status_code == 303
    assert FilledForm.objects.get().language == "es"


def test_a_signature_counts_for_no_other_form_at_the_same_number(house: House) -> None:
    row, browser, number = at_a_form(house)
    path = f"{HERE}{number}/"
    read = hidden_fields(browser.get(path).content.decode(), form=f'action="{path}"')
    others = [one for one in row.steps if one.startswith("form-") and one != row.steps[number - 1]]
    SelfCheckIn.objects.update(steps=[*row.steps[: number - 1], *others])
    assert browser.post(path, read | SIGNED).status_code == 409
    assert browser.post(path, SIGNED | {"_form": "spoilt"}).status_code == 409
    assert not FilledForm.objects.exists()


def test_who_is_asked_nothing_is_done_at_once(house: House) -> None:
    row, browser = coded(house), kiosk(house)
    visit = visits.arrive(house.rosa, appointment_id=row.appointment_id)
    VisitStep.objects.filter(visit=visit).update(state="done")
    assert start(house, browser, row.code)["Location"].startswith("/p/here/end/")
    row.refresh_from_db()
    assert (row.state, row.steps) == ("finished", [])
    assert "Did the steps alone" in desk(house, name="nora").get("/desk/").content.decode()


def test_a_form_counts_for_the_day_at_the_door(house: House) -> None:
    late = datetime(2026, 3, 10, 0, 30, tzinfo=UTC)  # Monday evening in New York
    facts = {"patient_id": house.diaz.pk, "key": "treatment", "edition": 1, "answers": {}}
    privacy.fill_form(house.rosa.at(late), **facts, signed_by="Maria Diaz", agrees=True)
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).pk)
    assert before.last_done(visit, None)["form-treatment"].on == cast.MONDAY
