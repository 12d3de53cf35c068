"""The office's places and people."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from daysheet.kernel.models import Practice
from daysheet.kernel.ready import Ready, Told
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.practice.care_settings import care_setting
from daysheet.practice.models import (
    AddedSetting,
    DeskSession,
    ExamRoom,
    Location,
    Membership,
    Office,
    OpeningHours,
    Provider,
    User,
)

IDLE_SECONDS = {"desk": 600, "back_office": 900, "exam_room": 300, "kiosk": 60}
"""45 CFR 164.312(a)(2)(iii): how long a workstation of a kind may stand idle before it locks."""

keeps_a_door_open: list[Callable[[UUID, datetime], str]] = []
"""What other rooms say against closing a door, in a sentence or nothing: registered in their apps.ready()."""


def doors_made_for(added: AddedSetting, *, is_open: bool = True) -> list[Location]:
    """Return the locations that were made for a care setting of the office, those that are open or closed now."""
    made = Location.objects.filter(pk__in=added.made_doors, closed_on__isnull=is_open)
    return list(made.order_by("name"))


def words() -> str:
    """Return whose words the screens of the acting practice use; empty: a medical office's."""
    return Practice.objects.values_list("words", flat=True).get(pk=str(acting_practice_id()))


def office() -> Office | None:
    """Return what the practice is on paper, or None before it was set up."""
    return Office.objects.first()


def office_that_bills() -> tuple[Office | None, frozenset[str]]:
    """Return what the practice is on paper, and the kinds of claim that its care settings bill: one statement.

    An office without a setting bills professional claims.
    """
    added = AddedSetting.objects.filter(taken_back_at=None).order_by("added_at").values("setting")
    found = Office.objects.annotate(added=ArraySubquery(added)).first()
    return found, _kinds_of(getattr(found, "added", None) or ())


def claim_kinds() -> frozenset[str]:
    """Return the kinds of claim that the office's care settings bill: professional, dental, institutional."""
    return _kinds_of(AddedSetting.objects.filter(taken_back_at=None).values_list("setting", flat=True))


def stands_beside(setting: str) -> bool:
    """Return whether the office has another care setting beside one."""
    return AddedSetting.objects.filter(taken_back_at=None).exclude(setting=setting).exists()


def _kinds_of(settings: Iterable[str]) -> frozenset[str]:
    held = [one for key in settings if (one := care_setting(key))]
    return frozenset().union(*(one.claims for one in held)) or frozenset(("professional",))


def bill_type_of(door: Location) -> str:
    """Return the first two digits of the type of bill of the facility's claims at a door.

    It is the door's own; else that of its care setting, or of another one of the office; empty where none bills it.
    """
    if door.bill_type:
        return door.bill_type
    added = AddedSetting.objects.filter(taken_back_at=None).order_by("added_at")
    rows = sorted(added.values_list("location_id", "setting"), key=lambda row: row[0] != door.pk)
    found = (held.bill_type for _, key in rows if (held := care_setting(key)))
    return next((one for one in found if one), "")


def locations() -> QuerySet[Location]:
    """Return the doors that are open to patients, the main one first."""
    return Location.objects.filter(closed_on__isnull=True).order_by("-is_main", "name")


LOCATIONS: Ready[Location] = Ready(locations)


def closed_locations() -> QuerySet[Location]:
    """Return the doors that were closed, the latest first."""
    return Location.objects.filter(closed_on__isnull=False).order_by("-closed_on", "name")


def location(location_id: UUID) -> Location:
    """Return a door; Location.DoesNotExist where there is none."""
    return Location.objects.get(pk=location_id)


def main_location() -> Location | None:
    """Return the main door."""
    return locations().first()


def providers(*, day: date | None = None) -> QuerySet[Provider]:
    """Return the clinicians who work here on a day, or who have not left; in the office's order."""
    stays = Q(left_on__isnull=True)
    everyone = Provider.objects.select_related("location").order_by("rank", "family", "given")
    return everyone.filter(stays | Q(left_on__gt=day) if day else stays)


PROVIDERS: Ready[Provider] = Ready(lambda: providers(day=Told("day")))  # type: ignore[arg-type]
"""The clinicians who work here on a day."""


def clinician_of(user_id: UUID | None) -> UUID | None:
    """Return which clinician of the practice a person is, or None."""
    rows = (
        Provider.objects.filter(membership__user_id=user_id, left_on=None)
        if user_id
        else Provider.objects.none()
    )
    return rows.values_list("id", flat=True).first()


