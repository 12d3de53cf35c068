"""What things cost, and what stands on a visit's slip."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from daysheet.charges import codes, rules
from daysheet.charges.models import Charge, FeeItem, VisitDiagnosis
from daysheet.charges.placing import Placed, placed
from daysheet.charges.rules import facility, kinds
from daysheet.charges.rules.mouth import REPLACEMENT
from daysheet.coverage import notices
from daysheet.coverage.models import Coverage
from daysheet.coverage.rules import medicare
from daysheet.coverage.rules.notices import Proposal, missing, wrong
from daysheet.coverage.rules.telehealth import to_add, to_take_off
from daysheet.kernel.money import ZERO
from daysheet.ledger import queries as books
from daysheet.ledger.queries import ChargeBalance
from daysheet.practice import queries as practice
from daysheet.visits.models import Visit

SHOWN = "diagnoses:"
"""Before the diagnoses that a drawn slip shows, in its token: an empty slip is a version too."""


@dataclass(frozen=True, slots=True)
class SlipLine:
    """A charge on the slip, and what is still due for it."""

    charge: Charge
    due: ChargeBalance


@dataclass(frozen=True, slots=True)
class SlipWarning:
    """Something on the slip that a biller would ask about; it stops nothing."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """A line for which an advance notice of the patient speaks, and the modifiers that are to be put on it."""

    charge: Charge
    sentence: str
    to_add: list[str]
    to_take_off: list[str]


@dataclass(frozen=True, slots=True)
class Slip:
    """A visit's charge slip (superbill): diagnoses, lines, what it comes to, what to look at."""

    visit: Visit
    diagnoses: list[VisitDiagnosis]
    lines: list[SlipLine]
    warnings: list[SlipWarning]
    noticed: list[Noticed]
    placed: Placed
    bills: frozenset[str]
    """The kinds of claim that the office bills for the visit."""
    is_facility: bool = False
    """Whether the office bills for the facility: lines can have a revenue code then."""

    @property
    def is_dental(self) -> bool:
        """Return whether the office does dental work: lines can name teeth then."""
        return kinds.DENTAL in self.bills

    def pointer_of(self, fee: FeeItem) -> str:
        """Return to which diagnosis a favourite points: a dental service needs none."""
        kind = kinds.kind_of(kinds.Billed(fee.code, fee.is_dental, fee.revenue_code), self.bills)
        return "1" if self.diagnoses or kind != kinds.DENTAL else ""

    @property
    def marks(self) -> list[str]:
        """Return the modifiers of telehealth that lines on the slip lack or carry in vain."""
        wanted = self.placed.wanted
        if wanted is None:
            return []
        found = [
            mark
            for one in self.drafts
            for mark in (*to_add(wanted, one.modifiers), *to_take_off(wanted, one.modifiers))
        ]
        return list(dict.fromkeys(found))

    @property
    def shown(self) -> str:
        """Return the diagnoses in their order, as the version that the slip's forms carry."""
        return SHOWN + " ".join(one.code for one in self.diagnoses)

    @property
    def drafts(self) -> list[Charge]:
        """Return the lines that are not posted yet."""
        return [line.charge for line in self.lines if line.charge.state == Charge.State.DRAFT]

    @property
    def total(self) -> Decimal:
        """Return what the standing lines come to."""
        standing = (line.charge for line in self.lines if line.charge.state != Charge.State.VOIDED)
        return sum((charge.amount for charge in standing), ZERO)


def fees(day: date) -> QuerySet[FeeItem]:
    """Return the fee schedule as it stands on a day, by code."""
    return FeeItem.objects.filter(_on(day)).order_by("code")


def fee(code: str, day: date) -> FeeItem | None:
    """Return what a procedure costs on a day, if the schedule has it."""
    return FeeItem.objects.filter(_on(day), code=rules.as_procedure(code)).first()


def is_dental(code: str, day: date) -> bool:
    """Return whether a procedure goes on a dental claim in this office."""
    known = fee(code, day)
    service = kinds.Billed(rules.as_procedure(code), bool(known and known.is_dental))
    return kinds.kind_of(service, practice.claim_kinds()) == kinds.DENTAL


