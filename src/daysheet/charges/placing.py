"""The place of service and the modifier of a visit, and where each comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import telehealth
from daysheet.coverage.models import Coverage, Payer
from daysheet.coverage.rules.telehealth import Wanted
from daysheet.schedule.remote import is_remote
from daysheet.visits.models import Visit
from daysheet.visits.places import called


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a visit took place as its claim says it, why so, and what a payer wants of a visit by video or phone."""

    code: str
    because: str
    wanted: Wanted | None = None

    @property
    def words(self) -> str:
        """Return the place of service with what it is called."""
        return called(self.code)


def placed(visit: Visit, billed: Coverage | None = None, *, said: bool = True) -> Placed:
    """Return the place of service of a visit: as said for it, as its payer wants it, or as the place itself has it.

    Without `said` it is what would follow had nobody said anything.
    """
    wanted = wanted_of(visit, billed)
    if said and visit.place_of_service:
        return Placed(visit.place_of_service, _("as said for this visit"), wanted)
    if wanted is not None:
        return Placed(wanted.place(is_at_home=visit.at_home), wanted.source, wanted)
    if visit.care_place is not None:
        return Placed(visit.care_place.place_of_service, visit.care_place.name)
    return Placed(visit.location.place_of_service, visit.location.name)


def wanted_of(visit: Visit, billed: Coverage | None = None) -> Wanted | None:
    """Return what the visit's payer wants of a visit by video or phone; None for any other visit."""
    if not is_remote(visit.mode):
        return None
    held = billed or visit.coverage
    payer = held.plan.payer if held else None
    return telehealth.wanted(payer.pk if payer else None, payer.filing_code if payer else "", visit.mode)


def wanted_of_all(rows: Iterable[tuple[UUID, str, Payer]]) -> dict[UUID, Wanted]:
    """Return what each payer wants of visits by video or phone, by key: one statement, or none."""
    return telehealth.wanted_by({key: (payer, mode) for key, mode, payer in rows if is_remote(mode)})
