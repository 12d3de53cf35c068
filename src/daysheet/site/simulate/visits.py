"""One visit, played from the door to the check-out, at the moments that chance gives it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from daysheet.charges import commands as charges
from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_day
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, usd
from daysheet.ledger import commands as ledger
from daysheet.ledger.asking import asking
from daysheet.patients.models import Patient
from daysheet.practice.models import Location, Provider
from daysheet.privacy import commands as privacy
from daysheet.privacy import filling
from daysheet.privacy.filling import FormAtHand
from daysheet.privacy.questions import Question
from daysheet.privacy.rules import EDITION
from daysheet.schedule import commands as schedule
from daysheet.schedule import queries as book
from daysheet.schedule.limits import age_on
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.schedule.remote import VIDEO
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.founding import PlayedOffice
from daysheet.site.simulate.played import Act, PlayedPractice
from daysheet.visits import commands as visits
from daysheet.visits import queries as visit_queries
from daysheet.visits.copays import copay_of
from daysheet.visits.due import FORM
from daysheet.visits.models import Visit

LEAVES_AFTER = timedelta(minutes=25)
LEFT_OPEN = ("card", "photo_id", "old_balance")
"""Steps that need not be done, and that chance leaves to the desk of the demonstration."""


@dataclass(slots=True)
class PlayedVisit:
    """A visit of the day: booked or walked in, and how it will go."""

    office: PlayedOffice
    patient: Patient
    provider: Provider
    location: Location
    type: AppointmentType
    starts_at: datetime
    chance: Chance
    appointment_id: UUID | None = None
    visit: Visit | None = None
    fate: str = "comes"
    """Or cancels, no_show, leaves: decided in the morning."""
    comes_by: Act | None = None
    """How the patient arrives, where it is not by the desk."""
    called: Act | None = None
    """What the desk does before it checks the patient in."""
    pays: Act | None = None
    """How the copay is paid by card, where it is not taken in another way."""
    has_paid: bool = False

    def acts(self) -> Iterator[tuple[datetime, Act]]:
        """Yield the acts of the visit with their moments."""
        late = self.chance.of("late")
        offset = late.number(2, 20) if late.happens(15) else -late.number(2, 25)
        at = self.starts_at + timedelta(minutes=offset)
        yield at, self._come_in
        at += timedelta(minutes=late.number(2, 6))
        yield at, self._check_in
        at += timedelta(minutes=late.number(3, 20))
        yield at, self._room
        at += timedelta(minutes=late.number(4, 15))
        yield at, self._with_provider
        at += timedelta(minutes=late.number(8, 25))
        yield at, self._charge
        at += timedelta(minutes=late.number(2, 8))
        yield at, self._check_out

    @property
    def is_off(self) -> bool:
        """Return whether the appointment was given up or moved meanwhile, or the patient is here: nobody comes for it."""
        day = local_day(self.starts_at, self.office.practice.zone)
        if Visit.objects.open().filter(patient=self.patient, service_on=day).exists():
            return True
        if self.appointment_id is None:
            return False
        return not Appointment.objects.filter(pk=self.appointment_id, booking="scheduled").exists()

    def arrive(self, now: datetime) -> None:
        """Let the desk note that the patient is here."""
        desk = self.office.by("receptionist", now)
        if self.appointment_id is None:
            self.visit = visits.walk_in(
                desk,
                patient_id=self.patient.id,
                provider_id=self.provider.id,
                location_id=self.location.id,
                type_id=self.type.id,
                reason=self.chance.of("reason").one_of(self.office.plays.reasons),
            )
        else:
            self.visit = visits.arrive(desk, appointment_id=self.appointment_id)

    def _come_in(self, now: datetime) -> None:
        (self.comes_by or self.arrive)(now)

    def leave(self, now: datetime) -> None:
        """Let the patient go away before being seen."""
        visits.left_without_being_seen(
            self.office.by("receptionist", now), visit_id=self._here().id, reason="Could not wait any longer"
        )

    def _check_in(self, now: datetime) -> None:
        if self.called is not None:
            self.called(now)
        if self.pays is not None:
            self.pays(now)
        desk, visit = self.office.by("receptionist", now), self._here()
        for step in visit.steps.filter(stage="check_in", state="open").order_by("rank"):
            if step.kind not in LEFT_OPEN or step.is_required:
                self._check_in_step(desk.at(now), visit, step.kind)
        visits.check_in(desk, visit_id=visit.id)

    def _check_in_step(self, desk: Actor, visit: Visit, kind: str) -> None:
        if kind == "privacy_notice":
            if self.chance.of("notice").happens(4):
                privacy.note_refusal(
                    desk,
                    patient_id=self.patient.id,
                    kind="npp",
                    edition=EDITION,
                    because="Wants to read it first",
                )
            else:
                privacy.sign_notice(
                    desk,
                    patient_id=self.patient.id,
                    kind="npp",
                    edition=EDITION,
                    signed_by=f"{self.patient.given} {self.patient.family}",
                    signed_on=visit.service_on,
                )
        if kind.startswith(FORM) and kind != "form-treatment":
            self._fill(desk, visit, kind.removeprefix(FORM))
        if kind == "form-treatment":
            name = f"{self.patient.given} {self.patient.family}"
            privacy.sign_notice(desk, patient_id=self.patient.id, kind="treatment", signed_by=name)
        if kind == "copay" and not self._pay_copay(desk, visit):
            visits.not_now(desk, visit_id=visit.id, stage="check_in", kind=kind, reason="Will pay by mail")
            return
        visits.do_step(desk, visit_id=visit.id, stage="check_in", kind=kind)

    def _fill(self, desk: Actor, visit: Visit, key: str) -> None:
        """Fill a form of the office in, as the patient does: yes or no by chance, a name under it."""
        form = filling.form_at_hand(key)
        if form is None:
            return
        answers = answers_for(form, self.chance, visit.service_on)
        privacy.fill_form(
            desk,
            patient_id=self.patient.id,
            key=key,
            edition=form.number,
            answers=answers,
            signed_by=f"{self.patient.given} {self.patient.family}" if form.needs_signature else "",
            agrees=form.needs_signature,
            visit_id=visit.id,
        )

    def _pay_copay(self, desk: Actor, visit: Visit) -> bool:
        if self.has_paid:
            return True
        due, _ = copay_of(visit)
        old = asking(self.patient.id).may_ask
        cash = self.chance.of("copay")
        amount = (due or ZERO) + (old if cash.happens(50) else ZERO)
        if amount <= 0:
            return True
        if cash.happens(9):
            return False
        take_payment(desk, self.patient.id, self.location.id, amount, cash, visit_id=visit.id)
        return True

    def _room(self, now: datetime) -> None:
        rooms, visit = self.office.rooms[self.location.id], self._here()
        if self.type.mode == VIDEO:
            visit.refresh_from_db()
            visits.open_meeting(self.office.by("clinician", now), visit_id=visit.id, version=visit.version)
            return
        taken = set(visit_queries.in_rooms(visit.service_on).values_list("room_id", flat=True))
        free = [room for room in rooms if room.id not in taken]
        visits.move_on(
            self.office.by("clinician", now),
            visit_id=visit.id,
            to=Visit.Flow.ROOMED,
            room_id=self.chance.of("room").one_of(free or rooms).id,
            because="" if free else "No other room is free",
        )

    def _with_provider(self, now: datetime) -> None:
        visits.move_on(
            self.office.by("clinician", now), visit_id=self._here().id, to=Visit.Flow.WITH_PROVIDER
        )

    def _charge(self, now: datetime) -> None:
        by, visit, what = self.office.by("clinician", now), self._here(), self.chance.of("charges")
        codes = list(what.one_of(self.office.plays.diagnoses))
        charges.set_diagnoses(by, visit_id=visit.id, codes=codes)
        plays = self.office.plays
        lines = list(what.one_of(plays.slips(self.type.name)))
        lines += [what.one_of(plays.extras)] if what.happens(35) and plays.extras else []
        for line in lines:
            charges.put_charge(by, visit_id=visit.id, code=line, pointers=(1,), **self._in_mouth(line, now))
        visits.move_on(by, visit_id=visit.id, to=Visit.Flow.READY_FOR_CHECKOUT)

    def _in_mouth(self, code: str, now: datetime) -> dict[str, Any]:
        """Return which tooth or area a dentist writes on a line, and what a crown replaces."""
        plays, chance = self.office.plays, self.chance.of(f"mouth {code}")
        if code not in plays.mouth:
            return {}
        told: dict[str, Any] = {"mouth": chance.one_of(plays.mouth[code])}
        if code in plays.prostheses:
            is_new = chance.happens(70)
            told["prosthesis"] = "I" if is_new else "R"
            told["prior_placed_on"] = None if is_new else (now - timedelta(days=8 * 365)).date()
        return told

    def _check_out(self, now: datetime) -> None:
        desk, visit = self.office.by("receptionist", now), self._here()
        charges.post_charges(desk, visit_id=visit.id)
        for step in visit.steps.filter(stage="check_out").order_by("rank"):
            if step.kind == "follow_up" and not self._book_follow_up(now):
                visits.not_now(
                    desk, visit_id=visit.id, stage="check_out", kind=step.kind, reason="Not needed"
                )
            else:
                visits.do_step(desk, visit_id=visit.id, stage="check_out", kind=step.kind)
        visits.check_out(desk, visit_id=visit.id)

    def _book_follow_up(self, now: datetime) -> bool:
        later = self.chance.of("follow-up")
        if not later.happens(30):
            return False
        day = local_day(now, self.office.practice.zone) + timedelta(days=later.one_of((14, 28, 42, 84)))
        type_ = self.office.types[self.office.plays.follow_up]
        slots = book.open_slots(
            type_id=type_.id,
            provider_ids=[self.provider.id],
            location_id=self.location.id,
            first_day=day,
            last_day=day + timedelta(days=7),
            now=now,
            limit=3,
        )
        if not slots:
            return False
        try:
            schedule.book_appointment(
                self.office.by("receptionist", now),
                patient_id=self.patient.id,
                provider_id=self.provider.id,
                location_id=self.location.id,
                type_id=type_.id,
                starts_at=slots[0].starts_at,
                reason="Follow-up",
                limit_reason=self.office.plays.limit_reason,
            )
        except Refusal:
            return False
        return True

    def _here(self) -> Visit:
        assert self.visit is not None
        return self.visit


def may_come(patient: Patient, kind: AppointmentType, day: date) -> bool:
    """Return whether a patient has the age and the sex for a kind of visit."""
    age = age_on(patient.born_on, day)
    fits = (kind.youngest is None or age >= kind.youngest) and (kind.oldest is None or age <= kind.oldest)
    return fits and kind.for_sex in ("", patient.sex)


def plan_visit(
    play: PlayedPractice, visit: PlayedVisit, rank: int, *, not_before: datetime | None = None
) -> None:
    """Put the acts of a visit on the agenda, shifted as a whole where they would begin before a moment.

    What follows the arrival is left out where nobody came: the visit was cancelled or moved meanwhile.
    """
    steps = list(visit.acts())
    if visit.fate == "leaves":
        steps = [*steps[:2], (steps[1][0] + LEAVES_AFTER, visit.leave)]
    shift = max(timedelta(0), not_before - steps[0][0]) if not_before else timedelta(0)

    def if_here(act: Act) -> Act:
        def play_it(now: datetime) -> None:
            if visit.visit is not None:
                act(now)

        return play_it

    def if_it_stands(act: Act) -> Act:
        def play_it(now: datetime) -> None:
            if not (play.has_desk and visit.is_off):
                act(now)

        return play_it

    for place, (at, act) in enumerate(steps):
        play.plan(at + shift, rank, if_here(act) if place else if_it_stands(act))


def answers_for(form: FormAtHand, chance: Chance, day: date) -> dict[str, str]:
    """Return answers to what a form must be told."""
    said = chance.of("form", form.title)
    return {one.key: _answer(one, said, day) for one in form.questions if one.is_required}


def _answer(question: Question, chance: Chance, day: date) -> str:
    """Return an answer that will do."""
    if question.kind == "date":
        return (day - timedelta(days=2)).isoformat()
    if question.kind == "number":
        return str(chance.number(0, 6))
    if question.kind == "text":
        return "as told at the desk"
    return chance.one_of([said for said, _words in question.offered("en")])


def take_payment(
    desk: Actor,
    patient_id: UUID,
    location_id: UUID | None,
    amount: Decimal,
    chance: Chance,
    *,
    visit_id: UUID | None = None,
    by_mail: bool = False,
) -> None:
    """Take money in the way that chance says: card, cash or check at the desk, a check by mail."""
    method = "check" if by_mail else chance.one_of(("card", "cash", "check"), (60, 28, 12))
    ledger.take_payment(
        desk,
        patient_id=patient_id,
        amount=usd(amount),
        method=method,
        location_id=location_id,
        purpose="copay" if visit_id else "balance",
        visit_id=visit_id,
        check_number=str(chance.number(1000, 9999)) if method == "check" else "",
        card_brand=chance.one_of(("Visa", "Mastercard")) if method == "card" else "",
        card_last4=f"{chance.number(0, 9999):04d}" if method == "card" else "",
        approval=f"{chance.number(0, 999999):06d}" if method == "card" else "",
    )
