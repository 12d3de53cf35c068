"""The embedded PostgreSQL: an ordinary server in the state folder, reached by its socket alone.

`running` is the usual way in: it starts the server when none runs, and whoever leaves last stops it.
Only the programs of the wheel are used; its Python layer trusts every connection.
"""

from daysheet.site.postgres.cluster import Server, ensure_running, find, running, stop
from daysheet.site.postgres.programs import DatabaseTrouble, Programs, find_programs

__all__ = [
    "DatabaseTrouble",
    "Programs",
    "Server",
    "ensure_running",
    "find",
    "find_programs",
    "running",
    "stop",
]
