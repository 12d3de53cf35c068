"""A Monday at the desk: forty-five visits, three of them in the desk's own hands from the door to the door, two who walk
in and leave, one who does not come, a clinician who is behind, a cancelled time that finds a taker, three calls between
all of it; in the evening nobody is left, and the day sheet balances."""

import re
from dataclasses import replace
from datetime import date, datetime
from urllib.request import Request, urlopen

import orjson
import pytest
from django.db import transaction
from playwright.sync_api import expect

from daysheet.charges import commands as charges
from daysheet.charges.models import VisitDiagnosis
from daysheet.coverage.models import EligibilityResponse
from daysheet.kernel import clock
from daysheet.kernel.ids import new_id
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import Daysheet, Payment
from daysheet.phones import commands as phones
from daysheet.phones import rules as telephone
from daysheet.phones.models import Call
from daysheet.privacy import commands as privacy
from daysheet.privacy.rules import EDITION
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment, RunningLate
from daysheet.site.simulate.day import book_day, count_drawers, new_patient, play_day
from daysheet.site.simulate.visits import PlayedVisit
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import make
from tests.days.conftest import Comes
from tests.days.office import TODAY, Office
from tests.days.person import Person

pytestmark = pytest.mark.browser
MONDAY = date(2026, 3, 9)
"""The first working day of daylight saving."""
VISITS, WALK_INS = 45, ("Poplar", "Rowan")
PAY_AT_THE_DESK = 3
"""How many of the booked come, pay and go by the hands of the desk; the office plays the others."""
KNOWN = 60
"""People of the practice beside those of the days before: most who come on a Monday have been here."""


class Monday:
    """The day as it goes on: what the office does by itself between two acts of the desk."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.story = replace(office.story, known=list(office.story.known), visits_a_day=0)
        self.upto: datetime | None = None
        with acting_in(office.practice.id):
            eve = office.moment(17, 20, TODAY)
            with transaction.atomic():
                count_drawers(self.story, TODAY, eve)
                manager = office.played.by("office_manager", eve)
                ledger.close_day(manager, day=TODAY, reason="Stopped in the morning", open_visits=0)
            for _ in range(KNOWN):
                new_patient(self.story, eve, TODAY)
            self.visits = book_day(self.story, MONDAY, eve, VISITS + 8)
        self.left_out: list[PlayedVisit] = []

    def leave_to_the_desk(self, visit: PlayedVisit) -> Appointment:
        """Let a visit be the desk's own: nobody arrives by chance."""
        self.visits.remove(visit)
        self.left_out.append(visit)
        with self.office.within():
            return Appointment.objects.select_related("patient", "provider").get(pk=visit.appointment_id)

    def goes_on(self, hour: int, minute: int = 0) -> None:
        """Play what happens until then, and let the clocks stand there."""
        until = self.office.moment(hour, minute, MONDAY)
        with acting_in(self.office.practice.id):
            play_day(self.story, MONDAY, self.visits, since=self.upto, until=until)
        self.upto = until


@pytest.fixture(scope="module")
def monday(office: Office) -> Monday:
    """The Monday, before the doors open."""
    return Monday(office)


