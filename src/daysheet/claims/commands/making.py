"""Claims from visits: made from posted charges, looked through by the rules, sent, corrected, taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.utils.translation import ngettext

from daysheet.charges.models import Charge
from daysheet.charges.placing import placed
from daysheet.charges.queries import bills_of, services_of
from daysheet.charges.rules import kinds
from daysheet.charges.rules.facility import FacilityFacts, facts_problem
from daysheet.charges.scrub import Finding, scrub, stops
from daysheet.claims import build, facts, queries, rules
from daysheet.claims.commands.lines import Lines
from daysheet.claims.commands.story import Story
from daysheet.claims.facts import Gathered
from daysheet.claims.models import Claim, ClaimLine
from daysheet.claims.rules import LineChange
from daysheet.coverage.models import Authorization, Coverage
from daysheet.formats import x12
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.models import Practice
from daysheet.kernel.money import ZERO, say, usd
from daysheet.kernel.numbers import next_number
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope, TradingPartner
from daysheet.practice import queries as practice
from daysheet.practice.models import Office
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit

FIRST_NUMBER = 20001
NOT_SENT = frozenset({"made", "held"})
WITH_THE_PAYER = frozenset({"sent", "acknowledged", "accepted", "appealed"})
DECIDED = frozenset({"paid", "partly_paid", "denied", "reversed"})


class NothingToBill(Refusal):
    """The visit has no posted charge that is not on a claim already."""


class KindsAreMixed(Refusal):
    """The charges of the visit want claims of different kinds."""


class NoCoverage(Refusal):
    """No plan covers the patient on the day of service."""


class CannotBeSent(Refusal):
    """The claim is not in a state in which it can leave."""


class MoreWaitNow(Refusal):
    """More claims wait than the person was told of."""


class StillWithThePayer(Refusal):
    """The payer has the claim and has not answered."""


@command(needs=Can.SEND_CLAIMS)
def make_claim(by: Actor, /, *, visit_id: UUID) -> Claim:
    """Make a claim from a visit's posted charges, to the plan that covers its day; one that has not left takes them.

    Its kind follows from the office's care settings and, where these bill several, from the codes and the fees.
    Where both the clinician's and the facility's charges are to be billed it takes those of the first kind; the others
    wait for the next. Raises NothingToBill, NoCoverage, or KindsAreMixed.
    """
    visit = Visit.objects.select_related("location", "provider", "coverage__plan__payer", "care_place").get(
        pk=visit_id
    )
    charges = list(queries.charges_to_bill(visit_id))
    _something_to_bill(charges)
    coverage = visit.coverage or queries.primary_coverage(visit.patient_id, visit.service_on)
    if coverage is None:
        raise NoCoverage(
            "No plan covers this patient on the day of the visit. Add the coverage, or bill the patient."
        )
    kind, charges = _of_one_kind(visit, coverage, charges)
    held = queries.unsent_claim(visit_id, coverage.pk, kind)
    waiting = _unsent(held) if held else None  # claims are locked before their visit
    visits.count_under_authorizations(by, visit_id=visit_id, codes=[charge.code for charge in charges])
    visit.refresh_from_db(fields=["authorization", "referral"])
    left = set(queries.charges_to_bill(visit_id).values_list("pk", flat=True))
    charges = [
        one for one in charges if one.pk in left
    ]  # another hand may have billed them until the visit was ours
    _something_to_bill(charges)
    if waiting is not None:
        waiting.prior_authorization = waiting.prior_authorization or _number(visit.authorization, coverage)
        waiting.referral = waiting.referral or _number(visit.referral, coverage)
        waiting.save(update_fields=["prior_authorization", "referral"])
        Lines(by, waiting).put(charges)
        record(by, "claims.claim.lines-put", waiting, visit=visit.number, charge=waiting.charge)
        return waiting
    claim = _new_claim(by, visit=visit, coverage=coverage, charges=charges, kind=kind)
    Story(by).tell(claim, "made", sentence=f"{len(charges)} {_lines(charges)}, {say(claim.charge)}.")
    record(by, "claims.claim.made", claim, visit=visit.number, charge=claim.charge)
    return claim


@command(needs=Can.SEND_CLAIMS)
def make_claims(by: Actor, /, *, visit_id: UUID) -> list[Claim]:
    """Make the claims of a visit: one, or the clinician's and the facility's. Raises as `make_claim` does."""
    made = [make_claim(by, visit_id=visit_id)]
    while queries.charges_to_bill(visit_id).exists():
        made.append(make_claim(by, visit_id=visit_id))
    record(by, "claims.visit.billed", made[0], claims=len(made))
    return made


@command(needs=Can.SEND_CLAIMS)
def make_due_claims(by: Actor, /) -> list[Claim]:
    """Make the claims of all visits with posted charges that are on none."""
    made: list[Claim] = []
    for visit_id in queries.visits_to_bill():
        try:
            with transaction.atomic():
                made += make_claims(by, visit_id=visit_id)
        except (NoCoverage, KindsAreMixed, NothingToBill):
            continue  # it stays on the list of what cannot be billed, or another hand has billed it meanwhile
    record(by, "claims.claims.made", None, claims=len(made))
    return made


@command(needs=Can.SEND_CLAIMS)
def send_claims(by: Actor, /, *, claim_ids: Sequence[UUID]) -> list[Envelope]:
    """Send claims: one interchange for each partner and kind. What a rule stops stays here, on the work list.

    Raises CannotBeSent when none of them waits to be sent.
    """
    locked = Claim.objects.select_for_update(of=("self",)).filter(pk__in=claim_ids, state__in=NOT_SENT)
    ready = list(locked.values_list("pk", flat=True))
    if not ready:
        raise CannotBeSent("None of these claims waits to be sent.")
    clean = [found for found in facts.gather(ready) if _may_leave(by, found)]
    sent = []
    by_file = sorted(clean, key=lambda found: (*_file_of(found), found.payer.name, found.claim.number))
    for _, group in groupby(by_file, key=_file_of):
        sent.append(_send(by, list(group)))
    patients = [found.claim.patient_id for found in clean]
    record(
        by, "claims.claims.sent", None, patients=patients, claims=len(clean), stopped=len(ready) - len(clean)
    )
    return sent


@command(needs=Can.SEND_CLAIMS)
def send_due_claims(by: Actor, /, *, told: int | None = None) -> list[Envelope]:
    """Send all claims that were made and not yet sent; none waiting is no fault.

    `told` is how many the person was told of: raises MoreWaitNow where more wait by now, and sends none.
    """
    waiting = list(Claim.objects.filter(state__in=NOT_SENT).values_list("pk", flat=True))
    if told is not None and len(waiting) > told:
        raise MoreWaitNow(
            ngettext(
                "%(n)s claim waits now, more than the button said. Nothing left. Look at the list, then send.",
                "%(n)s claims wait now, more than the button said. Nothing left. Look at the list, then send.",
                len(waiting),
            )
            % {"n": f"{len(waiting):,}"}
        )
    record(by, "claims.claims.sending", None, claims=len(waiting))
    return send_claims(by, claim_ids=waiting) if waiting else []


@command(needs=Can.SEND_CLAIMS)
def correct_and_resend(
    by: Actor,
    /,
    *,
    claim_id: UUID,
    version: int,
    place_of_service: str = "",
    prior_authorization: str | None = None,
    referral: str | None = None,
    because: str = "",
    lines: Sequence[LineChange] = (),
    facility: FacilityFacts | None = None,
) -> Claim:
    """Send a claim again after it was mended: as new when it was never taken, as a replacement once decided.

    A line that should be otherwise is put anew in the book; what was sent before stays as it was.
    Raises StillWithThePayer while its answer is awaited, StaleForm when somebody changed it meanwhile.
    """
    claim = _held(claim_id, version)
    if claim.state in WITH_THE_PAYER:
        raise StillWithThePayer("The payer has this claim. Wait for its answer, or void it.")
    if claim.state not in DECIDED | NOT_SENT | {"rejected"}:
        raise CannotBeSent("This claim has ended; its successor is the one to work on.")
    story = Story(by)
    if claim.state in DECIDED:
        claim = _successor(by, claim, frequency="7")
    if place_of_service:
        claim.place_of_service = place_of_service
    if prior_authorization is not None:
        claim.prior_authorization = prior_authorization
    if referral is not None:
        claim.referral = referral
    more = _facts_of_facility(claim, facility)
    claim.save(update_fields=["place_of_service", "prior_authorization", "referral", *more])
    changed = Lines(by, claim).correct(lines, because=because) if claim.frequency != "8" else ""
    said = f"{because.rstrip('.')}. {changed}" if because and changed else because or changed
    story.tell(claim, "edited", sentence=said or "Looked through and corrected.")
    story.is_done_with(claim.pk, "rejection", "other", action="corrected")
    send_claims(by, claim_ids=[claim.pk])
    claim.refresh_from_db()
    record(by, "claims.claim.corrected", claim, frequency=claim.frequency, because=because)
    return claim


@command(needs=Can.SEND_CLAIMS)
def void_claim(by: Actor, /, *, claim_id: UUID, version: int, reason: str) -> Claim:
    """Take a claim back: one that never left ends here; one that the payer has is voided on the wire (8)."""
    claim = _held(claim_id, version)
    if not reason.strip():
        raise Refusal("Say why the claim is taken back.", reason="Say why, in a word or two.")
    if claim.state in {"void", "replaced", "closed"}:
        raise CannotBeSent("This claim has ended already.")
    story = Story(by)
    if claim.state in NOT_SENT | {"rejected"}:
        story.ends_here(claim, sentence=reason)
        if claim.replaces:
            Lines(by, claim.replaces).uncorrect()
    elif not claim.payer_control:
        raise StillWithThePayer("The payer has not told its number of this claim yet: it cannot be voided.")
    else:
        void = _successor(by, claim, frequency="8", reason=reason)
        send_claims(by, claim_ids=[void.pk])
    story.is_done_with(claim.pk, "rejection", "denial", "other", action="not_needed")
    record(by, "claims.claim.voided", claim, reason=reason)
    return claim


@command(needs=Can.SEND_CLAIMS)
def close_claim(by: Actor, /, *, claim_id: UUID, version: int, reason: str) -> Claim:
    """End the work on a claim that needs no more of it, saying why; the money is moved at the account.

    A void that the payer took may be ended too: where nothing was paid, no reversal comes.
    """
    claim = _held(claim_id, version)
    is_taken_void = claim.frequency == "8" and claim.state == "accepted"
    if claim.state in WITH_THE_PAYER and not is_taken_void:
        raise StillWithThePayer("The payer has this claim. Wait for its answer, or void it.")
    if not reason.strip():
        raise Refusal("Say why no more work is needed.", reason="Say why, in a word or two.")
    Story(by).tell(claim, "closed", sentence=reason)
    Story(by).is_done_with(claim.pk, "rejection", "denial", "other", action="done")
    record(by, "claims.claim.closed", claim, reason=reason)
    return claim


@command(needs=Can.SEND_CLAIMS)
def note_appeal(by: Actor, /, *, claim_id: UUID, version: int, how: str) -> Claim:
    """Write down that a decision was appealed, by which way; the papers themselves go by post or fax."""
    claim = _held(claim_id, version)
    if claim.state not in {"denied", "partly_paid"}:
        raise CannotBeSent("Only a decision that took something off can be appealed.")
    Story(by).tell(claim, "appealed", sentence=how or "Appealed.")
    Story(by).is_done_with(claim.pk, "denial", action="appealed")
    record(by, "claims.claim.appealed", claim, how=how)
    return claim


def _facts_of_facility(claim: Claim, told: FacilityFacts | None) -> list[str]:
    """Put what was said of a facility's claim on it; return the names of what changed."""
    if told is None or claim.kind != Claim.Kind.INSTITUTIONAL:
        return []
    if wrong := facts_problem(told):
        raise Refusal(wrong[1], **{wrong[0]: wrong[1]})
    for name, value in asdict(told).items():
        setattr(claim, name, value)
    return list(asdict(told))


