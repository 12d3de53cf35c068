"""A decided line is corrected on the claim: the replacement carries it, the book follows, what was sent stays."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from daysheet.charges import commands as charges
from daysheet.charges.models import Charge
from daysheet.claims import commands, queries
from daysheet.claims.models import Claim
from daysheet.claims.rules import LineChange
from daysheet.formats import x12
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import new_id
from daysheet.ledger import queries as ledger
from daysheet.ledger.models import LedgerEntry
from daysheet.ledger.queries import proof
from tests import make
from tests.claims.office import Loop
from tests.claims.test_a_line_is_voided import void
from tests.claims.test_claims_on_screen import body, browser
from tests.claims.test_post_remittance import advice_of, file
from tests.desk import hidden_fields

pytestmark = pytest.mark.django_db


def denied(loop: Loop, fault: str = "denied_co_16", *codes: str) -> Claim:
    loop.meet_deductible()
    loop.enroll(fault=fault)
    claim = loop.sent(*codes, diagnoses=("M54.50", "M25.50"))
    loop.pay()
    loop.enroll()
    return loop.again(claim)


def change(line: int, code: str, units: str = "1", modifiers: str = "", pointers: str = "1") -> LineChange:
    marks, numbers = tuple(modifiers.split()), tuple(int(one) for one in pointers.split())
    return LineChange(UUID(int=0), line, code, Decimal(units), marks, numbers)  # Loop.resend knows its charge


def wires(loop: Loop) -> list[list[tuple[str, tuple[str, ...], Decimal, Decimal, tuple[int, ...]]]]:
    """What each claim that left says of its lines."""
    found = []
    for envelope in loop.outgoing():
        (document,) = x12.read(bytes(envelope.content))
        found += [
            [
                (one.procedure.code, one.procedure.modifiers, one.units, one.charge, one.pointers)
                for one in wire.lines
            ]
            for wire in document.content.claims
        ]
    return found


def lines_of(loop: Loop, claim: Claim) -> list[tuple[str, list[str], str]]:
    with make.acting(loop.office):
        rows = claim.lines.order_by("line").values_list("charge__code", "charge__modifiers", "charge__state")
        return list(rows)


def is_sound(loop: Loop) -> bool:
    with make.acting(loop.office):
        return proof.troubles() == [] and queries.wrong_states() == [] and queries.count_to_bill() == 0


def test_a_modifier_and_a_pointer_are_corrected_on_the_replacement() -> None:
    loop = Loop()
    first = denied(loop, "denied_co_97")
    second = loop.resend(
        first, lines=[change(1, "X0020", modifiers="25", pointers="2 1"), change(2, "X0015")]
    )
    assert (second.frequency, second.state, second.charge) == ("7", "accepted", 180)
    plain, kept = ("X0020", (), 1, 120, (1,)), ("X0015", (), 1, 60, (1,))
    assert wires(loop) == [[plain, kept], [("X0020", ("25",), 1, 120, (2, 1)), kept]]
    assert lines_of(loop, first) == [("X0020", [], "voided"), ("X0015", [], "posted")]
    assert lines_of(loop, second) == [("X0020", ["25"], "posted"), ("X0015", [], "posted")]
    loop.pay(date(2026, 4, 15))
    assert loop.again(second).state == "paid"
    assert (loop.due(first)[0], loop.due(second)[0]) == (0, 0)
    assert is_sound(loop)


@pytest.mark.parametrize(
    ("line", "charge"), [(change(1, "X0030"), 180), (change(1, "X0020", "2"), 240), (change(1, "X0015"), 60)]
)
def test_a_code_and_units_move_the_money_with_them(line: LineChange, charge: int) -> None:
    loop = Loop()
    first = denied(loop, "denied_co_16", "X0020")
    second = loop.resend(first, lines=[line], because="As the note says")
    assert (second.charge, loop.again(first).charge) == (charge, 120)
    with make.acting(loop.office):
        said = second.events.get(kind="edited").sentence
    assert said.startswith("As the note says. Line 1: ")
    loop.pay(date(2026, 4, 15))
    assert loop.again(second).state == "paid"
    assert (loop.due(first), loop.due(second)[0]) == ((0, 0), 0)
    assert is_sound(loop)


def test_what_the_patient_owed_by_the_first_decision_follows_the_second() -> None:
    loop = Loop()
    first = loop.sent("X0020")
    loop.pay()
    share = loop.due(first)[1]
    assert share > 0
    second = loop.resend(loop.again(first), lines=[change(1, "X0020", "2")])
    assert loop.due(first) == (-120, share)  # the plan's answer stands until the plan takes it back
    loop.pay(date(2026, 4, 15))
    assert (loop.due(first), loop.due(second)) == ((0, 0), (0, 2 * share))
    assert is_sound(loop)


def test_the_only_line_of_a_correction_is_not_voided_under_it() -> None:
    loop = Loop()
    first = denied(loop, "denied_co_16", "X0020")
    with make.acting(loop.office):
        first.visit.diagnoses.filter(rank=2).update(code="???")
    second = loop.resend(first, lines=[change(1, "X0015")])
    with make.acting(loop.office):
        charge = Charge.objects.get(state="posted")
    with pytest.raises(Refusal, match="Take that claim back: then the line stands again as it was"):
        charges.void_charge(loop.by("rosa"), charge_id=charge.pk, reason="wrong code")
    assert loop.again(second).state == "held"


def test_a_line_that_stays_as_it_was_moves_nothing() -> None:
    loop = Loop()
    first = denied(loop, "denied_co_16", "X0020")
    second = loop.resend(first, lines=[change(1, "x0020")])
    assert lines_of(loop, second) == lines_of(loop, first) == [("X0020", [], "posted")]


def test_a_correction_that_is_taken_back_leaves_the_line_and_the_book_as_they_were() -> None:
    loop = Loop()
    first = denied(loop)
    before = loop.due(first)
    with make.acting(loop.office):
        first.visit.diagnoses.filter(rank=2).update(code="???")
    second = loop.resend(first, lines=[change(1, "X0030", modifiers="25")])
    second = loop.resend(second, lines=[change(1, "X0020", "3")])
    assert (second.state, second.charge, second.replaces_id) == ("held", 420, first.pk)
    commands.void_claim(loop.by(), claim_id=second.pk, version=second.version, reason="As it was")
    assert loop.again(first).state == "denied"
    assert lines_of(loop, first) == [("X0020", [], "posted"), ("X0015", [], "posted")]
    assert loop.due(first) == before
    assert is_sound(loop)
    with make.acting(loop.office):
        assert sorted(Charge.objects.filter(state="posted").values_list("code", flat=True)) == [
            "X0015",
            "X0020",
        ]
        first.visit.diagnoses.filter(rank=2).update(code="M25.50")
    third = loop.resend(loop.again(first), lines=[change(1, "X0020", modifiers="25")])
    loop.pay(date(2026, 4, 15))
    assert (loop.again(third).state, loop.due(first)[0], loop.due(third)[0]) == ("paid", 0, 0)
    assert is_sound(loop)


def test_a_rejected_claim_is_corrected_in_its_lines_and_leaves_as_new() -> None:
    loop = Loop()
    loop.enroll(fault="rejected_a7")
    claim = loop.sent()
    loop.enroll()
    again = loop.resend(claim, lines=[change(2, "X0015", modifiers="25")])
    assert (again.pk, again.frequency, again.state) == (claim.pk, "1", "accepted")
    assert wires(loop)[1][1] == ("X0015", ("25",), 1, 60, (1,))
    assert loop.due(claim) == (180, 0)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (change(1, "X9999"), "The fee schedule has no price for X9999"),
        (change(1, "X0020", pointers="3"), "points to diagnosis 3, which is not on the slip"),
        (change(1, "X0020", modifiers="2"), "Modifiers are two letters or digits"),
    ],
)
def test_a_wrong_correction_is_refused_and_nothing_moves(line: LineChange, sentence: str) -> None:
    loop = Loop()
    first = denied(loop, "denied_co_16", "X0020")
    with pytest.raises(Refusal, match=sentence):
        loop.resend(first, lines=[line])
    with make.acting(loop.office):
        assert (Claim.objects.count(), Charge.objects.count()) == (1, 1)
    assert loop.again(first).state == "denied"


def test_the_slip_says_where_a_line_that_the_plan_answered_is_corrected() -> None:
    loop = Loop()
    first = denied(loop, "denied_co_16", "X0020")
    with make.acting(loop.office):
        charge = Charge.objects.get()
        assert ledger.plan_answers_on(charge.pk)
    with pytest.raises(Refusal, match="Correct the line on its claim"):
        charges.void_charge(loop.by("rosa"), charge_id=charge.pk, reason="wrong code")
    assert loop.again(first).state == "denied"


def test_the_lines_are_corrected_at_the_screen() -> None:
    loop = Loop()
    first = denied(loop, "denied_co_97")
    client = browser(loop)
    shown = body(client, f"/claims/{first.pk}/")
    fields = hidden_fields(shown, form='id="correct-form"') | {"place_of_service": "11", "because": "x"}
    one = {"code_1": "X0020", "units_1": "1", "modifiers_1": "25 gp", "pointers_1": "1, 2"}
    two = {"code_2": "X0015", "units_2": "1", "modifiers_2": "", "pointers_2": "1"}
    bad = client.post(
        f"/claims/{first.pk}/correct/", fields | one | two | {"code_2": "X1", "pointers_1": "a"}
    )
    assert bad.status_code == 422
    assert "A procedure code has five letters or digits." in bad.content.decode()
    assert client.post(f"/claims/{first.pk}/correct/", fields | one | two).status_code == 303
    with make.acting(loop.office):
        second = Claim.objects.get(replaces=first)
    assert lines_of(loop, second) == [("X0020", ["25", "GP"], "posted"), ("X0015", [], "posted")]


def test_whoever_may_not_enter_charges_sees_no_line_to_correct() -> None:
    loop = Loop()
    first = denied(loop)
    clerk = browser(loop, "billing_clerk", "cleo")
    assert "correct-form" in (shown := body(clerk, f"/claims/{first.pk}/"))
    assert "code_1" not in shown


def taken_back(loop: Loop, claim: Claim) -> Claim:
    """The payer takes its denial back."""
    advice = advice_of(loop)
    (first,) = advice.claims
    less = [
        replace(
            line,
            charge=-line.charge,
            paid=-line.paid,
            adjustments=tuple(replace(part, amount=-part.amount) for part in line.adjustments),
        )
        for line in first.services
    ]
    back = replace(
        first,
        status="22",
        charge=-first.charge,
        paid=-first.paid,
        patient_responsibility=None,
        services=tuple(less),
    )
    loop.take(file(replace(advice, trace="BACK1", claims=(back,))))
    return loop.again(claim)


def test_a_line_that_is_void_on_the_slip_lays_its_service_over_no_other_line() -> None:
    loop = Loop()
    first = taken_back(loop, denied(loop))
    assert first.state == "reversed"
    void(loop, first, "X0020")
    client = browser(loop)
    shown = body(client, f"/claims/{first.pk}/")
    fields = hidden_fields(shown, form='id="correct-form"') | {"place_of_service": "11", "because": "x"}
    one = {"code_1": "X0020", "units_1": "1", "modifiers_1": "", "pointers_1": "1"}
    two = {"code_2": "X0015", "units_2": "1", "modifiers_2": "", "pointers_2": "1"}
    with make.acting(loop.office):
        before = LedgerEntry.objects.count()
    assert client.post(f"/claims/{first.pk}/correct/", fields | one | two).status_code == 303
    with make.acting(loop.office):
        second = Claim.objects.get(replaces=first)
        assert LedgerEntry.objects.count() == before
    assert lines_of(loop, second) == [("X0015", [], "posted")]
    assert second.charge == 60
    assert ("code_1" in shown, "code_2" in shown) == (False, True)


def test_a_biller_who_may_not_enter_charges_takes_a_corrected_replacement_back() -> None:
    loop = Loop()
    first = denied(loop)
    with make.acting(loop.office):
        first.visit.diagnoses.filter(rank=2).update(code="???")
    second = loop.resend(first, lines=[change(1, "X0020", modifiers="25")])
    clerk = {"practice_id": loop.office.pk, "user_id": new_id(), "name": "Cleo", "now": loop.now}
    cleo = Actor.of_role("billing_clerk", **clerk)
    commands.void_claim(cleo, claim_id=second.pk, version=second.version, reason="As it was")
    assert lines_of(loop, first) == [("X0020", [], "posted"), ("X0015", [], "posted")]
    assert is_sound(loop)
