"""Card and photo ID at check-in, the licence beside the chart, and what the patient takes along."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.charges import commands as charges
from daysheet.charges.models import Charge
from daysheet.documents import commands as documents
from daysheet.documents.models import Document
from daysheet.frontdesk import commands, walkout
from daysheet.frontdesk.checkin import money_of
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted, Refusal
from daysheet.kernel.models import AuditLine
from daysheet.ledger import commands as ledger
from daysheet.patients.models import Patient
from daysheet.privacy.models import Consent
from daysheet.privacy.queries import missing_notices
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit, VisitStep
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk
from tests.pictures import licence_picture, picture


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def visit(house: House) -> Visit:
    """Ms. Diaz has come; a plan covers her."""
    make.coverage(house.diaz, make.plan())
    return visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)


def post(rosa: Client, page: str, to: str, typed: dict[str, Any], **more: Any) -> Any:
    fields = hidden_fields(rosa.get(page).content.decode(), form=f'action="{to}"')
    return rosa.post(to, fields | typed, **more)


def card(name: str = "card.png", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if content is None else content)


def state(visit: Visit, kind: str) -> str:
    return VisitStep.objects.get(visit=visit, kind=kind).state


def at(visit: Visit) -> str:
    return f"/desk/visits/{visit.id}/check-in/"


def test_both_sides_of_the_card_are_filed_about_the_coverage(rosa: Client, visit: Visit) -> None:
    answer = post(rosa, at(visit), at(visit) + "card/", {"card-front": card(), "card-back": card("b.png")})
    papers = Document.objects.order_by("kind")
    assert answer.status_code == 303
    assert [(one.kind, one.subject_id) for one in papers] == [
        ("card_back", visit.coverage_id),
        ("card_front", visit.coverage_id),
    ]
    assert state(visit, "card") == "done"


def test_undo_opens_the_step_and_marks_what_was_filed_by_mistake(rosa: Client, visit: Visit) -> None:
    post(rosa, at(visit), at(visit) + "card/", {"card-front": card()})
    to = f"/desk/visits/{visit.id}/check_in/steps/card/"
    assert post(rosa, at(visit), to, {"act": "undo"}).status_code == 303
    paper = Document.objects.get()
    assert (state(visit, "card"), paper.struck_at is not None) == ("open", True)
    assert "filed by mistake" in rosa.get(f"/papers/of/{visit.patient_id}/").content.decode()


def test_without_a_picture_nothing_is_filed_and_the_fields_say_so(rosa: Client, visit: Visit) -> None:
    to = at(visit) + "card/"
    nothing = post(rosa, at(visit), to, {}, HTTP_HX_REQUEST="true")
    broken = post(rosa, at(visit), to, {"card-front": card(content=b"no picture")}, HTTP_HX_REQUEST="true")
    assert (nothing.status_code, broken.status_code) == (409, 409)
    assert "Choose a picture of the front" in nothing.content.decode()
    assert 'id="check-in"' in broken.content.decode()
    assert not Document.objects.exists()
    assert state(visit, "card") == "open"


def test_a_licence_is_read_and_shown_beside_the_chart(rosa: Client, visit: Visit) -> None:
    files = {"photo-id-front": card(), "photo-id-back": card("back.png", licence_picture())}
    answer = post(rosa, at(visit), at(visit) + "photo-id/", files)
    assert answer.status_code == 303
    assert "/licence/" in answer["Location"]
    body = rosa.get(answer["Location"]).content.decode()
    for words in ("12 Elm St", "Massachusetts", "Holds until Mar 14, 2029", "Take over: Springfield"):
        assert words in body
    assert "S12345678" not in body


def licence_page(rosa: Client, visit: Visit) -> str:
    files = {"photo-id-back": card("back.png", licence_picture())}
    return str(post(rosa, at(visit), at(visit) + "photo-id/", files)["Location"])


def test_only_what_is_ticked_is_taken_over_and_undo_puts_it_back(rosa: Client, visit: Visit) -> None:
    page = licence_page(rosa, visit)
    assert post(rosa, page, page, {"take": ["street", "zip"]}).status_code == 303
    patient = Patient.objects.get(pk=visit.patient_id)
    assert (patient.street, patient.zip, patient.city) == ("12 Elm St", "01103", "")
    change = patient.changes.get()
    undo = f"/desk/visits/{visit.id}/licence/{change.pk}/undo/"
    assert rosa.post(undo, hidden_fields(rosa.get(at(visit)).content.decode())).status_code == 303
    patient.refresh_from_db()
    assert (patient.street, patient.zip) == ("", "")


def test_nothing_ticked_and_a_chart_changed_meanwhile_change_nothing(
    rosa: Client, house: House, visit: Visit
) -> None:
    page = licence_page(rosa, visit)
    assert post(rosa, page, page, {}).status_code == 409
    fields = hidden_fields(rosa.get(page).content.decode(), form=f'action="{page}"')
    Patient.objects.filter(pk=visit.patient_id).update(version=7)
    answer = rosa.post(page, fields | {"take": ["street"]}, HTTP_HX_REQUEST="true")
    assert (answer.status_code, 'value="street" checked' in answer.content.decode()) == (409, True)
    assert Patient.objects.get(pk=visit.patient_id).street == ""


def test_anothers_card_is_told_before_anything_is_taken_over(rosa: Client, visit: Visit) -> None:
    Patient.objects.filter(pk=visit.patient_id).update(born_on="1970-01-01")
    body = rosa.get(licence_page(rosa, visit)).content.decode()
    assert "may be another person" in body


def test_what_may_be_anothers_card_changes_the_chart_with_a_reason_alone(rosa: Client, visit: Visit) -> None:
    Patient.objects.filter(pk=visit.patient_id).update(born_on="1970-01-01")
    page = licence_page(rosa, visit)
    for typed in ({}, {"because": " "}):
        answer = post(rosa, page, page, {"take": ["born_on"], **typed})
        assert answer.status_code == 409
        assert "Write why it is this patient" in answer.content.decode()
    assert str(Patient.objects.get(pk=visit.patient_id).born_on) == "1970-01-01"
    assert post(rosa, page, page, {"take": ["born_on"], "because": "Mistyped, paper seen"}).status_code == 303
    assert str(Patient.objects.get(pk=visit.patient_id).born_on) == "1962-03-14"
    assert "Mistyped" in str(AuditLine.objects.get(action="frontdesk.licence.taken-over").details)


def test_a_card_that_is_not_the_patients_is_taken_off_the_file_and_the_step_is_open(
    rosa: Client, visit: Visit
) -> None:
    page = licence_page(rosa, visit)
    assert state(visit, "photo_id") == "done"
    assert post(rosa, page, page + "off/", {}).status_code == 303
    assert (state(visit, "photo_id"), Document.objects.get().struck_at is not None) == ("open", True)
    assert rosa.get(page).status_code == 404


def test_a_card_of_an_earlier_visit_is_taken_off_too(rosa: Client, visit: Visit) -> None:
    page = licence_page(rosa, visit)
    Document.objects.update(made_at=cast.NOW - timedelta(days=400))
    assert post(rosa, page, page + "off/", {}).status_code == 303
    assert (state(visit, "photo_id"), Document.objects.get().struck_at is not None) == ("open", True)


def test_a_photo_id_of_another_patient_is_not_found(rosa: Client, house: House, visit: Visit) -> None:
    page = licence_page(rosa, visit)
    Document.objects.update(patient=house.ann)
    assert rosa.get(page).status_code == 404


def test_who_may_not_change_the_chart_takes_nothing_over(house: House, rosa: Client, visit: Visit) -> None:
    licence_page(rosa, visit)
    paper = Document.objects.get()
    with pytest.raises(NotPermitted):
        commands.take_over(
            house.auditor, visit_id=visit.id, document_id=paper.pk, version=1, fields=["street"]
        )
    assert Patient.objects.get(pk=visit.patient_id).street == ""


def test_the_desk_costs_the_same_however_many_papers_and_steps(
    rosa: Client, house: House, visit: Visit
) -> None:
    rosa.get(at(visit))
    with CaptureQueriesContext(connection) as few:
        rosa.get(at(visit))
    for _turn in range(3):
        commands.file_card(house.rosa, visit_id=visit.id, front=picture(), back=picture())
    rosa.get(at(visit))
    with CaptureQueriesContext(connection) as many:
        rosa.get(at(visit))
    assert len(many) == len(few)


def owes_from_before(house: House) -> None:
    """Ms. Diaz owes 12.40 from before."""
    ledger.bring_forward(
        Actor.system(practice_id=house.practice.pk, now=cast.NOW),
        patient_id=house.diaz.pk,
        amount=Decimal("12.40"),
        service_on=cast.MONDAY - timedelta(days=60),
        memo="former system",
        source_key="former/1",
    )


def test_the_old_balance_is_done_when_nothing_is_left_to_take(rosa: Client, house: House) -> None:
    owes_from_before(house)
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    assert state(visit, "old_balance") == "open"
    to = f"/desk/visits/{visit.id}/check_in/pay/"
    assert post(rosa, at(visit), to, {"amount": "12.40", "method": "cash"}).status_code == 303
    assert state(visit, "old_balance") == "done"


def words_of(paper: Document) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(bytes(paper.content))).pages)


def test_the_walkout_statement_names_the_tooth_and_its_surfaces(rosa: Client, house: House) -> None:
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    make.setting("dental", visit.location)
    by = Actor.system(practice_id=house.practice.pk, now=cast.NOW)
    charges.put_charge(
        by, visit_id=visit.id, code="D0011", mouth="14 MOD", pointers=(), amount=Decimal("245.00")
    )
    Charge.objects.update(label="Filling")
    page = f"/desk/visits/{visit.id}/check-out/"
    post(rosa, page, page + "walkout/", {})
    told = " ".join(words_of(Document.objects.get(kind="walkout")).split())
    assert "Filling (Tooth 14: mesial, occlusal, distal)" in told


def test_the_walkout_statement_says_what_was_paid_and_what_is_left(rosa: Client, house: House) -> None:
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    commands.take_copay(house.rosa, visit_id=visit.id, amount=Decimal("30.00"), method="cash")
    page = f"/desk/visits/{visit.id}/check-out/"
    answer = post(rosa, page, page + "walkout/", {})
    paper = Document.objects.get(kind="walkout")
    assert answer["Location"] == f"/papers/{paper.pk}/?{urlencode({'back': page})}"
    words = words_of(paper)
    for part in (
        "Walkout statement",
        "$30.00 paid",
        "Cost of today",
        "not written down yet",
        "Owed by you now",
    ):
        assert part in words


@pytest.fixture
def asked(house: House) -> Visit:
    """Ms. Diaz has come; her card says a copay of thirty dollars, and she owes 12.40 from before."""
    plan = make.plan()
    plan.office_copay = Decimal("30.00")
    plan.save()
    make.coverage(house.diaz, plan)
    owes_from_before(house)
    return visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)


def sums(words: str) -> dict[str, str]:
    """Return the amounts of a walkout statement by their line."""
    return dict(re.findall(r"^(\D+?)\s+(-?\$[0-9.]+)(?: paid)?$", words.replace("\n$", " $"), re.MULTILINE))


def test_the_walkout_statement_asks_what_the_desk_asks(house: House, asked: Visit) -> None:
    said = sums(words_of(commands.print_walkout(house.rosa, visit_id=asked.id)))
    assert money_of(asked).to_take == Decimal("42.40")
    assert (said["Copay not paid yet"], said["Owed by you now"]) == ("$30.00", "$42.40")
    commands.take_copay(house.rosa, visit_id=asked.id, amount=Decimal("42.40"), method="cash")
    said = sums(words_of(commands.print_walkout(house.rosa, visit_id=asked.id)))
    assert ("Copay not paid yet" in said, said["Owed by you now"]) == (False, "$0.00")


def test_what_is_under_a_payment_plan_is_told_and_not_owed_now(house: House, asked: Visit) -> None:
    found = walkout.walkout(asked)
    plan: Any = SimpleNamespace(keeping=SimpleNamespace(left=Decimal("10.00")))
    pages = pypdf.PdfReader(
        io.BytesIO(walkout.drawn(house.rosa, replace(found, money=replace(found.money, plan=plan))))
    ).pages
    said = sums("\n".join(page.extract_text() for page in pages))
    assert (said["Under your payment plan"], said["Owed by you now"]) == ("$10.00", "$32.40")


def test_the_card_step_tells_what_the_scanner_put_down(rosa: Client, visit: Visit) -> None:
    line = f"/papers/of/{visit.patient_id}/scans/line/"
    assert line not in rosa.get(at(visit)).content.decode()
    rosa.cookies["daysheet_station"] = "told elsewhere"
    assert rosa.get(at(visit)).content.decode().count(f'hx-get="{line}"') == 1


@pytest.fixture
def scanned(rosa: Client, house: House) -> Any:
    """Two files that the scanner of Rosa's station put down."""
    station = documents.keep_station(house.ana, name="Front desk", printers={})
    body = rosa.get("/papers/stations/").content.decode()
    rosa.post(f"/papers/stations/{station.pk}/here/", hidden_fields(body, form="stations-acts"))
    contents = (picture(), picture(size=(90, 60)))
    return [
        documents.note_scan(house.ana, station_id=station.pk, name=f"{n}.png", content=one, size=len(one))
        for n, one in enumerate(contents)
    ]


