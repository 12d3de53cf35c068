"""The printed words of a picture: read by a program of its own that has little to spend, or not at all."""

import io
import os
import subprocess
import time
from pathlib import Path

import pytest
import typst
from PIL import Image

from daysheet.documents import printed_words
from daysheet.documents.printed_words import words_in
from tests.pictures import card_picture, picture
from tests.reading_words import needs_tesseract


@pytest.fixture
def pretends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that does what a test writes into it, in the place of the reader."""
    program = tmp_path / "reader"
    monkeypatch.setattr(printed_words, "program", lambda: str(program))
    return program


def doing(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@needs_tesseract
def test_the_words_of_a_card_are_read() -> None:
    for kind in ("PNG", "JPEG"):
        content = card_picture(["Member ID: BPX123456789", "Group No. 778812"], kind)
        said = words_in(content, f"image/{kind.lower()}")
        assert ("BPX123456789" in said, "778812" in said) == (True, True)


@needs_tesseract
def test_a_picture_without_words_says_nothing() -> None:
    assert words_in(picture(size=(400, 300)), "image/png").strip() == ""
    assert words_in(picture(size=(1, 1)), "image/png").strip() == ""


def test_without_the_program_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed_words, "PROGRAM", "no-such-reader")
    assert printed_words.program() == ""
    assert words_in(card_picture(["Member ID: 123456"]), "image/png") == ""


@pytest.mark.parametrize(
    "content", [b"", b"/etc/hostname\n", b"\x89PNG\r\n\x1a\n" + b"\x00" * 90, picture()[:40], b"%PDF-1.7"]
)
def test_what_is_no_whole_picture_never_reaches_the_program(pretends: Path, content: bytes) -> None:
    doing(pretends, f"touch {pretends}.ran; echo read")
    assert words_in(content, "image/png") == ""
    assert not Path(f"{pretends}.ran").exists()


def as_pdf(*lines: str) -> bytes:
    """Return a page of a scanner: the picture of a card, alone on it."""
    out = io.BytesIO()
    card = Image.open(io.BytesIO(card_picture(list(lines)))).convert("RGB")
    sheet = Image.new("RGB", (2550, 3300), "white")
    sheet.paste(card.resize((card.width * 2, card.height * 2)), (40, 60))
    sheet.save(out, "PDF", resolution=300, quality=90)
    return out.getvalue()


@needs_tesseract
def test_the_first_page_of_a_pdf_is_read_like_a_picture() -> None:
    said = words_in(as_pdf("Member ID: BPX123456789", "Group No. 778812"), "application/pdf").replace(" ", "")
    assert ("BPX123456789" in said, "778812" in said) == (True, True)


@needs_tesseract
def test_a_pdf_that_was_never_paper_is_read_too() -> None:
    page = typst.compile(b"#set page(width: 9cm, height: 6cm)\nMember ID: BPX123456789 #pagebreak() Second")
    said = words_in(bytes(page), "application/pdf")
    assert ("BPX123456789" in said, "Second" in said) == (True, False)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", as_pdf("Member")[:900], picture(), b"/etc/hostname\n"])
def test_what_is_no_whole_pdf_never_reaches_the_program(pretends: Path, content: bytes) -> None:
    doing(pretends, f"touch {pretends}.ran; echo read")
    assert words_in(content, "application/pdf") == ""
    assert not Path(f"{pretends}.ran").exists()


def test_an_empty_page_says_nothing(pretends: Path) -> None:
    doing(pretends, "echo nothing")
    assert (
        words_in(bytes(typst.compile(b"#set page(width: 9cm, height: 6cm)")), "application/pdf")
        == "nothing\n"
    )


def test_a_program_that_takes_too_long_is_ended(pretends: Path) -> None:
    doing(pretends, "echo started; exec sleep 60")
    began = time.monotonic()
    assert words_in(picture(), "image/png", patience=1) == ""
    assert time.monotonic() - began < 50  # of the sixty that it would sleep
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(pretends) not in running


def test_it_is_told_neither_our_environment_nor_a_file_and_may_write_none(
    pretends: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "secret")
    doing(pretends, f'env; echo "args $*"; echo much > {pretends}.out; ulimit -t; ulimit -v')
    said = words_in(picture(), "image/png")
    assert "secret" not in said
    assert "args stdin stdout" in said
    assert "unlimited" not in said
    out = Path(f"{pretends}.out")
    assert not out.exists() or out.read_bytes() == b""


def test_it_has_no_network_where_the_system_allows_it(pretends: Path) -> None:
    allowed = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0
    doing(pretends, "cut -d: -f1 -s /proc/net/dev")
    names = {line.strip() for line in words_in(picture(), "image/png").splitlines()}
    assert names == {"lo"} if allowed else "lo" in names


def test_one_that_fails_says_nothing(pretends: Path) -> None:
    doing(pretends, "echo half; exit 3")
    assert words_in(picture(), "image/png") == ""
    os.remove(pretends)
    assert words_in(picture(), "image/png") == ""


def test_no_more_is_taken_than_a_card_can_say(pretends: Path) -> None:
    doing(pretends, "yes word | head -c 900000")
    assert len(words_in(picture(), "image/png")) == printed_words.MOST_LETTERS
