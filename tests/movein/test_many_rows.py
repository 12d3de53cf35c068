"""Two thousand rows are taken in by as many statements as two hundred; rows that need a look go one by one."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from daysheet.coverage import commands as coverage
from daysheet.coverage.models import Coverage
from daysheet.kernel.models import AuditLine, Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger.models import Balance, LedgerEntry
from daysheet.ledger.queries import proof as books
from daysheet.movein import commands, driving
from daysheet.movein.models import OldFile, OldRow
from daysheet.patients.models import Patient, PatientKey
from daysheet.practice.models import Provider
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.site.bench import moving
from daysheet.site.bench.plan import NOW, TODAY
from daysheet.site.bench.timing import counting
from tests import cast, make

pytestmark = pytest.mark.django_db
FEW, MANY = 200, 2_000
MOST = {"patients": 33, "coverages": 31, "balances": 32, "appointments": 38}
"""Statements that a file of one batch takes, reading it and opening and closing its transactions included."""
Move = Callable[[int, str, date], dict[str, tuple[int, OldFile]]]


@pytest.fixture
def office() -> Practice:
    place = moving.furnished(1)
    with acting_in(place.pk):
        for name in moving.PAYERS:
            make_payer(place, name)
    return place


def make_payer(place: Practice, name: str) -> None:
    ana = cast.ana(place.pk)
    payer = coverage.add_payer(ana, name=name, payer_id=name.upper().replace(" ", "")[:10])
    coverage.add_plan(ana, payer_id=payer.pk, name=name, kind="other")


@pytest.fixture
def move(office: Practice, monkeypatch: pytest.MonkeyPatch) -> Move:
    """Take the four tables of so many patients in, each file as one batch, and count the statements of each run."""
    monkeypatch.setattr(driving, "AT_ONCE", dict.fromkeys(MOST, 10_000))

    def act(patients: int, system: str, first_day: date) -> dict[str, tuple[int, OldFile]]:
        came = {}
        by = cast.system(office.pk, NOW)
        for kind, content in moving.tables(patients, first_day).items():
            file = commands.bring_file(by, name="a.csv", content=content, system=system, kind=kind)
            file = commands.set_columns(
                by, file_id=file.pk, version=file.version, columns=file.mapped, alike="take"
            )
            file = commands.look_through(by, file_id=file.pk)
            commands.begin_run(by, file_id=file.pk, here=True)
            with counting() as heard:
                file = driving.run(by, file.pk)
            came[kind] = (len(heard), file)
        return came

    return act


def test_ten_times_the_rows_take_no_statement_more(office: Practice, move: Move) -> None:
    move(20, "First", TODAY + timedelta(days=50))  # what is asked once for the life of the program
    few = move(FEW, "Few", TODAY)
    many = move(MANY, "Many", TODAY + timedelta(days=20))
    counts = {kind: (few[kind][0], many[kind][0]) for kind in MOST}
    assert {kind: one for kind, (one, ten) in counts.items() if ten != one} == {}
    assert {kind: one for kind, (one, _) in counts.items() if one > MOST[kind]} == {}
    with acting_in(office.pk):
        for kind, (_, file) in many.items():
            figures = file.figures
            assert (figures["taken"], figures["bad"]) == (file.rows, 0), kind
        assert Patient.objects.filter(identifiers__system="Many").count() == MANY
        assert Coverage.objects.filter(patient__identifiers__system="Many").count() == MANY
        assert Appointment.objects.filter(patient__identifiers__system="Many").count() == MANY // 5
        assert books.troubles() == []


def changes_of_rows(heard: list[str]) -> int:
    """How often rows that were taken before are changed."""
    return sum("old_row" in sql and sql.lstrip().lower().startswith("update") for sql in heard)


@pytest.mark.parametrize("kind", ["notes", "patients"])
def test_rows_taken_before_are_kept_in_step_by_one_statement_for_each_batch(
    office: Practice, move: Move, kind: str
) -> None:
    move(40, "Old", TODAY)
    by = cast.system(office.pk, NOW)
    counts = []
    for number, people in enumerate((5, 30)):
        if kind == "notes":
            lines = ["Patient ID,Note", *(f"{n},Said {n} {word}" for n in range(people) for word in "ab")]
        else:
            head, *old = moving.tables(people, TODAY)["patients"].decode().splitlines()
            lines = [head, *(one.replace("Elm St", f"Oak St {number}") for one in old)]
        content = "\n".join(lines).encode()
        file = commands.bring_file(by, name=f"{people}.csv", content=content, system="Old", kind=kind)
        file = commands.look_through(by, file_id=file.pk)
        commands.begin_run(by, file_id=file.pk, here=True)
        with counting() as heard:
            file = driving.run(by, file.pk)
        assert file.figures["taken"] + file.figures["updated"] == len(lines) - 1
        begun = commands.begin_undo(by, file_id=file.pk, version=file.version, here=True)
        with counting() as back:
            file = commands.take_back(by, file_id=begun.pk)
        assert file.state == "undone"
        counts.append((changes_of_rows(heard), changes_of_rows(back)))
    assert counts[0] == counts[1]
    with acting_in(office.pk):  # nobody went on with the charts: the first file may still be taken back
        rows = OldRow.objects.filter(kind="patients", outcome="taken")
        versions = dict(Patient.objects.values_list("pk", "version"))
        assert {one.subject_version - versions[one.subject_id] for one in rows} == {0}


def test_what_is_written_together_is_what_is_written_alone(office: Practice, move: Move) -> None:
    move(20, "Old", TODAY)
    with acting_in(office.pk):
        number_nine = Patient.objects.get(identifiers__value="9")
        first, second = Coverage.objects.filter(patient=number_nine).order_by("rank")
        assert (first.plan.name, first.member_id, first.starts_on) == (
            "Lakeside Plan",
            "M00000009",
            date(2025, 1, 1),
        )
        assert (second.rank, second.member_id, second.version) == (2, "S00000009", 1)
        one = Balance.objects.get(patient__identifiers__value="1")
        assert (f"{one.owes}", f"{one.insurance}", f"{one.credit}") == ("2.50", "25.00", "0.00")
        entries = LedgerEntry.objects.filter(lines__patient=one.patient).distinct().order_by("number")
        assert [entry.source_key[-7:] for entry in entries][1:] == [" (plan)"]
        numbers = list(LedgerEntry.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        visit = Appointment.objects.get(patient__identifiers__value="0")
        assert (visit.on_day, visit.lane, visit.booked_by) == (date(2026, 3, 11), 0, "Daysheet")
        assert f"{visit.starts_at:%H:%M} {visit.ends_at:%H:%M}" == "12:00 12:15"
        keys = PatientKey.objects.filter(patient=number_nine)
        assert keys.filter(kind="name", key=number_nine.given.lower()).exists()
        told = AuditLine.objects.filter(action__endswith="taken-in").values_list("action", flat=True)
        assert sorted(told) == [
            "coverage.coverages.taken-in",
            "patients.patients.taken-in",
            "schedule.appointments.taken-in",
        ]


def test_a_visit_that_a_rule_speaks_of_goes_by_the_door_of_all_bookings(office: Practice, move: Move) -> None:
    with acting_in(office.pk):
        ana = cast.ana(office.pk, NOW)
        kim = Provider.objects.order_by("rank")[0]
        standing = make.registered("Stand", "Ing")
        schedule.book_appointment(
            ana,
            patient_id=standing.pk,
            provider_id=kim.pk,
            location_id=kim.location_id,
            type_id=AppointmentType.objects.get().pk,
            starts_at=NOW.replace(day=11, hour=12, minute=5),
        )
    _, file = move(50, "Old", TODAY)["appointments"]
    assert (file.figures["taken"], file.figures["bad"]) == (9, 1)
    with acting_in(office.pk):
        (bad,) = OldRow.objects.filter(file=file, outcome="bad")
        assert bad.why == [
            [
                "",
                "refused",
                "No rule lets this clinician be booked over then. Choose another time, or set a rule first.",
            ]
        ]


def test_of_two_visits_of_one_file_at_one_time_the_first_is_booked(office: Practice) -> None:
    by = cast.system(office.pk, NOW)
    with acting_in(office.pk):
        people = [make.registered(name, "Ann", identifiers=[("Old", name)]) for name in ("Roe", "Poe")]
    text = "Patient ID,Date,Start Time,Provider,Type\n" + "".join(
        f"{one.family},3/11/2026,9:{minute},Kim {moving.COMMON[0]},Follow-up\n"
        for one, minute in zip(people, ("00", "10"), strict=True)
    )
    file = commands.bring_file(by, name="a.csv", content=text.encode(), system="Old", kind="appointments")
    commands.look_through(by, file_id=file.pk)
    commands.begin_run(by, file_id=file.pk, here=True)
    file = driving.run(by, file.pk)
    assert (file.figures["taken"], file.figures["bad"]) == (1, 1)
    with acting_in(office.pk):
        assert Appointment.objects.get().patient.family == "Roe"
