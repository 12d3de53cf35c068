"""The face in a patient's banner: shown, taken off, and gone when its picture was filed by mistake."""

from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.commands import command
from daysheet.patients.commands.charts import _kept, _locked
from daysheet.patients.models import Patient


@command(needs=Can.EDIT_PATIENTS)
def set_photo(by: Actor, /, *, patient_id: UUID, document_id: UUID | None) -> Patient:
    """Show a kept picture as the patient's face, or none."""
    patient = _locked(patient_id)
    changed = {"photo": [str(patient.photo_id or ""), str(document_id or "")]}
    patient.photo_id = document_id
    return _kept(by, patient, changed)


@command(needs=Can.FILE_PAPERS)
def drop_photo(by: Actor, /, *, patient_id: UUID, document_id: UUID) -> Patient:
    """Show no face any more where it is this picture, which was filed by mistake; return the patient."""
    patient = _locked(patient_id)
    changed = {"photo": [str(document_id), ""]} if patient.photo_id == document_id else {}
    patient.photo_id = None if changed else patient.photo_id
    return _kept(by, patient, changed)
