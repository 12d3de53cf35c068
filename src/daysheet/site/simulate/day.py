"""A working day, played: bookings of the day before, arrivals, money, claims, answers, the close."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from daysheet.claims import commands as claims
from daysheet.coverage import commands as coverage
from daysheet.coverage import queries as coverages
from daysheet.kernel import jobs
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, usd
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.asking import asking
from daysheet.ledger.models import Daysheet
from daysheet.patients import commands as patients
from daysheet.patients.models import Patient
from daysheet.patients.rules import PhoneFact
from daysheet.payer import commands as payer
from daysheet.practice.models import Provider
from daysheet.schedule import commands as schedule
from daysheet.schedule import queries as book
from daysheet.schedule import reasons, waitlist
from daysheet.site.simulate import arriving, patterns, people
from daysheet.site.simulate import desk as desks
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.played import Act, PlayedPractice
from daysheet.site.simulate.visits import PlayedVisit, may_come, plan_visit, take_payment
from daysheet.visits.models import Visit

NO_SHOW, LATE_CANCEL, WALK_IN = 6.0, 4.0, 4.0  # percent; volumes of a family practice
PAYS_BY_MAIL = 30.0
FLOAT = usd("100.00")


@transaction.atomic
def new_patient(play: PlayedPractice, now: datetime, today: date, *, language: str = "") -> Patient:
    """Register an invented person, with the card they bring; chance says the language where nobody does."""
    play.count += 1
    number, office = play.count, play.office
    chance = play.chance.of("person", number)
    who = people.person(chance, number=number, today=today, ages=office.plays.ages)
    desk = office.by("receptionist", now)
    patient = patients.register_patient(
        desk,
        family=who.family,
        given=who.given,
        preferred=who.preferred,
        born_on=who.born_on,
        sex=who.sex,
        street=who.street,
        city=who.city,
        state="MA",
        zip=who.zip,
        email=who.email,
        language=language or who.language,
        needs_interpreter=who.needs_interpreter,
        phones=(PhoneFact(who.phone, may_text=True, may_leave_message=True),),
        usual_provider_id=chance.one_of(office.providers).id,
        different_because="Different person, saw the ID",
    )
    age = (today - who.born_on).days // 365
    card = people.insurance(chance.of("card"), number=number, age=age, known=office.known_plans())
    if card is not None:
        coverage.add_coverage(
            desk,
            patient_id=patient.id,
            plan_id=office.plans[card.payer_id, card.plan].id,
            member_id=card.member_id,
            group_number=card.group_number,
            starts_on=date(today.year - 1, 1, 1),
        )
        with acting_in(office.twin.id):
            payer.enroll_member(
                office.clerk_at_payer(now),
                payer_id=card.payer_id,
                member_id=card.member_id,
                family=who.family,
                given=who.given,
                born_on=who.born_on,
                plan=card.plan,
                starts_on=date(today.year - 1, 1, 1),
                has_met_deductible=chance.of("deductible").happens(60),
            )
    play.known.append(patient)
    return patient


def run_jobs(play: PlayedPractice, held: list[jobs.HeldJob], now: datetime) -> None:
    """Do the work that commands have left for this moment or before, and what that work leaves in its turn."""
    while due := [job for job in held if job.at is None or job.at <= now]:
        play.at(now)
        held.remove(due[0])
        due[0].run()


@transaction.atomic
def book_day(play: PlayedPractice, day: date, now: datetime, how_many: int) -> list[PlayedVisit]:
    """Book a day's visits on the day before, by phone: known patients and new ones, spread over the clinicians."""
    chance, hands, plays = play.chance.of("booking", day), _free_hands(play, day), play.office.plays
    booked: list[PlayedVisit] = []
    coming: set[UUID] = set()
    for number in range(how_many):
        pick = chance.of(number)
        free = [patient for patient in play.known if patient.id not in coming]
        is_new = len(play.known) < how_many or not free or pick.happens(18)
        kinds = tuple((name, 100) for name in plays.first) if is_new else plays.later
        type_ = play.office.types[pick.one_of(*zip(*kinds, strict=True))]
        fitting = free if is_new else [patient for patient in free if may_come(patient, type_, day)]
        whole = timedelta(minutes=type_.before_minutes + type_.minutes + type_.after_minutes)
        found = _next_free(
            hands, whole, pause=_pause(pick, 480 * len(hands) / how_many - whole.total_seconds() / 60)
        )
        if found is None:
            break
        provider, starts_at = found[0], found[1] + timedelta(minutes=type_.before_minutes)
        if not is_new and not fitting:
            continue
        patient = new_patient(play, now, day) if is_new else pick.one_of(fitting)
        coming.add(patient.id)
        visit = PlayedVisit(
            play.office,
            patient,
            provider,
            play.door_of(provider),
            type_,
            starts_at,
            play.chance.of("visit", day, number),
        )
        try:
            visit.appointment_id = schedule.book_appointment(
                play.office.by("receptionist", now),
                patient_id=patient.id,
                provider_id=provider.id,
                location_id=visit.location.id,
                type_id=type_.id,
                starts_at=starts_at,
                reason=pick.one_of(plays.reasons),
                limit_reason=plays.limit_reason,
            ).id
        except Refusal:
            continue
        booked.append(visit)
    return booked


