"""What each payer wants on the claim of a visit by video or phone: as shipped, written down, dropped."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.coverage import commands, telehealth
from daysheet.coverage.commands import TelehealthRuleIsWrong
from daysheet.coverage.models import Payer
from daysheet.coverage.telehealth_rule import TelehealthRule
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.models import Practice
from tests import cast, make
from tests.desk import hidden_fields, signed_in

GT = {
    "at_home": "10",
    "elsewhere": "02",
    "modifier": "GT",
    "source": "Blue, provider manual 2026, page 12",
}


@pytest.fixture
def practice(db: None) -> Iterator[Practice]:
    with make.acting(make.practice()) as practice:
        make.plan()
        yield practice


@pytest.fixture
def ben(practice: Practice) -> Actor:
    return cast.ben(practice.pk)


def _set(by: Actor, **more: object) -> TelehealthRule:
    facts = {"payer_id": Payer.objects.get().pk, "mode": "video", "version": 0, **GT}
    return commands.set_telehealth_rule(by, **facts | more)  # type: ignore[arg-type]


def test_until_somebody_says_otherwise_what_is_shipped_holds(ben: Actor) -> None:
    payer = Payer.objects.get()
    assert telehealth.wanted(payer.pk, payer.filing_code, "video").modifier == "95"
    _set(ben)
    assert telehealth.wanted(payer.pk, payer.filing_code, "video").modifier == "GT"
    assert telehealth.wanted(payer.pk, payer.filing_code, "phone").modifier == "93"
    commands.drop_telehealth_rule(ben, payer_id=payer.pk, mode="video")
    assert telehealth.wanted(payer.pk, payer.filing_code, "video").modifier == "95"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"at_home": "1"}, "at_home"),
        ({"elsewhere": "x2"}, "elsewhere"),
        ({"modifier": "25"}, "modifier"),
        ({"source": "  "}, "source"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(ben: Actor, said: dict[str, str], field: str) -> None:
    with pytest.raises(TelehealthRuleIsWrong) as no:
        _set(ben, **said)
    assert list(no.value.fields) == [field]
    assert not TelehealthRule.objects.exists()


def test_of_two_who_write_the_second_is_told(ben: Actor) -> None:
    _set(ben)
    with pytest.raises(StaleForm):
        _set(ben, modifier="95")
    assert _set(ben, modifier="95", version=1).version == 2


def test_nothing_is_dropped_that_was_not_said(ben: Actor) -> None:
    with pytest.raises(TelehealthRuleIsWrong):
        commands.drop_telehealth_rule(ben, payer_id=Payer.objects.get().pk, mode="phone")


def test_only_who_sends_claims_says_so(practice: Practice) -> None:
    with pytest.raises(NotPermitted):
        _set(cast.rosa(practice.pk))


def test_the_table_is_read_by_a_constant_number_of_statements(practice: Practice) -> None:
    with CaptureQueriesContext(
        connection,
    ) as one:
        telehealth.table()
    for number in range(3):
        make.plan(f"Plan {number}", f"P{number}")
    with CaptureQueriesContext(connection) as four:
        assert len(telehealth.table()) == 4
    assert len(one) == len(four)


def test_the_pages_say_what_holds_and_where_it_comes_from(practice: Practice) -> None:
    ben = signed_in(make.member("biller", "ben"))
    payer = Payer.objects.get()
    assert "as shipped:" in ben.get("/coverage/telehealth/").content.decode()
    address = f"/coverage/telehealth/{payer.pk}/video/"
    form = hidden_fields(ben.get(address).content.decode(), form='id="telehealth-form"')
    wrong = ben.post(address, form | GT | {"source": ""}, headers={"HX-Request": "true"})
    assert (wrong.status_code, 'value="02"' in wrong.content.decode()) == (422, True)
    assert ben.post(address, form | GT).status_code == 303
    assert "own rule" in ben.get("/coverage/telehealth/").content.decode()
    assert ben.get(f"/coverage/telehealth/{payer.pk}/letter/").status_code == 404
    assert ben.post(f"{address}drop/").status_code == 303
    assert ben.post(f"{address}drop/").status_code == 409
