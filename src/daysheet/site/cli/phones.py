"""`daysheet phones listen`: hear the telephone lines beside a running office."""

import time
from typing import Annotated

import typer

from daysheet.site.cli.office import office

phones = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help="Telephone lines."
)


@phones.callback()
def lines() -> None:
    """Telephone lines."""


@phones.command("listen")
def listen(
    host: Annotated[str, typer.Option(envvar="SIP_HOST", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="SIP_PORT", min=1, max=65535, help="UDP and TCP.")] = 5060,
    practice: Annotated[str, typer.Option(help="The lines of this practice alone.")] = "",
) -> None:
    """Hear the lines that stand on the page of the telephone system, until Ctrl-C. It answers no call."""
    with office():
        from daysheet.phones import listening
        from daysheet.practice.founding import practice_named

        only = practice_named(practice).id if practice else None
        try:
            listening.listen(
                host,
                port,
                only=only,
                say=lambda sentence: print(f"{time.strftime('%H:%M:%S')} {sentence}", flush=True),
            )
        except OSError as no:
            print(
                f"Port {port} of {host} cannot be used ({no.strerror}). Another one: --port {port + 1}",
                flush=True,
            )
            raise typer.Exit(1) from None
