"""Sample questions and answers: eligibility (270, 271), what became of claims (277CA), acknowledgements (999, TA1)."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

from daysheet.formats.x12.envelope import GUIDES, InterchangeAck
from daysheet.formats.x12.guides.acks import ElementError, GroupAck, SegmentError, SetAck, build_999
from daysheet.formats.x12.guides.eligibility import (
    AnswerBatch,
    Benefit,
    EligibilityAnswer,
    EligibilityInquiry,
    InquiryBatch,
    Rejection,
)
from daysheet.formats.x12.guides.eligibility_writing import build_270, build_271
from daysheet.formats.x12.guides.parts import Dates, Party
from daysheet.formats.x12.guides.status import (
    ClaimStatus,
    ProviderStatus,
    Status,
    StatusReport,
    Totals,
    build_277ca,
)
from daysheet.formats.x12.labels import labels
from daysheet.formats.x12.write import OutgoingSet

from .cast import AT, PLAN, TODAY, Cast

ORIGIN = "9123456789"
PLAN_BEGAN = date(2026, 1, 1)
COVERED = ("1", "2", "3", "4", "5")
NOT_COVERED = ("6", "7", "8")
DOOR = ("A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8")
TURNED_AWAY = ("A3", "A6", "A7", "A8")
OF_THE_PLAN = frozenset("04 41 42 79 80 T4".split())
OF_THE_PROVIDER = frozenset("43 44 45 46 47 48 50 51 97".split())
OF_THE_DEPENDENT = frozenset("64 65 66 67 68 77".split())
OF_THE_SERVICE = frozenset("33 53 54 55 69 70 98 AA AE AF AG AO CI E8 IA MA".split())
REJECTED_EVERY = 4
"""Every so many answers of a 271 is a refusal."""


def inquiries(cast: Cast, claims: int) -> OutgoingSet:
    """Return the body of a file of questions, one about each person."""
    asked = tuple(
        EligibilityInquiry(
            payer=PLAN, provider=_provider(cast), subscriber=replace(cast.person(number), address=None),
            trace=f"T{number:06d}", trace_origin=ORIGIN, served_on=TODAY,
            service_types=("30",) if number % 2 else ("98", "30"),
        )
        for number in range(1, claims + 1)
    )  # fmt: skip
    return build_270(InquiryBatch("Q0001", AT, asked))


def benefits(cast: Cast, claims: int) -> OutgoingSet:
    """Return the body of a file of answers; in a long one every benefit code and every refusal occurs."""
    made = tuple(_answer(cast, number) for number in range(1, claims + 1))
    return build_271(AnswerBatch("Q0001", AT, made))


def _answer(cast: Cast, number: int) -> EligibilityAnswer:
    whole = EligibilityAnswer(
        payer=PLAN, provider=_provider(cast), subscriber=replace(cast.person(number), address=None),
        trace=f"T{number:06d}", trace_origin=ORIGIN,
    )  # fmt: skip
    turn, place = divmod(number, REJECTED_EVERY)
    if place == 0:
        reasons = list(labels("aaa"))
        return _refused(cast, whole, reasons[(turn - 1) % len(reasons)])
    codes = list(labels("eb"))
    code = codes[(number - 1 - turn) % len(codes)]
    if code in NOT_COVERED:
        return replace(whole, benefits=(Benefit(code, "IND", ("30",)),))
    standing = code if code in COVERED else "1"
    said = () if code in COVERED else (_benefit(cast, code),)
    begins = (Dates("346", PLAN_BEGAN),)
    return replace(whole, dates=begins, benefits=(_standing(standing), *_usual(cast), *said))


def _refused(cast: Cast, whole: EligibilityAnswer, reason: str) -> EligibilityAnswer:
    """Return a refusal where the guide has its place for the reason: plan, provider, insured, dependent, service."""
    if reason in OF_THE_PLAN:
        return replace(whole, provider=None, subscriber=None, trace="", trace_origin="",
                       rejections=(Rejection("payer", reason, "R"),))  # fmt: skip
    if reason in OF_THE_PROVIDER:
        return replace(whole, subscriber=None, trace="", trace_origin="",
                       rejections=(Rejection("provider", reason, "C"),))  # fmt: skip
    if reason in OF_THE_DEPENDENT:
        child = replace(cast.person(), address=None)
        return replace(
            whole, dependent=child, relationship="19", rejections=(Rejection("dependent", reason, "C"),)
        )
    if reason in OF_THE_SERVICE:
        return replace(
            whole, benefits=(Benefit("V", "IND", ("33",), rejections=(Rejection("benefit", reason, "C"),)),)
        )
    return replace(whole, rejections=(Rejection("subscriber", reason, "C"),))


def _standing(code: str) -> Benefit:
    return Benefit(code, "IND", ("30",), "PR", "BLUE PPO STANDARD")


def _usual(cast: Cast) -> tuple[Benefit, ...]:
    """Return what most plans say: copay, deductible and what is left of it, coinsurance, the most one pays."""
    deductible = Decimal(cast.chance.randrange(500, 3000, 250))
    left = Decimal(cast.chance.randrange(0, 500))
    return (
        Benefit(
            "B", "IND", ("98",), period="27", amount=Decimal(cast.chance.randrange(10, 60, 5)), network="Y"
        ),
        Benefit("C", "IND", ("30",), period="23", amount=deductible, network="Y"),
        Benefit("C", "IND", ("30",), period="29", amount=left, network="Y"),
        Benefit("A", "IND", ("30",), percent=Decimal("0.2"), network="Y"),
        Benefit("G", "IND", ("30",), period="23", amount=deductible * 3, network="Y"),
    )


def _benefit(cast: Cast, code: str) -> Benefit:
    if code == "A":
        return Benefit(code, "IND", ("33",), percent=Decimal("0.4"), network="N")
    if code in {"B", "C", "G", "J", "Y"}:
        return Benefit(code, "IND", ("33",), period="27", amount=cast.money(5, 90), network="N")
    if code == "F":
        return Benefit(code, "IND", ("33",), period="23", quantity_qualifier="VS", quantity=Decimal(20))
    return Benefit(code, "IND", ("33",), messages=("SEE YOUR PLAN BOOKLET",))


def claim_statuses(cast: Cast, claims: int) -> OutgoingSet:
    """Return the body of a claim acknowledgement; in a long one every answer at the door occurs."""
    made = tuple(_status(cast, number) for number in range(1, claims + 1))
    counts: Counter[bool] = Counter()
    money: dict[bool, Decimal] = {True: Decimal(0), False: Decimal(0)}
    for one in made:
        status = one.statuses[0]
        counts[not status.rejected] += 1
        money[not status.rejected] += status.charge or Decimal(0)
    totals = Totals(
        counts[True] or None, money[True] if counts[True] else None, counts[False] or None,
        money[False] if counts[False] else None,
    )  # fmt: skip
    received = Status("A1", "19", "PR", TODAY, "WQ", money[True] + money[False])
    provider = ProviderStatus(
        _provider(cast), statuses=(replace(received, on=None),), totals=totals, claims=made
    )
    return build_277ca(
        StatusReport(
            "R0001", AT, replace(PLAN, entity="PR"), "S0001", TODAY, TODAY, cast.submitter_without_contacts(), "B0001",
            (received,), totals, (provider,),
        )
    )  # fmt: skip


def _status(cast: Cast, number: int) -> ClaimStatus:
    category = DOOR[(number + 1) % len(DOOR)]
    action, code = ("U", "21") if category in TURNED_AWAY else ("WQ", "20")
    return ClaimStatus(
        f"C{number:06d}", cast.person(number, has_home=False),
        (Status(category, code, "PR", TODAY, action, cast.money(40, 900)),),
        payer_claim_number="" if action == "U" else f"P{number:06d}", served=Dates("472", cast.day()),
    )  # fmt: skip


def group_answer(statuses: str, claims: int) -> OutgoingSet:
    """Return the body of a 999 for a group of so many sets, which take these statuses in turn, such as AER."""
    sets = tuple(
        _set_answer(number, statuses[(number - 1) % len(statuses)]) for number in range(1, claims + 1)
    )
    taken = sum(one.taken for one in sets)
    if not taken:
        status = "R"
    elif taken < claims:
        status = "P"
    else:
        status = "E" if any(one.status == "E" for one in sets) else "A"
    return build_999(GroupAck("HC", "42", GUIDES["837P"], status, claims, claims, taken, sets))


def _set_answer(number: int, status: str) -> SetAck:
    whole = SetAck("837", f"{number:04d}", GUIDES["837P"], status)
    if status == "A":
        return whole
    fault = ElementError(2, "6", "FREE", data_element="782")
    return replace(
        whole, error_codes=("5",), errors=(SegmentError("CLM", 20 + number, "2300", "8", (fault,)),)
    )


def interchange_answer() -> InterchangeAck:
    """Return a TA1 that takes an interchange."""
    return InterchangeAck("000000042", AT, "A", "000")


def _provider(cast: Cast) -> Party:
    return Party(cast.office.name, id_qualifier="XX", id=cast.office.id)