def _something_to_bill(charges: Sequence[Charge]) -> None:
    if not charges:
        raise NothingToBill("Every posted charge of this visit is on a claim already, or none is posted.")


def _held(claim_id: UUID, version: int) -> Claim:
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim_id)
    if claim.version != version:
        raise StaleForm("Somebody changed this claim while the form was open. Look at it again.")
    return claim


def _unsent(claim_id: UUID) -> Claim | None:
    """Return a claim, locked, if it has still not left."""
    claim = Claim.objects.select_for_update(of=("self",)).filter(pk=claim_id).first()
    return claim if claim and claim.state in queries.UNSENT else None


def _new_claim(
    by: Actor,
    *,
    visit: Visit,
    coverage: Coverage,
    charges: Sequence[Charge],
    kind: str,
    frequency: str = "1",
    replaces: Claim | None = None,
) -> Claim:
    number = next_number("claim", first=FIRST_NUMBER)
    payer = replaces.payer if replaces else coverage.plan.payer  # it stays with whoever has the first one
    claim = Claim.objects.create(
        number=number,
        control=rules.control_of(number, by.practice_id),
        patient_id=visit.patient_id,
        visit=visit,
        coverage=coverage,
        payer=payer,
        provider=visit.provider,
        kind=kind,
        frequency=frequency,
        replaces=replaces,
        payer_control=replaces.payer_control if replaces else "",
        charge=usd(sum((charge.amount for charge in charges), ZERO)),
        service_on=visit.service_on,
        **_facility(visit, kind, replaces),
        place_of_service=replaces.place_of_service if replaces else placed(visit, coverage).code,
        prior_authorization=replaces.prior_authorization
        if replaces
        else _number(visit.authorization, coverage),
        referral=replaces.referral if replaces else _number(visit.referral, coverage),
        file_by=rules.file_by(visit.service_on, coverage.plan.filing_limit_days or payer.filing_limit_days),
        made_at=by.now,
    )
    ClaimLine.objects.bulk_create(
        ClaimLine(
            practice_id=by.practice_id,
            claim=claim,
            charge=charge,
            line=line,
            control=rules.line_control(claim.control, line),
        )
        for line, charge in enumerate(charges, 1)
    )
    return claim


