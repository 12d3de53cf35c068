"""A clinician runs late: it is said once, whoever it touches is told, and it ends."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.mailroom import commands as mailroom
from daysheet.practice.models import Office, Provider
from daysheet.schedule import lateness, messages
from daysheet.schedule.lateness import LateLine
from daysheet.schedule.models import LateTold, RunningLate
from daysheet.schedule.models.lateness import LEAST, MOST
from daysheet.schedule.reminding import GRACE


class NotLateAnyMore(Refusal):
    """The lateness has ended, or other minutes were said meanwhile."""


class NobodyToWrite(Refusal):
    """Nobody is left whom a message may reach."""


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


@command(needs=Can.BOOK_APPOINTMENT)
def note_told(by: Actor, /, *, late_id: UUID, appointment_id: UUID) -> LateTold:
    """Note that a patient knows, at the desk or on the telephone. Raises NotLateAnyMore or NotTouched."""
    late = _standing(late_id)
    visit = lateness.touched(late, by.now).filter(pk=appointment_id).first()
    if visit is None:
        raise NotTouched(_("This visit does not wait any more. Look at the list again."))
    made, _is_new = LateTold.objects.get_or_create(
        late=late, appointment=visit, defaults={"how": LateTold.How.SAID, "at": by.now, "by": by.name}
    )
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
    office = Office.objects.first()
    for line in found:
        _write(by, late, line, office)
    record(
        by,
        "schedule.lateness.written",
        late,
        patients=[line.visit.patient_id for line in found],
        messages=len(found),
    )
    announce(by.practice_id, "lateness")
    return len(found)


def _write(by: Actor, late: RunningLate, line: LateLine, office: Office | None) -> None:
    place = line.visit.location
    facts = messages.LateFacts(
        office=office.legal_name if office else place.name,
        phone=place.phone or (office.phone if office else ""),
        minutes=late.minutes,
        at=_there(line.visit.starts_at, place),
        expected=_there(line.expected_at, place),
    )
    language = messages.spoken(line.visit.patient.language)
    told: dict[str, Any] = {
        "subject": late,
        "patient_ids": [line.visit.patient_id],
        "not_before": by.now + GRACE,
        "not_after": line.visit.starts_at,
    }
    if line.way == "email":
        subject_line, text = messages.late_email(facts, language)
        sent = mailroom.post_email(by, to=line.address, subject_line=subject_line, text=text, **told)
    else:
        text = messages.late_sms(facts, language)
        sent = mailroom.post_text(by, channel=line.way, to=line.address, text=text, **told)
    LateTold.objects.create(
        late=late, appointment=line.visit, how=LateTold.How.MESSAGE, envelope=sent, at=by.now, by=by.name
    )


def _there(at: datetime, place: Any) -> datetime:
    return at.astimezone(place.zone)


def _standing(late_id: UUID) -> RunningLate:
    rows = RunningLate.objects.select_for_update(of=("self",)).select_related("provider")
    found = rows.filter(pk=late_id, ended_at=None).first()
    if found is None:
        raise NotLateAnyMore(
            _("This has ended, or other minutes were said meanwhile. Look at the list again.")
        )
    return found


def _end(by: Actor, late: RunningLate) -> None:
    waiting = late.told.filter(envelope__state="queued").values_list("envelope_id", flat=True)
    for envelope_id in filter(None, waiting):
        try:
            mailroom.stop_envelope(by, envelope_id=envelope_id)
        except mailroom.CannotBeStopped:
            continue  # it is leaving at this moment: the patient comes later than needed, and is seen
    late.ended_at, late.ended_by = by.now, by.name
    late.save(update_fields=["ended_at", "ended_by"])


def _tell(by: Actor) -> None:
    announce(by.practice_id, "lateness")
    announce(by.practice_id, "visits")
