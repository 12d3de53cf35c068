"""The set-up brings only what is missing, and says in a sentence what it cannot bring."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from daysheet.site import boot

BOOT = Path(boot.__file__)


def test_a_stamp_holds_while_its_sources_stay(tmp_path: Path) -> None:
    source = tmp_path / "package.json"
    source.write_text("1")
    boot.Stamp(tmp_path / "made" / "stamp", "words", [source]).put("dev")
    assert boot.Stamp(tmp_path / "made" / "stamp", "words", [source]).holds()
    assert not boot.Stamp(tmp_path / "made" / "stamp", "other words", [source]).holds()
    source.write_text("2")
    assert not boot.Stamp(tmp_path / "made" / "stamp", "words", [source]).holds()


def test_a_python_without_venv_is_told_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError('as on Debian without python3-venv')")
    said = subprocess.run(
        [sys.executable, BOOT, "run"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert said.stderr.strip().endswith("apt-get install python3-venv")
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize(
    ("version", "known"), [("v20.20.2\n", 20), ("v9.1\n", 9), ("", 0), ("command not found", 0)]
)
def test_node_is_known_by_its_number(tmp_path: Path, version: str, known: int) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\nprintf '{version}'\n".replace("\n'", "'"))
    node.chmod(0o755)
    assert boot._node_version(str(node)) == known


def test_the_files_of_the_browser_depend_on_templates_and_styles() -> None:
    names = {path.name for path in boot._sources()}
    assert {"package-lock.json", "build.mjs", "app.css", "app.js", "base.html"} <= names


def test_a_failing_step_stops_the_set_up_with_its_name(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        boot.call("false", "--because")
    assert capfd.readouterr().err == "make: the set-up stopped at: false --because\n"