def test_a_monday_from_the_first_patient_to_the_close(office: Office, comes: Comes, monday: Monday) -> None:
    booked = len(monday.visits)
    assert booked >= VISITS
    late_in_the_day = sorted(monday.visits, key=lambda one: one.starts_at)
    absent = monday.leave_to_the_desk(late_in_the_day[-6])
    cancels = monday.leave_to_the_desk(late_in_the_day[-3])
    with office.within():
        waits = waits_for(office, cancels)
        for number, family in enumerate(WALK_INS):
            make.registered(family, "Uma", phones=[f"+1413555018{number}"])
    monday.goes_on(8, 20)
    rosa = comes("receptionist")
    rosa.go("/desk/?where=all")
    expect(rosa.page.locator("[data-row]")).to_have_count(booked)
    own = take_in_hand(monday, PAY_AT_THE_DESK)
    answers_the_phone(office, rosa, "Wrong number")
    cancels_and_fills(rosa, cancels, waits)
    monday.goes_on(9, 30)
    for family in WALK_INS:
        walks_in(rosa, family)
    for one in own:
        checks_in(office, rosa, one)
    monday.goes_on(9, 50)
    says_who_is_late(office, rosa)
    answers_the_phone(office, rosa, "Question answered")
    monday.goes_on(12, 30)
    answers_the_phone(office, rosa, "Nuisance call")
    for one in own:
        is_seen(office, one.patient.family)
        checks_out(rosa, one.patient.family)
    seen, unseen = WALK_INS
    still_has_the_walk_ins(office)
    signs_and_is_checked_in(rosa, seen)
    is_seen(office, seen)
    checks_out(rosa, seen)
    leaves_unseen(rosa, unseen)
    monday.goes_on(18, 30)
    resolves(office, rosa, absent)
    closes(office, rosa, comes("office_manager"))


def waits_for(office: Office, gone: Appointment) -> str:
    """Let somebody wait for just such a time."""
    who = make.registered("Sorrel", "Ida", phones=["+14135550186"])
    schedule.add_to_waitlist(
        office.played.by("receptionist", office.moment(16, 0, TODAY)),
        patient_id=who.pk,
        type_id=office.played.types["Follow-up"].pk,
        notice_minutes=0,
        latest_on=MONDAY,
        priority=1,
        source="asked",
    )
    return who.family.upper()


def answers_the_phone(office: Office, rosa: Person, ends: str) -> None:
    """It rings while a page is open: the chip says so, and the call has its end."""
    with office.within():
        hook = phones.open_hook(office.played.by("office_manager", office.moment(8, 20, MONDAY)))
        before = Call.objects.count()
    stamp, line = str(int(clock.system_now().timestamp())), f"monday {ends}"
    told = {"id": str(new_id()), "event": "ringing", "call": line, "number": "+14135550180"}
    body = orjson.dumps(told)
    headers = {
        "Content-Type": "application/json",
        "X-Daysheet-Timestamp": stamp,
        "X-Daysheet-Signature": telephone.sign(hook.secret, stamp, body),
    }
    rosa.listens()
    with urlopen(Request(f"{office.url}/phones/hook/{hook.token}/", body, headers)) as answer:
        assert answer.status == 200
    expect(rosa.page.locator("#phone-chip")).to_contain_text("ring")
    with office.within():
        call = Call.objects.get(line_id=line)
        assert Call.objects.count() == before + 1
    rosa.go(f"/phones/calls/{call.pk}/")
    rosa.press_button("Answer")
    rosa.choose("How it ends", ends)
    rosa.press_button("Keep and end the call")
    rosa.toast("has ended")
    with office.within():
        assert Call.objects.get(pk=call.pk).state == "done"


def take_in_hand(monday: Monday, how_many: int) -> list[Appointment]:
    """Let the desk have grown-ups of the later morning whose plan has said that they pay a copay."""
    office, families = monday.office, [one.patient.family for one in monday.visits]
    with office.within():
        pay = set(
            EligibilityResponse.objects.filter(copay__gt=0).values_list("inquiry__appointment_id", flat=True)
        )
    mine = [
        one
        for one in sorted(monday.visits, key=lambda one: one.starts_at)
        if one.starts_at >= office.moment(9, 40, MONDAY)
        and one.appointment_id in pay
        and one.location.pk == office.played.locations[0].pk
        and one.patient.born_on.year < 2005
        and families.count(one.patient.family) == 1
    ]
    assert len(mine) >= how_many, len(mine)
    return [monday.leave_to_the_desk(one) for one in mine[:how_many]]


