"""Forms of the office at check-in: read, signed on the pad or by name, answered, taken back."""

import io
from typing import Any

import pypdf
import pytest
from django.test import Client

from daysheet.documents.models import Document
from daysheet.frontdesk import commands
from daysheet.privacy import commands as privacy
from daysheet.privacy.models import Consent, FilledForm, FormEdition
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit, VisitStep
from tests import cast
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

MARK = "10,20 40,60 80,20;100,100 140,140"


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def visit(house: House) -> Visit:
    return visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)


def page(visit: Visit, key: str = "treatment") -> str:
    return f"/desk/visits/{visit.id}/forms/{key}/"


def send(rosa: Client, visit: Visit, key: str = "treatment", **typed: str) -> Any:
    fields = hidden_fields(rosa.get(page(visit, key)).content.decode(), form='id="fill-form"')
    return rosa.post(page(visit, key), fields | typed)


def state(visit: Visit, kind: str) -> str:
    return VisitStep.objects.get(visit=visit, kind=kind).state


def words_of(paper: Document) -> str:
    return "\n".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(bytes(paper.content))).pages)


def test_a_drawn_signature_is_kept_with_the_edition_and_as_a_paper(rosa: Client, visit: Visit) -> None:
    assert send(rosa, visit, signed_by="Maria Diaz", strokes=MARK).status_code == 303
    filled = FilledForm.objects.get()
    assert (filled.signed_by, filled.strokes, filled.edition.number) == ("Maria Diaz", MARK, 1)
    assert state(visit, "form-treatment") == "done"
    consent = Consent.objects.get(kind="treatment")
    assert (consent.signed_by, consent.document_id) == ("Maria Diaz", filled.document_id)
    words = words_of(Document.objects.get())
    for part in ("Consent to treatment", "Maria Diaz", "Signed on the screen", "Edition", "examine me"):
        assert part in words


def test_without_the_pad_a_typed_name_and_a_tick_are_the_signature(rosa: Client, visit: Visit) -> None:
    assert send(rosa, visit, signed_by="Maria Diaz").status_code == 409
    assert not Document.objects.exists()
    assert send(rosa, visit, signed_by="Luis Diaz", relationship="spouse", agrees="on").status_code == 303
    assert "Name typed and agreed to" in words_of(Document.objects.get())
    assert Consent.objects.get().signed_by == "Luis Diaz, spouse"


@pytest.mark.parametrize(
    "strokes",
    [
        "<svg onload=1>",
        "10,20",
        "10,20 10,20 10,20 10,20 10,20",
        "9999,1 2,2 3,3 4,4",
        "1,1 " * 9000,
        "1,1;;x",
    ],
    ids=["markup", "one dot", "the same dot", "off the pad", "endless", "letters"],
)
def test_what_is_no_signature_is_refused(rosa: Client, visit: Visit, strokes: str) -> None:
    assert send(rosa, visit, signed_by="Maria Diaz", strokes=strokes).status_code == 409
    assert not FilledForm.objects.exists()


def test_the_notice_of_privacy_practices_is_signed_on_the_screen_too(rosa: Client, visit: Visit) -> None:
    assert send(rosa, visit, "npp", signed_by="Maria Diaz", strokes=MARK).status_code == 303
    assert state(visit, "privacy_notice") == "done"
    assert Consent.objects.get().kind == "npp"
    body = rosa.get(f"/desk/visits/{visit.id}/check-in/").content.decode()
    assert "See the paper" in body


def test_undo_takes_the_signature_back_and_the_next_visit_asks_again(
    rosa: Client, house: House, visit: Visit
) -> None:
    send(rosa, visit, signed_by="Maria Diaz", strokes=MARK)
    commands.open_again(house.rosa, visit_id=visit.id, stage="check_in", kind="form-treatment")
    assert state(visit, "form-treatment") == "open"
    assert FilledForm.objects.get().taken_back_at is not None
    assert Consent.objects.get().withdrawn_at is not None
    assert Document.objects.get().struck_at is not None


