"""Cases of injury: entered, mended, closed, opened again, taken out; and which appointments are under them."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import authorizing
from daysheet.coverage.cases import CaseIsUnknown, CaseIsWrong, payable_case
from daysheet.coverage.commands.unlisted import enter_unlisted_payer
from daysheet.coverage.injury import CaseAppointment, InjuryCase
from daysheet.coverage.models import Coverage, InsurancePlan, Payer
from daysheet.coverage.rules.authorizations import fault_of_number
from daysheet.coverage.rules.injury import DEALINGS, STATES
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.patients.models import Patient

Kind = InjuryCase.Kind


class CaseIsEntered(Refusal):
    """The insurer's case of that number stands here already."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the patient, the employer and the insurer say of an injury."""

    kind: str
    payer_id: UUID | None
    happened_on: date
    body_part: str
    state: str = ""
    fault: str = ""
    employer: str = ""
    holder: str = ""
    claim_number: str = ""
    policy_number: str = ""
    adjuster_name: str = ""
    adjuster_phone: str = ""
    attorney_name: str = ""
    attorney_phone: str = ""
    note: str = ""


@command(needs=Can.EDIT_COVERAGE)
def add_case(
    by: Actor, /, *, patient_id: UUID, facts: CaseFacts, today: date, insurer: str = ""
) -> InjuryCase:
    """Enter a case: from the day of the accident its insurer pays for the visits under it, and no health plan.

    `insurer` is the name of one that is not among the payers: it is kept, and a manager completes it.
    Raises CaseIsWrong, CaseIsUnknown or CaseIsEntered.
    """
    patient = Patient.objects.filter(pk=patient_id).first()
    if patient is None:
        raise CaseIsUnknown(_("That patient is not known to this office."))
    facts = _judged(_with_insurer(by, facts, insurer), patient, today)
    with refusing(injury_case_number_is_entered_once=_entered()):
        held = InjuryCase.objects.create(patient_id=patient_id, **_fields(facts))
    _pay_with(held)
    record(by, "coverage.case.added", held, kind=held.kind)
    announce(by.practice_id, "coverage", str(patient_id))
    return held


@command(needs=Can.EDIT_COVERAGE)
def change_case(
    by: Actor, /, *, case_id: UUID, version: int, facts: CaseFacts, today: date, insurer: str = ""
) -> InjuryCase:
    """Mend a case, or write down what the insurer has told meanwhile, such as its claim number."""
    held = _held(case_id, version)
    facts = _judged(_with_insurer(by, facts, insurer), held.patient, today)
    if held.closed_on and facts.happened_on >= held.closed_on:
        raise CaseIsWrong(_("The accident cannot lie after the case was closed."), happened_on=_("Earlier."))
    new = _fields(facts)
    changed = sorted(key for key, value in new.items() if getattr(held, key) != value)
    for key, value in new.items():
        setattr(held, key, value)
    with refusing(injury_case_number_is_entered_once=_entered()):
        _save(by, held)
    _pay_with(held)
    record(by, "coverage.case.changed", held, changed=changed)
    authorizing.tell_of_plans(by, held.patient_id)
    return held


@command(needs=Can.EDIT_COVERAGE)
def close_case(
    by: Actor, /, *, case_id: UUID, version: int, closed_on: date, reason: str, today: date
) -> InjuryCase:
    """Close a case: `closed_on` is the first day that it no longer pays for. What came before stays with it."""
    held = _held(case_id, version)
    if not held.happened_on < closed_on:
        raise CaseIsWrong(
            _("A case cannot close before the accident."), last_day=_("From the accident's day on.")
        )
    if (closed_on - today).days > 1:
        raise CaseIsWrong(
            _("Close it when its last day has come, not ahead."), last_day=_("A day until today.")
        )
    if not reason.strip():
        raise CaseIsWrong(_("Say why the case is closed."), reason=_("Give a reason."))
    held.closed_on, held.close_reason = closed_on, reason.strip()
    _save(by, held)
    _pay_with(held)
    record(by, "coverage.case.closed", held, closed_on=closed_on.isoformat())
    authorizing.tell_of_plans(by, held.patient_id)
    return held


@command(needs=Can.EDIT_COVERAGE)
def reopen_case(by: Actor, /, *, case_id: UUID, version: int) -> InjuryCase:
    """Open a closed case again."""
    held = _held(case_id, version)
    if held.closed_on is None:
        raise CaseIsWrong(_("This case is open already."))
    held.closed_on, held.close_reason = None, ""
    _save(by, held)
    _pay_with(held)
    record(by, "coverage.case.reopened", held)
    authorizing.tell_of_plans(by, held.patient_id)
    return held


@command(needs=Can.EDIT_COVERAGE)
def mark_case_in_error(by: Actor, /, *, case_id: UUID, version: int, reason: str) -> InjuryCase:
    """Take out a case that was never true; the history keeps it, and no claim leaves for it any more."""
    held = _held(case_id, version)
    if not reason.strip():
        raise CaseIsWrong(_("Say why this was never true."), reason=_("Give a reason."))
    held.entered_in_error_at = by.now
    _save(by, held)
    Coverage.objects.filter(case=held).update(entered_in_error_at=by.now)
    record(by, "coverage.case.entered-in-error", held, reason=reason)
    authorizing.tell_of_plans(by, held.patient_id)
    return held


