"""What the billing desk reads: claims by state, what came back, what the plans paid, what is still to bill."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from daysheet.charges.models import Charge
from daysheet.claims import rules
from daysheet.claims.models import Claim, ClaimEvent, ClaimLine, Remittance, RemittedClaim
from daysheet.claims.rules import Happened, LineChange
from daysheet.coverage import notices
from daysheet.coverage.models import Coverage, Payer
from daysheet.formats import x12
from daysheet.kernel.money import ZERO, usd
from daysheet.ledger import queries as ledger
from daysheet.ledger.queries import proof
from daysheet.mailroom.models import Envelope
from daysheet.tasks.models import WorkqueueItem

OVER = ("void", "replaced")
"""States in which a claim no longer stands for its charges."""
UNSENT = ("made", "held", "rejected")
"""States in which the payer does not have the claim: its lines may still change."""


# --- What is to be billed ---------------------------------------------------------------------------


def charges_to_bill(visit_id: UUID) -> QuerySet[Charge]:
    """Return a visit's posted charges that are on no standing claim, in the order of the slip."""
    return _unclaimed(Charge.objects.filter(visit_id=visit_id)).order_by("rank", "id")


def visits_to_bill() -> list[UUID]:
    """Return the visits that have posted charges on no standing claim, the oldest first."""
    rows = _to_bill().order_by("service_on", "visit__number").values_list("visit_id", flat=True)
    return list(dict.fromkeys(rows))


def count_to_bill() -> int:
    """Return how many visits are to be billed; the database counts."""
    return _to_bill().aggregate(n=Count("visit_id", distinct=True))["n"] or 0


def _to_bill() -> QuerySet[Charge]:
    return _unclaimed(Charge.objects.exclude(visit__coverage=None).exclude(visit__is_imported=True))


def _unclaimed(charges: QuerySet[Charge]) -> QuerySet[Charge]:
    claimed = ClaimLine.objects.filter(charge=OuterRef("pk")).exclude(claim__state__in=OVER)
    claimed = claimed.exclude(_has_done_its_work(), claim__frequency="8", claim__state="closed")
    billed = charges.filter(state=Charge.State.POSTED, amount__gt=0).exclude(Exists(claimed))
    return billed.exclude(Exists(notices.not_billed()))


def _has_done_its_work() -> Q:
    """Say of a closed void that the payer took it, or took the first claim's payment back."""
    taken = ClaimEvent.objects.filter(claim=OuterRef("claim_id"), kind="accepted_277")
    back = ClaimEvent.objects.filter(claim=OuterRef("claim__replaces_id"), kind="reversed")
    return Q(Exists(taken)) | Q(Exists(back))


def unsent_claim(visit_id: UUID, coverage_id: UUID, kind: str) -> UUID | None:
    """Return the claim of a kind, of a visit to a plan, that the payer does not have, if there is one."""
    found = Claim.objects.filter(visit_id=visit_id, coverage_id=coverage_id, kind=kind, state__in=UNSENT)
    return found.exclude(frequency="8").order_by("number").values_list("pk", flat=True).first()


def claims_with(charge_id: UUID) -> list[UUID]:
    """Return the claims with a charge that wait here or for the payer's answer, voids apart."""
    waiting = Claim.objects.filter(state__in=(*UNSENT, *GROUPS["with-payer"])).exclude(frequency="8")
    return list(waiting.filter(lines__charge_id=charge_id).order_by("number").values_list("pk", flat=True))


def is_with_payer(charge_id: UUID) -> bool:
    """Return whether a payer has a claim with a charge and has not answered it, voids apart."""
    there = Claim.objects.filter(state__in=GROUPS["with-payer"]).exclude(frequency="8")
    return there.filter(lines__charge_id=charge_id).exists()


def claims_stay(visit_id: UUID, coverage_id: UUID | None) -> str:
    """Return that a claim of a visit waits here or with a payer, and not for that coverage; else empty text."""
    there = Claim.objects.filter(visit_id=visit_id, state__in=(*UNSENT, *GROUPS["with-payer"]))
    there = there.exclude(frequency="8")
    if coverage_id is not None:
        there = there.exclude(coverage_id=coverage_id)
    other = there.order_by("number").first()
    if other is None:
        return ""
    return _("Claim %(number)s of this visit is made for another payer. Void it first.") % {
        "number": other.control
    }


def claims_for_plans(coverage_ids: Collection[UUID], _now: datetime) -> str:
    """Return that a claim stands that is made for one of some plans; else empty text."""
    rows = Claim.objects.filter(coverage_id__in=list(coverage_ids)).exclude(frequency="8")
    made = rows.exclude(state="void").select_related("coverage__plan").order_by("number").first()
    if made is None:
        return ""
    return _("Claim %(number)s is made for %(plan)s.") % {
        "number": made.control,
        "plan": made.coverage.plan.name,
    }