def test_what_the_scanner_put_down_becomes_the_front_and_back_of_the_coverage_s_card(
    rosa: Client, visit: Visit, scanned: Any
) -> None:
    page = at(visit) + "card/scans/"
    assert page in rosa.get(at(visit)).content.decode()
    front, back = scanned
    assert post(rosa, page, f"{page}{front.pk}/", {"side": "photo"}).status_code == 409
    first = post(rosa, page, f"{page}{front.pk}/", {"side": "card_front"})
    assert (first.status_code, first["Location"]) == (303, page)
    last = post(rosa, page, f"{page}{back.pk}/", {"side": "card_back"})
    assert (last.status_code, last["Location"]) == (303, at(visit))
    assert [(one.kind, one.subject_id) for one in Document.objects.order_by("kind")] == [
        ("card_back", visit.coverage_id),
        ("card_front", visit.coverage_id),
    ]
    assert state(visit, "card") == "done"
    gone = rosa.post(f"{page}{back.pk}/", hidden_fields(rosa.get(at(visit)).content.decode()))
    assert gone.status_code == 409


def test_a_scanned_card_is_put_back_and_the_step_is_open_again(
    rosa: Client, visit: Visit, scanned: Any
) -> None:
    page = at(visit) + "card/scans/"
    front, back = scanned
    post(rosa, page, f"{page}{front.pk}/", {"side": "card_front"})
    post(rosa, page, f"{page}{back.pk}/", {"side": "card_back"})
    for scan, wanted in ((back, "done"), (front, "open")):
        commands.put_filed_scan_back(
            cast.rosa(visit.practice_id), visit_id=visit.pk, step="card", scan_id=scan.pk
        )
        assert state(visit, "card") == wanted
    assert not Document.objects.filter(struck_at=None).exists()
    assert "Front of the card" in rosa.get(page).content.decode()


