"""What a clerk types into an amount."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import engines

from daysheet.ui.forms import BirthDateField, Form, MoneyField
from tests.cast import MONDAY
from tests.ui.gallery_server import Elements, furnished

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "daysheet"


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


def test_what_is_too_long_or_too_fine_is_said_in_a_clerks_words() -> None:
    class Line(Form):
        units = forms.DecimalField(label="Units", max_digits=5, decimal_places=2)
        note = forms.CharField(label="Note", max_length=3)

    assert Line({"units": "1.234", "note": "abcd"}).errors == {
        "units": ["Units: at most 2 digits after the point."],
        "note": ["Note: at most 3 characters."],
    }
    assert Line({"units": "12345", "note": "a"}).errors == {"units": ["Units: that number is too large."]}


def test_a_question_that_was_left_open_is_asked_and_not_called_missing() -> None:
    class Asked(Form):
        how_much = MoneyField(label="How much is it?")

    assert Asked({}).errors["how_much"] == ["Answer this: How much is it?"]


def test_what_was_typed_stands_again_in_the_box() -> None:
    class Payment(Form):
        copay = MoneyField()

    assert Payment({"copay": "forty"})["copay"].value() == "forty"
    assert Payment(initial={"copay": Decimal("30")})["copay"].value() == "30.00"


FIELDS = (
    """{% import "ui/forms.html" as f with context %}{{ f.money(form.copay) }}{{ f.birth_date(form.born) }}"""
)


def test_complaint_pickers_an_amount_and_a_birth_date_are_typed_as_text() -> None:
    class Who(Form):
        copay = MoneyField(label="Copay")
        born = BirthDateField(label="Birth date")

    page = Elements(engines["jinja2"].from_string(FIELDS).render({"form": Who(today=MONDAY)}, furnished()))
    boxes = [attrs for tag, attrs in page.found if tag == "input"]
    assert [(one["type"], one["inputmode"]) for one in boxes] == [("text", "decimal")] + [
        ("text", "numeric")
    ] * 3


def test_complaint_pickers_no_page_of_the_office_has_a_field_that_the_wheel_or_a_picker_changes() -> None:
    pages = [*PACKAGE.rglob("*.html"), *(PACKAGE / "ui" / "static" / "src").glob("*.js")]
    found = re.compile(r"""(type|kind)\s*=\s*["'](number|date|time|month|week|datetime-local|range)["']""")
    assert len(pages) > 100
    assert [page.name for page in pages if found.search(page.read_text())] == []
