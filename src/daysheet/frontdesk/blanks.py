"""The forms that the desk fills in by hand until the system is back."""

from typing import Any

from django.utils.translation import gettext as _


def forms() -> list[dict[str, Any]]:
    """Return the blank forms, in the order of a visit."""
    return [check_in_sheet(), receipt(), new_patient()]


def check_in_sheet() -> dict[str, Any]:
    """Return the sheet that a patient's visit is written on."""
    return {
        "title": _("Check-in sheet"),
        "notes": [_("One for each patient. Compare name and birth date with the schedule.")],
        "lines": [
            [_("Patient"), _("Birth date")],
            [_("Chart number"), _("Time arrived")],
            [_("Clinician"), _("Visit")],
            [_("Address, if it changed")],
            [_("Phone, if it changed"), _("Insurance, if it changed")],
            [_("Member ID"), _("Group")],
            [_("ID seen (initials)"), _("Card seen (initials)")],
            [_("Copay taken"), _("How paid")],
            [_("Allergies, as the patient says")],
            [_("Why they came")],
            [_("Room"), _("Time left")],
            [_("Next visit wanted"), _("Written by")],
        ],
    }


def receipt() -> dict[str, Any]:
    """Return a receipt, and a list of what was taken."""
    return {
        "title": _("Paper receipt"),
        "notes": [_("Enter every payment when the system is back, and write its receipt number here.")],
        "lines": [
            [_("Date"), _("Time")],
            [_("Patient"), _("Birth date")],
            [_("Chart number"), _("For")],
            [_("Amount"), _("How paid")],
            [_("Check number"), _("Card ending")],
            [_("Taken by"), _("Patient's signature")],
            [_("Receipt number, when it was entered")],
        ],
        "tables": [
            {"columns": [_("Time"), _("Patient"), _("Chart"), _("Amount"), _("How"), _("By")], "rows": 8}
        ],
    }


def new_patient() -> dict[str, Any]:
    """Return what a new patient is asked."""
    return {
        "title": _("New patient"),
        "notes": [_("Search by name and birth date before entering: the patient may be known.")],
        "lines": [
            [_("Family name"), _("Given name")],
            [_("Birth date"), _("Sex")],
            [_("Street")],
            [_("City"), _("State and ZIP")],
            [_("Mobile phone"), _("Other phone")],
            [_("May we text? yes / no"), _("May we leave a message? yes / no")],
            [_("Language"), _("Interpreter? yes / no")],
            [_("Emergency contact"), _("Their phone")],
            [_("Who pays (guarantor)"), _("Guarantor's phone")],
            [_("Insurance company"), _("Plan")],
            [_("Member ID"), _("Group")],
            [_("Holder's name"), _("Holder's birth date")],
            [_("Secondary insurance"), _("Member ID")],
            [_("Written by"), _("Date")],
        ],
    }
