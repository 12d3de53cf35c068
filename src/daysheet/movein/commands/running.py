"""A file taken in: begun once, then in batches, each whole or not at all; a run that was stopped goes on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.jobs import later
from daysheet.kernel.live import announce
from daysheet.kernel.many import insert_many
from daysheet.movein import looking
from daysheet.movein.commands.deciding import _decided
from daysheet.movein.commands.keeping_in_step import _keep_in_step, _say_anew, _stood
from daysheet.movein.models import OldFile, OldRow
from daysheet.movein.rules.alike import Twin
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking import TAKERS, Came, Turn, bad

COUNTS = ("read", "taken", "updated", "joined", "known", "held", "left", "bad")
STORED = frozenset({"taken", "updated", "joined", "held", "bad"})


class NotItsTurn(Refusal):
    """Somebody else takes the file in, or these rows are dealt with."""


@command(needs=Can.IMPORT_DATA)
def begin_run(
    by: Actor,
    /,
    *,
    file_id: UUID,
    version: int | None = None,
    here: bool = False,
    alike: str = "",
    rows: Mapping[int, str] | None = None,
) -> OldFile:
    """Begin to take a file in, or go on with it; `here` means that the caller takes the rows itself.

    `alike` is what becomes of those who may have a chart already, where it is said only now; `rows` says it of single
    rows.
    Raises NotItsTurn while another file is being taken in, and StaleForm.
    """
    file = OldFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None:
        raise NotItsTurn(_("That file is not here."))
    if version is not None and file.version != version:
        raise StaleForm(_("Somebody else changed this file meanwhile. Look at it again."))
    if file.state == OldFile.State.RUNNING:
        record(by, "movein.run.resumed", file, at_row=file.next_row)
    elif file.state != OldFile.State.CHECKED:
        raise NotItsTurn(_("Look the file through first, then take it in."))
    else:
        file.state, file.begun_at, file.run_by = OldFile.State.RUNNING, by.now, by.name
        file.figures, file.next_row, file.trouble = dict.fromkeys(COUNTS, 0), 0, ""
        file.alike, file.decided = alike or file.alike, _decided(file, rows or {})
        file.version += 1
        with refusing(old_file_runs_alone=NotItsTurn(_("Another file is being taken in. Wait for its end."))):
            file.save()
        record(by, "movein.run.begun", file, kind=file.kind, rows=file.rows)
    if not here:
        later("movein.run", practice_id=by.practice_id, file_id=file.pk)
    announce(by.practice_id, "movein", str(file.pk))
    return file


@command(needs=Can.IMPORT_DATA)
def take_batch(
    by: Actor, /, *, file_id: UUID, first: int, rows: Sequence[Judged], twins: Mapping[int, Twin]
) -> OldFile:
    """Take some rows in, from the first that is not dealt with yet: all that can be, or nothing at all.

    Raises NotItsTurn when they are dealt with already: then somebody else goes on with the file.
    """
    file = OldFile.objects.select_for_update().get(pk=file_id)
    if file.state != OldFile.State.RUNNING or file.next_row != first:
        raise NotItsTurn(_("These rows are dealt with already."))
    known = {row.key: row for row in looking.taken_before(file, [judged.key for judged in rows])}
    turn = Turn(by, file, looking.today(by), known, twins)
    came = TAKERS[file.kind](turn, rows)
    again = [one for one in came if one.outcome == "updated" and one.key in known]
    _say_anew(by, [(known[one.key].pk, one.mark, one.version) for one in again])
    _keep_in_step(by, _stood(came))
    _note(file, came, rows, at=by.now)
    patients = {one.patient_id for one in came if one.patient_id} if file.kind != "patients" else set()
    record(by, "movein.rows.taken", file, patients=sorted(patients), rows=len(rows), to=file.next_row)
    announce(by.practice_id, "movein", str(file.pk))
    return file


@command(needs=Can.IMPORT_DATA)
def leave_row(by: Actor, /, *, file_id: UUID, first: int, row: Judged, why: str = "") -> OldFile:
    """Leave a row out that cannot be taken in any way, with the reason, so that those behind it come.

    Raises NotItsTurn when it is dealt with already.
    """
    file = OldFile.objects.select_for_update().get(pk=file_id)
    if file.state != OldFile.State.RUNNING or file.next_row != first:
        raise NotItsTurn(_("These rows are dealt with already."))
    reason = ["", "refused", why[:300]] if why else ["", "broken", ""]
    _note(file, [bad(row, [reason])], [row], at=by.now)
    record(by, "movein.row.left", file, row=row.number)
    announce(by.practice_id, "movein", str(file.pk))
    return file


@command(needs=Can.IMPORT_DATA)
def break_off(by: Actor, /, *, file_id: UUID, why: str, is_tried_again: bool = False) -> OldFile:
    """Keep in words why a run broke off; it ends where it stands, unless it is tried again. Raises NotItsTurn."""
    file = OldFile.objects.select_for_update().get(pk=file_id)
    if file.state != OldFile.State.RUNNING:
        raise NotItsTurn(_("This file is not being taken in."))
    file.trouble = why % {"n": f"{file.next_row:,}", "all": f"{file.rows:,}"}
    if not is_tried_again:
        file.state, file.ended_at = OldFile.State.DONE, by.now
        file.version += 1
    file.save(update_fields=["state", "ended_at", "trouble", "version"])
    record(by, "movein.run.broken-off", file, at_row=file.next_row, again=is_tried_again)
    announce(by.practice_id, "movein", str(file.pk))
    return file


@command(needs=Can.IMPORT_DATA)
def stop_run(by: Actor, /, *, file_id: UUID, version: int) -> OldFile:
    """End a run where it stands: what is taken stays until the file is taken back, the rest stays out.

    Raises NotItsTurn and StaleForm.
    """
    file = OldFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None or file.state != OldFile.State.RUNNING:
        raise NotItsTurn(_("This file is not being taken in."))
    if file.version != version:
        raise StaleForm(_("Somebody else changed this file meanwhile. Look at it again."))
    file.state, file.ended_at = OldFile.State.DONE, by.now
    file.trouble = _(
        "%(who)s stopped it after %(n)s of %(all)s rows. Take it back, or bring it again for the rest."
    ) % {
        "who": by.name,
        "n": f"{file.next_row:,}",
        "all": f"{file.rows:,}",
    }
    file.version += 1
    file.save(update_fields=["state", "ended_at", "trouble", "version"])
    record(by, "movein.run.stopped", file, at_row=file.next_row)
    announce(by.practice_id, "movein", str(file.pk))
    return file


def _note(file: OldFile, came: Sequence[Came], rows: Sequence[Judged], *, at: datetime) -> None:
    """Write down what came of some rows, and where the next begin."""
    insert_many([_row(file, one) for one in came if one.outcome in STORED])
    file.figures = _added(file.figures, came, rows)
    file.next_row += len(rows)
    file.trouble = ""
    if file.next_row >= file.rows:
        file.state, file.ended_at = OldFile.State.DONE, at
        file.version += 1
    file.save(update_fields=["figures", "next_row", "state", "ended_at", "version", "trouble"])


def _row(file: OldFile, came: Came) -> OldRow:
    return OldRow(
        file_id=file.pk,
        row=came.row,
        kind=file.kind,
        system=file.system,
        key=came.key,
        mark=came.mark,
        outcome=came.outcome,
        subject_kind=came.subject_kind,
        subject_id=came.subject_id,
        subject_version=came.version,
        patient_id=came.patient_id,
        amount=came.amount,
        why=came.why,
        before=came.before,
    )


def _added(before: Mapping[str, Any], came: Sequence[Came], rows: Sequence[Judged]) -> dict[str, Any]:
    figures = {key: int(before.get(key, 0)) for key in COUNTS}
    figures["read"] += len(rows)
    for one in came:
        if one.counts:
            figures[one.outcome] += 1
    told = Decimal(before.get("told", "0"))
    for judged in rows:
        told += sum((judged.says.get(key, Decimal(0)) for key in looking.MONEY), Decimal(0))
    taken = Decimal(before.get("brought", "0"))
    taken += sum((one.amount for one in came if one.amount and one.outcome == "taken"), Decimal(0))
    return figures | {"told": f"{told:.2f}", "brought": f"{taken:.2f}"}
