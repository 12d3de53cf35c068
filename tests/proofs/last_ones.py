"""What many want and one can have, furnished in a running office: rooms, offers, drawers, authorized visits."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.site.test_runner import Office

SIGNED_IN = """
import json, sys
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from daysheet.kernel import clock
from daysheet.practice.signing_in import BACKEND, LOCKED, PRACTICE, SEEN, WORKSTATION
from tests import cast, make
settings.PUBLIC_URL = "https://visits.northside.example"

def session_of(member):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update({SESSION_KEY: str(member.user_id), HASH_SESSION_KEY: member.user.get_session_auth_hash()})
    session.update({BACKEND_SESSION_KEY: BACKEND, PRACTICE: str(member.practice_id), LOCKED: False})
    session.update({SEEN: clock.system_now().timestamp(), WORKSTATION: "back_office"})
    session.create()
    return session.session_key
"""

FURNISH = """
from daysheet.ledger import commands as ledger
from daysheet.schedule import commands as schedule
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests.house import furnished
from tests.offered import path_of, switched, texted
from tests.schedule.waiting import FREED, freed, waits
house, rounds, told = furnished("Northside Desks"), %(rounds)d, {"rooms": [], "offers": [], "drawers": []}
with house.open():
    desks = [make.member("office_manager", f"desk{n}", at=house.door) for n in range(3)]
    switched(house)
    for turn in range(rounds):
        here = []
        for n in range(2):
            who = make.patient(f"Room{turn}x{n}").pk
            facts = {"patient_id": who, "provider_id": house.lee.pk, "location_id": house.door.pk}
            here.append(visits.walk_in(house.rosa, **facts).pk)
        Visit.objects.filter(pk__in=here).update(flow="checked_in")
        told["rooms"].append([make.room(house.door, f"Room {turn + 1}").pk, *here])
        at = FREED + timedelta(days=7 * (turn // 6), minutes=20 * (turn %% 6))
        gone = freed(house, at)
        people = [texted(f"Link{turn}x{n}", 10 * turn + n) for n in range(2)] + [make.patient(f"Desk{turn}")]
        ids = [waits(house, one).id for one in people]
        asked = {one.entry_id: one for one in schedule.offer_slot(house.rosa, freed_by_id=gone.id, entry_ids=ids)}
        links = [path_of(asked[one]) for one in ids[:2]]
        told["offers"].append([gone.pk, asked[ids[2]].pk, *links])
        boxes = []
        for opening in ("100.00", "50.00"):
            door = make.location(f"Door {turn + 1} with {opening}", is_main=False)
            row = ledger.open_drawer(house.rosa, location_id=door.pk, opening_float=Decimal(opening))
            ledger.count_drawer(house.rosa, drawer_id=row.pk, version=1, counted=Decimal(opening))
            clerk = make.member("receptionist", f"clerk{turn}x{opening[:2]}", at=door)
            boxes.append([row.pk, session_of(clerk)])
        told["drawers"].append([boxes, make.patient(f"Pays{turn}").pk])
told |= {"desks": [session_of(one) for one in desks], "practice": house.practice.pk}
"""

AUTHORIZED = """
from daysheet.claims import commands as claims
from daysheet.coverage import commands as coverage
from tests.claims.office import Loop
loop, of_house, told = Loop(), told, {"claims": [], "books": []}
with make.acting(loop.office):
    desks = [make.member("office_manager", f"biller{n}", at=loop.door) for n in range(2)]
    kind = make.visit_type()
    for turn in range(%(rounds)d):
        who = make.patient(f"Granted{turn}", street="5 Elm St", city="Springfield", state="MA", zip="01103")
        card = make.coverage(who, loop.plan, member_id=f"XJ5{turn:03d}")
        loop.diaz, loop.coverage = who, card
        held = coverage.add_authorization(
            loop.by("rosa"), patient_id=who.pk, coverage_id=card.pk, number=f"PA{turn}", kind="prior",
            starts_on=cast.MONDAY - timedelta(days=60), visits_approved=1,
        )
        made = [claims.make_claim(loop.by(), visit_id=loop.visit(days_ago=n).pk).pk for n in (1, 0)]
        told["claims"].append(made)
        late = make.patient(f"Booked{turn}")
        card = make.coverage(late, loop.plan, member_id=f"XJ6{turn:03d}")
        coverage.add_authorization(
            loop.by("rosa"), patient_id=late.pk, coverage_id=card.pk, number=f"PB{turn}", kind="prior",
            starts_on=cast.MONDAY - timedelta(days=60), visits_approved=1,
        )
        told["books"].append(late.pk)
told |= {"desks": [session_of(one) for one in desks], "practice": loop.office.pk}
told |= {"slot": f"{loop.dr_lee.pk}.{loop.door.pk}", "kind": kind.pk}
print(json.dumps([of_house, told], default=str))
"""

AFTER = """
from django.db.models import Count
from daysheet.claims.models import Claim
from daysheet.kernel.models import Practice
from daysheet.ledger import queries as ledger
from daysheet.ledger.models import CashDrawer
from daysheet.schedule.models import Appointment, SlotOffer
from daysheet.visits.models import Visit
said = []
for practice in Practice.objects.filter(pk__in=%(practices)r).order_by("name"):
    with make.acting(practice):
        inside = Visit.objects.filter(flow="roomed", room__isnull=False)
        booked = Appointment.objects.holding().filter(is_walk_in=False)
        drawers = list(CashDrawer.objects.all())
        said.append({
            "rooms": sorted(inside.values("room").annotate(n=Count("id")).values_list("n", flat=True)),
            "answers": sorted(SlotOffer.objects.values_list("answer", flat=True)),
            "times": sorted(booked.values("starts_at").annotate(n=Count("id")).values_list("n", flat=True)),
            "under": booked.filter(authorization__isnull=False).count(),
            "drawers": [[one.state, one.expected == ledger.drawer_expected(one)] for one in drawers],
            "troubles": [one.sentence for one in ledger.troubles()],
            "claims": sorted(Claim.objects.values_list("state", flat=True)),
        })
print(json.dumps(said, default=str))
"""


@dataclass
class LastOnes:
    """What stands in the running office, by id; a list has one of each for every round."""

    desks: list[str]
    practice: str
    rooms: list[list[str]] = field(default_factory=list)
    """A free room, and two visits of patients who may go there."""
    offers: list[list[str]] = field(default_factory=list)
    """Who gave a time up, the offer that the desk answers, the paths of two links."""
    drawers: list[Any] = field(default_factory=list)
    """Two counted drawers, each with a clerk of its door, and a patient who pays."""
    claims: list[list[str]] = field(default_factory=list)
    """Two claims under an authorization of one visit."""
    books: list[str] = field(default_factory=list)
    """A patient with an authorization of one visit."""
    slot: str = ""
    kind: str = ""


def furnish(office: Office, rounds: int) -> tuple[LastOnes, LastOnes]:
    """Furnish two practices of a running office for so many rounds: the desks', and the one that files claims."""
    of_desks, of_claims = ask(office, (FURNISH + AUTHORIZED) % {"rounds": rounds})
    return LastOnes(**of_desks), LastOnes(**of_claims)


def after(office: Office, *there: LastOnes) -> list[dict[str, Any]]:
    """Return what the books of practices say afterwards."""
    ids = [one.practice for one in there]
    said: list[dict[str, Any]] = ask(office, AFTER % {"practices": ids})
    return said


def ask(office: Office, script: str) -> Any:
    """Run a script in a running office, and return what it printed last."""
    said = office.verb("manage", "shell", "--no-imports", "-c", SIGNED_IN + script)
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout.splitlines()[-1])
