"""In CI a skip for a missing package, browser, Node or oracle is a failure; elsewhere it is a skip."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPS = """
import pytest
def test_needs_a_browser(): pytest.skip("no Chromium here")
def test_needs_data(): pytest.skip("../shared/data is not beside this clone")
"""


@pytest.mark.parametrize(("ci", "tail"), [("", "2 skipped"), ("true", "1 failed, 1 skipped")])
def test_ci_accepts_no_skip_for_what_it_could_install(ci: str, tail: str, tmp_path: Path) -> None:
    (tmp_path / "test_skips.py").write_text(SKIPS)
    words = [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    environment = {**os.environ, "CI": ci}
    said = subprocess.run(
        [*words, "-p", "tests.conftest", str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tail in said.stdout.splitlines()[-1], said.stdout + said.stderr