def rooms(location_id: UUID | None = None) -> QuerySet[ExamRoom]:
    """Return the rooms in use, of one door or of all."""
    found = (
        ExamRoom.objects.filter(is_active=True)
        .select_related("location")
        .order_by("location", "rank", "name")
    )
    return found.filter(location_id=location_id) if location_id else found


def opening_hours(location_id: UUID) -> QuerySet[OpeningHours]:
    """Return when a door is open, by weekday."""
    return OpeningHours.objects.filter(location_id=location_id).order_by("weekday", "opens")


def hours_of(location_id: UUID) -> list[tuple[int, time, time]]:
    """Return when a door is open, as weekday (0 is Monday), from, to."""
    return list(opening_hours(location_id).values_list("weekday", "opens", "closes"))


def members() -> QuerySet[Membership]:
    """Return the people who work here now."""
    return (
        Membership.objects.filter(ended_at__isnull=True)
        .select_related("user", "location")
        .order_by("display_name")
    )


def member(membership_id: UUID) -> Membership:
    """Return a person who works here now; Membership.DoesNotExist where there is none."""
    return members().get(pk=membership_id)


def places_of(user_id: UUID) -> list[Membership]:
    """Return a person's places in all practices, before one is chosen (the database shows the own ones only)."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select set_config('app.person', %s, true)", [str(user_id)])
        found = Membership.everywhere.filter(user_id=user_id, ended_at__isnull=True)
        return list(found.select_related("practice").order_by("practice__is_demo", "practice__name"))


def desk_sessions(user_id: UUID) -> QuerySet[DeskSession]:
    """Return a person's sign-ins that are still open, the newest first."""
    return DeskSession.objects.filter(user_id=user_id, ended_at__isnull=True).order_by("-seen_at")


def members_with_factors() -> list[tuple[Membership, int]]:
    """Return the people who work here now, each with the number of second factors of the sign-in."""
    people = list(members())
    owners = Authenticator.objects.filter(user_id__in=[one.user_id for one in people]).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    counts = Counter(owners.values_list("user_id", flat=True))
    return [(one, counts[one.user_id]) for one in people]


def keys_of(user_id: UUID) -> tuple[str, dict[int, str]]:
    """Return what opens a person's sign-in: the password as it is kept, and the second factors, number to kind."""
    factors = Authenticator.objects.filter(user_id=user_id).order_by("pk").values_list("pk", "type")
    return User.objects.values_list("password", flat=True).get(pk=user_id), dict(factors)


def person_called(login: str) -> User | None:
    """Return the person who signs in by a user name or an e-mail address."""
    return User.objects.filter(Q(username=login.strip().lower()) | Q(email__iexact=login.strip())).first()


def only_office() -> list[Practice]:
    """Return the one live practice of this installation; none where several share it."""
    live = Practice.objects.filter(is_training=False, is_demo=False).exclude(kind=Practice.Kind.PAYER)[:2]
    return list(live) if len(live) == 1 else []


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step on the way to the first patient: done or not, and where it is done."""

    key: str
    done: bool
    url_name: str


STEPS = {
    "paper": ("practice:office", "exists (select 1 from office where npi <> '' and tax_id <> '')"),
    "places": (
        "practice:places",
        "exists (select 1 from opening_hours) and exists (select 1 from location join exam_room on true)",
    ),
    "people": ("practice:staff", "exists (select 1 from provider)"),
    "types": ("schedule:types", "exists (select 1 from appointment_type)"),
    "hours": ("schedule:clinicians", "exists (select 1 from provider_hours)"),
    "fees": ("charges:fees", "exists (select 1 from fee_item)"),
    "partners": ("mailroom:partners", "exists (select 1 from trading_partner where transport <> 'smtp')"),
    "payers": ("coverage:payers", "exists (select 1 from insurance_plan)"),
    "patient": ("patients:patient-new", "exists (select 1 from patient)"),
}
"""The steps in the order of a founder's day: where each is done, and how the tables of any room tell that it is."""


def first_steps() -> list[FirstStep]:
    """Return what a new practice needs, up to its first patient."""
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(is_done for _, is_done in STEPS.values()))
        told = cursor.fetchone()
    return [FirstStep(key, done, STEPS[key][0]) for key, done in zip(STEPS, told, strict=True)]


def next_step() -> FirstStep | None:
    """Return the first step that is still open, or None when the practice has its first patient."""
    return next((step for step in first_steps() if not step.done), None)
