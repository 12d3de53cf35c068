"""Bad input at the desk: each with its sentence, what was typed still there, and nothing half done.

Here are the sentences. That no word at all breaks any form is held by test_bad_input_breaks_nothing; a full
disk and a database that goes away by test_the_database_goes_away; foreign ids everywhere by
test_ids_of_another_practice.
"""

import html
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daysheet.kernel import clock
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import LedgerEntry, Payment
from daysheet.patients.models import Patient
from daysheet.practice.queries import IDLE_SECONDS
from daysheet.practice.signing_in import SEEN
from daysheet.schedule.models import Appointment
from tests import cast, make
from tests.claims.office import Loop
from tests.claims.test_post_remittance import PAY_DAY, advice_of, entries, file
from tests.desk import signed_in
from tests.house import House, furnished, hours
from tests.proofs.fill import plausible
from tests.proofs.forms import PageForm, forms_of

LONG = "Wolfe" * 60
RTL = "מרים \U0001f642 الدياز"
SCRIPT = "<script>alert(1)</script>"
BORN = ("born_on_0", "born_on_1", "born_on_2")
PASSWORD = "a long enough password"


@pytest.fixture
def house(db: None) -> Iterator[House]:
    house = furnished()
    with acting_in(house.practice.pk):
        for weekday in (5, 6):
            hours(house.lee, house.door, weekday, time(0), time(12))
        yield house


@pytest.fixture
def ana(house: House) -> Client:
    person = make.member("office_manager", "ana", at=house.door)
    person.user.set_password(PASSWORD)
    person.user.save()
    return signed_in(person)


def form_at(browser: Client, page: str, address: str) -> PageForm:
    """Open a page and return its form that goes to an address."""
    body = browser.get(page).content.decode()
    return next(one for one in forms_of(body, at=page) if one.address == address)


def send(browser: Client, page: str, address: str, **typed: str) -> HttpResponse:
    """Open a form, type, and send it as a browser would."""
    form = form_at(browser, page, address)
    return browser.post(form.action, form.body(plausible) | typed)  # type: ignore[return-value]


def said(answer: HttpResponse) -> str:
    """Return what a page says, as a person reads it."""
    return html.unescape(" ".join(answer.content.decode().split()))


def stands() -> tuple[int, ...]:
    """Return how much the office has of everything."""
    return tuple(kind.objects.count() for kind in (Patient, Appointment, LedgerEntry, Payment))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (dict(zip(BORN, ("2", "30", "1981"), strict=True)), "That month has no such day."),
        (dict(zip(BORN, ("13", "1", "1981"), strict=True)), "Write the month as a number from 1 to 12."),
        (dict(zip(BORN, ("3", "10", "2026"), strict=True)), "A birth date cannot be in the future."),
        (dict(zip(BORN, ("3", "10", "1890"), strict=True)), "That would be more than 130 years ago."),
        ({"family": LONG}, "At most 120 letters."),
        ({"family": "\u202e \u200b"}, "Write the name."),
    ],
)
def test_a_person_who_cannot_be_is_not_registered(
    house: House, ana: Client, typed: dict[str, str], sentence: str
) -> None:
    before = stands()
    answer = send(ana, "/patients/new/", "patients:patient-new", **{"street": "7 Elm St"} | typed)
    assert answer.status_code in {409, 422}
    assert sentence in said(answer)
    assert 'value="7 Elm St"' in said(answer)
    assert stands() == before


@pytest.mark.parametrize("family", [RTL, SCRIPT, "'; drop table patient; --", "O’Neil-Ñuñez %s {{ 7 }}"])
def test_a_strange_name_is_kept_and_shown_as_text(house: House, ana: Client, family: str) -> None:
    answer = send(ana, "/patients/new/", "patients:patient-new", family=family)
    assert answer.status_code == 303
    assert Patient.objects.filter(family=family).exists()
    page = ana.get(answer["Location"])
    assert family.casefold() in said(page).casefold()
    assert SCRIPT not in page.content.decode()


