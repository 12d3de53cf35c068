"""A small world for tests that walk every address: one practice, played for a day, every patient a canary."""

import io
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pypdf
import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from daysheet.coverage import commands as coverages
from daysheet.coverage.models import (
    Authorization,
    Coverage,
    EligibilityNotNow,
    EligibilityResponse,
    InsurancePlan,
    Payer,
)
from daysheet.coverage.notice import AdvanceNotice
from daysheet.coverage.rules.injury import PLAN_KINDS
from daysheet.documents import commands as documents
from daysheet.documents.models import Document
from daysheet.frontdesk import commands as frontdesk
from daysheet.kernel.access import roles
from daysheet.kernel.clock import local_instant
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in, acting_practice_id
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.models import SavedCard
from daysheet.mailroom import commands as mailroom
from daysheet.movein import commands as movein
from daysheet.patients import commands as patients
from daysheet.patients.commands import RightFact
from daysheet.patients.models import Patient
from daysheet.patients.rules.alerts import AlertFact
from daysheet.phones import commands as phones
from daysheet.portal import commands as kiosks
from daysheet.portal.models import SelfCheckIn
from daysheet.practice.forms import AT_PAYERS
from daysheet.practice.models import AddedSetting, DeskSession, Membership, Provider
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Absence, Appointment, AppointmentType, ProviderHours
from daysheet.schedule.recalling import Step
from daysheet.schedule.requests import Wish
from daysheet.site.simulate import people
from daysheet.site.simulate.calls import play_calls
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.day import book_day, play_day
from daysheet.site.simulate.founding import PlayedOffice, found_office
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.prices import tell_prices
from daysheet.ui.screens import ScreenRule
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import make
from tests.pictures import LICENCE, PNG, licence_picture

MONDAY = date(2026, 3, 2)
TODAY = date(2026, 3, 4)
CANARY = "Canary"


@dataclass(frozen=True, slots=True)
class Address:
    """A named address of the product, with who may open it."""

    name: str
    parameters: tuple[str, ...]
    rule: ScreenRule

    def url(self, world: "World") -> str | None:
        """Return the address filled with the world's own things, or None where it has none of a kind."""
        values = {name: world.value(name, self.name) for name in self.parameters}
        return None if None in values.values() else reverse(self.name, kwargs=values)


def addresses() -> list[Address]:
    """Return every named address that a room declares, in order."""
    found: list[Address] = []

    def walk(patterns: list[Any], space: str, parameters: tuple[str, ...]) -> None:
        for one in patterns:
            own = (*parameters, *one.pattern.converters)
            if isinstance(one, URLResolver):
                inner = ":".join(filter(None, (space, one.namespace)))
                walk(one.url_patterns, inner, own)
            elif isinstance(one, URLPattern) and hasattr(one.callback, "screen"):
                name = ":".join(filter(None, (space, one.name)))
                found.append(Address(name, own, one.callback.screen))

    walk(get_resolver().url_patterns, "", ())
    return sorted(found, key=lambda one: one.name)


