"""One payer's own rules as data (SNIP 7): what its companion guide asks beyond the guide of the set."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daysheet.formats.x12.problems import Problem
from daysheet.formats.x12.segment import Segment

from .view import Claim

SHIPPED = Path(__file__).parent / "profiles"
KNOWN = frozenset(("name", "payer_id", "member_id", "group_needed", "taxonomy_needed", "referral_places",
                   "authorization_codes", "most_lines", "most_diagnoses", "filing_days", "frequencies"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """What a payer asks. Empty means: nothing beyond the guide."""

    name: str
    payer_id: str
    member_id: str = ""
    group_needed: bool = False
    taxonomy_needed: bool = False
    referral_places: tuple[str, ...] = ()
    authorization_codes: tuple[str, ...] = ()
    most_lines: int = 0
    most_diagnoses: int = 0
    filing_days: int = 0
    frequencies: tuple[str, ...] = ()

    def findings(self, claim: Claim) -> Iterator[Problem]:
        """Return what a claim lacks for this payer; a claim to another payer lacks nothing."""
        payer = claim.within("2010BB")
        if payer is None or payer.segments[0][9] != self.payer_id:
            return
        person, office = claim.within("2010BA"), claim.above.office
        number = person.segments[0][9] if person else ""
        if person and self.member_id and number and not re.fullmatch(self.member_id, number):
            yield self._told(
                "member-id", "The member id does not look like this payer's.", person.segments[0], 9, "2010BA"
            )
        if self.group_needed and not claim.sbr[3]:
            yield self._told("group", "This payer wants the group number.", claim.sbr, 3, "2000B")
        if self.taxonomy_needed and office and office.first("PRV") is None:
            yield self._told(
                "taxonomy",
                "This payer wants the billing provider's taxonomy.",
                office.segments[0],
                0,
                "2000A",
            )
        if claim.place in self.referral_places and not any(inner.id == "2310A" for inner in claim.loop.loops):
            yield self._told(
                "referral", "This payer wants the referring provider at this place.", claim.clm, 5, "2300"
            )
        yield from self._lines(claim)
        if self.most_diagnoses and len(claim.diagnoses) > self.most_diagnoses:
            _, _, item, element = claim.diagnoses[self.most_diagnoses]
            yield self._told(
                "diagnoses", f"This payer reads {self.most_diagnoses} diagnoses.", item, element, "2300"
            )
        sent, served = claim.above.sent_on, claim.served_on
        if (
            self.filing_days
            and sent
            and served
            and (sent - served).days > self.filing_days
            and claim.frequency == "1"
        ):
            yield self._told(
                "filing",
                f"This payer takes claims for {self.filing_days} days after the service.",
                claim.clm,
                0,
                "2300",
            )
        if self.frequencies and claim.frequency and claim.frequency not in self.frequencies:
            yield self._told(
                "frequency", "This payer does not take this kind of sending.", claim.clm, 5, "2300"
            )

    def _lines(self, claim: Claim) -> Iterator[Problem]:
        if self.most_lines and len(claim.lines) > self.most_lines:
            at = claim.lines[self.most_lines].lx
            yield self._told("lines", f"This payer takes {self.most_lines} lines a claim.", at, 1, "2400")
        for line in claim.lines:
            wants = any(line.procedure.startswith(one) for one in self.authorization_codes)
            if wants and "G1" not in claim.refs and "G1" not in line.refs:
                yield self._told(
                    "authorization", "This payer wants a prior authorization for it.", line.sv, 1, "2400"
                )

    def _told(self, code: str, message: str, at: Segment, element: int, loop: str) -> Problem:
        value = at[element][:80] if element else ""
        return Problem(
            "error",
            f"payer.{code}",
            message,
            7,
            loop,
            at.id,
            at.position,
            element,
            value,
            f"Rule of {self.name}.",
        )


def read_profile(source: str | Path) -> Profile:
    """Return a profile by the name of one that is shipped, or from a file. Raises ValueError in a sentence."""
    file = source if isinstance(source, Path) else SHIPPED / f"{source}.toml"
    if not file.is_file():
        raise ValueError(f"There is no profile {file.name}. Shipped: {', '.join(shipped())}.")
    try:
        told: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as no:
        raise ValueError(f"{file.name} is not TOML: {no}.") from no
    if strange := sorted(set(told) - KNOWN):
        raise ValueError(f"{file.name} speaks of {strange[0]}, which a profile does not know.")
    if lacking := [name for name in ("name", "payer_id") if not isinstance(told.get(name), str)]:
        raise ValueError(f"{file.name} does not say its {lacking[0]}.")
    kept: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
    }
    if kept.get("member_id"):
        try:
            re.compile(kept["member_id"])
        except re.error as no:
            raise ValueError(f"{file.name}: member_id is no pattern: {no}.") from no
    return Profile(**kept)


def shipped() -> list[str]:
    """Return the names of the profiles that come with the library: invented payers."""
    return sorted(file.stem for file in SHIPPED.glob("*.toml"))
