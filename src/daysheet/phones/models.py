"""Calls and their steps, the reasons people call for, flagged numbers, the telephone system's door and lines."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class CallReason(PracticeRow):
    """Why people call: what to ask, whose calls these are, at what hours, how soon to call back, which room is next."""

    class Door(models.TextChoices):
        NONE = "", "No room of its own"
        BOOK = "book", "Book a visit"
        MESSAGE = "message", "Message to a colleague"
        REFILL = "refill", "Refill request"
        RECORDS = "records", "Papers and records"
        BILL = "bill", "The account"

    words = models.TextField()
    ask = models.TextField(blank=True, default="")
    """What to ask the caller, one question a line."""
    door = models.TextField(choices=Door.choices, blank=True, default=Door.NONE)
    """Where such a call is dealt with."""
    role = models.TextField()
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    """Between which times of day `role` takes them; both empty: always."""
    fallback = models.TextField(blank=True, default="")
    """The role that takes them outside those hours; empty: the same."""
    call_back_minutes = models.PositiveIntegerField(default=240)
    becomes_task = models.BooleanField(default=False)
    rank = models.PositiveIntegerField(default=100)
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "call_reason"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "words"],
                condition=Q(retired_at__isnull=True),
                name="call_reason_words_are_own",
            ),
            models.CheckConstraint(
                name="call_reason_hours_come_in_pairs",
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.words


class RedFlag(PracticeRow):
    """Something a caller says that comes before all else, with the words to answer it and where the caller belongs."""

    class GoesTo(models.TextChoices):
        EMERGENCY = "911", "Call 911"
        CRISIS = "988", "988, the crisis line"
        POISON = "poison", "Poison control"
        NURSE = "nurse", "A nurse, at once"

    words = models.TextField()
    say = models.TextField()
    """The words to say first."""
    goes_to = models.TextField(choices=GoesTo.choices, default=GoesTo.EMERGENCY)
    rank = models.PositiveIntegerField(default=100)
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "red_flag"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "words"],
                condition=Q(retired_at__isnull=True),
                name="red_flag_words_are_own",
            ),
        ]

    def __str__(self) -> str:
        return self.words


class Call(PracticeRow):
    """A call, from the first ring to its end or to the call back."""

    class Direction(models.TextChoices):
        IN = "in", "Incoming"
        OUT = "out", "Outgoing"

    class State(models.TextChoices):
        RINGING = "ringing", "Ringing"
        OPEN = "open", "On the line"
        WAITING = "waiting", "Waits for a call back"
        DONE = "done", "Done"
        ABANDONED = "abandoned", "Abandoned"
        VOICEMAIL = "voicemail", "Voicemail"

    number = models.BigIntegerField()
    direction = models.TextField(choices=Direction.choices, default=Direction.IN)
    dialed = models.TextField(blank=True, default="")
    """The number as it was typed or reported."""
    phone = models.TextField(blank=True, default="")
    """E.164; empty where withheld or no number."""
    tail = models.GeneratedField(
        expression=Right("phone", 4), output_field=models.TextField(), db_persist=True
    )
    """The last four digits, by which a part of a number is looked up."""
    back_to = models.TextField(blank=True, default="")
    """The number that the caller wants to be called back on, where it is another one; E.164."""
    state = models.TextField(choices=State.choices, default=State.OPEN)
    began_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "practice.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )
    patient = models.ForeignKey(
        "patients.Patient", models.PROTECT, null=True, blank=True, related_name="calls"
    )
    """Whom the call is about, once two identifiers matched; nobody before that."""
    identified_at = models.DateTimeField(null=True, blank=True)
    identified_by = models.TextField(blank=True, default="")
    identified_with = models.TextField(blank=True, default="")
    """By which kinds of things: name, born_on. Never what was said."""
    misses = models.PositiveSmallIntegerField(default=0)
    caller_name = models.TextField(blank=True, default="")
    relation = models.TextField(blank=True, default="")
    reason = models.ForeignKey(CallReason, models.PROTECT, null=True, blank=True, related_name="calls")
    red_flag = models.ForeignKey(RedFlag, models.PROTECT, null=True, blank=True, related_name="calls")
    held_at = models.DateTimeField(null=True, blank=True)
    """Since when the caller is on hold."""
    outcome = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    due_at = models.DateTimeField(null=True, blank=True)
    source_of_due = models.TextField(blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    line_id = models.TextField(blank=True, default="")
    """The telephone system's own id of the call."""
    came_by = models.ForeignKey(
        "phones.PhoneLine", models.PROTECT, null=True, blank=True, related_name="calls"
    )
    """The line that told of it, where one did."""
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="joined")
    """The call that waits for a call back, to which this later one of the same caller was put."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "phone_call"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="call_number_is_own"),
            models.UniqueConstraint(
                fields=["practice", "line_id"], condition=~Q(line_id=""), name="call_of_a_line_comes_once"
            ),
            models.CheckConstraint(
                name="call_waiting_has_a_clock",
                condition=~Q(state="waiting") | Q(due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="call_that_is_over_has_an_end",
                condition=~Q(state__in=("done", "abandoned")) | Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="call_about_a_patient_was_identified",
                condition=Q(patient__isnull=True) | Q(identified_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "due_at"], name="call_by_state"),
            models.Index(fields=["practice", "phone", "began_at"], name="call_by_phone"),
            models.Index(fields=["practice", "tail", "began_at"], name="call_by_tail"),
            models.Index(
                fields=["practice", "back_to", "began_at"], condition=~Q(back_to=""), name="call_by_back_to"
            ),
            models.Index(fields=["practice", "began_at"], name="call_by_time"),
            models.Index(fields=["practice", "patient", "began_at"], name="call_by_patient"),
        ]

    def __str__(self) -> str:
        return f"call {self.number}"

    @property
    def reach(self) -> str:
        """Return the number on which the caller is reached."""
        return self.back_to or self.phone


class CallStep(PracticeRow):
    """What happened in a call: taken, on hold, passed on, a try to call back. Only ever added to."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by_name = models.TextField()
    verb = models.TextField()
    note = models.TextField(blank=True, default="")
    is_message = models.BooleanField(default=False)
    """A message was left: its text is the note."""
    of_end = models.BooleanField(default=False)
    """The message was left by the end of the call; without a message: that one was withdrawn."""

    class Meta:
        db_table = "call_step"

    def __str__(self) -> str:
        return self.verb


