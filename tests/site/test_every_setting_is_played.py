"""Each care setting plays two days in a practice of its own to a balanced close, and the books are sound."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction

from daysheet.claims.build import FILES
from daysheet.claims.models import Claim
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom.models import Envelope
from daysheet.practice.care_settings import SETTINGS, care_setting
from daysheet.privacy.models import FilledForm
from daysheet.schedule.models import Appointment
from daysheet.site.simulate import week
from daysheet.site.verify import verify
from tests.throwaway import Throwaway

RUN = week.Run(days=2, visits=7, seed=3)
UNTIL_PAID = replace(RUN, days=4)
"""Two days more: what the first day billed has come back paid."""
DAYS = ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]


def run_of(key: str) -> week.Run:
    return UNTIL_PAID if key in {"dental", "hospital_department"} else RUN


@pytest.fixture(params=SETTINGS)
def played(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    test_database: Throwaway,
    tmp_path_factory: pytest.TempPathFactory,
) -> Any:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        connections.close_all()  # a test before this one may have cloned the database anew
        patch.setattr(settings, "STATE", tmp_path_factory.mktemp("state"))
        yield request.param, week.simulate_setting(request.param, run_of(request.param))
        connections.close_all()
        test_database.renew()


def test_two_days_end_in_a_balanced_close(played: Any, test_database: Throwaway) -> None:
    key, told = played
    held = care_setting(key)
    assert held is not None
    assert len(told) == (len(held.demonstration.clients) or 1)
    for one in told:
        _balances(one, run_of(key).days)
        practice = Practice.objects.get(name=one["practice"])
        assert verify(practices=[practice], seal=test_database.server.dsn("daysheet_sealer")) == []
        with acting_in(practice.pk), transaction.atomic():
            _is_what_the_setting_is(key, one)


def _balances(one: dict[str, Any], days: int) -> None:
    assert [day["day"] for day in one["days"]] == DAYS[:days]
    before = Decimal("0.00")
    for day in one["days"]:
        charges, payments, adjustments = (
            Decimal(day[name]) for name in ("charges", "payments", "adjustments")
        )
        after = Decimal(day["receivables_after"])
        assert Decimal(day["receivables_before"]) == before
        assert charges - payments - adjustments == after - before
        assert charges > 0
        before = after
    assert one["totals"]["visits"] >= 8


def _is_what_the_setting_is(key: str, one: dict[str, Any]) -> None:
    """Its own visits were booked, its own forms signed, its claims are of its kind."""
    held = care_setting(key)
    assert held is not None
    if held.kind != "office":
        assert one["files"]["837"] > 0
        return
    names = set(Appointment.objects.values_list("type__name", flat=True))
    assert names <= {kind.name for kind in held.visits}
    assert len(names) >= 3
    places = set(Claim.objects.values_list("place_of_service", flat=True))
    assert places == {held.place_of_service}
    if any(ask.is_required and not ask.visit and ask.form for ask in held.check_in):
        assert FilledForm.objects.exists()
    kinds = set(Claim.objects.values_list("kind", flat=True))
    assert kinds == held.claims
    assert one["files"]["837"] > 0
    assert one["files"]["835"] > 0 or one["files"]["277CA"] > 0
    sent = Envelope.objects.filter(direction="out", kind__startswith="837").values_list("kind", flat=True)
    assert set(sent) == {FILES[Claim.Kind(kind)] for kind in kinds}
    if run_of(key) == UNTIL_PAID:
        assert one["files"]["835"] > 0
        assert one["parked"] == one["unmatched"] == 0
        assert set(Claim.objects.filter(state="paid").values_list("kind", flat=True)) == kinds
        assert not Claim.objects.filter(state="held").exists()
