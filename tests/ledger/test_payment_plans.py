"""A payment plan: offered, signed, filled by payments, late, changed, ended; and not asked again as a balance."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.errors import StaleForm
from daysheet.ledger import commands, queries
from daysheet.ledger.models import Payment, PaymentPlan, Statement
from tests import cast, make
from tests.ledger.conftest import Office

APR_5, MAY_5 = date(2026, 4, 5), date(2026, 5, 5)
pytestmark = pytest.mark.django_db
STROKES = "10,20 40,60 90,30;100,40 160,80 220,40"


def offer(office: Office, amount: str = "150.00", **more: object) -> PaymentPlan:
    facts: dict[str, object] = {"every": "month", "first_on": APR_5, "count": 3} | more
    return commands.offer_plan(
        office.rosa,
        patient_id=office.diaz.pk,
        amount=Decimal(amount),
        **facts,  # type: ignore[arg-type]
    )


def sign(office: Office, plan: PaymentPlan, **more: object) -> PaymentPlan:
    facts: dict[str, object] = {"signed_by": "Maria Diaz", "strokes": STROKES} | more
    return commands.sign_plan(office.rosa, plan_id=plan.pk, version=plan.version, **facts)  # type: ignore[arg-type]


def standing(office: Office, day: date = cast.MONDAY) -> queries.PlanStanding:
    found = queries.plan_standing(office.diaz.pk, today=day, most=queries.balance(office.diaz.pk).owes)
    assert found is not None
    return found


@pytest.fixture
def owing(office: Office) -> Office:
    """Ms. Diaz owes $150.00."""
    office.charge("150.00")
    return office


@pytest.fixture
def running(owing: Office) -> Office:
    """Three instalments of $50.00 from Apr 5 on, signed."""
    sign(owing, offer(owing))
    return owing


def test_an_offer_changes_nothing_until_it_is_signed(owing: Office) -> None:
    plan = offer(owing)
    assert (plan.state, len(plan.dues)) == ("proposed", 3)
    assert queries.plan_standing(owing.diaz.pk, today=cast.MONDAY) is None


def test_a_signed_plan_runs_and_its_paper_is_kept(running: Office) -> None:
    plan = PaymentPlan.objects.select_related("document").get()
    assert (plan.state, plan.signed_by) == ("running", "Maria Diaz")
    assert plan.document is not None
    assert plan.document.title == f"Payment plan {plan.number}"
    assert standing(running).words == "plan: $50.00 a month, next Apr 5, kept"


def test_a_tick_stands_for_the_pad(owing: Office) -> None:
    assert sign(owing, offer(owing), strokes="", agrees=True).state == "running"


@pytest.mark.parametrize(
    "said",
    [{"signed_by": " "}, {"strokes": ""}, {"strokes": "10,10"}, {"strokes": "no"}, {"signed_by": "a" * 201}],
)
def test_no_signature_no_plan(owing: Office, said: dict[str, str]) -> None:
    plan = offer(owing)
    with pytest.raises(commands.PlanIsNotSigned):
        sign(owing, plan, **said)
    plan.refresh_from_db()
    assert plan.state == "proposed"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"amount": "150.01"}, "amount"),
        ({"down": Decimal("150.00")}, "down"),
        ({"first_on": cast.MONDAY - timedelta(days=1)}, "first_on"),
        ({"count": None}, "count"),
        ({"every": "hour"}, "every"),
        ({"grace_days": 61}, "grace_days"),
    ],
)
def test_terms_that_do_not_hold_are_refused_at_their_field(
    owing: Office, more: dict[str, object], field: str
) -> None:
    with pytest.raises(commands.PlanIsUnsound) as no:
        offer(owing, **more)  # type: ignore[arg-type]
    assert field in no.value.fields
    assert not PaymentPlan.objects.exists()


def test_a_plan_is_of_what_may_be_asked(owing: Office) -> None:
    make.coverage(owing.diaz, make.plan("Sunrise Medicaid", "SUNRISE", kind="medicaid"))
    with pytest.raises(commands.PlanIsUnsound, match="nothing to put under a plan"):
        offer(owing)


def test_a_payment_for_the_plan_fills_the_oldest_instalment(running: Office) -> None:
    running.pay("60.00", purpose="plan")
    held = standing(running, APR_5)
    assert (held.keeping.state, held.keeping.left, held.keeping.next_on) == ("kept", Decimal("90.00"), MAY_5)


def test_a_voided_payment_fills_nothing(running: Office) -> None:
    payment = running.pay("50.00", purpose="plan")
    commands.void_payment(running.rosa, payment_id=payment.pk, reason="wrong account")
    assert standing(running).keeping.left == Decimal("150.00")


def test_a_refund_or_a_move_that_is_taken_back_fills_the_plan_again(running: Office) -> None:
    payment = running.pay("40.00", method="check", check_number="7", purpose="plan")
    facts = {"payment_id": payment.pk, "reason": "error"}
    for part in ("15.00", "40.00"):
        gone = commands.refund_payment(running.ana, amount=Decimal(part), method="check", **facts)  # type: ignore[arg-type]
        assert standing(running).keeping.paid == 40 - Decimal(part)
        commands.reverse_entry(running.ana, entry_id=gone.pk, reason="not so")
        assert standing(running).keeping.paid == 40
    moved = commands.move_payment(running.ana, to_id=make.patient("Roe", "John").pk, **facts)  # type: ignore[arg-type]
    assert standing(running).keeping.paid == 0
    commands.reverse_entry(running.ana, entry_id=moved.pk, reason="not so")
    assert standing(running).keeping.paid == 40
    assert (standing(running).keeping.left, running.holds()[1]) == (110, "110.00")


def test_of_the_balance_as_much_fills_the_plan_again_as_before(running: Office) -> None:
    running.charge("20.00")
    payment = running.pay("60.00", method="check", check_number="7", purpose="balance")
    assert standing(running).keeping.paid == 40
    facts = {"payment_id": payment.pk, "reason": "error", "method": "check"}
    gone = commands.refund_payment(running.ana, amount=Decimal(60), **facts)  # type: ignore[arg-type]
    commands.reverse_entry(running.ana, entry_id=gone.pk, reason="not so")
    assert standing(running).keeping.paid == 40


def test_a_payment_of_the_balance_pays_first_what_is_not_under_the_plan(running: Office) -> None:
    running.charge("40.00", on=date(2026, 3, 2))
    running.pay("30.00")
    assert standing(running).keeping.left == Decimal("150.00")
    running.pay("60.00")
    assert standing(running).keeping.left == Decimal("100.00")


def test_more_than_is_left_of_the_plan_is_refused(running: Office) -> None:
    with pytest.raises(commands.MoreThanThePlan, match=r"Only \$150\.00"):
        running.pay("150.01", purpose="plan")
    assert not Payment.objects.exists()


def test_no_plan_no_payment_for_it(owing: Office) -> None:
    with pytest.raises(commands.MoreThanThePlan):
        owing.pay("10.00", purpose="plan")


def test_a_missed_instalment_is_late_after_its_grace(running: Office) -> None:
    assert standing(running, APR_5).keeping.state == "due"
    assert standing(running, date(2026, 4, 10)).keeping.state == "due"
    late = standing(running, date(2026, 4, 11))
    assert late.words == "plan: $50.00 a month, $50.00 late since Apr 5"
    assert [state for _due, _filled, state in queries.shown_dues(late)] == ["late", "ahead", "ahead"]


def test_a_change_is_another_agreement(running: Office) -> None:
    running.pay("50.00", purpose="plan")
    before = PaymentPlan.objects.get()
    again = offer(running, "100.00", count=4)
    assert (again.replaces_id, PaymentPlan.objects.get(pk=before.pk).state) == (before.pk, "running")
    sign(running, again)
    assert dict(PaymentPlan.objects.values_list("number", "state")) == {1: "replaced", 2: "running"}
    assert standing(running).words == "plan: $25.00 a month, next Apr 5, kept"


def test_a_second_offer_drops_the_first(owing: Office) -> None:
    offer(owing)
    offer(owing, "100.00")
    assert dict(PaymentPlan.objects.values_list("number", "state")) == {1: "dropped", 2: "proposed"}


def test_an_ended_plan_says_why_and_leaves_the_balance(running: Office) -> None:
    plan = PaymentPlan.objects.get()
    with pytest.raises(commands.NeedsReason):
        commands.end_plan(running.rosa, plan_id=plan.pk, version=plan.version, reason=" ")
    commands.end_plan(running.rosa, plan_id=plan.pk, version=plan.version, reason="moved away")
    assert queries.plan_standing(running.diaz.pk, today=cast.MONDAY) is None
    assert running.holds() == ("0.00", "150.00", "0.00")


def test_an_old_page_changes_nothing(running: Office) -> None:
    plan = PaymentPlan.objects.get()
    with pytest.raises(StaleForm):
        commands.end_plan(running.rosa, plan_id=plan.pk, version=plan.version - 1, reason="moved away")
    with pytest.raises(commands.NoSuchPlan):
        commands.drop_plan(running.rosa, plan_id=plan.pk, version=plan.version)


def test_it_is_not_signed_for_more_than_is_owed_by_then(owing: Office) -> None:
    plan = offer(owing)
    owing.pay("10.00")
    with pytest.raises(commands.PlanIsUnsound, match=r"\$140\.00"):
        sign(owing, plan)


def test_a_paid_plan_gives_room_to_another(running: Office) -> None:
    running.pay("150.00", purpose="plan")
    assert standing(running).words == "plan: paid"
    running.charge("90.00", on=date(2026, 3, 5))
    sign(running, offer(running, "90.00"))
    assert dict(PaymentPlan.objects.values_list("number", "state")) == {1: "paid", 2: "running"}


def test_a_statement_does_not_ask_for_what_is_under_the_plan(running: Office) -> None:
    running.charge("40.00", on=date(2026, 3, 2))
    made = commands.make_statement(running.ben, patient_id=running.diaz.pk)
    assert made.amount == Decimal("90.00")  # the visit of Mar 2, and the instalment of Apr 5


def test_no_statement_where_no_instalment_is_due_in_a_month(owing: Office) -> None:
    sign(owing, offer(owing, first_on=date(2026, 6, 1)))
    with pytest.raises(commands.NothingOwed, match="next Jun 1"):
        commands.make_statement(owing.ben, patient_id=owing.diaz.pk)
    assert not Statement.objects.exists()


def test_the_banner_says_how_the_plan_is_kept(running: Office) -> None:
    said = queries.banner_part([running.diaz.pk])[running.diaz.pk]
    assert said["payment_plan"][1].startswith("Payment plan: $50.00 a month")


def test_the_list_costs_the_same_for_any_number(running: Office) -> None:
    with CaptureQueriesContext(connection) as one:
        queries.plan_standings(today=APR_5)
    for number in range(3):
        other = make.patient(family=f"Roe{number}")
        running.charge("60.00", of=other)
        sign(replace(running, diaz=other), offer(replace(running, diaz=other), "60.00"))
    with CaptureQueriesContext(connection) as many:
        found = queries.plan_standings(today=APR_5)
    assert (len(one), len(many), len(found)) == (1, 1, 4)
