"""The photo ID at a patient's own check-in: sent as pictures, looked at by the desk, never taken over by itself."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from daysheet.documents import commands as documents
from daysheet.documents import queries as papers
from daysheet.documents.models import Document
from daysheet.frontdesk import commands as frontdesk
from daysheet.frontdesk.commands import SentAnew
from daysheet.kernel.models import AuditLine
from daysheet.patients.models import Patient
from daysheet.portal import commands
from daysheet.portal.models import SelfCheckIn
from daysheet.privacy import words
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit, VisitStep
from tests import cast
from tests.desk import hidden_fields
from tests.house import House, desk
from tests.pictures import LICENCE, licence_picture, picture
from tests.portal.test_kiosk import HERE, coded, do, kiosk, start
from tests.portal.test_own_phone import come_in, linked

THANKS = "Thank you. The desk looks at it."
BESIDE = "Look at it beside the chart"


def side(content: bytes | None = None, name: str = "id.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if content is None else content)


def at_phone(house: House) -> tuple[SelfCheckIn, Client, int]:
    """Come in from home, and stand before the photo ID."""
    row, path = linked(house)
    browser, _ = come_in(house, path)
    row.refresh_from_db()
    return row, browser, row.steps.index("photo_id") + 1


def at_kiosk(house: House) -> tuple[SelfCheckIn, Client, int]:
    """Begin at the kiosk, and stand before the photo ID."""
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    row.refresh_from_db()
    return row, browser, row.steps.index("photo_id") + 1


def send(browser: Client, number: int, **said: Any) -> Any:
    return do(browser, number, **({"answer": "send"} | said))


def state(visit: Visit) -> str:
    return VisitStep.objects.get(visit=visit, stage="check_in", kind="photo_id").state


def sent_page(visit: Visit) -> str:
    return f"/desk/visits/{visit.pk}/check-in/photo-id/sent/"


def press(rosa: Client, page: str, act: str, **more: Any) -> Any:
    body = rosa.get(page).content.decode()
    return rosa.post(page, hidden_fields(body, form=f'action="{page}"') | {"act": act}, **more)


def kinds() -> list[str]:
    return [one.kind for one in Document.objects.filter(struck_at=None).order_by("number")]


# --- What the patient does -------------------------------------------------------------------------------


def test_the_pictures_wait_for_the_desk_and_the_patient_is_thanked(house: House) -> None:
    row, browser, number = at_kiosk(house)
    body = browser.get(f"{HERE}{number}/").content.decode()
    assert body.count('capture="environment"') == 2
    answer = send(browser, number, front=side(), back=side(licence_picture()))
    assert answer["Location"] == f"{HERE}{number}/"
    told = browser.get(f"{HERE}{number}/").content.decode()
    assert THANKS in told
    for read in ("Elm St", "Springfield", "01103", "S12345678", "/papers/"):
        assert read not in told
    row.refresh_from_db()
    assert kinds() == ["photo_id_sent", "photo_id_sent"]
    assert ("photo_id" in row.done, state(row.visit)) == (True, "open")
    assert send(browser, number)["Location"] == f"{HERE}{number + 1}/"


def test_what_was_sent_from_home_is_not_on_file_before_a_person_has_looked(house: House) -> None:
    row, browser, number = at_phone(house)
    send(browser, number, front=side(), back=side(licence_picture()))
    visit = visits.arrive(house.rosa, appointment_id=row.appointment_id)
    assert state(visit) == "open"
    house.diaz.refresh_from_db()
    assert house.diaz.street == ""


def test_who_does_not_have_it_goes_on_and_the_desk_sees_it(house: House) -> None:
    row, browser, number = at_kiosk(house)
    assert send(browser, number, answer="none")["Location"] == f"{HERE}{number + 1}/"
    row.refresh_from_db()
    assert ("photo_id" in row.done, state(row.visit), Document.objects.count()) == (True, "open", 0)
    assert "Says: no photo ID here" in desk(house, name="nora").get(f"/p/desk/{row.pk}/").content.decode()


def test_a_picture_taken_again_takes_the_place_of_the_old_one(house: House) -> None:
    _row, browser, number = at_kiosk(house)
    send(browser, number, front=side(), back=side(licence_picture()))
    back = Document.objects.get(struck_at=None, title="Photo ID, back")
    send(browser, number, front=side(picture(size=(9, 9))))
    fronts = Document.objects.filter(title="Photo ID, front").order_by("number")
    assert [one.struck_at is None for one in fronts] == [False, True]
    assert Document.objects.get(struck_at=None, title="Photo ID, back") == back


def test_who_says_afterwards_not_to_have_it_takes_the_pictures_back(house: House) -> None:
    _row, browser, number = at_kiosk(house)
    send(browser, number, front=side())
    assert send(browser, number, answer="none").status_code == 303
    assert not Document.objects.filter(struck_at=None).exists()
    assert THANKS not in browser.get(f"{HERE}{number}/").content.decode()


def test_the_board_counts_the_step_and_the_desk_sees_that_a_picture_was_sent(house: House) -> None:
    row, browser, number = at_kiosk(house)
    nora = desk(house, name="nora")
    assert f"On the kiosk, 1 of {len(row.steps)}" in nora.get("/desk/").content.decode()
    send(browser, number, front=side())
    assert f"On the kiosk, 2 of {len(row.steps)}" in nora.get("/desk/").content.decode()
    watched = nora.get(f"/p/desk/{row.pk}/").content.decode()
    assert "Sent a picture of the photo ID" in watched
    assert sent_page(Visit.objects.get()) in watched


def test_a_second_visit_that_alone_asks_for_it_is_not_taken_as_settled(house: House) -> None:
    row, browser, number = at_phone(house)
    visit = visits.arrive(house.rosa, appointment_id=row.appointment_id)
    SelfCheckIn.objects.update(visit=visit)
    VisitStep.objects.filter(visit=visit, kind="photo_id").delete()
    assert 'type="file"' in browser.get(f"{HERE}{number}/").content.decode()


def test_an_office_that_does_not_ask_for_it_offers_no_step(house: House) -> None:
    visits.add_check_in_rule(house.ana, kind="photo_id", often="never", is_required=False)
    row, path = linked(house)
    come_in(house, path)
    row.refresh_from_db()
    assert "photo_id" not in row.steps


def test_once_the_desk_has_looked_nothing_more_is_asked(house: House) -> None:
    row, browser, number = at_kiosk(house)
    path = f"{HERE}{number}/"
    old = hidden_fields(browser.get(path).content.decode(), form=f'action="{path}"')
    row.refresh_from_db()
    frontdesk.file_photo_id(house.rosa, visit_id=row.visit_id, front=picture())
    assert 'type="file"' not in browser.get(path).content.decode()
    late = browser.post(path, old | {"answer": "send", "front": side()})
    assert (late.status_code, "You need not send it again" in late.content.decode()) == (409, True)
    assert Document.objects.count() == 1
    assert browser.post(path, old | {"answer": "none"}).status_code == 303


# --- Bad input -------------------------------------------------------------------------------------------

BAD = {
    "huge": (b"\x89PNG\r\n\x1a\n" + b"0" * (8 * 1024 * 1024), "larger than 8 MB"),
    "no picture": (b"<script>alert(1)</script>", "Only pictures (PNG, JPEG) and PDF"),
    "cut off": (licence_picture()[:900], "damaged or cut off"),
    "empty": (b"", "The file is empty"),
}


@pytest.mark.parametrize("which", BAD)
def test_a_bad_picture_is_refused_at_its_side_and_nothing_is_lost(house: House, which: str) -> None:
    row, browser, number = at_kiosk(house)
    send(browser, number, front=side())
    content, sentence = BAD[which]
    answer = send(browser, number, back=side(content, name="../../<b>Diaz</b>\r\n.png"))
    told = answer.content.decode()
    assert answer.status_code == (422 if which == "empty" else 409)
    assert sentence in told.split('id="id_back-error"')[1].split("</p>")[0]
    assert "<b>Diaz" not in told
    row.refresh_from_db()
    assert kinds() == ["photo_id_sent"]
    assert (row.state, row.said["photo_id"]) == ("doing", "send")


def test_an_empty_picture_of_the_insurance_card_is_refused_too(house: House) -> None:
    row, browser, _number = at_kiosk(house)
    number = row.steps.index("insurance") + 1
    answer = send(browser, number, answer="changed", front=side(b""))
    assert answer.status_code == 422
    assert "The file is empty" in answer.content.decode().split('id="id_front-error"')[1].split("</p>")[0]
    assert send(browser, number, answer="changed", front=side()).status_code == 303


def test_a_file_name_is_kept_nowhere(house: House) -> None:
    _row, browser, number = at_kiosk(house)
    send(browser, number, front=side(name="Maria Diaz S12345678.png"))
    paper = Document.objects.get()
    assert paper.title == "Photo ID, front"
    assert "S12345678" not in str([(one.details, one.action) for one in AuditLine.objects.all()])


def test_nothing_chosen_asks_for_a_picture_or_for_the_other_answer(house: House) -> None:
    _row, browser, number = at_kiosk(house)
    answer = send(browser, number)
    assert answer.status_code == 422
    assert "Take a picture, or say that you do not have it." in answer.content.decode()


def test_it_speaks_spanish_and_the_paper_is_named_as_the_desk_names_it(house: House) -> None:
    _row, browser, number = at_kiosk(house)
    browser.post("/p/here/language/", {"language": "es", "number": str(number)})
    body = browser.get(f"{HERE}{number}/").content.decode()
    assert "identificación con foto" in body
    send(browser, number, front=side())
    assert "Gracias. La recepción la revisa." in browser.get(f"{HERE}{number}/").content.decode()
    assert Document.objects.get().title == "Photo ID, front"
    cut = send(browser, number, front=side(licence_picture()[:900])).content.decode()
    assert "damaged" not in cut


# --- What the desk does ----------------------------------------------------------------------------------


@pytest.fixture
def visit(house: House) -> Visit:
    """Ms. Diaz has sent both sides from the kiosk."""
    row, browser, number = at_kiosk(house)
    send(browser, number, front=side(), back=side(licence_picture()))
    return Visit.objects.get(pk=row.visit_id)


@pytest.fixture
def nora(house: House) -> Client:
    return desk(house, name="nora")


def test_the_desk_sees_the_pictures_and_the_licence_beside_the_chart(visit: Visit, nora: Client) -> None:
    body = nora.get(f"/desk/visits/{visit.pk}/check-in/").content.decode()
    step = body.split('id="step-photo_id"')[1].split("</section>")[0]
    assert BESIDE in step
    assert '<details class="menu-inline" open>' in step
    page = nora.get(sent_page(visit)).content.decode()
    for told in ("12 Elm St", "Massachusetts", "Maria", "Holds until Mar 14, 2029"):
        assert told in page
    assert page.count("<img") >= 2
    assert "S12345678" not in page
    looked = AuditLine.objects.get(action="frontdesk.sent-id.viewed")
    assert looked.patient_ids == [visit.patient_id]
    assert words.say(looked.action) == "Looked at the photo ID that the patient had sent"


def test_the_patients_papers_say_that_nobody_has_looked_yet(visit: Visit, nora: Client) -> None:
    told = "sent by the patient, not looked at yet"
    page = f"/papers/of/{visit.patient_id}/"
    assert nora.get(page).content.decode().count(told) == 2
    press(nora, sent_page(visit), "take")
    assert told not in nora.get(page).content.decode()


def test_a_page_that_was_drawn_before_the_last_picture_decides_nothing(visit: Visit, nora: Client) -> None:
    page = sent_page(visit)
    old = hidden_fields(nora.get(page).content.decode(), form=f'action="{page}"')
    papers_now = papers.sent(visit.patient_id, "photo_id")
    documents.drop_sent(cast.rosa(visit.practice_id), document_id=papers_now[0].pk)
    facts = {"patient_id": visit.patient_id, "kind": "photo_id_sent", "title": "Photo ID, front"}
    documents.file_document(cast.rosa(visit.practice_id), **facts, content=picture())
    answer = nora.post(page, old | {"act": "take"})
    assert (answer.status_code, "Look again" in answer.content.decode()) == (409, True)
    assert nora.post(page, old | {"act": "take", "papers": "spoilt,'"}).status_code == 409
    assert kinds() == ["photo_id_sent", "photo_id_sent"]


def test_a_person_confirms_and_goes_on_to_what_differs(visit: Visit, nora: Client) -> None:
    answer = press(nora, sent_page(visit), "take")
    assert answer.status_code == 303
    assert "/licence/" in answer["Location"]
    assert kinds() == ["photo_id", "photo_id"]
    assert state(visit) == "done"
    assert Patient.objects.get(pk=visit.patient_id).street == ""
    paper = Document.objects.filter(kind="photo_id")[0]
    assert (paper.by_name, paper.accepted_by) == ("Patient, at the kiosk", "Nora")
    assert "Taken over by" in nora.get(f"/papers/{paper.pk}/").content.decode()


def test_undo_lets_the_pictures_wait_again(visit: Visit, nora: Client) -> None:
    press(nora, sent_page(visit), "take")
    to = f"/desk/visits/{visit.pk}/check_in/steps/photo_id/"
    body = nora.get(f"/desk/visits/{visit.pk}/check-in/").content.decode()
    assert nora.post(to, hidden_fields(body, form=f'action="{to}"') | {"act": "undo"}).status_code == 303
    assert (kinds(), state(visit)) == (["photo_id_sent", "photo_id_sent"], "open")


def test_a_person_refuses_and_undo_lets_them_wait_again(visit: Visit, nora: Client) -> None:
    answer = press(nora, sent_page(visit), "refuse")
    assert answer.status_code == 303
    assert (kinds(), state(visit)) == ([], "open")
    back = sent_page(visit) + "back/"
    assert nora.post(back, hidden_fields(nora.get(answer["Location"]).content.decode())).status_code == 303
    assert kinds() == ["photo_id_sent", "photo_id_sent"]


def test_what_came_meanwhile_is_not_confirmed_unseen(house: House, visit: Visit) -> None:
    seen = [one.pk for one in papers.sent(visit.patient_id, "photo_id")]
    row = SelfCheckIn.objects.get()
    commands.keep_photo_id(house.rosa, row_id=row.pk, answer="send", front=picture(size=(9, 9)))
    for act in (frontdesk.take_sent_id, frontdesk.refuse_sent_id):
        with pytest.raises(SentAnew):
            act(house.rosa, visit_id=visit.pk, document_ids=seen)
    assert state(visit) == "open"


def test_two_desks_decide_once(house: House, visit: Visit) -> None:
    seen = [one.pk for one in papers.sent(visit.patient_id, "photo_id")]
    frontdesk.take_sent_id(house.rosa, visit_id=visit.pk, document_ids=seen)
    with pytest.raises(SentAnew):
        frontdesk.refuse_sent_id(house.rosa, visit_id=visit.pk, document_ids=seen)
    with pytest.raises(documents.WaitsNoMore):
        documents.drop_sent(house.rosa, document_id=seen[0])
    assert kinds() == ["photo_id", "photo_id"]


def test_anothers_licence_is_told_and_a_hostile_one_is_only_words(house: House, nora: Client) -> None:
    row, browser, number = at_kiosk(house)
    other = replace(LICENCE, family="<SCRIPT>", given="LUIS", born_on=cast.MONDAY.replace(year=1970))
    send(browser, number, back=side(licence_picture(other)))
    row.refresh_from_db()
    page = nora.get(sent_page(row.visit)).content.decode()
    assert "may be another person" in page
    assert "<SCRIPT>" not in page


def test_without_a_barcode_it_is_compared_by_eye(house: House, nora: Client) -> None:
    row, browser, number = at_kiosk(house)
    send(browser, number, front=side())
    row.refresh_from_db()
    page = nora.get(sent_page(row.visit)).content.decode()
    assert "No license could be read" in page
    answer = press(nora, sent_page(row.visit), "take")
    assert answer["Location"] == f"/desk/visits/{row.visit_id}/check-in/"
    assert state(row.visit) == "done"


def test_a_visit_without_anything_sent_says_so(house: House, nora: Client) -> None:
    row, _browser, _number = at_kiosk(house)
    row.refresh_from_db()
    assert "Nothing waits" in nora.get(sent_page(row.visit)).content.decode()


def test_another_patients_pictures_are_not_on_the_page(house: House, visit: Visit, nora: Client) -> None:
    Document.objects.update(patient=house.ann)
    assert "<img" not in nora.get(sent_page(visit)).content.decode().split("<main")[1]
