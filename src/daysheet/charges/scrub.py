"""The rules that a claim must pass before it leaves: each with its source, a sentence, and where it is mended."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from daysheet.charges.authorization_rules import AUTHORIZATION_RULES, OfAuthorization
from daysheet.charges.case_rules import CASE_RULES, OfCase
from daysheet.charges.claim_facts import ClaimFacts
from daysheet.charges.dental_rules import DENTAL_RULES, OfFacts, is_of_no_kind_here
from daysheet.charges.facility_rules import FACILITY_RULES
from daysheet.charges.frequency_rules import FREQUENCY_RULES, NOT_ASKED_OF_A_VOID, VOID
from daysheet.charges.place_rules import PLACE_RULES, OfPlace
from daysheet.charges.rules.kinds import DENTAL, INSTITUTIONAL, KINDS, PROFESSIONAL
from daysheet.charges.rules.mouth import Mouth
from daysheet.formats.x12 import names
from daysheet.formats.x12.numbers import is_npi
from daysheet.kernel.money import ZERO


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: which rule, by which source, in a sentence, and where it is mended."""

    rule: str
    source: str
    sentence: str
    field: str
    link_name: str
    severity: str = "error"
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the body of a rule gives back."""

    sentence: str
    field: str
    line: int | None = None


Check = Callable[[ClaimFacts], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class ScrubRule:
    """A rule: its id, where it stands written, how grave it is, the page that mends what it finds."""

    id: str
    source: str
    severity: str
    link_name: str
    check: Check
    kinds: tuple[str, ...] = KINDS
    """The kinds of claim that it looks at."""


RULES: list[ScrubRule] = []
OFFICE, PATIENT, COVERAGE, SLIP = (
    "practice:office",
    "patients:patient-edit",
    "coverage:coverage-edit",
    "charges:slip",
)
SETTINGS = "practice:settings"
AUTHORIZATIONS, CASES = "coverage:authorizations", "coverage:cases"
ENROLMENTS = "coverage:enrolments"
PAYERS, CLAIM = "coverage:payers", "claims:claim-correct"
_GUIDES: dict[str, tuple[tuple[str, str], ...]] = {
    DENTAL: (("837P", "837D"), ("SV101", "SV301"), ("SV102", "SV302"), ("SV104", "SV306")),
    INSTITUTIONAL: (
        ("837P", "837I"),
        ("2310B", "2310A"),
        ("SV101", "SV202"),
        ("SV102", "SV203"),
        ("SV104", "SV205"),
    ),
}
"""Where a rule of all guides stands in that of the dentists, and in that of facilities."""


def rule(
    id: str,  # noqa: A002
    source: str,
    link_name: str,
    severity: str = "error",
    kinds: tuple[str, ...] = KINDS,
) -> Callable[[Check], Check]:
    """Add a rule to the list, in the order of the claim."""

    def build(check: Check) -> Check:
        RULES.append(ScrubRule(id, source, severity, link_name, check, kinds))
        return check

    return build


def scrub(facts: ClaimFacts) -> list[Finding]:
    """Return all that is wrong with a claim, in the order in which the claim is read."""
    return [
        Finding(
            item.id,
            _source(item.source, facts.claim_kind),
            found.sentence,
            found.field,
            item.link_name,
            item.severity,
            found.line,
        )
        for item in RULES
        if facts.claim_kind in item.kinds and not (facts.frequency == VOID and item.id in NOT_ASKED_OF_A_VOID)
        for found in item.check(facts)
    ]


def stops(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that keep a claim from leaving."""
    return [finding for finding in findings if finding.severity == "error"]


def _of_facts(told: OfFacts) -> Check:
    return lambda facts: (Found(*one) for one in told(facts))


# --- The office -------------------------------------------------------------------------------------


rule("claim-kind", "office: care settings", SETTINGS)(_of_facts(is_of_no_kind_here))


@rule("office-npi", "TR3 837P 2010AA NM109", OFFICE)
def _office_npi(facts: ClaimFacts) -> Iterator[Found]:
    if not is_npi(facts.office_npi):
        yield Found("The office's NPI is missing or fails its check digit.", "npi")


