"""`daysheet user create`: give a person a sign-in and a place in a practice."""

import secrets
import sys
from typing import Annotated

import typer

from daysheet.site.cli.office import office

user = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help="People who sign in."
)


@user.callback()
def people() -> None:
    """People who sign in."""


@user.command("create")
def create(
    name: Annotated[str, typer.Argument(help="The user name.")],
    practice: Annotated[str, typer.Option(help="The practice's name.")],
    role: Annotated[str, typer.Option(help="receptionist, biller, coder, clinician, office_manager, ...")],
    shown: Annotated[str, typer.Option("--display-name", help="The name as the office says it.")] = "",
    email: Annotated[str, typer.Option(help="An address to sign in with.")] = "",
    ask: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Give a person a sign-in. Without --password-stdin a password is made and shown once."""
    password = sys.stdin.readline().rstrip("\n") if ask else secrets.token_urlsafe(15)
    with office():
        from daysheet.kernel import clock
        from daysheet.kernel.access import Actor
        from daysheet.kernel.tenancy import acting_in
        from daysheet.practice import commands
        from daysheet.practice.founding import practice_named

        place = practice_named(practice)
        with acting_in(place.id):
            commands.add_member(
                Actor.system(practice_id=place.id, now=clock.system_now()),
                username=name,
                display_name=shown or name,
                role=role,
                password=password,
                email=email,
            )
    print(
        f"{name} may sign in to {practice} as {role}."
        + ("" if ask else f" Password, shown this once: {password}")
    )
