"""Prior authorizations and referrals: entered, mended, ended, taken out. What is used and booked is only counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage.authorizing import followers
from daysheet.coverage.models import Authorization, Coverage
from daysheet.coverage.rules.authorizations import VISITS, fault_of_number
from daysheet.formats.x12.numbers import is_npi
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce

MOST_VISITS, LONGEST_UNIT = 999, 480


class AuthorizationIsWrong(Refusal):
    """Something of an authorization cannot be: its number, its days, how many visits, from whom."""


class NumberIsEntered(Refusal):
    """That plan's authorization of that number stands here already."""


class AuthorizationIsUnknown(Refusal):
    """No authorization or coverage of this patient has that id."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """What stands on the payer's or the clinician's paper."""

    coverage_id: UUID
    kind: str
    number: str
    from_name: str
    from_npi: str
    what_for: list[str]
    visits_approved: int | None
    starts_on: date
    ends_on: date | None
    note: str
    counted_in: str
    minutes_per_unit: int


@command(needs=Can.EDIT_COVERAGE)
def add_authorization(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    coverage_id: UUID,
    kind: str,
    number: str,
    starts_on: date,
    ends_on: date | None = None,
    visits_approved: int | None = None,
    what_for: Sequence[str] = (),
    from_name: str = "",
    from_npi: str = "",
    note: str = "",
    counted_in: str = VISITS,
    minutes_per_unit: int = 15,
) -> Authorization:
    """Enter what a plan has authorized or a clinician has referred; coming visits that it is for count under it.

    Raises AuthorizationIsWrong, AuthorizationIsUnknown or NumberIsEntered.
    """
    paper = _paper(
        patient_id, coverage_id, kind, number, from_name, from_npi, what_for, visits_approved, starts_on, ends_on, note,
        counted_in, minutes_per_unit,
    )  # fmt: skip
    with refusing(authorization_number_is_entered_once=_entered()):
        held = Authorization.objects.create(patient_id=patient_id, **_fields(paper))
    record(by, "coverage.authorization.added", held, kind=kind, visits=visits_approved, counted_in=counted_in)
    _tell(by, held)
    return held


@command(needs=Can.EDIT_COVERAGE)
def change_authorization(
    by: Actor,
    /,
    *,
    authorization_id: UUID,
    version: int,
    coverage_id: UUID,
    kind: str,
    number: str,
    starts_on: date,
    ends_on: date | None = None,
    visits_approved: int | None = None,
    what_for: Sequence[str] = (),
    from_name: str = "",
    from_npi: str = "",
    note: str = "",
    counted_in: str = VISITS,
    minutes_per_unit: int = 15,
) -> Authorization:
    """Mend an authorization, or write down that more was approved."""
    held = _held(authorization_id, version)
    paper = _paper(
        held.patient_id, coverage_id, kind, number, from_name, from_npi, what_for, visits_approved, starts_on, ends_on,
        note, counted_in, minutes_per_unit,
    )  # fmt: skip
    if kind != held.kind:
        raise AuthorizationIsWrong(
            _(
                "The kind cannot be changed: visits are counted under it. Take this one out and enter the other."
            ),
            kind=_("Cannot be changed."),
        )
    new = _fields(paper)
    changed = {
        key: [str(getattr(held, key)), str(value)]
        for key, value in new.items()
        if getattr(held, key) != value
    }
    for key, value in new.items():
        setattr(held, key, value)
    held.version += 1
    with refusing(authorization_number_is_entered_once=_entered()):
        held.save()
    record(by, "coverage.authorization.changed", held, changed=changed)
    _tell(by, held)
    return held


@command(needs=Can.EDIT_COVERAGE)
def end_authorization(
    by: Actor, /, *, authorization_id: UUID, version: int, ends_on: date, reason: str
) -> Authorization:
    """End an authorization early: `ends_on` is the first day without it. Later visits no longer count under it."""
    held = _held(authorization_id, version)
    if ends_on <= held.starts_on:
        raise AuthorizationIsWrong(
            _("It cannot end before it begins."), last_day=_("A day from its first day on.")
        )
    if not reason.strip():
        raise AuthorizationIsWrong(_("Say why it ends."), reason=_("Give a reason."))
    before, held.ends_on, held.end_reason = held.ends_on, ends_on, reason.strip()
    held.version += 1
    held.save()
    record(
        by, "coverage.authorization.ended", held, before=before, ends_on=ends_on.isoformat(), reason=reason
    )
    _tell(by, held)
    return held


@command(needs=Can.EDIT_COVERAGE)
def mark_authorization_in_error(
    by: Actor, /, *, authorization_id: UUID, version: int, reason: str
) -> Authorization:
    """Take out an authorization that was never true; the history keeps it."""
    held = _held(authorization_id, version)
    if not reason.strip():
        raise AuthorizationIsWrong(_("Say why this was never true."), reason=_("Give a reason."))
    held.entered_in_error_at = by.now
    held.version += 1
    held.save()
    record(by, "coverage.authorization.entered-in-error", held, reason=reason)
    _tell(by, held)
    return held


def _held(authorization_id: UUID, version: int) -> Authorization:
    rows = Authorization.objects.select_for_update(of=("self",)).filter(entered_in_error_at__isnull=True)
    held = rows.filter(pk=authorization_id).first()
    if held is None:
        raise AuthorizationIsUnknown(_("That authorization is not known to this office, or was taken out."))
    if held.version != version:
        raise StaleForm(_("Somebody else has changed this authorization meanwhile. Look at it again."))
    return held


def _paper(
    patient_id: UUID,
    coverage_id: UUID,
    kind: str,
    number: str,
    from_name: str,
    from_npi: str,
    what_for: Sequence[str],
    visits_approved: int | None,
    starts_on: date,
    ends_on: date | None,
    note: str,
    counted_in: str,
    minutes_per_unit: int,
) -> _Paper:
    """Return what was typed, tidied up; raise what cannot be."""
    paper = _Paper(
        coverage_id, kind, number.strip().upper(), from_name.strip(), from_npi.strip(),
        [word for word in dict.fromkeys(one.strip() for one in what_for) if word], visits_approved, starts_on, ends_on,
        note.strip(), counted_in, minutes_per_unit,
    )  # fmt: skip
    covers = Coverage.objects.filter(pk=coverage_id, patient_id=patient_id, entered_in_error_at__isnull=True)
    if not covers.exists():
        raise AuthorizationIsUnknown(
            _("That plan does not cover this patient."), coverage=_("Choose one of the plans.")
        )
    if kind not in Authorization.Kind.values:
        raise AuthorizationIsWrong(
            _("It is a prior authorization or a referral."), kind=_("Choose one of the two.")
        )
    if fault_of_number(paper.number):
        raise AuthorizationIsWrong(
            _("A number has 1 to 50 signs, and none of * ^ : ~, which part the pieces of a claim."),
            number=_("1 to 50 signs without * ^ : ~"),
        )
    if paper.from_npi and not is_npi(paper.from_npi):
        raise AuthorizationIsWrong(
            _("That NPI is not one: ten digits, the last of which checks the others."),
            from_npi=_("Check the ten digits."),
        )
    if visits_approved is not None and not 1 <= visits_approved <= MOST_VISITS:
        raise AuthorizationIsWrong(
            _("From 1 to 999 visits; leave it empty where there is no limit."), visits_approved=_("1 to 999.")
        )
    _is_counted(paper)
    if starts_on.year < 1900 or (ends_on is not None and ends_on <= starts_on):
        raise AuthorizationIsWrong(
            _("It would end before it begins. Check the two days."), last_day=_("After the first day.")
        )
    return paper


def _is_counted(paper: _Paper) -> None:
    if paper.counted_in not in Authorization.CountedIn.values:
        raise AuthorizationIsWrong(
            _("Visits, hours, days or units are counted."), counted_in=_("Choose one of the list.")
        )
    if not 1 <= paper.minutes_per_unit <= LONGEST_UNIT:
        raise AuthorizationIsWrong(
            _("A unit stands for 1 to 480 minutes."), minutes_per_unit=_("1 to 480, mostly 15.")
        )


def _fields(paper: _Paper) -> dict[str, Any]:
    return {name: getattr(paper, name) for name in _Paper.__slots__}


def _tell(by: Actor, held: Authorization) -> None:
    """Let the rooms above count coming visits anew, and the screens draw theirs."""
    for follow in followers:
        follow(by, held.patient_id)
    announce(by.practice_id, "coverage", str(held.patient_id))


def _entered() -> NumberIsEntered:
    return NumberIsEntered(
        _("That number stands here already for this plan. Change that one."), number=_("Entered already.")
    )
