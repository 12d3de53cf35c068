"""An estimate is asked for, put together, made, handed over, closed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from daysheet.charges import estimating, papers, queries, rules
from daysheet.charges.models import Estimate, EstimateLine, EstimateVersion
from daysheet.charges.rules import good_faith
from daysheet.charges.rules.facility import as_revenue_code, revenue_problem
from daysheet.charges.rules.mouth import NotInTheMouth, read_mouth, typed
from daysheet.coverage import queries as coverage
from daysheet.coverage.models import Coverage
from daysheet.documents.commands import keep_document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.numbers import next_number
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.practice.models import Location, Provider
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.tasks import commands as tasks

Row = TypeVar("Row", bound=Model)
TASK = "estimate"
LONGEST_WORDS = 300


class EstimateIsWrong(Refusal):
    """Something of an estimate cannot be: no line, no plan, a code or a number that is none."""


class EstimateStands(Refusal):
    """That visit has an estimate already."""


class EstimateIsGone(Refusal):
    """The estimate is closed, or not of this office."""


@command(needs=Can.ENTER_CHARGES)
def ask_estimate(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    has_coverage: bool,
    uses_coverage: bool,
    appointment_id: UUID | None = None,
    provider_id: UUID | None = None,
    location_id: UUID | None = None,
    type_id: UUID | None = None,
    service_on: date | None = None,
    for_what: str = "",
    is_request: bool = True,
) -> Estimate:
    """Begin an estimate for a booked visit, or for somebody who asks about a price, with the usual services.

    The two answers decide which paper it becomes. Raises EstimateIsWrong or EstimateStands.
    """
    booked = _booked(appointment_id, patient_id)
    provider = booked.provider if booked else _one(Provider, provider_id)
    place = booked.location if booked else _one(Location, location_id)
    kind_of_visit = booked.type if booked else _one(AppointmentType, type_id)
    if provider is None or place is None:
        raise EstimateIsWrong(_("Say with whom and where."), provider=_("Choose a clinician."))
    today = local_day(by.now, place.zone)
    day = booked.on_day if booked else service_on
    _day_can_be(day, today)
    main = _said_what(for_what or (kind_of_visit.name if kind_of_visit else ""))
    kind = good_faith.kind_for(has_coverage=has_coverage, uses_it=uses_coverage)
    held = _plan_on(patient_id, day or today) if kind == "insured" else None
    own = kind == "good_faith"
    due = _first_due(booked, is_request=is_request, today=today, zone_day=day) if own else None
    with refusing(estimate_of_a_visit_is_one=_stands()):
        made = Estimate.objects.create(
            number=next_number("estimate"),
            kind=kind,
            patient_id=patient_id,
            appointment=booked,
            provider=provider,
            location=place,
            coverage=held,
            service_on=day,
            for_what=main,
            has_coverage=has_coverage,
            uses_coverage=kind == "insured",
            **(_office_terms() if own else {}),
            asked_at=by.now,
            asked_by=by.name,
            is_request=is_request,
            **({"due_on": due.on, "source_of_due": due.source} if due else {}),
        )
    if kind_of_visit:
        made.unpriced = _usual_lines(made, kind_of_visit.pk, day or today)
        made.save(update_fields=["unpriced"])
    record(by, "charges.estimate.asked", made, kind=kind, due=str(made.due_on or ""), request=is_request)
    if made.due_on:
        _task(by, made)
    _tell(by)
    return made


@command(needs=Can.ENTER_CHARGES)
def put_estimate_line(
    by: Actor,
    /,
    *,
    estimate_id: UUID,
    version: int,
    code: str,
    units: Decimal = Decimal(1),
    amount: Decimal | None = None,
    is_visit: bool = False,
    mouth: str = "",
    revenue_code: str = "",
) -> EstimateLine:
    """Expect one more service, or another number, price, tooth or area of one that stands there.

    A service of the facility is one of its own beside the clinician's; it costs what its line on the slip would.
    """
    held = _held(estimate_id, version)
    place = _in_mouth(mouth)
    told = as_revenue_code(revenue_code)
    if problem := revenue_problem(told):
        raise EstimateIsWrong(problem, revenue_code=problem)
    procedure = rules.as_procedure(code)
    wrong = rules.line_problem(procedure, units, [], [1])
    if wrong:
        raise EstimateIsWrong(wrong[1], **{wrong[0]: wrong[1]})
    known = queries.fee(procedure, held.service_on or local_day(by.now, held.location.zone))
    if amount is None and known is None:
        sentence = _("The fee schedule has no price for %(code)s. Type the fee.") % {"code": procedure}
        raise EstimateIsWrong(sentence, code=sentence)
    revenue = known.revenue_for(told) if known else told
    money = amount if amount is not None else known.price_for(revenue)  # type: ignore[union-attr]
    line, _is_new = EstimateLine.objects.update_or_create(
        estimate=held,
        code=procedure,
        revenue_code=revenue,
        defaults={
            "label": known.label if known else procedure,
            "units": units,
            "unit_fee": money,
            "is_visit": is_visit,
            "mouth": place,
        },
    )
    _settled(held, procedure)
    _changed(by, held, _("the services changed"))
    record(by, "charges.estimate-line.put", held, code=procedure, units=units, fee=money)
    return line


@command(needs=Can.ENTER_CHARGES)
def remove_estimate_line(
    by: Actor, /, *, estimate_id: UUID, version: int, code: str, revenue_code: str = ""
) -> Estimate:
    """Expect a service no more."""
    held = _held(estimate_id, version)
    gone = EstimateLine.objects.filter(estimate=held, code=code, revenue_code=revenue_code).delete()[0]
    if not (_settled(held, code) or gone):
        raise EstimateIsWrong(_("That service is not on the estimate."))
    _changed(by, held, _("the services changed"))
    record(by, "charges.estimate-line.removed", held, code=code)
    return held


@command(needs=Can.ENTER_CHARGES)
def change_estimate(
    by: Actor,
    /,
    *,
    estimate_id: UUID,
    version: int,
    for_what: str,
    diagnoses: Sequence[str] = (),
    discount_percent: Decimal = Decimal(0),
    others_note: str = "",
    separately: Sequence[str] = (),
) -> Estimate:
    """Say what the paper says beside its lines: the main service, diagnoses, what comes off, who else sends a bill."""
    held = _held(estimate_id, version)
    main = _said_what(for_what)
    if not 0 <= discount_percent <= 100:
        raise EstimateIsWrong(_("0 to 100 percent."), discount_percent=_("0 to 100 percent."))
    known = [rules.as_diagnosis(one) for one in diagnoses]
    bad = next((one for one in known if not rules.DIAGNOSIS.fullmatch(one)), None)
    if bad:
        sentence = _("“%(code)s” is no ICD-10-CM code.") % {"code": bad[:12]}
        raise EstimateIsWrong(sentence, diagnoses=sentence)
    is_good_faith = held.kind == Estimate.Kind.GOOD_FAITH
    held.for_what, held.diagnoses = main, list(dict.fromkeys(known))
    held.discount_percent = discount_percent if is_good_faith else Decimal(0)
    held.others_note = others_note.strip()
    held.separately = [one.strip() for one in separately if one.strip()]
    held.save()
    _changed(by, held, _("what the paper says changed"))
    record(by, "charges.estimate.changed", held, discount=discount_percent, diagnoses=len(known))
    return held


@command(needs=Can.ENTER_CHARGES)
def make_estimate(by: Actor, /, *, estimate_id: UUID, version: int, reason: str = "") -> EstimateVersion:
    """Make the paper from what is expected now; it becomes the next version, and waits to be handed over."""
    held = _held(estimate_id, version)
    told = estimating.expected(held)
    if held.unpriced:
        sentence = _(
            "Usual for this visit, and without a price on the fee schedule: %(codes)s. Type the fee below, or drop it."
        )
        raise EstimateIsWrong(sentence % {"codes": ", ".join(held.unpriced)})
    if not told.lines:
        raise EstimateIsWrong(_("Put at least one service on the estimate first."))
    _booking_stands(held)
    number = held.versions.count() + 1
    why = reason.strip()[:LONGEST_WORDS] or held.why or (_("first") if number == 1 else "")
    if not why:
        raise EstimateIsWrong(_("Say why there is a new version."), reason=_("Give a reason."))
    content = papers.estimate(by, held, told, number=number, reason=why)
    document = keep_document(
        by,
        kind="estimate",
        title=_("Estimate %(number)s, version %(n)s") % {"number": held.number, "n": number},
        media_type="application/pdf",
        content=content,
        patient_id=held.patient_id,
        subject=held,
    )
    made = EstimateVersion.objects.create(
        estimate=held,
        number=number,
        reason=why,
        low=told.total.low,
        high=told.total.high,
        facts=_as_kept(told),
        service_on=held.service_on,
        document=document,
        made_at=by.now,
        by_name=by.name,
    )
    held.state, held.why = Estimate.State.MADE, ""
    held.version += 1
    held.save(update_fields=["state", "why", "version"])
    record(by, "charges.estimate.made", held, made=number, low=made.low, high=made.high, reason=why)
    _tell(by)
    return made


@command(needs=Can.ENTER_CHARGES)
def hand_over_estimate(by: Actor, /, *, estimate_id: UUID, version: int, how: str) -> EstimateVersion:
    """Say how the latest version reached the patient; by e-mail it is sent now, since the patient asked for it so."""
    held = _held(estimate_id, version)
    latest = held.versions.order_by("-number").first()
    if latest is None or held.state != Estimate.State.MADE:
        raise EstimateIsWrong(_("Make the paper first: what was made before is out of date."))
    _booking_stands(held)
    if how not in EstimateVersion.Given.values:
        raise EstimateIsWrong(_("Say how it is handed over."), how=_("Choose one."))
    if how == EstimateVersion.Given.EMAIL:
        latest.envelope = _by_email(by, held, latest)
    latest.given_at, latest.given_how, latest.given_by = by.now, how, by.name
    latest.save(update_fields=["given_at", "given_how", "given_by", "envelope"])
    held.state = Estimate.State.GIVEN
    held.version += 1
    held.save(update_fields=["state", "version"])
    record(by, "charges.estimate.handed-over", held, made=latest.number, how=how)
    tasks.close_items_of(by, subject_id=held.pk, kind=TASK, action_code="done")
    _tell(by)
    return latest


@command(needs=Can.ENTER_CHARGES)
def close_estimate(by: Actor, /, *, estimate_id: UUID, version: int, reason: str) -> Estimate:
    """Close an estimate that is wanted no more; its versions stay."""
    held = _held(estimate_id, version)
    if not reason.strip():
        raise EstimateIsWrong(_("Say why it is wanted no more."), reason=_("Give a reason."))
    return _close(by, held, reason.strip()[:LONGEST_WORDS])


def _held(estimate_id: UUID, version: int | None) -> Estimate:
    if Estimate.objects.select_for_update(of=("self",)).filter(pk=estimate_id).first() is None:
        raise EstimateIsGone(_("That estimate is not known to this office."))
    held = estimating.estimate(estimate_id)
    if held is None or held.state == Estimate.State.CLOSED:
        raise EstimateIsGone(_("That estimate is closed. Begin a new one."))
    if version is not None and held.version != version:
        raise StaleForm(_("Somebody else has changed this estimate meanwhile. Look at it again."))
    return held


def _booking_stands(held: Estimate) -> None:
    if estimating.change_of(held):
        raise EstimateIsWrong(_("The booking has changed. Take the change over first."))


def _said_what(words: str) -> str:
    if not words.strip():
        raise EstimateIsWrong(_("Say what the estimate is for."), for_what=_("In plain words."))
    return words.strip()[:LONGEST_WORDS]


def _office_terms() -> dict[str, Any]:
    policy = estimating.policy()
    return {"discount_percent": policy.discount_percent, "others_note": policy.others_note}


def _day_can_be(day: date | None, today: date) -> None:
    if day is not None and not today <= day <= today + good_faith.LONGEST:
        sentence = _("An estimate is for a day from today on, a year ahead at most.")
        raise EstimateIsWrong(sentence, service_on=sentence)


def _plan_on(patient_id: UUID, day: date) -> Coverage:
    held = coverage.coverage_on(patient_id, day)
    if held is None:
        sentence = _("No plan of this patient is on file for that day. Enter the card first, or answer no.")
        raise EstimateIsWrong(sentence, has_coverage=sentence)
    return held


def _one(kind: type[Row], pk: UUID | None) -> Row | None:
    return kind._default_manager.filter(pk=pk).first() if pk else None


def _booked(appointment_id: UUID | None, patient_id: UUID) -> Appointment | None:
    if appointment_id is None:
        return None
    rows = Appointment.objects.select_related("type", "provider", "location")
    booked = rows.filter(pk=appointment_id, patient_id=patient_id, booking="scheduled").first()
    if booked is None:
        raise EstimateIsWrong(_("That visit is not booked any more."))
    return booked


def _first_due(
    booked: Appointment | None, *, is_request: bool, today: date, zone_day: date | None
) -> good_faith.Deadline | None:
    """Return the earlier of what the booking and the request ask for."""
    found = [good_faith.when_asked(today)] if is_request else []
    if booked is not None and zone_day is not None:
        by_booking = estimating.by_booking(booked, booked.location.zone)
        found += [by_booking] if by_booking else []
    return min(found, key=lambda one: one.on, default=None)


def _usual_lines(held: Estimate, type_id: UUID, day: date) -> list[str]:
    """Put the usual services on the estimate; return those that the fee schedule has no price for."""
    unpriced = []
    for usual in estimating.usual([type_id]):
        known = queries.fee(usual.code, day)
        if known is None:
            unpriced.append(usual.code)
            continue
        EstimateLine.objects.create(
            estimate=held,
            code=usual.code,
            label=known.label,
            units=usual.units,
            unit_fee=known.price_for(known.revenue_code),
            revenue_code=known.revenue_code,
            is_visit=usual.is_visit,
        )
    return unpriced


def _settled(held: Estimate, code: str) -> bool:
    """Strike a service off those without a price; return whether it was one."""
    if code not in held.unpriced:
        return False
    held.unpriced = [one for one in held.unpriced if one != code]
    held.save(update_fields=["unpriced"])
    return True


def _changed(by: Actor, held: Estimate, why: str, *, is_booking: bool = False) -> None:
    """A paper that was made is out of date now: a new version is due."""
    held.version += 1
    was_made = held.state != Estimate.State.ASKED
    if was_made:
        held.state, held.why = Estimate.State.ASKED, why
    if held.kind == Estimate.Kind.GOOD_FAITH and (was_made or is_booking):
        _set_due(by, held, is_booking=is_booking)
    held.save(update_fields=["version", "state", "why", "due_on", "source_of_due"])
    _tell(by)


def _set_due(by: Actor, held: Estimate, *, is_booking: bool) -> None:
    """Say by when the paper is due after a change.

    One that the patient has is replaced by the rule of changes. One that was never handed over is still the first: it
    keeps its day, or gets an earlier one where the visit is booked anew.
    """
    today, before = local_day(by.now, held.location.zone), held.due_on
    booked = held.appointment
    if held.versions.filter(given_at__isnull=False).exists():
        due: good_faith.Deadline | None = good_faith.when_changed(today, held.service_on)
    else:
        found = [good_faith.Deadline(before, held.source_of_due)] if before else []
        if is_booking and booked is not None:
            anew = good_faith.when_booked(local_day(booked.booked_at, held.location.zone), booked.on_day)
            found += [anew] if anew else []
        due = min(found, key=lambda one: one.on, default=None)
    held.due_on, held.source_of_due = (due.on, due.source) if due else (None, "")
    if before != held.due_on:  # an item keeps the clock that it was opened with
        tasks.close_items_of(by, subject_id=held.pk, kind=TASK, action_code="not_needed")
    _task(by, held)


def _task(by: Actor, held: Estimate) -> None:
    if held.appointment_id:
        tasks.close_items_of(by, subject_id=held.appointment_id, kind=TASK, action_code="done")
    if held.due_on is None:
        return
    tasks.open_item(
        by,
        kind=TASK,
        reason_code="due",
        sentence=_("Good-faith estimate %(number)s: make it and hand it over.") % {"number": held.number},
        due_at=estimating.due_at(held.due_on, held.location.zone),
        source_of_due=held.source_of_due,
        role="receptionist",
        subject=held,
        patient_id=held.patient_id,
        link=f"/charges/estimates/{held.pk}/",
    )


def _close(by: Actor, held: Estimate, why: str) -> Estimate:
    held.state, held.why = Estimate.State.CLOSED, why
    held.version += 1
    held.save(update_fields=["state", "why", "version"])
    record(by, "charges.estimate.closed", held, reason=why)
    tasks.close_items_of(by, subject_id=held.pk, kind=TASK, action_code="not_needed")
    _tell(by)
    return held


def _by_email(by: Actor, held: Estimate, latest: EstimateVersion) -> Envelope:
    if not held.patient.email:
        sentence = _("The patient has no e-mail address. Hand it over on paper, or add the address first.")
        raise EstimateIsWrong(sentence, how=sentence)
    return mailroom.post_email(
        by,
        to=held.patient.email,
        subject_line=_("The estimate that you asked for"),
        text=_("The estimate is attached. Call us if you have a question about it."),
        subject=held,
        patient_ids=[held.patient_id],
        attachments=[("estimate.pdf", bytes(latest.document.content), "application/pdf")],
    )


def _in_mouth(told: str) -> str:
    """Return teeth or areas as they are typed, when there are such."""
    try:
        return typed(read_mouth(told))
    except NotInTheMouth as no:
        raise EstimateIsWrong(str(no), mouth=str(no)) from no


def _as_kept(told: estimating.Expected) -> dict[str, object]:
    """Return what stands on the paper as text, so that a version can be read without its PDF."""
    return {
        "lines": [
            {
                "code": one.line.code,
                "label": one.line.what,
                "units": f"{one.line.units.normalize():f}",
                "fee": f"{one.charge:.2f}",
                "expected": f"{one.expected:.2f}",
                "allowed": None if one.allowed is None else f"{one.allowed:.2f}",
                "how": one.how,
            }
            for one in told.lines
        ],
        "figures": [
            {"words": one.words, "amount": papers.amount(one.amount) if one.amount else "", "how": one.how}
            for one in told.figures
        ],
        "unknown": list(told.unknown),
    }


def _stands() -> EstimateStands:
    return EstimateStands(_("That visit has an estimate already. Open that one."))


def _tell(by: Actor) -> None:
    announce(by.practice_id, "estimates")
