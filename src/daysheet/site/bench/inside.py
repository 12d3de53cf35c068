"""The rows within the application: what a screen does between its request and its answer, without the network."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client

from daysheet.frontdesk import commands as frontdesk
from daysheet.kernel import clock
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import queries as books
from daysheet.patients import queries as patients
from daysheet.practice.models import Membership
from daysheet.practice.signing_in import BACKEND, LOCKED, PRACTICE, SEEN, WORKSTATION
from daysheet.schedule import commands as schedule
from daysheet.schedule import queries as book
from daysheet.schedule.loads import weeks_around
from daysheet.site.bench import answering, money
from daysheet.site.bench.bare import Bare
from daysheet.site.bench.desk import WAIT, AtTheDesk
from daysheet.site.bench.plan import NOW, TODAY, Size
from daysheet.site.bench.subjects import Subjects, phone_of
from daysheet.site.bench.timing import Row
from daysheet.visits import commands as visits
from daysheet.visits import queries as visit_queries

FIRST_VISIT = 9_000_000
"""Numbers of the floor's visits, far from the application's."""


class Inside:
    """The work of each row, ours and the floor's."""

    def __init__(self, who: Subjects, bare: Bare, size: Size) -> None:
        self.who, self.bare, self.size = who, bare, size
        self.free, self.here = iter(who.free), iter(who.here)
        self.numbers = count(FIRST_VISIT)
        self.browser = signed_in(who, "receptionist")
        self.clinicians = list({one[0] for one in who.free})
        self.spare = iter(who.spare)
        self.carried: dict[str, Any] = {}

    @contextmanager
    def request(self) -> Iterator[None]:
        """Act as one request does: in the practice, in one transaction."""
        with acting_in(self.who.practice.id), transaction.atomic():
            yield

    def patient(self, number: int) -> Any:
        """Return the patient of a round."""
        return self.who.patients[number % len(self.who.patients)]

    def search(self, say: Callable[[Any], str]) -> Callable[[int], object]:
        """Return the search for what a caller says of a patient."""

        def work(number: int) -> object:
            with self.request():
                return patients.search(text=say(self.patient(number)), today=TODAY)

        return work

    def page(self, address: Callable[[int], str]) -> Callable[[int], object]:
        """Return the opening of a page by somebody who is signed in."""

        def work(number: int) -> object:
            return opened(self.browser, address(number))

        return work

    def slots(self, kind: str, limit: int = 9) -> Callable[[int], object]:
        """Return the search for the next times of a kind of visit, with all clinicians, in sixty days."""

        def work(number: int) -> object:
            with self.request():
                return book.open_slots(
                    type_id=self.who.kinds[kind], provider_ids=None, location_id=None,
                    first_day=TODAY, last_day=TODAY + timedelta(days=60), now=NOW, limit=limit,
                )  # fmt: skip

        return work

    def booking(self, number: int) -> object:
        """Book a time that is free."""
        clinician, door, at = next(self.free)
        return schedule.book_appointment(
            self.who.rosa, patient_id=next(self.spare), provider_id=clinician, location_id=door,
            type_id=self.who.kinds["Follow-up"], starts_at=at,
        )  # fmt: skip

    def bare_booking(self, number: int) -> object:
        """Book a time that is free by one bare statement."""
        clinician, door, at = next(self.free)
        return self.bare.book(next(self.spare), clinician, door, self.who.kinds["Follow-up"], at)

    def move(self, number: int) -> object:
        """Move one visit from free time to free time."""
        clinician, door, at = next(self.free)
        if "ours" not in self.carried:
            self.carried["ours"] = self.booking(number)
        now = self.carried["ours"]
        self.carried["ours"] = schedule.move_appointment(
            self.who.rosa, appointment_id=now.id, version=None, provider_id=clinician, location_id=door, starts_at=at,
        )  # fmt: skip
        return self.carried["ours"]

    def bare_move(self, number: int) -> object:
        """Move one visit by two bare statements."""
        clinician, door, at = next(self.free)
        patient = self.carried.setdefault("whose", next(self.spare))
        kind = self.who.kinds["Follow-up"]
        now = self.carried.get("floor")
        self.carried["floor"] = (
            self.bare.move(now, patient, clinician, door, kind, at)
            if now
            else self.bare.book(patient, clinician, door, kind, at)
        )
        return self.carried["floor"]

    def check_in(self, number: int) -> object:
        """Check the next patient in."""
        return self.arrive_and_check_in(next(self.here))

    def arrive_and_check_in(self, appointment_id: UUID) -> object:
        """Let a patient arrive, tick what the desk ticks, and check in."""
        rosa = self.who.rosa
        with self.request():
            visit = visits.arrive(rosa, appointment_id=appointment_id)
            for step in list(visit_queries.steps(visit.id, "check_in").filter(state="open")):
                if step.kind == "copay":
                    visits.not_now(
                        rosa, visit_id=visit.id, stage="check_in", kind="copay", reason="Will be billed"
                    )
                elif step.kind == "privacy_notice":
                    frontdesk.sign_notice(rosa, visit_id=visit.id, signed_by="Kim Thorne")
            return frontdesk.check_in(rosa, visit_id=visit.id, ticked=frontdesk.TICKED_AT_THE_END)

    def sheet(self, number: int) -> object:
        """Read a day of the book with its figures and its four hundred lines."""
        day = money.sheet_day(self.size)
        with self.request():
            figures, entries = books.day_figures(day), list(books.day_lines(day))
            found = sum(len(entry.lines.all()) for entry in entries)
            if found != money.LINES_A_DAY:
                raise RuntimeError(f"the day sheet has {found} lines")
            return figures


