"""The book against a plain model: any sequence of acts leaves the same cents on both."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands, queries
from daysheet.ledger.models import LedgerEntry, Payment
from tests import cast, make
from tests.ledger.conftest import Office, furnish

CENTS = st.integers(1, 20_000)


def usd(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


@dataclass
class Thing:
    """A charge in the model, in cents."""

    on: date
    order: int
    entry: LedgerEntry | None
    insurance: int
    owed: int
    applied: int = 0
    answers: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass
class Model:
    """The account as a child would keep it."""

    things: list[Thing] = field(default_factory=list)
    credit: int = 0
    anew: Thing | None = None
    """What is owed because money came back from the bank after it was refunded."""
    steps: int = 0
    charged: int = 0
    paid: int = 0
    adjusted: int = 0

    def settle(self) -> None:
        """Move cents between credit and things until neither is wrong."""
        line = sorted(self.things, key=lambda thing: (thing.on, thing.order))
        for thing in line:
            if thing.owed < 0:
                self.credit -= thing.owed
                thing.applied += thing.owed
                thing.owed = 0
        for thing in reversed([one for one in line if one is not self.anew]):
            back = min(thing.applied, -self.credit)
            if back > 0:
                thing.applied, thing.owed, self.credit = (
                    thing.applied - back,
                    thing.owed + back,
                    self.credit + back,
                )
        if self.credit < 0:
            if self.anew is None:
                self.anew = self.thing(cast.MONDAY, None)
            self.anew.owed, self.credit = self.anew.owed - self.credit, 0
        for thing in line:
            part = min(thing.owed, self.credit)
            if part > 0:
                thing.applied, thing.owed, self.credit = (
                    thing.applied + part,
                    thing.owed - part,
                    self.credit - part,
                )

    def thing(self, on: date, entry: LedgerEntry | None, *, insurance: int = 0, owed: int = 0) -> Thing:
        """Add a thing, after all others of its day."""
        self.steps += 1
        self.things.append(Thing(on, self.steps, entry, insurance, owed))
        return self.things[-1]

    @property
    def charges(self) -> list[Thing]:
        """Return the things that are charges."""
        return [thing for thing in self.things if thing.entry]

    @property
    def owes(self) -> int:
        """Return what the patient owes."""
        return sum(thing.owed for thing in self.things)


class LedgerMachine(RuleBasedStateMachine):
    """Acts on one patient's account, in an office of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(
            make.acting(make.practice(f"Practice {id(self)} {LedgerEntry.objects.count()}"))
        )
        self.office: Office = furnish(make.Practice.objects.order_by("-created_at")[0])
        self.model = Model()
        self.taken: list[Payment] = []

    def teardown(self) -> None:
        """Leave the practice."""
        assert queries.troubles() == []
        self.stack.close()

    @rule(cents=CENTS, back=st.integers(0, 30), covered=st.booleans())
    def charge(self, cents: int, back: int, covered: bool) -> None:
        on = cast.MONDAY - timedelta(days=back)
        entry = self.office.charge(usd(cents), to="insurance" if covered else "patient", on=on)
        self.model.thing(on, entry, insurance=cents if covered else 0, owed=0 if covered else cents)
        self.model.charged += cents
        self.model.settle()

    @rule(cents=CENTS, check=st.booleans())
    def pay(self, cents: int, check: bool) -> None:
        more = {"method": "check", "check_number": "1"} if check else {}
        self.taken.append(self.office.pay(usd(cents), **more))
        self.model.credit += cents
        self.model.paid += cents
        self.model.settle()

    @precondition(lambda self: any(thing.insurance for thing in self.model.things))
    @rule(data=st.data())
    def plan_answers(self, data: st.DataObject) -> None:
        thing = data.draw(st.sampled_from([one for one in self.model.things if one.insurance]))
        paid = data.draw(st.integers(0, thing.insurance))
        off = data.draw(st.integers(0, thing.insurance - paid))
        share = thing.insurance - paid - off
        key = f"{thing.order}/{len(thing.answers)}"
        self.office.answer(
            self.entry_of(thing), usd(paid), ("CO", "45", usd(off)), ("PR", "2", usd(share)), key=key
        )
        thing.answers.append((paid, off, share))
        thing.insurance, thing.owed = 0, thing.owed + share
        self.model.paid += paid
        self.model.adjusted += off
        self.model.settle()

    @precondition(lambda self: any(thing.answers and not thing.insurance for thing in self.model.things))
    @rule(data=st.data())
    def plan_takes_back(self, data: st.DataObject) -> None:
        answered = [one for one in self.model.things if one.answers and not one.insurance]
        thing = data.draw(st.sampled_from(answered))
        paid, off, share = thing.answers[-1]
        key = f"{thing.order}/{len(thing.answers)}/back"
        back = [("CO", "45", f"-{usd(off)}"), ("PR", "2", f"-{usd(share)}")]
        self.office.answer(self.entry_of(thing), f"-{usd(paid)}", *back, key=key)
        thing.insurance, thing.owed = paid + off + share, thing.owed - share
        thing.answers.append((0, 0, 0))
        self.model.paid -= paid
        self.model.adjusted -= off
        self.model.settle()

    @precondition(lambda self: self.model.credit > 0)
    @rule(data=st.data())
    def refund(self, data: st.DataObject) -> None:
        cents = data.draw(st.integers(1, self.model.credit))
        patient_id = self.office.diaz.pk
        commands.refund(
            self.office.ana,
            patient_id=patient_id,
            amount=Decimal(usd(cents)),
            method="cash",
            reason="overcharged",
        )
        self.model.credit -= cents
        self.model.paid -= cents
        self.model.settle()

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def take_back_a_payment(self, data: st.DataObject) -> None:
        payment = self.taken.pop(data.draw(st.integers(0, len(self.taken) - 1)))
        if payment.method == "check":
            commands.return_check(self.office.ana, payment_id=payment.pk, reason="no funds")
        else:
            commands.void_payment(self.office.rosa, payment_id=payment.pk, reason="typed twice")
        self.model.credit -= int(payment.amount * 100)
        self.model.paid -= int(payment.amount * 100)
        self.model.settle()

    @precondition(lambda self: any(thing.owed for thing in self.model.things))
    @rule(data=st.data())
    def write_off(self, data: st.DataObject) -> None:
        cents = data.draw(st.integers(1, self.model.owes))
        commands.write_off(
            self.office.ben,
            patient_id=self.office.diaz.pk,
            amount=Decimal(usd(cents)),
            reason="small balance",
        )
        self.model.adjusted += cents
        for thing in sorted(self.model.things, key=lambda one: (one.on, one.order)):
            part = min(thing.owed, cents)
            thing.owed, cents = thing.owed - part, cents - part
        self.model.settle()

    @rule(cents=CENTS)
    def ask_for_too_much(self, cents: int) -> None:
        patient_id = self.office.diaz.pk
        for act, there in ((commands.refund, self.model.credit), (commands.write_off, self.model.owes)):
            facts = {"patient_id": patient_id, "amount": Decimal(usd(there + cents)), "reason": "too much"}
            facts |= {"method": "cash"} if act is commands.refund else {}
            with pytest.raises(Refusal):
                act(self.office.ana, **facts)  # type: ignore[operator]

    @staticmethod
    def entry_of(thing: Thing) -> LedgerEntry:
        assert thing.entry
        return thing.entry

    @invariant()
    def the_account_agrees(self) -> None:
        insurance = sum(thing.insurance for thing in self.model.things)
        assert self.office.holds() == (usd(insurance), usd(self.model.owes), usd(self.model.credit))

    @invariant()
    def every_charge_agrees(self) -> None:
        ids = [one.entry.source_id for one in self.model.charges if one.entry and one.entry.source_id]
        due = queries.charge_balances(ids)
        told = [(due[one].insurance, due[one].patient) for one in ids]
        assert told == [(Decimal(usd(one.insurance)), Decimal(usd(one.owed))) for one in self.model.charges]

    @invariant()
    def the_day_agrees(self) -> None:
        proof = queries.day_figures(cast.MONDAY).proof
        figures = (self.model.charged, self.model.paid, self.model.adjusted)
        assert (proof.charges, proof.payments, proof.adjustments) == tuple(
            Decimal(one) / 100 for one in figures
        )
        assert proof.off_by == 0

    @invariant()
    def the_bill_adds_up(self) -> None:
        told = sum((line.effect for line in queries.explain(self.office.diaz.pk)), Decimal(0))
        assert told == Decimal(self.model.owes - self.model.credit) / 100
        bill = queries.bill(self.office.diaz.pk)
        assert bill.amount == Decimal(self.model.owes) / 100
        assert sum((line.effect for line in bill.lines), Decimal(0)) == bill.amount


@pytest.mark.django_db
def test_any_sequence_of_acts_agrees_with_the_model() -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
