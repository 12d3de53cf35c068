"""Readings made ready: a queryset that is turned into SQL once and asked again with other values.

Django builds and compiles a queryset anew each time, which for a small reading takes several times as long as the
database does. For the readings that stand in every page or every booking; elsewhere a plain queryset is plainer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Field, ForeignKey, Lookup, QuerySet

from daysheet.kernel.planned import planned_cursor
from daysheet.kernel.tenancy import acting_practice, acting_practice_id

Row = TypeVar("Row")


class Told(Expression):
    """A value that is told when the reading is asked, by its name; stands in a filter in place of the value."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field or Field())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return the place of the value."""
        return "%s", [self]


@ForeignKey.register_lookup
@Field.register_lookup
class OneOf(Lookup):
    """`field__one_of=Told("ids")`: equal to one of a list, however long it is when it is told."""

    lookup_name = "one_of"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return the comparison with an array."""
        left, known = self.process_lhs(compiler, connection)
        right, told = self.process_rhs(compiler, connection)
        return f"{left} = any({right})", [*known, *told]


class Ready(Generic[Row]):
    """A reading of the acting practice: `build` gives its queryset, with a `Told` where a value is told later."""

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self._build = build
        self._made: tuple[QuerySet[Any, Row], dict[str, Any], str, list[Any]] | None = None

    def __call__(self, **told: Any) -> list[Row]:
        """Return the rows: one statement; `told` are the values by name, lists for `one_of`."""
        rows, compiled, sql, places = self._made or self._make()
        told["practice"] = acting_practice_id()
        params = tuple(told[one.name] if isinstance(one, Told) else one for one in places)
        asked = rows.query.get_compiler(connection=_PLANNING)
        vars(asked).update(compiled, as_sql=lambda: (sql, params))
        read: Any = rows._iterable_class  # Django's own: for models, tuples or single values
        return list(read(_Asked(rows, asked)))

    def first(self, **told: Any) -> Row | None:
        """Return the first row, or None; the queryset says in which order, and is cut to one."""
        return next(iter(self(**told)), None)

    def _make(self) -> tuple[QuerySet[Any, Row], dict[str, Any], str, list[Any]]:
        before = acting_practice.set(Told("practice"))  # type: ignore[arg-type]  # the wall's value is told, too
        try:
            rows = self._build()
        finally:
            acting_practice.reset(before)
        compiler: Any = rows.query.get_compiler(connection=_PLANNING)
        sql, places = compiler.as_sql()
        # How each column is read is asked of every field anew for each reading; it does not change.
        read = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        self._made = rows, vars(compiler) | {"get_converters": lambda _columns: read}, sql, list(places)
        return self._made


def lay_beside(row: Any, name: str, rows: list[Any]) -> None:
    """Put rows that were read by themselves where `row.NAME.all()` finds them, as Django's own prefetching does."""
    manager = getattr(row, name)
    for one in rows:
        setattr(one, manager.field.name, row)
    beside = manager.get_queryset()
    beside._result_cache, beside._prefetch_done = rows, True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = beside


class _Asked:
    """What Django's own iterables want of a queryset that is being read."""

    def __init__(self, rows: QuerySet[Any, Any], compiler: Any) -> None:
        self.model, self.db, self._fields = rows.model, connection.alias, getattr(rows, "_fields", None)
        self._known_related_objects: dict[Any, Any] = {}
        self.query = _Compiled(rows.query, compiler)


class _Planning:
    """The connection, as a compiler uses it: its cursors keep the plans."""

    def cursor(self) -> Any:
        return planned_cursor()

    def __getattr__(self, name: str) -> Any:
        return getattr(connection, name)


_PLANNING: Any = _Planning()


class _Compiled:
    def __init__(self, query: Any, compiler: Any) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, using: str) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)
