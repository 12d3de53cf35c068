"""The screens of patients as a browser sees them, with and without script."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.kernel.models import AuditLine, Practice
from daysheet.patients.models import Patient, PatientChange
from daysheet.patients.rules import ContactFact
from tests import make
from tests.desk import hidden_fields, signed_in

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def desk(practice: Practice) -> Client:
    """Rosa's browser at the front desk."""
    return signed_in(make.member())


def filled(**typed: str) -> dict[str, str]:
    """Return a front sheet as a browser sends it."""
    sheet = {
        "family": "Okafor", "given": "Joy", "born_on_0": "5", "born_on_1": "5", "born_on_2": "1975", "sex": "F",
        "language": "en", "phone": "(555) 201-7720", "phone_kind": "mobile", "phone_may_text": "on",
    }  # fmt: skip
    return sheet | typed


def seen(action: str) -> list[Any]:
    """Return whom the lines of an action name, in order."""
    return [set(line.patient_ids) for line in AuditLine.objects.filter(action=action).order_by("at", "id")]


def said(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_empty_search_shows_nobody_and_writes_no_line(desk: Client) -> None:
    answer = desk.get(reverse("patients:search"))
    assert answer.status_code == 200
    assert "Type what the person says." in said(answer)
    assert seen("patients.search.answered") == []


def test_a_search_by_post_says_why_and_names_its_hits_in_the_diary(desk: Client) -> None:
    diaz = make.registered(preferred="Mia")
    answer = desk.post(reverse("patients:search"), {"q": "mia dias"})
    body = said(answer)
    assert (answer.status_code, "<!doctype html>" in body) == (200, True)
    assert "is called Mia, dias is nearly Diaz" in body
    assert seen("patients.search.answered") == [{diaz.pk}]
    assert "mia" not in reverse("patients:search")


def test_htmx_gets_the_hits_alone(desk: Client) -> None:
    make.registered()
    body = said(desk.post(reverse("patients:search"), {"q": "diaz"}, **HTMX))
    assert body.startswith('<div id="hits">')


def test_the_box_on_top_offers_links_to_charts(desk: Client) -> None:
    diaz = make.registered()
    body = said(desk.post(reverse("patients:palette"), {"q": "10001"}, **HTMX))
    assert f'data-url="/patients/{diaz.pk}/"' in body
    assert "chart number" in body
    assert seen("patients.search.answered") == [{diaz.pk}]


def test_who_fits_only_a_part_of_what_was_typed_is_never_what_enter_opens(desk: Client) -> None:
    make.registered("Umber", "Ada")
    part = said(desk.post(reverse("patients:palette"), {"q": "ida zinnober"}))
    assert ("Nobody fits all of it." in part, " data-part>" in part) == (True, True)
    whole = said(desk.post(reverse("patients:palette"), {"q": "ida umber"}))
    assert ("Nobody fits all of it." in whole, " data-part>" in whole) == (False, False)
    page = said(desk.post(reverse("patients:search"), {"q": "ida zinnober"}))
    assert "Nobody fits all that was typed." in page
    assert "ida sounds like Ada" in page


def boxed(desk: Client, text: str) -> str:
    return said(desk.post(reverse("patients:palette"), {"q": text}, **HTMX))


def opened_by_enter(body: str) -> list[str]:
    """Return the address that Enter opens: that of the first option that fits wholly."""
    return re.findall(r'data-url="([^"]*)"[^>]*aria-selected="false">', body)[:1]


def test_the_box_on_top_opens_a_page_that_is_named_wholly(desk: Client) -> None:
    make.registered()
    body = boxed(desk, "waitlist")
    assert opened_by_enter(body) == [reverse("schedule:waitlist")]
    assert opened_by_enter(boxed(desk, "new call")) == [reverse("phones:call-new")]
    begun = boxed(desk, "waitl")
    assert (reverse("schedule:waitlist") in begun, opened_by_enter(begun)) == (True, [])
    assert reverse("movein:files") not in boxed(desk, "import")


def test_an_act_with_a_patient_opens_that_patients_page_of_it(desk: Client) -> None:
    diaz = make.registered(preferred="Mia")
    for text, route in (
        ("book mia diaz", "schedule:appointment-book"), ("call diaz", "phones:patient-panel"),
        ("pay 10001", "ledger:payment-take"), ("walk-in mia diaz", "frontdesk:walk-in"),
        ("check in mia diaz", "frontdesk:patient-check-in"),
    ):  # fmt: skip
        body = boxed(desk, text)
        assert opened_by_enter(body) == [reverse(route, args=[diaz.pk])], text
    assert seen("patients.search.answered") == [{diaz.pk}] * 5
    part = boxed(desk, "book mia zinnober")
    assert (reverse("schedule:appointment-book", args=[diaz.pk]) in part, opened_by_enter(part)) == (True, [])
    whole = said(desk.post(reverse("patients:search"), {"q": "book mia diaz"}))
    assert reverse("schedule:appointment-book", args=[diaz.pk]) in whole


def test_enter_opens_neither_act_nor_patient_where_both_fit(desk: Client) -> None:
    named = make.registered("Book", "Anna")
    other = make.registered("Umber", "Anna")
    body = boxed(desk, "book anna")
    assert reverse("patients:patient-page", args=[named.pk]) in body
    assert reverse("schedule:appointment-book", args=[other.pk]) in body
    assert opened_by_enter(body) == []
    make.registered("Board", "Ida")
    body = boxed(desk, "board")
    assert (reverse("frontdesk:board") in body, "BOARD, Ida" in body, opened_by_enter(body)) == (
        True,
        True,
        [],
    )


def test_a_page_that_begins_so_stands_above_who_only_sounds_so(desk: Client) -> None:
    who = make.registered("Whitlow", "Anna")
    chart = reverse("patients:patient-page", args=[who.pk])
    body = boxed(desk, "waitl")
    assert "waitl sounds like Whitlow" in body
    assert 0 < body.index(reverse("schedule:waitlist")) < body.index(chart)
    assert opened_by_enter(body) == []
    named = make.registered("Waitley", "Anna")
    body = boxed(desk, "waitl")
    assert body.index(reverse("patients:patient-page", args=[named.pk])) < body.index(
        reverse("schedule:waitlist")
    )


def test_pages_cost_the_box_no_statement(desk: Client) -> None:
    make.registered()
    counts = []
    for text in ("diaz", "diary", "zinnober", "waitlist"):
        boxed(desk, text)
        with CaptureQueriesContext(connection) as ran:
            boxed(desk, text)
        counts.append(len(ran))
    assert counts[1] <= counts[0]
    assert counts[3] <= counts[0]
    assert counts[2] <= counts[0]


def test_more_than_twenty_hits_ask_for_more_words(desk: Client) -> None:
    for place in range(21):
        make.registered(given=f"Ann{chr(97 + place)}")
    body = said(desk.post(reverse("patients:search"), {"q": "diaz"}))
    assert "More than 20 fit." in body
    assert body.count("<tr data-row>") == 20


def test_nobody_found_offers_a_new_patient_with_what_was_typed(desk: Client) -> None:
    body = said(desk.post(reverse("patients:search"), {"q": "joy okafor 5/5/1975"}))
    assert "Nobody fits." in body
    assert "Add new patient with what I typed" in body
    sheet = said(desk.post(reverse("patients:patient-new"), {"q": "joy okafor 5/5/1975 555 201 7720"}))
    for part in ('value="Okafor"', 'value="Joy"', 'value="05"', 'value="1975"', 'value="(555) 201-7720"'):
        assert part in sheet
    assert Patient.objects.count() == 0


def test_script_typed_into_every_field_is_shown_as_text_again(desk: Client) -> None:
    script = "<script>alert(1)</script>"
    body = said(desk.post(reverse("patients:search"), {"q": script}))
    assert script not in body
    names = (
        "family",
        "given",
        "middle",
        "preferred",
        "street",
        "city",
        "note",
        "contact_name",
        "guarantor_name",
        "pronouns",
    )
    answer = desk.post(reverse("patients:patient-new"), filled(**dict.fromkeys(names, script)))
    assert answer.status_code == 303
    page = desk.get(answer["Location"])
    assert script not in page.content.decode()
    assert page.content.decode().count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 6


def test_a_new_patient_is_saved_once_and_its_page_opens(desk: Client) -> None:
    form = desk.get(reverse("patients:patient-new")).content.decode()
    tokens = hidden_fields(form, form='<form method="post" action="/patients/new/"')
    first = desk.post(reverse("patients:patient-new"), filled() | tokens)
    again = desk.post(reverse("patients:patient-new"), filled() | tokens)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first["Location"] == again["Location"]
    okafor = Patient.objects.get()
    assert (okafor.family, okafor.born_on, okafor.phones.get().number) == (
        "Okafor",
        date(1975, 5, 5),
        "+15552017720",
    )
    assert "Joy Okafor has chart 10001." in said(desk.get(first["Location"]))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"family": ""}, "Family name is missing."),
        ({"given": "x" * 300}, "At most 120 letters."),
        ({"born_on_0": "2", "born_on_1": "30"}, "That month has no such day. Check the day and the month."),
        ({"born_on_2": "2099"}, "A birth date cannot be in the future. Check the year."),
        ({"born_on_2": "75"}, "Which century? Write the year with four digits, such as 1962."),
        ({"phone": "12"}, "That number has too many or too few digits."),
        ({"email": "joy"}, "Write an e-mail address such as name@example.org."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    desk: Client, typed: dict[str, str], sentence: str
) -> None:
    answer = desk.post(reverse("patients:patient-new"), filled(street="7 Elm St") | typed)
    body = said(answer)
    assert answer.status_code in {409, 422}
    assert sentence in body
    assert 'value="7 Elm St"' in body
    assert Patient.objects.count() == 0


