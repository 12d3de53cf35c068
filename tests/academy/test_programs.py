"""Finding a program: the whole list, a place, a price; and what is said when nothing or nonsense comes."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from daysheet.academy.figures import pack
from daysheet.academy.programs import queries
from daysheet.academy.programs.rules.search import Asked, Spot, in_box, miles, search, web_address, widen

pytestmark = pytest.mark.django_db
PAGE = "/academy/programs/"
CHICAGO = (41.9, -87.65)


def text_of(query: dict[str, Any] | None = None, page: str = PAGE) -> str:
    answer = Client().get(page, query or {})
    assert answer.status_code == 200
    assert len(answer.content) <= 50_000
    assert not answer.cookies
    assert b"<script" not in answer.content
    return answer.content.decode()


def test_the_whole_country_has_as_many_schools_and_awards_as_ipeds_counts() -> None:
    book = queries.book()
    direct, related = (search(book.schools, Asked(related=wide), book.years) for wide in (False, True))
    assert (len(direct), sum(one.latest for one in direct)) == (712, 26_187)
    assert (len(related), sum(one.latest for one in related)) == (1_916, 88_807)
    assert sum(one.latest > 0 for one in direct) == 585
    assert "712 schools" in text_of()
    assert "1,916 schools" in text_of({"related": "on"})


def test_distance_is_that_over_the_ground() -> None:
    assert miles((40.6413, -73.7781), (33.9416, -118.4085)) == pytest.approx(2_470, abs=10)
    assert miles(CHICAGO, CHICAGO) == 0
    assert miles((0, 179.9), (0, -179.9)) == pytest.approx(13.8, abs=0.1)


def test_the_quick_look_never_leaves_out_a_school_that_is_near_enough() -> None:
    schools = queries.book().schools
    for here in (CHICAGO, (64.8, -147.7), (18.4, -66.1), (13.4, 144.8)):
        for radius in (5, 50, 500):
            near = [one for one in schools if miles(here, (one.lat, one.lon)) <= radius]
            assert all(in_box(here, radius, (one.lat, one.lon)) for one in near)


def test_what_is_found_lies_within_the_radius_and_is_sorted() -> None:
    book = queries.book()
    asked = Asked(spot=Spot("ZIP 60614", "", CHICAGO), radius=60, related=True)
    found = search(book.schools, asked, book.years)
    far = [one.miles or 0 for one in found]
    assert far == sorted(far)
    assert len(far) > 10
    assert max(far) <= 60
    by_price = search(book.schools, Asked(sort="price", most=5_000), book.years)
    prices = [one.price.amount for one in by_price if one.price]
    assert prices == sorted(prices)
    assert len(prices) == len(by_price)
    assert max(prices) <= 5_000


def test_widening_names_only_what_brings_schools() -> None:
    book = queries.book()
    asked = Asked(spot=Spot("nowhere", "", (44.0, -108.0)), radius=1, most=10, control="nonprofit")
    assert search(book.schools, asked, book.years) == []
    asked = Asked(spot=Spot("ZIP 60614", "", CHICAGO), radius=10, award="weeks", control="nonprofit")
    wider = widen(book.schools, asked, book.years)
    assert wider
    assert all(len(search(book.schools, one.asked, book.years)) == one.count > 0 for one in wider)


def test_a_zip_code_a_town_a_state_and_a_shortened_name_are_places() -> None:
    assert queries.spots_called("60614")[0].point == pytest.approx((41.9229, -87.6483))
    assert [spot.name for spot in queries.spots_called("chicago, il")] == ["Chicago, IL"]
    assert queries.spots_called("Illinois")[0].state == "IL"
    assert queries.spots_called("st. louis, mo")[0].name == "Saint Louis, MO"
    assert len(queries.spots_called("Springfield")) > 10
    assert queries.spots_called("00000") == queries.spots_called("\u0661\u0662\u0663\u0664\u0665") == []


def test_a_name_of_several_towns_asks_which() -> None:
    assert "Springfield, IL" in text_of({"near": "springfield"})
    assert "of Springfield, IL" in text_of({"near": "Springfield, IL", "radius": "200"})


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"near": "99999"}, "We do not know that place"),
        ({"near": "1234"}, "We do not know that place"),
        ({"near": "x" * 5_000}, "We do not know that place"),
        ({"near": "'; drop table schools; --"}, "We do not know that place"),
        ({"near": "<script>alert(1)</script>"}, "&lt;script&gt;"),
        ({"near": "60614\x00"}, "Null characters are not allowed"),
        ({"near": "60614", "radius": "0"}, "Write a radius from 1 to 500 miles."),
        ({"near": "60614", "radius": "10000"}, "Write a radius from 1 to 500 miles."),
        ({"near": "60614", "radius": "far"}, "Write a radius from 1 to 500 miles."),
        ({"near": "60614", "most": "-5"}, "field-error"),
        ({"award": "wizard"}, "field-error"),
        ({"sort": "random"}, "field-error"),
        ({"page": "999999"}, "712 schools"),
        ({"page": "1000"}, "Page 29 of 29"),
        ({"near": "60614", "radius": ["10", "25"]}, "within 25 miles"),
        ({"near": "60614", "radius": ["10", "25"]}, "more than once"),
        ({"near": "60614", "radius": "5", "most": "1"}, "Any price, or none known"),
        ({"near": "82649", "radius": "1", "most": "1", "control": "public"}, "No single change helps"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_odd_input_gets_its_sentence(query: dict[str, Any], sentence: str) -> None:
    assert sentence in text_of(query)


def test_every_price_says_its_year_and_no_figure_promises_too_much() -> None:
    text = text_of({"near": "60614"})
    assert "one year, 2023" in text
    assert "Awards are not offers" in text
    assert "externship is not known here: ask" in text


def test_a_search_asks_the_pack_at_most_once(monkeypatch: pytest.MonkeyPatch) -> None:
    queries.book()
    asked: list[str] = []
    rows, row = pack.rows, pack.row
    monkeypatch.setattr(pack, "rows", lambda sql, given=(): asked.append(sql) or rows(sql, given))
    monkeypatch.setattr(pack, "row", lambda sql, given=(): asked.append(sql) or row(sql, given))
    text_of({"near": "Peoria, IL", "radius": "77"})
    assert len(asked) == 1
    asked.clear()
    text_of(page=f"{PAGE}101143/")
    assert len(asked) == 3


def test_what_was_found_comes_as_data_too() -> None:
    answer = Client().get("/academy/data/programs.json", {"near": "Illinois"})
    rows = answer.json()["rows"]
    assert rows
    assert {row["state"] for row in rows} == {"IL"}
    sheet = Client().get("/academy/data/programs.csv", {"near": "Illinois"}).content.decode()
    assert len(list(csv.DictReader(io.StringIO(sheet)))) == len(rows)


def test_a_school_shows_its_awards_by_year_and_its_dated_prices() -> None:
    book = queries.book()
    one = next(school for school in book.schools if school.whole and school.programs[0].is_direct)
    text = text_of({"ask": ["ehr", "nonsense"]}, f"{PAGE}{one.unitid}/")
    assert "2021-22" in text
    assert f"{book.years[-1]}:&nbsp;" in text
    assert text.count(" checked") == 1


def test_every_school_of_the_directory_has_a_page_and_a_foreign_number_none() -> None:
    bare = pack.row("select unitid from schools where unitid not in (select unitid from completions)")
    assert bare
    assert "no medical office program" in text_of(page=f"{PAGE}{bare['unitid']}/")
    assert Client().get(f"{PAGE}1/").status_code == 404
    assert Client().get(f"{PAGE}{'9' * 40}/").status_code == 404


def test_a_school_s_address_becomes_a_link_or_nothing() -> None:
    assert web_address("www.example.edu/a b") == "https://www.example.edu/ab"
    assert web_address("http://x.edu") == "http://x.edu"
    assert web_address("javascript:alert(1)") == web_address(None) == web_address('a.b"onclick=') == ""
