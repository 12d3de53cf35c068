"""The room `schedule` as a Django app."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import AppConfig

from daysheet.kernel.access import Actor, Can

if TYPE_CHECKING:
    from daysheet.mailroom.models import Envelope


class ScheduleConfig(AppConfig):
    """The book of time: visit types, hours, appointments, open slots."""

    name = "daysheet.schedule"
    label = "schedule"

    def ready(self) -> None:
        """Tell the patient's banner of the next appointment, and what is booked at a door that is to close.

        Coming appointments follow when a patient's authorizations change; a care setting brings visit types.
        """
        from daysheet.coverage import authorizing, copays
        from daysheet.mailroom import routes, texts
        from daysheet.patients import queries as patients
        from daysheet.practice import queries as practice
        from daysheet.schedule import of_setting, queries
        from daysheet.schedule.banner import next_visit_parts
        from daysheet.schedule.copays import copay_services

        patients.banner_parts.append(next_visit_parts)
        practice.keeps_a_door_open.append(queries.what_keeps_open)
        authorizing.followers.append(follow_authorizations)
        authorizing.of_an_appointment.append(follow_case)
        copays.in_book.append(copay_services)
        of_setting.register()
        for kind in texts.REPLIES:
            routes.handles(kind)(take_reply)


def follow_authorizations(by: Actor, patient_id: UUID) -> None:
    """Count a patient's coming appointments anew."""
    from daysheet.schedule import commands

    commands.put_under_authorizations(by, patient_id=patient_id)


def follow_case(by: Actor, appointment_id: UUID) -> None:
    """Count an appointment anew that was put under a case, or under none any more."""
    from daysheet.schedule import commands

    commands.count_appointment_anew(by, appointment_id=appointment_id)


def take_reply(by: Actor, envelope: "Envelope") -> str:
    """Read what somebody answered to a text or a call."""
    from daysheet.kernel.errors import Refusal
    from daysheet.mailroom import texts
    from daysheet.schedule import commands

    reply = texts.read_reply(bytes(envelope.content))
    if reply is None:
        raise Refusal("This is no reply that can be read: a number, an id and a text are asked for.")
    channel = envelope.kind.removesuffix("-reply")
    return commands.hear_reply(by, channel=channel, sender=reply.sender, text=reply.text)


NAV = [("schedule", "Schedule", "schedule:today", "calendar", Can.SEE_SCHEDULE, 30)]
