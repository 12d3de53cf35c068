"""The printed words of a picture, read by Tesseract where the machine has it: kept nowhere, logged nowhere."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image

PROGRAM = "tesseract"
READER = Path(__file__).with_name("words_reader.py")
LARGEST_SIDE, SMALLEST_SIDE = 2000, 1200
"""More dots make the words no clearer and the reading slower; of fewer it makes nothing."""
PATIENCE = 25
MOST_LETTERS = 20_000


def program() -> str:
    """Return where the reader of printed words is on this machine, or empty text."""
    return shutil.which(PROGRAM) or ""


def words_in(content: bytes, media_type: str, *, patience: float = PATIENCE) -> str:
    """Return the words in a filed picture, line by line; none without the program, of a PDF, or where it fails."""
    found = program()
    if not found or not media_type.startswith("image/"):
        return ""
    words = [sys.executable, "-I", str(READER), found]
    try:
        picture = _grey(content)
        answer = subprocess.run(  # noqa: S603 - our own interpreter and our own file, without a shell
            words, input=picture, capture_output=True, timeout=patience, check=False, env={}
        )
    except (subprocess.TimeoutExpired, OSError, SyntaxError, ValueError):
        return ""
    return answer.stdout.decode("utf-8", "replace")[:MOST_LETTERS] if answer.returncode == 0 else ""


def _grey(content: bytes) -> bytes:
    """Return the picture drawn anew in grey: whatever came, the program gets a plain PNG and nothing else.

    What is no picture it would take for a list of files to open.
    """
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as found:
        grey = found.convert("L")
    grey.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    longest = max(grey.size)
    if longest < SMALLEST_SIDE:
        times = SMALLEST_SIDE / longest
        size = (max(1, round(grey.width * times)), max(1, round(grey.height * times)))
        grey = grey.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    grey.save(out, "PNG", compress_level=1)
    return out.getvalue()
