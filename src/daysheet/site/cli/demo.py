"""`daysheet demo reset`: make the demonstration practice anew; `daysheet demo --preset dental`: one of a care setting."""

import sys
from typing import Annotated

import typer

from daysheet.site.cli.office import office
from daysheet.site.cli.progress import bar

demo = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help="The demonstration."
)


@demo.callback(invoke_without_command=True)
def practice(
    preset: Annotated[
        str,
        typer.Option(
            help="Make the demonstration of a care setting, beside the ordinary one; an unknown one lists them."
        ),
    ] = "",
) -> None:
    """The demonstration practice, and those of the care settings."""
    if not preset:
        return
    with office():
        from daysheet.kernel import clock
        from daysheet.site.demo_settings import make_setting_demo

        with bar("making the demonstration") as tell:
            made = make_setting_demo(preset, now=clock.system_now(), tell=tell)
    print(f"{' and '.join(one.name for one in made)}: ready. Sign in by its card on the sign-in page.")


@demo.command("reset")
def reset(seed: Annotated[str, typer.Option(help="Another seed makes other people.")] = "northside") -> None:
    """Make the demonstration practice anew; the earlier one is kept under another name."""
    with office():
        from daysheet.kernel import clock
        from daysheet.site.demo import make_demo

        with bar("making the demonstration practice") as tell:
            made = make_demo(now=clock.system_now(), seed=seed, tell=tell)
    print(f"{made.name} is ready.")


@demo.command("open")
def open_first() -> None:
    """Open the demonstration practice where no office is yet; do nothing where there is one."""
    with office():
        from daysheet.kernel import clock
        from daysheet.kernel.models import Practice
        from daysheet.practice.founding import may_found_by_page
        from daysheet.site.demo import NAME, make_demo

        # the clock is set going last of all: a demonstration that was interrupted is made anew
        whole = Practice.objects.filter(name=NAME, is_demo=True, clock_set_at__isnull=False)
        if whole.exists() or not may_found_by_page():
            return
        print("Making the demonstration practice; this once takes a minute.", file=sys.stderr, flush=True)
        with bar("making the demonstration practice") as tell:
            make_demo(now=clock.system_now(), tell=tell)
