"""A patient's visits on the patient's page."""

from daysheet.kernel.models import AuditLine
from daysheet.visits import commands
from tests import cast
from tests.house import House, appointment, desk, furnished


def test_the_panel_lists_visits_and_is_written_down(house: House) -> None:
    commands.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    rosa = desk(house)
    body = rosa.get(f"/visits/patients/{house.diaz.id}/panel/", HTTP_HX_REQUEST="true").content.decode()
    assert body.lstrip().startswith('<section id="visits-panel">')
    assert "Mon Mar 9, 2026" in body
    assert "Arrived" in body
    assert AuditLine.objects.filter(
        action="visits.patient-panel.viewed", patient_ids=[house.diaz.id]
    ).exists()


def test_an_undone_arrival_is_no_visit(house: House) -> None:
    visit = commands.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    commands.step_back(house.rosa, visit_id=visit.id)
    body = desk(house).get(f"/visits/patients/{house.diaz.id}/panel/").content.decode()
    assert "No visits yet." in body


def test_another_practice_does_not_see_them(house: House) -> None:
    stranger = desk(furnished("Elsewhere Clinic"), name="stranger")
    stranger.raise_request_exception = False
    assert stranger.get(f"/visits/patients/{house.diaz.id}/panel/").status_code == 404
