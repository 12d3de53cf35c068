"""Advance notices to patients of original Medicare (ABN, form CMS-R-131): until when one speaks, which modifiers follow.

Sources: CMS Pub. 100-04 (Medicare Claims Processing Manual), chapter 30, section 50: when a notice is due, that it is
given and signed before the service, its three options, one year at most for a repeated service. 42 CFR 411.404 and
411.408: who pays when Medicare does not. Modifiers GA, GX, GY, GZ: the same manual, chapter 30, section 50 and
chapter 23; CMS change request 6563 (GA for a notice that was due, GX for one by courtesy).
"""

from dataclasses import dataclass
from datetime import date

SOURCE = "CMS Pub. 100-04, chapter 30, section 50"
NOT_NECESSARY, NEVER_PAID = "not_necessary", "never_paid"
BILL, NO_BILL, NOT_WANTED = "1", "2", "3"
NOTICE_MODIFIERS = frozenset({"GA", "GX", "GY", "GZ"})
EDITION_ENDED, EDITION_TAKEN_UNTIL, NEXT_ENDS = date(2026, 1, 31), date(2026, 5, 12), date(2029, 3, 31)
"""The form that we print expired on the first day and could be used until the second; the next one is good to the third.

Source: announcements of the next edition in public (bmdllc.com and others, spring 2026); CMS's page was not at hand.
"""
ONLY_ORIGINAL = (
    "Only original Medicare knows this notice. A Medicare Advantage plan decides itself before the service: ask the plan "
    "(42 CFR 422.566); no other plan takes it."
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as the rules look at it."""

    code: str
    why: str
    service_on: date
    expires_on: date
    option: str = ""
    signed_on: date | None = None

    def speaks_for(self, code: str, day: date) -> bool:
        """Return whether it is about a procedure of a day."""
        return self.code != "" and self.code == code and self.service_on <= day < self.expires_on


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a notice means for a charge: the modifiers, whether Medicare is billed, and why."""

    modifiers: tuple[str, ...]
    is_billed: bool
    sentence: str
    is_wanted: bool = True


def edition_is_over(day: date) -> bool:
    """Return whether a notice that is signed on a day must be on the next edition of the form, which we do not print."""
    return day > EDITION_TAKEN_UNTIL


def year_after(day: date) -> date:
    """Return the first day that a notice no longer speaks for: a year after its first."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # the leap day
        return date(day.year + 1, 3, 1)


def proposal_of(notice: Notice) -> Proposal:
    """Return what a notice means for the charges that it speaks for."""
    if notice.signed_on is None:
        if notice.why == NEVER_PAID:
            return Proposal(
                ("GY",), is_billed=True, sentence="Medicare never pays for it, and no notice is signed."
            )
        return Proposal(
            ("GZ",),
            is_billed=True,
            sentence="The notice was not signed: the patient cannot be asked to pay for it.",
        )
    if notice.option == NO_BILL:
        return Proposal(
            (),
            is_billed=False,
            sentence="Option 2: the patient wants it and Medicare is not billed. The patient pays.",
        )
    if notice.option == NOT_WANTED:
        return Proposal(
            (),
            is_billed=False,
            sentence="Option 3: the patient did not want it. Take the line off the slip.",
            is_wanted=False,
        )
    if notice.why == NEVER_PAID:
        return Proposal(
            ("GX", "GY"),
            is_billed=True,
            sentence="Option 1: Medicare never pays for it and is asked for a decision.",
        )
    return Proposal(
        ("GA",), is_billed=True, sentence="Option 1: the notice is signed, and Medicare is asked."
    )


def missing(proposal: Proposal, modifiers: tuple[str, ...]) -> list[str]:
    """Return which of the proposed modifiers a charge does not carry."""
    return [one for one in proposal.modifiers if one not in modifiers]


def wrong(proposal: Proposal, modifiers: tuple[str, ...]) -> list[str]:
    """Return which modifiers of notices a charge carries that do not follow from its notice."""
    return [one for one in modifiers if one in NOTICE_MODIFIERS and one not in proposal.modifiers]
