"""Sample questions what became of claims (276), and a payer's answers to the same ones (277)."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from daysheet.formats.x12.guides.parts import Dates, Party
from daysheet.formats.x12.guides.status import Status
from daysheet.formats.x12.guides.status_answer import (
    AnsweredLine,
    StatusAnswer,
    StatusAnswerFile,
    answer_to,
    build_277,
)
from daysheet.formats.x12.guides.status_inquiry import (
    AskedLine,
    StatusInquiry,
    StatusInquiryFile,
    build_276,
)
from daysheet.formats.x12.labels import labels
from daysheet.formats.x12.write import OutgoingSet

from .cast import AT, PLAN, TODAY, Cast

FORMS = 8
"""Kinds of questions, which take turns."""
CODES = {
    "A0": "16", "A1": "19", "A2": "20", "A3": "24", "A4": "35", "A5": "72", "A6": "21", "A7": "21", "A8": "21",
    "P0": "44", "P1": "47", "P2": "46", "P3": "51", "P4": "56", "P5": "46", "F0": "3", "F1": "65", "F2": "88",
    "F3": "64", "F3F": "16", "F3N": "64", "F4": "98", "D0": "35", "E0": "24", "E1": "484", "R0": "123", "R1": "124",
    "R3": "247", "R4": "42", "R9": "287",
}  # fmt: skip
PAID = frozenset(("F0", "F1", "F3", "F3F", "F3N"))
NOT_FOUND = frozenset(("A4", "D0"))
OF_THE_PROVIDER, OF_THE_RECEIVER = frozenset(("E0",)), frozenset(("E1", "E2"))


def questions(cast: Cast, claims: int) -> OutgoingSet:
    """Return the body of a file of questions: whole claims, lines, dependents, hospitals, prescriptions in turn."""
    return build_276(StatusInquiryFile("Q0001", AT, tuple(_inquiries(cast, claims))))


def answers(cast: Cast, claims: int) -> OutgoingSet:
    """Return the body of a file of answers to those questions; in a long one every category occurs."""
    order = ["F1", "P1", "F2", "A4"]
    order += [one for one in labels("status_category") if one not in order]
    made = tuple(
        _answer(inquiry, order[(number - 1) % len(order)], number)
        for number, inquiry in enumerate(_inquiries(cast, claims), 1)
    )
    return build_277(StatusAnswerFile("S0001", AT, made))


def _inquiries(cast: Cast, count: int) -> Iterator[StatusInquiry]:
    provider = Party(cast.office.name, id_qualifier="XX", id=cast.office.id)
    receiver = cast.submitter_without_contacts()
    member = _member(cast, 1)
    for number in range(1, count + 1):
        form = number % FORMS
        # the last form asks after another claim of the person before
        member = member if form == 0 else _member(cast, number)
        amounts = [cast.money(40, 300), cast.money(40, 300)]
        first = cast.day()
        whole = StatusInquiry(
            PLAN, receiver, provider, member, f"T{number:06d}", account=f"C{number:06d}", charge=sum(amounts, Decimal(0)),
            served=Dates("472", first), payer_claim_number="" if form == 5 else f"P{number:06d}",
            lines=tuple(
                AskedLine(cast.procedure(), amount, Decimal(1), Dates("472", first), f"L{number:06d}{place}")
                for place, amount in enumerate(amounts, 1)
            ) if form in (1, 3) else (),
        )  # fmt: skip
        yield _formed(cast, whole, form)


def _formed(cast: Cast, whole: StatusInquiry, form: int) -> StatusInquiry:
    """Return the question in one of its forms."""
    number = whole.trace[1:]
    match form:
        case 2 if whole.served is not None:
            days = replace(whole.served, ends_on=TODAY)
            return replace(whole, bill_type="111", served=days)
        case 3:
            return replace(whole, dependent=replace(cast.person(), address=None))
        case 4:
            return replace(whole, location="UNIT7", group_number="GR100")
        case 5:
            return replace(whole, prescription=f"{number}7", account="")
        case 6:
            return replace(
                whole, clearinghouse_trace=f"D{number}", dependent=replace(cast.person(), address=None)
            )
    return whole


def _member(cast: Cast, number: int) -> Party:
    return replace(cast.person(number), address=None)


def _answer(asked: StatusInquiry, category: str, number: int) -> StatusAnswer:
    code = CODES.get(category, "123" if category[0] == "R" else "0")
    if category in OF_THE_PROVIDER | OF_THE_RECEIVER:
        at_provider = category in OF_THE_PROVIDER
        said = Status(category, code, "1P" if at_provider else "", TODAY)
        return StatusAnswer(
            asked.payer, asked.receiver, asked.provider if at_provider else None,
            trace="" if at_provider else "Q0001", statuses=(said,),
        )  # fmt: skip
    charge = asked.charge or Decimal(0)
    status = Status(category, code, "QC" if category == "F2" else "", TODAY, charge=charge)
    if asked.prescription:
        status = replace(status, code="80", code_list="RX")
    if category in NOT_FOUND:
        return answer_to(asked, status, payer_claim_number="")
    if category in PAID:
        status = replace(
            status, paid=_share(charge), finished_on=TODAY, method="ACH", paid_on=TODAY, check_number=f"EFT{number:06d}"
        )  # fmt: skip
    elif category == "F2":
        status = replace(status, paid=Decimal(0), finished_on=TODAY, more=(("F2", "585", ""),))
    more = {"voucher": f"V{number:06d}"} if category == "F3" else {}
    lines = tuple(_line(line, category, code) for line in asked.lines)
    return answer_to(asked, status, lines=lines, payer_claim_number=f"P{number:06d}", **more)


def _line(line: AskedLine, category: str, code: str) -> AnsweredLine:
    return AnsweredLine(
        line.procedure, line.charge, _share(line.charge) if category in PAID else None, line.units,
        (Status(category, code, "QC" if category == "F2" else "", TODAY),), line.served, line.control,
    )  # fmt: skip


def _share(charge: Decimal) -> Decimal:
    """Return what the plan pays of a charge: four fifths in whole dollars, so that the lines never exceed the claim."""
    return (charge * 4 // 5).quantize(Decimal(1))
