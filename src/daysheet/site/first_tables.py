"""The tables of a new office, made by the migrations as they are, in seconds.

After each step Django draws every model anew that is related to the changed one, however far. Here all models are related
through the practice, and 450 steps draw tens of thousands: most of a minute, of which the database needs two seconds.
While a database is new no step asks for rows across a relation, so only the changed model is drawn anew. A database that
holds rows already is brought up to date by Django's own way.
"""

import sys
from typing import Any

import django
from django.core.management import call_command
from django.db.migrations.state import ProjectState


def only_itself(state: Any, app_label: str, model_name: str, delay: bool) -> set[tuple[str, str]]:
    """Return which models are drawn anew after one was changed."""
    return {(app_label, model_name)}


def make_tables(*, quickly: bool = True) -> None:
    """Run every migration in the database of the settings, which is new."""
    django.setup()
    if quickly and hasattr(
        ProjectState, "_find_reload_model"
    ):  # a Django that has it no more goes its own way
        ProjectState._find_reload_model = only_itself
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


if __name__ == "__main__":
    make_tables(quickly="--whole" not in sys.argv)
