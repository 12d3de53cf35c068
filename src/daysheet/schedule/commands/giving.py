"""Saying who gives a kind of visit."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.practice.models import Provider
from daysheet.schedule.models import AppointmentType, ClinicianTeam, TypeGiver

LONGEST_CODE = 10


@command(needs=Can.MANAGE_OFFICE)
def set_who_gives(
    by: Actor,
    /,
    *,
    type_id: UUID,
    provider_ids: Collection[UUID] = (),
    team_ids: Collection[UUID] = (),
    taxonomies: Collection[str] = (),
) -> AppointmentType:
    """Say who gives a kind of visit: clinicians, teams, all of a specialty; nobody named is everybody.

    What is booked already stays as it is. Refuses whom the practice does not have.
    """
    people, teams, codes = set(provider_ids), set(team_ids), set(taxonomies)
    # Two managers at once: the later one's list stands.
    kind = AppointmentType.objects.select_for_update(of=("self",)).filter(pk=type_id).first()
    if kind is None:
        raise Refusal(_("That visit type is not on the books."))
    if Provider.objects.filter(pk__in=people).count() != len(people):
        raise Refusal(_("That clinician is not on the books."), people=_("Choose another."))
    # Held, so that none of them is forgotten meanwhile.
    held = ClinicianTeam.objects.select_for_update(of=("self",)).filter(pk__in=teams).order_by("pk")
    if len(held) != len(teams):
        raise Refusal(_("That team is not on the books any more."), teams=_("Choose another."))
    if not all(one.strip() and len(one) <= LONGEST_CODE for one in codes):
        raise Refusal(
            _("A specialty is named by its taxonomy code."), specialties=_("Choose one of the list.")
        )
    TypeGiver.objects.filter(type=kind).delete()
    TypeGiver.objects.bulk_create(
        [
            *(TypeGiver(type=kind, provider_id=one) for one in sorted(people)),
            *(TypeGiver(type=kind, team_id=one) for one in sorted(teams)),
            *(TypeGiver(type=kind, taxonomy=one) for one in sorted(codes)),
        ]
    )
    told: dict[str, Any] = {
        "clinicians": sorted(map(str, people)),
        "teams": sorted(map(str, teams)),
        "specialties": sorted(codes),
    }
    record(by, "schedule.appointment_type.givers-set", kind, **told)
    announce(by.practice_id, "schedule")
    return kind
