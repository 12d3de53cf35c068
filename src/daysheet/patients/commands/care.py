"""A child in the care of an agency: recorded from its papers, ended, opened again. Each word ends the one before."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.patients import rules
from daysheet.patients.models import ChildInCare, Patient, PatientContact
from daysheet.patients.rules.care import CONSENTERS, HEARERS, OWERS, PARENTS_RIGHTS


class CareIsUnsound(Refusal):
    """What is recorded of a child in care cannot be."""


class CareStands(Refusal):
    """It was ended already, stands again already, or somebody else recorded it at the same moment."""


@command(needs=Can.EDIT_PATIENTS)
def record_care(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    agency: str,
    from_on: date,
    agency_phone: str = "",
    worker: str = "",
    worker_phone: str = "",
    worker_until_on: date | None = None,
    foster_id: UUID | None = None,
    foster_name: str = "",
    routine: str = "ask",
    more: str = "ask",
    owes: str = "ask",
    hear: Sequence[str] = (),
    parents_rights: str = "ask",
    until_on: date | None = None,
    ordered_on: date | None = None,
    paper: str = "",
    seen: str | None = None,
) -> ChildInCare:
    """Record that a child is in the care of an agency, and what its papers say; the word before ends.

    `foster_name` names a foster parent who does not stand around the child yet; `seen` is the id of the record that
    the form showed, empty where there was none. Raises CareIsUnsound, CareStands.
    """
    patient = Patient.objects.select_for_update().get(pk=patient_id)
    said = (("agency", agency), ("worker", worker), ("paper", paper))
    texts: dict[str, Any] = {name: rules.tidy(words) for name, words in said}
    chosen: dict[str, Any] = {
        "routine": routine,
        "more": more,
        "owes": owes,
        "parents_rights": parents_rights,
    }
    days: dict[str, Any] = {"from_on": from_on, "until_on": until_on, "ordered_on": ordered_on}
    _sound(texts, chosen, hear, days)
    is_needed = "foster" in (routine, more)
    foster = _foster(patient, foster_id, rules.tidy(foster_name), is_needed=is_needed)
    phones: dict[str, Any] = {"agency_phone": agency_phone, "worker_phone": worker_phone}
    heard = [one for one in HEARERS if one in hear]
    made = _replaced(
        by,
        ChildInCare(
            **texts,
            **chosen,
            **days,
            **phones,
            patient=patient,
            worker_until_on=worker_until_on,
            foster=foster,
            hear=heard,
        ),
        seen,
    )
    _count(by, patient)
    record(by, "patients.care.recorded", made, patients=[patient_id], **chosen)
    return made


@command(needs=Can.EDIT_PATIENTS)
def end_care(by: Actor, /, *, care_id: UUID, because: str) -> ChildInCare:
    """Say that a child is in care no more, and why. Raises CareStands, CareIsUnsound."""
    held = _held(care_id)
    if held.ended_at:
        raise CareStands(_("That was ended already by %(who)s.") % {"who": held.ended_by})
    why = rules.tidy(because)[:200]
    if not why:
        raise CareIsUnsound(_("Say why it ends."), because=_("Such as: back with the mother, adopted."))
    held.ended_at, held.ended_by, held.ended_because = by.now, by.name, why
    held.save(update_fields=["ended_at", "ended_by", "ended_because"])
    _count(by, held.patient)
    record(by, "patients.care.ended", held, patients=[held.patient_id])
    return held


@command(needs=Can.EDIT_PATIENTS)
def reopen_care(by: Actor, /, *, care_id: UUID) -> ChildInCare:
    """Let a care stand again that was ended by mistake. Raises CareStands where it stands, or another does."""
    held = _held(care_id)
    if held.ended_at is None:
        raise CareStands(_("It stands already."))
    held.ended_at, held.ended_by, held.ended_because = None, "", ""
    with refusing(child_in_care_has_one_word=_meanwhile()):
        held.save(update_fields=["ended_at", "ended_by", "ended_because"])
    _count(by, held.patient)
    record(by, "patients.care.reopened", held, patients=[held.patient_id])
    return held


def _replaced(by: Actor, made: ChildInCare, seen: str | None) -> ChildInCare:
    """Let a new word take the place of the one that was seen."""
    standing = ChildInCare.objects.filter(patient=made.patient, ended_at=None)
    if seen is not None and seen != str(standing.values_list("pk", flat=True).first() or ""):
        raise _meanwhile()
    standing.update(ended_at=by.now, ended_by=by.name, ended_because=_("recorded anew"))
    made.made_at, made.made_by = by.now, by.name
    with refusing(child_in_care_has_one_word=_meanwhile()):
        made.save(force_insert=True)
    return made


def _sound(texts: dict[str, Any], chosen: dict[str, Any], hear: Sequence[str], days: dict[str, Any]) -> None:
    wrong: dict[str, str] = {}
    if not texts["agency"]:
        wrong["agency"] = _("Name the agency in whose care the child is.")
    one_of = {"routine": CONSENTERS, "more": CONSENTERS, "owes": OWERS, "parents_rights": PARENTS_RIGHTS}
    wrong |= {
        name: _("Choose one of the list.") for name, words in one_of.items() if chosen[name] not in words
    }
    if not {*hear} <= {*HEARERS}:
        wrong["hear"] = _("Choose from the list.")
    if days["until_on"] and days["until_on"] < days["from_on"]:
        wrong["until_on"] = _("It cannot end before it begins.")
    if days["ordered_on"] and not texts["paper"]:
        wrong["paper"] = _("Name the paper of the court order, so that others find it.")
    if "parents" in hear and chosen["parents_rights"] == "ended":
        wrong["hear"] = _("The parents' rights have ended: they are not told.")
    if chosen["parents_rights"] == "ended" and "parents" in (chosen["routine"], chosen["more"]):
        wrong["routine"] = _("The parents' rights have ended: they do not consent.")
    if wrong:
        raise CareIsUnsound(" ".join(dict.fromkeys(wrong.values())), **wrong)


def _foster(patient: Patient, foster_id: UUID | None, name: str, *, is_needed: bool) -> PatientContact | None:
    """Return the foster parent: one of the people around the child, or a new one."""
    if foster_id is not None and name:
        sentence = _(
            "Choose the person, or write another name with the choice “A home, or not said”; not both."
        )
        raise CareIsUnsound(sentence, foster=sentence, foster_name=sentence)
    if foster_id is not None:
        found = PatientContact.objects.filter(pk=foster_id, patient=patient).first()
        if found is None:
            sentence = _("That person stands around another patient.")
            raise CareIsUnsound(sentence, foster=sentence)
        return found
    if not name and is_needed:
        sentence = _("Say with whom the child is placed, when the foster parent may consent.")
        raise CareIsUnsound(sentence, foster=sentence)
    if not name:
        return None
    return PatientContact.objects.create(
        patient=patient, name=name, relationship=_("Foster parent"), is_emergency=False
    )


def _held(care_id: UUID) -> ChildInCare:
    # The patient first, as record_care does.
    Patient.objects.select_for_update().filter(
        pk__in=ChildInCare.objects.filter(pk=care_id).values("patient_id")
    ).first()
    rows = ChildInCare.objects.select_for_update(of=("self",)).select_related("patient")
    held = rows.filter(pk=care_id).first()
    if held is None:
        raise CareStands(_("That is not on file in this office."))
    return held


def _count(by: Actor, patient: Patient) -> None:
    """Write down whether a care of the patient is open, and let the screens draw theirs."""
    patient.is_in_care = ChildInCare.objects.filter(patient=patient, ended_at=None).exists()
    patient.save(update_fields=["is_in_care"])
    announce(by.practice_id, "patients", str(patient.pk))


def _meanwhile() -> CareStands:
    return CareStands(
        _("Another record of this child's care stands. End that one first, or look at it again.")
    )
