"""Wages by place, occupation and setting, as the pack holds them."""

import sqlite3
from dataclasses import dataclass

from daysheet.academy.figures import pack
from daysheet.academy.figures.trade import ALL_INDUSTRIES, NATION
from daysheet.academy.pay.rules import Curve, curve

Row = sqlite3.Row


@dataclass(frozen=True, slots=True)
class Pay:
    """What one occupation earns in one area (and setting), with how sure that is."""

    area: str
    place: str
    state: str
    curve: Curve
    jobs: int | None
    jobs_error: float | None
    wage_error: float | None
    """Relative standard errors in percent, as the BLS publishes them."""
    is_capped: bool
    source: str

    @property
    def median(self) -> int | None:
        """The middle of all wages, dollars a year."""
        return dict(self.curve.points).get(50)


def occupations() -> list[Row]:
    """Return the twelve occupations of the ladder."""
    return pack.rows("select soc, title, role from occupations order by soc = '43-6013' desc, role")


def states() -> list[Row]:
    """Return states and territories by name."""
    return pack.rows("select area, name, state from areas where kind = 'S' order by name")


def metros(state: str) -> list[Row]:
    """Return the metropolitan and other areas that lie in a state or reach into it."""
    return pack.rows(
        "select area, name from areas where kind = 'M' and (state = ? or name like ?) order by name",
        (state, f"%, %{state}%"),
    )


def settings() -> list[Row]:
    """Return the settings that have wages of their own, nation only."""
    return pack.rows(
        "select industry, setting, name from industries where setting is not null order by setting"
    )


def pay(soc: str, area: str = NATION, industry: str = ALL_INDUSTRIES) -> Pay | None:
    """Return the newest wages of an occupation in an area and setting; None when the pack has no such row."""
    row = pack.row(
        "select w.*, a.name as place, a.state as state from wages w join areas a using (area)"
        " where soc = ? and area = ? and industry = ? order by year desc limit 1",
        (soc, area, industry),
    )
    return _pay(row) if row else None


def by_state(soc: str) -> list[Pay]:
    """Return the wages of an occupation in every state, by name."""
    found = pack.rows(
        "select w.*, a.name as place, a.state as state from wages w join areas a using (area)"
        " where soc = ? and industry = ? and a.kind = 'S'"
        " and year = (select max(year) from wages where soc = w.soc and area = w.area) order by a.name",
        (soc, ALL_INDUSTRIES),
    )
    return [_pay(row) for row in found]


def by_setting(soc: str) -> list[tuple[str, Pay]]:
    """Return the nation's wages of an occupation in each setting."""
    found = pack.rows(
        "select w.*, 'United States' as place, 'US' as state, i.setting as setting from wages w"
        " join industries i using (industry) where soc = ? and area = ? and i.setting is not null order by p50 desc",
        (soc, NATION),
    )
    return [(row["setting"], _pay(row)) for row in found]


def ladder() -> list[tuple[Row, Pay | None, Row | None]]:
    """Return every occupation with the nation's wages and its outlook, best paid first."""
    wages = {
        row["soc"]: _pay(row)
        for row in pack.rows(
            "select w.*, 'United States' as place, 'US' as state from wages w where area = ? and industry = ?",
            (NATION, ALL_INDUSTRIES),
        )
    }
    outlook = {row["soc"]: row for row in pack.rows("select * from outlook")}
    rows = [(one, wages.get(one["soc"]), outlook.get(one["soc"])) for one in occupations()]
    return sorted(rows, key=lambda row: -((row[1].median if row[1] else None) or 0))


def outlook(soc: str) -> Row | None:
    """Return jobs now and to come of an occupation; "00-0000" is all of them."""
    return pack.row("select * from outlook where soc = ? order by base_year desc", (soc,))


def reasons(soc: str) -> list[Row]:
    """Return why the BLS expects the share of an occupation to change."""
    return pack.rows("select * from outlook_reasons where soc = ? and industry like 'Total%'", (soc,))


def price_level(state: str) -> Row | None:
    """Return a state's newest price level, the nation being 100."""
    return pack.row("select * from parities where state = ? order by year desc", (state,))


def _pay(row: Row) -> Pay:
    return Pay(
        row["area"],
        row["place"] if row["area"] != NATION else "United States",
        row["state"],
        curve({f"p{point}": row[f"p{point}"] for point in (10, 25, 50, 75, 90)}),
        row["jobs"],
        row["jobs_rse"],
        row["wage_rse"],
        bool(row["top_coded"]),
        row["source_id"],
    )