def test_two_desks_at_one_scan_file_it_once(rosa: Client, visit: Visit, scanned: Any) -> None:
    facts: dict[str, Any] = {"visit_id": visit.pk, "scan_id": scanned[0].pk, "version": scanned[0].version}
    by = cast.rosa(visit.practice_id)
    commands.file_scan(by, step="card", side="card_front", **facts)
    with pytest.raises(documents.NoSuchScan):
        commands.file_scan(by, step="card", side="card_back", **facts)
    assert Document.objects.count() == 1


def test_a_scanned_photo_id_is_read_and_put_back(
    rosa: Client, house: House, visit: Visit, scanned: Any
) -> None:
    page = at(visit) + "photo_id/scans/"
    VisitStep.objects.filter(visit=visit, kind="photo_id").update(state="open")
    assert page in rosa.get(at(visit)).content.decode()
    plain, _other = scanned
    back = licence_picture()
    coded = documents.note_scan(
        house.ana, station_id=plain.station_id, name="back.png", content=back, size=len(back)
    )
    first = post(rosa, page, f"{page}{plain.pk}/", {"side": "front"})
    assert (first.status_code, first["Location"]) == (303, page)
    last = post(rosa, page, f"{page}{coded.pk}/", {"side": "back"})
    assert "/licence/" in last["Location"]
    assert [(one.title, one.subject_id) for one in Document.objects.order_by("number")] == [
        ("Photo ID, front", visit.pk),
        ("Photo ID, back", visit.pk),
    ]
    assert state(visit, "photo_id") == "done"
    for scan, wanted in ((coded, "done"), (plain, "open")):
        to = f"{page}{scan.pk}/back/"
        assert rosa.post(to, {"_once": str(scan.pk)}).status_code == 303
        assert state(visit, "photo_id") == wanted


