"""A play of days: the same seed the same figures, every day balanced, the books sound, and a second reader agrees."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from daysheet.claims.queries import export_claims
from daysheet.kernel import commands
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom.models import Envelope
from daysheet.site.simulate import week
from daysheet.site.verify import verify
from tests.played_days import played_days
from tests.throwaway import Throwaway

RUN = week.Run(days=4, visits=7, seed=5)
MONEY = re.compile(r"-?\d+\.\d\d")


@pytest.fixture(scope="module")
def played(
    django_db_setup: None,
    django_db_blocker: Any,
    test_database: Throwaway,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Any]]:
    with played_days(RUN, django_db_blocker, test_database, tmp_path_factory) as told:
        yield told


def test_every_day_balances_to_the_cent(played: dict[str, Any]) -> None:
    days = played["days"]
    assert [day["day"] for day in days] == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    before = Decimal("0.00")
    for day in [*days, played["totals"] | {"day": "together"}]:
        charges, payments, adjustments = (
            Decimal(day[name]) for name in ("charges", "payments", "adjustments")
        )
        change = Decimal(day["receivables_after"]) - Decimal(day["receivables_before"])
        assert charges - payments - adjustments == change, day["day"]
    for day in days:
        assert Decimal(day["receivables_before"]) == before
        before = Decimal(day["receivables_after"])
    assert Decimal(played["totals"]["charges"]) > 0
    assert Decimal(played["totals"]["payments"]) > 0
    assert Decimal(played["totals"]["adjustments"]) > 0


def test_it_tells_how_the_patients_flowed(played: dict[str, Any]) -> None:
    flow = played["flow"]
    assert set(flow) == {"waits", "no_shows", "walk_ins", "left_unseen", "late_starts", "behind"}
    cycle = flow["waits"]["cycle"]
    in_office = played["totals"]["visits"] - played["elsewhere"]["round"]
    assert cycle["visits"] == in_office - flow["left_unseen"]
    assert 0 < cycle["median"] <= cycle["ninetieth"]
    assert played["calls"]["done"] > 4


def test_it_tells_which_freed_times_were_filled_and_how(played: dict[str, Any]) -> None:
    fill, offers = played["fill"], played["offers"]
    assert 0 < fill["filled"] <= fill["freed"] == sum(fill["freed_by"].values())
    assert sum(fill["filled_by"].values()) == fill["filled"]
    assert fill["rate"] == round(fill["filled"] / fill["freed"], 3)
    assert fill["booked_of_open"] == pytest.approx(fill["booked_hours"] / fill["open_hours"], abs=0.005)
    assert sum(offers["answers"].values()) == offers["made"] >= offers["written"] > 0
    said_yes = offers["answers"].get("accepted", 0)
    assert said_yes >= fill["filled_by"]["message"] + fill["filled_by"]["phone"]


def test_money_is_text_with_two_places(played: dict[str, Any]) -> None:
    for day in [*played["days"], played["totals"]]:
        for name in (
            "charges",
            "payments",
            "adjustments",
            "receivables_before",
            "receivables_after",
            "drawer_over_short",
        ):
            assert MONEY.fullmatch(day[name])


def test_the_same_seed_and_start_give_the_same_document(
    played: dict[str, Any], django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        again = week.simulate(RUN)
    assert json.dumps(again) == json.dumps(played)


def test_another_seed_gives_other_days(played: dict[str, Any], django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        other = week.simulate(week.Run(days=1, visits=5, seed=6))
    assert other["days"][0]["charges"] != played["days"][0]["charges"]


def test_the_books_of_a_play_are_sound(
    played: dict[str, Any], django_db_blocker: Any, test_database: Throwaway
) -> None:
    with django_db_blocker.unblock():
        practices = list(Practice.objects.filter(name__startswith="Simulation"))
        assert verify(practices=practices, seal=test_database.server.dsn("daysheet_sealer")) == []


def test_the_files_counted_are_the_envelopes_kept(played: dict[str, Any], django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        practice = Practice.objects.get(name=played["practice"])
        with acting_in(practice.pk), transaction.atomic():
            kinds = list(Envelope.objects.values_list("kind", flat=True))
    assert played["files"]["270"] == kinds.count("270") > 0
    assert played["files"]["271"] == kinds.count("271") > 0
    assert played["files"]["837"] == kinds.count("837P") > 0
    assert played["files"]["835"] == kinds.count("835") > 0
    assert played["files"]["999"] == kinds.count("999") > 0
    assert played["files"]["277CA"] == kinds.count("277CA") > 0


def test_nothing_is_written_outside_a_command(django_db_blocker: Any, played: dict[str, Any]) -> None:
    from django.db import connection

    stray: list[str] = []
    writes = re.compile(r"^\s*(with line as \()?\s*(insert|update|delete)\b", re.I)
    allowed = re.compile(r'"practice"|procrastinate|savepoint', re.I)

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if writes.match(str(sql)) and not commands.inside.get() and not allowed.search(str(sql)):
            stray.append(str(sql)[:120])
        return execute(sql, params, many, context)

    with django_db_blocker.unblock(), connection.execute_wrapper(watch):
        week.simulate(week.Run(days=1, visits=3, seed=7))
    assert [sql for sql in stray if "audit_" not in sql] == []


# A second reader of the wire, sharing no code with the product: it splits the bytes by itself.


def segments(content: bytes) -> Iterator[list[str]]:
    text = content.decode("ascii")
    element, end = text[3], text[105]
    for part in text.split(end):
        if part.strip():
            yield part.strip().split(element)


def test_a_second_reader_of_the_raw_bytes_finds_the_same_claim_figures(
    played: dict[str, Any], django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        practice = Practice.objects.get(name=played["practice"])
        with acting_in(practice.pk), transaction.atomic():
            told = {row["claim"]: row for row in export_claims()}
            sent = [
                bytes(c)
                for c in Envelope.objects.filter(kind="837P", direction="out").values_list(
                    "content", flat=True
                )
            ]
            answers = [
                bytes(c)
                for c in Envelope.objects.filter(kind="835", state="handled")
                .order_by("number")
                .values_list("content", flat=True)
            ]
    charge: dict[str, Decimal] = {}
    for content in sent:
        for part in segments(content):
            if part[0] == "CLM":
                charge[part[1]] = Decimal(part[2])
    paid: dict[str, Decimal] = defaultdict(Decimal)
    adjusted: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for content in answers:
        claim = ""
        for part in segments(content):
            if part[0] == "CLP":
                claim = part[1]
                paid[claim] += Decimal(part[4])
            elif part[0] == "CAS":
                for place in range(2, len(part) - 1, 3):
                    if part[place]:
                        adjusted[claim, part[1]] += Decimal(part[place + 1])
    assert set(charge) <= set(told)
    assert paid, "a play of four days sees money"
    for claim, amount in charge.items():
        row = told[claim]
        assert Decimal(row["charge"]) == amount
        assert Decimal(row["payer_paid"]) == paid[claim], claim
        for group in ("CO", "OA", "PI"):
            assert Decimal(row["adjusted"][group]) == adjusted[claim, group], (claim, group)
        assert Decimal(row["patient_responsibility"]) == adjusted[claim, "PR"], claim
        rest = amount - paid[claim] - sum(adjusted[claim, g] for g in ("CO", "OA", "PI"))
        assert Decimal(row["balance"]) == rest - Decimal(row["patient_paid"]), claim