class PhoneFlag(PracticeRow):
    """A number that bothers the office: shown on every call of it, or not let through at all."""

    class Kind(models.TextChoices):
        NUISANCE = "nuisance", "Nuisance: be careful"
        BLOCKED = "blocked", "Blocked: does not ring"

    phone = models.TextField()
    kind = models.TextField(choices=Kind.choices, default=Kind.NUISANCE)
    note = models.TextField(blank=True, default="")
    by_name = models.TextField()
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    """Since when it counts no more; kept, so that it can come back as it was."""

    class Meta:
        db_table = "phone_flag"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "phone"], name="phone_flag_is_one_a_number"),
        ]

    def __str__(self) -> str:
        return self.kind


class PhoneHook(PracticeRow):
    """The door through which the office's telephone system reports: an address with a token, and a secret."""

    token_hash = models.TextField()
    secret = models.TextField()
    """Encrypted: it must be known to check a signature."""
    made_at = models.DateTimeField()
    made_by = models.TextField()
    heard_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "phone_hook"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice"], condition=Q(closed_at__isnull=True), name="phone_hook_is_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class HookReport(PracticeRow):
    """One report of the telephone system, by its id: it counts once."""

    report_id = models.TextField()
    event = models.TextField()
    at = models.DateTimeField()
    call = models.ForeignKey(Call, models.CASCADE, null=True, related_name="reports")

    class Meta:
        db_table = "hook_report"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "report_id"], name="hook_report_counts_once"),
        ]

    def __str__(self) -> str:
        return self.event


class PhoneLine(PracticeRow):
    """A line on which the office's telephone system rings for us in its own language, SIP."""

    class Over(models.TextChoices):
        TLS = "tls", _("TLS: encrypted, its certificate is checked")
        TCP = "tcp", _("TCP: in the open, within the office only")
        UDP = "udp", _("UDP: in the open, within the office only")

    name = models.TextField()
    user = models.TextField()
    """Its name in the address to ring: made here and hard to guess."""
    hosts = models.TextField()
    """From which addresses it may ring, one a line."""
    secret = models.TextField(blank=True, default="")
    """Encrypted; empty where the line asks for none."""
    exchange = models.TextField(blank=True, default="")
    """The exchange at which the line signs in as a telephone of its own; empty: it is rung at its address."""
    exchange_port = models.PositiveIntegerField(default=0)
    """0: the usual one."""
    exchange_by = models.TextField(choices=Over.choices, default=Over.TLS)
    proxy = models.TextField(blank=True, default="")
    """The machine to connect to, where it is another than the exchange's name says."""
    account = models.TextField(blank=True, default="")
    sign_in_name = models.TextField(blank=True, default="")
    """Where it is another than the account."""
    password = models.TextField(blank=True, default="")
    """Encrypted: a digest cannot be answered without it."""
    authority = models.TextField(blank=True, default="")
    """The certificates (PEM) that are believed in place of those that the machine believes."""
    standing = models.TextField(blank=True, default="")
    """How it stands with the exchange, by a word of formats.sip.registering."""
    standing_at = models.DateTimeField(null=True, blank=True)
    signed_in_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    heard_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "phone_line"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "name"],
                condition=Q(retired_at__isnull=True),
                name="phone_line_name_is_own",
            ),
            models.UniqueConstraint(fields=["user"], name="phone_line_is_rung_by_one_name"),
            models.CheckConstraint(
                name="phone_line_signs_in_with_account_and_password",
                condition=Q(exchange="") | (~Q(account="") & ~Q(password="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
