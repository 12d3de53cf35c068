"""Pay: one place and one kind of work, all states side by side, and the ladder of roles."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, QueryDict

from daysheet.academy import public
from daysheet.academy.facts.registry import fact
from daysheet.academy.figures import pack
from daysheet.academy.figures.trade import ALL_INDUSTRIES, HOURS_A_YEAR, NATION, THE_JOB
from daysheet.academy.pay import queries
from daysheet.academy.pay.bars import drawn
from daysheet.academy.pay.forms import PayForm
from daysheet.academy.pay.rules import Claim, buying_power, by_experience, claimed, percentile_of
from daysheet.ui.screens import Request, screen

SORTS: dict[str, Callable[[queries.Pay], Any]] = {
    "name": lambda one: one.place,
    "median": lambda one: one.median,
    "jobs": lambda one: one.jobs,
    "low": lambda one: one.curve.low,
    "high": lambda one: one.curve.high,
}


@screen(public=True)
@public.kept
def pay(request: Request) -> HttpResponse:
    """Show what the work earns in one place, beside the nation, by experience and in buying power."""
    form = PayForm(_typed(request.GET))
    said = form.cleaned_data if form.is_valid() else {}
    soc, hourly = said.get("soc") or THE_JOB, said.get("per") == "hour"
    industry = said.get("setting") or ALL_INDUSTRIES
    area = NATION if industry != ALL_INDUSTRIES else _area(said)
    here, nation = queries.pay(soc, area, industry), queries.pay(soc)
    own = _yearly(said.get("wage"), hourly=hourly)
    is_nation = area == NATION and industry == ALL_INDUSTRIES
    level = queries.price_level(here.state) if here and area != NATION else None
    claims = _claims(here) if here and said.get("claims") else []
    curves = [one.curve if one else None for one in ([here] if is_nation else [here, nation])]
    context: dict[str, Any] = {
        "form": form,
        "here": here,
        "nation": nation,
        "role": next(row["role"] for row in queries.occupations() if row["soc"] == soc),
        "is_nation": is_nation,
        "is_setting": industry != ALL_INDUSTRIES,
        "drawing": drawn(curves, own, [(one.low, one.high) for one in claims]),
        "claims": [(CERTIFICATES[one.key], one) for one in claims],
        "spans": by_experience(here.curve) if here and here.curve.points else [],
        "level": level,
        "buys": buying_power(here.median, level["all_items"]) if here and here.median and level else None,
        "own": own,
        "stands": percentile_of(here.curve, own) if here and own else None,
        "hourly": hourly,
        "divide": HOURS_A_YEAR if hourly else 1,
        "source": pack.source(here.source) if here else None,
        "settings": queries.by_setting(soc) if area == NATION else [],
    }
    return public.page(request, "academy/pay.html", context)


@screen(public=True)
@public.kept
def states(request: Request) -> HttpResponse:
    """Show every state's wages in one table and as a map of tiles."""
    wanted = request.GET.get("sort", "name")
    rows = queries.by_state(THE_JOB)
    read = SORTS.get(wanted.lstrip("-"), SORTS["name"])
    known = sorted((one for one in rows if read(one) is not None), key=read, reverse=wanted.startswith("-"))
    listed = [*known, *(one for one in rows if read(one) is None)]
    ends = ("median", "p90")
    guide = {
        one.state: [fact(f"pay.state.{one.state}.{end}") for end in ends]
        for one in rows
        if one.state in PLACES
    }
    context = {
        "rows": listed,
        "guide": guide,
        "top": fact("pay.state.top_part"),
        "tiles": _tiles(rows),
        "sort": wanted,
        "source": pack.source(rows[0].source),
    }
    return public.page(request, "academy/pay_states.html", context)


@screen(public=True)
@public.kept
def ladder(request: Request) -> HttpResponse:
    """Show the roles above and beside the job: pay, growth, openings, schooling."""
    context = {
        "rows": queries.ladder(),
        "job": queries.outlook(THE_JOB),
        "all_jobs": queries.outlook("00-0000"),
        "reasons": queries.reasons(THE_JOB),
    }
    return public.page(request, "academy/ladder.html", context)


