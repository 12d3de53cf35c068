"""Conditions, allergies, medications, immunizations and procedures as lines of the chart abstract. Pure."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from daysheet.interop.rules.reading import at, local_day, text
from daysheet.patients.rules import ChartFact

KINDS = {
    "Condition": "condition",
    "AllergyIntolerance": "allergy",
    "MedicationRequest": "medication",
    "Immunization": "immunization",
    "Procedure": "procedure",
}
CODES = {
    "Condition": "code",
    "AllergyIntolerance": "code",
    "MedicationRequest": "medicationCodeableConcept",
    "Immunization": "vaccineCode",
    "Procedure": "code",
}
BEGINS = (
    ("onsetDateTime",),
    ("occurrenceDateTime",),
    ("performedDateTime",),
    ("performedPeriod", "start"),
    ("authoredOn",),
    ("recordedDate",),
)
ENDS = (("abatementDateTime",), ("performedPeriod", "end"))
SYSTEMS = {
    "http://snomed.info/sct": "SNOMED",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://hl7.org/fhir/sid/cvx": "CVX",
}
UNTRUE = frozenset({"entered-in-error", "not-done", "refuted"})


def chart_line(resource: Mapping[str, Any], *, source: str, zone: ZoneInfo) -> ChartFact | None:
    """Return the line of a clinical resource; None when it says nothing, or says that it is not so."""
    kind = text(resource.get("resourceType"))
    states = (at(resource, "status"), at(resource, "verificationStatus", "coding", 0, "code"))
    if any(text(state) in UNTRUE for state in states):
        return None
    concept = at(resource, CODES[kind])
    coding = at(concept, "coding", 0)
    label = text(at(coding, "display")) or text(at(concept, "text")) or text(at(coding, "code"))
    if not label:
        return None
    system = text(at(coding, "system"))
    began = next((found for path in BEGINS if (found := local_day(at(resource, *path), zone))), None)
    ended = next((found for path in ENDS if (found := local_day(at(resource, *path), zone))), None)
    return ChartFact(
        kind=KINDS[kind],
        label=label,
        code_system=SYSTEMS.get(system, system),
        code=text(at(coding, "code")),
        began_on=began,
        ended_on=ended if ended and (began is None or ended >= began) else None,
        source=source,
    )
