"""Payers, plans, who is covered by what from when to when, and what the payer answered."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from daysheet.coverage import enrolment, injury, notice, telehealth_rule
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.rules.answer import OFFICE_VISIT
from daysheet.coverage.rules.protection import is_medicaid
from daysheet.kernel.models import PracticeRow

ROWS = (
    enrolment.PayerEnrolment,
    enrolment.PlanMerge,
    enrolment.PayerMerge,
    injury.CaseAppointment,
    notice.AdvanceNotice,
    telehealth_rule.TelehealthRule,
)
"""Rows of this room that have files of their own."""


class DateSpan(Func):
    """The half-open span of two days; an open end is for ever."""

    function = "daterange"
    output_field = DateRangeField()


class Payer(PracticeRow):
    """An insurance company as this office deals with it."""

    name = models.TextField()
    payer_id = models.TextField()
    """The id on the wire (NM1*PR 09, PI); empty of one that was written from a card, until a manager completes it."""
    partner = models.ForeignKey(
        "mailroom.TradingPartner", models.PROTECT, null=True, blank=True, related_name="+"
    )
    filing_code = models.TextField(default="CI")
    """SBR09: CI commercial, MB Medicare Part B, MC Medicaid, BL Blue."""
    filing_limit_days = models.PositiveSmallIntegerField(default=90)
    appeal_limit_days = models.PositiveSmallIntegerField(default=180)
    phone = models.TextField(blank=True, default="")
    street = models.TextField(blank=True, default="")
    city = models.TextField(blank=True, default="")
    state = models.TextField(blank=True, default="")
    zip = models.TextField(blank=True, default="")
    enrolment_rule = models.TextField(default="none")
    """Without an approved enrolment: none (not needed), warn, or block."""
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "payer"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "payer_id"], name="payer_id_is_own", condition=~Q(payer_id="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InsurancePlan(PracticeRow):
    """A product of a payer."""

    payer = models.ForeignKey(Payer, models.PROTECT, related_name="plans")
    name = models.TextField()
    kind = models.TextField(default="ppo")
    """ppo, hmo, medicare, medicaid, other"""
    office_copay = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    """What the card says, when the payer does not answer."""
    needs_authorization = models.BooleanField(default=False)
    """A visit needs a prior authorization: the desk is told when none covers the day."""
    needs_referral = models.BooleanField(default=False)
    network = models.TextField(blank=True, default="")
    filing_limit_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """Days to file a claim, where the plan's differ from the payer's."""
    claim_street = models.TextField(blank=True, default="")
    claim_city = models.TextField(blank=True, default="")
    claim_state = models.TextField(blank=True, default="")
    claim_zip = models.TextField(blank=True, default="")
    """Where a claim on paper goes."""
    version = models.PositiveIntegerField(default=1)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "insurance_plan"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "payer", "name"], name="insurance_plan_name_is_free"),
        ]

    def __str__(self) -> str:
        return self.name


class Coverage(PracticeRow):
    """A patient's coverage by a plan, from a day to a day, in a rank. Two of one rank never overlap."""

    class Relationship(models.TextChoices):
        SELF = "self", "Self"
        SPOUSE = "spouse", "Spouse"
        CHILD = "child", "Child"
        OTHER = "other", "Other"

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="coverages")
    plan = models.ForeignKey(InsurancePlan, models.PROTECT, related_name="coverages")
    member_id = models.TextField()
    group_number = models.TextField(blank=True, default="")
    relationship = models.TextField(choices=Relationship.choices, default=Relationship.SELF)
    subscriber_family = models.TextField(blank=True, default="")
    subscriber_given = models.TextField(blank=True, default="")
    subscriber_born_on = models.DateField(null=True, blank=True)
    subscriber_sex = models.TextField(blank=True, default="")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """The first day without it."""
    rank = models.PositiveSmallIntegerField(default=1)
    """1 primary, 2 secondary, 3 tertiary; 0 where it pays for the injury of one case and is no health plan."""
    case = models.OneToOneField(InjuryCase, models.PROTECT, null=True, blank=True, related_name="coverage")
    through = models.TextField(blank=True, default="")
    """group, individual, tricare; empty while nobody has said it. Medicare and Medicaid say it by their plan."""
    work = models.TextField(blank=True, default="")
    """How the holder has a group plan: working, retired, cobra."""
    employer_size = models.TextField(blank=True, default="")
    """under_20, 20_to_99, 100_or_more: Medicare asks for it."""
    of_child = models.TextField(blank=True, default="", db_default="")
    """What the holder is to a child whose parents live apart: custodian, custodians_spouse, parent, parents_spouse."""
    is_of_medicaid = models.BooleanField(default=False, db_default=False)
    """Medicaid runs through this plan (managed care): it protects its member as Medicaid itself does."""
    is_derived = models.BooleanField(default=False)
    """Made up from an import's hints, not seen on a card."""
    benefits_verified_at = models.DateTimeField(null=True, blank=True)
    enrollment_verified_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    card_version = models.PositiveIntegerField(default=1, db_default=1)
    """Counts up when plan, member or subscriber change: what was asked of an earlier card says nothing of this one."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "coverage"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="coverage_ends_after_it_begins",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("starts_on")),
            ),
            ExclusionConstraint(
                name="coverage_rank_is_held_once",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("patient", RangeOperators.EQUAL),
                    ("rank", RangeOperators.EQUAL),
                    (DateSpan("starts_on", "ends_on", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(entered_in_error_at__isnull=True, rank__gt=0),
            ),
            models.CheckConstraint(
                name="coverage_of_a_case_is_no_health_plan",
                condition=Q(case__isnull=True, rank__gt=0) | Q(case__isnull=False, rank=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_relationship_display()} rank {self.rank}"

    @property
    def is_medicaid(self) -> bool:
        """Return whether it is Medicaid's, by its plan, its payer, or because Medicaid runs through the plan."""
        return self.is_of_medicaid or is_medicaid(self.plan.kind, self.plan.payer.filing_code)


