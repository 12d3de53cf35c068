"""The practice as tenant, the audit diary, counters, form keys and drafts."""

from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.expressions import Func

from daysheet.kernel import clock
from daysheet.kernel.ids import new_id
from daysheet.kernel.tenancy import acting_practice_id

Row = TypeVar("Row", bound=models.Model)


class Practice(models.Model):
    """A practice: the wall around an office's rows. Global, and no more of it is public than its name."""

    class Kind(models.TextChoices):
        OFFICE = "office", "Medical office"
        BILLING = "billing", "Billing service"
        PAYER = "payer", "Insurance company"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField(unique=True)
    kind = models.TextField(choices=Kind.choices, default=Kind.OFFICE)
    zone_name = models.TextField(default="America/New_York")
    is_training = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    clock_at = models.DateTimeField(null=True, blank=True)
    """A training practice's own clock; NULL follows the real one."""
    clock_set_at = models.DateTimeField(null=True, blank=True)
    """The real moment since which that clock runs on; NULL: it stands still."""
    words = models.TextField(blank=True, default="")
    """Whose words its screens use (`locale/en_X-<words>`), such as dental; empty: a medical office's."""
    is_own = models.BooleanField(default=False)
    """It was opened by the founding page: that stays closed, and no play takes its name."""
    created_at = models.DateTimeField(default=clock.system_now)

    class Meta:
        db_table = "practice"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="practice_clock_is_for_training_only",
                condition=models.Q(clock_at__isnull=True) | models.Q(is_training=True),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the practice's main door."""
        return ZoneInfo(self.zone_name)

    def now(self) -> datetime:
        """Return the moment on the practice's clock."""
        if self.clock_at is None:
            return clock.system_now()
        if self.clock_set_at is None:
            return self.clock_at
        return self.clock_at + (clock.system_now() - self.clock_set_at)


class PracticeQuerySet(models.QuerySet[Row]):
    """Rows of the acting practice; rooms add named filters in subclasses with names of their own."""


class PracticeManager(models.Manager[Row]):
    """The rows of the acting practice, and of no other; none when no practice acts."""

    def get_queryset(self) -> models.QuerySet[Row]:
        """Return the acting practice's rows: a second wall before the database's own."""
        return super().get_queryset().filter(practice_id=acting_practice_id())


class PracticeRow(models.Model):
    """A row that belongs to a practice. The practice is filled in from the acting one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practice = models.ForeignKey(
        Practice, models.PROTECT, default=acting_practice_id, db_index=False, related_name="+", editable=False
    )

    objects: ClassVar[PracticeManager[Self]] = PracticeManager()

    class Meta:
        abstract = True


class TransactionId(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's 64-bit transaction id, set by the database."""

    def db_type(self, connection: Any) -> str:
        """Return the column type."""
        return "xid8"


class CurrentTransaction(Func):
    """The id of the running transaction."""

    function = "pg_current_xact_id"
    template = "%(function)s()"


class AuditLine(models.Model):
    """A line of the diary: who did or saw what, when, about whom. Only ever added to; no foreign keys."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practice_id = models.UUIDField(default=acting_practice_id)
    at = models.DateTimeField()
    action = models.TextField()
    """room.noun.past-verb"""
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField()
    actor_role = models.TextField()
    workstation = models.TextField(default="", blank=True)
    purpose = models.TextField(default="", blank=True)
    subject_kind = models.TextField(default="", blank=True)
    subject_id = models.UUIDField(null=True)
    patient_ids = ArrayField(models.UUIDField(), default=list)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    xid = TransactionId(db_default=CurrentTransaction())

    class Meta:
        db_table = "audit_line"
        indexes: ClassVar = [
            models.Index(fields=["practice_id", "at"], name="audit_line_by_time"),
            models.Index(fields=["practice_id", "subject_id"], name="audit_line_by_subject"),
            models.Index(fields=["xid"], name="audit_line_by_xid"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name}: {self.action}"


class AuditPatient(models.Model):
    """Which lines of the diary name a patient: the way from a chart to its readers."""

    id = models.BigAutoField(primary_key=True)
    practice_id = models.UUIDField()
    patient_id = models.UUIDField()
    line_id = models.UUIDField()

    class Meta:
        db_table = "audit_patient"
        indexes: ClassVar = [
            models.Index(fields=["practice_id", "patient_id", "line_id"], name="audit_patient_lines")
        ]

    def __str__(self) -> str:
        return f"line {self.line_id}"


class AuditSeal(models.Model):
    """A link of a practice's hash chain: line number `seq`, and the hash over it and all before it."""

    id = models.BigAutoField(primary_key=True)
    practice_id = models.UUIDField()
    seq = models.BigIntegerField()
    line_id = models.UUIDField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "audit_seal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice_id", "seq"], name="audit_seal_numbers_have_no_twins"),
            models.UniqueConstraint(fields=["practice_id", "line_id"], name="audit_line_is_sealed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.seq}"


class AuditHorizon(models.Model):
    """How far the sealer has come: every line of an older transaction is sealed. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    next_xid = TransactionId()

    class Meta:
        db_table = "audit_horizon"

    def __str__(self) -> str:
        return "sealed up to here"


class Counter(PracticeRow):
    """The next of the numbers that people say aloud: chart, claim, receipt."""

    name = models.TextField()
    next = models.BigIntegerField(default=1)

    class Meta:
        db_table = "counter"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="counter_has_one_name")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.next}"


class OnceKey(PracticeRow):
    """A writing form that has been answered: the same form pressed again gets the same answer, and no act."""

    key = models.TextField()
    user_id = models.UUIDField(null=True)
    path = models.TextField()
    status = models.SmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "once_key"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "key"], name="form_is_answered_once")
        ]

    def __str__(self) -> str:
        return self.key


class Draft(PracticeRow):
    """What a person has typed into a form and not yet saved. Kept seven days, for that person alone."""

    user_id = models.UUIDField()
    form = models.TextField()
    """The path of the form's page, which names its subject."""
    fields = models.JSONField(default=dict)
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "draft"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "user_id", "form"], name="draft_is_one_per_form")
        ]

    def __str__(self) -> str:
        return self.form
