"""Cards: which company moves the money, saved cards by their tokens, and what was asked of the company."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow
from daysheet.ledger.models.payments import Payment

FOUR = r"^\d{4}$"
ON_THE_WAY = ("asked", "presenting", "stopping", "timing_out", "capturing", "releasing", "returning")
"""Something was asked of the company and is not settled."""


class CardDoor(PracticeRow):
    """The company by which this office takes cards, and the key to it, encrypted."""

    class Company(models.TextChoices):
        NONE = "none", _("None: the office's own terminal")
        LOOPBACK = "loopback", _("Practice cards, no money moves")
        STRIPE = "stripe", _("Stripe")

    company = models.TextField(choices=Company.choices, default=Company.NONE)
    secret = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "card_door"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice"], name="card_door_is_one"),
        ]

    def __str__(self) -> str:
        return self.company


class CardTerminal(PracticeRow):
    """A terminal of the card company at a desk: the card is held to it, and no number comes near us."""

    name = models.TextField()
    station = models.ForeignKey(
        "documents.PrintStation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The computer at whose desk it stands; none: it is carried about."""
    company = models.TextField()
    reader = models.TextField()
    """The company's own id of it."""
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "card_terminal"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "name"], condition=Q(retired_at=None), name="card_terminal_name_is_own"
            ),
            models.UniqueConstraint(
                fields=["practice", "reader"],
                condition=Q(retired_at=None),
                name="card_terminal_is_entered_once",
            ),
            models.UniqueConstraint(
                fields=["practice", "station"],
                condition=Q(retired_at=None, station__isnull=False),
                name="station_has_one_card_terminal",
            ),
        ]

    def __str__(self) -> str:
        return self.name


PURPOSES = {
    "copay": _("Copay"),
    "balance": _("Balance"),
    "prepayment": _("Payment ahead"),
    "plan": _("Payment plan"),
}


