"""A letter is written from a template, and kept with the patient's papers."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from daysheet.documents.models import Document
from daysheet.kernel.errors import NotPermitted, Refusal
from daysheet.kernel.models import AuditLine, Practice
from daysheet.letters import commands, queries, rules
from tests import cast, make

VISIT = {"day": "Mon Mar 9, 2026", "from": "9:00 am", "to": "9:40 am"}


def test_a_confirmation_of_visit_becomes_a_paper_of_the_patient(practice: Practice) -> None:
    make.office()
    diaz = make.patient(street="12 Elm St", city="Albany", state="NY", zip="12207")
    paper = commands.write_letter(
        cast.rosa(practice.pk),
        patient_id=diaz.pk,
        template="visit_confirmation",
        fields=VISIT | {"note": "{name}"},
    )
    told = PdfReader(io.BytesIO(bytes(paper.content))).pages[0].extract_text()
    said = " ".join(told.split())
    assert "Northside Family Medicine 12 Main St" in said
    assert "Maria Diaz 12 Elm St Albany, NY 12207" in said
    assert (
        "Maria Diaz, born Mar 14, 1962, was at our office on Mon Mar 9, 2026, from 9:00 am to 9:40 am."
        in said
    )
    assert "{name}" in said  # what was filled in is not read again
    assert "Rosa Marin" in said
    assert (paper.kind, paper.patient_id, paper.title) == ("letter", diaz.pk, "Confirmation of visit")
    actions = (
        AuditLine.objects.filter(practice_id=practice.pk).order_by("id").values_list("action", flat=True)
    )
    assert sorted(actions) == ["documents.document.kept", "letters.letter.written"]


def test_what_is_missing_is_named_and_nothing_is_kept(practice: Practice) -> None:
    diaz = make.patient(born_on=date(1962, 3, 14))
    with pytest.raises(Refusal) as refusal:
        commands.write_letter(
            cast.rosa(practice.pk), patient_id=diaz.pk, template="work_note", fields={"day": "x", "from": ""}
        )
    assert refusal.value.fields == {"from": "Fill this in.", "to": "Fill this in."}
    assert Document.objects.count() == 0


def test_a_letter_that_does_not_exist_is_refused(practice: Practice) -> None:
    with pytest.raises(commands.NoSuchLetter):
        commands.write_letter(cast.rosa(practice.pk), patient_id=make.patient().pk, template="../x")


def test_a_coder_writes_no_letter(practice: Practice) -> None:
    with pytest.raises(NotPermitted):
        commands.write_letter(
            cast.carla(practice.pk), patient_id=make.patient().pk, template="work_note", fields=VISIT
        )
    assert Document.objects.count() == 0


def test_every_template_can_be_merged_with_its_own_fields() -> None:
    for template in rules.templates().values():
        facts = dict.fromkeys(template.fields, "x")
        assert "{" not in "".join(
            rules.merge(part, facts) for part in (template.subject, *template.paragraphs)
        )


def test_the_letterhead_is_the_practice_name_until_the_office_is_set_up(practice: Practice) -> None:
    assert queries.letterhead() == {"name": "Northside Family Medicine", "lines": []}
    make.office()
    assert queries.letterhead()["lines"] == ["12 Main St", "Springfield, MA 01103-0001", "(413) 555-0100"]


def test_what_goes_to_the_patient_has_its_words_in_spanish_with_the_same_braces() -> None:
    letters = rules.templates()
    assert [key for key, one in letters.items() if one.spanish] == ["new_address", "time_for_a_visit"]
    for one in letters.values():
        if one.spanish:
            assert one.spanish.fields == one.fields
            assert len(one.spanish.paragraphs) == len(one.paragraphs)
        assert one.spoken("de") == (one, "en")
