"""What the office knows of a visit that is to be booked, and whether it is meant for the patient."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.errors import Refusal
from daysheet.kernel.planned import planned_cursor
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.patients.models import Patient
from daysheet.schedule import giving, queries
from daysheet.schedule.limits import Limits, age_on, broken
from daysheet.schedule.missing import Held

THERE = """select t.minutes, t.name, t.before_minutes, t.after_minutes, t.for_new_patients, t.for_established_patients,
t.youngest, t.oldest, t.for_sex,
array(select n.kind_id from visit_type_need n where n.practice_id = %(practice)s and n.type_id = t.id order by n.id),
array(select n.count from visit_type_need n where n.practice_id = %(practice)s and n.type_id = t.id order by n.id),
(select zone_name from location where practice_id = %(practice)s and id = %(place)s and closed_on is null),
p.status, p.born_on, p.sex,
exists (select from provider where practice_id = %(practice)s and id = %(provider)s and left_on is null),
exists (select from exam_room where practice_id = %(practice)s and id = %(room)s::uuid and location_id = %(place)s
        and is_active),
(select kind_id from office_resource where practice_id = %(practice)s and room_id = %(room)s::uuid and is_active),
(select json_agg(json_build_array(r.kind, r.since, r.until, r.reason) order by r.id) from booking_restriction r
        where r.practice_id = %(practice)s and r.patient_id = %(patient)s and r.ended_at is null),
t.id,
(not exists (select from visit_type_giver g where g.practice_id = %(practice)s and g.type_id = t.id)
 or exists (select from visit_type_giver g join provider v on v.practice_id = %(practice)s and v.id = %(provider)s
            where g.practice_id = %(practice)s and g.type_id = t.id
            and (g.provider_id = v.id or (g.taxonomy <> '' and g.taxonomy = v.taxonomy)
                 or exists (select from clinician_team_member m where m.practice_id = %(practice)s
                            and m.team_id = g.team_id and m.provider_id = v.id))))
from (select 1) one
left join appointment_type t on t.practice_id = %(practice)s and t.id = %(type)s
left join patient p on p.practice_id = %(practice)s and p.id = %(patient)s"""


class There(NamedTuple):
    """What the office knows of a visit that is to be booked."""

    minutes: int
    kind: str
    before: int
    after: int
    for_new: bool
    for_established: bool
    youngest: int | None
    oldest: int | None
    for_sex: str
    need_kinds: list[UUID]
    need_counts: list[int]
    zone_name: str
    status: str | None
    born_on: date
    sex: str
    works: bool
    has_room: bool
    room_kind: UUID | None
    """The kind of resource that the named room is."""
    restricted: list[list[str | None]] | None
    """What was said of how the patient is booked: kind, since, until, why."""
    type_id: UUID
    is_given: bool
    """The clinician gives this kind of visit."""

    @property
    def held(self) -> list[Held]:
        """Return what stands against booking the patient as any other."""
        return [
            Held(str(kind), date.fromisoformat(str(since)), date.fromisoformat(until) if until else None)
            for kind, since, until, _why in self.restricted or ()
        ]

    def why_held(self, kind: str) -> str:
        """Return why the patient is booked so."""
        return next((str(row[3]) for row in self.restricted or () if row[0] == kind), "")

    @property
    def zone(self) -> ZoneInfo:
        """Return the door's time zone."""
        return ZoneInfo(self.zone_name)

    @property
    def limits(self) -> Limits:
        """Return for whom the kind of visit is."""
        return Limits(self.for_new, self.for_established, self.youngest, self.oldest, self.for_sex)

    def needs(self, also: Sequence[UUID]) -> dict[UUID, int]:
        """Return how many of which kinds it needs."""
        needs = dict(zip(self.need_kinds, self.need_counts, strict=True))
        return needs | {kind: max(needs.get(kind, 0), 1) for kind in also}

    def keeps(self, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
        """Return from when to when all of it is kept."""
        return starts_at - timedelta(minutes=self.before), ends_at + timedelta(minutes=self.after)


class NotOnTheBooks(Refusal):
    """A patient, clinician, door, room or visit type that this practice does not have."""


class NeedsReason(Refusal):
    """The patient does not meet the rule for this kind of visit, and nobody said why it is booked all the same."""


class NotGivenBy(NeedsReason):
    """The office has said who gives this kind of visit, and this clinician does not."""


def _on_the_books(
    patient_id: UUID, provider_id: UUID, location_id: UUID, type_id: UUID, room_id: UUID | None
) -> There:
    """Return what is known of the visit; one statement asks for all that must be there."""
    asked = {
        "practice": acting_practice_id(),
        "type": type_id,
        "place": location_id,
        "patient": patient_id,
        "provider": provider_id,
        "room": room_id,
    }
    with planned_cursor() as cursor:
        cursor.execute(THERE, asked)
        row = cursor.fetchone()
    there = There(*row)
    if row[0] is None or not there.zone_name:
        raise NotOnTheBooks("That visit type or location is not on the books. Choose another.")
    if not there.status or not there.works:
        raise NotOnTheBooks("That patient or clinician is not on the books.")
    if there.status == Patient.Status.DECEASED:
        raise NotOnTheBooks("This patient is marked as deceased. Check the chart before you book.")
    if room_id and not there.has_room:
        raise NotOnTheBooks(_("That room is not at this location. Choose another."))
    return there


def _mind_limits(there: There, patient_id: UUID, day: date, reason: str) -> str:
    """Return why it is booked against the office's rule for the kind of visit; nothing where it is not.

    Raises NeedsReason where something is not, and nobody said why it is booked all the same.
    """
    limits = there.limits
    if limits == Limits():
        return ""
    seen = limits.asks_history and queries.was_seen(patient_id, day)
    against = broken(limits, age=age_on(there.born_on, day), sex=there.sex, was_seen=seen)
    if against and not reason:
        raise NeedsReason(
            " ".join([*against, _("Choose another type, or say why it is booked all the same.")]),
            limit_reason=_("Say why it is booked all the same."),
        )
    return reason if against else ""


def _mind_giver(by: Actor, there: There, reason: str) -> str:
    """Return why a visit is booked with a clinician who does not give its kind; nothing where the clinician does.

    Raises NotGivenBy where the person may not book it so, or nobody said why.
    """
    if there.is_given:
        return ""
    if not by.can(Can.OVERBOOK):
        _must_be_given(there)
    if not reason:
        why = giving.say_givers(there.type_id, there.kind)
        raise NotGivenBy(
            _("%(why)s Choose another clinician or type, or say why it is booked all the same.")
            % {"why": why},
            limit_reason=_("Say why it is booked all the same."),
        )
    return reason


def _must_be_given(there: There) -> None:
    """Raise NotGivenBy where the clinician does not give this kind of visit."""
    if not there.is_given:
        why = giving.say_givers(there.type_id, there.kind)
        raise NotGivenBy(_("%(why)s Choose another clinician or type.") % {"why": why})
