"""What a line says beside its code, in words: where in the mouth it worked, the facility's revenue code."""

from datetime import date

from django.utils.translation import gettext as _

from daysheet.charges.rules import mouth
from daysheet.charges.rules.mouth import Mouth, TreatedTooth
from daysheet.formats import x12
from daysheet.ui.words import born


def in_words(place: Mouth) -> str:
    """Return teeth with their surfaces, or areas, in words; empty where a line names none."""
    told = [_tooth(one) for one in place.teeth]
    told += [_label("mouth_area", code) for code in place.areas]
    return "; ".join(told)


def prosthesis_in_words(prosthesis: str, prior_on: date | None) -> str:
    """Return whether a prosthesis is the first one, or what it replaces."""
    if prosthesis == mouth.FIRST:
        return _("First placement")
    if prosthesis != mouth.REPLACEMENT:
        return ""
    return _("Replaces the one of %(day)s") % {"day": born(prior_on)} if prior_on else _("Replacement")


def revenue_in_words(code: str) -> str:
    """Return under which revenue code the facility bills a line; empty for a clinician's."""
    return _("Facility, revenue code %(code)s") % {"code": code} if code else ""


def _tooth(one: TreatedTooth) -> str:
    sides = ", ".join(_label("tooth_surface", side).lower() for side in one.surfaces)
    return f"{_name(one)}: {sides}" if sides else _name(one)


def _name(one: TreatedTooth) -> str:
    facts = {"number": one.number, "beside": one.base}
    if one.base != one.number:
        return _("Extra tooth %(number)s beside %(beside)s") % facts
    return (_("Tooth %(number)s") if one.number.isdigit() else _("Milk tooth %(number)s")) % facts


def _label(table: str, code: str) -> str:
    return _(x12.label(table, code) or code)
