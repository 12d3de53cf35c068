"""What the desk sees of one visit at check-in and at check-out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daysheet.charges import queries as charges
from daysheet.coverage import cases, granted, paying
from daysheet.coverage import queries as coverage
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.models import EligibilityResponse
from daysheet.coverage.queries import Standing
from daysheet.documents import queries as documents
from daysheet.documents.models import Document
from daysheet.frontdesk import beside
from daysheet.frontdesk.beside import Sign
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.kernel.money import ZERO
from daysheet.ledger import queries as ledger
from daysheet.ledger.asking import asking
from daysheet.ledger.models import CardCharge, Payment
from daysheet.ledger.queries import PlanStanding
from daysheet.ledger.queries.payments import over_the_desk
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.practice.models import ExamRoom
from daysheet.privacy import filling
from daysheet.schedule import queries as schedule
from daysheet.schedule import recalls
from daysheet.schedule.meetings import meeting_of
from daysheet.schedule.models import Appointment, Recall
from daysheet.schedule.remote import VIDEO, is_remote
from daysheet.schedule.requests import also_needs
from daysheet.schedule.slots import NOTHING_ELSE, OpenSlot
from daysheet.schedule.supply import demand_of
from daysheet.visits import line
from daysheet.visits import queries as visits
from daysheet.visits.ahead import visit_ahead
from daysheet.visits.copays import copay_of
from daysheet.visits.models import FlowEvent, Visit, VisitStep, VisitToken
from daysheet.visits.rules import STEP_WORDS, still_open
from daysheet.visits.wording import why

FILED_FOR = {"card": ("card_front", "card_back"), "photo_id": ("photo_id",)}
"""The papers that a step files."""
NOTICE_FORM, NOTICE_STEP, FORM = "npp", "privacy_notice", "form-"
ON_FILE = "on file"
"""What a step keeps that was done before the patient came."""
BOOKED, IS_IT = "booked ", "is "
"""What the follow-up's step keeps before the appointment: made by that act, or one that stood already."""
INTERVALS = {"1w": 7, "2w": 14, "1m": 30, "3m": 91, "6m": 182, "1y": 365}
INTERVAL_WORDS = {
    "1w": "one week",
    "2w": "two weeks",
    "1m": "one month",
    "3m": "three months",
    "6m": "six months",
    "1y": "a year",
}


class NotThere(Refusal):
    """The visit, coverage or step is not there (any more)."""


@dataclass(frozen=True, slots=True)
class Money:
    """What is to be taken today, and where each part of it comes from."""

    copay: Decimal | None
    source: str
    paid: Decimal
    owes: Decimal
    credit: Decimal
    receipts: Sequence[Payment]
    holds: Sequence[CardCharge] = ()
    """What is held on the patient's cards for these days."""
    is_qmb: bool = False
    """Nothing may be asked of the patient: a Qualified Medicare Beneficiary on the day."""
    kept_back: Decimal = ZERO
    """What of the balance may not be asked: Medicaid, QMB or workers' compensation pay for it."""
    kept_words: str = ""
    plan: PlanStanding | None = None
    """A payment plan that runs: what is under it is not asked again as an old balance."""
    free: Decimal = ZERO
    """What of the credit is for no other visit."""

    @property
    def copay_left(self) -> Decimal:
        """Return what of the copay is not paid yet, and not there as money taken ahead."""
        return max((self.copay or ZERO) - self.paid, ZERO) - self.set_against

    @property
    def set_against(self) -> Decimal:
        """Return how much credit is set against the copay."""
        return min(max((self.copay or ZERO) - self.paid, ZERO), self.free)

    @property
    def copay_is_settled(self) -> bool:
        """Return whether nothing of the copay is left to take."""
        return self.is_qmb or not self.copay_left

    @property
    def asks_no_copay(self) -> bool:
        """Return whether it is known that the copay is nothing: there is nothing to take and nothing to say."""
        return self.is_qmb or (self.copay is not None and not self.copay)

    @property
    def to_take(self) -> Decimal:
        """Return the copay left and what is owed from before."""
        if self.is_qmb:
            return ZERO
        asked = self.owes - self.kept_back - (self.plan.keeping.left if self.plan else ZERO)
        return self.copay_left + max(asked - self.credit + min(self.paid, self.credit), ZERO)

    @property
    def credit_from(self) -> Decimal:
        """Return beyond which amount a payment stays as credit: what is asked, and what is under a payment plan."""
        return self.to_take + (self.plan.keeping.left if self.plan else ZERO)

    @property
    def reason(self) -> str:
        """Return the sum in words: copay 30.00 + old 12.40."""
        old = self.to_take - self.copay_left
        parts = [f"copay {self.copay_left:.2f}"] if self.copay_left else []
        return " + ".join(parts + ([f"old {old:.2f}"] if old else []))


