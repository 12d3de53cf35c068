"""What the desk waits for: the page of a check-in, and who of a long list fits a time that was given up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction

from daysheet.kernel.tenancy import acting_in
from daysheet.schedule import commands as schedule
from daysheet.schedule import waitlist
from daysheet.schedule.models import Appointment
from daysheet.site.bench.bare import Bare
from daysheet.site.bench.plan import NOW, TODAY
from daysheet.site.bench.subjects import Subjects
from daysheet.visits import commands as visits

WAIT = 500
"""People on the list: more than any office that calls its list through."""
HERE = 20
"""Visits that stand at the check-in."""
FREED = 10
"""Times that were given up."""
BARE_WAITING = """select e.id, e.patient_id, e.priority, e.provider_ids, e.weekdays, t.minutes from waitlist_entry e
join appointment_type t on t.id = e.type_id where e.practice_id = %s and e.state = 'waiting'
and (e.provider_ids = '{}' or %s = any(e.provider_ids)) and (e.earliest_on is null or e.earliest_on <= %s)
and (e.latest_on is null or e.latest_on >= %s) order by e.priority, e.added_at"""


class AtTheDesk:
    """The visits at the check-in, and the list of those who wait; both made when first asked for."""

    def __init__(self, who: Subjects, bare: Bare) -> None:
        self.who, self.bare = who, bare
        self.visits: list[Any] = []
        self.freed: list[Appointment] = []

    def check_in(self, open_page: Callable[[str], object]) -> Callable[[int], object]:
        """Return the opening of a check-in's page."""

        def work(number: int) -> object:
            return open_page(f"/desk/visits/{self.here()[number % HERE].id}/check-in/")

        return work

    def bare_check_in(self, number: int) -> object:
        """Read the patient of a check-in by bare statements."""
        return self.bare.chart(self.here()[number % HERE].patient_id)

    def match(self, number: int) -> object:
        """Find who fits a time that was given up."""
        with acting_in(self.who.practice.id), transaction.atomic():
            one = self._freed()[number % len(self._freed())]
            return waitlist.fitting([one], NOW)

    def bare_match(self, number: int) -> object:
        """Read the list for that time by one bare statement."""
        return self.match_by(self.bare, number)

    def match_by(self, bare: Bare, number: int) -> object:
        """Read it by a connection of one's own."""
        one = self._freed()[number % len(self._freed())]
        return bare.ask((BARE_WAITING, [one.provider_id, one.on_day, one.on_day]))

    def here(self) -> list[Any]:
        """Return visits that stand at the check-in."""
        if not self.visits:
            with acting_in(self.who.practice.id), transaction.atomic():
                chosen = self.who.here[-HERE:]
                self.visits = [visits.arrive(self.who.rosa, appointment_id=one) for one in chosen]
        return self.visits

    def _freed(self) -> list[Appointment]:
        if not self.freed:
            with acting_in(self.who.practice.id):
                self._fill_the_list()
                self.freed = [self._given_up(number) for number in range(FREED)]
        return self.freed

    def _fill_the_list(self) -> None:
        """Put people on the waitlist, each with wishes of their own; the same each time."""
        clinicians = sorted({one[0] for one in self.who.free})
        for number, patient_id in enumerate(self.who.spare[-WAIT:]):
            schedule.add_to_waitlist(
                self.who.rosa.at(NOW + timedelta(seconds=number)),
                patient_id=patient_id,
                type_id=self.who.kinds["Follow-up"],
                provider_ids=[clinicians[number % len(clinicians)]] if number % 3 == 0 else (),
                weekdays=sorted({number % 5, (number + 2) % 5}) if number % 4 == 0 else (),
                latest_on=TODAY + timedelta(days=20 + number % 60) if number % 5 == 0 else None,
                priority=1 + number % 3,
                notice_minutes=120,
                source="asked",
            )

    def _given_up(self, number: int) -> Appointment:
        clinician, door, at = self.who.free[-1 - number]
        made = schedule.book_appointment(
            self.who.rosa, patient_id=self.who.spare[number], provider_id=clinician, location_id=door,
            type_id=self.who.kinds["Follow-up"], starts_at=at,
        )  # fmt: skip
        gone = schedule.cancel_appointment(
            self.who.rosa, appointment_id=made.id, version=None, reason="Patient is ill"
        )
        with transaction.atomic():
            return Appointment.objects.select_related("location", "type").get(pk=gone.pk)
