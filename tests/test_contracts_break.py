"""Each import contract fails when it is broken: shown on a copy of the package."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parent.parent

BREAKS = {
    "the book of money imports claims": (
        "ledger/commands_probe/__init__.py",
        "from daysheet.claims import models",
    ),
    "a rule imports a model": ("claims/rules.py", "from daysheet.claims import models"),
    "the desk imports the schedule's screens": ("frontdesk/views.py", "import daysheet.schedule.views"),
    "the desk imports the school": ("frontdesk/probe.py", "import daysheet.academy"),
    "the insurance company imports patients": ("payer/probe.py", "from daysheet.patients import models"),
    "the phones import the desk": ("phones/probe.py", "import daysheet.frontdesk"),
    "a room has no floor": ("basement/__init__.py", '"""A room without a floor."""'),
    "a format imports the framework": ("formats/probe.py", "import django"),
    "a query imports a command": ("patients/queries_probe.py", "from daysheet.coverage import models"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with the unbuilt neighbour that some breaks need."""
    place = tmp_path_factory.mktemp("house")
    ignore = shutil.ignore_patterns("*.html", "dist", "static", "__pycache__", "*.tsv", "built")
    shutil.copytree(CLONE / "src" / "daysheet", place / "src" / "daysheet", ignore=ignore)
    shutil.copy(CLONE / "pyproject.toml", place)
    for room in ("phones",):
        folder = place / "src" / "daysheet" / room
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    views = place / "src" / "daysheet" / "schedule" / "views.py"
    views.touch()
    return place


def lint(place: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=place,
        env={"PYTHONPATH": str(place / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_house_as_it_is_keeps_every_contract(copy: Path) -> None:
    said = lint(copy)
    assert said.returncode == 0, said.stdout[-2000:]


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_contract_fails(copy: Path, name: str) -> None:
    where, line = BREAKS[name]
    path = copy / "src" / "daysheet" / where
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    made = [] if (path.parent / "__init__.py").exists() else [path.parent]
    try:
        path.write_text((before or "") + f"\n{line}\n")
        if made and path.name != "__init__.py":
            (path.parent / "__init__.py").touch()
        said = lint(copy)
    finally:
        if made:
            shutil.rmtree(path.parent)
        elif before is None:
            path.unlink()
        else:
            path.write_text(before)
    assert said.returncode == 1, name
    assert "BROKEN" in said.stdout or "exhaustive" in said.stdout.lower() or "missing" in said.stdout.lower()
