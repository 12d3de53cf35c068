"""The barcode of a licence is found in a picture; whatever else comes is no licence and no failure."""

import subprocess
import sys

import pytest

from daysheet.documents.barcodes import READER, barcode_in
from daysheet.formats.aamva.write import render
from tests.pictures import LICENCE, barcode, licence_picture, picture


@pytest.mark.parametrize("turned", [0, 3, -7, 14, 90, 180], ids="turned {}".format)
def test_the_code_is_read_however_the_card_lies(turned: int) -> None:
    assert barcode_in(licence_picture(turned=turned), "image/png") == render(LICENCE)


def test_a_telephones_jpeg_is_read() -> None:
    assert barcode_in(barcode(render(LICENCE), "JPEG", turned=2), "image/jpeg") == render(LICENCE)


def test_a_very_large_picture_is_made_smaller_first() -> None:
    assert barcode_in(barcode(render(LICENCE), scale=14), "image/png") == render(LICENCE)


def test_a_picture_without_a_code_and_a_pdf_say_nothing() -> None:
    assert barcode_in(picture(size=(400, 300)), "image/png") == b""
    assert barcode_in(picture(), "image/png") == b""
    assert barcode_in(b"%PDF-1.7", "application/pdf") == b""


def test_the_reader_ends_by_itself_when_it_gets_less_than_it_was_promised() -> None:
    answer = subprocess.run(
        [sys.executable, "-I", str(READER), "400", "300"], input=b"short", capture_output=True, timeout=300
    )
    assert answer.returncode != 0
    assert answer.stdout == b""
    assert barcode_in(picture(size=(1, 1)), "image/png") == b""
