"""Estimates: which paper is due by when, what it comes to, how it keeps up with the booking and the bill."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pypdf
import pytest

from daysheet.charges import commands, estimating, rules
from daysheet.charges.models import Estimate, EstimateVersion
from daysheet.coverage import commands as coverage_commands
from daysheet.coverage import queries as coverage_queries
from daysheet.coverage.commands import CaseFacts
from daysheet.coverage.models import Coverage, EligibilityInquiry, EligibilityResponse
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.jobs import holding
from daysheet.ledger import commands as ledger
from daysheet.mailroom.models import Envelope
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.tasks import commands as tasks
from daysheet.tasks.models import WorkqueueItem
from daysheet.ui import words
from daysheet.visits import commands as visits
from daysheet.visits.ahead import visit_ahead
from daysheet.visits.models import Visit
from tests import cast, make

pytestmark = pytest.mark.django_db
JAN_1 = date(2026, 1, 1)


class House:
    """An office with prices, usual services and a patient without a plan."""

    def __init__(self, practice: Any) -> None:
        self.office = make.office()
        self.practice = practice
        self.door = make.location()
        self.lee = make.provider(at=self.door)
        make.hours(self.lee, self.door, weekdays=range(7))
        self.follow_up = make.visit_type("Follow-up")
        self.patient = make.patient()
        self.now = cast.NOW
        self.today = cast.MONDAY
        self.by = cast.rosa(practice.pk, self.now)
        self.ana = cast.ana(practice.pk)
        for code, label, amount in (("X0020", "Visit, 20 minutes", "120"), ("X0015", "Exercise", "60")):
            commands.set_fee(self.ana, code=code, label=label, amount=Decimal(amount), starts_on=JAN_1)
        commands.set_usual_service(self.ana, type_id=self.follow_up.pk, code="x0020", is_visit=True)
        commands.set_usual_service(self.ana, type_id=self.follow_up.pk, code="X0015", units=Decimal(2))

    def book(self, days: int, hour: int = 9, **more: Any) -> Appointment:
        at = datetime.combine(self.today + timedelta(days=days), datetime.min.time(), tzinfo=self.door.zone)
        return schedule.book_appointment(
            self.by,
            patient_id=self.patient.pk,
            provider_id=self.lee.pk,
            location_id=self.door.pk,
            type_id=self.follow_up.pk,
            starts_at=at + timedelta(hours=hour),
            **more,
        )

    def ask(self, booked: Appointment | None = None, **more: Any) -> Estimate:
        facts: dict[str, Any] = {"has_coverage": False, "uses_coverage": False, "is_request": booked is None}
        if booked is None:
            facts |= {"provider_id": self.lee.pk, "location_id": self.door.pk, "type_id": self.follow_up.pk}
        else:
            facts["appointment_id"] = booked.pk
        return commands.ask_estimate(self.by, patient_id=self.patient.pk, **(facts | more))

    def make(self, held: Estimate, **more: Any) -> EstimateVersion:
        return commands.make_estimate(self.by, estimate_id=held.pk, version=self.version(held), **more)

    def give(self, held: Estimate, how: str = "hand") -> EstimateVersion:
        return commands.hand_over_estimate(self.by, estimate_id=held.pk, version=self.version(held), how=how)

    def version(self, held: Estimate) -> int:
        held.refresh_from_db()
        return held.version

    def cover(self, **more: Any) -> Coverage:
        held: Coverage = make.coverage(self.patient, make.plan())
        inquiry = EligibilityInquiry.objects.create(
            patient=self.patient,
            coverage=held,
            trace="T1",
            service_on=self.today,
            asked_at=self.now,
            asked_by="Rosa",
            state="answered",
        )
        facts: dict[str, Any] = {
            "copay": Decimal(30),
            "deductible_left": Decimal(50),
            "coinsurance_percent": Decimal(20),
            "out_of_pocket_left": Decimal(1000),
        } | more
        EligibilityResponse.objects.create(
            inquiry=inquiry,
            patient=self.patient,
            answered_at=self.now,
            verdict="eligible",
            sentence="Covered.",
            **facts,
        )
        return held

    def bill(self, booked: Appointment, **prices: str) -> Visit:
        visit = Visit.objects.create(
            number=1 + Visit.objects.count(),
            patient=self.patient,
            appointment=booked,
            provider=self.lee,
            location=self.door,
            service_on=booked.on_day,
            flow_since=self.now,
            arrived_at=self.now,
        )
        for code, amount in prices.items():
            commands.put_charge(self.by, visit_id=visit.pk, code=code, amount=Decimal(amount))
        commands.post_charges(self.by, visit_id=visit.pk)
        return visit


@pytest.fixture
def house() -> Iterator[House]:
    practice = make.practice()
    with make.acting(practice), holding():
        yield House(practice)


def text_of(made: EstimateVersion) -> str:
    pages = pypdf.PdfReader(BytesIO(bytes(made.document.content))).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_an_estimate_is_begun_made_and_handed_over(house: House) -> None:
    booked = house.book(4)
    assert [one.appointment for one in estimating.wanted(house.today, house.door.zone)] == [booked]
    held = house.ask(booked)
    assert (held.kind, held.due_on) == ("good_faith", house.today + timedelta(days=1))
    assert estimating.wanted(house.today, house.door.zone) == []
    made = house.make(held)
    assert (made.number, made.low, made.high, made.reason) == (1, Decimal(240), Decimal(240), "first")
    assert [one.kind for one in WorkqueueItem.objects.exclude(state="closed")] == ["estimate"]
    house.give(held)
    held.refresh_from_db()
    assert held.state == "given"
    assert not WorkqueueItem.objects.exclude(state="closed").exists()


def test_the_good_faith_paper_says_all_that_the_law_asks_for(house: House) -> None:
    held = house.ask(house.book(14))
    commands.change_estimate(
        house.by,
        estimate_id=held.pk,
        version=held.version,
        for_what="Back pain, first look",
        diagnoses=["m5450"],
        discount_percent=Decimal(25),
        others_note="The laboratory sends its own bill.",
        separately=["X-ray of the spine"],
    )
    told = text_of(house.make(held))
    for said in (
        "Good-faith estimate 1",
        "Maria Diaz",
        words.born(house.patient.born_on),
        "Back pain, first look",
        "X0020",
        "M54.50",
        "$180.00",
        "Grace Lee, MD",
        "NPI",
        house.lee.npi,
        house.office.tax_id,
        "12 Main St, Springfield, MA",
        "The laboratory sends its own bill.",
        "X-ray of the spine",
        "good-faith estimate of its own for each",
        "more services that we recommend",
        "only an estimate",
        "at least $400 more",
        "120 calendar days",
        "www.cms.gov/nosurprises",
        "does not lower the quality",
        "not a contract",
    ):
        assert said in told, said


def test_who_uses_a_plan_gets_another_paper_with_each_figure_and_its_source(house: House) -> None:
    plan = house.cover().plan
    commands.set_rate(house.ana, payer_id=plan.payer_id, code="X0020", amount=Decimal(100), starts_on=JAN_1)
    commands.set_rate(
        house.ana, payer_id=plan.payer_id, plan_id=plan.pk, code="X0020", amount=Decimal(90), starts_on=JAN_1
    )
    commands.set_rate(house.ana, payer_id=plan.payer_id, code="X0015", amount=Decimal(40), starts_on=JAN_1)
    held = house.ask(house.book(4), has_coverage=True, uses_coverage=True)
    assert (held.kind, held.due_on) == ("insured", None)
    told = estimating.expected(held)
    assert [(one.line.code, one.allowed) for one in told.lines] == [
        ("X0020", Decimal(90)),
        ("X0015", Decimal(80)),
    ]
    assert told.total.low == told.total.high == Decimal("86.00")  # 30 copay, 50 deductible, 20% of 30
    assert told.unknown == []
    paper = text_of(house.make(held))
    assert "This is not a good-faith estimate" in paper
    assert "$86.00" in paper


def test_the_copay_of_an_estimate_is_that_of_the_visits_service(house: House) -> None:
    house.cover(copays={"UC": {"amount": "50.00", "line": 4, "how": "service type UC, line 4"}})
    booked = house.book(4)
    AppointmentType.objects.update(copay_service="UC")
    held = house.ask(booked, has_coverage=True, uses_coverage=True)
    (copay,) = [one for one in estimating.expected(held).figures if one.words == "Copay"]
    assert copay.amount
    assert (copay.amount.high, "service type UC" in copay.how) == (Decimal(50), True)


def test_a_dentists_paper_names_the_tooth_and_its_surfaces(house: House) -> None:
    held = house.ask()
    commands.put_estimate_line(
        house.by, estimate_id=held.pk, version=house.version(held), code="X0015", mouth="#14mod"
    )
    assert held.lines.get(code="X0015").mouth == "14 MOD"
    assert "Exercise (Tooth 14: mesial, occlusal, distal)" in text_of(house.make(held))
    with pytest.raises(commands.EstimateIsWrong, match="write the tooth before them"):
        commands.put_estimate_line(
            house.by, estimate_id=held.pk, version=house.version(held), code="X0015", mouth="MOD"
        )


def test_a_service_of_the_facility_costs_what_its_line_on_the_slip_would(house: House) -> None:
    prices = {"0260": "95.00", "0510": "210.00"}
    fee = {"label": "Infusion", "amount": Decimal(140), "starts_on": JAN_1, "revenue_code": "0510"}
    commands.set_fee(house.ana, code="X0030", **fee, revenue_prices=prices)
    commands.set_usual_service(house.ana, type_id=house.follow_up.pk, code="X0030")
    booked = house.book(4)
    held = house.ask(booked)
    for told in ("260", "0300"):
        commands.put_estimate_line(
            house.by, estimate_id=held.pk, version=house.version(held), code="X0030", revenue_code=told
        )
    lines = {one.revenue_code: one.unit_fee for one in held.lines.filter(code="X0030")}
    assert lines == {"0510": Decimal(210), "0260": Decimal(95), "0300": Decimal(140)}
    assert "Infusion (Facility, revenue code 0260)" in text_of(house.make(held))
    facts = {"estimate_id": held.pk, "code": "X0030", "revenue_code": "0260"}
    commands.remove_estimate_line(house.by, version=house.version(held), **facts)
    assert sorted(held.lines.filter(code="X0030").values_list("revenue_code", flat=True)) == ["0300", "0510"]
    with pytest.raises(commands.EstimateIsWrong, match="four digits"):
        commands.put_estimate_line(
            house.by, estimate_id=held.pk, version=house.version(held), code="X0030", revenue_code="7"
        )
    visit = house.bill(booked, X0015="60.00")
    for told, money in lines.items():
        line = commands.put_charge(house.by, visit_id=visit.pk, code="X0030", revenue_code=told)
        assert line.unit_fee == money


def test_what_nobody_has_said_makes_a_range(house: House) -> None:
    house.cover(coinsurance_percent=None, out_of_pocket_left=None, deductible_left=None)
    told = estimating.expected(house.ask(house.book(4), has_coverage=True, uses_coverage=True))
    assert (told.total.low, told.total.high) == (Decimal(0), Decimal(150))
    assert len(told.unknown) == 4


def test_a_member_who_does_not_use_the_plan_gets_a_good_faith_estimate(house: House) -> None:
    house.cover()
    booked = house.book(4)
    assert estimating.wanted(house.today, house.door.zone) == []
    assert house.ask(booked, has_coverage=True, uses_coverage=False).kind == "good_faith"


def test_a_plan_that_is_not_on_file_is_refused(house: House) -> None:
    with pytest.raises(commands.EstimateIsWrong, match="on file"):
        house.ask(house.book(4), has_coverage=True, uses_coverage=True)


def test_a_question_about_a_price_is_a_request(house: House) -> None:
    held = house.ask(None)
    assert held.due_on == house.today + timedelta(days=3)
    assert held.for_what == "Follow-up"


def test_a_visit_has_one_estimate(house: House) -> None:
    booked = house.book(4)
    house.ask(booked)
    with pytest.raises(commands.EstimateStands):
        house.ask(booked)


def test_a_moved_visit_wants_a_new_version(house: House) -> None:
    booked = house.book(10)
    held = house.ask(booked)
    house.make(held)
    house.give(held)
    schedule.move_appointment(
        house.by,
        appointment_id=booked.pk,
        version=booked.version,
        starts_at=booked.starts_at + timedelta(days=1),
    )
    assert commands.look_after_estimates(cast_system(house), today=house.today) == 1
    held.refresh_from_db()
    assert (held.state, held.service_on) == ("asked", booked.on_day + timedelta(days=1))
    assert held.due_on == booked.on_day
    second = house.make(held)
    assert (second.number, held.versions.count()) == (2, 2)
    assert "moved" in second.reason
    assert estimating.wanted(house.today, house.door.zone) == []


def test_a_cancelled_visit_closes_its_estimate(house: House) -> None:
    booked = house.book(10)
    held = house.ask(booked)
    Appointment.objects.filter(pk=booked.pk).update(booking="cancelled")
    commands.look_after_estimates(cast_system(house), today=house.today)
    held.refresh_from_db()
    assert held.state == "closed"
    assert not WorkqueueItem.objects.exclude(state="closed").exists()
    Appointment.objects.filter(pk=booked.pk).update(booking="scheduled")
    assert len(estimating.wanted(house.today, house.door.zone)) == 1


def test_what_the_law_wants_comes_on_the_work_list_once(house: House) -> None:
    house.book(4)
    for _ in range(2):
        commands.look_after_estimates(cast_system(house), today=house.today)
    item = WorkqueueItem.objects.get(kind="estimate")
    assert "law: 1 business day" in item.source_of_due
    assert item.steps.count() == 1
    house.cover()
    commands.look_after_estimates(cast_system(house), today=house.today)
    item.refresh_from_db()
    assert item.state == "closed"


def test_a_paper_is_not_handed_over_after_the_booking_changed(house: House) -> None:
    booked = house.book(4)
    held = house.ask(booked)
    house.make(held)
    Appointment.objects.filter(pk=booked.pk).update(on_day=booked.on_day + timedelta(days=1))
    with pytest.raises(commands.EstimateIsWrong, match="booking has changed"):
        house.give(held)


def test_a_bill_400_over_asks_for_a_person_until_it_is_mended(house: House) -> None:
    booked = house.book(4)
    held = house.ask(booked)
    house.make(held)
    house.give(held)
    visit = house.bill(booked, X0020="639.99")
    assert not Estimate.objects.filter(over_by__isnull=False).exists()
    more = commands.put_charge(house.by, visit_id=visit.pk, code="X0015", amount=Decimal("0.01"))
    commands.post_charges(house.by, visit_id=visit.pk)
    held.refresh_from_db()
    assert held.over_by == Decimal("400.00")
    assert WorkqueueItem.objects.get(kind="estimate_over").role == "biller"
    commands.void_charge(house.by, charge_id=more.pk, reason="wrong")
    held.refresh_from_db()
    assert held.over_by is None
    assert WorkqueueItem.objects.get(kind="estimate_over").state == "closed"


def test_by_e_mail_it_is_sent_only_where_there_is_an_address(house: House) -> None:
    held = house.ask(house.book(4))
    house.make(held)
    with pytest.raises(commands.EstimateIsWrong, match="no e-mail address"):
        house.give(held, "email")
    house.patient.email = "maria@example.org"
    house.patient.save()
    given = house.give(held, "email")
    letter = bytes(Envelope.objects.get(pk=given.envelope_id).content)
    assert b"estimate.pdf" in letter
    assert b"Diaz" not in letter


@pytest.mark.parametrize(
    ("code", "units", "amount", "field"),
    [("X", "1", None, "code"), ("X0020", "0", None, "units"), ("Z9999", "1", None, "code")],
    ids=["short", "none", "unpriced"],
)
def test_a_line_that_cannot_be_is_refused(
    house: House, code: str, units: str, amount: str | None, field: str
) -> None:
    held = house.ask(house.book(4))
    with pytest.raises(Refusal) as no:
        commands.put_estimate_line(
            house.by, estimate_id=held.pk, version=held.version, code=code, units=Decimal(units)
        )
    assert field in no.value.fields


def test_a_changed_line_puts_a_made_paper_out_of_date(house: House) -> None:
    held = house.ask(house.book(4))
    house.make(held)
    commands.remove_estimate_line(house.by, estimate_id=held.pk, version=house.version(held), code="X0015")
    with pytest.raises(commands.EstimateIsWrong, match="out of date"):
        house.give(held)
    assert house.make(held).high == Decimal(120)


def test_an_old_page_cannot_change_an_estimate(house: House) -> None:
    held = house.ask(house.book(4))
    house.make(held)
    with pytest.raises(StaleForm):
        commands.close_estimate(house.by, estimate_id=held.pk, version=1, reason="no more")


def cast_system(house: House) -> Any:
    return Actor.system(practice_id=house.practice.pk, now=house.now)


def put_more(house: House, held: Estimate) -> None:
    commands.put_estimate_line(
        house.by, estimate_id=held.pk, version=house.version(held), code="X0015", units=Decimal(3)
    )
    held.refresh_from_db()


def test_a_paper_that_was_never_handed_over_keeps_its_day(house: House) -> None:
    held = house.ask(house.book(20))
    due, source = held.due_on, held.source_of_due
    house.make(held)
    put_more(house, held)
    assert (held.state, held.due_on, held.source_of_due) == ("asked", due, source)
    house.make(held)
    house.give(held)
    put_more(house, held)
    assert held.due_on is not None
    assert held.due_on > due  # type: ignore[operator]
    assert "changed" in held.source_of_due


def test_a_visit_that_is_moved_nearer_brings_the_day_nearer(house: House) -> None:
    booked = house.book(20)
    held = house.ask(booked)
    assert held.due_on == house.today + timedelta(days=3)
    schedule.move_appointment(
        house.by,
        appointment_id=booked.pk,
        version=booked.version,
        starts_at=booked.starts_at - timedelta(days=16),
    )
    commands.look_after_estimates(cast_system(house), today=house.today)
    held.refresh_from_db()
    assert (held.state, held.due_on) == ("asked", house.today + timedelta(days=1))
    assert WorkqueueItem.objects.exclude(state="closed").get().due_at == estimating.due_at(
        house.today + timedelta(days=1), house.door.zone
    )


def test_a_case_of_injury_is_no_plan(house: House) -> None:
    house.book(4)
    fund = make.plan("State Fund", "FUND").payer
    facts = CaseFacts("work", fund.pk, house.today, "left wrist", employer="Bakery Inc", claim_number="123")
    coverage_commands.add_case(house.by, patient_id=house.patient.pk, facts=facts, today=house.today)
    assert len(estimating.wanted(house.today, house.door.zone)) == 1


def test_of_more_than_a_page_those_nearest_their_day_are_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = house.book(30), house.book(31)
    Appointment.objects.filter(pk=old.pk).update(booked_at=house.now - timedelta(days=60))
    monkeypatch.setattr(estimating, "MOST_ROWS", 1)
    assert [one.appointment for one in estimating.wanted(house.today, house.door.zone)] == [new]
    commands.look_after_estimates(cast_system(house), today=house.today)
    assert WorkqueueItem.objects.filter(kind="estimate").exclude(state="closed").count() == 2


def test_a_usual_service_without_a_price_is_told_until_it_is_priced_or_dropped(house: House) -> None:
    for code in ("X0031", "X0032"):
        commands.set_usual_service(house.ana, type_id=house.follow_up.pk, code=code)
    held = house.ask(house.book(4))
    assert held.unpriced == ["X0031", "X0032"]
    with pytest.raises(commands.EstimateIsWrong, match="X0031, X0032"):
        house.make(held)
    commands.put_estimate_line(
        house.by, estimate_id=held.pk, version=house.version(held), code="X0031", amount=Decimal(10)
    )
    commands.remove_estimate_line(house.by, estimate_id=held.pk, version=house.version(held), code="X0032")
    assert house.make(held).high == Decimal(250)


def test_what_the_plan_said_in_the_evening_is_of_that_evening(house: House) -> None:
    house.cover()
    evening = datetime(2026, 3, 9, 21, 30, tzinfo=house.door.zone)
    EligibilityResponse.objects.update(answered_at=evening)
    told = estimating.expected(house.ask(house.book(4), has_coverage=True, uses_coverage=True))
    assert any("on Mon, Mar 9" in one.how or "Mar 9" in one.how for one in told.figures), told.figures
    assert not any("Mar 10" in one.how for one in told.figures)
    assert "Mar 9" in coverage_queries.copay_due(house.patient.pk, house.today)[1]


def discounted(house: House) -> tuple[Estimate, Appointment]:
    booked = house.book(4)
    held = house.ask(booked)
    commands.change_estimate(
        house.by,
        estimate_id=held.pk,
        version=held.version,
        for_what="Follow-up",
        discount_percent=Decimal(50),
    )
    house.make(held)
    house.give(held)
    return held, booked


def test_a_gross_bill_is_held_against_a_net_promise_and_the_discount_is_told(house: House) -> None:
    held, booked = discounted(house)  # 120 of 240
    visit = house.bill(booked, X0020="1000")
    held.refresh_from_db()
    assert held.over_by is None  # 500 of the bill, with what was promised off: 380 over
    item = WorkqueueItem.objects.get(kind="estimate_discount")
    assert "$500.00" in item.sentence
    tasks.take_item(house.by, item_id=item.pk)
    looked = {"patient_id": house.patient.pk, "appointment_id": booked.pk, "service_on": booked.on_day}
    commands.watch_bill(house.by, **looked)
    item = WorkqueueItem.objects.get(kind="estimate_discount")  # it is neither closed nor opened again
    assert [step.verb for step in item.steps.order_by("at", "id")] == ["opened", "taken"]
    line = commands.put_charge(house.by, visit_id=visit.pk, code="X0015", amount=Decimal(40))
    commands.post_charges(house.by, visit_id=visit.pk)
    held.refresh_from_db()
    assert held.over_by == Decimal("400.00")
    item = WorkqueueItem.objects.exclude(state="closed").get(kind="estimate_discount")
    assert "$520.00" in item.sentence
    off = ledger.write_off(
        house.ana, patient_id=house.patient.pk, amount=Decimal("520.01"), reason="self-pay discount"
    )
    held.refresh_from_db()
    item.refresh_from_db()
    assert (held.over_by, item.state) == (None, "closed")
    ledger.reverse_entry(house.ana, entry_id=off.pk, reason="wrong")
    held.refresh_from_db()
    assert held.over_by == Decimal("400.00")
    commands.void_charge(house.by, charge_id=line.pk, reason="wrong")
    held.refresh_from_db()
    assert held.over_by is None


def test_a_discount_rounds_half_a_cent_up_and_line_by_line_on_the_paper_and_the_bill(house: House) -> None:
    held, booked = discounted(house)
    house.bill(booked, X0020="11.75", X0015="11.75")
    assert rules.price(Decimal("11.75"), Decimal("0.5")) == Decimal("5.88")
    assert estimating.bill_of(held).promised == Decimal("11.76")


def test_who_has_a_plan_and_does_not_use_it_starts_the_clock_by_booking(house: House) -> None:
    house.cover()
    plain, own = house.book(4), house.book(14, pays_self=True)
    (wanted,) = estimating.wanted(house.today, house.door.zone)
    assert (wanted.appointment, wanted.deadline.on) == (own, house.today + timedelta(days=3))
    assert commands.look_after_estimates(house.by, today=house.today) == 1
    held = house.ask(own, has_coverage=True)
    assert (held.kind, held.due_on) == ("good_faith", house.today + timedelta(days=3))
    assert not plain.pays_self


def test_said_later_the_clock_begins_then_and_follows_what_is_taken_back(house: House) -> None:
    house.cover()
    booked = house.book(14)
    later = cast.rosa(house.practice.pk, house.now + timedelta(days=2))
    told = {"appointment_id": booked.pk, "version": None}
    schedule.bill_to_patient(later, **told)
    day = house.today + timedelta(days=2)

    def due() -> list[date]:
        return [one.deadline.on for one in estimating.wanted(day, house.door.zone)]

    assert due() == [day + timedelta(days=1)]  # eight business days ahead, as the visit is then
    commands.look_after_estimates(later, today=day)
    with pytest.raises(schedule.IsBilledSo):
        schedule.bill_to_patient(later, **told)
    schedule.bill_to_plan(later, **told)
    assert due() == []
    commands.look_after_estimates(later, today=day)
    assert not WorkqueueItem.objects.exclude(state="closed").exists()
    after = cast.rosa(house.practice.pk, house.now + timedelta(days=3))
    schedule.undo_bill_to_plan(after, appointment_id=booked.pk)
    assert due() == [day + timedelta(days=1)]
    with pytest.raises(schedule.IsBilledSo):
        schedule.undo_bill_to_plan(after, appointment_id=booked.pk)
    moved = schedule.move_appointment(after, **told, starts_at=booked.starts_at + timedelta(days=7))
    assert moved.pays_self


def test_who_pays_self_is_charged_and_not_the_plan(house: House) -> None:
    held = house.cover()
    booked = house.book(0, hour=15, pays_self=True)
    assert visit_ahead(booked)[0].coverage is None
    visit = visits.arrive(house.by, appointment_id=booked.pk)
    assert (visit.coverage, visit.copay_due) == (None, None)
    visits.step_back(house.by, visit_id=visit.pk)
    schedule.bill_to_plan(house.by, appointment_id=booked.pk, version=None)
    assert visits.arrive(house.by, appointment_id=booked.pk).coverage == held
