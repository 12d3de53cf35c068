"""`daysheet import synthea` and `daysheet import csv`: take in synthetic records, or tables of the old system."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daysheet.site.cli.office import office
from daysheet.site.cli.progress import bar

if TYPE_CHECKING:
    from daysheet.interop.intake import Report
    from daysheet.kernel.models import Practice

import_ = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Take in patients of another system.",
)
COUNTS = (
    ("patients", "patients"),
    ("known", "patients known before"),
    ("visits", "visits"),
    ("coverages", "coverages (derived)"),
    ("chart_items", "chart items"),
    ("bills", "closed bills"),
    ("ledger_entries", "ledger entries"),
    ("clinicians", "clinicians (derived NPI)"),
    ("plans", "plans (derived)"),
)


@import_.callback()
def doors() -> None:
    """Take in patients of another system."""


@import_.command("synthea")
def synthea(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            exists=True,
            file_okay=False,
            readable=True,
            help="FHIR R4 or US Core bundles, the CSV set, or all of them.",
        ),
    ],
    practice: Annotated[str, typer.Option(help="The practice's name; without it, the only office.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Take in every patient of a folder: whole patients only, and twice is nothing new."""
    with office():
        from daysheet.interop.intake import take_in
        from daysheet.kernel.access import Actor

        place = _place(practice)
        by = Actor.system(practice_id=place.id, now=place.now(), name="Import")
        with bar("taking patients in", quiet=as_json) as tell:
            report = take_in(by, folder, zone=place.zone, tell=tell)
    if as_json:
        print(json.dumps(_document(place.name, report), indent=2))
    else:
        _print(place.name, report)
    if report.has_findings:
        raise typer.Exit(1)


@import_.command("csv")
def csv(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True, help="CSV or XLSX.")
    ],
    as_: Annotated[
        str,
        typer.Option(
            "--as",
            help="patients, coverages, appointments, recalls, notes, balances, fees; else it is guessed.",
        ),
    ] = "",
    system: Annotated[str, typer.Option("--from", help="What the old system is called.")] = "Old system",
    map_: Annotated[
        str, typer.Option("--map", help="A kept or shipped map, such as 'OpenEMR: patients'.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look the file through.")] = False,
    alike: Annotated[
        str, typer.Option(help="Who may have a chart already: hold, join (same person), take (another one).")
    ] = "hold",
    bad_rows: Annotated[
        Path | None, typer.Option("--bad-rows", help="Write the rows that were not taken into this CSV.")
    ] = None,
    practice: Annotated[str, typer.Option(help="The practice's name; without it, the only office.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Take in a table of the old system: looked through first, in batches, and the same row never twice."""
    with office():
        from daysheet.movein import telling

        place = _place(practice)
        with bar("taking rows in", quiet=as_json) as tell:
            told = telling.take_in(
                place,
                content=file.read_bytes(),
                name=file.name,
                wish=telling.Wish(as_, system, map_, alike, dry_run),
                tell=tell,
            )
        if bad_rows and told.left_rows:
            bad_rows.write_text(told.left_rows, encoding="utf-8")
    print(json.dumps(told.document, indent=2) if as_json else told.words)
    if told.has_findings:
        raise typer.Exit(1)


def _place(name: str) -> "Practice":
    """Return the office that the patients come to. Raises a Refusal when it is not clear which."""
    from daysheet.kernel.errors import Refusal
    from daysheet.kernel.models import Practice
    from daysheet.practice.founding import practice_named

    if name:
        found = practice_named(name)
        if found.kind != Practice.Kind.OFFICE:
            raise Refusal(f"{found.name} is no medical office: it has no patients.")
        return found
    offices = list(Practice.objects.filter(kind=Practice.Kind.OFFICE).order_by("name"))
    if not offices:
        raise Refusal("There is no office yet. Open one: daysheet practice create NAME")
    live = [one for one in offices if not one.is_training] or offices
    if len(live) > 1:
        names = ", ".join(one.name for one in offices[:12])
        raise Refusal(f"There are several offices. Say which with --practice: {names}.")
    return live[0]


def _document(practice: str, report: "Report") -> dict[str, Any]:
    told: dict[str, Any] = {"practice": practice, "changed": report.changed}
    told |= {name: getattr(report, name) for name, _ in COUNTS}
    told["files"] = [{"file": name, "why": why} for name, why in report.files]
    told["skipped"] = [
        {"what": what, "why": why, "count": count} for (what, why), count in sorted(report.skipped.items())
    ]
    return told


def _print(practice: str, report: "Report") -> None:
    from rich.console import Console
    from rich.table import Table

    out = Console(highlight=False)
    if report.changed or not report.known:
        table = Table("brought in", "count", title=practice, title_justify="left")
        table.columns[1].justify = "right"
        for name, words in COUNTS:
            table.add_row(words, f"{getattr(report, name):,}")
        out.print(table)
    else:
        print(f"{practice}: nothing changed. All {report.known:,} patients are here already.")
    if report.skipped:
        left = Table("left out", "why", "count", title_justify="left")
        left.columns[2].justify = "right"
        for (what, why), count in sorted(report.skipped.items()):
            left.add_row(what, why, f"{count:,}")
        out.print(left)
    for name, why in report.files:
        print(f"{name}: {why}", file=sys.stderr)
