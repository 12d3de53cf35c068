"""How an item stands in a row of a work list."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.tasks.elsewhere import is_settled_elsewhere
from daysheet.tasks.queries import Line


@dataclass(frozen=True, slots=True)
class Row:
    """What the work list's row shows; the names are the component's."""

    id: str
    tone: str
    clock: str
    source: str
    kind: str
    subject: str
    subject_url: str
    reason: str
    owner: str
    note: str
    act: tuple[str, str, bool]
    snooze_url: str
    hand_url: str
    close_url: str
    wake_url: str


def row_of(line: Line) -> Row:
    """Return an item as a row: whom it is about, its clock with the source, its acts."""
    item = line.item
    page = reverse("tasks:item", args=[item.pk])
    patient = item.patient
    return Row(
        id=str(item.pk),
        tone=line.clock.tone,
        clock=line.clock.words,
        source=item.source_of_due,
        kind=line.kind,
        subject=f"{patient} {patient.chart_number}" if patient else _("item %(n)s") % {"n": item.number},
        subject_url=page,
        reason=item.sentence,
        owner=item.owner.display_name if item.owner else "",
        note=line.note,
        act=(_("Open"), item.link or page, False),
        snooze_url=reverse("tasks:item-snooze", args=[item.pk]),
        hand_url=reverse("tasks:item-hand-over", args=[item.pk]),
        close_url="" if is_settled_elsewhere(item) else reverse("tasks:item-close", args=[item.pk]),
        wake_url=reverse("tasks:item-wake", args=[item.pk]) if line.is_asleep else "",
    )


def group_titles() -> list[tuple[str, str, bool]]:
    """Return the groups of My work with their titles, and whether they stand open."""
    return [
        ("overdue", _("Overdue"), True),
        ("today", _("Due today"), True),
        ("week", _("This week"), True),
        ("later", _("Later"), False),
        ("waiting", _("Waiting on others"), False),
        ("snoozed", _("Snoozed"), False),
    ]
