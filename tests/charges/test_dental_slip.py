"""The slip of a dentist: teeth by keyboard, refusals in a sentence, no diagnosis needed; other slips as they were."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.charges import commands, queries
from daysheet.charges.models import Charge, FeeItem
from daysheet.kernel.errors import Refusal
from tests import cast, desk, make
from tests.charges.conftest import JAN_1, furnish
from tests.charges.test_slip_on_screen import Screen


@pytest.fixture
def screen(db: None) -> Iterator[Screen]:
    """Ana's browser in an office of dentists; D0011 and D0012 are on its schedule."""
    with make.acting(make.practice(is_training=True, clock_at=cast.NOW)) as practice:
        furnished = furnish(practice)
        make.setting("dental", furnished.door)
        for code in ("D0011", "D0012"):
            commands.set_fee(
                furnished.ana, code=code, label="Filling", amount=Decimal("195.00"), starts_on=JAN_1
            )
        member = make.member("office_manager", "ana", at=furnished.door)
        yield Screen(furnished, desk.signed_in(member))


def add(screen: Screen, **fields: object) -> tuple[int, str]:
    return screen.send("charge-add", **({"code": "D0011", "units": "1", "pointers": ""} | fields))


def test_a_line_takes_teeth_and_surfaces_and_says_them_in_words(screen: Screen) -> None:
    assert add(screen, mouth="14 mod, 15 o")[0] == 303
    assert add(screen, code="D0012", mouth="UR")[0] == 303
    first, second = Charge.objects.order_by("rank")
    assert (first.teeth, first.areas, first.pointers) == ([["14", "MOD"], ["15", "O"]], [], [])
    assert (second.teeth, second.areas) == ([], ["10"])
    page = screen.slip()
    assert "Tooth 14: mesial, occlusal, distal; Tooth 15: occlusal" in page
    assert "Upper right quarter" in page
    assert "points to diagnosis" not in page
    assert screen.send("slip-post")[0] == 303
    assert {one.state for one in Charge.objects.all()} == {"posted"}
    shown = screen.browser.get(reverse("charges:charge-void", args=[first.pk])).content.decode()
    assert "Tooth 14: mesial, occlusal, distal" in shown
    assert screen.send("charge-void", first.pk, reason="other tooth")[0] == 303
    first.refresh_from_db()
    assert (first.state, first.teeth) == ("voided", [["14", "MOD"], ["15", "O"]])


def test_a_replacement_says_when_the_earlier_one_was_placed_or_is_warned_of(screen: Screen) -> None:
    assert add(screen, mouth="30", prosthesis="R")[0] == 303
    assert "a claim must say when the earlier one was placed" in screen.slip()
    assert add(screen, mouth="19", prosthesis="R", prior_placed_on="3/1/2018")[0] == 303
    assert Charge.objects.get(rank=2).prior_placed_on == date(2018, 3, 1)
    assert "Replaces the one of Mar 1, 2018" in screen.slip()


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"mouth": "MOD"}, 422, "write the tooth before them"),
        ({"mouth": "8 O"}, 422, "write I instead of O"),
        ({"mouth": "14 I"}, 422, "write O instead of I"),
        ({"mouth": "99"}, 422, "is no tooth and no area"),
        ({"mouth": "1" * 5000}, 422, "200"),
        ({"mouth": "<script>"}, 422, "is no tooth and no area"),
        ({"mouth": "🦷"}, 422, "is no tooth and no area"),
        ({"prosthesis": "Z"}, 422, "choose one from the list"),
        ({"prosthesis": "I", "prior_placed_on": "3/1/2018"}, 409, "belongs to a replacement"),
        ({"prosthesis": "R", "prior_placed_on": "3/10/2026"}, 409, "comes after it"),
        ({"prosthesis": "R", "prior_placed_on": "never"}, 422, "prior_placed_on"),
        ({"pointers": "one"}, 422, "numbers of the diagnoses"),
        ({"code": "D0099", "mouth": "14"}, 409, "no price for D0099"),
    ],
)
def test_bad_input_is_told_in_a_sentence_and_nothing_is_written(
    screen: Screen, fields: dict[str, str], status: int, sentence: str
) -> None:
    answer, page = add(screen, **fields)
    assert answer == status
    assert sentence in page
    assert not Charge.objects.exists()


def test_an_office_without_dentists_is_not_asked_for_teeth(screen: Screen) -> None:
    assert 'name="mouth"' in screen.slip()
    make.setting("family", screen.desk.door)
    assert 'name="mouth"' in screen.slip()
    screen.desk.practice  # noqa: B018 - the same office, now of family medicine alone
    from daysheet.practice.models import AddedSetting

    AddedSetting.objects.filter(setting="dental").update(taken_back_at=cast.NOW)
    page = screen.slip()
    assert 'name="mouth"' not in page
    assert 'name="prosthesis"' not in page
    assert (
        add(screen, code="X0020", pointers="1", mouth="14")[0] == 303
    )  # a box that is not there is not read
    assert Charge.objects.get().teeth == []
    with pytest.raises(Refusal, match="X0020 is no dental service here"):
        screen.desk.line("X0020", mouth="14")
    assert add(screen, code="X0020", pointers="")[0] == 422


def test_an_office_of_both_keeps_the_kinds_apart(screen: Screen) -> None:
    make.setting("family", screen.desk.door)
    assert add(screen, mouth="14 O")[0] == 303
    assert add(screen, code="X0020", pointers="")[0] == 409
    assert add(screen, code="X0020", pointers="1")[0] == 303
    page = screen.slip()
    assert "one claim never holds both" in page
    status, page = screen.send("slip-post")
    assert status == 409
    assert "one claim never holds both" in page
    assert {one.state for one in Charge.objects.all()} == {"draft"}
    FeeItem.objects.filter(code="X0020").update(is_dental=True)
    assert "one claim never holds both" not in screen.slip()
    assert screen.send("slip-post")[0] == 303


