"""A file as tables: a remittance in rows that add up, an answer as a grid, a claim as its form, what to do next."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from .documents import read
from .forms import claim_form
from .guides.claim import ClaimBatch
from .guides.eligibility import AnswerBatch, Benefit, EligibilityAnswer
from .guides.parts import Adjustment
from .guides.remittance import ClaimPayment, Remittance, ServicePayment, balance, balance_payment
from .guides.status import Status, StatusReport
from .guides.status_answer import StatusAnswerFile
from .labels import label, labels
from .sheet import Sheet, money, name_of, shown
from .text import Source

ZERO = Decimal(0)
_NETWORKS = {"Y": (0,), "N": (1,), "W": (0, 1)}
_STANDING = {True: "active", False: "not active", None: "it does not say whether there is cover"}


def sheets(source: Source, *, is_hidden: bool = False) -> Iterator[Sheet]:
    """Return tables for remitted claims, payments, answers about a person, claims and their statuses; others have none.

    With `is_hidden` nothing names a person.
    """
    for document in read(source):
        if isinstance(document.content, Remittance):
            for claim in document.content.claims:
                yield claim_sheet(claim, is_hidden=is_hidden)
            yield payment_sheet(document.content, is_hidden=is_hidden)
        elif isinstance(document.content, AnswerBatch):
            for answer in document.content.answers:
                yield benefit_sheet(answer, is_hidden=is_hidden)
        elif isinstance(document.content, ClaimBatch):
            for one in document.content.claims:
                yield from claim_form(one, is_hidden=is_hidden)
        elif isinstance(document.content, StatusReport):
            yield status_sheet(document.content, is_hidden=is_hidden)
        elif isinstance(document.content, StatusAnswerFile):
            yield answer_sheet(document.content, is_hidden=is_hidden)


def claim_sheet(claim: ClaimPayment, *, is_hidden: bool = False) -> Sheet:
    """Return what the payer did with one claim: in each row, the charge less what was adjusted is what was paid.

    A sum of the payer's that does not come out stands in the notes.
    """
    groups = _groups(claim.all_adjustments)
    rows = [_service_row(place, one, groups) for place, one in enumerate(claim.services, 1)]
    if claim.adjustments or claim.remarks or not claim.services:
        rows.append(_whole_row(claim, groups))
    charge = sum((one.charge for one in claim.services), ZERO) if claim.services else claim.charge
    paid = claim.paid
    if claim.services:
        paid = sum((one.paid for one in claim.services), ZERO) - _sum(claim.adjustments)
    total = ("total", "", "", money(charge), *_by_group(claim.all_adjustments, groups), money(paid), "")
    heads = [label("adjustment_group", one) or one for one in groups]
    return Sheet(
        f"Claim {shown(claim.claim_id, is_hidden)} of {name_of(claim.patient, is_hidden)}: "
        f"{label('claim_status', claim.status) or claim.status}",
        ("Line", "Day", "Code", "Charge", *heads, "Paid", "Why"),
        (*rows, total),
        tuple(item.message for item in balance_payment(claim)),
    )


def payment_sheet(remittance: Remittance, *, is_hidden: bool = False) -> Sheet:
    """Return how the claims and what moves beside them come to the payment."""
    rows = [(f"{len(remittance.claims)} claims", money(sum((one.paid for one in remittance.claims), ZERO)))]
    for one in remittance.provider_adjustments:
        words = f"{label('plb', one.reason) or one.reason} {shown(one.reference, is_hidden)}".strip()
        rows.append((words, money(-one.amount)))
    rows.append(("payment", money(remittance.signed_amount)))
    method = label("payment_method", remittance.method) or remittance.method
    day = f" of {remittance.paid_on}" if remittance.paid_on else ""
    return Sheet(
        f"{method} {shown(remittance.trace, is_hidden)}{day} from {shown(remittance.payer.name, is_hidden)}",
        ("What", "Amount"),
        tuple(rows),
        tuple(item.message for item in balance(remittance) if item.level == "transaction"),
    )


def benefit_sheet(answer: EligibilityAnswer, *, is_hidden: bool = False) -> Sheet:
    """Return what a plan says of one person: a row for each service and benefit, columns in and out of network.

    A benefit of which the plan does not name the network stands in the last column.
    """
    cells: dict[tuple[str, str], tuple[list[str], list[str], list[str]]] = {}
    for benefit in answer.benefits:
        row = (_services(benefit), label("eb", benefit.code) or benefit.code)
        columns = cells.setdefault(row, ([], [], []))
        said = _benefit(benefit, is_hidden)
        for column in _NETWORKS.get(benefit.network, (2,)):
            if said not in columns[column]:
                columns[column].append(said)
    patient = name_of(answer.patient, is_hidden) if answer.patient else "nobody found"
    standing = f": {_STANDING[answer.active]}" if answer.benefits else ""
    return Sheet(
        f"{patient}{standing}",
        ("Service", "Benefit", "In network", "Out of network", "Network not named"),
        tuple((*row, *("; ".join(one) for one in columns)) for row, columns in cells.items()),
        tuple(
            f"{label('aaa', one.reason) or one.reason}. {label('follow_up', one.follow_up) or one.follow_up}".rstrip()
            for one in answer.rejections
        ),
    )


def status_sheet(report: StatusReport, *, is_hidden: bool = False) -> Sheet:
    """Return what became of each claim at the door and what to do next, those that were turned away on top."""
    claims = [claim for provider in report.providers for claim in provider.claims]
    claims.sort(key=lambda claim: not claim.rejected)
    rows = [
        (
            shown(claim.claim_id, is_hidden),
            name_of(claim.patient, is_hidden),
            money(claim.statuses[0].charge) if claim.statuses else "",
            "; ".join(_said(one) for one in claim.statuses),
            "; ".join(dict.fromkeys(one.next_action for one in claim.statuses)),
        )
        for claim in claims
    ]
    turned = sum(claim.rejected for claim in claims)
    notes = [shown(one.message, is_hidden) for claim in claims for one in claim.statuses if one.message]
    above = [
        one for one in (*report.statuses, *(s for p in report.providers for s in p.statuses)) if one.rejected
    ]
    if above:
        notes.append(f"{_said(above[0])}: everything below it is turned away.")
    return Sheet(
        f"{len(claims)} claims answered by {shown(report.source.name, is_hidden)}, {turned} of them turned away",
        ("Claim", "Patient", "Charge", "What they say", "What to do"),
        tuple(rows),
        tuple(notes),
    )


def answer_sheet(file: StatusAnswerFile, *, is_hidden: bool = False) -> Sheet:
    """Return where each claim stands that was asked after, what was paid of it, and what to do next."""
    rows = [
        (
            shown(answer.account or answer.trace, is_hidden),
            name_of(answer.patient, is_hidden) if answer.patient else "",
            money(answer.charge),
            money(answer.paid),
            "; ".join(_said(one) for one in answer.statuses),
            answer.next_action,
        )
        for answer in file.answers
    ]
    return Sheet(
        f"{len(rows)} claims asked after",
        ("Claim", "Patient", "Charge", "Paid", "What they say", "What to do"),
        tuple(rows),
        tuple(
            shown(one.message, is_hidden) for answer in file.answers for one in answer.statuses if one.message
        ),
    )


def _said(status: Status) -> str:
    """Return a statement in words: its category, and each of its reasons."""
    codes = [(status.category, status.code, status.entity), *status.more]
    words = [label("status_category", status.category) or status.category]
    for _, code, entity, *_list in codes:  # a fourth part names the list that a code is from
        reason = label("status", code) or code
        who = label("entity", entity) or entity
        if reason != words[0]:
            words.append(f"{reason} ({who})" if who else reason)
    return ", ".join(dict.fromkeys(words))


def _groups(adjustments: Sequence[Adjustment]) -> list[str]:
    """Return the groups that occur, in the order of our words for them; a group without words comes last."""
    known = list(labels("adjustment_group"))
    found = dict.fromkeys(one.group for one in adjustments)
    return sorted(found, key=lambda group: known.index(group) if group in known else len(known))


def _service_row(place: int, service: ServicePayment, groups: Sequence[str]) -> tuple[str, ...]:
    code = " ".join((service.procedure.code or service.revenue_code, *service.procedure.modifiers))
    return (
        str(place),
        service.served_on.isoformat() if service.served_on else "",
        code,
        money(service.charge),
        *_by_group(service.adjustments, groups),
        money(service.paid),
        _why(service.adjustments, service.remarks),
    )


def _whole_row(claim: ClaimPayment, groups: Sequence[str]) -> tuple[str, ...]:
    """Return what was done to the claim as a whole: the claim itself where it has no lines."""
    charge, paid = (ZERO, -_sum(claim.adjustments)) if claim.services else (claim.charge, claim.paid)
    adjusted = _by_group(claim.adjustments, groups)
    return (
        "claim",
        "",
        "",
        money(charge),
        *adjusted,
        money(paid),
        _why(claim.adjustments, claim.remarks),
    )


def _by_group(adjustments: Sequence[Adjustment], groups: Sequence[str]) -> tuple[str, ...]:
    return tuple(money(_sum([one for one in adjustments if one.group == group])) for group in groups)


def _why(adjustments: Sequence[Adjustment], remarks: Sequence[str]) -> str:
    reasons = [
        f"{one.group}-{one.reason} {label('carc', one.reason) or ''}".rstrip()
        for one in adjustments
        if one.amount
    ]
    return "; ".join(
        [*dict.fromkeys(reasons), *(f"{code} {label('rarc', code) or ''}".rstrip() for code in remarks)]
    )


def _services(benefit: Benefit) -> str:
    if benefit.procedure:
        return " ".join((benefit.procedure.code, *benefit.procedure.modifiers))
    return ", ".join(label("service_type", code) or code for code in benefit.service_types)


def _benefit(benefit: Benefit, is_hidden: bool) -> str:
    """Return the figure first, then what bounds it."""
    parts = [
        f"${money(benefit.amount)}" if benefit.amount is not None else "",
        f"{(benefit.percent * 100).normalize():f} %" if benefit.percent is not None else "",
        f"{benefit.quantity:f}" if benefit.quantity is not None else "",
        (label("period", benefit.period) or benefit.period).lower(),
        (label("coverage_level", benefit.coverage_level) or benefit.coverage_level).lower(),
        shown(benefit.plan, is_hidden),
        "needs authorization" if benefit.authorization == "Y" else "",
        *(shown(one, is_hidden) for one in benefit.messages),
    ]
    return " ".join(part for part in parts if part) or "yes"


def _sum(adjustments: Sequence[Adjustment]) -> Decimal:
    return sum((one.amount for one in adjustments), ZERO)
