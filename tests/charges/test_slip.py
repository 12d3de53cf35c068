"""The slip of a visit: diagnoses, lines, into the book and out of it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.charges import commands, queries
from daysheet.charges.models import Charge, VisitDiagnosis
from daysheet.kernel.errors import NotPermitted, Refusal, StaleForm
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.models import LedgerEntry
from tests import cast
from tests.charges.conftest import Desk


def test_diagnoses_stand_in_their_order_with_the_dot(desk: Desk) -> None:
    desk.diagnoses("m5450", "E11.9")
    assert list(queries.diagnoses(desk.visit.pk).values_list("rank", "code")) == [(1, "M54.50"), (2, "E11.9")]
    desk.diagnoses("E11.9")
    assert list(queries.diagnoses(desk.visit.pk).values_list("rank", "code")) == [(1, "E11.9")]


@pytest.mark.parametrize("wrong", [["SORE"], ["M54.50", "m5450"], [f"A0{n}" for n in range(10)] * 2])
def test_odd_diagnoses_are_refused_and_the_old_ones_stay(desk: Desk, wrong: list[str]) -> None:
    desk.diagnoses("M54.50")
    with pytest.raises(Refusal):
        desk.diagnoses(*wrong)
    assert list(VisitDiagnosis.objects.values_list("code", flat=True)) == ["M54.50"]


def test_a_line_takes_its_price_from_the_schedule(desk: Desk) -> None:
    line = desk.line("x0015", units="2", modifiers=["gp"], pointers=[1])
    assert (line.code, line.label, line.unit_fee, line.amount) == (
        "X0015",
        "Exercise, 15 minutes",
        Decimal("60.00"),
        Decimal("120.00"),
    )
    assert (line.modifiers, line.rank) == (["GP"], 1)


def test_a_procedure_without_a_price_asks_for_one(desk: Desk) -> None:
    with pytest.raises(commands.NoFee, match="no price for X0099"):
        desk.line("X0099")
    assert desk.line("X0099", amount=Decimal("15.00")).amount == Decimal("15.00")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "X002"}, "code"),
        ({"units": "0"}, "units"),
        ({"units": "-1"}, "units"),
        ({"units": "1000"}, "units"),
        ({"units": "many"}, "units"),
        ({"modifiers": ["25", "59", "GP", "KX", "76"]}, "modifiers"),
        ({"modifiers": ["2"]}, "modifiers"),
        ({"pointers": []}, "pointers"),
        ({"pointers": [1, 1]}, "pointers"),
        ({"pointers": [13]}, "pointers"),
        ({"amount": Decimal("-1.00")}, "amount"),
        ({"amount": Decimal("1.005")}, "amount"),
    ],
)
def test_an_odd_line_is_refused_at_its_field(desk: Desk, facts: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as no:
        desk.line(**facts)  # type: ignore[arg-type]
    assert field in no.value.fields
    assert not Charge.objects.exists()


def test_a_covered_visit_posts_to_its_plan_once(desk: Desk) -> None:
    desk.diagnoses("M54.50")
    desk.line()
    desk.line("X0015")
    posted = commands.post_charges(desk.rosa, visit_id=desk.visit.pk)
    again = commands.post_charges(desk.rosa, visit_id=desk.visit.pk)
    assert [one.state for one in posted] == [one.state for one in again] == ["posted", "posted"]
    assert books.balance(desk.diaz.pk) == books.Standing(insurance=Decimal("180.00"))
    assert LedgerEntry.objects.count() == 2


def test_a_visit_without_a_plan_posts_to_the_patient(self_pay: Desk) -> None:
    self_pay.line()
    commands.post_charges(self_pay.rosa, visit_id=self_pay.visit.pk)
    assert books.balance(self_pay.diaz.pk).owes == Decimal("120.00")


def test_a_free_line_is_posted_without_an_entry(self_pay: Desk) -> None:
    self_pay.line(amount=Decimal("0.00"))
    (posted,) = commands.post_charges(self_pay.rosa, visit_id=self_pay.visit.pk)
    assert (posted.state, posted.entry_id) == ("posted", None)


def test_an_empty_slip_is_refused(desk: Desk) -> None:
    with pytest.raises(commands.SlipIsEmpty):
        commands.post_charges(desk.rosa, visit_id=desk.visit.pk)


def test_a_plan_wants_a_diagnosis_and_a_pointer_that_points(desk: Desk) -> None:
    desk.line(pointers=[2])
    with pytest.raises(Refusal, match="diagnosis on the slip first"):
        commands.post_charges(desk.rosa, visit_id=desk.visit.pk)
    desk.diagnoses("M54.50")
    with pytest.raises(Refusal, match="Line 1 points to diagnosis 2"):
        commands.post_charges(desk.rosa, visit_id=desk.visit.pk)
    assert not LedgerEntry.objects.exists()


def test_a_draft_goes_off_the_slip_and_a_posted_line_is_voided(desk: Desk) -> None:
    desk.diagnoses("M54.50")
    draft, kept = desk.line(), desk.line("X0015")
    with pytest.raises(StaleForm):
        commands.remove_charge(desk.rosa, charge_id=draft.pk, version=7)
    commands.remove_charge(desk.rosa, charge_id=draft.pk, version=1)
    commands.post_charges(desk.rosa, visit_id=desk.visit.pk)
    with pytest.raises(commands.ChargeIsPosted):
        commands.remove_charge(desk.rosa, charge_id=kept.pk, version=2)
    voided = commands.void_charge(desk.rosa, charge_id=kept.pk, reason="wrong visit")
    assert voided.state == "voided"
    assert books.balance(desk.diaz.pk) == books.Standing()
    with pytest.raises(Refusal, match="Only a posted line"):
        commands.void_charge(desk.rosa, charge_id=kept.pk, reason="again")


def test_a_voided_line_gives_the_patients_payment_back_as_credit(self_pay: Desk) -> None:
    line = self_pay.line()
    commands.post_charges(self_pay.rosa, visit_id=self_pay.visit.pk)
    ledger.take_payment(
        self_pay.rosa,
        patient_id=self_pay.diaz.pk,
        amount=Decimal("120.00"),
        method="cash",
        location_id=self_pay.door.pk,
    )
    commands.void_charge(self_pay.rosa, charge_id=line.pk, reason="wrong visit")
    assert books.balance(self_pay.diaz.pk) == books.Standing(credit=Decimal("120.00"))


def test_someone_who_may_not_enter_charges_changes_nothing(desk: Desk) -> None:
    desk.rosa = cast.auditor(desk.practice.pk)
    with pytest.raises(NotPermitted):
        desk.line()
    with pytest.raises(NotPermitted):
        desk.diagnoses("M54.50")
    assert not Charge.objects.exists()
    assert not VisitDiagnosis.objects.exists()


def test_the_slip_is_read_in_a_constant_number_of_statements(desk: Desk) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            slip = queries.slip(desk.visit.pk)
            assert slip is not None
            assert str(slip.visit.coverage.plan.payer) == "Blue PPO"  # type: ignore[union-attr]
        return len(seen)

    desk.line()
    few = statements()
    for _ in range(8):
        desk.line("X0015")
    assert statements() == few == 5


def test_the_slip_warns_of_a_pointer_without_a_diagnosis(desk: Desk) -> None:
    desk.diagnoses("M54.50")
    desk.line(pointers=[1, 3])
    slip = queries.slip(desk.visit.pk)
    assert slip is not None
    assert "Line 1 points to diagnosis 3, which is not there." in [one.sentence for one in slip.warnings]
    assert slip.total == Decimal("120.00")
