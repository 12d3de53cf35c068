"""Bundles and tables as the tests need them: one invented person, small enough to read."""

from pathlib import Path
from typing import Any

import orjson

PATIENT = "urn:uuid:p1"
CSV: dict[str, str] = {
    "patients": """Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,FIRST,LAST,SUFFIX,MAIDEN,GENDER,ADDRESS,CITY,STATE,ZIP
c-1,1980-05-06,,999-11-2222,S9999,,Nora46,Quill958,,Ash7,F,7 Elm St,Salem,Massachusetts,01970
""",
    "encounters": """Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,DESCRIPTION
v-1,2023-01-27T16:17:47Z,2023-01-27T16:32:47Z,c-1,o-1,d-1,y-1,ambulatory,185345009,Encounter for symptom
""",
    "providers": """Id,ORGANIZATION,NAME,GENDER,SPECIALITY,ADDRESS,CITY,STATE,ZIP
d-1,o-1,Víctor493 Noriega353,M,GENERAL PRACTICE,1 REAL STREET,CAMBRIDGE,MA,02138
""",
    "payers": """Id,NAME,ADDRESS,CITY,AMOUNT_COVERED
y-1,Harbor Mutual,1 Real Ave,Hartford,0
y-2,NO_INSURANCE,,,0
""",
    "transitions": """PATIENT,MEMBERID,START_YEAR,END_YEAR,PAYER,SECONDARY_PAYER,OWNERSHIP,OWNERNAME
c-1,m-77,2020-01-01T00:00:00Z,2024-01-01T00:00:00Z,y-1,,Spouse,Omar12 Quill958
""",
    "conditions": """START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION
2023-01-27,2023-02-09,c-1,v-1,195662009,Acute viral pharyngitis (disorder)
""",
    "claims": """Id,PATIENTID,PROVIDERID,PRIMARYPATIENTINSURANCEID,SECONDARYPATIENTINSURANCEID,APPOINTMENTID,SERVICEDATE
b-1,c-1,d-1,y-1,0,v-1,2023-01-27T16:17:47Z
b-2,c-1,d-1,0,0,v-1,2023-01-28T16:17:47Z
""",
    "claim_lines": """ID,CLAIMID,CHARGEID,PATIENTID,TYPE,AMOUNT,METHOD,PAYMENTS,TRANSFERS
t1,b-1,1,c-1,CHARGE,77.49,,,
t2,b-1,2,c-1,PAYMENT,,COPAY,60.00,
t3,b-1,3,c-1,PAYMENT,,ECHECK,16.62,
t4,b-1,4,c-1,TRANSFEROUT,,,,0.87
t5,b-1,5,c-1,PAYMENT,,CC,0.87,
t6,b-2,6,c-1,CHARGE,77.49,,,
t7,b-2,7,c-1,PAYMENT,,CASH,80.00,
""",
}
REFERENCE = {
    "companies": """\ufeffId,Name,Address,City,State Headquarterd,Zip,Phone,States Covered,Ownership
1,Medicare,1 Real Blvd,Baltimore,MD,21244,1-800-555-0100,*,Government
5,Harbor Mutual,1 Real Ave,Hartford,CT,6156,1-800-555-0101,*,Private,
""",
    "plans": """\ufeffPayer Id,Plan Id,Name,Default Copay,Eligibility Policy,Priority Level
1,11,Medicare Plan,0,MedicareEligible,2
5,51,Harbor SILVER,0,Generic,
""",
}


def patient(**more: Any) -> dict[str, Any]:
    """A Patient as Synthea writes one."""
    return {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [
            {"system": "http://hl7.org/fhir/sid/us-ssn", "type": coded("SS"), "value": "999-12-8616"},
            {"system": "https://example.org/synthea", "value": "s-1"},
            {"system": "urn:oid:2.16.840.1.113883.4.3.25", "type": coded("DL"), "value": "S99916156"},
        ],
        "name": [
            {"use": "maiden", "family": "Ash12", "given": ["Nora9"]},
            {"use": "official", "family": "Quill81", "given": ["Nora9", "May"], "prefix": ["Ms."]},
        ],
        "telecom": [
            {"system": "phone", "value": "555-887-3298", "use": "home"},
            {"system": "email", "value": "nora@example.org"},
        ],
        "gender": "female",
        "birthDate": "1949-06-09",
        "address": [
            {
                "line": ["8 Elm St", "Unit 24"],
                "city": "Easton",
                "state": "Massachusetts",
                "postalCode": "02334",
            }
        ],
        "communication": [{"language": {"coding": [{"code": "en-US"}]}}],
        "contact": [
            {
                "relationship": [{"text": "daughter"}],
                "name": {"family": "Quill5", "given": ["Ida3"]},
                "telecom": [{"system": "phone", "value": "555-887-0001"}],
            }
        ],
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName",
                "valueString": "Eva4 Stone8",
            }
        ],
    } | more


