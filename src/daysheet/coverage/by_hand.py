"""Which authorization a visit counts under where a clerk says so: another than the one worked out, or none with a reason.

`by_hand` of an appointment or a visit holds the kinds that were said by hand, each with the reason where it is none;
`by_hand_before` what stood before the last word, so that it can be taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import authorizing
from daysheet.coverage.authorizing import Under
from daysheet.coverage.models import Authorization
from daysheet.coverage.rules.authorizations import Grant
from daysheet.kernel.errors import Refusal

FIELDS = {"prior": "authorization_id", "referral": "referral_id"}
LONGEST = 200


class NotForThisVisit(Refusal):
    """It is another patient's, was taken out, or does not hold the day; or none is said without a reason."""


class Counted(Protocol):
    """An appointment or a visit, as far as it counts under something."""

    authorization_id: UUID | None
    referral_id: UUID | None
    by_hand: dict[str, str]
    by_hand_before: dict[str, Any] | None


class Papered(Protocol):
    """An appointment or a visit with what it counts under at hand."""

    authorization: Authorization | None
    referral: Authorization | None


@dataclass(frozen=True, slots=True)
class HandChoice:
    """What a clerk said of one kind: this authorization, or none and why."""

    kind: str
    authorization_id: UUID | None = None
    because: str = ""


def said_by_hand(
    patient_id: UUID,
    day: date,
    *,
    authorization_id: UUID | None = None,
    none_of: str = "",
    because: str = "",
    case: UUID | None = None,
) -> HandChoice | None:
    """Return what a clerk said; None where it is to be worked out. `case`: as in `authorizing.under`.

    Raises NotForThisVisit.
    """
    why = because.strip()[:LONGEST]
    if authorization_id is not None:
        held = authorizing.authorization(authorization_id)
        if held is None or held.patient_id != patient_id or not authorizing.grant_of(held).holds(day):
            sentence = _("That one does not hold the day of this visit. Choose another.")
            raise NotForThisVisit(sentence, paper=_("Choose one of these."))
        if not authorizing.grant_of(held).pays(day, case):
            sentence = _("Its plan does not pay for this visit. Choose one of the plan that does.")
            raise NotForThisVisit(sentence, paper=_("Choose one of these."))
        return HandChoice(held.kind, held.pk)
    if not none_of:
        return None
    if none_of not in FIELDS:
        raise NotForThisVisit(
            _("It is a prior authorization or a referral."), paper=_("Choose one of these.")
        )
    if not why:
        sentence = _("Say why the visit counts under none, such as: the plan needs none for this visit.")
        raise NotForThisVisit(sentence, because=sentence)
    return HandChoice(none_of, None, why)


def fields_after(row: Counted, choice: HandChoice | None, told: Under) -> dict[str, Any]:
    """Return the fields of an appointment or visit after a clerk's word; `told` is what is worked out."""
    fields: dict[str, Any] = told._asdict()
    if choice is None:
        return fields | {"by_hand": {}, "by_hand_before": standing(row)}
    fields = {name: getattr(row, name) for name in FIELDS.values()}
    fields[FIELDS[choice.kind]] = choice.authorization_id
    return fields | {"by_hand": {**row.by_hand, choice.kind: choice.because}, "by_hand_before": standing(row)}


def fields_before(row: Counted, day: date) -> dict[str, Any]:
    """Return the fields as they stood before the last word. Raises NotForThisVisit where one of them holds no more."""
    if row.by_hand_before is None:
        raise NotForThisVisit(_("Nothing was said by hand that could be taken back."))
    before = row.by_hand_before
    ids = {name: UUID(before[name]) if before[name] else None for name in FIELDS.values()}
    for pk in filter(None, ids.values()):
        held = authorizing.authorization(pk)
        if held is None or not authorizing.grant_of(held).holds(day):
            raise NotForThisVisit(
                _("What it counted under before does not hold the day any more. Choose anew.")
            )
    return {**ids, "by_hand": before["by_hand"], "by_hand_before": None}


def kept(
    row: Counted, grants: Mapping[UUID, Grant], day: date, told: Under, case: UUID | None = None
) -> tuple[Under, dict[str, str]]:
    """Return what a visit counts under when its authorizations change, or who pays for it.

    What was said by hand stays while it holds the day and its plan pays.
    """
    ids, by_hand = told._asdict(), dict(row.by_hand)
    for kind in row.by_hand:
        name = FIELDS[kind]
        old = getattr(row, name)
        if old is None or (old in grants and grants[old].holds(day) and grants[old].pays(day, case)):
            ids[name] = old
        else:
            del by_hand[kind]
    return Under(**ids), by_hand


def standing(row: Counted) -> dict[str, Any]:
    """Return what stands now, as it is kept for taking back."""
    return {name: str(getattr(row, name) or "") for name in FIELDS.values()} | {"by_hand": row.by_hand}


def papers_of(row: Papered) -> list[Authorization]:
    """Return what an appointment or a visit counts under, without one that was taken out."""
    return [one for one in (row.authorization, row.referral) if one and one.entered_in_error_at is None]


def words_of(row: Counted) -> list[str]:
    """Return what was said by hand, in words."""
    labels = dict(Authorization.Kind.choices)
    said = []
    for kind, because in row.by_hand.items():
        what = str(labels[kind]).lower()
        if getattr(row, FIELDS[kind]) is None:
            said.append(_("Under no %(what)s, said by hand: %(why)s") % {"what": what, "why": because})
        else:
            said.append(_("The %(what)s was chosen by hand.") % {"what": what})
    return said


def set_on(row: Any, fields: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """Set on a visit or an appointment what it counts under; return which fields to save, and what the diary says."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    told = {name: str(fields[name] or "") for name in FIELDS.values()}
    return [*(name.removesuffix("_id") for name in fields), "version"], told
