"""Notes and alerts of the old system: on the chart where they fit, else as a paper of the chart."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents import commands as documents
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.letters import pdf
from daysheet.letters import queries as letters
from daysheet.movein.models import OldRow
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking.coming import Came, Turn, bad
from daysheet.patients import commands as patients
from daysheet.patients.models import Patient
from daysheet.patients.rules import LONGEST_TEXT, tidy

BETWEEN = "; "


def take(turn: Turn, rows: Sequence[Judged]) -> list[Came]:
    """Put each note to its chart."""
    who = turn.patients(rows)

    def one(judged: Judged) -> Came:
        patient_id = who.get(str(judged.says["patient_key"]))
        if patient_id is None:
            return bad(judged, [["", "no_patient", ""]])
        if judged.key in turn.known:
            return Came(judged.number, judged.key, "held", why=[["", "changed_here", ""]])
        patient = Patient.objects.get(pk=patient_id)
        text = tidy(judged.says["text"])
        if "written_on" in judged.says:
            text = f"{judged.says['written_on']:%-m/%-d/%Y}: {text}"
        note = BETWEEN.join(filter(None, [patient.note, text]))
        came = Came(judged.number, judged.key, "taken", patient_id=patient_id)
        if len(note) > LONGEST_TEXT:
            came.subject_kind, came.subject_id = "documents.document", _paper(turn, patient, judged)
            return came
        changed = patients.change_patient(turn.by, patient_id=patient_id, version=patient.version, note=note)
        came.subject_kind, came.subject_id, came.version = "patients.patient", patient_id, changed.version
        return came

    return turn.each(rows, one)


def undo(by: Actor, rows: Sequence[OldRow]) -> None:
    """Refuse: a note on a chart is read and acted on; what was wrong is mended on the chart."""
    if rows:
        raise Refusal(
            _(
                "Notes stand on the charts and have been seen. Mend them there; the saved changes show what was added."
            )
        )


def _paper(turn: Turn, patient: Patient, judged: Judged) -> UUID:
    facts = {
        "title": _("Note of the old system"),
        "facts": [[_("Patient"), f"{patient}, {patient.chart_number}"], [_("From"), turn.file.system]],
        "columns": [{"label": _("Text")}],
        "rows": [[judged.says["text"]]],
        "made_at": turn.by.now.isoformat(),
    }
    paper = documents.keep_document(
        turn.by,
        kind="other",
        title=_("Note of the old system"),
        media_type="application/pdf",
        content=pdf.render("table", letters.frame(turn.by) | facts),
        patient_id=patient.pk,
    )
    return paper.pk