def _of_one_kind(visit: Visit, coverage: Coverage, charges: Sequence[Charge]) -> tuple[str, list[Charge]]:
    """Return the kind of claim on which the first charge is billed, and all charges of it. Raises KindsAreMixed."""
    bills = bills_of(visit, coverage)
    services = services_of(charges, bills)
    if wrong := kinds.mixed(services, bills):
        raise KindsAreMixed(wrong)
    found = [kinds.kind_of(one, bills) for one in services]
    return found[0], [charge for charge, kind in zip(charges, found, strict=True) if kind == found[0]]


def _facility(visit: Visit, kind: str, replaces: Claim | None) -> dict[str, str]:
    """Return what a facility's claim says of the visit: as the first one did, or as the location has it."""
    if kind != Claim.Kind.INSTITUTIONAL:
        return {}
    told = facts.facility_facts(replaces) if replaces else None
    return asdict(told or FacilityFacts(practice.bill_type_of(visit.location)))


def _file_of(found: Gathered) -> tuple[str, str]:
    """Return what decides in which file a claim leaves: to whom, and its kind (GS08 says one)."""
    return str(found.payer.partner_id), found.claim.kind


def _number(held: Authorization | None, coverage: Coverage) -> str:
    """Return the number that a claim carries: of this plan's authorization alone."""
    return held.number if held and held.coverage_id == coverage.pk else ""


