"""An office that moves in: Northside with its door, a clinician, a visit type; and a file to bring."""

from collections.abc import Callable
from typing import Any

import pytest

from daysheet.kernel.models import Practice
from daysheet.movein import commands, driving
from daysheet.movein.models import OldFile
from tests import cast, make

PATIENTS = """PatNum,Last Name,First Name,DOB,Sex,Mobile,City,State,Zip,Email
101,Diaz,Maria,03/14/1962,F,(555) 201-0142,Albany,New York,12207,maria@example.org
102,Okoye,Ben,1988-11-02,male,555.201.0143,Albany,NY,12207,
103,"Nguyen, Jr.",Tam,2/3/01,M,,Albany,NY,2207,
"""
Bring = Callable[..., OldFile]


@pytest.fixture
def northside(practice: Practice) -> Practice:
    """The practice with one door, a clinician and a visit type."""
    door = make.location()
    make.provider(at=door)
    make.visit_type()
    return practice


@pytest.fixture
def bring(northside: Practice) -> Bring:
    """Bring a file and look it through."""

    def act(
        text: str | bytes, *, system: str = "Old", columns: dict[str, str] | None = None, **more: Any
    ) -> OldFile:
        by = cast.ana(northside.pk)
        content = text.encode() if isinstance(text, str) else text
        kind = more.pop("kind", "")
        file = commands.bring_file(by, name="a.csv", content=content, system=system, kind=kind)
        if columns or more:
            told = {"columns": columns or file.mapped, "day_first": file.day_first} | more
            file = commands.set_columns(by, file_id=file.pk, version=file.version, **told)
        return commands.look_through(by, file_id=file.pk)

    return act


@pytest.fixture
def take(northside: Practice, bring: Bring) -> Bring:
    """Bring a file, look it through and take it in."""

    def act(text: str | bytes, **more: Any) -> OldFile:
        file = bring(text, **more)
        by = cast.system(northside.pk)
        commands.begin_run(by, file_id=file.pk, here=True)
        return driving.run(by, file.pk)

    return act
