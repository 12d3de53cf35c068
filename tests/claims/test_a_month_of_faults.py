"""A month in which much goes wrong: the books prove themselves, and a plain reader of the bytes agrees to the cent."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from daysheet.claims import commands, queries
from daysheet.claims.models import Claim
from daysheet.kernel.jobs import holding
from daysheet.ledger import queries as ledger
from daysheet.payer import commands as payer
from tests import make
from tests.claims.office import Loop
from tests.claims.plain_reader import add_up

pytestmark = pytest.mark.django_db
CODES = (("X0020",), ("X0020", "X0015"), ("X0030",), ("X0030", "X0020", "X0015"))


def played(seed: str) -> Loop:
    loop = Loop()
    payer.set_dice(loop.desk(), seed=seed, percent=500)
    with holding() as held:
        made = [loop.made(*CODES[number % len(CODES)], days_ago=number) for number in range(24)]
        commands.send_claims(loop.by(), claim_ids=[claim.pk for claim in made])
    loop.run(held)
    for day in (date(2026, 3, 10), date(2026, 3, 25), date(2026, 4, 2), date(2026, 4, 20), date(2026, 5, 10)):
        loop.pay(day)
        with make.acting(loop.office):
            mended = list(Claim.objects.filter(state__in=("rejected", "denied"), frequency="1"))
        for claim in mended:
            loop.resend(claim)
    return loop


def test_the_books_agree_with_a_plain_reader_of_the_bytes() -> None:
    loop = played("5")
    with make.acting(loop.office):
        exported = {row["claim"]: row for row in queries.export_claims()}
        assert ledger.troubles() == []
        assert queries.wrong_states() == []
    unposted = frozenset(row.trace for row in loop.remittances() if row.state == "parked")
    told = add_up(
        [bytes(item.content) for item in loop.outgoing()],
        [bytes(item.content) for item in loop.incoming("835")],
        skip=unposted,
    )
    assert sorted(told) == sorted(exported)
    for control, sums in told.items():
        row = exported[control]
        assert (Decimal(row["charge"]), Decimal(row["payer_paid"])) == (sums.charge, sums.paid), control
        assert {group: Decimal(amount) for group, amount in row["adjusted"].items()} == sums.adjusted, control
        assert Decimal(row["patient_responsibility"]) == sums.patient, control
    states = {claim.state for claim in commands_states(loop)}
    assert {"paid", "replaced"} <= states  # enough went wrong to be worth the test


def commands_states(loop: Loop) -> list[Claim]:
    with make.acting(loop.office):
        return list(Claim.objects.all())


def test_the_same_seed_plays_the_same_month() -> None:
    first = outcome(played("6"))
    from daysheet.kernel.models import Practice

    for number, practice in enumerate(Practice.objects.all()):
        Practice.objects.filter(pk=practice.pk).update(name=f"Earlier {number}")
    assert outcome(played("6")) == first


def outcome(loop: Loop) -> list[tuple[int, str, list[str]]]:
    with make.acting(loop.office):
        claims = list(Claim.objects.order_by("number"))
    return [(claim.number, claim.state, loop.story(claim)) for claim in claims] + [
        (row.number, row.state, [str(row.amount), str(row.paid_on - timedelta(0))])
        for row in loop.remittances()
    ]
