"""The mailroom: trading partners and envelopes."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from daysheet.kernel.models import PracticeRow


class TradingPartner(PracticeRow):
    """Whom the office exchanges envelopes with, how they go, and the numbers on the outside."""

    class Transport(models.TextChoices):
        LOOPBACK = "loopback", "The payer twin"
        FOLDER = "folder", "A folder"
        SMTP = "smtp", "E-mail server"
        TELEPHONE = "telephone", "The test telephone"
        NONE = "none", "Kept here"

    name = models.TextField()
    transport = models.TextField(choices=Transport.choices)
    our_id = models.TextField(blank=True, default="")
    """ISA06 of ours (15 characters at most)."""
    their_id = models.TextField(blank=True, default="")
    """ISA08 of theirs."""
    usage = models.TextField(default="T")
    """ISA15: T test, P production."""
    other_practice_id = models.UUIDField(null=True, blank=True)
    """Loopback only: the practice at the other end."""
    folder = models.TextField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "trading_partner"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="trading_partner_name_is_free"),
        ]

    def __str__(self) -> str:
        return self.name


class Envelope(PracticeRow):
    """One thing that left or came: its bytes, their hash, and how far it got."""

    class Direction(models.TextChoices):
        OUT = "out", "Out"
        IN = "in", "In"

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENT = "sent", "Sent"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        FAILED = "failed", "Failed"
        RECEIVED = "received", "Received"
        HANDLED = "handled", "Read"
        PARKED = "parked", "Parked"
        STOPPED = "stopped", "Stopped"

    number = models.BigIntegerField()
    direction = models.TextField(choices=Direction.choices)
    kind = models.TextField()
    """270, 271, 837P, 837D, 837I, TA1, 999, 277CA, 835, email, sms, voice, sms-reply, voice-reply, letter"""
    partner = models.ForeignKey(TradingPartner, models.PROTECT, related_name="envelopes")
    state = models.TextField(choices=State.choices)
    content = models.BinaryField()
    sha256 = models.TextField()
    control_number = models.TextField(blank=True, default="")
    """ISA13 of X12; the message id of e-mail."""
    subject_kind = models.TextField(blank=True, default="")
    subject_id = models.UUIDField(null=True, blank=True)
    patient_ids = models.JSONField(default=list)
    """Whom the content is about, as far as known."""
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    not_after = models.DateTimeField(null=True, blank=True)
    """When it is too late to deliver it: the quiet hours begin, or the visit does."""
    trouble = models.TextField(blank=True, default="")
    """What went wrong, in a sentence, without patient data."""

    class Meta:
        db_table = "envelope"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="envelope_number_is_own"),
            models.UniqueConstraint(
                fields=["practice", "partner", "sha256"],
                condition=models.Q(direction="in"),
                name="envelope_comes_in_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "direction", "created_at"], name="envelope_by_time"),
            models.Index(fields=["practice", "subject_id"], name="envelope_by_subject"),
            models.Index(fields=["practice", "sha256"], name="envelope_by_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def is_kept_here(self) -> bool:
        """Return whether it stays in the outbox because no way out is open."""
        return self.state == Envelope.State.QUEUED and self.next_try_at is None

    @property
    def can_be_stopped(self) -> bool:
        """Return whether nobody is sending it: no try has begun, or the last one failed and the next is to come."""
        is_queued = self.direction == Envelope.Direction.OUT and self.state == Envelope.State.QUEUED
        return is_queued and (self.attempts == 0 or self.is_kept_here or bool(self.trouble))

    @property
    def came_back(self) -> bool:
        """Return whether it reaches nobody: given up, refused by the other side, or no way out was open."""
        return self.state in (Envelope.State.FAILED, Envelope.State.REJECTED) or self.is_kept_here

    @property
    def shown_state(self) -> str:
        """Return the state as the table of states names it."""
        return "kept_here" if self.is_kept_here else f"mail_{self.state}"


class EnvelopeEvent(PracticeRow):
    """A step in an envelope's life. Only ever added to."""

    envelope = models.ForeignKey(Envelope, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    state = models.TextField()
    by_name = models.TextField()
    sentence = models.TextField(blank=True, default="")

    class Meta:
        db_table = "envelope_event"

    def __str__(self) -> str:
        return self.state


class PortalLink(PracticeRow):
    """A way by which a patient answers without a sign-in: an address with a token, kept as its hash.

    Once used, past its time or taken back, it opens nothing any more.
    """

    patient_id = models.UUIDField()
    """Whose it is; patients are a room beside this one."""
    purpose = models.TextField()
    """What the page behind it does: visits."""
    subject_kind = models.TextField(blank=True, default="")
    subject_id = models.UUIDField(null=True, blank=True)
    token_hash = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.TextField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.TextField(blank=True, default="")
    """The key of the form that used it: the same press again is told the same."""
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "portal_link"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "token_hash"], name="portal_link_token_is_own"),
            models.CheckConstraint(
                name="portal_link_expires_after_it_was_made",
                condition=models.Q(expires_at__gt=models.F("made_at")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "subject_id"], name="portal_link_by_subject"),
        ]

    def __str__(self) -> str:
        return self.purpose

    def is_live(self, now: datetime) -> bool:
        """Return whether it still opens its page."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


class OptOut(PracticeRow):
    """An address whose holder wants no more messages by a channel, until the same address says otherwise."""

    channel = models.TextField()
    address = models.TextField()
    since = models.DateTimeField()
    said_by = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "opt_out"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "channel", "address"],
                condition=models.Q(ended_at__isnull=True),
                name="opt_out_stands_once",
            ),
        ]

    def __str__(self) -> str:
        return self.channel
