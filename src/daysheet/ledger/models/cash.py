"""Cash drawers, the safe, and the way to the bank."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daysheet.kernel.models import PracticeRow
from daysheet.kernel.money import ZERO


class BankDeposit(PracticeRow):
    """What goes to the bank in one bag: the cash of closed drawers and checks; the bank agrees, or differs."""

    class State(models.TextChoices):
        MADE = "made", "Made"
        CONFIRMED = "confirmed", "Confirmed"
        DIFFERS = "differs", "Differs"
        VOID = "void", "Taken apart"

    number = models.BigIntegerField()
    bank_on = models.DateField()
    """The day on which the bank takes it."""
    made_on = models.DateField()
    """The day of the book on whose sheet it stands."""
    cash = models.DecimalField(max_digits=12, decimal_places=2)
    checks = models.DecimalField(max_digits=12, decimal_places=2)
    state = models.TextField(choices=State.choices, default=State.MADE)
    bank_said = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    bank_reason = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    by_name = models.TextField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "bank_deposit"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="bank_deposit_number_is_own"),
            models.CheckConstraint(
                name="bank_deposit_holds_money",
                condition=Q(cash__gte=0, checks__gte=0) & (Q(cash__gt=0) | Q(checks__gt=0)),
            ),
            models.CheckConstraint(
                name="bank_deposit_is_what_the_bank_said",
                condition=Q(state__in=("made", "void"), bank_said__isnull=True)
                | Q(state="confirmed", bank_said=models.F("cash") + models.F("checks"))
                | (
                    Q(state="differs")
                    & ~Q(bank_reason="")
                    & ~Q(bank_said=models.F("cash") + models.F("checks"))
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "made_on"], name="bank_deposit_by_day"),
        ]

    def __str__(self) -> str:
        return f"deposit {self.number}"

    @property
    def total(self) -> Decimal:
        """Return what the slip comes to."""
        return self.cash + self.checks

    @property
    def apart(self) -> Decimal:
        """Return how much more the bank found; below zero: less."""
        return ZERO if self.bank_said is None else self.bank_said - self.total


class DeskRules(PracticeRow):
    """How an office counts its drawers, and what a returned check costs. One a practice."""

    is_blind = models.BooleanField(default=True)
    """Whether what should lie in a drawer is hidden until it is counted."""
    reason_from = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal("0.01"))
    """From which difference a reason is asked."""
    approve_from = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal("20.00"))
    """From which difference a second person approves the close."""
    check_fee = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    """What a returned check costs the patient; zero where the office may not or does not ask for it."""
    version = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "desk_rules"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice"], name="desk_rules_are_one"),
            models.CheckConstraint(
                name="desk_rules_ask_a_reason_before_a_second_person",
                condition=Q(reason_from__gt=0, approve_from__gte=models.F("reason_from")),
            ),
            models.CheckConstraint(name="desk_rules_fee_is_not_below_zero", condition=Q(check_fee__gte=0)),
        ]

    def __str__(self) -> str:
        return "blind" if self.is_blind else "open"


class CashDrawer(PracticeRow):
    """A drawer at a door or station on a day, shared or one person's: opened with a float, counted, closed."""

    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    keeper_id = models.UUIDField(null=True, blank=True)
    """Who alone works from it; empty when everybody at the door does."""
    keeper = models.TextField(blank=True, default="")
    station = models.ForeignKey(
        "documents.PrintStation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """At which desk it stands; empty where the office knows no stations, or it is the door's."""
    holds_loose = models.BooleanField(default=True)
    """Whether cash of the door that went through no drawer belongs to it: the first one opened that day."""
    day = models.DateField()
    opening_float = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    counted = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    """The last count, while it stands; every count is a DrawerCount."""
    expected = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    over_short = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    reason = models.TextField(blank=True, default="")
    opened_by = models.TextField()
    counted_by = models.TextField(blank=True, default="")
    counted_by_id = models.UUIDField(null=True, blank=True)
    opened_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    """When its close was asked for; it waits for a second person while closed_at is empty."""
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.TextField(blank=True, default="")
    closed_by_id = models.UUIDField(null=True, blank=True)
    approved_by = models.TextField(blank=True, default="")
    approved_by_id = models.UUIDField(null=True, blank=True)
    reopened_by = models.TextField(blank=True, default="")
    reopen_reason = models.TextField(blank=True, default="")
    deposit = models.ForeignKey(BankDeposit, models.PROTECT, null=True, blank=True, related_name="drawers")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "cash_drawer"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "location", "day", "keeper_id", "station"],
                nulls_distinct=False,
                name="cash_drawer_is_one_a_day",
            ),
            models.UniqueConstraint(
                fields=["practice", "station", "day"],
                condition=Q(station__isnull=False, closed_at__isnull=True),
                name="station_has_one_open_cash_drawer",
            ),
            models.CheckConstraint(
                name="cash_drawer_of_a_station_is_kept_by_one",
                condition=Q(station__isnull=True) | Q(keeper_id__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["practice", "location", "day"],
                condition=Q(holds_loose=True),
                name="cash_drawer_of_loose_cash_is_one",
            ),
            models.CheckConstraint(
                name="cash_drawer_is_counted_to_close",
                condition=Q(asked_at__isnull=True, closed_at__isnull=True) | Q(counted__isnull=False),
            ),
            models.CheckConstraint(
                name="cash_drawer_is_approved_by_another",
                condition=Q(approved_by_id__isnull=True)
                | (
                    ~Q(approved_by_id=models.F("counted_by_id")) & ~Q(approved_by_id=models.F("closed_by_id"))
                ),
            ),
            models.CheckConstraint(
                name="cash_drawer_is_closed_to_deposit",
                condition=Q(deposit__isnull=True) | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cash_drawer_holds_no_less_than_nothing",
                condition=Q(opening_float__gte=0) & (Q(counted__isnull=True) | Q(counted__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"

    @property
    def name(self) -> str:
        """Return what the desk calls it: its door, the station where it stands, and whose it is."""
        station = self.station.name if self.station else ""
        return ", ".join(filter(None, (self.location.name, station, self.keeper)))

    @property
    def state(self) -> str:
        """Return open, counted, waiting (for a second person) or closed."""
        if self.closed_at or self.asked_at:
            return "closed" if self.closed_at else "waiting"
        return "open" if self.counted is None else "counted"


class DrawerMove(PracticeRow):
    """Cash carried between a drawer and the safe: dropped, or paid in as change. Only ever added to."""

    class Kind(models.TextChoices):
        DROP = "drop", "Dropped to the safe"
        PAY_IN = "pay_in", "Paid in"

    drawer = models.ForeignKey(CashDrawer, models.PROTECT, related_name="moves")
    kind = models.TextField(choices=Kind.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    counted_by = models.TextField()
    witness = models.TextField(blank=True, default="")
    reason = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "drawer_move"
        constraints: ClassVar = [
            models.CheckConstraint(name="drawer_move_is_above_zero", condition=Q(amount__gt=0)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "drawer"], name="drawer_move_by_drawer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class DrawerCount(PracticeRow):
    """A count of a drawer as it was made, coin by coin; a later one does not hide it. Only ever added to."""

    drawer = models.ForeignKey(CashDrawer, models.PROTECT, related_name="counts")
    pieces = models.JSONField(default=dict)
    """How many of each coin and note; empty when only the sum was typed."""
    counted = models.DecimalField(max_digits=12, decimal_places=2)
    expected = models.DecimalField(max_digits=12, decimal_places=2)
    is_blind = models.BooleanField()
    by_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "drawer_count"
        constraints: ClassVar = [
            models.CheckConstraint(name="drawer_count_is_no_less_than_nothing", condition=Q(counted__gte=0)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "drawer"], name="drawer_count_by_drawer"),
        ]

    def __str__(self) -> str:
        return f"{self.counted}"

    @property
    def over_short(self) -> Decimal:
        """Return how much more was counted than should have been there."""
        return self.counted - self.expected