def dental_needs(codes: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """Return what lines of some codes must name, and whether they place a prosthesis, as their latest price says."""
    rows = FeeItem.objects.filter(code__in=set(codes)).order_by("starts_on")
    return {one.code: (one.mouth_need, one.is_prosthesis) for one in rows}


def bills_of(
    visit: Visit, billed: Coverage | None = None, *, all_kinds: frozenset[str] | None = None
) -> frozenset[str]:
    """Return the kinds of claim that the office bills (`all_kinds`) for a visit, as its payer takes them."""
    bills, held = all_kinds or practice.claim_kinds(), billed or visit.coverage
    if kinds.INSTITUTIONAL not in bills or held is None:
        return bills
    bill_type = practice.bill_type_of(visit.location)
    return facility.kinds_for(bills, bill_type=bill_type, filing_code=held.plan.payer.filing_code)


def price_before(code: str, starts_on: date) -> dict[str, Any]:
    """Return what setting a price from a day on would write over, or end; as it is kept for `take_back_fees`."""
    prices = FeeItem.objects.filter(code=rules.as_procedure(code))
    same = prices.filter(starts_on=starts_on).first()
    if same is not None:
        over = {
            "label": same.label,
            "amount": f"{same.amount:.2f}",
            "is_favourite": same.is_favourite,
            "is_dental": same.is_dental,
            "revenue_code": same.revenue_code,
            "revenue_prices": same.revenue_prices,
            "mouth_need": same.mouth_need,
            "is_prosthesis": same.is_prosthesis,
        }
        return {"wrote_over": over | {"ends_on": same.ends_on.isoformat() if same.ends_on else None}}
    ended = prices.filter(starts_on__lt=starts_on).order_by("-starts_on").first()
    if ended is None or (ended.ends_on is not None and ended.ends_on <= starts_on):
        return {}
    return {"ended": [str(ended.pk), ended.ends_on.isoformat() if ended.ends_on else None]}


def favourites(day: date) -> QuerySet[FeeItem]:
    """Return the procedures that the office uses most, as one presses them on the slip."""
    return fees(day).filter(is_favourite=True)


def search_fees(text: str, day: date, limit: int = 20) -> list[FeeItem]:
    """Return procedures whose code begins with the text, or whose label holds it."""
    typed = text.strip()
    if not typed:
        return []
    return list(fees(day).filter(Q(code__startswith=typed.upper()) | Q(label__icontains=typed))[:limit])


def diagnoses(visit_id: UUID) -> QuerySet[VisitDiagnosis]:
    """Return a visit's diagnoses in their rank."""
    return VisitDiagnosis.objects.filter(visit_id=visit_id).order_by("rank")


def charges_of(visit_id: UUID) -> QuerySet[Charge]:
    """Return a visit's standing charges, posted or not, in their order."""
    return Charge.objects.filter(visit_id=visit_id).exclude(state=Charge.State.VOIDED).order_by("rank")


def charges_hold(visit_id: UUID) -> str:
    """Return that a visit has charges and cannot be taken off the books; else empty text."""
    if not charges_of(visit_id).exists():
        return ""
    return _("There are charges on its slip. Take them off, or void them, then take the visit off the list.")


def payer_stays(visit_id: UUID, _coverage_id: UUID | None) -> str:
    """Return why what is posted of a visit cannot become due from another payer as a whole; else empty text."""
    posted = Charge.objects.filter(visit_id=visit_id, state=Charge.State.POSTED, entry_id__isnull=False)
    lines = list(posted.values_list("pk", "entry_id"))
    if any(books.plan_answers_on(charge_id) for charge_id, _entry in lines):
        return _("A plan has answered for a service of this visit: correct or take back its claim.")
    if not all(books.can_be_reversed(entry_id) for _charge, entry_id in lines if entry_id):
        return _(
            "A part of what is due for this visit was written off or moved by hand. Take that back on the account first."
        )
    return ""


def visit_with_place(visit_id: UUID) -> Visit | None:
    """Return a visit with its people, its plan and where it took place."""
    rows = Visit.objects.select_related(
        "patient", "provider", "location", "coverage__plan__payer", "care_place"
    )
    return rows.filter(pk=visit_id).first()


def slip(visit_id: UUID) -> Slip | None:
    """Return the charge slip of a visit, in a constant number of statements."""
    visit = visit_with_place(visit_id)
    if visit is None:
        return None
    ranked = list(diagnoses(visit_id))
    charges = list(Charge.objects.filter(visit_id=visit_id).order_by("rank"))
    due = books.charge_balances([one.pk for one in charges])
    lines = [SlipLine(one, due[one.pk]) for one in charges]
    all_kinds = practice.claim_kinds()
    bills = bills_of(visit, all_kinds=all_kinds)
    warned = [*_warnings(ranked, charges, bills), *_of_kinds(visit, charges, bills)]
    noticed, has_revenue = _noticed(visit, charges), kinds.INSTITUTIONAL in all_kinds
    return Slip(visit, ranked, lines, warned, noticed, placed(visit), bills, has_revenue)


def services_of(charges: Iterable[Charge], bills: frozenset[str]) -> list[kinds.Billed]:
    """Return lines as far as the kind of their claim goes; the schedule is asked where an office bills several."""
    lines = list(charges)
    called: set[str] = set()
    if kinds.DENTAL in bills and len(bills) > 1 and lines:
        dental = FeeItem.objects.filter(_on(lines[0].service_on), is_dental=True)
        called = set(dental.filter(code__in={one.code for one in lines}).values_list("code", flat=True))
    return [kinds.Billed(one.code, one.code in called, one.revenue_code) for one in lines]


def visits_without_charges(visit_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of the visits have no posted charge; one statement."""
    wanted = set(visit_ids)
    posted = Charge.objects.filter(visit_id__in=wanted, state=Charge.State.POSTED).values_list(
        "visit_id", flat=True
    )
    return wanted - set(posted)


def _on(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))


def proposals_of(visit: Visit, charges: Iterable[Charge]) -> dict[str, Proposal]:
    """Return what the patient's notices mean for some lines of a visit, by code; none but for original Medicare."""
    if visit.coverage is None or not medicare.is_original(visit.coverage.plan.payer.filing_code):
        return {}
    return notices.proposals(visit.coverage.pk, visit.service_on, [one.code for one in charges])


def is_billed(noticed: Mapping[str, Proposal], charge: Charge) -> bool:
    """Return whether a plan is billed for a line: not where the patient chose so on an advance notice."""
    return charge.code not in noticed or noticed[charge.code].is_billed


def _noticed(visit: Visit, charges: list[Charge]) -> list[Noticed]:
    """Return what the patient's notices mean for the lines."""
    standing = [one for one in charges if one.state != Charge.State.VOIDED]
    found = proposals_of(visit, standing)
    told = []
    for charge in standing:
        if (proposal := found.get(charge.code)) is None:
            continue
        marks = tuple(charge.modifiers)
        to_add, to_take_off = missing(proposal, marks), wrong(proposal, marks)
        if to_add or to_take_off or not proposal.is_billed:
            told.append(Noticed(charge, proposal.sentence, to_add, to_take_off))
    return told


def _of_kinds(visit: Visit, charges: list[Charge], bills: frozenset[str]) -> list[SlipWarning]:
    """Return what a biller would ask about lines of dentists and of the facility."""
    standing = [one for one in charges if one.state != Charge.State.VOIDED]
    services = services_of(standing, bills)
    mixed = kinds.mixed(services, bills) if visit.coverage else ""
    found = [SlipWarning("lines", mixed)] if mixed else []
    for one in standing:
        if one.prosthesis == REPLACEMENT and one.prior_placed_on is None:
            said = _("Line %(n)s replaces a prosthesis: a claim must say when the earlier one was placed.")
            found.append(SlipWarning("lines", said % {"n": one.rank}))
    for one, service in zip(standing, services, strict=True):
        if not one.revenue_code and kinds.kind_of(service, bills) == kinds.INSTITUTIONAL:
            said = _("Line %(n)s has no revenue code: the facility's claim needs one.")
            found.append(SlipWarning("lines", said % {"n": one.rank}))
    return found


def _warnings(
    ranked: list[VisitDiagnosis], charges: list[Charge], bills: frozenset[str]
) -> list[SlipWarning]:
    found = []
    for one in ranked:
        known = codes.icd(one.code) if codes.is_loaded() else None
        if codes.is_loaded() and known is None:
            found.append(SlipWarning("diagnoses", f"{one.code} is not in the loaded list. Check it."))
        elif known and not known.billable:
            found.append(SlipWarning("diagnoses", f"{one.code} {one.label}: choose a more exact code."))
    for charge in charges:
        beyond = rules.pointers_beyond(charge.pointers, len(ranked))
        needs_none = not ranked and kinds.DENTAL in bills
        if beyond and charge.state != Charge.State.VOIDED and not needs_none:
            told = ", ".join(str(pointer) for pointer in beyond)
            found.append(
                SlipWarning("lines", f"Line {charge.rank} points to diagnosis {told}, which is not there.")
            )
    return found
