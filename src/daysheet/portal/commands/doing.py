"""What a patient does alone, screen by screen: said to the desk, signed, filed; never written into the chart."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents import commands as documents
from daysheet.frontdesk import commands as frontdesk
from daysheet.frontdesk.checkin import step_of_form
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.mailroom import commands as mailroom
from daysheet.portal import queries, rules
from daysheet.portal.commands.children import _must_be_able_to_sign, _weigh_guardian
from daysheet.portal.commands.others import (
    _arrive_also,
    _hold_tokens,
    _hold_visits,
    _move_tokens,
    _tick_also,
    _visit_that_asks,
)
from daysheet.portal.models import Kiosk, SelfCheckIn
from daysheet.practice import queries as practice
from daysheet.privacy import commands as privacy
from daysheet.schedule.remote import is_remote
from daysheet.schedule.rules import HOLDING
from daysheet.visits import commands as visits
from daysheet.visits import queries as visit_queries
from daysheet.visits.models import Visit

State = SelfCheckIn.State
ID_ANSWERS = ("send", "none")
INSURANCE_ANSWERS = ("same", "changed", "none")


class NotNow(Refusal):
    """The desk has taken over, or the patient's check-in is over, or it is not the time for it."""


@command(needs=Can.MOVE_PATIENT)
def try_code(by: Actor, /, *, kiosk_id: UUID, code: str, born_on: date) -> SelfCheckIn | None:
    """Begin at a kiosk with a code and a birth date. A wrong one of either is told alike: nothing."""
    kiosk = Kiosk.objects.get(pk=kiosk_id, closed_at=None)
    row = _with_code(code, kiosk.location_id, by.now) if code else None
    if row is None or not _is_born(row, born_on):
        if row is not None:
            _missed(row)
        record(by, "portal.kiosk.missed", kiosk, patients=[row.patient_id] if row else [])
        return None
    row.kiosk, row.code, row.code_until = kiosk, "", None
    row.save(update_fields=["kiosk", "code", "code_until"])
    record(by, "portal.kiosk.code-used", kiosk, patients=[row.patient_id])
    return begin(by, row_id=row.pk)


@command(needs=Can.MOVE_PATIENT)
def come_in_by_link(by: Actor, /, *, link_id: UUID, born_on: date) -> SelfCheckIn | None:
    """Begin, or go on, on the own phone with the birth date. Three wrong ones, and the link is taken back.

    Raises NotNow where the visit is not planned any more.
    """
    _hold_visits(SelfCheckIn.objects.values_list("pk", flat=True).get(link_id=link_id))
    rows = SelfCheckIn.objects.select_for_update(of=("self",))
    row = rows.select_related("patient", "appointment", "visit").get(link_id=link_id)
    if not _is_born(row, born_on):
        _missed(row)
        if row.misses >= rules.MOST_MISSES:
            mailroom.revoke_link(by, link_id=link_id)
        record(by, "portal.link.missed", row)
        return None
    is_gone = row.visit_id is None and row.appointment is not None and row.appointment.booking not in HOLDING
    is_gone |= (
        row.appointment is None and row.visit is not None and row.visit.is_over
    )  # who came unbooked, and left
    if is_gone:
        raise NotNow(_("This visit is not planned any more. Call us, please."))
    row.kiosk = None
    row.save(update_fields=["kiosk"])
    record(by, "portal.link.came-in", row, patients=[row.patient_id])
    return begin(by, row_id=row.pk)


