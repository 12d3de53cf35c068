"""What is done about privacy: a notice acknowledged or the reason why not, a consent withdrawn."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.patients.models import Patient
from daysheet.patients.rules import tidy
from daysheet.privacy import rules
from daysheet.privacy.models import Consent


class UnsoundSignature(Refusal):
    """A signature without a name, of tomorrow, or of a paper that does not exist."""


@command(needs=Can.EDIT_PATIENTS)
def sign_notice(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    kind: str = "npp",
    edition: str = rules.EDITION,
    signed_by: str,
    signed_on: date | None = None,
    document_id: UUID | None = None,
) -> Consent:
    """Note that a notice was acknowledged or a consent given, by whom and on which day.

    Raises UnsoundSignature.
    """
    today = local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
    name = tidy(signed_by)
    patient = _patient_and_kind(patient_id, kind)
    if not name or len(name) > 200:
        sentence = _("Write the name of the person who signs.")
        raise UnsoundSignature(sentence, signed_by=sentence)
    if signed_on and not patient.born_on <= signed_on <= today:
        sentence = _("A signature is of today or of a day before.")
        raise UnsoundSignature(sentence, signed_on=sentence)
    consent = Consent.objects.create(
        patient=patient,
        kind=kind,
        edition=edition,
        signed_on=signed_on or today,
        signed_by=name,
        document_id=document_id,
        at=by.now,
    )
    record(by, "privacy.notice.signed", consent, kind=kind, edition=edition)
    return consent


@command(needs=Can.EDIT_PATIENTS)
def note_refusal(
    by: Actor, /, *, patient_id: UUID, kind: str = "npp", edition: str = rules.EDITION, because: str
) -> Consent:
    """Note why a notice was not acknowledged: the good-faith effort and its reason. 45 CFR 164.520(c)(2)(ii).

    Raises UnsoundSignature.
    """
    reason = tidy(because)
    patient = _patient_and_kind(patient_id, kind)
    if not reason or len(reason) > 300:
        sentence = _("Choose or write the reason.")
        raise UnsoundSignature(sentence, because=sentence)
    consent = Consent.objects.create(
        patient=patient, kind=kind, edition=edition, refused_because=reason, at=by.now
    )
    record(by, "privacy.notice.refused", consent, kind=kind, edition=edition, because=reason)
    return consent


@command(needs=Can.EDIT_PATIENTS)
def withdraw_consent(by: Actor, /, *, consent_id: UUID) -> Consent:
    """Note that a patient takes a consent back; what was signed stays in the record."""
    consent = Consent.objects.select_for_update().get(pk=consent_id)
    if consent.withdrawn_at:
        raise Refusal(_("That consent was withdrawn already."))
    consent.withdrawn_at = by.now
    consent.save(update_fields=["withdrawn_at"])
    record(by, "privacy.notice.withdrawn", consent, kind=consent.kind)
    return consent


@command(needs=Can.EDIT_PATIENTS)
def take_back_signature(by: Actor, /, *, document_id: UUID) -> list[Consent]:
    """Let what was signed on a paper count for nothing: the paper was filed by mistake. Say what it had given."""
    given = list(Consent.objects.select_for_update().filter(document_id=document_id, withdrawn_at=None))
    for consent in given:
        withdraw_consent(by, consent_id=consent.pk)
    record(
        by,
        "privacy.signature.taken-back",
        patients=sorted({one.patient_id for one in given}),
        paper=str(document_id),
        given=[one.kind for one in given],
    )
    return given


def _patient_and_kind(patient_id: UUID, kind: str) -> Patient:
    if kind not in rules.WORDS:
        raise UnsoundSignature(_("Choose what is signed."), kind=_("Choose one of the list."))
    return Patient.objects.get(pk=patient_id)
