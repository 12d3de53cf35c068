"""Papers as a browser sees them: listed, shown safely, filed."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from daysheet.documents import commands
from daysheet.documents.models import Document
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import AuditLine, Practice
from daysheet.patients.models import Patient
from tests import cast, make
from tests.desk import hidden_fields, signed_in
from tests.pictures import PNG


@pytest.fixture
def desk(practice: Practice) -> Client:
    """Rosa's browser at the front desk."""
    return signed_in(make.member())


def kept(of: Patient | None, kind: str = "receipt", content: bytes = b"%PDF-1.7", **more: Any) -> Document:
    practice_id = of.practice_id if of else more.pop("practice_id")
    media_type = "image/png" if content == PNG else "application/pdf"
    return commands.keep_document(
        cast.rosa(practice_id), kind=kind, title=kind, media_type=media_type, content=content,
        patient_id=of.pk if of else None, **more,
    )  # fmt: skip


def named(action: str) -> list[set[Any]]:
    return [set(line.patient_ids) for line in AuditLine.objects.filter(action=action).order_by("at", "id")]


def test_the_panel_shows_five_and_the_page_shows_all(desk: Client) -> None:
    diaz = make.registered()
    for _ in range(7):
        kept(diaz)
    address = reverse("documents:patient-panel", args=[diaz.pk])
    panel = desk.get(address, HTTP_HX_REQUEST="true").content.decode()
    assert panel.strip().startswith('<section id="documents-panel"')
    assert (panel.count("<li>"), "All 7 papers" in panel) == (5, True)
    assert desk.get(address).content.decode().count('<th scope="row">') == 7
    assert named("documents.list.viewed") == [{diaz.pk}, {diaz.pk}]


def test_an_empty_list_says_what_will_be_here(desk: Client) -> None:
    diaz = make.registered()
    body = desk.get(reverse("documents:patient-panel", args=[diaz.pk])).content.decode()
    assert "No papers yet. A card, an ID or a signed form is filed here." in body


@pytest.mark.parametrize(
    ("kind", "content", "disposition"),
    [
        ("receipt", b"%PDF-1.7", 'inline; filename="receipt-1.pdf"'),
        ("referral", b"%PDF-1.7", 'attachment; filename="referral-1.pdf"'),
        ("card_front", PNG, 'inline; filename="card_front-1.png"'),
    ],
)
def test_only_what_is_safe_is_shown_by_the_browser_itself(
    desk: Client, kind: str, content: bytes, disposition: str
) -> None:
    diaz = make.registered()
    paper = kept(diaz, kind, content)
    answer = desk.get(reverse("documents:document-file", args=[paper.pk]))
    assert (answer.content, answer["Content-Disposition"]) == (content, disposition)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    if content == PNG:
        assert "sandbox" in answer["Content-Security-Policy"]
    assert named("documents.document.opened") == [{diaz.pk}]


def test_a_download_is_never_shown_inline(desk: Client) -> None:
    paper = kept(make.registered())
    answer = desk.get(reverse("documents:document-file", args=[paper.pk]) + "?download=1")
    assert answer["Content-Disposition"] == 'attachment; filename="receipt-1.pdf"'


def test_a_paper_about_several_patients_names_them_all_when_it_is_opened(
    desk: Client, practice: Practice
) -> None:
    diaz, roy = make.registered(), make.registered("Roy", "Sam")
    paper = kept(None, "daysheet", practice_id=practice.pk, patients=[diaz.pk, roy.pk])
    assert desk.get(reverse("documents:document-view", args=[paper.pk])).status_code == 200
    assert named("documents.document.viewed") == [{diaz.pk, roy.pk}]


@pytest.mark.parametrize("kind", ["receipt", "statement", "daysheet"])
def test_a_coder_opens_no_money_papers(desk: Client, kind: str) -> None:
    paper = kept(make.registered(), kind)
    carla = signed_in(make.member("coder", "carla"))
    for name in ("document-view", "document-file"):
        assert carla.get(reverse(f"documents:{name}", args=[paper.pk])).status_code == 403


def test_a_filed_picture_of_the_face_is_shown_in_the_banner_and_taken_off_again(desk: Client) -> None:
    diaz = make.registered()
    face = kept(diaz, "photo", PNG)
    page = reverse("documents:document-view", args=[face.pk])
    assert "Show it in the banner" in desk.get(page).content.decode()
    act = reverse("documents:document-photo", args=[face.pk])
    assert desk.post(act, {"shown": "yes"}).status_code == 303
    assert Patient.objects.get(pk=diaz.pk).photo_id == face.pk
    body = desk.get(page).content.decode()
    assert f'class="banner-photo" src="{reverse("documents:document-file", args=[face.pk])}"' in body
    assert "Take it off the banner" in body
    assert desk.post(act, {"shown": ""}).status_code == 303
    assert Patient.objects.get(pk=diaz.pk).photo_id is None


