"""`daysheet manage`: Django's own commands, under the role that each needs."""

import os
import sys
import warnings

import typer

from daysheet.site.cli.office import enter, office
from daysheet.site.postgres import Server, running
from daysheet.site.state import secret_key, state_dir

WITHOUT_DATABASE = ("makemigrations", "makemessages", "compilemessages", "help", "check")
AS_OWNER = ("migrate", "sqlmigrate", "showmigrations")


def manage(context: typer.Context) -> None:
    """Run one of Django's own commands, for developers."""
    from django.core.management import execute_from_command_line

    words = context.args or ["help"]
    arguments = ["daysheet manage", *words, *(["--skip-checks"] if words[0] == "migrate" else [])]
    secret_key(state_dir())
    if words[0] in WITHOUT_DATABASE:
        os.environ["DJANGO_SETTINGS_MODULE"] = "daysheet.site.settings"
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
        execute_from_command_line(arguments)
    elif words[0] in AS_OWNER:
        with running(state_dir()) as server:
            _as_owner(server, arguments)
    else:
        with office():
            execute_from_command_line(arguments)
    sys.stdout.flush()


def _as_owner(server: Server, arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line
    from django.db import connections

    enter(server, "daysheet_owner")
    try:
        execute_from_command_line(arguments)
    finally:
        connections.close_all()


manage.context_settings = {  # type: ignore[attr-defined]
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}
