"""Patients: who they are, how they are reached, who owes, and every change to it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from daysheet.kernel.models import PracticeRow


class Patient(PracticeRow):
    """A person the office cares for."""

    class Sex(models.TextChoices):
        FEMALE = "F", "Female"
        MALE = "M", "Male"
        UNKNOWN = "U", "Not known"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PROSPECTIVE = "prospective", "Prospective"
        INACTIVE = "inactive", "Inactive"
        DECEASED = "deceased", "Deceased"

    chart_number = models.BigIntegerField()
    family = models.TextField()
    given = models.TextField()
    middle = models.TextField(blank=True, default="")
    suffix = models.TextField(blank=True, default="")
    preferred = models.TextField(blank=True, default="")
    former_family = models.TextField(blank=True, default="")
    born_on = models.DateField()
    sex = models.TextField(choices=Sex.choices, default=Sex.UNKNOWN)
    pronouns = models.TextField(blank=True, default="")
    status = models.TextField(choices=Status.choices, default=Status.ACTIVE)
    deceased_on = models.DateField(null=True, blank=True)
    street = models.TextField(blank=True, default="")
    street2 = models.TextField(blank=True, default="")
    city = models.TextField(blank=True, default="")
    state = models.TextField(blank=True, default="")
    zip = models.TextField(blank=True, default="")
    email = models.TextField(blank=True, default="")
    language = models.TextField(default="en")
    needs_interpreter = models.BooleanField(default=False)
    photo_id = models.UUIDField(null=True, blank=True)
    """The document that shows the face, if there is one."""
    usual_provider = models.ForeignKey(
        "practice.Provider", models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True, default="")
    emancipated_on = models.DateField(null=True, blank=True)
    """Since when a minor is one no more, by a court or by law."""
    has_alerts = models.BooleanField(default=False)
    """An alert was written that nobody has ended: only then are alerts looked for."""
    is_in_care = models.BooleanField(default=False, db_default=False)
    """An agency's care is recorded that nobody has ended: only then is it looked for."""
    version = models.PositiveIntegerField(default=1)
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "patient"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "chart_number"], name="patient_chart_number_is_own"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "born_on"], name="patient_by_birth"),
            models.Index(fields=["practice", "family", "given"], name="patient_by_name"),
        ]

    def __str__(self) -> str:
        called = f" ({self.preferred})" if self.preferred else ""
        return f"{self.family.upper()}, {self.given}{called}"


class PatientPhone(PracticeRow):
    """A phone number of a patient, with what the patient allows on it."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="phones")
    number = models.TextField()
    """E.164."""
    kind = models.TextField(default="mobile")
    may_text = models.BooleanField(default=False)
    may_leave_message = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(default=1)

    class Meta:
        db_table = "patient_phone"
        indexes: ClassVar = [models.Index(fields=["practice", "number"], name="patient_phone_by_number")]

    def __str__(self) -> str:
        return self.number[-4:]


class PatientContact(PracticeRow):
    """A person around the patient: emergency contact, parent, the one who may hear."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="contacts")
    name = models.TextField()
    relationship = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")
    is_emergency = models.BooleanField(default=True)
    may_hear = models.BooleanField(default=False)

    class Meta:
        db_table = "patient_contact"

    def __str__(self) -> str:
        return self.relationship


class Guarantor(PracticeRow):
    """Who owes what the plan does not pay; the patient, when no other is named."""

    patient = models.OneToOneField(Patient, models.CASCADE, related_name="guarantor")
    is_self = models.BooleanField(default=True)
    name = models.TextField(blank=True, default="")
    relationship = models.TextField(blank=True, default="")
    street = models.TextField(blank=True, default="")
    city = models.TextField(blank=True, default="")
    state = models.TextField(blank=True, default="")
    zip = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")

    class Meta:
        db_table = "guarantor"

    def __str__(self) -> str:
        return "self" if self.is_self else self.relationship