class Authorization(PracticeRow):
    """So many visits, hours, days or units that a plan has authorized or a clinician has referred, from a day to a day.

    What is used and booked is counted from the visits, charges and appointments that name it, never kept here.
    """

    class CountedIn(models.TextChoices):
        VISITS = "visits", _("visits")
        HOURS = "hours", _("hours")
        DAYS = "days", _("days of service")
        UNITS = "units", _("units of the services")

    class Kind(models.TextChoices):
        PRIOR = "prior", "Prior authorization"
        REFERRAL = "referral", "Referral"

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="authorizations")
    coverage = models.ForeignKey(Coverage, models.PROTECT, related_name="authorizations")
    kind = models.TextField(choices=Kind.choices)
    number = models.TextField()
    """As the payer or the referring clinician gave it: REF G1 or 9F of the claim."""
    from_name = models.TextField(blank=True, default="")
    from_npi = models.TextField(blank=True, default="")
    what_for = models.JSONField(default=list)
    """Names of visit types or service codes; empty: any."""
    visits_approved = models.PositiveSmallIntegerField(null=True, blank=True)
    """How many, of what `counted_in` says; none: no limit."""
    counted_in = models.TextField(
        choices=CountedIn.choices, default=CountedIn.VISITS, db_default=CountedIn.VISITS.value
    )
    minutes_per_unit = models.PositiveSmallIntegerField(default=15, db_default=15)
    """What a unit on the charge slip stands for, where hours are counted."""
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """The first day without it."""
    end_reason = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "plan_authorization"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="authorization_ends_after_it_begins",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="authorization_approves_something",
                condition=Q(visits_approved__isnull=True) | Q(visits_approved__gte=1),
            ),
            models.CheckConstraint(
                name="authorization_counts_what_there_is",
                condition=Q(counted_in__in=("visits", "hours", "days", "units"), minutes_per_unit__gte=1),
            ),
            models.UniqueConstraint(
                fields=["practice", "coverage", "kind", "number"],
                name="authorization_number_is_entered_once",
                condition=Q(entered_in_error_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient", "starts_on"], name="authorization_by_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class PayingFacts(PracticeRow):
    """What was said about a patient that decides which plan pays first; asked again when it is old."""

    patient = models.OneToOneField("patients.Patient", models.PROTECT, related_name="+")
    parents = models.TextField(blank=True, default="")
    """together, apart"""
    ordered = models.ForeignKey(Coverage, models.PROTECT, null=True, blank=True, related_name="+")
    """The plan of the parent whom a court made responsible."""
    custody = models.ForeignKey(Coverage, models.PROTECT, null=True, blank=True, related_name="+")
    """The plan of the parent with whom the child lives."""
    kidney_since = models.DateField(null=True, blank=True)
    was_disabled = models.TextField(blank=True, default="", db_default="")
    """yes, no: whether Medicare was there by disability when the kidneys failed; empty while nobody has said it."""
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "paying_facts"

    def __str__(self) -> str:
        return f"version {self.version}"


class EligibilityInquiry(PracticeRow):
    """A question to a payer: is this patient covered on this day (270), and what became of it."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        ANSWERED = "answered", "Answered"
        FAILED = "failed", "No answer"

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="eligibility_inquiries")
    coverage = models.ForeignKey(Coverage, models.PROTECT, related_name="inquiries")
    trace = models.TextField()
    service_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    state = models.TextField(choices=State.choices, default=State.ASKED)
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, null=True, blank=True, related_name="+")
    appointment_id = models.UUIDField(null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    """1 for the first question, 2 for the next after the payer could not answer; 0 before tries were counted."""
    again_at = models.DateTimeField(null=True, blank=True)
    """When the payer, which cannot answer now, is asked again by itself."""
    card_version = models.PositiveIntegerField(default=1, db_default=1)
    """Which card of the coverage it was asked about."""

    class Meta:
        db_table = "eligibility_inquiry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "trace"], name="eligibility_trace_is_own"),
            models.UniqueConstraint(
                fields=["practice", "coverage", "service_on"],
                name="eligibility_waits_once",
                condition=Q(state="asked", attempt__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.trace

    @property
    def is_of_this_card(self) -> bool:
        """Return whether plan, member and subscriber are still those that it was asked about."""
        return self.card_version == self.coverage.card_version


class EligibilityResponse(PracticeRow):
    """A payer's answer (271): the verdict in one word, and the figures the desk needs."""

    class Verdict(models.TextChoices):
        ELIGIBLE = "eligible", "Covered"
        INACTIVE = "inactive", "Not covered"
        NOT_FOUND = "not_found", "Not found"
        CANNOT_SAY = "cannot_say", "Payer cannot say"

    class Way(models.TextChoices):
        PHONE = "phone", _("By phone")
        PORTAL = "portal", _("On the payer's portal")

    inquiry = models.OneToOneField(EligibilityInquiry, models.PROTECT, related_name="response")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField()
    verdict = models.TextField(choices=Verdict.choices)
    aaa_code = models.TextField(blank=True, default="")
    sentence = models.TextField()
    next_action = models.TextField(blank=True, default="")
    plan_name = models.TextField(blank=True, default="")
    plan_starts_on = models.DateField(null=True, blank=True)
    plan_ends_on = models.DateField(null=True, blank=True)
    copay = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    deductible = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    deductible_left = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    out_of_pocket_left = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    coinsurance_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    out_of_pocket = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    sources = models.JSONField(default=dict)
    """{figure: {"line": 17, "how": "service type 98, in network", "rivals": [18]}}"""
    copays = models.JSONField(default=dict, db_default={})
    """Of other visits than an office visit, by service type: {"UC": {"amount": "50.00", "line": 5, "how", "rivals"}}"""
    other_payers = models.JSONField(default=list)
    """[{"name", "id", "line", "phone", "member_id"}]"""
    qmb_line = models.PositiveSmallIntegerField(null=True, blank=True)
    """The line that says Qualified Medicare Beneficiary: nothing may be asked of the patient."""
    way = models.TextField(choices=Way.choices, blank=True, default="", db_default="")
    """How a person was told it; empty for an answer that came by wire."""
    told_by = models.TextField(blank=True, default="", db_default="")
    reference = models.TextField(blank=True, default="", db_default="")
    """The number under which the payer keeps the call."""

    class Meta:
        db_table = "eligibility_response"

    def __str__(self) -> str:
        return self.verdict

    def copay_for(self, service: str) -> Decimal | None:
        """Return the copay that the plan named for a visit of a service type, or None."""
        return self.copay if service == OFFICE_VISIT[0] else self.copays_named.get(service)

    @property
    def copays_named(self) -> dict[str, Decimal]:
        """Return the copays that the plan named of other visits than an office visit, by service type."""
        return {service: Decimal(said["amount"]) for service, said in self.copays.items()}

    def how_of(self, service: str) -> str:
        """Return in words where that copay stands."""
        own = self.sources.get("copay", {}) if service == OFFICE_VISIT[0] else self.copays.get(service, {})
        return str(own.get("how", ""))


class BenefitLine(PracticeRow):
    """One EB line of an answer, every one of them, the unknown ones raw."""

    response = models.ForeignKey(EligibilityResponse, models.CASCADE, related_name="benefits")
    line = models.PositiveSmallIntegerField()
    code = models.TextField()
    """EB01."""
    level = models.TextField(blank=True, default="")
    service_types = models.TextField(blank=True, default="")
    """EB03, comma between repeats."""
    insurance_type = models.TextField(blank=True, default="")
    plan = models.TextField(blank=True, default="")
    period = models.TextField(blank=True, default="")
    """EB06."""
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    """EB08 as a fraction: 0.2 is 20 %."""
    network = models.TextField(blank=True, default="")
    """EB12."""
    quantity = models.DecimalField(max_digits=15, decimal_places=3, null=True, blank=True)
    """EB10, such as visits."""
    quantity_of = models.TextField(blank=True, default="")
    """EB09: what is counted."""
    names = models.JSONField(default=list)
    """Whom the line names within LS and LE: [{"role", "name", "id", "phone"}]."""
    message = models.TextField(blank=True, default="")
    words = models.TextField()
    """The line as a sentence."""
    raw = models.TextField(blank=True, default="")

    class Meta:
        db_table = "benefit_line"

    def __str__(self) -> str:
        return f"EB {self.line}"


class EligibilityPolicy(PracticeRow):
    """How this office asks for everybody of a day: how long ahead, and how often a payer is asked again."""

    leads = models.JSONField(default=list)
    """Days before the visit, such as [1, 7]."""
    is_nightly = models.BooleanField(default=True)
    tries = models.PositiveSmallIntegerField(default=4)
    """How often one plan is asked for one day before a person is called."""
    first_wait_minutes = models.PositiveSmallIntegerField(default=15)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "eligibility_policy"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice"], name="eligibility_policy_is_one"),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class EligibilityNotNow(PracticeRow):
    """A row of the list of what needs a person that somebody has put aside, and why."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    service_on = models.DateField()
    kind = models.TextField()
    """What was the matter: another matter of the same visit comes up again."""
    reason = models.TextField()
    noted_at = models.DateTimeField()
    noted_by = models.TextField()
    taken_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "eligibility_not_now"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "patient", "service_on", "kind"],
                name="eligibility_not_now_is_noted_once",
                condition=Q(taken_up_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.kind
