"""Payback on screen: months or never, and what it rests on."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def body(**query: str) -> str:
    answer = Client().get("/academy/payback/", query)
    assert answer.status_code == 200
    assert len(answer.content) <= 50_000
    assert not answer.cookies
    return answer.content.decode()


def test_a_beginner_is_told_never_where_the_new_pay_is_no_higher() -> None:
    page = body(wage_now="48000", program="certificate")
    assert page.count("never</span>") + page.count(">never<") >= 6


def test_a_course_counts_its_extras_and_aid_takes_off() -> None:
    page = body(wage_now="38010", program="certificate")
    assert "$2,485 to $9,030" in page
    cheaper = body(wage_now="38010", program="certificate", pell="2000", months="6", wage_studying="30000")
    assert "Aid: $2,000" in cheaper
    assert "$4,005" in cheaper


def test_a_price_of_ones_own_is_asked_for_when_one_says_so() -> None:
    assert "Write what the course costs" in body(program="own")
    assert "$10,385 to" in body(program="own", tuition="10000")


def test_a_price_that_came_with_the_address_counts_without_a_choice() -> None:
    assert "$10,385 to" in body(tuition="10000")


def test_the_exam_alone_is_only_its_fee() -> None:
    assert "$155 to $155" in body(program="exam", wage_now="40000")


@pytest.mark.parametrize(
    "query",
    [{"wage_now": "-1"}, {"months": "1200"}, {"pell": "a lot"}, {"state": "<script>"}, {"tuition": "9" * 99}],
    ids=["negative", "a hundred years", "words", "script", "huge"],
)
def test_odd_numbers_get_a_sentence(query: dict[str, str]) -> None:
    page = body(**query)
    assert "error-summary" in page
    assert "<script>" not in page
