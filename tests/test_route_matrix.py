"""Every address as every role, and as another practice: the matrix file, 404 like a missing thing, no canary anywhere."""

import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver

from daysheet.kernel.access import roles
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import AuditLine, AuditPatient
from daysheet.kernel.tenancy import acting_in
from tests import desk
from tests.world import CANARY, World, addresses, telling_names

MATRIX = Path(__file__).with_name("route_matrix.toml")
ADDRESSES = addresses()
GUARDED = [one for one in ADDRESSES if not one.rule.is_public]
READS = [one for one in GUARDED if "GET" in one.rule.methods]
WRITES = [one for one in GUARDED if "POST" in one.rule.methods]
NO_OBJECT_NEEDED = "answers for the own practice"


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: object) -> Iterator[tuple[World, World]]:
    """Practice A with its canaries, and practice B that must never see one. Made once; every test rolls back."""
    from django.db import transaction

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:  # type: ignore[attr-defined]
        telling_names(patch)
        atom = transaction.atomic()
        atom.__enter__()
        try:
            yield World("Northside"), World("Southside")
        finally:
            transaction.set_rollback(True)
            atom.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _as_it_was(request: pytest.FixtureRequest) -> Iterator[None]:
    """Undo what a test did to the worlds."""
    if "worlds" not in request.fixturenames:
        yield
        return
    from django.db import transaction

    request.getfixturevalue("worlds")
    with request.getfixturevalue("django_db_blocker").unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


FINER = {"documents:document-view", "documents:document-file"}
"""Addresses whose thing decides too: a statement is no paper for a coder."""


def text_of(answer: HttpResponseBase) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if body[:5] == b"%PDF-":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    return body.decode("utf-8", "replace")


def test_the_matrix_lists_every_address_and_who_may_open_it() -> None:
    listed = tomllib.loads(MATRIX.read_text())
    told = {
        one.name: {
            "methods": [m for m in one.rule.methods if m != "HEAD"],
            "roles": "everybody, signed in or not"
            if one.rule.needs is None
            else sorted(
                key for key, role in roles().items() if one.rule.needs in role.may and key != "system"
            ),
        }
        for one in ADDRESSES
    }
    assert told == listed, "run `python -m tests.write_route_matrix` and read the difference"


def test_no_address_is_without_a_rule() -> None:
    from django.urls import URLPattern, URLResolver

    bare = []

    def walk(patterns: list[object]) -> None:
        for one in patterns:
            if isinstance(one, URLResolver):
                walk(one.url_patterns)
            elif isinstance(one, URLPattern):
                library = one.callback.__module__.startswith(("allauth.", "django.views"))
                bare.extend([] if library or hasattr(one.callback, "screen") else [str(one.pattern)])

    walk(get_resolver().url_patterns)
    assert bare == []


@pytest.mark.parametrize("address", GUARDED, ids=lambda one: one.name)
def test_each_role_passes_or_is_refused_as_the_matrix_says(
    address: object, worlds: tuple[World, World]
) -> None:
    here, _ = worlds
    url = address.url(here) or pytest.fail(f"the world has nothing for {address.name}")  # type: ignore[attr-defined]
    method = "get" if "GET" in address.rule.methods else "post"  # type: ignore[attr-defined]
    for key, role in roles().items():
        if key == "system":
            continue
        answer = getattr(desk.signed_in(here.member(key), raises=False), method)(url)
        allowed = address.rule.needs in role.may  # type: ignore[attr-defined]
        if not allowed or address.name not in FINER:  # type: ignore[attr-defined]
            assert (answer.status_code != 403) == allowed, (key, answer.status_code)
        assert answer.status_code != 500, (key, url)
        if not allowed:
            assert CANARY not in text_of(answer)


def test_no_page_says_an_id_twice(worlds: tuple[World, World]) -> None:
    here, twice = worlds[0], {}
    people = {key: desk.signed_in(here.member(key), raises=False) for key in roles() if key != "system"}
    for address in READS:
        key = next(key for key in people if address.rule.needs in roles()[key].may)
        answer = people[key].get(address.url(here) or "/")
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        ids = re.findall(r'<[^>]*\sid="([^"]+)"', text_of(answer))
        if len(ids) != len(set(ids)):
            twice[address.name] = {one for one in ids if ids.count(one) > 1}
    assert twice == {}


@pytest.mark.parametrize("address", [a for a in GUARDED if a.parameters], ids=lambda one: one.name)
def test_another_practices_thing_is_like_a_missing_thing(
    address: object, worlds: tuple[World, World]
) -> None:
    here, there = worlds
    url = address.url(here)  # type: ignore[attr-defined]
    if not re.search(r"[0-9a-f]{8}-", url):
        return
    missing = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", lambda _: str(new_id()), url)
    role = "insurance_clerk" if address.name.startswith("payer:") else "office_manager"  # type: ignore[attr-defined]
    for method in [m.lower() for m in address.rule.methods if m != "HEAD"]:  # type: ignore[attr-defined]
        stranger = desk.signed_in(there.member(role), raises=False)
        theirs, nothing = getattr(stranger, method)(url), getattr(stranger, method)(missing)
        assert theirs.status_code == nothing.status_code, (method, theirs.status_code, nothing.status_code)
        assert theirs.status_code in {404, 409, 422, 405}, (method, theirs.status_code)
        assert not set(re.findall(CANARY + r"\d+x", text_of(theirs))) & set(here.canaries().values())


@pytest.mark.parametrize("address", READS, ids=lambda one: one.name)
def test_whoever_is_shown_stands_in_the_diary(address: object, worlds: tuple[World, World]) -> None:
    here, _ = worlds
    role = "insurance_clerk" if address.name.startswith("payer:") else "office_manager"  # type: ignore[attr-defined]
    if address.name.startswith("payer:"):  # type: ignore[attr-defined]
        return  # an insurer's members are no patients of the office: see the test below
    with acting_in(here.practice.id):
        before = set(AuditLine.objects.values_list("id", flat=True))
    browser = desk.signed_in(here.member(role), raises=False)
    shown = set(re.findall(CANARY + r"\d+x", text_of(browser.get(address.url(here))), re.I))  # type: ignore[attr-defined]
    with acting_in(here.practice.id):
        lines = set(AuditLine.objects.values_list("id", flat=True)) - before
        named = set(AuditPatient.objects.filter(line_id__in=lines).values_list("patient_id", flat=True))
    names = {here.canaries()[patient].lower() for patient in named if patient in here.canaries()}
    assert {one.lower() for one in shown} <= names


@pytest.mark.parametrize(
    "address", [a for a in READS if a.name.startswith("payer:")], ids=lambda one: one.name
)
def test_the_insurance_desk_writes_down_what_it_opened(address: object, worlds: tuple[World, World]) -> None:
    here, _ = worlds
    browser = desk.signed_in(here.member("insurance_clerk"), raises=False)
    with acting_in(here.office.twin.id):
        before = AuditLine.objects.filter(practice_id=here.office.twin.id).count()
    shown = CANARY in text_of(browser.get(address.url(here)))  # type: ignore[attr-defined]
    with acting_in(here.office.twin.id):
        told = AuditLine.objects.filter(practice_id=here.office.twin.id).count() - before
    assert told == 1 or not shown


def test_nobody_gets_in_without_a_sign_in(worlds: tuple[World, World]) -> None:
    here, _ = worlds
    for address in GUARDED:
        for method in ("get", "post"):
            answer = getattr(Client(raise_request_exception=False), method)(address.url(here))
            assert answer.status_code == 302
            assert answer["Location"].startswith("/sign-in/")
