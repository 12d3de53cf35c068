"""Papers: what was scanned, made or received, with its hash."""

from typing import ClassVar

from django.db import models

from daysheet.kernel.models import PracticeRow


class Document(PracticeRow):
    """A paper: its bytes are never changed; a better one is another document."""

    number = models.BigIntegerField()
    kind = models.TextField()
    """card_front, card_back, photo_id, consent, receipt, statement, daysheet, letter, other"""
    title = models.TextField()
    patient = models.ForeignKey(
        "patients.Patient", models.PROTECT, null=True, blank=True, related_name="documents"
    )
    media_type = models.TextField()
    content = models.BinaryField()
    sha256 = models.TextField()
    pages = models.PositiveIntegerField(default=1)
    subject_kind = models.TextField(blank=True, default="")
    subject_id = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    by_name = models.TextField()
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.TextField(blank=True, default="")
    """Filed by mistake: it is shown as that, and counts for nothing."""

    class Meta:
        db_table = "document"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="document_number_is_own"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "subject_id"], name="document_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
