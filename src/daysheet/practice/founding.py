"""The founding of a practice: the only writer of the table that stands outside all walls."""

from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from django.db import connection, transaction
from django.db.models import Q

from daysheet.kernel.access import Actor
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.practice import commands
from daysheet.practice.care_settings import care_setting
from daysheet.practice.models import Membership

ONE_FOUNDER = 0x0DA75_4EE7
"""The lock that founders by the page take in turn; it is held to the commit."""


class NameIsTaken(Refusal):
    """A practice of that name is here already."""


class SetUpIsClosed(Refusal):
    """A live practice exists: the page that founds one has disabled itself."""


def found_practice(
    *,
    name: str,
    now: datetime,
    kind: str = "office",
    zone_name: str = "America/New_York",
    is_training: bool = False,
    is_demo: bool = False,
    clock_at: datetime | None = None,
    is_own: bool = False,
) -> Practice:
    """Found a practice, empty, and write its first line in its own diary.

    A training practice can never become a live one, nor the reverse. Raises NameIsTaken.
    """
    if not name.strip():
        raise Refusal("A practice needs a name.", name="Write a name.")
    with transaction.atomic():
        if Practice.objects.filter(name=name.strip()).exists():
            raise NameIsTaken(
                f"There is a practice called {name} already. Choose another name.",
                name="Choose another name.",
            )
        practice = Practice.objects.create(
            name=name.strip(),
            kind=kind,
            zone_name=zone_name,
            is_training=is_training,
            is_demo=is_demo,
            clock_at=clock_at,
            is_own=is_own,
        )
        by = Actor.system(practice_id=practice.id, now=clock_at or now)
        with acting_in(practice.id):
            record(
                by, "practice.practice.founded", practice, name=practice.name, kind=kind, training=is_training
            )
    return practice


def may_found_by_page() -> bool:
    """Return whether nobody works for real here yet: nothing, or only training, its payers and the demonstration.

    An insurer that was opened by the page closes it too, though it is played.
    """
    live = Q(is_training=False, is_demo=False) & ~Q(kind=Practice.Kind.PAYER)
    return not Practice.objects.filter(live | Q(is_own=True)).exists()


def found_by_page(
    *,
    name: str,
    zone_name: str,
    display_name: str,
    username: str,
    password: str,
    now: datetime,
    setting: str = "",
) -> Membership:
    """Found the installation's own practice with its manager, from a page that nobody had to sign in for.

    It begins empty, or with what a care setting brings. An insurer knows nobody yet and plays the plans of its desk's
    profiles; it is for training, so that nothing of it ever leaves, and its manager sits at the insurance desk.

    Works until the first live practice exists, then never again: raises SetUpIsClosed. Whatever else is refused
    leaves nothing behind.
    """
    if zone_name not in available_timezones():
        raise Refusal("There is no such time zone.", zone_name="Choose one of the list.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [ONE_FOUNDER])
        if not may_found_by_page():
            raise SetUpIsClosed("A practice is open here already. Sign in to it.")
        held = care_setting(setting) if setting else None
        kind = held.kind if held else "office"
        pays = kind == Practice.Kind.PAYER
        practice = found_practice(
            name=name, now=now, zone_name=zone_name, kind=kind, is_training=pays, is_own=True
        )
        with acting_in(practice.id):
            by = Actor.system(practice_id=practice.id, now=now)
            role = "insurance_manager" if pays else "office_manager"
            manager = commands.add_member(
                by, username=username, display_name=display_name, role=role, password=password
            )
            if setting and not pays:
                commands.add_setting(by, setting=setting, zone_name=zone_name)
            return manager


def set_training_clock(*, practice_id: UUID, at: datetime, runs_since: datetime | None = None) -> None:
    """Put a training practice's own clock to a moment, to stand still there or to run on; others are left alone."""
    Practice.objects.filter(pk=practice_id, is_training=True).update(clock_at=at, clock_set_at=runs_since)


def practice_named(name: str) -> Practice:
    """Return the practice of that name. Raises a Refusal that lists what there is."""
    found = Practice.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(Practice.objects.order_by("name").values_list("name", flat=True)[:12]) or "none yet"
        raise Refusal(f"There is no practice called {name}. Known: {known}.")
    return found


def set_aside(*, name: str) -> None:
    """Give the training practice of that name, and its payers', another name: a new play takes it.

    Raises NameIsTaken where it is that of an insurer which was opened here.
    """
    with transaction.atomic():
        names = (name, f"{name}: payers")
        if Practice.objects.filter(name__in=names, is_training=True, is_own=True).exists():
            raise NameIsTaken(f"{name} was opened here as an insurer of its own, so no play takes its name.")
        for kept in names:
            found = Practice.objects.select_for_update().filter(name=kept, is_training=True).first()
            if found is None:
                continue
            number = Practice.objects.filter(name__startswith=f"{kept} (earlier").count() + 1
            Practice.objects.filter(pk=found.pk).update(name=f"{kept} (earlier {number})", is_demo=False)
