"""`daysheet ledger export`: what the books say, for a second reader."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from daysheet.site.cli.office import office

ledger = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help="The book of money."
)


@ledger.callback()
def book() -> None:
    """The book of money."""


@ledger.command("export")
def export(
    practice: Annotated[str, typer.Option(help="The practice's name.")],
    shape: Annotated[str, typer.Option("--format", help="json")] = "json",
    output: Annotated[Path | None, typer.Option(help="A file; without it, standard output.")] = None,
) -> None:
    """Write every claim's figures and every entry with its lines, money as text."""
    if shape != "json":
        raise typer.BadParameter("The book leaves as json.", param_hint="--format")
    with office():
        from django.db import transaction

        from daysheet.claims.queries import export_claims
        from daysheet.kernel.tenancy import acting_in
        from daysheet.ledger.queries import entries_export
        from daysheet.practice.founding import practice_named

        place = practice_named(practice)
        with acting_in(place.id), transaction.atomic():
            told = json.dumps({"claims": export_claims(), "entries": entries_export()}, indent=1)
    if output is None:
        sys.stdout.write(told + "\n")
        return
    try:
        output.write_text(told + "\n", encoding="utf-8")
    except OSError as no:
        raise typer.BadParameter(
            f"The file cannot be written: {no.strerror}.", param_hint="--output"
        ) from None