@pytest.mark.parametrize(
    ("day", "at", "sentence"),
    [
        ("2/30/2026", "9:00", "There is no such day"),
        ("3/2/2026", "9:00", "That time has already gone by."),
        ("3/14/2027", "2:30 am", "that time does not exist on this day"),
        ("11/1/2026", "1:30 am", "that time comes twice"),
        ("3/10/2026", "25:00", "There is no such time of day"),
        ("12/31/9999", "9:00", ""),
    ],
)
def test_a_time_that_cannot_be_is_not_booked(
    house: House, ana: Client, day: str, at: str, sentence: str
) -> None:
    typed = {"slot": "other", "type": str(house.follow_up.pk), "who": str(house.lee.pk), "day": day}
    typed |= {"where": str(house.door.pk), "clock": at, "turn": "", "reason": "the school form"}
    answer = send(ana, f"/schedule/book/{house.diaz.pk}/", "schedule:appointment-book", **typed)
    assert answer.status_code in {409, 422}
    assert sentence in said(answer)
    assert "the school form" in said(answer)
    assert stands()[1] == 0


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("-5.00", "Write the amount without a minus sign."),
        ("0", "Write at least $0.01."),
        ("100000.01", "Write at most $100,000.00."),
        ("9" * 40, "Write at most $100,000.00."),
        ("1e9", "Write an amount such as 40 or 40.50."),
        ("NaN", "Write an amount such as 40 or 40.50."),
        ("4.005", "An amount has at most two digits after the point"),
        (SCRIPT, "Write an amount such as 40 or 40.50."),
    ],
)
def test_money_that_cannot_be_is_not_taken(house: House, ana: Client, amount: str, sentence: str) -> None:
    page, address = f"/money/of/{house.diaz.pk}/take/", "ledger:payment-take"
    answer = send(ana, page, address, amount=amount, method="check", check_number="1182")
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert 'value="1182"' in said(answer)
    assert SCRIPT not in answer.content.decode()
    assert stands()[2:] == (0, 0)


def test_a_copay_over_the_charge_stays_the_patients_credit_in_view(house: House, ana: Client) -> None:
    page, address = f"/money/of/{house.diaz.pk}/take/", "ledger:payment-take"
    assert send(ana, page, address, amount="30.00", method="cash", purpose="copay").status_code == 303
    ledger.post_charge(
        house.rosa,
        patient_id=house.diaz.pk,
        amount=Decimal("12.00"),
        service_on=cast.MONDAY,
        provider_id=house.lee.pk,
        location_id=house.door.pk,
        visit_id=None,
        charge_id=house.lee.pk,
        to="patient",
    )
    account = said(ana.get(f"/money/of/{house.diaz.pk}/"))
    assert "$18.00" in account
    assert "credit" in account.lower()
    too_much = send(ana, f"/money/of/{house.diaz.pk}/refund/", "ledger:refund", amount="18.01", method="cash")
    assert (too_much.status_code, "holds $18.00 of credit" in said(too_much)) == (409, True)