def test_the_schedule_asks_whether_a_service_is_dental_where_both_are_billed(screen: Screen) -> None:
    address = reverse("charges:fees")
    assert 'name="is_dental"' not in screen.browser.get(address).content.decode()
    make.setting("family", screen.desk.door)
    page = screen.browser.get(address).content.decode()
    hidden = desk.hidden_fields(page, form='id="fee-form"')
    facts = {"code": "X0077", "label": "Mouth guard", "amount": "90", "starts_on": "3/9/2026"}
    assert screen.browser.post(address, hidden | facts | {"is_dental": "on"}).status_code == 303
    assert FeeItem.objects.get(code="X0077").is_dental
    assert "Mouth guard, dental" in screen.browser.get(address).content.decode()


def test_more_lines_take_no_more_statements(screen: Screen) -> None:
    make.setting("family", screen.desk.door)

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            screen.slip()
        return len(seen)

    screen.desk.line("D0011", mouth="14 O", pointers=())
    statements()
    few = statements()
    for tooth in ("15 O", "18 MO", "19", "30 B"):
        screen.desk.line("D0012", mouth=tooth, pointers=())
    assert statements() == few


def test_two_lines_of_one_service_stand_each_with_its_tooth(screen: Screen) -> None:
    for tooth in ("14 O", "15 O"):
        screen.desk.line("D0011", mouth=tooth, pointers=())
    assert [one.where_in_words for one in queries.charges_of(screen.desk.visit.pk)] == [
        "Tooth 14: occlusal",
        "Tooth 15: occlusal",
    ]


@pytest.mark.parametrize(
    ("need", "is_prosthesis", "missing", "sentence", "told"),
    [
        ("tooth", False, {}, "needs its tooth", {"mouth": "14"}),
        ("surfaces", False, {"mouth": "14"}, "needs the surfaces of its tooth", {"mouth": "14 O"}),
        ("area", True, {"mouth": "14"}, "needs the area", {"mouth": "UJ", "prosthesis": "I"}),
        ("tooth", True, {"mouth": "30"}, "first one or a replacement", {"mouth": "30", "prosthesis": "I"}),
    ],
)
def test_what_a_service_needs_is_asked_when_its_favourite_is_pressed(
    screen: Screen,
    need: str,
    is_prosthesis: bool,
    missing: dict[str, str],
    sentence: str,
    told: dict[str, str],
) -> None:
    FeeItem.objects.filter(code="D0011").update(mouth_need=need, is_prosthesis=is_prosthesis)
    status, page = add(screen, **missing)
    assert (status, sentence in page, 'value="D0011"' in page) == (409, True, True)
    assert not Charge.objects.exists()
    assert add(screen, **told)[0] == 303


def test_the_manager_says_what_a_service_needs_and_a_new_price_keeps_it(screen: Screen) -> None:
    facts = {"code": "D0013", "label": "Crown", "amount": "900", "starts_on": "1/1/2026"}
    sent = screen.browser.post(
        reverse("charges:fees"), facts | {"mouth_need": "tooth", "is_prosthesis": "on"}
    )
    assert sent.status_code == 303
    commands.set_fee(
        screen.desk.ana, code="D0013", label="Crown", amount=Decimal("950.00"), starts_on=date(2026, 2, 1)
    )
    kept = [(one.mouth_need, one.is_prosthesis) for one in FeeItem.objects.filter(code="D0013")]
    assert kept == [("tooth", True), ("tooth", True)]


def test_a_line_that_is_not_in_the_book_is_changed_as_it_stands(screen: Screen) -> None:
    assert add(screen, mouth="14 mod", prosthesis="I")[0] == 303
    line = Charge.objects.get()
    address = reverse("charges:charge-change", args=[line.pk])
    assert address in screen.slip()
    page = screen.browser.get(address).content.decode()
    assert 'value="14 MOD"' in page
    hidden = desk.hidden_fields(page, form='id="change-form"')
    said = {"mouth": "15 O", "prosthesis": "R", "prior_placed_on": "3/1/2018", "units": "2", "pointers": ""}
    said |= {"modifiers": "", "amount": "195.00"}
    wrong = screen.browser.post(address, hidden | said | {"mouth": "8 O"})
    assert wrong.status_code == 422
    assert "write I instead of O" in wrong.content.decode()
    assert screen.browser.post(address, hidden | said).status_code == 303
    line.refresh_from_db()
    assert (line.teeth, line.prosthesis, line.prior_placed_on) == ([["15", "O"]], "R", date(2018, 3, 1))
    assert (line.rank, line.units, line.amount) == (1, Decimal(2), Decimal("390.00"))
    page = screen.browser.get(address).content.decode()
    stale = desk.hidden_fields(page, form='id="change-form"') | {"version": "1"}
    assert screen.browser.post(address, stale | said | {"units": "9"}).status_code == 409
    assert screen.send("slip-post")[0] == 303
    with pytest.raises(commands.ChargeIsPosted):
        commands.change_charge(screen.desk.ana, charge_id=line.pk, version=line.version + 1, units=1)
    line.refresh_from_db()
    assert line.units == Decimal(2)


def test_a_changed_line_names_what_its_service_needs(screen: Screen) -> None:
    assert add(screen, mouth="14 mod")[0] == 303
    FeeItem.objects.filter(code="D0011").update(mouth_need="surfaces")
    line = Charge.objects.get()
    with pytest.raises(Refusal, match="needs its tooth"):
        commands.change_charge(screen.desk.ana, charge_id=line.pk, version=1, units=1)
