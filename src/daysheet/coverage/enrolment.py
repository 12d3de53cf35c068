"""The rows of enrolment: with which payer this office may exchange claims, questions and remittances by wire."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class PayerEnrolment(PracticeRow):
    """How far the enrolment with a payer has come, for one kind of traffic. No row: not started."""

    class What(models.TextChoices):
        CLAIMS = "claims", _("Claims")
        ELIGIBILITY = "eligibility", _("Eligibility")
        REMITTANCE = "remittance", _("Remittance")

    class State(models.TextChoices):
        NOT_STARTED = "not_started", _("Not started")
        SENT = "sent", _("Sent")
        AT_PAYER = "at_payer", _("At the payer")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        ENDED = "ended", _("Ended")

    payer = models.ForeignKey("coverage.Payer", models.PROTECT, related_name="enrolments")
    what = models.TextField(choices=What.choices)
    state = models.TextField(choices=State.choices, default=State.NOT_STARTED)
    since = models.DateField()
    """The day from which the state holds."""
    number = models.TextField(blank=True, default="")
    """The payer's or the clearinghouse's own number of the request."""
    contact = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    follow_up_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "payer_enrolment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "payer", "what"], name="payer_enrolment_is_one"),
            models.CheckConstraint(
                name="payer_enrolment_that_is_over_is_not_followed_up",
                condition=~Q(state__in=("approved", "ended")) | Q(follow_up_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.get_state_display()}"


class Merge(PracticeRow):
    """Two rows of the library that were one: by whom and when; undone, what went over goes back."""

    merged_at = models.DateTimeField()
    merged_by = models.TextField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class PlanMerge(Merge):
    """Two plans that were one: whose coverages went to the other plan; undone, they go back."""

    kept = models.ForeignKey("coverage.InsurancePlan", models.PROTECT, related_name="+")
    gone = models.ForeignKey("coverage.InsurancePlan", models.PROTECT, related_name="+")
    coverage_ids = models.JSONField(default=list)

    class Meta:
        db_table = "plan_merge"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "gone"],
                name="plan_is_merged_once",
                condition=Q(undone_at__isnull=True),
            ),
        ]


class PayerMerge(Merge):
    """Two payers that were one: what went to the other one, and why; undone, it goes back."""

    kept = models.ForeignKey("coverage.Payer", models.PROTECT, related_name="+")
    gone = models.ForeignKey("coverage.Payer", models.PROTECT, related_name="+")
    reason = models.TextField()
    moved = models.JSONField(default=dict)
    """What went over, by ids: of this room under "coverage", of each room above under its own name."""

    class Meta:
        db_table = "payer_merge"
