"""The claim as a whole: its number, place, frequency, diagnoses, numbers from the payer, papers (837)."""

import re
from collections.abc import Iterator
from datetime import date

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import Claim
from daysheet.formats.x12.segment import Segment

ALL = "837P 837I 837D"
ICD10 = date(2015, 10, 1)
EXTERNAL = re.compile(r"[V-Y]")
REPORT_TYPES = frozenset(
    "03 04 05 06 07 08 09 10 11 13 15 21 A3 A4 AM AS B2 B3 B4 BR BS BT CB CK CT D2 DA DB DG DJ DS EB HC HR I5 IR LA M1 MT"
    " NN OB OC OD OE OX OZ P4 P5 PE PN PO PQ PY PZ RB RR RT RX SG V5 XP".split()
)


@rule("identity.claim-number-twice", kinds=ALL, at="2300 CLM01", fix="Give each claim a number of its own.")
def claim_number_twice(claim: Claim) -> Iterator[Hit]:
    if claim.clm[1] and claim.clm[1] in claim.above.claim_ids:
        yield Hit(
            claim.clm, 1, "Two claims of the file have the same number: their payments cannot be told apart."
        )


@rule(
    "hierarchy.insured-missing",
    kinds=ALL,
    at="2300 CLM01",
    snip=2,
    fix="Put the claim below its insured (HL 22).",
)
def insured_missing(claim: Claim) -> Iterator[Hit]:
    if claim.above.insured is None:
        yield Hit(claim.clm, 1, "The claim stands under no insured.")


@rule(
    "place.of-service",
    when="new place",
    kinds="837P 837D",
    at="2300 CLM05",
    snip=5,
    fix="Choose a place of service from the list.",
)
def of_service(claim: Claim) -> Iterator[Hit]:
    if claim.clm[5] and not claim.codes.valid("pos", claim.place):
        yield Hit(claim.clm, 5, f"{claim.place or 'Nothing'} is no place of service.")


@rule(
    "place.of-line",
    when="line place",
    kinds="837P 837D",
    at="2400 SV105",
    snip=5,
    fix="Choose a place of service from the list.",
)
def of_line(claim: Claim) -> Iterator[Hit]:
    for line in claim.lines:
        element = {"SV1": 5, "SV3": 3}.get(line.sv.id, 0)
        if element and line.sv[element] and not claim.codes.valid("pos", line.sv[element]):
            yield Hit(line.sv, element, f"{line.sv[element]} is no place of service.", "2400")


@rule(
    "place.of-line-is-that-of-the-claim",
    when="line place",
    kinds="837P 837D",
    at="2400 SV105",
    fix="Leave it out.",
    severity="note",
)
def of_line_is_that_of_the_claim(claim: Claim) -> Iterator[Hit]:
    for line in claim.lines:
        element = {"SV1": 5, "SV3": 3}.get(line.sv.id, 0)
        if element and line.sv[element] and line.sv[element] == claim.place:
            yield Hit(line.sv, element, "The line names the place that the claim names.", "2400")


@rule(
    "place.kind",
    when="new place",
    kinds=ALL,
    at="2300 CLM05",
    snip=2,
    fix="B in professional and dental claims, A in institutional ones.",
)
def kind(claim: Claim) -> Iterator[Hit]:
    wanted = "A" if claim.kind == "837I" else "B"
    if claim.clm[5] and claim.place_kind != wanted:
        yield Hit(claim.clm, 5, f"The kind of place is {claim.place_kind or 'missing'}; here it is {wanted}.")


@rule(
    "place.accident-state",
    when="CLM11",
    kinds="837P 837D",
    at="2300 CLM11",
    fix="Say in which state the car accident was.",
)
def accident_state(claim: Claim) -> Iterator[Hit]:
    causes = [*claim.clm.components(11), "", "", "", ""]
    if "AA" in causes[:3] and not causes[3] and not causes[4]:
        yield Hit(claim.clm, 11, "A car accident names its state.")


