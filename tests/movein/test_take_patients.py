"""Patients of the old system: read, opened, known again, held back, taken back."""

from typing import Any

import pytest

from daysheet.coverage.models import PayingFacts
from daysheet.kernel.errors import NotPermitted, Refusal
from daysheet.kernel.models import Practice
from daysheet.movein import commands, driving, proving
from daysheet.movein.models import OldFile, OldRow
from daysheet.patients import commands as patients
from daysheet.patients import queries
from daysheet.patients.models import Patient, PatientIdentifier, PatientKey
from tests import cast, make
from tests.movein.conftest import PATIENTS, Bring
from tests.movein.test_take_the_rest import taken_back

pytestmark = pytest.mark.django_db


def figures(file: OldFile) -> dict[str, Any]:
    return {key: count for key, count in file.figures.items() if count and key not in {"told", "brought"}}


def test_looking_through_writes_no_chart(bring: Bring) -> None:
    file = bring(PATIENTS)
    assert (file.found["read"], file.found["new"], file.found["bad"]) == (3, 3, 0)
    assert not Patient.objects.exists()


def test_each_row_becomes_a_chart_that_search_finds(take: Bring) -> None:
    file = take(PATIENTS)
    assert figures(file) == {"read": 3, "taken": 3}
    maria = Patient.objects.get(identifiers__system="Old", identifiers__value="101")
    assert (maria.family, maria.given, f"{maria.born_on}", maria.sex, maria.state) == (
        "Diaz",
        "Maria",
        "1962-03-14",
        "F",
        "NY",
    )
    assert maria.phones.get().number == "+15552010142"
    hits = queries.search(text="dias mari", today=cast.MONDAY)
    assert [hit.patient.pk for hit in hits] == [maria.pk]


def test_the_keys_are_those_of_a_patient_registered_at_the_desk(take: Bring, northside: Practice) -> None:
    take(PATIENTS)
    maria = Patient.objects.get(identifiers__value="101")
    before = set(PatientKey.objects.filter(patient=maria).values_list("kind", "key"))
    patients.change_patient(cast.rosa(northside.pk), patient_id=maria.pk, version=1, former_family="X")
    patients.change_patient(cast.rosa(northside.pk), patient_id=maria.pk, version=2, former_family="")
    assert set(PatientKey.objects.filter(patient=maria).values_list("kind", "key")) == before


def test_a_second_run_of_the_same_file_takes_nothing(take: Bring) -> None:
    take(PATIENTS)
    again = take(PATIENTS)
    assert figures(again) == {"read": 3, "known": 3}
    assert Patient.objects.count() == 3


def test_a_later_file_mends_a_chart_that_nobody_here_went_on_with(take: Bring, northside: Practice) -> None:
    take(PATIENTS)
    ben = Patient.objects.get(identifiers__value="102")
    patients.change_patient(cast.rosa(northside.pk), patient_id=ben.pk, version=1, city="Troy")
    again = take(PATIENTS.replace("maria@", "m.diaz@").replace("0143", "0199"))
    assert figures(again) == {"read": 3, "updated": 1, "held": 1, "known": 1}
    assert Patient.objects.get(identifiers__value="101").email == "m.diaz@example.org"
    assert ben.phones.get().number == "+15552010143"


def test_who_may_have_a_chart_is_held_joined_or_taken(take: Bring, northside: Practice) -> None:
    known = make.registered()
    held = take(PATIENTS)
    assert figures(held) == {"read": 3, "taken": 2, "held": 1}
    joined = take(PATIENTS, alike="join")
    assert figures(joined) == {"read": 3, "joined": 1, "known": 2}
    assert PatientIdentifier.objects.get(value="101").patient_id == known.pk
    other = take(PATIENTS, system="Older", alike="take")
    assert figures(other) == {"read": 3, "taken": 3}


