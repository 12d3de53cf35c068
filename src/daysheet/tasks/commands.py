"""What a person does with an item of work, and how rooms open and close their own."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.kernel.numbers import next_number
from daysheet.practice import queries as practice
from daysheet.practice.models import Membership
from daysheet.tasks import elsewhere
from daysheet.tasks.models import WorkqueueItem, WorkqueueStep


class ItemIsUnknown(Refusal):
    """No item of this office has that id."""


class ItemIsClosed(Refusal):
    """The item was closed in the meantime."""


class IsSettledElsewhere(Refusal):
    """What the item stands for still waits on its own page; ending it there closes the item."""


class ReasonIsMissing(Refusal):
    """A hold or a hand-over needs a reason; closing needs to say how it was resolved."""


class CannotBeSnoozed(Refusal):
    """The moment to come back to an item lies in the past."""


class IsAwake(Refusal):
    """The item is neither snoozed nor waiting, so there is nothing to bring back."""


class NobodyToHandTo(Refusal):
    """The person does not work here, or has the item already."""


@command(needs=Can.WORK)
def open_item(
    by: Actor,
    /,
    *,
    kind: str,
    reason_code: str,
    sentence: str,
    due_at: datetime,
    source_of_due: str,
    role: str,
    subject: Model | None = None,
    patient_id: UUID | None = None,
    link: str = "",
    owner_id: UUID | None = None,
) -> WorkqueueItem:
    """Put something on the work list, with its clock and where the clock comes from.

    What is open already for the same thing is not opened twice: the old item comes back, seen again.
    """
    known = _open_for(kind, subject)
    if known is None:
        try:
            with transaction.atomic():
                item = WorkqueueItem.objects.create(
                    number=next_number("work item"),
                    kind=kind,
                    subject_kind=subject._meta.label_lower if subject is not None else "",
                    subject_id=subject.pk if subject is not None else None,
                    patient_id=patient_id,
                    reason_code=reason_code,
                    sentence=sentence,
                    link=link,
                    due_at=due_at,
                    source_of_due=source_of_due,
                    role=role,
                    owner_id=owner_id,
                    opened_at=by.now,
                )
        except IntegrityError:  # another window opened it a moment ago
            known = _open_for(kind, subject)
            if known is None:
                raise
    if known is not None:
        _step(by, known, "seen again", sentence if sentence != known.sentence else "")
        record(by, "tasks.item.seen-again", known, reason_code=reason_code)
        return known
    _step(by, item, "opened", sentence)
    record(by, "tasks.item.opened", item, kind=kind, reason_code=reason_code, due_at=due_at.isoformat())
    return item


@command(needs=Can.WORK_TASKS)
def take_item(by: Actor, /, *, item_id: UUID) -> WorkqueueItem:
    """Make an item one's own."""
    item = _held(item_id)
    item.owner, item.state, item.snoozed_until = _place_of(by), WorkqueueItem.State.OPEN, None
    item.save(update_fields=["owner", "state", "snoozed_until"])
    _step(by, item, "taken")
    record(by, "tasks.item.taken", item)
    return item


@command(needs=Can.WORK_TASKS)
def snooze_item(by: Actor, /, *, item_id: UUID, until: datetime, reason: str) -> WorkqueueItem:
    """Put an item out of sight until a moment, saying why; its clock runs on."""
    item = _held(item_id)
    if until <= by.now:
        raise CannotBeSnoozed("Choose a time that is still to come.", until="A time still to come.")
    item.snoozed_until = until
    item.save(update_fields=["snoozed_until"])
    _step(by, item, "snoozed", _given(reason))
    record(by, "tasks.item.snoozed", item, until=until.isoformat())
    return item


@command(needs=Can.WORK_TASKS)
def wake_item(by: Actor, /, *, item_id: UUID) -> WorkqueueItem:
    """Bring a snoozed or waiting item back before its time."""
    item = _held(item_id)
    if item.state == WorkqueueItem.State.OPEN and not (item.snoozed_until and item.snoozed_until > by.now):
        raise IsAwake("That item is back on the list already.")
    item.snoozed_until, item.state = None, WorkqueueItem.State.OPEN
    item.save(update_fields=["snoozed_until", "state"])
    _step(by, item, "brought back")
    record(by, "tasks.item.brought-back", item)
    return item


@command(needs=Can.WORK_TASKS)
def wait_for(by: Actor, /, *, item_id: UUID, reason: str) -> WorkqueueItem:
    """Say that an item waits for somebody outside, and for whom or what."""
    item = _held(item_id)
    item.state = WorkqueueItem.State.WAITING
    item.save(update_fields=["state"])
    _step(by, item, "waits", _given(reason))
    record(by, "tasks.item.waits", item)
    return item


@command(needs=Can.WORK_TASKS)
def hand_over(by: Actor, /, *, item_id: UUID, to_membership_id: UUID, reason: str) -> WorkqueueItem:
    """Give an item to a colleague, with a reason; it can come back the same way."""
    item = _held(item_id)
    to = practice.members().filter(pk=to_membership_id).first()
    if to is None:
        raise NobodyToHandTo("That person does not work here any more.", to="Choose somebody else.")
    if to.pk == item.owner_id:
        raise NobodyToHandTo(f"{to.display_name} has this item already.", to="Choose somebody else.")
    item.handed_from = _place_of(by)
    item.owner, item.state, item.snoozed_until = to, WorkqueueItem.State.OPEN, None
    item.save(update_fields=["handed_from", "owner", "state", "snoozed_until"])
    _step(by, item, f"handed to {to.display_name}", _given(reason))
    record(by, "tasks.item.handed-over", item, to=str(to.pk))
    return item


