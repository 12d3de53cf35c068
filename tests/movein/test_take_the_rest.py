"""What hangs on the patients: coverages, appointments, notes, balances, fees; each found by the old number."""

from datetime import date, time
from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError

from daysheet.charges.models import FeeItem
from daysheet.coverage.models import Coverage, Payer
from daysheet.documents.models import Document
from daysheet.kernel.models import Practice
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import Balance
from daysheet.ledger.queries import proof as books
from daysheet.movein import commands, driving, jobs, proving
from daysheet.movein.models import OldFile, OldRow
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking import coverages
from daysheet.movein.taking.coming import Turn
from daysheet.movein.wording import sentences
from daysheet.patients.alerts import read_out
from daysheet.patients.models import Patient, PatientAlert
from daysheet.practice.models import Location, Provider
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment
from tests import cast, make
from tests.movein.conftest import PATIENTS, Bring

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(take: Bring) -> None:
    take(PATIENTS)


def came(file: OldFile) -> dict[str, Any]:
    return {key: count for key, count in file.figures.items() if count and key not in {"told", "brought"}}


def why(file: OldFile) -> list[str]:
    return [
        row.why[0][1] for row in OldRow.objects.filter(file=file, outcome__in=("bad", "held")).order_by("row")
    ]


def taken_back(file: OldFile, practice: Practice) -> OldFile:
    by = cast.ana(practice.pk)
    commands.begin_undo(by, file_id=file.pk, version=file.version, here=True)
    return driving.undo(by, file.pk)


COVERAGES = """Patient ID,Payer,Plan,Member ID,Group,Relationship,Subscriber,Subscriber DOB,Effective Date,Term Date,Type
101,Blue PPO,Blue PPO,xj1,G1,self,,,1/1/2025,,primary
101,Coastal Health,,CH9,,child,"Diaz, Rosa",5/5/1960,1/1/2025,12/31/2025,secondary
102,Coastal Health,,CH8,,spouse,,,1/1/2025,,1
999,Blue PPO,,B1,,self,,,1/1/2025,,1
103,Blue PPO,,B2,,self,,,,,1
"""


def test_coverages_come_with_payers_that_were_not_here(take: Bring, northside: Practice) -> None:
    make.plan()
    file = take(COVERAGES)
    assert came(file) == {"read": 5, "taken": 3, "bad": 2}
    assert why(file) == ["no_subscriber", "no_patient"]
    first, second = Coverage.objects.filter(patient__identifiers__value="101").order_by("rank")
    assert (first.member_id, first.plan.name, first.is_derived) == ("XJ1", "Blue PPO", False)
    assert (second.subscriber_family, second.ends_on, second.rank) == ("Diaz", date(2026, 1, 1), 2)
    assert Payer.objects.get(name="Coastal Health").payer_id == "OLD-COASTALHEALTH"
    assert Coverage.objects.get(patient__identifiers__value="103").is_derived
    assert came(take(COVERAGES)) == {"read": 5, "known": 3, "bad": 2}
    assert taken_back(file, northside).state == "undone"
    assert not Coverage.objects.filter(entered_in_error_at__isnull=True).exists()


def test_a_plan_without_an_end_is_taken_as_one(take: Bring) -> None:
    make.plan()
    file = take(
        "Patient ID,Payer,Member ID,Effective Date,Term Date\n101,Blue PPO,B1,1/1/2025,12/31/9999\n"
        "102,Blue PPO,B2,1/1/2025,12/31/2099\n"
    )
    assert came(file) == {"read": 2, "taken": 2}
    assert set(Coverage.objects.values_list("ends_on", flat=True)) == {None}


def one_that_breaks(monkeypatch: pytest.MonkeyPatch, member_id: str) -> None:
    """Let a row stumble over something that nobody thought of."""
    card = coverages._card

    def stumble(turn: Turn, judged: Judged, *rest: Any) -> Any:
        if judged.says["member_id"] == member_id:
            raise OverflowError("date value out of range")
        return card(turn, judged, *rest)

    monkeypatch.setattr(coverages, "_card", stumble)


