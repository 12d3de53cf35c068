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