class PatientIdentifier(PracticeRow):
    """A number by which another system knows the patient (old chart, driver licence, import key)."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="identifiers")
    system = models.TextField()
    value = models.TextField()

    class Meta:
        db_table = "patient_identifier"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "system", "value"], name="patient_identifier_is_own"),
        ]

    def __str__(self) -> str:
        return self.system


class PatientChange(PracticeRow):
    """One saved change of a patient's data: the fields, old and new. Only ever added to.

    It outlives a chart that was taken back, so the database does not tie it to one.
    """

    patient = models.ForeignKey(Patient, models.DO_NOTHING, related_name="changes", db_constraint=False)
    at = models.DateTimeField()
    by_name = models.TextField()
    fields = models.JSONField()
    """{field: [old, new]}"""

    class Meta:
        db_table = "patient_change"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class PatientKey(PracticeRow):
    """A row by which search finds a patient: a name, a sound, a phone tail. Looked up with = alone."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="keys", db_index=False)
    kind = models.TextField()
    """name, sound, nick, near (one letter left out), phone and kin (endings), number"""
    key = models.TextField()

    class Meta:
        db_table = "patient_key"
        indexes: ClassVar = [
            models.Index(fields=["practice", "kind", "key", "patient"], name="patient_key_lookup"),
            models.Index(fields=["practice", "patient"], name="patient_key_of_patient"),
        ]

    def __str__(self) -> str:
        return self.kind


class ChartItem(PracticeRow):
    """A line of the read-only chart abstract: condition, allergy, medication, immunization, procedure."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="chart_items")
    kind = models.TextField()
    code_system = models.TextField(blank=True, default="")
    code = models.TextField(blank=True, default="")
    label = models.TextField()
    began_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True, default="")
    """Where it was imported from, with the row's own key there."""

    class Meta:
        db_table = "chart_item"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "patient", "source"],
                condition=~Q(source=""),
                name="chart_item_comes_once",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class PatientAlert(PracticeRow):
    """A sentence about a patient that people must not miss: for whom, where it is read out, until when."""

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", "Everybody"
        DESK = "desk", "The desk"
        PHONES = "phones", "The phones"
        BILLING = "billing", "Billing"
        CLINICAL = "clinical", "Clinicians"

    class Tone(models.TextChoices):
        ATTENTION = "attention", "Attention"
        STOP = "stop", "Stop"
        NEUTRAL = "neutral", "Good to know"

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="alerts")
    words = models.TextField()
    audience = models.TextField(choices=Audience.choices, default=Audience.EVERYBODY)
    tone = models.TextField(choices=Tone.choices, default=Tone.ATTENTION)
    until_on = models.DateField(null=True, blank=True)
    """The last day on which it stands."""
    places = ArrayField(models.TextField(), default=list)
    """Where it is read out: book, check_in, call, check_out, money."""
    must_confirm = models.BooleanField(default=False)
    """The person at such a place says with a tick that it was read."""
    made_at = models.DateTimeField()
    made_by = models.TextField()
    version = models.PositiveIntegerField(default=1)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.TextField(blank=True, default="")
    closed_because = models.TextField(blank=True, default="")

    class Meta:
        db_table = "patient_alert"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="patient_alert_is_closed_by_somebody",
                condition=Q(closed_at=None, closed_by="") | (Q(closed_at__isnull=False) & ~Q(closed_by="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient"], name="patient_alert_of_patient"),
            models.Index(
                fields=["practice", "until_on"],
                condition=Q(closed_at=None, until_on__isnull=False),
                name="patient_alert_by_end",
            ),
        ]

    def __str__(self) -> str:
        return self.audience

    @property
    def tick(self) -> str:
        """Return what a ticked box names: the alert in the words that were read."""
        return f"{self.pk}:{self.version}"


