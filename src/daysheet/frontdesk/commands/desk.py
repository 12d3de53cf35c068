"""Money, notices, plans, check-in, check-out and packets: what the desk does with a visit and a day."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.charges import queries as charges
from daysheet.coverage import commands as coverage
from daysheet.coverage.models import EligibilityInquiry
from daysheet.documents import commands as documents
from daysheet.documents.models import Document
from daysheet.frontdesk import checkin, coming, packets
from daysheet.frontdesk.checkin import NotThere
from daysheet.frontdesk.commands.missed import forget_missed
from daysheet.frontdesk.rules import day_to_come
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import Payment
from daysheet.patients import people as around
from daysheet.practice.models import Location
from daysheet.privacy import commands as privacy
from daysheet.privacy.models import Consent
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment
from daysheet.schedule.requests import also_needs
from daysheet.schedule.slots import moment_of
from daysheet.tasks import commands as tasks
from daysheet.ui.words import usd
from daysheet.visits import commands as visits
from daysheet.visits import queries as visit_queries
from daysheet.visits.models import Visit

TICKED_AT_THE_END = ("identity", "demographics", "coverage")
"""Steps that the last press may tick: what the patient said, what is unchanged, a plan that said yes today."""
NOTICE = "npp"


AT_ONCE = timedelta(minutes=2)
TAKEN_BACK = "Taken back at once"
"""Who has just taken money takes it back by the message's own Undo, without another question."""
ONE_NIGHT = timedelta(hours=12)
"""A job may run twice: within this time Daysheet itself makes no second packet of a door."""


class DayIsOver(Refusal):
    """A packet is wanted of a day of the past."""


@command(needs=Can.TAKE_PAYMENT)
def take_copay(
    by: Actor,
    /,
    *,
    visit_id: UUID,
    amount: Decimal,
    method: str,
    check_number: str = "",
    card_brand: str = "",
    card_last4: str = "",
    approval: str = "",
    tendered: Decimal | None = None,
) -> Payment:
    """Take money at the desk for a visit; the copay step is done when nothing of it is left. Return the payment."""
    visit = checkin.on_the_books(visit_id)
    payment = ledger.take_payment(
        by,
        patient_id=visit.patient_id,
        amount=amount,
        method=method,
        location_id=visit.location_id,
        purpose="copay",
        visit_id=visit.id,
        check_number=check_number,
        card_brand=card_brand,
        card_last4=card_last4,
        approval=approval,
        tendered=tendered,
    )
    record(by, "frontdesk.copay.taken", payment, visit=str(visit_id), amount=amount, method=method)
    announce(by.practice_id, "visits", str(visit_id))
    return payment


@command(needs=Can.TAKE_PAYMENT)
def undo_copay(by: Actor, /, *, visit_id: UUID, payment_id: UUID, reason: str = "") -> Payment:
    """Void a payment of this visit taken today; what it had settled, and no other receipt does, is open again.

    It needs a reason, except where who has just taken it takes it back. Raises NotThere, and a Refusal without one.
    """
    held = Payment.objects.filter(id=payment_id, visit_id=visit_id, voided_at__isnull=True).first()
    if held is None:
        raise NotThere("That payment is not of this visit, or was voided already.")
    if not reason.strip() and (held.by_name != by.name or by.now - held.received_at > AT_ONCE):
        raise Refusal(_("Say why the receipt is voided."), reason=_("Write a reason."))
    payment = ledger.void_payment(by, payment_id=payment_id, reason=reason.strip() or TAKEN_BACK)
    record(by, "frontdesk.copay.undone", payment, visit=str(visit_id))
    announce(by.practice_id, "visits", str(visit_id))
    return payment


@command(needs=Can.MOVE_PATIENT)
def sign_notice(by: Actor, /, *, visit_id: UUID, signed_by: str, document_id: UUID | None = None) -> Consent:
    """Note who signed the notice of privacy practices, and on which paper; the step is done."""
    visit = checkin.on_the_books(visit_id)
    if not signed_by.strip():
        raise Refusal("Write the name of the person who signs.", signed_by="Write the name.")
    around.must_be_able_to_sign(visit.patient, signed_by, today=visit.service_on)
    consent = privacy.sign_notice(
        by,
        patient_id=visit.patient_id,
        kind=NOTICE,
        signed_by=signed_by.strip(),
        signed_on=visit.service_on,
        document_id=document_id,
    )
    visits.do_step(by, visit_id=visit_id, stage="check_in", kind="privacy_notice")
    record(by, "frontdesk.notice.signed", consent, visit=str(visit_id))
    return consent


