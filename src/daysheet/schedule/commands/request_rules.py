"""Which kinds of visit patients may ask for from home, and what the office does with such a request."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.schedule.models import AppointmentType, SelfBooking
from daysheet.schedule.models.asking import MOST_A_DAY, MOST_MISSED

LONGEST_NOTICE = 14 * 24


class StrangeOpening(Refusal):
    """The kind of visit is not booked here, or one of the numbers cannot be."""


@command(needs=Can.MANAGE_OFFICE)
def keep_self_booking(
    by: Actor,
    /,
    *,
    type_id: UUID,
    how: str,
    called: str,
    called_es: str = "",
    most_a_day: int = 4,
    most_missed: int = 2,
    notice_hours: int = 24,
    version: int | None = None,
) -> SelfBooking:
    """Let patients ask for a kind of visit from home, and say what is done with it.

    Raises StrangeOpening, or StaleForm when somebody else has said it anew meanwhile.
    """
    if not AppointmentType.objects.filter(pk=type_id, is_active=True).exists():
        raise StrangeOpening(_("That kind of visit is not booked here any more."))
    if how not in SelfBooking.How.values:
        raise StrangeOpening(_("Choose what is done with a request."), how=_("Choose one."))
    _must_be_numbers(most_a_day=(most_a_day, 1, MOST_A_DAY), most_missed=(most_missed, 1, MOST_MISSED))
    _must_be_numbers(notice_hours=(notice_hours, 0, LONGEST_NOTICE))
    if not called.strip():
        raise StrangeOpening(_("Say how patients read it."), called=_("Write a few plain words."))
    meanwhile = _("Somebody said this anew meanwhile. Look at it again.")
    held = SelfBooking.objects.select_for_update(of=("self",)).filter(type_id=type_id).first()
    if held is None:
        held = SelfBooking(type_id=type_id, version=0)
    if version is not None and version != held.version:
        raise StaleForm(meanwhile)
    held.how, held.called, held.called_es = how, called.strip(), called_es.strip()
    held.most_a_day, held.most_missed, held.notice_hours = most_a_day, most_missed, notice_hours
    held.is_active, held.version = True, held.version + 1
    with refusing(self_booking_is_one_for_a_kind=StaleForm(meanwhile)):
        held.save()
    record(by, "schedule.self-booking.kept", held, how=how, most_a_day=most_a_day, most_missed=most_missed)
    announce(by.practice_id, "schedule")
    return held


@command(needs=Can.MANAGE_OFFICE)
def use_self_booking(by: Actor, /, *, type_id: UUID, is_active: bool) -> SelfBooking:
    """Let patients ask for a kind of visit no more, or again; what was asked for stays. Raises StrangeOpening."""
    held = SelfBooking.objects.select_for_update(of=("self",)).filter(type_id=type_id).first()
    if held is None:
        raise StrangeOpening(_("Patients could never ask for this kind of visit."))
    held.is_active, held.version = is_active, held.version + 1
    held.save(update_fields=["is_active", "version"])
    record(by, "schedule.self-booking.used", held, is_active=is_active)
    return held


def _must_be_numbers(**asked: tuple[int, int, int]) -> None:
    for name, (value, least, most) in asked.items():
        if not least <= value <= most:
            words = _("From %(least)d to %(most)d.") % {"least": least, "most": most}
            raise StrangeOpening(
                _("One of the numbers cannot be. %(words)s") % {"words": words}, **{name: words}
            )