class AlertStep(PracticeRow):
    """What happened to an alert: made, changed, read by somebody, ended, opened again. Only ever added to.

    It outlives an alert that was taken back, so the database does not tie it to one.
    """

    alert = models.ForeignKey(PatientAlert, models.DO_NOTHING, related_name="steps", db_constraint=False)
    kind = models.TextField()
    """made, changed, read, closed, reopened"""
    at = models.DateTimeField()
    on_day = models.DateField()
    by_name = models.TextField()
    user_id = models.UUIDField(null=True)
    place = models.TextField(blank=True, default="")
    alert_version = models.PositiveIntegerField()
    said = models.TextField(blank=True, default="")
    """The words before a change, or why it was ended."""

    class Meta:
        db_table = "patient_alert_step"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "alert", "alert_version", "place", "user_id", "on_day"],
                condition=Q(kind="read"),
                name="patient_alert_is_read_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class ContactRight(PracticeRow):
    """What a person around a patient may do or must do: bring, hear, sign, owe. A new word ends the one before."""

    contact = models.ForeignKey(PatientContact, models.CASCADE, related_name="rights")
    act = models.TextField()
    """bring, hear, sign, owe"""
    says = models.TextField()
    """yes, limits, no"""
    topics = ArrayField(models.TextField(), default=list)
    """What may be told, when not all: times, money, health."""
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    ordered_on = models.DateField(null=True, blank=True)
    """The day of the court order that says so."""
    paper = models.TextField(blank=True, default="")
    """The paper that proves it, as it is called among the patient's papers."""
    made_at = models.DateTimeField()
    made_by = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "contact_right"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "contact", "act"],
                condition=Q(ended_at=None),
                name="contact_right_has_one_word",
            ),
            models.CheckConstraint(
                name="contact_right_says_a_word", condition=Q(says__in=("yes", "limits", "no"))
            ),
        ]

    def __str__(self) -> str:
        return self.act


class ChildInCare(PracticeRow):
    """A child in the care of an agency, as its papers say. A new word ends the one before."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="cares")
    agency = models.TextField()
    agency_phone = models.TextField(blank=True, default="")
    worker = models.TextField(blank=True, default="")
    """The caseworker, who changes: see until when."""
    worker_phone = models.TextField(blank=True, default="")
    worker_until_on = models.DateField(null=True, blank=True)
    foster = models.ForeignKey(
        PatientContact, models.RESTRICT, null=True, blank=True, related_name="fosterings"
    )
    """With whom the child is placed; none: a home, or not said."""
    routine = models.TextField(default="ask")
    """Who may consent to routine care: foster, agency, parents, court, ask."""
    more = models.TextField(default="ask")
    """Who is asked for more than that."""
    owes = models.TextField(default="ask")
    """medicaid, agency, parents, ask; never who fosters."""
    hear = ArrayField(models.TextField(), default=list)
    """Who is told, beside the office: agency, foster, parents."""
    parents_rights = models.TextField(default="ask")
    """kept, limited, ended, ask"""
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    ordered_on = models.DateField(null=True, blank=True)
    """The day of the court order."""
    paper = models.TextField(blank=True, default="")
    """The court order, as it is called among the patient's papers."""
    made_at = models.DateTimeField()
    made_by = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.TextField(blank=True, default="")
    ended_because = models.TextField(blank=True, default="")

    class Meta:
        db_table = "child_in_care"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "patient"], condition=Q(ended_at=None), name="child_in_care_has_one_word"
            ),
            models.CheckConstraint(
                name="child_in_care_never_lets_who_fosters_owe",
                condition=Q(owes__in=("medicaid", "agency", "parents", "ask")),
            ),
        ]

    def __str__(self) -> str:
        return self.routine


class Bringing(PracticeRow):
    """Who came with a minor to a visit, whether that person may, and why the desk went on all the same."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="bringings")
    visit_id = models.UUIDField()
    contact = models.ForeignKey(PatientContact, models.SET_NULL, null=True, related_name="+")
    name = models.TextField()
    word = models.TextField()
    """yes, limits, no, ask: what the rule answered"""
    because = models.TextField(blank=True, default="")
    is_emergency = models.BooleanField(default=False)
    at = models.DateTimeField()
    by_name = models.TextField()

    class Meta:
        db_table = "patient_bringing"
        indexes: ClassVar = [models.Index(fields=["practice", "visit_id"], name="patient_bringing_to_visit")]

    def __str__(self) -> str:
        return self.word
