"""Fees, diagnoses and charges."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daysheet.charges.mouth_words import in_words, prosthesis_in_words, revenue_in_words
from daysheet.charges.rules.mouth import PROSTHESES, REPLACEMENT, Mouth, as_mouth
from daysheet.kernel.models import PracticeRow
from daysheet.kernel.money import usd


class FeeItem(PracticeRow):
    """A line of the office's fee schedule: a procedure code by shape, the office's own label, its price from a day."""

    code = models.TextField()
    label = models.TextField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    is_favourite = models.BooleanField(default=False)
    is_dental = models.BooleanField(default=False)
    """A service of dentistry: in an office that bills both kinds it goes on a dental claim."""
    revenue_code = models.TextField(blank=True, default="")
    """Four digits: a service of the facility, which an office that bills for it puts on an institutional claim."""
    revenue_prices = models.JSONField(default=dict, db_default={})
    """{revenue code: price}, where a line of the facility costs something else than the service itself."""
    mouth_need = models.TextField(blank=True, default="", db_default="")
    """What a dentist's line must name: tooth, surfaces (of a tooth), area, or nothing."""
    is_prosthesis = models.BooleanField(default=False, db_default=False)
    """A crown, bridge or denture: its line says whether it is the first one."""

    class Meta:
        db_table = "fee_item"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "code", "starts_on"], name="fee_item_price_is_one_from_a_day"
            ),
            models.CheckConstraint(name="fee_item_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="fee_item_revenue_code_has_four_digits",
                condition=Q(revenue_code__regex=r"^([0-9]{4})?$"),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def revenue_for(self, told: str) -> str:
        """Return under which revenue code the facility bills a line: the one that is told, else the service's own."""
        return told or self.revenue_code

    def price_for(self, revenue_code: str) -> Decimal:
        """Return what a line costs: of the facility by its revenue code, where that has a price of its own."""
        own = self.revenue_prices.get(revenue_code) if revenue_code else None
        return self.amount if own is None else usd(own)

    @property
    def prices_in_words(self) -> str:
        """Return the prices of the facility's lines, as they are typed."""
        return ", ".join(f"{code} {amount}" for code, amount in sorted(self.revenue_prices.items()))


class VisitDiagnosis(PracticeRow):
    """A diagnosis of a visit, in its rank (ICD-10-CM, with the dot)."""

    visit = models.ForeignKey("visits.Visit", models.CASCADE, related_name="diagnoses")
    rank = models.PositiveSmallIntegerField()
    code = models.TextField()
    label = models.TextField()

    class Meta:
        db_table = "visit_diagnosis"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "visit", "rank"], name="visit_diagnosis_rank_is_one"),
            models.UniqueConstraint(fields=["practice", "visit", "code"], name="visit_diagnosis_stands_once"),
            models.CheckConstraint(
                name="visit_diagnosis_is_one_of_twelve", condition=Q(rank__gte=1, rank__lte=12)
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Charge(PracticeRow):
    """A service line of a visit: its price, its pointers; posted once, voided by reversal, never edited after."""

    class State(models.TextChoices):
        DRAFT = "draft", "On the slip"
        POSTED = "posted", "Posted"
        VOIDED = "voided", "Voided"

    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="charges")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="charges")
    provider = models.ForeignKey("practice.Provider", models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    code = models.TextField()
    label = models.TextField()
    modifiers = models.JSONField(default=list)
    units = models.DecimalField(max_digits=8, decimal_places=2, default=1)
    unit_fee = models.DecimalField(max_digits=12, decimal_places=2)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    pointers = models.JSONField(default=list)
    """Ranks of the visit's diagnoses, the first the most important, four at most."""
    teeth = models.JSONField(default=list)
    """[[number, surfaces]] of a dentist's work, such as [["14", "MOD"]]."""
    areas = models.JSONField(default=list)
    """Areas of the mouth instead, by their codes on the wire."""
    prosthesis = models.TextField(blank=True, default="")
    """I placed for the first time, R a replacement; empty for all else."""
    prior_placed_on = models.DateField(null=True, blank=True)
    """When the one was placed that is replaced."""
    revenue_code = models.TextField(blank=True, default="")
    """Under which the facility bills it, as it was when the line was entered; empty for a clinician's."""
    service_on = models.DateField()
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    entry_id = models.UUIDField(null=True, blank=True)
    """The ledger entry that posted it."""
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    """The line in whose place it stands since a claim was corrected."""
    entered_at = models.DateTimeField()
    entered_by = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "charge"
        constraints: ClassVar = [
            models.CheckConstraint(name="charge_units_are_above_zero", condition=Q(units__gt=0)),
            models.CheckConstraint(name="charge_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="charge_revenue_code_has_four_digits", condition=Q(revenue_code__regex=r"^([0-9]{4})?$")
            ),
            models.CheckConstraint(name="charge_prosthesis_is_known", condition=Q(prosthesis__in=PROSTHESES)),
            models.CheckConstraint(
                name="charge_prior_placement_is_replaced",
                condition=Q(prior_placed_on__isnull=True) | Q(prosthesis=REPLACEMENT),
            ),
            models.CheckConstraint(
                name="charge_posted_has_an_entry",
                condition=Q(state="draft") | Q(entry_id__isnull=False) | Q(amount=0),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "visit", "rank"], name="charge_by_visit"),
            models.Index(fields=["practice", "service_on"], name="charge_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount}"

    @property
    def mouth(self) -> Mouth:
        """Return where in the mouth it was done; nowhere for most."""
        return as_mouth(self.teeth, self.areas)

    @property
    def where_in_words(self) -> str:
        """Return tooth and surfaces, or the area, what is said of a prosthesis, or the revenue code, in words."""
        told = (
            in_words(self.mouth),
            prosthesis_in_words(self.prosthesis, self.prior_placed_on),
            revenue_in_words(self.revenue_code),
        )
        return ". ".join(part for part in told if part)
