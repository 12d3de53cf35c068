"""A claim as its paper form: each box by its number with our own words, and the lines below.

Box numbers are those of the forms that payers and offices talk about: CMS-1500 (02/12) for an office, UB-04 for a
hospital, the 2019 form of dentists. The forms' own texts are not here.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from .guides.claim import Claim
from .guides.dental import DentalClaim
from .guides.institutional import Diagnosis, InstitutionalClaim
from .guides.parts import Party, Procedure
from .guides.professional import ProfessionalClaim
from .labels import label
from .sheet import Sheet, money, name_of, place_of, shown

Box = tuple[str, str, str]
LETTERS = "ABCDEFGHIJKL"
YES = {"Y": "yes", "N": "no", "A": "yes", "C": "no", "B": "laboratory services only"}


def claim_form(claim: Claim, *, is_hidden: bool = False) -> Iterator[Sheet]:
    """Return a claim as two tables: the boxes that say something, and the lines. Nothing names a person when hidden."""
    if isinstance(claim, InstitutionalClaim):
        boxes, lines = _hospital(claim, is_hidden), _hospital_lines(claim)
    elif isinstance(claim, DentalClaim):
        boxes, lines = _dentist(claim, is_hidden), _dental_lines(claim)
    elif isinstance(claim, ProfessionalClaim):
        boxes, lines = _office(claim, is_hidden), _office_lines(claim, is_hidden)
    else:
        return
    title = f"Claim {shown(claim.claim_id, is_hidden)} of {name_of(claim.patient_party, is_hidden)}"
    yield Sheet(title, ("Box", "What", "Says"), tuple(box for box in boxes if box[2]))
    yield lines


def _office(claim: ProfessionalClaim, is_hidden: bool) -> Iterator[Box]:
    insured, patient = claim.subscriber, claim.patient_party
    yield "", "to", f"{shown(claim.payer.name, is_hidden)} {shown(claim.payer.id, is_hidden)}".strip()
    yield "1", "kind of plan", label("filing_code", insured.filing_code) or insured.filing_code
    yield "1a", "member number", shown(insured.party.id, is_hidden)
    yield "2", "patient", name_of(patient, is_hidden)
    yield "3", "born, sex", _born(patient, is_hidden)
    yield "4", "insured", name_of(insured.party, is_hidden)
    yield "5", "patient's address", place_of(patient.address, is_hidden)
    yield "6", "relationship", _relationship(claim)
    yield from _others(claim, "9", is_hidden)
    yield "10", "caused by", _causes(claim.related_causes, claim.accident_state)
    yield "11", "group", shown(insured.group_number, is_hidden)
    yield "13", "pay the office", YES.get(claim.benefits_assigned, claim.benefits_assigned)
    for one in claim.dates:
        day = _days(one.starts_on, one.ends_on) or one.raw
        yield _OFFICE_DATES.get(one.qualifier, "19"), label("date", one.qualifier) or one.qualifier, day
    yield "17", "referred by", _provider(claim.referring, is_hidden)
    yield "19", "remarks", "; ".join(shown(note.text, is_hidden) for note in claim.notes)
    yield "21", "diagnoses", _lettered(claim.diagnoses)
    yield "22", "replaces or voids", _instead(claim, is_hidden)
    yield "23", "authorization", shown(claim.prior_authorization or claim.referral or claim.clia, is_hidden)
    yield from _foot(claim, is_hidden, "25", "26")
    yield "27", "accepts assignment", YES.get(claim.assignment, claim.assignment)
    yield "28", "total", money(claim.charge)
    yield "29", "paid by the patient", money(claim.patient_paid)
    yield "31", "treated by", _provider(claim.rendering, is_hidden)
    yield "32", "at", _provider(claim.facility, is_hidden)
    yield "33", "billed by", _provider(claim.billing, is_hidden)


_OFFICE_DATES = {
    "431": "14",
    "484": "14",
    "454": "15",
    "439": "15",
    "096": "18",
    "435": "18",
    "360": "16",
    "361": "16",
}


def _office_lines(claim: ProfessionalClaim, is_hidden: bool) -> Sheet:
    rows = [
        (
            str(line.number),
            _days(line.served_on, line.served_to),
            line.place or claim.place,
            _code(line.procedure),
            "".join(LETTERS[pointer - 1] for pointer in line.pointers if pointer <= len(LETTERS)),
            money(line.charge),
            f"{line.units:f} {line.unit}",
            shown((line.rendering or claim.rendering or claim.billing).id, is_hidden),
        )
        for line in claim.lines
    ]
    columns = ("Line", "24A day", "24B place", "24D code", "24E for", "24F charge", "24G units", "24J by")
    return Sheet("Lines", columns, tuple(rows))


def _hospital(claim: InstitutionalClaim, is_hidden: bool) -> Iterator[Box]:
    insured, patient = claim.subscriber, claim.patient_party
    yield "1", "billed by", _provider(claim.billing, is_hidden)
    yield "3a", "our number", shown(claim.claim_id, is_hidden)
    yield "4", "type of bill", f"{claim.bill_type}{claim.frequency}"
    yield "5", "tax number", _tax(claim.billing, is_hidden)
    yield "6", "from, to", _days(claim.statement_from, claim.statement_to)
    yield "8", "patient", name_of(patient, is_hidden)
    yield "9", "patient's address", place_of(patient.address, is_hidden)
    yield "10", "born, sex", _born(patient, is_hidden)
    came = _days(claim.admitted_on, None)
    yield "12", "came", f"{came} {claim.admission_hour}".strip()
    yield "14", "type, source", "/".join(one for one in (claim.admission_type, claim.admission_source) if one)
    yield "16", "left at", claim.discharge_hour
    yield "17", "status", claim.patient_status
    yield "18", "conditions", ", ".join(claim.conditions)
    yield (
        "31",
        "occurrences",
        ", ".join(f"{one.code} {_days(one.starts_on, None)}" for one in claim.occurrences),
    )
    yield "35", "spans", ", ".join(f"{one.code} {_days(one.starts_on, one.ends_on)}" for one in claim.spans)
    yield "39", "values", ", ".join(f"{one.code} {one.value:f}" for one in claim.values)
    yield "50", "to", f"{shown(claim.payer.name, is_hidden)} {shown(claim.payer.id, is_hidden)}".strip()
    yield from _others(claim, "50B", is_hidden)
    yield "58", "insured", name_of(insured.party, is_hidden)
    yield "59", "relationship", _relationship(claim)
    yield "60", "member number", shown(insured.party.id, is_hidden)
    yield "62", "group", shown(insured.group_number, is_hidden)
    yield "63", "authorization", shown(claim.prior_authorization or claim.referral, is_hidden)
    yield "64", "replaces or voids", _instead(claim, is_hidden)
    yield "67", "principal diagnosis", _present(claim.principal) if claim.principal else ""
    yield "67A", "other diagnoses", ", ".join(_present(one) for one in claim.diagnoses)
    yield "69", "admitting diagnosis", claim.admitting
    yield "70", "reason for the visit", ", ".join(claim.reasons)
    yield "71", "group of diagnoses", claim.drg
    yield "72", "cause of injury", ", ".join(_present(one) for one in claim.causes)
    yield (
        "74",
        "procedures",
        ", ".join(f"{one.code} {_days(one.done_on, None)}".strip() for one in claim.procedures),
    )
    yield "76", "attending", _provider(claim.attending, is_hidden)
    yield "77", "operating", _provider(claim.operating, is_hidden)
    yield "78", "other", _provider(claim.other_operating or claim.rendering or claim.referring, is_hidden)
    yield "80", "remarks", "; ".join(shown(note.text, is_hidden) for note in claim.notes)


def _hospital_lines(claim: InstitutionalClaim) -> Sheet:
    rows = [
        (
            str(line.number),
            line.revenue_code,
            _code(line.procedure) if line.procedure else "",
            _days(line.served_on, line.served_to),
            f"{line.units:f} {line.unit}",
            money(line.charge),
            money(line.non_covered),
        )
        for line in claim.lines
    ]
    total = ("total", "", "", "", "", money(claim.charge), "")
    columns = ("Line", "42 revenue", "44 code", "45 day", "46 units", "47 charge", "48 not covered")
    return Sheet("Lines", columns, (*rows, total))


def _dentist(claim: DentalClaim, is_hidden: bool) -> Iterator[Box]:
    insured, patient = claim.subscriber, claim.patient_party
    yield "1", "asks or bills", "asks what would be paid" if claim.is_predetermination else "bills"
    yield "2", "asked before under", shown(claim.predetermination or claim.prior_authorization, is_hidden)
    yield "3", "to", f"{shown(claim.payer.name, is_hidden)} {shown(claim.payer.id, is_hidden)}".strip()
    yield from _others(claim, "4", is_hidden)
    yield "12", "insured", name_of(insured.party, is_hidden)
    yield "15", "member number", shown(insured.party.id, is_hidden)
    yield "16", "group", shown(insured.group_number, is_hidden)
    yield "18", "relationship", _relationship(claim)
    yield "20", "patient", f"{name_of(patient, is_hidden)} {place_of(patient.address, is_hidden)}".strip()
    yield "21", "born, sex", _born(patient, is_hidden)
    yield "23", "our number", shown(claim.claim_id, is_hidden)
    yield "32", "total", money(claim.charge)
    yield (
        "33",
        "teeth missing or to be drawn",
        ", ".join(
            f"{one.number}{'' if one.status == 'M' else ' (to be drawn)'}" for one in claim.tooth_status
        ),
    )
    yield "34a", "diagnoses", _lettered(claim.diagnoses)
    yield "35", "remarks", "; ".join(shown(note.text, is_hidden) for note in claim.notes)
    yield "38", "place", label("pos", claim.place) or claim.place
    if braces := claim.orthodontics:
        months = [
            f"{one:f} months{more}"
            for one, more in ((braces.months, ""), (braces.months_left, " left"))
            if one
        ]
        yield "40", "orthodontics", ", ".join(months) or "yes"
    yield "45", "caused by", _causes(claim.related_causes, claim.accident_state)
    yield "48", "billed by", _provider(claim.billing, is_hidden)
    yield "51", "tax number", _tax(claim.billing, is_hidden)
    yield "53", "treated by", _provider(claim.rendering, is_hidden)
    yield "56", "at", _provider(claim.facility, is_hidden)


def _dental_lines(claim: DentalClaim) -> Sheet:
    rows = [
        (
            str(line.number),
            _days(line.served_on or claim.served_on, line.served_to or claim.served_to),
            ", ".join(line.areas),
            ", ".join(tooth.number for tooth in line.teeth),
            ", ".join("".join(tooth.surfaces) for tooth in line.teeth if tooth.surfaces),
            _code(line.procedure),
            f"{line.units:f}",
            money(line.charge),
        )
        for line in claim.lines
    ]
    columns = ("Line", "24 day", "25 area", "27 tooth", "28 surface", "29 code", "29b times", "31 fee")
    return Sheet("Lines", columns, tuple(rows))


def _others(claim: Claim, box: str, is_hidden: bool) -> Iterator[Box]:
    for other in claim.other_payers:
        paid = f", paid {money(other.paid)}" if other.paid is not None else ""
        left = f", left {money(other.remaining)}" if other.remaining is not None else ""
        yield box, "other plan", f"{shown(other.payer.name, is_hidden)}{paid}{left}"


def _foot(claim: Claim, is_hidden: bool, tax: str, number: str) -> Iterator[Box]:
    yield tax, "tax number", _tax(claim.billing, is_hidden)
    yield number, "our number", shown(claim.claim_id, is_hidden)


def _instead(claim: Claim, is_hidden: bool) -> str:
    if not claim.original_claim and claim.frequency in ("1", ""):
        return ""
    kind = label("frequency", claim.frequency) or claim.frequency
    return f"{kind}: {shown(claim.original_claim, is_hidden)}".rstrip(": ")


def _relationship(claim: Claim) -> str:
    code = claim.patient_relationship or claim.subscriber.relationship
    return label("relationship", code) or code


def _born(party: Party, is_hidden: bool) -> str:
    day = shown(party.born_on.isoformat(), is_hidden) if party.born_on else ""
    return " ".join(part for part in (day, party.gender) if part)


def _provider(party: Party | None, is_hidden: bool) -> str:
    if party is None:
        return ""
    parts = (name_of(party, is_hidden), shown(party.id, is_hidden), place_of(party.address, is_hidden))
    return ", ".join(part for part in parts if part)


def _tax(party: Party, is_hidden: bool) -> str:
    return shown(party.reference("EI") or party.reference("SY"), is_hidden)


def _causes(causes: Sequence[str], state: str) -> str:
    words = [_CAUSES.get(one, one) for one in causes]
    return ", ".join([*words, *([state] if state else [])])


_CAUSES = {"AA": "car accident", "EM": "work", "OA": "other accident"}


def _lettered(codes: Sequence[str]) -> str:
    return ", ".join(f"{letter} {code}" for letter, code in zip(LETTERS, codes, strict=False))


def _present(item: Diagnosis) -> str:
    return f"{item.code} ({item.present})" if item.present else item.code


def _code(item: Procedure) -> str:
    return " ".join((item.code, *item.modifiers))


def _days(first: date | None, last: date | None) -> str:
    if first is None:
        return ""
    return (
        first.isoformat() if last is None or last == first else f"{first.isoformat()} to {last.isoformat()}"
    )
