"""The ladder of a recall: a letter, a message, a call, each once; what does not lead to the patient is called."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from daysheet.documents.models import Document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.models import AuditLine
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import Balance, Payment
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.patients.models import Patient, PatientPhone
from daysheet.schedule import commands, recalls
from daysheet.schedule.models import Recall, RecallContact
from daysheet.schedule.recalling import Months, Step, list_of, months_after, months_of, step_after, step_due
from tests import cast, make
from tests.house import House, charged
from tests.schedule.test_recalls import WAYS, seen, yearly

LADDER = [Step(-30, "letter"), Step(0, "email"), Step(14, "sms"), Step(30, "call")]
DUE = date(2026, 3, 10)


def test_months_end_where_the_calendar_ends_them() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 3, 9), -12) == date(2025, 3, 9)
    assert months_of(date(2026, 12, 9)) == Months(date(2026, 12, 9), date(2026, 12, 31), date(2027, 1, 31))


@pytest.mark.parametrize(
    ("due", "name"),
    [
        (date(2025, 3, 8), "lapsed"),
        (date(2025, 3, 9), "overdue"),
        (date(2026, 3, 8), "overdue"),
        (date(2026, 3, 9), "month"),
        (date(2026, 3, 31), "month"),
        (date(2026, 4, 30), "next"),
        (date(2026, 5, 1), ""),
    ],
)
def test_a_due_day_stands_on_one_list(due: date, name: str) -> None:
    assert list_of(due, date(2026, 3, 9), 12) == name


def test_the_last_step_that_has_come_is_the_one_to_do() -> None:
    assert step_due(LADDER, DUE, DUE - timedelta(days=31), ()) is None
    assert step_due(LADDER, DUE, DUE - timedelta(days=30), ()) == LADDER[0]
    assert step_due(LADDER, DUE, DUE, {-30}) == LADDER[1]
    assert step_due(LADDER, DUE, DUE + timedelta(days=20), ()) == LADDER[2]
    assert step_due(LADDER, DUE, DUE + timedelta(days=20), {14}) is None
    assert step_after(LADDER, DUE, DUE) == LADDER[2]
    assert step_after(LADDER, DUE, DUE + timedelta(days=99)) is None


def with_a_phone(patient: Patient, number: str = "+15552010142", *, may_text: bool = True) -> None:
    PatientPhone.objects.create(patient=patient, number=number, may_text=may_text, rank=1)


def due(house: House, steps: list[Step], patient: Patient | None = None) -> Recall:
    """Let a patient be overdue by some weeks under a ladder."""
    yearly(house, steps=steps)
    seen(house, 400, patient)
    commands.work_out_recalls(house.ana)
    return Recall.objects.get(patient=patient or house.diaz)


def test_a_letter_is_written_and_kept_with_the_papers_once(house: House) -> None:
    Patient.objects.filter(id=house.diaz.id).update(street="12 Elm St", city="Springfield")
    one = due(house, [Step(0, "letter")])
    with pytest.raises(StaleForm):
        commands.send_recall_step(house.rosa, recall_id=one.pk, version=9)
    made = commands.send_recall_step(house.rosa, recall_id=one.pk, version=one.version)
    assert Document.objects.get().pk == made.document_id
    with pytest.raises(commands.NothingIsDue):
        commands.send_recall_step(house.rosa, recall_id=one.pk, version=None)
    commands.take_back_recall_contact(house.rosa, contact_id=made.pk)
    with pytest.raises(commands.RecallStands):
        commands.take_back_recall_contact(house.rosa, contact_id=made.pk)
    commands.send_recall_step(house.rosa, recall_id=one.pk, version=None)


def test_a_text_says_neither_who_nor_what_for_and_is_stopped_while_it_waits(house: House) -> None:
    mailroom.open_telephone(house.ana)
    with_a_phone(house.diaz)
    one = due(house, [Step(0, "sms")])
    made = commands.send_recall_step(house.rosa, recall_id=one.pk, version=None)
    sent = Envelope.objects.get()
    text = bytes(sent.content).decode()
    assert "It is time for your next visit" in text
    assert "Diaz" not in text
    assert "Yearly" not in text
    commands.take_back_recall_contact(house.rosa, contact_id=made.pk)
    sent.refresh_from_db()
    assert sent.state not in ("queued", "sent")


def test_whoever_speaks_spanish_is_written_to_in_spanish(house: House) -> None:
    mailroom.open_telephone(house.ana)
    with_a_phone(house.diaz)
    Patient.objects.filter(id=house.diaz.id).update(language="es")
    commands.send_recall_step(house.rosa, recall_id=due(house, [Step(0, "sms")]).pk, version=None)
    assert "próxima cita" in unescaped(Envelope.objects.get())


def unescaped(sent: Envelope) -> str:
    """Return the words of a text as the telephone shows them."""
    return str(json.loads(bytes(sent.content))["text"])


def test_what_does_not_lead_to_the_patient_is_called(house: House) -> None:
    with_a_phone(house.diaz, may_text=False)
    one = due(house, [Step(0, "sms")])
    line = recalls.lines([one], today=cast.MONDAY, now=cast.NOW, ways=WAYS)[0]
    assert (line.way, line.phone) == ("call", "+15552010142")
    with pytest.raises(commands.NothingIsDue):
        commands.send_recall_step(house.rosa, recall_id=one.pk, version=None)
    noted = commands.note_recall_contact(
        house.rosa, recall_id=one.pk, version=None, way="call", outcome="left_message", words="With her son"
    )
    assert (noted.days, noted.due_on) == (0, one.due_on)


def test_whoever_said_stop_gets_no_text(house: House) -> None:
    mailroom.open_telephone(house.ana)
    with_a_phone(house.diaz)
    mailroom.opt_out(house.ana, channel="sms", address="+15552010142")
    one = due(house, [Step(0, "sms")])
    assert recalls.lines([one], today=cast.MONDAY, now=cast.NOW, ways=WAYS)[0].way == "call"


@pytest.mark.parametrize("way", ["sms", "email", "letter"])
def test_whoever_wants_no_messages_is_called_and_nothing_else(house: House, way: str) -> None:
    mailroom.open_telephone(house.ana)
    with_a_phone(house.diaz)
    Patient.objects.filter(id=house.diaz.id).update(
        street="12 Elm St", city="Springfield", email="m@example.org"
    )
    wish = {"prefers": "", "no_email": False, "no_reminders": True, "version": None}
    commands.note_reminder_wish(house.rosa, patient_id=house.diaz.id, **wish)
    one = due(house, [Step(0, way)])
    line = recalls.lines([one], today=cast.MONDAY, now=cast.NOW, ways=WAYS)[0]
    assert (line.step, line.way) == (Step(0, way), "call")
    assert list(commands.send_due_recalls(house.rosa)) == []
    commands.note_recall_contact(house.rosa, recall_id=one.pk, version=None, way="call", outcome="spoke")


def test_a_text_that_waits_is_kept_back_when_the_patient_wants_no_messages(house: House) -> None:
    mailroom.open_telephone(house.ana)
    with_a_phone(house.diaz)
    made = commands.send_recall_step(house.rosa, recall_id=due(house, [Step(0, "sms")]).pk, version=None)
    wish = {"prefers": "", "no_email": False, "no_reminders": True, "version": None}
    commands.note_reminder_wish(house.rosa, patient_id=house.diaz.id, **wish)
    made.refresh_from_db()
    assert (made.taken_back_at, Envelope.objects.get().state) == (cast.NOW, "stopped")


def test_one_press_writes_all_that_has_come_and_leaves_the_calls(house: House) -> None:
    mailroom.open_telephone(house.ana)
    with_a_phone(house.diaz)
    kim = make.patient("Kim", "Jo")
    seen(house, 400, kim)
    due(house, [Step(0, "sms")])
    yearly(house, name="Eye check", every_months=13, steps=[Step(0, "sms")])
    made = commands.send_due_recalls(house.rosa)
    assert [one.patient_id for one in made] == [house.diaz.id] * 2
    assert len({one.envelope_id for one in made}) == 1
    assert commands.send_due_recalls(house.rosa) == []
    assert recalls.steps_to_do(today=cast.MONDAY, now=cast.NOW).count() == 2
    commands.take_back_recall_contact(house.rosa, contact_id=made[0].pk)
    assert not RecallContact.objects.filter(taken_back_at=None).exists()
    assert len(commands.send_due_recalls(house.rosa)) == 2


def test_a_recall_that_is_stopped_is_not_asked_for(house: House) -> None:
    one = due(house, [Step(0, "call")])
    commands.stop_recall(house.rosa, recall_id=one.pk, version=None, why="transferred")
    with pytest.raises(commands.HeHearsNothing):
        commands.note_recall_contact(house.rosa, recall_id=one.pk, version=None, way="call", outcome="spoke")


def test_a_letter_goes_out_in_the_patients_language(house: House) -> None:
    Patient.objects.filter(id=house.diaz.id).update(street="12 Elm St", city="Springfield", language="es")
    one = due(house, [Step(0, "letter")])
    made = commands.send_recall_step(house.rosa, recall_id=one.pk, version=one.version)
    assert made.document is not None
    told = " ".join(PdfReader(BytesIO(bytes(made.document.content))).pages[0].extract_text().split())
    assert "Es hora de su próxima visita con nosotros." in told
    assert "9 de marzo de 2026" in told
    assert "Página 1 de 1" in told
    assert "Dear" not in told
    assert made.document.title == "Time for your next visit"


def test_a_recall_that_waits_for_the_balance_goes_on_once_it_is_paid(house: House) -> None:
    one = due(house, [Step(0, "call")])
    told = {"recall_id": one.pk, "version": None, "why": "balance"}
    with pytest.raises(Refusal, match="owes nothing"):
        commands.stop_recall(house.rosa, **told)
    Balance.objects.create(patient=house.diaz, owes=40)
    commands.stop_recall(house.rosa, **told)
    commands.work_out_recalls(house.ana)
    stopped = recalls.listed("stopped", today=cast.MONDAY, now=cast.NOW)
    assert [row.pk for row in stopped] == [one.pk]
    Balance.objects.update(credit=40)  # paid ahead, and not yet put to the charge
    commands.work_out_recalls(house.ana)
    one.refresh_from_db()
    assert (one.stopped, one.stopped_at) == ("", None)
    assert not recalls.listed("stopped", today=cast.MONDAY, now=cast.NOW).exists()


def pay(house: House, amount: int = 40) -> Payment:
    facts = {"method": "check", "check_number": "101", "location_id": house.door.pk}
    return ledger.take_payment(house.rosa, patient_id=house.diaz.pk, amount=Decimal(amount), **facts)


def waits_for_money(house: House) -> Recall:
    one = due(house, [Step(0, "call")])
    charged(house, "40.00")
    return commands.stop_recall(house.rosa, recall_id=one.pk, version=None, why="balance")


def paid(house: House) -> None:
    pay(house, 15)
    assert Recall.objects.get().stopped == "balance"
    pay(house, 25)


def written_off(house: House) -> None:
    ben = cast.ben(house.practice.pk)
    assert not ben.can(Can.BOOK_APPOINTMENT)
    ledger.write_off(ben, patient_id=house.diaz.pk, amount=Decimal(40), reason="small balance")


@pytest.mark.parametrize("clears", [paid, written_off])
def test_a_recall_goes_on_in_the_instant_in_which_nothing_is_owed(
    house: House, clears: Callable[[House], None]
) -> None:
    one = waits_for_money(house)
    clears(house)
    one.refresh_from_db()
    assert (one.stopped, one.stopped_at, one.stopped_by) == ("", None, "")
    assert not recalls.listed("stopped", today=cast.MONDAY, now=cast.NOW).exists()
    line = AuditLine.objects.get(action="schedule.recall.reactivated")
    assert (line.details["was"], line.at) == ("balance", cast.NOW)


def test_a_balance_that_is_nothing_only_on_the_way_to_more_lets_no_recall_go_on(house: House) -> None:
    one = waits_for_money(house)

    @command(needs=Can.TAKE_PAYMENT)
    def pay_and_owe_again(by: Actor, /) -> None:
        record(by, "ledger.tried")
        pay(house)
        charged(house, "40.00")

    pay_and_owe_again(house.rosa)
    one.refresh_from_db()
    assert one.stopped == "balance"
