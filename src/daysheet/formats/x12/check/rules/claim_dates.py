"""Days of a claim: none in the future, none the wrong way round, none before birth (837)."""

from collections.abc import Iterator
from datetime import date, timedelta

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import Claim, span
from daysheet.formats.x12.guides.reading import to_day
from daysheet.formats.x12.segment import Segment

from .claim_people import born_on

ALL = "837P 837I 837D"
OLDEST = 130
LATE = timedelta(days=366)
CAUSES = {"AA", "EM", "OA"}
NEVER = (None, None)


@rule("dates.service-in-future", kinds=ALL, at="2400 DTP03", fix="Correct the day of the service.")
def service_in_future(claim: Claim) -> Iterator[Hit]:
    sent = claim.above.sent_on
    for line in claim.lines:
        _, last = line.served
        if sent and last and last > sent:
            yield Hit(line.dtp["472"], 3, "The service lies after the day on which the claim was sent.")


@rule("dates.wrong-way-round", when="RD8", kinds=ALL, at="2400 DTP03", fix="Put the first day first.")
def wrong_way_round(claim: Claim) -> Iterator[Hit]:
    for loop, dtp in [("2300", claim.dtp), *(("2400", line.dtp) for line in claim.lines)]:
        for item in dtp.values():
            first, last = span(item) if item[2] == "RD8" else NEVER
            if first and last and last < first:
                yield Hit(item, 3, "The span ends before it begins.", loop)


@rule(
    "dates.before-birth", kinds=ALL, at="2400 DTP03", fix="Correct the birth date or the day of the service."
)
def before_birth(claim: Claim) -> Iterator[Hit]:
    _, born = born_on(claim)
    if born and claim.above.sent_on and born > claim.above.sent_on:  # the birth date itself is wrong
        return
    for line in claim.lines:
        first, _ = line.served
        if born and first and first < born:
            yield Hit(line.dtp["472"], 3, "The service lies before the patient's birth.")