def _successor(by: Actor, claim: Claim, *, frequency: str, reason: str = "") -> Claim:
    """Return the replacement or void of a claim that the payer took, and end the first one."""
    if not claim.payer_control:
        raise StillWithThePayer("The payer's own number of this claim is not known: ask the payer for it.")
    charges = [line.charge for line in claim.lines.select_related("charge").order_by("line")]
    if frequency == "7":
        charges = [charge for charge in charges if charge.state == Charge.State.POSTED]
    if not charges:
        raise NothingToBill("Every line of this claim is void on the slip. Take the claim back instead.")
    successor = _new_claim(
        by,
        visit=claim.visit,
        coverage=claim.coverage,
        charges=charges,
        kind=claim.kind,
        frequency=frequency,
        replaces=claim,
    )
    what = "replacement" if frequency == "7" else "void"
    Story(by).tell(successor, "made", sentence=f"The {what} of claim {claim.number}.")
    ended = "replaced" if frequency == "7" else "voided"
    Story(by).tell(claim, ended, sentence=reason or f"By claim {successor.number}.")
    Story(by).is_done_with(claim.pk, "denial", action="resent")
    return successor


def _today(by: Actor) -> date:
    return local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)


def _may_leave(by: Actor, found: Gathered) -> bool:
    findings = scrub(facts.for_rules(found, today=_today(by)))
    if not stops(findings):
        try:
            build.claim_file(
                [found], office=_office(found), partner=_partner(found), reference="TRY", at=by.now
            )
        except x12.CannotBuild as no:
            guide = f"TR3 {build.FILES[Claim.Kind(found.claim.kind)]}"
            findings.append(Finding("guide", guide, str(no), "", "claims:claim"))
    _note(by, found.claim, findings)
    return not stops(findings)


