"""Reading schools, programs and prices from the pack; the list of schools is read once per edition of the figures."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sqlite3 import Row

from daysheet.academy.figures import pack
from daysheet.academy.figures.trade import DIRECT
from daysheet.academy.programs.rules.search import (
    Asked,
    Details,
    Found,
    Price,
    PricedProgram,
    Program,
    School,
    Spot,
    YearPrice,
    search,
    web_address,
)

SHOWN_YEARS = 5
SCHOOLS = """
select s.unitid, s.name, coalesce(s.city, '') as city, coalesce(s.state, '') as state, coalesce(s.zip, '') as zip,
  s.lat, s.lon, s.control, s.level, s.is_closed, (select o.all_online from school_online o where o.unitid = s.unitid
    and o.all_online is not null order by o.year desc limit 1) as online,
  (select json_array(p.in_state, p.year) from school_prices p where p.unitid = s.unitid and p.in_state is not null
    order by p.year desc limit 1) as yearly,
  (select json_group_array(json_array(p.cip, p.tuition, p.year)) from program_prices p
    where p.unitid = s.unitid and p.tuition is not null) as whole
from schools s where s.lat is not null and s.unitid in (select unitid from completions)
"""
PROGRAMS = """
select c.unitid, c.cip, c.award, json_group_array(json_array(c.year, c.awards)) as years,
  max(coalesce(o.online, 0)) as online
from completions c left join program_online o on o.unitid = c.unitid and o.cip = c.cip and o.year = c.year
{where} group by c.unitid, c.cip, c.award
"""
DETAILS = """
select s.unitid, s.name, coalesce(s.city, '') as city, coalesce(s.state, '') as state, coalesce(s.zip, '') as zip,
  s.control, s.is_closed, s.website, s.net_price_url,
  (select json_array(o.students, o.all_online, o.year) from school_online o
    where o.unitid = s.unitid and o.all_online is not null order by o.year desc limit 1) as online,
  (select json_group_array(json_array(p.year, p.in_state, p.out_state, p.books, t.trust = 'official'))
    from school_prices p join sources t on t.id = p.source_id where p.unitid = s.unitid) as years,
  (select json_group_array(json_array(p.cip, p.year, p.tuition, p.supplies, p.months, p.length, p.unit))
    from program_prices p where p.unitid = s.unitid) as priced
from schools s where s.unitid in (select value from json_each(?))
"""


@dataclass(frozen=True, slots=True)
class Book:
    """All schools that train for the job, and the years the awards are known for, oldest first."""

    schools: list[School]
    years: list[int]


def book() -> Book:
    """Return the schools; read anew only when other figures are loaded."""
    return _book(pack.edition())


@lru_cache(maxsize=1)
def _book(_edition: str) -> Book:
    programs = _by_school(pack.rows(PROGRAMS.format(where="")))
    years = {year for group in programs.values() for one in group for year in one.awards}
    schools = [_school(row, programs[row["unitid"]]) for row in pack.rows(SCHOOLS)]
    return Book(schools, sorted(years)[-SHOWN_YEARS:])


def found(asked: Asked) -> list[Found]:
    """Return the schools that fit; the last searches are remembered, so that turning a page costs nothing."""
    return _found(pack.edition(), asked)


@lru_cache(maxsize=64)
def _found(_edition: str, asked: Asked) -> list[Found]:
    known = book()
    return search(known.schools, asked, known.years)


def details(unitids: Sequence[int]) -> list[Details]:
    """Return all that is known of these schools, in this order; an unknown number is left out."""
    wanted = json.dumps(list(unitids))
    programs = _by_school(
        pack.rows(PROGRAMS.format(where="where c.unitid in (select value from json_each(?))"), (wanted,))
    )
    known = {row["unitid"]: _details(row, programs[row["unitid"]]) for row in pack.rows(DETAILS, (wanted,))}
    return [known[unitid] for unitid in unitids if unitid in known]


def on_state_lists(unitid: int) -> list[Row]:
    """Return the programs of a school on its state's list of eligible training providers, if one is loaded."""
    return pack.rows(
        "select e.program, e.cost, e.state, s.release from etpl e join sources s on s.id = e.source_id"
        " where e.unitid = ? order by e.program",
        (unitid,),
    )


