"""The lock files name packages, versions and hashes, and nothing of the machine that wrote them."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def plain(requirement: str) -> str:
    found = NAME.match(requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def locked(lock: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{lock}.lock").read_text().splitlines()
    return {plain(line) for line in lines if "==" in line}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_host_and_no_path(lock: Path) -> None:
    text = lock.read_text()
    assert [
        word for word in ("://", "file:", "index-url", "find-links", "/home/", "/root/") if word in text
    ] == []
    pinned = [line for line in text.splitlines() if "==" in line]
    assert len(pinned) == len(re.findall(r"==[^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", text))


def test_the_node_lock_names_no_host_either() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert '"integrity"' in text


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("boot", GROUPS["boot"]),
        ("node", GROUPS["node"]),
        ("fuzz", GROUPS["fuzz"]),
        ("fast", GROUPS["fast"]),
        ("run", PROJECT["project"]["dependencies"] + GROUPS["set-up"]),
        ("dev", PROJECT["project"]["dependencies"] + GROUPS["checks"] + GROUPS["tests"] + GROUPS["oracles"]),
    ],
)
def test_every_requirement_is_locked(lock: str, wanted: list[str]) -> None:
    assert {plain(one) for one in wanted} - locked(lock) == set(), "run `make lock`"
