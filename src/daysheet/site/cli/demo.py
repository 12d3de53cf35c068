"""`daysheet demo reset`: make the demonstration practice anew."""

from typing import Annotated

import typer

from daysheet.site.cli.office import office
from daysheet.site.cli.progress import bar

demo = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help="The demonstration."
)


@demo.callback()
def practice() -> None:
    """The demonstration practice."""


@demo.command("reset")
def reset(seed: Annotated[str, typer.Option(help="Another seed makes other people.")] = "northside") -> None:
    """Make the demonstration practice anew; the earlier one is kept under another name."""
    with office():
        from daysheet.kernel import clock
        from daysheet.site.demo import make_demo

        with bar("making the demonstration practice") as tell:
            made = make_demo(now=clock.system_now(), seed=seed, tell=tell)
    print(f"{made.name} is ready.")
