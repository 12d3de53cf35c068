"""Names that go to payers: refused where they are typed, not by the payer a day later."""

from django.utils.translation import gettext as _

from daysheet.formats.x12 import names
from daysheet.kernel.errors import Refusal


class NameIsTooLong(Refusal):
    """The wire has no room for a name of that length."""


def must_fit_wire(*, longest: int = names.LONGEST_NAME, **typed: str) -> None:
    """Refuse names, each under its field, that are longer than payers take (60 letters, of a given name 35).

    Raises NameIsTooLong, which says how many letters too many there are.
    """
    for field, name in typed.items():
        if (length := names.wire_length(name)) > longest:
            sentence = _(
                "Payers take %(most)s letters of this name, and it has %(n)s. Shorten it, as the payer has it on file."
            ) % {"most": longest, "n": length}
            raise NameIsTooLong(sentence, **{field: _("At most %(n)s letters.") % {"n": longest}})


def given_must_fit_wire(**typed: str) -> None:
    """Refuse given names that are longer than payers take. Raises NameIsTooLong."""
    must_fit_wire(longest=names.LONGEST_GIVEN, **typed)