@dataclass(frozen=True, slots=True)
class Desk:
    """A visit at the desk: its people, its steps, its money, what the plan said."""

    visit: Visit
    patient: Patient
    steps: Sequence[VisitStep]
    missing: list[str]
    money: Money
    standing: Standing
    answer: EligibilityResponse | None
    events: Sequence[FlowEvent] = ()
    hints: Sequence[str] = ()
    """What the plan needs and does not have for this visit, or has hardly any more."""
    order: Sequence[str] = ()
    """That the plans pay in another order than they stand, or Medicare's questions are due."""
    papers: Sequence[Document] = ()
    """The newest card and photo ID on file, without their bytes."""
    filled: Mapping[str, UUID] = field(default_factory=dict)
    """The paper of each step whose form was filled in at this visit."""
    case: InjuryCase | None = None
    """The case of injury that pays for the visit."""
    may_be_case: bool = False
    """A case pays for it, or could."""
    signs: Sequence[Sign] = ()
    """What other rooms say of the visit."""
    link: str = ""
    """Where clinician and patient meet by video."""
    sent: Sequence[Document] = ()
    """The pictures of a photo ID that the patient sent and nobody has looked at, while the step is open."""
    token: str = ""
    """By what the wall calls the patient."""

    @property
    def is_remote(self) -> bool:
        """Return whether the patient is elsewhere."""
        return is_remote(self.visit.mode)

    def step(self, kind: str) -> VisitStep | None:
        """Return the step of a kind, if the visit has it."""
        return next((step for step in self.steps if step.kind == kind), None)

    def why(self, step: VisitStep) -> str:
        """Return why a step is due, or is not."""
        return why(step)

    def papers_for(self, kind: str) -> list[Document]:
        """Return the papers on file that a step is about."""
        return [paper for paper in self.papers if paper.kind in FILED_FOR.get(kind, ())]

    @property
    def words(self) -> dict[str, str]:
        """Return how the steps are called."""
        return STEP_WORDS | {step.kind: step.words for step in self.steps}


@dataclass(frozen=True, slots=True)
class Leaving:
    """What check-out shows beside the steps: what comes next, and a time in the chosen interval."""

    upcoming: Sequence[Appointment]
    interval: str
    slots: Sequence[OpenSlot]
    recalls: Sequence[Recall] = ()
    """What else the patient is due for, or soon will be."""
    intervals: dict[str, str] = field(default_factory=lambda: INTERVAL_WORDS)
    is_named: bool = False
    """The follow-up's step names an appointment."""
    follow_up: Appointment | None = None
    """The one that it names, while it stands."""
    has_kind: bool = True
    """A walk-in for whom no kind was chosen is offered no times: nobody knows how long the next visit takes."""


def on_the_books(visit_id: UUID) -> Visit:
    """Return a visit. Raises NotThere."""
    visit = visits.visit(visit_id)
    if visit is None:
        raise NotThere("That visit is not on the books.")
    return visit


def at_desk(visit_id: UUID, stage: str, now: datetime | None = None) -> Desk | None:
    """Return a visit as the desk works on it at a stage."""
    visit = visits.visit(visit_id)
    if visit is None:
        return None
    steps = list(visits.steps(visit_id, stage))
    money = money_of(visit)
    if stage == "check_out" and not money.copay_is_settled:
        for step in steps:  # a copay that was put off at check-in is asked before the patient goes
            step.is_required = step.is_required or step.kind == "balance"
    if stage == "check_in":
        _weigh_copay(next((step for step in steps if step.kind == "copay"), None), money)
    case = cases.case_of_coverage(visit.coverage_id)
    token = line.token_row(visit_id) if stage == "check_in" else None
    standing = (
        cases.standing_of_case(case)
        if case
        else coverage.standing([visit.patient_id], visit.service_on)[visit.patient_id]
    )
    return Desk(
        visit=visit,
        patient=patients.patient(visit.patient_id),
        steps=steps,
        missing=still_open((step.words, step.is_required, step.state) for step in steps),
        money=money,
        standing=standing,
        answer=coverage.latest_answer(visit.patient_id, visit.coverage_id) if visit.coverage_id else None,
        events=list(visits.events(visit_id)),
        hints=_hints(visit) if stage == "check_in" and visit.coverage_id and not case else (),
        order=_order(visit) if stage == "check_in" and visit.coverage_id and not case else (),
        papers=_papers(visit) if stage == "check_in" else (),
        filled=_filled(visit) if stage == "check_in" else {},
        case=case,
        may_be_case=case is not None or bool(cases.open_on(visit.patient_id, visit.service_on)),
        signs=_signs(visit, now, token) if now and stage == "check_in" else (),
        link=_link(visit),
        sent=_sent(visit, steps),
        token=str(token or ""),
    )


