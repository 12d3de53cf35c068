"""A record is filled like a dataclass: by place or by name, with its own defaults."""

import pickle
from copy import copy
from dataclasses import field, replace

import pytest

from daysheet.formats.x12.record import record


@record
class Pen:
    """A pen."""

    colour: str
    price: int = 2
    marks: list[str] = field(default_factory=list)


def test_a_record_takes_values_by_place_and_by_name() -> None:
    assert Pen("red") == Pen(colour="red", price=2, marks=[])
    assert Pen("red", 3, ["a"]) == Pen("red", marks=["a"], price=3)
    assert Pen("red") != Pen("blue")


def test_each_record_has_a_list_of_its_own() -> None:
    first, second = Pen("red"), Pen("red")
    first.marks.append("scratched")
    assert second.marks == []


def test_a_missing_or_unknown_value_is_refused_as_python_does() -> None:
    with pytest.raises(TypeError, match="colour"):
        Pen()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="size"):
        Pen("red", size=1)  # type: ignore[call-arg]


def test_a_record_is_replaced_copied_and_kept() -> None:
    pen = Pen("red", 3)
    assert replace(pen, price=4) == Pen("red", 4)
    assert copy(pen) == pen
    assert pickle.loads(pickle.dumps(pen)) == pen
