"""One work list row under every screen that waits for a person."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daysheet.kernel.models import PracticeRow


class WorkqueueItem(PracticeRow):
    """Something a person must do, until when and by which source, whose it is, and how it was closed."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        WAITING = "waiting", "Waiting on another"
        CLOSED = "closed", "Closed"

    number = models.BigIntegerField()
    kind = models.TextField()
    """call_back, denial, rejection, parked_remittance, eligibility, unresolved_visit, missing_charge, unmatched, other"""
    subject_kind = models.TextField(blank=True, default="")
    subject_id = models.UUIDField(null=True, blank=True)
    patient = models.ForeignKey(
        "patients.Patient", models.PROTECT, null=True, blank=True, related_name="work_items"
    )
    reason_code = models.TextField()
    sentence = models.TextField()
    """What is to be done, in words."""
    link = models.TextField(blank=True, default="")
    """Where it is done: a path within the office."""
    due_at = models.DateTimeField()
    source_of_due = models.TextField()
    """office rule 4 h, payer: appeal 180 days, law: 30 days"""
    role = models.TextField()
    """Whose kind of work: receptionist, biller, coder, clinician, office_manager, privacy_officer."""
    owner = models.ForeignKey(
        "practice.Membership", models.PROTECT, null=True, blank=True, related_name="work_items"
    )
    handed_from = models.ForeignKey(
        "practice.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Who handed it over, and gets it back; nobody when it was not handed over."""
    state = models.TextField(choices=State.choices, default=State.OPEN)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_name = models.TextField(blank=True, default="")
    action_code = models.TextField(blank=True, default="")

    class Meta:
        db_table = "workqueue_item"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="workqueue_item_number_is_own"),
            models.CheckConstraint(
                name="workqueue_item_closes_with_an_action_code",
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(action_code="")),
            ),
            models.UniqueConstraint(
                fields=["practice", "kind", "subject_id"],
                condition=~Q(state="closed") & Q(subject_id__isnull=False),
                name="workqueue_item_is_open_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "due_at"], name="workqueue_item_by_clock"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class WorkqueueStep(PracticeRow):
    """What happened to an item: opened, handed over with a reason, snoozed, closed. Only ever added to."""

    item = models.ForeignKey(WorkqueueItem, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by_name = models.TextField()
    verb = models.TextField()
    reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "workqueue_step"

    def __str__(self) -> str:
        return self.verb