def test_a_face_filed_for_the_wrong_patient_leaves_the_banner_with_its_paper(desk: Client) -> None:
    diaz = make.registered()
    face, other = kept(diaz, "photo", PNG), kept(diaz, "photo", PNG)
    page = reverse("documents:document-view", args=[face.pk])
    act = reverse("documents:document-photo", args=[face.pk])
    assert desk.post(act, {"shown": "yes"}).status_code == 303
    commands.strike_paper(cast.rosa(diaz.practice_id), document_id=other.pk)
    assert Patient.objects.get(pk=diaz.pk).photo_id == face.pk
    commands.strike_paper(cast.rosa(diaz.practice_id), document_id=face.pk)
    assert Patient.objects.get(pk=diaz.pk).photo_id is None
    body = desk.get(page).content.decode()
    assert ("banner-photo" in body, "in the banner" in body) == (False, False)
    late = desk.post(act, {"shown": "yes"})
    assert (late.status_code, "filed by mistake" in late.content.decode()) == (409, True)
    assert Patient.objects.get(pk=diaz.pk).photo_id is None


def test_only_a_picture_of_the_face_can_be_shown_in_the_banner(desk: Client) -> None:
    diaz = make.registered()
    card = kept(diaz, "card_front", PNG)
    assert (
        "in the banner" not in desk.get(reverse("documents:document-view", args=[card.pk])).content.decode()
    )
    assert desk.post(reverse("documents:document-photo", args=[card.pk]), {"shown": "yes"}).status_code == 404
    assert Patient.objects.get(pk=diaz.pk).photo_id is None


def test_a_card_is_filed_from_the_form(desk: Client) -> None:
    diaz = make.registered()
    address = reverse("documents:document-upload", args=[diaz.pk])
    assert desk.get(address).status_code == 200
    picture = SimpleUploadedFile("../../<script>.html", PNG, content_type="text/html")
    answer = desk.post(address, {"kind": "card_front", "title": "<script>alert(1)</script>", "file": picture})
    assert answer.status_code == 303
    paper = Document.objects.get()
    assert (paper.media_type, paper.by_name, bytes(paper.content)) == ("image/png", "Rosa", PNG)
    body = desk.get(answer["Location"]).content.decode()
    assert "<script>alert(1)</script>" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg onload=alert(1)>", "Only pictures (PNG, JPEG) and PDF can be filed."),
        (b"", "The file is empty."),
    ],
)
def test_what_is_no_paper_is_refused_beside_the_form(desk: Client, content: bytes, sentence: str) -> None:
    diaz = make.registered()
    picture = SimpleUploadedFile("card.png", content, content_type="image/png")
    answer = desk.post(
        reverse("documents:document-upload", args=[diaz.pk]), {"kind": "card_front", "file": picture}
    )
    assert (answer.status_code, sentence in answer.content.decode()) == (409, True)
    assert Document.objects.count() == 0


def test_a_letter_is_written_from_the_patient_page(desk: Client) -> None:
    diaz = make.registered()
    assert reverse("letters:letter-write", args=[diaz.pk]) in desk.get(
        reverse("patients:patient-page", args=[diaz.pk])
    ).content.decode()  # fmt: skip
    address = reverse("letters:letter-write", args=[diaz.pk])
    assert desk.get(address).status_code == 200
    lacking = desk.post(address, {"template": "work_note", "day": "Mon Mar 9, 2026"})
    assert (lacking.status_code, lacking.content.decode().count("Fill this in.") >= 2) == (409, True)
    answer = desk.post(
        address, {"template": "work_note", "day": "Mon Mar 9, 2026", "began": "Mar 9", "ended": "Mar 10"}
    )
    paper = Document.objects.get()
    assert answer["Location"] == reverse("documents:document-view", args=[paper.pk])
    assert (paper.kind, paper.media_type, bytes(paper.content)[:5]) == ("letter", "application/pdf", b"%PDF-")


def test_a_paper_of_another_practice_is_not_found(desk: Client) -> None:
    other = make.practice("Southside Dental")
    with make.acting(other):
        theirs = kept(make.registered())
    for name in ("document-view", "document-file"):
        assert desk.get(reverse(f"documents:{name}", args=[theirs.pk])).status_code == 404


def test_a_paper_filed_by_mistake_stays_to_be_seen_and_can_be_restored(desk: Client) -> None:
    diaz = make.registered()
    paper = kept(diaz, "card_front", PNG)
    page = reverse("documents:document-view", args=[paper.pk])
    fields = hidden_fields(desk.get(page).content.decode(), form='action="' + page + 'strike/"')
    assert desk.post(page + "strike/", fields).status_code == 303
    body = desk.get(page).content.decode()
    assert "It stays to be seen, and counts for nothing." in body
    fields = hidden_fields(body, form='action="' + page + 'restore/"')
    assert desk.post(page + "restore/", fields).status_code == 303
    paper.refresh_from_db()
    assert paper.struck_at is None


def test_what_the_office_made_cannot_be_filed_by_mistake(desk: Client) -> None:
    diaz = make.registered()
    paper = kept(diaz, "receipt")
    assert "/strike/" not in desk.get(reverse("documents:document-view", args=[paper.pk])).content.decode()
    with pytest.raises(Refusal):
        commands.strike_paper(cast.rosa(diaz.practice_id), document_id=paper.pk)