@rule(
    "place.accident-state-unknown",
    when="CLM11",
    kinds="837P 837D",
    at="2300 CLM11",
    snip=5,
    fix="Two letters of a state or territory.",
)
def accident_state_unknown(claim: Claim) -> Iterator[Hit]:
    causes = [*claim.clm.components(11), "", "", "", ""]
    if causes[3] and not claim.codes.valid("state", causes[3]):
        yield Hit(claim.clm, 11, f"{causes[3]} is no state.")


@rule("codes.cause", when="CLM11", kinds="837P 837D", at="2300 CLM11", snip=2, fix="AA, EM or OA.")
def cause(claim: Claim) -> Iterator[Hit]:
    told = [one for one in claim.clm.components(11)[:3] if one]
    if any(one not in ("AA", "EM", "OA") for one in told) or len({*told}) < len(told):
        yield Hit(claim.clm, 11, "The cause is not one that a claim knows, or stands twice.")


@rule(
    "place.pick-up-without-drop-off",
    when="2310E|2310F",
    kinds="837P",
    at="2310F NM1",
    fix="Name both ends of the ride.",
)
def pick_up_without_drop_off(claim: Claim) -> Iterator[Hit]:
    ends = {inner.id: inner for inner in claim.loop.loops if inner.id in ("2310E", "2310F")}
    if len(ends) == 1:
        name, inner = next(iter(ends.items()))
        yield Hit(inner.segments[0], 1, "A ride has a beginning and an end; one of them is missing.", name)


@rule(
    "place.ambulance",
    when="place 41|place 42",
    kinds="837P",
    at="2300 CR1",
    fix="Add the ambulance certification (CR1) and both ends of the ride.",
)
def ambulance(claim: Claim) -> Iterator[Hit]:
    if (
        claim.place in ("41", "42")
        and "CR1" not in claim.by_id
        and not any(item.id == "CR1" for line in claim.lines for item in line.loop.segments)
    ):
        yield Hit(claim.clm, 5, "An ambulance claim carries its certification (CR1).")


@rule(
    "authorization.frequency",
    when="new place",
    kinds="837P 837D",
    at="2300 CLM05",
    snip=5,
    fix="1 new, 7 replacement, 8 void.",
)
def frequency(claim: Claim) -> Iterator[Hit]:
    if claim.clm[5] and claim.frequency not in ("1", "7", "8"):
        yield Hit(claim.clm, 5, f"{claim.frequency or 'Nothing'} is no kind of sending that a provider uses.")


@rule(
    "authorization.original-missing",
    when="frequency 7|frequency 8",
    kinds=ALL,
    at="2300 REF F8",
    fix="Enter the payer's number of the claim (REF F8).",
)
def original_missing(claim: Claim) -> Iterator[Hit]:
    if claim.frequency in ("7", "8") and "F8" not in claim.refs:
        yield Hit(claim.clm, 5, "A replacement or void names the claim it is about.")


@rule(
    "authorization.original-of-a-new-claim",
    when="REF F8",
    kinds=ALL,
    at="2300 REF F8",
    fix="Send it as replacement (7) or void (8), or leave the number out.",
)
def original_of_a_new_claim(claim: Claim) -> Iterator[Hit]:
    if claim.frequency == "1" and "F8" in claim.refs:
        yield Hit(claim.refs["F8"], 2, "A new claim names no earlier one.")


@rule(
    "authorization.on-line-too",
    when="REF G1",
    kinds="837P",
    at="2400 REF G1",
    fix="Leave it out of the line.",
    severity="warning",
)
def on_line_too(claim: Claim) -> Iterator[Hit]:
    own = claim.refs.get("G1")
    for line in claim.lines:
        item = line.refs.get("G1")
        if item is not None and own is not None and item[2] == own[2]:
            yield Hit(item, 2, "The line repeats the prior authorization of the claim.", "2400")


@rule(
    "authorization.is-referral",
    when="REF G1",
    kinds="837P",
    at="2300 REF G1",
    fix="Look which of the two it is.",
    severity="warning",
)
def is_referral(claim: Claim) -> Iterator[Hit]:
    if "G1" in claim.refs and "9F" in claim.refs and claim.refs["G1"][2] == claim.refs["9F"][2]:
        yield Hit(claim.refs["G1"], 2, "Prior authorization and referral have the same number.")


