"""The manager lets a line sign in at an exchange: the form, the kept password, and how it stands in words."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from daysheet.formats.sip.watching import Told
from daysheet.phones import commands, keys, rules
from daysheet.phones.listening import Office
from daysheet.phones.models import PhoneLine
from daysheet.phones.signing_in import Signed
from daysheet.phones.standing import WORDS, standing
from tests import cast, desk, make

SAID = {
    "name": "Front desk",
    "exchange": "pbx.example:5062",
    "by": "tls",
    "account": "101",
    "password": "so quiet",
}


@pytest.fixture
def office(db: None) -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice):
        make.office()
        yield practice


@pytest.fixture
def ana(office: Any) -> Client:
    return desk.signed_in(make.member("office_manager", "ana"))


def address(name: str, *args: Any) -> str:
    return reverse(f"phones:{name}", args=args)


def post(browser: Client, at: str, page: str = "", **said: Any) -> Any:
    hidden = desk.hidden_fields(browser.get(page or at).content.decode(), form=f'action="{at}"')
    return browser.post(at, hidden | said)


def kept(office: Any, **more: Any) -> PhoneLine:
    facts = {"exchange": "pbx.example", "by": "tls", "account": "101", "password": "so quiet"} | more
    return commands.sign_line_in(cast.ana(office.pk), name="Front desk", sign_in=commands.SignIn(**facts))


def test_a_line_signs_in_and_its_password_is_kept_sealed(ana: Client, office: Any) -> None:
    assert post(ana, address("exchange-add"), **SAID).status_code == 303
    line = PhoneLine.objects.get()
    assert (line.exchange, line.exchange_port, line.exchange_by, line.account) == (
        "pbx.example",
        5062,
        "tls",
        "101",
    )
    assert "quiet" not in line.password
    assert keys.unseal(line.password) == "so quiet"
    (signed,) = Office().lines()
    assert isinstance(signed, Signed)
    assert (signed.exchange.secret, signed.exchange.by, signed.exchange.door) == (
        "so quiet",
        "TLS",
        ("pbx.example", 5062),
    )
    page = ana.get(address("system")).content.decode()
    assert "101 at pbx.example" in page
    assert "Signing in" in page
    for at in (address("exchange", line.pk), address("line-change", line.pk), address("system")):
        assert "so quiet" not in ana.get(at).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("exchange", "https://pbx.example/", "Write a name or an address"),
        ("exchange", "pbx example", "Write a name or an address"),
        ("exchange", "pbx.example:99999", "Write a name or an address"),
        ("exchange", "pbx.example\r\nX: y", "Write a name or an address"),
        ("account", "101@pbx", "Letters, figures"),
        ("account", "101\r\nTo: x", "Letters, figures"),
        ("proxy", "::1", "Write a name or an address"),
        ("by", "smoke", "choose one from the list"),
        ("authority", "not a certificate", "That is no certificate"),
        ("authority", "-----BEGIN PRIVATE KEY-----", "private key"),
        ("password", "", "Password is missing."),
        ("name", " ", "Name"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    ana: Client, field: str, value: str, words: str
) -> None:
    answer = post(ana, address("exchange-add"), **SAID | {field: value})
    page = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert words in page
    assert "so quiet" not in page
    if field not in ("account", "by"):
        assert 'value="101"' in page
    assert not PhoneLine.objects.exists()


def test_a_kept_password_goes_to_its_own_exchange_alone(ana: Client, office: Any) -> None:
    line = kept(office)
    at = address("exchange", line.pk)
    assert (
        post(ana, at, **SAID | {"exchange": "pbx.example", "password": "", "name": "Desk"}).status_code == 303
    )
    line.refresh_from_db()
    assert (line.name, keys.unseal(line.password)) == ("Desk", "so quiet")
    for more in (
        {"exchange": "other.example"},
        {"by": "tcp"},
        {"proxy": "other.example"},
        {"account": "102"},
    ):
        answer = post(ana, at, **SAID | {"exchange": "pbx.example", "password": ""} | more)
        assert answer.status_code == 409
        assert "asked again when it goes to another exchange" in answer.content.decode()
    line.refresh_from_db()
    assert line.exchange == "pbx.example"


@pytest.mark.parametrize("word", sorted(WORDS))
def test_how_it_stands_is_said_in_words(ana: Client, office: Any, word: str) -> None:
    line, told = kept(office), Office()
    told.lines()
    told.tell(Told(str(line.pk), "exchange", standing=word, seconds=600 if word == "registered" else 0))
    line.refresh_from_db()
    page = ana.get(address("exchange", line.pk)).content.decode().replace("&#39;", "'")
    assert str(WORDS[word][0]) in page
    assert str(WORDS[word][1]) in page
    assert str(WORDS[word][0]) in ana.get(address("system")).content.decode().replace("&#39;", "'")


def test_a_sign_in_that_nobody_renews_is_not_shown_as_one(office: Any) -> None:
    line = kept(office)
    commands.note_standing(cast.ana(office.pk), line_id=line.pk, standing="registered", seconds=600)
    line.refresh_from_db()
    said = [standing(line, now=cast.NOW + timedelta(seconds=after)) for after in (599, 601)]
    assert [one.words for one in said if one] == ["Signed in", "Not signed in any more"]


def test_since_when_it_stands_so_is_kept_over_renewals(office: Any) -> None:
    line = kept(office)
    for minutes in (0, 8):
        by = cast.ana(office.pk, cast.NOW + timedelta(minutes=minutes))
        commands.note_standing(by, line_id=line.pk, standing="registered", seconds=600)
    line.refresh_from_db()
    assert line.standing_at == cast.NOW
    assert line.signed_in_until == cast.NOW + timedelta(minutes=18)


def test_it_signs_in_no_more_where_something_else_may_ring_it(ana: Client, office: Any) -> None:
    line = kept(office)
    at, page = address("exchange-end", line.pk), address("exchange", line.pk)
    answer = post(ana, at, page)
    assert (answer.status_code, "Nothing else rings this line" in answer.content.decode()) == (409, True)
    commands.keep_line(cast.ana(office.pk), line_id=line.pk, version=1, name="Front desk", hosts="10.0.0.1")
    assert post(ana, at, page).status_code == 303
    line.refresh_from_db()
    assert (line.exchange, line.password, line.account) == ("", "", "")
    assert not isinstance(Office().lines()[0], Signed)


def test_a_line_that_signs_in_needs_no_address_beside_it(ana: Client, office: Any) -> None:
    line = kept(office)
    assert post(ana, address("line-change", line.pk), name="Desk", hosts="").status_code == 303
    assert "its exchange alone" in ana.get(address("system")).content.decode()


def test_a_retired_line_signs_in_no_more(office: Any) -> None:
    commands.retire_line(cast.ana(office.pk), line_id=kept(office).pk)
    assert Office().lines() == []


def test_only_the_manager_may_and_only_within_the_own_practice(ana: Client, office: Any) -> None:
    rosa = desk.signed_in(make.member())
    assert rosa.get(address("exchange-add")).status_code == 403
    with make.acting(make.practice("Another")) as other:
        line = kept(other)
    assert ana.get(address("exchange", line.pk)).status_code == 404


def test_a_line_that_signs_in_has_an_account_and_a_password(office: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PhoneLine.objects.create(
            name="x", user="desk-x", hosts="", exchange="pbx.example", made_at=cast.NOW, made_by="x"
        )


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("PBX.example", "pbx.example", 0),
        ("10.0.0.1:5070", "10.0.0.1", 5070),
        ("[fd00::1]:5061", "[fd00::1]", 5061),
    ],
)
def test_a_machine_is_read_as_people_write_it(text: str, host: str, port: int) -> None:
    assert rules.host_and_port(text) == (host, port)


@pytest.mark.parametrize("text", ["", "-x", "a:0", "a:b", "a b", "fd00::1", "a/b", "a" * 300, "a\r\n"])
def test_what_is_no_machine_is_refused(text: str) -> None:
    if text.strip() == text:
        with pytest.raises(ValueError, match=r".*"):
            rules.host_and_port(text)