def primary_coverage(patient_id: UUID, day: date) -> Coverage | None:
    """Return the plan that pays first for a patient on a day."""
    return (
        Coverage.objects.filter(patient_id=patient_id, rank=1, starts_on__lte=day, entered_in_error_at=None)
        .filter(Q(ends_on=None) | Q(ends_on__gt=day))
        .first()
    )


# --- Finding our claim, our envelope, our payer -----------------------------------------------------


def claim_by_control(control: str) -> Claim | None:
    """Return the claim with that number on the wire (CLM01)."""
    return Claim.objects.select_related("visit", "payer").filter(control=control.strip().upper()).first()


def sent_interchange(partner_id: UUID, number: str) -> Envelope | None:
    """Return the envelope of claims that left for a partner under an interchange number."""
    shown = number.strip().zfill(9)
    sent = Envelope.objects.filter(
        direction=Envelope.Direction.OUT, partner_id=partner_id, kind__in=("837P", "837D", "837I")
    )
    return sent.filter(control_number=shown).first()


def claims_of_envelope(envelope_id: UUID) -> list[Claim]:
    """Return the claims for which this envelope was the latest sending."""
    told = ClaimEvent.objects.filter(kind="sent", envelope_id=envelope_id)
    claims = (
        Claim.objects.filter(pk__in=told.values("claim_id"))
        .select_related("visit", "payer")
        .order_by("number")
    )
    later = ClaimEvent.objects.filter(kind="sent", claim=OuterRef("pk")).exclude(envelope_id=envelope_id)
    resent = later.filter(rank__gt=told.filter(claim=OuterRef(OuterRef("pk"))).values("rank")[:1])
    return list(claims.exclude(Exists(resent)))


def payer_of_remittance(partner_id: UUID, advice: x12.Remittance) -> Payer | None:
    """Return who pays: by the id on the advice, else by name, else by the claims that it names."""
    ids = [item for item in (advice.payer.reference("2U"), advice.payer.id) if item]
    payers = Payer.objects.filter(payer_id__in=ids)
    found = payers.filter(partner_id=partner_id).first() or payers.first()
    if found is not None:
        return found
    named = Payer.objects.filter(name__iexact=advice.payer.name.strip()).first()
    if named is not None:
        return named
    controls = [payment.claim_id.strip().upper() for payment in advice.claims]
    claim = Claim.objects.filter(control__in=controls).select_related("payer").first()
    return claim.payer if claim else None


def standing_decision(claim_id: UUID) -> RemittedClaim | None:
    """Return the latest posted decision of a claim that no reversal has taken back."""
    decided = RemittedClaim.objects.filter(
        claim_id=claim_id, state=RemittedClaim.State.POSTED, undone_by=None
    )
    return decided.exclude(status=rules.REVERSED).order_by("-remittance__number", "-rank").first()


# --- Clocks -----------------------------------------------------------------------------------------


def silent_claims(now: datetime) -> QuerySet[Claim]:
    """Return the claims whose next answer is overdue and that are not on the work list for it."""
    known = WorkqueueItem.objects.filter(subject_id=OuterRef("pk"), kind="other").exclude(state="closed")
    waiting = Claim.objects.filter(state__in=rules.PATIENCE, alarm_at__lte=now)
    return waiting.exclude(Exists(known)).order_by("number")


def claims_near_limit(day: date) -> QuerySet[Claim]:
    """Return the claims without proof of filing that the payer takes only until that day or sooner."""
    open_states = ("made", "held", "rejected", "sent", "acknowledged")
    proof_of_filing = ClaimEvent.objects.filter(claim=OuterRef("pk"), kind="accepted_277")
    found = Claim.objects.filter(state__in=open_states, file_by__lte=day, frequency="1")
    known = WorkqueueItem.objects.filter(subject_id=OuterRef("pk"), kind="other").exclude(state="closed")
    return found.exclude(Exists(proof_of_filing)).exclude(Exists(known)).order_by("file_by", "number")


# --- Lists and pages --------------------------------------------------------------------------------

GROUPS: dict[str, tuple[str, ...]] = {
    "to-send": ("made", "held"),
    "rejected": ("rejected",),
    "with-payer": ("sent", "acknowledged", "accepted", "appealed"),
    "denied": ("denied", "partly_paid", "reversed"),
    "paid": ("paid",),
    "ended": ("void", "replaced", "closed"),
}
"""The saved filters of the claim list, by what a biller does with them."""