@pytest.fixture
def treatment(visit: Visit) -> VisitStep:
    """A form of the office that this visit has to sign."""
    step = VisitStep.objects.get(visit=visit, kind="form-treatment")
    step.state = "open"
    step.save()
    return step


def test_a_form_signed_on_paper_is_filed_from_the_scanner_and_undo_strikes_it(
    rosa: Client, visit: Visit, scanned: Any, treatment: VisitStep
) -> None:
    page = f"{at(visit)}form-treatment/scans/"
    assert page in rosa.get(at(visit)).content.decode()
    other = documents.file_document(
        cast.rosa(visit.practice_id), patient_id=visit.patient_id, kind="consent", title="Other", content=picture()
    )  # fmt: skip
    answer = post(rosa, page, f"{page}{scanned[0].pk}/", {"side": "form"})
    assert (answer.status_code, answer["Location"]) == (303, at(visit))
    paper = Document.objects.get(kind="consent", title=treatment.words)
    assert (paper.subject_id, state(visit, "form-treatment")) == (visit.pk, "done")
    to = f"/desk/visits/{visit.id}/check_in/steps/form-treatment/"
    assert post(rosa, at(visit), to, {"act": "undo"}).status_code == 303
    paper.refresh_from_db()
    other.refresh_from_db()
    assert (paper.struck_at is not None, other.struck_at) == (True, None)
    assert state(visit, "form-treatment") == "open"


