"""What things cost, from which day, and how a file of fees comes in."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.charges import commands, queries, rules
from daysheet.charges.models import FeeItem
from daysheet.charges.rules import Fee
from daysheet.kernel.errors import NotPermitted, Refusal
from tests.charges.conftest import JAN_1, Desk

JUL_1 = date(2026, 7, 1)


def test_a_new_price_ends_the_old_one_on_its_day(desk: Desk) -> None:
    commands.set_fee(
        desk.ana, code="X0020", label="Visit, 20 minutes", amount=Decimal("130.00"), starts_on=JUL_1
    )
    before, after = queries.fee("X0020", date(2026, 6, 30)), queries.fee("X0020", JUL_1)
    assert before
    assert after
    assert (before.amount, after.amount, after.is_favourite) == (Decimal("120.00"), Decimal("130.00"), True)


def test_a_price_before_another_ends_where_that_begins(desk: Desk) -> None:
    commands.set_fee(
        desk.ana, code="X0020", label="Visit", amount=Decimal("99.00"), starts_on=date(2025, 1, 1)
    )
    assert [
        (one.starts_on, one.ends_on) for one in FeeItem.objects.filter(code="X0020").order_by("starts_on")
    ] == [
        (date(2025, 1, 1), JAN_1),
        (JAN_1, None),
    ]


def test_the_same_day_again_changes_the_price(desk: Desk) -> None:
    commands.set_fee(desk.ana, code="x0020", label="Visit", amount=Decimal("125.00"), starts_on=JAN_1)
    assert list(FeeItem.objects.filter(code="X0020").values_list("amount", flat=True)) == [Decimal("125.00")]


def test_a_file_comes_in_whole(desk: Desk) -> None:
    text = 'code,label,amount\nx0031,New visit,$180.00\nX0032,"Long, new visit","1,250.50"\n'
    kept = commands.import_fees(desk.ana, rows=text, starts_on=JAN_1)
    assert [(one.code, one.label, one.amount) for one in kept] == [
        ("X0031", "New visit", Decimal("180.00")),
        ("X0032", "Long, new visit", Decimal("1250.50")),
    ]


def test_a_file_with_a_bad_line_names_every_one_and_keeps_nothing(desk: Desk) -> None:
    text = (
        "X0031,New visit,180\nX31,Short,10\nX0032,,10\nX0033,Odd,ten\nX0031,Twice,5\nX0034,Minus,-1\nX0035\n"
    )
    with pytest.raises(commands.FeesRefused) as no:
        commands.import_fees(desk.ana, rows=text, starts_on=JAN_1)
    assert sorted((one.line, one.field) for one in no.value.problems) == [
        (2, "code"),
        (3, "label"),
        (4, "amount"),
        (5, "code"),
        (6, "amount"),
        (7, "line"),
    ]
    assert FeeItem.objects.count() == 2


def test_an_empty_file_is_said_to_be_empty(desk: Desk) -> None:
    with pytest.raises(commands.FeesRefused) as no:
        commands.import_fees(desk.ana, rows="code,label,amount\n", starts_on=JAN_1)
    assert no.value.problems[0].sentence == "The file holds no fees. Each line is: code, label, amount."


def test_only_those_who_manage_the_office_set_fees(desk: Desk) -> None:
    with pytest.raises(NotPermitted):
        commands.set_fee(desk.rosa, code="X0099", label="Free", amount=Decimal("0.00"), starts_on=JAN_1)
    assert FeeItem.objects.count() == 2


@pytest.mark.parametrize(("code", "amount"), [("X02", "1.00"), ("X0099", "-1.00"), ("X0099", "100000.00")])
def test_an_odd_fee_is_refused(desk: Desk, code: str, amount: str) -> None:
    with pytest.raises(Refusal):
        commands.set_fee(desk.ana, code=code, label="Odd", amount=Decimal(amount), starts_on=JAN_1)
    assert FeeItem.objects.count() == 2


@given(st.text(max_size=300))
def test_any_text_is_read_as_fees_and_problems_without_falling(text: str) -> None:
    fees, problems = rules.read_fees(text)
    assert all(isinstance(fee, Fee) for fee in fees)
    assert fees or problems
