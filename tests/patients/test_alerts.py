"""Alerts: who sees them, where they are read out and ticked, until when they stand, and the way back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted, Refusal, StaleForm
from daysheet.kernel.models import AuditLine, Practice
from daysheet.patients import alerts, commands, queries
from daysheet.patients.models import AlertStep, Patient, PatientAlert
from daysheet.patients.rules.alerts import AlertFact, trouble
from tests import cast, make
from tests.desk import hidden_fields, signed_in

TODAY = cast.MONDAY


def write(by: Actor, diaz: Patient, words: str = "Speak into the left ear", **more: Any) -> PatientAlert:
    return commands.write_alert(by, patient_id=diaz.pk, today=TODAY, fact=AlertFact(words, **more))


def said(by: Actor, diaz: Patient, place: str, day: date = TODAY) -> list[tuple[str, bool]]:
    diaz.refresh_from_db()
    return [(one.alert.words, one.is_due) for one in alerts.read_out(by, diaz, place, today=day).lines]


def chips(by: Actor, diaz: Patient, day: date = TODAY) -> list[tuple[str, str]]:
    return list(queries.banner(by, diaz.pk, today=day)["alerts"])


def test_an_alert_stands_in_the_banner_the_loudest_first(practice: Practice) -> None:
    diaz, rosa = make.registered(needs_interpreter=True), cast.rosa(practice.pk)
    write(rosa, diaz, "Likes to be called Mia", tone="neutral")
    write(rosa, diaz, "Latex allergy told at the desk", tone="stop")
    assert chips(rosa, diaz) == [
        ("stop", "Latex allergy told at the desk"),
        ("neutral", "Likes to be called Mia"),
        ("attention", "Interpreter"),
    ]
    line = AuditLine.objects.filter(action="patients.alert.written").first()
    assert line
    assert line.patient_ids == [diaz.pk]
    assert "Mia" not in str(line.details)


def test_each_sees_the_alerts_that_are_meant_for_them(practice: Practice) -> None:
    diaz, ana = make.registered(), cast.ana(practice.pk)
    for audience in ("everybody", "desk", "phones", "billing", "clinical"):
        write(ana, diaz, f"for {audience}", audience=audience)
    rosa, lee, auditor = cast.rosa(practice.pk), cast.dr_lee(practice.pk), cast.auditor(practice.pk)
    assert [words for _, words in chips(rosa, diaz)] == ["for everybody", "for desk", "for phones"]
    assert [words for _, words in chips(lee, diaz)] == [
        "for everybody", "for desk", "for phones", "for clinical",
    ]  # fmt: skip
    assert [words for _, words in chips(auditor, diaz)] == ["for everybody", "for billing", "for clinical"]
    clinical = PatientAlert.objects.get(audience="clinical")
    assert alerts.alert(rosa, clinical.pk) is None
    with pytest.raises(commands.AlertHasEnded):
        commands.close_alert(rosa, alert_id=clinical.pk, version=1, today=TODAY, because="no")


def test_nobody_writes_an_alert_that_they_would_not_see(practice: Practice) -> None:
    diaz = make.registered()
    with pytest.raises(commands.WordsAreMissing) as no:
        write(cast.rosa(practice.pk), diaz, audience="clinical")
    assert "audience" in no.value.fields
    with pytest.raises(NotPermitted):
        write(cast.auditor(practice.pk), diaz)
    assert PatientAlert.objects.count() == 0


def test_an_alert_whose_last_day_is_over_has_ended(practice: Practice) -> None:
    diaz, rosa = make.registered(), cast.rosa(practice.pk)
    write(rosa, diaz, until_on=TODAY, places=("book",))
    assert len(chips(rosa, diaz)) == len(said(rosa, diaz, "book")) == 1
    tomorrow = TODAY + timedelta(days=1)
    assert (chips(rosa, diaz, tomorrow), said(rosa, diaz, "book", tomorrow)) == ([], [])


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        (AlertFact(""), "words"),
        (AlertFact("x" * 201), "words"),
        (AlertFact("x", audience="the world"), "audience"),
        (AlertFact("x", tone="loud"), "tone"),
        (AlertFact("x", places=("street",)), "places"),
        (AlertFact("x", must_confirm=True), "places"),
        (AlertFact("x", until_on=TODAY - timedelta(days=1)), "until_on"),
    ],
)
def test_what_cannot_be_an_alert_is_told_by_field(fact: AlertFact, field: str) -> None:
    assert list(trouble(fact, today=TODAY)) == [field]


def test_it_is_read_out_only_where_it_says(practice: Practice) -> None:
    diaz, rosa = make.registered(), cast.rosa(practice.pk)
    write(rosa, diaz, places=("book", "call"))
    places = ("book", "check_in", "call", "check_out", "money")
    assert [place for place in places if said(rosa, diaz, place)] == ["book", "call"]


def test_what_must_be_confirmed_is_ticked_once_a_day_by_each(practice: Practice) -> None:
    diaz, rosa = make.registered(), cast.rosa(practice.pk)
    alert = write(rosa, diaz, places=("check_in",), must_confirm=True)
    read: dict[str, Any] = {"patient_id": diaz.pk, "place": "check_in", "today": TODAY}
    with pytest.raises(commands.AlertsUnread, match="left ear"):
        commands.read_alerts(rosa, ticked=[], **read)
    commands.read_alerts(rosa, ticked=[alert.tick], **read)
    assert said(rosa, diaz, "check_in") == [("Speak into the left ear", False)]
    assert said(cast.ana(practice.pk), diaz, "check_in") == [("Speak into the left ear", True)]
    assert said(rosa, diaz, "check_in", TODAY + timedelta(days=1)) == [("Speak into the left ear", True)]
    step = AlertStep.objects.get(kind="read")
    assert (step.by_name, step.place, step.at) == ("Rosa Marin", "check_in", cast.NOW)


def test_a_changed_alert_is_read_anew_and_keeps_its_old_words(practice: Practice) -> None:
    diaz, rosa = make.registered(), cast.rosa(practice.pk)
    alert = write(rosa, diaz, places=("check_in",), must_confirm=True)
    read: dict[str, Any] = {"patient_id": diaz.pk, "place": "check_in", "today": TODAY}
    commands.read_alerts(rosa, ticked=[alert.tick], **read)
    fact = AlertFact("Speak into the right ear", places=("check_in",), must_confirm=True)
    commands.change_alert(rosa, alert_id=alert.pk, version=1, today=TODAY, fact=fact)
    assert said(rosa, diaz, "check_in") == [("Speak into the right ear", True)]
    with pytest.raises(commands.AlertsUnread):
        commands.read_alerts(rosa, ticked=[alert.tick], **read)
    assert AlertStep.objects.get(kind="changed").said == "Speak into the left ear"
    with pytest.raises(StaleForm):
        commands.change_alert(rosa, alert_id=alert.pk, version=1, today=TODAY, fact=fact)


def test_an_alert_ends_with_a_reason_and_is_opened_again(practice: Practice) -> None:
    diaz, rosa = make.registered(), cast.rosa(practice.pk)
    alert = write(rosa, diaz)
    with pytest.raises(Refusal, match="Say why"):
        commands.close_alert(rosa, alert_id=alert.pk, version=1, today=TODAY, because=" ")
    commands.close_alert(rosa, alert_id=alert.pk, version=1, today=TODAY, because="has a hearing aid")
    assert chips(rosa, diaz) == []
    assert not Patient.objects.get().has_alerts
    with pytest.raises(commands.AlertHasEnded):
        commands.close_alert(rosa, alert_id=alert.pk, version=2, today=TODAY, because="again")
    commands.reopen_alert(rosa, alert_id=alert.pk, today=TODAY)
    assert chips(rosa, diaz) == [("attention", "Speak into the left ear")]
    with pytest.raises(commands.AlertHasEnded):
        commands.reopen_alert(rosa, alert_id=alert.pk, today=TODAY)
    kinds = list(AlertStep.objects.order_by("at", "id").values_list("kind", flat=True))
    assert kinds == ["made", "closed", "reopened"]


def test_what_happened_to_an_alert_is_only_ever_added_to(practice: Practice) -> None:
    write(cast.rosa(practice.pk), make.registered())
    with pytest.raises(ProgrammingError), transaction.atomic():
        AlertStep.objects.update(by_name="nobody")


def test_a_patient_without_alerts_costs_the_banner_nothing(
    practice: Practice, django_assert_num_queries: Callable[..., Any]
) -> None:
    diaz, rosa = make.registered(), cast.rosa(practice.pk)
    row = queries.patient(diaz.pk)
    with django_assert_num_queries(0):
        assert alerts.standing(rosa, row, today=TODAY) == []
    for number in range(5):
        write(rosa, diaz, f"alert {number}")
    row = queries.patient(diaz.pk)
    with django_assert_num_queries(1):
        assert len(alerts.standing(rosa, row, today=TODAY)) == 5


@pytest.fixture
def desk(practice: Practice) -> Client:
    """Rosa's browser at the front desk."""
    return signed_in(make.member())


