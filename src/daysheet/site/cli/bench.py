"""`daysheet bench`: the hot paths, each beside the floor that does the same work."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Annotated, Any

import typer

from daysheet.site.bench.table import NAMES, chosen, lines, machine, run, run_large
from daysheet.site.bench.timing import Measured
from daysheet.site.cli.progress import bar


def bench(
    row: Annotated[
        str, typer.Argument(help="One row, or the beginning of several names; without it, all.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    is_full: Annotated[bool, typer.Option("--full", help="Add X12 files of many megabytes.")] = False,
    sizes: Annotated[str, typer.Option("--megabytes", help="The sizes of those files.")] = "100,1000",
) -> None:
    """Measure the hot paths against a practice of 100,000 patients in a database of its own.

    The first run makes that practice, which takes two or three minutes. Exit code 1: a row missed its target.
    """
    if not chosen(row):
        raise typer.BadParameter(f"There is no such row. Known: {', '.join(NAMES)}.", param_hint="ROW")

    def quiet_bar(title: str) -> AbstractContextManager[Any]:
        return bar(title, quiet=as_json)

    def rows() -> Iterator[Measured]:
        yield from run(row, quiet_bar)
        if is_full:
            yield from run_large(_megabytes(sizes))

    measured = []
    for one in rows():
        measured.append(one)
        if not as_json:
            for line in lines([one], heading=len(measured) == 1):
                print(line, flush=True)
    if as_json:
        print(json.dumps({"machine": machine(), "rows": [asdict(one) for one in measured]}, indent=2))
    if any(one.meets is False for one in measured):
        raise typer.Exit(1)


def _megabytes(text: str) -> list[int]:
    words = text.split(",")
    if not all(word.isdigit() and 0 < int(word) <= 10_000 for word in words):
        raise typer.BadParameter("Sizes are whole megabytes, such as 100,1000.", param_hint="--megabytes")
    return [int(word) for word in words]
