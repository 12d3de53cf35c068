"""What a clerk types into an amount."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from daysheet.ui.forms import Form, MoneyField


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("40", "40.00"),
        ("40.5", "40.50"),
        ("$1,040", "1040.00"),
        (" $ 12.40 ", "12.40"),
        (".5", "0.50"),
        ("40.", "40.00"),
        ("0", "0.00"),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, meant: str) -> None:
    assert MoneyField().clean(typed) == Decimal(meant)
    assert str(MoneyField().clean(typed)) == meant


@pytest.mark.parametrize("typed", ["-5", "\u22125", "(5.00)", "5-"])
def test_a_minus_is_refused_because_a_refund_is_its_own_act(typed: str) -> None:
    with pytest.raises(
        ValidationError, match=r"without a minus sign\. A refund or a reversal is its own act"
    ):
        MoneyField().clean(typed)


@pytest.mark.parametrize("typed", ["12.345", "0.001"])
def test_a_fraction_of_a_cent_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="at most two digits after the point"):
        MoneyField().clean(typed)


@pytest.mark.parametrize("typed", ["forty", "1,04", "1e3", "NaN", "$", "٤٠", "4 0", "<b>1</b>"])
def test_what_is_no_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"such as 40 or 40\.50"):
        MoneyField().clean(typed)


def test_an_amount_stays_between_its_limits() -> None:
    field = MoneyField(minimum=Decimal("0.01"), maximum=Decimal("500.00"))
    with pytest.raises(ValidationError, match=r"at least \$0.01"):
        field.clean("0")
    with pytest.raises(ValidationError, match=r"at most \$500.00"):
        field.clean("500.01")


def test_an_amount_larger_than_the_column_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"at most \$9,999,999,999.99"):
        MoneyField().clean("99999999999")


def test_an_empty_optional_amount_is_none() -> None:
    assert MoneyField(required=False).clean("") is None


def test_a_missing_amount_is_named() -> None:
    class Payment(Form):
        copay = MoneyField(label="Copay")

    assert Payment({}).errors["copay"] == ["Copay is missing."]


def test_what_was_typed_stands_again_in_the_box() -> None:
    class Payment(Form):
        copay = MoneyField()

    assert Payment({"copay": "forty"})["copay"].value() == "forty"
    assert Payment(initial={"copay": Decimal("30")})["copay"].value() == "30.00"
