"""A person's browser at the real office: a kept connection, cookies, real forms with their hidden parts."""

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.proofs.forms import PageForm, forms_of
from tests.site.test_runner import Office

SIGN_IN = """
import json, sys
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from daysheet.kernel import clock
from daysheet.practice.models import User
from daysheet.practice.signing_in import BACKEND, LOCKED, PRACTICE, SEEN, WORKSTATION
from tests import make
from tests.house import clinician, furnished
house = furnished("Northside with %(doctors)d clinicians")
with house.open():
    rooms = make.room(house.door)
    people = [make.patient(f"Patient{n}").id for n in range(400)]
    doctors = [house.lee.id, *[clinician(f"Doctor{n}", house.door).id for n in range(%(doctors)d - 1)]]
    members = [make.member("office_manager", f"desk{n}", at=house.door) for n in range(%(desks)d)]
cookies = []
for member in members:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update({SESSION_KEY: str(member.user_id), HASH_SESSION_KEY: member.user.get_session_auth_hash()})
    session.update({BACKEND_SESSION_KEY: BACKEND, PRACTICE: str(house.practice.pk), LOCKED: False})
    session.update({SEEN: clock.system_now().timestamp(), WORKSTATION: "back_office"})
    session.create()
    cookies.append(session.session_key)
print(json.dumps({"cookies": cookies, "patients": people, "doctors": doctors, "door": house.door.id,
    "kind": house.follow_up.id, "practice": house.practice.name}, default=str))
"""
"""Furnishes an office in the running house, with clerks who are signed in."""


@dataclass
class Reply:
    """What came back."""

    status: int
    goes_to: str
    body: str


@dataclass
class Browser:
    """One person's browser."""

    port: int
    session: str
    cookies: dict[str, str] = field(default_factory=dict)
    keeps: tuple[str, ...] = ("daysheet_csrf",)
    """The cookies that it takes from the office; a patient's browser takes its session too."""
    link: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Reply:
        """Send a request over the kept connection and read the answer whole."""
        self.link = self.link or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        jar = {"daysheet_session": self.session, **self.cookies}
        told = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        told |= {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        told["Referer"] = f"http://127.0.0.1:{self.port}{path}"
        sent = urlencode(body, doseq=True) if body is not None else None
        try:
            self.link.request(method, path, sent, told)
            answer = self.link.getresponse()
            content = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        for name, value in answer.getheaders():
            cookie, _, rest = value.partition("=")
            if name.lower() == "set-cookie" and cookie in self.keeps:
                self.cookies[cookie] = rest.split(";")[0]
        return Reply(answer.status, answer.getheader("Location") or "", content)

    def form(self, path: str, address: str) -> PageForm:
        """Open a page and return its form that goes to an address."""
        page = self.ask("GET", path)
        assert page.status == 200, (path, page.status, page.body[:500])
        return next(one for one in forms_of(page.body, at=path) if one.address == address)

    def close(self) -> None:
        """Hang up."""
        if self.link:
            self.link.close()
        self.link = None


@dataclass
class Furnished:
    """What the running office holds, by id."""

    cookies: list[str]
    patients: list[str]
    doctors: list[str]
    door: str
    kind: str
    practice: str

    def choice(self, doctor: int, minute: int) -> str:
        """Return the booking form's word for a clinician's time."""
        return f"{self.doctors[doctor]}.{self.door}.{minute}"


def furnish(office: Office, *, desks: int, doctors: int = 10) -> Furnished:
    """Furnish a running office, and sign its clerks in."""
    script = SIGN_IN % {"desks": desks, "doctors": doctors}
    said = office.verb("manage", "shell", "--no-imports", "-c", script)
    assert said.returncode == 0, said.stderr
    return Furnished(**json.loads(said.stdout.splitlines()[-1]))
