"""How authorizations and referrals stand on the page: counts in words, a bar, what to be warned of."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.coverage import authorizing, queries
from daysheet.coverage.models import Authorization, Coverage
from daysheet.coverage.rules.authorizations import VISITS, Grant, Number, Warned, chosen, warnings_of

COUNTED = dict(Authorization.CountedIn.choices)


@dataclass(frozen=True, slots=True)
class Granted:
    """An authorization as the panel shows it."""

    held: Authorization
    grant: Grant
    counts: str
    days: str
    marks: tuple[tuple[str, str], ...]
    """Tone (with its icon) and words."""

    @property
    def taken(self) -> Number:
        """Return how much of the bar is full."""
        return min(self.grant.counts.used + self.grant.counts.booked, self.grant.approved or 0)


def granted(rows: Iterable[Authorization], today: date) -> list[Granted]:
    """Return authorizations with their counts: one statement of each room that counts, for any number."""
    held = list(rows)
    grants = authorizing.counted(held, today)
    return [
        Granted(one, grant, counts_in_words(grant), _days(one), _marks(grant, today))
        for one, grant in zip(held, grants, strict=True)
    ]


def counts_in_words(grant: Grant) -> str:
    """Return such as "8 of 12 used, 2 booked, 2 left", with "hours" in front where no visits are counted."""
    used, booked = (plain(one) for one in grant.counts)
    what = "" if grant.counted_in == VISITS else f"{COUNTED[grant.counted_in]}: "
    if grant.approved is None:
        return what + _("%(used)s used, %(booked)s booked, no limit") % {"used": used, "booked": booked}
    left = plain(max(0, grant.left or 0))
    said = {"used": used, "approved": grant.approved, "booked": booked, "left": left}
    return what + _("%(used)s of %(approved)s used, %(booked)s booked, %(left)s left") % said


def plain(number: Number) -> str:
    """Return a number without zeros at its end: 3.25, 4."""
    return f"{Decimal(number).normalize():f}"


def hints(
    patient_id: UUID,
    day: date,
    words: Sequence[str],
    *,
    today: date,
    under: Sequence[UUID | None] = (),
    by_hand: Collection[str] = (),
    case: UUID | None = None,
) -> list[str]:
    """Return what a clerk should know before a visit of a day: what its plan needs, what is nearly used up.

    `under` is what the visit counts under already, `by_hand` the kinds of which a clerk has said it: where that is none,
    nothing more is said. `case`: as in `authorizing.under`. Nothing of it keeps a patient from being booked or seen.
    """
    held = None if case else queries.coverage_on(patient_id, day)
    everything = authorizing.ALL_OF_PATIENT(patient=patient_id)
    rows = [one for one in everything if authorizing.grant_of(one).holds(day)]
    grants = authorizing.counted(rows, today)
    said = []
    for kind, is_needed in (
        (Authorization.Kind.PRIOR, held is not None and held.plan.needs_authorization),
        (Authorization.Kind.REFERRAL, held is not None and held.plan.needs_referral),
    ):
        own = next((one for one in grants if one.id in under and one.kind == kind), None)
        if own is None and kind in by_hand:
            continue
        found = own or chosen(grants, kind, day, words, case)
        if found is None and held is not None and is_needed:
            said.append(_missing(kind, held, day))
        elif found is not None and (marks := _marks(found, today)):
            number = next(one.number for one in rows if one.pk == found.id)
            said.append(f"{kind.label} {number}: " + "; ".join(word for _tone, word in marks))
    return said


def _missing(kind: Authorization.Kind, held: Coverage, day: date) -> str:
    told = {"plan": held.plan.name, "day": _day(day)}
    if kind == Authorization.Kind.PRIOR:
        return (
            _("%(plan)s needs a prior authorization, and none covers %(day)s. Ask the plan for one.") % told
        )
    return (
        _("%(plan)s needs a referral, and none covers %(day)s. Ask the patient's own doctor for one.") % told
    )


def _marks(grant: Grant, today: date) -> tuple[tuple[str, str], ...]:
    return tuple(_mark(kind, grant) for kind in warnings_of(grant, today))


def _mark(kind: Warned, grant: Grant) -> tuple[str, str]:
    if kind in ("overbooked", "few_left", "used_up") and grant.counted_in != VISITS:
        return _mark_of_units(kind, grant)
    left, last = int(grant.left or 0), grant.ends_on and _day(grant.ends_on - timedelta(days=1))
    if kind == "overbooked":
        return "stop", ngettext("%(n)s visit too many", "%(n)s visits too many", -left) % {"n": -left}
    if kind == "few_left":
        return "attention", ngettext("%(n)s visit left", "%(n)s visits left", left) % {"n": left}
    if kind == "ends_soon":
        return "attention", _("ends on %(day)s") % {"day": last}
    if kind == "ended":
        return "stop", _("ended on %(day)s") % {"day": last}
    if kind == "not_yet":
        return "neutral", _("begins on %(day)s") % {"day": _day(grant.starts_on)}
    return "stop", _("no visit left")


def _mark_of_units(kind: Warned, grant: Grant) -> tuple[str, str]:
    left: Number = grant.left or 0
    told = {"n": plain(left if left >= 0 else -left), "what": str(COUNTED[grant.counted_in])}
    if kind == "overbooked":
        return "stop", _("%(n)s %(what)s too many") % told
    if kind == "few_left":
        return "attention", _("%(n)s %(what)s left") % told
    return "stop", _("no %(what)s left") % told


def _days(held: Authorization) -> str:
    if held.ends_on is None:
        return _("from %(day)s, no end") % {"day": _day(held.starts_on)}
    last = held.ends_on - timedelta(days=1)
    return _("%(first)s to %(last)s") % {"first": _day(held.starts_on), "last": _day(last)}


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
