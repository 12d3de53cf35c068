"""Notices and consents that a patient has signed, or the reason why not."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daysheet.kernel.models import PracticeRow


class Consent(PracticeRow):
    """A notice acknowledged or a consent given. 45 CFR 164.520(c)(2)(ii): acknowledgment or the reason for none."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="consents")
    kind = models.TextField()
    """npp (notice of privacy practices), treatment, assignment_of_benefits, texting"""
    edition = models.TextField()
    signed_on = models.DateField(null=True, blank=True)
    signed_by = models.TextField(blank=True, default="")
    """Name as typed by the one who signs, with the relationship when not the patient."""
    refused_because = models.TextField(blank=True, default="")
    document_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "consent"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="consent_is_signed_or_has_a_reason",
                condition=Q(signed_on__isnull=False) | ~Q(refused_because=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.edition}"


class OfficeForm(PracticeRow):
    """A form that patients read and sign, or fill in, at the desk. What it says stands in its editions."""

    key = models.TextField()
    consent = models.TextField(blank=True, default="")
    """The notice or consent that a signature under it gives (rules.WORDS), or nothing."""
    needs_signature = models.BooleanField(default=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "office_form"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "key"], name="office_form_key_is_own"),
        ]

    def __str__(self) -> str:
        return self.key


class FormEdition(PracticeRow):
    """What a form says and asks from a day on. Only ever added to: what was signed keeps its edition."""

    form = models.ForeignKey(OfficeForm, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    title = models.TextField()
    title_es = models.TextField(blank=True, default="")
    text = models.TextField()
    text_es = models.TextField(blank=True, default="")
    questions = models.TextField(blank=True, default="")
    """One a line, as they are typed (questions.read_questions)."""
    made_at = models.DateTimeField()
    by_name = models.TextField()

    class Meta:
        db_table = "form_edition"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "form", "number"], name="form_edition_number_is_own"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class FilledForm(PracticeRow):
    """A form that a patient signed or filled in: the answers, the signature, who, when, and which edition."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="filled_forms")
    edition = models.ForeignKey(FormEdition, models.PROTECT, related_name="filled")
    language = models.TextField(default="en")
    answers = models.JSONField(default=dict)
    signed_by = models.TextField(blank=True, default="")
    relationship = models.TextField(blank=True, default="")
    strokes = models.TextField(blank=True, default="")
    """The lines of the signature; nothing where the name was typed and ticked."""
    visit_id = models.UUIDField(null=True, blank=True)
    document_id = models.UUIDField()
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by_name = models.TextField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "filled_form"
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient"], name="filled_form_by_patient"),
            models.Index(fields=["practice", "visit_id"], name="filled_form_by_visit"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}"
