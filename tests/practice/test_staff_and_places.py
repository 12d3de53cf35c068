"""The manager's pages: people, doors, rooms, hours, and what a new practice still needs."""

from dataclasses import replace
from datetime import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from daysheet.formats.x12.numbers import is_npi
from daysheet.kernel import access
from daysheet.kernel.access import Can
from daysheet.kernel.errors import NotPermitted, Refusal
from daysheet.kernel.models import AuditLine, Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.practice import commands, queries
from daysheet.practice.models import Location, Membership, OpeningHours, Provider, User
from daysheet.practice.rules import npi_from
from tests import cast, desk, make

pytestmark = pytest.mark.django_db


def test_a_manager_adds_a_person_who_can_then_sign_in(practice: Practice) -> None:
    browser = desk.signed_in(make.member("office_manager", "ana"))
    sent = {
        "display_name": "Marco Ruiz",
        "username": "Marco",
        "role": "receptionist",
        "password": "a long enough password",
    }
    assert browser.post("/office/staff/add/", sent)["Location"] == "/office/staff/"
    marco = Membership.objects.get(display_name="Marco Ruiz")
    assert (marco.user.username, marco.role) == ("marco", "receptionist")
    assert b"Marco Ruiz" in browser.get("/office/staff/").content


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("password", "short", "too short"),
        ("username", "ana", "taken"),
        ("role", "system", "choose one from the list"),
    ],
)
def test_a_person_who_cannot_be_added_is_told_why_and_nothing_is_lost(
    practice: Practice, field: str, value: str, sentence: str
) -> None:
    browser = desk.signed_in(make.member("office_manager", "ana"))
    sent = {
        "display_name": "Marco Ruiz",
        "username": "marco",
        "role": "receptionist",
        "password": "a long enough password",
    }
    answer = browser.post("/office/staff/add/", sent | {field: value})
    assert answer.status_code in {409, 422}
    assert sentence in answer.content.decode()
    assert b'value="Marco Ruiz"' in answer.content
    assert Membership.objects.count() == 1
    assert not User.objects.filter(username="marco").exists()


def test_a_user_name_is_given_once_in_any_case(practice: Practice) -> None:
    make.member("office_manager", "ana")
    with pytest.raises(Refusal, match="taken"):
        commands.add_member(cast.ana(practice.pk), username="ANA", display_name="Other", role="biller")


def test_a_leaver_loses_every_sign_in_at_once(practice: Practice) -> None:
    rosa = make.member()
    rosa.user.set_password("a long enough password")
    rosa.user.save()
    from django.test import Client

    browser = Client()
    browser.post("/sign-in/", {"login": "rosa", "password": "a long enough password"})
    assert Session.objects.count() == 1
    commands.end_membership(cast.ana(practice.pk), membership_id=rosa.pk)
    assert Session.objects.count() == 0
    assert browser.get("/me/").status_code == 302
    assert AuditLine.objects.filter(action="practice.member.ended").count() == 1


def test_a_manager_does_not_end_the_own_place(practice: Practice) -> None:
    ana = make.member("office_manager", "ana")
    answer = desk.signed_in(ana).post(f"/office/staff/{ana.pk}/end/")
    assert answer.status_code == 409
    ana.refresh_from_db()
    assert ana.ended_at is None


def test_a_manager_does_not_change_the_own_role(practice: Practice) -> None:
    ana = make.member("office_manager", "ana")
    answer = desk.signed_in(ana).post(f"/office/staff/{ana.pk}/role/", {"role": "receptionist"})
    assert answer.status_code == 409
    assert b"Ask another manager" in answer.content
    ana.refresh_from_db()
    assert ana.role == "office_manager"


