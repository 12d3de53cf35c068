"""The room `schedule` as a Django app."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Actor, Can
from daysheet.ui.verbs import Verb

if TYPE_CHECKING:
    from daysheet.mailroom.models import Envelope


class ScheduleConfig(AppConfig):
    """The book of time: visit types, hours, appointments, open slots."""

    name = "daysheet.schedule"
    label = "schedule"

    def ready(self) -> None:
        """Tell banner and search box of the next appointment, and what is booked at a door that is to close.

        Coming appointments follow when a patient's authorizations change; a care setting brings visit types.
        """
        from daysheet.coverage import authorizing, copays
        from daysheet.mailroom import routes, texts
        from daysheet.patients import ahead
        from daysheet.patients import queries as patients
        from daysheet.practice import queries as practice
        from daysheet.schedule import of_setting, queries
        from daysheet.schedule.ahead import booked_on, first_from
        from daysheet.schedule.banner import next_visit_parts
        from daysheet.schedule.copays import copay_services

        patients.banner_parts.append(next_visit_parts)
        ahead.of_the_day.append(booked_on)
        ahead.booked.append(first_from)
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

VERBS = [
    Verb(
        _("Schedule"),
        "schedule:today",
        Can.SEE_SCHEDULE,
        ("calendar", "today", "day", "week", "appointments today", "print the schedule", "print schedule"),
    ),
    Verb(
        _("Waitlist"),
        "schedule:waitlist",
        Can.SEE_SCHEDULE,
        ("wait list", "waiting list", "asap list", "asap"),
    ),
    Verb(
        _("Asked for"),
        "schedule:visit-requests",
        Can.SEE_SCHEDULE,
        ("visit requests", "requests", "asked for a visit"),
    ),
    Verb(
        _("Freed times"),
        "schedule:freed-times",
        Can.SEE_SCHEDULE,
        ("offers", "offer a freed time", "cancelled slots"),
    ),
    Verb(
        _("Missed visits"),
        "schedule:missed",
        Can.SEE_SCHEDULE,
        ("no show", "no shows", "noshow", "late cancel"),
    ),
    Verb(_("Recalls"), "schedule:recalls", Can.SEE_SCHEDULE, ("recall list", "overdue")),
    Verb(
        _("To call"),
        "schedule:to-call",
        Can.SEE_SCHEDULE,
        (
            "reminders",
            "confirmations",
            "confirm visits",
            "reminder calls",
            "confirmation list",
            "unconfirmed",
        ),
    ),
    Verb(
        _("Out or closed"),
        "schedule:closings",
        Can.BOOK_APPOINTMENT,
        ("snow day", "provider out", "closing", "closings", "absence", "doctor out", "bump"),
    ),
    Verb(_("Runs late"), "schedule:late", Can.SEE_SCHEDULE, ("late provider", "running late", "late doctor")),
    Verb(_("Visit types"), "schedule:types", Can.MANAGE_OFFICE, ("kinds of visit", "appointment types")),
    Verb(
        _("Clinicians' hours"),
        "schedule:clinicians",
        Can.MANAGE_OFFICE,
        ("hours", "templates", "weekly pattern", "blocks", "clinicians hours"),
    ),
    Verb(_("Holidays"), "schedule:holidays", Can.MANAGE_OFFICE, ("office closed",)),
    Verb(_("Teams"), "schedule:teams", Can.MANAGE_OFFICE),
    Verb(_("Rooms and equipment"), "schedule:resources", Can.MANAGE_OFFICE, ("resources", "equipment")),
    Verb(_("Reminder rules"), "schedule:reminder-rules", Can.MANAGE_OFFICE),
    Verb(_("Recall types"), "schedule:recall-types", Can.MANAGE_OFFICE),
    Verb(_("Cancel reasons"), "schedule:cancel-reasons", Can.MANAGE_OFFICE),
    Verb(
        _("Fees for missed visits"),
        "schedule:missed-fee-rules",
        Can.MANAGE_OFFICE,
        ("no show fee", "missed fee"),
    ),
    Verb(
        _("Book"),
        "schedule:appointment-book",
        Can.BOOK_APPOINTMENT,
        (
            "book appointment",
            "appointment",
            "schedule",
            "new appointment",
            "make appointment",
            "find an appointment",
            "find a slot",
            "find a time",
            "next available",
            "first available",
            "open slots",
        ),
        of_patient=True,
    ),
    Verb(
        _("Book a series"),
        "schedule:series-book",
        Can.BOOK_APPOINTMENT,
        ("series", "repeat", "recurring", "recurring appointment"),
        of_patient=True,
    ),
    Verb(_("Book several"), "schedule:chain", Can.BOOK_APPOINTMENT, ("several",), of_patient=True),
    Verb(_("Book a family"), "schedule:family", Can.BOOK_APPOINTMENT, ("family",), of_patient=True),
    Verb(
        _("Put on the waitlist"),
        "schedule:wait",
        Can.BOOK_APPOINTMENT,
        ("waitlist", "wait list", "wait"),
        of_patient=True,
    ),
    Verb(
        _("Recall"),
        "schedule:recall-add",
        Can.BOOK_APPOINTMENT,
        ("add recall", "new recall"),
        of_patient=True,
    ),
    Verb(
        _("Appointments"),
        "schedule:patient-panel",
        Can.SEE_SCHEDULE,
        (
            "appts",
            "cancel",
            "cancel appointment",
            "reschedule",
            "reschedule appointment",
            "move",
            "move appointment",
            "confirm",
            "no show",
        ),
        of_patient=True,
        of_visit=True,
    ),
    Verb(
        _("How to book"),
        "schedule:restrictions",
        Can.BOOK_APPOINTMENT,
        ("restrict", "restriction", "dismiss"),
        of_patient=True,
    ),
    Verb(
        _("How to remind"),
        "schedule:reminder-wish",
        Can.EDIT_PATIENTS,
        ("reminders", "do not text", "stop texts"),
        of_patient=True,
    ),
]