def test_a_likely_double_is_shown_with_reasons_and_needs_a_reason_to_go_on(desk: Client) -> None:
    diaz = make.registered()
    sheet = filled(
        family="Diaz", given="Mia", born_on_0="3", born_on_1="14", born_on_2="1962", phone="(555) 201-0142"
    )
    answer = desk.post(reverse("patients:patient-new"), sheet)
    body = said(answer)
    assert answer.status_code == 409
    assert "Compare first: this may be the same person. Nothing is saved yet." in body
    assert "same birth date, same family name" in body
    assert "same phone" in body
    assert seen("patients.look-alikes.shown") == [{diaz.pk}]
    assert desk.post(reverse("patients:patient-new"), sheet | {"compared": "1"}).status_code == 409
    assert Patient.objects.count() == 1
    because = {"compared": "1", "different_because": "Different person, seen ID"}
    assert desk.post(reverse("patients:patient-new"), sheet | because).status_code == 303
    assert Patient.objects.count() == 2


def test_a_perhaps_is_shown_once_and_then_goes_on_without_a_reason(desk: Client) -> None:
    make.registered()
    sheet = filled(
        family="Diaz", given="Luis", born_on_0="3", born_on_1="14", born_on_2="1962", phone="(555) 201-0142"
    )
    first = desk.post(reverse("patients:patient-new"), sheet)
    assert (first.status_code, "may be a twin: another given name" in said(first)) == (409, True)
    assert desk.post(reverse("patients:patient-new"), sheet | {"compared": "1"}).status_code == 303