@command(needs=Can.BOOK_APPOINTMENT)
def put_appointment_under(
    by: Actor, /, *, appointment_id: UUID, patient_id: UUID, day: date, case_id: UUID | None
) -> UUID | None:
    """Say that an appointment is for a case, or for none; return the case that it was under before.

    Raises CaseIsUnknown when the case is another patient's, CaseIsWrong when it does not pay for that day.
    """
    if case_id is not None:
        payable_case(patient_id, day, case_id)
    rows = CaseAppointment.objects.select_for_update(of=("self",)).filter(appointment_id=appointment_id)
    row = rows.first()
    before = row.case_id if row else None
    if case_id is None:
        rows.delete()
    elif row is None:
        with refusing(appointment_is_under_one_case=_just_put()):
            CaseAppointment.objects.create(appointment_id=appointment_id, case_id=case_id)
    else:
        row.case_id = case_id
        row.save(update_fields=["case_id"])
    record(
        by,
        "coverage.case.appointment-put",
        None,
        patients=[patient_id],
        appointment=str(appointment_id),
        before=str(before or ""),
        case=str(case_id or ""),
    )
    for follow in authorizing.of_an_appointment:
        follow(by, appointment_id)
    announce(by.practice_id, "coverage", str(patient_id))
    return before


def _held(case_id: UUID, version: int) -> InjuryCase:
    rows = InjuryCase.objects.select_for_update(of=("self",)).select_related("patient")
    held = rows.filter(pk=case_id, entered_in_error_at__isnull=True).first()
    if held is None:
        raise CaseIsUnknown(_("That case is not known to this office, or was taken out."))
    if held.version != version:
        raise StaleForm(_("Somebody else has changed this case meanwhile. Look at it again."))
    return held


def _save(by: Actor, held: InjuryCase) -> None:
    held.version += 1
    held.save()
    announce(by.practice_id, "coverage", str(held.patient_id))


def _pay_with(held: InjuryCase) -> None:
    """Keep the row by which the case pays: its insurer's plan for such cases, in no rank, for its own days."""
    dealing = DEALINGS[held.kind]
    plan, _is_new = InsurancePlan.objects.get_or_create(
        payer_id=held.payer_id, name=dealing.plan_name, defaults={"kind": dealing.plan_kind}
    )
    if plan.kind != dealing.plan_kind:
        raise CaseIsWrong(
            _("This payer has a health plan called %(name)s. Rename that plan first.") % {"name": plan.name}
        )
    Coverage.objects.update_or_create(
        case=held,
        defaults={
            "patient_id": held.patient_id,
            "plan": plan,
            "member_id": held.claim_number,
            "starts_on": held.happened_on,
            "ends_on": held.closed_on,
            "rank": 0,
        },
    )


def _with_insurer(by: Actor, facts: CaseFacts, insurer: str) -> CaseFacts:
    """Return the facts with an insurer that is not listed entered first."""
    if not insurer.strip():
        return facts
    return replace(facts, payer_id=enter_unlisted_payer(by, name=insurer, field="insurer").pk)


def _judged(facts: CaseFacts, patient: Patient, today: date) -> CaseFacts:
    """Return what was typed, tidied up; raise what cannot be."""
    tidy = {
        name: value.strip()
        for name in CaseFacts.__slots__
        if isinstance(value := getattr(facts, name), str) and name != "kind"
    }
    tidy["state"], tidy["claim_number"] = tidy["state"].upper(), tidy["claim_number"].upper()
    facts = CaseFacts(
        kind=facts.kind, payer_id=facts.payer_id, happened_on=facts.happened_on, **tidy
    )  # fmt: skip
    if facts.kind not in Kind.values:
        raise CaseIsWrong(_("Say what kind of case it is."), kind=_("Choose one of the three."))
    if facts.payer_id is None or not Payer.objects.filter(pk=facts.payer_id, is_active=True).exists():
        raise CaseIsWrong(_("That insurer is not known to this office."), payer=_("Choose the insurer."))
    if not patient.born_on <= facts.happened_on <= today:
        raise CaseIsWrong(
            _("The accident lies between the patient's birth and today."), happened_on=_("Check the day.")
        )
    if not facts.body_part:
        raise CaseIsWrong(_("Say what was hurt, in plain words."), body_part=_("Such as: left wrist."))
    if facts.kind == Kind.WORK and not facts.employer:
        raise CaseIsWrong(
            _("Workers' compensation is the employer's insurance: name the employer."),
            employer=_("Name the employer."),
        )
    _judge_state(facts)
    if facts.fault not in InjuryCase.Fault.values or (facts.fault and facts.kind == Kind.WORK):
        sentence = _("Whose fault it was is asked of car accidents and liability cases alone.")
        raise CaseIsWrong(sentence, fault=_("Leave it as usual."))
    for name in ("claim_number", "policy_number"):
        number = getattr(facts, name)
        if number and fault_of_number(number):
            raise CaseIsWrong(
                _("A number has 1 to 50 signs, and none of * ^ : ~, which part the pieces of a claim."),
                **{name: _("1 to 50 signs without * ^ : ~")},
            )
    return facts


def _judge_state(facts: CaseFacts) -> None:
    # TR3 837P 2300 CLM11-4: a car accident names the state
    if facts.kind == Kind.AUTO and not facts.state:
        raise CaseIsWrong(_("Say in which state the car accident was."), state=_("Two letters, such as OH."))
    if facts.state and facts.state not in STATES:
        raise CaseIsWrong(_("That is no state."), state=_("Two letters, such as OH."))


def _fields(facts: CaseFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in CaseFacts.__slots__}


def _entered() -> CaseIsEntered:
    return CaseIsEntered(
        _("That insurer's case of this number stands here already. Change that one."),
        claim_number=_("Entered already."),
    )


def _just_put() -> CaseIsWrong:
    return CaseIsWrong(_("Another window has just put this appointment under a case. Look at it again."))
