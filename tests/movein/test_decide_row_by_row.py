"""Who may have a chart already: decided for all, and of single rows otherwise; kept, paged, done as decided."""

from collections.abc import Iterator

import pytest
from django.test import Client

from daysheet.kernel.jobs import HeldJob, holding
from daysheet.kernel.models import Practice
from daysheet.movein import commands, driving, queries
from daysheet.movein.models import OldFile, OldRow
from daysheet.patients.models import Patient, PatientIdentifier
from tests import cast, desk, make
from tests.movein.conftest import PATIENTS, Bring
from tests.movein.test_move_in_on_screen import address, filled, press
from tests.movein.test_move_in_on_screen import bring as brought
from tests.movein.test_take_the_rest import taken_back

pytestmark = pytest.mark.django_db
TWICE = PATIENTS + "104,Okoye,Ben,1988-11-02,male,555.201.0143,Albany,NY,12207,\n"


@pytest.fixture
def held(northside: Practice) -> Iterator[list[HeldJob]]:
    make.office()
    with holding() as jobs:
        yield jobs


@pytest.fixture
def browser(held: list[HeldJob]) -> Client:
    return desk.signed_in(make.member("office_manager", "ana"))


def ran(file: OldFile, practice: Practice) -> OldFile:
    by = cast.system(practice.pk)
    commands.begin_run(by, file_id=file.pk, here=True)
    return driving.run(by, file.pk)


def outcomes(file: OldFile) -> dict[int, str]:
    return dict(OldRow.objects.filter(file=file).values_list("row", "outcome"))


def test_each_row_goes_by_its_own_answer_and_the_others_by_that_for_all(
    bring: Bring, northside: Practice
) -> None:
    known = make.registered()
    file = bring(TWICE)
    assert [one[0] for one in file.found["twins"]] == [2, 5]
    file = commands.decide_alike(
        cast.ana(northside.pk), file_id=file.pk, version=file.version, alike="hold", rows={2: "join"}
    )
    assert outcomes(ran(file, northside)) == {2: "joined", 3: "taken", 4: "taken", 5: "held"}
    assert PatientIdentifier.objects.get(value="101").patient_id == known.pk


def test_a_row_that_is_the_same_as_one_before_it_goes_to_its_chart_and_back(
    bring: Bring, northside: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in (500, 1):
        monkeypatch.setitem(driving.AT_ONCE, "patients", step)
        file = bring(TWICE, system=f"Old {step}")
        file = commands.decide_alike(
            cast.ana(northside.pk), file_id=file.pk, version=file.version, rows={5: "join"}
        )
        file = ran(file, northside)
        assert outcomes(file) == {2: "taken", 3: "taken", 4: "taken", 5: "joined"}
        ben = Patient.objects.get(identifiers__value="104")
        assert {one.value for one in ben.identifiers.all()} == {"102", "104"}
        taken_back(file, northside)
        assert not Patient.objects.exists()


def test_what_was_decided_stays_when_the_file_is_looked_through_again(browser: Client) -> None:
    make.registered()
    file = bring_on_screen(browser, PATIENTS)
    form = filled(browser, address("file", file), action=address("file-decide", file))
    assert form["row-2"] == [""]
    assert browser.post(address("file-decide", file), form | {"row-2": "take"}).status_code == 303
    press(browser, address("file-columns", file), address("file-columns", file))
    file.refresh_from_db()
    assert (file.alike, file.decided) == ("hold", {"2": "take"})
    page = browser.get(address("file", file)).content.decode()
    assert '<option value="take" selected>Other</option>' in page


def test_what_stands_beside_a_row_counts_when_the_file_is_taken_in(
    browser: Client, held: list[HeldJob]
) -> None:
    known = make.registered()
    file = bring_on_screen(browser, PATIENTS)
    form = filled(browser, address("file", file), action=address("file-decide", file))
    assert browser.post(address("file-run", file), form | {"row-2": "join"}).status_code == 303
    held.pop().run()
    assert known.identifiers.get().value == "101"


def test_going_to_another_page_keeps_what_was_said_on_this_one(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "ON_A_PAGE", 1)
    make.registered()
    file = bring_on_screen(browser, TWICE)
    form = filled(browser, address("file", file), action=address("file-decide", file))
    assert "row-5" not in form
    answer = browser.post(address("file-decide", file), form | {"row-2": "join", "go": "2"})
    assert (answer.status_code, answer["Location"]) == (303, f"{address('file', file)}?page=2#twins")
    page = browser.get(f"{address('file', file)}?page=2").content.decode()
    assert 'name="row-5"' in page
    assert 'name="row-2"' not in page
    assert OldFile.objects.get().decided == {"2": "join"}


def test_an_answer_that_is_none_and_a_file_on_its_way_are_refused(bring: Bring, northside: Practice) -> None:
    make.registered()
    file, ana = bring(PATIENTS), cast.ana(northside.pk)
    with pytest.raises(commands.NotMapped):
        commands.decide_alike(ana, file_id=file.pk, version=file.version, rows={2: "x"})
    commands.begin_run(ana, file_id=file.pk, here=True)
    with pytest.raises(commands.FileIsUnknown):
        commands.decide_alike(ana, file_id=file.pk, version=file.version + 1, rows={2: "join"})
    assert OldFile.objects.get().decided == {}


def bring_on_screen(browser: Client, text: str) -> OldFile:
    file = brought(browser, text)
    press(browser, address("file-columns", file), address("file-columns", file))
    file.refresh_from_db()
    return file