@pytest.mark.parametrize(
    ("act", "sent"), [("password", {"password": "a long enough password"}), ("second-factor", {})]
)
def test_a_sign_in_that_opens_another_office_too_is_not_one_managers_to_reset(
    practice: Practice, act: str, sent: dict[str, str]
) -> None:
    kim = make.member("billing_clerk", "kim")
    before = kim.user.password
    Authenticator.objects.create(user=kim.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    other = make.practice("Southside")
    with acting_in(other.pk):
        Membership.objects.create(user=kim.user, role="billing_clerk", display_name="Kim")
    answer = desk.signed_in(make.member("office_manager", "ana")).post(f"/office/staff/{kim.pk}/{act}/", sent)
    assert answer.status_code == 409
    assert b"opens other offices" in answer.content
    kim.user.refresh_from_db()
    assert kim.user.password == before
    assert Authenticator.objects.count() == 1


def test_a_manager_resets_a_lost_second_factor(practice: Practice) -> None:
    rosa = make.member()
    Authenticator.objects.create(user=rosa.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert queries.members_with_factors()[0][1] == 1
    desk.signed_in(make.member("office_manager", "ana")).post(f"/office/staff/{rosa.pk}/second-factor/")
    assert not Authenticator.objects.exists()


def test_a_second_factor_secret_is_not_kept_in_plain(practice: Practice) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    rosa = make.member()
    TOTP.activate(rosa.user, "JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in str(Authenticator.objects.get().data)


def test_a_second_factor_that_cannot_be_read_lets_nobody_in(practice: Practice) -> None:
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    rosa = make.member()
    Authenticator.objects.create(
        user=rosa.user, type=Authenticator.Type.TOTP, data={"secret": "of another key"}
    )
    of_nothing = [format_hotp_value(hotp_value("", counter)) for counter in yield_hotp_counters_from_time()]
    assert not any(TOTP(Authenticator.objects.get()).validate_code(code) for code in of_nothing)


def test_a_locked_desk_opens_no_page_of_the_second_factor(practice: Practice) -> None:
    browser = desk.signed_in(make.member())
    assert browser.get("/accounts/2fa/").status_code == 200
    browser.post("/lock/")
    answer = browser.get("/accounts/2fa/")
    assert (answer.status_code, answer["Location"].startswith("/lock/")) == (302, True)


def test_a_receptionist_opens_none_of_it(practice: Practice) -> None:
    rosa = make.member()
    browser = desk.signed_in(rosa)
    for path in ("/office/", "/office/staff/", "/office/places/"):
        assert browser.get(path).status_code == 403
    with pytest.raises(NotPermitted):
        commands.change_role(cast.rosa(practice.pk), membership_id=rosa.pk, role="office_manager")
    rosa.refresh_from_db()
    assert rosa.role == "receptionist"
    assert AuditLine.objects.filter(action="kernel.permission.denied").count() == 3


def test_a_manager_of_another_practice_finds_nobody(practice: Practice) -> None:
    rosa = make.member()
    other = make.practice("Southside")
    with acting_in(other.pk):
        stranger = desk.signed_in(make.member("office_manager", "stranger"))
    assert stranger.post(f"/office/staff/{rosa.pk}/end/").status_code == 404
    rosa.refresh_from_db()
    assert rosa.ended_at is None


def test_doors_rooms_and_hours_are_set_by_hand(practice: Practice) -> None:
    browser = desk.signed_in(make.member("office_manager", "ana"))
    browser.post("/office/places/", {"name": "Main St", "zone_name": "America/Chicago"})
    door = Location.objects.get()
    assert (door.name, door.is_main, door.zone_name) == ("Main St", True, "America/Chicago")
    browser.post(f"/office/places/{door.pk}/rooms/", {"name": "Room 1"})
    browser.post(f"/office/places/{door.pk}/", {"opens_0": "08:00", "closes_0": "5:00 pm"})
    assert [(h.weekday, f"{h.opens:%H:%M}", f"{h.closes:%H:%M}") for h in OpeningHours.objects.all()] == [
        (0, "08:00", "17:00")
    ]
    again = browser.post("/office/places/", {"name": "Main St", "zone_name": "America/Chicago"})
    assert again.status_code == 409
    assert Location.objects.count() == 1


@pytest.mark.parametrize(
    ("times", "status"), [({"opens_0": "08:00"}, 422), ({"opens_0": "17:00", "closes_0": "08:00"}, 409)]
)
def test_hours_that_cannot_be_are_refused_and_the_old_ones_stay(
    practice: Practice, times: dict[str, str], status: int
) -> None:
    door = make.location()
    browser = desk.signed_in(make.member("office_manager", "ana"))
    browser.post(f"/office/places/{door.pk}/", {"opens_1": "09:00", "closes_1": "12:00"})
    assert browser.post(f"/office/places/{door.pk}/", times).status_code == status
    assert [h.weekday for h in OpeningHours.objects.all()] == [1]


def test_hours_that_somebody_set_meanwhile_are_not_covered_up(practice: Practice) -> None:
    door = make.location()
    address = f"/office/places/{door.pk}/"
    browser = desk.signed_in(make.member("office_manager", "ana"))
    seen = desk.hidden_fields(browser.get(address).content.decode(), form='id="hours-form"')
    browser.post(address, {"opens_1": "09:00", "closes_1": "12:00"})
    late = browser.post(address, {**seen, "opens_2": "09:00", "closes_2": "12:00"})
    assert late.status_code == 409
    assert "Somebody set these hours while your form was open." in late.content.decode()
    assert [h.weekday for h in OpeningHours.objects.all()] == [1]
    fresh = desk.hidden_fields(browser.get(address).content.decode(), form='id="hours-form"')
    assert browser.post(address, {**fresh, "opens_2": "09:00", "closes_2": "12:00"}).status_code == 303
    assert [h.weekday for h in OpeningHours.objects.all()] == [2]


def test_an_npi_with_a_wrong_check_digit_is_refused(practice: Practice) -> None:
    browser = desk.signed_in(make.member("office_manager", "ana"))
    answer = browser.post(
        "/office/staff/clinicians/add/", {"given": "Grace", "family": "Lee", "npi": "1234567890"}
    )
    assert answer.status_code == 409
    assert "check digit" in answer.content.decode()
    assert not Provider.objects.exists()


def test_an_npi_of_ours_fits() -> None:
    assert is_npi("1234567893")
    assert not is_npi("1234567894")
    assert all(is_npi(npi_from(number)) for number in range(50))


def test_the_first_steps_know_what_is_done(practice: Practice) -> None:
    assert [step.done for step in queries.first_steps()] == [False] * 9
    at = make.location()
    make.room(at)
    make.office()
    make.hours(make.provider(at=at), at)
    make.visit_type()
    make.plan()
    OpeningHours.objects.create(location=at, weekday=0, opens=time(8), closes=time(17))
    assert [step.key for step in queries.first_steps() if not step.done] == ["fees", "partners", "patient"]
    assert queries.next_step() == queries.FirstStep("fees", False, "charges:fees")
    assert desk.signed_in(make.member("office_manager", "ana")).get("/office/").status_code == 200


OFFICE_PAGES = (
    "/schedule/holidays/",
    "/schedule/teams/",
    "/schedule/resources/",
    "/schedule/reminder-rules/",
    "/phones/system/",
    "/phones/reasons/",
    "/phones/red-flags/",
    "/p/kiosks/",
    "/coverage/enrolments/",
)


def test_the_office_page_leads_to_all_that_a_manager_sets_up(practice: Practice) -> None:
    browser = desk.signed_in(make.member("office_manager", "ana"))
    page = browser.get("/office/").content.decode()
    assert [path for path in OFFICE_PAGES if f'href="{path}"' not in page] == []
    assert [path for path in OFFICE_PAGES if browser.get(path).status_code != 200] == []


def test_the_office_page_names_nothing_that_the_reader_may_not_open(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = dict(access.roles())
    less = held["office_manager"].may - {Can.MOVE_PATIENT, Can.SEND_CLAIMS}
    held["office_manager"] = replace(held["office_manager"], may=less)
    monkeypatch.setattr(access, "roles", lambda: held)
    page = desk.signed_in(make.member("office_manager", "ana")).get("/office/").content.decode()
    assert [path for path in OFFICE_PAGES if f'href="{path}"' not in page] == list(OFFICE_PAGES[-2:])
