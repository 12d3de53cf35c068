"""The schema editor: every table of a practice gets its wall, its composite keys and its grants by itself."""

from __future__ import annotations

from typing import Any

from django.db.backends.ddl_references import Columns, Statement
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.models import Field, Model

APP_ROLE = "daysheet_app"
WALL = "practice_id = nullif(current_setting('app.practice', true), '')::uuid"
READ_ONLY_TABLES = {"django_migrations"}


def is_walled(model: type[Model]) -> bool:
    """Return whether the table belongs to practices (it has a practice_id column)."""
    return any(field.column == "practice_id" for field in model._meta.local_fields)


class SchemaEditor(DatabaseSchemaEditor):
    """Django's editor, with row-level security and keys (practice_id, x_id) for the tables of a practice."""

    sql_create_column_inline_fk = None  # type: ignore[assignment]  # every foreign key is made by _create_fk_sql

    def create_model(self, model: type[Model]) -> None:
        """Create the table and, for a practice's table, its unique (practice_id, id), policy and grants."""
        super().create_model(model)
        if not model._meta.managed or model._meta.proxy:
            return
        table = self.quote_name(model._meta.db_table)
        if is_walled(model):
            key = self.quote_name(f"{model._meta.db_table}_practice_id_uniq"[:63])
            pk = self.quote_name(str(model._meta.pk.column))
            self.execute(f"ALTER TABLE {table} ADD CONSTRAINT {key} UNIQUE (practice_id, {pk})")
            self.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            self.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            self.execute(f"CREATE POLICY practice_wall ON {table} USING ({WALL}) WITH CHECK ({WALL})")
        rights = "SELECT" if model._meta.db_table in READ_ONLY_TABLES else "SELECT, INSERT, UPDATE, DELETE"
        self.execute(f"GRANT {rights} ON {table} TO {APP_ROLE}")

    def _create_fk_sql(self, model: type[Model], field: Field[Any, Any], suffix: str) -> Statement:
        statement: Statement = super()._create_fk_sql(model, field, suffix)  # type: ignore[misc]
        target = field.target_field.model  # type: ignore[attr-defined]
        if is_walled(model) and is_walled(target) and field.column != "practice_id":
            table, to_table = model._meta.db_table, target._meta.db_table
            statement.parts["column"] = Columns(table, ["practice_id", str(field.column)], self.quote_name)
            to = field.target_field.column  # type: ignore[attr-defined]
            statement.parts["to_column"] = Columns(to_table, ["practice_id", to], self.quote_name)
        return statement

    def _field_indexes_sql(self, model: type[Model], field: Field[Any, Any]) -> list[Statement | None]:
        if is_walled(model) and field.column != "practice_id" and self._field_should_be_indexed(model, field):  # type: ignore[attr-defined]
            practice = model._meta.get_field("practice")
            return [self._create_index_sql(model, fields=[practice, field])]  # type: ignore[attr-defined]
        return list(super()._field_indexes_sql(model, field))  # type: ignore[misc]

    def _constraint_names(
        self, model: type[Model], column_names: list[str] | None = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        names = list(super()._constraint_names(model, column_names, *args, **kwargs))  # type: ignore[misc]
        wanted = kwargs.get("foreign_key") or kwargs.get("index")
        if wanted and column_names and len(column_names) == 1 and is_walled(model):
            pair = ["practice_id", *column_names]
            names += super()._constraint_names(model, pair, *args, **kwargs)  # type: ignore[misc]
        return names