@command(needs=Can.WORK_TASKS)
def hand_back(by: Actor, /, *, item_id: UUID, reason: str) -> WorkqueueItem:
    """Give an item back to the one who handed it over, saying what is missing; it is nobody's when that one has left."""
    item = _held(item_id)
    if item.handed_from is None:
        raise NobodyToHandTo("Nobody handed this item over. Choose a colleague to hand it to.")
    back_to = item.handed_from
    is_here = back_to.ended_at is None
    item.owner, item.handed_from = back_to if is_here else None, None
    item.save(update_fields=["owner", "handed_from"])
    said = (
        f"returned to {back_to.display_name}"
        if is_here
        else f"returned to everybody: {back_to.display_name} does not work here any more"
    )
    _step(by, item, said, _given(reason))
    record(by, "tasks.item.returned", item, to=str(back_to.pk))
    return item


@command(needs=Can.WORK_TASKS)
def close_item(by: Actor, /, *, item_id: UUID, action_code: str, reason: str = "") -> WorkqueueItem:
    """Close an item by saying how it was resolved.

    Raises ReasonIsMissing, or IsSettledElsewhere where its own page still waits.
    """
    item = _held(item_id)
    if not action_code:
        raise ReasonIsMissing("Say how it was resolved.", action="Choose how it was resolved.")
    if elsewhere.still_waits(item):
        raise IsSettledElsewhere("Somebody still waits there. Open it and say there what came of it.")
    _close(by, item, action_code, reason)
    record(by, "tasks.item.closed", item, action_code=action_code)
    return item


@command(needs=Can.WORK)
def close_items_of(by: Actor, /, *, subject_id: UUID, kind: str, action_code: str) -> int:
    """Close what was open for a thing that resolved itself; return how many items that were."""
    items = WorkqueueItem.objects.select_for_update(of=("self",)).filter(subject_id=subject_id, kind=kind)
    closed = 0
    for item in items.exclude(state=WorkqueueItem.State.CLOSED):
        _close(by, item, action_code, "")
        closed += 1
    record(by, "tasks.items.closed", kind=kind, about=str(subject_id), items=closed)
    return closed


@command(needs=Can.WORK)
def name_patient(by: Actor, /, *, subject_id: UUID, kind: str, patient_id: UUID | None) -> int:
    """Say about which patient the open items of a thing are, or that they are about none; return how many changed."""
    items = WorkqueueItem.objects.filter(subject_id=subject_id, kind=kind)
    changed = items.exclude(state=WorkqueueItem.State.CLOSED).update(patient_id=patient_id)
    record(
        by,
        "tasks.items.named",
        patients=[patient_id] if patient_id else [],
        about=str(subject_id),
        items=changed,
    )
    return changed


@command(needs=Can.WORK)
def withdraw_item(by: Actor, /, *, subject_id: UUID, kind: str) -> bool:
    """Close what is open for a thing that was taken back; return False where it is closed or a person has it."""
    items = WorkqueueItem.objects.select_for_update(of=("self",)).filter(subject_id=subject_id, kind=kind)
    item = items.filter(state=WorkqueueItem.State.OPEN, owner=None).first()
    is_untouched = item is not None and not item.steps.exclude(verb="opened").exists()
    if item is not None and is_untouched:
        _close(by, item, "taken back", "")
    record(by, "tasks.item.withdrawn", kind=kind, about=str(subject_id), items=int(is_untouched))
    return is_untouched


def _held(item_id: UUID) -> WorkqueueItem:
    items = WorkqueueItem.objects.select_for_update(of=("self",)).select_related("handed_from")
    item = items.filter(pk=item_id).first()
    if item is None:
        raise ItemIsUnknown("That item is not on this office's work list.")
    if item.state == WorkqueueItem.State.CLOSED:
        raise ItemIsClosed(f"{item.closed_by_name} has closed this item already.")
    return item


def _close(by: Actor, item: WorkqueueItem, action_code: str, reason: str) -> None:
    item.state, item.closed_at, item.closed_by_name = WorkqueueItem.State.CLOSED, by.now, by.name
    item.action_code, item.snoozed_until = action_code, None
    item.save(update_fields=["state", "closed_at", "closed_by_name", "action_code", "snoozed_until"])
    _step(by, item, f"closed: {action_code}", reason)


def _open_for(kind: str, subject: Model | None) -> WorkqueueItem | None:
    if subject is None:
        return None
    found = WorkqueueItem.objects.filter(kind=kind, subject_id=subject.pk)
    return found.exclude(state=WorkqueueItem.State.CLOSED).first()


def _place_of(by: Actor) -> Membership | None:
    return practice.members().filter(user_id=by.user_id).first() if by.user_id else None


def _given(reason: str) -> str:
    if not reason.strip():
        raise ReasonIsMissing("Give a reason: the next person reads it.", reason="Give a reason.")
    return reason.strip()


def _step(by: Actor, item: WorkqueueItem, verb: str, reason: str = "") -> None:
    WorkqueueStep.objects.create(item=item, at=by.now, by_name=by.name, verb=verb, reason=reason)
    announce(by.practice_id, "tasks")
