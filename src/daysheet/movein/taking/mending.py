"""A chart of the old system mended by a later file, with what stood there before; and mended back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.movein.models import OldRow
from daysheet.movein.taking.coming import Moved, Turn
from daysheet.patients import commands as patients
from daysheet.patients.many import PHONE, NewPerson, alert_of
from daysheet.patients.models import Patient, PatientAlert, PatientContact, PatientPhone
from daysheet.patients.rules import ContactFact, PhoneFact

CONTACT = tuple(asdict(ContactFact("")))
SHOWN = 5


def mend(turn: Turn, patient: Patient, person: NewPerson) -> tuple[int, dict[str, Any]]:
    """Mend a chart by what a later file says; return its version, and what stood there and stands there now."""
    texts: dict[str, Any] = {name: text for name, text in person.texts().items() if text}
    names = [*texts, "born_on", "sex", "phones", "contact"]
    was = stands(patient, names)
    changed = patients.change_patient(
        turn.by,
        patient_id=patient.pk,
        version=patient.version,
        born_on=person.born_on,
        sex=person.sex,
        phones=person.phones or None,
        contact=person.contact,
        **texts,
    )
    made = stands(changed, names)
    other = [name for name in names if was[name] != made[name]]
    kept: dict[str, Any] = {
        key: {name: told[name] for name in other} for key, told in (("was", was), ("made", made))
    }
    if (
        person.alert
        and not PatientAlert.objects.filter(patient=patient, words=person.alert, closed_at=None).exists()
    ):
        alert = patients.write_alert(
            turn.by, patient_id=patient.pk, today=turn.today, fact=alert_of(person.alert)
        )
        kept["alert"] = str(alert.pk)
    return changed.version, kept


def undo(by: Actor, rows: Sequence[OldRow]) -> Moved:
    """Mend charts back to what stood there before, while nobody has gone on with one of them."""
    if any("was" not in row.before for row in rows):
        raise Refusal(_("This file came before it was kept what its updates wrote over. Its charts stay."))
    here = Patient.objects.in_bulk({row.patient_id for row in rows if row.patient_id})
    earlier = OldRow.objects.in_bulk([UUID(row.before["row"][0]) for row in rows])
    moved: dict[UUID, tuple[int, int]] = {}
    changed: list[int] = []
    for row in rows:
        patient = here[row.patient_id]
        if earlier[UUID(row.before["row"][0])].mark != row.mark:
            raise Refusal(_("A later file has updated these charts again. Take that one back first."))
        if (
            patient.version != row.subject_version
            or stands(patient, row.before["made"]) != row.before["made"]
        ):
            changed.append(patient.chart_number)
    if changed:
        shown = ", ".join(map(str, changed[:SHOWN])) + (f", {_('and more')}" if len(changed) > SHOWN else "")
        raise Refusal(
            _("The office went on with charts that this file updated (%(charts)s). They all stay.")
            % {"charts": shown}
        )
    for row in rows:
        patient = here[row.patient_id]
        after = _put_back(by, patient, row.before["was"])
        moved[patient.pk] = patient.version, after.version
    if alerts := [UUID(row.before["alert"]) for row in rows if "alert" in row.before]:
        patients.take_back_alerts(by, alert_ids=alerts)
    return moved


def stands(patient: Patient, names: Sequence[str] | Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands on a chart, by the names of what is asked, as it can be kept."""
    told: dict[str, Any] = {}
    for name in names:
        if name == "phones":
            rows = PatientPhone.objects.filter(patient=patient).order_by("rank")
            told[name] = list(rows.values(*PHONE))
        elif name == "contact":
            told[name] = (
                PatientContact.objects.filter(patient=patient).order_by("id").values(*CONTACT).first()
            )
        elif name == "born_on":
            told[name] = patient.born_on.isoformat()
        else:
            told[name] = getattr(patient, name)
    return told


def _put_back(by: Actor, patient: Patient, was: Mapping[str, Any]) -> Patient:
    texts: dict[str, Any] = dict(was)
    if "born_on" in texts:
        texts["born_on"] = date.fromisoformat(texts["born_on"])
    if "phones" in texts:
        texts["phones"] = [PhoneFact(**one) for one in texts["phones"]]
    if "contact" in texts:
        texts["contact"] = ContactFact(**(texts["contact"] or {"name": ""}))
    return patients.change_patient(by, patient_id=patient.pk, version=patient.version, **texts)
