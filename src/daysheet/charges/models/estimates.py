"""Estimates: who asked, by when, what is expected, and every version as it was handed over."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from daysheet.charges.mouth_words import in_words, revenue_in_words
from daysheet.charges.rules.mouth import read_mouth
from daysheet.kernel.models import PracticeRow

LIVE = ("asked", "made", "given")
CANCELLED = "The visit was cancelled."
"""Why an estimate closed by itself; such a visit, standing again, wants one anew."""


class EstimatePolicy(PracticeRow):
    """What this office gives to those who pay themselves, and what it says of other providers."""

    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    """What comes off the fee schedule for who pays without a plan."""
    others_note = models.TextField(blank=True, default="")
    """Who else may send a bill, such as a laboratory."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "estimate_policy"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice"], name="estimate_policy_is_one"),
            models.CheckConstraint(
                name="estimate_policy_takes_off_a_part",
                condition=Q(discount_percent__gte=0, discount_percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class Estimate(PracticeRow):
    """A price that somebody is told before the service: for a booked visit, or because they asked."""

    class Kind(models.TextChoices):
        GOOD_FAITH = "good_faith", _("Good-faith estimate")
        INSURED = "insured", _("Estimate with the plan")

    class State(models.TextChoices):
        ASKED = "asked", _("To be made")
        MADE = "made", _("To be handed over")
        GIVEN = "given", _("Handed over")
        CLOSED = "closed", _("Closed")

    number = models.BigIntegerField()
    kind = models.TextField(choices=Kind.choices)
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="estimates")
    appointment = models.ForeignKey(
        "schedule.Appointment", models.PROTECT, null=True, blank=True, related_name="estimates"
    )
    """The booked visit; none where somebody asked before booking."""
    provider = models.ForeignKey("practice.Provider", models.PROTECT, related_name="+")
    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    coverage = models.ForeignKey("coverage.Coverage", models.PROTECT, null=True, blank=True, related_name="+")
    service_on = models.DateField(null=True, blank=True)
    for_what = models.TextField()
    """The main service, in plain words."""
    has_coverage = models.BooleanField()
    uses_coverage = models.BooleanField()
    """The two answers that decide which paper is due: covered, and means to use it."""
    diagnoses = models.JSONField(default=list)
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    others_note = models.TextField(blank=True, default="")
    separately = models.JSONField(default=list)
    """What is to be scheduled on its own, before or after."""
    unpriced = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    """Usual services that the fee schedule has no price for: each is to be priced, or dropped."""
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    is_request = models.BooleanField(default=False)
    """The patient asked for it; a question about the price is one."""
    due_on = models.DateField(null=True, blank=True)
    """The last day on which it is on time; none where no law asks for it."""
    source_of_due = models.TextField(blank=True, default="")
    state = models.TextField(choices=State.choices, default=State.ASKED)
    why = models.TextField(blank=True, default="")
    """Why a new version is due, or why it was closed."""
    over_by = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    """By how much the bill is over what was handed over, where that is far."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "price_estimate"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="estimate_number_is_own"),
            models.UniqueConstraint(
                fields=["practice", "appointment"],
                condition=Q(state__in=LIVE, appointment__isnull=False),
                name="estimate_of_a_visit_is_one",
            ),
            models.CheckConstraint(
                name="estimate_of_a_plan_names_it",
                condition=~Q(kind="insured") | Q(coverage__isnull=False),
            ),
            models.CheckConstraint(
                name="estimate_good_faith_has_no_plan_to_use",
                condition=Q(kind="insured", has_coverage=True, uses_coverage=True)
                | Q(kind="good_faith", uses_coverage=False),
            ),
            models.CheckConstraint(
                name="estimate_takes_off_a_part",
                condition=Q(discount_percent__gte=0, discount_percent__lte=100),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "due_on"], name="estimate_by_clock"),
            models.Index(fields=["practice", "patient", "asked_at"], name="estimate_by_patient"),
        ]

    def __str__(self) -> str:
        return f"estimate {self.number}"


class EstimateLine(PracticeRow):
    """A service as it is expected now; what was handed over stands in the versions."""

    estimate = models.ForeignKey(Estimate, models.CASCADE, related_name="lines")
    code = models.TextField()
    label = models.TextField()
    units = models.DecimalField(max_digits=8, decimal_places=2, default=1)
    unit_fee = models.DecimalField(max_digits=12, decimal_places=2)
    is_visit = models.BooleanField(default=False)
    mouth = models.TextField(blank=True, default="")
    """Teeth with surfaces, or areas, of a dentist's service, as they are typed: 14 MOD."""
    revenue_code = models.TextField(blank=True, default="", db_default="")
    """Under which the facility will bill it; empty for a clinician's service."""

    class Meta:
        db_table = "price_estimate_line"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "estimate", "code", "revenue_code"], name="estimate_line_stands_once"
            ),
            models.CheckConstraint(name="estimate_line_is_sound", condition=Q(units__gt=0, unit_fee__gte=0)),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def what(self) -> str:
        """Return the service as the patient reads it: with the tooth and its surfaces, or that it is the facility's."""
        place = in_words(read_mouth(self.mouth)) if self.mouth else ""
        beside = ", ".join(filter(None, [place, revenue_in_words(self.revenue_code)]))
        return f"{self.label} ({beside})" if beside else self.label


class EstimateVersion(PracticeRow):
    """An estimate as it was printed, and how it reached the patient. Its figures never change."""

    class Given(models.TextChoices):
        HAND = "hand", _("Handed over on paper")
        POST = "post", _("Sent by post")
        EMAIL = "email", _("Sent by e-mail, as the patient asked")

    estimate = models.ForeignKey(Estimate, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField()
    low = models.DecimalField(max_digits=12, decimal_places=2)
    high = models.DecimalField(max_digits=12, decimal_places=2)
    """What the patient is told: the same twice, or a range."""
    facts = models.JSONField(default=dict)
    """What stands on the paper: lines, parts with where each comes from, what nobody has said."""
    service_on = models.DateField(null=True, blank=True)
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    by_name = models.TextField()
    given_at = models.DateTimeField(null=True, blank=True)
    given_how = models.TextField(choices=Given.choices, blank=True, default="")
    given_by = models.TextField(blank=True, default="")
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        db_table = "price_estimate_version"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "estimate", "number"], name="estimate_version_is_one"
            ),
            models.CheckConstraint(
                name="estimate_version_is_a_range", condition=Q(low__gte=0, high__gte=models.F("low"))
            ),
            models.CheckConstraint(
                name="estimate_version_given_says_how",
                condition=Q(given_at__isnull=True, given_how="")
                | Q(given_at__isnull=False) & ~Q(given_how=""),
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"
