"""`make fast` compiles parts of the X12 library; an office without them, or with old ones, runs the same."""

import os
import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from daysheet.site import boot, compiled

ROOT = Path(boot.__file__).resolve().parents[3]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source tree of its own, with compiled parts beside two sources and a stamp that holds."""
    library = tmp_path / "src" / "daysheet" / "formats" / "x12"
    (library / "check").mkdir(parents=True)
    for source in ("loop.py", "check/table.py", "record.py"):
        (library / source).write_text("A = 1\n")
    monkeypatch.setattr(compiled, "SOURCE", tmp_path / "src")
    monkeypatch.setattr(compiled, "LIBRARY", library)
    monkeypatch.setattr(boot, "BOOT", tmp_path / ".boot")
    for name in ("daysheet/formats/x12/loop", "daysheet/formats/x12/check/table", f"{compiled.GROUP}__mypyc"):
        (tmp_path / "src" / f"{name}{EXTENSION_SUFFIXES[0]}").write_bytes(b"compiled")
    boot._parts_stamp().put()
    return tmp_path / "src"


def test_each_part_is_a_source_of_the_library() -> None:
    assert [part for part in compiled.PARTS if not (compiled.LIBRARY / f"{part}.py").is_file()] == []
    assert {compiled.LIBRARY / f"{part}.py" for part in compiled.PARTS} < {*compiled.sources()}


def test_parts_stay_while_their_sources_do(tree: Path) -> None:
    assert boot.drop_stale_parts() is False
    assert len(compiled.made()) == 3


@pytest.mark.parametrize("source", ["loop.py", "record.py", "new.py"])
def test_parts_of_other_sources_are_taken_away(
    tree: Path, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (compiled.LIBRARY / source).write_text("A = 2\n")
    assert boot.drop_stale_parts() is True
    assert compiled.made() == []
    assert (compiled.LIBRARY / "loop.py").is_file()
    assert "the sources are read" in capsys.readouterr().err


def test_parts_without_a_stamp_are_taken_away(tree: Path) -> None:
    shutil.rmtree(boot.BOOT)
    assert boot.drop_stale_parts() is True
    assert compiled.made() == []


def test_a_clone_without_parts_has_nothing_to_do(tree: Path) -> None:
    boot.make_fast(undo=True)
    assert compiled.made() == []
    assert boot.drop_stale_parts() is False


def test_without_a_compiler_nothing_is_changed_and_said_what_to_do(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (compiled.LIBRARY / "loop.py").write_text("A = 2\n")
    boot.drop_stale_parts()
    monkeypatch.setenv("PATH", str(tree))
    monkeypatch.delenv("CC", raising=False)
    with pytest.raises(SystemExit, match=r"needs a C compiler .* runs without the compiled parts"):
        boot.make_fast()
    assert compiled.made() == []


def test_the_bench_says_which_it_measured() -> None:
    from daysheet.site.bench.table import machine

    assert ("X12 compiled" if compiled.is_in_use() else "X12 as plain Python") in machine()


@pytest.mark.nightly
def test_the_library_does_the_same_when_it_is_compiled(tmp_path: Path) -> None:
    if not any(map(shutil.which, ("cc", "gcc", "clang"))):
        pytest.skip("no C compiler here: apt-get install gcc")
    clone, tools = tmp_path / "clone", tmp_path / "tools"
    for word in ("src", "tests", "docs"):
        shutil.copytree(ROOT / word, clone / word, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", clone)
    place = ["--python", sys.executable, "--target", tools, "--require-hashes"]
    _run(boot.bring_uv(), "pip", "install", "-q", *place, "-r", ROOT / "requirements" / "fast.lock")
    _run(
        sys.executable,
        clone / "src/daysheet/site/compiled.py",
        tmp_path / "workshop",
        PYTHONPATH=str(tools),
    )
    assert len(list((clone / "src").rglob("*.so"))) == len(compiled.PARTS) + 1
    both = os.pathsep.join(map(str, (clone / "src", clone)))
    _run(sys.executable, "-m", "pytest", "-q", "-c", clone / "pyproject.toml", "tests/formats/x12",
         cwd=clone, PYTHONPATH=both)  # fmt: skip


def _run(*words: object, cwd: Path | None = None, **environment: str) -> None:
    said = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, (said.stdout + said.stderr)[-4000:]
