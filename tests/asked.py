"""Visits asked for from home, in tests: a kind that is open to it, a link, the patient's browser."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.test import Client

from daysheet.patients.models import Patient
from daysheet.schedule import commands, requests
from daysheet.schedule.models import SelfBooking, VisitRequest
from daysheet.schedule.requests import Wish
from daysheet.schedule.slots import minute_of
from tests import cast
from tests.desk import hidden_fields
from tests.house import House
from tests.reminded import system


def opened(house: House, how: str = "at_once", **more: Any) -> SelfBooking:
    """Let patients ask for a follow-up."""
    facts = {"type_id": house.follow_up.pk, "called": "Follow-up visit", "called_es": "Cita de control"}
    return commands.keep_self_booking(house.ana, how=how, **facts | {"notice_hours": 12} | more)


def offered(house: House, patient: Patient | None = None) -> tuple[VisitRequest, str]:
    """Return a request that was never used, and the address of its link."""
    cache.clear()
    row, token = commands.offer_asking(house.rosa, patient_id=(patient or house.diaz).pk)
    return row, f"/p/{token}/visit/"


def ask(house: House, row: VisitRequest, at: datetime | None = None, **more: Any) -> VisitRequest:
    """Ask for a follow-up: at a time with Dr. Lee, or with a wish alone."""
    time = (house.lee.pk, house.door.pk, at) if at else None
    facts = {"type_id": house.follow_up.pk, "wish": Wish(), "time": time}
    return commands.ask_for_visit(system(house), request_id=row.pk, **facts | more)


def asked(
    house: House, at: datetime | None = None, patient: Patient | None = None, **more: Any
) -> VisitRequest:
    """Return a request that was made."""
    return ask(house, offered(house, patient)[0], at, **more)


def key(house: House, at: datetime) -> str:
    """Return a time with Dr. Lee as a form's word."""
    return f"{house.lee.pk}.{house.door.pk}.{minute_of(at)}"


def born(patient: Patient) -> dict[str, str]:
    """Return a birth date as it is typed."""
    day = patient.born_on
    return {"born_on_0": str(day.month), "born_on_1": str(day.day), "born_on_2": str(day.year)}


def let_in(path: str, patient: Patient) -> Client:
    """Return a browser that has opened a link with the birth date."""
    browser = Client()
    form = hidden_fields(browser.get(path).content.decode())
    assert browser.post(path, form | born(patient)).status_code == 303
    return browser


def free(house: House, row: VisitRequest) -> list[str]:
    """Return the times that the patient is offered, as words of a form."""
    rule = SelfBooking.objects.select_related("type").get()
    now = cast.NOW
    return requests.free_times(rule, row.patient, Wish(), now, house.practice.zone).keys
