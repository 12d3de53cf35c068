"""Reasons for cancelling and moving are the office's own: whose doing it was, and whether it counts as late."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.schedule import commands, reasons
from daysheet.schedule.models import Appointment, CancelReason
from tests import cast
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

HX = {"HX-Request": "true"}
SOON = cast.NOW + timedelta(hours=3)


def kept(house: House, words: str = "Car broke down", **more: Any) -> CancelReason:
    facts = {"words": words, "doing": "patient", "counts_late": True} | more
    return commands.keep_cancel_reason(house.ana, **facts)


def test_the_usual_ones_are_offered_until_the_office_keeps_its_own(house: House) -> None:
    assert [one.key for one in reasons.offered()][:2] == ["Patient is ill", "Patient cannot come then"]
    made = commands.take_usual_cancel_reasons(house.ana)
    assert [one.words for one in reasons.offered()] == [one.words for one in reasons.USUAL]
    assert commands.take_usual_cancel_reasons(house.ana) == []
    commands.use_cancel_reason(house.ana, reason_id=made[0].pk, version=1, is_active=False)
    assert "Patient is ill" not in [one.words for one in reasons.offered()]
    commands.use_cancel_reason(house.ana, reason_id=made[0].pk, version=2, is_active=True)
    assert "Patient is ill" in [one.words for one in reasons.offered()]


def test_what_is_the_offices_doing_never_counts_as_late(house: House) -> None:
    one = kept(house, doing="practice", counts_late=True)
    assert not one.counts_late
    [offered] = reasons.offered()
    assert not offered.is_late(SOON, cast.NOW)
    assert reasons.Reason("x", "x").is_late(SOON, cast.NOW)
    assert reasons.of_the_office() == one.pk


def test_a_reason_is_kept_once_in_words_by_the_manager(house: House) -> None:
    one = kept(house)
    for wrong in ({}, {"words": " "}, {"words": "x", "doing": "nobody"}):
        with pytest.raises(commands.StrangeReason):
            kept(house, **wrong)
    with pytest.raises(NotPermitted):
        commands.keep_cancel_reason(house.rosa, words="x", doing="patient", counts_late=True)
    with pytest.raises(StaleForm):
        kept(house, "Other words", reason_id=one.pk, version=9)
    assert kept(house, "Other words", reason_id=one.pk, version=1).words == "Other words"


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def cancel(browser: Client, one: Appointment, **typed: str) -> int:
    address = f"/schedule/appointments/{one.pk}/cancel/"
    tokens = hidden_fields(browser.get(address).content.decode(), form='id="cancel-form"')
    return browser.post(address, tokens | typed, headers=HX).status_code


def test_the_desk_cancels_for_one_of_them_and_it_is_counted(rosa: Client, house: House) -> None:
    ill, away = kept(house), kept(house, "Clinician ill", doing="practice")
    asks = kept(house, "Something else", asks_words=True)
    first, second = appointment(house, SOON), appointment(house, SOON + timedelta(hours=1))
    assert cancel(rosa, first, reason=str(asks.pk)) == 422
    assert cancel(rosa, first, reason="Patient is ill") == 422
    assert cancel(rosa, first, reason=str(ill.pk), words="on the way") == 200
    assert cancel(rosa, second, reason=str(away.pk)) == 200
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.booking, first.cancel_reason) == ("late_cancelled", "Car broke down. on the way")
    assert (second.booking, second.cancel_kind_id) == ("cancelled", away.pk)
    assert reasons.how_often(cast.NOW) == {ill.pk: (1, 1), away.pk: (1, 0)}
    commands.reopen_appointment(house.rosa, appointment_id=first.pk)
    assert reasons.how_often(cast.NOW) == {away.pk: (1, 0)}


def test_moving_says_why_and_taking_it_back_forgets_it(house: House) -> None:
    why = kept(house)
    one = appointment(house, SOON)
    new = commands.move_appointment(
        house.rosa,
        appointment_id=one.pk,
        version=None,
        starts_at=SOON + timedelta(days=1),
        why=why.words,
        kind_id=why.pk,
    )
    one.refresh_from_db()
    assert (one.booking, one.cancel_reason, one.cancel_kind_id) == ("rescheduled", why.words, why.pk)
    commands.undo_booking(house.rosa, appointment_id=new.pk)
    one.refresh_from_db()
    assert (one.booking, one.cancel_reason, one.cancel_kind_id) == ("scheduled", "", None)


def test_the_manager_keeps_them_on_screen(house: House) -> None:
    ana = desk(house, "office_manager", "ana")
    page = "/schedule/cancel-reasons/"
    body = ana.get(page).content.decode()
    assert "Make them your own" in body
    assert ana.post(f"{page}usual/", hidden_fields(body, form=f'action="{page}usual/"')).status_code == 303
    tokens = hidden_fields(ana.get(f"{page}add/").content.decode(), form='id="cancel-reason-form"')
    assert ana.post(f"{page}add/", tokens | {"doing": "patient"}, headers=HX).status_code == 422
    assert ana.post(f"{page}add/", tokens | {"words": "Snow", "doing": "practice"}).status_code == 303
    snow = CancelReason.objects.get(words="Snow")
    body = ana.get(f"{page}{snow.pk}/").content.decode()
    tokens = hidden_fields(body, form='id="cancel-reason-form"')
    taken = tokens | {"words": "Patient is ill", "doing": "practice"}
    assert ana.post(f"{page}{snow.pk}/", taken, headers=HX).status_code == 409
    use = f"{page}{snow.pk}/use/"
    tokens = hidden_fields(ana.get(page).content.decode(), form=f'action="{use}"')
    assert ana.post(use, tokens | {"use": "no"}).status_code == 303
    assert "Offered no more" in ana.get(page).content.decode()