def claims(
    *,
    group: str = "",
    payer_id: UUID | None = None,
    older_than: date | None = None,
    patient_id: UUID | None = None,
) -> QuerySet[Claim]:
    """Return the claims of a group, of a payer, of service days up to one, newest first; all when nothing is asked."""
    found = Claim.objects.select_related("patient", "payer", "provider")
    if group in GROUPS:
        found = found.filter(state__in=GROUPS[group])
    if payer_id:
        found = found.filter(payer_id=payer_id)
    if older_than:
        found = found.filter(service_on__lte=older_than)
    if patient_id:
        found = found.filter(patient_id=patient_id)
    return found.order_by("-number")


def group_counts() -> dict[str, int]:
    """Return how many claims stand in each group; one statement."""
    by_state = dict(Claim.objects.values_list("state").annotate(count=Count("pk")).order_by())
    return {group: sum(by_state.get(state, 0) for state in states) for group, states in GROUPS.items()}


@dataclass(frozen=True, slots=True)
class Waiting:
    """The claims that wait to be sent to one payer."""

    payer: str
    claims: int
    held: int
    """How many of them a rule stopped the last time."""
    charge: Decimal


def waiting() -> list[Waiting]:
    """Return what waits to be sent, by payer; one statement."""
    rows = (
        Claim.objects.filter(state__in=GROUPS["to-send"])
        .values_list("payer__name")
        .annotate(n=Count("pk"), held=Count("pk", filter=Q(state="held")), total=Sum("charge"))
        .order_by("payer__name")
    )
    return [Waiting(*row) for row in rows]


def claim(claim_id: UUID) -> Claim:
    """Return a claim with what its page shows; Claim.DoesNotExist where there is none."""
    return Claim.objects.select_related(
        "patient", "payer", "provider", "coverage__plan", "visit__location", "replaces"
    ).get(pk=claim_id)


def events(claim_id: UUID) -> QuerySet[ClaimEvent]:
    """Return what happened to a claim, the latest first."""
    return ClaimEvent.objects.filter(claim_id=claim_id).select_related("envelope").order_by("-rank")


def remitted_of(claim_id: UUID) -> QuerySet[RemittedClaim]:
    """Return what remittances said of a claim, the latest first."""
    found = RemittedClaim.objects.filter(claim_id=claim_id).select_related("remittance__payer")
    return found.order_by("-remittance__number", "-rank")


def remittances(*, state: str = "") -> QuerySet[Remittance]:
    """Return the remittances, the newest first, each with how many claims it names and how many are posted."""
    posted = Count("claims", filter=Q(claims__state=RemittedClaim.State.POSTED))
    found = Remittance.objects.select_related("payer").annotate(named=Count("claims"), posted=posted)
    if state in Remittance.State.values:
        found = found.filter(state=state)
    return found.order_by("-number")


@dataclass(frozen=True, slots=True)
class RemittancePage:
    """A remittance as a person looks at it: the sums, what needs a person, what is posted."""

    remittance: Remittance
    claims: list[RemittedClaim]
    beside: Decimal

    @property
    def paid(self) -> Decimal:
        """Return what its claims come to."""
        return sum((row.paid for row in self.claims), ZERO)

    @property
    def needs_person(self) -> list[RemittedClaim]:
        """Return the claims that were not posted."""
        return [row for row in self.claims if row.state != RemittedClaim.State.POSTED]

    @property
    def posted(self) -> list[RemittedClaim]:
        """Return the claims that were posted."""
        return [row for row in self.claims if row.state == RemittedClaim.State.POSTED]


def remittance(remittance_id: UUID) -> RemittancePage:
    """Return a remittance with its claims; Remittance.DoesNotExist where there is none."""
    found = Remittance.objects.select_related("payer", "envelope", "payment").get(pk=remittance_id)
    rows = found.claims.select_related("claim", "patient", "undoes__remittance").order_by("rank")
    beside = usd(sum((Decimal(item["amount"]) for item in found.provider_adjustments), ZERO))
    return RemittancePage(found, list(rows), beside)


def candidates(row: RemittedClaim) -> list[Claim]:
    """Return the claims that an unmatched one may be: of the same payer and charge, still with the payer."""
    found = Claim.objects.filter(payer_id=row.remittance.payer_id, charge=abs(row.charge)).select_related(
        "patient"
    )
    return list(found.filter(state__in=GROUPS["with-payer"]).order_by("-number")[:5])


def may_be_posted_by_hand(row: RemittedClaim) -> bool:
    """Return whether a person may post a remitted claim: parked alone, of our claim, a payment and no takeback."""
    is_alone = row.state == RemittedClaim.State.PARKED and row.remittance.state != Remittance.State.PARKED
    return is_alone and row.claim_id is not None and row.status not in (rules.REVERSED, rules.PREDETERMINED)


def remitted_claim(remitted_id: UUID) -> RemittedClaim:
    """Return a remitted claim with its remittance and ours; RemittedClaim.DoesNotExist where there is none."""
    found = RemittedClaim.objects.select_related("remittance__payer", "claim__patient", "patient")
    return found.get(pk=remitted_id)


