"""Visits by video in the book: where they meet, typed or made by the office's pattern; no room is taken for them."""

from datetime import timedelta

import pytest

from daysheet.kernel.errors import NotPermitted
from daysheet.schedule import commands, meetings, messages, supply
from daysheet.schedule.commands import AddressIsUnsound, NotByVideo
from daysheet.schedule.models import Appointment, AppointmentType, MeetingAddress, ResourceKind, TypeNeed
from daysheet.schedule.remote import is_address, is_pattern, slug
from tests import cast
from tests.house import House, appointment, desk

PATTERN = "https://meet.example.org/{clinician}/{room}"


@pytest.fixture
def booked(house: House) -> Appointment:
    AppointmentType.objects.update(mode="video")
    house.follow_up.refresh_from_db()
    return appointment(house, cast.NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (PATTERN, True),
        ("https://meet.example.org/our-office", True),
        ("http://meet.example.org/{room}", False),
        ("https://{room}.example.org/", False),
        ("https://meet.example.org/{patient}", False),
        ("https://meet.example.org/{room", False),
        ("javascript:alert(1)", False),
        ("https://", False),
    ],
)
def test_a_pattern_is_a_secure_address_that_leaves_room_and_clinician_open(text: str, is_one: bool) -> None:
    assert is_pattern(text) is is_one


def test_an_address_has_no_blanks_and_ends_somewhere() -> None:
    assert is_address("https://meet.example.org/a?b=c#d")
    assert not is_address("https://meet.example.org/a b")
    assert not is_address("https://meet.example.org/" + "a" * 500)
    assert slug("O'Neil-Ünal") == "o-neil-nal"


def test_each_visit_has_its_own_room_and_always_the_same(house: House, booked: Appointment) -> None:
    commands.set_meeting_address(house.ana, pattern=PATTERN)
    other = appointment(house, cast.NOW + timedelta(hours=3))
    first, second = meetings.meeting_of(booked).link, meetings.meeting_of(other).link
    assert first.startswith("https://meet.example.org/lee/")
    assert first == meetings.meeting_of(booked).link != second
    assert str(booked.pk) not in first


def test_a_clinicians_own_address_comes_before_that_of_everybody(house: House, booked: Appointment) -> None:
    commands.set_meeting_address(house.ana, pattern="https://meet.example.org/all")
    commands.set_meeting_address(
        house.ana, pattern="https://meet.example.org/dr-lee", provider_id=house.lee.pk
    )
    assert meetings.meeting_of(booked).link == "https://meet.example.org/dr-lee"
    commands.drop_meeting_address(house.ana, address_id=MeetingAddress.objects.get(provider=house.lee).pk)
    assert meetings.meeting_of(booked).link == "https://meet.example.org/all"


def test_an_address_said_again_is_replaced(house: House) -> None:
    commands.set_meeting_address(house.ana, pattern="https://meet.example.org/one")
    held = commands.set_meeting_address(house.ana, pattern="https://meet.example.org/two")
    assert (held.pattern, held.version, MeetingAddress.objects.count()) == (
        "https://meet.example.org/two",
        2,
        1,
    )


def test_a_link_typed_for_the_visit_counts_and_an_empty_one_goes_back(
    house: House, booked: Appointment
) -> None:
    commands.set_meeting_address(house.ana, pattern="https://meet.example.org/all")
    commands.set_meeting_link(house.rosa, appointment_id=booked.pk, link=" https://other.example.org/x ")
    assert meetings.meeting_of(booked) == meetings.Meeting("https://other.example.org/x", is_typed=True)
    commands.set_meeting_link(house.rosa, appointment_id=booked.pk, link="")
    assert meetings.meeting_of(booked).link == "https://meet.example.org/all"


def test_a_typed_link_goes_along_however_often_the_visit_is_moved_and_is_taken_away_there(
    house: House, booked: Appointment
) -> None:
    commands.set_meeting_address(house.ana, pattern="https://meet.example.org/all")
    commands.set_meeting_link(house.rosa, appointment_id=booked.pk, link="https://other.example.org/x")
    moved = booked
    for days in (1, 2):
        at = booked.starts_at + timedelta(days=days)
        moved = commands.move_appointment(house.ana, appointment_id=moved.pk, version=None, starts_at=at)
        assert meetings.meeting_of(moved).link == "https://other.example.org/x"
    commands.set_meeting_link(house.rosa, appointment_id=moved.pk, link="")
    assert meetings.meeting_of(moved).link == "https://meet.example.org/all"


def test_what_is_no_address_is_refused(house: House, booked: Appointment) -> None:
    with pytest.raises(AddressIsUnsound):
        commands.set_meeting_link(house.rosa, appointment_id=booked.pk, link="meet.example.org")
    with pytest.raises(AddressIsUnsound):
        commands.set_meeting_address(house.ana, pattern="ftp://x")
    with pytest.raises(AddressIsUnsound):
        commands.set_meeting_address(house.ana, pattern=PATTERN, provider_id=booked.pk)
    assert not MeetingAddress.objects.exists()


def test_only_a_visit_by_video_has_a_link(house: House) -> None:
    with pytest.raises(NotByVideo):
        commands.set_meeting_link(
            house.rosa,
            appointment_id=appointment(house, cast.NOW + timedelta(hours=1)).pk,
            link="https://x.example.org/",
        )


def test_the_desk_does_not_set_the_offices_address(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.set_meeting_address(house.rosa, pattern=PATTERN)


def test_the_patient_is_told_that_it_is_by_video_and_no_street(house: House) -> None:
    assert messages.said_place("12 Main St", "video") == "by video, on your own phone or computer"
    assert messages.said_place("12 Main St", "office") == "12 Main St"
    assert messages.mode_of(["video", "video"]) == "video"
    assert messages.mode_of(["video", "office"]) == "office"


def test_a_visit_by_video_takes_no_room_and_all_the_rest(house: House) -> None:
    for sort, name in (("room", "Room"), ("equipment", "Camera")):
        TypeNeed.objects.create(
            type=house.follow_up, kind=ResourceKind.objects.create(sort=sort, name=name), count=1
        )
    assert [one.name for one in supply.demand_of(house.follow_up.pk)[1].pools] == ["Camera", "Room"]
    AppointmentType.objects.update(mode="video")
    assert [one.name for one in supply.demand_of(house.follow_up.pk)[1].pools] == ["Camera"]
    found = supply.demands_of([house.follow_up.pk])[house.follow_up.pk]
    assert [one.name for one in found.pools] == ["Camera"]


def test_the_pages_set_addresses_and_the_link_of_a_visit(house: House, booked: Appointment) -> None:
    ana = desk(house, "office_manager", "ana")
    wrong = ana.post("/schedule/meetings/", {"pattern": "http://x"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 409
    assert 'value="http://x"' in wrong.content.decode()
    assert ana.post("/schedule/meetings/", {"pattern": PATTERN}).status_code == 303
    assert PATTERN in ana.get("/schedule/meetings/").content.decode()
    address = f"/schedule/appointments/{booked.pk}/meeting/"
    assert "Now:" in ana.get(address).content.decode()
    ana.post(address, {"link": "https://one.example.org/"})
    page = ana.get(f"/schedule/appointments/{booked.pk}/").content.decode()
    assert "https://one.example.org/" in page
    assert "typed for this visit" in page