@command(needs=Can.MOVE_PATIENT)
def note_no_signature(by: Actor, /, *, visit_id: UUID, because: str) -> Consent:
    """Note why the notice of privacy practices is not signed; the step is put off with that reason."""
    visit = checkin.on_the_books(visit_id)
    if not because.strip():
        raise Refusal("Say why it is not signed.", reason="Choose or write a reason.")
    consent = privacy.note_refusal(by, patient_id=visit.patient_id, kind=NOTICE, because=because.strip())
    visits.not_now(by, visit_id=visit_id, stage="check_in", kind="privacy_notice", reason=because)
    record(by, "frontdesk.notice.not-signed", consent, visit=str(visit_id))
    return consent


@command(needs=Can.ASK_ELIGIBILITY)
def ask_plan(by: Actor, /, *, visit_id: UUID) -> EligibilityInquiry:
    """Ask the primary plan whether it covers the patient on the day of the visit."""
    visit = checkin.on_the_books(visit_id)
    if visit.coverage_id is None:
        raise NotThere("No plan is known for this day. Add the coverage first.")
    inquiry = coverage.ask_eligibility(
        by, coverage_id=visit.coverage_id, service_on=visit.service_on, appointment_id=visit.appointment_id
    )
    record(by, "frontdesk.plan.asked", inquiry, visit=str(visit_id))
    announce(by.practice_id, "visits", str(visit_id))
    return inquiry


@command(needs=Can.ASK_ELIGIBILITY)
def ask_everybody(by: Actor, /, *, day: date) -> coverage.Asked:
    """Ask the plans of everybody who is booked on a day; fresh answers are not asked for again."""
    asked = coverage.ask_for_day(by, day=day, visits=coming.booked_on(day), unused=coming.paid_alone(day))
    record(by, "frontdesk.everybody.asked", day=day.isoformat(), asked=asked.asked)
    announce(by.practice_id, "visits")
    return asked


@command(needs=Can.BOOK_APPOINTMENT)
def book_follow_up(by: Actor, /, *, visit_id: UUID, minute: int, limit_reason: str = "") -> Appointment:
    """Book the next visit with the same clinician at the same door; the follow-up step is done.

    It takes the interpreter whom the patient needs. Raises what book_appointment raises.
    """
    visit = checkin.on_the_books(visit_id)
    kind = checkin.kind_of(visit)
    if kind is None:
        raise NotThere("This walk-in has no visit type to repeat. Book it from the schedule.")
    appointment = schedule.book_appointment(
        by,
        patient_id=visit.patient_id,
        provider_id=visit.provider_id,
        location_id=visit.location_id,
        type_id=kind,
        starts_at=moment_of(minute),
        also_needs=also_needs(visit.patient),
        limit_reason=limit_reason,
    )
    said = f"{checkin.BOOKED}{appointment.pk}"
    visits.do_step(by, visit_id=visit_id, stage="check_out", kind="follow_up", said=said)
    record(by, "frontdesk.follow-up.booked", appointment, visit=str(visit_id))
    return appointment


@command(needs=Can.MOVE_PATIENT)
def check_in(
    by: Actor, /, *, visit_id: UUID, version: int | None = None, ticked: Sequence[str] = ()
) -> Visit:
    """Check a patient in; the steps that the clerk ticks with the same press are done first.

    Raises StepsAreOpen while another required step is open without a reason, and StaleForm when somebody
    moved the patient meanwhile: then nothing is ticked either.
    """
    wanted = [kind for kind in ticked if kind in TICKED_AT_THE_END]
    open_steps = visit_queries.steps(visit_id, "check_in").filter(kind__in=wanted, state="open")
    for kind in list(open_steps.values_list("kind", flat=True)):
        visits.do_step(by, visit_id=visit_id, stage="check_in", kind=kind)
    _weigh_copay(by, visit_id)
    visit = visits.check_in(by, visit_id=visit_id, version=version)
    record(by, "frontdesk.patient.checked-in", visit, ticked=wanted)
    return visit


@command(needs=Can.MOVE_PATIENT)
def check_out(by: Actor, /, *, visit_id: UUID, version: int | None = None) -> Visit:
    """Let the patient go: a posted charge slip ticks its own step first.

    Raises StepsAreOpen while the slip, the follow-up or another required step is open without a reason, as the
    balance is while something of the copay is not paid.
    """
    _copay_must_be_settled(visit_id)
    if not charges.visits_without_charges([visit_id]):
        open_slip = visit_queries.steps(visit_id, "check_out").filter(kind="charges", state="open")
        if open_slip.exists():
            visits.do_step(by, visit_id=visit_id, stage="check_out", kind="charges")
    visit = visits.check_out(by, visit_id=visit_id, version=version)
    record(by, "frontdesk.patient.checked-out", visit)
    return visit