@rule(
    "authorization.referral-without-provider",
    when="REF 9F",
    kinds="837P",
    at="2300 REF 9F",
    fix="Name the referring provider (2310A).",
    severity="warning",
)
def referral_without_provider(claim: Claim) -> Iterator[Hit]:
    if "9F" in claim.refs and not any(inner.id == "2310A" for inner in claim.loop.loops):
        yield Hit(claim.refs["9F"], 2, "A referral is named, and not who referred.")


@rule(
    "authorization.laboratory",
    when="REF X4|REF F4",
    kinds="837P",
    at="2300 REF X4",
    snip=5,
    fix="Two digits, a D, seven digits.",
)
def laboratory(claim: Claim) -> Iterator[Hit]:
    found = [("2300", claim.refs), *(("2400", line.refs) for line in claim.lines)]
    for loop, refs in found:
        for name in ("X4", "F4"):
            if name in refs and not claim.codes.valid("clia", refs[name][2]):
                yield Hit(refs[name], 2, "This is not a CLIA number.", loop)


@rule(
    "authorization.release",
    kinds=ALL,
    at="2300 CLM09",
    fix="Get the patient's release, or say that state law asks for none (I).",
    severity="note",
)
def release(claim: Claim) -> Iterator[Hit]:
    if claim.clm[9] == "I" and claim.clm[8] == "Y":
        yield Hit(claim.clm, 9, "The release rests on law alone.")


@rule(
    "attachments.number-missing",
    when="PWK",
    kinds=ALL,
    at="2300 PWK06",
    fix="Enter the number that stands on the paper.",
)
def number_missing(claim: Claim) -> Iterator[Hit]:
    for loop, item in _papers(claim):
        if item[2] not in ("", "AA") and not item[6]:
            yield Hit(item, 6, "A paper that follows has a number, by which it is found.", loop)


@rule(
    "attachments.number-of-a-paper-here",
    when="PWK",
    kinds=ALL,
    at="2300 PWK06",
    fix="Leave the number out.",
    severity="warning",
)
def number_of_a_paper_here(claim: Claim) -> Iterator[Hit]:
    for loop, item in _papers(claim):
        if item[2] == "AA" and item[6]:
            yield Hit(item, 6, "A paper that stays in the office is not looked for by a number.", loop)


@rule(
    "attachments.number-twice",
    when="PWK",
    kinds=ALL,
    at="2300 PWK06",
    fix="Give each paper a number of its own.",
)
def number_twice(claim: Claim) -> Iterator[Hit]:
    met: set[str] = set()
    for loop, item in _papers(claim):
        if item[6] and item[6] in met:
            yield Hit(item, 6, "Two papers have the same number.", loop)
        met.add(item[6])


@rule("attachments.half-number", when="PWK", kinds=ALL, at="2300 PWK05", snip=2, fix="AC, then the number.")
def half_number(claim: Claim) -> Iterator[Hit]:
    for loop, item in _papers(claim):
        if item[6] and not item[5]:
            yield Hit(item, 5, "The kind of the number is missing.", loop)


@rule(
    "attachments.kind", when="PWK", kinds=ALL, at="2300 PWK01", snip=5, fix="Choose what kind of paper it is."
)
def paper_kind(claim: Claim) -> Iterator[Hit]:
    for loop, item in _papers(claim):
        if len(item[1]) == 2 and item[1] not in REPORT_TYPES:
            yield Hit(item, 1, "This kind of paper is not known.", loop)


def _papers(claim: Claim) -> Iterator[tuple[str, Segment]]:
    for item in claim.by_id.get("PWK", ()):
        yield "2300", item
    for line in claim.lines:
        for item in line.loop.segments:
            if item.id == "PWK":
                yield "2400", item


@rule("codes.diagnosis-missing", kinds="837P 837I", at="2300 HI", snip=4, fix="Enter the diagnoses.")
def diagnosis_missing(claim: Claim) -> Iterator[Hit]:
    if not claim.diagnoses:
        yield Hit(claim.clm, 0, "The claim names no diagnosis (HI).")