@rule("office-tax-id", "TR3 837P 2010AA REF02", OFFICE)
def _office_tax_id(facts: ClaimFacts) -> Iterator[Found]:
    if len(_digits(facts.office_tax_id)) != 9:
        yield Found("The office's tax number needs nine digits.", "tax_id")


@rule("office-address", "TR3 837P 2010AA N3, N4", OFFICE)
def _office_address(facts: ClaimFacts) -> Iterator[Found]:
    place = facts.office_place
    if not (
        _is_written(facts.office_name)
        and _is_written(place.street)
        and _is_written(place.city)
        and place.state
    ):
        yield Found("The office's name or street address is not complete.", "street")
    elif re.search(r"\bp\.?\s*o\.?\s*box\b", place.street, re.IGNORECASE):
        yield Found("The billing address is a post-office box; a claim needs the street.", "street")


@rule("office-zip", "TR3 837P 2010AA N403", OFFICE)
def _office_zip(facts: ClaimFacts) -> Iterator[Found]:
    if len(_digits(facts.office_place.zip)) != 9:
        yield Found("The office's ZIP code needs all nine digits on a claim.", "zip")


@rule("office-phone", "TR3 837P 1000A PER04", OFFICE)
def _office_phone(facts: ClaimFacts) -> Iterator[Found]:
    if len(_digits(facts.office_phone)) < 10:
        yield Found("The office has no phone number for the payer to call.", "phone")


@rule("provider-npi", "TR3 837P 2310B NM109", OFFICE)
def _provider_npi(facts: ClaimFacts) -> Iterator[Found]:
    if not is_npi(facts.provider_npi):
        yield Found(f"The NPI of {facts.provider_name} is missing or fails its check digit.", "provider_npi")


@rule("provider-own-npi", "TR3 837P 2310B", OFFICE, "warning", kinds=(PROFESSIONAL, DENTAL))
def _provider_own_npi(facts: ClaimFacts) -> Iterator[Found]:
    if facts.providers > 1 and facts.provider_npi and facts.provider_npi == facts.office_npi:
        yield Found(f"The group's number stands where {facts.provider_name}'s own should.", "provider_npi")


@rule("office-name-length", "005010 NM103", OFFICE)
def _office_name_length(facts: ClaimFacts) -> Iterator[Found]:
    if (length := names.wire_length(facts.office_name)) > names.LONGEST_NAME:
        yield Found(
            f"The office's name has {length} letters: a claim carries {names.LONGEST_NAME}.", "legal_name"
        )


# --- The patient ------------------------------------------------------------------------------------


@rule("patient-name", "TR3 837P 2010BA NM103, NM104", PATIENT)
def _patient_name(facts: ClaimFacts) -> Iterator[Found]:
    if not _is_written(facts.patient_family):
        yield Found("The patient's family name has no letter that a claim can carry.", "family")


@rule("patient-name-length", "005010 NM103, NM104", PATIENT)
def _patient_name_length(facts: ClaimFacts) -> Iterator[Found]:
    yield from _lengths("The patient's", facts.patient_family, facts.patient_given, "")


@rule("patient-birth", "TR3 837P 2010BA DMG02", PATIENT)
def _patient_birth(facts: ClaimFacts) -> Iterator[Found]:
    if facts.patient_born_on is None:
        yield Found("The patient's birth date is missing.", "born_on")
    elif facts.patient_born_on > facts.service_on:
        yield Found("The patient was born after the day of service.", "born_on")


@rule("patient-sex", "TR3 837P 2010BA DMG03", PATIENT)
def _patient_sex(facts: ClaimFacts) -> Iterator[Found]:
    if facts.patient_sex not in {"F", "M", "U"}:
        yield Found("The patient's sex as the plan knows it is missing.", "sex")


@rule("patient-address", "TR3 837P 2010BA N3, N4", PATIENT)
def _patient_address(facts: ClaimFacts) -> Iterator[Found]:
    place = facts.patient_place
    if not (_is_written(place.street) and _is_written(place.city)):
        yield Found("The patient's street and city are missing.", "street")