def test_a_row_that_breaks_stays_out_alone_and_is_told(take: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    make.plan()
    one_that_breaks(monkeypatch, "B2")
    rows = "".join(
        f"{who},Blue PPO,{mine},1/1/2025\n" for who, mine in ((101, "B1"), (102, "B2"), (103, "B3"))
    )
    file = take(f"Patient ID,Payer,Member ID,Effective Date\n{rows}")
    assert (file.state, came(file)) == ("done", {"read": 3, "taken": 2, "bad": 1})
    broken = OldRow.objects.get(file=file, outcome="bad")
    assert (broken.row, broken.why) == (3, [["", "broken", ""]])
    assert sentences(broken.why).endswith(".")


def test_a_run_that_cannot_go_on_ends_with_its_reason_and_lets_the_others(
    bring: Bring, northside: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = cast.ana(northside.pk)
    file = bring(COVERAGES)
    commands.begin_run(by, file_id=file.pk, here=True)
    with monkeypatch.context() as broken:
        broken.setattr(driving, "judged_rows", Mock(side_effect=ValueError("no")))
        jobs.run(practice_id=str(northside.pk), file_id=str(file.pk))
    file.refresh_from_db()
    assert (file.state, file.trouble.startswith("It broke off after 0 of 5 rows")) == ("done", True)
    other = bring(BALANCES)
    assert commands.begin_run(by, file_id=other.pk, here=True).state == "running"


def test_a_run_that_the_database_ends_is_tried_again_and_says_so_meanwhile(
    bring: Bring, northside: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = bring(BALANCES)
    commands.begin_run(cast.ana(northside.pk), file_id=file.pk, here=True)
    with monkeypatch.context() as broken:
        broken.setattr(commands, "take_batch", Mock(side_effect=OperationalError("deadlock")))
        with pytest.raises(OperationalError):
            jobs.run(practice_id=str(northside.pk), file_id=str(file.pk))
    file.refresh_from_db()
    assert (file.state, "goes on by itself" in file.trouble) == ("running", True)
    jobs.run(practice_id=str(northside.pk), file_id=str(file.pk))
    file.refresh_from_db()
    assert (file.state, file.trouble) == ("done", "")


def test_an_undo_that_breaks_leaves_the_file_taken_in(
    take: Bring, northside: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = take(BALANCES)
    commands.begin_undo(cast.ana(northside.pk), file_id=file.pk, version=file.version, here=True)
    with monkeypatch.context() as broken:
        broken.setattr(commands, "take_back", Mock(side_effect=ValueError("no")))
        jobs.undo(practice_id=str(northside.pk), file_id=str(file.pk))
    file.refresh_from_db()
    assert (file.state, file.trouble.startswith("It could not be taken back")) == ("done", True)
    assert taken_back(file, northside).state == "undone"


APPOINTMENTS = """Appt ID,Patient ID,Date,Start Time,Minutes,Provider,Type,Status
1,101,3/10/2026,9:00 AM,20,"Lee, Grace",Follow-up,Scheduled
2,102,3/10/2026,9:00 AM,20,Dr. Lee,Follow-up,Scheduled
3,102,3/2/2026,9:00 AM,20,Dr. Lee,Follow-up,Scheduled
4,102,3/11/2026,9:00 AM,20,Dr. Lee,Follow-up,Cancelled
5,103,3/11/2026,9:00 AM,20,Dr. Nobody,Follow-up,
6,103,3/11/2026,,20,Dr. Lee,Follow-up,
7,103,3/12/2026,8:00,,Dr. Lee,Physical,
"""


def test_appointments_to_come_are_booked(take: Bring, northside: Practice) -> None:
    file = take(APPOINTMENTS)
    assert came(file) == {"read": 7, "taken": 1, "left": 2, "bad": 4}
    assert why(file) == ["refused", "no_provider", "missing_time", "no_type"]
    booked = Appointment.objects.get()
    assert (f"{booked.starts_at:%Y-%m-%d %H:%M}", booked.patient.family) == ("2026-03-10 13:00", "Diaz")
    assert taken_back(file, northside).state == "undone"
    assert Appointment.objects.get().booking == "entered_in_error"


def test_the_look_tells_what_the_run_will_take(bring: Bring, take: Bring) -> None:
    take(
        "Appt ID,Patient ID,Date,Start Time,Provider\n9,103,3/10/2026,9:10 AM,Dr. Lee\n", kind="appointments"
    )
    rows = APPOINTMENTS.replace("2,102,3/10/2026", "2,999,3/10/2026")
    found = bring(rows).found
    assert {key: found[key] for key in ("new", "left", "nobody", "taken", "bad")} == {
        "new": 3, "left": 2, "nobody": 1, "taken": 1, "bad": 0,
    }  # fmt: skip
    assert [(row, code) for row, _c, code, *_ in found["flaws"]] == [(2, "time_taken")]


def test_what_the_old_system_promised_is_booked_into_time_kept_for_others(
    take: Bring, northside: Practice
) -> None:
    other, door = make.visit_type("New patient"), Location.objects.get()
    fact = schedule.BlockFact(door.pk, "New patients", [other.pk], time(8), time(12))
    schedule.add_blocks(
        cast.ana(northside.pk), provider_id=Provider.objects.get().pk, weekdays=[1], fact=fact
    )
    file = take(APPOINTMENTS)
    assert came(file) == {"read": 7, "taken": 1, "left": 2, "bad": 4}
    assert Appointment.objects.get().block_reason == "Promised by the system before"


def test_a_moment_in_another_zone_is_booked_at_the_doors_time(take: Bring) -> None:
    file = take("Appt ID,Patient ID,Date,Provider\n1,101,2026-03-10T13:00:00Z,Dr. Lee\n", kind="appointments")
    assert came(file) == {"read": 1, "taken": 1}
    assert f"{Appointment.objects.get().starts_at:%Y-%m-%d %H:%M}" == "2026-03-10 13:00"


def test_words_of_the_old_system_are_told_once_in_the_map(take: Bring) -> None:
    meanings = {"provider": {"Dr. Nobody": "Grace Lee"}, "type": {"*": "Follow-up"}}
    file = take(APPOINTMENTS, meanings=meanings)
    assert came(file) == {"read": 7, "taken": 3, "left": 2, "bad": 2}


def test_a_clinicians_name_that_two_bear_is_asked_for(take: Bring, bring: Bring) -> None:
    anna = make.provider("Lee", "Anna", at=Location.objects.get(), number=8)
    rows = "Appt ID,Patient ID,Date,Start Time,Provider\n1,101,3/10/2026,9:00 AM,Dr. Lee\n2,102,3/10/2026,9:00 AM,{}\n"
    text = rows.format("Dr. Anna Lee")
    assert bring(text, kind="appointments").found["strange"] == {"provider": {"Dr. Lee": 1}}
    file = take(text, kind="appointments")
    assert (came(file), why(file)) == ({"read": 2, "taken": 1, "bad": 1}, ["no_provider"])
    assert Appointment.objects.get().provider == anna


def test_what_the_old_system_says_otherwise_later_waits_for_a_person(take: Bring) -> None:
    take(APPOINTMENTS)
    file = take(APPOINTMENTS.replace("Follow-up,Scheduled\n2", "Follow-up,Cancelled\n2"))
    row = OldRow.objects.get(file=file, outcome="held")
    assert (row.key, row.why, came(file)["held"]) == ("1", [["", "changed_there", ""]], 1)
    assert "old system says this otherwise" in sentences(row.why)
    assert Appointment.objects.get().booking == "scheduled"


def test_a_balance_that_is_paid_in_the_old_system_meanwhile_waits_for_a_person(take: Bring) -> None:
    take("Patient ID,Patient Balance\n101,10.00\n")
    file = take("Patient ID,Patient Balance\n101,0.00\n")
    assert (came(file), why(file)) == ({"read": 1, "held": 1}, ["other_amount"])


def test_a_moved_appointment_keeps_the_file(take: Bring, northside: Practice) -> None:
    file = take(APPOINTMENTS)
    Appointment.objects.update(version=2)
    stays = taken_back(file, northside)
    assert (stays.state, Appointment.objects.get().booking) == ("done", "scheduled")
    assert "moved, cancelled or kept" in stays.trouble


def test_notes_stand_on_the_chart_or_beside_it(take: Bring) -> None:
    make.office()
    file = take(f"Patient ID,Note\n101,Hard of hearing\n101,Prefers mornings\n102,{'long ' * 100}\n")
    assert came(file) == {"read": 3, "taken": 3}
    assert Patient.objects.get(identifiers__value="101").note == "Hard of hearing; Prefers mornings"
    assert Document.objects.get().patient.family == "Okoye"  # type: ignore[union-attr]


def test_alerts_are_read_out_and_long_ones_are_notes(take: Bring, northside: Practice) -> None:
    long = "Ask for the daughter first. " * 8
    file = take(f"Patient ID,Alert\n101,Fall risk\n102,{long}\n")
    assert came(file) == {"read": 2, "taken": 2}
    alert = PatientAlert.objects.get()
    assert (alert.patient.family, alert.words, alert.audience, alert.places) == (
        "Diaz",
        "Fall risk",
        "everybody",
        ["book", "check_in", "call"],
    )
    said = read_out(cast.rosa(northside.pk), alert.patient, "call", today=cast.MONDAY)
    assert [line.alert.words for line in said.lines] == ["Fall risk"]
    assert Patient.objects.get(identifiers__value="102").note == long.strip()
    assert came(take(f"Patient ID,Alert\n101,Fall risk\n102,{long}\n")) == {"read": 2, "known": 2}


def test_an_alert_beside_a_patient_comes_with_the_chart_and_goes_with_it(
    take: Bring, northside: Practice
) -> None:
    text = f"ID,Last Name,First Name,DOB,Alert,Note\n7,Roe,Ann,1/2/1990,Fall risk,tea\n8,Poe,Bo,1/3/1990,{'x ' * 110},\n"
    file = take(text, system="Other")
    ann, bo = (Patient.objects.get(family=name) for name in ("Roe", "Poe"))
    alert = PatientAlert.objects.get()
    assert (alert.patient, alert.words, alert.steps.get().kind) == (ann, "Fall risk", "made")
    assert (ann.note, ann.has_alerts, bo.note, bo.has_alerts) == ("tea", True, ("x " * 110).strip(), False)
    again = take(text.replace("Fall risk", "Bad hips"), system="Other")
    assert came(again) == {"read": 2, "updated": 1, "known": 1}
    assert set(PatientAlert.objects.values_list("words", flat=True)) == {"Fall risk", "Bad hips"}
    assert taken_back(again, northside).state == "undone"
    file.refresh_from_db()
    assert taken_back(file, northside).state == "undone"
    assert not PatientAlert.objects.exists()
    assert Patient.objects.filter(identifiers__system="Other").count() == 0


BALANCES = """Patient ID,Patient Balance,Insurance Balance
101,$40.50,100
102,(12.00),
103,0,
999,7.25,
"""


def test_balances_are_brought_forward_to_the_cent_and_proven(take: Bring, northside: Practice) -> None:
    file = take(BALANCES)
    assert came(file) == {"read": 4, "taken": 2, "left": 1, "bad": 1}
    maria = Balance.objects.get(patient__identifiers__value="101")
    assert (maria.owes, maria.insurance) == (Decimal("40.50"), Decimal(100))
    assert Balance.objects.get(patient__identifiers__value="102").credit == Decimal(12)
    proof = proving.proof_of(file)
    assert (proof.told, proof.brought, proof.book, proof.left_behind) == (
        Decimal("135.75"),
        Decimal("128.50"),
        Decimal("128.50"),
        Decimal("7.25"),
    )
    assert proof.is_right
    assert books.troubles() == []
    assert came(take(BALANCES)) == {"read": 4, "known": 2, "left": 1, "bad": 1}
    again = take(BALANCES.replace("40.50", "41.50"), kind="balances")
    assert why(again)[0] in {"other_amount", "no_patient"}
    assert taken_back(file, northside).state == "undone"
    assert Balance.objects.get(pk=maria.pk).owes == 0


def test_a_proof_that_is_off_is_not_signed(take: Bring, northside: Practice) -> None:
    file, by = take(BALANCES), cast.ana(northside.pk)
    OldRow.objects.filter(file=file, amount=Decimal("40.50")).update(amount=Decimal("41.50"))
    proof = proving.proof_of(file)
    assert [(line.patient.family, line.file, line.book) for line in proof.off] == [
        ("Diaz", Decimal("141.50"), Decimal("140.50"))
    ]
    with pytest.raises(commands.ProofIsOff):
        commands.sign_proof(by, file_id=file.pk, version=file.version)


def test_balances_that_were_paid_on_stay(take: Bring, northside: Practice) -> None:
    file = take(BALANCES)
    maria = Patient.objects.get(identifiers__value="101")
    ledger.take_payment(
        cast.rosa(northside.pk), patient_id=maria.pk, amount=Decimal(10), method="check", purpose="balance",
        location_id=None, check_number="1",
    )  # fmt: skip
    stays = taken_back(file, northside)
    assert stays.state == "done"
    assert stays.trouble.startswith("1 payment or adjustment was posted")


def test_fees_are_set_from_a_day_on(take: Bring) -> None:
    file = take(
        "Code,Description,Fee,Effective Date\nX0020,Office visit,$92.00,1/1/2026\nbad code,Other,1,\n"
    )
    assert came(file) == {"read": 2, "taken": 1, "bad": 1}
    assert FeeItem.objects.get().amount == Decimal(92)
