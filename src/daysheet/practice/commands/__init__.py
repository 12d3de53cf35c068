"""The writes of the room `practice`: its places, and its people with their sign-ins."""

from daysheet.practice.commands.people import (
    PinIsWeak,
    add_member,
    add_provider,
    change_role,
    end_membership,
    reset_second_factor,
    revoke_session,
    set_letter_keys,
    set_password,
    set_pin,
    set_workstation,
)
from daysheet.practice.commands.places import (
    LocationIsNeeded,
    add_location,
    add_room,
    close_location,
    restore_room,
    retire_room,
    set_bill_type,
    set_opening_hours,
    set_up_office,
)
from daysheet.practice.commands.settings import NothingComes, add_setting, choose_words, take_setting_back

__all__ = [
    "LocationIsNeeded",
    "NothingComes",
    "PinIsWeak",
    "add_location",
    "add_member",
    "add_provider",
    "add_room",
    "add_setting",
    "change_role",
    "choose_words",
    "close_location",
    "end_membership",
    "reset_second_factor",
    "restore_room",
    "retire_room",
    "revoke_session",
    "set_bill_type",
    "set_letter_keys",
    "set_opening_hours",
    "set_password",
    "set_pin",
    "set_up_office",
    "set_workstation",
    "take_setting_back",
]
