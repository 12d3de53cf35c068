"""The printed words of a picture or a PDF, read by Tesseract where the machine has it: kept nowhere, logged nowhere."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageOps

from daysheet.documents.words_reader import DRAW

PROGRAM = "tesseract"
READER = Path(__file__).with_name("words_reader.py")
LARGEST_SIDE, SMALLEST_SIDE = 2000, 1200
"""More dots make the words no clearer and the reading slower; of fewer it makes nothing."""
PATIENCE = 25
MOST_LETTERS = 20_000
PDF, PALE, MARGIN = "application/pdf", 24, 60


def program() -> str:
    """Return where the reader of printed words is on this machine, or empty text."""
    return shutil.which(PROGRAM) or ""


def words_in(content: bytes, media_type: str, *, patience: float = PATIENCE) -> str:
    """Return the words in a filed picture or on the first page of a PDF; none without the program or where it fails."""
    found = program()
    if not found:
        return ""
    try:
        if media_type == PDF:
            content = _apart(DRAW, content, patience)
        picture = _grey(content, without_margin=media_type == PDF)
        said = _apart(found, picture, patience)
    except (subprocess.TimeoutExpired, OSError, SyntaxError, ValueError):
        return ""
    return said.decode("utf-8", "replace")[:MOST_LETTERS]


def _apart(what: str, content: bytes, patience: float) -> bytes:
    """Return what the program apart makes of some bytes; nothing where it fails."""
    words = [sys.executable, "-I", str(READER), what]
    answer = subprocess.run(  # noqa: S603 - our own interpreter and our own file, without a shell
        words, input=content, capture_output=True, timeout=patience, check=False, env={}
    )
    return answer.stdout if answer.returncode == 0 else b""


def _grey(content: bytes, *, without_margin: bool) -> bytes:
    """Return the picture drawn anew in grey: whatever came, the program gets a plain PNG and nothing else.

    What is no picture it would take for a list of files to open.
    """
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as found:
        grey = found.convert("L")
    if without_margin:
        inked = ImageOps.invert(grey).point(lambda dark: 255 if dark > PALE else 0)
        grey = ImageOps.expand(grey.crop(inked.getbbox()), MARGIN, fill=255)
    grey.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    longest = max(grey.size)
    if longest < SMALLEST_SIDE:
        times = SMALLEST_SIDE / longest
        size = (max(1, round(grey.width * times)), max(1, round(grey.height * times)))
        grey = grey.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    grey.save(out, "PNG", compress_level=1)
    return out.getvalue()
