"""`daysheet simulate`: whole office days in a training practice, through the commands of the screens."""

import json
from datetime import date, datetime
from typing import Annotated, Any

import typer

from daysheet.site.cli.office import office
from daysheet.site.cli.progress import bar

AREAS = (
    "calls", "check_ins", "tokens", "missed", "messages", "recalls", "series", "closings", "blocks", "cards", "drawers",
    "estimates", "elsewhere", "cases", "notices", "authorizations",
)  # fmt: skip
"""Areas that are told in a line of their own, as they are counted."""


def simulate(
    days: Annotated[int, typer.Option(min=1, max=400, help="Working days to play.")] = 5,
    visits: Annotated[int, typer.Option(min=1, max=60, help="Visits a day, about.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed and start play the same days.")] = 1,
    start: Annotated[str, typer.Option(help="The first day, YYYY-MM-DD.")] = "",
    preset: Annotated[
        str, typer.Option(help="A care setting, such as dental; an unknown one lists them.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Play office days in a training practice of its own and print what they add up to."""
    first = _day(start)
    with office():
        from daysheet.site.simulate import week

        run = week.Run(days, visits, seed, first or week.MONDAY)
        with bar("playing the days", quiet=as_json) as tell:
            if preset:
                played = week.simulate_setting(preset, run, tell=tell)
            else:
                played = [week.simulate(run, tell=tell)]
    if as_json:
        print(json.dumps(played if len(played) > 1 else played[0], indent=2))
        return
    for found in played:
        _tell(found)


def _tell(found: dict[str, Any]) -> None:
    """Print what the days of one practice add up to."""
    print(f"{found['practice']}")
    for row in [*found["days"], {"day": "together", **found["totals"]}]:
        print(
            f"  {row['day']:<10}  {row['visits']:>4} visits  charges {row['charges']:>10}"
            f" - payments {row['payments']:>10}"
            f" - adjustments {row['adjustments']:>10} = {row['receivables_before']:>10} to {row['receivables_after']:>10}"
        )
    if flow := found["flow"]:
        cycle = flow["waits"]["cycle"]
        print(
            f"  whole visit: median {cycle['median']} min, 90th percentile {cycle['ninetieth']} min;"
            f" no-shows {flow['no_shows']}, walk-ins {flow['walk_ins']}"
        )
        fill, offers = found["fill"], found["offers"]
        print(
            f"  freed times {fill['freed']}, filled again {fill['filled']}"
            f" ({_counted(fill['filled_by'])}); booked {fill['booked_of_open']} of open hours"
        )
        print(f"  offers {offers['made']}, written {offers['written']} ({_counted(offers['answers'])})")
        for area in AREAS:
            print(f"  {area.replace('_', '-')} {_counted(found[area])}")
    print("  files " + ", ".join(f"{kind}: {count}" for kind, count in found["files"].items()))
    print(
        "  denials " + (", ".join(f"{code}: {count}" for code, count in found["denials"].items()) or "none")
    )
    print(f"  parked {found['parked']}, unmatched {found['unmatched']}")


def _counted(counts: dict[str, int]) -> str:
    """Return counts in one line, those of which there are none left out."""
    return (
        ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items() if count) or "none"
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, not an instant
    except ValueError:
        raise typer.BadParameter(
            "A day is written YYYY-MM-DD, like 2026-03-02.", param_hint="--start"
        ) from None