class World:
    """A practice in the middle of its third day."""

    def __init__(self, name: str) -> None:
        before = local_instant(datetime.combine(date(2026, 2, 27), time(13)), Practice(name=name).zone)
        self.office: PlayedOffice = found_office(name=name, now=before, seed="world", answer_days=1)
        self.practice = self.office.practice
        play = PlayedPractice(self.office, Chance("world"), 5)
        eve = local_instant(datetime.combine(date(2026, 2, 27), time(17)), self.practice.zone)
        with acting_in(self.practice.id):
            for day in (MONDAY, MONDAY + timedelta(days=1), TODAY):
                stop = (
                    local_instant(datetime.combine(day, time(11, 30)), self.practice.zone)
                    if day == TODAY
                    else None
                )
                play_day(play, day, book_day(play, day, eve, 5), until=stop)
                eve = local_instant(datetime.combine(day, time(17, 20)), self.practice.zone)
        self._members: dict[str, Membership] = {}
        for role in roles():
            self.member(role)
        with acting_in(self.practice.id):
            play_calls(play, play.moment(TODAY, 11, 30))
            tell_prices(play, TODAY, play.moment(TODAY, 11, 30))
            self._small_things()

    def _small_things(self) -> None:
        """Leave lying about what three days have not: a paper, an absence, and a sign-in elsewhere."""
        now = self.office.practice.now()
        Absence.objects.create(
            provider=Provider.objects.first(),
            starts_at=now + timedelta(days=40),
            ends_at=now + timedelta(days=41),
        )
        visits.set_wait_limit(
            self.office.by("office_manager", now), state="arrived", long_after=12, very_long_after=25
        )
        documents.keep_document(
            self.office.by("receptionist", now),
            kind="consent",
            title="Consent",
            media_type="application/pdf",
            content=_paper(),
            patient_id=Patient.objects.first().pk,  # type: ignore[union-attr]
        )
        self._somebody_waits(now)
        self._somebody_checks_in_alone(now)
        self._a_visit_needs_more(now)
        self._somebody_is_reminded(now)
        self._a_clinician_is_out(now)
        self._the_weeks_have_a_pattern(now)
        self._somebody_comes_weekly(now)
        self._somebody_is_due(now)
        self._somebody_asks_from_home(now)
        phones.keep_line(self.office.by("office_manager", now), name="Front desk", hosts="192.0.2.20")
        self._a_check_goes_to_the_bank(now)
        self._a_licence_is_taken_over(now)
        self._a_card_is_read(now)
        self._somebody_pays_by_and_by(now)
        self._a_paper_waits_for_its_printer(now)
        self._a_card_is_named_for_a_visit(now)
        EligibilityNotNow.objects.create(
            patient=Patient.objects.first(),
            service_on=TODAY,
            kind="none",
            reason="Brings the card",
            noted_at=now,
            noted_by="Rosa",
        )
        covered = Coverage.objects.order_by("id").first()
        Authorization.objects.create(
            patient_id=covered.patient_id,  # type: ignore[union-attr]
            coverage=covered,
            kind="prior",
            number="AUTH1",
            visits_approved=3,
            starts_on=MONDAY,
        )
        self._an_injury(now)
        self._somebody_is_seen_elsewhere(now)
        self._somebody_is_around(now)
        self._a_notice_and_doubles(now)
        EligibilityResponse.objects.update(other_payers=[ANOTHER_PAYER])
        visits.add_check_in_rule(
            self.office.by("office_manager", now),
            kind="photo_id",
            often="once",
            is_required=False,
            youngest=18,
        )
        self._a_file_of_the_old_system(now)
        AddedSetting.objects.create(
            setting="dermatology", location=self.office.locations[0], added_at=now, added_by="Ana"
        )
        DeskSession.objects.create(
            user=self._members["office_manager"].user,
            session_key=f"elsewhere-{self.practice.id}",
            began_at=now,
            seen_at=now,
        )

    def _a_licence_is_taken_over(self, now: datetime) -> None:
        """Let the newest visit's patient show a licence, of which the town goes into the chart."""
        by = self.office.by("receptionist", now)
        visit = Visit.objects.select_related("patient").order_by("id").last()
        assert visit is not None
        card = replace(LICENCE, family=visit.patient.family.upper(), born_on=visit.patient.born_on)
        back = licence_picture(card)
        paper = documents.file_document(
            by, patient_id=visit.patient_id, kind="photo_id", title="Photo ID, back", content=back
        )
        frontdesk.take_over(
            by,
            visit_id=visit.pk,
            document_id=paper.pk,
            version=visit.patient.version,
            fields=["street"],
        )

    def _a_card_is_read(self, now: datetime) -> None:
        """Let the newest patient's card be on file."""
        newest = Patient.objects.order_by("id").last()
        assert newest is not None
        documents.file_document(
            self.office.by("receptionist", now),
            patient_id=newest.pk,
            kind="card_front",
            title="Insurance card, front",
            content=PNG,
        )

    def _a_file_of_the_old_system(self, now: datetime) -> None:
        """Let a file wait to be taken in, with a look-alike, a strange word and a bad row; and keep its map."""
        by, like = self.office.by("office_manager", now), Patient.objects.order_by("chart_number").first()
        assert like is not None
        text = f"ID,Last Name,First Name,DOB,Sex\n1,{like.family},{like.given},{like.born_on},Q\n2,,Ann,1990-13-01,F\n"
        file = movein.bring_file(by, name="patients.csv", content=text.encode(), system="Old")
        movein.keep_map(by, file_id=file.pk, name="Ours")
        movein.look_through(by, file_id=file.pk)

    def _somebody_is_seen_elsewhere(self, now: datetime) -> None:
        """Let a payer have a rule for video, the office an address and a hospital, and book a visit by video last."""
        manager = self.office.by("office_manager", now)
        payer = Payer.objects.order_by("id").last()
        assert payer is not None
        coverages.set_telehealth_rule(
            self.office.by("biller", now),
            payer_id=payer.pk,
            mode="video",
            version=0,
            at_home="10",
            elsewhere="02",
            modifier="GT",
            source="Manual, page 12",
        )
        schedule.set_meeting_address(manager, pattern="https://meet.example.org/{clinician}/{room}")
        ward = visits.add_care_place(
            manager,
            name="Mercy Hospital",
            place_of_service="21",
            street="1 Hill Rd",
            city="Springfield",
            state="MA",
            zip_code="01104",
        )
        visits.enter_round_visit(
            self.office.by("receptionist", now),
            patient_id=Patient.objects.order_by("chart_number").first().pk,  # type: ignore[union-attr]
            provider_id=Provider.objects.order_by("id").first().pk,  # type: ignore[union-attr]
            location_id=self.office.locations[0].pk,
            at=now - timedelta(hours=3),
            care_place_id=ward.pk,
            admitted_on=(now - timedelta(days=2)).date(),
        )
        kind = schedule.add_appointment_type(manager, name="Video visit", minutes=20, mode="video")
        at = (now + timedelta(days=52)).replace(minute=0, second=0, microsecond=0)
        Appointment.objects.create(
            patient=Patient.objects.order_by("chart_number").first(),
            provider=Provider.objects.order_by("id").last(),
            location=self.office.locations[0],
            type=kind,
            starts_at=at,
            ends_at=at + timedelta(minutes=20),
            on_day=at.astimezone(self.practice.zone).date(),
            booked_at=now,
            booked_by="Rosa Marin",
        )

    def _an_injury(self, now: datetime) -> None:
        """Let somebody have been hurt at work, with a closed case beside it."""
        by = self.office.by("receptionist", now)
        who = Patient.objects.order_by("chart_number").first()
        payer = Payer.objects.order_by("id").first()
        assert who is not None
        assert payer is not None
        for number in ("WC1", "WC2"):
            facts = coverages.CaseFacts(
                "work", payer.pk, MONDAY, "left wrist", employer="Bakery", claim_number=number
            )
            held = coverages.add_case(by, patient_id=who.pk, facts=facts, today=TODAY)
            if number == "WC1":
                coverages.close_case(
                    by, case_id=held.pk, version=1, closed_on=TODAY, reason="Settled", today=TODAY
                )

    def _a_notice_and_doubles(self, now: datetime) -> None:
        """Let a notice be written, an enrolment stand, and two plans have been put together."""
        manager, biller = (self.office.by(role, now) for role in ("office_manager", "biller"))
        plan = InsurancePlan.objects.filter(kind__in=("ppo", "hmo"), is_active=True).order_by("id").first()
        covered = Coverage.objects.filter(rank=1).order_by("id").first()
        assert plan is not None
        assert covered is not None
        for name in ("Twice", "Two times"):
            InsurancePlan.objects.create(payer=plan.payer, name=name)
        gone, kept = InsurancePlan.objects.filter(name__in=("Twice", "Two times")).order_by("id")
        coverages.merge_plans(manager, gone_id=gone.pk, kept_id=kept.pk)
        doubles = [Payer.objects.create(name=name) for name in ("Twice Mutual", "Two Times Mutual")]
        coverages.merge_payers(manager, gone_id=doubles[0].pk, kept_id=doubles[1].pk, reason="typed twice")
        coverages.note_enrolment(
            biller, payer_id=plan.payer_id, what="claims", version=0, state="sent", since=TODAY, today=TODAY
        )
        AdvanceNotice.objects.create(
            patient_id=covered.patient_id,
            coverage=covered,
            service="Vitamin D test",
            why="not_necessary",
            reason="Once a year",
            cost=Decimal(58),
            given_on=TODAY,
            service_on=TODAY,
            expires_on=TODAY + timedelta(days=365),
        )

    def _a_check_goes_to_the_bank(self, now: datetime) -> None:
        ledger.take_payment(
            self.office.by("receptionist", now),
            patient_id=Patient.objects.first().pk,  # type: ignore[union-attr]
            amount=Decimal(20),
            method="check",
            check_number="1001",
            location_id=self.office.locations[0].pk,
            purpose="prepayment",
        )
        checks = books.checks_to_bank()
        by = self.office.by("office_manager", now)
        ledger.make_deposit(
            by, drawer_ids=[], check_ids=[one.pk for one in checks], bank_on=books.posting_day(now)
        )
        facts = {"amount": Decimal(1), "method": "check", "reason": "paid twice", "number": "2001"}
        ledger.refund(by, patient_id=Patient.objects.first().pk, **facts)  # type: ignore[arg-type, union-attr]

    def _a_paper_waits_for_its_printer(self, now: datetime) -> None:
        """Let the front desk have a printer that did not answer."""
        manager = self.office.by("office_manager", now)
        desk = documents.keep_station(
            manager, name="Front desk", printers={"plain": "ipp://192.0.2.9/ipp/print"}
        )
        paper = Document.objects.filter(kind="consent").first()
        assert paper is not None
        waits = documents.print_paper(manager, document_id=paper.pk, station_id=desk.pk)
        sent = documents.begin_print(manager, job_id=waits.pk)
        version = sent.version if sent else 0
        documents.note_print(
            manager, job_id=waits.pk, version=version, sentence="The printer does not answer."
        )
        for name, scan in (("odd.tif", b"II*\x00"), ("scan-1.png", PNG)):
            documents.note_scan(manager, station_id=desk.pk, name=name, content=scan, size=len(scan))

    def _somebody_pays_by_and_by(self, now: datetime) -> None:
        """Let a payment plan run and another wait for its signature, and a day of Medicaid be asked with a reason."""
        by, manager = (self.office.by(role, now) for role in ("receptionist", "office_manager"))
        payer = Payer.objects.order_by("id").first()
        one, other, held = Patient.objects.order_by("chart_number")[:3]
        medicaid = InsurancePlan.objects.create(payer=payer, name="State Medicaid", kind="medicaid")
        Coverage.objects.create(patient=held, plan=medicaid, member_id="M1", rank=3, starts_on=MONDAY)
        for number, who in enumerate((one, other, held)):
            ledger.bring_forward(
                manager,
                patient_id=who.pk,
                amount=Decimal(120),
                service_on=MONDAY,
                memo="Before",
                source_key=f"before/{number}",
            )
        terms: dict[str, Any] = {"amount": Decimal(90), "every": "month", "count": 3, "first_on": TODAY}
        runs = ledger.offer_plan(by, patient_id=one.pk, **terms)
        ledger.sign_plan(by, plan_id=runs.pk, version=1, signed_by="One", agrees=True)
        ledger.offer_plan(by, patient_id=other.pk, **terms)
        ledger.ask_anyway(
            manager, patient_id=held.pk, service_on=MONDAY, why="not_covered", said="Paper of Mar 2"
        )

    def _a_card_is_named_for_a_visit(self, now: datetime) -> None:
        """Let a kept card wait for a visit to come."""
        by = self.office.by("receptionist", now)
        booked = Appointment.objects.holding().after(now).order_by("starts_at", "id").last()
        assert booked is not None
        card = SavedCard.objects.filter(patient_id=booked.patient_id).first() or SavedCard.objects.create(
            patient_id=booked.patient_id, token="x", brand="Visa", last4="4242", saved_at=now, saved_by="x"
        )
        frontdesk.name_card_ahead(
            by,
            appointment_id=booked.pk,
            card_id=card.pk,
            amount=Decimal(20),
            purpose="copay",
            consented_by="One",
        )

    def _somebody_is_around(self, now: datetime) -> None:
        """Let a patient have an alert, and a person who may hear."""
        by = self.office.by("receptionist", now)
        who = Patient.objects.order_by("chart_number").first()
        assert who is not None
        patients.write_alert(by, patient_id=who.pk, today=TODAY, fact=AlertFact("Ramp", places=("book",)))
        patients.record_care(by, patient_id=who.pk, agency="County Care", from_on=TODAY, foster_name="Foster")
        kin = patients.add_person(by, patient_id=who.pk, name="Kin", relationship="Sister")
        patients.record_rights(by, contact_id=kin.pk, facts=[RightFact("hear", "yes")], from_on=TODAY)

    def _somebody_waits(self, now: datetime) -> None:
        """Let somebody be asked about a time that was given up."""
        by = self.office.by("receptionist", now)
        kind = AppointmentType.objects.order_by("id").first()
        who, gives_up = Patient.objects.order_by("chart_number")[:2]
        assert kind is not None
        at = (now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
        clinician, door = Provider.objects.order_by("id").last(), self.office.locations[0]
        ProviderHours.objects.create(
            provider=clinician,
            location=door,
            weekday=at.astimezone(door.zone).weekday(),
            begins=time(0),
            ends=time(23, 59),
        )
        gone = Appointment.objects.create(
            patient=gives_up,
            provider=clinician,
            location=door,
            type=kind,
            starts_at=at,
            ends_at=at + timedelta(minutes=kind.minutes),
            on_day=at.astimezone(self.practice.zone).date(),
            booking="cancelled",
            booked_at=now,
            booked_by="Rosa Marin",
        )
        schedule.add_to_waitlist(by, patient_id=who.pk, type_id=kind.pk, notice_minutes=0)
        schedule.offer_slot(by, freed_by_id=gone.pk)

    def _a_visit_needs_more(self, now: datetime) -> None:
        """Let a kind of visit need a thing and keep time, and a clinician be booked over."""
        by = self.office.by("office_manager", now)
        one = schedule.add_resource(
            by, sort="equipment", what="Ultrasound", location_id=self.office.locations[0].pk
        )
        schedule.add_resource(by, sort="interpreter", what="Spanish interpreter", language="es")
        kind = AppointmentType.objects.order_by("id").last()
        schedule.set_what_a_visit_takes(
            by,
            type_id=kind.pk,  # type: ignore[union-attr]
            needs={one.kind_id: 1},
            after_minutes=5,
            prep="Eat nothing for six hours before.",
        )
        schedule.add_overbook_rule(
            by,
            provider_id=self.office.providers[0].id,
            from_clock=time(8),
            to_clock=time(12),
            highest_lane=1,
        )

    def _somebody_is_reminded(self, now: datetime) -> None:
        """Write about two visits to come: one patient asks for a call, the other message waits to leave."""
        manager, by = (self.office.by(role, now) for role in ("office_manager", "receptionist"))
        mailroom.open_telephone(manager)
        schedule.take_usual_reminder_rules(manager)
        kind = AppointmentType.objects.order_by("id").first()
        assert kind is not None
        for number, who in enumerate(Patient.objects.order_by("-chart_number")[:2]):
            at = (now + timedelta(days=6, hours=number)).replace(minute=0, second=0, microsecond=0)
            booked = Appointment.objects.create(
                patient=who,
                provider=Provider.objects.order_by("id").first(),
                location=self.office.locations[0],
                type=kind,
                starts_at=at,
                ends_at=at + timedelta(minutes=kind.minutes),
                on_day=at.astimezone(self.practice.zone).date(),
                booked_at=now,
                booked_by="Rosa Marin",
            )
            sent = schedule.send_reminder_now(by, appointment_id=booked.pk)
            if number == 0:
                schedule.answer_reminder(by, reminder_id=sent.pk, answer="call_me")

    def _somebody_comes_weekly(self, now: datetime) -> None:
        """Book a series of two visits, of which the second was cancelled with others."""
        by = self.office.by("office_manager", now)
        at = (now + timedelta(days=40)).replace(minute=0, second=0, microsecond=0)
        kind = AppointmentType.objects.order_by("id").first()
        assert kind is not None
        series = schedule.book_series(
            by,
            patient_id=Patient.objects.order_by("id").first().pk,  # type: ignore[union-attr]
            provider_id=Provider.objects.order_by("id").first().pk,  # type: ignore[union-attr]
            location_id=self.office.locations[0].pk,
            type_id=kind.pk,
            first_on=at.astimezone(self.practice.zone).date(),
            clock=time(9),
            hours_reason="Came every week before",
            every=1,
            unit="week",
            weekdays=[],
            starts=[at, at + timedelta(days=7)],
        )
        schedule.cancel_series(by, series_id=series.pk, version=None, reason="Other", from_number=2)

    def _somebody_is_due(self, now: datetime) -> None:
        """Let somebody be due for a visit that comes again, and have been called about it."""
        kind, who = AppointmentType.objects.order_by("id").first(), Patient.objects.order_by("id").first()
        assert kind is not None
        assert who is not None
        manager, by = (self.office.by(role, now) for role in ("office_manager", "receptionist"))
        kept = schedule.keep_recall_type(
            manager, name="Yearly exam", every_months=12, visit_type_id=kind.pk, steps=[Step(0, "call")]
        )
        due = schedule.set_recall_day(by, patient_id=who.pk, type_id=kept.pk, due_on=MONDAY)
        schedule.note_recall_contact(by, recall_id=due.pk, version=None, way="call", outcome="no_answer")
        schedule.keep_missed_fee_rule(manager, type_id=None, outcome="", forgiven=0, amount=Decimal(25))
        schedule.take_usual_cancel_reasons(manager)
        schedule.restrict_booking(by, patient_id=who.pk, kind="remind_twice", reason="Forgets", since=TODAY)
        at = (now - timedelta(days=9)).replace(minute=0, second=0, microsecond=0)
        gone = Appointment.objects.create(
            patient=who,
            provider=Provider.objects.order_by("id").first(),
            location=self.office.locations[0],
            type=kind,
            starts_at=at,
            ends_at=at + timedelta(minutes=kind.minutes),
            on_day=at.astimezone(self.practice.zone).date(),
            booking="no_show",
            booked_at=now - timedelta(days=20),
            booked_by="Rosa Marin",
        )
        frontdesk.waive_missed(by, appointment_id=gone.pk, reason="Ambulance")

    def _somebody_asks_from_home(self, now: datetime) -> None:
        """Open a kind of visit to asking from home; one request is declined, another one waits."""
        kind = AppointmentType.objects.filter(is_active=True).order_by("id").last()
        assert kind is not None
        manager, by, system = (
            self.office.by(role, now) for role in ("office_manager", "receptionist", "system")
        )
        schedule.keep_self_booking(manager, type_id=kind.pk, how="desk", called="Visit", called_es="Cita")
        for number, who in enumerate(Patient.objects.order_by("-chart_number")[2:4]):
            row, _token = schedule.offer_asking(by, patient_id=who.pk)
            kept = schedule.ask_for_visit(
                system,
                request_id=row.pk,
                type_id=kind.pk,
                wish=Wish(part="morning", weekdays=[1, 3]),
                reason="form for work",
            )
            if number == 0:
                schedule.decline_request(by, request_id=kept.pk, version=kept.version, because="no_time")

    def _a_clinician_is_out(self, now: datetime) -> None:
        """Take a clinician's day off the book on which somebody is booked."""
        by = self.office.by("receptionist", now)
        at = (now + timedelta(days=8)).replace(minute=0, second=0, microsecond=0)
        kind, who = AppointmentType.objects.order_by("id").first(), Patient.objects.order_by("id").first()
        assert kind is not None
        assert who is not None
        Appointment.objects.create(
            patient=who,
            provider=Provider.objects.order_by("id").first(),
            location=self.office.locations[0],
            type=kind,
            starts_at=at,
            ends_at=at + timedelta(minutes=kind.minutes),
            on_day=at.astimezone(self.practice.zone).date(),
            booked_at=now,
            booked_by="Rosa Marin",
        )
        schedule.close_span(
            by,
            provider_id=Provider.objects.order_by("id").first().pk,  # type: ignore[union-attr]
            starts_at=at,
            ends_at=at + timedelta(hours=1),
            cause="clinician",
        )
        schedule.say_late(
            by,
            provider_id=Provider.objects.order_by("id").first().pk,  # type: ignore[union-attr]
            day=TODAY,
            minutes=25,
        )

    def _the_weeks_have_a_pattern(self, now: datetime) -> None:
        """Keep time for a kind of visit, a holiday, a team, and two visits that were booked together."""
        by = self.office.by("office_manager", now)
        kind = AppointmentType.objects.order_by("id").first()
        who = Provider.objects.order_by("id").first()
        assert kind is not None
        assert who is not None
        schedule.add_blocks(
            by,
            provider_id=who.pk,
            weekdays=[5],
            fact=schedule.BlockFact(
                self.office.locations[0].pk, "Saturday visits", [kind.pk], time(8), time(9), release=1
            ),
        )
        schedule.keep_holidays(by, days=[schedule.DayOff(TODAY + timedelta(days=200), "Staff day")])
        schedule.add_team(by, name="Blue", provider_ids=[who.pk])
        schedule.set_languages(by, provider_id=who.pk, languages=["es"])
        at = (now + timedelta(days=53)).replace(minute=0, second=0, microsecond=0)
        patient = Patient.objects.order_by("id").first()
        assert patient is not None
        visits = [
            schedule.VisitFact(patient.pk, who.pk, self.office.locations[0].pk, kind.pk, at + late)
            for late in (timedelta(0), timedelta(hours=2))
        ]
        schedule.book_together(by, sort="chain", visits=visits)

    def _somebody_checks_in_alone(self, now: datetime) -> None:
        """Leave a kiosk open, and a patient at it who has proposed another address."""
        by = self.office.by("receptionist", now)
        door = kiosks.open_kiosk(by, location_id=self.office.locations[0].pk)
        visit = Visit.objects.filter(flow="arrived").order_by("id").last() or Visit.objects.last()
        SelfCheckIn.objects.create(
            patient_id=visit.patient_id,  # type: ignore[union-attr]
            location=door.location,
            visit=visit,
            kiosk=door,
            made_at=now,
            made_by=by.name,
            state="doing",
            steps=["contact", "insurance"],
            done=["contact"],
            said={"contact": {"street": "9 Elm St", "city": "Holyoke"}},
            begun_at=now,
            seen_at=now,
        )

    def member(self, role: str) -> Membership:
        """Return a person of a role, with a place in this practice (the payer's clerk in the payers')."""
        practice = self.office.twin if role in AT_PAYERS else self.practice
        if role not in self._members:
            with acting_in(practice.id):
                at = None if role in AT_PAYERS else self.office.locations[0]
                self._members[role] = make.member(
                    role, f"{role}-{practice.name}".lower().replace(" ", "-"), at=at
                )
        return self._members[role]

    def value(self, parameter: str, route: str) -> object:
        """Return a thing of this practice for a parameter of an address."""
        if parameter in {"day", "date", "on"}:
            return TODAY
        if not parameter.endswith("_id"):
            return SAID.get(parameter)
        room = route.split(":")[0]
        practice = self.office.twin if room == "payer" else self.practice
        with acting_in(practice.id):
            return self._newest(parameter, room)

    def _newest(self, parameter: str, room: str) -> UUID | None:
        noun = parameter.removesuffix("_id").replace("_", "")
        noun = ALIASES.get((room, noun), ALIASES.get(("", noun), noun))
        models = [
            m
            for m in apps.get_models()
            if m._meta.model_name == noun and m.__module__.startswith("daysheet.")
        ]
        if not models:
            return None
        rows = models[0]._default_manager.all()
        wanted = WANTED.get(f"{room}:{noun}") or WANTED.get(noun)
        rows = wanted(rows) if wanted else rows
        found = rows.order_by("id").last()
        return found.pk if found else None

    def canaries(self) -> dict[UUID, str]:
        """Return every patient's telling name."""
        with acting_in(self.practice.id):
            return dict(Patient.objects.values_list("id", "family"))


ANOTHER_PAYER = {"name": "Another Plan", "id": "ANOTHER", "line": 1}
SAID = {
    "by": "day",
    "to": "roomed",
    "stage": "check_in",
    "step": "card",
    "kind": "identity",
    "matter": "none",
    "line": 1,
    "number": 1,
    "version": 1,
    "key": "treatment",
    "what": "claims",
    "setting": "dental",
    "trade": "medical",
    "mode": "video",
    "sort": "plain",
}
"""Words that stand in an address."""


def _paper() -> bytes:
    """Return an empty page as PDF."""
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


ALIASES = {
    ("", "item"): "workqueueitem",
    ("", "type"): "appointmenttype",
    ("", "case"): "injurycase",
    ("", "alert"): "patientalert",
    ("patients", "care"): "childincare",
    ("ledger", "terminal"): "cardterminal",
    ("", "place"): "careplace",
    ("", "address"): "meetingaddress",
    ("", "contact"): "patientcontact",
    ("", "right"): "contactright",
    ("", "notice"): "advancenotice",
    ("", "merge"): "planmerge",
    ("", "inquiry"): "eligibilityinquiry",
    ("", "notnow"): "eligibilitynotnow",
    ("", "response"): "eligibilityresponse",
    ("", "answer"): "eligibilityresponse",
    ("", "drawer"): "cashdrawer",
    ("", "rate"): "contractrate",
    ("", "usual"): "usualservice",
    ("ledger", "charge"): "cardcharge",
    ("", "deposit"): "bankdeposit",
    ("", "entry"): "ledgerentry",
    ("", "member"): "membership",
    ("", "partner"): "tradingpartner",
    ("", "plan"): "insuranceplan",
    ("", "room"): "examroom",
    ("", "token"): "visittoken",
    ("", "limit"): "waitlimit",
    ("", "category"): "tokencategory",
    ("", "point"): "callingpoint",
    ("", "rule"): "checkinrule",
    ("", "change"): "patientchange",
    ("", "remitted"): "remittedclaim",
    ("phones", "reason"): "callreason",
    ("phones", "waitingcall"): "call",
    ("payer", "claim"): "receivedclaim",
    ("payer", "payment"): "paymentmade",
    ("payer", "inquiry"): "answeredinquiry",
    ("payer", "received"): "receivedclaim",
}
WANTED: dict[str, Any] = {
    "payer": lambda rows: rows.exclude(name__in=("Twice Mutual", "Two Times Mutual")),
    "tradingpartner": lambda rows: rows.exclude(transport="telephone"),
    "insuranceplan": lambda rows: rows.exclude(kind__in=PLAN_KINDS),
    "coverage": lambda rows: rows.filter(rank__gt=0),
    "desksession": lambda rows: rows.filter(session_key=f"elsewhere-{acting_practice_id()}"),
    "coverage:document": lambda rows: rows.filter(kind="card_front"),
    "frontdesk:document": lambda rows: rows.filter(kind="photo_id"),
    "document": lambda rows: rows.filter(kind__in=("consent", "letter", "receipt", "statement")),
}


def telling_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every invented person a family name that stands nowhere else."""
    plain = people.person

    def canary(chance: Chance, *, number: int, today: date, **more: Any) -> people.Person:
        return replace(plain(chance, number=number, today=today, **more), family=f"{CANARY}{number:03d}x")

    monkeypatch.setattr(people, "person", canary)