def undone(rows: Iterable[RemittedClaim]) -> set[UUID]:
    """Return those of the remitted claims that the plan took back itself."""
    ids = RemittedClaim.objects.filter(undoes__in=[row.pk for row in rows]).values_list(
        "undoes_id", flat=True
    )
    return {one for one in ids if one}


def lines_of(claim_id: UUID | None) -> list[ClaimLine]:
    """Return the lines of a claim with their charges, in order."""
    if claim_id is None:
        return []
    return list(ClaimLine.objects.filter(claim_id=claim_id).select_related("charge").order_by("line"))


def as_it_stands(line: ClaimLine) -> LineChange:
    """Return a line as a person corrects it."""
    charge = line.charge
    marks, pointers = tuple(charge.modifiers), tuple(charge.pointers)
    return LineChange(
        charge_id=charge.pk,
        line=line.line,
        code=charge.code,
        units=charge.units,
        modifiers=marks,
        pointers=pointers,
        mouth=charge.mouth,
        prosthesis=charge.prosthesis,
        prior_placed_on=charge.prior_placed_on,
        revenue_code=charge.revenue_code,
    )


def denials() -> QuerySet[WorkqueueItem]:
    """Return the open denials, the one whose clock ends first on top."""
    open_items = WorkqueueItem.objects.filter(kind="denial").exclude(state=WorkqueueItem.State.CLOSED)
    return open_items.select_related("patient", "owner").order_by("due_at", "number")


def open_denial(claim_id: UUID) -> WorkqueueItem | None:
    """Return the open denial of a claim: what it means, what to do, until when."""
    return denials().filter(subject_id=claim_id).first()


def latest_denial(claim_id: UUID) -> WorkqueueItem | None:
    """Return the latest denial of a claim, open or closed."""
    found = WorkqueueItem.objects.filter(kind="denial", subject_id=claim_id)
    return found.order_by("-number").first()


def claims_by_id(ids: Iterable[UUID | None]) -> dict[UUID, Claim]:
    """Return claims by their ids, with payer and patient; one statement."""
    wanted = [one for one in ids if one]
    return {row.pk: row for row in Claim.objects.filter(pk__in=wanted).select_related("payer", "patient")}


# --- Proof and export -------------------------------------------------------------------------------


def wrong_states() -> list[tuple[str, str]]:
    """Return the claims whose state does not follow from their events, each with a sentence: none in a sound book."""
    told: dict[UUID, list[Happened]] = {}
    for claim_id, kind, codes in ClaimEvent.objects.order_by("claim_id", "rank").values_list(
        "claim_id", "kind", "codes"
    ):
        told.setdefault(claim_id, []).append(Happened(kind, tuple(codes)))
    found = []
    for row in Claim.objects.order_by("number").only("pk", "number", "state"):
        expected = rules.state_of(told.get(row.pk, [])).state
        if expected != row.state:
            sentence = f"Claim {row.number} says it is {row.state}, its events say {expected}."
            found.append((f"claim {row.number}", sentence))
    return found


def export_claims() -> list[dict[str, Any]]:
    """Return every claim that was sent, with what remittances say of it, reversals netted; money as text."""
    figures = proof.claim_figures()
    sent = Claim.objects.filter(events__kind="sent").distinct().order_by("number")
    rows = []
    for row in sent.only("pk", "control", "charge", "frequency"):
        book = figures.get(row.pk, proof.ClaimFigures())
        adjusted = {group: book.adjusted.get(group, ZERO) for group in ("CO", "OA", "PI")}
        balance = row.charge - book.payer_paid - sum(adjusted.values(), ZERO) - book.patient_paid
        rows.append(
            {
                "claim": row.control,
                "charge": str(row.charge),
                "payer_paid": str(book.payer_paid),
                "adjusted": {group: str(amount) for group, amount in adjusted.items()},
                "patient_responsibility": str(book.patient_responsibility),
                "patient_paid": str(book.patient_paid),
                "balance": str(balance),
            }
        )
    return rows


def money_of(claim_row: Claim) -> dict[str, Decimal]:
    """Return what a claim's charges still have due, by plan and by patient, and what the plan has paid."""
    lines = list(claim_row.lines.values_list("charge_id", flat=True))
    due = ledger.claim_balance(claim_row.pk, lines)
    paid = RemittedClaim.objects.filter(claim=claim_row, state=RemittedClaim.State.POSTED).aggregate(
        paid=Sum("paid"), share=Sum("patient_share")
    )
    return {
        "insurance": due.insurance,
        "patient": due.patient,
        "paid": paid["paid"] or ZERO,
        "share": paid["share"] or ZERO,
    }