@dataclass(slots=True)
class FreeHand:
    """A clinician's day as it fills up: from when on there is time, and what is promised already."""

    provider: Provider
    at: datetime
    lunch: tuple[datetime, datetime]
    end: datetime
    promised: list[tuple[datetime, datetime]]

    def next_start(self, length: timedelta) -> datetime | None:
        """Return the next time at which so long a visit fits, or None when the day is full."""
        at = self.at
        blocked = sorted([*self.promised, self.lunch])
        for begins, ends in blocked:
            if at < ends and begins < at + length:
                at = ends
        return at if at + length <= self.end else None


def _free_hands(play: PlayedPractice, day: date) -> list[FreeHand]:
    promised = list(book.day(location_id=None, day=day))
    ends = play.office.plays.ends.get(day.weekday(), time(17))
    return [
        FreeHand(
            provider,
            play.moment(day, 8),
            (play.moment(day, 12), play.moment(day, 13)),
            play.moment(day, ends.hour, ends.minute),
            [
                *((a.starts_at, a.ends_at) for a in promised if a.provider_id == provider.id),
                *patterns.kept_spans(play, provider, day),
            ],
        )
        for provider in play.office.providers
    ]


def _pause(chance: Chance, spare: float) -> timedelta:
    """Return the air behind a visit, so that a day's visits fill the day and not its morning."""
    return timedelta(minutes=5 * round(max(0.0, spare) * chance.number(30, 110) / 500))


def _next_free(
    hands: list[FreeHand], length: timedelta, *, pause: timedelta
) -> tuple[Provider, datetime] | None:
    """Return the clinician with the earliest free time, and take it."""
    open_times = [
        (start, rank) for rank, hand in enumerate(hands) if (start := hand.next_start(length)) is not None
    ]
    if not open_times:
        return None
    start, rank = min(open_times)
    hands[rank].at = start + length + pause
    return hands[rank].provider, start


