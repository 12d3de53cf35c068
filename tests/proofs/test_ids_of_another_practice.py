"""An id of another practice inside a form is refused like one that does not exist, and changes nothing."""

import re
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.test import Client

from daysheet.kernel.ids import new_id
from tests import make
from tests.house import appointment, furnished
from tests.proofs.conftest import Standing
from tests.proofs.fill import plausible
from tests.proofs.forms import HIDDEN_PARTS, PageForm
from tests.schedule.test_screens_of_the_book import TUESDAY

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
FILTERS = {"type", "who", "where"}
"""What narrows the finder of times: one that is not known narrows nothing, and the chosen time decides."""
ROLES = ("office_manager", "insurance_clerk")


def neighbours(standing: Standing) -> dict[str, str]:
    """Furnish a practice next door; return an id of its own for each table that it fills."""
    with transaction.atomic():
        house = furnished("Southside")
        with house.open():
            make.room(house.door)
            appointment(house, TUESDAY)
            make.member("biller", "ben-southside", at=house.door)
            make.coverage(house.diaz, make.plan(by_partner=make.partner()))
    return {
        table: found
        for table in walled(standing)
        if (
            found := one(
                standing, f'select id::text from "{table}" where practice_id = %s', house.practice.pk
            )
        )
    }


def walled(standing: Standing) -> list[str]:
    """Return the tables whose rows belong to practices and are known by an id."""
    with psycopg.connect(standing.throwaway.server.dsn("postgres")) as link:
        rows = link.execute(
            "select table_name from information_schema.columns where table_schema = 'public' "
            "and ((column_name = 'id' and data_type = 'uuid') or column_name = 'practice_id') "
            "group by 1 having count(*) = 2"
        ).fetchall()
    return sorted(name for (name,) in rows)


def one(standing: Standing, question: str, *values: object) -> str:
    """Return the first word of an answer, or nothing."""
    with psycopg.connect(standing.throwaway.server.dsn("postgres")) as link:
        row = link.execute(question, values).fetchone()  # type: ignore[arg-type]
    return str(row[0]) if row else ""


def table_of(standing: Standing, found: str, tables: list[str]) -> str:
    """Return the table in which an id stands."""
    for table in tables:
        if one(standing, f'select id::text from "{table}" where id = %s', found):
            return table
    return ""


def press(browser: Client, form: PageForm, body: dict[str, Any]) -> tuple[int, str]:
    """Send a body, take the act back, and return what came of it."""
    with transaction.atomic():
        answer = browser.post(form.action, body)
        transaction.set_rollback(True)
    return answer.status_code, answer.headers.get("Location", "")


def test_a_foreign_id_in_any_field_is_like_a_missing_one(standing: Standing) -> None:
    faults, tried = [], set()
    met = {role: standing.forms(role) for role in ROLES}
    theirs, tables = neighbours(standing), walled(standing)
    kinds: dict[str, str] = {}
    for role in ROLES:
        browser = standing.browser(role)
        for _page, form in met[role].values():
            good = form.body(plausible)
            for name in sorted(good.keys() - HIDDEN_PARTS - {"_page"}):
                ours = UUID.search(good[name][0])
                if not ours or form.address.startswith("ui:"):
                    continue
                table = kinds.setdefault(ours[0], table_of(standing, ours[0], tables))
                if table not in theirs:
                    continue
                tried.add((form.address, name))
                foreign = press(browser, form, good | {name: [good[name][0].replace(ours[0], theirs[table])]})
                missing = press(browser, form, good | {name: [good[name][0].replace(ours[0], str(new_id()))]})
                if foreign != missing or (foreign[0] < 400 and name not in FILTERS):
                    faults.append(f"{form.address} {name} ({table}): {foreign}, a missing one {missing}")
    assert not faults, "\n".join(faults)
    assert len(tried) > 10, tried


@pytest.mark.parametrize(
    "name", ["practice_id", "practice", "is_superuser", "role", "id", "posted_on", "balance"]
)
def test_a_field_that_no_form_has_is_ignored(standing: Standing, name: str) -> None:
    form = next(f for _, f in standing.forms("office_manager").values() if f.address == "practice:room-add")
    browser = standing.browser("office_manager")
    with transaction.atomic():
        next_door = make.practice("Southside").pk
    assert browser.post(form.action, form.body(plausible) | {name: [str(next_door)]}).status_code == 303
    assert one(standing, "select count(*) from exam_room where practice_id = %s", next_door) == "0"
