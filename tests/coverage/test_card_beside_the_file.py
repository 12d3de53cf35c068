"""An insurance card beside what is on file: proposed with its line, taken over by a person, put back."""

import logging
from typing import Any

import pytest
from django.urls import reverse

from daysheet.coverage import commands
from daysheet.coverage.models import Coverage
from daysheet.documents import commands as documents
from daysheet.documents import printed_words
from daysheet.documents.models import Document
from daysheet.kernel.models import AuditLine
from tests import cast, desk, make
from tests.pictures import PNG, card_picture
from tests.reading_words import needs_tesseract

pytestmark = pytest.mark.django_db

SAYS = [
    "Blue Plains Health",
    "Blue PPO Standard",
    "Member ID: BPX123456789",
    "Member Name: MARIA DIAZ",
    "Group No. 778812",
    "PCP $25   Specialist $40",
    "Effective Date 01/31/2025",
    "RxBIN 610014  RxGrp: RX99",
]


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let any picture say these lines."""

    def put(*lines: str) -> None:
        monkeypatch.setattr(printed_words, "program", lambda: "/usr/bin/reader")
        monkeypatch.setattr(printed_words, "words_in", lambda *_a, **_b: "\n".join(lines))

    put(*SAYS)
    return put


def carded(**more: Any) -> Coverage:
    plan = make.plan()
    return make.coverage(make.patient(), plan, **more)


def filed(card: Coverage, kind: str = "card_front", content: bytes = PNG, *, about: Any = None) -> Document:
    return documents.file_document(
        cast.rosa(card.practice_id), patient_id=card.patient_id, kind=kind, title=kind, content=content,
        subject=about or card,
    )  # fmt: skip


def at(paper: Document) -> str:
    return reverse("coverage:card-beside", args=[paper.patient_id, paper.pk])


def rosa() -> Any:
    return desk.signed_in(make.member())


def take(browser: Any, paper: Document, *fields: str, **more: str) -> Any:
    form = desk.hidden_fields(browser.get(at(paper)).content.decode(), form=f'action="{at(paper)}"')
    return browser.post(at(paper), form | {"take": list(fields)} | more)


def standard() -> Any:
    """A second plan, which the card names."""
    plan = make.plan("Blue PPO Standard", "60054")
    plan.payer.name = "Blue Plains Health"
    plan.payer.save()
    return plan


def test_each_field_stands_beside_the_file_with_the_line_it_came_from(office: Any, says: Any) -> None:
    plan = standard()
    paper = filed(carded(group_number="778812"))
    body = rosa().get(at(paper)).content.decode()
    for line in (
        "Member ID: BPX123456789",
        "Group No. 778812",
        "Effective Date 01/31/2025",
        "Blue PPO Standard",
    ):
        assert f"Line: {line}" in body
    assert "Take over: BPX123456789" in body
    assert f"Take over: {plan.payer.name}: {plan.name}" in body
    assert body.count(">same<") + body.count(" same<") >= 1
    assert 'id="take-group_number"' not in body
    assert "$25" in body
    assert "RX99" not in body
    assert Coverage.objects.get().member_id == "XJ4001"


def test_only_what_is_ticked_is_written_and_undo_puts_it_back(office: Any, says: Any) -> None:
    plan, browser = standard(), rosa()
    card = carded()
    paper, was = filed(card), card.plan_id
    answer = take(browser, paper, "member_id", "plan", "starts_on")
    assert answer.status_code == 303
    card.refresh_from_db()
    assert (card.member_id, card.plan_id, card.group_number) == ("BPX123456789", plan.pk, "")
    assert card.starts_on.isoformat() == "2025-01-31"
    line = AuditLine.objects.get(action="coverage.card.taken-over")
    assert (line.actor_name, line.details["fields"]) == ("Rosa", ["member_id", "plan_id", "starts_on"])
    undo = reverse("coverage:card-back", args=[card.pk, card.version])
    page = browser.get(reverse("patients:patient-page", args=[card.patient_id])).content.decode()
    assert undo in page
    fields = {"_once": "undone"}
    assert browser.post(undo, fields).status_code == 303
    card.refresh_from_db()
    assert (card.member_id, card.plan_id) == ("XJ4001", was)
    assert card.starts_on != card.starts_on.replace(2025, 1, 31)
    assert AuditLine.objects.filter(action="coverage.card.put-back").count() == 1


def test_an_undo_after_another_change_changes_nothing(office: Any, says: Any) -> None:
    browser, card = rosa(), carded()
    paper = filed(card)
    take(browser, paper, "member_id")
    card.refresh_from_db()
    undo = reverse("coverage:card-back", args=[card.pk, card.version])
    Coverage.objects.update(version=9, member_id="OTHER1")
    fields = {"_once": "undone"}
    assert browser.post(undo, fields).status_code == 303
    assert Coverage.objects.get().member_id == "OTHER1"


def test_nothing_ticked_and_a_plan_changed_meanwhile_change_nothing(office: Any, says: Any) -> None:
    browser, card = rosa(), carded()
    paper = filed(card)
    assert take(browser, paper).status_code == 409
    form = desk.hidden_fields(browser.get(at(paper)).content.decode(), form=f'action="{at(paper)}"')
    Coverage.objects.update(version=7)
    answer = browser.post(at(paper), form | {"take": ["member_id"]}, HTTP_HX_REQUEST="true")
    assert (answer.status_code, 'value="member_id" checked' in answer.content.decode()) == (409, True)
    assert Coverage.objects.get().member_id == "XJ4001"


def test_another_name_asks_whose_card_it_is(office: Any, says: Any) -> None:
    says("Member Name: JOHN ROE", "Member ID: ABC123456")
    browser, card = rosa(), carded()
    paper = filed(card)
    body = browser.get(at(paper)).content.decode()
    assert "Another name stands on the card" in body
    assert take(browser, paper, "member_id").status_code == 409
    assert Coverage.objects.get().member_id == "XJ4001"
    answer = take(browser, paper, "member_id", theirs="1")
    assert answer.status_code == 303
    assert Coverage.objects.get().member_id == "ABC123456"
    assert AuditLine.objects.get(action="coverage.card.taken-over").details["vouched"] is True


def test_the_holders_name_is_taken_over_where_the_plan_is_through_another(office: Any, says: Any) -> None:
    says("Subscriber: JOHN MCDONALD", "Member ID: XJ4001")
    card = carded(relationship="spouse", subscriber_family="Mcdonal", subscriber_given="John")
    browser, paper = rosa(), filed(card)
    no = take(browser, paper, "name", theirs="1")
    assert (no.status_code, "birth date" in no.content.decode()) == (409, True)
    Coverage.objects.update(subscriber_born_on="1960-01-01")
    assert take(browser, paper, "name", theirs="1").status_code == 303
    held = Coverage.objects.get()
    assert (held.subscriber_family, held.subscriber_given) == ("McDonald", "John")


def test_front_and_back_are_read_together_but_no_other_plans_card(office: Any, monkeypatch: Any) -> None:
    card = carded()
    other = make.coverage(card.patient, make.plan("Second", "SEC1"), rank=2, member_id="SECOND99")
    front, back = filed(card), filed(card, "card_back", card_picture(["back"]))
    filed(other, "card_back", card_picture(["other"]))
    read: list[bytes] = []
    monkeypatch.setattr(printed_words, "program", lambda: "/usr/bin/reader")
    monkeypatch.setattr(printed_words, "words_in", lambda content, _type: read.append(content) or "")
    body = rosa().get(at(back)).content.decode()
    assert read == [
        bytes(one.content) for one in Document.objects.filter(pk__in=[front.pk, back.pk]).order_by("-kind")
    ]
    assert "Nothing could be read on this card" in body


def test_a_machine_without_the_program_says_so_and_the_clerk_types(office: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(printed_words, "program", lambda: "")
    card = carded()
    answer = rosa().get(at(filed(card)))
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "Cards are not read on this machine" in body
    assert reverse("coverage:coverage-edit", args=[card.pk]) in body


def test_a_new_plan_is_entered_from_the_card_by_the_person_who_looked(office: Any, says: Any) -> None:
    plan, browser, who = standard(), rosa(), make.patient()
    paper = documents.file_document(
        cast.rosa(office.pk), patient_id=who.pk, kind="card_front", title="front", content=PNG
    )
    page = browser.get(at(paper)).content.decode()
    add = reverse("coverage:coverage-add", args=[who.pk])
    assert f"{add}?card={paper.pk}" in page
    form = browser.get(f"{add}?card={paper.pk}").content.decode()
    assert 'value="BPX123456789"' in form
    assert f'value="{plan.payer.name}: {plan.name}"' in form
    assert "Line: Member ID: BPX123456789" in form
    assert not Coverage.objects.exists()


def test_another_patients_card_is_not_found_nor_another_kind_of_paper(office: Any, says: Any) -> None:
    card, browser = carded(), rosa()
    paper = filed(card)
    other = make.patient("Roe", "Jane")
    assert browser.get(reverse("coverage:card-beside", args=[other.pk, paper.pk])).status_code == 404
    assert browser.get(at(filed(card, "referral"))).status_code == 404
    documents.strike_paper(cast.rosa(office.pk), document_id=paper.pk)
    assert browser.get(at(paper)).status_code == 404


def test_what_was_read_stands_in_no_log_and_not_in_the_diary_of_the_look(
    office: Any, says: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser, card = rosa(), carded()
    browser.get(at(filed(card)))
    assert "BPX123456789" not in caplog.text
    assert "BPX123456789" not in str(AuditLine.objects.get(action="coverage.card.read").details)


def test_there_is_nothing_to_put_back_where_nothing_was_taken_over(office: Any, says: Any) -> None:
    with pytest.raises(commands.CoverageIsUnknown):
        commands.put_card_back(cast.rosa(office.pk), coverage_id=carded().pk, version=1)


@needs_tesseract
def test_a_picture_of_a_card_is_read_to_its_fields(office: Any) -> None:
    card = carded()
    body = rosa().get(at(filed(card, content=card_picture(SAYS)))).content.decode()
    assert "Take over: BPX123456789" in body
    assert "Take over: 778812" in body
    assert "$40" in body