def cancels_and_fills(rosa: Person, gone: Appointment, waits: str) -> None:
    """A time is given up in the morning, and whoever waits has it before nine."""
    rosa.go(f"/schedule/appointments/{gone.pk}/cancel/")
    rosa.page.get_by_label("Reason", exact=True).select_option("Patient is ill")
    rosa.page.locator("main").get_by_role("button", name="Cancel the visit").click()
    rosa.page.get_by_role("button", name=re.compile(f"^Ask {waits}|^Ask the next")).first.click()
    rosa.page.get_by_role("button", name=re.compile(f"^{waits}, Ida says yes")).click()
    rosa.toast("Booked.")


def walks_in(rosa: Person, family: str) -> None:
    """Somebody stands there without an appointment, and is on the board."""
    rosa.go("/desk/?where=all")
    rosa.key("Control+k")
    rosa.finds(family.lower())
    rosa.key("Enter")
    expect(rosa.page.locator(".banner-name")).to_contain_text(family.upper())
    rosa.page.get_by_role("link", name=re.compile("^Is here without")).first.click()
    rosa.page.locator("#walk-in-form .btn-primary").click()
    rosa.toast("Arrived")
    rosa.go("/desk/?where=all")
    expect(rosa.row(family.upper())).to_be_visible()


def checks_in(office: Office, rosa: Person, one: Appointment) -> None:
    """Who is booked comes in by the door, says who it is, and pays what the plan has said."""
    family = one.patient.family
    with office.within():
        privacy.sign_notice(
            office.played.by("receptionist", office.moment(9, 30, MONDAY)),
            patient_id=one.patient_id,
            kind="npp",
            edition=EDITION,
            signed_by=f"{one.patient.given} {family}",
            signed_on=MONDAY,
        )
    rosa.go("/desk/?where=all")
    row = rosa.row(family.upper())
    rosa.click(row.get_by_role("button", name=re.compile("^Arrived")))
    rosa.click(row.get_by_role("link", name=re.compile("^Check in")))
    rosa.press_button("Said by the patient")
    expect(rosa.page.locator("#step-identity")).to_contain_text("done")
    rosa.press_button("Take and make receipt")
    expect(rosa.page.locator("#step-copay")).to_contain_text("done")
    rosa.press_button("Check in")
    rosa.toast("checked in")
    with office.within():
        visit = Visit.objects.get(appointment=one)
        assert visit.flow == "checked_in"
        assert Payment.objects.get(visit_id=visit.pk).method == "cash"


def signs_and_is_checked_in(rosa: Person, family: str) -> None:
    """Who walked in signs the notice and has no plan to pay for."""
    rosa.go("/desk/?where=all")
    rosa.click(rosa.row(family.upper()).get_by_role("link", name=re.compile("^Check in")))
    rosa.press_button("Said by the patient")
    expect(rosa.page.locator("#step-identity")).to_contain_text("done")
    rosa.fill("Signed by", f"Uma {family}")
    rosa.press_button("Keep")
    expect(rosa.page.locator("#step-privacy_notice")).to_contain_text("done")
    rosa.press_button("Check in")
    rosa.toast("checked in")


def is_seen(office: Office, family: str) -> None:
    """Room, clinician and charges: the work of others."""
    with office.within():
        by = office.played.by("office_manager", office.moment(12, 30, MONDAY))
        visit = Visit.objects.get(service_on=MONDAY, patient__family=family)
        VisitDiagnosis.objects.create(visit=visit, rank=1, code="M54.50", label="Low back pain")
        charges.put_charge(by, visit_id=visit.pk, code="X0020")
        charges.post_charges(by, visit_id=visit.pk)
        for state in ("roomed", "with_provider", "ready_for_checkout"):
            visits.move_on(by, visit_id=visit.pk, to=state)


def checks_out(rosa: Person, family: str) -> None:
    """Nothing is booked, what is owed is billed, and the patient goes."""
    rosa.go("/desk/?where=all")
    rosa.click(rosa.row(family.upper()).get_by_role("link", name=re.compile("^Check out")))
    puts_off(rosa, "follow_up", "Not needed")
    money = rosa.page.locator("#step-balance")
    if money.get_by_text("to do", exact=True).count():
        puts_off(rosa, "balance", "Bill me")
    rosa.press_button("Check out")
    rosa.toast("checked out")


