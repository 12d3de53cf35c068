"""The acts on the book of time."""

from daysheet.schedule.commands.authorizing import put_under_authorizations
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
    change_appointment_type,
    remove_absence,
    restore_appointment_type,
    retire_appointment_type,
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
    "change_appointment_type",
    "complete_appointment",
    "mark_no_show",
    "move_appointment",
    "put_under_authorizations",
    "remove_absence",
    "reopen_appointment",
    "restore_appointment_type",
    "retire_appointment_type",
    "set_confirmation",
    "set_provider_hours",
    "undo_booking",
    "undo_no_show",
]
