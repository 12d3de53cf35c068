"""Who is due in the old system, and for what: a recall here with its day, its interval and its reason."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.movein.models import OldFile, OldRow
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking.coming import ANY, Came, Turn, as_they_came, bad, flat, left, otherwise
from daysheet.schedule import commands as schedule
from daysheet.schedule import recalls
from daysheet.schedule.models import Recall, RecallType, WaitlistEntry

SUBJECT = "schedule.recall"
STOPPED = frozenset({"disabled", "inactive", "stopped", "declined", "cancelled", "canceled", "true", "yes"})
Kinds = Mapping[str, RecallType]


def take(turn: Turn, rows: Sequence[Judged]) -> list[Came]:
    """Set the day on which each patient is due, where nobody here has decided about it."""
    who, kinds = turn.patients(rows), kinds_here()

    def one(judged: Judged) -> Came:
        if held := otherwise(turn, judged):
            return held
        says = judged.says
        patient_id, kind = who.get(str(says["patient_key"])), kind_of(turn.file, kinds, says)
        if is_stopped(says):
            return left(judged, "is_stopped")
        if patient_id is None:
            return bad(judged, [["", "no_patient", ""]])
        if kind is None:
            return bad(judged, [["", "no_recall", says.get("type", "")[:80]]])
        before = _before(patient_id, kind)
        made = schedule.set_recall_day(
            turn.by,
            patient_id=patient_id,
            type_id=kind.pk,
            due_on=says["due_on"],
            reason=says.get("reason") or turn.file.system,
            version=0,
            every_months=_own(says, kind),
        )
        came = Came(judged.number, judged.key, "taken", subject_kind=SUBJECT, subject_id=made.pk)
        came.version, came.patient_id = made.version, patient_id
        came.before = {"recall": before}
        return came

    return turn.each(rows, one)


def undo(by: Actor, rows: Sequence[OldRow]) -> None:
    """Take the days back that a file set, while nobody went on with one of the recalls."""
    waiting = [row for row in rows if row.subject_kind != SUBJECT]
    _undo_waiting(by, waiting)  # an earlier release put who was due on the waitlist
    for row in rows:
        if row.subject_kind == SUBJECT and row.subject_id:
            schedule.take_back_recall_day(
                by, recall_id=row.subject_id, version=row.subject_version, before=row.before.get("recall")
            )


def kinds_here() -> dict[str, RecallType]:
    """Return the visits that come again here, by what a file may call them: their names, else the visit's own."""
    kinds = list(recalls.types())
    by_visit: dict[str, list[RecallType]] = {}
    for kind in kinds:
        by_visit.setdefault(flat(kind.visit_type.name), []).append(kind)
    told = {name: found[0] for name, found in by_visit.items() if len(found) == 1}
    return told | {flat(kind.name): kind for kind in kinds}


def kind_of(file: OldFile, kinds: Kinds, says: Mapping[str, Any]) -> RecallType | None:
    """Return what a row is due for here; the only one there is, where the file does not say."""
    found = kinds.get(flat(says.get("type", ""))) or kinds.get(
        flat(file.meanings.get("type", {}).get(ANY, ""))
    )
    every = {kind.pk: kind for kind in kinds.values()}
    return next(iter(every.values())) if found is None and not says.get("type") and len(every) == 1 else found


def nameless(file: OldFile, rows: Sequence[Judged]) -> list[Judged]:
    """Return the rows that are due for something that nothing here bears the name of."""
    kinds = kinds_here()
    return [judged for judged in rows if kind_of(file, kinds, judged.says) is None]


def is_stopped(says: Mapping[str, Any]) -> bool:
    """Return whether the old system wants nobody to be told of it any more."""
    return flat(says.get("status", "")) in STOPPED


def _own(says: Mapping[str, Any], kind: RecallType) -> int | None:
    """Return after how many months it comes again for this patient; none of its own where that is the usual."""
    told = says.get("every_months")
    if told is None:
        return schedule.AS_IT_IS
    return None if told == kind.every_months else int(told)


def _before(patient_id: UUID, kind: RecallType) -> dict[str, Any] | None:
    kept = Recall.objects.filter(patient_id=patient_id, type=kind).first()
    if kept is None:
        return None
    return {
        "months": kept.own_every_months,
        "set_before_on": kept.set_before_on and kept.set_before_on.isoformat(),
        "set_before_reason": kept.set_before_reason,
        "gave_way_on": kept.gave_way_on and kept.gave_way_on.isoformat(),
    }


def _undo_waiting(by: Actor, rows: Sequence[OldRow]) -> None:
    changed = _("Some of these patients were offered a time or booked since. They all stay.")
    for found in as_they_came(rows, WaitlistEntry, changed):
        schedule.withdraw_from_waitlist(by, entry_id=found.pk, version=found.version)
