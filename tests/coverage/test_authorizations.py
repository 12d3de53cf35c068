"""Authorized and referred visits: entered, counted from what names them, warned of; they never stop a patient."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.coverage import authorizing, commands
from daysheet.coverage.by_hand import NotForThisVisit
from daysheet.coverage.granted import granted, hints
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.models import Authorization, Coverage, Payer
from daysheet.coverage.rules.authorizations import Counts, Grant, chosen, fault_of_number, warnings_of
from daysheet.kernel import clock
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.ids import new_id
from daysheet.kernel.jobs import holding
from daysheet.kernel.models import AuditLine
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast, desk, make

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 9)


class House:
    """An office with a patient, a plan, a clinician and two kinds of visit."""

    def __init__(self, practice: Any) -> None:
        make.office()
        self.practice = practice
        self.door = make.location()
        self.lee = make.provider(at=self.door)
        make.hours(self.lee, self.door, weekdays=range(7))
        self.follow_up = make.visit_type("Follow-up")
        self.therapy = make.visit_type("Therapy")
        self.patient = make.patient()
        self.card: Coverage = make.coverage(self.patient, make.plan())
        self.now = clock.system_now()
        self.today = clock.local_day(self.now, practice.zone)
        self.by = cast.rosa(practice.pk, self.now)

    def enter(self, number: str = "AUTH1", **more: Any) -> Authorization:
        facts: dict[str, Any] = {
            "kind": "prior",
            "starts_on": self.today - timedelta(days=30),
            "visits_approved": 3,
        } | more
        return commands.add_authorization(
            self.by, patient_id=self.patient.pk, coverage_id=self.card.pk, number=number, **facts
        )

    def book(self, days: int = 3, hour: int = 9, kind: Any = None) -> Appointment:
        at = datetime.combine(self.today + timedelta(days=days), datetime.min.time(), tzinfo=self.door.zone)
        return schedule.book_appointment(
            self.by,
            patient_id=self.patient.pk,
            provider_id=self.lee.pk,
            location_id=self.door.pk,
            type_id=(kind or self.follow_up).pk,
            starts_at=at + timedelta(hours=hour),
        )

    def seen(self, under: Authorization, flow: str = "checked_out") -> Visit:
        return Visit.objects.create(
            number=Visit.objects.count() + 1,
            patient=self.patient,
            provider=self.lee,
            location=self.door,
            coverage=self.card,
            authorization=under,
            service_on=self.today - timedelta(days=1),
            flow=flow,
            flow_since=self.now,
            arrived_at=self.now,
        )

    def words(self) -> list[str]:
        rows = authorizing.authorizations(self.patient.pk)
        return [one.counts for one in granted(rows, self.today)]


@pytest.fixture
def house() -> Iterator[House]:
    practice = make.practice()
    with make.acting(practice), holding():
        yield House(practice)


def grant(**more: Any) -> Grant:
    facts: dict[str, Any] = {"id": new_id(), "kind": "prior", "starts_on": DAY, "approved": 12} | more
    return Grant(**facts)


@pytest.mark.parametrize(
    ("facts", "warned"),
    [
        ({}, []),
        ({"counts": Counts(4, 2)}, []),
        ({"counts": Counts(4, 3)}, ["few_left"]),
        ({"counts": Counts(8, 4)}, ["used_up"]),
        ({"counts": Counts(8, 5)}, ["overbooked"]),
        ({"approved": None, "counts": Counts(90, 5)}, []),
        ({"ends_on": DAY + timedelta(days=15)}, []),
        ({"ends_on": DAY + timedelta(days=14)}, ["ends_soon"]),
        ({"ends_on": DAY + timedelta(days=14), "counts": Counts(11, 0)}, ["few_left", "ends_soon"]),
        ({"starts_on": DAY - timedelta(days=9), "ends_on": DAY, "counts": Counts(12, 0)}, ["ended"]),
        ({"starts_on": DAY + timedelta(days=1)}, ["not_yet"]),
    ],
)
def test_what_a_clerk_is_warned_of(facts: dict[str, Any], warned: list[str]) -> None:
    assert warnings_of(grant(**facts), DAY) == warned


def test_a_visit_counts_under_the_narrowest_with_visits_left_that_ends_first() -> None:
    full = grant(counts=Counts(12, 0), what_for=("Therapy",))
    wide = grant()
    narrow = grant(what_for=("therapy", "97110"))
    sooner = grant(what_for=("therapy",), ends_on=DAY + timedelta(days=3))
    assert chosen([full, wide, narrow, sooner], "prior", DAY, ["Therapy"]) == sooner
    assert chosen([full, wide, narrow], "prior", DAY, ["Therapy"]) == narrow
    assert chosen([full, wide, narrow], "prior", DAY, ["Follow-up"]) == wide
    assert chosen([full, narrow], "prior", DAY, ["97110"]) == narrow
    assert chosen([full], "prior", DAY, ["Therapy"]) == full  # the patient is not turned away
    assert chosen([sooner], "prior", DAY + timedelta(days=3), ["Therapy"]) is None
    assert chosen([wide], "referral", DAY, []) is None


@pytest.mark.parametrize("number", ["", "A*1", "A^1", "A:1", "A~1", "A" * 51, "A\n1"])
def test_a_number_that_a_claim_cannot_carry_is_refused(house: House, number: str) -> None:
    assert fault_of_number(number)
    if number != "A\n1":
        with pytest.raises(commands.AuthorizationIsWrong):
            house.enter(number)


def test_booked_used_and_left_follow_the_visits(house: House) -> None:
    paper = house.enter(visits_approved=12)
    assert house.words() == ["0 of 12 used, 0 booked, 12 left"]
    coming = house.book()
    house.book(hour=11)
    house.seen(paper)
    house.seen(paper, "lwobs")
    house.seen(paper, "undone")
    assert coming.authorization_id == paper.pk
    assert house.words() == ["1 of 12 used, 2 booked, 9 left"]
    schedule.cancel_appointment(
        house.by, appointment_id=coming.pk, version=coming.version, reason="patient_cancelled"
    )
    assert house.words() == ["1 of 12 used, 1 booked, 10 left"]


def test_an_arrival_is_booked_until_it_is_checked_out_and_counts_once(house: House) -> None:
    house.enter()
    visit = visits.walk_in(
        house.by, patient_id=house.patient.pk, provider_id=house.lee.pk, location_id=house.door.pk
    )
    assert visit.authorization_id is not None
    assert house.words() == ["0 of 3 used, 1 booked, 2 left"]
    Visit.objects.filter(pk=visit.pk).update(flow="checked_out")
    assert house.words() == ["1 of 3 used, 0 booked, 2 left"]


def test_two_bookings_for_the_last_visit_both_stand_and_the_warning_tells(house: House) -> None:
    house.enter(visits_approved=1)
    assert {house.book().authorization_id, house.book(hour=11).authorization_id} != {None}
    (shown,) = granted(authorizing.authorizations(house.patient.pk), house.today)
    assert shown.counts == "0 of 1 used, 2 booked, 0 left"
    assert shown.marks == (("stop", "1 visit too many"),)


def test_what_was_booked_before_counts_under_what_is_entered_later(house: House) -> None:
    therapy, other = house.book(kind=house.therapy), house.book(hour=11)
    paper = house.enter(what_for=["Therapy"], visits_approved=5)
    therapy.refresh_from_db()
    other.refresh_from_db()
    assert (therapy.authorization_id, other.authorization_id) == (paper.pk, None)
    commands.end_authorization(
        house.by, authorization_id=paper.pk, version=1, ends_on=house.today, reason="Taken back"
    )
    therapy.refresh_from_db()
    assert therapy.authorization_id is None


def test_a_visit_counts_under_a_referral_and_an_authorization(house: House) -> None:
    prior = house.enter(visits_approved=None)
    referral = house.enter("REF7", kind="referral", from_name="Dr. Ortiz", from_npi="1000000004")
    booked = house.book()
    assert (booked.authorization_id, booked.referral_id) == (prior.pk, referral.pk)
    assert sorted(house.words()) == ["0 of 3 used, 1 booked, 2 left", "0 used, 1 booked, no limit"]


def test_one_taken_out_lets_its_coming_visits_go(house: House) -> None:
    paper, booked = house.enter(), house.book()
    with pytest.raises(commands.AuthorizationIsWrong):
        commands.mark_authorization_in_error(house.by, authorization_id=paper.pk, version=1, reason=" ")
    commands.mark_authorization_in_error(
        house.by, authorization_id=paper.pk, version=1, reason="Other patient"
    )
    booked.refresh_from_db()
    assert booked.authorization_id is None
    assert house.words() == []
    assert AuditLine.objects.filter(action="coverage.authorization.entered-in-error").count() == 1


def test_what_cannot_be_is_refused_with_its_field(house: House) -> None:
    paper = house.enter()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"from_npi": "1234567890"}, "from_npi"),
        ({"visits_approved": 0}, "visits_approved"),
        ({"ends_on": house.today - timedelta(days=30)}, "last_day"),
        ({"kind": "wish"}, "kind"),
    ]
    for said, field in wrong:
        with pytest.raises(commands.AuthorizationIsWrong) as no:
            house.enter("AUTH2", **said)
        assert list(no.value.fields) == [field]
    with pytest.raises(commands.NumberIsEntered):
        house.enter("auth1")
    with pytest.raises(commands.AuthorizationIsUnknown):
        commands.add_authorization(
            house.by,
            patient_id=house.patient.pk,
            coverage_id=new_id(),
            kind="prior",
            number="A",
            starts_on=DAY,
        )
    facts: dict[str, Any] = {"coverage_id": house.card.pk, "number": "AUTH1", "starts_on": house.today}
    with pytest.raises(StaleForm):
        commands.change_authorization(house.by, authorization_id=paper.pk, version=7, kind="prior", **facts)
    with pytest.raises(commands.AuthorizationIsWrong):
        commands.change_authorization(
            house.by, authorization_id=paper.pk, version=1, kind="referral", **facts
        )
    with pytest.raises(NotPermitted):
        commands.end_authorization(
            cast.auditor(house.practice.pk, house.now),
            authorization_id=paper.pk, version=1, ends_on=house.today, reason="no",
        )  # fmt: skip


def test_counting_is_one_statement_for_any_number(house: House) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as heard:
            granted(authorizing.authorizations(house.patient.pk), house.today)
        return len(heard)

    house.enter()
    one = statements()
    for number in range(6):
        house.enter(f"MORE{number}")
        house.book(days=3 + number)
    assert one == statements() == 2


def test_a_plan_that_needs_one_is_told_of_and_nothing_is_stopped(house: House) -> None:
    plan = house.card.plan
    plan.needs_authorization = plan.needs_referral = True
    plan.save()
    day = house.today + timedelta(days=3)
    said = hints(house.patient.pk, day, ["Follow-up"], today=house.today)
    assert [one.split(", and")[0] for one in said] == [
        "Blue PPO needs a prior authorization", "Blue PPO needs a referral",
    ]  # fmt: skip
    house.enter(visits_approved=12)
    house.enter("REF7", kind="referral", visits_approved=2)
    assert hints(house.patient.pk, day, ["Follow-up"], today=house.today) == ["Referral REF7: 2 visits left"]
    assert house.book().pk


def test_the_panel_shows_the_counts_the_bar_and_the_warning(house: House) -> None:
    house.enter(visits_approved=3, what_for=["Therapy"], from_name="Blue PPO")
    house.book(kind=house.therapy)
    browser = desk.signed_in(make.member())
    at = reverse("coverage:authorizations", args=[house.patient.pk])
    piece = browser.get(at, headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith("<section")
    assert "0 of 3 used, 1 booked, 2 left" in piece
    assert "2 visits left" in piece
    assert '<progress max="3" value="1"' in piece
    assert "For Therapy" in piece
    whole = browser.get(at).content.decode()
    assert "<html" in whole
    assert "0 of 3 used, 1 booked, 2 left" in whole


def test_the_only_plan_is_chosen_already(house: House) -> None:
    at = reverse("coverage:authorization-add", args=[house.patient.pk])
    (only,) = Coverage.objects.filter(patient=house.patient)
    assert f'value="{only.pk}" selected' in desk.signed_in(make.member()).get(at).content.decode()


def test_the_forms_enter_change_end_and_take_out(house: House) -> None:
    browser = desk.signed_in(make.member())
    at = reverse("coverage:authorization-add", args=[house.patient.pk])

    def send(address: str, said: dict[str, Any], **headers: Any) -> Any:
        shown = browser.get(address).content.decode()
        fields = desk.hidden_fields(shown, form='id="authorization-form"')
        return browser.post(address, fields | said, **headers)

    said = {
        "coverage": str(house.card.pk), "kind": "prior", "number": "A*1", "visits_approved": "6",
        "starts_on": house.today.isoformat(), "what_for": "Follow-up, 97110",
    }  # fmt: skip
    piece = send(at, said, headers={"HX-Request": "true"})
    assert piece.status_code == 409
    assert "none of * ^ : ~" in piece.content.decode()
    assert 'value="Follow-up, 97110"' in piece.content.decode()
    assert send(at, said | {"starts_on": "never"}).status_code == 422
    assert send(at, said | {"number": "pa-77"}).status_code == 303
    held = Authorization.objects.get()
    assert (held.number, held.what_for, held.visits_approved) == ("PA-77", ["Follow-up", "97110"], 6)
    change = reverse("coverage:authorization-change", args=[held.pk])
    assert send(change, said | {"number": "PA-77", "visits_approved": "12"}).status_code == 303
    held.refresh_from_db()
    assert (held.visits_approved, held.version) == (12, 2)
    ends = {"last_day": house.today.isoformat(), "reason": "Plan ended"}
    assert send(reverse("coverage:authorization-end", args=[held.pk]), ends).status_code == 303
    held.refresh_from_db()
    assert (held.ends_on, held.end_reason) == (house.today + timedelta(days=1), "Plan ended")
    error = reverse("coverage:authorization-error", args=[held.pk])
    assert send(error, {"reason": "Other patient"}).status_code == 303
    assert browser.get(change).status_code == 404


def test_booking_and_check_in_hint_and_go_on(house: House) -> None:
    plan = house.card.plan
    plan.needs_referral = True
    plan.save()
    browser = desk.signed_in(make.member(at=house.door))
    at = reverse("schedule:appointment-book", args=[house.patient.pk])
    for headers in ({}, {"HX-Request": "true"}):
        shown = browser.get(at, headers=headers).content.decode()
        assert "Blue PPO needs a referral, and none covers" in shown
        assert "You can book all the same." in shown
    visit = visits.walk_in(
        house.by, patient_id=house.patient.pk, provider_id=house.lee.pk, location_id=house.door.pk
    )
    check_in = reverse("frontdesk:check-in", args=[visit.pk])
    assert "Blue PPO needs a referral" in browser.get(check_in).content.decode()
    house.enter("REF7", kind="referral", visits_approved=20)
    assert "needs a referral" not in browser.get(check_in).content.decode()
    assert "You can book all the same." not in browser.get(at).content.decode()


def injured(house: House) -> InjuryCase:
    fund = Payer.objects.create(name="State Fund", payer_id="STATEFUND")
    facts = commands.CaseFacts(
        "work",
        fund.pk,
        house.today - timedelta(days=7),
        "left wrist",
        employer="Bakery Inc",
        claim_number="123",
    )
    return commands.add_case(house.by, patient_id=house.patient.pk, facts=facts, today=house.today)


def test_a_visit_counts_under_what_the_plan_that_pays_for_it_has_authorized(house: House) -> None:
    case = injured(house)
    of_plan = house.enter("PLAN1")
    of_case = commands.add_authorization(
        house.by, patient_id=house.patient.pk, coverage_id=case.coverage.pk, number="COMP1", kind="prior",
        starts_on=house.today - timedelta(days=5), visits_approved=12,
    )  # fmt: skip
    booked = house.book()
    assert booked.authorization_id == of_plan.pk
    commands.put_appointment_under(
        house.by, appointment_id=booked.pk, patient_id=house.patient.pk, day=booked.on_day, case_id=case.pk
    )
    booked.refresh_from_db()
    assert booked.authorization_id == of_case.pk
    moved = schedule.move_appointment(
        house.by,
        appointment_id=booked.pk,
        version=booked.version,
        starts_at=booked.starts_at + timedelta(hours=2),
    )
    moved.refresh_from_db()
    assert moved.authorization_id == of_case.pk
    commands.close_case(
        house.by,
        case_id=case.pk,
        version=case.version,
        closed_on=house.today,
        reason="Healed",
        today=house.today,
    )
    moved.refresh_from_db()
    assert moved.authorization_id == of_plan.pk


def test_a_visit_put_under_a_case_counts_under_the_authorization_of_the_case(house: House) -> None:
    case = injured(house)
    of_plan = house.enter("PLAN1")
    visit = visits.walk_in(
        house.by, patient_id=house.patient.pk, provider_id=house.lee.pk, location_id=house.door.pk
    )
    assert visit.authorization_id == of_plan.pk
    visit = visits.put_visit_under(house.by, visit_id=visit.pk, version=visit.version, case_id=case.pk)
    assert visit.authorization_id is None
    with pytest.raises(NotForThisVisit, match="does not pay for this visit"):
        visits.choose_authorization(
            house.by, visit_id=visit.pk, version=visit.version, authorization_id=of_plan.pk
        )
    visit = visits.put_visit_under(house.by, visit_id=visit.pk, version=visit.version, case_id=None)
    assert visit.authorization_id == of_plan.pk


def test_what_the_old_payer_authorized_holds_no_visit_after_the_switch(house: House) -> None:
    house.enter("OLD1")
    booked = house.book()
    other = make.plan("Aetna PPO", "AETNA")
    commands.switch_payer(
        house.by, coverage_id=house.card.pk, version=house.card.version, plan_id=other.pk, member_id="A1",
        from_on=house.today,
    )  # fmt: skip
    booked.refresh_from_db()
    assert booked.authorization_id is None
    assert house.book(hour=11).authorization_id is None
    other.needs_authorization = True
    other.save()
    (said,) = hints(house.patient.pk, booked.on_day, ["Follow-up"], today=house.today)
    assert said.startswith("Aetna PPO needs a prior authorization")