def test_look_alikes_come_while_the_sheet_is_filled_in(desk: Client) -> None:
    make.registered()
    body = said(
        desk.post(
            reverse("patients:patient-alike"), {"family": "diaz", "given": "maria", "born_on_0": "3"}, **HTMX
        )
    )
    assert body.startswith('<div id="alike"')
    assert "Perhaps" in body


def test_a_patient_page_shows_who_and_writes_one_line(desk: Client) -> None:
    diaz = make.registered(
        contact=ContactFact("Luis Diaz", "spouse", "+15552010144"),
        needs_interpreter=True,
        language="es",
        pronouns="she/her",
    )
    body = said(desk.get(reverse("patients:patient-page", args=[diaz.pk])))
    for part in (
        "DIAZ",
        "Maria",
        "Mar 14, 1962",
        "10001",
        "(555) 201-0142",
        "Luis Diaz",
        "Spanish",
        "Interpreter",
        "she/her",
    ):
        assert part in body
    assert "<title>MD 10001 - Patient" in body
    assert seen("patients.chart.viewed") == [{diaz.pk}]


def test_a_receptionist_sees_no_chart_abstract_and_a_clinician_no_edit(desk: Client) -> None:
    diaz = make.registered()
    assert "Chart abstract" not in said(desk.get(reverse("patients:patient-page", args=[diaz.pk])))
    lee = signed_in(make.member("clinician", "lee"))
    body = said(lee.get(reverse("patients:patient-page", args=[diaz.pk])))
    assert "Chart abstract" in body
    assert reverse("patients:patient-edit", args=[diaz.pk]) not in body
    assert lee.get(reverse("patients:patient-edit", args=[diaz.pk])).status_code == 403
    assert lee.post(reverse("patients:patient-new"), filled()).status_code == 403
    assert Patient.objects.count() == 1


