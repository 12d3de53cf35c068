"""What a payer wants on the claim of a visit by video or phone: place of service and modifier. Pure."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

TELEHEALTH_MODIFIERS = ("95", "93", "GT", "GQ", "FQ")
TELEHEALTH_PLACES = ("02", "10")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The two places of service, the modifier, and where that stands written."""

    at_home: str
    elsewhere: str
    modifier: str
    source: str

    def place(self, *, is_at_home: bool | None) -> str:
        """Return the place of service; where nobody asked, the patient is taken to have been at home."""
        return self.elsewhere if is_at_home is False else self.at_home


def shipped(mode: str, filing_code: str) -> Wanted:
    """Return what is shipped for a way of visit and a claim filing code."""
    rules = [rule for rule in _table() if rule.mode == mode]
    named = (rule for rule in rules if filing_code and filing_code in rule.filing)
    return next(named, None) or next(rule for rule in rules if not rule.filing)


def to_add(wanted: Wanted, modifiers: Sequence[str]) -> list[str]:
    """Return the modifier that a line lacks."""
    return [wanted.modifier] if wanted.modifier and wanted.modifier not in modifiers else []


def to_take_off(wanted: Wanted, modifiers: Sequence[str]) -> list[str]:
    """Return the modifiers of telehealth on a line that the payer does not want there."""
    return [one for one in modifiers if one in TELEHEALTH_MODIFIERS and one != wanted.modifier]


@dataclass(frozen=True, slots=True)
class _Rule(Wanted):
    mode: str
    filing: tuple[str, ...]


@cache
def _table() -> tuple[_Rule, ...]:
    text = resources.files("daysheet.coverage").joinpath("telehealth.toml").read_text("utf-8")
    return tuple(
        _Rule(
            row["at_home"],
            row["elsewhere"],
            row["modifier"],
            row["source"],
            row["mode"],
            tuple(row["filing"]),
        )
        for row in tomllib.loads(text)["rule"]
    )