@command(needs=Can.MOVE_PATIENT)
def let_go_unseen(by: Actor, /, *, visit_id: UUID, reason: str) -> Visit:
    """Note that the patient left without being seen, and put a call back on the work list."""
    visit = visits.left_without_being_seen(by, visit_id=visit_id, reason=reason)
    tasks.open_item(
        by,
        kind="call_back",
        reason_code="LWOBS",
        sentence=f"Left without being seen: {reason.strip()}. Call and offer another time.",
        due_at=by.now + timedelta(hours=24),
        source_of_due="office rule: call within a day",
        role="receptionist",
        subject=visit,
        patient_id=visit.patient_id,
    )
    record(by, "frontdesk.patient.left-unseen", visit)
    return visit


@command(needs=Can.MOVE_PATIENT)
def step_back(by: Actor, /, *, visit_id: UUID, version: int | None = None) -> Visit:
    """Undo the last act on a visit; was it leaving without being seen, its fee and the call are taken back.

    Raises StaleForm when somebody moved the patient since the version that was shown.
    """
    before = visit_queries.visit(visit_id)
    visit = visits.step_back(by, visit_id=visit_id, version=version)
    if before and before.flow == Visit.Flow.LWOBS:
        tasks.close_items_of(by, subject_id=visit.pk, kind="call_back", action_code="taken back")
        if before.appointment_id:
            forget_missed(by, appointment_id=before.appointment_id)
    record(by, "frontdesk.visit.stepped-back", visit)
    return visit


@command(needs=Can.PRINT_PACKET)
def make_packet(by: Actor, /, *, location_id: UUID, day: date) -> Document:
    """Make the downtime packet of a day at a door, and the list of allergies beside it; both are kept for some days.

    Raises DayIsOver for a day of the past.
    """
    place = Location.objects.get(pk=location_id)
    if day < place.today(by.now):
        raise DayIsOver(_("That day is over. Choose today or a day to come."))
    found = packets.packet(place, day)
    made = {
        packets.KIND: (found.title, packets.drawn(by, found)),
        packets.CHART_KIND: (found.chart_title, packets.allergies_drawn(by, found)),
    }
    paper, _allergies = (
        documents.keep_document(
            by,
            kind=kind,
            title=title,
            media_type="application/pdf",
            content=content,
            subject=place,
            patients=found.patient_ids,
        )
        for kind, (title, content) in made.items()
    )
    record(by, "frontdesk.packet.made", paper, patients=found.patient_ids, day=day.isoformat())
    return paper


@command(needs=Can.PRINT_PACKET)
def make_tonights_packets(by: Actor, /) -> int:
    """Make the packet of each door's next open day, once a night; forget those whose days are over."""
    documents.forget_passing(by)
    places = list(Location.objects.select_for_update().filter(closed_on=None).order_by("id"))
    tonight = packets.kept(by).filter(kind=packets.KIND, by_name=by.name, made_at__gt=by.now - ONE_NIGHT)
    done = set(tonight.values_list("subject_id", flat=True))
    first = {one.pk: day_to_come(by.now, one.zone) for one in places}
    days = packets.next_open_days(places, first)
    wanted = [one for one in places if one.pk not in done]
    for place in wanted:
        make_packet(by, location_id=place.pk, day=days[place.pk])
    record(by, "frontdesk.packets.made", made=len(wanted))
    return len(wanted)


def _weigh_copay(by: Actor, visit_id: UUID) -> None:
    """Tick a copay of nothing; raise StepsAreOpen for one that was nothing at the arrival and was named since."""
    step = visit_queries.steps(visit_id, "check_in").filter(kind="copay").first()
    if step is None or not (step.state == "open" or step.reason == checkin.ON_FILE):
        return
    money = checkin.money_of(checkin.on_the_books(visit_id))
    if step.state == "open" and money.asks_no_copay:
        visits.do_step(by, visit_id=visit_id, stage="check_in", kind="copay")
    elif checkin.came_since(step, money):
        raise visits.StepsAreOpen(
            _("The plan has named a copay of %(amount)s since. Take it, or say why not now.")
            % {"amount": usd(money.copay_left)}
        )


def _copay_must_be_settled(visit_id: UUID) -> None:
    """Raise StepsAreOpen while a copay that was put off at check-in is neither taken nor put off once more."""
    step = visit_queries.steps(visit_id, "check_out").filter(kind="balance", state="open").first()
    money = checkin.money_of(checkin.on_the_books(visit_id)) if step else None
    if step and money and not money.copay_is_settled:
        raise visits.StepsAreOpen(
            _("Still open: %(step)s, copay of %(amount)s. Take it, or say why not now.")
            % {"step": step.words, "amount": usd(money.copay_left)}
        )