@command(needs=Can.MOVE_PATIENT)
def begin(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """Begin the screens, or go on where the patient stopped; at a kiosk the patient has arrived.

    Raises what arriving raises.
    """
    _hold_visits(row_id)
    row = _held(row_id)
    if row.appointment_id:
        here = Visit.objects.filter(appointment_id=row.appointment_id).exclude(flow=Visit.Flow.UNDONE).first()
        if here is None and not row.is_phone:
            here = visits.arrive(by, appointment_id=row.appointment_id)
        row.visit = here
        _weigh_guardian(by, row)
    left = [step for step in queries.screens_of(row, by.now) if step not in row.done]
    if row.state == State.FINISHED and not left and is_remote(queries.mode_of(row)):
        return _keep(by, row, "came-back")
    row.steps = [*row.done, *left]
    row.state, row.misses, row.ended_at = State.DOING, 0, None
    row.begun_at = row.begun_at or by.now
    row.helped_by = ""
    return _keep(by, row, "begun")


@command(needs=Can.MOVE_PATIENT)
def keep_visits(by: Actor, /, *, row_id: UUID, appointment_ids: Sequence[UUID]) -> SelfCheckIn:
    """Keep for which other visits of the day the patient is here; at a kiosk the patient has arrived for them.

    What they ask besides is asked too. Raises NotNow, and what arriving raises.
    """
    _hold_visits(row_id, appointment_ids)
    row = _doing(row_id)
    expected = {one.pk for one in queries.others_today(row, by.now)}
    chosen = [str(one) for one in appointment_ids if one in expected]
    kept = [one for one in row.said.get(rules.ALSO, []) if UUID(one) not in expected]  # arrived already
    row.said = row.said | {rules.ALSO: [*kept, *chosen]}
    if not row.is_phone:
        _arrive_also(by, row)
        _tick_also(by, row)
        _weigh_guardian(by, row)
    done = list(dict.fromkeys([*row.done, rules.VISITS]))
    row.steps = [*done, *(step for step in queries.screens_of(row, by.now) if step not in done)]
    return _done(by, row, rules.VISITS)


@command(needs=Can.MOVE_PATIENT)
def keep_contact(by: Actor, /, *, row_id: UUID, said: Mapping[str, str]) -> SelfCheckIn:
    """Keep what the patient says of phone, address and e-mail; what differs is a proposal to the desk.

    Raises NotNow.
    """
    row = _doing(row_id)
    row.said = row.said | {rules.CONTACT: {name: str(said.get(name, "")) for name in rules.CONTACT_FIELDS}}
    row.settled = {}
    _confirm_contact(by, row)
    return _done(by, row, rules.CONTACT)


@command(needs=Can.MOVE_PATIENT)
def keep_insurance(
    by: Actor, /, *, row_id: UUID, answer: str, front: bytes = b"", back: bytes = b""
) -> SelfCheckIn:
    """Keep whether the insurance is the same, and file the pictures of the card.

    Raises NotNow, and UnfitPaper for what is no picture.
    """
    row = _doing(row_id)
    if answer not in INSURANCE_ANSWERS:
        raise NotNow(_("Choose one of the answers."), answer=_("Choose one of the answers."))
    row.said = row.said | {rules.INSURANCE: answer}
    if front or back:
        asks = _visit_that_asks(row, "card")
        has_step = asks and visit_queries.steps(asks, "check_in").filter(kind="card").exists()
        if asks and has_step and answer == "same":
            frontdesk.file_card(by, visit_id=asks, front=front, back=back)
        else:
            _file_card(by, row, front, back)
    return _done(by, row, rules.INSURANCE)


@command(needs=Can.MOVE_PATIENT)
def keep_photo_id(
    by: Actor, /, *, row_id: UUID, answer: str, front: bytes = b"", back: bytes = b""
) -> SelfCheckIn:
    """Keep the pictures of the photo ID for the desk to look at, or that it is not here; nothing of them is read.

    A picture of a side takes the place of the one before. Raises NotNow, and UnfitPaper for what is no picture.
    """
    row, contents = _doing(row_id), {"front": front, "back": back}
    if answer not in ID_ANSWERS:
        raise NotNow(_("Choose one of the answers."), answer=_("Choose one of the answers."))
    new = [side for side, content in contents.items() if content and answer == "send"]
    if queries.is_id_settled(row):
        if new:
            raise NotNow(_("The desk has looked at your ID. You need not send it again."))
        return _done(by, row, rules.PHOTO_ID)
    old = [rules.ID_SIDES[side] for side in (new if answer == "send" else contents)]
    for paper in queries.id_sent(row):
        if paper.title in old:
            documents.drop_sent(by, document_id=paper.pk)
    for side in new:
        _send_side(by, row, side, contents[side])
    row.said = row.said | {rules.PHOTO_ID: answer}
    return _done(by, row, rules.PHOTO_ID)


@command(needs=Can.MOVE_PATIENT)
def keep_form(
    by: Actor,
    /,
    *,
    row_id: UUID,
    key: str,
    edition: int,
    language: str,
    answers: Mapping[str, str],
    signature: Mapping[str, Any],
) -> SelfCheckIn:
    """Keep a form that the patient signed or answered. Raises NotNow, MayNotSign, and what privacy.fill_form raises."""
    row = _doing(row_id)
    if rules.FORM + key not in row.steps:
        raise NotNow(_("This form is not for you."))
    _must_be_able_to_sign(by, row, str(signature.get("signed_by", "")))
    facts: dict[str, Any] = {
        "key": key,
        "edition": edition,
        "language": language,
        "answers": answers,
        **signature,
    }
    asks = _visit_that_asks(row, step_of_form(key))
    if asks:
        frontdesk.fill_form(by, visit_id=asks, **facts)
    else:
        filled = privacy.fill_form(by, patient_id=row.patient_id, **facts)
        row.said = row.said | {rules.FORMS: [*row.said.get(rules.FORMS, []), str(filled.pk)]}
    return _done(by, row, rules.FORM + key)


@command(needs=Can.MOVE_PATIENT)
def keep_consent(by: Actor, /, *, row_id: UUID, at_home: bool) -> SelfCheckIn:
    """Keep that the patient wishes the visit by video or phone, and where the patient is then. Raises NotNow."""
    row = _doing(row_id)
    row.said = row.said | {rules.CONSENT: {"place": "home" if at_home else "elsewhere", "agrees": True}}
    _tick_consent(by, row)
    return _done(by, row, rules.CONSENT)


@command(needs=Can.MOVE_PATIENT)
def keep_guardian(by: Actor, /, *, row_id: UUID, name: str, relationship: str) -> SelfCheckIn:
    """Keep who brings a child; one who may is noted as the desk notes it, one who may not is marked. Raises NotNow."""
    row = _doing(row_id)
    row.said = row.said | {rules.GUARDIAN: {"name": name[:200], "relationship": relationship[:60]}}
    _weigh_guardian(by, row)
    return _done(by, row, rules.GUARDIAN)


@command(needs=Can.MOVE_PATIENT)
def pass_screen(by: Actor, /, *, row_id: UUID, step: str) -> SelfCheckIn:
    """Go on from a screen that only tells something. Raises NotNow."""
    return _done(by, _doing(row_id), step)


@command(needs=Can.MOVE_PATIENT)
def ask_desk(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """Ask for the desk; the screen shows nothing more until the desk gives it back. Raises NotNow."""
    row = _doing(row_id)
    row.state, row.helped_by = State.HELPED, ""
    return _keep(by, row, "desk-asked")


@command(needs=Can.MOVE_PATIENT)
def say_here(by: Actor, /, *, row_id: UUID, waits_in_car: bool) -> SelfCheckIn:
    """Say "I am here" on the own phone: arrived, never checked in.

    Raises NotNow on another day or while the door is closed, and what arriving raises.
    """
    _hold_visits(row_id)
    _hold_tokens(row_id)
    row = _doing(row_id)
    if row.visit_id is None and row.appointment is not None:
        zone = row.location.zone
        is_time = rules.may_say_here(
            by.now.astimezone(zone),
            starts_at=row.appointment.starts_at.astimezone(zone),
            hours=practice.hours_of(row.location_id),
        )
        if not is_time:
            raise NotNow(_("You can say this on the day of your visit, while we are open."))
        row.visit = visits.arrive(by, appointment_id=row.appointment.pk)
    _arrive_also(by, row)
    _weigh_guardian(by, row)
    row.waits_in_car = waits_in_car
    _confirm_contact(by, row)
    _tick_consent(by, row)
    _done(by, row, rules.HERE)
    if waits_in_car:
        _move_tokens(by, _hold_tokens(row_id), in_car=True)
    return finish(by, row_id=row_id)


@command(needs=Can.MOVE_PATIENT)
def finish(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """End a patient's own check-in; its link is used up."""
    row = _doing(row_id)
    row.state, row.ended_at = State.FINISHED, by.now
    if row.is_phone and row.link_id and not is_remote(queries.mode_of(row)):  # who joins comes back by it
        mailroom.use_link(by, link_id=row.link_id)
    return _keep(by, row, "finished")


def _with_code(code: str, location_id: UUID, now: datetime) -> SelfCheckIn | None:
    """Return the own check-in that a code opens at a door, held until the commit; None where it opens none."""
    fits = SelfCheckIn.objects.filter(code=code, location_id=location_id, code_until__gt=now)
    found = fits.first()
    if found is None:
        return None
    _hold_visits(found.pk)
    held = fits.select_for_update(of=("self",)).select_related("patient")
    return held.filter(pk=found.pk).first()


def _held(row_id: UUID) -> SelfCheckIn:
    SelfCheckIn.objects.select_for_update(of=("self",)).get(pk=row_id)
    row = queries.self_check_in(row_id)
    if row is None:
        raise NotNow(_("Ask at the desk."))
    return row


def _doing(row_id: UUID) -> SelfCheckIn:
    row = _held(row_id)
    if row.state != State.DOING:
        raise NotNow(_("Ask at the desk."))
    return row


def _is_born(row: SelfCheckIn, born_on: date) -> bool:
    return row.patient.born_on == born_on


def _missed(row: SelfCheckIn) -> None:
    row.misses += 1
    if row.misses >= rules.MOST_MISSES:
        row.code, row.code_until = "", None
    row.save(update_fields=["misses", "code", "code_until"])


def _confirm_contact(by: Actor, row: SelfCheckIn) -> None:
    """Tick the step where the patient says the same as the chart; what differs is left to the desk."""
    said = row.said.get(rules.CONTACT)
    if said is None or rules.changes(said, queries.contact_of(row.patient)):
        return
    for one in queries.visit_ids(row):
        if visit_queries.steps(one, "check_in").filter(kind="demographics", state="open").exists():
            visits.do_step(by, visit_id=one, stage="check_in", kind="demographics")


def _tick_consent(by: Actor, row: SelfCheckIn) -> None:
    """Tick the consent and say where the patient is, once the visit has begun."""
    said = row.said.get(rules.CONSENT)
    if row.visit_id is None or said is None:
        return
    visit = Visit.objects.get(pk=row.visit_id)
    at_home = said["place"] == "home"
    if is_remote(visit.mode) and visit.at_home != at_home:
        visits.say_at_home(by, visit_id=visit.pk, version=visit.version, at_home=at_home)
    steps = visit_queries.steps(row.visit_id, "check_in")
    if steps.filter(kind=rules.CONSENT_STEP, state="open").exists():
        visits.do_step(by, visit_id=row.visit_id, stage="check_in", kind=rules.CONSENT_STEP)


def _file_card(by: Actor, row: SelfCheckIn, front: bytes, back: bytes) -> None:
    """File the card of a plan that nobody has looked at: the step stays open for the desk."""
    sides = (
        ("card_front", _("Insurance card, front"), front),
        ("card_back", _("Insurance card, back"), back),
    )
    for kind, title, content in sides:
        if content:
            documents.file_document(by, patient_id=row.patient_id, kind=kind, title=title, content=content)


def _send_side(by: Actor, row: SelfCheckIn, side: str, content: bytes) -> None:
    """Put down one side of the photo ID for the desk. Raises UnfitPaper, with the side that is unfit."""
    about = row.visit or row.appointment
    facts: dict[str, Any] = {"patient_id": row.patient_id, "subject": about, "title": rules.ID_SIDES[side]}
    try:
        documents.file_document(by, **facts, kind="photo_id_sent", content=content)
    except documents.UnfitPaper as no:
        raise documents.UnfitPaper(no.sentence, **{side: no.sentence}) from no


def _done(by: Actor, row: SelfCheckIn, step: str) -> SelfCheckIn:
    if step not in row.steps:
        raise NotNow(_("Ask at the desk."))
    if step not in row.done:
        row.done = [*row.done, step]
    _tick_also(by, row)
    return _keep(by, row, "screen-done", step=step.partition("-")[0])


def _keep(by: Actor, row: SelfCheckIn, verb: str, **more: str) -> SelfCheckIn:
    row.seen_at = by.now
    row.save()
    record(by, f"portal.self-check-in.{verb}", row, patients=[row.patient_id], **more)
    announce(by.practice_id, "visits", str(row.visit_id or row.appointment_id))
    return row
