"""Patients and clinicians as FHIR R4 and US Core write them. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from daysheet.interop.rules.reading import (
    at,
    bare_name,
    day,
    phone,
    pieces,
    postal_state,
    text,
    texts,
    zip_code,
)
from daysheet.interop.rules.record import Clinician, Person
from daysheet.patients.rules import ContactFact, PhoneFact, is_email
from daysheet.patients.rules.languages import ENGLISH, language_of

SEX = {"male": "M", "female": "F", "M": "M", "F": "F"}
PAPERS = frozenset({"SS", "DL", "PPN", "SB", "PRN"})
"""Kinds of numbers (v2-0203) that a state gives, not the system which the file comes from."""
MOTHER = "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName"
OWN_ID = "fhir:Patient.id"
PHONE_KINDS = {"home": "home", "work": "work", "mobile": "mobile"}


class Unusable(ValueError):
    """A patient's data lack what no chart can be without; the text is the reason, in a sentence."""


def person(patient: Mapping[str, Any], *, today: date) -> Person:
    """Return who a Patient resource is about. Raises Unusable without a name or a whole birth date."""
    name = _name(patient, "official") or _name(patient, "usual") or at(patient, "name", 0) or {}
    born_on = day(at(patient, "birthDate"))
    if born_on is None or born_on > today:
        raise Unusable("The birth date is missing, not a whole day, or has not come yet.")
    given = [bare for one in texts(at(name, "given")) if (bare := bare_name(one))]
    family = bare_name(at(name, "family"))
    if not family or not given:
        raise Unusable("The patient has no name.")
    identifiers = _identifiers(patient)
    system, key = _own_key(patient, identifiers)
    address = at(patient, "address", 0)
    lines = texts(at(address, "line"))
    died = day(at(patient, "deceasedDateTime"))
    return Person(
        system=system,
        key=key,
        family=family,
        given=given[0],
        middle=" ".join(given[1:]),
        suffix=text(at(name, "suffix", 0)),
        former_family=bare_name(at(_name(patient, "maiden"), "family")),
        born_on=born_on,
        sex=SEX.get(text(at(patient, "gender")), "U"),
        died_on=died if died and born_on <= died <= today else None,
        street=lines[0] if lines else "",
        street2=", ".join(lines[1:]),
        city=text(at(address, "city")),
        state=postal_state(at(address, "state")),
        zip=zip_code(at(address, "postalCode")),
        email=_email(patient),
        language=language_of(text(at(patient, "communication", 0, "language", "coding", 0, "code")))
        or ENGLISH,
        phones=_phones(at(patient, "telecom")),
        identifiers=tuple(dict.fromkeys([(system, key), *((one[0], one[1]) for one in identifiers)])),
        contacts=_contacts(patient),
    )


def clinician(key: str, practitioner: Mapping[str, Any] | None, shown: str = "") -> Clinician:
    """Return the clinician of a Practitioner resource, or of the name that a reference shows."""
    name = at(practitioner, "name", 0)
    family = bare_name(at(name, "family"))
    given = bare_name(at(name, "given", 0))
    if not family:
        words = [word for word in bare_name(shown).split() if word != "Dr."]
        family, given = (words[-1], " ".join(words[:-1])) if words else ("Clinician", "Unnamed")
    return Clinician(key, family, given)


def _name(patient: Mapping[str, Any], use: str) -> dict[str, Any] | None:
    return next((one for one in pieces(at(patient, "name")) if one.get("use") == use), None)


def _identifiers(patient: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    found = []
    for one in pieces(at(patient, "identifier")):
        value, kind = text(at(one, "value")), text(at(one, "type", "coding", 0, "code"))
        if value:
            found.append((text(at(one, "system")) or kind or "number", value, kind))
    return found


def _own_key(patient: Mapping[str, Any], identifiers: list[tuple[str, str, str]]) -> tuple[str, str]:
    own = next(((system, value) for system, value, kind in identifiers if kind not in PAPERS), None)
    if own:
        return own
    if not text(at(patient, "id")):
        raise Unusable("The patient has no number by which to know it again.")
    return OWN_ID, text(at(patient, "id"))


def _phones(telecom: object) -> tuple[PhoneFact, ...]:
    found: dict[str, PhoneFact] = {}
    for one in pieces(telecom):
        number = phone(one.get("value")) if one.get("system") == "phone" else ""
        if number:
            found.setdefault(number, PhoneFact(number, PHONE_KINDS.get(text(one.get("use")), "home")))
    return tuple(found.values())


def _email(patient: Mapping[str, Any]) -> str:
    said = [text(one.get("value")) for one in pieces(at(patient, "telecom")) if one.get("system") == "email"]
    return next((one for one in said if is_email(one)), "")


def _contacts(patient: Mapping[str, Any]) -> tuple[ContactFact, ...]:
    found: list[ContactFact] = []
    for one in pieces(at(patient, "contact")):
        given = " ".join(bare_name(word) for word in texts(at(one, "name", "given")))
        name = " ".join(filter(None, [given, bare_name(at(one, "name", "family"))])) or bare_name(
            at(one, "name", "text")
        )
        said = at(one, "relationship", 0)
        relationship = text(at(said, "text")) or text(at(said, "coding", 0, "display"))
        numbers = _phones(at(one, "telecom"))
        if name:
            found.append(ContactFact(name, relationship, numbers[0].number if numbers else ""))
    for one in pieces(at(patient, "extension")):
        mother = bare_name(one.get("valueString")) if one.get("url") == MOTHER else ""
        if mother:
            found.append(ContactFact(mother, "mother (maiden name)", is_emergency=False))
    return tuple(found)
