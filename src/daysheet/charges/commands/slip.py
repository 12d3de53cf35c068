"""A visit's slip: its diagnoses, its lines, into the book and out of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from daysheet.charges import codes, queries, rules, voiding
from daysheet.charges.commands.aftercare import watch_bill
from daysheet.charges.models import Charge, FeeItem, VisitDiagnosis
from daysheet.charges.rules import kinds
from daysheet.charges.rules.facility import as_revenue_code, revenue_problem
from daysheet.charges.rules.mouth import (
    Mouth,
    NotInTheMouth,
    lack,
    prior_day_problem,
    prosthesis_problem,
    read_mouth,
)
from daysheet.coverage.rules.notices import Proposal
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.money import ZERO, NotMoney, usd
from daysheet.ledger import commands as ledger
from daysheet.visits.models import Visit


class NoFee(Refusal):
    """The fee schedule has no price for the procedure on that day."""


class ChargeIsPosted(Refusal):
    """The line is in the book: it can be voided, not changed."""


class SlipIsEmpty(Refusal):
    """There is nothing on the slip that could be posted."""


@command(needs=Can.ENTER_CHARGES)
def set_diagnoses(
    by: Actor, /, *, visit_id: UUID, codes: Sequence[str], seen: Sequence[str] | None = None
) -> list[VisitDiagnosis]:
    """Put the diagnoses of a visit in their order, the most important first; those left out go.

    A code that the loaded list does not know is kept: the slip says so, and so does the scrub.
    Raises StaleForm when the slip no longer holds the diagnoses that the page showed (`seen`).
    """
    visit = Visit.objects.select_for_update().get(pk=visit_id)
    wanted = [rules.as_diagnosis(code) for code in codes if code.strip()]
    before = _diagnoses_as_seen(visit_id, seen, f"Yours would be: {', '.join(wanted) or 'none'}.")
    _diagnoses_are_sound(wanted)
    VisitDiagnosis.objects.filter(visit_id=visit_id).delete()
    kept = VisitDiagnosis.objects.bulk_create(
        [
            VisitDiagnosis(visit=visit, rank=rank, code=code, label=_label(code))
            for rank, code in enumerate(wanted, 1)
        ]
    )
    record(by, "charges.diagnoses.set", visit, patients=[visit.patient_id], old=before, new=wanted)
    return kept


@command(needs=Can.ENTER_CHARGES)
def put_charge(
    by: Actor,
    /,
    *,
    visit_id: UUID,
    code: str,
    units: Decimal | int | str = 1,
    modifiers: Sequence[str] = (),
    pointers: Sequence[int] = (1,),
    amount: Decimal | None = None,
    seen: Sequence[str] | None = None,
    mouth: str = "",
    prosthesis: str = "",
    prior_placed_on: date | None = None,
    revenue_code: str = "",
) -> Charge:
    """Put a line on the slip; its price and revenue code are the schedule's on the service day unless told.

    A dentist's line names teeth and surfaces or an area as typed (`mouth`), and what a prosthesis replaces.
    Raises NoFee when there is neither, and StaleForm when the diagnoses that its numbers point to have changed.
    """
    visit = Visit.objects.select_for_update().get(pk=visit_id)
    procedure = rules.as_procedure(code)
    _diagnoses_as_seen(visit_id, seen, f"Your line {procedure} is not on the slip.")
    marks = [mark.strip().upper() for mark in modifiers if mark.strip()]
    count = _units(units)
    place = _place_in_mouth(visit, mouth, prosthesis, prior_placed_on)
    is_dental = bool(not pointers or mouth.strip() or prosthesis) and queries.is_dental(
        procedure, visit.service_on
    )
    if wrong := rules.line_problem(procedure, count, marks, pointers, is_dental=is_dental):
        raise Refusal(wrong[1], **{wrong[0]: wrong[1]})
    known = queries.fee(procedure, visit.service_on)
    _fits_the_service(procedure, known, place, prosthesis, is_dental=is_dental)
    revenue = _revenue(known, revenue_code)
    unit_fee = _price(known, procedure, amount, revenue)
    last = Charge.objects.filter(visit=visit).order_by("-rank").first()
    charge = Charge.objects.create(
        visit=visit,
        patient_id=visit.patient_id,
        provider_id=visit.provider_id,
        rank=last.rank + 1 if last else 1,
        code=procedure,
        label=known.label if known else "",
        modifiers=marks,
        units=count,
        unit_fee=unit_fee,
        amount=rules.price(unit_fee, count),
        pointers=list(pointers),
        teeth=[[one.number, one.surfaces] for one in place.teeth],
        areas=list(place.areas),
        prosthesis=prosthesis,
        prior_placed_on=prior_placed_on,
        revenue_code=revenue,
        service_on=visit.service_on,
        entered_at=by.now,
        entered_by=by.name,
    )
    record(by, "charges.charge.entered", charge, code=procedure, units=count, amount=charge.amount)
    return charge


@command(needs=Can.ENTER_CHARGES)
def change_charge(
    by: Actor,
    /,
    *,
    charge_id: UUID,
    version: int,
    units: Decimal | int | str,
    modifiers: Sequence[str] = (),
    pointers: Sequence[int] = (),
    amount: Decimal | None = None,
    seen: Sequence[str] | None = None,
    mouth: str = "",
    prosthesis: str = "",
    prior_placed_on: date | None = None,
    revenue_code: str | None = None,
) -> Charge:
    """Say anew what a line of the slip names beside its service, while it is not in the book.

    A fee that is not told is the schedule's, a revenue code that is not told stays. Raises ChargeIsPosted, StaleForm.
    """
    visit_id = Charge.objects.values_list("visit_id", flat=True).get(pk=charge_id)
    visit = Visit.objects.select_for_update().get(pk=visit_id)
    charge = _draft(
        charge_id, version, "Only a line that is not in the book can be changed. Void it instead."
    )
    _diagnoses_as_seen(visit.pk, seen, f"Line {charge.rank} stands as it was.")
    marks = [mark.strip().upper() for mark in modifiers if mark.strip()]
    count, is_dental = _units(units), queries.is_dental(charge.code, charge.service_on)
    place = _place_in_mouth(visit, mouth, prosthesis, prior_placed_on)
    if wrong := rules.line_problem(charge.code, count, marks, pointers, is_dental=is_dental):
        raise Refusal(wrong[1], **{wrong[0]: wrong[1]})
    known = queries.fee(charge.code, charge.service_on)
    _fits_the_service(charge.code, known, place, prosthesis, is_dental=is_dental)
    old = {"units": charge.units, "amount": charge.amount, "where": charge.where_in_words}
    charge.units, charge.modifiers, charge.pointers = count, marks, list(pointers)
    charge.teeth, charge.areas = [[one.number, one.surfaces] for one in place.teeth], list(place.areas)
    charge.prosthesis, charge.prior_placed_on = prosthesis, prior_placed_on
    if revenue_code is not None:
        charge.revenue_code = _revenue(known, revenue_code)
    charge.unit_fee = _price(known, charge.code, amount, charge.revenue_code)
    charge.amount = rules.price(charge.unit_fee, count)
    charge.version += 1
    charge.save()
    new = {"units": charge.units, "amount": charge.amount, "where": charge.where_in_words}
    record(by, "charges.charge.changed", charge, code=charge.code, old=old, new=new)
    return charge


@command(needs=Can.ENTER_CHARGES)
def remove_charge(by: Actor, /, *, charge_id: UUID, version: int) -> Charge:
    """Take a line off the slip before it is posted. Raises ChargeIsPosted after."""
    charge = _draft(charge_id, version, "This line is in the book. Void it instead.")
    record(by, "charges.charge.removed", charge, code=charge.code, amount=charge.amount)
    Charge.objects.filter(pk=charge_id).delete()
    return charge


@command(needs=Can.ENTER_CHARGES)
def post_charges(by: Actor, /, *, visit_id: UUID) -> list[Charge]:
    """Put every line of the slip into the book: due from the plan when the visit is covered, else from the patient.

    Posted again, it returns what stands. Raises SlipIsEmpty when there never was a line.
    """
    visit = (
        Visit.objects.select_for_update(of=("self",)).select_related("coverage__plan__payer").get(pk=visit_id)
    )
    charges = list(queries.charges_of(visit_id))
    if not charges:
        raise SlipIsEmpty("The slip is empty. Put a line on it first.")
    drafts = [charge for charge in charges if charge.state == Charge.State.DRAFT]
    _slip_is_sound(visit, drafts)
    noticed = queries.proposals_of(visit, drafts)
    _notices_are_kept(noticed, drafts)
    for charge in drafts:
        _post(by, visit, charge, to_plan=visit.coverage is not None and queries.is_billed(noticed, charge))
    record(
        by,
        "charges.slip.posted",
        visit,
        patients=[visit.patient_id],
        lines=len(drafts),
        amount=sum((charge.amount for charge in drafts), ZERO),
    )
    if drafts:
        _hold_against_estimates(by, visit)
    return charges


@command(needs=Can.ENTER_CHARGES)
def void_charge(by: Actor, /, *, charge_id: UUID, reason: str) -> Charge:
    """Take a posted line out of the book by its mirror image; the patient's money becomes credit.

    A line that a plan has answered for is refused, and one that a payer has: the claim is corrected instead.
    """
    for follow in voiding.followers:  # claims are locked before their charges
        follow(by, charge_id, reason)
    charge = Charge.objects.select_for_update().get(pk=charge_id)
    if charge.state != Charge.State.POSTED:
        raise Refusal("Only a posted line can be voided.")
    if charge.entry_id:
        ledger.reverse_charge(by, entry_id=charge.entry_id, reason=reason)
    charge.state = Charge.State.VOIDED
    charge.version += 1
    charge.save(update_fields=["state", "version"])
    record(by, "charges.charge.voided", charge, amount=charge.amount, reason=reason)
    _hold_against_estimates(by, Visit.objects.get(pk=charge.visit_id))
    return charge


def _draft(charge_id: UUID, version: int, posted: str) -> Charge:
    """Return a line that is not in the book, locked, as the page showed it."""
    charge = Charge.objects.select_for_update().get(pk=charge_id)
    if charge.version != version:
        raise StaleForm("Somebody changed this line while the slip stood open. Look again.")
    if charge.state != Charge.State.DRAFT:
        raise ChargeIsPosted(posted)
    return charge


def _hold_against_estimates(by: Actor, visit: Visit) -> None:
    watch_bill(
        by,
        patient_id=visit.patient_id,
        appointment_id=visit.appointment_id,
        service_on=visit.service_on,
    )


def _diagnoses_as_seen(visit_id: UUID, seen: Sequence[str] | None, yours: str) -> list[str]:
    """Return the diagnoses on the slip of a locked visit, when they are those that the page showed."""
    now = list(queries.diagnoses(visit_id).values_list("code", flat=True))
    if seen is not None and list(seen) != now:
        raise StaleForm(
            "Somebody changed the diagnoses while the slip stood open. "
            f"On the slip now: {', '.join(now) or 'none'}. {yours} Look, then press again."
        )
    return now


def _post(by: Actor, visit: Visit, charge: Charge, *, to_plan: bool) -> None:
    if charge.amount > ZERO:
        entry = ledger.post_charge(
            by,
            patient_id=visit.patient_id,
            amount=charge.amount,
            service_on=visit.service_on,
            provider_id=charge.provider_id,
            location_id=visit.location_id,
            visit_id=visit.pk,
            charge_id=charge.pk,
            to="insurance" if to_plan else "patient",
            payer_id=visit.coverage.plan.payer_id if to_plan and visit.coverage else None,
        )
        charge.entry_id = entry.pk
    charge.state = Charge.State.POSTED
    charge.version += 1
    charge.save(update_fields=["entry_id", "state", "version"])


def _notices_are_kept(noticed: Mapping[str, Proposal], drafts: Sequence[Charge]) -> None:
    for charge in drafts:
        if charge.code in noticed and not noticed[charge.code].is_wanted:
            raise Refusal(
                f"Line {charge.rank}: the patient did not want {charge.code} (advance notice, option 3). "
                "Take the line off the slip, or write another notice."
            )


def _slip_is_sound(visit: Visit, drafts: Sequence[Charge]) -> None:
    count = queries.diagnoses(visit.pk).count()
    bills: frozenset[str] = queries.bills_of(visit) if drafts and visit.coverage else frozenset()
    services = queries.services_of(queries.charges_of(visit.pk), bills) if bills else []
    if mixed := kinds.mixed(services, bills):
        raise Refusal(mixed)
    if services and not count and kinds.kinds_of(services, bills) != [kinds.DENTAL]:
        raise Refusal(
            "A plan asks why: put a diagnosis on the slip first.", diagnoses="Put a diagnosis first."
        )
    for charge in drafts:
        beyond = rules.pointers_beyond(charge.pointers, count)
        if count and beyond:
            raise Refusal(f"Line {charge.rank} points to diagnosis {beyond[0]}, which is not on the slip.")


def _not_dental(procedure: str) -> Refusal:
    sentence = f"{procedure} is no dental service here: teeth and areas of the mouth belong to those alone."
    return Refusal(sentence, mouth=sentence)


def _place_in_mouth(visit: Visit, mouth: str, prosthesis: str, prior_placed_on: date | None) -> Mouth:
    """Return what was typed of teeth and areas, when it and what is said of a prosthesis can be."""
    try:
        place = read_mouth(mouth)
    except NotInTheMouth as no:
        raise Refusal(str(no), mouth=str(no)) from no
    if wrong := prosthesis_problem(prosthesis, has_prior_day=prior_placed_on is not None):
        raise Refusal(wrong, prosthesis=wrong)
    if wrong := prior_day_problem(prior_placed_on, visit.service_on):
        raise Refusal(wrong, prior_placed_on=wrong)
    return place


def _fits_the_service(
    code: str, known: FeeItem | None, place: Mouth, prosthesis: str, *, is_dental: bool
) -> None:
    """Refuse teeth, areas and prostheses of what is no dental service, and the lack of what one needs."""
    if (place.teeth or place.areas or prosthesis) and not is_dental:
        raise _not_dental(code)
    if not is_dental or known is None:
        return
    if wrong := lack(code, place, prosthesis, need=known.mouth_need, is_prosthesis=known.is_prosthesis):
        raise Refusal(wrong[1], **{wrong[0]: wrong[1]})


def _diagnoses_are_sound(wanted: Sequence[str]) -> None:
    if len(wanted) > rules.MOST_DIAGNOSES:
        raise Refusal("A visit has twelve diagnoses at most.", codes="Twelve at most.")
    for code in wanted:
        if not rules.DIAGNOSIS.fullmatch(code):
            sentence = f"“{code[:12]}” is no ICD-10-CM code: a letter, a digit, then up to five more."
            raise Refusal(sentence, codes=sentence)
        if wanted.count(code) > 1:
            sentence = f"{code} stands on the slip twice."
            raise Refusal(sentence, codes=sentence)


def _label(code: str) -> str:
    known = codes.icd(code)
    return known.label if known else ""


def _units(units: Decimal | int | str) -> Decimal:
    try:
        return usd(units)
    except NotMoney as no:
        raise Refusal(
            "Units are a number, two places at most.", units="A number, two places at most."
        ) from no


def _revenue(known: FeeItem | None, typed: str) -> str:
    """Return under which revenue code the facility bills a line: the one typed, else the schedule's."""
    told = as_revenue_code(typed)
    if wrong := revenue_problem(told):
        raise Refusal(wrong, revenue_code=wrong)
    return known.revenue_for(told) if known else told


def _price(known: FeeItem | None, procedure: str, amount: Decimal | None, revenue: str) -> Decimal:
    if amount is None and known is None:
        sentence = (
            f"The fee schedule has no price for {procedure} on that day. Add it there, or type the fee."
        )
        raise NoFee(sentence, code=sentence)
    try:
        money = usd(amount) if amount is not None else known.price_for(revenue)  # type: ignore[union-attr]
    except NotMoney as no:
        raise Refusal(f"That fee cannot be kept. {no}", amount=str(no)) from no
    if not ZERO <= money <= rules.MOST_FEE:
        sentence = f"A fee is between $0.00 and ${rules.MOST_FEE:,.2f}."
        raise Refusal(sentence, amount=sentence)
    return money