def rows(who: Subjects, desk: AtTheDesk, size: Size) -> list[Row]:
    """Return the rows, in the order of a working day."""
    bare = desk.bare
    me = Inside(who, bare, size)
    day = f"/schedule/{TODAY}/?provider={who.clinician.id}"
    monday = TODAY - timedelta(days=TODAY.weekday())
    month = weeks_around(TODAY)
    sheet_day = money.sheet_day(size)
    return [
        Row("search-phone", "a patient by telephone number", me.search(phone_of),
            lambda n: bare.by_key("phone", _digits(me, n)), 100, 20),
        Row("search-part", "by the last four digits of the telephone", me.search(lambda p: phone_of(p)[-4:]),
            lambda n: bare.by_key("phone", _digits(me, n)[-4:]), 100, 20),
        Row("search-name", "by parts of both names", me.search(lambda p: f"{p.family[:4]} {p.given[:3]}"),
            lambda n: bare.by_key("name", me.patient(n).family[:4].lower()), 100, 20),
        Row("search-family", "by the whole family name alone", me.search(lambda p: p.family),
            lambda n: bare.by_key("name", me.patient(n).family.lower()), 100, 20),
        Row("search-typo", "by a name with two letters turned", me.search(lambda p: f"{_typo(p.family)} {p.given}"),
            lambda n: bare.by_key("name", me.patient(n).family.lower()), 100, 20),
        Row("search-birth", "by birth date", me.search(lambda p: f"{p.born_on:%m/%d/%Y}"),
            lambda n: bare.by_birth(me.patient(n).born_on), 100, 20),
        Row("day", "a clinician's day of 60 rows, the whole page", me.page(lambda n: day),
            lambda n: bare.day(TODAY, who.clinician.id), 60, 10, 8, whole_page=True),
        Row("week", "a clinician's week, the whole page",
            me.page(lambda n: f"/schedule/{TODAY}/week/?provider={who.clinician.id}"),
            lambda n: bare.days(monday, monday + timedelta(days=6), who.clinician.id), 40, None, 9, whole_page=True),
        Row("month", "how full each day of a month is, 50 clinicians, the whole page",
            me.page(lambda n: f"/schedule/{TODAY}/month/?where=all"),
            lambda n: bare.loads(month[0][0], month[-1][-1]), 40, None, 9, whole_page=True),
        Row("board", "the day board of 60 rows, the whole page", me.page(lambda n: "/desk/"),
            lambda n: bare.day(TODAY, who.clinician.id), 60, None, None, whole_page=True),
        Row("slots", "the next nine times, 50 clinicians, 60 days", me.slots("Follow-up"),
            lambda n: bare.times(me.clinicians, NOW, 7), 40, 50),
        Row("slots-none", "the same for four hours, which fit nowhere", me.slots("Procedure"),
            lambda n: bare.times(me.clinicians, NOW, 60), 20, 50),
        Row("booking", "a time is promised and written down", me.booking, me.bare_booking, 100, 10),
        Row("move", "a visit is moved to a free time", me.move, me.bare_move, 100),
        Row("check-in", "arrival, steps and check-in", me.check_in,
            lambda n: bare.arrive(next(me.here), next(me.numbers)), 60),
        Row("check-in-page", "the page of a check-in is opened", desk.check_in(lambda one: opened(me.browser, one)),
            desk.bare_check_in, 60, None, None, whole_page=True),
        Row("waitlist", f"who of {WAIT} on the list fits a time that was given up", desk.match, desk.bare_match, 40),
        answering.row(who, bare),
        Row("chart", "a patient's page", me.page(lambda n: f"/patients/{me.patient(n).id}/"),
            lambda n: bare.chart(me.patient(n).id), 60, None, None, whole_page=True),
        Row("day-sheet", f"a posting day of {money.LINES_A_DAY} lines with its figures", me.sheet,
            lambda n: bare.sheet(sheet_day), 40),
    ]  # fmt: skip


def signed_in(who: Subjects, role: str) -> Client:
    """Return a browser without a screen, signed in as a person of a role."""
    with acting_in(who.practice.id), transaction.atomic():
        member = Membership.objects.select_related("user").get(role=role)
    browser = Client(SERVER_NAME="localhost")  # the office answers to the names of its own machine alone
    browser.force_login(member.user, backend=BACKEND)
    session = browser.session
    session.update(
        {
            PRACTICE: str(who.practice.id),
            SEEN: clock.system_now().timestamp(),
            LOCKED: False,
            WORKSTATION: "back_office",
        }
    )
    session.save()
    return browser


def opened(browser: Client, address: str) -> HttpResponseBase:
    """Return a page that was answered as it should be."""
    answer = browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"a page of the bench answered {answer.status_code}")
    return answer


def _digits(me: Inside, number: int) -> str:
    return "".join(sign for sign in phone_of(me.patient(number)) if sign.isdigit())


def _typo(name: str) -> str:
    middle = len(name) // 2
    return name[: middle - 1] + name[middle] + name[middle - 1] + name[middle + 1 :]
