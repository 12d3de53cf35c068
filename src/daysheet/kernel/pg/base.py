"""The connection: at the start of each outermost transaction it says in which practice we act."""

from typing import Any

from django.db.backends.postgresql import base

from daysheet.kernel.pg.schema import SchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL connection, told the acting practice when a transaction begins."""

    SchemaEditorClass = SchemaEditor

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
