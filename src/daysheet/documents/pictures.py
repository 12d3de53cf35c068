"""Pictures that come in are drawn anew: what hides beside them, such as the place where one was taken, stays out."""

import io
import struct

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
MOST_PIXELS = 50_000_000
"""More than any scan or telephone makes; a small file may claim to be a picture of any size."""
QUALITY = 90
Image.MAX_IMAGE_PIXELS = None  # our own limit is asked before a dot is drawn, and says it in a sentence


class NotAPicture(Exception):
    """The bytes begin like a picture and are none, or one of an impossible size; says it in a sentence."""


def drawn_anew(content: bytes, media_type: str) -> bytes:
    """Return the picture upright and alone, as PNG or JPEG like before. Raises NotAPicture."""
    kind = FORMATS[media_type]
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as found:
            if found.width * found.height > MOST_PIXELS:
                raise NotAPicture(_("The picture has more than 50 million dots. Take it smaller."))
            upright = ImageOps.exif_transpose(found)
            upright.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error) as no:
        raise NotAPicture(
            _("This picture cannot be opened: it is damaged or cut off. Take it again.")
        ) from no
    if kind == "JPEG" and upright.mode not in {"RGB", "L"}:
        upright = upright.convert("RGB")
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    if upright.mode == "P":
        bare.putpalette(upright.getpalette() or [])
    out = io.BytesIO()
    bare.save(out, kind, **({"quality": QUALITY} if kind == "JPEG" else {}))
    return out.getvalue()
