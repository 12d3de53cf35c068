"""`daysheet verify`: prove the books again from their rows."""

import json
import sys
from typing import Annotated

import typer

from daysheet.site.cli.office import office
from daysheet.site.cli.progress import bar


def verify(
    practice: Annotated[str, typer.Option(help="The name of one practice; without it, all of them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Prove every book again: quiet and 0 when sound, otherwise 1 and each place in a sentence."""
    with office() as server:
        from daysheet.kernel.models import Practice
        from daysheet.practice.founding import practice_named
        from daysheet.site import verify as proof

        chosen = [practice_named(practice)] if practice else list(Practice.objects.order_by("name"))
        with bar("proving the books", quiet=as_json) as tell:
            faults = proof.verify(practices=chosen, seal=server.dsn("daysheet_sealer"), tell=tell)
    if as_json:
        told = [{"practice": f.practice, "place": f.place, "sentence": f.sentence} for f in faults]
        print(json.dumps({"sound": not faults, "practices": len(chosen), "faults": told}, indent=2))
    else:
        for fault in faults:
            print(f"{fault.practice}: {fault.place}: {fault.sentence}", file=sys.stderr)
    if faults:
        raise typer.Exit(1)
