"""May I sit it? The entry rule of each certificate as a small tree of conditions, and its answer for one person.

The rules are the issuers' own, restated; a rule that we have not seen at the issuer says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Answer = Literal["yes", "not yet", "unknown"]


@dataclass(frozen=True, slots=True)
class Needs:
    """One condition: a thing one has (a tick), or at least so many of something (hours, years)."""

    key: str
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these."""

    of: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these is enough."""

    of: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Unseen:
    """A rule that we have not confirmed at the issuer: nobody is told yes or no."""


Rule = Needs | All | AnyOf | Unseen


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, and the conditions still open: any one group of `missing` would do."""

    answer: Answer
    missing: tuple[tuple[Needs, ...], ...] = field(default=())


ENTRY: dict[str, Rule] = {
    "cmaa": All((Needs("high_school"), AnyOf((Needs("program"), Needs("office_years"))))),
    "cehrs": All((Needs("high_school"), AnyOf((Needs("ehr_training"), Needs("ehr_years"))))),
    "cbcs": Unseen(),
    "cmas": AnyOf((All((Needs("program_hours", 720), Needs("externship_hours", 160))), Unseen())),
    "cmom": All((Needs("management_years"), Needs("management_training"))),
    "cppm": AnyOf((Needs("management_training"), Needs("management_years"))),
    "rhit": Needs("him_degree"),
}
"""By certificate. CMAA and CEHRS: NHA, guide lines 49-51 and 61-62, whose OR stands between training and experience only.
CMAS: AMT's route by training, 720 clock hours with 160 of externship; it has other routes. CMOM: guide lines 72-73.
CPPM: AAPC asks training or experience. RHIT: AHIMA, an associate degree of an accredited program."""


def may_sit(rule: Rule, has: Mapping[str, int]) -> Verdict:
    """Return whether a person who has these may sit the exam, and what is missing if not.

    `has` maps condition to a number: 1 for a tick, else years or hours. What is not named is 0.
    """
    match rule:
        case Unseen():
            return Verdict("unknown")
        case Needs(key, at_least):
            met = has.get(key, 0) >= at_least
            return Verdict("yes") if met else Verdict("not yet", ((rule,),))
        case All(of):
            return _every([may_sit(part, has) for part in of])
        case AnyOf(of):
            return _one([may_sit(part, has) for part in of])


def _every(parts: list[Verdict]) -> Verdict:
    if any(part.answer == "not yet" for part in parts):
        ways: tuple[tuple[Needs, ...], ...] = ((),)
        for part in parts:
            if part.answer == "not yet":
                ways = tuple(way + more for way in ways for more in part.missing)
        return Verdict("not yet", ways)
    return Verdict("unknown" if any(part.answer == "unknown" for part in parts) else "yes")


def _one(parts: list[Verdict]) -> Verdict:
    if any(part.answer == "yes" for part in parts):
        return Verdict("yes")
    ways = tuple(way for part in parts for way in part.missing)
    unseen = any(part.answer == "unknown" for part in parts)
    return Verdict("unknown" if unseen else "not yet", ways)