def _note(by: Actor, claim: Claim, findings: Iterable[Finding]) -> None:
    """Write down what stops a claim, or that nothing does any more."""
    bad = stops(findings)
    story = Story(by)
    if bad:
        codes = [item.rule for item in bad]
        if (
            claim.state != "held"
            or claim.events.order_by("-rank").values_list("codes", flat=True).first() != codes
        ):
            story.tell(claim, "scrub_stopped", sentence=bad[0].sentence, codes=codes)
        story.ask_for(
            claim,
            kind="other",
            code=codes[0],
            sentence=f"Claim {claim.number} cannot leave: {bad[0].sentence}",
            due_at=story.zone_day_end(1),
            source="office rule: by the next day",
        )
    elif claim.state == "held":
        story.tell(claim, "edited", sentence="Nothing stops it any more.")
        story.is_done_with(claim.pk, "other", action="corrected")


def _send(by: Actor, claims: Sequence[Gathered]) -> Envelope:
    partner = _partner(claims[0])
    number = mailroom.next_interchange(partner.pk)
    at = by.now.astimezone(Practice.objects.get(pk=by.practice_id).zone)
    body = build.claim_file(
        claims, office=_office(claims[0]), partner=partner, reference=f"{number:09d}", at=at
    )
    envelope = mailroom.post_envelope(
        by,
        kind=build.FILES[Claim.Kind(claims[0].claim.kind)],
        partner_id=partner.pk,
        content=_interchange(partner, body, number, at),
        control_number=f"{number:09d}",
        patient_ids=list(dict.fromkeys(found.claim.patient_id for found in claims)),
    )
    for found in claims:
        Story(by).tell(found.claim, "sent", sentence=f"To {partner.name}.", envelope=envelope)
    return envelope


def _interchange(partner: TradingPartner, body: x12.OutgoingSet, number: int, at: datetime) -> bytes:
    return x12.render_interchange(
        sender=x12.Mailbox("ZZ", partner.our_id or "OFFICE"),
        receiver=x12.Mailbox("ZZ", partner.their_id or "PAYER"),
        control_number=number,
        at=at,
        groups=[x12.OutgoingGroup(control_number=number, sets=[body])],
        usage="P" if partner.usage == "P" else "T",
        ack_requested=True,
    )


def _office(found: Gathered) -> Office:
    assert found.office is not None  # the rules stop a claim of an office that is not on paper
    return found.office


def _partner(found: Gathered) -> TradingPartner:
    assert found.payer.partner is not None  # the rules stop a claim that has no way out
    return found.payer.partner


def _lines(charges: Sequence[Charge]) -> str:
    return "line" if len(charges) == 1 else "lines"
