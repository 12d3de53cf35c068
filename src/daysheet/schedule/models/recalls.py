"""Rows of recalls: which visits come again, when each patient is due, and what was done to bring the patient in."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class RecallType(PracticeRow):
    """A visit that comes again: every so many months after a visit of some kinds, for patients of an age and sex."""

    name = models.TextField()
    every_months = models.PositiveSmallIntegerField()
    visit_type = models.ForeignKey("schedule.AppointmentType", models.PROTECT, related_name="+")
    """The kind of visit that is booked for it."""
    after_types = ArrayField(models.UUIDField(), default=list)
    """Kinds of visit from whose last one it is counted."""
    youngest = models.PositiveSmallIntegerField(null=True, blank=True)
    oldest = models.PositiveSmallIntegerField(null=True, blank=True)
    for_sex = models.TextField(blank=True, default="")
    lapses_after_months = models.PositiveSmallIntegerField(default=12)
    """So long after the due day the patient leaves the ordinary list and is one to win back."""
    most_contacts = models.PositiveSmallIntegerField(default=3)
    """As often a patient who has lapsed is contacted, and no more."""
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "recall_type"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="recall_type_name_is_free"),
            models.CheckConstraint(
                name="recall_type_comes_in_1_to_120_months",
                condition=Q(every_months__gte=1, every_months__lte=120),
            ),
            models.CheckConstraint(
                name="recall_type_ages_are_in_order", condition=Q(oldest__gte=F("youngest"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RecallStep(PracticeRow):
    """A step of the ladder: so many days before or after the due day, by which way."""

    class Way(models.TextChoices):
        LETTER = "letter", _("Letter")
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")
        CALL = "call", _("Call")

    type = models.ForeignKey(RecallType, models.CASCADE, related_name="steps")
    days = models.SmallIntegerField()
    """Below zero: before the due day."""
    way = models.TextField(choices=Way.choices)

    class Meta:
        db_table = "recall_step"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "type", "days"], name="recall_step_has_a_day_of_its_own"
            ),
            models.CheckConstraint(
                name="recall_step_is_within_a_year", condition=Q(days__gte=-365, days__lte=365)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days} {self.way}"


class Recall(PracticeRow):
    """When a patient is due for a visit that comes again, and whether the patient is to hear of it."""

    class Stopped(models.TextChoices):
        LATER = "later", _("Wants to be asked later")
        BALANCE = "balance", _("Until the balance is paid")
        DECLINED = "declined", _("Declined")
        TRANSFERRED = "transferred", _("Goes to another office")
        DECEASED = "deceased", _("Has died")
        NOT_NEEDED = "not_needed", _("Clinician says it is not needed")

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="recalls")
    type = models.ForeignKey(RecallType, models.PROTECT, related_name="recalls")
    last_on = models.DateField(null=True, blank=True)
    """The last visit from which it is counted."""
    worked_out_on = models.DateField(null=True, blank=True)
    """The due day as it follows from that visit; empty while the patient is not of those meant."""
    own_due_on = models.DateField(null=True, blank=True)
    """The due day that a person set; it counts until the next visit of its kind."""
    own_reason = models.TextField(blank=True, default="")
    set_before_on = models.DateField(null=True, blank=True)
    """The set day that a visit has made void: it counts again when that visit is taken back."""
    set_before_reason = models.TextField(blank=True, default="", db_default="")
    gave_way_on = models.DateField(null=True, blank=True)
    """The day of the visit that made it void."""
    due_on = models.DateField(null=True, blank=True)
    """The day that counts: the set one, else the one that was worked out."""
    own_every_months = models.PositiveSmallIntegerField(null=True, blank=True)
    """After so many months it comes again for this patient; empty: as for all."""
    stopped = models.TextField(choices=Stopped.choices, blank=True, default="")
    stopped_until = models.DateField(null=True, blank=True)
    """The day on which it counts again by itself; empty: not before somebody says so."""
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.TextField(blank=True, default="")
    stopped_words = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "recall"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "patient", "type"], name="recall_is_one_for_a_patient"
            ),
            models.CheckConstraint(
                name="recall_that_waits_says_until_when",
                condition=~Q(stopped="later") | Q(stopped_until__isnull=False),
            ),
            models.CheckConstraint(
                name="recall_of_own_comes_in_1_to_120_months",
                condition=Q(own_every_months__gte=1, own_every_months__lte=120),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "due_on"], name="recall_by_day")]

    def __str__(self) -> str:
        return f"due {self.due_on}"

    @property
    def every_months(self) -> int:
        """Return after how many months it comes again for this patient."""
        return self.own_every_months or self.type.every_months

    def stopped_on(self, day: date) -> bool:
        """Return whether the patient is not to hear of it on a day."""
        return bool(self.stopped) and (self.stopped_until is None or self.stopped_until > day)


class RecallContact(PracticeRow):
    """What was done about a recall once: a step of its ladder, or a contact beyond it."""

    class Outcome(models.TextChoices):
        SENT = "sent", _("Sent")
        SPOKE = "spoke", _("Spoke with the patient")
        LEFT_MESSAGE = "left_message", _("Left a message")
        NO_ANSWER = "no_answer", _("No answer")
        WRONG_NUMBER = "wrong_number", _("Wrong number")

    recall = models.ForeignKey(Recall, models.PROTECT, related_name="contacts")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    due_on = models.DateField()
    """The due day that it was about."""
    days = models.SmallIntegerField(null=True, blank=True)
    """The step of the ladder that it was; empty: beyond the ladder."""
    way = models.TextField(choices=RecallStep.Way.choices)
    outcome = models.TextField(choices=Outcome.choices)
    words = models.TextField(blank=True, default="")
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    by_name = models.TextField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "recall_contact"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "recall", "due_on", "days"],
                condition=Q(taken_back_at__isnull=True, days__isnull=False),
                name="recall_step_is_done_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "recall"], name="recall_contact_by_recall")]

    def __str__(self) -> str:
        return f"{self.way} {self.at:%Y-%m-%d}"


class NoRecalls(PracticeRow):
    """A patient who asks not to be contacted about visits that come again."""

    patient = models.OneToOneField("patients.Patient", models.PROTECT, related_name="+")
    reason = models.TextField()
    since = models.DateTimeField()
    by_name = models.TextField()

    class Meta:
        db_table = "no_recalls"

    def __str__(self) -> str:
        return f"since {self.since:%Y-%m-%d}"


class RecallSending(PracticeRow):
    """Whether letters and messages of recalls go out by themselves, and at which hours of the office's clock."""

    is_on = models.BooleanField(default=False)
    from_clock = models.TimeField()
    to_clock = models.TimeField()
    changed_at = models.DateTimeField()
    changed_by = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "recall_sending"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice"], name="recall_sending_is_one_for_an_office"),
            models.CheckConstraint(
                name="recall_sending_ends_after_it_begins", condition=Q(to_clock__gt=F("from_clock"))
            ),
        ]

    def __str__(self) -> str:
        return "on" if self.is_on else "off"


class RecallRun(PracticeRow):
    """What went out by itself on one day."""

    on_day = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    letters = models.PositiveIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)
    is_over = models.BooleanField(default=False)
    """Nothing more goes by itself on that day: what comes due later waits for the next morning, or for a person."""

    class Meta:
        db_table = "recall_run"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "on_day"], name="recall_run_is_one_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.on_day}: {self.letters} and {self.messages}"
