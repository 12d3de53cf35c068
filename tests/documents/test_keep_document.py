"""Papers are kept with their hash; what comes in is told by its first bytes."""

import hashlib

import pytest

from daysheet.documents import commands, queries, rules
from daysheet.documents.models import Document
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import AuditLine, Practice
from tests import cast, make

TOO_LARGE = "The file is larger than 8 MB. Scan it with fewer dots or as grey."
NO_PICTURE = "Only pictures (PNG, JPEG) and PDF can be filed. Scan the paper or take a photo of it."
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def test_a_kept_paper_has_a_number_a_hash_and_a_line_that_names_its_patients(practice: Practice) -> None:
    diaz, okafor = make.patient(), make.patient("Okafor", "Joy")
    paper = commands.keep_document(
        cast.rosa(practice.pk),
        kind="receipt",
        title="Receipt 1\x00",
        media_type="application/pdf",
        content=b"%PDF-1.7",
        patient_id=diaz.pk,
        subject=okafor,
        patients=[okafor.pk],
    )
    assert (paper.number, paper.title, paper.sha256) == (
        1,
        "Receipt 1",
        hashlib.sha256(b"%PDF-1.7").hexdigest(),
    )
    assert (paper.subject_kind, paper.subject_id) == ("patients.patient", okafor.pk)
    assert queries.named_in(paper) == {diaz.pk, okafor.pk}
    assert list(queries.about(okafor.pk)) == [paper]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(PNG, "image/png"), (b"\xff\xd8\xff\xe0jpeg", "image/jpeg"), (b"%PDF-1.4 scan", "application/pdf")],
)
def test_a_picture_or_pdf_is_filed_by_what_it_is(practice: Practice, content: bytes, media_type: str) -> None:
    diaz = make.patient()
    paper = commands.file_document(
        cast.rosa(practice.pk), patient_id=diaz.pk, kind="card_front", title="Card", content=content
    )
    assert (paper.media_type, bytes(paper.content)) == (media_type, content)


@pytest.mark.parametrize(
    ("kind", "content", "sentence"),
    [
        ("card_front", b"", "The file is empty. Choose it again."),
        ("card_front", PNG + b"x" * rules.LARGEST, TOO_LARGE),
        ("card_front", b"<svg onload=alert(1)>", NO_PICTURE),
        ("card_front", b"<html><script>", NO_PICTURE),
        ("card_front", b"MZ\x90program", NO_PICTURE),
        ("daysheet", PNG, "Choose what kind of paper this is."),
    ],
)  # fmt: skip
def test_what_is_no_paper_is_refused_and_leaves_no_trace(
    practice: Practice, kind: str, content: bytes, sentence: str
) -> None:
    diaz = make.patient()
    with pytest.raises(commands.UnfitPaper) as refusal:
        commands.file_document(
            cast.rosa(practice.pk), patient_id=diaz.pk, kind=kind, title="Card", content=content
        )
    assert refusal.value.sentence == sentence
    assert Document.objects.count() == 0
    assert not AuditLine.objects.filter(practice_id=practice.pk).exists()


def test_a_role_that_may_not_file_papers_files_none(practice: Practice) -> None:
    diaz = make.patient()
    with pytest.raises(NotPermitted):
        commands.file_document(
            cast.auditor(practice.pk), patient_id=diaz.pk, kind="other", title="", content=PNG
        )
    assert Document.objects.count() == 0


def test_a_coder_sees_no_money_papers_in_the_list(practice: Practice) -> None:
    diaz = make.patient()
    for kind in ("receipt", "letter", "statement"):
        commands.keep_document(
            cast.rosa(practice.pk), kind=kind, title=kind, media_type="application/pdf", content=b"%PDF-",
            patient_id=diaz.pk,
        )  # fmt: skip
    assert [one.kind for one in queries.papers_of(diaz.pk, by=cast.carla(practice.pk))] == ["letter"]
    assert [one.kind for one in queries.papers_of(diaz.pk, by=cast.rosa(practice.pk))] == [
        "statement",
        "letter",
        "receipt",
    ]
