"""Rows of several tables in one statement that is written once, for the readings with which every page begins.

A queryset with `select_related` gives the same; it is built and turned into SQL anew each time, which takes longer than
the statement itself. Everywhere else a queryset is plainer.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

from daysheet.kernel.planned import planned_cursor


class Joined:
    """A statement over some tables, each under an alias; a row comes as one model for each, None where a join found none.

    For columns that the database's driver reads as their fields do: no JSON.
    """

    def __init__(self, tables: Mapping[str, type[models.Model]], ending: str) -> None:
        """Take the tables by alias, in order, and what follows `select ... from <first> <alias>`."""
        quote = connection.ops.quote_name
        self.parts = [
            (model, [field.attname for field in model._meta.concrete_fields]) for model in tables.values()
        ]
        columns = [
            f"{alias}.{quote(str(field.column))}"
            for alias, model in tables.items()
            for field in model._meta.concrete_fields
        ]
        alias, first = next(iter(tables.items()))
        self.sql = f"select {', '.join(columns)} from {quote(first._meta.db_table)} {alias} {ending}"  # noqa: S608 - names of models

    def first(self, values: Mapping[str, Any]) -> list[Any] | None:
        """Return the models of the first row, or None; `values` by name, as the statement asks for them."""
        with planned_cursor() as cursor:
            cursor.execute(self.sql, values)
            row = cursor.fetchone()
        return None if row is None else self._models(row)

    def _models(self, row: Sequence[Any]) -> list[Any]:
        found: list[Any] = []
        start = 0
        for model, names in self.parts:
            cells = row[start : start + len(names)]
            start += len(names)
            is_there = any(cell is not None for cell in cells)  # a key is never empty
            found.append(model.from_db(connection.alias, names, cells) if is_there else None)
        return found
