"""The forms of the office: written by a manager, one edition after the other, retired and taken up again."""

from collections.abc import Iterator

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.privacy import commands, filling
from daysheet.privacy.models import FormEdition, OfficeForm
from daysheet.privacy.questions import KINDS, Question, read_questions, read_strokes, written
from tests.desk import hidden_fields
from tests.house import House, desk, furnished

LINES = """text* | What brings you here? | ¿Por qué viene?
choice | Do you smoke? | ¿Fuma? | never = nunca; yes = sí"""


@pytest.fixture
def house(db: None) -> Iterator[House]:
    office = furnished()
    with office.open():
        yield office


@pytest.fixture
def ana(house: House) -> Client:
    return desk(house, "office_manager", "ana")


def test_a_form_is_written_and_its_next_edition(ana: Client, house: House) -> None:
    fields = hidden_fields(ana.get("/privacy/forms/new/").content.decode(), form='id="office-form"')
    typed = {"title": "Asthma check", "text": "Please answer.", "questions": LINES}
    assert ana.post("/privacy/forms/new/", fields | typed).status_code == 303
    form = filling.form_at_hand("asthma-check")
    assert form is not None
    assert (form.number, [one.kind for one in form.questions]) == (1, ["text", "choice"])
    page = "/privacy/forms/asthma-check/"
    fields = hidden_fields(ana.get(page).content.decode(), form='id="office-form"')
    assert ana.post(page, fields | typed | {"text": "Other words."}).status_code == 303
    assert [row.text for row in FormEdition.objects.order_by("number")] == ["Please answer.", "Other words."]


def test_lines_that_are_no_questions_are_named_and_all_is_still_there(ana: Client) -> None:
    fields = hidden_fields(ana.get("/privacy/forms/new/").content.decode(), form='id="office-form"')
    typed = {"title": "T", "text": "Words", "questions": "song | La la\nchoice | One? | | only"}
    answer = ana.post("/privacy/forms/new/", fields | typed, HTTP_HX_REQUEST="true")
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Line 1: begin with yes_no" in body
    assert "Line 2: give two answers or more" in body
    assert "La la" in body
    assert not OfficeForm.objects.exists()


def test_a_consent_without_a_signature_is_no_form(house: House) -> None:
    said = {"title": "Texting", "text": "Words", "consent": "texting", "needs_signature": False}
    with pytest.raises(commands.UnsoundForm):
        commands.keep_form(house.ana, **said)
    assert not OfficeForm.objects.exists()


def test_a_title_that_is_taken_and_an_edition_written_meanwhile_are_refused(house: House) -> None:
    said = {"title": "Treatment", "text": "Words"}
    with pytest.raises(commands.UnsoundForm):
        commands.keep_form(house.ana, **said)
    commands.keep_form(house.ana, key="treatment", edition=1, **said)
    with pytest.raises(StaleForm):
        commands.keep_form(house.ana, key="treatment", edition=1, **said)
    assert FormEdition.objects.count() == 1


def test_a_retired_form_is_asked_for_no_more_until_it_is_taken_up_again(ana: Client, house: House) -> None:
    commands.retire_form(house.ana, key="health")
    assert "health" not in filling.forms_at_hand()
    assert "Retired" in ana.get("/privacy/forms/").content.decode()
    commands.restore_form(house.ana, key="health")
    assert "health" in filling.forms_at_hand()


def test_who_may_not_manage_the_office_writes_no_form(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.keep_form(house.rosa, title="Mine", text="Words")
    assert not OfficeForm.objects.exists()


def test_every_shipped_form_can_be_read_in_both_languages() -> None:
    for form in filling.shipped().values():
        assert read_questions(form.lines)[1] == []
        assert form.title_es
        assert form.text_es
        assert all(one.es for one in form.questions)


words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30)
choices = st.lists(
    st.tuples(words, st.just("") | words), min_size=2, max_size=4, unique_by=lambda pair: pair[0]
)


@given(
    st.lists(
        st.tuples(st.sampled_from(KINDS), words, st.just("") | words, st.booleans(), choices), max_size=6
    )
)
def test_questions_written_are_questions_read(
    drawn: list[tuple[str, str, str, bool, list[tuple[str, str]]]],
) -> None:
    asked = [
        Question(f"q{place}", kind, en, es, required, tuple(offered) if kind == "choice" else ())
        for place, (kind, en, es, required, offered) in enumerate(drawn, start=1)
    ]
    assert read_questions(written(asked)) == (asked, [])


@given(st.text(max_size=400))
def test_no_text_makes_the_readers_fail(text: str) -> None:
    read_questions(text)
    read_strokes(text)
