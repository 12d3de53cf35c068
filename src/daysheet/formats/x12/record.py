"""What all records of the wire are: values with named fields that nobody changes after they are made."""

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """Return the class as a slotted record.

    It is frozen for the type checker alone: a frozen dataclass takes eight times as long to fill, and a
    remittance of a hundred megabytes makes millions of them. Equality, hash and text are shared by all
    classes, and what fills a record is compiled with the first of its kind: a program that imports the
    library makes records of a few kinds only.
    """
    made = dataclass(slots=True, init=False, eq=False, repr=False)(cls)
    names = tuple(item.name for item in fields(made) if item.compare)  # type: ignore[arg-type]
    shared: dict[str, Callable[..., object]] = {"__eq__": _equal, "__hash__": _hash, "__repr__": _text}
    made.__compared__ = names  # type: ignore[attr-defined]
    for name, function in shared.items():
        setattr(made, name, function)

    def first(self: object, *values: object, **named: object) -> None:
        filling = _filling(made)
        setattr(made, "__init__", filling)  # noqa: B010  (a plain assignment is refused by the type checker)
        filling(self, *values, **named)

    setattr(made, "__init__", first)  # noqa: B010
    return made


def _filling(made: type) -> Callable[..., None]:
    """Return the function that fills a record: plain assignments, which is what makes it quick."""
    known: dict[str, Any] = {"MISSING": MISSING}
    heads, lines = ["self"], []
    for item in fields(made):
        name = item.name
        known[f"default_{name}"], known[f"make_{name}"] = item.default, item.default_factory
        if item.default_factory is not MISSING:
            heads.append(f"{name}=MISSING")
            lines.append(f"self.{name} = make_{name}() if {name} is MISSING else {name}")
            continue
        heads.append(name if item.default is MISSING else f"{name}=default_{name}")
        lines.append(f"self.{name} = {name}")
    source = f"def __init__({', '.join(heads)}):\n " + "\n ".join(lines or ["pass"])
    exec(source, known)  # noqa: S102  as dataclasses do it; the names are those of our own classes
    filling: Callable[..., None] = known["__init__"]
    filling.__qualname__ = f"{made.__qualname__}.__init__"
    return filling


def _values(item: object) -> tuple[object, ...]:
    return tuple([getattr(item, name) for name in item.__compared__])  # type: ignore[attr-defined]


def _equal(self: object, other: object) -> bool:
    return self is other or (self.__class__ is other.__class__ and _values(self) == _values(other))


def _hash(self: object) -> int:
    return hash(_values(self))


def _text(self: object) -> str:
    pairs = zip(self.__compared__, _values(self), strict=True)  # type: ignore[attr-defined]
    return f"{self.__class__.__name__}({', '.join(f'{name}={value!r}' for name, value in pairs)})"
