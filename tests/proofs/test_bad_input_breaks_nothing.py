"""Whatever is sent to whatever form: a page that says so, never a failure, never a half-done act."""

import logging
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from daysheet.kernel.ids import new_id
from tests.proofs.conftest import Standing
from tests.proofs.fill import papers, plausible
from tests.proofs.forms import HIDDEN_PARTS, PageForm
from tests.proofs.hostile import HOSTILE, HOSTILE_FILES
from tests.world import addresses

FINE = {200, 204, 302, 303, 400, 403, 404, 409, 413, 422}
SCRIPT = "<script>alert(1)</script>"
ENDS_THE_SIGN_IN = {"practice:sign-out", "practice:lock"}
ROLES = ("office_manager", "insurance_clerk")


@pytest.fixture
def quiet() -> Iterator[None]:
    """Thousands of refused requests are no news for the log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


class Sweep:
    """Sends bodies and keeps what went wrong; every act is taken back at once."""

    def __init__(self, browser: Client) -> None:
        self.browser = browser
        self.faults: list[str] = []
        self.sent = 0
        self.raised = ""
        got_request_exception.connect(self.note)

    def note(self, **_: Any) -> None:
        lines = [line.strip() for line in traceback.format_exc().splitlines() if line.strip()]
        places = [line for line in lines if "/daysheet/" in line and "/site/" not in line]
        self.raised = f"{lines[-1]} {places[-1:]}"

    def send(self, path: str, body: dict[str, Any], about: str) -> int:
        self.raised, self.sent = "", self.sent + 1
        with transaction.atomic():
            answer = self.browser.post(path, body)
            try:
                connection.check_constraints()  # at the end of a real request these would have spoken
            except Error as no:
                self.raised = f"at the commit: {no}"
            transaction.set_rollback(True)
        if answer.status_code not in FINE or "at the commit" in self.raised:
            self.faults.append(f"{answer.status_code} {path} {about}: {self.raised}")
        return answer.status_code


def forms(standing: Standing, role: str) -> list[PageForm]:
    """Return every kind of form that a role meets, but those that end the sign-in."""
    met = [form for _, form in standing.forms(role).values()]
    return [
        form for form in met if form.address not in ENDS_THE_SIGN_IN and not form.address.startswith("ui:")
    ]


@pytest.mark.parametrize("each", [1, pytest.param(len(HOSTILE), marks=pytest.mark.nightly)])
def test_no_word_in_any_field_breaks_a_form(standing: Standing, quiet: None, each: int) -> None:
    faults: list[str] = []
    fields = 0
    for role in ROLES:
        met = forms(standing, role)
        sweep = Sweep(standing.browser(role))
        for form in met:
            good = form.body(plausible)
            for name in sorted(good.keys() - {"csrfmiddlewaretoken"}):
                fields += 1
                for turn in range(each):
                    bad = HOSTILE[(fields * 7 + turn) % len(HOSTILE)]
                    sweep.send(form.action, good | papers(form) | {name: [bad]}, f"{name}={bad[:20]!r}")
        faults += sweep.faults
    assert fields > 350
    assert faults == []


def test_a_form_full_of_bad_words_breaks_nothing(standing: Standing, quiet: None) -> None:
    met = forms(standing, "office_manager")
    sweep = Sweep(standing.browser("office_manager"))
    for number, form in enumerate(met):
        good = form.body(plausible)
        for turn in (0, 11, 22):
            bad = HOSTILE[(number + turn) % len(HOSTILE)]
            body = {name: ["bad" if name in HIDDEN_PARTS else bad] for name in good}
            sweep.send(
                form.action, good | {n: v for n, v in body.items() if n not in HIDDEN_PARTS}, repr(bad[:20])
            )
            sweep.send(form.action, body, "forged tokens")
    assert sweep.faults == []


@pytest.mark.parametrize("share", [4, pytest.param(1, marks=pytest.mark.nightly)])
def test_script_in_every_text_field_stays_text(standing: Standing, quiet: None, share: int) -> None:
    """Send script in all text fields of a form at once, and read the answer and the page it leads to."""
    alive, fields = [], 0
    for role in ROLES:
        browser = standing.browser(role)
        for form in forms(standing, role)[::share]:
            written = [one.name for one in form.controls if one.kind in {"text", "search", "textarea"}]
            body = form.body(plausible) | dict.fromkeys(written, SCRIPT)
            fields += len(written)
            with transaction.atomic():
                answer = browser.post(form.action, body | papers(form))
                pages = [answer]
                if answer.status_code in {302, 303}:
                    pages.append(browser.get(answer["Location"]))
                told = [page.content.decode() for page in pages if not page.streaming]
                transaction.set_rollback(True)
            alive += [form.address] if any(SCRIPT in one for one in told) else []
    assert fields > 150 // share
    assert alive == []


def test_no_file_breaks_an_upload(standing: Standing, quiet: None) -> None:
    uploads = [form for form in forms(standing, "office_manager") if papers(form)]
    sweep = Sweep(standing.browser("office_manager"))
    for form in uploads:
        for given in HOSTILE_FILES:
            sweep.send(form.action, form.body(plausible) | papers(form, given), given[0][:20])
        sweep.send(form.action, form.body(plausible) | dict.fromkeys(papers(form), "no file"), "words")
    assert len({form.address for form in uploads}) >= 3
    assert sweep.faults == []


def test_every_posting_address_bears_an_empty_and_a_foreign_body(standing: Standing, quiet: None) -> None:
    faults: list[str] = []
    for one in addresses():
        if "POST" not in one.rule.methods or one.name in ENDS_THE_SIGN_IN:
            continue
        url = standing.urls().get(one.name) or reverse(one.name, args=[new_id()])
        sweep = Sweep(standing.browser(standing.role_for(one.rule.needs, room=one.name.split(":")[0])))
        sweep.send(url, {}, "empty")
        sweep.send(url, {"a": "b" * 5000, "": "x", "version": "x", "q": "\x00"}, "garbage")
        faults += sweep.faults
    assert faults == []


def test_two_thousand_and_one_fields_are_told_so(standing: Standing, quiet: None) -> None:
    answer = standing.browser("office_manager").post(
        reverse("tasks:item-new"), {f"f{n}": "1" for n in range(2001)}
    )
    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


def test_a_malformed_id_and_a_wrong_method_are_no_failure(standing: Standing, quiet: None) -> None:
    browser = standing.browser("office_manager")
    assert browser.get("/patients/not-an-id/").status_code == 404
    assert browser.get(f"/patients/{new_id()}x/").status_code == 404
    for one in addresses():
        url = standing.urls().get(one.name)
        if url is None or one.rule.is_public:
            continue
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - set(one.rule.methods):
            answer = browser.generic(method, url)
            assert answer.status_code in {405, 403}, (one.name, method, answer.status_code)