def test_the_signed_notice_is_filed_from_the_scanner_with_the_name_of_who_signed(
    rosa: Client, visit: Visit, scanned: Any
) -> None:
    page = f"{at(visit)}privacy_notice/scans/"
    assert page in rosa.get(at(visit)).content.decode()
    assert '<option value="Maria Diaz">' in rosa.get(page).content.decode()
    to = f"{page}{scanned[0].pk}/"
    nameless = post(rosa, page, to, {"side": "notice", "signed_by": " "})
    assert (nameless.status_code, state(visit, "privacy_notice"), Consent.objects.count()) == (409, "open", 0)
    assert not Document.objects.exists()
    answer = post(rosa, page, to, {"side": "notice", "signed_by": "Maria Diaz"})
    assert (answer.status_code, answer["Location"]) == (303, at(visit))
    paper, given = Document.objects.get(), Consent.objects.get()
    assert (paper.kind, paper.title, paper.subject_id) == ("consent", "Notice of privacy practices", visit.pk)
    assert (given.signed_by, given.document_id, given.signed_on) == ("Maria Diaz", paper.pk, visit.service_on)
    assert state(visit, "privacy_notice") == "done"
    assert "npp" not in missing_notices(visit.patient_id, visit.service_on)


@pytest.mark.parametrize("way", ["back", "undo"])
def test_a_scanned_notice_that_is_taken_back_counts_for_nothing(
    rosa: Client, visit: Visit, scanned: Any, way: str
) -> None:
    by, scan = cast.rosa(visit.practice_id), scanned[0]
    facts: dict[str, Any] = {"visit_id": visit.pk, "step": "privacy_notice", "scan_id": scan.pk}
    commands.file_scan(by, **facts, version=scan.version, side="notice", signed_by="Maria Diaz")
    if way == "back":
        commands.put_filed_scan_back(by, **facts)
    else:
        commands.open_again(by, visit_id=visit.pk, stage="check_in", kind="privacy_notice")
    assert state(visit, "privacy_notice") == "open"
    assert Document.objects.get().struck_at is not None
    assert Consent.objects.get().withdrawn_at is not None
    assert "npp" in missing_notices(visit.patient_id, visit.service_on)


def test_who_may_not_sign_for_a_minor_is_not_taken_from_a_scanned_notice(
    visit: Visit, scanned: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daysheet.patients.people.why_not_sign", lambda *_said, **_more: "Court order")
    by, scan = cast.rosa(visit.practice_id), scanned[0]
    facts: dict[str, Any] = {"visit_id": visit.pk, "step": "privacy_notice", "scan_id": scan.pk}
    with pytest.raises(Refusal, match="Court order"):
        commands.file_scan(by, **facts, version=scan.version, side="notice", signed_by="Sam Roe")
    assert not Document.objects.exists()
    assert not Consent.objects.exists()


def test_a_step_that_takes_no_paper_has_no_scans(rosa: Client, visit: Visit, scanned: Any) -> None:
    assert rosa.get(at(visit) + "identity/scans/").status_code == 404
    assert rosa.get(at(visit) + "form-nothing/scans/").status_code == 404
    page = at(visit) + "card/scans/"
    post(rosa, page, f"{page}{scanned[0].pk}/", {"side": "card_front"})
    to = f"{at(visit)}photo_id/scans/{scanned[0].pk}/back/"
    assert rosa.post(to, {"_once": "x"}).status_code == 409
    assert not Document.objects.filter(struck_at__isnull=False).exists()