def test_the_page_costs_the_same_statements_with_much_or_little_on_it(desk: Client) -> None:
    bare = make.registered("Roy", "Sam")
    rich = make.registered(contact=ContactFact("Luis Diaz"), phones=["+15552010142", "+15552010143"])
    counts = []
    for one in (bare, rich):
        desk.get(reverse("patients:patient-page", args=[one.pk]))
        with CaptureQueriesContext(connection) as asked:
            desk.get(reverse("patients:patient-page", args=[one.pk]))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 24


def edit_tokens(desk: Client, patient: Patient) -> dict[str, str]:
    address = reverse("patients:patient-edit", args=[patient.pk])
    return hidden_fields(desk.get(address).content.decode(), form=f'<form method="post" action="{address}"')


def test_a_change_is_saved_with_its_old_value(desk: Client) -> None:
    diaz = make.registered()
    tokens = edit_tokens(desk, diaz)
    sheet = (
        filled(family="Diaz-Lopez", given="Maria", born_on_0="3", born_on_1="14", born_on_2="1962") | tokens
    )
    answer = desk.post(reverse("patients:patient-edit", args=[diaz.pk]), sheet)
    assert answer.status_code == 303
    diaz.refresh_from_db()
    assert (diaz.family, diaz.version) == ("Diaz-Lopez", 2)
    assert PatientChange.objects.get().fields == {
        "family": ["Diaz", "Diaz-Lopez"],
        "sex": ["U", "F"],
        "phones": ["+15552010142 mobile", "+15552017720 mobile text"],
    }
    body = said(desk.get(reverse("patients:patient-changes", args=[diaz.pk])))
    assert "Diaz-Lopez" in body
    assert "Rosa" in body
    hits = said(desk.post(reverse("patients:search"), {"q": "lopez"}))
    assert "DIAZ-LOPEZ" in hits


def test_a_stale_form_shows_both_values_and_saves_nothing(desk: Client) -> None:
    diaz = make.registered(street="1 Oak St")
    tokens = edit_tokens(desk, diaz)
    ana = signed_in(make.member("office_manager", "ana"))
    sheet = filled(
        family="Diaz", given="Maria", born_on_0="3", born_on_1="14", born_on_2="1962", phone="(555) 201-0142"
    )
    address = reverse("patients:patient-edit", args=[diaz.pk])
    assert ana.post(address, sheet | edit_tokens(ana, diaz) | {"street": "2 Elm St"}).status_code == 303
    answer = desk.post(address, sheet | tokens | {"street": "3 Ash St"})
    body = said(answer)
    assert answer.status_code == 409
    assert "Ana changed this patient while your form was open." in body
    assert '<td data-label="The chart now says">2 Elm St</td>' in body
    assert '<td data-label="You typed">3 Ash St</td>' in body
    diaz.refresh_from_db()
    assert diaz.street == "2 Elm St"
    mended = hidden_fields(answer.content.decode(), form=f'<form method="post" action="{address}"')
    assert desk.post(address, sheet | mended | {"street": "3 Ash St"}).status_code == 303
    diaz.refresh_from_db()
    assert diaz.street == "3 Ash St"


