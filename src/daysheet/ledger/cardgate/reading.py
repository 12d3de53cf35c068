"""How a terminal read a card, in words for the receipt."""

from django.utils.translation import gettext as _


def read_in_words(read_by: str) -> str:
    """Return such as "chip" or "held to the terminal" for the company's word; empty for one that is not known."""
    words = {
        "contact_emv": _("chip"),
        "contactless_emv": _("held to the terminal"),
        "contactless_magstripe_mode": _("held to the terminal"),
        "magnetic_stripe_track2": _("magnetic stripe"),
        "magnetic_stripe_fallback": _("magnetic stripe"),
    }
    return words.get(read_by, "")
