"""A clinician runs late: it is said once, whoever it touches is told, and it ends."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.practice.models import Provider
from daysheet.schedule import lateness, messages
from daysheet.schedule.commands.telling import NobodyToWrite, _keep_back, _office_and_phone, _write_about
from daysheet.schedule.lateness import LateLine
from daysheet.schedule.models import LateTold, RunningLate
from daysheet.schedule.models.lateness import LEAST, MOST


class NotLateAnyMore(Refusal):
    """The lateness has ended, or other minutes were said meanwhile."""


class NotTouched(Refusal):
    """The visit does not wait for this clinician any more."""


@command(needs=Can.MOVE_PATIENT)
def say_late(by: Actor, /, *, provider_id: UUID, day: date, minutes: int, reason: str = "") -> RunningLate:
    """Say by how many minutes a clinician runs late on a day; what was said before ends, and all are told anew.

    Raises a refusal for minutes that cannot be, or a clinician who is not on the books.
    """
    if not LEAST <= minutes <= MOST:
        raise Refusal(
            _("Say from %(least)d to %(most)d minutes. Who comes later than that is out: use Out or closed.")
            % {"least": LEAST, "most": MOST},
            minutes=_("From %(least)d to %(most)d.") % {"least": LEAST, "most": MOST},
        )
    provider = Provider.objects.select_for_update().filter(pk=provider_id, left_on=None).first()
    if provider is None:
        raise Refusal(_("That clinician is not on the books."), who=_("Choose another."))
    for before in RunningLate.objects.filter(provider=provider, on_day=day, ended_at=None):
        _end(by, before)
    made = RunningLate.objects.create(
        provider=provider,
        on_day=day,
        minutes=minutes,
        reason=reason.strip(),
        said_at=by.now,
        said_by=by.name,
    )
    record(by, "schedule.lateness.said", made, minutes=minutes)
    _tell(by)
    return made


@command(needs=Can.MOVE_PATIENT)
def end_lateness(by: Actor, /, *, late_id: UUID) -> RunningLate:
    """Say that a clinician is in time again; messages that have not left stay here. Raises NotLateAnyMore."""
    late = _standing(late_id)
    _end(by, late)
    record(by, "schedule.lateness.ended", late)
    _tell(by)
    return late


@command(needs=Can.MOVE_PATIENT)
def take_lateness_back(by: Actor, /, *, late_id: UUID) -> RunningLate | None:
    """Take back that a clinician runs late: the minutes that were said before it hold again; return them, if any.

    Who was to hear of those by a message that has stayed here is told anew. Raises NotLateAnyMore.
    """
    late = _standing(late_id)
    same = RunningLate.objects.filter(provider=late.provider, on_day=late.on_day, ended_at=late.said_at)
    before = same.select_for_update(of=("self",)).filter(pk__lt=late.pk).order_by("-pk").first()
    _end(by, late)
    if before is not None:
        before.ended_at, before.ended_by = None, ""
        before.save(update_fields=["ended_at", "ended_by"])
        before.told.filter(envelope__state="stopped").delete()
    record(by, "schedule.lateness.taken-back", late, again=before.minutes if before else 0)
    _tell(by)
    return before


@command(needs=Can.BOOK_APPOINTMENT)
def note_told(by: Actor, /, *, late_id: UUID, appointment_id: UUID) -> LateTold:
    """Note that a patient knows, at the desk or on the telephone. Raises NotLateAnyMore or NotTouched."""
    late = _standing(late_id)
    visit = lateness.touched(late, by.now).filter(pk=appointment_id).first()
    if visit is None:
        raise NotTouched(_("This visit does not wait any more. Look at the list again."))
    said = {"how": LateTold.How.SAID, "at": by.now, "by": by.name}
    made, is_new = LateTold.objects.get_or_create(late=late, appointment=visit, defaults=said)
    if not is_new and made.envelope is not None and made.envelope.came_back:
        made.how, made.at, made.by, made.envelope = LateTold.How.SAID, by.now, by.name, None
        made.save(update_fields=["how", "at", "by", "envelope"])
    record(by, "schedule.lateness.told", made, patients=[visit.patient_id])
    announce(by.practice_id, "lateness")
    return made


@command(needs=Can.BOOK_APPOINTMENT)
def write_lateness(by: Actor, /, *, late_id: UUID) -> int:
    """Write to everybody who may be written to and does not know yet; return how many.

    The messages wait three minutes, so that a slip can be taken back by ending the lateness.
    Raises NotLateAnyMore or NobodyToWrite.
    """
    late = _standing(late_id)
    found = lateness.writable(lateness.lines(late, by.now))
    if not found:
        raise NobodyToWrite(_("Nobody is left who may be written to. Call the others."))
    for line in found:
        assert line.way is not None  # who cannot be written to is not among them
        sent = _write_about(
            by, line.visit, line.way, _words(late, line), subject=late, until=line.visit.starts_at
        )
        LateTold.objects.create(
            late=late,
            appointment=line.visit,
            how=LateTold.How.MESSAGE,
            envelope=sent,
            at=by.now,
            by=by.name,
        )
    record(
        by,
        "schedule.lateness.written",
        late,
        patients=[line.visit.patient_id for line in found],
        messages=len(found),
    )
    announce(by.practice_id, "lateness")
    return len(found)


def _words(late: RunningLate, line: LateLine) -> messages.Words:
    place = line.visit.location
    office, phone = _office_and_phone(place)
    facts = messages.LateFacts(
        office=office,
        phone=phone,
        minutes=late.minutes,
        at=line.visit.starts_at.astimezone(place.zone),
        expected=line.expected_at.astimezone(place.zone),
    )
    return messages.late(facts, messages.spoken(line.visit.patient.language))


def _standing(late_id: UUID) -> RunningLate:
    rows = RunningLate.objects.select_for_update(of=("self",)).select_related("provider")
    found = rows.filter(pk=late_id, ended_at=None).first()
    if found is None:
        raise NotLateAnyMore(
            _("This has ended, or other minutes were said meanwhile. Look at the list again.")
        )
    return found


def _end(by: Actor, late: RunningLate) -> None:
    _keep_back(by, late.told.filter(envelope__state="queued").values_list("envelope_id", flat=True))
    late.ended_at, late.ended_by = by.now, by.name
    late.save(update_fields=["ended_at", "ended_by"])


def _tell(by: Actor) -> None:
    announce(by.practice_id, "lateness")
    announce(by.practice_id, "visits")
