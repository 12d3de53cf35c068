"""Notes and alerts of the old system: on the chart where they fit, else as a paper of the chart."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.documents import commands as documents
from daysheet.documents.models import Document
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.letters import pdf
from daysheet.letters import queries as letters
from daysheet.movein.models import OldRow
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking.coming import Came, Moved, Turn, alert_of, bad, otherwise
from daysheet.patients import commands as patients
from daysheet.patients.many import alert_of as alert_fact
from daysheet.patients.models import Patient
from daysheet.patients.rules import LONGEST_TEXT, tidy

BETWEEN = "; "
SUBJECT, PAPER, ALERT = "patients.patient", "documents.document", "patients.patientalert"
SHOWN = 5


def take(turn: Turn, rows: Sequence[Judged]) -> list[Came]:
    """Put each note to its chart."""
    who = turn.patients(rows)

    def one(judged: Judged) -> Came:
        if held := otherwise(turn, judged):
            return held
        patient_id = who.get(str(judged.says["patient_key"]))
        if patient_id is None:
            return bad(judged, [["", "no_patient", ""]])
        patient = Patient.objects.get(pk=patient_id)
        came = Came(judged.number, judged.key, "taken", patient_id=patient_id)
        if words := alert_of(judged):
            alert = patients.write_alert(
                turn.by, patient_id=patient_id, today=turn.today, fact=alert_fact(words)
            )
            came.subject_kind, came.subject_id, came.version = ALERT, alert.pk, alert.version
            came.before["alert"] = str(alert.pk)
        text = tidy(_text(judged))
        if not text:
            return came
        if "written_on" in judged.says:
            text = f"{judged.says['written_on']:%-m/%-d/%Y}: {text}"
        note = BETWEEN.join(filter(None, [patient.note, text]))
        if len(note) > LONGEST_TEXT:
            came.subject_kind, came.subject_id = PAPER, _paper(turn, patient, judged)
            return came
        changed = patients.change_patient(turn.by, patient_id=patient_id, version=patient.version, note=note)
        came.subject_kind, came.subject_id, came.version = SUBJECT, patient_id, changed.version
        came.stood = patient.version
        came.before["added"] = text
        return came

    return turn.each(rows, one)


def undo(by: Actor, rows: Sequence[OldRow]) -> Moved:
    """Take the words and alerts off the charts again that a file added, and mark its papers as filed by mistake.

    What others wrote beside them stays. While somebody has rewritten one of them, all of them stay.
    """
    on_charts = [row for row in rows if row.subject_kind == SUBJECT and row.patient_id]
    patients_here = Patient.objects.in_bulk({row.patient_id for row in on_charts if row.patient_id})
    notes = {patient_id: patient.note for patient_id, patient in patients_here.items()}
    rewritten: dict[UUID, int] = {}
    for row in on_charts:
        patient = patients_here[row.patient_id]
        left = without(notes[patient.pk], row.before.get("added", ""))
        if left is None:
            rewritten[patient.pk] = patient.chart_number
        else:
            notes[patient.pk] = left
    if rewritten:
        raise Refusal(_told(sorted(rewritten.values())))
    moved: dict[UUID, tuple[int, int]] = {}
    for patient_id, note in notes.items():
        patient = patients_here[patient_id]
        after = patients.change_patient(by, patient_id=patient_id, version=patient.version, note=note)
        moved[patient_id] = patient.version, after.version
    if alerts := [UUID(row.before["alert"]) for row in rows if "alert" in row.before]:
        patients.take_back_alerts(by, alert_ids=alerts)
    papers = [row.subject_id for row in rows if row.subject_kind == PAPER and row.subject_id]
    for paper in Document.objects.filter(pk__in=papers, struck_at__isnull=True).values_list("pk", flat=True):
        documents.strike_paper(by, document_id=paper)
    return moved


def without(note: str, added: str) -> str | None:
    """Return a note without the words that were added to it; None where they do not stand in it any more."""
    framed, wanted = f"{BETWEEN}{note}{BETWEEN}", f"{BETWEEN}{added}{BETWEEN}"
    at = framed.rfind(wanted) if added else -1
    if at < 0:
        return None
    return BETWEEN.join(filter(None, [framed[len(BETWEEN) : at], framed[at + len(wanted) : -len(BETWEEN)]]))


def _text(judged: Judged) -> str:
    """Return what a row says beside an alert; one that is too long to be read out is a note."""
    alert = "" if alert_of(judged) else judged.says.get("alert", "")
    return BETWEEN.join(filter(None, [alert, judged.says.get("text", "")]))


def _told(charts: Sequence[int]) -> str:
    shown = ", ".join(str(chart) for chart in charts[:SHOWN])
    more = f", {_('and more')}" if len(charts) > SHOWN else ""
    return ngettext(
        "The note of %(n)s chart was rewritten since (%(charts)s). All notes of this file stay; mend that one there.",
        "The notes of %(n)s charts were rewritten since (%(charts)s). All notes of this file stay; mend those there.",
        len(charts),
    ) % {"n": f"{len(charts):,}", "charts": f"{shown}{more}"}


def _paper(turn: Turn, patient: Patient, judged: Judged) -> UUID:
    facts = {
        "title": _("Note of the old system"),
        "facts": [[_("Patient"), f"{patient}, {patient.chart_number}"], [_("From"), turn.file.system]],
        "columns": [{"label": _("Text")}],
        "rows": [[_text(judged)]],
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
