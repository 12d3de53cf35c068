"""The bench of X12: its large files are whole, and a peer that is not installed is said to be absent."""

from pathlib import Path

import pytest

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.site.bench import alone, large, peers, wire


@pytest.mark.parametrize("kind", ["835", "837P"])
def test_a_large_file_is_one_set_with_the_right_count(kind: str) -> None:
    data = b"".join(large.pieces(kind, 0.3))
    assert 250_000 < len(data) < 350_000
    assert not list(check(data, levels=[1]))
    assert sum(1 for _ in x12.stream(data)) > 500


def test_a_large_file_has_something_to_find(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "large.x12"
    path.write_bytes(b"".join(large.pieces("837P", 0.3)))
    for what in ("first", "read", "split"):
        alone.main(what, str(path))
        assert '"peak_mib"' in capsys.readouterr().out


def test_an_absent_peer_is_said_to_be_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "find_spec", lambda _: None)
    monkeypatch.setattr(wire, "mixed", lambda _: b"")
    assert [one.target for one in peers.measured(["x12-835-pyx12"])] == ["pyx12 is not installed"]
