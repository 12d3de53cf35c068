"""The questions that a desk asks all day long reach an index, and their number does not grow with the rows."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.pg.base import _Planned
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import queries as books
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.phones import queries as calls
from daysheet.schedule import queries as book
from daysheet.site.bench import money
from daysheet.site.bench.filling import fill
from daysheet.site.bench.furnishing import furnish
from daysheet.site.bench.inside import opened, signed_in
from daysheet.site.bench.plan import NOW, TODAY, Size
from daysheet.site.bench.subjects import Subjects, phone_of, subjects
from daysheet.site.bench.timing import counting
from tests.throwaway import Throwaway

SMALL = Size(patients=12_000, clinicians=10, appointments=20_000, closed_days=12, busy_rows=50)
"""So many patients that no plan reads them all for the visits of one day."""
BIG_TABLES = re.compile(
    r"Seq Scan on (patient|appointment|patient_key|ledger_line|ledger_entry|visit|phone_call)\b"
)
MANY_CALLS = """
insert into phone_call (id, practice_id, number, direction, dialed, back_to, phone, state, began_at, ended_at, due_at,
  patient_id, identified_at, identified_by, identified_with, misses, caller_name, relation, outcome, note,
  source_of_due, tries, line_id, version)
select gen_random_uuid(), %(practice)s, n, 'in', '', '', '+1413555' || lpad((n %% 7000)::text, 4, '0'),
  case when n %% 1000 = 0 then 'waiting' when n %% 1999 = 0 then 'voicemail' when n = 7 then 'ringing' else 'done' end,
  %(now)s - n * interval '4 minutes', %(now)s - n * interval '4 minutes', %(now)s,
  case when n %% 900 = 1 then %(patient)s::uuid end, case when n %% 900 = 1 then %(now)s end, '', '', 0,
  'Caller ' || n, '', 'answered', '', '', 0, '', 1
from generate_series(1, 20000) n"""
NOT_EXPLAINED = re.compile(
    r"^\s*(savepoint|release|rollback|set|select (set_config|pg_notify|pg_advisory))", re.I
)


@pytest.fixture
def who(transactional_db: None, test_database: Throwaway, settings: Any) -> Subjects:
    """A small practice of the bench, with statistics, as a database that has lived a while has them."""
    # As outside of tests: without the name that Django's own browser brings along.
    settings.ALLOWED_HOSTS = ["localhost"]
    fill(test_database.server.dsn("postgres"), furnish(SMALL), SMALL, lambda done, of: None)
    found = subjects(SMALL)
    with psycopg.connect(test_database.server.dsn("postgres"), autocommit=True) as link:
        link.execute(MANY_CALLS, {"practice": found.practice.pk, "now": NOW, "patient": found.patients[3].id})
        link.execute("analyze phone_call")
    return found


@contextmanager
def explained() -> Iterator[list[str]]:
    """Collect, for every statement that the block asks, where it reads a large table from end to end."""
    found: list[str] = []

    def hear(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, values, many, context)
        if not NOT_EXPLAINED.match(sql):
            # A cursor of its own: the statement's answer is still to be read.
            with context["connection"].connection.cursor() as beside:
                kept = _kept(context["cursor"], beside)
                beside.execute(f"explain {kept or sql}", None if kept else values)
                plan = "\n".join(row[0] for row in beside.fetchall())
            found.extend(f"{sql[:160]}\n{plan}" for _ in BIG_TABLES.finditer(plan))
        return answer

    with connection.execute_wrapper(hear):
        yield found


def _kept(cursor: Any, beside: Any) -> str:
    """Return how the plan that the server keeps for the cursor's statement is asked for; empty when it keeps none."""
    inner = cursor.cursor
    if not isinstance(inner, _Planned):
        return ""
    text = inner._query.query.decode()
    beside.execute(
        "select name, cardinality(parameter_types) from pg_prepared_statements where statement = %s", [text]
    )
    name, values = beside.fetchone()
    return f"execute {name}" + (f"({', '.join(['null'] * values)})" if values else "")


