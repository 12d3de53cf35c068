"""What the day board and the check-in say of a patient's own check-in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.frontdesk.beside import Sign
from daysheet.portal import queries
from daysheet.portal.models import SelfCheckIn
from daysheet.portal.rules import ALSO_VISITS, GUARDIAN

STOPPED_AFTER = timedelta(minutes=2)
State = SelfCheckIn.State


def signs(
    visit_ids: Sequence[UUID], appointment_ids: Sequence[UUID], now: datetime
) -> dict[UUID, list[Sign]]:
    """Return what to say by visit and by appointment: one statement."""
    found: dict[UUID, list[Sign]] = {}
    for row in queries.of_the_day(visit_ids, appointment_ids):
        told = None if queries.is_in_car(row) else said_of(row, now)  # of the car the line tells the board
        said = [sign for sign in (None if row.is_brought else barred(row), told) if sign]
        if said:
            others = [UUID(one) for one in row.said.get(ALSO_VISITS, [])]
            found |= {one: said for one in (row.visit_id, row.appointment_id, *others) if one}
    return found


def barred(row: SelfCheckIn) -> Sign | None:
    """Return the mark for a child with somebody who may not bring it; None where nobody such was named."""
    name = row.said.get(GUARDIAN, {}).get("barred", "")
    if not name:
        return None
    words = _("%(who)s may not bring the child") % {"who": name}
    return Sign("stop", words, reverse("portal:watch", args=[row.pk]))


def said_of(row: SelfCheckIn, now: datetime) -> Sign | None:
    """Return what is said of one own check-in; None where there is nothing to say."""
    tone, words = _words(row, now)
    return Sign(tone, words, reverse("portal:watch", args=[row.pk])) if words else None


def _words(row: SelfCheckIn, now: datetime) -> tuple[str, str]:
    at = {"n": row.number, "of": len(row.steps)}
    if queries.is_in_car(row):
        return ("attention", _("Waits in the car"))
    if row.waits_in_car:
        return ("active", _("Called in from the car"))
    if row.state == State.HELPED:
        by = row.helped_by
        return ("active", _("%(who)s helps") % {"who": by}) if by else ("attention", _("Asks for the desk"))
    if row.state == State.DOING:
        if row.seen_at and now - row.seen_at > STOPPED_AFTER:
            return ("attention", _("Stopped at %(n)d of %(of)d") % at)
        where = _("On the phone, %(n)d of %(of)d") if row.is_phone else _("On the kiosk, %(n)d of %(of)d")
        return ("active", where % at)
    if row.state == State.FINISHED:
        return ("done", _("Did the steps alone"))
    if row.state == State.OFFERED and row.code and row.code_until and row.code_until > now:
        return ("neutral", _("Has a code"))
    return ("", "")