@rule(
    "codes.first-diagnosis",
    when="new diagnosis",
    kinds="837P 837I",
    at="2300 HI01",
    snip=2,
    fix="The first is ABK, those behind it ABF.",
)
def first_diagnosis(claim: Claim) -> Iterator[Hit]:
    for number, (qualifier, _, item, element) in enumerate(claim.diagnoses):
        if number == 0 and qualifier not in ("ABK", "BK"):
            yield Hit(item, element, "The first diagnosis is not marked as the first.")
            return
        elif number and qualifier in ("ABK", "BK"):
            yield Hit(item, element, "Two diagnoses are marked as the first.")


@rule("codes.two-editions", when="new diagnosis", kinds=ALL, at="2300 HI", fix="Use ICD-10 alone.")
def two_editions(claim: Claim) -> Iterator[Hit]:
    told = [(one, item, element) for one, _, item, element in claim.diagnoses]
    if {one[0] == "A" for one, _, _ in told} == {True, False}:
        first = told[0][0][0] == "A"
        _one, item, element = next(entry for entry in told if (entry[0][0] == "A") != first)
        yield Hit(item, element, "Diagnoses of two editions stand on one claim.")


@rule("codes.edition", when="new diagnosis", kinds=ALL, at="2300 HI", snip=5, fix="Use ICD-10 (ABK, ABF).")
def edition(claim: Claim) -> Iterator[Hit]:
    if claim.served_on and claim.served_on >= ICD10 and claim.diagnoses and claim.diagnoses[0][0] == "BK":
        _, _, item, element = claim.diagnoses[0]
        yield Hit(item, element, "Since October 2015 diagnoses are ICD-10.")


@rule("codes.diagnosis-dot", when="new diagnosis", kinds=ALL, at="2300 HI", snip=2, fix="Leave the dot out.")
def diagnosis_dot(claim: Claim) -> Iterator[Hit]:
    for _, code, item, element in claim.diagnoses:
        if "." in code:
            yield Hit(item, element, "A diagnosis is sent without its dot.")


@rule(
    "codes.diagnosis",
    when="new diagnosis",
    kinds=ALL,
    at="2300 HI",
    snip=5,
    fix="Look the code up by the day of service.",
)
def diagnosis(claim: Claim) -> Iterator[Hit]:
    for qualifier, code, item, element in claim.diagnoses:
        if (
            qualifier[0] == "A"
            and "." not in code
            and not claim.codes.valid("icd10cm", code, claim.served_on)
        ):
            yield Hit(item, element, f"{code or 'Nothing'} is not a diagnosis of that day.")


@rule("codes.diagnosis-twice", when="new diagnosis", kinds=ALL, at="2300 HI", fix="Say each diagnosis once.")
def diagnosis_twice(claim: Claim) -> Iterator[Hit]:
    met: set[str] = set()
    for qualifier, code, item, element in claim.diagnoses:
        if qualifier in ("ABK", "ABF", "BK", "BF"):
            if code in met:
                yield Hit(item, element, "A diagnosis stands twice on the claim.")
            met.add(code)


@rule(
    "codes.cause-as-first-diagnosis",
    when="new diagnosis",
    kinds="837P 837I",
    at="2300 HI01",
    snip=6,
    fix="Put what was treated first.",
)
def cause_as_first_diagnosis(claim: Claim) -> Iterator[Hit]:
    if claim.diagnoses and claim.diagnoses[0][0] == "ABK" and EXTERNAL.match(claim.diagnoses[0][1]):
        _, _, item, element = claim.diagnoses[0]
        yield Hit(item, element, "What caused an injury is never the first diagnosis.")


@rule(
    "codes.diagnosis-kind",
    when="new diagnosis",
    kinds="837P 837D",
    at="2300 HI",
    snip=2,
    fix="ABK or ABF; BP and BG for anaesthesia and condition.",
)
def diagnosis_kind(claim: Claim) -> Iterator[Hit]:
    for item in claim.by_id.get("HI", ()):
        for element in range(1, len(item)):
            if item[element] and item.component(element, 1) not in (
                "ABK",
                "ABF",
                "BK",
                "BF",
                "BP",
                "BO",
                "BG",
                "TQ",
            ):
                yield Hit(item, element, "This kind of code has no place in the claim.")
