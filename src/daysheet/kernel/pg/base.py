"""The connection: at the start of each outermost transaction it says in which practice we act."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper

from daysheet.kernel.pg.schema import SchemaEditor

KEPT_PLANS = 200
"""How many statements a connection keeps planned; each takes some ten kilobytes of its server process."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL connection, told the acting practice when a transaction begins."""

    SchemaEditorClass = SchemaEditor

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a new connection that may keep plans; only `planned_cursor` does."""
        opened = super().get_new_connection(conn_params)
        opened.prepare_threshold, opened.prepared_max = 0, KEPT_PLANS
        return opened

    def init_connection_state(self) -> None:
        """Set up a new connection: a statement that is kept is planned once, not for each of its values."""
        super().init_connection_state()
        with self.connection.cursor() as cursor:
            cursor.execute("set plan_cache_mode to force_generic_plan")

    def planned_cursor(self) -> CursorWrapper:
        """Return a cursor whose statements the server plans once and keeps while the connection lives.

        To plan a statement of ten tables takes it ten times as long as to answer it. The values go apart from the
        text, so that the text must be the same each time. After a rollback all are planned anew.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            planned: CursorWrapper = self._prepare_cursor(_Planned(self.connection))  # type: ignore[attr-defined]
            return planned

    def set_autocommit(
        self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False
    ) -> None:
        """Begin or end the outermost transaction; at its start the practice is set, for it alone."""
        from daysheet.kernel.tenancy import acting_practice

        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        practice: Any = acting_practice.get()
        if not autocommit and practice is not None:
            with self.connection.cursor() as cursor:
                cursor.execute("select set_config('app.practice', %s, true)", [str(practice)])


_MOMENT = psycopg.adapters.get_loader(psycopg.adapters.types["timestamptz"].oid, psycopg.pq.Format.TEXT)
"""How the driver itself reads a moment, compiled and in UTC as the session is; Django's reader does so in Python."""


class _Planned(psycopg.Cursor[Any]):
    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.adapters.register_loader("timestamptz", _MOMENT)  # type: ignore[arg-type]  # the driver's own

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        return super().execute(query, params, prepare=True, **how)

    def _convert_query(self, *told: Any) -> Any:
        # Whoever listens to Django's statements asks the cursor for the text.
        self._query = super()._convert_query(*told)
        return self._query