@rule("dates.birth-in-future", when="new birth", kinds=ALL, at="2010BA DMG02", fix="Correct the birth date.")
def birth_in_future(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_births:
        day = to_day(item[2])
        if day and claim.above.sent_on and day > claim.above.sent_on:
            yield Hit(item, 2, "The birth date lies in the future.", loop)


@rule(
    "dates.birth-long-ago",
    when="new birth",
    kinds=ALL,
    at="2010BA DMG02",
    fix="Correct the birth date.",
    severity="warning",
)
def birth_long_ago(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_births:
        day = to_day(item[2])
        if day and claim.above.sent_on and claim.above.sent_on.year - day.year > OLDEST:
            yield Hit(item, 2, "This person would be the oldest alive.", loop)


@rule(
    "dates.accident-missing",
    when="CLM11",
    kinds="837P 837D",
    at="2300 DTP 439",
    fix="Say on which day the accident was.",
)
def accident_missing(claim: Claim) -> Iterator[Hit]:
    causes = CAUSES & {*claim.clm.components(11)[:3]}
    if causes & {"AA", "OA"} and "439" not in claim.dtp:
        yield Hit(claim.clm, 11, "An accident was the cause, and its day is not told.")


@rule(
    "dates.accident-without-cause",
    when="DTP 439",
    kinds="837P 837D",
    at="2300 DTP 439",
    fix="Name the cause in CLM11, or leave the day out.",
)
def accident_without_cause(claim: Claim) -> Iterator[Hit]:
    if "439" in claim.dtp and not CAUSES & {*claim.clm.components(11)[:3]}:
        yield Hit(claim.dtp["439"], 3, "The day of an accident is told, and no accident is the cause.")


def _after_service(claim: Claim, qualifier: str, words: str) -> Iterator[Hit]:
    day, _ = span(claim.dtp.get(qualifier))
    if day and claim.served_on and day > claim.served_on and _last_service(claim, day):
        yield Hit(claim.dtp[qualifier], 3, f"{words} lies after the service.")


def _last_service(claim: Claim, day: date) -> bool:
    lasts = [last for line in claim.lines if (last := line.served[1])]
    return all(last < day for last in lasts)


@rule(
    "dates.accident-after-service",
    when="DTP 439",
    kinds="837P 837D",
    at="2300 DTP 439",
    fix="Correct the day of the accident.",
)
def accident_after_service(claim: Claim) -> Iterator[Hit]:
    yield from _after_service(claim, "439", "The accident")


@rule(
    "dates.onset-after-service",
    when="DTP 431",
    kinds="837P",
    at="2300 DTP 431",
    fix="Correct the day on which the illness began.",
)
def onset_after_service(claim: Claim) -> Iterator[Hit]:
    yield from _after_service(claim, "431", "The beginning of the illness")


@rule(
    "dates.last-seen-after-service",
    when="DTP 304",
    kinds="837P",
    at="2300 DTP 304",
    fix="Correct the day on which the patient was last seen.",
)
def last_seen_after_service(claim: Claim) -> Iterator[Hit]:
    yield from _after_service(claim, "304", "The last visit")


@rule(
    "dates.x-ray-after-service",
    when="DTP 455",
    kinds="837P",
    at="2300 DTP 455",
    fix="Correct the day of the X-ray.",
)
def x_ray_after_service(claim: Claim) -> Iterator[Hit]:
    yield from _after_service(claim, "455", "The X-ray")


@rule(
    "dates.first-treatment-after-service",
    when="DTP 454",
    kinds="837P",
    at="2300 DTP 454",
    fix="Correct the day of the first treatment.",
)
def first_treatment_after_service(claim: Claim) -> Iterator[Hit]:
    yield from _after_service(claim, "454", "The first treatment")


@rule(
    "dates.admission-missing",
    when="place 21|place 51",
    kinds="837P",
    at="2300 DTP 435",
    fix="Say on which day the patient was admitted.",
)
def admission_missing(claim: Claim) -> Iterator[Hit]:
    if claim.place in ("21", "51") and "435" not in claim.dtp:
        yield Hit(claim.clm, 5, "The patient lies in a hospital, and the day of admission is not told.")


@rule(
    "dates.discharge-before-admission",
    when="DTP 096",
    kinds="837P 837I",
    at="2300 DTP 096",
    fix="Correct one of the two days.",
)
def discharge_before_admission(claim: Claim) -> Iterator[Hit]:
    admitted, _ = span(claim.dtp.get("435"))
    left, _ = span(claim.dtp.get("096"))
    if admitted and left and left < admitted:
        yield Hit(claim.dtp["096"], 3, "The patient left before the admission.")


@rule(
    "dates.service-before-admission",
    when="DTP 435",
    kinds="837P",
    at="2300 DTP 435",
    fix="Correct one of the two days.",
    severity="warning",
)
def service_before_admission(claim: Claim) -> Iterator[Hit]:
    admitted, _ = span(claim.dtp.get("435"))
    for line in claim.lines if admitted and claim.place in ("21", "51") else ():
        _, last = line.served
        if last and admitted and last < admitted:
            yield Hit(line.dtp["472"], 3, "The service lies before the admission.")


@rule("dates.service-after-death", kinds=ALL, at="2000B PAT06", fix="Correct one of the two days.")
def service_after_death(claim: Claim) -> Iterator[Hit]:
    top = claim.above.patient or claim.above.insured
    item = top.first("PAT") if top else None
    died = to_day(item[6]) if item is not None else None
    for line in claim.lines if died else ():
        first, _ = line.served
        if first and died and first > died:
            yield Hit(line.dtp["472"], 3, "The service lies after the patient's death.")


@rule(
    "dates.paid-in-future",
    when="2320",
    kinds=ALL,
    at="2430 DTP03",
    fix="Correct the day on which the other plan paid.",
)
def paid_in_future(claim: Claim) -> Iterator[Hit]:
    sent = claim.above.sent_on
    for loop, item in _payments(claim):
        day, _ = span(item)
        if sent and day and day > sent:
            yield Hit(item, 3, "The other plan paid after the day on which the claim was sent.", loop)


@rule(
    "dates.paid-before-service",
    when="2320",
    kinds=ALL,
    at="2430 DTP03",
    fix="Correct the day on which the other plan paid.",
)
def paid_before_service(claim: Claim) -> Iterator[Hit]:
    for loop, item in _payments(claim):
        day, _ = span(item)
        if day and claim.served_on and day < claim.served_on:
            yield Hit(item, 3, "The other plan paid before the service.", loop)


def _payments(claim: Claim) -> Iterator[tuple[str, Segment]]:
    for other in claim.others:
        if other.paid_on is not None:
            yield "2330B", other.paid_on
    for line in claim.lines:
        for inner in line.loop.loops:
            if inner.id == "2430" and (item := inner.first("DTP")) is not None:
                yield "2430", item


@rule(
    "dates.late",
    kinds=ALL,
    at="2300 CLM20",
    fix="Say why it comes late (CLM20), or look at the plan's filing limit.",
    severity="warning",
)
def late(claim: Claim) -> Iterator[Hit]:
    if (
        claim.above.sent_on
        and claim.served_on
        and claim.above.sent_on - claim.served_on > LATE
        and not claim.clm[20]
    ):
        yield Hit(claim.clm, 20, "The service is more than a year old, and no reason is told.")
