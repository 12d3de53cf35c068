"""The book against a plain model: any sequence of acts on two accounts leaves the same cents on both."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
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
from daysheet.patients.models import Patient
from tests import cast, make
from tests.ledger.conftest import Office, furnish
from tests.ledger.model import Account, Act, Thing, usd

CENTS = st.integers(1, 20_000)
WHO = st.integers(0, 1)


class LedgerMachine(RuleBasedStateMachine):
    """Acts on two patients' accounts, day after day, in an office of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(
            make.acting(make.practice(f"Practice {id(self)} {LedgerEntry.objects.count()}"))
        )
        self.office: Office = furnish(make.Practice.objects.order_by("-created_at")[0])
        self.people: list[Patient] = [self.office.diaz, make.patient("Roy", "Sam")]
        self.accounts = [Account(), Account()]
        self.taken: list[tuple[int, Payment, date]] = []
        self.today = self.posts_on = cast.MONDAY
        self.days: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])

    def teardown(self) -> None:
        """Leave the practice."""
        assert queries.troubles() == []
        self.stack.close()

    def wrote(self, account: Account, *, charged: int = 0, paid: int = 0, adjusted: int = 0) -> None:
        """Note the figures of the day, and settle the account."""
        for place, cents in enumerate((charged, paid, adjusted)):
            self.days[self.posts_on][place] += cents
        account.settle(self.posts_on)

    def some(
        self, data: st.DataObject, fits: Callable[[Thing], object]
    ) -> tuple[Account, Patient, Thing] | None:
        """Choose a charge that fits, of either patient."""
        there = [(who, one) for who in (0, 1) for one in self.accounts[who].charges if fits(one)]
        if not there:
            return None
        who, thing = data.draw(st.sampled_from(there))
        return self.accounts[who], self.people[who], thing

    @rule(who=WHO, cents=CENTS, back=st.integers(0, 30), covered=st.booleans())
    def charge(self, who: int, cents: int, back: int, covered: bool) -> None:
        on, account = cast.MONDAY - timedelta(days=back), self.accounts[who]
        to = "insurance" if covered else "patient"
        entry = self.office.charge(usd(cents), to=to, on=on, of=self.people[who])
        thing = account.thing(on, entry, cents)
        if covered:
            thing.insurance = cents
        else:
            account.owe(thing, cents)
        self.wrote(account, charged=cents)

    @rule(who=WHO, cents=CENTS, check=st.booleans())
    def pay(self, who: int, cents: int, check: bool) -> None:
        more = {"method": "check", "check_number": "1"} if check else {}
        payment = self.office.pay(usd(cents), of=self.people[who], **more)
        self.taken.append((who, payment, self.posts_on))
        self.accounts[who].credit += cents
        self.wrote(self.accounts[who], paid=cents)

    @rule(data=st.data())
    def plan_answers(self, data: st.DataObject) -> None:
        if found := self.some(data, lambda one: one.insurance):
            account, patient, thing = found
            paid = data.draw(st.integers(0, thing.insurance))
            off = data.draw(st.integers(0, thing.insurance - paid))
            share = thing.insurance - paid - off
            self.hear(patient, thing, paid, off, share)
            thing.answers.append((paid, off, share))
            thing.insurance = 0
            account.owe(thing, share)
            self.wrote(account, paid=paid, adjusted=off)

    @rule(data=st.data())
    def plan_takes_back(self, data: st.DataObject) -> None:
        if found := self.some(data, lambda one: one.answers):
            account, patient, thing = found
            paid, off, share = thing.answers.pop()
            self.hear(patient, thing, -paid, -off, -share)
            thing.insurance += paid + off + share
            account.owe(thing, -share)
            self.wrote(account, paid=-paid, adjusted=-off)

    def hear(self, patient: Patient, thing: Thing, paid: int, off: int, share: int) -> None:
        assert thing.entry
        thing.heard += 1
        parts = [("CO", "45", usd(off)), ("PR", "2", usd(share))]
        key = f"{thing.entry.number}/{thing.heard}"
        self.office.answer(thing.entry, usd(paid), *parts, key=key, of=patient)

    @rule(data=st.data(), to_patient=st.booleans(), over=st.integers(0, 3))
    def transfer(self, data: st.DataObject, to_patient: bool, over: int) -> None:
        """Move part of a charge; one time in four a cent too much."""
        found = self.some(data, lambda one: one.insurance > 0 if to_patient else one.owed > 0)
        if found is None:
            return
        account, patient, thing = found
        assert thing.entry
        due = thing.insurance if to_patient else thing.owed
        cents = due + 1 if over == 3 else data.draw(st.integers(1, due))
        ways = ("insurance", "patient") if to_patient else ("patient", "insurance")

        def act() -> LedgerEntry:
            return commands.transfer(
                self.office.ben,
                patient_id=patient.pk,
                amount=Decimal(usd(cents)),
                from_account=ways[0],  # type: ignore[arg-type]
                to_account=ways[1],  # type: ignore[arg-type]
                charge_id=thing.entry.source_id if thing.entry else None,
                reason="not covered",
            )

        if over == 3:
            with pytest.raises(commands.MoreThanIsDue):
                act()
            return
        moved = cents if to_patient else -cents
        account.acts.append(Act(act(), [(thing, -moved, moved)]))
        thing.insurance -= moved
        account.owe(thing, moved)
        self.wrote(account)

    @rule(data=st.data(), who=WHO)
    def write_off(self, data: st.DataObject, who: int) -> None:
        account = self.accounts[who]
        if not account.owes:
            return
        cents = data.draw(st.integers(1, account.owes))
        entry = commands.write_off(
            self.office.ben, patient_id=self.people[who].pk, amount=Decimal(usd(cents)), reason="small"
        )
        parts = account.spread(cents)
        account.acts.append(Act(entry, [(thing, 0, -part) for thing, part in parts], cents))
        for thing, part in parts:
            account.owe(thing, -part)
        self.wrote(account, adjusted=cents)

    @rule(data=st.data(), who=WHO)
    def take_an_act_back(self, data: st.DataObject, who: int) -> None:
        account = self.accounts[who]
        if not account.acts:
            return
        act = data.draw(st.sampled_from(account.acts))
        if not account.may_be_taken_back(act.did):
            with pytest.raises(commands.OthersStandOnIt):
                commands.reverse_entry(self.office.ben, entry_id=act.entry.pk, reason="mistaken")
            return
        commands.reverse_entry(self.office.ben, entry_id=act.entry.pk, reason="mistaken")
        account.acts.remove(act)
        for thing, insurance, owed in act.did:
            thing.insurance -= insurance
            account.owe(thing, -owed)
        self.wrote(account, adjusted=-act.adjusted)

    @rule(data=st.data())
    def take_a_charge_back(self, data: st.DataObject) -> None:
        found = self.some(data, lambda one: True)
        if found is None:
            return
        account, _, thing = found
        assert thing.entry
        covered = thing.entry.lines.filter(account="insurance").exists()
        did = [(thing, thing.cents if covered else 0, 0 if covered else thing.cents)]
        no: type[Refusal] | None = None
        if any(sum(one) for one in thing.answers):
            no = commands.ChargeIsAnswered
        elif thing.is_gone:
            no = commands.EntryIsReversed
        elif not account.may_be_taken_back(did):
            no = commands.OthersStandOnIt
        if no:
            with pytest.raises(no):
                commands.reverse_charge(self.office.rosa, entry_id=thing.entry.pk, reason="wrong visit")
            return
        commands.reverse_charge(self.office.rosa, entry_id=thing.entry.pk, reason="wrong visit")
        thing.is_gone = True
        thing.insurance -= did[0][1]
        account.owe(thing, -did[0][2])
        self.wrote(account, charged=-thing.cents)

    @precondition(lambda self: any(one.credit for one in self.accounts))
    @rule(data=st.data())
    def refund(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from([n for n in (0, 1) if self.accounts[n].credit]))
        cents = data.draw(st.integers(1, self.accounts[who].credit))
        facts = {"patient_id": self.people[who].pk, "amount": Decimal(usd(cents)), "method": "cash"}
        commands.refund(self.office.ana, reason="overcharged", **facts)  # type: ignore[arg-type]
        self.accounts[who].credit -= cents
        self.wrote(self.accounts[who], paid=-cents)

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def take_back_a_payment(self, data: st.DataObject) -> None:
        chosen = data.draw(st.integers(0, len(self.taken) - 1))
        who, payment, on = self.taken[chosen]
        if payment.method == "check":
            commands.return_check(self.office.ana, payment_id=payment.pk, reason="no funds")
        elif on != self.posts_on:
            with pytest.raises(commands.PaymentIsGone):
                commands.void_payment(self.office.rosa, payment_id=payment.pk, reason="late")
            return
        elif int(payment.amount * 100) > self.accounts[who].still_there:
            with pytest.raises(commands.PaymentIsGone, match="still there"):
                commands.void_payment(self.office.rosa, payment_id=payment.pk, reason="typed twice")
            return
        else:
            commands.void_payment(self.office.rosa, payment_id=payment.pk, reason="typed twice")
        self.taken.pop(chosen)
        cents = int(payment.amount * 100)
        self.accounts[who].credit -= cents
        self.wrote(self.accounts[who], paid=-cents)

    @rule(who=WHO, cents=CENTS)
    def ask_for_too_much(self, who: int, cents: int) -> None:
        account = self.accounts[who]
        for act, there in ((commands.refund, account.credit), (commands.write_off, account.owes)):
            facts = {"patient_id": self.people[who].pk, "amount": Decimal(usd(there + cents))}
            facts |= {"method": "cash"} if act is commands.refund else {}
            with pytest.raises(Refusal):
                act(self.office.ana, reason="too much", **facts)  # type: ignore[operator]

    @precondition(lambda self: self.days)
    @rule(goes_home=st.booleans())
    def close_the_day(self, goes_home: bool) -> None:
        """Close the day that is posted to; the desk goes home, or goes on for the day after."""
        day = self.posts_on
        if day > self.today:
            with pytest.raises(commands.DayIsOpen):
                commands.close_day(self.office.ana, day=day, open_visits=0, reason="as it is")
        else:
            commands.close_day(self.office.ana, day=day, open_visits=0, reason="as it is")
            self.posts_on = day + timedelta(days=1)
        if goes_home:
            self.today = max(self.today, self.posts_on)
            morning = cast.NOW + (self.today - cast.MONDAY)
            for name in ("rosa", "ana", "ben"):
                setattr(self.office, name, getattr(self.office, name).at(morning))

    @invariant()
    def the_accounts_agree(self) -> None:
        for patient, account in zip(self.people, self.accounts, strict=True):
            told = (usd(account.insurance), usd(account.owes), usd(account.credit))
            assert self.office.holds(patient) == told

    @invariant()
    def every_charge_agrees(self) -> None:
        charges = {one.entry.source_id: one for a in self.accounts for one in a.charges if one.entry}
        due = queries.charge_balances(key for key in charges if key)
        told = {key: (one.insurance, one.patient) for key, one in due.items()}
        assert told == {
            key: (Decimal(usd(one.insurance)), Decimal(usd(one.owed))) for key, one in charges.items()
        }

    @invariant()
    def the_days_agree(self) -> None:
        for day, figures in self.days.items():
            if day >= self.posts_on - timedelta(days=1):
                day_now = queries.day_figures(day)
                proof = day_now.proof
                assert day_now.listed == proof.payments
                assert (proof.charges, proof.payments, proof.adjustments) == tuple(
                    Decimal(one) / 100 for one in figures
                )
                assert proof.off_by == 0
        total = sum(one.insurance + one.owes - one.credit for one in self.accounts)
        assert queries.day_figures(self.posts_on).receivables_after == Decimal(total) / 100

    @invariant()
    def the_bills_add_up(self) -> None:
        for patient, account in zip(self.people, self.accounts, strict=True):
            told = sum((line.effect for line in queries.explain(patient.pk)), Decimal(0))
            assert told == Decimal(account.owes - account.credit) / 100
            bill = queries.bill(patient.pk)
            assert bill.amount == Decimal(account.owes) / 100
            assert sum((line.effect for line in bill.lines), Decimal(0)) == bill.amount


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("plays", "acts"), [(6, 18), pytest.param(80, 40, marks=pytest.mark.nightly)], ids=["short", "long"]
)
def test_any_sequence_of_acts_agrees_with_the_model(plays: int, acts: int) -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=plays,
            stateful_step_count=acts,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
