"""The colours of the product, measured: text on every ground it may stand on."""

import re
from itertools import product

import pytest

from daysheet.ui.assets import STATIC

CSS = (STATIC / "src" / "tokens.css").read_text()
PAIRS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)
}
GROUNDS = ("page", "surface", "sunken", "selected")
TONES = ("neutral", "active", "done", "attention", "stop", "hold")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), [*product(["text", "muted", "primary", "danger"], GROUNDS)])
def test_words_are_readable_on_every_ground(ink: str, ground: str, theme: int) -> None:
    assert contrast(PAIRS[ink][theme], PAIRS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("tone", TONES)
def test_a_state_is_readable_on_its_tint(tone: str, theme: int) -> None:
    assert contrast(PAIRS[tone][theme], PAIRS[f"{tone}-tint"][theme]) >= 7


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("line", "ground"), [*product(["outline", "focus", *(f"plot-{n}" for n in range(1, 7))], GROUNDS)]
)
def test_lines_that_carry_meaning_are_seen_on_every_ground(line: str, ground: str, theme: int) -> None:
    assert contrast(PAIRS[line][theme], PAIRS[ground][theme]) >= 3


def test_a_browser_without_light_dark_gets_the_same_light_colours() -> None:
    plain = dict(re.findall(r"--([\w-]+): (#\w{6});", CSS.split("@supports")[0]))
    assert {name: light for name, (light, _dark) in PAIRS.items()}.items() <= plain.items()
