"""Papers are kept with their hash; what comes in is told by its first bytes."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image

from daysheet.documents import commands, queries, rules
from daysheet.documents.models import Document
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import AuditLine, Practice
from tests import cast, make
from tests.pictures import PNG, picture

TOO_LARGE = "The file is larger than 8 MB. Scan it with fewer dots or as grey."
DAMAGED = "This picture cannot be opened: it is damaged or cut off. Take it again."
ORIENTATION, CAMERA, PLACE = 0x0112, 0x0110, 0x8825
NO_PICTURE = "Only pictures (PNG, JPEG) and PDF can be filed. Scan the paper or take a photo of it."


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
    [(PNG, "image/png"), (b"%PDF-1.4 scan", "application/pdf")],
)
def test_a_picture_or_pdf_is_filed_by_what_it_is(practice: Practice, content: bytes, media_type: str) -> None:
    diaz = make.patient()
    paper = commands.file_document(
        cast.rosa(practice.pk), patient_id=diaz.pk, kind="card_front", title="Card", content=content
    )
    assert (paper.media_type, bytes(paper.content)) == (media_type, content)


def test_a_picture_is_drawn_anew_upright_and_without_the_place_where_it_was_taken(practice: Practice) -> None:
    told = Image.Exif()
    told[ORIENTATION], told[CAMERA] = 6, "a telephone"
    told.get_ifd(PLACE)[2] = (42.0, 6.0, 0.0)
    content = picture("JPEG", size=(30, 20), exif=told) + b"<?php hidden ?>"
    paper = commands.file_document(
        cast.rosa(practice.pk), patient_id=make.patient().pk, kind="photo", title="Face", content=content
    )
    with Image.open(io.BytesIO(bytes(paper.content))) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (20, 30), {})
    assert b"hidden" not in bytes(paper.content)
    assert b"telephone" not in bytes(paper.content)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_a_picture_of_any_make_is_kept(practice: Practice, mode: str) -> None:
    made = io.BytesIO()
    Image.new(mode, (4, 3)).save(made, "JPEG" if mode == "CMYK" else "PNG")
    paper = commands.file_document(
        cast.rosa(practice.pk),
        patient_id=make.patient().pk,
        kind="other",
        title="Scan",
        content=made.getvalue(),
    )
    with Image.open(io.BytesIO(bytes(paper.content))) as kept:
        assert kept.size == (4, 3)


def impossible() -> bytes:
    """A PNG of some hundred bytes that says it is 60,000 dots wide and high."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return PNG[:8] + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + PNG[33:]


@pytest.mark.parametrize(
    ("kind", "content", "sentence"),
    [
        ("card_front", b"", "The file is empty. Choose it again."),
        ("card_front", PNG + b"x" * rules.LARGEST, TOO_LARGE),
        ("card_front", b"<svg onload=alert(1)>", NO_PICTURE),
        ("card_front", b"<html><script>", NO_PICTURE),
        ("card_front", b"MZ\x90program", NO_PICTURE),
        ("daysheet", PNG, "Choose what kind of paper this is."),
        ("photo", PNG[:40], DAMAGED),
        ("photo", picture("JPEG", size=(400, 400))[:300], DAMAGED),
        ("photo", b"\xff\xd8\xff\xe0 no picture at all", DAMAGED),
        ("photo", impossible(), "The picture has more than 50 million dots. Take it smaller."),
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
