"""Recalls: the due day worked out or set by a person, stopped with a reason, and going on again."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.patients.models import Patient
from daysheet.schedule import recalls
from daysheet.schedule.models import NoRecalls, Recall, RecallContact, RecallType

AS_IT_IS = 0
"""That the months after which a recall comes again stay as they are."""


class NoSuchRecall(Refusal):
    """This patient has no such recall."""


class StrangeDay(Refusal):
    """A day on which nobody can be due, or be asked again."""


class OwesNothing(Refusal):
    """The recall is to wait for a payment, and nothing is owed."""


class RecallStands(Refusal):
    """There is nothing to take back: it goes on already."""


class RecallIsKept(Refusal):
    """The patient has this recall already, and somebody has decided about it."""


class RecallWentOn(Refusal):
    """Somebody went on with a recall since its day was set."""


@command(needs=Can.BOOK_APPOINTMENT)
def work_out_recalls(by: Actor, /) -> int:
    """Work out anew who is due and when, for all; say for how many it changed. What waited for a payment goes on."""
    _let_paid_go_on(by)
    changed = _work_out()
    record(by, "schedule.recalls.worked-out", patients=changed, changed=len(changed))
    return len(changed)


@command(needs=Can.BOOK_APPOINTMENT)
def set_recall_day(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    type_id: UUID,
    due_on: date | None,
    reason: str = "",
    version: int | None = None,
    every_months: int | None = AS_IT_IS,
) -> Recall:
    """Set the day on which a patient is due, or with no day go back to the one that follows from the last visit.

    With `every_months` also after how many months it comes again for this patient; None: as for all. The set day
    counts until the next visit of its kind. Version 0 says that the patient had none when it was asked: what somebody
    has decided meanwhile, or before, is not written over. Raises StrangeDay, NoSuchRecall, RecallIsKept or StaleForm.
    """
    if not RecallType.objects.filter(pk=type_id).exists():
        raise NoSuchRecall(_("That recall is not kept here."))
    patient = Patient.objects.get(pk=patient_id)
    if patient.status == Patient.Status.DECEASED:
        raise NoSuchRecall(_("This patient is marked as deceased. Check the chart."))
    if patient.status == Patient.Status.INACTIVE:
        raise NoSuchRecall(_("This patient is marked as inactive. Make the chart active first."))
    today = _today(by)
    if due_on is not None and not -3660 <= (due_on - today).days <= 3660:
        raise StrangeDay(_("A due day is within ten years."), due_on=_("Within ten years."))
    rows = Recall.objects.select_for_update(of=("self",))
    kept, made = rows.get_or_create(patient=patient, type_id=type_id, defaults={"version": 0})
    if not made and version == 0:
        _is_undecided(kept, today)
    elif not made:
        _same(kept, version)
    if every_months != AS_IT_IS and every_months != kept.own_every_months:
        kept.own_every_months = every_months
        kept.save()
        _work_out(type_id=type_id, patient_id=patient_id)
        kept.refresh_from_db()
    if due_on is None and kept.worked_out_on is None:
        raise StrangeDay(
            _("No day follows from a visit. Set one, or stop the recall."), due_on=_("Write the day.")
        )
    kept.own_due_on, kept.own_reason = due_on, reason.strip() if due_on else ""
    kept.set_before_on, kept.set_before_reason, kept.gave_way_on = None, "", None
    kept.due_on, kept.version = due_on or kept.worked_out_on, kept.version + 1
    kept.save()
    record(by, "schedule.recall.day-set", kept, due_on=str(kept.due_on), by_hand=due_on is not None)
    announce(by.practice_id, "recalls")
    return kept


@command(needs=Can.BOOK_APPOINTMENT)
def take_back_recall_day(
    by: Actor, /, *, recall_id: UUID, version: int, before: Mapping[str, Any] | None
) -> Recall | None:
    """Take back a day that was set: the recall is again what it was `before`, or is gone where it was not there.

    One that follows from a visit of this office stays, without the set day. Raises RecallWentOn.
    """
    kept = Recall.objects.select_for_update(of=("self",)).filter(pk=recall_id).first()
    if kept is None:
        return None
    if kept.version != version or RecallContact.objects.filter(recall=kept).exists():
        raise RecallWentOn(
            _(
                "Some of these recalls were changed, or the patients contacted about them, since. They all stay."
            )
        )
    record(by, "schedule.recall.day-taken-back", kept, was_due=str(kept.due_on))
    announce(by.practice_id, "recalls")
    if before is None and kept.last_on is None:
        kept.delete()
        return None
    before = before or {}
    kept.own_due_on, kept.own_reason, kept.own_every_months = None, "", before.get("months")
    kept.set_before_on, kept.gave_way_on = before.get("set_before_on"), before.get("gave_way_on")
    kept.set_before_reason = before.get("set_before_reason", "")
    kept.due_on, kept.version = kept.worked_out_on, kept.version + 1
    kept.save()
    _work_out(type_id=kept.type_id, patient_id=kept.patient_id)
    kept.refresh_from_db()
    return kept


@command(needs=Can.BOOK_APPOINTMENT)
def stop_recall(
    by: Actor,
    /,
    *,
    recall_id: UUID,
    version: int | None,
    why: str,
    until: date | None = None,
    words: str = "",
) -> Recall:
    """Let a patient hear no more of a recall, with the reason; until a day, or until somebody lets it go on.

    What is stopped until the balance is paid goes on by itself once it is. Raises StrangeDay, OwesNothing or StaleForm.
    """
    of = Recall.objects.filter(pk=recall_id).values_list("patient_id", flat=True).first()
    owes = (
        why == Recall.Stopped.BALANCE and of is not None and recalls.owes(of)
    )  # the account first, as who pays does
    kept = _held(recall_id, version)
    if why not in Recall.Stopped.values:
        raise Refusal(_("Say why it is stopped."), why=_("Choose a reason."))
    if why == Recall.Stopped.LATER and until is None:
        raise StrangeDay(_("Say from which day on the patient is asked again."), until=_("Write the day."))
    if why == Recall.Stopped.BALANCE and not owes:
        raise OwesNothing(_("This patient owes nothing. Choose another reason."), why=_("Nothing is owed."))
    if until is not None and until <= _today(by):
        raise StrangeDay(_("That day has come already. Choose a later one."), until=_("Choose a later day."))
    kept.stopped, kept.stopped_until, kept.stopped_words = why, until, words.strip()
    kept.stopped_at, kept.stopped_by, kept.version = by.now, by.name, kept.version + 1
    kept.save()
    record(by, "schedule.recall.stopped", kept, why=why, until=str(until or ""))
    announce(by.practice_id, "recalls")
    return kept


@command(needs=Can.BOOK_APPOINTMENT)
def reactivate_recall(by: Actor, /, *, recall_id: UUID, version: int | None) -> Recall:
    """Let a recall that was stopped go on.

    Raises RecallStands or StaleForm.
    """
    kept = _held(recall_id, version)
    if not kept.stopped:
        raise RecallStands(_("This recall goes on already."))
    old = kept.stopped
    kept.stopped, kept.stopped_until, kept.stopped_words = "", None, ""
    kept.stopped_at, kept.stopped_by, kept.version = None, "", kept.version + 1
    kept.save()
    record(by, "schedule.recall.reactivated", kept, was=old)
    announce(by.practice_id, "recalls")
    return kept


@command(needs=Can.BOOK_APPOINTMENT)
def let_paid_recalls_go_on(by: Actor, /, *, patient_ids: Collection[UUID]) -> int:
    """Let the recalls go on that waited for the balance of some patients who owe nothing any more; return how many."""
    gone_on = _let_paid_go_on(by, recalls.paid_since().filter(patient_id__in=patient_ids))
    if not gone_on:
        record(by, "schedule.recalls.left-alone")
    announce(by.practice_id, "recalls")
    return gone_on


@command(needs=Can.BOOK_APPOINTMENT)
def want_no_recalls(by: Actor, /, *, patient_id: UUID, reason: str) -> NoRecalls:
    """Note that a patient asks not to be contacted about any visit that comes again."""
    if not reason.strip():
        raise Refusal(_("Write what the patient said."), reason=_("Write what the patient said."))
    said = {"reason": reason.strip(), "since": by.now, "by_name": by.name}
    kept, _made = NoRecalls.objects.get_or_create(patient_id=patient_id, defaults=said)
    record(by, "schedule.no-recalls.noted", kept)
    announce(by.practice_id, "recalls")
    return kept


@command(needs=Can.BOOK_APPOINTMENT)
def want_recalls_again(by: Actor, /, *, patient_id: UUID) -> None:
    """Note that a patient may be contacted again."""
    kept = NoRecalls.objects.select_for_update().filter(patient_id=patient_id).first()
    if kept is None:
        raise RecallStands(_("This patient may be contacted already."))
    record(by, "schedule.no-recalls.ended", kept, reason=kept.reason)
    kept.delete()
    announce(by.practice_id, "recalls")


def _let_paid_go_on(by: Actor, paid: QuerySet[Recall] | None = None) -> int:
    """Let the recalls go on that were stopped until the balance is paid, of patients who owe nothing any more.

    Of all such, or of some; returns how many.
    """
    rows = list(
        (recalls.paid_since() if paid is None else paid).select_for_update(of=("self",)).order_by("pk")
    )
    for kept in rows:
        kept.stopped, kept.stopped_until, kept.stopped_words = "", None, ""
        kept.stopped_at, kept.stopped_by, kept.version = None, "", kept.version + 1
        kept.save()
        record(by, "schedule.recall.reactivated", kept, was=Recall.Stopped.BALANCE.value)
    return len(rows)


def _work_out(*, type_id: UUID | None = None, patient_id: UUID | None = None) -> list[UUID]:
    """Let due days follow from the visits: two statements, whatever the number; return the patients concerned."""
    rows = [
        Recall(
            type_id=kind,
            patient_id=patient,
            last_on=last_on,
            worked_out_on=worked,
            own_due_on=own,
            own_reason=reason,
            due_on=own or worked,
            set_before_on=before,
            set_before_reason=before_reason,
            gave_way_on=gave_way_on,
        )
        for kind, patient, last_on, worked, own, reason, before, before_reason, gave_way_on in recalls.changed(
            type_id=type_id, patient_id=patient_id
        )
    ]
    fields = ["last_on", "worked_out_on", "own_due_on", "own_reason", "due_on"]
    fields += ["set_before_on", "set_before_reason", "gave_way_on"]
    Recall.objects.bulk_create(
        rows,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["practice", "patient", "type"],
        update_fields=fields,
    )
    return list(dict.fromkeys(one.patient_id for one in rows))


def _held(recall_id: UUID, version: int | None) -> Recall:
    kept = Recall.objects.select_for_update(of=("self",)).filter(pk=recall_id).first()
    if kept is None:
        raise NoSuchRecall(_("That recall is not on the books."))
    _same(kept, version)
    return kept


def _same(kept: Recall, version: int | None) -> None:
    if version is not None and kept.version != version:
        raise StaleForm(_("Somebody changed this recall meanwhile. Look at it again, then decide."))


def _is_undecided(kept: Recall, today: date) -> None:
    """Raise RecallIsKept where somebody has stopped a recall or set its day: that is changed on its own page."""
    if kept.stopped_on(today):
        raise RecallIsKept(
            _(
                "This recall is stopped for the patient. Open it on the patient's page and let it go on first."
            ),
            type=_("It is stopped: nobody would call."),
        )
    if kept.own_due_on is not None:
        raise RecallIsKept(
            _(
                "Somebody has set a day for this recall already. Open it on the patient's page to change the day."
            ),
            type=_("A day is set already."),
        )


def _today(by: Actor) -> date:
    return local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
