"""The reasons of search and of likeness, in the words of the desk."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from daysheet.patients.matching import Reason

SENTENCES = {
    "born": noop("birth date"),
    "chart": noop("chart number"),
    "number": noop("other number %(text)s"),
    "phone": noop("phone ends in %(text)s"),
    "phone_whole": noop("phone"),
    "phone_part": noop("%(text)s is part of the phone"),
    "kin": noop("contact's phone ends in %(text)s"),
    "kin_whole": noop("contact's phone"),
    "kin_part": noop("%(text)s is part of a contact's phone"),
    "family": noop("family name"),
    "given": noop("given name"),
    "preferred": noop("is called %(text)s"),
    "former": noop("was called %(text)s"),
    "middle": noop("middle name"),
    "family_begins": noop("family name begins so"),
    "given_begins": noop("given name begins so"),
    "preferred_begins": noop("is called %(text)s"),
    "former_begins": noop("was called %(text)s"),
    "middle_begins": noop("middle name begins so"),
    "nick": noop("%(text)s = %(other)s"),
    "near": noop("%(text)s is nearly %(other)s"),
    "sound": noop("%(text)s sounds like %(other)s"),
    "names_swapped": noop("family and given name changed places"),
    "same_family": noop("same family name"),
    "family_in_common": noop("family name %(text)s in common"),
    "family_changed": noop("family name may have changed"),
    "same_given": noop("same given name"),
    "given_in_common": noop("both called %(text)s"),
    "same_initial": noop("same initial"),
    "same_birth": noop("same birth date"),
    "birth_swapped": noop("birth day and month swapped"),
    "birth_year_differs": noop("birth year differs"),
    "birth_near": noop("birth date nearly the same"),
    "same_phone": noop("same phone"),
    "same_email": noop("same e-mail"),
    "same_address": noop("same address"),
    "same_middle": noop("same middle name"),
    "same_number": noop("same number in another system"),
    "suffix_differs": noop("%(text)s is not %(other)s"),
    "maybe_twins": noop("may be a twin: another given name"),
    "maybe_parent": noop("may be parent and child: years between them"),
    "birth_differs": noop("another birth date"),
}


def say(reason: Reason) -> str:
    """Return a reason as the desk reads it."""
    return _(SENTENCES[reason.code]) % {"text": reason.text, "other": reason.other}