def questions(who: Subjects) -> dict[str, Callable[[], object]]:
    """Return the hot questions by name."""
    one = who.patients[3]
    sixty = TODAY + timedelta(days=60)
    desk = signed_in(who, "receptionist")
    manager = signed_in(who, "office_manager")

    def asked(text: str) -> Callable[[], object]:
        return lambda: patients.search(text=text, today=TODAY)

    def slots(kind: str) -> Callable[[], object]:
        return lambda: book.open_slots(
            type_id=who.kinds[kind],
            provider_ids=None,
            location_id=None,
            first_day=TODAY,
            last_day=sixty,
            now=NOW,
        )

    return {
        "search by phone": asked(phone_of(one)),
        "search by a part of a phone": asked(phone_of(one)[-4:]),
        "search by name": asked(f"{one.family} {one.given}"),
        "search by parts of a name": asked(f"{one.family[:4]} {one.given[:3]}"),
        "search with a typo": asked(f"{one.family[1:]} {one.given}"),
        "search by birth date": asked(f"{one.born_on:%m/%d/%Y}"),
        "search by chart number": asked(str(one.chart_number)),
        "possible duplicates": lambda: patients.possible_duplicates(
            family=one.family, given=one.given, born_on=one.born_on
        ),
        "open slots": slots("Follow-up"),
        "open slots where none is": slots("Procedure"),
        "a patient's appointments": lambda: list(book.of_patient(one.id, since=NOW)),
        "day sheet": lambda: (
            books.day_figures(money.sheet_day(SMALL)),
            list(books.day_lines(money.sheet_day(SMALL))),
        ),
        "page of a clinician's day": lambda: opened(desk, f"/schedule/{TODAY}/?provider={who.clinician.id}"),
        "page of the day": lambda: opened(desk, f"/schedule/{TODAY}/"),
        "page of a clinician's week": lambda: opened(
            desk, f"/schedule/{TODAY}/week/?provider={who.clinician.id}"
        ),
        "page of the agenda": lambda: opened(desk, f"/schedule/{TODAY}/agenda/?provider={who.clinician.id}"),
        "page of a month": lambda: opened(desk, f"/schedule/{TODAY}/month/"),
        "day board": lambda: opened(desk, "/desk/"),
        "patient's page": lambda: opened(desk, f"/patients/{one.id}/"),
        "phone desk": lambda: opened(desk, "/phones/"),
        "phones on every page": lambda: opened(desk, "/phones/panel/"),
        "call log of a day": lambda: opened(desk, f"/phones/log/?first={TODAY}&last={TODAY}"),
        "calls about a patient": lambda: calls.of_patient(one.id),
        "calls of a number": lambda: calls.found("(413) 555-0042", today=TODAY, since=NOW - timedelta(90)),
        "calls by the end of a number": lambda: calls.found("0042", today=TODAY, since=NOW - timedelta(90)),
        "calls by a name": lambda: calls.found("Caller 42", today=TODAY, since=NOW - timedelta(2)),
        "page to book": lambda: opened(desk, f"/schedule/book/{one.id}/"),
        "page of a day sheet": lambda: opened(manager, f"/reports/day/{money.sheet_day(SMALL)}/"),
    }


def test_no_hot_question_reads_a_large_table_from_end_to_end(who: Subjects) -> None:
    wrong = {}
    for name, ask in questions(who).items():
        with acting_in(who.practice.pk), transaction.atomic(), explained() as found:
            ask()
        if found:
            wrong[name] = found
    assert wrong == {}


def test_a_question_that_no_index_answers_is_noticed(who: Subjects) -> None:
    with acting_in(who.practice.pk), transaction.atomic(), explained() as found:
        list(Patient.objects.filter(street__contains="7 Main"))
    assert len(found) == 1


def test_the_number_of_questions_does_not_grow_with_the_rows(who: Subjects, test_database: Throwaway) -> None:
    desk, manager = signed_in(who, "receptionist"), signed_in(who, "office_manager")
    pages = {
        "a clinician's day": (desk, f"/schedule/{TODAY}/?provider={who.clinician.id}"),
        "day board": (desk, "/desk/"),
        "patient's page": (desk, f"/patients/{who.patients[3].id}/"),
        "day sheet": (manager, f"/reports/day/{money.sheet_day(SMALL)}/"),
    }

    def counts() -> dict[str, int]:
        found = {}
        for name, (browser, address) in pages.items():
            with CaptureQueriesContext(connection) as heard:
                opened(browser, address)
            found[name] = len(heard)
        return found

    counts()  # the first page of a process asks more
    with_fifty = counts()
    assert len(desk.get("/desk/").content) < 74_000  # a board of fifty rows, frame and all
    with psycopg.connect(test_database.server.dsn("postgres"), autocommit=True) as link:
        link.execute("set session_replication_role = replica")
        few = """delete from appointment where on_day = %s and provider_id = %s and id not in
                 (select id from appointment where on_day = %s and provider_id = %s order by starts_at limit 5)"""
        link.execute(few, [TODAY, who.clinician.id] * 2)
        one_of_each = """delete from ledger_line where posted_on = %s and entry_id not in
                         (select distinct on (kind) id from ledger_entry where posted_on = %s order by kind, id)"""
        link.execute(one_of_each, [money.sheet_day(SMALL)] * 2)
    assert counts() == with_fifty
    assert with_fifty["a clinician's day"] <= 8
    assert with_fifty["day board"] <= 9


def test_a_search_asks_as_often_for_one_hit_as_for_twenty(who: Subjects) -> None:
    def asked(text: str) -> tuple[int, int]:
        with acting_in(who.practice.pk), transaction.atomic(), counting() as heard:
            hits = patients.search(text=text, today=TODAY)
        return len(heard), len(hits)

    diaz = who.patients[3]
    few, one = asked(f"{diaz.family} {diaz.given} {diaz.born_on:%m/%d/%Y}")
    many, twenty = asked("grace")
    assert (one, twenty) == (1, 21)
    assert many == few == 2  # where hits are few, the same statement reads near spellings too


def test_the_plan_puts_nobody_in_two_places_and_no_clinician_before_two_patients() -> None:
    taken: set[tuple[str, int, object, int]] = set()
    for one in Size(patients=600, clinicians=10, appointments=4_000).promises():
        keys = {
            ("clinician", one.clinician, one.day, one.minute),
            ("patient", one.patient, one.day, one.minute),
        }
        assert not keys & taken
        taken |= keys
