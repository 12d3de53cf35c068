"""The acts on the book of time."""

from daysheet.schedule.commands.booking import (
    NoAddress,
    NotOnTheBooks,
    OutsideHours,
    PatientIsElsewhere,
    RoomTaken,
    SlotIsPast,
    SlotTaken,
    StrangeLength,
    book_appointment,
    move_appointment,
    undo_booking,
)
from daysheet.schedule.commands.outcome import (
    AlreadyOver,
    cancel_appointment,
    complete_appointment,
    mark_no_show,
    reopen_appointment,
    set_confirmation,
    undo_no_show,
)
from daysheet.schedule.commands.setting import (
    add_absence,
    add_appointment_type,
    remove_absence,
    set_provider_hours,
)

__all__ = [
    "AlreadyOver",
    "NoAddress",
    "NotOnTheBooks",
    "OutsideHours",
    "PatientIsElsewhere",
    "RoomTaken",
    "SlotIsPast",
    "SlotTaken",
    "StrangeLength",
    "add_absence",
    "add_appointment_type",
    "book_appointment",
    "cancel_appointment",
    "complete_appointment",
    "mark_no_show",
    "move_appointment",
    "remove_absence",
    "reopen_appointment",
    "set_confirmation",
    "set_provider_hours",
    "undo_booking",
    "undo_no_show",
]
