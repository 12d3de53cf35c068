"""`daysheet academy load`: take newer public figures in; it needs no database and runs beside the office."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daysheet.kernel.clock import system_now
from daysheet.kernel.errors import Refusal
from daysheet.site.cli.progress import bar

if TYPE_CHECKING:
    from daysheet.academy.figures.loading.take_in import Report

academy = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Take newer public figures into the academy.",
)


@academy.callback()
def doors() -> None:
    """Take newer public figures into the academy."""


@academy.command("load")
def load(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", exists=True, file_okay=False, readable=True, help="Public files as published."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Take in every public file of a folder: all of them, or, if one is not sound, none."""
    from daysheet.academy.figures.loading.take_in import Report, read_files, take_in

    base, own = _packs()
    with bar("reading", quiet=as_json) as tell:
        parts, alone = read_files(
            [file for file in folder.iterdir() if file.is_file()], system_now().date(), tell
        )
    changes = take_in(parts, base, own)
    report = Report([(part.file.name, part.source["release"]) for part in parts], alone, changes)
    print(json.dumps(_document(report), indent=2) if as_json else _told(report))


@academy.command("load-etpl")
def load_etpl(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True, help="The state's list."),
    ],
    plan: Annotated[
        Path,
        typer.Option("--map", metavar="MAP.TOML", exists=True, dir_okay=False, help="Which column is which."),
    ],
    is_sure: Annotated[bool, typer.Option("--yes", help="Take the proposed schools without asking.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document; asks nothing.")] = False,
) -> None:
    """Take in a state's list of training providers, after a look at the schools it proposes."""
    from daysheet.academy.figures.loading import etpl
    from daysheet.academy.figures.loading.take_in import Report, take_in

    base, own = _packs()
    told = etpl.read_plan(plan)
    found = etpl.proposals(file, told, base)
    if not as_json:
        print(
            "\n".join(
                f"{one.provider}: {one.program} -> {one.school or '-'} ({one.found_by})" for one in found
            )
        )
        joined = sum(one.unitid is not None for one in found)
        print(f"{len(found)} programs of the trade, {joined} with a school.")
    if not is_sure and (as_json or not typer.confirm("Take them in?", default=False)):
        raise Refusal("Nothing was taken in. Say --yes when the schools are right.")
    part = etpl.part(file, told, found, system_now().date())
    report = Report([(file.name, part.source["release"])], [], take_in([part], base, own))
    print(json.dumps(_document(report), indent=2) if as_json else _told(report))


def _packs() -> tuple[Path, Path]:
    """Return the pack that stands now, and the office's own, which is written."""
    from daysheet.site.state import state_dir

    own = state_dir() / "academy" / "academy.sqlite"
    shipped = Path(__file__).parents[2] / "academy" / "pack" / "academy.sqlite"
    return own if own.is_file() else shipped, own


def _document(report: "Report") -> dict[str, object]:
    return {
        "files": [{"file": file, "release": release} for file, release in report.files],
        "left_alone": report.left_alone,
        "changes": [
            {
                "file": one.file,
                "table": one.table,
                "added": one.added,
                "changed": one.changed,
                "gone": one.gone,
            }
            for one in report.changes
        ],
    }


def _told(report: "Report") -> str:
    lines = [f"{file:<32} {release}" for file, release in report.files]
    lines += [f"{name:<32} left alone: it is no table" for name in report.left_alone]
    for one in report.changes:
        counts = f"{one.added} added, {one.changed} changed, {one.gone} gone"
        lines.append(f"{one.table}: {counts} ({'; '.join(one.examples)})")
    if not report.files:
        lines.append("There is no public file in this folder.")
    elif report.is_nothing_new:
        lines.append("Nothing changed.")
    return "\n".join(lines)
