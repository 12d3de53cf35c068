"""Birth dates in three boxes, telephone numbers as typed."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from daysheet.ui.forms import BirthDateField, Form, PhoneField, boxes, summary

TODAY = date(2026, 3, 9)


class Who(Form):
    """A form with Ms. Diaz's two fields."""

    born = BirthDateField(label="Birth date")
    phone = PhoneField(label="Phone", required=False)


@pytest.mark.parametrize("boxes_typed", [["3", "14", "1962"], ["03", "14", "1962"], ["mar", "14", "1962"]])
def test_three_boxes_make_a_birth_date(boxes_typed: list[str]) -> None:
    assert BirthDateField(today=TODAY).clean(boxes_typed) == date(1962, 3, 14)


@pytest.mark.parametrize(
    ("boxes_typed", "sentence"),
    [
        (["", "", ""], "Write the birth date: month, day and year."),
        (["3", "", "1962"], "Write the day of the birth date too."),
        (["3", "14", "62"], "Which century\\?"),
        (["2", "30", "1962"], "no such day"),
        (["2", "29", "1963"], "no such day"),
        (["3", "0", "1962"], "no such day"),
        (["13", "1", "1962"], "from 1 to 12"),
        (["3", "10", "2026"], "cannot be in the future"),
        (["3", "14", "1862"], "more than 130 years ago"),
        (["3", "14", "0962"], "four digits"),
        (["3", "x", "1962"], "no such day"),
    ],
)
def test_a_birth_date_that_cannot_be_is_refused_in_a_sentence(boxes_typed: list[str], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        BirthDateField(today=TODAY).clean(boxes_typed)


def test_a_child_born_today_is_welcome() -> None:
    assert BirthDateField(today=TODAY).clean(["3", "9", "2026"]) == TODAY


def test_the_boxes_keep_what_was_typed() -> None:
    form = Who({"born_0": "2", "born_1": "30", "born_2": "62"}, today=TODAY)
    assert [content for _id, _name, content in boxes(form["born"])] == ["2", "30", "62"]
    assert summary(form) == [("id_born_0", "Which century? Write the year with four digits, such as 1962.")]


def test_a_known_birth_date_fills_the_boxes() -> None:
    form = Who(initial={"born": date(1962, 3, 14)}, today=TODAY)
    assert boxes(form["born"]) == [
        ("id_born_0", "born_0", "03"),
        ("id_born_1", "born_1", "14"),
        ("id_born_2", "born_2", "1962"),
    ]


@pytest.mark.parametrize(
    "typed", ["(555) 201-0142", "555 201 0142", "555.201.0142", "+1 555-201-0142", "1 555 201 0142"]
)
def test_a_number_is_kept_in_its_international_form(typed: str) -> None:
    assert PhoneField().clean(typed) == "+15552010142"


@pytest.mark.parametrize("typed", ["201-0142", "555 201 014", "555 201 01422", "555 201 0142 x9"])
def test_a_number_with_wrong_digits_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"\(555\) 201-0142"):
        PhoneField().clean(typed)


def test_words_are_no_number() -> None:
    with pytest.raises(ValidationError, match="with its area code"):
        PhoneField().clean("call my son")


def test_a_kept_number_is_shown_as_it_is_dialled() -> None:
    assert PhoneField().prepare_value("+15552010142") == "(555) 201-0142"
    assert PhoneField().prepare_value("201") == "201"