@rule("patient-zip", "TR3 837P 2010BA N402, N403", PATIENT)
def _patient_zip(facts: ClaimFacts) -> Iterator[Found]:
    place = facts.patient_place
    if not re.fullmatch(r"[A-Za-z]{2}", place.state.strip()) or len(_digits(place.zip)) not in {5, 9}:
        yield Found("The patient's state or ZIP code is not complete.", "zip")


# --- The coverage -----------------------------------------------------------------------------------


@rule("payer-id", "TR3 837P 2010BB NM109", PAYERS)
def _payer_id(facts: ClaimFacts) -> Iterator[Found]:
    if not re.fullmatch(r"[A-Za-z0-9]{2,80}", facts.payer_id.strip()):
        yield Found("The payer has no id for electronic claims.", "payer_id")


@rule("payer-way", "office: trading partners", PAYERS)
def _payer_way(facts: ClaimFacts) -> Iterator[Found]:
    if not facts.has_way_out:
        yield Found("The payer has no trading partner: claims cannot be sent to it.", "partner")


@rule("payer-enrolment", "office: enrolments", ENROLMENTS)
def _enrolment_stops(facts: ClaimFacts) -> Iterator[Found]:
    if facts.enrolment and facts.enrolment_stops:
        yield Found(facts.enrolment, "enrolment")


@rule("payer-enrolment-open", "office: enrolments", ENROLMENTS, "warning")
def _enrolment_open(facts: ClaimFacts) -> Iterator[Found]:
    if facts.enrolment and not facts.enrolment_stops:
        yield Found(facts.enrolment, "enrolment")


@rule("member-id", "TR3 837P 2010BA NM109", COVERAGE)
def _member_id(facts: ClaimFacts) -> Iterator[Found]:
    if not facts.case.is_case and not re.fullmatch(r"[A-Za-z0-9 \-]{2,80}", facts.member_id.strip()):
        yield Found("The member id is missing or holds a sign that is on no card.", "member_id")


@rule("covered-on-the-day", "TR3 837P 2000B SBR", COVERAGE)
def _covered(facts: ClaimFacts) -> Iterator[Found]:
    if facts.case.is_case:
        return  # said by the rules of cases
    begins, ends = facts.covered_from, facts.covered_until
    if (begins and facts.service_on < begins) or (ends and facts.service_on >= ends):
        yield Found("This coverage does not hold on the day of service.", "starts_on")


@rule("subscriber", "TR3 837P 2010BA NM1, DMG", COVERAGE)
def _subscriber(facts: ClaimFacts) -> Iterator[Found]:
    if facts.relationship != "self" and not (
        _is_written(facts.subscriber_family) and _is_written(facts.subscriber_given)
    ):
        yield Found("The patient is covered through another person, who is not named.", "subscriber_family")


@rule("subscriber-name-length", "005010 NM103, NM104", COVERAGE)
def _subscriber_name_length(facts: ClaimFacts) -> Iterator[Found]:
    if facts.relationship != "self":
        yield from _lengths(
            "The subscriber's", facts.subscriber_family, facts.subscriber_given, "subscriber_"
        )


# --- What is authorized, and the case of injury ----------------------------------------------------


def _of_authorizations(told: OfAuthorization) -> Check:
    return lambda facts: (
        Found(*one) for held in facts.authorizations for one in told(held, facts.service_on)
    )


def _of_case(told: OfCase) -> Check:
    return lambda facts: (Found(*one) for one in told(facts.case, facts.service_on))


def _of_place(told: OfPlace) -> Check:
    return lambda facts: (
        Found(*one)
        for one in told(
            facts.place, facts.place_of_service, [(line.number, line.modifiers) for line in facts.lines]
        )
    )


for _name, _at, _of_paper in AUTHORIZATION_RULES:
    rule(_name, _at, AUTHORIZATIONS)(_of_authorizations(_of_paper))
for _name, _at, _told in CASE_RULES:
    rule(_name, _at, CASES)(_of_case(_told))