def _by_school(rows: Sequence[Row]) -> dict[int, list[Program]]:
    programs: dict[int, list[Program]] = defaultdict(list)
    for row in rows:
        awards = dict(json.loads(row["years"]))
        is_direct = row["cip"] in DIRECT
        programs[row["unitid"]].append(Program(row["cip"], row["award"], is_direct, awards, row["online"]))
    return programs


def _details(row: Row, programs: Sequence[Program]) -> Details:
    students, online, counted = json.loads(row["online"] or "[null, null, null]")
    years = [
        YearPrice(year, here, elsewhere, books, bool(official))
        for year, here, elsewhere, books, official in json.loads(row["years"])
    ]
    return Details(
        row["unitid"], row["name"], row["city"], row["state"], row["zip"], row["control"], bool(row["is_closed"]),
        web_address(row["website"]), web_address(row["net_price_url"]), students, online, counted,
        tuple(sorted(programs, key=lambda one: (not one.is_direct, one.cip, one.award))),
        tuple(PricedProgram(*said) for said in json.loads(row["priced"])),
        tuple(sorted(years, key=lambda one: -one.year)),
    )  # fmt: skip


def _school(row: Row, programs: Sequence[Program]) -> School:
    whole: dict[str, Price] = {}
    for cip, amount, year in json.loads(row["whole"]):
        known = whole.get(cip)
        if known is None or (-year, amount) < (-known.year, known.amount):
            whole[cip] = Price(amount, "program", year)
    yearly = Price(said[0], "year", said[1]) if (said := json.loads(row["yearly"] or "null")) else None
    return School(
        row["unitid"], row["name"], row["city"], row["state"], row["zip"], row["lat"], row["lon"],
        row["control"], row["level"], bool(row["is_closed"]), bool(row["online"]), tuple(programs), whole, yearly,
    )  # fmt: skip


def asked_by_kind() -> list[tuple[int, int, str, list[int]]]:
    """Return what schools with direct programs ask, by who runs them and their level: whole programs, or a year."""
    groups: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    known = book()
    for one in search(known.schools, Asked(), known.years):
        if one.price and one.school.control and one.school.level:
            groups[one.school.control, one.school.level, one.price.per].append(one.price.amount)
    return [(*kind, prices) for kind, prices in sorted(groups.items())]


def price_years() -> tuple[int, int]:
    """Return the newest year of the whole programs' prices, and that of the prices of a year."""
    schools = book().schools
    whole = max((price.year for school in schools for price in school.whole.values()), default=0)
    return whole, max((school.yearly.year for school in schools if school.yearly), default=0)


def spots_called(text: str) -> list[Spot]:
    """Return the places that a person may mean: one ZIP code, a state, or each town of that name."""
    digits = text.split("-")[0].strip()
    if digits.isascii() and digits.isdigit():
        return _zip(digits)
    town, _comma, state = (part.strip() for part in text.partition(","))
    found = pack.rows(
        "select 0 as rank, name as name, state, null as lat4, null as lon4 from areas"
        " where kind = 'S' and length(state) = 2 and (state = upper(:text) or name = :text collate nocase)"
        " union all select 1, city, state, lat4, lon4 from zip_cells where city collate nocase in (:town, :saint)"
        " and (:state = '' or state = upper(:state)) order by 1, 3 limit 60",
        {"text": text, "town": town, "saint": _long(town), "state": state},
    )
    return [_spot(row) for row in found]


def _zip(digits: str) -> list[Spot]:
    row = (
        pack.row("select lat4, lon4 from zip_cells where zip = ?", (int(digits),))
        if len(digits) == 5
        else None
    )
    return [Spot(f"ZIP {digits}", "", (row["lat4"] / 10_000, row["lon4"] / 10_000))] if row else []


def _spot(row: Row) -> Spot:
    if row["lat4"] is None:
        return Spot(row["name"], row["state"])
    return Spot(f"{row['name']}, {row['state']}", row["state"], (row["lat4"] / 10_000, row["lon4"] / 10_000))


def _long(town: str) -> str:
    """Return a town's name with its first word written out: St. Paul is Saint Paul."""
    first, _space, rest = town.partition(" ")
    words: Mapping[str, str] = {"st": "Saint", "ft": "Fort", "mt": "Mount"}
    return f"{words[first.rstrip('.').lower()]} {rest}" if first.rstrip(".").lower() in words else town
