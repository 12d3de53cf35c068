"""Alerts of the old system: several of one patient, each for whom it is meant and until its last day."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from daysheet.kernel.access import Actor
from daysheet.movein.models import OldRow
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking.coming import Came, Turn, bad, left, otherwise
from daysheet.patients import commands as patients
from daysheet.patients.many import alert_of

SUBJECT = "patients.patientalert"


def take(turn: Turn, rows: Sequence[Judged]) -> list[Came]:
    """Write each alert that still stands to its patient; it is read out at booking, check-in and calls."""
    who = turn.patients(rows)

    def one(judged: Judged) -> Came:
        if held := otherwise(turn, judged):
            return held
        says = judged.says
        patient_id = who.get(str(says["patient_key"]))
        if is_over(says, turn.today):
            return left(judged, "past")
        if patient_id is None:
            return bad(judged, [["", "no_patient", ""]])
        fact = replace(
            alert_of(says["alert"]),
            audience=says.get("audience") or "everybody",
            until_on=says.get("until_on"),
        )
        alert = patients.write_alert(turn.by, patient_id=patient_id, today=turn.today, fact=fact)
        came = Came(judged.number, judged.key, "taken", subject_kind=SUBJECT, subject_id=alert.pk)
        came.version, came.patient_id = alert.version, patient_id
        return came

    return turn.each(rows, one)


def undo(by: Actor, rows: Sequence[OldRow]) -> None:
    """Take the alerts out again that a file wrote, while nobody changed or ended one of them."""
    if ids := [row.subject_id for row in rows if row.subject_id]:
        patients.take_back_alerts(by, alert_ids=ids)


def is_over(says: Mapping[str, Any], today: date) -> bool:
    """Return whether the last day of an alert has gone by."""
    until = says.get("until_on")
    return until is not None and until < today
