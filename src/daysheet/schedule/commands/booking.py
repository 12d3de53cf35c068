"""Booking: promise a time, move it, take the promise back."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, cases
from daysheet.coverage import commands as coverage
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.mailroom import queries as mail
from daysheet.schedule import followers
from daysheet.schedule.commands.asked import NotOnTheBooks, There, _on_the_books
from daysheet.schedule.commands.authorizing import _count_as_before, count_appointment_under
from daysheet.schedule.commands.billing import _billed_as_before, bill_to_patient
from daysheet.schedule.commands.confirming import _confirm, _confirm_as_before, _is_to_be_confirmed
from daysheet.schedule.commands.keeping import _mind_blocks, _mind_hours, _mind_maximum
from daysheet.schedule.commands.offers_gone import (
    _ask_again,
    _end_offers_not_before,
    _let_offers_go,
    _wait_as_before,
    _wait_for_earlier,
    _wait_with,
)
from daysheet.schedule.commands.promising import (
    ResourceTaken,
    RoomTaken,
    SlotTaken,
    _choose,
    _hold,
    _hold_again,
    _interpreters_of,
    _kinds_of,
    _lane,
    _release,
)
from daysheet.schedule.commands.reminders_gone import _let_reminders_go
from daysheet.schedule.commands.restricting import _mind_rules
from daysheet.schedule.commands.telling import _keep_back
from daysheet.schedule.models import Appointment, SeriesVisit
from daysheet.schedule.rules import LONGEST, SHORTEST


class SlotIsPast(Refusal):
    """The time has already gone by."""


class PatientIsElsewhere(Refusal):
    """The patient already has an appointment in that time."""


class StrangeLength(Refusal):
    """The visit is too short, too long, or does not begin on a whole minute."""


@command(needs=Can.BOOK_APPOINTMENT)
def book_appointment(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    provider_id: UUID,
    location_id: UUID,
    type_id: UUID,
    starts_at: datetime,
    minutes: int | None = None,
    room_id: UUID | None = None,
    reason: str = "",
    is_walk_in: bool = False,
    also_needs: Sequence[UUID] = (),
    overbook_reason: str = "",
    limit_reason: str = "",
    block_reason: str = "",
    hours_reason: str = "",
    confirm_by_email: bool = False,
    case_id: UUID | None = None,
    counts_under: Mapping[str, Any] | None = None,
    pays_self: bool = False,
    instead_of: Appointment | None = None,
) -> Appointment:
    """Promise to a patient a clinician's time with all that the visit needs, and a room where one is named.

    `also_needs` are kinds of resource beyond those of the type, such as an interpreter; `counts_under` is what a clerk
    says of authorizations, as `count_appointment_under` takes it; `instead_of` is the one that is moved. Raises
    SlotIsPast, OutsideHours, StrangeLength or NotOnTheBooks; NeedsReason when the type is not meant for the patient,
    NotGivenBy when not given by the clinician; what a case of injury refuses; and SlotTaken, RoomTaken, ResourceTaken
    or PatientIsElsewhere when the time is promised. With a reason it is booked over another visit where a rule lets
    it: NoRuleForIt, LanesAreFull; into kept time: TimeIsKept; or outside the hours: OutsideHours.
    """
    if starts_at < by.now and not is_walk_in:
        raise SlotIsPast("That time has already gone by. Choose a later one.")
    there = _on_the_books(patient_id, provider_id, location_id, type_id, room_id)
    ends_at = _end(starts_at, there.minutes if minutes is None else minutes)
    day = local_day(starts_at, there.zone)
    where: dict[str, Any] = {"provider_id": provider_id, "location_id": location_id}
    where |= {"starts_at": starts_at, "ends_at": ends_at}
    was = _why_before(instead_of, type_id, provider_id)
    appointment = _promise(
        by,
        there,
        also_needs,
        overbook_reason.strip(),
        **where,
        patient_id=patient_id,
        room_id=room_id,
        type_id=type_id,
        on_day=day,
        hours_reason="" if is_walk_in else _mind_hours(by, day, hours_reason.strip(), instead_of, **where),
        limit_reason=_mind_rules(by, there, patient_id, day, limit_reason, was, is_walk_in=is_walk_in),
        block_reason=block_reason.strip(),
        instead_of=instead_of,
        is_walk_in=is_walk_in,
        reason=reason.strip(),
    )
    _hang_on(by, appointment, case_id, counts_under, pays_self=pays_self)
    return _write_down(by, appointment, instead_of, confirm=confirm_by_email)


@command(needs=Can.BOOK_APPOINTMENT)
def move_appointment(
    by: Actor,
    /,
    *,
    appointment_id: UUID,
    version: int | None,
    starts_at: datetime,
    provider_id: UUID | None = None,
    location_id: UUID | None = None,
    type_id: UUID | None = None,
    room_id: UUID | None = None,
    minutes: int | None = None,
    reason: str = "",
    also_needs: Sequence[UUID] | None = None,
    overbook_reason: str = "",
    limit_reason: str = "",
    block_reason: str = "",
    hours_reason: str = "",
    confirm_by_email: bool | None = None,
    why: str = "",
    kind_id: UUID | None = None,
) -> Appointment:
    """Move a promise to another time: a new appointment, the old one kept as moved, the two linked.

    What it needed beyond its visit type, such as an interpreter, it needs again unless `also_needs` says otherwise.
    It keeps its length within its kind; another kind lasts as long as that kind does. It is confirmed by e-mail where
    the old one was, unless `confirm_by_email` says otherwise; what has not left about the old one is kept back.
    Raises what book_appointment raises, NotOnTheBooks when the patient has come for it, and StaleForm when somebody
    changed it meanwhile.
    """
    old = _held(appointment_id, version)
    if old.booking != "scheduled":
        raise NotOnTheBooks("Only a booked appointment can be moved. Book a new one.")
    _mind_who_is_here(old)
    # First the old promise is let go, so that the new one may overlap it.
    Appointment.objects.filter(id=old.id).update(booking="rescheduled", version=old.version + 1)
    _release(old)
    new = book_appointment(
        by,
        patient_id=old.patient_id,
        provider_id=provider_id or old.provider_id,
        location_id=location_id or old.location_id,
        type_id=type_id or old.type_id,
        starts_at=starts_at,
        minutes=minutes or _length_kept(old, type_id),
        room_id=room_id,
        reason=reason or old.reason,
        also_needs=_interpreters_of(old) if also_needs is None else also_needs,
        overbook_reason=overbook_reason,
        limit_reason=limit_reason,
        block_reason=block_reason,
        hours_reason=hours_reason,
        confirm_by_email=_is_to_be_confirmed(old) if confirm_by_email is None else confirm_by_email,
        instead_of=old,
    )
    Appointment.objects.filter(id=old.id).update(
        moved_to=new, cancel_reason=why.strip(), cancel_kind_id=kind_id
    )
    _go_over(by, old, new, why)
    return new


@command(needs=Can.BOOK_APPOINTMENT)
def undo_booking(by: Actor, /, *, appointment_id: UUID, block_reason: str = "") -> Appointment:
    """Take a booking or a move back at once: the new one was entered in error, a moved one stands again.

    Raises NotOnTheBooks when the patient has come, SlotTaken when the old time is gone meanwhile, and TimeIsKept when
    its session has as many as it takes and no reason is given.
    """
    new = _held(appointment_id, None)
    if new.booking != "scheduled" or _has_come(new):
        raise NotOnTheBooks("This appointment has gone on meanwhile. Cancel it with a reason instead.")
    old = Appointment.objects.filter(moved_to=new).first()
    Appointment.objects.filter(id=new.id).update(booking="entered_in_error", version=new.version + 1)
    _release(new)
    _ask_again(by, new)
    _keep_back(by, mail.waiting_about(new.pk))
    _let_reminders_go(by, new)
    if old:
        _take_turns(old.provider_id, old.patient_id, old.room_id, _kinds_of(old))
        reason = _mind_maximum(by, old, block_reason.strip())
        with _telling_who_is_taken():
            Appointment.objects.filter(id=old.id).update(
                booking="scheduled",
                moved_to=None,
                cancel_reason="",
                cancel_kind=None,
                block_reason=reason,
                version=old.version + 1,
            )
            _hold_again(old)
        SeriesVisit.objects.filter(appointment=new).update(appointment=old)
        _let_offers_go(by, old)
        _confirm_as_before(by, old, instead_of=new)
        for go_over in followers.gone_over:
            go_over(by, new.pk, old.pk)
    for give_up in followers.given_up if old is None else ():
        give_up(by, new.pk)
    _wait_as_before(new, old)
    if old:
        _end_offers_not_before(by, old)
    record(by, "schedule.appointment.undone", new, restored=str(old.id) if old else "")
    _tell_screens(by)
    new.refresh_from_db()
    return new


def _has_come(one: Appointment) -> bool:
    """Return whether the patient has come for an appointment; an arrival that was undone is none."""
    visit = getattr(one, "visit", None)
    return visit is not None and visit.flow != "undone"


def _mind_who_is_here(one: Appointment) -> None:
    """Raise NotOnTheBooks where the patient has come: the visit that goes on would hang on a time that is gone."""
    if _has_come(one):
        raise NotOnTheBooks("The patient has come for this appointment. Go on from the day board.")


def _go_over(by: Actor, old: Appointment, new: Appointment, why: str) -> None:
    """Let what hung on a moved appointment hang on the new one, and write it down."""
    _wait_with(by, old, new)
    _keep_back(by, mail.waiting_about(old.pk))
    _let_reminders_go(by, old)
    _under_the_same_case(by, old, new)
    _count_as_before(by, old, new)
    _billed_as_before(old, new)
    for follow in followers.gone_over:
        follow(by, old.pk, new.pk)
    record(
        by,
        "schedule.appointment.moved",
        old,
        from_at=old.starts_at.isoformat(),
        to_at=new.starts_at.isoformat(),
        to=str(new.id),
        why=why,
    )


def _why_before(old: Appointment | None, type_id: UUID, provider_id: UUID) -> tuple[str, str]:
    """Return why a moved visit was booked against the rule of its kind: that holds at any time, and for no other kind.

    And why with a clinician who does not give it: that holds for no other clinician either.
    """
    was = old.limit_reason if old is not None and old.type_id == type_id else ""
    return was, was if old is not None and old.provider_id == provider_id else ""


def _write_down(by: Actor, new: Appointment, old: Appointment | None, *, confirm: bool) -> Appointment:
    """Write a booking down, and tell whom it touches: those who wait, the patient, the screens. Return it."""
    record(by, "schedule.appointment.booked", new, **_told(new), outside_hours=bool(new.hours_reason))
    _let_offers_go(by, new)
    _wait_for_earlier(by, new, old)
    if confirm:
        _confirm(by, new)
    _tell_screens(by)
    return new


def _length_kept(old: Appointment, type_id: UUID | None) -> int | None:
    """Return how long a moved visit lasts where nobody says; None: as long as its new kind."""
    return old.minutes if type_id in (None, old.type_id) else None


def _told(appointment: Appointment) -> dict[str, Any]:
    """Return what the diary keeps of a booking."""
    return {
        "minutes": appointment.minutes,
        "lane": appointment.lane,
        "into_kept_time": appointment.block_reason,
        "at": appointment.starts_at.isoformat(),
        "provider": str(appointment.provider_id),
    }


def _under_the_same_case(by: Actor, old: Appointment, new: Appointment) -> None:
    """Put a moved appointment under the case of the old one, as long as the case pays for the new day."""
    case = cases.case_of_appointment(old.id)
    if case is not None and case.holds(new.on_day):
        _put_under(by, new, case.pk)


def _hang_on(
    by: Actor,
    new: Appointment,
    case_id: UUID | None,
    counts_under: Mapping[str, Any] | None,
    *,
    pays_self: bool,
) -> None:
    """Put a new appointment under its case, and under what a clerk says of authorizations and of who is billed."""
    if pays_self:
        bill_to_patient(by, appointment_id=new.id, version=new.version)
        new.refresh_from_db()
    if case_id is not None:
        _put_under(by, new, case_id)
    if counts_under:
        count_appointment_under(by, appointment_id=new.id, version=new.version, **counts_under)
        new.refresh_from_db()


def _put_under(by: Actor, one: Appointment, case_id: UUID) -> None:
    coverage.put_appointment_under(
        by, appointment_id=one.id, patient_id=one.patient_id, day=one.on_day, case_id=case_id
    )


def _held(appointment_id: UUID, version: int | None) -> Appointment:
    """Return an appointment, locked against others, in the version that the form showed.

    Raises NotOnTheBooks or StaleForm.
    """
    appointment = Appointment.objects.select_for_update(of=("self",)).filter(id=appointment_id).first()
    if appointment is None:
        raise NotOnTheBooks("That appointment is not on the books.")
    if version is not None and appointment.version != version:
        raise StaleForm("Somebody changed this appointment meanwhile. Look at it again, then decide.")
    return appointment


def _promise(
    by: Actor,
    there: There,
    also_needs: Sequence[UUID],
    over: str,
    *,
    instead_of: Appointment | None,
    **facts: Any,
) -> Appointment:
    """Take turns, find a lane and all that the visit needs, and put it on the book."""
    keeps = there.keeps(facts["starts_at"], facts["ends_at"])
    day, patient_id, provider_id = facts["on_day"], facts["patient_id"], facts["provider_id"]
    room_id, location_id = facts.pop("room_id"), facts["location_id"]
    named = room_id if there.room_kind else None
    needs = there.needs(also_needs)
    kinds = {*needs, there.room_kind} - {None}
    _take_turns(provider_id, patient_id, None if named else room_id, kinds)
    if not facts["is_walk_in"]:
        names = ("type_id", "provider_id", "location_id", "starts_at", "ends_at", "on_day")
        asked = {name: facts[name] for name in names}
        facts["block_reason"] = _mind_blocks(by, **asked, reason=facts["block_reason"], instead_of=instead_of)
    local = facts["starts_at"].astimezone(there.zone)
    lane, is_over = _lane(
        by, facts["type_id"], provider_id=provider_id, keeps=keeps, local=local, reason=over
    )
    chosen = _choose(needs, location_id=location_id, keeps=keeps, room_id=named) if kinds else []
    under = authorizing.under(patient_id, day, [there.kind], today=local_day(by.now, there.zone))
    with _telling_who_is_taken():
        appointment = Appointment.objects.create(
            **facts,
            **under._asdict(),
            room_id=room_id or next((one.room_id for one in chosen if one.room_id), None),
            kept_from=keeps[0] if there.before else None,
            kept_until=keeps[1] if there.after else None,
            lane=lane,
            overbook_reason=over if is_over else "",
            booked_at=by.now,
            booked_by=by.name,
        )
        if chosen:
            _hold(appointment, chosen)
    return appointment


def _end(starts_at: datetime, minutes: int) -> datetime:
    if not SHORTEST <= minutes <= LONGEST:
        raise StrangeLength(f"A visit lasts {SHORTEST} to {LONGEST} minutes.")
    if starts_at.second or starts_at.microsecond:
        raise StrangeLength("An appointment begins on a whole minute.")
    return starts_at + timedelta(minutes=minutes)


def _take_turns(
    provider_id: UUID, patient_id: UUID, room_id: UUID | None, kinds: Iterable[UUID | None] = ()
) -> None:
    """Let two bookings for the same clinician, patient, room or kind of resource go one after the other.

    Kinds come last, whoever asks: a desk may ask for them when it has the other turns already.
    Two rows that come at the same moment and exclude each other would wait for each other inside the
    constraint, until the database ends one of them a second later. In a queue the second is refused at once.
    """
    _take_turns_of((provider_id, patient_id, room_id), kinds)


def _take_turns_of(ones: Iterable[UUID | None], kinds: Iterable[UUID | None]) -> None:
    """Wait for the turns of all that several bookings promise, in the one order that everybody keeps."""
    keys = sorted(f"appointment {one}" for one in set(ones) if one)
    keys += sorted(f"resource {one}" for one in set(kinds) if one)
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(%s::text[]) as key", [keys]
        )


def _telling_who_is_taken() -> AbstractContextManager[None]:
    return refusing(
        appointment_provider_is_free=SlotTaken("That time has just been taken. Choose another one."),
        appointment_room_is_free=RoomTaken(_("That room is promised to somebody else. Choose another room.")),
        resource_is_free=ResourceTaken(
            _("What the visit needs has just been promised to somebody else. Choose another time.")
        ),
        appointment_patient_is_in_one_place=PatientIsElsewhere(
            "The patient already has an appointment in that time. Move that one, or choose another time."
        ),
    )


def _tell_screens(by: Actor) -> None:
    announce(by.practice_id, "schedule")
    announce(by.practice_id, "visits")
