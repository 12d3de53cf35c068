"""Migration operations for what Django's models cannot say."""

from django.db.migrations.operations import RunSQL

from daysheet.kernel.pg.schema import APP_ROLE


def append_only(table: str) -> RunSQL:
    """Make a table one that only grows: no UPDATE, DELETE or TRUNCATE, for the application or the owner."""
    return RunSQL(
        f"""
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE};
        CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        """,
        reverse_sql=f"""
        DROP TRIGGER IF EXISTS {table}_only_grows ON {table};
        GRANT UPDATE, DELETE ON {table} TO {APP_ROLE};
        """,
    )
