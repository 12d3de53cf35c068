"""The office's own addresses for visits by video, and the one of a single visit."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.practice.models import Provider
from daysheet.schedule.meetings import line_of
from daysheet.schedule.models import Appointment, AppointmentMeeting, MeetingAddress
from daysheet.schedule.remote import VIDEO, is_address, is_pattern


class AddressIsUnsound(Refusal):
    """That is no secure address of a meeting, or names what is not on the books."""


class NotByVideo(Refusal):
    """The appointment is not by video, or does not stand."""


@command(needs=Can.MANAGE_OFFICE)
def set_meeting_address(by: Actor, /, *, pattern: str, provider_id: UUID | None = None) -> MeetingAddress:
    """Say at which address a clinician, or everybody, meets patients by video; said again, it is replaced.

    Raises AddressIsUnsound.
    """
    text = pattern.strip()
    if not is_pattern(text):
        sentence = _("An address begins with https:// and leaves open only {room} and {clinician}.")
        raise AddressIsUnsound(sentence, pattern=_("Such as https://meet.example.org/{room}"))
    whose = Provider.objects.filter(pk=provider_id).first() if provider_id else None
    if provider_id is not None and whose is None:
        raise AddressIsUnsound(
            _("That clinician is not on the list."), provider_id=_("Choose one of the list.")
        )
    before = MeetingAddress.objects.select_for_update().filter(provider=whose).first()
    held, _is_new = MeetingAddress.objects.update_or_create(
        provider=whose,
        defaults={"pattern": text, "version": before.version + 1 if before else 1},
    )
    record(by, "schedule.meeting-address.set", held, before=before.pattern if before else "", after=text)
    return held


@command(needs=Can.MANAGE_OFFICE)
def drop_meeting_address(by: Actor, /, *, address_id: UUID) -> None:
    """Let a pattern go; visits that have no link of their own have none then."""
    held = MeetingAddress.objects.select_for_update().get(pk=address_id)
    record(by, "schedule.meeting-address.dropped", held, before=held.pattern)
    held.delete()


@command(needs=Can.BOOK_APPOINTMENT)
def set_meeting_link(by: Actor, /, *, appointment_id: UUID, link: str) -> Appointment:
    """Type the address of one visit by video; an empty one goes back to the office's pattern.

    Raises NotByVideo or AddressIsUnsound.
    """
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("type")
    found = rows.filter(pk=appointment_id).first()
    if found is None or found.type.mode != VIDEO or found.booking != "scheduled":
        raise NotByVideo(_("Only a visit by video that still stands has a link."))
    text = link.strip()
    if text and not is_address(text):
        raise AddressIsUnsound(
            _("That is no address of a meeting. It begins with https:// and has no blanks."),
            link=_("Begins with https://"),
        )
    had = AppointmentMeeting.objects.filter(appointment=found).exists()
    if text:
        AppointmentMeeting.objects.update_or_create(
            appointment=found, defaults={"link": text, "set_at": by.now, "set_by": by.name}
        )
    else:
        AppointmentMeeting.objects.filter(appointment_id__in=line_of(found)).delete()
    # the address is a key to the visit: the diary says that it was typed, not what
    record(by, "schedule.meeting.set", found, patients=[found.patient_id], was_typed=had, is_typed=bool(text))
    announce(by.practice_id, "schedule", str(found.pk))
    return found
