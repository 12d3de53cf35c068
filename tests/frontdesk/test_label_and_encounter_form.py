"""The label and the encounter form of a visit: two identifiers on each, printed at the station or shown."""

import io
from urllib.parse import quote

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from daysheet.documents import commands as documents
from daysheet.documents.models import Document, PrintJob
from daysheet.frontdesk import commands
from daysheet.kernel.errors import NotPermitted
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def visit(house: House) -> Visit:
    """Ms. Diaz has come; a plan covers her."""
    make.coverage(house.diaz, make.plan())
    return visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)


def words_of(paper: Document) -> str:
    pages = pypdf.PdfReader(io.BytesIO(bytes(paper.content))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def press(rosa: Client, name: str, visit: Visit) -> str:
    url = reverse(f"frontdesk:{name}", args=[visit.pk])
    shown = rosa.get(reverse("frontdesk:check-in", args=[visit.pk])).content.decode()
    answer = rosa.post(url, hidden_fields(shown, form=f'action="{url}"'))
    assert answer.status_code == 303, answer.content.decode()[:500]
    return str(answer["Location"])


def test_a_label_names_the_patient_by_two_identifiers_on_one_small_page(house: House, visit: Visit) -> None:
    paper = commands.print_label(house.rosa, visit_id=visit.pk)
    pages = pypdf.PdfReader(io.BytesIO(bytes(paper.content))).pages
    assert len(pages) == 1
    box = pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (252, 79)  # 89 by 28 mm in points
    said = words_of(paper)
    for part in (
        "DIAZ, Maria",
        "Mar 14, 1962",
        str(house.diaz.chart_number),
        f"visit {visit.number}",
        "A-01",
    ):
        assert part in said


def test_an_encounter_form_names_the_plan_and_has_lines_to_fill_in(house: House, visit: Visit) -> None:
    said = words_of(commands.print_encounter_form(house.rosa, visit_id=visit.pk))
    for part in (f"Encounter form, visit {visit.number}", "DIAZ, Maria", "Blue PPO, XJ4001", "Diagnoses:"):
        assert part in said


def test_without_a_printer_the_browser_shows_it(rosa: Client, visit: Visit) -> None:
    there = press(rosa, "label", visit)
    shown = reverse("documents:document-view", args=[Document.objects.get(kind="label").pk])
    here = reverse("frontdesk:check-in", args=[visit.pk])
    assert there == f"{shown}?back={quote(here, safe='')}"
    assert f'<a href="{here}" class="btn">' in rosa.get(there).content.decode()
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        assert elsewhere not in rosa.get(shown, {"back": elsewhere}).content.decode()
    assert (
        "encounter_form" in press(rosa, "encounter-form", visit)
        or Document.objects.filter(kind="encounter_form").exists()
    )


def test_at_a_station_it_goes_to_the_printer_and_the_desk_goes_on(
    house: House, rosa: Client, visit: Visit
) -> None:
    place = "ipp://192.0.2.7/ipp/print"
    station = documents.keep_station(house.ana, name="Front desk", printers={"label": place, "plain": place})
    page = rosa.get(reverse("documents:stations")).content.decode()
    hidden = hidden_fields(page, form='id="stations-acts"')
    assert rosa.post(reverse("documents:station-here", args=[station.pk]), hidden).status_code == 303
    assert press(rosa, "label", visit) == reverse("frontdesk:check-in", args=[visit.pk])
    assert press(rosa, "encounter-form", visit) == reverse("frontdesk:check-in", args=[visit.pk])
    assert sorted(PrintJob.objects.values_list("document__kind", "sort")) == [
        ("encounter_form", "plain"),
        ("label", "label"),
    ]


def test_who_does_not_move_patients_prints_none(house: House, visit: Visit) -> None:
    with pytest.raises(NotPermitted):
        commands.print_label(house.auditor, visit_id=visit.pk)
    assert not Document.objects.filter(kind="label").exists()


def test_what_is_handed_out_at_check_in_stands_in_one_row_above_the_steps(rosa: Client, visit: Visit) -> None:
    body = rosa.get(reverse("frontdesk:check-in", args=[visit.pk])).content.decode()
    row = body[body.index('<div class="desk-acts">') : body.index('class="desk-step')]
    wanted = ("portal:offer-visit", "portal:show-link", "frontdesk:label", "frontdesk:encounter-form")
    assert [one for one in wanted if reverse(one, args=[visit.pk]) not in row] == []
    assert "form-buttons" not in body[: body.index('class="desk-step')]
