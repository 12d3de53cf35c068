"""Tests that read pictures with the true program, Tesseract; in CI they fail where it is not there."""

import shutil

import pytest

needs_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract"), reason="no tesseract here: apt-get install tesseract-ocr"
)
