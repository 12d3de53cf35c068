"""Small real pictures for tests."""

import io
from collections.abc import Sequence
from datetime import date

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from daysheet.formats.aamva import Licence
from daysheet.formats.aamva.write import render


def picture(kind: str = "PNG", *, size: tuple[int, int] = (3, 2), **more: object) -> bytes:
    """A picture of one colour as bytes."""
    out = io.BytesIO()
    Image.new("RGB", size, (11, 92, 173)).save(out, kind, **more)
    return out.getvalue()


PNG = picture()

LICENCE = Licence(
    kind="licence",
    issuer="636002",
    version=10,
    number="S12345678",
    family="DIAZ",
    given="MARIA",
    born_on=date(1962, 3, 14),
    sex="F",
    street="12 ELM ST",
    city="SPRINGFIELD",
    state="MA",
    zip="01103",
    country="USA",
    expires_on=date(2029, 3, 14),
)


def barcode(content: bytes, kind: str = "PNG", *, turned: float = 0, scale: int = 3) -> bytes:
    """A picture of a PDF417 code, as a camera may take it: turned a little, on a grey table."""
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.PDF417).to_image(scale=scale)
    dots = Image.frombytes("L", (code.shape[1], code.shape[0]), bytes(code))
    table = Image.new("L", (dots.width + 120, dots.height + 120), 200)
    table.paste(dots, (60, 60))
    out = io.BytesIO()
    table.rotate(turned, fillcolor=200, expand=True).convert("RGB").save(out, kind)
    return out.getvalue()


def licence_picture(licence: Licence = LICENCE, **more: float) -> bytes:
    """The back of a licence as a picture."""
    return barcode(render(licence), turned=more.get("turned", 3))


def card_picture(lines: Sequence[str], kind: str = "PNG", *, size: int = 34) -> bytes:
    """An insurance card as a picture: so many lines in black on white."""
    font = ImageFont.load_default(size)
    card = Image.new("RGB", (1200, 80 + len(lines) * size * 2), "white")
    pen = ImageDraw.Draw(card)
    for number, line in enumerate(lines):
        pen.text((60, 40 + number * size * 2), line, font=font, fill="black")
    out = io.BytesIO()
    card.save(out, kind)
    return out.getvalue()