def test_questions_are_answered_in_spanish_and_kept_the_same(
    rosa: Client, house: House, visit: Visit
) -> None:
    fields = hidden_fields(
        rosa.get(page(visit, "health") + "?language=es").content.decode(), form='id="fill-form"'
    )
    typed = {"q1": "Dolor de espalda", "q2": "yes", "q5": "never", "q6": "7", "q7": "3/1/2020"}
    assert rosa.post(page(visit, "health"), fields | typed).status_code == 303
    filled = FilledForm.objects.get()
    assert (filled.language, filled.answers["q2"], filled.answers["q7"]) == ("es", "yes", "2020-03-01")
    words = words_of(Document.objects.get())
    for part in ("Preguntas de salud", "Dolor de espalda", "nunca", "sí"):
        assert part in words
    assert Document.objects.get().kind == "questionnaire"


def test_a_form_in_spanish_is_signed_in_spanish_and_the_desk_around_it_stays_english(
    rosa: Client, visit: Visit
) -> None:
    shown = rosa.get(page(visit) + "?language=es").content.decode()
    form, around = (
        shown[shown.index('id="fill-form"') : shown.index("</main>")],
        shown[: shown.index('id="fill-form"')],
    )
    for words in (
        "Firmar y guardar",
        "Nombre de quien firma",
        "Quién firma",
        "Borrar la firma",
        "Firma: con el dedo",
    ):
        assert words in form
    for words in ("Sign and keep", "Who signs", "Clear the pad", "Go back"):
        assert words not in form
    assert ("Day board" in around, "Check in" in around) == (True, True)
    assert '<span lang="es">Consentimiento' in around
    fields = hidden_fields(shown, form='id="fill-form"')
    refused = rosa.post(page(visit), fields | {"signed_by": "Maria Diaz"}, HTTP_HX_REQUEST="true")
    assert (refused.status_code, "Firme con el dedo" in refused.content.decode()) == (409, True)
    missing = rosa.post(page(visit), fields | {"signed_by": ""}, HTTP_HX_REQUEST="true").content.decode()
    assert "Falta: Nombre de quien firma." in missing


def test_answers_that_cannot_be_are_refused_and_what_was_typed_is_still_there(
    rosa: Client, visit: Visit
) -> None:
    fields = hidden_fields(rosa.get(page(visit, "health")).content.decode(), form='id="fill-form"')
    typed = {"q1": "my back", "q2": "perhaps", "q6": "ten", "q7": "never"}
    answer = rosa.post(page(visit, "health"), fields | typed, HTTP_HX_REQUEST="true")
    assert answer.status_code == 422
    assert "my back" in answer.content.decode()
    assert not FilledForm.objects.exists()


def test_an_edition_that_was_replaced_while_it_was_read_is_not_signed(
    rosa: Client, house: House, visit: Visit
) -> None:
    fields = hidden_fields(rosa.get(page(visit)).content.decode(), form='id="fill-form"')
    privacy.keep_form(
        house.ana,
        key="treatment",
        edition=1,
        title="Consent to treatment",
        text="New words.",
        consent="treatment",
    )
    answer = rosa.post(page(visit), fields | {"signed_by": "Maria Diaz", "agrees": "on"})
    assert answer.status_code == 409
    assert "newer edition" in answer.content.decode()
    assert FormEdition.objects.get().number == 2
    assert not FilledForm.objects.exists()


def test_a_signed_consent_is_on_file_at_the_next_visit_until_there_is_a_new_edition(
    rosa: Client, house: House, visit: Visit
) -> None:
    send(rosa, visit, signed_by="Maria Diaz", strokes=MARK)
    visits.do_step(house.rosa, visit_id=visit.id, stage="check_in", kind="copay")
    Visit.objects.filter(pk=visit.pk).update(flow="lwobs")
    again = visits.walk_in(
        house.rosa, patient_id=house.diaz.pk, provider_id=house.lee.pk, location_id=house.door.pk
    )
    assert state(again, "form-treatment") == "done"
    Visit.objects.filter(pk=again.pk).update(flow="lwobs")
    privacy.keep_form(
        house.ana,
        key="treatment",
        edition=1,
        title="Consent to treatment",
        text="New words.",
        consent="treatment",
    )
    third = visits.walk_in(
        house.rosa, patient_id=house.diaz.pk, provider_id=house.lee.pk, location_id=house.door.pk
    )
    assert state(third, "form-treatment") == "open"


def test_a_form_that_is_not_there_is_not_found(rosa: Client, visit: Visit) -> None:
    assert rosa.get(page(visit, "no-such-form")).status_code == 404
