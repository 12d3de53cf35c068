"""What is said of the people around a patient: who they are, what they may, and who came with a minor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.patients import people, rules
from daysheet.patients.models import Bringing, ContactRight, Patient, PatientContact
from daysheet.patients.rules import standing
from daysheet.patients.rules.standing import ACTS, TOPICS


class RightIsUnsound(Refusal):
    """What is recorded of a person cannot be."""


class RightChangedMeanwhile(Refusal):
    """Somebody else recorded something of this person at the same moment."""


class MayNotBring(Refusal):
    """This person may not bring the patient, or nobody has said that they may."""


@dataclass(frozen=True, slots=True)
class RightFact:
    """What is recorded of one person and one act; `says` is empty where nothing is to be recorded."""

    act: str
    says: str
    topics: tuple[str, ...] = ()


@command(needs=Can.EDIT_PATIENTS)
def add_person(
    by: Actor, /, *, patient_id: UUID, name: str, relationship: str, phone: str = ""
) -> PatientContact:
    """Put a person around a patient, who may nothing until it is recorded."""
    patient = Patient.objects.select_for_update().get(pk=patient_id)
    called, relation = rules.tidy(name), rules.tidy(relationship)
    if not called or not relation:
        raise RightIsUnsound(_("Write the name, and what the person is to the patient."))
    made = PatientContact.objects.create(
        patient=patient, name=called, relationship=relation, phone=phone, is_emergency=False
    )
    record(by, "patients.person.added", made, patients=[patient_id])
    return made


@command(needs=Can.EDIT_PATIENTS)
def record_rights(
    by: Actor,
    /,
    *,
    contact_id: UUID,
    facts: Sequence[RightFact],
    from_on: date,
    until_on: date | None = None,
    ordered_on: date | None = None,
    paper: str = "",
) -> list[ContactRight]:
    """Record what a person may; each new word ends the one before, which stays to be seen.

    Raises RightIsUnsound, RightChangedMeanwhile.
    """
    one = PatientContact.objects.get(pk=contact_id)
    _sound(facts, from_on, until_on, ordered_on, rules.tidy(paper))
    acts = [fact.act for fact in facts]
    open_now = ContactRight.objects.filter(contact=one, act__in=acts, ended_at=None)
    open_now.update(ended_at=by.now, ended_by=by.name)
    busy = RightChangedMeanwhile(_("Somebody else recorded this at the same moment. Look at it again."))
    with refusing(contact_right_has_one_word=busy):
        made = ContactRight.objects.bulk_create(
            ContactRight(
                contact=one,
                act=fact.act,
                says=fact.says,
                topics=list(fact.topics) if fact.says == "limits" else [],
                from_on=from_on,
                until_on=until_on,
                ordered_on=ordered_on,
                paper=rules.tidy(paper),
                made_at=by.now,
                made_by=by.name,
            )
            for fact in facts
        )
    said = {fact.act: fact.says for fact in facts}
    record(by, "patients.rights.recorded", one, patients=[one.patient_id], said=said)
    announce(by.practice_id, "patients", str(one.patient_id))
    return made


@command(needs=Can.EDIT_PATIENTS)
def end_right(by: Actor, /, *, right_id: UUID) -> ContactRight:
    """Take back what was recorded of a person; it stays to be seen."""
    held = ContactRight.objects.select_for_update(of=("self",)).select_related("contact").get(pk=right_id)
    if held.ended_at:
        raise RightChangedMeanwhile(_("That was taken back already by %(who)s.") % {"who": held.ended_by})
    held.ended_at, held.ended_by = by.now, by.name
    held.save(update_fields=["ended_at", "ended_by"])
    record(by, "patients.right.ended", held, patients=[held.contact.patient_id], act=held.act)
    return held


@command(needs=Can.MOVE_PATIENT)
def note_bringing(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    visit_id: UUID,
    today: date,
    contact_id: UUID | None = None,
    name: str = "",
    because: str = "",
    is_emergency: bool = False,
) -> Bringing:
    """Note who came with a minor. Raises MayNotBring unless it is an emergency or one who may goes on with a reason."""
    patient = Patient.objects.get(pk=patient_id)
    one = people.contact(contact_id) if contact_id else None
    if one is not None and one.patient_id != patient_id:
        raise MayNotBring(_("That person stands around another patient."))
    called, reason = one.name if one else rules.tidy(name), rules.tidy(because)[:300]
    if not called:
        raise MayNotBring(
            _("Ask who brings the patient today."), name=_("Choose the person, or write the name.")
        )
    answer = (
        standing.may("bring", people.person_of(one, patient), people.subject_of(patient), today)
        if one
        else standing.Answer("ask", _("This person does not stand around the patient."))
    )
    has_a_right = answer.word in ("yes", "limits")
    if not (has_a_right or is_emergency or (reason and by.can(Can.GO_ON_WITHOUT))):
        sentence = _("%(why)s A manager or clinician can go on with a reason; an emergency never waits.")
        raise MayNotBring(sentence % {"why": answer.why}, because=_("Say why, if you may go on."))
    said = Bringing.objects.create(
        patient=patient,
        visit_id=visit_id,
        contact=one,
        name=called,
        word=answer.word,
        because=reason,
        is_emergency=is_emergency,
        at=by.now,
        by_name=by.name,
    )
    went_on = not has_a_right
    record(
        by,
        "patients.bringing.noted",
        said,
        patients=[patient_id],
        word=answer.word,
        emergency=is_emergency,
        went_on=went_on,
    )
    return said


@command(needs=Can.MOVE_PATIENT)
def take_back_bringing(by: Actor, /, *, bringing_id: UUID) -> Bringing:
    """Take back what was noted of who came with a minor: somebody else was named since."""
    said = Bringing.objects.get(pk=bringing_id)
    visit = str(said.visit_id)
    record(by, "patients.bringing.taken-back", said, patients=[said.patient_id], visit=visit, word=said.word)
    said.delete()
    return said


def _sound(
    facts: Sequence[RightFact], from_on: date, until_on: date | None, ordered_on: date | None, paper: str
) -> None:
    wrong: dict[str, str] = {}
    if not facts:
        raise RightIsUnsound(_("Say at least one thing that the person may or may not."))
    for fact in facts:
        if (
            fact.act not in ACTS
            or fact.says not in ("yes", "limits", "no")
            or not {*fact.topics} <= {*TOPICS}
        ):
            wrong[fact.act] = _("Choose one of the list.")
        elif fact.act == "hear" and fact.says == "limits" and not fact.topics:
            wrong["topics"] = _("Say what may be told: times, money, health.")
    if until_on and until_on < from_on:
        wrong["until_on"] = _("It cannot end before it begins.")
    if ordered_on and not paper:
        wrong["paper"] = _("Name the paper of the court order, so that others find it.")
    if wrong:
        raise RightIsUnsound(" ".join(dict.fromkeys(wrong.values())), **wrong)