def _weigh_copay(step: VisitStep | None, money: Money) -> None:
    """Weigh the copay's step by what is known now: a copay of nothing asks nothing, one that came since does."""
    if step and step.state == "open" and money.asks_no_copay:
        step.is_required = False
    elif step and came_since(step, money):
        step.state, step.reason = VisitStep.State.OPEN.value, ""


def came_since(step: VisitStep, money: Money) -> bool:
    """Return whether a copay was nothing at the arrival, and the plan has named one since."""
    return (step.state, step.reason) == ("done", ON_FILE) and not money.copay_is_settled


def _link(visit: Visit) -> str:
    """Return where a visit by video meets; one statement, and none for any other visit."""
    if visit.mode != VIDEO or visit.appointment is None:
        return ""
    return meeting_of(visit.appointment, visit.mode).link


def step_of_form(key: str) -> str:
    """Return the step that a form of the office belongs to."""
    return NOTICE_STEP if key == NOTICE_FORM else FORM + key


def _filled(visit: Visit) -> dict[str, UUID]:
    rows = reversed(filling.filled_at(visit.pk))
    return {step_of_form(row.edition.form.key): row.document_id for row in rows}


def _signs(visit: Visit, now: datetime, token: VisitToken | None) -> list[Sign]:
    said = beside.signs([visit.pk], [visit.appointment_id] if visit.appointment_id else [], now)
    is_in_car = token is not None and token.state == VisitToken.State.IN_CAR and visit.flow in line.IN_LINE
    found = said.get(visit.pk) or said.get(visit.appointment_id or visit.pk, [])
    return [*([beside.in_the_car()] if is_in_car else []), *found]


def _papers(visit: Visit) -> list[Document]:
    kinds = [kind for kinds in FILED_FOR.values() for kind in kinds]
    return list(documents.newest_sides(visit.patient_id, kinds)[:6])


def _sent(visit: Visit, steps: Sequence[VisitStep]) -> list[Document]:
    asks = any(step.kind == "photo_id" and step.state == "open" for step in steps)
    return list(documents.sent(visit.patient_id, "photo_id")) if asks else []


def _hints(visit: Visit) -> list[str]:
    kind = visit.appointment.type.name if visit.appointment else ""
    ids = (visit.authorization_id, visit.referral_id)
    day = visit.service_on
    return granted.hints(visit.patient_id, day, [kind], today=day, under=ids, by_hand=visit.by_hand)


def _order(visit: Visit) -> list[str]:
    held = coverage.coverages_on(visit.patient_id, visit.service_on)
    return paying.words_of_order(visit.patient, held, day=visit.service_on, zone=visit.location.zone)


def receipts_of(visit_id: UUID) -> list[Payment]:
    """Return what was paid for a visit and neither voided nor given back whole, the oldest first."""
    rows = Payment.objects.filter(visit_id=visit_id, voided_at__isnull=True)
    rows = rows.annotate(over_the_desk=over_the_desk())
    rows = rows.select_related("card_charge").order_by("received_at", "number")
    return [one for one in rows if one.kept]


def money_of(visit: Visit) -> Money:
    """Return what is to be taken for a visit today."""
    return _money(visit, has_copay=visits.steps(visit.id, "check_in").filter(kind="copay").exists())


def money_ahead(appointment: Appointment) -> Money | None:
    """Return what will be taken for a visit that has not begun; None while its copay is not known."""
    visit, is_case = visit_ahead(appointment)
    takes_copay = appointment.type.takes_copay and not is_case
    if takes_copay and visit.coverage and visit.copay_due is None:
        return None
    return _money(visit, has_copay=takes_copay)