def coded(code: str, display: str = "", system: str = "http://snomed.info/sct") -> dict[str, Any]:
    """A CodeableConcept."""
    return {"coding": [{"system": system, "code": code, "display": display or code}]}


def encounter(number: int = 1, start: str = "2019-03-04T15:00:00+00:00", **more: Any) -> dict[str, Any]:
    """An Encounter with the one clinician."""
    return {
        "resourceType": "Encounter",
        "id": f"e{number}",
        "status": "finished",
        "type": [coded("185347001", "Encounter for problem")],
        "subject": {"reference": PATIENT},
        "participant": [{"individual": {"reference": "urn:uuid:d1", "display": "Dr. Barry7 Nicolas3"}}],
        "period": {"start": start, "end": start.replace("15:00", "15:30")},
    } | more


def practitioner() -> dict[str, Any]:
    """A Practitioner whose number is none."""
    return {
        "resourceType": "Practitioner",
        "id": "d1",
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "200"}],
        "name": [{"family": "Nicolas3", "given": ["Barry7"]}],
    }


def claim(number: int = 1, total: Any = 817.83, payer: str = "private", **more: Any) -> dict[str, Any]:
    """A Claim about the encounter of the same number."""
    return {
        "resourceType": "Claim",
        "id": f"c{number}",
        "patient": {"reference": PATIENT},
        "billablePeriod": {"start": "2019-03-04T15:00:00+00:00"},
        "insurance": [{"coverage": {"display": payer}}],
        "item": [{"encounter": [{"reference": f"urn:uuid:e{number}"}]}],
        "total": {"value": total},
    } | more


def benefit(number: int = 1, *, paid: Any = 554.264, **shares: Any) -> dict[str, Any]:
    """The ExplanationOfBenefit of a claim; shares by Blue Button name without its ends."""
    told = [
        {
            "category": coded(f"https://bluebutton.cms.gov/resources/variables/line_{name}_amt"),
            "amount": {"value": it},
        }
        for name, it in (shares or {"coinsrnc": 138.56599999999998}).items()
    ]
    return {
        "resourceType": "ExplanationOfBenefit",
        "id": f"x{number}",
        "patient": {"reference": PATIENT},
        "claim": {"reference": f"urn:uuid:c{number}"},
        "item": [{"adjudication": told}],
        "payment": {"amount": {"value": paid}},
    }


def clinical(kind: str, concept: str, code: str, display: str, **more: Any) -> dict[str, Any]:
    """A resource of the chart."""
    owner = "patient" if kind in {"AllergyIntolerance", "Immunization"} else "subject"
    return {
        "resourceType": kind,
        "id": code,
        owner: {"reference": PATIENT},
        concept: coded(code, display),
    } | more


def bundle(*resources: dict[str, Any], kind: str = "transaction") -> dict[str, Any]:
    """A bundle of resources, each at its urn:uuid address."""
    return {
        "resourceType": "Bundle",
        "type": kind,
        "entry": [{"fullUrl": f"urn:uuid:{one.get('id')}", "resource": one} for one in resources],
    }


def whole(**more: Any) -> dict[str, Any]:
    """A bundle of Nora: a visit, its claim and its answer, and a line of her chart."""
    return bundle(
        patient(**more),
        practitioner(),
        encounter(),
        claim(),
        benefit(),
        clinical("Condition", "code", "162864005", "Obesity", onsetDateTime="1977-08-18T15:00:00+00:00"),
    )


def another(name: str, number: int) -> dict[str, Any]:
    """A bundle of somebody else."""
    identifiers = [{"system": "https://example.org/synthea", "value": f"s-{number}"}]
    return whole(name=[{"use": "official", "family": name, "given": ["Al"]}], identifier=identifiers)


def put(folder: Path, **files: Any) -> Path:
    """Write bundles, texts and bytes into a folder, under names that say nothing."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data if isinstance(data, bytes) else orjson.dumps(data))
    return folder
