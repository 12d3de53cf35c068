"""The claim of a visit by video, in a hospital or at home: place of service, service facility, day of admission."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.charges import commands as charges
from daysheet.charges.scrub import scrub
from daysheet.claims import commands, facts
from daysheet.claims.models import Claim
from daysheet.formats import x12
from daysheet.kernel.jobs import holding
from daysheet.visits import commands as visits
from daysheet.visits.models import CarePlace, Visit
from tests import cast, make
from tests.claims.office import Loop
from tests.claims.test_authorized_claims import send

pytestmark = pytest.mark.django_db


def away(loop: Loop, **said: Any) -> Claim:
    """Say where a visit took place, and make its claim."""
    visit = loop.visit()
    facts_ = {"mode": "office", "version": Visit.objects.get(pk=visit.pk).version} | said
    visits.say_where(loop.by("rosa"), visit_id=visit.pk, **facts_)
    return commands.make_claim(loop.by(), visit_id=visit.pk)


def ward(loop: Loop, **more: Any) -> CarePlace:
    said = {
        "name": "Mercy Hospital",
        "place_of_service": "21",
        "street": "1 Hill Rd",
        "city": "Springfield",
        "state": "MA",
        "zip_code": "011040001",
    }
    with make.acting(loop.office):
        return visits.add_care_place(loop.by("ana"), **said | more)


def wire(loop: Loop) -> bytes:
    (envelope,) = loop.outgoing()
    return bytes(envelope.content)


def findings(loop: Loop, claim: Claim) -> list[str]:
    with make.acting(loop.office):
        (found,) = facts.gather([claim.pk])
        return [one.rule for one in scrub(facts.for_rules(found, today=cast.MONDAY))]


def test_a_hospital_is_the_service_facility_and_the_day_of_admission_is_told() -> None:
    loop = Loop()
    with make.acting(loop.office):
        claim = away(loop, care_place_id=ward(loop).pk, admitted_on=cast.MONDAY - timedelta(days=3))
    assert send(loop, claim).state == "sent"
    content = wire(loop)
    assert b"NM1*77*2*Mercy Hospital" in content or b"NM1*77*2*MERCY HOSPITAL" in content
    assert b"DTP*435*D8*20260306~" in content
    (document,) = x12.read(content)
    assert document.content.claims[0].place == "21"


def test_without_the_day_of_admission_an_inpatients_claim_stops() -> None:
    loop = Loop()
    with make.acting(loop.office):
        claim = away(loop, care_place_id=ward(loop).pk)
    assert "admitted-since" in findings(loop, claim)
    assert send(loop, claim).state == "held"


def test_a_visit_at_home_names_no_facility() -> None:
    loop = Loop()
    with make.acting(loop.office):
        loop.door.street = "99 Other St"
        loop.door.save(update_fields=["street"])
        claim = away(loop, place_of_service="12")
    assert send(loop, claim).state == "sent"
    assert b"NM1*77" not in wire(loop)


def test_a_visit_by_video_goes_with_the_payers_place_and_modifier() -> None:
    loop = Loop()
    with make.acting(loop.office):
        visit = loop.visit()
        Visit.objects.filter(pk=visit.pk).update(mode="video", at_home=True)
        claim = commands.make_claim(loop.by(), visit_id=visit.pk)
    assert claim.place_of_service == "10"
    assert findings(loop, claim).count("telehealth-modifier") == 2
    assert send(loop, claim).state == "sent"


def test_the_modifier_put_on_the_lines_is_on_the_wire() -> None:
    loop = Loop()
    visit = loop.visit("X0020")
    with make.acting(loop.office):
        Visit.objects.filter(pk=visit.pk).update(mode="phone")
    with holding():
        charges.put_charge(loop.by("ana"), visit_id=visit.pk, code="X0015")
        charges.put_telehealth_modifiers(loop.by("ana"), visit_id=visit.pk)
        charges.post_charges(loop.by("ana"), visit_id=visit.pk)
    send(loop, commands.make_claim(loop.by(), visit_id=visit.pk))
    assert b"SV1*HC:X0015:93*" in wire(loop)


def test_what_each_claim_took_place_by_is_gathered_in_a_constant_number_of_statements() -> None:
    loop = Loop()
    ids = []
    with make.acting(loop.office):
        for _n in range(3):
            visit = loop.visit()
            Visit.objects.filter(pk=visit.pk).update(mode="video")
            ids.append(commands.make_claim(loop.by(), visit_id=visit.pk).pk)
        with CaptureQueriesContext(connection) as one:
            facts.gather(ids[:1])
        with CaptureQueriesContext(connection) as three:
            facts.gather(ids)
    assert len(one) == len(three)
