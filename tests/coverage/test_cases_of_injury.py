"""Cases of work, car and liability: entered, closed, opened again; which visits are under them; what the desk sees."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.coverage import cases, commands, queries
from daysheet.coverage.commands import CaseFacts
from daysheet.coverage.forms import AuthorizationForm
from daysheet.coverage.injury import CaseAppointment, InjuryCase
from daysheet.coverage.models import Coverage, InsurancePlan, Payer
from daysheet.frontdesk import board, checkin
from daysheet.kernel import clock
from daysheet.kernel.errors import NotPermitted, Refusal, StaleForm
from daysheet.kernel.jobs import holding
from daysheet.ledger import commands as ledger
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from daysheet.visits.models import VisitStep
from tests import cast, desk, make

pytestmark = pytest.mark.django_db


class House:
    """An office with a patient who has a health plan with a copay, and an insurer of employers."""

    def __init__(self, practice: Any) -> None:
        make.office()
        self.practice = practice
        self.door = make.location()
        self.lee = make.provider(at=self.door)
        make.hours(self.lee, self.door, weekdays=range(7))
        self.follow_up = make.visit_type("Follow-up")
        self.patient = make.patient()
        self.card: Coverage = make.coverage(self.patient, make.plan())
        InsurancePlan.objects.update(office_copay=Decimal(30))
        self.insurer = Payer.objects.create(name="State Fund", payer_id="STATEFUND")
        self.now = clock.system_now()
        self.today = clock.local_day(self.now, practice.zone)
        self.by = cast.rosa(practice.pk, self.now)

    def facts(self, **more: Any) -> CaseFacts:
        said: dict[str, Any] = {
            "kind": "work",
            "payer_id": self.insurer.pk,
            "happened_on": self.today - timedelta(days=7),
            "body_part": "left wrist",
            "employer": "Bakery Inc",
            "claim_number": "123",
        } | more
        return CaseFacts(**said)

    def enter(self, **more: Any) -> InjuryCase:
        return commands.add_case(
            self.by, patient_id=self.patient.pk, facts=self.facts(**more), today=self.today
        )

    def book(self, days: int = 0, case: InjuryCase | None = None, hour: int = 23) -> Appointment:
        at = datetime.combine(self.today + timedelta(days=days), datetime.min.time(), tzinfo=self.door.zone)
        return schedule.book_appointment(
            self.by,
            patient_id=self.patient.pk,
            provider_id=self.lee.pk,
            location_id=self.door.pk,
            type_id=self.follow_up.pk,
            starts_at=at + timedelta(hours=hour),
            case_id=case.pk if case else None,
            is_walk_in=True,
        )


@pytest.fixture
def house() -> Iterator[House]:
    practice = make.practice()
    with make.acting(practice), holding():
        yield House(practice)


def test_a_case_pays_with_a_row_of_its_own_that_is_no_health_plan(house: House) -> None:
    held = house.enter()
    paid_with = held.coverage
    assert (paid_with.rank, paid_with.plan.kind, paid_with.plan.payer_id) == (0, "workers", house.insurer.pk)
    assert [one.pk for one in queries.coverages(house.patient.pk)] == [house.card.pk]
    assert queries.coverages_on(house.patient.pk, house.today) == [house.card]
    assert [one.pk for one in queries.plans()] == [house.card.plan_id]
    assert queries.coverage(paid_with.pk) is None


def test_two_cases_may_be_open_at_once_and_one_number_is_entered_once(house: House) -> None:
    house.enter()
    house.enter(kind="auto", state="oh", claim_number="A9")
    assert [cases.words_of(one) for one in cases.open_on(house.patient.pk, house.today)] == [
        "Car accident: claim A9",
        "Work injury: claim 123",
    ]
    with pytest.raises(commands.CaseIsEntered):
        house.enter()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "auto"}, "state"),
        ({"kind": "auto", "state": "ZZ"}, "state"),
        ({"employer": " "}, "employer"),
        ({"body_part": " "}, "body_part"),
        ({"kind": "sport"}, "kind"),
        ({"claim_number": "1*2"}, "claim_number"),
        ({"happened_on": date(1900, 1, 1)}, "happened_on"),
        ({"happened_on": date(2999, 1, 1)}, "happened_on"),
    ],
    ids=[
        "no state", "no such state", "no employer", "nothing hurt", "no kind", "a star", "before birth", "tomorrow",
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(house: House, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(commands.CaseIsWrong) as no:
        house.enter(**wrong)
    assert field in no.value.fields
    assert not InjuryCase.objects.exists()


def test_the_database_itself_keeps_a_case_out_of_the_ranks(house: House) -> None:
    held = house.enter()
    with pytest.raises(IntegrityError), transaction.atomic():
        Coverage.objects.filter(case=held).update(rank=1)


def test_a_plan_for_cases_is_never_entered_from_a_card(house: House) -> None:
    house.enter()
    plan = InsurancePlan.objects.get(kind="workers")
    with pytest.raises(commands.CaseIsNoHealthPlan):
        commands.add_coverage(
            house.by,
            patient_id=house.patient.pk,
            plan_id=plan.pk,
            member_id="1",
            starts_on=house.today,
            rank=2,
        )


def test_a_closed_case_holds_until_its_last_day_and_opens_again(house: House) -> None:
    held = house.enter()
    held = commands.close_case(
        house.by,
        case_id=held.pk,
        version=1,
        closed_on=house.today,
        reason="Settled",
        today=house.today,
    )
    assert cases.open_on(house.patient.pk, house.today) == []
    assert cases.open_on(house.patient.pk, house.today - timedelta(days=1)) == [held]
    assert Coverage.objects.get(case=held).ends_on == house.today
    with pytest.raises(StaleForm):
        commands.reopen_case(house.by, case_id=held.pk, version=1)
    commands.reopen_case(house.by, case_id=held.pk, version=2)
    assert cases.open_on(house.patient.pk, house.today) == [held]


def test_who_may_not_edit_coverage_enters_no_case(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.add_case(
            cast.auditor(house.practice.pk, house.now),
            patient_id=house.patient.pk,
            facts=house.facts(),
            today=house.today,
        )
    assert not InjuryCase.objects.exists()


def test_who_arrives_under_a_case_is_asked_for_no_copay_and_no_plan(house: House) -> None:
    visit = visits.arrive(house.by, appointment_id=house.book(case=house.enter()).pk)
    assert visit.coverage is not None
    assert visit.coverage.rank == 0
    assert visit.copay_due is None
    assert not VisitStep.objects.filter(visit=visit, kind="copay").exists()
    at_desk = checkin.at_desk(visit.pk, "check_in")
    assert at_desk is not None
    assert at_desk.standing.words == "Work injury: claim 123"
    assert at_desk.money.to_take == 0
    assert "Workers' compensation" in at_desk.money.source
    with pytest.raises(commands.CannotAsk):
        commands.ask_eligibility(house.by, coverage_id=visit.coverage.pk, service_on=house.today)


def test_a_visit_is_put_under_a_case_and_back_again(house: House) -> None:
    held = house.enter()
    visit = visits.arrive(house.by, appointment_id=house.book().pk)
    assert visit.copay_due == 30
    put = visits.put_visit_under(house.by, visit_id=visit.pk, version=visit.version, case_id=held.pk)
    assert (put.coverage_id, put.copay_due) == (held.coverage.pk, None)
    assert not VisitStep.objects.get(visit=visit, kind="copay").is_required
    back = visits.put_visit_under(house.by, visit_id=visit.pk, version=put.version, case_id=None)
    assert (back.coverage_id, back.copay_due) == (house.card.pk, 30)
    assert VisitStep.objects.get(visit=visit, kind="copay").is_required
    with pytest.raises(StaleForm):
        visits.put_visit_under(house.by, visit_id=visit.pk, version=1, case_id=held.pk)


def test_another_patients_case_is_refused(house: House) -> None:
    other = make.patient("Okafor", "Joy")
    held = commands.add_case(house.by, patient_id=other.pk, facts=house.facts(), today=house.today)
    with pytest.raises(commands.CaseIsUnknown):
        house.book(case=held)
    assert not CaseAppointment.objects.exists()


def test_a_moved_appointment_stays_under_its_case(house: House) -> None:
    held = house.enter()
    old = house.book(days=2, case=held, hour=9)
    new = schedule.move_appointment(
        house.by, appointment_id=old.pk, version=old.version, starts_at=old.starts_at + timedelta(days=1)
    )
    assert cases.case_of_appointment(new.pk) == held


def test_everybody_of_a_day_leaves_out_who_comes_for_a_case(house: House) -> None:
    injured = house.book(days=1, case=house.enter(), hour=9)
    assert cases.under_cases([injured.pk]) == {injured.pk}
    asked = commands.ask_for_day(house.by, day=injured.on_day, visits=[(house.patient.pk, injured.pk)])
    assert (asked.asked, asked.fresh, asked.waiting, asked.cannot) == (0, 0, 0, 0)


def test_the_board_says_what_pays_before_and_after_the_arrival(house: House) -> None:
    appointment = house.book(case=house.enter())

    def marks() -> list[tuple[str, str]]:
        shown = board.board(
            location_id=None, day=house.today, now=house.now, zone=house.practice.zone, provider_id=None
        )
        (row,) = shown.rows
        assert row.copay is None
        return row.coverage_marks

    assert marks() == [("active", "Work injury: claim 123")]
    visits.arrive(house.by, appointment_id=appointment.pk)
    assert marks() == [("active", "Work injury: claim 123")]


class TestOnScreen:
    """The panel and the forms, as Rosa sees them."""

    @pytest.fixture
    def client(self, house: House) -> Any:
        return desk.signed_in(make.member("receptionist", at=house.door))

    def typed(self, house: House, **more: Any) -> dict[str, str]:
        return {
            "kind": "work",
            "happened_on": (house.today - timedelta(days=7)).isoformat(),
            "body_part": "left wrist",
            "employer": "Bakery Inc",
            "payer": str(house.insurer.pk),
            "claim_number": "123",
        } | more

    def post(self, client: Any, address: str, facts: dict[str, str], **more: Any) -> Any:
        hidden = desk.hidden_fields(client.get(address).text, form=f'action="{address}"')
        return client.post(address, hidden | facts, **more)

    def test_a_case_is_entered_and_shown(self, house: House, client: Any) -> None:
        address = reverse("coverage:case-add", args=[house.patient.pk])
        assert self.post(client, address, self.typed(house)).status_code == 303
        panel = client.get(reverse("coverage:cases", args=[house.patient.pk]), headers={"HX-Request": "true"})
        assert "Work injury: claim 123" in panel.text
        assert panel.text.lstrip().startswith("<section")

    def test_what_is_missing_is_said_and_nothing_typed_is_lost(self, house: House, client: Any) -> None:
        address = reverse("coverage:case-add", args=[house.patient.pk])
        answer = self.post(client, address, self.typed(house, kind="auto"))
        assert answer.status_code == 409
        assert "in which state" in answer.text
        assert "left wrist" in answer.text

    def test_the_visit_is_put_under_the_case_from_check_in(self, house: House, client: Any) -> None:
        house.enter()
        visit = visits.arrive(house.by, appointment_id=house.book().pk)
        page = client.get(reverse("frontdesk:check-in", args=[visit.pk])).text
        assert "is the visit for it?" in page
        address = reverse("visits:visit-case", args=[visit.pk])
        case = InjuryCase.objects.get()
        assert self.post(client, address, {"case": str(case.pk)}).status_code == 303
        page = client.get(reverse("frontdesk:check-in", args=[visit.pk])).text
        assert "Work injury: claim 123" in page
        assert "no copay and no deductible" in page

    def test_an_appointment_is_booked_for_a_case(self, house: House, client: Any) -> None:
        held = house.enter()
        page = client.get(reverse("schedule:appointment-book", args=[house.patient.pk])).text
        assert "Work injury: claim 123" in page
        appointment = house.book(days=1, hour=9)
        address = reverse("schedule:appointment-case", args=[appointment.pk])
        assert self.post(client, address, {"case": str(held.pk)}).status_code == 303
        shown = client.get(reverse("schedule:appointment", args=[appointment.pk])).text
        assert "Work injury: claim 123" in shown

    def test_a_case_is_closed_and_opened_again(self, house: House, client: Any) -> None:
        held = house.enter()
        address = reverse("coverage:case-close", args=[held.pk])
        last = (house.today - timedelta(days=1)).isoformat()
        assert self.post(client, address, {"last_day": last, "reason": "Settled"}).status_code == 303
        panel = reverse("coverage:cases", args=[house.patient.pk])
        again = reverse("coverage:case-reopen", args=[held.pk])
        hidden = desk.hidden_fields(client.get(panel).text, form=f'action="{again}"')
        assert client.post(again, hidden).status_code == 303
        assert "Settled" not in client.get(panel).text

    def test_the_panel_takes_as_many_statements_for_ten_cases_as_for_one(
        self, house: House, client: Any
    ) -> None:
        address = reverse("coverage:cases", args=[house.patient.pk])

        def statements() -> int:
            with CaptureQueriesContext(
                connection,
            ) as counted:
                assert client.get(address, headers={"HX-Request": "true"}).status_code == 200
            return len(counted)

        house.enter()
        statements()
        one = statements()
        for n in range(9):
            house.enter(claim_number=f"N{n}")
        assert statements() == one


def test_no_copay_is_taken_for_a_visit_of_workers_compensation(house: House) -> None:
    visit = visits.arrive(house.by, appointment_id=house.book(case=house.enter()).pk)
    with pytest.raises(Refusal, match="the patient pays nothing"):
        ledger.take_payment(
            house.by,
            patient_id=house.patient.pk,
            amount=Decimal(30),
            method="cash",
            location_id=house.door.pk,
            purpose="copay",
            visit_id=visit.pk,
        )


def test_who_pays_first_for_an_injury_is_its_insurer_with_the_source(house: House) -> None:
    held = house.enter()
    order = queries.paying_order(
        house.patient,
        queries.coverages_on(house.patient.pk, house.today),
        None,
        day=house.today,
        case=cases.as_plan(held),
    )
    assert order.is_settled
    assert order.places[0].plan.name == "State Fund (Work injury: claim 123)"
    assert order.places[0].why == (
        "Workers' compensation pays for an injury at work before any health plan.",
        "42 CFR 411.40, 411.50",
    )


def test_an_authorization_may_be_the_insurers_of_a_case(house: House) -> None:
    form = AuthorizationForm(patient_id=house.patient.pk, today=house.today)
    assert len(form.fields["coverage"].choices) == 2  # type: ignore[attr-defined]
    held = house.enter()
    form = AuthorizationForm(patient_id=house.patient.pk, today=house.today)
    assert (str(held.coverage.pk), "Work injury: claim 123") in form.fields["coverage"].choices  # type: ignore[attr-defined]


def test_a_refusal_says_what_to_do_next(house: House) -> None:
    with pytest.raises(Refusal, match="name the employer"):
        house.enter(employer="")


def test_whose_fault_it_was_is_asked_of_car_accidents_and_liability_alone() -> None:
    with make.acting(make.practice()) as practice, holding():
        house = House(practice)
        with pytest.raises(Refusal, match="car accidents and liability cases alone"):
            commands.add_case(
                house.by, patient_id=house.patient.pk, facts=house.facts(fault="no_fault"), today=house.today
            )
        facts = house.facts(kind="auto", state="OH", employer="", fault="no_fault")
        held = commands.add_case(house.by, patient_id=house.patient.pk, facts=facts, today=house.today)
        assert InjuryCase.objects.get().fault == "no_fault"
        browser = desk.signed_in(make.member(at=house.door))
        page = browser.get(reverse("coverage:case-change", args=[held.pk])).content.decode()
        assert '<option value="no_fault" selected>No-fault insurance' in page
