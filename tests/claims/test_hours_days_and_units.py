"""Authorizations that count hours, days or units: from the charges of the visits; the claim beyond the last one stops."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.charges import commands as charges
from daysheet.charges import counting
from daysheet.claims import commands, facts
from daysheet.coverage import authorizing
from daysheet.coverage import commands as coverage
from daysheet.coverage.commands import AuthorizationIsWrong
from daysheet.coverage.granted import granted
from daysheet.coverage.models import Authorization
from daysheet.coverage.rules.authorizations import Counts, codes_among
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.jobs import holding
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast, make
from tests.claims.office import Loop
from tests.claims.test_authorized_claims import enter, made, send
from tests.desk import hidden_fields, signed_in

pytestmark = pytest.mark.django_db


def slip(loop: Loop, *lines: tuple[str, str], days_ago: int = 0, post: bool = True) -> Visit:
    """Make a visit with lines of so many units."""
    visit = loop.visit("X0030", days_ago=days_ago)
    with holding():
        for code, units in lines:
            charges.put_charge(loop.by("ana"), visit_id=visit.pk, code=code, units=units)
        if post:
            charges.post_charges(loop.by("ana"), visit_id=visit.pk)
    return visit


def under(loop: Loop, held: Authorization, *visits_: Visit) -> None:
    with make.acting(loop.office):
        Visit.objects.filter(pk__in=[one.pk for one in visits_]).update(authorization=held)


def counts(loop: Loop, held: Authorization) -> Counts:
    with make.acting(loop.office):
        return authorizing.counted([held], cast.MONDAY)[0].counts


def words(loop: Loop, held: Authorization) -> tuple[str, list[str]]:
    with make.acting(loop.office):
        (one,) = granted([held], cast.MONDAY)
        return one.counts, [word for _tone, word in one.marks]


def test_units_of_the_named_codes_alone_are_counted() -> None:
    loop = Loop()
    held = enter(loop, counted_in="units", visits_approved=10, what_for=["Exercise", "x0015"])
    under(loop, held, slip(loop, ("X0015", "4")), slip(loop, ("X0015", "2.5"), days_ago=1))
    assert counts(loop, held) == Counts(Decimal("6.5"), Decimal(0))
    assert words(loop, held) == (
        "units of the services: 6.5 of 10 used, 0 booked, 3.5 left",
        ["3.5 units of the services left"],
    )


def test_hours_are_made_of_units_and_what_stands_on_a_slip_is_booked() -> None:
    loop = Loop()
    held = enter(loop, counted_in="hours", visits_approved=3, what_for=["X0015"], minutes_per_unit=15)
    under(loop, held, slip(loop, ("X0015", "6")), slip(loop, ("X0015", "3"), days_ago=1, post=False))
    assert counts(loop, held) == Counts(Decimal("1.5"), Decimal("0.75"))
    assert words(loop, held)[0] == "hours: 1.5 of 3 used, 0.75 booked, 0.75 left"


def test_a_day_counts_once_whatever_was_done_on_it() -> None:
    loop = Loop()
    held = enter(loop, counted_in="days", visits_approved=2)
    under(loop, held, slip(loop, ("X0015", "6")), slip(loop), slip(loop, days_ago=3))
    assert counts(loop, held) == Counts(2, 0)
    assert words(loop, held)[1] == ["no days of service left"]


def test_what_counts_visits_is_not_counted_by_charges_nor_the_reverse() -> None:
    loop = Loop()
    plain, units = enter(loop, "A1"), enter(loop, "A2", counted_in="units")
    visit = slip(loop)
    under(loop, units, visit)
    assert counts(loop, plain) == Counts(0, 0)
    with make.acting(loop.office):
        Visit.objects.update(authorization=plain, flow="checked_out")
    assert counts(loop, plain) == Counts(1, 0)
    assert counts(loop, units) == Counts(0, 0)


def test_the_claim_beyond_the_last_unit_stops_and_the_one_before_it_goes() -> None:
    loop = Loop()
    held = enter(loop, counted_in="units", visits_approved=6, what_for=["X0015"])
    first, second = slip(loop, ("X0015", "4"), days_ago=1), slip(loop, ("X0015", "3"))
    under(loop, held, first, second)
    claims = [commands.make_claim(loop.by(), visit_id=one.pk) for one in (first, second)]
    assert send(loop, claims[0]).state == "sent"
    assert send(loop, claims[1]).state == "held"
    with make.acting(loop.office):
        (found,) = facts.gather([claims[1].pk])
        (told,) = facts.for_rules(found, today=cast.MONDAY).authorizations
    assert (told.place, told.approved, told.counted_in) == (Decimal(7), 6, "units")


def test_after_more_was_approved_the_claim_goes() -> None:
    loop = Loop()
    held = enter(loop, counted_in="hours", visits_approved=1, what_for=["X0015"], minutes_per_unit=30)
    visit = slip(loop, ("X0015", "4"))
    under(loop, held, visit)
    claim = send(loop, commands.make_claim(loop.by(), visit_id=visit.pk))
    assert claim.state == "held"
    with make.acting(loop.office):
        Authorization.objects.update(visits_approved=2)
    assert send(loop, claim).state == "sent"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"counted_in": "miles"}, "counted_in"),
        ({"counted_in": "hours", "minutes_per_unit": 0}, "minutes_per_unit"),
    ],
)
def test_what_cannot_be_counted_is_refused(more: dict[str, Any], field: str) -> None:
    with pytest.raises(AuthorizationIsWrong) as no:
        enter(Loop(), **more)
    assert list(no.value.fields) == [field]


def test_codes_are_told_from_words() -> None:
    assert codes_among(["Follow-up", " x0015", "Visit", "97110", "ABCDE"]) == ["X0015", "97110"]


def test_any_number_is_counted_by_one_statement() -> None:
    loop = Loop()
    held = [enter(loop, f"A{n}", counted_in="units") for n in range(3)]
    under(loop, held[0], slip(loop))
    with make.acting(loop.office), CaptureQueriesContext(connection) as asked:
        counting.under_authorizations([one.pk for one in held], cast.MONDAY)
        counting.used_until([one.pk for one in held])
        counting.used_until([])
    assert len(asked) == 2


# --- Chosen by hand -----------------------------------------------------------------------------------


def test_which_of_several_a_visit_counts_under_is_chosen_by_hand_and_stays() -> None:
    loop = Loop()
    first, second = enter(loop, "A1"), enter(loop, "A2")
    visit = loop.visit()
    with make.acting(loop.office):
        visit = Visit.objects.get(pk=visit.pk)
    chosen = visits.choose_authorization(
        loop.by("rosa"), visit_id=visit.pk, version=visit.version, authorization_id=second.pk
    )
    assert (chosen.authorization_id, chosen.referral_id) == (second.pk, None)
    with pytest.raises(StaleForm):
        visits.choose_authorization(
            loop.by("rosa"), visit_id=visit.pk, version=visit.version, authorization_id=first.pk
        )
    assert commands.make_claim(loop.by(), visit_id=visit.pk).prior_authorization == "A2"


def test_one_of_another_day_or_one_taken_out_is_not_chosen() -> None:
    loop = Loop()
    later = enter(loop, "A1", starts_on=cast.MONDAY.replace(day=20))
    visit = loop.visit()
    with pytest.raises(visits.NotForThisVisit):
        visits.choose_authorization(
            loop.by("rosa"), visit_id=visit.pk, version=visit.version, authorization_id=later.pk
        )
    with pytest.raises(NotPermitted):
        visits.choose_authorization(
            loop.by("auditor"), visit_id=visit.pk, version=visit.version, authorization_id=later.pk
        )


def test_the_page_shows_what_is_left_of_each_and_takes_the_choice() -> None:
    loop = Loop()
    enter(loop, "A1")
    referral = enter(loop, "R5", kind="referral")
    visit = loop.visit()
    with make.acting(loop.office):
        rosa = signed_in(make.member(at=loop.door))
    address = f"/visits/{visit.pk}/authorization/"
    page = rosa.get(address).content.decode()
    assert "0 of 2 used, 0 booked, 2 left" in page
    assert "It counts under none now." in page
    form = hidden_fields(page, form='id="paper-form"')
    nothing = rosa.post(address, form, headers={"HX-Request": "true"})
    assert nothing.status_code == 422
    assert rosa.post(address, form | {"paper": str(referral.pk)}).status_code == 303
    assert "Now: Referral R5" in rosa.get(address).content.decode()
    with make.acting(loop.office):
        Authorization.objects.update(entered_in_error_at=cast.NOW)
    assert "None of this patient holds the day" in rosa.get(address).content.decode()


def test_the_form_enters_hours_and_shows_them_again() -> None:
    loop = Loop()
    with make.acting(loop.office):
        ana = signed_in(make.member("office_manager", "ana", at=loop.door))
    address = f"/coverage/patient/{loop.diaz.pk}/authorizations/add/"
    form = hidden_fields(ana.get(address).content.decode(), form='id="authorization-form"')
    said = {
        "coverage": str(loop.coverage.pk),
        "kind": "prior",
        "number": "H9",
        "visits_approved": "20",
        "counted_in": "hours",
        "minutes_per_unit": "30",
        "starts_on": "2026-01-01",
    }
    assert ana.post(address, form | said).status_code == 303
    with make.acting(loop.office):
        held = Authorization.objects.get()
    assert (held.counted_in, held.minutes_per_unit) == ("hours", 30)
    again = ana.get(f"/coverage/authorizations/{held.pk}/").content.decode()
    assert 'value="30"' in again
    with make.acting(loop.office):
        coverage.change_authorization(
            loop.by("ana"),
            authorization_id=held.pk,
            version=held.version,
            coverage_id=loop.coverage.pk,
            kind="prior",
            number="H9",
            starts_on=held.starts_on,
            counted_in="days",
        )
        held.refresh_from_db()
    assert held.counted_in == "days"
    assert made(loop).prior_authorization == "H9"