for _name, _at, _severity, _of in PLACE_RULES:
    # neither a dental nor an outpatient facility's claim says since when somebody is an inpatient
    _kinds = (PROFESSIONAL,) if _name == "admitted-since" else (PROFESSIONAL, DENTAL)
    rule(_name, _at, SLIP, _severity, _kinds)(_of_place(_of))


# --- The charge slip --------------------------------------------------------------------------------


@rule("diagnoses", "TR3 837P 2300 HI", SLIP, kinds=(PROFESSIONAL,))
def _diagnoses(facts: ClaimFacts) -> Iterator[Found]:
    if not facts.diagnoses:
        yield Found("The claim has no diagnosis.", "diagnoses")
    elif len(facts.diagnoses) > 12:
        yield Found("A claim carries twelve diagnoses at most.", "diagnoses")


@rule("diagnosis-shape", "TR3 837P 2300 HI01-2", SLIP)
def _diagnosis_shape(facts: ClaimFacts) -> Iterator[Found]:
    for item in facts.diagnoses:
        if not re.fullmatch(r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?", item.code):
            yield Found(f"{item.code} does not look like a diagnosis code.", "diagnoses")


@rule("diagnosis-billable", "ICD-10-CM, code set 897", SLIP)
def _diagnosis_billable(facts: ClaimFacts) -> Iterator[Found]:
    for item in facts.diagnoses:
        if item.is_known and item.is_billable is False:
            yield Found(f"{item.code} is the head of a group: a claim needs the full code.", "diagnoses")


@rule("diagnosis-known", "ICD-10-CM, code set 897", SLIP, "warning")
def _diagnosis_known(facts: ClaimFacts) -> Iterator[Found]:
    for item in facts.diagnoses:
        if item.is_known is False:
            yield Found(f"{item.code} is not in the loaded list.", "diagnoses")


@rule("diagnosis-once", "TR3 837P 2300 HI", SLIP)
def _diagnosis_once(facts: ClaimFacts) -> Iterator[Found]:
    for code, count in Counter(item.code for item in facts.diagnoses).items():
        if count > 1:
            yield Found(f"{code} stands on the claim twice.", "diagnoses")


@rule("lines", "TR3 837P 2400 LX", SLIP, kinds=(PROFESSIONAL,))
def _lines(facts: ClaimFacts) -> Iterator[Found]:
    if not facts.lines:
        yield Found("The claim has no line.", "lines")
    elif len(facts.lines) > 50:
        yield Found("A professional claim carries fifty lines at most.", "lines")


@rule("line-stands", "office: charge slip", CLAIM)
def _line_stands(facts: ClaimFacts) -> Iterator[Found]:
    for line in facts.lines:
        if line.is_void:
            sentence = f"{line.code} is void on the slip. Take this claim back, then make it anew."
            yield Found(sentence, "lines", line.number)


@rule("procedure-shape", "TR3 837P 2400 SV101-2", SLIP)
def _procedure_shape(facts: ClaimFacts) -> Iterator[Found]:
    for line in facts.lines:
        if not re.fullmatch(r"[A-Z0-9]{5}", line.code):
            yield Found(f"{line.code} is no procedure code: five letters or digits.", "code", line.number)


@rule("modifiers", "TR3 837P 2400 SV101-3 to -6", SLIP)
def _modifiers(facts: ClaimFacts) -> Iterator[Found]:
    for line in facts.lines:
        odd = [item for item in line.modifiers if not re.fullmatch(r"[A-Z0-9]{2}", item)]
        if odd or len(line.modifiers) > 4 or len(set(line.modifiers)) < len(line.modifiers):
            yield Found("Modifiers are up to four different pairs of signs.", "modifiers", line.number)


@rule("pointers", "TR3 837P 2400 SV107", SLIP, kinds=(PROFESSIONAL,))
def _pointers(facts: ClaimFacts) -> Iterator[Found]:
    for line in facts.lines:
        if not 1 <= len(line.pointers) <= 4:
            yield Found("The line must point to one to four diagnoses.", "pointers", line.number)
        elif any(not 1 <= pointer <= len(facts.diagnoses) for pointer in line.pointers):
            yield Found(
                "The line points to a diagnosis that the claim does not have.", "pointers", line.number
            )


@rule("units", "TR3 837P 2400 SV104", SLIP)
def _units(facts: ClaimFacts) -> Iterator[Found]:
    for line in facts.lines:
        if not ZERO < line.units <= 999:
            yield Found("The units must be above zero and at most 999.", "units", line.number)


@rule("charge-above-zero", "TR3 837P 2400 SV102", SLIP)
def _charge_above_zero(facts: ClaimFacts) -> Iterator[Found]:
    for line in facts.lines:
        if line.amount <= 0:
            yield Found("The line charges nothing.", "amount", line.number)


@rule("charge-adds-up", "TR3 837P 2300 CLM02", SLIP)
def _charge_adds_up(facts: ClaimFacts) -> Iterator[Found]:
    if sum((line.amount for line in facts.lines), ZERO) != facts.charge:
        yield Found("The lines do not add up to the claim.", "amount")


@rule("service-day", "TR3 837P 2400 DTP 472", SLIP)
def _service_day(facts: ClaimFacts) -> Iterator[Found]:
    for line in facts.lines:
        if line.service_on is None or line.service_on > facts.today:
            yield Found("The day of service is missing or still to come.", "service_on", line.number)


@rule("line-twice", "payers: duplicate lines", SLIP, "warning")
def _line_twice(facts: ClaimFacts) -> Iterator[Found]:
    seen: set[tuple[str, tuple[str, ...], date | None, Mouth, str]] = set()
    instead = (
        "name the tooth of each, or use units" if facts.claim_kind == DENTAL else "use units or a modifier"
    )
    for line in facts.lines:
        key = (line.code, line.modifiers, line.service_on, line.mouth, line.revenue_code)
        if key in seen:
            yield Found(f"{line.code} stands twice on one day: {instead}.", "modifiers", line.number)
        seen.add(key)


# --- What a dentist's claim says besides, and a facility's ------------------------------------------

for _name, _at, _severity, _page, _by in DENTAL_RULES:
    rule(_name, _at, _page, _severity, (DENTAL,))(_of_facts(_by))
for _name, _at, _severity, _page, _by in FACILITY_RULES:
    rule(_name, _at, _page, _severity, (INSTITUTIONAL,))(_of_facts(_by))


# --- The claim itself -------------------------------------------------------------------------------


@rule("place-of-service", "TR3 837P 2300 CLM05-1", CLAIM, kinds=(PROFESSIONAL, DENTAL))
def _place_of_service(facts: ClaimFacts) -> Iterator[Found]:
    if not re.fullmatch(r"[0-9]{2}", facts.place_of_service):
        yield Found("The place of service needs its two digits.", "place_of_service")


for _name, _at, _severity, _page, _by in FREQUENCY_RULES:
    rule(_name, _at, _page, _severity)(_of_facts(_by))


def _source(source: str, kind: str) -> str:
    """Return where a rule stands written for a kind of claim."""
    for there, here in _GUIDES.get(kind, ()):
        source = source.replace(there, here)
    return source


def _lengths(whose: str, family: str, given: str, field: str) -> Iterator[Found]:
    """Yield which part of a person's name is longer than a claim carries."""
    if (length := names.wire_length(family)) > names.LONGEST_NAME:
        sentence = f"{whose} family name has {length} letters: a claim carries {names.LONGEST_NAME}."
        yield Found(f"{sentence} Write it as on the card.", f"{field}family")
    if (length := names.wire_length(given)) > names.LONGEST_GIVEN:
        sentence = f"{whose} given name has {length} letters: a claim carries {names.LONGEST_GIVEN}."
        yield Found(f"{sentence} Write it as on the card.", f"{field}given")


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _is_written(text: str) -> bool:
    """Return whether something of a text is left when it is written in basic letters."""
    return any(sign.isascii() and sign.isalnum() for sign in normalize("NFKD", text))