def _money(visit: Visit, *, has_copay: bool) -> Money:
    case = cases.case_of_coverage(visit.coverage_id)
    copay, source = cases.copay_under(case) if case else copay_of(visit)
    is_qmb = coverage.qmb_answer(visit.patient_id, visit.service_on) is not None
    receipts = receipts_of(visit.id)
    account = ledger.balance(visit.patient_id)
    asked = asking(visit.patient_id)
    return Money(
        copay=copay if has_copay else None,
        source=source if has_copay or is_qmb or case else "this kind of visit takes no copay",
        is_qmb=is_qmb,
        paid=sum((one.kept for one in receipts), ZERO),
        owes=account.owes,
        credit=account.credit,
        free=ledger.free_credit(visit.patient_id, visit.pk) if account.credit > 0 else ZERO,
        receipts=receipts,
        holds=ledger.holds_of(visit.patient_id),
        kept_back=asked.off,
        kept_words=asked.words,
        plan=ledger.plan_standing(
            visit.patient_id, today=visit.service_on, most=max(asked.may_ask - account.credit, ZERO)
        ),
    )


def leaving(visit: Visit, *, now: datetime, today: date, interval: str) -> Leaving:
    """Return what follows this visit: appointments made, and the first times in an interval."""
    chosen = interval if interval in INTERVALS else "3m"
    upcoming = [
        row for row in schedule.of_patient(visit.patient_id, since=now) if row.id != visit.appointment_id
    ]
    kind = kind_of(visit)
    first = today + timedelta(days=INTERVALS[chosen])
    minutes, demand = demand_of(kind, also_needs(visit.patient)) if kind else (0, NOTHING_ELSE)
    slots = (
        schedule.open_slots(
            type_id=kind,
            minutes=minutes,
            demand=demand,
            provider_ids=[visit.provider_id],
            location_id=visit.location_id,
            first_day=first,
            last_day=first + timedelta(days=21),
            now=now,
            limit=3,
            per_day=1,
        )
        if kind
        else []
    )
    named = named_by(visits.steps(visit.id, "check_out").filter(kind="follow_up").first())
    return Leaving(
        upcoming,
        chosen,
        slots,
        _recalls(visit, upcoming, today),
        is_named=named is not None,
        follow_up=next((one for one in upcoming if one.pk == named), None),
        has_kind=kind is not None,
    )


def named_by(step: VisitStep | None, *, made: bool = False) -> UUID | None:
    """Return the appointment that a done follow-up step names; with `made` only one that the step's act has booked."""
    said = step.reason if step and step.state == "done" else ""
    kept = next((said.removeprefix(one) for one in (BOOKED, IS_IT) if said.startswith(one)), "")
    return read_id(kept) if kept and (said.startswith(BOOKED) or not made) else None


def kind_of(visit: Visit) -> UUID | None:
    """Return the kind of a visit: as it was booked, or as the desk chose it for a walk-in."""
    return visit.appointment.type_id if visit.appointment else visit.type_id


def _recalls(visit: Visit, upcoming: Sequence[Appointment], today: date) -> list[Recall]:
    """Return what the patient is due for within three months and not booked for; the kind of today is done."""
    own = kind_of(visit)
    booked = {own, *(one.type_id for one in upcoming)}
    soon = today + timedelta(days=INTERVALS["3m"])
    due = recalls.of_patient(visit.patient_id).filter(due_on__lte=soon)
    return [one for one in due if one.type.visit_type_id not in booked and not one.stopped_on(today)]


def slip_is_posted(visit_id: UUID) -> bool:
    """Return whether the visit's charge slip has been posted."""
    return not charges.visits_without_charges([visit_id])


def rooms_of(visit: Visit) -> list[tuple[ExamRoom, str, bool]]:
    """Return the rooms of the visit's door, each with who is in it, and whether a patient still holds it."""
    inside = {
        one.room_id: f"{one.patient.given} {one.patient.family}"
        for one in visits.in_rooms(visit.service_on).exclude(pk=visit.pk)
    }
    held = set(
        Visit.objects.on(visit.service_on).open().exclude(id=visit.id).values_list("room_id", flat=True)
    )
    rooms = ExamRoom.objects.filter(location_id=visit.location_id, is_active=True).order_by("rank", "name")
    return [(room, inside.get(room.id, ""), room.id in held) for room in rooms]
