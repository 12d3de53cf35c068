"""The hospitals and homes where clinicians of the office see patients."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.formats.x12.numbers import is_npi
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.practice.naming import must_fit_wire
from daysheet.visits.models import CarePlace
from daysheet.visits.places import AWAY, HOME


class CarePlaceIsWrong(Refusal):
    """Something of the place cannot be: its name, its address, its place of service, its NPI."""


@command(needs=Can.MANAGE_OFFICE)
def add_care_place(
    by: Actor,
    /,
    *,
    name: str,
    place_of_service: str,
    street: str,
    city: str,
    state: str,
    zip_code: str,
    npi: str = "",
) -> CarePlace:
    """Add a hospital or home; its address and NPI stand on the claim as the service facility.

    Raises CarePlaceIsWrong.
    """
    texts = {"name": name, "street": street, "city": city, "state": state, "zip_code": zip_code}
    for field, typed in texts.items():
        if not typed.strip():
            raise CarePlaceIsWrong(
                _("A claim names the place with its whole address."), **{field: _("Write it.")}
            )
    must_fit_wire(name=name)
    if place_of_service not in AWAY or place_of_service == HOME:
        raise CarePlaceIsWrong(
            _("Choose what kind of place it is."), place_of_service=_("Choose one of the list.")
        )
    if npi.strip() and not is_npi(npi.strip()):
        raise CarePlaceIsWrong(
            _("That NPI is not one: ten digits, the last of which checks the others."),
            npi=_("Check the ten digits."),
        )
    with refusing(care_place_is_kept_once=_is_kept()):
        kept = CarePlace.objects.create(
            name=name.strip(),
            place_of_service=place_of_service,
            npi=npi.strip(),
            street=street.strip(),
            city=city.strip(),
            state=state.strip().upper(),
            zip=zip_code.strip(),
        )
    record(by, "visits.care-place.added", kept, name=kept.name, place_of_service=place_of_service)
    return kept


@command(needs=Can.MANAGE_OFFICE)
def drop_care_place(by: Actor, /, *, place_id: UUID) -> CarePlace:
    """Choose a place no more; visits that took place there keep it."""
    held = CarePlace.objects.select_for_update().get(pk=place_id)
    held.dropped_at = held.dropped_at or by.now
    held.save(update_fields=["dropped_at"])
    record(by, "visits.care-place.dropped", held, name=held.name)
    return held


@command(needs=Can.MANAGE_OFFICE)
def take_up_care_place(by: Actor, /, *, place_id: UUID) -> CarePlace:
    """Choose a dropped place again. Raises CarePlaceIsWrong where another has its name by now."""
    held = CarePlace.objects.select_for_update().get(pk=place_id)
    held.dropped_at = None
    with refusing(care_place_is_kept_once=_is_kept()):
        held.save(update_fields=["dropped_at"])
    record(by, "visits.care-place.taken-up", held, name=held.name)
    return held


def _is_kept() -> CarePlaceIsWrong:
    return CarePlaceIsWrong(
        _("A place of that name and kind is on the list already."), name=_("On the list already.")
    )
