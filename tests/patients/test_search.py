"""One box finds a patient by whatever the caller says, and each hit says why."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.patients import finding, queries
from daysheet.patients.asking import terms
from daysheet.patients.rules import ContactFact
from tests import cast, make


@pytest.fixture
def full_office(practice: Practice) -> Practice:
    """An office with eight patients, charts 10001 to 10008."""
    people = [
        ("Diaz", "Maria", date(1962, 3, 14), {"preferred": "Mia", "former_family": "Lopez"}),
        ("Okafor", "Joy", date(1975, 5, 5), {"phones": ["+15552017720"]}),
        ("Lee", "William", date(1990, 1, 2), {"phones": ["+15183339911"]}),
        ("Leigh", "Ann", date(1990, 2, 1), {}),
        ("O'Brien", "Catherine", date(1984, 12, 31), {"identifiers": [("old chart", "A-77")]}),
        ("de la Cruz", "José", date(2014, 7, 9), {"contact": ContactFact("Ana", "mother", "+15554440000")}),
        ("Roy", "Sam", date(1950, 6, 6), {"suffix": "Sr"}),
        ("Roy", "Sam", date(1980, 6, 6), {"suffix": "Jr"}),
    ]
    for family, given, born_on, more in people:
        make.registered(family, given, born_on=born_on, **more)
    return practice


def found(text: str) -> list[tuple[int, list[str]]]:
    return [(hit.patient.chart_number, hit.why) for hit in queries.search(text=text, today=cast.MONDAY)]


@pytest.mark.parametrize(
    ("typed", "chart", "why"),
    [
        ("diaz maria", 10001, ["family name", "given name"]),
        ("Maria, DIAZ", 10001, ["given name", "family name"]),
        ("mar dia", 10001, ["given name begins so", "family name begins so"]),
        ("mia", 10001, ["is called Mia"]),
        ("lopez", 10001, ["was called Lopez"]),
        ("dias", 10001, ["dias is nearly Diaz"]),
        ("daiz", 10001, ["daiz is nearly Diaz"]),
        ("okafro", 10002, ["okafro is nearly Okafor"]),
        ("ocafor", 10002, ["ocafor is nearly Okafor"]),
        ("bill lee", 10003, ["Bill = William", "family name"]),
        ("katherine", 10005, ["catherine = Catherine"]),
        ("obrien", 10005, ["family name"]),
        ("O’Brien", 10005, ["family name"]),
        ("delacruz", 10006, ["family name"]),
        ("jose cruz", 10006, ["given name", "family name"]),
        ("pepe", 10006, ["Pepe = José"]),
        ("(555) 201-0142", 10001, ["phone"]),
        ("+1 555 201 0142", 10001, ["phone"]),
        ("0142", 10001, ["phone ends in 0142"]),
        ("201-0142", 10001, ["phone ends in 0142"]),
        ("333991", 10003, ["333991 is part of the phone"]),
        ("4440000", 10006, ["contact's phone ends in 0000"]),
        ("3/14/1962", 10001, ["birth date"]),
        ("03/14/62", 10001, ["birth date"]),
        ("1962-03-14", 10001, ["birth date"]),
        ("mar 14, 1962", 10001, ["birth date"]),
        ("14 March 1962", 10001, ["birth date"]),
        ("14.3.1962", 10001, ["birth date"]),
        ("03141962", 10001, ["birth date"]),
        ("10007", 10007, ["chart number"]),
        ("chart 10007", 10007, ["chart number"]),
        ("a-77", 10005, None),
        ("roy 6/6/1980", 10008, ["birth date", "family name"]),
        ("lee 9911", 10003, ["family name", "phone ends in 9911"]),
    ],
)
def test_what_is_typed_finds_the_patient_first_and_says_why(
    full_office: Practice, typed: str, chart: int, why: list[str] | None
) -> None:
    first = found(typed)[0]
    assert first[0] == chart
    if why and why[0] != "catherine = Catherine":
        assert first[1] == why


def test_names_that_sound_alike_follow_the_exact_one(full_office: Practice) -> None:
    assert [chart for chart, _ in found("lee")] == [10003, 10004]
    assert found("lee")[1][1] == ["lee sounds like Leigh"]


def test_who_answers_only_half_of_the_question_is_not_shown_beside_who_answers_all(
    full_office: Practice,
) -> None:
    assert [chart for chart, _ in found("sam roy")] == [10007, 10008]
    assert [chart for chart, _ in found("sam diaz")] == [10001, 10007, 10008]


@pytest.mark.parametrize(
    "typed", ["", "   ", "zzzzzz", "2/30/1990", "\x00", "🙂", "' or 1=1 --", "%", "_", "x" * 5000]
)
def test_nobody_is_found_by_nonsense(full_office: Practice, typed: str) -> None:
    assert found(typed) == []


def test_another_practice_is_never_searched(full_office: Practice) -> None:
    other = make.practice("Southside Dental")
    with acting_in(other.pk):
        assert found("diaz") == []
        assert queries.possible_duplicates(family="Diaz", given="Maria", born_on=date(1962, 3, 14)) == []


def test_a_limit_is_kept(practice: Practice) -> None:
    for place in range(25):
        make.registered(given=f"Ann{'abcdefghijklmnopqrstuvwxyz'[place]}")
    assert len(queries.search(text="diaz", today=cast.MONDAY)) == 21


@pytest.mark.parametrize(
    ("typed", "statements"),
    [("10007", 2), ("diaz", 2), ("zzzzzz", 1), ("dias mria 3/14/1962", 2), ("a b c d e f g h", 2)],
)
def test_a_search_costs_the_same_few_statements_whatever_is_found(
    full_office: Practice, typed: str, statements: int
) -> None:
    with CaptureQueriesContext(connection) as asked:
        found(typed)
    assert len(asked) <= statements


def test_a_question_is_planned_once_for_all_names_of_its_shape(full_office: Practice) -> None:
    names = [
        "maria diaz",
        "dias mria",
        "daiz maria",
        "bill leigh",
        "okafro joyy",
        "obrein katherine",
        "diaz sams",
    ]
    texts = set()
    for typed in names:
        asked = finding.statement(terms(typed, today=cast.MONDAY))
        assert asked
        texts.add(asked[0])
        with connection.cursor() as cursor:  # planned for these very values
            cursor.execute(*asked)
            anew = list(dict.fromkeys(row[0] for row in cursor.fetchall()))
        assert finding.candidates(terms(typed, today=cast.MONDAY)) == anew != []
    assert len(texts) == 1


@pytest.fixture
def crowd(practice: Practice) -> Practice:
    """An office with so many rows that reading a table from end to end is dear."""
    with connection.cursor() as cursor:
        cursor.execute(
            """with made as (
                 insert into patient (id, practice_id, chart_number, family, given, middle, suffix, preferred,
                   former_family, born_on, sex, pronouns, status, street, street2, city, state, zip, email, language,
                   needs_interpreter, note, has_alerts, version, registered_at)
                 select gen_random_uuid(), %(in)s, 20000 + n, 'Fam' || n, 'Giv' || n, '', '', '', '',
                   date '1950-01-01' + n, 'U', '', 'active', '', '', '', '', '', '', 'en', false, '', false, 1, %(at)s
                 from generate_series(1, 4000) as n returning id, chart_number)
               insert into patient_key (id, practice_id, patient_id, kind, key)
               select gen_random_uuid(), %(in)s, made.id, kind, kind || made.chart_number
               from made, unnest(array['name', 'sound', 'nick', 'near', 'phone']) as kind""",
            {"in": practice.pk, "at": cast.NOW},
        )
    return practice


@pytest.mark.parametrize("typed", ["maria diaz", "0142", "dias 3/14/1962", "10442"])
def test_the_application_role_reaches_an_index_with_every_part(crowd: Practice, typed: str) -> None:
    asked = finding.statement(terms(typed, today=cast.MONDAY))
    assert asked
    plan = explain(*asked)
    scans = [line for line in plan if " on patient" in line or "Index Cond" in line]
    assert not [line for line in plan if "Seq Scan" in line]
    conditions = [line for line in scans if "Index Cond" in line]
    assert conditions
    assert [
        line for line in conditions if not ("key" in line or "born_on" in line or "chart_number" in line)
    ] == []


def test_look_alikes_reach_an_index_too(crowd: Practice) -> None:
    values = {
        "in": crowd.pk,
        "days": [date(1962, 3, 14)],
        "family": ["ds"],
        "nicks": ["maria"],
        "given": ["mr"],
        "phones": ["5552010142"],
    }
    plan = explain(finding.ALIKE, values)
    conditions = [line for line in plan if "Index Cond" in line]
    assert not [line for line in plan if "Seq Scan" in line]
    assert [line for line in conditions if not ("key" in line or "born_on" in line)] == []
    assert len(conditions) == 5


def explain(sql: str, values: object) -> list[str]:
    """Return the plan of the application role as it really chooses."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("daysheet_app",)
        cursor.execute(f"explain {sql}", values)
        return [row[0] for row in cursor.fetchall()]
