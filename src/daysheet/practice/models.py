"""The office: its name on a claim, its doors, rooms and people."""

from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from daysheet.kernel import clock
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import PracticeManager, PracticeRow


class User(AbstractUser):
    """A person who signs in. Global: one person may work for several practices. Never deleted, never reused."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    letter_keys = models.BooleanField(default=True)
    """Whether keys of one letter act on a row or card that has the focus (WCAG 2.1.4: they can be switched off)."""

    class Meta:
        db_table = "auth_person"


class Office(PracticeRow):
    """What the practice is on paper and on a claim: billing provider, tax id, contact. One per practice."""

    legal_name = models.TextField()
    npi = models.TextField(blank=True, default="")
    tax_id = models.TextField(blank=True, default="")
    taxonomy = models.TextField(blank=True, default="")
    street = models.TextField(blank=True, default="")
    street2 = models.TextField(blank=True, default="")
    city = models.TextField(blank=True, default="")
    state = models.TextField(blank=True, default="")
    zip = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")
    email = models.TextField(blank=True, default="")
    wizard_done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "office"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice"], name="office_is_one_per_practice"),
        ]

    def __str__(self) -> str:
        return self.legal_name


class Location(PracticeRow):
    """A door that patients come to."""

    name = models.TextField()
    street = models.TextField(blank=True, default="")
    city = models.TextField(blank=True, default="")
    state = models.TextField(blank=True, default="")
    zip = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")
    npi = models.TextField(blank=True, default="")
    place_of_service = models.TextField(default="11")
    bill_type = models.TextField(blank=True, default="")
    """The first two digits of the type of bill of the facility's claims here; empty: as its care setting says."""
    zone_name = models.TextField(default="America/New_York")
    is_main = models.BooleanField(default=False)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "location"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="location_name_is_free"),
            models.UniqueConstraint(
                fields=["practice"], condition=Q(is_main=True), name="location_main_is_one"
            ),
            models.CheckConstraint(
                name="location_bill_type_has_two_digits", condition=Q(bill_type__regex=r"^([1-9][1-9])?$")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone on this door's wall clock."""
        return ZoneInfo(self.zone_name)

    def today(self, now: datetime) -> date:
        """Return the day it is here at that moment."""
        return clock.local_day(now, self.zone)


class ExamRoom(PracticeRow):
    """A room in which patients are seen."""

    location = models.ForeignKey(Location, models.PROTECT, related_name="rooms")
    name = models.TextField()
    rank = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "exam_room"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "location", "name"], name="exam_room_name_is_free"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(PracticeRow):
    """A person's place in a practice: the role, until it ends. Seen by its own person before a practice acts."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.TextField()
    display_name = models.TextField()
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="+")
    density = models.TextField(default="comfortable")
    language = models.TextField(default="en")
    pin = models.TextField(blank=True, default="")
    """The PIN as it is kept (argon2), by which its person takes over a workstation that stands locked."""
    pin_tries = models.PositiveSmallIntegerField(default=0)
    """Wrong PINs since the last right one; after the fifth only the password opens."""
    ended_at = models.DateTimeField(null=True, blank=True)

    everywhere: ClassVar[models.Manager["Membership"]] = models.Manager()
    """All that the database lets through: the acting practice's, or the signed-in person's own."""
    objects: ClassVar[PracticeManager["Membership"]] = PracticeManager()  # type: ignore[assignment]

    class Meta:
        db_table = "membership"
        default_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "user"],
                condition=Q(ended_at__isnull=True),
                name="membership_is_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name


class Provider(PracticeRow):
    """A clinician who renders care and stands on claims."""

    given = models.TextField()
    family = models.TextField()
    credential = models.TextField(blank=True, default="")
    npi = models.TextField(blank=True, default="")
    taxonomy = models.TextField(blank=True, default="")
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="+")
    """The usual door."""
    rank = models.PositiveSmallIntegerField(default=1)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "provider"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "npi"], condition=~Q(npi=""), name="provider_npi_is_own"
            ),
        ]

    def __str__(self) -> str:
        return f"Dr. {self.family}" if self.credential in {"MD", "DO"} else f"{self.given} {self.family}"


class OpeningHours(PracticeRow):
    """When a door is open on a weekday, wall-clock time; 0 is Monday."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        db_table = "opening_hours"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="opening_hours_end_after_they_begin", condition=Q(closes__gt=models.F("opens"))
            ),
            models.CheckConstraint(name="opening_hours_weekday_exists", condition=Q(weekday__lte=6)),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M} to {self.closes:%H:%M}"


class AddedSetting(PracticeRow):
    """A care setting that the office has added; what it brought stands in its pieces."""

    setting = models.TextField()
    location = models.ForeignKey(Location, models.PROTECT, related_name="+")
    """The door that got its rooms and hours."""
    made_doors = models.JSONField(default=list)
    """The ids of the locations that were made for it, beside others of the office."""
    added_at = models.DateTimeField()
    added_by = models.TextField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "added_setting"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "setting"],
                condition=Q(taken_back_at__isnull=True),
                name="setting_is_added_once",
            ),
        ]

    def __str__(self) -> str:
        return self.setting


class AddedPiece(PracticeRow):
    """One thing that a setting brought: of which part, what it was called, where it is found again."""

    added = models.ForeignKey(AddedSetting, models.PROTECT, related_name="pieces")
    part = models.TextField()
    name = models.TextField()
    found_at = models.TextField()

    class Meta:
        db_table = "added_piece"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "added", "part", "name", "found_at"], name="added_piece_came_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part}: {self.name}"


class DeskSession(models.Model):
    """A sign-in of a person at a workstation: listed for its person, revoked at once. Global, as sessions are."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="desk_sessions")
    session_key = models.TextField(unique=True)
    workstation_kind = models.TextField(default="desk")
    browser = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "desk_session"

    def __str__(self) -> str:
        return f"{self.workstation_kind} since {self.began_at:%Y-%m-%d %H:%M}"