def play_day(
    play: PlayedPractice,
    day: date,
    visits: list[PlayedVisit],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Daysheet | None:
    """Play a day to its close; with `until`, stop the clock there and leave the day open.

    With `since`, go on with a day that was stopped there: with the same visits, and what was not done yet.
    """
    with jobs.holding() as held:
        if since is None:
            play.at(play.moment(day, 7, 30))
            _morning(play, day, visits, held)
        held += play.left
        _plan(play, day, visits)
        while play.agenda:
            at, act = play.next_act()
            if until is not None and at > until:
                break
            if since is not None and at <= since:
                continue
            run_jobs(play, held, at)
            with transaction.atomic():
                act(at)
            while play.outside:
                play.outside.pop(0)()
            run_jobs(play, held, at)
        if until is not None:
            play.at(until)
            return None
        sheet = _evening(play, day, held)
        play.left, play.days_played = list(held) if play.has_desk else [], play.days_played + 1
        return sheet


def _morning(play: PlayedPractice, day: date, visits: list[PlayedVisit], held: list[jobs.HeldJob]) -> None:
    office, now = play.office, play.moment(day, 7, 40)
    with acting_in(office.twin.id):
        payer.pay_due(office.clerk_at_payer(now), day=day)
    run_jobs(play, held, now)
    _open_and_ask(play, day, visits)
    run_jobs(play, held, now)
    now = play.moment(day, 8, 10)
    claims.send_due_claims(office.by("biller", now))
    run_jobs(play, held, now)
    _mail(play, day)


@transaction.atomic
def _open_and_ask(play: PlayedPractice, day: date, visits: list[PlayedVisit]) -> None:
    """Open the drawers and ask the plans about everybody who comes today."""
    desk = play.office.by("receptionist", play.moment(day, 7, 40))
    for door in play.office.locations:
        ledger.open_drawer(desk, location_id=door.id, opening_float=FLOAT)
    for visit in visits if play.asks_from is None or day >= play.asks_from else ():
        own = coverages.coverage_on(visit.patient.id, day)
        if own is not None:
            coverage.ask_eligibility(
                desk, coverage_id=own.id, service_on=day, appointment_id=visit.appointment_id
            )


@transaction.atomic
def _mail(play: PlayedPractice, day: date) -> None:
    """Open the post: checks of patients who had a statement a week or more ago."""
    now, waiting = play.moment(day, 8, 30), []
    for made_on, patient_id in play.billed:
        pays = play.chance.of("mail", day, made_on, play.known_number(patient_id))
        owes = asking(patient_id).may_ask
        if (day - made_on).days >= 3 and owes > 0 and pays.happens(PAYS_BY_MAIL):
            take_payment(play.office.by("biller", now), patient_id, None, owes, pays, by_mail=True)
        else:
            waiting.append((made_on, patient_id))
    play.billed = waiting


def _plan(play: PlayedPractice, day: date, visits: list[PlayedVisit]) -> None:
    """Put on the agenda what the day brings, as far as it is known in the morning."""
    play.agenda = []
    for visit in visits:
        visit.fate = _fate(visit)
    walk_ins = _walk_ins(play, day, visits)
    if play.has_desk:
        desks.at_the_desk(play, day, visits, walk_ins)
    for rank, visit in enumerate(visits):
        if visit.fate == "cancels":
            play.plan(play.moment(day, 8, 5), rank, _cancel(play, visit))
        elif visit.fate != "no_show":
            plan_visit(play, visit, rank)
    for number, walk in enumerate(walk_ins):
        plan_visit(play, walk, len(visits) + number)


@transaction.atomic
def _walk_ins(play: PlayedPractice, day: date, visits: list[PlayedVisit]) -> list[PlayedVisit]:
    """Return the visits of those who come without an appointment."""
    play.walking_in = set()
    found: list[PlayedVisit] = []
    for number in range(max(1, round(play.visits_a_day * WALK_IN / 100))):
        chance = play.chance.of("walk-in", day, number)
        provider = chance.one_of(play.office.providers)
        door = play.door_of(provider)
        at = play.moment(day, chance.one_of((9, 10, 11, 14)), chance.number(0, 59))
        unlucky = {visit.patient.id for visit in visits} | play.walking_in
        if play.has_desk:  # who waits for a time may be given one today
            unlucky |= set(waitlist.entries().values_list("patient_id", flat=True))
        free = [patient for patient in play.known if patient.id not in unlucky]
        kind = play.office.types[play.office.plays.walk_in]
        if free:
            found.append(PlayedVisit(play.office, chance.one_of(free), provider, door, kind, at, chance))
            play.walking_in.add(found[-1].patient.id)
    return found


def _fate(visit: PlayedVisit) -> str:
    """Return what becomes of a visit: its patient comes, cancels late, or is not seen."""
    fate = visit.chance.of("fate")
    if visit.appointment_id and fate.happens(NO_SHOW):
        return "no_show"
    return "cancels" if visit.appointment_id and fate.happens(LATE_CANCEL) else "comes"


def _cancel(play: PlayedPractice, visit: PlayedVisit) -> Act:
    def act(now: datetime) -> None:
        assert visit.appointment_id is not None
        if play.has_desk and visit.is_off:
            return  # cancelled or moved by another way
        why = reasons.offered()[visit.chance.of("why").number(0, 1)]
        schedule.cancel_appointment(
            play.office.by("receptionist", now),
            appointment_id=visit.appointment_id,
            version=None,
            reason=why.words,
            late=why.is_late(visit.starts_at, now),
            kind_id=why.kind_id,
        )

    return act


def _evening(play: PlayedPractice, day: date, held: list[jobs.HeldJob]) -> Daysheet:
    now = play.moment(day, 17, 5)
    with transaction.atomic():
        desk = play.office.by("receptionist", now)
        for appointment in book.unresolved(now):
            schedule.mark_no_show(desk, appointment_id=appointment.id, version=None)
        if play.has_desk:
            arriving.decide_fees(play, now)
        _bill(play, day, now)
    run_jobs(play, held, now)
    play.at(now)
    with transaction.atomic():
        count_drawers(play, day, now)
        return ledger.close_day(
            play.office.by("office_manager", now), day=day, reason="As counted", open_visits=0
        )


def count_drawers(play: PlayedPractice, day: date, now: datetime) -> None:
    """Count the drawers, now and then a little over or short."""
    for drawer in books.drawers(day):
        off, expected = play.chance.of("drawer", day, drawer.name), drawer.expected
        assert drawer.row is not None
        short = usd(off.one_of(("-5.00", "2.00", "-0.25"))) if off.happens(8) else ZERO
        counted = max(ZERO, expected + short)
        desk = play.office.by("receptionist", now)
        row = ledger.count_drawer(desk, drawer_id=drawer.row.pk, version=drawer.row.version, counted=counted)
        why = "Change given wrong, looked for it" if counted != expected else ""
        ledger.close_drawer(desk, drawer_id=row.pk, version=row.version, reason=why)
    _bank(play, day, now)


def _bank(play: PlayedPractice, day: date, now: datetime) -> None:
    """Take the cash and the checks to the bank, and write down what it said of the last slip."""
    manager = play.office.by("office_manager", now)
    for slip in books.bank_deposits().filter(state="made"):
        ledger.settle_deposit(manager, deposit_id=slip.pk, bank_said=slip.total, version=slip.version)
    drawers, checks = books.drawers_to_bank(), books.checks_to_bank()
    drawers = drawers if sum(one.to_bank for one in drawers) > 0 else []
    if drawers or checks:
        ledger.make_deposit(
            manager,
            drawer_ids=[one.row.pk for one in drawers],
            check_ids=[one.pk for one in checks],
            bank_on=day,
        )


def _bill(play: PlayedPractice, day: date, now: datetime) -> None:
    """Make the day's claims; on Fridays, statements for whoever owes."""
    biller = play.office.by("biller", now)
    for visit_id in claims_to_make(day):
        claims.make_claims(biller, visit_id=visit_id)
    if day.weekday() != 4:
        return
    sent = {patient_id for _, patient_id in play.billed}
    for patient in play.known:
        if patient.id not in sent and asking(patient.id).may_ask > 0:
            with suppress(ledger.NothingOwed):  # all of it is under a payment plan
                ledger.make_statement(biller, patient_id=patient.id)
                play.billed.append((day, patient.id))


def claims_to_make(day: date) -> list[UUID]:
    """Return the visits of a day that have posted charges and a coverage, and no claim yet."""
    found = Visit.objects.filter(
        service_on=day, coverage__isnull=False, claims__isnull=True, charges__state="posted"
    )
    return list(found.order_by("number").values_list("id", flat=True).distinct())
