"""A run of office days in a training practice of its own, and what it added up to."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from daysheet.claims.models import ClaimEvent, Remittance, RemittedClaim
from daysheet.kernel.clock import local_instant
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger.models import Daysheet
from daysheet.mailroom.models import Envelope
from daysheet.practice.care_settings import SETTINGS, CareSetting, care_setting
from daysheet.practice.founding import set_aside
from daysheet.site.simulate.cards import hold_ahead
from daysheet.site.simulate.cases import play_papers
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.counting import area_figures
from daysheet.site.simulate.day import book_day, new_patient, play_day
from daysheet.site.simulate.elsewhere import book_by_video
from daysheet.site.simulate.founding import found_office
from daysheet.site.simulate.offering import wait_for
from daysheet.site.simulate.opening import open_desk, reachable
from daysheet.site.simulate.played import PlayedPractice
from daysheet.visits.models import Visit

MONDAY = date(2026, 3, 2)  # a week before daylight saving begins
KNOWN = 16
"""So many at least have been here before: they wait, call and are written to."""
EVERY = 5
"""One of so many of them speaks Spanish."""
ANSWER_DAYS = 2  # a short play sees its money
FILES = {"270": ("270",), "271": ("271",), "837": ("837P", "837D", "837I"), "TA1": ("TA1",), "999": ("999",),
         "277CA": ("277CA",), "835": ("835",)}  # fmt: skip
SUMS = ("charges", "payments", "adjustments")


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be played."""

    days: int
    visits: int
    seed: int
    start: date = MONDAY
    setting: str = ""
    """The care setting of which the practice is; none: the family practice of three clinicians and two doors."""
    insurer: str = ""
    """The setting whose company stands at the other end of the wire, where it is to bear its name."""

    @property
    def practice_name(self) -> str:
        """Return the name of the practice of this run: it holds all that decides it."""
        of = f" of {self.setting}" if self.setting else ""
        for_whom = f" for {self.insurer}" if self.insurer else ""
        return f"Simulation {self.seed}{of}{for_whom} ({self.days} days of {self.visits} from {self.start})"

    @property
    def insurer_name(self) -> str:
        """Return the name of the company at the other end, where it has one of its own."""
        held = care_setting(self.insurer) if self.insurer else None
        return f"{held.demonstration.name}, {self.practice_name}" if held else ""


def working_days(start: date, count: int) -> list[date]:
    """Return so many working days from a day on."""
    days: list[date] = []
    day = start
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    return days


def day_before(day: date) -> date:
    """Return the working day before a day."""
    before = day - timedelta(days=1)
    while before.weekday() >= 5:
        before -= timedelta(days=1)
    return before


def simulate(run: Run, *, tell: Callable[[int, int], None] = lambda done, of: None) -> dict[str, Any]:
    """Play the run and return its figures. An earlier run of the same name is kept under another."""
    days = working_days(run.start, run.days)
    now = datetime.combine(day_before(days[0]), time(13, 0), tzinfo=UTC)
    for name in (run.insurer_name, run.practice_name):
        set_aside(name=name)
    office = found_office(
        name=run.practice_name,
        now=now,
        seed=str(run.seed),
        answer_days=ANSWER_DAYS,
        setting=care_setting(run.setting),
        twin_name=run.insurer_name,
    )
    play = PlayedPractice(office, Chance(run.seed), run.visits, has_desk=True)
    with acting_in(office.practice.id), reachable():
        for number in range(run.visits * 2 if run.setting else max(KNOWN, run.visits)):
            new_patient(play, now, days[0], language="es" if number % EVERY == 0 else "")
        open_desk(play, days[0], now)
        for done, day in enumerate(days):
            eve = local_instant(datetime.combine(day_before(day), time(17, 20)), office.practice.zone)
            visits = book_day(play, day, eve, run.visits - max(1, round(run.visits * 0.04)))
            visits += book_by_video(play, day, eve, visits)
            if not done:
                play_papers(play, day, eve, visits)
            wait_for(play, day, eve, visits)
            hold_ahead(play, day, eve, visits)
            play_day(play, day, visits)
            tell(done + 1, len(days))
        return {"seed": run.seed, "practice": run.practice_name, **figures(office.practice)}


def simulate_setting(
    key: str, run: Run, *, tell: Callable[[int, int], None] = lambda done, of: None
) -> list[dict[str, Any]]:
    """Play the run in the practice of a care setting; a billing service's in each of its clients', an insurer's in one.

    Raises a Refusal that lists what there is.
    """
    held = setting_named(key)
    if held.kind == "office":
        return [simulate(replace(run, setting=key), tell=tell)]
    insurer = key if held.kind == "payer" else ""
    clients = held.demonstration.clients
    told = []
    for number, client in enumerate(clients):
        told.append(simulate(replace(run, setting=client, insurer=insurer)))
        tell(number + 1, len(clients))
    return told


def setting_named(key: str) -> CareSetting:
    """Return a care setting. Raises a Refusal that lists what there is."""
    held = care_setting(key)
    if held is None:
        raise Refusal(f"There is no care setting called {key}. Known: {', '.join(SETTINGS)}.")
    return held


@transaction.atomic
def figures(practice: Practice) -> dict[str, Any]:
    """Return the closed days of a practice, their totals, and what went over the wire, money as text."""
    sheets = list(Daysheet.objects.order_by("day"))
    kinds = Counter(Envelope.objects.values_list("kind", flat=True))
    denials = Counter(
        code
        for codes in ClaimEvent.objects.filter(kind="denied").values_list("codes", flat=True)
        for code in codes
        if code.split("-")[0] in {"CO", "PR", "OA", "PI"}
    )
    return {
        "days": [{"day": sheet.day.isoformat(), **_sheet([sheet])} for sheet in sheets],
        "totals": _sheet(sheets),
        **area_figures([sheet.day for sheet in sheets], practice.zone),
        "files": {name: sum(kinds[kind] for kind in group) for name, group in FILES.items()},
        "denials": dict(sorted(denials.items())),
        "parked": Remittance.objects.filter(state=Remittance.State.PARKED).count(),
        "unmatched": RemittedClaim.objects.filter(state=RemittedClaim.State.UNMATCHED).count(),
    }


def _sheet(sheets: list[Daysheet]) -> dict[str, Any]:
    summed = {name: str(sum((getattr(s, name) for s in sheets), Decimal("0.00"))) for name in SUMS}
    visits = Visit.objects.filter(service_on__in=[sheet.day for sheet in sheets]).count()
    return {
        "visits": visits,
        **summed,
        "receivables_before": str(sheets[0].receivables_before if sheets else Decimal("0.00")),
        "receivables_after": str(sheets[-1].receivables_after if sheets else Decimal("0.00")),
        "drawer_over_short": str(sum((s.drawer_over_short for s in sheets), Decimal("0.00"))),
    }
