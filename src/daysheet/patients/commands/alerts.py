"""What is done with a patient's alerts: written, changed, read, ended and opened again."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.patients import alerts, rules
from daysheet.patients.models import AlertStep, Patient, PatientAlert
from daysheet.patients.rules.alerts import AlertFact, trouble


class WordsAreMissing(Refusal):
    """The alert says nothing, or stands for a day that is over."""


class AlertHasEnded(Refusal):
    """The alert is not there for this person, or was ended."""


class AlertsUnread(Refusal):
    """An alert that must be read was not ticked."""


@command(needs=Can.NOTE_ALERTS)
def write_alert(by: Actor, /, *, patient_id: UUID, today: date, fact: AlertFact) -> PatientAlert:
    """Write an alert about a patient. Raises WordsAreMissing."""
    patient = Patient.objects.select_for_update().get(pk=patient_id)
    alert = PatientAlert(patient=patient, made_at=by.now, made_by=by.name)
    _say(by, alert, fact, today)
    alert.save()
    _note(by, alert, "made", today)
    _count(patient)
    record(by, "patients.alert.written", alert, patients=[patient_id], audience=alert.audience)
    announce(by.practice_id, "patients", str(patient_id))
    return alert


@command(needs=Can.NOTE_ALERTS)
def change_alert(by: Actor, /, *, alert_id: UUID, version: int, today: date, fact: AlertFact) -> PatientAlert:
    """Change an alert; who has read the old words reads the new ones again.

    Raises WordsAreMissing, AlertHasEnded, or StaleForm when somebody else changed it meanwhile.
    """
    alert = _held(by, alert_id, version)
    if alert.closed_at:
        raise AlertHasEnded(
            _("This alert was ended by %(who)s. Open it again first.") % {"who": alert.closed_by}
        )
    before = alert.words
    _say(by, alert, fact, today)
    alert.version += 1
    alert.save()
    _note(by, alert, "changed", today, before)
    record(by, "patients.alert.changed", alert, patients=[alert.patient_id], audience=alert.audience)
    announce(by.practice_id, "patients", str(alert.patient_id))
    return alert


@command(needs=Can.NOTE_ALERTS)
def close_alert(by: Actor, /, *, alert_id: UUID, version: int, today: date, because: str) -> PatientAlert:
    """End an alert, with the reason. Raises AlertHasEnded, StaleForm."""
    alert = _held(by, alert_id, version)
    if alert.closed_at:
        raise AlertHasEnded(_("This alert was ended already by %(who)s.") % {"who": alert.closed_by})
    reason = rules.tidy(because)
    if not reason:
        raise Refusal(_("Say why the alert ends."), because=_("Say why the alert ends."))
    alert.closed_at, alert.closed_by, alert.closed_because = by.now, by.name, reason
    alert.version += 1
    alert.save()
    _note(by, alert, "closed", today, reason)
    _count(alert.patient)
    record(by, "patients.alert.closed", alert, patients=[alert.patient_id])
    announce(by.practice_id, "patients", str(alert.patient_id))
    return alert


@command(needs=Can.NOTE_ALERTS)
def reopen_alert(by: Actor, /, *, alert_id: UUID, today: date) -> PatientAlert:
    """Open an alert again that was ended by mistake. Raises AlertHasEnded when its last day is over."""
    alert = _held(by, alert_id, None)
    if not alert.closed_at:
        raise AlertHasEnded(_("This alert stands already."))
    if not rules.alerts.stands(alert.until_on, today=today):
        raise AlertHasEnded(_("Its last day is over. Write a new alert."))
    alert.closed_at, alert.closed_by, alert.closed_because = None, "", ""
    alert.version += 1
    alert.save()
    _note(by, alert, "reopened", today)
    _count(alert.patient)
    record(by, "patients.alert.reopened", alert, patients=[alert.patient_id])
    announce(by.practice_id, "patients", str(alert.patient_id))
    return alert


@command(needs=Can.IMPORT_DATA)
def take_back_alerts(by: Actor, /, *, alert_ids: Sequence[UUID]) -> int:
    """Take alerts out again that another system brought. Raises AlertHasEnded when one was changed or ended since."""
    held = list(
        PatientAlert.objects.select_for_update(of=("self",))
        .filter(pk__in=alert_ids)
        .select_related("patient")
        .order_by("pk")
    )
    changed = sorted({one.patient.chart_number for one in held if one.version != 1})
    if changed:
        raise AlertHasEnded(
            _("Alerts were changed or ended since (chart %(charts)s). They stay; mend them there.")
            % {"charts": ", ".join(map(str, changed[:5]))}
        )
    with connection.cursor() as cursor:  # Django would look into their history, which is only ever added to
        cursor.execute("delete from patient_alert where id = any(%s)", [[one.pk for one in held]])
    for patient in {one.patient_id: one.patient for one in held}.values():
        _count(patient)
    patients = sorted({one.patient_id for one in held})
    record(by, "patients.alerts.taken-back", patients=patients, count=len(held))
    announce(by.practice_id, "patients")
    return len(held)


@command(needs=Can.SEE_PATIENTS)
def read_alerts(
    by: Actor, /, *, patient_id: UUID, place: str, today: date, ticked: Sequence[str]
) -> list[AlertStep]:
    """Keep that this person has read the alerts which are ticked. Raises AlertsUnread while one is not."""
    patient = Patient.objects.get(pk=patient_id)
    due = [one.alert for one in alerts.read_out(by, patient, place, today=today).lines if one.is_due]
    missing = [one for one in due if one.tick not in ticked]
    if missing:
        words = ngettext(
            "Read the alert and tick it: %(words)s", "Read the alerts and tick them: %(words)s", len(missing)
        )
        raise AlertsUnread(words % {"words": "; ".join(one.words for one in missing)})
    steps = [_step(by, one, "read", today, place=place) for one in due]
    # Two tabs of one person may tick the same moment: one tick is as good as two.
    AlertStep.objects.bulk_create(steps, ignore_conflicts=True)
    record(by, "patients.alerts.read", patient, place=place, alerts=[str(one.pk) for one in due])
    return steps


def _held(by: Actor, alert_id: UUID, version: int | None) -> PatientAlert:
    """Return an alert whose patient is held, so that nobody else counts meanwhile."""
    seen = alerts.alert(by, alert_id)
    if seen is None:
        raise AlertHasEnded(_("That alert is not there."))
    patient = Patient.objects.select_for_update().get(pk=seen.patient_id)
    alert = PatientAlert.objects.select_for_update().get(pk=alert_id)
    alert.patient = patient
    if version is not None and alert.version != version:
        raise StaleForm(_("Somebody else changed this alert meanwhile. Nothing was saved: look at it again."))
    return alert


def _say(by: Actor, alert: PatientAlert, fact: AlertFact, today: date) -> None:
    words = rules.tidy(fact.words)
    wrong = trouble(
        AlertFact(words, fact.audience, fact.tone, fact.until_on, fact.places, fact.must_confirm), today=today
    )
    if "audience" not in wrong and fact.audience not in alerts.audiences_of(by):
        wrong["audience"] = "yours"
    sentences = {
        "empty": _("Write what is to be known."),
        "long": _("At most %(n)s letters: an alert is read at a glance.") % {"n": rules.alerts.LONGEST},
        "choose": _("Choose one of the list."),
        "where": _("Say where it is read out, so that it can be ticked there."),
        "past": _("That day is over. Choose today or a later day."),
        "yours": _("You would not see this alert yourself. Choose an audience that you belong to."),
    }
    if wrong:
        told = {name: sentences[key] for name, key in wrong.items()}
        raise WordsAreMissing(" ".join(dict.fromkeys(told.values())), **told)
    alert.words, alert.audience, alert.tone = words, fact.audience, fact.tone
    alert.until_on, alert.places, alert.must_confirm = fact.until_on, list(fact.places), fact.must_confirm


def _note(by: Actor, alert: PatientAlert, kind: str, today: date, said: str = "") -> None:
    step = _step(by, alert, kind, today, said=said)
    step.save()


def _step(
    by: Actor, alert: PatientAlert, kind: str, today: date, *, place: str = "", said: str = ""
) -> AlertStep:
    return AlertStep(
        alert=alert,
        kind=kind,
        at=by.now,
        on_day=today,
        by_name=by.name,
        user_id=by.user_id,
        place=place,
        alert_version=alert.version,
        said=said,
    )


def _count(patient: Patient) -> None:
    """Write down whether any alert of a patient is open."""
    patient.has_alerts = PatientAlert.objects.filter(patient=patient, closed_at=None).exists()
    patient.save(update_fields=["has_alerts"])
