"""What every page about a patient's money shows around its content."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404

from daysheet.kernel.access import Actor, Can
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient


def found_patient(patient_id: UUID) -> Patient:
    """Return the patient of this practice, or nothing is found."""
    patient = Patient.objects.prefetch_related("phones").filter(pk=patient_id).first()
    if patient is None:
        raise Http404
    return patient


def around(by: Actor, patient: Patient, *, today: date) -> dict[str, Any]:
    """Return the banner, and initials for the browser's tab."""
    return {"who": patients.banner_of(by, patient, today=today), "initials": patients.initials(patient)}


def acts_allowed(by: Actor) -> dict[str, bool]:
    """Return which acts on an account the actor may do."""
    return {
        "may_take": by.can(Can.TAKE_PAYMENT),
        "may_adjust": by.can(Can.ADJUST),
        "may_refund": by.can(Can.REFUND),
        "may_bill": by.can(Can.SEND_STATEMENTS),
    }
