"""The way of every verb into the office: database, settings, tables."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from daysheet.site.migrating import ensure_migrated
from daysheet.site.postgres import Server, running
from daysheet.site.state import secret_key, state_dir


@contextmanager
def office(role: str = "daysheet_app") -> Iterator[Server]:
    """Open the office for one verb: beside a running one, or with the database started for that time.

    The database is stopped by whoever leaves last. Import models and commands inside the block.
    """
    state = state_dir()
    secret_key(state)
    with running(state) as server:
        ensure_migrated(server)
        enter(server, role)
        try:
            yield server
        finally:
            from django.db import connections

            connections.close_all()


def enter(server: Server, role: str = "daysheet_app") -> None:
    """Lead Django to a running database under one login role."""
    os.environ.update(server.environment(role))
    os.environ["DJANGO_SETTINGS_MODULE"] = "daysheet.site.settings"
    if "django.conf" in sys.modules:
        from django.conf import settings

        if settings.configured:  # several verbs in one process, as in tests
            _lead(server, role)
    import django

    django.setup()


def _lead(server: Server, role: str) -> None:
    from django.db import connections

    if server.url:
        return
    address = {"HOST": server.socket_dir, "PORT": str(server.port), "NAME": server.database, "USER": role}
    if any(connections["default"].settings_dict[key] != value for key, value in address.items()):
        connections.close_all()
        connections["default"].settings_dict.update(address)