def test_bad_rows_are_told_and_the_others_come(take: Bring) -> None:
    file = take(PATIENTS + "104,,Ann,1/1/1990,F\n105,Roe,Ann,13/45/1990,F\n101,Roe,Ann,1/2/1991,F\n")
    assert figures(file) == {"read": 6, "taken": 3, "bad": 3}
    why = dict(OldRow.objects.filter(outcome="bad").values_list("row", "why"))
    assert why == {
        5: [["Last Name", "missing_family", ""]],
        6: [["DOB", "day", "13/45/1990"]],
        7: [["PatNum", "twice", "2"]],
    }


def test_what_cannot_be_understood_stays_as_words_on_the_chart(take: Bring) -> None:
    take('ID,Name,DOB,Phone\n7,"Roe, Ann B",1/2/1990,call her son\n')
    ann = Patient.objects.get()
    assert (ann.family, ann.given, ann.middle, ann.note) == ("Roe", "Ann", "B", "Phone: call her son")


def test_a_run_that_was_stopped_goes_on_and_repeats_nothing(
    bring: Bring, northside: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(driving.AT_ONCE, "patients", 1)
    file, by = bring(PATIENTS), cast.system(northside.pk)
    commands.begin_run(by, file_id=file.pk, here=True)

    def stop(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        driving.run(by, file.pk, tell=stop)
    assert Patient.objects.count() == 2
    assert figures(driving.run(by, file.pk)) == {"read": 3, "taken": 3}
    assert Patient.objects.count() == 3


def test_a_run_that_is_ended_early_is_not_signed_and_can_be_taken_back(
    bring: Bring, northside: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(driving.AT_ONCE, "patients", 2)
    file, by = bring(PATIENTS), cast.ana(northside.pk)
    begun = commands.begin_run(by, file_id=file.pk, here=True)

    def stop(done: int, of: int) -> None:
        commands.stop_run(by, file_id=file.pk, version=begun.version)

    ended = driving.run(by, file.pk, tell=stop)
    ended.refresh_from_db()
    assert (ended.state, Patient.objects.count()) == ("done", 2)
    with pytest.raises(commands.ProofIsOff):
        commands.sign_proof(by, file_id=file.pk, version=ended.version)
    commands.begin_undo(by, file_id=file.pk, version=ended.version, here=True)
    assert driving.undo(by, file.pk).state == "undone"


def test_people_are_called_na_and_null(take: Bring) -> None:
    take("ID,Last Name,First Name,DOB,Phone\n1,Na,Null,1/2/1990,NULL\n")
    who = Patient.objects.get()
    assert (who.family, who.given, who.phones.count()) == ("Na", "Null", 0)


def test_the_proof_counts_in_the_house_and_is_signed_once(take: Bring, northside: Practice) -> None:
    file = take(PATIENTS)
    assert proving.proof_of(file).is_right
    signed = commands.sign_proof(cast.ana(northside.pk), file_id=file.pk, version=file.version)
    assert signed.signed_by == "Ana Petrov"
    with pytest.raises(commands.ProofIsOff):
        commands.sign_proof(cast.ana(northside.pk), file_id=file.pk, version=signed.version)


def test_a_file_is_taken_back_while_nobody_went_on_with_it(take: Bring, northside: Practice) -> None:
    file, by = take(PATIENTS), cast.ana(northside.pk)
    commands.begin_undo(by, file_id=file.pk, version=file.version, here=True)
    assert driving.undo(by, file.pk).state == "undone"
    assert not Patient.objects.exists()
    assert figures(take(PATIENTS)) == {"read": 3, "taken": 3}


def test_a_file_that_was_built_on_stays_whole_and_says_why(take: Bring, northside: Practice) -> None:
    file, by = take(PATIENTS), cast.ana(northside.pk)
    make.coverage(Patient.objects.get(identifiers__value="102"), make.plan())
    commands.begin_undo(by, file_id=file.pk, version=file.version, here=True)
    stays = driving.undo(by, file.pk)
    assert (stays.state, Patient.objects.count()) == ("done", 3)
    assert stays.trouble == "The office went on with these charts: 1 coverage. They stay."


CHANGED = PATIENTS.replace("maria@", "m.diaz@").replace("0143", "0199")


def test_an_update_is_taken_back_to_what_stood_there_and_then_the_first_file_too(
    take: Bring, northside: Practice
) -> None:
    first, second = take(PATIENTS), take(CHANGED)
    assert figures(second) == {"read": 3, "updated": 2, "known": 1}
    assert "file 2 (Patients)" in taken_back(first, northside).trouble
    assert taken_back(second, northside).state == "undone"
    maria = Patient.objects.get(identifiers__value="101")
    ben = Patient.objects.get(identifiers__value="102")
    assert (maria.email, ben.phones.get().number) == ("maria@example.org", "+15552010143")
    assert figures(take(PATIENTS)) == {"read": 3, "known": 3}
    first.refresh_from_db()
    assert taken_back(first, northside).state == "undone"
    assert not Patient.objects.exists()


def test_an_update_that_the_office_went_on_with_stays(take: Bring, northside: Practice) -> None:
    take(PATIENTS)
    second = take(CHANGED)
    ben = Patient.objects.get(identifiers__value="102")
    patients.change_patient(cast.rosa(northside.pk), patient_id=ben.pk, version=ben.version, city="Troy")
    stays = taken_back(second, northside)
    assert stays.state == "done"
    assert f"({ben.chart_number})" in stays.trouble
    assert Patient.objects.get(identifiers__value="101").email == "m.diaz@example.org"


def test_of_two_updates_the_later_goes_first(take: Bring, northside: Practice) -> None:
    first, second = take(PATIENTS), take(CHANGED)
    third = take(CHANGED.replace("Albany", "Troy"))
    assert taken_back(second, northside).trouble.startswith("A later file has updated these charts again.")
    second.refresh_from_db()
    assert [taken_back(one, northside).state for one in (third, second, first)] == ["undone"] * 3
    assert not Patient.objects.exists()


def test_what_was_said_to_decide_who_pays_keeps_a_chart(take: Bring, northside: Practice) -> None:
    file = take(PATIENTS)
    who = Patient.objects.get(identifiers__value="101")
    PayingFacts.objects.create(patient=who, asked_at=cast.NOW, asked_by="Rosa")
    assert taken_back(file, northside).trouble.startswith(
        "The office went on with these charts: 1 paying facts"
    )


def test_two_files_are_not_taken_in_at_once(bring: Bring, northside: Practice) -> None:
    one, two, by = bring(PATIENTS), bring(PATIENTS), cast.ana(northside.pk)
    commands.begin_run(by, file_id=one.pk, here=True)
    with pytest.raises(commands.NotItsTurn):
        commands.begin_run(by, file_id=two.pk, here=True)


def test_the_desk_may_not_bring_a_file(northside: Practice) -> None:
    with pytest.raises(NotPermitted):
        commands.bring_file(cast.rosa(northside.pk), name="a", content=PATIENTS.encode(), system="Old")
    assert not OldFile.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.4", b"PK\x03\x04junk", b"a,b\n", b'a,b\n"' + b"x" * 5_000_000],
    ids=["empty", "pdf", "zip", "no rows", "five million letters"],
)
def test_what_is_no_table_is_refused_in_a_sentence(northside: Practice, content: bytes) -> None:
    with pytest.raises(Refusal) as no:
        commands.bring_file(cast.ana(northside.pk), name="a", content=content, system="Old")
    assert str(no.value).endswith(".")
    assert not OldFile.objects.exists()


def test_city_state_and_zip_of_one_cell_stand_on_the_chart_each_in_its_place(take: Bring) -> None:
    head = "Pat #,Last Name,First Name,DOB,Addr,City/State/Zip,Tel\n"
    rows = '1,Roe,Ann,1/2/1990,2 Elm St,"Springfield, IL 62701-1234",5552010142\n'
    rows += "2,Poe,Eve,1/2/1991,3 Elm St,Box 12 North,\n"
    take(head + rows)
    ann, eve = Patient.objects.order_by("chart_number")
    assert (ann.street, ann.city, ann.state, ann.zip) == ("2 Elm St", "Springfield", "IL", "62701-1234")
    assert ann.phones.get().number == "+15552010142"
    assert (eve.city, eve.state, eve.zip, eve.note) == ("", "", "", "City/State/Zip: Box 12 North")
