"""The barcode of a licence found in a picture: in a program of its own, which may fail without harm."""

import io
import subprocess
import sys
from pathlib import Path

from PIL import Image

READER = Path(__file__).with_name("barcode_reader.py")
LARGEST_SIDE = 2400
"""More dots make the code no clearer, and the reading slower."""
PATIENCE = 15


def barcode_in(content: bytes, media_type: str) -> bytes:
    """Return the bytes of the PDF417 code in a filed picture, or none where none can be read."""
    if not media_type.startswith("image/"):
        return b""
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as found:
        grey = found.convert("L")
    grey.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    words = [sys.executable, "-I", str(READER), str(grey.width), str(grey.height)]
    try:
        answer = subprocess.run(  # noqa: S603 - our own interpreter and our own file, without a shell
            words, input=grey.tobytes(), capture_output=True, timeout=PATIENCE, check=False, env={}
        )
    except subprocess.TimeoutExpired:
        return b""
    return answer.stdout if answer.returncode == 0 else b""
