"""Offers of freed times by message: the office's switch, and the message about one offer."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class OfferSending(PracticeRow):
    """Whether freed times are offered by message, when the next batch is asked, at which hours of the door's clock."""

    class Mode(models.TextChoices):
        OFF = "off", _("not at all: the desk calls")
        PRESS = "press", _("when the desk presses Ask")
        ITSELF = "itself", _("by themselves, batch after batch")

    mode = models.TextField(choices=Mode.choices, default=Mode.OFF)
    interval_minutes = models.PositiveSmallIntegerField(default=30)
    """How long a batch has before the next is asked."""
    from_clock = models.TimeField()
    to_clock = models.TimeField()
    changed_at = models.DateTimeField()
    changed_by = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "offer_sending"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice"], name="offer_sending_is_one_for_an_office"),
            models.CheckConstraint(
                name="offer_sending_ends_after_it_begins", condition=Q(to_clock__gt=F("from_clock"))
            ),
        ]

    def __str__(self) -> str:
        return self.mode


class OfferMessage(PracticeRow):
    """The message about one offer: by which way it went, its envelope, the link in it."""

    offer = models.OneToOneField("schedule.SlotOffer", models.CASCADE, related_name="message")
    channel = models.TextField()
    address = models.TextField()
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, related_name="+")
    link = models.ForeignKey("mailroom.PortalLink", models.PROTECT, null=True, blank=True, related_name="+")
    """None where patients reach no address of the office: they call."""
    made_at = models.DateTimeField()
    misses = models.PositiveSmallIntegerField(default=0)
    """Wrong birth dates in a row."""
    asks_call_at = models.DateTimeField(null=True, blank=True)
    wrote = models.TextField(blank=True, default="", db_default="")
    """What came back in words; a person reads it."""

    class Meta:
        db_table = "offer_message"
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "channel", "address", "made_at"], name="offer_message_by_address"
            )
        ]

    def __str__(self) -> str:
        return self.channel
