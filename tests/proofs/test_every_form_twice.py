"""A double press of any form of the office is one act, one after the other and at the same moment."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.http import HttpResponseBase

from tests.proofs.conftest import Standing
from tests.proofs.fill import papers, plausible
from tests.proofs.forms import PageForm

APART = {"once_key", "django_session", "procrastinate_jobs", "procrastinate_events", "procrastinate_workers"}
"""What is not the office's book; what is queued is counted, but a job's own row changes as it runs."""
SOURCE = Path(__file__).resolve().parents[2] / "src" / "daysheet"
WRITES_NOTHING = {
    "patients:search": "a search goes by POST so that no name stands in an address; asking twice is no harm",
    "patients:patient-new": "from the search: carries over what was typed",
    "practice:sign-in": "no one is signed in yet",
    "practice:sign-in-demo": "no one is signed in yet",
    "practice:sign-in-passkey": "no one is signed in yet",
    "mailroom:file-look": "it reads a file and shows it: nothing is kept",
    "academy:es-plan-open": "as below, for a reader of Spanish",
    "academy:plan-open": "it reads a file and answers with an address: nothing is kept",
    "phones:log": "as for patients: a number or a name is posted",
    "schedule:feed-setting": "its answer holds a secret, so it is not kept; a new address closes the one before",
    "phones:line-secret": "its answer holds a secret, so it is not kept; a new one puts the earlier one out",
    "phones:system-keys": "its answer holds a secret, so it is not kept; new keys put the earlier ones out",
    "practice:lock": "unlocking is asked outside the office",
    "practice:lock-passkey": "as unlocking: an answer fits its challenge once",
    "practice:take-over": "as unlocking: a PIN that does not fit opens nothing",
    "practice:sign-out": "leaving twice is leaving",
}


class Book:
    """All rows of all tables, as a superuser sees them."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    def counts(self) -> dict[str, int]:
        """Return how many rows each table has."""
        return {table: count for table, (count, _) in self.told().items()}

    def told(self) -> dict[str, tuple[int, str]]:
        """Return how many rows each table has, and one figure over all that stands in them."""
        found = {}
        with psycopg.connect(self.dsn, autocommit=True) as link:
            tables = link.execute(
                "select tablename from pg_tables where schemaname = 'public' order by 1"
            ).fetchall()
            for (table,) in tables:
                if table not in APART:
                    asked = f'select count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text from "{table}" t'
                    row = link.execute(asked).fetchone()  # type: ignore[arg-type]
                    assert row
                    found[table] = (row[0], row[1])
            jobs = link.execute("select count(*) from procrastinate_jobs").fetchone()
            found["jobs"] = (jobs[0] if jobs else 0, "")
        return found


def writing(standing: Standing, role: str) -> list[tuple[str, PageForm]]:
    """Return the forms of a role that carry a key."""
    met = standing.forms(role).values()
    return [
        (page, form) for page, form in met if "_once" in form.names() and not form.address.startswith("ui:")
    ]


def said(answer: HttpResponseBase) -> tuple[int, str, bytes]:
    """Return what a person sees of an answer."""
    content = b"" if answer.streaming else answer.content  # type: ignore[attr-defined]
    return answer.status_code, answer.headers.get("Location", ""), content


@pytest.fixture
def book(standing: Standing) -> Book:
    return Book(standing.throwaway.server.dsn("postgres"))


def press_both(standing: Standing, role: str, form: PageForm, body: dict[str, Any]) -> list[Any]:
    start = Barrier(2)
    browsers = [standing.browser(role), standing.browser(role)]

    def press(browser: Any) -> Any:
        start.wait()
        try:
            return said(browser.post(form.action, body | papers(form)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as people:
        return list(people.map(press, browsers))


def one_effect(standing: Standing, book: Book, role: str, form: PageForm) -> tuple[int, list[str]]:
    """Press a form once, again, and (from the same beginning) twice at once; return its status and what differs."""
    body, faults = form.body(plausible), []
    standing.put_back()
    browser = standing.browser(role)
    first = said(browser.post(form.action, body | papers(form)))
    after = book.told()
    second = said(browser.post(form.action, body | papers(form)))
    if first[0] >= 400:
        return first[0], []  # refused: nothing was done, and nothing is kept
    changed = [table for table, row in book.told().items() if row != after[table]]
    faults += [f"again: {changed}"] if changed else []
    faults += [] if first == second else [f"again: answered {second[:2]}, first {first[:2]}"]
    standing.put_back()
    left, right = press_both(standing, role, form, body)
    counts = book.counts()
    told = {name: (count, counts[name]) for name, (count, _) in after.items()}
    uneven = {name: pair for name, pair in told.items() if pair[0] != pair[1] and name != "desk_session"}
    faults += [f"at once: {uneven}"] if uneven else []
    faults += [] if left == right else [f"at once: answered {left[:2]} and {right[:2]}"]
    return first[0], faults


@pytest.mark.parametrize("role", ["office_manager", "insurance_clerk"])
@pytest.mark.parametrize("share", [8, pytest.param(1, marks=pytest.mark.nightly)])
def test_a_form_pressed_twice_acts_once(standing: Standing, book: Book, role: str, share: int) -> None:
    faults, refused = [], set()
    forms = writing(standing, role)
    for page, form in forms[:: share if len(forms) > share else 1]:
        status, wrong = one_effect(standing, book, role, form)
        faults += [f"{form.address} on {page}: {one}" for one in wrong]
        refused |= {form.address} if status >= 400 else set()
    assert faults == []
    assert len(refused) <= len(forms) // 4, refused


def test_an_upload_pressed_twice_files_one_paper(standing: Standing, book: Book) -> None:
    met = writing(standing, "office_manager")
    uploads = {
        form.address: (page, form)
        for page, form in met
        if papers(form) and form.address not in WRITES_NOTHING
    }
    assert len(uploads) >= 3
    for page, form in uploads.values():
        status, faults = one_effect(standing, book, "office_manager", form)
        assert (page, status, faults) == (page, 303, [])


def test_every_posting_form_of_the_office_carries_its_key_and_its_practice(standing: Standing) -> None:
    bare = {
        (page, form.address)
        for role in ("office_manager", "insurance_clerk")
        for page, form in standing.forms(role).values()
        if not {"_once", "_form"} <= form.names() and form.address not in WRITES_NOTHING
    }
    assert bare == set()


WRITTEN_BY_HAND = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>(.*?)</form>", re.S | re.I)
GOAL = re.compile(r"(?:url|place)\([\"']([\w:-]+)[\"']|shell\.urls\.(\w+)")
CARRIES = re.compile(r"tokens\(|new_once_key")


def test_no_template_writes_a_posting_form_without_them() -> None:
    bare = []
    for template in sorted(SOURCE.glob("*/jinja2/**/*.html")):
        text = template.read_text()
        for form in WRITTEN_BY_HAND.finditer(text):
            goal = GOAL.search(form[0].split(">")[0] + form[0])
            name = (goal[1] or goal[2]) if goal else ""
            if not CARRIES.search(form[0]) and name not in {
                *WRITES_NOTHING,
                "search",
                "lock",
                "sign_out",
                "switch",
                "plan-open",
            }:
                bare.append((template.name, name))
    assert bare == [("resume.html", "")]  # it gives back the tokens of the form that was interrupted
