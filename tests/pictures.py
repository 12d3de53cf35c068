"""Small real pictures for tests."""

import io

from PIL import Image


def picture(kind: str = "PNG", *, size: tuple[int, int] = (3, 2), **more: object) -> bytes:
    """A picture of one colour as bytes."""
    out = io.BytesIO()
    Image.new("RGB", size, (11, 92, 173)).save(out, kind, **more)
    return out.getvalue()


PNG = picture()