def typed(body: str, form: str, **said: Any) -> dict[str, Any]:
    return hidden_fields(body, form=f'id="{form}"') | said


def test_an_alert_is_written_changed_ended_and_undone_by_plain_forms(desk: Client) -> None:
    diaz = make.registered()
    page = reverse("patients:alerts", args=[diaz.pk])
    body = desk.get(page).content.decode()
    assert "No alert stands for this patient." in body
    facts = {"words": "Ask for the new card", "audience": "desk", "tone": "attention", "places": ["check_in"]}
    wrong = desk.post(page + "new/", typed(body, "alert-form", **(facts | {"words": ""})))
    assert wrong.status_code == 422
    assert desk.post(page + "new/", typed(body, "alert-form", **facts)).status_code == 303
    alert = PatientAlert.objects.get()
    change = reverse("patients:alert-change", args=[alert.pk])
    body = desk.get(change).content.decode()
    stale = typed(body, "alert-form", **facts)
    facts["words"] = "Ask for both cards"
    assert desk.post(change, typed(body, "alert-form", **facts)).status_code == 303
    kept = desk.post(change, stale | {"_once": "another"})
    assert (kept.status_code, "Somebody else changed this alert" in kept.content.decode()) == (409, True)
    body = desk.get(change).content.decode()
    empty = desk.post(change + "end/", typed(body, "close-form"), headers={"HX-Request": "true"})
    assert (empty.status_code, "<!doctype" in empty.content.decode()) == (422, False)
    ended = desk.post(change + "end/", typed(body, "close-form", because="card is here", _once="a"))
    assert ended.status_code == 303
    shown = desk.get(page).content.decode()
    assert all(words in shown for words in ("They are over", ": card is here", "Ask for the new card"))
    assert (
        desk.post(change + "reopen/", hidden_fields(shown, form=f'action="{change}reopen/"')).status_code
        == 303
    )
    alert.refresh_from_db()
    assert (alert.closed_at, alert.words) == (None, "Ask for both cards")


def test_the_office_sees_what_ends_soon_by_a_constant_number_of_statements(
    desk: Client, practice: Practice
) -> None:
    rosa, page = cast.rosa(practice.pk), reverse("patients:alerts-ending")
    assert "No alert ends within two weeks." in desk.get(page).content.decode()
    counts = []
    for number in range(2):
        diaz = make.registered(family=f"Diaz{'ab'[number]}", given="Zoe")
        today = date.fromisoformat(str(practice.now().date()))
        write(rosa, diaz, "ends soon", until_on=today + timedelta(days=3))
        write(rosa, diaz, "ends late", until_on=today + timedelta(days=30))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            shown = desk.get(page).content.decode()
        counts.append(len(asked))
    assert (shown.count("ends soon"), "ends late" in shown) == (2, False)
    assert counts[0] == counts[1]