def test_a_form_sent_twice_is_answered_twice_and_done_once(house: House, ana: Client) -> None:
    form = form_at(ana, f"/money/of/{house.diaz.pk}/take/", "ledger:payment-take")
    body = form.body(plausible) | {"amount": "5.00", "method": "cash"}
    first, second = (ana.post(form.action, body) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert stands()[3] == 1


def test_a_desk_that_went_idle_in_mid_form_keeps_the_text_until_it_is_sent(house: House, ana: Client) -> None:
    form = form_at(ana, "/patients/new/", "patients:patient-new")
    session = ana.session
    session[SEEN] = clock.system_now().timestamp() - max(IDLE_SECONDS.values()) - 1
    session.save()
    before = stands()
    locked = ana.post(form.action, form.body(plausible) | {"street": "7 Elm St"})
    assert locked["Location"].startswith("/lock/?")
    assert stands() == before
    lock = forms_of(ana.get(locked["Location"]).content.decode(), at="/lock/")
    unlock = next(one for one in lock if "password" in one.names())
    opened = ana.post(unlock.action, unlock.body() | {"password": PASSWORD})
    kept = next(
        one
        for one in forms_of(ana.get(opened["Location"]).content.decode(), at="/resume/")
        if one.address == "patients:patient-new"
    )
    assert kept.body()["street"] == ["7 Elm St"]
    assert ana.post(kept.action, kept.body()).status_code == 303
    assert Patient.objects.get(street="7 Elm St").family == "Okafor"


def test_a_sign_in_that_ended_in_mid_form_writes_nothing_and_the_draft_waits(
    house: House, ana: Client
) -> None:
    form = form_at(ana, "/patients/new/", "patients:patient-new")
    typed = form.body(plausible) | {"street": "7 Elm St"}
    assert ana.post("/draft/", typed | {"_page": "/patients/new/"}).status_code == 200
    ana.session.flush()
    before = stands()
    assert ana.post(form.action, typed)["Location"].startswith("/sign-in/?next=")
    assert stands() == before
    ana.post("/sign-in/", {"login": "ana", "password": PASSWORD})
    assert 'value="7 Elm St"' in said(ana.get("/patients/new/?draft=1"))


def test_a_change_by_somebody_else_in_between_is_shown_and_not_overwritten(house: House, ana: Client) -> None:
    diaz = make.registered("Wolfe", "Ida", street="1 Oak St")
    page, address = f"/patients/{diaz.pk}/edit/", "patients:patient-edit"
    rosa = signed_in(make.member("receptionist", "rosa", at=house.door))
    opened = form_at(rosa, page, address)
    assert send(ana, page, address, street="2 Elm St").status_code == 303
    answer = rosa.post(opened.action, opened.body() | {"street": "3 Ash St"})
    assert answer.status_code == 409
    assert "Ana changed this patient while your form was open." in said(answer)  # type: ignore[arg-type]
    assert "2 Elm St" in said(answer)  # type: ignore[arg-type]
    assert "3 Ash St" in said(answer)  # type: ignore[arg-type]
    diaz.refresh_from_db()
    assert diaz.street == "2 Elm St"


def test_an_id_of_another_practice_is_like_a_missing_one(house: House, ana: Client) -> None:
    next_door = furnished("Southside")
    typed = {"slot": f"{next_door.lee.pk}.{next_door.door.pk}.29552880", "type": str(next_door.follow_up.pk)}
    answer = send(ana, f"/schedule/book/{house.diaz.pk}/", "schedule:appointment-book", **typed)
    assert answer.status_code in {409, 422}
    assert stands()[1] == 0
    for page in (f"/patients/{next_door.diaz.pk}/", f"/money/of/{next_door.diaz.pk}/take/"):
        assert ana.get(page).status_code == 404
    with acting_in(next_door.practice.pk):
        assert stands()[1] == 0


@pytest.fixture
def paid(db: None) -> Loop:
    loop = Loop()
    loop.meet_deductible()
    loop.sent()
    loop.pay(PAY_DAY)
    return loop


def seen(office: Practice, path: str) -> str:
    """Return what Ben reads on a page."""
    with make.acting(office):
        ben = signed_in(make.member("biller", "ben"))
    return said(ben.get(path))  # type: ignore[arg-type]


def test_an_x12_file_that_was_cut_off_posts_nothing_and_says_so(paid: Loop) -> None:
    whole = file(replace(advice_of(paid), trace="CUT1"))
    (envelope,) = paid.take(whole[: whole.index(b"SE*")])
    assert "The file is cut off" in seen(paid.office, reverse("mailroom:envelope", args=[envelope.pk]))
    assert (len(paid.remittances()), entries(paid)) == (1, 1)


def test_a_remittance_for_an_unknown_claim_waits_and_says_so(paid: Loop) -> None:
    advice = advice_of(paid)
    stranger = replace(advice.claims[0], claim_id="STRANGER1")
    paid.take(file(replace(advice, trace="OTHER1", claims=(stranger,))))
    assert "STRANGER1" in seen(paid.office, reverse("claims:remittance", args=[paid.remittances()[-1].pk]))
    assert paid.items() == [("unmatched", "CLP-1")]
    assert entries(paid) == 1