class SavedCard(PracticeRow):
    """A card that a patient let the office keep: the company's token, brand, last four digits, expiry."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="saved_cards")
    token = models.TextField()
    brand = models.TextField()
    last4 = models.TextField()
    expires = models.TextField(blank=True, default="")
    saved_at = models.DateTimeField()
    saved_by = models.TextField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "saved_card"
        constraints: ClassVar = [
            models.CheckConstraint(name="saved_card_keeps_four_digits", condition=Q(last4__regex=FOUR)),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "patient"], name="saved_card_by_patient")]

    def __str__(self) -> str:
        return f"{self.brand} {self.last4}"


class CardForVisit(PracticeRow):
    """A kept card that is named for a visit to come, and how much may be held on it; held four days before at most."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    card = models.ForeignKey(SavedCard, models.PROTECT, related_name="for_visits")
    appointment_id = models.UUIDField()
    for_day = models.DateField()
    location = models.ForeignKey("practice.Location", models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    purpose = models.TextField(default="copay")
    consented_by = models.TextField()
    """Who agreed that the sum is held and taken."""
    noted_at = models.DateTimeField()
    by_name = models.TextField()
    called_at = models.DateTimeField(null=True, blank=True)
    """When it came on the work list: from then it can be held."""
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField(blank=True, default="")
    ended_with_visit = models.BooleanField(default=False)
    """Whether it ended because its visit was given up: it stands again with the visit."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "card_for_visit"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "appointment_id"],
                condition=Q(ended_at__isnull=True),
                name="card_for_visit_is_one",
            ),
            models.CheckConstraint(name="card_for_visit_is_of_an_amount", condition=Q(amount__gt=0)),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "for_day"],
                condition=Q(ended_at__isnull=True),
                name="card_for_visit_by_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.card}"

    @property
    def hold(self) -> "CardCharge | None":
        """Return what was asked of the company for it last."""
        return self.holds.order_by("-asked_at", "-id").first()


class CardCharge(PracticeRow):
    """Money asked of a card: written down before the company is asked, and settled by what it answers."""

    class Kind(models.TextChoices):
        CHARGE = "charge", _("Payment")
        HOLD = "hold", _("Held until the visit")
        SAVE = "save", _("Card saved")

    class State(models.TextChoices):
        ASKED = "asked", _("Asking the card company")
        PRESENTING = "presenting", _("Waiting for the card")
        STOPPING = "stopping", _("Being cancelled at the terminal")
        TIMING_OUT = "timing_out", _("Nobody held a card to it: being cancelled")
        CANCELLED = "cancelled", _("Cancelled")
        TIMED_OUT = "timed_out", _("Timed out")
        HELD = "held", _("Held")
        CAPTURING = "capturing", _("Being taken")
        CAPTURED = "captured", _("Taken")
        RELEASING = "releasing", _("Being let go")
        RELEASED = "released", _("Let go")
        RETURNING = "returning", _("Going back")
        RETURNED = "returned", _("Gone back")
        SAVED = "saved", _("Saved")
        DECLINED = "declined", _("Declined")

    kind = models.TextField(choices=Kind.choices, default=Kind.CHARGE)
    state = models.TextField(choices=State.choices, default=State.ASKED)
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="card_charges")
    location = models.ForeignKey("practice.Location", models.PROTECT, null=True, blank=True, related_name="+")
    visit_id = models.UUIDField(null=True, blank=True)
    purpose = models.TextField(default="balance")
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    asked_back = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    """What the company is asked to give back now: the whole or a part."""
    returned = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    """What went back of it already."""
    beside = models.JSONField(default=list)
    """What is paid in cash or by check on the same receipt."""
    card = models.ForeignKey(SavedCard, models.PROTECT, null=True, blank=True, related_name="charges")
    terminal = models.ForeignKey(CardTerminal, models.PROTECT, null=True, blank=True, related_name="charges")
    """The terminal that asks for the card; none: a token or a kept card."""
    on_page = models.BooleanField(default=False, db_default=False)
    """Whether the patient types the card on the company's own page."""
    page_url = models.TextField(blank=True, default="", db_default="")
    back_url = models.TextField(blank=True, default="", db_default="")
    """That page, and where it leads back to."""
    self_check_in_id = models.UUIDField(null=True, blank=True)
    """The patient's own check-in in which it was wished; empty: the desk wished it."""
    present_until = models.DateTimeField(null=True, blank=True)
    """Until when the terminal or the page waits."""
    read_by = models.TextField(blank=True, default="", db_default="")
    application = models.TextField(blank=True, default="", db_default="")
    """How the terminal read the card and what its chip calls itself, for the receipt."""
    token = models.TextField(blank=True, default="")
    """For one time; forgotten once the company has answered."""
    for_visit = models.ForeignKey(CardForVisit, models.PROTECT, null=True, blank=True, related_name="holds")
    """The visit to come for which it is held."""
    keeps_card = models.BooleanField(default=False)
    company = models.TextField()
    ref = models.TextField(blank=True, default="")
    """The company's id."""
    brand = models.TextField(blank=True, default="")
    last4 = models.TextField(blank=True, default="")
    approval = models.TextField(blank=True, default="")
    sentence = models.TextField(blank=True, default="")
    """What the company said against it, or what a person must look at."""
    reason = models.TextField(blank=True, default="")
    for_day = models.DateField(null=True, blank=True)
    """The day of the visit that a hold is for."""
    capture_before = models.DateTimeField(null=True, blank=True)
    """When a hold dies."""
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="card_charge")
    asked_at = models.DateTimeField()
    by_name = models.TextField()
    by_user_id = models.UUIDField(null=True, blank=True)
    by_station_id = models.UUIDField(null=True, blank=True)
    """At which station it was wished: cash beside the card goes to the drawer there."""
    by_role = models.TextField(blank=True, default="")
    step = models.PositiveSmallIntegerField(default=1)
    """What was asked last, counted: it is part of the key by which the company does a thing once."""
    tries = models.PositiveSmallIntegerField(default=0)
    """How often the company was asked for this step."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "card_charge"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="card_charge_is_of_an_amount", condition=Q(kind="save") | Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="card_charge_taken_has_its_payment",
                condition=~Q(state__in=("captured", "returning", "returned")) | Q(payment__isnull=False),
            ),
            models.CheckConstraint(
                name="card_charge_waits_at_a_terminal",
                condition=~Q(state__in=("presenting", "stopping", "timing_out"))
                | Q(Q(terminal__isnull=False) | Q(on_page=True), present_until__isnull=False),
            ),
            models.CheckConstraint(
                name="card_charge_held_has_its_clock",
                condition=~Q(state="held") | Q(capture_before__isnull=False),
            ),
            models.CheckConstraint(
                name="card_charge_gives_back_no_more_than_it_took",
                condition=Q(asked_back__gte=0, returned__gte=0, amount__gte=F("asked_back") + F("returned")),
            ),
            models.CheckConstraint(
                name="card_charge_keeps_four_digits", condition=Q(last4="") | Q(last4__regex=FOUR)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "asked_at"], name="card_charge_by_state"),
            models.Index(fields=["practice", "patient", "asked_at"], name="card_charge_by_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @property
    def for_what(self) -> str:
        """Return in words what it is for."""
        return str(PURPOSES.get(self.purpose, self.purpose))

    @property
    def left(self) -> Decimal:
        """Return what was taken and has not gone back."""
        return self.amount - self.returned

    @property
    def is_on_the_way(self) -> bool:
        """Return whether the company has still to answer."""
        return self.state in ON_THE_WAY


class CardMemory(PracticeRow):
    """What the card company of the house was asked, by key: the same key is done once."""

    key = models.TextField()
    verb = models.TextField()
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    ref = models.TextField(blank=True, default="")
    sentence = models.TextField(blank=True, default="")
    times = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        db_table = "card_memory"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "key"], name="card_memory_is_of_one_key"),
        ]

    def __str__(self) -> str:
        return self.verb
