"""What training costs: each part published, typed or left out; schools side by side."""

from typing import Any

import pytest
from django.test import Client

from daysheet.academy.figures import pack
from daysheet.academy.programs import queries, words
from daysheet.academy.programs.rules.cost import HELP, PARTS, aid, bill, spread

pytestmark = pytest.mark.django_db
COST = "/academy/cost/"
COMPARE = "/academy/programs/compare/"


def text_of(page: str, query: dict[str, Any] | None = None) -> str:
    answer = Client().get(page, query or {})
    assert answer.status_code == 200
    assert len(answer.content) <= 50_000
    assert not answer.cookies
    return answer.content.decode()


def priced(how: str) -> int:
    """The number of a school with a whole-program price, or with a year's price alone."""
    for school in queries.book().schools:
        direct = {one.cip for one in school.programs if one.is_direct}
        if direct & set(school.whole) and how == "program":
            return school.unitid
        if direct and not school.whole and school.yearly and how == "years":
            return school.unitid
    raise AssertionError(how)


def test_nothing_is_guessed_an_unknown_part_is_left_out_and_said() -> None:
    own = bill({"tuition": 4_000, "exam": 155}, None, 1, {})
    assert own.total == own.net == 4_155
    assert own.left_out == ["books", "background", "attire"]
    assert "3 parts are left out" in text_of(COST, {"tuition": "4000", "exam": "155"})


def test_help_is_taken_off_but_never_paid_out() -> None:
    assert bill({"tuition": 4_000}, None, 1, {"pell": 1_500, "employer": None}).net == 2_500
    assert bill({"tuition": 4_000}, None, 1, {"pell": 9_000}).net == 0


def test_a_whole_program_s_price_is_not_multiplied_a_year_s_is() -> None:
    whole, yearly = (queries.details([priced(how)])[0] for how in ("program", "years"))
    assert bill({}, whole, 1, {}).parts[0].amount == bill({}, whole, 4, {}).parts[0].amount
    one, two = (bill({}, yearly, years, {}).parts[0].amount for years in (1, 2))
    assert one
    assert two == 2 * one
    assert bill({"tuition": 7}, yearly, 2, {}).parts[0].amount == 7


def test_quartiles_are_told_of_five_schools_and_more() -> None:
    assert spread([1, 2, 3, 4]) is None
    told = spread([1, 2, 3, 4, 5])
    assert told
    assert (told.low, told.middle, told.high, told.count) == (2, 3, 4, 5)


def test_a_school_s_bill_says_what_each_part_rests_on() -> None:
    text = text_of(COST, {"s": priced("program"), "pell": "500"})
    assert "whole program, 2021" in text
    assert "/academy/payback/?tuition=" in text
    assert "pell=500" in text


def test_every_kind_of_help_has_its_words_and_its_day() -> None:
    assert list(aid()) == list(words.helps())
    assert set(HELP) <= set(aid())
    assert set(PARTS) == set(words.parts())
    assert all(row["as_of"] and row["source"] for row in aid().values())


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"s": "1"}, "No school has that number"),
        ({"s": "x"}, "No school has that number"),
        ({"tuition": "-1"}, "field-error"),
        ({"tuition": "1e99"}, "field-error"),
        ({"years": "100"}, "field-error"),
        ({"tuition": "<script>"}, "&lt;script&gt;"),
    ],
)
def test_odd_input_gets_its_sentence(query: dict[str, str], sentence: str) -> None:
    assert sentence in text_of(COST, query)


def test_four_schools_stand_side_by_side_and_a_fifth_is_told() -> None:
    numbers = [school.unitid for school in queries.book().schools[:5]]
    text = text_of(COMPARE, {"s": numbers[:4]})
    assert text.count('<th scope="col">') == 4
    assert "unknown: ask" in text
    assert "these are the first four" in text_of(COMPARE, {"s": numbers})


@pytest.mark.parametrize("odd", ["1", "x", "-5", "9" * 30, "\u0661", "<b>"])
def test_a_foreign_number_is_left_out_and_told(odd: str) -> None:
    assert "belongs to no school" in text_of(COMPARE, {"s": [odd, str(priced("program"))]})
    assert "Tick up to four schools" in text_of(COMPARE, {"s": odd})


def test_comparing_asks_the_pack_twice_however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [school.unitid for school in queries.book().schools[5:9]]
    asked: list[str] = []
    rows = pack.rows
    monkeypatch.setattr(pack, "rows", lambda sql, given=(): asked.append(sql) or rows(sql, given))
    for some in (numbers, numbers[:1]):
        text_of(COMPARE, {"s": some})
        assert len(asked) == 2
        asked.clear()
