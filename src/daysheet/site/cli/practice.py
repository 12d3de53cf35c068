"""`daysheet practice create`: open an empty practice."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from daysheet.site.cli.office import office

practice = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help="Practices."
)


@practice.command("create")
def create(
    name: Annotated[str, typer.Argument(help="The practice's name.")],
    zone: Annotated[str, typer.Option(help="Its time zone.")] = "America/New_York",
    kind: Annotated[str, typer.Option(help="office, billing or payer.")] = "office",
    training: Annotated[
        bool, typer.Option("--training", help="For training: nothing ever leaves it.")
    ] = False,
) -> None:
    """Open an empty practice. Give it a manager with `daysheet user create`; the wizard does the rest."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise typer.BadParameter(
            "No such time zone; an example is America/Chicago.", param_hint="--zone"
        ) from None
    if kind not in {"office", "billing", "payer"}:
        raise typer.BadParameter("A practice is an office, billing or payer.", param_hint="--kind")
    with office():
        from daysheet.kernel import clock
        from daysheet.practice.founding import found_practice

        made = found_practice(
            name=name, now=clock.system_now(), kind=kind, zone_name=zone, is_training=training
        )
        print(
            f"{made.name} is open and empty. Next: "
            f"daysheet user create NAME --practice '{made.name}' --role office_manager"
        )


@practice.command("list")
def show() -> None:
    """List the practices of this installation."""
    with office():
        from daysheet.kernel.models import Practice

        for one in Practice.objects.order_by("name"):
            note = "demonstration" if one.is_demo else "training" if one.is_training else one.kind
            print(f"{one.name}  ({note})")