@screen(public=True)
@public.kept
def wages_json(_request: Request) -> HttpResponse:
    """Return the job's wages in every area as JSON."""
    return public.json_rows("wages", _wage_rows(), {"source": dict(pack.source(_wage_source()) or {})})


@screen(public=True)
@public.kept
def wages_csv(_request: Request) -> HttpResponse:
    """Return the job's wages in every area as CSV."""
    rows = _wage_rows()
    return public.csv_rows("wages", list(rows[0].keys()), rows)


def _wage_rows() -> list[Any]:
    return pack.rows(
        "select w.area, a.name as place, a.state, w.soc, w.year, w.jobs, w.jobs_rse, w.p10, w.p25, w.p50, w.p75, w.p90,"
        " w.wage_rse, w.source_id from wages w join areas a using (area) where industry = ? order by w.soc, a.name",
        (ALL_INDUSTRIES,),
    )


def _wage_source() -> str:
    row = pack.row("select source_id from wages where area != ? limit 1", (NATION,))
    return row["source_id"] if row else ""


def _typed(said: QueryDict) -> QueryDict | None:
    """Return the words of the form; a metro that is not of the chosen state is left out, since the state was changed."""
    if not said:
        return None
    words = said.copy()
    state = str(words.get("state", ""))
    if words.get("metro") and words.get("metro") not in {row["area"] for row in queries.metros(state)}:
        words["metro"] = ""
    return words


def _area(said: dict[str, Any]) -> str:
    if said.get("metro"):
        return str(said["metro"])
    found = [row["area"] for row in queries.states() if row["state"] == said.get("state")]
    return str(found[0]) if found else NATION


CERTIFICATES = {"cmaa": "CMAA", "cmaa_cehrs": "CMAA + CEHRS", "cmom": "CMOM"}


def _claims(here: queries.Pay) -> list[Claim]:
    """Return what the guide claims for certificates (lines 227-229), on this place's median."""
    ends = [(key, fact(f"premium.{key}.low"), fact(f"premium.{key}.high")) for key in CERTIFICATES]
    found = [claimed(here.curve, key, int(low.guide_value), int(high.guide_value)) for key, low, high in ends]
    return [one for one in found if one]


def _yearly(wage: Decimal | None, *, hourly: bool) -> int | None:
    if wage is None:
        return None
    return int(wage * HOURS_A_YEAR) if hourly else int(wage)


PLACES = {
    "AK": (0, 0), "ME": (11, 0), "VT": (10, 1), "NH": (11, 1), "WA": (1, 2), "ID": (2, 2), "MT": (3, 2), "ND": (4, 2),
    "MN": (5, 2), "IL": (6, 2), "WI": (7, 2), "MI": (8, 2), "NY": (9, 2), "RI": (10, 2), "MA": (11, 2), "OR": (1, 3),
    "NV": (2, 3), "WY": (3, 3), "SD": (4, 3), "IA": (5, 3), "IN": (6, 3), "OH": (7, 3), "PA": (8, 3), "NJ": (9, 3),
    "CT": (10, 3), "CA": (1, 4), "UT": (2, 4), "CO": (3, 4), "NE": (4, 4), "MO": (5, 4), "KY": (6, 4), "WV": (7, 4),
    "VA": (8, 4), "MD": (9, 4), "DE": (10, 4), "AZ": (2, 5), "NM": (3, 5), "KS": (4, 5), "AR": (5, 5), "TN": (6, 5),
    "NC": (7, 5), "SC": (8, 5), "DC": (9, 5), "OK": (4, 6), "LA": (5, 6), "MS": (6, 6), "AL": (7, 6), "GA": (8, 6),
    "HI": (0, 7), "TX": (4, 7), "FL": (9, 7),
}  # fmt: skip
"""Each state as a tile, about where it lies: column and row."""


def _tiles(rows: list[queries.Pay]) -> list[dict[str, Any]]:
    medians = sorted(one.median for one in rows if one.median and one.state in PLACES)
    if not medians:
        return []
    tiles = []
    for one in rows:
        if one.state not in PLACES:
            continue
        column, line = PLACES[one.state]
        rank = sum(1 for value in medians if one.median and value < one.median) * 5 // len(medians)
        where = {"x": column * 54, "y": line * 44, "shade": rank}
        tiles.append({**where, "state": one.state, "place": one.place, "median": one.median})
    return tiles