def test_a_form_of_another_patient_is_refused(desk: Client) -> None:
    diaz, roy = make.registered(), make.registered("Roy", "Sam")
    sheet = filled(family="Roy", given="Sam") | edit_tokens(desk, roy)
    answer = desk.post(reverse("patients:patient-edit", args=[diaz.pk]), sheet)
    assert (answer.status_code, "This form was opened for another patient." in said(answer)) == (409, True)
    diaz.refresh_from_db()
    assert diaz.family == "Diaz"


def test_a_death_is_written_down_and_the_banner_says_so(desk: Client) -> None:
    diaz = make.registered()
    address = reverse("patients:patient-status", args=[diaz.pk])
    tokens = hidden_fields(desk.get(address).content.decode(), form=f'<form method="post" action="{address}"')
    assert desk.post(address, tokens | {"status": "deceased", "deceased_on": "1/2/1950"}).status_code == 409
    assert desk.post(address, tokens | {"status": "deceased", "deceased_on": "1/2/2020"}).status_code == 303
    assert "Deceased" in said(desk.get(reverse("patients:patient-page", args=[diaz.pk])))


def test_a_caller_who_says_two_true_things_matches_and_the_page_never_shows_the_answer(desk: Client) -> None:
    diaz = make.registered(street="12 Elm St", city="Albany", zip="12207")
    address = reverse("patients:identity-check", args=[diaz.pk])
    asked = said(desk.get(address))
    assert "1962" not in asked.replace("such as 3 14 1962", "")
    assert "Elm" not in asked
    right = {"name": "maria diaz", "born_on_0": "3", "born_on_1": "14", "born_on_2": "1962"}
    assert "It matches." in said(desk.post(address, right))
    assert "It matches." in said(desk.post(address, {"phone": "555 201 0142", "address": "12 Elm St Albany"}))
    for wrong in (
        right | {"born_on_1": "15"},
        right | {"name": "ana diaz"},
        {"phone": "555 201 0142", "address": "13 Elm St"},
    ):
        body = said(desk.post(address, wrong))
        assert "It does not match." in body
        assert "It matches." not in body
    assert "ask your manager" in body
    assert desk.post(address, {"name": "Maria Diaz"}).status_code == 422
    details = [
        line.details["matched"]
        for line in AuditLine.objects.filter(action="patients.identity.checked").order_by("at")
    ]
    assert details == [True, True, False, False, False]


def test_a_patient_of_another_practice_is_not_found(desk: Client, practice: Practice) -> None:
    other = make.practice("Southside Dental")
    with make.acting(other):
        theirs = make.registered()
    for name in ("patient-page", "patient-edit", "patient-changes", "identity-check", "patient-status"):
        assert desk.get(reverse(f"patients:{name}", args=[theirs.pk])).status_code == 404


def test_a_draft_is_offered_on_return_put_back_when_asked_and_gone_after_saving(desk: Client) -> None:
    address = reverse("patients:patient-new")
    kept = filled(street="7 Elm St", _page=address)
    assert desk.post(reverse("practice:draft"), kept).status_code == 200
    assert "You typed something here that is not saved." in said(desk.get(address))
    body = said(desk.get(address + "?draft=1"))
    assert 'value="7 Elm St"' in body
    assert 'name="born_on_2" value="1975"' in body
    assert desk.post(address, filled()).status_code == 303
    assert "You typed something here" not in said(desk.get(address))


def test_complaint_autofill_no_field_about_a_patient_takes_what_the_browser_remembers(desk: Client) -> None:
    diaz = make.registered()
    pages = [reverse("patients:patient-new"), reverse("patients:search")]
    for name in (
        "patients:patient-edit",
        "coverage:coverage-add",
        "ledger:payment-take",
        "schedule:appointment-book",
    ):
        pages.append(reverse(name, args=[diaz.pk]))
    for page in pages:
        boxes = re.findall(r"<input\b[^>]*>", desk.get(page).content.decode())
        typed = [one for one in boxes if re.search(r'type="(text|search|tel|email)"', one)]
        assert len(typed) > 1, page
        assert [one for one in typed if 'autocomplete="off"' not in one] == [], page
