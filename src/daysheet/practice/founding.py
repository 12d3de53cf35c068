"""The founding of a practice: the only writer of the table that stands outside all walls."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in


class NameIsTaken(Refusal):
    """A practice of that name is here already."""


def found_practice(
    *,
    name: str,
    now: datetime,
    kind: str = "office",
    zone_name: str = "America/New_York",
    is_training: bool = False,
    is_demo: bool = False,
    clock_at: datetime | None = None,
) -> Practice:
    """Found a practice, empty, and write its first line in its own diary.

    A training practice can never become a live one, nor the reverse. Raises NameIsTaken.
    """
    if not name.strip():
        raise Refusal("A practice needs a name.")
    with transaction.atomic():
        if Practice.objects.filter(name=name).exists():
            raise NameIsTaken(f"There is a practice called {name} already. Choose another name.")
        practice = Practice.objects.create(
            name=name.strip(),
            kind=kind,
            zone_name=zone_name,
            is_training=is_training,
            is_demo=is_demo,
            clock_at=clock_at,
        )
        by = Actor.system(practice_id=practice.id, now=clock_at or now)
        with acting_in(practice.id):
            record(
                by, "practice.practice.founded", practice, name=practice.name, kind=kind, training=is_training
            )
    return practice


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
    """Give the training practice of that name, and its payers', another name: a new play takes it."""
    with transaction.atomic():
        for kept in (name, f"{name}: payers"):
            found = Practice.objects.select_for_update().filter(name=kept, is_training=True).first()
            if found is None:
                continue
            number = Practice.objects.filter(name__startswith=f"{kept} (earlier").count() + 1
            Practice.objects.filter(pk=found.pk).update(name=f"{kept} (earlier {number})", is_demo=False)