def puts_off(rosa: Person, kind: str, why: str) -> None:
    rosa.click(rosa.page.locator(f"#step-{kind} summary", has_text="Not now, because"))
    rosa.page.locator(f"#why-{kind}").fill(why)
    rosa.press_button("Put off", f"#step-{kind}")
    expect(rosa.page.locator(f"#step-{kind}")).to_contain_text(f"not now: {why}")


def leaves_unseen(rosa: Person, family: str) -> None:
    """Who walked in has no time to wait any longer, and says so."""
    rosa.go("/desk/?where=all")
    row = rosa.row(family.upper())
    rosa.click(row.get_by_label(f"More for {family.upper()}"))
    rosa.click(row.get_by_role("link", name="Left without being seen"))
    rosa.fill("Why did the patient leave", "Could not wait")
    rosa.press_button("Note that the patient left")
    rosa.toast("Left without being seen")


def says_who_is_late(office: Office, rosa: Person) -> None:
    """One act says it; the board says it to everybody; those in the house are told at the desk."""
    rosa.go("/schedule/late/")
    rosa.page.locator("#id_who").select_option(index=0)
    rosa.fill("Minutes late", "40")
    rosa.press_button("Runs late")
    rosa.toast("begin later")
    rosa.sees("runs about 40 min late")
    told = rosa.page.get_by_role("button", name=re.compile("was told$"))
    if told.count():
        told.first.click()
        rosa.toast("Noted")
    rosa.go("/desk/?where=all")
    rosa.sees("runs about 40 min late")
    with office.within():
        assert RunningLate.objects.get(on_day=MONDAY).minutes == 40


def still_has_the_walk_ins(office: Office) -> None:
    """The two who walked in still wait: nothing lets them go but the desk."""
    with office.within():
        here = Visit.objects.filter(service_on=MONDAY, appointment=None, patient__family__in=WALK_INS)
        assert here.count() == len(WALK_INS)


def resolves(office: Office, rosa: Person, absent: Appointment) -> None:
    """Nothing is marked by the clock: the desk says of each who did not come that it is so."""
    rosa.go("/desk/unresolved/")
    rosa.sees(absent.patient.family.upper())
    rosa.go("/desk/?where=all")
    asks = rosa.page.locator("#group-unresolved").get_by_role("button", name=re.compile("^No-show"))
    while left := asks.count():
        rosa.click(asks.first)
        expect(asks).to_have_count(left - 1)
    with office.within():
        assert Appointment.objects.get(pk=absent.pk).booking == "no_show"
        assert not Appointment.objects.filter(
            on_day=MONDAY, booking="scheduled", visit=None, ends_at__lt=office.moment(18, 30, MONDAY)
        ).exists()


def closes(office: Office, rosa: Person, ana: Person) -> None:
    """Every drawer is counted, and the day balances."""
    for door, expected in office.in_the_drawers().items():
        rosa.follow("Cash drawer", "#nav")
        rosa.follow(f"Count the drawer at {door}")
        rosa.fill("Counted", str(expected))
        rosa.click(rosa.page.locator("main form .btn-primary"))
        rosa.press_button("Close the drawer")
        rosa.sees("Closed by")
    ana.follow("Day sheet", "#nav")
    ana.sees("The books balance")
    ana.press_button("Close the day")  # no reason is asked: nothing is open
    ana.sees("Closed by")
    with office.within():
        assert not Visit.objects.filter(service_on=MONDAY).open().exists()
        sheet = Daysheet.objects.get(day=MONDAY)
        assert (sheet.open_visits, sheet.reason) == (0, "")
        change = sheet.charges - sheet.payments - sheet.adjustments
        assert sheet.receivables_after - sheet.receivables_before == change
        seen = Visit.objects.filter(service_on=MONDAY, flow="checked_out").count()
        assert seen >= VISITS * 3 // 4, seen
